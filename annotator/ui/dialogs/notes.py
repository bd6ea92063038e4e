"""All notes of the project: narrow them, read them, go to what they are on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QWidget

from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.parts import Dialog, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate
from annotator.ui.models.note_list_model import NoteListModel
from annotator.ui.panels.note_field import NoteView
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.session.note_list import NoteRow

_VIEW_HEIGHT = 124
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class NotesDialog(Dialog):
    """Stays open beside the text. `place_wanted` carries a NoteRow to go to, `deletion_wanted` a note's id."""

    place_wanted = Signal(object)
    deletion_wanted = Signal(str)

    def __init__(self, own: str, parent: QWidget | None = None, *, editable: bool = True) -> None:
        """`own` is the id of the person who looks."""
        super().__init__(parent)
        self.set_title(self.tr("Notes"))
        self._own = own
        self._names: Sequence[str] = ()
        self._is_read = False
        self.model = NoteListModel(self)
        self._build_filters()
        self._build_list()
        self.delete_button = self.add_side_button(self.tr("Delete"))
        self.delete_button.setVisible(editable)
        self.delete_button.clicked.connect(self._delete)
        self.add_button(self.tr("Close"))
        self.open_button = self.add_main_button(self.tr("Go to the place"))
        self.keep_fitting(560, 640)
        self._show_count()
        self.filter.setFocus()

    def _build_filters(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Words of the note, its quote or its document"))
        self.filter.setAccessibleName(self.tr("Search notes"))
        self.filter.setClearButtonEnabled(True)
        self.filter.installEventFilter(self)
        self.kind = ComboBox()
        self.kind.setAccessibleName(self.tr("What the notes are on"))
        self.kind.addItem(self.tr("On anything"), "")
        for key, name in self.model.kinds.items():
            self.kind.addItem(name, key)
        self.author = ComboBox()
        self.author.setAccessibleName(self.tr("Who wrote them"))
        self.author.addItem(self.tr("By anybody"), "")
        self.mine = CheckBox(self.tr("Mentions &me"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kind)
        row.addWidget(self.author, 1)
        row.addWidget(self.mine)
        self.body.addWidget(self.filter)
        self.body.addLayout(row)
        self.filter.textChanged.connect(self._narrow)
        self.kind.currentIndexChanged.connect(self._narrow)
        self.author.currentIndexChanged.connect(self._narrow)
        self.mine.toggled.connect(self._narrow)

    def _build_list(self) -> None:
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Notes"))
        self.list.activated.connect(self.go)
        self.list.selectionModel().currentChanged.connect(self._show_current)
        self.count = plain_label("", muted=True, scale="small")
        self.nothing = plain_label("", wrap=True, muted=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.view = NoteView(least=_VIEW_HEIGHT, most=_VIEW_HEIGHT)
        self.view.setAccessibleName(self.tr("The note"))
        self.body.addWidget(self.count)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.nothing, 1)
        self.body.addWidget(self.view)

    def set_notes(self, rows: Sequence[NoteRow], people: Iterable[tuple[str, str]]) -> None:
        """Show these notes and (id, name) of the people who may have written them; the note in sight stays."""
        self._is_read = True
        current = self.model.row(self.list.currentIndex())
        people = list(people)
        self._names = [name for _, name in people]
        self._set_authors(people)
        self.model.set_rows(rows)
        self._choose(current.note.id if current else "")

    def _set_authors(self, people: Sequence[tuple[str, str]]) -> None:
        chosen = self.author.currentData()
        self.author.blockSignals(True)
        while self.author.count() > 1:
            self.author.removeItem(1)
        for identity, name in sorted(people, key=lambda person: person[1].casefold()):
            self.author.addItem(name, identity)
        self.author.setCurrentIndex(max(0, self.author.findData(chosen)))
        self.author.blockSignals(False)

    @Slot()
    def _narrow(self) -> None:
        current = self.model.row(self.list.currentIndex())
        self.model.set_filter(
            self.filter.text(),
            self.kind.currentData() or "",
            self.author.currentData() or "",
            self._own if self.mine.isChecked() else "",
        )
        self._choose(current.note.id if current else "")

    def _choose(self, note: str) -> None:
        """Make a note current, or the first one where it is not shown."""
        index = self.model.index_of(note)
        self.list.setCurrentIndex(index if index.isValid() else self.model.index(0))
        self._show_current()
        self._show_count()

    def _show_count(self) -> None:
        shown, there = self.model.rowCount(), len(self.model.all_rows())
        words = self.tr("1 note") if there == 1 else self.tr("{count} notes").format(count=grouped(there))
        if shown != there:
            words = self.tr("{shown} of {count} notes").format(shown=grouped(shown), count=grouped(there))
        self.count.setText(words)
        self.count.setVisible(bool(there))
        self.list.setVisible(bool(shown))
        self.nothing.setVisible(not shown)
        self.nothing.setText(self._nothing_words(there=bool(there)))

    def _nothing_words(self, *, there: bool) -> str:
        if not self._is_read:
            return ""
        if there:
            return self.tr("No note is like this.")
        return self.tr("There are no notes yet. Enter writes one on the selected span, Ctrl+Shift+M on the document.")

    @Slot()
    def _show_current(self) -> None:
        row = self.model.row(self.list.currentIndex())
        self.view.setVisible(row is not None)
        self.view.show_note(row.note.body if row else "", self._names)
        self.open_button.setEnabled(row is not None)
        self.delete_button.setEnabled(row is not None and row.note.annotator == self._own)

    @Slot()
    def go(self) -> None:
        """Go to what the current note is on."""
        row = self.model.row(self.list.currentIndex())
        if row is not None:
            self.place_wanted.emit(row)

    @Slot()
    def _delete(self) -> None:
        row = self.model.row(self.list.currentIndex())
        if row is not None:
            self.deletion_wanted.emit(row.note.id)

    # -- Qt

    def accept(self) -> None:
        """Go to the place and stay open."""
        self.go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.list.hasFocus():
            if self.delete_button.isVisible():
                self.delete_button.click()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)
