"""The table of all annotations as a file: every row that a filter lets through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.session.corpus import PAGE
from annotator.session.progress import Cancel, Progress, no_progress

if TYPE_CHECKING:
    from annotator.core.corpus_row import CorpusRow
    from annotator.session.corpus import CorpusView, RowDetails

Cells = Callable[["CorpusRow", "RowDetails | None"], Sequence[str]]
"""Says what stands in the cells of a row; details are there where they are asked for."""


def export_table(
    view: CorpusView,
    target: Path,
    kind: str,
    header: Sequence[str],
    cells: Cells,
    *,
    details: bool = False,
    mark: bool = True,
    progress: Progress = no_progress,
    cancel: Cancel | None = None,
) -> int:
    """Write every row to a file, whole or not at all, and return how many there are.

    Args:
        view: what to write, in its order.
        target: the file, which is replaced in the end.
        kind: csv or xlsx.
        header: the names of the columns.
        cells: says what stands in them.
        details: whether `cells` needs attribute values, statuses and notes.
        mark: whether CSV begins with a byte order mark.
        progress: told how many rows are done.
        cancel: stops, and the old file stays.

    Raises:
        UserError: the file cannot be written, or cannot hold so many rows.
    """
    from annotator.formats.tables import write_table

    cancel = cancel or Cancel()
    total = view.count()

    def rows() -> Iterator[Sequence[str]]:
        done = 0
        every = view.all_rows(cancel.check)
        while page := list(islice(every, PAGE)):
            known = view.corpus.details(page) if details else {}
            yield from (cells(row, known.get(row.id)) for row in page)
            done += len(page)
            progress(done, max(total, done), "")

    return write_table(target, kind, "Annotations", header, rows(), mark=mark)
