"""The rows of a data file as plain objects, one batch in memory at a time, whatever kind of file it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets.huggingface.features import class_names
from annotator.formats.datasets.huggingface.files import Classes, DataFile
from annotator.formats.datasets.json_items import objects
from annotator.formats.datasets.replacing import explained_failures

_JSON = ("lines", "json")

_BATCH = 64
"""Rows that are decoded at once; a row may be a whole document."""

_BUFFER = 1024 * 1024
"""Bytes of a column that are read ahead, instead of the whole of it in a row group."""


def need_pyarrow() -> None:
    """Raise UserError where Parquet cannot be read or written."""
    if find_spec("pyarrow") is None:
        raise UserError(
            "Parquet files need the library pyarrow, which is not installed. Install annotator[parquet], or use JSON "
            "Lines."
        )


def rows(file: DataFile, columns: frozenset[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield (number from 1, row). Of tables only the named columns are decoded, and the names of others are kept.

    Raises:
        DatasetError: The file is none of its kind, or broken from some place on.
        UserError: It cannot be opened, or its library is missing.
    """
    if file.kind in _JSON:
        yield from _unwrapped(objects(file.path), columns)
        return
    need_pyarrow()
    number = 0
    with _explained(file), _batches(file, columns) as batches:
        for batch in batches:
            for row in batch.to_pylist():
                number += 1
                yield number, row


def _unwrapped(
    found: Iterator[tuple[int, Mapping[str, Any]]], columns: frozenset[str]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield rows; of one object that has none of the columns but lists of rows, as {"data": […]}, those rows."""
    number = 0
    for place, row in found:
        lists = [] if columns & row.keys() else [one for one in row.values() if _are_rows(one, columns)]
        if not lists:
            number = max(place, number + 1)
            yield number, row
        for one in (row for rows_ in lists for row in rows_):
            number += 1
            yield number, one


def _are_rows(value: Any, columns: frozenset[str]) -> bool:
    return (
        isinstance(value, list) and all(isinstance(one, dict) and columns & one.keys() for one in value) and value != []
    )


def classes_of(file: DataFile) -> Classes:
    """Return the names of classes that the file says itself. Raises as `rows`."""
    if file.kind in _JSON:
        return {}
    need_pyarrow()
    with _explained(file):
        metadata = _schema(file).metadata or {}
    try:
        data = json.loads(metadata.get(b"huggingface", b"{}"))
        return class_names(data["info"]["features"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return {}


def columns_of(file: DataFile) -> tuple[str, ...]:
    """Return the names of a table's columns; those of JSON differ from row to row. Raises as `rows`."""
    if file.kind in _JSON:
        return ()
    need_pyarrow()
    with _explained(file):
        return tuple(_schema(file).names)


def _schema(file: DataFile) -> Any:
    if file.kind == "parquet":
        import pyarrow.parquet

        return pyarrow.parquet.read_schema(file.path)
    import pyarrow

    with pyarrow.OSFile(str(file.path), "rb") as source:
        return _opened(source).schema


def _opened(source: Any) -> Any:
    """Return a reader of an Arrow file, which `datasets` writes as a stream and others as a file."""
    import pyarrow

    if source.read(6) == b"ARROW1":
        source.seek(0)
        return pyarrow.ipc.open_file(source)
    source.seek(0)
    return pyarrow.ipc.open_stream(source)


@contextmanager
def _batches(file: DataFile, columns: frozenset[str]) -> Iterator[Iterator[Any]]:
    if file.kind == "parquet":
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(file.path, buffer_size=_BUFFER, pre_buffer=False) as source:
            wanted = [name for name in source.schema_arrow.names if name in columns]
            yield map(_sound, source.iter_batches(_BATCH, columns=wanted, use_threads=False))
        return
    import pyarrow

    with pyarrow.OSFile(str(file.path), "rb") as source:
        yield _arrow_batches(_opened(source), columns)


def _arrow_batches(reader: Any, columns: frozenset[str]) -> Iterator[Any]:
    wanted = [name for name in reader.schema.names if name in columns]
    stored = (
        (reader.get_batch(number) for number in range(reader.num_record_batches))
        if hasattr(reader, "num_record_batches")
        else reader
    )
    for batch in stored:
        chosen = _sound(batch.select(wanted))
        for start in range(0, len(chosen), _BATCH):
            yield chosen.slice(start, _BATCH)


def _sound(batch: Any) -> Any:
    """Return a batch after a look at all of it: a damaged one that nobody looked at ends the process."""
    batch.validate(full=True)
    return batch


@contextmanager
def _explained(file: DataFile) -> Iterator[None]:
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, ValueError, OverflowError) as error:
        raise _broken(file, error) from error
    except OSError as error:
        if error.errno is None:
            raise _broken(file, error) from error
        with explained_failures(Path(file.path), "read"):
            raise


def _broken(file: DataFile, error: Exception) -> DatasetError:
    reason = " ".join(str(error).split())
    return DatasetError(
        "{file} cannot be read as {kind} ({reason}). Download it again, or choose another file.",
        file=file.name,
        kind={"parquet": "Parquet", "arrow": "Arrow"}[file.kind],
        reason=reason.rstrip(".")[:160] or type(error).__name__,
    )
