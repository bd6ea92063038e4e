"""The dialog that exports datasets, on real sessions: what it asks for, what it shows beforehand and afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from annotator.core.recipes import ExportRecipe, Selection
from annotator.core.records import Document
from annotator.core.splits import SplitPlan
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.dataset_verbs import DatasetVerbs
from annotator.ui.dialogs.export import ExportDialog, ExportOptions
from annotator.ui.dialogs.export_recipes import USUAL
from annotator.ui.main_window import MainWindow
from annotator.ui.tasks import TaskRunner
from tests.support import add_document

Open = Callable[..., ExportDialog]

OTHERS = ("The port was hit at dawn.", "Nobody knows who paid for it.", "Elections come first, say ministers.")


class FolderOpener(QObject):
    """Takes the place of the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def file_manager() -> Iterator[FolderOpener]:
    opener = FolderOpener()
    QDesktopServices.setUrlHandler("file", opener, "open")  # pyright: ignore[reportArgumentType] - a str in fact
    yield opener
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def opened(session: Session, tasks: TaskRunner, tmp_path: Path, qtbot: QtBot) -> Iterator[Open]:
    dialogs: list[ExportDialog] = []

    def make(last: ExportRecipe | None = None) -> ExportDialog:
        dialog = ExportDialog(session, tmp_path, tasks, last)
        dialogs.append(dialog)
        dialog.open()
        settle(qtbot, dialog, tasks)
        return dialog

    yield make
    for dialog in dialogs:
        if isValid(dialog):
            dialog.look.stop()
            dialog.deleteLater()
    qtbot.waitUntil(lambda: not tasks.running, timeout=10_000)


def settle(qtbot: QtBot, dialog: ExportDialog, tasks: TaskRunner) -> None:
    qtbot.waitUntil(lambda: not dialog.look.is_waiting and not tasks.running, timeout=10_000)


def tag(session: Session, document: Document, key: str = "pledge", start: int = 18, end: int = 45) -> str:
    label = session.queries.codebook().label_by_key(key)
    return session.annotations.tag(document.id, label.id, [(start, end)]).id


