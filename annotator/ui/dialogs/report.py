"""Make a report: choose of what, as what and where to; afterwards its folder is one click away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from annotator.core.records import STATUSES, Document
from annotator.session.reports import PAPER_NAMES, REPORT_FORMATS
from annotator.session.session import Session
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.export_pages import ProgressPage
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.package_pages import FilesPage, size_of
from annotator.ui.dialogs.parts import Dialog, Fields, in_a_row, plain_button, plain_label, set_state
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


class ReportDialog(Dialog):
    """Stays open while the report is made and shows the file in the end.

    Whoever listens to `report_requested` (a ReportOptions) makes it and calls `show_progress`, then `show_result`,
    `show_error` or `show_cancelled`. `cancel_requested` asks for its end.
    """

    report_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, session: Session, current: Document | None, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Make a report"),
            self.tr("Texts with what is tagged in them, notes, decisions and agreement, to read and to print."),
        )
        self._session = session
        self._current = current
        self._named_by_hand = False
        self.progress_page = ProgressPage()
        self.progress_page.bar.setAccessibleName(self.tr("Progress of the report"))
        self.files_page = FilesPage()
        self.pages = QStackedWidget()
        for page in (self._options_page(folder), self.progress_page, self.files_page):
            self.pages.addWidget(page)
        self.body.addSpacing(6)
        self.body.addWidget(self.pages, 1)
        self.close_button = self.add_button(self.tr("Cancel"))
        self.make_button = self.add_main_button(self.tr("Make the report"))
        self.keep_fitting(640, 460)
        self._show_choices()
        self.documents.setFocus()

    def _options_page(self, folder: Path) -> QWidget:
        self._add_boxes()
        self.target = QLineEdit(str(folder / self._file_name()))
        self.target.textEdited.connect(self._target_edited)
        self.target.textChanged.connect(self._show_whether_it_replaces)
        self.replaces = plain_label(self.tr("This file is there already; it will be replaced."), wrap=True)
        set_state(self.replaces, "warning")
        browse = plain_button(self.tr("&Browse…"))
        browse.clicked.connect(self._choose_target)
        self.about_format = plain_label("", wrap=True, muted=True)
        fields = Fields()
        fields.add_field(self.tr("&Documents"), self.documents)
        self._status_name = fields.add_field(self.tr("&Status"), self.status)
        self._words_name = fields.add_field(self.tr("Se&arch"), self.words)
        fields.add_field(self.tr("La&yer"), self.layer)
        fields.add_field(self.tr("&Format"), self.format)
        fields.add_below(self.about_format)
        self._paper_name = fields.add_field(self.tr("&Paper"), self.paper)
        fields.add_row(self.tr("Fi&le"), in_a_row(self.target, browse), self.target)
        fields.add_below(self.replaces)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(fields)
        column.addStretch(1)
        return holder

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
            target=Path(self.target.text().strip()).expanduser(),
            format=self.format.currentData(),
            paper=self.paper.currentData(),
            documents=this,
            layer=self.layer.currentData() or None,
            statuses=(self.status.currentData(),) if what == STATUS else None,
            words=self.words.text().strip() if what == FOUND else "",
        )

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show how far the report is; `total` is 0 where that is not known."""
        self.show_problem("")
        self.pages.setCurrentWidget(self.progress_page)
        self.progress_page.show_progress(done, total, text)
        self.make_button.hide()

    def show_result(self, file: Path, documents: int, spans: int) -> None:
        """Show the file that was made."""
        held = self.tr("{documents} documents, {spans} spans").format(documents=documents, spans=spans)
        if documents == 1:
            held = self.tr("1 document, {spans} spans").format(spans=spans)
        self.files_page.show_files(self.tr("The report is made."), "", file.parent, [(file.name, held, size_of(file))])
        self.pages.setCurrentWidget(self.files_page)
        self.make_button.hide()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setEnabled(True)
        self.close_button.setDefault(True)
        self.close_button.setFocus()

    def show_error(self, message: str) -> None:
        """Go back to the options and say why there is no file."""
        self.pages.setCurrentIndex(0)
        self.make_button.show()
        self.make_button.setDefault(True)
        self.close_button.setEnabled(True)
        self.show_problem(message)

    @Slot()
    def show_cancelled(self) -> None:
        """Go back to the options after the person cancelled."""
        self.show_error(self.tr("Cancelled: nothing was written."))

    def _problem_now(self, options: ReportOptions) -> str:
        if self.documents.currentData() == FOUND and not options.words:
            self.words.setFocus()
            return self.tr("Type what the search should find.")
        problem = ""
        if not self.target.text().strip() or not options.target.name:
            problem = self.tr("Name the file to write.")
        elif options.target.is_dir():
            problem = self.tr("“{file}” is a folder. Name a file in it.").format(file=options.target)
        elif not options.target.parent.is_dir():
            problem = self.tr("There is no folder “{folder}”. Choose another.").format(folder=options.target.parent)
        if problem:
            set_state(self.target, "error")
            self.target.setFocus()
        return problem

    def _file_name(self) -> str:
        what = self._session.path.stem
        return f"{what} report{REPORT_FORMATS[self.format.currentData()]}"

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
        target = Path(self.target.text())
        if target.suffix in REPORT_FORMATS.values():
            self.target.setText(str(target.with_suffix(REPORT_FORMATS[chosen])))
        self.show_problem("")
        self._show_whether_it_replaces()

    @Slot()
    def _target_edited(self) -> None:
        self.show_problem("")
        set_state(self.target, "")

    @Slot()
    def _show_whether_it_replaces(self) -> None:
        self.replaces.setVisible(self.options().target.is_file())

    @Slot()
    def _choose_target(self) -> None:
        dialog = FileDialog(self, self.tr("Write the report to"), self.target.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, True)
        dialog.setDefaultSuffix(REPORT_FORMATS[self.format.currentData()].lstrip("."))
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
            return
        self.progress_page.show_started()
        self.progress_page.caption.setText(self.tr("Making the report…"))
        self.show_progress(0, 0, "")
        self.report_requested.emit(options)

    def reject(self) -> None:
        if self.pages.currentWidget() is not self.progress_page:
            super().reject()
        elif self.close_button.isEnabled():
            self.close_button.setEnabled(False)
            self.progress_page.show_cancelling()
            self.cancel_requested.emit()
