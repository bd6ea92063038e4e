"""What the program has to say: a bar in the window that never stops anybody's work.

Questions are asked only where something would be removed. Every text is plain, whatever it looks like.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QToolButton, QWidget

from annotator.core.errors import UserError

INFORMATION_MS = 8000

_log = logging.getLogger(__name__)


def error_text(error: BaseException) -> str:
    """Return what to show for an error, in the language of the window."""
    if isinstance(error, UserError):
        template = QCoreApplication.translate("errors", error.template)
        return template.format(**error.fields) if error.fields else template
    return QCoreApplication.translate(
        "errors",
        "Something went wrong in the program ({kind}). What was shown as saved is safe; details are in the log.",
    ).format(kind=type(error).__name__)


class MessageBar(QFrame):
    """One message at a time, with at most one button. Information goes away by itself, everything else is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "strip")
        self._host: QWidget | None = None
        self._act: Callable[[], object] | None = None
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(self)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self._do)
        self._close = QToolButton(self)
        self._close.setText("✕")
        self._close.setProperty("role", "flat")
        self._close.setAccessibleName(self.tr("Close the message"))
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 8, 6)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.setAccessibleName(self.tr("Message"))
        self.hide()

    def float_over(self, host: QWidget) -> None:
        """Lie over the bottom of a widget, so that what it shows stays in place when a message comes or goes."""
        self._host = host
        self.setParent(host)
        self.setProperty("bar", "float")
        host.installEventFilter(self)

    @property
    def text(self) -> str:
        """Return what the bar says, or nothing where it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def inform(self, text: str, button: str = "", act: Callable[[], object] | None = None) -> None:
        """Say something that needs no answer; `act` is a bound method that the button calls."""
        self._show("", text, button, act)
        self._timer.start(INFORMATION_MS)

    def withdraw_information(self) -> None:
        """Take back what needs no answer, since it does not hold any more."""
        if self._timer.isActive():
            self._timer.stop()
            self.hide()

    def warn(self, text: str, button: str = "", act: Callable[[], object] | None = None) -> None:
        """Say something that stays until it is closed."""
        self._show("warning", text, button, act)

    def show_error(self, error: BaseException) -> None:
        """Say what failed; an error that is ours is logged as well."""
        if not isinstance(error, UserError):
            _log.error("unexpected error", exc_info=error)
        self._show("error", error_text(error), "", None)

    def keep(self, text: str) -> None:
        """Say something that holds as long as the project is open."""
        self._show("warning", text, "", None)
        self._close.hide()

    @contextmanager
    def showing_errors(self) -> Iterator[None]:
        """Show a UserError raised inside instead of passing it on."""
        try:
            yield
        except UserError as error:
            self.show_error(error)

    def _show(self, state: str, text: str, button: str, act: Callable[[], object] | None) -> None:
        self._timer.stop()
        self._act = act
        self._text.setProperty("state", state)
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)
        self._text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._close.show()
        self._place()
        self.show()
        self.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _place(self) -> None:
        if self._host is not None:
            width = self._host.width()
            height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
            self.setGeometry(0, self._host.height() - height, width, height)
            self.raise_()

    @Slot()
    def _do(self) -> None:
        act, self._act = self._act, None
        self.hide()
        if act is not None:
            act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class Confirmation(QMessageBox):
    """Asks before something is removed; the safe answer is the default. `confirmed` comes for the other one."""

    confirmed = Signal()

    def __init__(self, parent: QWidget, question: str, consequence: str, button: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(question)
        self.setInformativeText(consequence)
        self.remove_button = self.addButton(button, QMessageBox.ButtonRole.DestructiveRole)
        self.remove_button.setProperty("role", "danger")
        self.remove_button.clicked.connect(self.confirmed)
        cancel = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(cancel)
        self.setEscapeButton(cancel)
