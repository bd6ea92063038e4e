"""Load labelled data: what the files are, what their names mean, what that would bring, and then as one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QTabWidget, QVBoxLayout, QWidget

from annotator.session.load_plan import LoadExamination, LoadPlan, UsedName
from annotator.session.session import Session
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.load_layer import LayerChoice
from annotator.ui.dialogs.load_names import Meaning, NameRows
from annotator.ui.dialogs.load_pages import OutcomePage, PlaceList
from annotator.ui.dialogs.parts import GAP, MARGIN, SMALL_GAP, Fields, in_a_row, label_icon, plain_button, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.dialogs.work_dialog import WorkDialog
from annotator.ui.load_work import LabelledFile, LoadReport
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped, span_count, tr

SIZE = (940, 620)
LEAST = (760, 500)


class LoadDialog(WorkDialog):
    """Asks for the work by signals that carry a list of LabelledFile, the latter two a LoadPlan as well.

    `save_requested` carries a file and the text that should go to it.
    """

    examine_requested = Signal(list)
    rehearse_requested = Signal(list, object)
    load_requested = Signal(list, object)
    save_requested = Signal(str, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Progress of loading"), parent)
        self._session = session
        self._files: list[LabelledFile] = []
        self._is_lead = session.role == "lead"
        self._formats = [entry for entry in session.datasets.formats() if entry.reads]
        self.outcome = OutcomePage()
        self.outcome.unsure.save_requested.connect(self.save_requested)
        self.pages.addWidget(self.outcome)
        self._build()
        self.back_button = self.add_side_button(self.tr("&Back"))
        self.back_button.clicked.connect(self.go_back)
        self.back_button.hide()
        self.add_work_buttons(self.tr("Preview"))
        self._show_title()
        self.keep_fitting(*SIZE)
        self.setMinimumSize(*LEAST)
        self.setAcceptDrops(True)

    def _show_title(self) -> None:
        about = self.tr("Say what the names in the file mean here. Nothing comes in before you have seen what it does.")
        self.set_title(self.tr("Load labelled data"), about)

    # -- what it is made of

    def _build(self) -> None:
        columns = QHBoxLayout(self.first_page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(MARGIN)
        columns.addLayout(self._file_column(), 10)
        columns.addLayout(self._name_column(), 12)

    def _file_column(self) -> QVBoxLayout:
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list, wrap=True))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Files"))
        self.list.currentRowChanged.connect(self._show_format)
        self.format = ComboBox()
        self.format.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.format.setMinimumContentsLength(16)
        for entry in self._formats:
            self.format.addItem(entry.title, entry.name)
        self.format.setPlaceholderText(self.tr("Choose the format"))
        self.format.activated.connect(self._change_format)
        self.skip = CheckBox("")
        self.near = CheckBox(self.tr("Find spans in texts that are here a little differently"))
        fields = Fields()
        fields.add_field(self.tr("&Format"), self.format)
        self.layer = LayerChoice(self._session)
        name = fields.add_row(self.tr("La&yer"), self.layer, self.layer.box)
        name.setContentsMargins(0, SMALL_GAP, 0, 0)
        fields.setAlignment(name, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(SMALL_GAP)
        self.add_files_button = plain_button(self.tr("&Add files…"))
        self.add_files_button.clicked.connect(self._choose_files)
        self.add_folder_button = plain_button(self.tr("Add a f&older…"))
        self.add_folder_button.clicked.connect(self._choose_folder)
        self.hint = plain_label(self.tr("Choose files, or drop them here."), wrap=True, muted=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(heading(self.tr("Files")))
        column.addWidget(self.hint, 1)
        column.addWidget(self.list, 1)
        column.addWidget(in_a_row(self.add_files_button, self.add_folder_button), 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(SMALL_GAP)
        column.addLayout(fields)
        column.addSpacing(GAP)
        column.addWidget(self.skip)
        column.addWidget(self.near)
        return column

    def _name_column(self) -> QVBoxLayout:
        codebook = self._session.queries.codebook()
        labels = [Meaning(one.key, one.name, label_icon(one, self)) for one in codebook.labels if not one.retired]
        relations = [Meaning(one.key, one.name) for one in codebook.relations if not one.retired]
        self._known_attributes = {one.key: one.name for one in codebook.attributes}
        self.labels = NameRows(labels, may_add=self._is_lead)
        self.relations = NameRows(relations, may_add=self._is_lead)
        self.attributes = QListWidget()
        self.attributes.setItemDelegate(TwoLineDelegate(self.attributes, bold=False))
        self.attributes.setAccessibleName(self.tr("Attributes"))
        self.problems = PlaceList(self.tr("What is wrong in the files"))
        self.problems.save_requested.connect(self.save_requested)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for part in (self.labels, self.relations, self.attributes, self.problems):
            self.tabs.addTab(part, self.tr("Labels"))
        column = QVBoxLayout()
        column.addWidget(self.tabs)
        return column

    # -- the files

    def examine(self) -> None:
        """Ask to look at the files that nobody has looked at yet; without any, wait for some."""
        waiting = [file for file in self._files if file.found is None and file.error is None]
        if waiting:
            self.is_reading = not self._found()
            self.show_started(self.tr("Reading and checking…"))
            self.examine_requested.emit(waiting)
        else:
            self.show_examined(())

    def add_files(self, files: Iterable[str]) -> None:
        """Add files, or folders of formats that are a set of files, and ask to look at them."""
        known = {file.path for file in self._files}
        self._files += [LabelledFile(path) for path in dict.fromkeys(map(Path, files)) if path not in known]
        self.examine()

    @Slot()
    def _choose_files(self) -> None:
        endings = {one for entry in self._formats for one in entry.extensions}
        known = " ".join(f"*{ending}" for ending in sorted(endings))
        dialog = FileDialog(self, self.tr("Load labelled data"), self._folder())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Labelled data ({endings})").format(endings=known), self.tr("All files (*)")])
        dialog.filesSelected.connect(self.add_files)
        dialog.open()

    @Slot()
    def _choose_folder(self) -> None:
        dialog = FileDialog(self, self.tr("Load a folder of labelled data"), self._folder())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.filesSelected.connect(self.add_files)
        dialog.open()

    def _folder(self) -> str:
        return str((self._files[-1].path if self._files else self._session.path).parent)

    @Slot(object)
    def show_examined(self, files: Sequence[LabelledFile]) -> None:
        """Show what the files are and use."""
        self.is_reading = False
        chosen = max(0, self.list.currentRow())
        looked = {file.path: file for file in files}
        self._files = [looked.get(file.path, file) for file in self._files]
        self.list.blockSignals(True)
        self.list.clear()
        for file in self._files:
            words = self._words_on(file)
            self.list.addItem(row_item(file.path.name, words, faint=file.found is None))
        self.list.blockSignals(False)
        self.hint.setVisible(not self._files)
        self.list.setVisible(bool(self._files))
        self.list.setCurrentRow(min(chosen, len(self._files) - 1))
        self._show_format()
        self.show_first()
        self._show_uses()  # a bar of tabs that is not on screen keeps the widths of its old titles
        readable, words = bool(self._found()), self.tr("Nothing in it can be read. Choose another format or file.")
        self.main_button.setEnabled(readable)
        self.show_problem(words if self._files and not readable else "")
        (self.main_button if readable else self.format if self._files else self.add_files_button).setFocus()

    def _found(self) -> list[LoadExamination]:
        return [file.found for file in self._files if file.found is not None]

    def _words_on(self, file: LabelledFile) -> str:
        found = file.found
        if found is None:
            return error_text(file.error) if file.error is not None else ""
        title = next((entry.title for entry in self._formats if entry.name == found.format), found.format)
        documents = self.tr("1 document") if found.documents == 1 else self.tr("{count} documents")
        parts = [title, documents.format(count=grouped(found.documents)), span_count(found.spans)]
        if found.relations:
            parts.append(self.tr("{count} relations").format(count=grouped(found.relations)))
        if found.problems:
            parts.append(_problem_count(len(found.problems)))
        return " · ".join(parts)

    @Slot()
    def _show_format(self) -> None:
        self.format.setEnabled(bool(self._files))
        if self._files:
            file = self._files[max(0, self.list.currentRow())]
            self.format.setCurrentIndex(self.format.findData(file.format))
        else:
            self.format.setCurrentIndex(-1)

    @Slot()
    def _change_format(self) -> None:
        """Look at the chosen file again as one of another format."""
        row = max(0, self.list.currentRow())
        if self.format.currentData() != self._files[row].format:
            self._files[row] = replace(self._files[row], format=self.format.currentData(), found=None, error=None)
            self.examine()

    # -- what they use

    def _show_uses(self) -> None:
        found = self._found()
        labels = _summed(name for one in found for name in one.labels)
        relations = _summed(name for one in found for name in one.relation_types)
        self.labels.show_names(labels)
        self.relations.show_names(relations)
        attributes = self._list_attributes(found)
        places = [(one.file, one.place, one.reason) for each in found for one in each.problems]
        self.problems.show_places(places)
        self._name_tabs((len(labels), len(relations), attributes, len(places)))
        words = self.tr("Leave out what is wrong ({problems})")
        self.skip.setText(words.format(problems=_problem_count(len(places))))
        self.skip.setVisible(bool(places))
        counts: Counter[str] = Counter()
        for one in found:
            counts.update(one.layers)
        self.layer.show_layers(counts if found else None)

    def _name_tabs(self, counts: tuple[int, int, int, int]) -> None:
        titles = self.tr("Labels"), self.tr("Relations"), self.tr("Attributes"), self.tr("Problems")
        for place, (title, count) in enumerate(zip(titles, counts, strict=True)):
            self.tabs.setTabText(place, f"{title} · {grouped(count)}" if self._found() else title)
            self.tabs.setTabVisible(place, count > 0 or place == 0)

    def _list_attributes(self, found: list[LoadExamination]) -> int:
        counts: dict[str, int] = {}
        for one in found:
            for key, count in one.attributes.items():
                counts[key] = counts.get(key, 0) + count
        self.attributes.clear()
        for key, count in sorted(counts.items()):
            known = key in self._known_attributes
            here = (
                self.tr("comes in as “{name}” where its value fits")
                if known
                else self.tr("not in the codebook: stays behind")
            )
            words = here.format(name=self._known_attributes.get(key, ""))
            self.attributes.addItem(row_item(key, words, grouped(count), faint=not known))
        return len(counts)

    # -- the plan

    def plan(self) -> LoadPlan:
        """Return what is chosen now."""
        return LoadPlan(
            self.labels.plan(),
            self.relations.plan(),
            self.labels.adds() or self.relations.adds(),
            self.layer.layer(),
            self.skip.isChecked(),
            self.near.isChecked(),
        )

    def _readable(self) -> list[LabelledFile]:
        return [file for file in self._files if file.found is not None]

    def problem_now(self) -> str:
        problem = self.layer.problem()
        if problem:
            return problem
        if self.problems.list.count() and not self.skip.isChecked():
            self.tabs.setCurrentWidget(self.problems)
            return self.tr("Something in the files is wrong: see Problems. Mend it, or tick “Leave out what is wrong”.")
        return ""

    def begin(self) -> None:
        """Ask what loading would do."""
        self.show_started(self.tr("Trying it without a change…"))
        self.rehearse_requested.emit(self._readable(), self.plan())

    @Slot(object)
    def show_rehearsal(self, report: LoadReport) -> None:
        """Show what loading would do."""
        self.outcome.show_report(report)
        results = report.results
        brings = any(one.documents or one.spans or one.relations for one in results)
        self.outcome.say("" if brings else self.tr("Everything in it is here already; there is nothing to load."))
        if not results:
            self.outcome.say(self.tr("Nothing of it can come in; see below why."), "error")
        self.pages.setCurrentWidget(self.outcome)
        self.back_button.show()
        self.main_button.show()
        self.main_button.setText(self.tr("Load"))
        self.main_button.setEnabled(brings)
        self.close_button.setText(self.tr("Cancel"))
        self.close_button.setEnabled(True)
        (self.main_button if brings else self.back_button).setFocus()

    @Slot()
    def go_back(self) -> None:
        """Go back to what the names mean."""
        self.show_problem("")
        self.show_first()

    def show_first(self) -> None:
        """Go back to where the names are given their meaning."""
        super().show_first()
        self.back_button.hide()
        self.main_button.setText(self.tr("Preview"))
        self.main_button.setEnabled(bool(self._found()))

    @Slot(object)
    def show_result(self, report: LoadReport) -> None:
        """Close where everything came in; else show what stayed behind."""
        self.outcome.show_report(report)
        if report.results and not self.outcome.stays_behind and not report.stopped:
            self.done(0)
            return
        self.set_title(self.tr("Loaded") if report.results else self.tr("Nothing was loaded"))
        words = self.tr("✓ Loaded, and Ctrl+Z takes it back. What is listed below stayed behind.")
        if report.stopped:
            words = self.tr("Stopped: some files came in before, the others did not.")
        ended_well = bool(report.results) and not report.stopped
        self.outcome.say(words if report.results else "", "success" if ended_well else "warning")
        self.back_button.hide()
        self.show_end(self.outcome)

    def cancelled_words(self) -> str:
        return self.tr("Cancelled: nothing was changed.")

    # -- Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.pages.currentWidget() is self.first_page and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add_files(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())

    def accept(self) -> None:
        """Go on: from the meanings to the preview, from there to loading."""
        can_begin = self.main_button.isEnabled() and not self.main_button.isHidden()
        if self.pages.currentWidget() is self.outcome and can_begin:
            self.back_button.hide()
            self.show_started(self.tr("Loading…"))
            self.load_requested.emit(self._readable(), self.plan())
        else:
            super().accept()


def _summed(names: Iterable[UsedName]) -> list[UsedName]:
    """Return each name once, with its uses added up; the most used first."""
    found: dict[str, UsedName] = {}
    for one in names:
        before = found.get(one.name)
        found[one.name] = one if before is None else replace(before, count=before.count + one.count)
    return sorted(found.values(), key=lambda one: (-one.count, one.name))


def _problem_count(count: int) -> str:
    return tr("1 problem") if count == 1 else tr("{count} problems").format(count=grouped(count))
