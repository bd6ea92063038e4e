"""Hand over a dataset: choose what goes out, see it beforehand, follow it, and know that it was verified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from annotator.core.errors import UserError
from annotator.core.records import STATUSES
from annotator.session.datasets import ExportResult, LayerChoice
from annotator.session.session import Session
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.export_pages import ResultPage
from annotator.ui.dialogs.parts import MARGIN, Fields, Figures, fixed_font, plain_label, set_state
from annotator.ui.dialogs.target_lines import FileLine
from annotator.ui.dialogs.work_dialog import WorkDialog
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped, span_count, status_name

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


class ExportDialog(WorkDialog):
    """`export_requested` (an ExportOptions) asks for the export; `show_result` shows how it ended."""

    export_requested = Signal(object)

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Progress of the export"), parent)
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
        self.add_work_buttons(self.tr("Export"))
        self._add_pages(folder)
        self.keep_fitting(940, 590)
        self._format_chosen()
        self._name_export()
        self._tick_statuses()
        self._show_preview()
        self.format.setFocus()

    def _add_pages(self, folder: Path) -> None:
        columns = QHBoxLayout(self.first_page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(MARGIN)
        columns.addLayout(self._option_column(folder), 10)
        columns.addLayout(self._preview_column(), 11)
        self.result_page = ResultPage()
        self.pages.addWidget(self.result_page)
        self.body.insertSpacing(0, 6)

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
        file = folder / f"{self._session.path.stem}{self._extension()}"
        self.file_line = FileLine(file, self.tr("Export to"), self._session.path)
        self.file_line.changed.connect(self._name_export)
        self.names = CheckBox(self.tr("Include the &names of annotators"))
        self.losses = plain_label("", wrap=True, muted=True)
        fields = Fields()
        fields.add_field(self.tr("&Format"), self.format)
        fields.add_field(self.tr("La&yer"), self.layer)
        fields.add_row(self.tr("Fi&le"), self.file_line, self.file_line.line)
        fields.add_below(self.file_line.replaces)
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
        self.conflicts = plain_label("", wrap=True)
        set_state(self.conflicts, "warning")
        self.conflicts.hide()
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
        column.addWidget(self.conflicts)
        column.addSpacing(4)
        column.addWidget(self.preview, 1)
        return column

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
            target=self.file_line.path(),
            format=self.format.currentData(),
            layer=self.layer.currentData() or None,
            statuses=None if len(chosen) == len(STATUSES) else chosen,
            names=self.names.isChecked(),
        )

    @Slot(object)
    def show_result(self, result: ExportResult) -> None:
        """Show what was written and that it was verified."""
        self.result_page.show_result(result)
        self.set_title(self.tr("Exported and verified") if result.verified else self.tr("Exported"))
        self.show_end(self.result_page)

    def problem_now(self) -> str:
        if not any(box.isChecked() for box in self.statuses.values()):
            return self.tr("Choose at least one status.")
        return self.file_line.problem()

    def begin(self) -> None:
        self.show_started()
        self.export_requested.emit(self.options())

    @Slot()
    def _format_chosen(self) -> None:
        entry = self._formats[self.format.currentIndex()]
        self.losses.setText("\n".join(f"·  {loss}" for loss in entry.loses) or self.tr("Nothing is lost."))
        suffixes = {suffix for other in self._formats for suffix in other.extensions}
        self.file_line.set_suffix(self._extension(), suffixes.difference(entry.extensions))
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
        self._warn_of_conflicts(preview.conflicts)
        shown = "\n\n".join(preview.first_lines)
        if not preview.documents:
            shown = self.tr("No document has one of these statuses.")
        elif not preview.spans:
            shown = f"{self.tr('Nothing is tagged: the dataset would have no spans.')}\n\n{shown}"
        self.preview.setPlainText(shown)

    def _warn_of_conflicts(self, count: int) -> None:
        waiting = self.tr("1 conflict waits in gold") if count == 1 else self.tr("{count} conflicts wait in gold")
        words = self.tr("{waiting} and would go out undecided. Decide first under Project, Conflicts…")
        self.conflicts.setText(words.format(waiting=waiting.format(count=grouped(count))))
        self.conflicts.setVisible(count > 0)

    @Slot()
    def _name_export(self) -> None:
        self.show_problem("")
        replaces = self.file_line.replaces_a_file()
        self.main_button.setText(self.tr("Export and replace") if replaces else self.tr("Export"))
