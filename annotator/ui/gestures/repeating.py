"""Finding every place of something, and tagging, relabelling or untagging them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from annotator.core.records import Annotation, Label
from annotator.session.progress import Cancel, Progress
from annotator.ui.gestures.desk import Desk
from annotator.ui.messages import error_text
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.words import grouped, one_line

if TYPE_CHECKING:
    from annotator.analysis.patterns import Pattern
    from annotator.session.occurrences import Occurrence
    from annotator.session.session import Session
    from annotator.ui.dialogs.tag_all import TagAllDialog

_LONGEST = 60


class Repeating(QObject):
    """One dialog at a time; what it looks for is found beside the window, document by document."""

    _found = Signal(object, object)
    """The task, and the places that it found."""

    def __init__(self, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tasks = tasks
        self._dialog: TagAllDialog | None = None
        self._source: Annotation | None = None
        self._task: Task | None = None
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def find_and_tag(self) -> None:
        """Open the dialog with the selected words, or those of the selected span."""
        selection, span = self._desk.reading.selection(), self._desk.document.selected_span
        words = self._desk.text[selection[0] : selection[1]] if selection else ""
        if span is not None and not words:
            words = self._desk.text[span.start : span.end]
        self._source = None
        words = one_line(words, _LONGEST).removesuffix("…")
        self._open(words=words)

    @Slot()
    def find_repeats(self) -> None:
        """Open the dialog with what says the same as the selected span."""
        span = self._desk.document.selected_span
        if span is None:
            self._desk.messages.inform(self.tr("Select a span to find the sentences that repeat it."))
            return
        quote = one_line(self._desk.document.quote(span), _LONGEST)
        self._source = span
        self._open(repeats_of=quote)

    def _labels(self) -> Sequence[Label]:
        codebook = self._desk.document.codebook
        return codebook.labels if codebook else ()

    def _open(self, words: str = "", repeats_of: str = "") -> None:
        from annotator.ui.dialogs.tag_all import TagAllDialog

        if self._dialog is not None:
            self._dialog.close()
        page = self._desk.page
        dialog = TagAllDialog(self._labels(), page.theme, words=words, repeats_of=repeats_of, parent=page)
        self._dialog = dialog
        span = self._desk.document.selected_span
        if span is not None:
            dialog.choose_label(span.label)
        dialog.wanted.connect(self._search)
        dialog.stopped.connect(self._stop)
        dialog.shown.connect(self._show)
        dialog.tag_requested.connect(self._tag)
        dialog.relabel_requested.connect(self._relabel)
        dialog.untag_requested.connect(self._untag)
        dialog.finished.connect(self._forget)
        dialog.show()
        dialog.search()

    @Slot()
    def _forget(self) -> None:
        self._dialog = None

    # -- looking

    @Slot(object, bool)
    def _search(self, pattern: Pattern, here: bool) -> None:
        self._stop()
        document = self._desk.document.document
        documents = [document.id] if here and document is not None else None
        job = partial(_look, self._desk.session, pattern, self._source, documents, self._hand_on)
        self._task = task = self._tasks.start("", job)
        task.handles_failure = True
        task.finished.connect(self._end)
        task.failed.connect(self._fail)

    def _hand_on(self, cancel: Cancel, places: Sequence[Occurrence]) -> None:
        self._found.emit(cancel, places)

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot(object, object)
    def _take(self, cancel: Cancel, places: Sequence[Occurrence]) -> None:
        if self._dialog is not None and self._task is not None and self._task.cancel_request is cancel:
            self._dialog.add_places(places)

    @Slot()
    def _end(self) -> None:
        if self._dialog is not None and self.sender() is self._task:
            self._task = None
            self._dialog.end_search()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        if self._dialog is not None and self.sender() is self._task:
            self._task = None
            self._dialog.fail(error_text(error))

    @Slot(object)
    def _show(self, place: Occurrence) -> None:
        if self._desk.open_if_there(place.document):
            self._desk.reading.select(place.start, place.end)
            self._desk.reading.reveal(place.start)

    # -- changing

    @Slot(str, object, str)
    def _tag(self, label: str, places: Sequence[Occurrence], existing: str) -> None:
        with self._desk.messages.showing_errors():
            where = [(place.document, place.start, place.end) for place in places]
            tagged = self._desk.session.annotations.tag_all(label, where, existing)
            words = self.tr("{made} tagged, {relabelled} relabelled, {skipped} left as they were.")
            self._tell(
                words.format(
                    **{
                        "made": grouped(tagged.made),
                        "relabelled": grouped(tagged.relabelled),
                        "skipped": grouped(tagged.skipped),
                    }
                )
            )

    @Slot(str, object)
    def _relabel(self, label: str, places: Sequence[Occurrence]) -> None:
        with self._desk.messages.showing_errors():
            ids = [annotation.id for place in places for annotation in place.exact]
            count = self._desk.session.annotations.relabel_all(ids, label)
            self._tell(self.tr("{count} relabelled.").format(count=grouped(count)))

    @Slot(object)
    def _untag(self, places: Sequence[Occurrence]) -> None:
        with self._desk.messages.showing_errors():
            ids = [annotation.id for place in places for annotation in place.exact]
            count = self._desk.session.annotations.delete(ids)
            self._tell(self.tr("{count} deleted.").format(count=grouped(count)))

    def _tell(self, words: str) -> None:
        self._desk.messages.inform(words)
        if self._dialog is not None:
            self._dialog.search()


def _look(
    session: Session,
    pattern: Pattern,
    source: Annotation | None,
    documents: Sequence[str] | None,
    hand_on: Callable[[Cancel, Sequence[Occurrence]], object],
    progress: Progress,
    cancel: Cancel,
) -> int:
    from annotator.session.occurrences import find_occurrences, find_repeats

    take = partial(hand_on, cancel)
    if source is not None:
        return find_repeats(session, source, take, progress=progress, cancel=cancel)
    return find_occurrences(session, pattern, take, documents=documents, progress=progress, cancel=cancel)
