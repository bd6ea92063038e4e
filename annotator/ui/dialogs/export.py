"""Hand over a dataset: choose what goes out, see it beforehand, follow it, and know that it was verified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.core.errors import UserError
from annotator.core.records import STATUSES
from annotator.session.datasets import ExportResult, LayerChoice
from annotator.session.session import Session
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.export_pages import ProgressPage, ResultPage
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import (
    MARGIN,
    Dialog,
    Fields,
    Figures,
    fixed_font,
    in_a_row,
    plain_label,
    set_state,
)
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import heading
from annotator.ui.words import span_count, status_name

APPROVED = "approved"
PREVIEW_DELAY = 120
"""Milliseconds after the last change of an option until the preview follows."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export; the fields are the arguments of `session.datasets.export`, `format` its `format_name`."""

    target: Path
    format: str
    layer: str | None
    statuses: tuple[str, ...] | None
    names: bool


class ExportDialog(Dialog):
    """Stays open while the export runs and shows how it ended.

    Whoever listens to `export_requested` (an ExportOptions) runs it and calls `show_progress`, then `show_result`,
    `show_error` or `show_cancelled`. `cancel_requested` asks for its end.
    """

    export_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Export a dataset"),
            self.tr("The file is written beside the target, read back and verified; only then does it take its place."),
        )
        self._session = session
        self._formats = tuple(entry for entry in session.datasets.formats() if entry.writes)
        self._preview_timer = QTimer(self)
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(PREVIEW_DELAY)
        self._preview_timer.timeout.connect(self._show_preview)
        self._add_pages(folder)
        self._add_buttons()
        self.keep_fitting(940, 590)
        self._format_chosen()
        self._show_whether_it_replaces()
        self._tick_statuses()
        self._show_preview()
        self.format.setFocus()

    def _add_pages(self, folder: Path) -> None:
        options = QWidget()
        columns = QHBoxLayout(options)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(MARGIN)
        columns.addLayout(self._option_column(folder), 10)
        columns.addLayout(self._preview_column(), 11)
        self.progress_page = ProgressPage()
        self.result_page = ResultPage()
        self.pages = QStackedWidget()
        for page in (options, self.progress_page, self.result_page):
            self.pages.addWidget(page)
        self.body.addSpacing(6)
        self.body.addWidget(self.pages, 1)

    def _option_column(self, folder: Path) -> QVBoxLayout:
        self.format = ComboBox()
        for entry in self._formats:
            self.format.addItem(entry.title, entry.name)
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.layer = ComboBox()
        choices = self._layer_choices()
        self._gold = {choice.value for choice in choices if choice.is_gold}
        for choice in choices:
            self.layer.addItem(f"{choice.name} · {span_count(choice.spans)}", choice.value)
        self.layer.currentIndexChanged.connect(self._tick_statuses)
        self.target = QLineEdit(str(folder / f"{self._session.path.stem}{self._extension()}"))
        self.target.textEdited.connect(self._target_edited)
        self.target.textChanged.connect(self._show_whether_it_replaces)
        self.replaces = plain_label(self.tr("This file is there already; it will be replaced."), wrap=True)
        set_state(self.replaces, "warning")
        browse = QPushButton(self.tr("&Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._choose_target)
        self.names = CheckBox(self.tr("Include the &names of annotators"))
        self.losses = plain_label("", wrap=True, muted=True)
        fields = Fields()
        fields.add_field(self.tr("&Format"), self.format)
        fields.add_field(self.tr("La&yer"), self.layer)
        fields.add_row(self.tr("Fi&le"), in_a_row(self.target, browse), self.target)
        fields.add_below(self.replaces)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addLayout(fields)
        column.addSpacing(12)
        column.addWidget(heading(self.tr("Documents with the status")))
        column.addLayout(self._status_boxes())
        column.addSpacing(12)
        column.addWidget(heading(self.tr("People")))
        column.addWidget(self.names)
        column.addSpacing(12)
        column.addWidget(heading(self.tr("What this format does not hold")))
        column.addWidget(self.losses)
        column.addStretch(1)
        return column

    def _status_boxes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        self.statuses: dict[str, CheckBox] = {}
        for place, status in enumerate(STATUSES):
            box = CheckBox(status_name(status))
            box.setChecked(True)
            box.toggled.connect(self._plan_preview)
            self.statuses[status] = box
            grid.addWidget(box, place // 3, place % 3)
        return grid

    def _preview_column(self) -> QVBoxLayout:
        self.figures = Figures([self.tr("documents"), self.tr("spans")])
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setFont(fixed_font())
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setAccessibleName(self.tr("The first documents of the dataset"))
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(heading(self.tr("Preview")))
        column.addWidget(self.figures)
        column.addSpacing(4)
        column.addWidget(self.preview, 1)
        return column

    def _add_buttons(self) -> None:
        self.close_button = self.add_button(self.tr("Cancel"))
        self.export_button = self.add_main_button(self.tr("Export"))

    def _layer_choices(self) -> list[LayerChoice]:
        choices = list(self._session.datasets.choices())
        if not choices:
            return [LayerChoice("", self.tr("My annotations"), 0)]
        if len(choices) > 1:
            everything = sum(choice.spans for choice in choices)
            choices.append(LayerChoice("all", self.tr("All layers"), everything))
        return choices

    def _extension(self) -> str:
        extensions = self._formats[max(0, self.format.currentIndex())].extensions
        return extensions[0] if extensions else ""

    def options(self) -> ExportOptions:
        """Return what is chosen now; every status chosen means no filter."""
        chosen = tuple(status for status, box in self.statuses.items() if box.isChecked())
        return ExportOptions(
            target=Path(self.target.text().strip()).expanduser(),
            format=self.format.currentData(),
            layer=self.layer.currentData() or None,
            statuses=None if len(chosen) == len(STATUSES) else chosen,
            names=self.names.isChecked(),
        )

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show how far the export is; `total` is 0 where that is not known."""
        self.show_problem("")
        self.pages.setCurrentWidget(self.progress_page)
        self.progress_page.show_progress(done, total, text)
        self.export_button.hide()

    def show_result(self, result: ExportResult) -> None:
        """Show what was written and that it was verified."""
        self.result_page.show_result(result)
        self.pages.setCurrentWidget(self.result_page)
        self.set_title(self.tr("Exported and verified") if result.verified else self.tr("Exported"))
        self.export_button.hide()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setEnabled(True)
        self.close_button.setDefault(True)
        self.close_button.setFocus()

    def show_error(self, message: str) -> None:
        """Go back to the options and say why there is no file."""
        self._back_to_options()
        self.show_problem(message)

    def show_cancelled(self) -> None:
        """Go back to the options after the person cancelled."""
        self._back_to_options()
        self.show_problem(self.tr("Cancelled: nothing was written."))

    def _back_to_options(self) -> None:
        self.pages.setCurrentIndex(0)
        self.export_button.show()
        self.export_button.setDefault(True)
        self.close_button.setText(self.tr("Cancel"))
        self.close_button.setEnabled(True)

    def _problem_now(self, options: ExportOptions) -> str:
        if options.statuses == ():
            return self.tr("Choose at least one status.")
        if not self.target.text().strip() or not options.target.name:
            return self.tr("Name the file to write.")
        if options.target.is_dir():
            return self.tr("“{file}” is a folder. Name a file in it.").format(file=options.target)
        if not options.target.parent.is_dir():
            return self.tr("There is no folder “{folder}”. Choose another.").format(folder=options.target.parent)
        if options.target.resolve() == self._session.path.resolve():
            return self.tr("This is the project itself. Choose another file.")
        return ""

    @Slot()
    def _format_chosen(self) -> None:
        entry = self._formats[self.format.currentIndex()]
        self.losses.setText("\n".join(f"·  {loss}" for loss in entry.loses) or self.tr("Nothing is lost."))
        suffixes = {suffix for other in self._formats for suffix in other.extensions}
        target = Path(self.target.text())
        if target.suffix in suffixes and target.suffix not in entry.extensions:
            self.target.setText(str(target.with_suffix(self._extension())))
        self._plan_preview()

    @Slot()
    def _tick_statuses(self) -> None:
        """Offer of gold what is approved, where anything is; else every status.

        What nobody has decided on would go out as text without spans.
        """
        layer = self.layer.currentData()
        approved = (
            layer in self._gold and self._session.datasets.preview(layer=layer, statuses=(APPROVED,)).documents > 0
        )
        for status, box in self.statuses.items():
            box.setChecked(status == APPROVED or not approved)
        self._plan_preview()

    @Slot()
    def _plan_preview(self) -> None:
        self.show_problem("")
        self._preview_timer.start()

    @Slot()
    def _show_preview(self) -> None:
        self._preview_timer.stop()
        options = self.options()
        if options.statuses == ():
            self.figures.set_numbers(0, 0)
            self.preview.setPlainText(self.tr("No status is chosen."))
            return
        try:
            preview = self._session.datasets.preview(layer=options.layer, statuses=options.statuses)
        except UserError as error:
            self.figures.set_numbers(None, None)
            self.preview.setPlainText(error_text(error))
            return
        self.figures.set_numbers(preview.documents, preview.spans)
        shown = "\n\n".join(preview.first_lines)
        if not preview.documents:
            shown = self.tr("No document has one of these statuses.")
        elif not preview.spans:
            shown = f"{self.tr('Nothing is tagged: the dataset would have no spans.')}\n\n{shown}"
        self.preview.setPlainText(shown)

    @Slot()
    def _target_edited(self) -> None:
        self.show_problem("")
        set_state(self.target, "")

    @Slot()
    def _show_whether_it_replaces(self) -> None:
        replaces = self.options().target.is_file()
        self.replaces.setVisible(replaces)
        self.export_button.setText(self.tr("Export and replace") if replaces else self.tr("Export"))

    @Slot()
    def _choose_target(self) -> None:
        dialog = FileDialog(self, self.tr("Export to"), self.target.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, True)
        dialog.setDefaultSuffix(self._extension().lstrip("."))
        dialog.fileSelected.connect(self.set_target)
        dialog.open()

    @Slot(str)
    def set_target(self, file: str) -> None:
        """Write to another file."""
        self.target.setText(file)
        self._target_edited()

    def accept(self) -> None:
        if self.pages.currentIndex() != 0:
            return
        options = self.options()
        problem = self._problem_now(options)
        if problem:
            self.show_problem(problem)
            if options.statuses != ():
                set_state(self.target, "error")
                self.target.setFocus()
            return
        self.progress_page.show_started()
        self.show_progress(0, 0, "")
        self.export_requested.emit(options)

    def reject(self) -> None:
        if self.pages.currentWidget() is not self.progress_page:
            super().reject()
        elif self.close_button.isEnabled():
            self.close_button.setEnabled(False)
            self.progress_page.show_cancelling()
            self.cancel_requested.emit()
