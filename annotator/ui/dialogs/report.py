"""Make a report: choose of what, as what and where to; afterwards its folder is one click away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from annotator.core.records import STATUSES, Document
from annotator.session.reports import PAPER_NAMES, REPORT_FORMATS
from annotator.session.session import Session
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.files_page import FilesPage, file_rows
from annotator.ui.dialogs.parts import Fields, plain_label
from annotator.ui.dialogs.target_lines import FileLine
from annotator.ui.dialogs.work_dialog import WorkDialog
from annotator.ui.words import one_line, span_count, status_name

THIS, ALL, STATUS, FOUND = "this", "all", "status", "found"
_TITLE = 60


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What to report on; the fields but the first three are arguments of `session.reports.collect`."""

    target: Path
    format: str
    paper: str
    documents: tuple[str, ...] | None
    layer: str | None
    statuses: tuple[str, ...] | None
    words: str


class ReportDialog(WorkDialog):
    """`report_requested` (a ReportOptions) asks for the report; `show_result` shows the file in the end."""

    report_requested = Signal(object)

    def __init__(self, session: Session, current: Document | None, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Progress of the report"), parent)
        self.set_title(
            self.tr("Make a report"),
            self.tr("Texts with what is tagged in them, notes, decisions and agreement, to read and to print."),
        )
        self._session = session
        self._current = current
        self.files_page = FilesPage()
        self.pages.addWidget(self.files_page)
        self.body.insertSpacing(0, 6)
        self._add_options(folder)
        self.add_work_buttons(self.tr("Make the report"))
        self.keep_fitting(640, 460)
        self._show_choices()
        self.documents.setFocus()

    def _add_options(self, folder: Path) -> None:
        self._add_boxes()
        file = folder / f"{self._session.path.stem} report{REPORT_FORMATS[self.format.currentData()]}"
        self.file_line = FileLine(file, self.tr("Write the report to"), self._session.path)
        self.file_line.changed.connect(self._clear_problem)
        self.about_format = plain_label("", wrap=True, muted=True)
        fields = Fields()
        fields.add_field(self.tr("&Documents"), self.documents)
        self._status_name = fields.add_field(self.tr("&Status"), self.status)
        self._words_name = fields.add_field(self.tr("Se&arch"), self.words)
        fields.add_field(self.tr("La&yer"), self.layer)
        fields.add_field(self.tr("&Format"), self.format)
        fields.add_below(self.about_format)
        self._paper_name = fields.add_field(self.tr("&Paper"), self.paper)
        fields.add_row(self.tr("Fi&le"), self.file_line, self.file_line.line)
        fields.add_below(self.file_line.replaces)
        column = QVBoxLayout(self.first_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(fields)
        column.addStretch(1)

    def _add_boxes(self) -> None:
        self.documents, self.status, self.layer = ComboBox(), ComboBox(), ComboBox()
        self.format, self.paper, self.words = ComboBox(), ComboBox(), QLineEdit()
        if self._current is not None:
            title = one_line(self._current.title, _TITLE)
            self.documents.addItem(self.tr("This one: {title}").format(title=title), THIS)
        for name, key in (
            (self.tr("All documents"), ALL),
            (self.tr("Those with a status…"), STATUS),
            (self.tr("Those that a search finds…"), FOUND),
        ):
            self.documents.addItem(name, key)
        for status in STATUSES:
            self.status.addItem(status_name(status), status)
        self.status.setCurrentIndex(STATUSES.index("approved"))
        self.words.setPlaceholderText(self.tr("Words, “a phrase”, -without"))
        self._add_layers()
        names = {
            "html": self.tr("Page for a browser (HTML)"),
            "pdf": self.tr("PDF"),
            "docx": self.tr("Sheet of quotes (Word)"),
            "md": self.tr("Sheet of quotes (Markdown)"),
        }
        for key in REPORT_FORMATS:
            self.format.addItem(names[key], key)
        for paper in PAPER_NAMES:
            self.paper.addItem(paper, paper)
        for box in (self.documents, self.format):
            box.currentIndexChanged.connect(self._show_choices)

    def _add_layers(self) -> None:
        choices = self._session.datasets.choices()
        for choice in choices:
            self.layer.addItem(f"{choice.name} · {span_count(choice.spans)}", choice.value)
        if len(choices) > 1:
            everything = sum(choice.spans for choice in choices)
            self.layer.addItem(f"{self.tr('All layers')} · {span_count(everything)}", "all")
        if not choices:
            self.layer.addItem(self.tr("My annotations"), "")

    def options(self) -> ReportOptions:
        """Return what is chosen now."""
        what = self.documents.currentData()
        this = (self._current.id,) if what == THIS and self._current is not None else None
        return ReportOptions(
            target=self.file_line.path(),
            format=self.format.currentData(),
            paper=self.paper.currentData(),
            documents=this,
            layer=self.layer.currentData() or None,
            statuses=(self.status.currentData(),) if what == STATUS else None,
            words=self.words.text().strip() if what == FOUND else "",
        )

    def show_result(self, file: Path, documents: int, spans: int) -> None:
        """Show the file that was made."""
        held = self.tr("{documents} documents, {spans} spans").format(documents=documents, spans=spans)
        if documents == 1:
            held = self.tr("1 document, {spans} spans").format(spans=spans)
        self.files_page.show_files(self.tr("The report is made."), "", file.parent, file_rows([file], [held]))
        self.show_end(self.files_page)

    def problem_now(self) -> str:
        if self.documents.currentData() == FOUND and not self.words.text().strip():
            self.words.setFocus()
            return self.tr("Type what the search should find.")
        return self.file_line.problem()

    def begin(self) -> None:
        self.show_started(self.tr("Making the report…"))
        self.report_requested.emit(self.options())

    @Slot()
    def _show_choices(self) -> None:
        what, chosen = self.documents.currentData(), self.format.currentData()
        for shown, *widgets in (
            (what == STATUS, self.status, self._status_name),
            (what == FOUND, self.words, self._words_name),
            (chosen == "pdf", self.paper, self._paper_name),
        ):
            for widget in widgets:
                widget.setVisible(shown)
        texts = self.tr("The whole texts, one file that needs nothing else.")
        quotes = self.tr("Only what is tagged, by label, each with where it stands.")
        self.about_format.setText(texts if chosen in ("html", "pdf") else quotes)
        self.file_line.set_suffix(REPORT_FORMATS[chosen], REPORT_FORMATS.values())
        self._clear_problem()

    @Slot()
    def _clear_problem(self) -> None:
        self.show_problem("")
