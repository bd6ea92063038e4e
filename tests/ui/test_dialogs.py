"""The dialogs: what they hand over, and what they say when something is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from annotator.analysis.consistency.facts import Finding
from annotator.core.errors import CodebookError, DocumentReadError
from annotator.core.records import DiaryEntry, Document
from annotator.core.report import PageBlock
from annotator.core.structure import Structure
from annotator.formats.codebooks import default_codebook, read_codebook
from annotator.session.conflict_rows import ConflictRow, ConflictSide
from annotator.session.importing import Failure
from annotator.session.merging import DocumentMerge, FileMerge, MergeReport
from annotator.session.packages import HandInReport, Recipient, UnfinishedDocument
from annotator.session.precedents import DigestDocument, DigestEntry
from annotator.session.progress import Cancel, no_progress
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.dialogs.about import AboutDialog, libraries
from annotator.ui.dialogs.about_project import AboutProjectDialog
from annotator.ui.dialogs.accept_agreed import AcceptAgreedDialog
from annotator.ui.dialogs.agreement import AgreementDialog
from annotator.ui.dialogs.attribute_pass import AttributePassDialog
from annotator.ui.dialogs.codebook.merge_label import MergeLabelDialog
from annotator.ui.dialogs.codebook.pick_example import PickExampleDialog
from annotator.ui.dialogs.codebook_editor import CodebookEditor
from annotator.ui.dialogs.compare_versions import CompareVersionsDialog
from annotator.ui.dialogs.conflicts import ConflictsDialog
from annotator.ui.dialogs.corpus_dates import CorpusDatesDialog
from annotator.ui.dialogs.corpus_note import CorpusNoteDialog
from annotator.ui.dialogs.correct_text import CorrectTextDialog
from annotator.ui.dialogs.dates import is_iso_date
from annotator.ui.dialogs.digest import DigestDialog
from annotator.ui.dialogs.document import DocumentDialog
from annotator.ui.dialogs.entities import EntitiesDialog
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.export_recipes import KeepRecipeDialog
from annotator.ui.dialogs.hand_in import HandInDialog
from annotator.ui.dialogs.import_dialog import ImportDialog
from annotator.ui.dialogs.issue_packages import IssuePackagesDialog
from annotator.ui.dialogs.keys import KeysDialog
from annotator.ui.dialogs.load import LoadDialog
from annotator.ui.dialogs.merge_entities import MergeEntitiesDialog
from annotator.ui.dialogs.merge_files import MergeDialog
from annotator.ui.dialogs.new_project import NewProjectDialog, file_name_for
from annotator.ui.dialogs.new_version import NewVersionDialog
from annotator.ui.dialogs.note import NoteDialog
from annotator.ui.dialogs.notes import NotesDialog
from annotator.ui.dialogs.parts import Dialog
from annotator.ui.dialogs.paste import SHOWN_CHARACTERS, PasteDialog, first_line
from annotator.ui.dialogs.people import PeopleDialog
from annotator.ui.dialogs.recheck import RecheckDialog
from annotator.ui.dialogs.releases import ReleasesDialog
from annotator.ui.dialogs.report import ReportDialog
from annotator.ui.dialogs.return_document import ReturnDocumentDialog
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.load_work import LabelledFile, examine
from annotator.ui.models.attribute_grid import Arrangement
from annotator.ui.models.open_document import OpenDocument
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import load_theme
from tests.support import PERSON

D = TypeVar("D", bound=Dialog)


class Opening:
    """Opens dialogs as the window does, and closes those that the test leaves open."""

    def __init__(self) -> None:
        self._opened: list[Dialog] = []

    def __call__(self, dialog: D) -> D:
        self._opened.append(dialog)
        dialog.open()
        return dialog

    def close(self) -> None:
        for dialog in self._opened:
            if isValid(dialog):
                dialog.deleteLater()


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opening]:
    opening = Opening()
    yield opening
    opening.close()


def carried(signal: Any) -> list[Any]:
    """Return what a signal that was waited for carried."""
    return list(signal.args)


def any_codebook(file: Path | None):
    return default_codebook() if file is None else read_codebook(file)


class TestNewProject:
    def test_hands_over_path_codebook_and_title(self, opened: Opening, qtbot: QtBot, tmp_path: Path) -> None:
        dialog = opened(NewProjectDialog(tmp_path, any_codebook))
        qtbot.keyClicks(dialog.title, "Vilnius: summit 2023")
        with qtbot.waitSignal(dialog.chosen) as chosen:
            qtbot.keyClick(dialog.title, Qt.Key.Key_Return)
        assert chosen.args == [tmp_path / "Vilnius summit 2023.annodb", None, "Vilnius: summit 2023"]

    def test_shows_the_labels_of_the_codebook(self, opened: Opening, tmp_path: Path) -> None:
        dialog = opened(NewProjectDialog(tmp_path, any_codebook))
        shown = [dialog.dots.item(row).text() for row in range(dialog.dots.count())]
        assert shown == [label.name for label in default_codebook().labels]

    def test_asks_for_a_title(self, opened: Opening, qtbot: QtBot, tmp_path: Path) -> None:
        dialog = opened(NewProjectDialog(tmp_path, any_codebook))
        with qtbot.assertNotEmitted(dialog.chosen):
            dialog.accept()
        assert dialog.problem.text() == "Type a title for the project."
        assert dialog.isVisible()
        qtbot.keyClicks(dialog.title, "A")
        assert dialog.problem.isHidden()

    @pytest.mark.parametrize("name", ["a/b", "what?", "CON", ".hidden", "я" * 150, "nul.txt", "tab\there"])
    def test_refuses_bad_file_names(self, opened: Opening, qtbot: QtBot, tmp_path: Path, name: str) -> None:
        dialog = opened(NewProjectDialog(tmp_path, any_codebook))
        dialog.title.setText("A title")
        dialog.file_name.setText(name)
        with qtbot.assertNotEmitted(dialog.chosen):
            dialog.accept()
        assert dialog.problem.text()
        assert dialog.file_name.property("state") == "error"

    def test_refuses_a_name_that_is_taken(self, opened: Opening, qtbot: QtBot, tmp_path: Path) -> None:
        (tmp_path / "Taken.annodb").write_bytes(b"")
        dialog = opened(NewProjectDialog(tmp_path, any_codebook))
        qtbot.keyClicks(dialog.title, "Taken")
        with qtbot.assertNotEmitted(dialog.chosen):
            dialog.accept()
        assert "“Taken.annodb” is already in this folder" in dialog.problem.text()

    def test_takes_a_folder_that_is_not_there_yet_and_no_file_for_one(
        self, opened: Opening, qtbot: QtBot, tmp_path: Path
    ) -> None:
        file = tmp_path / "file"
        file.write_text("x")
        dialog = opened(NewProjectDialog(file / "below", any_codebook))
        qtbot.keyClicks(dialog.title, "A")
        dialog.accept()
        assert "Nothing can be written" in dialog.problem.text()
        dialog.set_folder(str(tmp_path / "new"))
        with qtbot.waitSignal(dialog.chosen) as chosen:
            dialog.accept()
        assert carried(chosen)[0] == tmp_path / "new" / "A.annodb"

    def test_a_codebook_file_is_read_before_it_is_taken(self, opened: Opening, qtbot: QtBot, tmp_path: Path) -> None:
        broken = tmp_path / "broken.toml"
        broken.write_text("labels = [")
        dialog = opened(NewProjectDialog(tmp_path, any_codebook))
        dialog.set_codebook_file(str(broken))
        assert str(broken) in dialog.problem.text()
        assert dialog.shipped.isChecked()
        qtbot.keyClicks(dialog.title, "A")
        with qtbot.waitSignal(dialog.chosen) as chosen:
            dialog.accept()
        assert carried(chosen)[1] is None

    def test_a_codebook_file_goes_out_with_the_project(self, opened: Opening, qtbot: QtBot, tmp_path: Path) -> None:
        own = replace(default_codebook(), name="Our own", labels=default_codebook().labels[:1])

        def read(file: Path | None):
            if file is None:
                return default_codebook()
            if file.name != "own.toml":
                raise CodebookError("no")
            return own

        dialog = opened(NewProjectDialog(tmp_path, read))
        dialog.set_codebook_file("/books/own.toml")
        assert dialog.dots.count() == 1
        assert dialog.summary.text().startswith("Our own, version 1")
        qtbot.keyClicks(dialog.title, "A")
        with qtbot.waitSignal(dialog.chosen) as chosen:
            dialog.accept()
        assert carried(chosen)[1] == Path("/books/own.toml")

    @pytest.mark.parametrize(
        ("title", "name"),
        [("  a / b: c  ", "a b c"), ("...", ""), ("Комюніке", "Комюніке"), ("x" * 300, "x" * 200), ("a\0b", "a b")],
    )
    def test_file_names_follow_titles(self, title: str, name: str) -> None:
        assert file_name_for(title) == name


class TestPaste:
    def test_hands_over_the_text_as_it_came(self, opened: Opening, qtbot: QtBot) -> None:
        text = "\n  A title\u00a0here \nnext\u2028line\u2029para\r\n\u00a0\U0001f1fa\U0001f1e6"
        dialog = opened(PasteDialog(text))
        dialog.date.line.setText("2024-05")
        dialog.url.setText(" https://example.org/a ")
        with qtbot.waitSignal(dialog.accepted_document) as added:
            qtbot.keyClick(dialog.title, Qt.Key.Key_Return)
        assert added.args == [text, "A title here", "2024-05", "https://example.org/a"]

    def test_a_corrected_text_keeps_its_special_spaces(self, opened: Opening, qtbot: QtBot) -> None:
        dialog = opened(PasteDialog("one\u00a0two\nthree"))
        dialog.text.moveCursor(dialog.text.textCursor().MoveOperation.End)
        qtbot.keyClicks(dialog.text, "!")
        with qtbot.waitSignal(dialog.accepted_document) as added:
            dialog.accept()
        assert carried(added)[0] == "one\u00a0two\nthree!"

    @pytest.mark.parametrize(
        ("text", "title", "date", "message"),
        [
            (" \n", "T", "", "There is no text. Type or paste it above."),
            ("x", " ", "", "Type a title for the document."),
            ("x", "T", "31.5.2024", "Write the date as 2024-05-16, 2024-05 or 2024, or leave it empty."),
            ("x", "T", "2024-02-30", "Write the date as 2024-05-16, 2024-05 or 2024, or leave it empty."),
        ],
    )
    def test_says_what_is_missing(
        self, opened: Opening, qtbot: QtBot, text: str, title: str, date: str, message: str
    ) -> None:
        dialog = opened(PasteDialog(text))
        dialog.title.setText(title)
        dialog.date.line.setText(date)
        with qtbot.assertNotEmitted(dialog.accepted_document):
            dialog.accept()
        assert dialog.problem.text() == message

    def test_a_run_without_spaces_is_cut_for_the_eye_only(self, opened: Opening, qtbot: QtBot) -> None:
        text = "x" * 100_000
        dialog = opened(PasteDialog(text))
        assert dialog.text.isReadOnly()
        assert len(dialog.text.toPlainText()) == SHOWN_CHARACTERS
        with qtbot.waitSignal(dialog.accepted_document) as added:
            dialog.accept()
        assert carried(added)[0] == text

    def test_the_title_follows_the_text_until_it_is_written(self, opened: Opening) -> None:
        dialog = opened(PasteDialog(""))
        dialog.text.setPlainText("First line\nsecond")
        assert dialog.title.text() == "First line"
        dialog.title.setText("Mine")
        dialog.text.setPlainText("Another")
        assert dialog.title.text() == "Mine"
        assert first_line("\n" + "w " * 200).endswith("…")

    @pytest.mark.parametrize("text", ["2024", "2024-12", "2024-02-29"])
    def test_takes_iso_dates(self, text: str) -> None:
        assert is_iso_date(text)

    @pytest.mark.parametrize(
        "text", ["20240516", "2023-02-29", "2024-13", "2024-W01-1", "0000", "24-05-16", "2024-5-1"]
    )
    def test_takes_nothing_else(self, text: str) -> None:
        assert not is_iso_date(text)


class TestDocument:
    def test_hands_over_only_what_changed(self, opened: Opening, qtbot: QtBot, document: Document) -> None:
        dialog = opened(DocumentDialog(document))
        dialog.title.setText("Заява саміту")
        dialog.date.line.setText("2024-05-16")
        with qtbot.waitSignal(dialog.described) as described:
            dialog.accept()
        assert described.args == [document.id, {"title": "Заява саміту", "date": "2024-05-16"}, {}]

    def test_says_nothing_where_nothing_changed(self, opened: Opening, qtbot: QtBot, document: Document) -> None:
        dialog = opened(DocumentDialog(document))
        with qtbot.assertNotEmitted(dialog.described):
            dialog.accept()
        assert not dialog.isVisible()

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("title", " ", "A document needs a title. Type one."),
            ("language", "English!", "Write the language as a code such as en, uk or pt-BR, or leave it empty."),
        ],
    )
    def test_refuses_what_does_not_fit(
        self, opened: Opening, qtbot: QtBot, document: Document, field: str, value: str, message: str
    ) -> None:
        dialog = opened(DocumentDialog(document))
        getattr(dialog, field).setText(value)
        with qtbot.assertNotEmitted(dialog.described):
            dialog.accept()
        assert dialog.problem.text() == message

    def test_keeps_a_date_that_was_there_and_is_no_iso_date(
        self, opened: Opening, qtbot: QtBot, document: Document
    ) -> None:
        dialog = opened(DocumentDialog(replace(document, date="spring 2024")))
        dialog.url.setText("x:y")
        with qtbot.waitSignal(dialog.described) as described:
            dialog.accept()
        assert carried(described)[1] == {"url": "x:y"}

    def test_names_the_version_of_a_corrected_text_only(self, opened: Opening, document: Document) -> None:
        def facts(dialog: DocumentDialog) -> set[str]:
            return {label.accessibleName() for label in dialog.findChildren(QLabel)}

        corrected = opened(DocumentDialog(replace(document, supersedes="x"), version=2))
        assert "Version: 2 (corrected)" in facts(corrected)
        assert not any(fact.startswith("Version") for fact in facts(opened(DocumentDialog(document))))

    def test_shows_metadata_as_text(self, opened: Opening, document: Document) -> None:
        dialog = opened(DocumentDialog(replace(document, metadata={"author": "<b>A</b>", "tags": ["x", "ї"]})))
        texts = {label.text() for label in dialog.findChildren(QLabel)}
        assert {"<b>A</b>", '["x", "ї"]', f"{document.characters}"} <= texts


def test_keys_are_searched_by_key_and_by_meaning(opened: Opening, qtbot: QtBot) -> None:
    groups = [("Edit", [("Ctrl+Z", "Undo"), ("Ctrl+F", "Find")]), ("Text", [("1", "Tag as Pledge")]), ("None", [])]
    dialog = opened(KeysDialog(groups))
    assert len(dialog.visible_keys()) == 3
    dialog.search.setText("ctrl undo")
    assert dialog.visible_keys() == [("Ctrl+Z", "Undo")]
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, "tag ple")
    assert dialog.visible_keys() == [("1", "Tag as Pledge")]
    dialog.search.setText("ctrl+z")
    assert dialog.visible_keys() == [("Ctrl+Z", "Undo")]
    dialog.search.setText("nothing like it")
    assert dialog.nothing.isVisible()


def test_the_list_of_keys_is_paged_from_the_line_to_type_in(opened: Opening, qtbot: QtBot) -> None:
    dialog = opened(KeysDialog([("Edit", [(str(number), "Does something") for number in range(80)])]))
    bar = dialog._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(dialog.search, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    qtbot.keyClick(dialog.search, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_about_names_every_library_with_a_licence(opened: Opening) -> None:
    dialog = opened(AboutDialog())
    names = {library.name for library in libraries()}
    assert {"Python", "peewee", "pydantic", "typer"} <= names
    assert not [library for library in libraries() if library.licence == "–"]
    assert dialog.table.topLevelItemCount() == len(libraries())


class TestSettings:
    def test_hands_over_new_settings_and_leaves_the_old_ones(self, opened: Opening, qtbot: QtBot) -> None:
        before = Settings(annotator_id="i", annotator_name="Analyst A", recent=["x"], reading_size=12.5)
        dialog = opened(SettingsDialog(before))
        dialog.name.setText("Analyst B")
        dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
        dialog.line_height.set_value(1.8)
        dialog.columns.set_value(66)
        with qtbot.waitSignal(dialog.changed) as changed:
            dialog.accept()
        assert changed.args == [
            replace(before, annotator_name="Analyst B", theme="dark", reading_line_height=1.8, reading_columns=66)
        ]
        assert before.theme == "system"

    def test_a_size_that_is_not_listed_stays(self, opened: Opening, qtbot: QtBot) -> None:
        dialog = opened(SettingsDialog(Settings(annotator_name="A", reading_size=12.5, reading_columns=71)))
        with qtbot.assertNotEmitted(dialog.changed):
            dialog.accept()

    def test_asks_for_a_name(self, opened: Opening, qtbot: QtBot) -> None:
        dialog = opened(SettingsDialog(Settings(annotator_name="A")))
        dialog.name.setText("  ")
        with qtbot.assertNotEmitted(dialog.changed):
            dialog.accept()
        assert dialog.problem.text() == "Type the name under which you annotate."


@pytest.fixture
def import_dialog(session: Session) -> Iterator[ImportDialog]:
    tasks = TaskRunner()
    dialog = ImportDialog(session, tasks, load_theme("light"), Settings())
    dialog.model.take([Failure("<i>x</i>", DocumentReadError("<b>no</b>"))])
    yield dialog
    tasks.close()


@pytest.fixture
def correct_dialog(document: Document) -> Iterator[CorrectTextDialog]:
    tasks = TaskRunner()
    titled = replace(document, title="<b>title</b>")
    yield CorrectTextDialog(titled, "<i>text</i>", Structure(), [], tasks, load_theme("light"))
    tasks.close()


@pytest.fixture
def version_dialogs(session: Session, document: Document) -> Iterator[list[Dialog]]:
    tasks, theme = TaskRunner(), load_theme("light")
    titled = replace(document, title="<b>Title</b>")
    yield [
        NewVersionDialog(session, titled, tasks, theme, ""),
        CompareVersionsDialog(session, titled, [titled], tasks, theme),
        AgreementDialog(session, tasks),
        PeopleDialog(session, tasks, theme),
    ]
    tasks.close()


@pytest.fixture
def value_dialogs(session: Session, document: Document) -> list[Dialog]:
    label = session.queries.codebook().labels[0]
    layer = session.annotations.tag(document.id, label.id, [(0, 6)], {"speaker": "<b>x</b>"}).layer
    session.entities.create("<i>NATO</i>", ["<u>the alliance</u>"])
    entities = session.queries.entities()
    shown = OpenDocument()
    shown.set_session(session)
    shown.open(document.id)
    return [
        AttributePassDialog(shown, [layer], list, load_theme("light"), Arrangement()),
        EntitiesDialog(entities),
        MergeEntitiesDialog(entities[0], entities[1:]),
    ]


@pytest.fixture
def codebook_dialogs(session: Session) -> list[Dialog]:
    codebook = default_codebook()
    labels = [replace(label, name=f"<b>{label.name}</b>") for label in codebook.labels]
    return [
        CodebookEditor(codebook, {}, {}, session.queries.codebook_versions(), session.queries.label_quotes),
        MergeLabelDialog(labels[0], labels[1:], 3),
        PickExampleDialog("<i>Pledge</i>", ["<b>one</b>", "two"]),
        RecheckDialog([], labels),
    ]


@pytest.fixture
def dataset_dialogs(session: Session, document: Document, tmp_path: Path) -> Iterator[list[Dialog]]:
    tasks = TaskRunner()
    file = tmp_path / "<b>labels.jsonl"
    file.write_text('{"text": "We will help.", "label": [[0, 7, "<i>Pledge</i>"], [50, 60, "<u>x</u>"]]}\n')
    loading = LoadDialog(session)
    loading.add_files([str(file)])
    loading.show_examined(examine(session, [LabelledFile(file)], no_progress, Cancel()))
    for number in range(2):
        session.annotations.tag(document.id, session.queries.codebook().labels[number].id, [(number, 6)])
        session.datasets.export(tmp_path / f"{number}.jsonl")
    yield [
        ExportDialog(session, tmp_path, tasks),
        KeepRecipeDialog("<b>Name</b>"),
        loading,
        ReleasesDialog(session, tasks),
    ]
    tasks.close()


@pytest.fixture
def every_dialog(
    session: Session,
    document: Document,
    tmp_path: Path,
    import_dialog: ImportDialog,
    correct_dialog: CorrectTextDialog,
    version_dialogs: list[Dialog],
    value_dialogs: list[Dialog],
    codebook_dialogs: list[Dialog],
    dataset_dialogs: list[Dialog],
) -> list[Dialog]:
    return [
        *codebook_dialogs,
        *version_dialogs,
        *value_dialogs,
        NewProjectDialog(tmp_path, any_codebook),
        *dataset_dialogs,
        PasteDialog("<b>text</b>"),
        import_dialog,
        DocumentDialog(document),
        correct_dialog,
        KeysDialog([("<b>Edit</b>", [("1", "<i>Tag</i>")])]),
        AboutDialog(),
        SettingsDialog(Settings(annotator_name="A")),
        NoteDialog("<b>Note</b>", "<i>Title</i>", body="**x**", others=[("<u>A</u>", "<b>y</b>")], people=["A"]),
        NotesDialog("nobody"),
        ReportDialog(session, replace(document, title="<b>Title</b>"), tmp_path),
        about_project_dialog(tmp_path),
        IssuePackagesDialog([Recipient(PERSON.id, "<b>A</b>", 3, 1)], tmp_path),
        hand_in_dialog(tmp_path, document),
        MergeDialog([tmp_path / "<b>a</b>.annoreturn"]),
        merge_dialog(tmp_path, document),
        AcceptAgreedDialog(4),
        CorpusNoteDialog("<b>Note on 2 spans</b>", "<i>Below</i>", "Write"),
        CorpusDatesDialog(),
        ReturnDocumentDialog("<b>Title</b>", [("a", "<b>A</b>")]),
        DigestDialog([digest_document(document)]),
        ConflictsDialog([conflict(document), replace(conflict(document), row="other", waits=True)]),
    ]


def about_project_dialog(folder: Path) -> AboutProjectDialog:
    dialog = AboutProjectDialog(str(folder / "about.html"), editable=True)
    dialog.show_page([PageBlock("heading", "<b>About</b>", 1), PageBlock("note", "<i>Purpose</i>")])
    dialog.show_written("<i>Purpose</i>", [DiaryEntry("1", PERSON.id, "2030-01-01T00:00:00Z", "<u>Entry</u>")])
    return dialog


def digest_document(document: Document) -> DigestDocument:
    entry = DigestEntry("d", 0, 3, (("<b>Pledge</b>", "<i>We</i>"),), (), True, "<b>Cut</b>", "<u>Lead</u>")
    return DigestDocument(document.id, "<b>Title</b>", (entry, replace(entry, differs=False)), "<b>Note</b>")


def test_the_digest_shows_what_differs_and_goes_there(opened: Opening, qtbot: QtBot, document: Document) -> None:
    dialog = opened(DigestDialog([digest_document(document)]))
    assert [link.text() for link in dialog.links()] == ["You: <b>Pledge</b> “<i>We</i>”\nGold: nothing"]
    with qtbot.waitSignal(dialog.place_wanted) as wanted:
        dialog.links()[0].activated.emit()
    assert carried(wanted) == [document.id, 0]


def test_accepting_says_how_many_cases_each_rule_decides(opened: Opening, qtbot: QtBot) -> None:
    dialog = opened(AcceptAgreedDialog(3))
    assert not dialog.accept_button.isEnabled()
    dialog.show_counts({0: 1, 2: 1200})
    assert dialog.accept_button.text() == "Accept 1 case"
    dialog.rules[2].click()
    assert dialog.accept_button.text() == "Accept 1\N{NARROW NO-BREAK SPACE}200 cases"
    with qtbot.waitSignal(dialog.accepted_rule) as rule:
        dialog.accept_button.click()
    assert carried(rule) == [2]


def test_returning_needs_somebody(opened: Opening, qtbot: QtBot) -> None:
    dialog = opened(ReturnDocumentDialog("Title", []))
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog.accept()
    assert dialog.problem.text()


def hand_in_dialog(folder: Path, document: Document) -> HandInDialog:
    dialog = HandInDialog(folder)
    unfinished = UnfinishedDocument(document.id, "<b>Title</b>", "new")
    finding = Finding("duplicate", document.id, "", None, "<i>Twice</i>", quote="<b>quote</b>", title="<b>Title</b>")
    dialog.show_report(HandInReport(1, (unfinished,), (finding,), 1))
    return dialog


def merge_dialog(folder: Path, document: Document) -> MergeDialog:
    dialog = MergeDialog([folder / "a.annoreturn"], updates=True)
    files = (
        FileMerge(folder / "a.annoreturn", None, "<b>A</b>", 3, 1, 1, {"note": 1}),
        FileMerge(folder / "b.annoreturn", refused="<b>No</b>"),
    )
    dialog.show_preview(MergeReport(files, (DocumentMerge(document.id, "<b>Title</b>", 1, 0, 0, 0, 1),)))
    return dialog


def conflict(document: Document) -> ConflictRow:
    sides = (
        ConflictSide("1", "<b>A</b>", "2030-01-01T00:00:00Z", False, (("body", "<i>text</i>"), ("status", "done"))),
        ConflictSide("2", "", "2030-01-01T00:00:00Z", True, ()),
    )
    return ConflictRow("row", "annotation", "<b>about</b>", document.id, "<b>Title</b>", 3, False, sides)


def test_every_dialog_is_plain_named_and_closes_with_esc(
    opened: Opening, qtbot: QtBot, every_dialog: list[Dialog]
) -> None:
    for dialog in every_dialog:
        opened(dialog)
        labels = [label for label in dialog.findChildren(QLabel) if label.text()]
        assert labels
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels), dialog
        assert dialog.windowTitle()
        size = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
        assert size.width() <= 1024
        assert size.height() <= 600, dialog
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible(), dialog


def test_no_letter_of_a_dialog_leads_to_two_places(opened: Opening, every_dialog: list[Dialog]) -> None:
    for dialog in every_dialog:
        opened(dialog)
        named = [*dialog.findChildren(QAbstractButton), *dialog.findChildren(QLabel)]
        letters = [QKeySequence.mnemonic(part.text()).toString() for part in named if part.isVisible()]
        used = [letter for letter in letters if letter]
        assert len(used) == len(set(used)), (dialog, used)


def test_every_dialog_is_within_the_screen(opened: Opening, every_dialog: list[Dialog]) -> None:
    for dialog in every_dialog:
        opened(dialog)
        room = dialog.screen().availableGeometry()
        assert dialog.width() <= room.width() and dialog.height() < room.height(), dialog


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_enter_presses_the_button_that_has_the_focus_and_else_the_main_one(opened: Opening, qtbot: QtBot) -> None:
    dialog = Dialog()
    pressed: list[str] = []
    main, side = dialog.add_main_button("Main"), dialog.add_side_button("Side")
    main.clicked.connect(lambda: pressed.append("main"))
    side.clicked.connect(lambda: pressed.append("side"))
    opened(dialog)
    side.setFocus()
    qtbot.keyClick(side, Qt.Key.Key_Return)
    assert pressed == ["side"] and dialog.isVisible()
    side.clearFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_Enter)
    assert pressed == ["side", "main"] and not dialog.isVisible()