class TestChoices:
    def test_of_gold_what_is_approved_is_offered(self, opened: Open, session: Session, document: Document) -> None:
        tag(session, document)
        session.documents.set_status(document.id, "done")
        session.review.approve(document.id)
        dialog = opened()
        assert dialog.layer.currentText().startswith("gold")
        assert dialog.recipe().selection.statuses == ("approved",)
        assert not dialog.documents.is_narrowed
        dialog.layer.setCurrentIndex(dialog.layer.findData("all"))
        assert dialog.recipe().selection.statuses is None

    def test_asks_for_what_is_chosen(
        self, opened: Open, qtbot: QtBot, session: Session, document: Document, tmp_path: Path
    ) -> None:
        tag(session, document)
        dialog = opened()
        layer = session.datasets.choices()[0].value
        dialog.documents.statuses["new"].click()
        dialog.documents.first.line.setText("2024-05")
        dialog.documents.read_only.click()
        dialog.writing.names.click()
        dialog.writing.licence.setText("CC BY 4.0")
        dialog.splits.wanted.click()
        dialog.splits.seed.set_value(7)
        dialog.spans.labels.list.item(0).setCheckState(Qt.CheckState.Unchecked)
        with qtbot.waitSignal(dialog.export_requested) as requested:
            qtbot.mouseClick(dialog.main_button, Qt.MouseButton.LeftButton)
        keys = tuple(label.key for label in session.queries.codebook().labels[1:])
        rest = ("in_progress", "done", "returned", "approved")
        selection = Selection(layer, rest, keys, None, "2024-05", "", "drop")
        recipe = ExportRecipe("jsonl", selection, {}, True, "CC BY 4.0", SplitPlan((80, 10, 10), 7))
        assert requested.args == [ExportOptions(tmp_path / "project.jsonl", recipe)]

    def test_every_status_is_no_filter_and_names_stay_in(self, opened: Open, tmp_path: Path) -> None:
        assert opened().options() == ExportOptions(tmp_path / "project.jsonl", ExportRecipe("jsonl"))

    def test_enter_exports_the_usual_at_once(
        self, opened: Open, qtbot: QtBot, session: Session, document: Document
    ) -> None:
        tag(session, document)
        dialog = opened()
        with qtbot.waitSignal(dialog.export_requested):
            qtbot.keyClick(dialog.format, Qt.Key.Key_Return)

    def test_what_is_not_as_usual_marks_its_tab(self, opened: Open) -> None:
        dialog = opened()
        assert not [dialog.tabs.tabText(place) for place in range(4) if "•" in dialog.tabs.tabText(place)]
        dialog.documents.last.line.setText("2024")
        dialog.splits.wanted.click()
        marked = [place for place in range(4) if "•" in dialog.tabs.tabText(place)]
        assert marked == [0, 3]

    def test_a_format_shows_its_options_and_gives_its_ending(self, opened: Open, tmp_path: Path) -> None:
        dialog = opened()
        dialog.format.setCurrentIndex(dialog.format.findData("csv"))
        dialog.writing.options["separator"].setCurrentIndex(1)
        assert dialog.recipe().options == {"separator": "semicolon"}
        assert dialog.options().target == tmp_path / "project.csv"

    def test_a_format_of_many_files_goes_to_a_folder(self, opened: Open, tmp_path: Path) -> None:
        dialog = opened()
        dialog.format.setCurrentIndex(dialog.format.findData("huggingface"))
        assert dialog.options().target == tmp_path / "project"
        assert not dialog.problem_now()
        (tmp_path / "project").mkdir()
        (tmp_path / "project" / "other.txt").touch()
        assert dialog.problem_now().endswith("holds other files. Name a new folder or an empty one.")
        dialog.format.setCurrentIndex(dialog.format.findData("jsonl"))
        assert dialog.options().target == tmp_path / "project.jsonl"

    def test_a_format_whose_library_is_missing_says_what_to_install(
        self, session: Session, tasks: TaskRunner, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second, *_ = session.datasets.formats()
        absent = replace(second, needs="no_such_library", extra="nlp")
        monkeypatch.setattr(session.datasets, "formats", lambda: (first, absent))
        dialog = ExportDialog(session, tmp_path, tasks)
        qtbot.addWidget(dialog)
        assert dialog.format.itemText(1) == f"{second.title}: install annotator[nlp] first"
        assert not dialog.format.model().index(1, 0).flags() & Qt.ItemFlag.ItemIsEnabled
        dialog.look.stop()

    def test_labels_and_sources_are_counted_for_the_layer(
        self, opened: Open, session: Session, document: Document
    ) -> None:
        tag(session, document)
        session.documents.paste("A text.", title="A", url="https://www.nato.int/a")
        dialog = opened()
        assert dialog.spans.labels.list.item(0).text() == "Pledge · 1"
        assert dialog.spans.sources.list.item(0).text() == "nato.int · 1"

    @pytest.mark.parametrize(
        ("target", "message"),
        [
            ("", "Name the file to write."),
            ("{folder}", "“{folder}” is a folder. Name a file in it."),
            ("{folder}/no/x.jsonl", "There is no folder “{folder}/no”. Choose another."),
            ("{folder}/project.annodb", "This is the project itself. Choose another file."),
        ],
    )
    def test_refuses_a_target_that_cannot_be(
        self, opened: Open, qtbot: QtBot, tmp_path: Path, target: str, message: str
    ) -> None:
        dialog = opened()
        dialog.file_line.line.setText(target.format(folder=tmp_path))
        with qtbot.assertNotEmitted(dialog.export_requested):
            dialog.accept()
        assert dialog.problem.text() == message.format(folder=tmp_path)

    def test_says_beforehand_that_it_replaces_a_file(self, opened: Open, tmp_path: Path) -> None:
        dialog = opened()
        assert not dialog.file_line.replaces.isVisible()
        (tmp_path / "there.jsonl").touch()
        dialog.file_line.line.setText(str(tmp_path / "there.jsonl"))
        assert dialog.file_line.replaces.isVisible()
        assert dialog.main_button.text() == "Export and replace"
        dialog.file_line.line.setText(str(tmp_path / "not there.jsonl"))
        assert not dialog.file_line.replaces.isVisible()
        assert dialog.main_button.text() == "Export"

    def test_says_what_cannot_be(self, opened: Open, qtbot: QtBot) -> None:
        dialog = opened()
        for box in dialog.documents.statuses.values():
            box.click()
        with qtbot.assertNotEmitted(dialog.export_requested):
            dialog.accept()
        assert dialog.problem.text() == "Choose at least one status."
        dialog.documents.tick(None)
        dialog.spans.labels.all_box.click()
        dialog.accept()
        assert dialog.problem.text() == "Choose at least one label."
        dialog.spans.labels.all_box.click()
        dialog.splits.wanted.click()
        dialog.splits.shares[0].set_value(70)
        dialog.accept()
        assert dialog.problem.text() == "The shares add up to 90 %. Make it 100 %."
        assert dialog.preview.lines.toPlainText() == dialog.problem.text()


class TestPreview:
    def test_shows_what_would_go_out(
        self, opened: Open, qtbot: QtBot, session: Session, tasks: TaskRunner, document: Document
    ) -> None:
        tag(session, document)
        dialog = opened()
        assert dialog.preview.figures.texts() == ["1", "1"]
        assert "18–45 pledge “We will provide air defence”" in dialog.preview.lines.toPlainText()
        dialog.documents.statuses["in_progress"].click()
        settle(qtbot, dialog, tasks)
        assert dialog.preview.figures.texts()[0] == "0"
        assert dialog.preview.lines.toPlainText().startswith("No document goes out")

    def test_says_that_nothing_is_tagged(self, opened: Open, document: Document) -> None:
        assert opened().preview.lines.toPlainText().startswith("Nothing is tagged")

    def test_counts_what_the_chosen_format_loses(
        self, opened: Open, qtbot: QtBot, session: Session, tasks: TaskRunner, document: Document
    ) -> None:
        one, other = tag(session, document), tag(session, document, "condition", 46, 71)
        session.relations.relate(other, "conditions", one)
        dialog = opened()
        assert dialog.preview.losses.texts() == ["Nothing is lost."]
        dialog.format.setCurrentIndex(dialog.format.findData("doccano"))
        dialog.writing.options["form"].setCurrentIndex(1)
        settle(qtbot, dialog, tasks)
        assert any(text.startswith("relations") for text in dialog.preview.losses.texts())

    def test_names_what_the_format_can_never_hold(self, opened: Open) -> None:
        assert "history of changes" in opened().writing.losses.text()

    def test_tells_sides_and_what_stays_together(
        self, opened: Open, qtbot: QtBot, session: Session, tasks: TaskRunner
    ) -> None:
        shared = "We will stand by our partners for as long as it takes, whatever it costs."
        for number in range(6):
            text = f"Text {number}. " + (shared if number < 3 else OTHERS[number - 3])
            add_document(session, text, f"Document {number}")
        dialog = opened()
        dialog.splits.wanted.click()
        settle(qtbot, dialog, tasks)
        assert "3 documents in 1 group " in dialog.splits.together.text()
        assert "the largest has 3 documents" in dialog.splits.together.text()
        assert dialog.splits.outcome.text() == dialog.preview.sides.text() != ""

    def test_a_split_that_cannot_be_says_why(
        self, opened: Open, qtbot: QtBot, tasks: TaskRunner, document: Document
    ) -> None:
        dialog = opened()
        dialog.splits.wanted.click()
        dialog.splits.way.setCurrentIndex(1)
        settle(qtbot, dialog, tasks)
        assert "has no date" in dialog.preview.lines.toPlainText()


class TestRecipes:
    def test_one_that_is_kept_is_followed_by_its_name(
        self, opened: Open, qtbot: QtBot, session: Session, document: Document
    ) -> None:
        tag(session, document)
        dialog = opened()
        dialog.format.setCurrentIndex(dialog.format.findData("doccano"))
        dialog.splits.wanted.click()
        dialog.recipes.keep.click()
        dialog.naming.accept()
        assert dialog.naming.problem.text() == "A recipe needs a name. Type one."
        dialog.naming.name.setText("Training")
        dialog.naming.accept()
        (record,) = session.recipes.all()
        assert record.content["format"] == "doccano"
        assert dialog.options().kept_as == "Training"
        session.recipes.freeze("Training", {document.id: "test"})
        later = opened()
        later.recipes.box.setCurrentIndex(later.recipes.box.findData(record.id))
        later.recipes.box.activated.emit(later.recipes.box.currentIndex())
        assert later.options().kept_as == "Training"
        assert later.recipe().assigned == {document.id: "test"}
        later.format.setCurrentIndex(later.format.findData("csv"))
        assert later.options().kept_as == ""
        assert later.recipe().assigned == {document.id: "test"}
        later.splits.seed.set_value(5)
        assert later.recipe().assigned == {}

    def test_one_can_be_deleted(self, opened: Open, session: Session, document: Document) -> None:
        tag(session, document)
        record = session.recipes.save("Old", ExportRecipe("csv"))
        dialog = opened()
        dialog.recipes.box.setCurrentIndex(dialog.recipes.box.findData(record.id))
        dialog.recipes.box.activated.emit(dialog.recipes.box.currentIndex())
        assert dialog.format.currentData() == "csv"
        dialog.recipes.delete.click()
        assert session.recipes.all() == []
        assert dialog.recipes.current() == USUAL

    def test_the_last_choice_is_offered_first(self, opened: Open, session: Session, document: Document) -> None:
        tag(session, document)
        last = ExportRecipe("csv", Selection(None, ("done",), ("pledge",), None, "2020"), {"use": "programs"})
        dialog = opened(last)
        assert dialog.recipe() == replace(last, selection=replace(last.selection, layer=dialog.layer.currentData()))
        dialog.recipes.box.setCurrentIndex(dialog.recipes.box.findData(USUAL))
        dialog.recipes.box.activated.emit(dialog.recipes.box.currentIndex())
        assert dialog.recipe() == ExportRecipe("jsonl", Selection(dialog.layer.currentData()))


class TestResult:
    def test_stays_open_while_it_runs_and_asks_once_to_stop(self, opened: Open, qtbot: QtBot) -> None:
        dialog = opened()
        asked: list[bool] = []
        dialog.cancel_requested.connect(lambda: asked.append(True))
        dialog.accept()
        dialog.show_progress(2, 5, "A communiqué")
        assert (dialog.progress_page.bar.value(), dialog.progress_page.bar.maximum()) == (2, 5)
        dialog.close()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        assert asked == [True]
        dialog.show_cancelled()
        assert dialog.problem.text() == "Cancelled: nothing was written."

    def test_goes_back_with_the_reason_of_a_failure(self, opened: Open) -> None:
        dialog = opened()
        dialog.accept()
        dialog.show_error("The disk is full.")
        assert dialog.pages.currentIndex() == 0
        assert dialog.problem.text() == "The disk is full."
        assert dialog.main_button.isVisible()

    def test_shows_files_and_hash_and_their_folder(
        self,
        opened: Open,
        qtbot: QtBot,
        session: Session,
        document: Document,
        tmp_path: Path,
        file_manager: FolderOpener,
    ) -> None:
        tag(session, document)
        dialog = opened()
        dialog.splits.wanted.click()
        options = dialog.options()
        result = session.datasets.export_recipe(options.target, options.recipe)
        dialog.show_result(result)
        page = dialog.result_page
        assert page.figures.texts() == ["1", "1", "0"]
        assert page.hash.text() == result.sha256
        assert page.verdict.property("state") == "success"
        assert page.sides.text() == "train 1 · validate 0 · test 0"
        assert page.losses.texts() == ["Nothing is lost."]
        assert not page.compare.isVisible()
        shown = {label.accessibleName() for label in page.findChildren(QLabel)}
        assert {str(file) for file in result.files} <= shown
        qtbot.mouseClick(page.show_folder, Qt.MouseButton.LeftButton)
        assert file_manager.opened == [str(tmp_path)]

    def test_a_second_export_can_be_compared_with_the_first(
        self, opened: Open, qtbot: QtBot, session: Session, document: Document, tmp_path: Path
    ) -> None:
        tag(session, document)
        session.datasets.export(tmp_path / "one.jsonl")
        tag(session, document, "condition", 46, 71)
        dialog = opened()
        dialog.show_result(session.datasets.export(tmp_path / "two.jsonl"))
        with qtbot.waitSignal(dialog.compare_wanted):
            dialog.result_page.compare.click()


def test_what_was_chosen_last_is_kept_for_the_project(
    window: MainWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    verbs: DatasetVerbs = window.parts.datasets
    session = window.projects.session
    assert session is not None
    verbs.export()
    dialog = verbs.export_dialog
    assert dialog is not None
    dialog.format.setCurrentIndex(dialog.format.findData("doccano"))
    dialog.file_line.line.setText(str(tmp_path / "a.jsonl"))
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.result_page, timeout=20_000)
    dialog.close()
    kept = json.loads(settings.exports[session.queries.project().id])
    assert kept["format"] == "doccano"
    verbs.export()
    later = verbs.export_dialog
    assert later is not None and later.format.currentData() == "doccano"
    settings.exports[session.queries.project().id] = '{"format": 3'
    later.close()
    verbs.export()
    assert verbs.export_dialog is not None and verbs.export_dialog.format.currentData() == "jsonl"
