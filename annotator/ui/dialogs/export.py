"""Hand over a dataset: choose what goes out, see it beforehand, follow it, and know that it was verified."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from annotator.core.errors import UserError
from annotator.core.recipes import ExportRecipe, Selection, recipe_from_data
from annotator.session.dataset_exports import ExportPreview, ExportResult
from annotator.session.datasets import LayerChoice
from annotator.session.session import Session
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.export_choices import DocumentsSection, FormatSection, SpansSection, SplitSection
from annotator.ui.dialogs.export_look import ExportLook
from annotator.ui.dialogs.export_pages import ResultPage
from annotator.ui.dialogs.export_preview import PreviewColumn
from annotator.ui.dialogs.export_recipes import LAST, USUAL, KeepRecipeDialog, RecipeLine
from annotator.ui.dialogs.parts import GAP, MARGIN, Fields, telling
from annotator.ui.dialogs.target_lines import FileLine
from annotator.ui.dialogs.work_dialog import WorkDialog
from annotator.ui.tasks import TaskRunner
from annotator.ui.words import span_count

APPROVED = "approved"
USUAL_FORMAT = "jsonl"
SIZE = (980, 620)
LEAST = (760, 500)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export and where to; `kept_as` is the name of the recipe that is followed to the letter, if any."""

    target: Path
    recipe: ExportRecipe
    kept_as: str = ""


