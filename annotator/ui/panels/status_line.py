"""The line at the foot of the window: which project, what runs, and the one hint worth knowing."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStatusBar, QWidget

from annotator.core.codebook import Codebook
from annotator.ui.panels.widgets import flat_button, plain_label

HEIGHT = 26


class StatusLine(QStatusBar):
    """Shows names and progress that it is told of."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setFixedHeight(HEIGHT)
        self._project = plain_label("", self)
        self._hint = plain_label("", self)
        self._page_hint = plain_label("", self)
        self._page_hint.hide()
        self._read = plain_label("", self)
        self._read.setContentsMargins(0, 0, 14, 0)
        self._work = QWidget(self)
        self._what = plain_label("", self._work)
        self._bar = QProgressBar(self._work)
        self._bar.setFixedWidth(120)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._cancel = flat_button(self.tr("Cancel"), self.tr("Cancel what is running"), self._work)
        self._cancel.setProperty("quiet", True)
        self._cancel.clicked.connect(self.cancel_requested)
        line = QHBoxLayout(self._work)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._what)
        line.addWidget(self._bar)
        line.addWidget(self._cancel)
        self._work.hide()
        self.addWidget(self._project)
        self.addWidget(self._work)
        self.addPermanentWidget(self._read)
        self.addPermanentWidget(self._hint)
        self.addPermanentWidget(self._page_hint)
        self.setContentsMargins(10, 0, 12, 0)

    def show_project(self, file: str, *, writable: bool) -> None:
        """Show the project's file name, or nothing where it is empty."""
        state = self.tr("Saved") if writable else self.tr("Read only")
        self._project.setText(f"{file} · {state}" if file else "")

    def show_read(self, share: float | None) -> None:
        """Show how much of the document was read, 0 to 1, or nothing where no document is open."""
        words = "" if share is None else self.tr("{percent} % read").format(percent=int(share * 100))
        self._read.setText(words)
        self._read.setToolTip(self.tr("The share of the text in paragraphs that are marked as read (X) or tagged"))

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show the hint of the page that is on screen (see project_pages.PAGES)."""
        hints = {"review": self.tr("One key decides and goes on. Ctrl+Z takes back. F1 shows every key.")}
        self._page_hint.setText(hints.get(name, self.tr("F1 shows every key.")))
        is_annotate = name in ("", "annotate")
        self._page_hint.setVisible(not is_annotate)
        for label in (self._hint, self._read):
            label.setVisible(is_annotate)

    def show_hint(self, codebook: Codebook | None, *, writable: bool) -> None:
        """Show which digits tag."""
        digits = (
            sorted(label.digit for label in codebook.labels if label.digit and not label.retired) if codebook else []
        )
        if not digits or not writable:
            self._hint.setText(self.tr("F1 shows every key."))
        elif len(digits) == 1:
            self._hint.setText(self.tr("Select, press {digit}. F1 shows every key.").format(digit=digits[0]))
        else:
            hint = self.tr("Select, press {first}–{last}. F1 shows every key.")
            self._hint.setText(hint.format(first=digits[0], last=digits[-1]))

    def show_work(self, title: str) -> None:
        """Show that something runs whose end is not known yet."""
        self._what.setText(title)
        self._bar.setRange(0, 0)
        self._work.show()

    @Slot(int, int, str)
    def show_progress(self, done: int, total: int, what: str) -> None:
        """Show how far it is; `total` is 0 where nobody knows."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if total > 1:
            self._bar.setAccessibleDescription(f"{done}/{total} {what}")

    def end_work(self) -> None:
        """Show that nothing runs."""
        self._work.hide()
