"""Rows on their way into one file for each split, as lines of JSON or as Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.formats.datasets.huggingface.features import Feature, as_arrow, as_metadata
from annotator.formats.datasets.huggingface.files import ORDER
from annotator.formats.datasets.huggingface.tables import need_pyarrow
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output

OTHER = "other"
"""The split of documents whose split is none of the three; the column `split` says which it is."""

_GROUP = 4_000_000
"""Characters of text and spans after which a row group is written; a reader decodes one at a time."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The finished file of one split, called `name`; `size` is in bytes."""

    name: str
    path: Path
    rows: int
    size: int
    sha256: str


def split_of(value: str | None) -> str:
    """Return the split that a document is written to: train where nothing is said."""
    return value if value in ORDER else "train" if not value else OTHER


class Shards:
    """The files of a dataset, each made when its first row comes. `features` may still change until they are closed."""

    def __init__(self, output: Output, kind: str, features: Callable[[], Mapping[str, Feature]]) -> None:
        self._output = output
        self._kind = kind
        self._features = features
        self._made: dict[str, Any] = {}
        if kind == "parquet":
            need_pyarrow()

    def add(self, split: str, row: Mapping[str, Any]) -> None:
        """Write a row to the file of its split."""
        if split not in self._made:
            path = self._output.path(f"data/{split}.{self._kind}")
            self._made[split] = _Parquet(path, self._features) if self._kind == "parquet" else _Lines(path)
        self._made[split].add(row)

    def closed(self) -> list[Shard]:
        """Finish every file and return them in the order of their splits, with size and hash."""
        shards = []
        for split in (*ORDER, OTHER):
            if split in self._made:
                writer = self._made.pop(split)
                writer.close()
                shards.append(_measured(split, writer.path, writer.rows))
        return shards

    def abandoned(self) -> None:
        """Close what is open, where the work ended early."""
        for writer in self._made.values():
            writer.abandon()


@contextmanager
def shards(output: Output, kind: str, features: Callable[[], Mapping[str, Feature]]) -> Iterator[Shards]:
    """Give `Shards` whose files are closed in any case."""
    made = Shards(output, kind, features)
    try:
        yield made
    finally:
        made.abandoned()


def _measured(split: str, path: Path, rows: int) -> Shard:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return Shard(split, path, rows, path.stat().st_size, digest)


class _Lines:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._handle = path.open("xb", buffering=1024 * 1024)

    def add(self, row: Mapping[str, Any]) -> None:
        self._handle.write(encode_line(row))
        self.rows += 1

    def close(self) -> None:
        self._handle.close()

    abandon = close


class _Parquet:
    def __init__(self, path: Path, features: Callable[[], Mapping[str, Feature]]) -> None:
        import pyarrow.parquet

        self.path = path
        self.rows = 0
        self._features = features
        self._schema = as_arrow(features()).remove_metadata()
        # With Arrow's own schema in the file its readers would not look at what is added at the end.
        self._writer: Any = pyarrow.parquet.ParquetWriter(path, self._schema, store_schema=False)
        self._waiting: list[Mapping[str, Any]] = []
        self._weight = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self._waiting.append(row)
        self._weight += len(row["text"]) + 500 * len(row.get("spans", ()))
        self.rows += 1
        if self._weight > _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        if self._waiting:
            self._writer.write_table(pyarrow.Table.from_pylist(self._waiting, self._schema))
            self._waiting, self._weight = [], 0

    def close(self) -> None:
        import orjson

        self._flush()
        metadata = orjson.dumps(as_metadata(self._features())).decode()
        self._writer.add_key_value_metadata({"huggingface": metadata})
        self._writer.close()

    def abandon(self) -> None:
        self._writer.close()