class ExportDialog(WorkDialog):
    """`export_requested` (an ExportOptions) asks for the export; `show_result` shows how it ended.

    `last` is how a dataset of the project was made the last time. `compare_wanted` asks to compare releases.
    """

    export_requested = Signal(object)
    compare_wanted = Signal()

    def __init__(
        self,
        session: Session,
        folder: Path,
        tasks: TaskRunner,
        last: ExportRecipe | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self.tr("Progress of the export"), parent)
        self.set_title(
            self.tr("Export a dataset"),
            self.tr("It is written beside the target, read back and verified; only then does it take its place."),
        )
        self._session = session
        self._last = last
        self._kept: ExportRecipe | None = None
        self._is_filling = True
        self._usual_by_layer: dict[str, tuple[str, ...] | None] = {}
        self._formats = tuple(entry for entry in session.datasets.formats() if entry.writes)
        self.look = ExportLook(session, tasks, self)
        self.add_work_buttons(self.tr("Export"))
        self._add_pages(folder)
        self._connect()
        self.keep_fitting(*SIZE)
        self.setMinimumSize(*LEAST)
        self._choose_recipe(self.recipes.current())
        self.format.setFocus()

    # -- what it is made of

    def _add_pages(self, folder: Path) -> None:
        self.preview = PreviewColumn()
        columns = QHBoxLayout(self.first_page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(MARGIN)
        columns.addLayout(self._option_column(folder), 11)
        columns.addWidget(self.preview, 10)
        self.result_page = ResultPage()
        self.result_page.compare.clicked.connect(self._compare)
        self.pages.addWidget(self.result_page)
        self.body.insertSpacing(0, 6)

    def _option_column(self, folder: Path) -> QVBoxLayout:
        self._list_formats()
        self._list_layers()
        self.recipes = RecipeLine(self._session, has_gold=bool(self._gold), has_last=self._last is not None)
        file = folder / f"{self._session.path.stem}{self._extension(self._formats[0])}"
        self.file_line = FileLine(file, self.tr("Export to"), self._session.path)
        self.documents, self.splits, self.writing = DocumentsSection(), SplitSection(), FormatSection()
        self.spans = SpansSection(list(self._session.queries.codebook().labels))
        fields = Fields()
        fields.add_row(self.tr("&Recipe"), self.recipes, self.recipes.box)
        fields.add_field(self.tr("&Format"), self.format)
        fields.add_field(self.tr("La&yer"), self.layer)
        fields.add_row(self.tr("Fi&le"), self.file_line, self.file_line.line)
        fields.add_below(self.file_line.replaces)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._sections = {
            self.tr("Documents"): self.documents,
            self.tr("Labels, sources"): self.spans,
            self.tr("Writing"): self.writing,
            self.tr("Split"): self.splits,
        }
        for title, section in self._sections.items():
            self.tabs.addTab(_scrolled(section), title)
            section.changed.connect(self._changed)
        column = QVBoxLayout()
        column.setSpacing(GAP)
        column.addLayout(fields)
        column.addWidget(self.tabs, 1)
        return column

    def _list_formats(self) -> None:
        self.format = ComboBox()
        self.format.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.format.setMinimumContentsLength(20)
        model = self.format.model()
        for row, entry in enumerate(self._formats):
            self.format.addItem(entry.title, entry.name)
            if entry.missing:
                words = self.tr("{title}: install annotator[{extra}] first")
                self.format.setItemText(row, words.format(title=entry.title, extra=entry.extra))
                assert isinstance(model, QStandardItemModel)
                model.item(row).setEnabled(False)

    def _list_layers(self) -> None:
        self.layer = ComboBox()
        choices = self._layer_choices()
        self._gold = {choice.value for choice in choices if choice.is_gold}
        for choice in choices:
            self.layer.addItem(f"{choice.name} · {span_count(choice.spans)}", choice.value)

    def _layer_choices(self) -> list[LayerChoice]:
        choices = list(self._session.datasets.choices())
        if not choices:
            return [LayerChoice("", self.tr("My annotations"), 0)]
        if len(choices) > 1:
            everything = sum(choice.spans for choice in choices)
            choices.append(LayerChoice("all", self.tr("All layers"), everything))
        return choices

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.layer.currentIndexChanged.connect(self._layer_chosen)
        self.file_line.changed.connect(self._name_export)
        self.recipes.chosen.connect(self._choose_recipe)
        self.recipes.keep_wanted.connect(self._ask_for_name)
        self.recipes.delete_wanted.connect(self._delete_recipe)
        self.look.previewed.connect(self._show_preview)
        self.look.progressed.connect(self.preview.show_progress)
        self.look.counted.connect(self._show_counts)
        self.look.failed.connect(self._show_why_not)
        self.look.facts_found.connect(self.spans.show_facts)
        self.finished.connect(self.look.stop)

    # -- what is chosen

    def _entry(self) -> Any:
        return self._formats[max(0, self.format.currentIndex())]

    def _extension(self, entry: Any) -> str:
        return "" if entry.is_folder or not entry.extensions else entry.extensions[0]

    def recipe(self) -> ExportRecipe:
        """Return what is chosen now; everything ticked means no filter."""
        documents = self.documents
        selection = Selection(
            self.layer.currentData() or None,
            documents.chosen_statuses(),
            self.spans.labels.chosen(),
            self.spans.sources.chosen(),
            documents.first.text(),
            documents.last.text(),
            "drop" if documents.read_only.isChecked() else "keep",
        )
        split = self.splits.plan()
        kept = self._kept
        return ExportRecipe(
            self.format.currentData(),
            selection,
            self.writing.chosen_options(),
            self.writing.names.isChecked(),
            self.writing.licence.text().strip(),
            split,
            kept.assigned if kept is not None and split is not None and kept.split == split else {},
        )

    def options(self) -> ExportOptions:
        """Return what is chosen now, and where it goes."""
        recipe, kept = self.recipe(), self.recipes.recipe()
        follows = kept is not None and self._kept is not None and recipe == self._resolved(self._kept)
        return ExportOptions(self.file_line.path(), recipe, kept.name if kept is not None and follows else "")

    def _usual(self) -> ExportRecipe:
        layer = self.layer.itemData(0)
        return ExportRecipe(USUAL_FORMAT, Selection(layer or None, self._usual_statuses(layer)))

    def _usual_statuses(self, layer: str) -> tuple[str, ...] | None:
        """Offer of gold what is approved, where anything is; else every status.

        What nobody has decided on would go out as text without spans.
        """
        if layer not in self._usual_by_layer:
            datasets = self._session.datasets
            approved = layer in self._gold and datasets.preview(layer=layer, statuses=(APPROVED,)).documents > 0
            self._usual_by_layer[layer] = (APPROVED,) if approved else None
        return self._usual_by_layer[layer]

    @Slot(str)
    def _choose_recipe(self, chosen: str) -> None:
        """Show a recipe that was kept, what was chosen last, or what is usual."""
        self._kept = None
        recipe: ExportRecipe | None = self._last if chosen == LAST else None
        record = self.recipes.recipe()
        with telling(self):
            if chosen not in (USUAL, LAST) and record is not None:
                recipe = self._kept = recipe_from_data(record.content)
        self._show_recipe(recipe or self._usual())

    def _resolved(self, recipe: ExportRecipe) -> ExportRecipe:
        """Return a recipe with its layer as the list of layers has it; with none, what is usual here."""
        layer = recipe.selection.layer
        known = [self.layer.itemData(row) for row in range(self.layer.count())]
        if layer not in known:
            try:
                found = [one.id for one in self._session.datasets.layers_named(layer)]
            except UserError:
                found = []
            layer = next((one for one in found if one in known), known[0])
        return replace(recipe, selection=replace(recipe.selection, layer=layer or None))

    def _show_recipe(self, recipe: ExportRecipe) -> None:
        self._is_filling = True
        shown = self._resolved(recipe)
        selection = shown.selection
        self.layer.setCurrentIndex(max(0, self.layer.findData(selection.layer or "")))
        names = [entry.name for entry in self._formats if not entry.missing]
        self.format.setCurrentIndex(max(0, self.format.findData(shown.format if shown.format in names else names[0])))
        self.documents.usual_statuses = self._usual_statuses(self.layer.currentData())
        self.documents.show_selection(selection)
        self.spans.labels.set_chosen(selection.labels)
        self.spans.sources.set_chosen(selection.sources)
        self.splits.show_plan(shown.split)
        self.writing.names.setChecked(shown.names)
        self.writing.licence.setText(shown.licence)
        self._is_filling = False
        self._show_format(shown.options)
        self.look.find_facts(self.layer.currentData() or None)

    # -- what follows from a choice

    @Slot()
    def _format_chosen(self) -> None:
        if not self._is_filling:
            self._show_format({})

    def _show_format(self, options: dict[str, str] | Any) -> None:
        entry = self._entry()
        self.writing.show_format(entry, options)
        others = {suffix for other in self._formats for suffix in other.extensions}
        self.file_line.take_shape(self._extension(entry), others.difference(entry.extensions), entry.is_folder)
        self._changed()

    @Slot()
    def _layer_chosen(self) -> None:
        if not self._is_filling:
            self._is_filling = True
            self.documents.usual_statuses = self._usual_statuses(self.layer.currentData())
            self.documents.tick(self.documents.usual_statuses)
            self._is_filling = False
            self.look.find_facts(self.layer.currentData() or None)
            self._changed()

    @Slot()
    def _changed(self) -> None:
        if self._is_filling:
            return
        self.show_problem("")
        self._name_export()
        for place, (title, section) in enumerate(self._sections.items()):
            self.tabs.setTabText(place, f"{title} •" if section.is_narrowed else title)
            self.tabs.setTabToolTip(place, self.tr("Something here is not as usual.") if section.is_narrowed else "")
        problem = self._problem_of_choices()
        if problem:
            self.look.stop()
            self.preview.say(problem)
            self.splits.show_waiting()
            return
        self.preview.show_waiting()
        self.splits.show_waiting(self.tr("Finding what must stay together…"))
        self.look.look(self.recipe())

    def _problem_of_choices(self) -> str:
        return self.documents.problem() or self.spans.problem() or self.splits.problem()

    @Slot(object)
    def _show_preview(self, preview: ExportPreview) -> None:
        self.preview.show_preview(preview)

    @Slot(object)
    def _show_counts(self, result: ExportResult) -> None:
        self.preview.show_counts(result)
        self.splits.show_result(result, self.recipe())

    @Slot(object)
    def _show_why_not(self, error: UserError) -> None:
        self.preview.show_error(error)
        self.splits.show_waiting()

    @Slot()
    def _name_export(self) -> None:
        self.show_problem("")
        replaces = self.file_line.replaces_a_file()
        self.main_button.setText(self.tr("Export and replace") if replaces else self.tr("Export"))

    # -- recipes

    @Slot()
    def _ask_for_name(self) -> None:
        problem = self._problem_of_choices()
        self.show_problem(problem)
        if not problem:
            kept = self.recipes.recipe()
            self.naming = KeepRecipeDialog(kept.name if kept is not None else "", self)
            self.naming.named.connect(self._keep_recipe)
            self.naming.open()

    @Slot(str)
    def _keep_recipe(self, name: str) -> None:
        with telling(self.naming):
            record = self._session.recipes.save(name, self.recipe())
            self._kept = recipe_from_data(record.content)
            self.recipes.list_recipes(record.id)
            self.naming.done(0)

    @Slot()
    def _delete_recipe(self) -> None:
        record = self.recipes.recipe()
        if record is not None:
            with telling(self):
                self._session.recipes.delete(record.id)
                self._kept = None
                self.recipes.list_recipes(USUAL)

    # -- the work

    def problem_now(self) -> str:
        return self._problem_of_choices() or self.file_line.problem()

    def begin(self) -> None:
        self.look.stop()
        options = self.options()
        self.show_started()
        self.export_requested.emit(options)

    @Slot(object)
    def show_result(self, result: ExportResult) -> None:
        """Show what was written and that it was verified."""
        can_compare = len(self._session.releases.all()) > 1 and self._session.role == "lead"
        self.result_page.show_result(result, can_compare=can_compare)
        self.set_title(self.tr("Exported and verified") if result.verified else self.tr("Exported"))
        self.show_end(self.result_page)

    @Slot()
    def _compare(self) -> None:
        self.done(0)
        self.compare_wanted.emit()


def _scrolled(section: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(section)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
