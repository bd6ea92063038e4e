"""A dialog that stays open while what it asks for is done: the choices, how far the work is, what came of it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import Dialog, ElidedLabel, plain_label
from annotator.ui.messages import error_text


class ProgressPage(QWidget):
    """One bar and what is at hand. `name` is what the bar is called for a reader of the screen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self.what = ElidedLabel()
        self.what.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(60, 0, 60, 0)
        layout.addStretch(1)
        self.caption = plain_label("", scale="large")
        layout.addWidget(self.caption)
        layout.addWidget(self.bar)
        layout.addWidget(self.what)
        layout.addStretch(1)

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show `done` of `total`; a total of 0 is not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        counted = f"{done} / {total}" if total else ""
        self.what.set_full_text(" · ".join(part for part in (counted, text) if part))

    def show_cancelling(self) -> None:
        """Say that the work is about to stop."""
        self.caption.setText(self.tr("Stopping…"))


class WorkDialog(Dialog):
    """Its subclass asks by a signal for the work in `begin`, after `show_started`, and knows how to show the result.

    Whoever does the work calls `show_progress`, then what shows the result, or `show_failure` or `show_cancelled`.
    `cancel_requested` asks for the end of the work; closing the dialog asks for that too, and waits.
    """

    cancel_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first_page = QWidget()
        self.progress_page = ProgressPage(name)
        self.pages = QStackedWidget()
        for page in (self.first_page, self.progress_page):
            self.pages.addWidget(page)
        self.body.addWidget(self.pages, 1)
        self.is_reading = False
        """Whether what is under way writes nothing, so that the dialog need not wait for its end."""

    def add_work_buttons(self, main: str) -> None:
        """Add the two buttons: the one that begins and the one that stops or closes."""
        self.close_button = self.add_button(self.tr("Cancel"))
        self.main_button = self.add_main_button(main)

    def problem_now(self) -> str:
        """Say why the work cannot be begun as things are chosen; empty where it can."""
        return ""

    def begin(self) -> None:
        """Ask for the work."""
        raise NotImplementedError

    def show_started(self, caption: str = "") -> None:
        """Show that the work has begun."""
        self.progress_page.caption.setText(caption or self.tr("Writing and verifying…"))
        self.show_progress(0, 0, "")

    @Slot(int, int, str)
    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show how far the work is; `total` is 0 where that is not known."""
        self.show_problem("")
        self.pages.setCurrentWidget(self.progress_page)
        self.progress_page.show_progress(done, total, text)
        self.main_button.hide()

    def show_end(self, page: QWidget) -> None:
        """Show a page on which there is nothing left to do but close."""
        self.pages.setCurrentWidget(page)
        self.main_button.hide()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setEnabled(True)
        self.close_button.setDefault(True)
        self.close_button.setFocus()

    def show_first(self) -> None:
        """Go back to where the work can be begun."""
        self.pages.setCurrentWidget(self.first_page)
        self.main_button.show()
        self.main_button.setDefault(True)
        self.close_button.setText(self.tr("Cancel"))
        self.close_button.setEnabled(True)

    def show_error(self, message: str) -> None:
        """Go back and say why nothing came of it."""
        self.show_first()
        self.show_problem(message)

    @Slot(object)
    def show_failure(self, error: BaseException) -> None:
        """Go back and say what went wrong."""
        self.show_error(error_text(error))

    @Slot()
    def show_cancelled(self) -> None:
        """Go back after the person cancelled."""
        self.show_error(self.cancelled_words())

    def cancelled_words(self) -> str:
        """Return what is said of work that was cancelled."""
        return self.tr("Cancelled: nothing was written.")

    def accept(self) -> None:
        can_begin = self.main_button.isEnabled() and not self.main_button.isHidden()
        if self.pages.currentWidget() is not self.first_page or not can_begin:
            return
        problem = self.problem_now()
        self.show_problem(problem)
        if not problem:
            self.begin()

    def reject(self) -> None:
        if self.pages.currentWidget() is not self.progress_page:
            super().reject()
        elif self.is_reading:
            self.cancel_requested.emit()
            super().reject()
        elif self.close_button.isEnabled():
            self.close_button.setEnabled(False)
            self.progress_page.show_cancelling()
            self.cancel_requested.emit()
