"""What the corpus page shows, read beside the window: pages of the table, numbers, and figures for charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from annotator.ui.tasks import Task, TaskRunner

if TYPE_CHECKING:
    from annotator.core.corpus_query import CorpusFilter, CorpusOrder
    from annotator.core.corpus_row import CorpusRow
    from annotator.session.corpus import Corpus, CorpusView
    from annotator.session.progress import Cancel, Progress

Figures = tuple[str, str, tuple[str, ...]]
"""What figures are of: `bars`, `together` or `pairs`; then a kind of bar, a unit, or nothing; then the ids of what the
pairs are of, and of the label that counts.
"""


class CorpusLoader(QObject):
    """A newer question of a kind makes an older one void. Signals come in the thread of the window.

    `opened` carries a CorpusView and its first rows, `grown` the next ones, each with whether they are the last;
    `counted` the number of rows; `detailed` what rows show besides; `figured` what was asked for, and the Bars or the
    Matrix; `failed` an error.
    """

    opened = Signal(object, object, bool)
    grown = Signal(object, bool)
    counted = Signal(int)
    detailed = Signal(object)
    figured = Signal(object, object)
    failed = Signal(object)

    def __init__(self, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._running: dict[str, Task] = {}
        self._asked: Figures | None = None

    @property
    def is_busy(self) -> bool:
        """Say whether an answer is still to come."""
        return bool(self._running)

    @property
    def is_opening(self) -> bool:
        """Say whether a table is still to come."""
        return "open" in self._running

    def stop(self) -> None:
        """Ask for nothing more."""
        for task in self._running.values():
            task.cancel()
        self._running.clear()

    def open(self, corpus: Corpus, wanted: CorpusFilter, order: CorpusOrder, rows: int) -> None:
        """Ask for a table and so many of its first rows."""
        self.stop()
        self._start("open", partial(_open, corpus, wanted, order, rows), self._take_opened)

    def more(self, view: CorpusView, after: CorpusRow) -> None:
        """Ask for the rows after one."""
        self._start("more", partial(_more, view, after), self._take_more)

    def count(self, view: CorpusView) -> None:
        """Ask how many rows there are."""
        self._start("count", partial(_count, view), self._take_count)

    def details(self, corpus: Corpus, rows: Sequence[CorpusRow]) -> None:
        """Ask what rows show besides."""
        self._start("details", partial(_details, corpus, rows), self._take_details)

    def figures(self, view: CorpusView, wanted: Figures) -> None:
        """Ask for the figures of a chart."""
        self._asked = wanted
        self._start("figures", partial(_figures, view, wanted), self._take_figures)

    def _start(self, kind: str, job: Callable[[Progress, Cancel], Any], take: Callable[[Any], None]) -> None:
        before = self._running.pop(kind, None)
        if before is not None:
            before.cancel()
        task = self._tasks.start("", job)
        task.handles_failure = True
        task.setProperty("kind", kind)
        task.finished.connect(take)
        task.failed.connect(self._take_failure)
        task.cancelled.connect(self._take_cancelled)
        self._running[kind] = task

    def _is_current(self) -> bool:
        """Say whether the task that tells is the last one of its kind; it is one no longer then."""
        task = self.sender()
        kind = next((kind for kind, one in self._running.items() if one is task), None)
        if kind is not None:
            del self._running[kind]
        return kind is not None

    @Slot(object)
    def _take_opened(self, found: Any) -> None:
        if self._is_current():
            self.opened.emit(*found)

    @Slot(object)
    def _take_more(self, found: Any) -> None:
        if self._is_current():
            self.grown.emit(*found)

    @Slot(object)
    def _take_count(self, found: int) -> None:
        if self._is_current():
            self.counted.emit(found)

    @Slot(object)
    def _take_details(self, found: Any) -> None:
        if self._is_current():
            self.detailed.emit(found)

    @Slot(object)
    def _take_figures(self, found: Any) -> None:
        if self._is_current():
            self.figured.emit(self._asked, found)

    @Slot(object)
    def _take_failure(self, error: BaseException) -> None:
        if self._is_current():
            self.failed.emit(error)

    @Slot()
    def _take_cancelled(self) -> None:
        self._is_current()


def _open(
    corpus: Corpus, wanted: CorpusFilter, order: CorpusOrder, rows: int, _progress: Progress, cancel: Cancel
) -> tuple[CorpusView, list[CorpusRow], bool]:
    view = corpus.view(wanted, order, cancel.check)
    found = view.page(None, rows)
    cancel.check()
    return view, found, len(found) < rows


def _more(view: CorpusView, after: CorpusRow, _progress: Progress, cancel: Cancel) -> tuple[list[CorpusRow], bool]:
    from annotator.session.corpus import PAGE

    found = view.page(after)
    cancel.check()
    return found, len(found) < PAGE


def _count(view: CorpusView, _progress: Progress, _cancel: Cancel) -> int:
    return view.count()


def _details(corpus: Corpus, rows: Sequence[CorpusRow], _progress: Progress, _cancel: Cancel) -> object:
    return corpus.details(rows)


def _figures(view: CorpusView, wanted: Figures, _progress: Progress, cancel: Cancel) -> object:
    from annotator.session import corpus_figures

    kind, what, ids = wanted
    if kind == "together":
        return corpus_figures.together(view, what, cancel.check)
    if kind == "pairs":
        return corpus_figures.pairs(view, ids[0], ids[1], ids[2:])
    return corpus_figures.bars(view, what)
