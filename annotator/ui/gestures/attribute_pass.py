"""The attribute pass: the spans of the document as a grid, in which attributes are set for many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from annotator.session.progress import Cancel, Progress
from annotator.ui.dialogs.parts import telling, theme_of
from annotator.ui.gestures.desk import Desk
from annotator.ui.models.attribute_grid import Arrangement
from annotator.ui.panels.attribute_editors import Entities
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.ui.dialogs.attribute_pass import AttributePassDialog

MOST_AT_ONCE = 400
"""Spans that are changed in the thread of the window; more of them are changed beside it."""


class AttributePass(QObject):
    """Opens the grid at the selected span, in the column and the arrangement that were left."""

    def __init__(self, desk: Desk, tasks: TaskRunner, entities: Entities) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tasks = tasks
        self._entities = entities
        self._arrangement = Arrangement()
        self._column = ""
        self.dialog: AttributePassDialog | None = None
        desk.document.opened.connect(self._close)

    @Slot()
    def open(self) -> None:
        """Open the grid of the document's spans."""
        from annotator.ui.dialogs.attribute_pass import AttributePassDialog

        if self._desk.document.document is None:
            return
        session, page = self._desk.session, self._desk.page
        dialog = AttributePassDialog(
            self._desk.document,
            session.own_layers(session.reading),
            self._entities,
            theme_of(page),
            self._arrangement,
            writable=not session.read_only_reason,
            parent=page,
        )
        selected = self._desk.document.selected_span
        dialog.go_to(selected.id if selected else "", self._column)
        dialog.wanted.connect(self.set_attribute)
        dialog.span_wanted.connect(self._desk.jump)
        dialog.undo_requested.connect(self.undo)
        dialog.redo_requested.connect(self.redo)
        dialog.finished.connect(self._remember)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    @Slot()
    def _remember(self) -> None:
        if self.dialog is not None:
            attribute = self.dialog.table.attribute
            self._arrangement = self.dialog.grid.arrangement
            self._column = attribute.key if attribute else self._column
            self.dialog = None

    @Slot(object, str, object)
    def set_attribute(self, spans: Sequence[str], key: str, value: object) -> None:
        """Set an attribute of spans, or clear it with None, as one step."""
        if len(spans) <= MOST_AT_ONCE:
            with telling(self.dialog):
                self._desk.session.annotations.set_attributes(spans, key, value)
            return
        job = partial(_set_job, self._desk.session, spans, key, value)
        task = self._tasks.start(self.tr("Setting an attribute"), job)
        if self.dialog is not None:
            task.handles_failure = True
            task.failed.connect(self.dialog.tell)

    @Slot()
    def undo(self) -> None:
        """Take back one's own last step."""
        self._travel(self._desk.session.history.undo)

    @Slot()
    def redo(self) -> None:
        """Put back what was undone last."""
        self._travel(self._desk.session.history.redo)

    def _travel(self, verb: Callable[[], object]) -> None:
        with telling(self.dialog):
            if self.dialog is not None:
                self.dialog.show_problem("")
            verb()


def _set_job(
    session: Session, spans: Sequence[str], key: str, value: object, _progress: Progress, _cancel: Cancel
) -> int:
    return session.annotations.set_attributes(spans, key, value)
