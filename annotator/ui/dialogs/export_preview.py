"""The column of the export dialog that shows what would go out and what would be lost."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from annotator.core.errors import UserError
from annotator.session.dataset_exports import ExportPreview, ExportResult
from annotator.ui.dialogs.export_choices import sides_words
from annotator.ui.dialogs.loss_list import LossList
from annotator.ui.dialogs.parts import SMALL_GAP, Figures, fixed_font, plain_label, set_state
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped


class PreviewColumn(QWidget):
    """Figures, a warning where one is due, the first documents, and the losses of the chosen options."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = Figures([self.tr("documents"), self.tr("spans")])
        self.sides = plain_label("", wrap=True, muted=True)
        self.conflicts = plain_label("", wrap=True)
        set_state(self.conflicts, "warning")
        self.lines = QPlainTextEdit()
        self.lines.setReadOnly(True)
        self.lines.setTabChangesFocus(True)
        self.lines.setFont(fixed_font())
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setAccessibleName(self.tr("The first documents of the dataset"))
        self.losses = LossList()
        self.losses.say(self.tr("Counting…"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        for widget, stretch in (
            *((heading(self.tr("Preview")), 0), (self.figures, 0), (self.sides, 0), (self.conflicts, 0)),
            *((self.lines, 3), (heading(self.tr("Lost with these options")), 0), (self.losses, 2)),
        ):
            column.addWidget(widget, stretch)
        self.sides.hide()
        self.conflicts.hide()

    def say(self, words: str) -> None:
        """Say why there is nothing to preview."""
        self.figures.set_numbers(None, None)
        self._show_lines(words, wrap=True)
        self.losses.say("–")
        self.sides.hide()
        self.conflicts.hide()

    def show_error(self, error: UserError) -> None:
        """Say why nothing could go out."""
        self.say(error_text(error))

    def show_waiting(self) -> None:
        """Say that the losses are being counted."""
        self.losses.say(self.tr("Counting…"))
        self.sides.hide()

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Say how far the counting is, in documents."""
        self.losses.say(self.tr("Counting… {done} of {total}").format(done=grouped(done), total=grouped(total)))

    def show_preview(self, preview: ExportPreview) -> None:
        """Show counts and the first documents."""
        self.figures.set_numbers(preview.documents, preview.spans)
        self._warn_of_conflicts(preview.conflicts)
        if not preview.documents:
            words = self.tr("No document goes out: there is none with these statuses, dates and sources.")
            self._show_lines(words, wrap=True)
            return
        shown = "\n\n".join(preview.first_lines)
        if not preview.spans:
            shown = f"{self.tr('Nothing is tagged: the dataset would have no spans.')}\n\n{shown}"
        self._show_lines(shown, wrap=False)

    def _show_lines(self, text: str, *, wrap: bool) -> None:
        modes = QPlainTextEdit.LineWrapMode
        self.lines.setLineWrapMode(modes.WidgetWidth if wrap else modes.NoWrap)
        self.lines.setPlainText(text)

    def show_counts(self, result: ExportResult) -> None:
        """Show what was counted document by document: the true figures, losses, sides."""
        self.figures.set_numbers(result.documents, result.spans)
        self.losses.show_losses(result.losses)
        self.sides.setText(sides_words(result) if result.sides else "")
        self.sides.setVisible(bool(result.sides))

    def _warn_of_conflicts(self, count: int) -> None:
        waiting = self.tr("1 conflict waits in gold") if count == 1 else self.tr("{count} conflicts wait in gold")
        words = self.tr("{waiting} and would go out undecided. Decide first under Project, Conflicts…")
        self.conflicts.setText(words.format(waiting=waiting.format(count=grouped(count))))
        self.conflicts.setVisible(count > 0)
