"""Pages of the import dialog that show no document: the place to drop files, a message, a locked file."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from annotator.session.importing import source_kinds
from annotator.ui.dialogs.import_entries import Entry, tr
from annotator.ui.dialogs.parts import GAP, MARGIN, plain_button, plain_label, set_state
from annotator.ui.icons import icon_in


def sign(role: str, widget: QWidget, size: int = 40) -> QLabel:
    """Return a large muted icon."""
    label = QLabel()
    picture = icon_in(role, widget.palette().color(QPalette.ColorRole.PlaceholderText))
    label.setPixmap(picture.pixmap(QSize(size, size), widget.devicePixelRatioF()))
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label


def name_filters() -> list[str]:
    """Return the filters of the file dialog: everything that can be read, each kind, and all files."""
    kinds = source_kinds()

    def pattern(endings: Iterable[str]) -> str:
        return " ".join(f"*{ending}" for ending in endings)

    everything = pattern(ending for kind in kinds for ending in kind.endings)
    named = [f"{kind.title[:1].upper()}{kind.title[1:]} ({pattern(kind.endings)})" for kind in kinds if kind.endings]
    return [tr("Documents ({endings})").format(endings=everything), *named, tr("All files (*)")]


class DropPage(QWidget):
    """What the dialog shows before there is anything to import."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dragging = False
        self.files_button = plain_button(self.tr("Add &files…"))
        self.files_button.setProperty("role", "primary")
        self.folder_button = plain_button(self.tr("Add f&older…"))
        kinds = plain_label(self.tr("PDF, Word, OpenDocument, web pages, e-mail, tables, Markdown, plain text"))
        kinds.setProperty("muted", True)
        kinds.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        what = plain_label(self.tr("Drop files or folders here"), scale="large")
        what.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.files_button)
        buttons.addWidget(self.folder_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(GAP)
        column.addStretch(1)
        column.addWidget(sign("import", self, 48))
        column.addWidget(what)
        column.addWidget(kinds)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addStretch(1)

    def set_dragging(self, dragging: bool) -> None:
        """Show that what is held over it may be dropped."""
        self._dragging = dragging
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        role = QPalette.ColorRole.Accent if self._dragging else QPalette.ColorRole.Dark
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(role), 2 if self._dragging else 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()


class MessagePage(QWidget):
    """One file that shows no text, and why; `open_requested` carries the id of the document that it is."""

    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = plain_label("", wrap=True, scale="large")
        self.text = plain_label("", wrap=True, selectable=True)
        self.where = plain_label("", wrap=True, selectable=True, muted=True, scale="small")
        for label in (self.text, self.where):
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, 0, 0)
        column.setSpacing(GAP)
        column.addSpacing(8)
        for label in (self.title, self.text, self.where):
            column.addWidget(label)
        self._document = ""
        self.open_button = plain_button(self.tr("Show the document"))
        self.open_button.clicked.connect(self._open)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    @Slot()
    def _open(self) -> None:
        self.open_requested.emit(self._document)

    def show_message(self, title: str, text: str, where: str, state: str = "", document: str = "") -> None:
        """Show a title, what is to be said, where the file is, and a way to a document of the project if it is one."""
        self._document = document
        self.open_button.setVisible(bool(document))
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.where.setText(where)
        set_state(self.text, state)


class PasswordField(QLineEdit):
    """A password; Enter says that it is complete, and presses no button of the dialog."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setFixedWidth(260)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class LockedPage(QWidget):
    """Asks for the password of a file; `unlock_requested` carries the Entry and what was typed."""

    unlock_requested = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: Entry | None = None
        self._title = plain_label("", wrap=True, scale="large")
        self.text = plain_label("", wrap=True)
        self.password = PasswordField()
        self.password.setPlaceholderText(self.tr("Password"))
        self.password.setAccessibleName(self.tr("Password of the file"))
        self.password.entered.connect(self._ask)
        self.unlock = plain_button(self.tr("&Unlock"))
        self.unlock.clicked.connect(self._ask)
        self.password.textChanged.connect(self._typed)
        row = QHBoxLayout()
        row.addWidget(self.password)
        row.addWidget(self.unlock)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, 0, 0)
        column.setSpacing(GAP)
        column.addSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.text)
        column.addLayout(row)
        column.addStretch(1)
        self._typed()

    def shows(self, entry: Entry) -> bool:
        """Say whether it asks for this entry's password."""
        return self._entry is entry

    def show_entry(self, entry: Entry, text: str, *, again: bool) -> None:
        """Ask for an entry's password; `again` after one that did not open it."""
        self._entry = entry
        self._title.setText(entry.file.name)
        self.text.setText(self.tr("This password does not open the file. Try another.") if again else text)
        set_state(self.text, "error" if again else "")
        self.password.clear()
        if again:
            self.password.setFocus()

    @Slot()
    def _typed(self) -> None:
        self.unlock.setEnabled(bool(self.password.text()))

    @Slot()
    def _ask(self) -> None:
        if self._entry is not None and self.password.text():
            self.unlock_requested.emit(self._entry, self.password.text())
