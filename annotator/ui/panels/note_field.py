"""A note: shown with its bold and lists, and as plain text with @ completing names while somebody writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from annotator.core.note_text import note_blocks
from annotator.ui.note_document import fill_note
from annotator.ui.panels.widgets import GrowingTextEdit

_NAME_REACH = 60
"""Characters before the caret in which the @ of a name is looked for."""
_MOST_NAMES = 6
_POPUP_WIDTH = 220
_POPUP_GAP = 2
_MOST_HEIGHT = 220
_FRAME = 10
_KEYS_OF_POPUP = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ACCEPTING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class NoteView(QTextEdit):
    """Shows a note, as high as its text up to a limit, or always as high. `edit_requested`: a click or Enter."""

    edit_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, most: int = _MOST_HEIGHT, least: int = 0) -> None:
        super().__init__(parent)
        self._most, self._least = most, least
        self._body = ""
        self._names: Sequence[str] = ()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.document().setDocumentMargin(2)

    def show_note(self, body: str, names: Sequence[str] = ()) -> None:
        """Show a note; `names` are those of annotators, who may be named in it."""
        self._body, self._names = body, tuple(names)
        self._fill()

    def _fill(self) -> None:
        self.document().setDefaultFont(self.font())
        fill_note(self.document(), note_blocks(self._body, self._names), self.palette())
        self._fit()

    def _fit(self) -> None:
        height = int(self.document().size().height()) + _FRAME
        self.setFixedHeight(min(max(height, self.fontMetrics().lineSpacing() + _FRAME, self._least), self._most))

    # -- Qt

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return nothing: no note reaches for a file."""
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._body:
            self._fill()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.edit_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.edit_requested.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class NameList(QListWidget):
    """The people whose names go on as somebody has begun to write, beside the caret. It never takes the focus."""

    chosen = Signal(str)

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("People to name"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("bar", "popup")
        self.setFrameShape(QListWidget.Shape.Box)
        self.itemClicked.connect(self._choose)
        self.hide()

    def offer(self, names: Sequence[str], place: QRect) -> None:
        """Show names below a place of the host, above it where there is no room; hide where there are none."""
        self.clear()
        for name in names:
            self.addItem(QListWidgetItem(name))
        if not names:
            self.hide()
            return
        self.setCurrentRow(0)
        rows = min(len(names), _MOST_NAMES)
        size = QSize(_POPUP_WIDTH, rows * self.sizeHintForRow(0) + 2 * self.frameWidth())
        self.resize(size.boundedTo(self._host.size()))
        room = self._host.rect()
        top = place.bottom() + _POPUP_GAP
        if top + self.height() > room.bottom():
            top = max(0, place.top() - _POPUP_GAP - self.height())
        self.move(max(0, min(place.left(), room.right() - self.width())), top)
        self.show()
        self.raise_()

    def step(self, event: QKeyEvent) -> None:
        """Move as an arrow key asks."""
        super().keyPressEvent(event)

    def current_name(self) -> str:
        """Return the name that Enter chooses."""
        item = self.currentItem()
        return item.text() if item is not None else ""

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.text())


