"""Marking paragraphs as read, and the way to what has not been read yet."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from annotator.core.changes import ChangeSet
from annotator.core.coverage import covers, merged, share_of_paragraphs, touches, whole_paragraphs
from annotator.core.records import Fragment, ReadRange
from annotator.core.spans import SpanMark
from annotator.ui.gestures.desk import Desk
from annotator.ui.panels.status_line import StatusLine
from annotator.ui.views.reading_blocks import Blocks
from annotator.ui.views.reading_keys import KeyCommand

_COUNT_DELAY = 200


class Covering(QObject):
    """What was read in the document on screen: drawn in the margin, counted in the status line."""

    def __init__(self, desk: Desk, status: StatusLine) -> None:
        super().__init__(desk)
        self._desk = desk
        self._status = status
        self._tagged_now: list[Fragment] | None = None
        self._annotations = 0
        desk.on_key(KeyCommand.READ, self.toggle, self.unmark)
        desk.document.opened.connect(self._show_document)
        desk.changed.connect(self._apply)
        self._count = QTimer(self)
        self._count.setSingleShot(True)
        self._count.setInterval(_COUNT_DELAY)
        self._count.timeout.connect(self._show_share)
        desk.document.spans_changed.connect(self._change_spans)

    # -- marking

    @Slot()
    def toggle(self) -> None:
        """Mark the paragraphs at the caret or under the selection and go on; where they are marked, unmark them."""
        place, coverage = self._place(), self._desk.reading.coverage
        if place is None:
            return
        low, high = whole_paragraphs(self._desk.text, *place)
        if low == high:
            self._go_on(place[1])
        elif covers(coverage.read, low, high):
            self.unmark()
        else:
            self._mark(place)

    def _mark(self, place: Fragment) -> None:
        document = self._desk.document.document
        with self._desk.messages.showing_errors():
            if document is not None:
                self._desk.session.coverage.mark_read(document.id, *place)
                self._go_on(place[1])

    @Slot()
    def unmark(self) -> None:
        """Take the mark from the paragraphs at the caret or under the selection."""
        document, place = self._desk.document.document, self._place()
        if document is not None and place is not None:
            with self._desk.messages.showing_errors():
                self._desk.session.coverage.unmark(document.id, *place)

    def _place(self) -> Fragment | None:
        """Return the selected text or the caret's place."""
        if self._desk.document.document is None:
            return None
        caret = self._desk.reading.caret()
        return self._desk.reading.selection() or (caret, caret)

    def _go_on(self, position: int) -> None:
        """Put the caret where the next paragraph begins; at the last one it stays."""
        reading = self._desk.reading
        blocks, text = reading.page.blocks, reading.page.text
        for block in range(blocks.at(max(0, position - 1) if reading.selection() else position) + 1, len(blocks)):
            if not _is_blank(text, blocks, block):
                reading.choose_span(None)
                reading.set_caret(blocks.starts[block])
                reading.keep_caret_in_sight()
                return

    # -- what is left

    @Slot()
    def next_unread(self) -> None:
        """Go to the next paragraph that is not marked, not tagged and was not on screen; from the end on to the top."""
        reading = self._desk.reading
        if self._desk.document.document is None:
            return
        blocks, text, seen = reading.page.blocks, reading.page.text, reading.coverage.seen
        tagged = self._tagged()
        here = blocks.at(reading.caret())
        for step in range(1, len(blocks) + 1):
            block = (here + step) % len(blocks)
            start, end = blocks.starts[block], blocks.ends[block]
            if _is_blank(text, blocks, block) or touches(reading.coverage.read, start, end):
                continue
            if not touches(tagged, start, end) and not covers(seen, start, end):
                self._show(start)
                return
        self._desk.messages.inform(self.tr("All of this document was marked as read, tagged or on screen."))

    def _show(self, position: int) -> None:
        reading = self._desk.reading
        reading.choose_span(None)
        reading.set_caret(position)
        reading.reveal(position)
        self._desk.back_to_text()

    def _tagged(self) -> list[Fragment]:
        """Return what is tagged, ordered and disjoint."""
        if self._tagged_now is None:
            self._tagged_now = merged(self._desk.document.fragments())
        return self._tagged_now

    @Slot(object, object)
    def _change_spans(self, gone: list[str], put: list[SpanMark]) -> None:
        """Take over spans that came; where some went or changed, what is tagged is worked out again when needed."""
        before, self._annotations = self._annotations, self._desk.document.annotation_count()
        all_new = not gone and self._annotations == before + len(put)
        if self._tagged_now is not None and all_new:
            self._tagged_now = merged([*self._tagged_now, *(f for mark in put for f in mark.fragments)])
        else:
            self._tagged_now = None
        self._count.start()

    # -- what is shown

    @Slot()
    def _show_document(self) -> None:
        self._tagged_now, self._annotations = None, self._desk.document.annotation_count()
        self._show_read()

    def _show_read(self) -> None:
        document = self._desk.document.document
        self._take(self._desk.session.queries.read_ranges(document.id) if document is not None else [])

    @Slot(object)
    def _apply(self, changes: ChangeSet) -> None:
        document = self._desk.document.document
        if document is None:
            return
        records = (change.record for change in changes.of("read_range"))
        is_read = any(isinstance(record, ReadRange) and record.document == document.id for record in records)
        if is_read or changes.touches("project"):  # in another round one has another layer
            self._show_read()
        elif changes.touches("status"):
            self._count.start()

    def _take(self, ranges: list[Fragment]) -> None:
        reading = self._desk.reading
        reading.coverage.read = ranges
        reading.viewport().update()
        self._desk.page.faces.page_view.viewport().update()
        self._count.start()

    @Slot()
    def _show_share(self) -> None:
        document = self._desk.document
        self._status.show_read(None if document.document is None else self._share())

    def _share(self) -> float:
        """Return how much of the text's characters stand in paragraphs that are marked or tagged, 0 to 1."""
        if self._desk.document.status in ("done", "approved"):
            return 1.0
        page = self._desk.reading.page
        known = merged([*self._desk.reading.coverage.read, *self._tagged()])
        return share_of_paragraphs(page.text, page.blocks.starts, page.blocks.ends, known)


def _is_blank(text: str, blocks: Blocks, block: int) -> bool:
    return not text[blocks.starts[block] : blocks.ends[block]].strip()
