"""The notes on a document or a label: everybody's to read, one's own to write."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import Dialog, plain_label
from annotator.ui.panels.note_field import NoteField, NoteView
from annotator.ui.panels.widgets import heading

OtherNote = tuple[str, str]
"""Who wrote it and when, in words, and the note."""

_LINES = 12
_OTHERS_HEIGHT = 110


class NoteDialog(Dialog):
    """`written` carries what somebody wrote, as soon as the field is left or the dialog closed."""

    written = Signal(str)

    def __init__(
        self,
        title: str,
        about: str,
        parent: QWidget | None = None,
        *,
        body: str = "",
        others: Sequence[OtherNote] = (),
        people: Sequence[str] = (),
        editable: bool = True,
    ) -> None:
        super().__init__(parent)
        self.set_title(title, about)
        self.others: list[NoteView] = []
        if others:
            self._add_others(others, people)
        self.field = NoteField(most=_LINES)
        self.field.set_people(people)
        self.field.set_stored(body)
        self.field.set_writable(editable)
        self.field.committed.connect(self.written)
        if others:
            self.body.addSpacing(8)
            self.body.addWidget(heading(self.tr("Your note")))
        self.body.addWidget(self.field)
        if not editable and not body:
            self.field.hide()
            self.body.addWidget(plain_label(self.tr("There is no note of yours."), muted=True))
        self.body.addWidget(plain_label(self._hint(editable=editable), wrap=True, muted=True, scale="small"))
        if not others:
            self.body.addStretch(1)
        self.add_main_button(self.tr("Close")).setDefault(False)
        self.keep_fitting(560, 440 if others else 300)
        self.field.face().setFocus(Qt.FocusReason.OtherFocusReason)

    def _hint(self, *, editable: bool) -> str:
        if not editable:
            return self.tr("The project can be read, not changed.")
        return self.tr("**bold**, *italic*, lists and `code` show as such. @ names a person. It is saved by itself.")

    def _add_others(self, others: Sequence[OtherNote], people: Sequence[str]) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        for who, body in others:
            view = NoteView(most=10_000)
            view.setAccessibleName(who)
            view.show_note(body, people)
            column.addWidget(plain_label(who, muted=True, scale="small"))
            column.addWidget(view)
            self.others.append(view)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        scroll.setMinimumHeight(_OTHERS_HEIGHT)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(heading(self.tr("Notes of others")))
        self.body.addWidget(scroll, 1)

    # -- Qt

    def done(self, result: int) -> None:
        """Hand over what was written, however the dialog is closed."""
        self.field.commit()
        super().done(result)