class NoteEdit(GrowingTextEdit):
    """A note as plain text. After @ it offers the names of people; `left` comes when somebody else has the focus."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, most: int = 8) -> None:
        super().__init__(parent, most=most)
        self._people: Sequence[str] = ()
        self._popup: NameList | None = None
        self.setPlaceholderText(self.tr("Write a note"))
        self.setAccessibleName(self.tr("Note"))
        self.setAccessibleDescription(self.tr("Markdown; @ names a person"))
        self.textChanged.connect(self._offer)

    def set_people(self, names: Sequence[str]) -> None:
        """Set the names that @ completes."""
        self._people = sorted(set(names), key=str.casefold)

    @property
    def offered(self) -> list[str]:
        """Return the names that are offered just now."""
        if self._popup is None or not self._popup.isVisible():
            return []
        return [self._popup.item(row).text() for row in range(self._popup.count())]

    @Slot()
    def _offer(self) -> None:
        begun = self._begun_name() if self.hasFocus() and not self.isReadOnly() else None
        names = [] if begun is None else names_going_on(begun, self._people)
        if not names and self._popup is None:
            return
        popup = self._own_popup()
        self.ensureCursorVisible()
        corner = self.viewport().mapTo(self.window(), self.cursorRect().topLeft())
        popup.offer(names, QRect(corner, self.cursorRect().size()))

    def _own_popup(self) -> NameList:
        if self._popup is None or self._popup.parentWidget() is not self.window():
            self._popup = NameList(self.window())
            self._popup.chosen.connect(self._complete)
        return self._popup

    def _begun_name(self) -> str | None:
        """Return what stands between the last @ and the caret on its line, or None where no name begins."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            return None
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        before = cursor.selectedText()[-_NAME_REACH:]
        at = before.rfind("@")
        if at < 0 or (at and (before[at - 1].isalnum() or before[at - 1] in "_@")):
            return None
        return before[at + 1 :]

    @Slot(str)
    def _complete(self, name: str) -> None:
        begun = self._begun_name()
        self._hide_popup()
        if begun is None:
            return
        cursor = self.textCursor()
        units = len(begun.encode("utf-16-le")) // 2
        cursor.setPosition(cursor.position() - units, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(f"{name} ")
        self._hide_popup()

    def _hide_popup(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._popup is not None and self._popup.isVisible() and not event.modifiers():
            if event.key() in _KEYS_OF_POPUP:
                self._popup.step(event)
                return
            if event.key() in _ACCEPTING:
                self._complete(self._popup.current_name())
                return
            if event.key() == Qt.Key.Key_Escape:
                self._popup.hide()
                return
        super().keyPressEvent(event)
        if self._begun_name() is None:
            self._hide_popup()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._hide_popup()
            self.left.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab for the name that is offered."""
        if self.offered:
            return False
        return super().focusNextPrevChild(forward)


def names_going_on(begun: str, names: Sequence[str]) -> list[str]:
    """Return the names of which a word goes on as was begun, those that begin so first; none where one is complete."""
    wanted = " ".join(begun.casefold().split()) + (" " if begun.strip() and begun[-1:].isspace() else "")
    folded = [(" ".join(name.casefold().split()), name) for name in names]
    first = [name for fold, name in folded if fold.startswith(wanted) and fold != wanted]
    inner = [name for fold, name in folded if f" {wanted}" in fold and name not in first and wanted]
    return [*first, *inner]


class NoteField(QWidget):
    """Shows the note, and lets it be written after a click or Enter. `committed` carries what was written.

    Ctrl+Enter and leaving it hand over what was written; an empty one can be written in at once.
    """

    committed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, most: int = 8) -> None:
        super().__init__(parent)
        self._stored = ""
        self._editing = False
        self._people: Sequence[str] = ()
        self.view = NoteView(self)
        self.view.setAccessibleName(self.tr("Note, Enter edits it"))
        self.edit = NoteEdit(self, most=most)
        self.view.edit_requested.connect(self.start)
        self.edit.committed.connect(self.committed)
        self.edit.left.connect(self._end)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        layout.addWidget(self.edit)
        self._show()

    def set_stored(self, text: str) -> None:
        """Show the note as it is stored; what somebody is typing just now stays."""
        self._stored = text
        self.edit.set_stored(text)
        self._show()

    def set_people(self, names: Sequence[str]) -> None:
        """Set the names of the people who can be named."""
        self._people = tuple(names)
        self.edit.set_people(self._people)
        self._show()

    def set_writable(self, writable: bool) -> None:
        """Say whether it can be written."""
        self.edit.setReadOnly(not writable)
        self._show()

    def commit(self) -> None:
        """Hand over what was written."""
        self.edit.commit()

    def face(self) -> QWidget:
        """Return the part that is seen, for the focus."""
        return self.edit if self._shows_edit() else self.view

    @Slot()
    def start(self) -> None:
        """Let the note be written; one that cannot be gets the focus."""
        self._editing = not self.edit.isReadOnly()
        self._show()
        self.face().setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._editing:
            self.edit.moveCursor(QTextCursor.MoveOperation.End)

    @Slot()
    def _end(self) -> None:
        self._editing = False
        self._show()

    def _shows_edit(self) -> bool:
        return self._editing or self.edit.hasFocus() or not self._stored

    def _show(self) -> None:
        shows_edit = self._shows_edit()
        if not shows_edit:
            self.view.show_note(self._stored, self._people)
        self.edit.setVisible(shows_edit)
        self.view.setVisible(not shows_edit)
