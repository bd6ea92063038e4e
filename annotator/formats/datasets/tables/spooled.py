"""Rows of a table by the document that they belong to, in whatever order they come; they wait in a file, not in memory.

A person may have sorted a table by label before it was saved, so rows of one document need not stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any

import orjson

from annotator.formats.datasets.tables.table import Numbered


class SpooledRows:
    """Rows by key, used as a context. Memory holds a place for each run of rows with the same key."""

    def __init__(self, rows: Iterable[tuple[str, int, list[Any]]]) -> None:
        self._file = TemporaryFile(buffering=1024 * 1024)  # noqa: SIM115
        self._runs: dict[str, list[int]] = {}
        try:
            self._keep(rows)
        except BaseException:
            self.close()
            raise

    def _keep(self, rows: Iterable[tuple[str, int, list[Any]]]) -> None:
        last, place = None, 0
        write = self._file.write
        for key, number, row in rows:
            if key != last:
                self._runs.setdefault(key, []).append(place)
                last = key
            place += write(orjson.dumps([key, number, row], option=orjson.OPT_APPEND_NEWLINE))

    def take(self, key: str) -> list[Numbered]:
        """Return the rows of a key, in their order, and forget them."""
        return [row for place in self._runs.pop(key, ()) for row in self._run(key, place)]

    def _run(self, key: str, place: int) -> Iterator[Numbered]:
        self._file.seek(place)
        for line in self._file:
            found, number, row = orjson.loads(line)
            if found != key:
                return
            yield number, row

    def names(self) -> list[str]:
        """Return the keys whose rows nobody has taken."""
        return list(self._runs)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def __enter__(self) -> SpooledRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
