"""Hand-off files in the window: issuing, handing in, merging, updating, resolving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from annotator.core.records import Annotation
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.dialogs.codebook_editor import CodebookEditor
from annotator.ui.dialogs.conflicts import ConflictsDialog
from annotator.ui.dialogs.digest import DigestDialog
from annotator.ui.main_window import MainWindow
from tests.session.package_stage import LEAD, PERSON, Team, assign, make_team

NewWindow = Callable[..., MainWindow]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path)


@pytest.fixture
def lead_window(team: Team, new_window: NewWindow) -> MainWindow:
    return new_window(team.path, as_lead())


def as_lead() -> Settings:
    return Settings(annotator_id=LEAD.id, annotator_name=LEAD.name, theme="light")


def session_of(window: MainWindow) -> Session:
    assert window.projects.session is not None
    return window.projects.session


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)


def worked_in(team: Team, package: Path, back: Path) -> str:
    with Session(package, PERSON) as session:
        span = session.annotations.tag(team.second.id, team.labels["pledge"], [(13, 36)], {"speaker": "The bloc"})
        session.packages.hand_in(back)
        return span.id


class Opener(QObject):
    """Stands in for the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def opener() -> Iterator[Opener]:
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")  # pyright: ignore[reportArgumentType] - a str in fact
    yield opener
    QDesktopServices.unsetUrlHandler("file")


class TestIssuing:
    def test_one_file_for_each_who_is_ticked(
        self, team: Team, lead_window: MainWindow, qtbot: QtBot, tmp_path: Path, opener: Opener
    ) -> None:
        out = tmp_path / "out"
        out.mkdir()
        lead_window.actions_table["issue_packages"].trigger()
        dialog = lead_window.parts.packages.issue_dialog
        assert dialog is not None
        assert [dialog.list.item(row).text() for row in range(2)] == [
            "Analyst A · 2 documents",
            "Analyst B · 3 documents",
        ]
        dialog.list.item(1).setCheckState(Qt.CheckState.Unchecked)
        assert dialog.main_button.text() == "Make 1 package"
        dialog.folder_line.line.setText(str(out))
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        idle(qtbot, lead_window)
        assert [file.name for file in out.iterdir()] == ["Study – Analyst A.annodb"]
        assert dialog.files_page.list.item(0).text() == "Study – Analyst A.annodb"
        dialog.files_page.show_folder.click()
        assert opener.opened == [str(out)]
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        with Session(out / "Study – Analyst A.annodb", LEAD) as session:
            assert session.person == PERSON

    def test_says_why_there_is_no_package(
        self, team: Team, lead_window: MainWindow, qtbot: QtBot, tmp_path: Path
    ) -> None:
        lead_window.parts.packages.issue()
        dialog = lead_window.parts.packages.issue_dialog
        assert dialog is not None
        dialog.folder_line.line.setText(str(tmp_path / "nowhere"))
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        assert dialog.problem.text().startswith("There is no folder")
        dialog.folder_line.line.setText(str(tmp_path / "Study backups"))
        (tmp_path / "Study backups").mkdir(exist_ok=True)
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        idle(qtbot, lead_window)
        assert "is for backups" in dialog.problem.text()
        assert dialog.main_button.isVisible()

    def test_nobody_to_issue_to(self, project_path: Path, new_window: NewWindow) -> None:
        window = new_window(project_path)
        window.parts.packages.issue()
        dialog = window.parts.packages.issue_dialog
        assert dialog is not None
        assert dialog.nothing.isVisible()
        assert not dialog.main_button.isEnabled()

    def test_only_leads_can(self, team: Team, new_window: NewWindow) -> None:
        window = new_window(team.path)
        assert not window.actions_table["issue_packages"].isEnabled()
        assert not window.actions_table["merge"].isEnabled()


class TestHandingIn:
    @pytest.fixture
    def package_window(self, team: Team, tmp_path: Path, new_window: NewWindow) -> MainWindow:
        return new_window(team.issue(tmp_path / "a.annodb"), as_lead())

    def test_a_package_has_the_button_in_place_of_export(
        self, package_window: MainWindow, lead_window: MainWindow
    ) -> None:
        bar = package_window.top_bar
        assert bar.hand_in_button.isVisible() and not bar.export_button.isVisible()
        assert lead_window.top_bar.export_button.isVisible() and not lead_window.top_bar.hand_in_button.isVisible()
        assert not lead_window.actions_table["hand_in"].isEnabled()

    def test_unfinished_documents_lead_to_their_place(
        self, team: Team, package_window: MainWindow, qtbot: QtBot
    ) -> None:
        session = session_of(package_window)
        session.annotations.tag(team.first.id, team.labels["pledge"], [(18, 45)])
        package_window.desk.open_document(team.first.id)
        package_window.top_bar.hand_in_button.click()
        idle(qtbot, package_window)
        dialog = package_window.parts.packages.hand_in_dialog
        assert dialog is not None
        assert dialog.figures.texts()[:2] == ["2", "2"]
        titles = [dialog.list.item(row).text() for row in range(2)]
        assert titles == ["Summit statement", "Second text"]
        assert dialog.main_button.text() == "Hand in all the same"
        dialog.list.setCurrentRow(1)
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
        current = package_window.page.document.document
        assert current is not None and current.id == team.second.id

    def test_one_button_makes_the_file(
        self, team: Team, package_window: MainWindow, qtbot: QtBot, tmp_path: Path, opener: Opener
    ) -> None:
        out = tmp_path / "out"
        out.mkdir()
        session = session_of(package_window)
        for document in (team.first, team.second):
            session.documents.set_status(document.id, "done")
        package_window.actions_table["hand_in"].trigger()
        idle(qtbot, package_window)
        dialog = package_window.parts.packages.hand_in_dialog
        assert dialog is not None and dialog.nothing.isVisible()
        dialog.folder_line.line.setText(str(out))
        dialog.main_button.click()
        idle(qtbot, package_window)
        file = next(out.iterdir())
        assert file.suffix == ".annoreturn"
        assert dialog.files_page.list.item(0).text() == file.name
        dialog.files_page.show_folder.click()
        assert opener.opened == [str(out)]
        with team.lead() as lead:
            lead.merging.merge([file])
            layer = next(one.id for one in lead.queries.layers() if one.annotator == PERSON.id)
            assert lead.reading.lists.status_counts(layer) == {"done": 2}

    def test_nothing_done_is_said(self, package_window: MainWindow, qtbot: QtBot) -> None:
        package_window.parts.packages.hand_in()
        idle(qtbot, package_window)
        dialog = package_window.parts.packages.hand_in_dialog
        assert dialog is not None
        dialog.main_button.click()
        idle(qtbot, package_window)
        assert dialog.problem.text().startswith("Nothing was done in this package yet")

    def test_no_document_comes_in_or_goes(self, package_window: MainWindow, tmp_path: Path) -> None:
        assert package_window.page.document.document is not None
        for action in ("import", "paste", "correct", "import_version", "remove"):
            assert not package_window.actions_table[action].isEnabled()
        assert package_window.actions_table["done"].isEnabled()
        panel = package_window.page.document_panel
        assert panel.add_button.isHidden()
        menu = panel.context_menu(panel.list.model().index(0, 0))
        enabled = {action.text() for action in menu.actions() if action.isEnabled()}
        assert "Done" in enabled and not {"Correct the text…", "Import an edited version…", "Remove…"} & enabled
        file = tmp_path / "more.txt"
        file.write_text("More.", encoding="utf-8")
        package_window.drop_files([str(file)])
        assert package_window.documents.import_dialog is None
        assert "The package fixes the documents" in package_window.messages.text

    def test_the_codebook_is_only_read_and_says_how_to_propose(self, package_window: MainWindow, qtbot: QtBot) -> None:
        package_window.actions_table["codebook"].trigger()
        editor = package_window.findChild(CodebookEditor)
        assert editor is not None and not editor.draft.writable
        texts = [label.text() for label in editor.findChildren(QLabel) if label.isVisible()]
        assert any("propose" in text.lower() for text in texts)


class TestMerging:
    def test_preview_then_merge_then_undo(
        self, team: Team, lead_window: MainWindow, qtbot: QtBot, tmp_path: Path
    ) -> None:
        session = session_of(lead_window)
        package = session.packages.issue(PERSON.id, tmp_path / "a.annodb").file
        span = worked_in(team, package, tmp_path / "a.annoreturn")
        bad = tmp_path / "bad.annoreturn"
        bad.write_bytes(b"no database")
        lead_window.drop_files([str(tmp_path / "a.annoreturn"), str(bad)])
        idle(qtbot, lead_window)
        dialog = lead_window.parts.merging.merge_dialog
        assert dialog is not None
        assert dialog.figures.texts()[0] == "1"
        assert "1 of 2 files cannot be merged" in dialog.verdict.text()
        assert not session.reading.rows.all(Annotation)
        row = dialog.model.index(0, 0)
        assert row.data() == "Second text"
        assert dialog.model.index(0, 1).data() == "1"
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        idle(qtbot, lead_window)
        assert dialog.verdict.text().startswith("✓ Merged")
        assert [one.id for one in session.reading.rows.all(Annotation)] == [span]
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        lead_window.travelling.undo()
        assert not session.reading.rows.all(Annotation)

    def test_what_is_here_already(self, team: Team, lead_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
        session = session_of(lead_window)
        package = session.packages.issue(PERSON.id, tmp_path / "a.annodb").file
        worked_in(team, package, tmp_path / "a.annoreturn")
        session.merging.merge([tmp_path / "a.annoreturn"])
        lead_window.projects.open_path(str(tmp_path / "a.annoreturn"))
        idle(qtbot, lead_window)
        dialog = lead_window.parts.merging.merge_dialog
        assert dialog is not None
        assert dialog.verdict.text() == "Everything in it is here already; there is nothing to do."
        assert not dialog.main_button.isEnabled()
        dialog.done(0)
        session.history.undo()
        lead_window.projects.open_path(str(tmp_path / "a.annoreturn"))
        idle(qtbot, lead_window)
        again = lead_window.parts.merging.merge_dialog
        assert again is not None and "redo brings it back" in again.verdict.text()

    def test_without_a_project(self, new_window: NewWindow, tmp_path: Path) -> None:
        window = new_window()
        window.drop_files([str(tmp_path / "a.annoreturn")])
        assert "Open the project" in window.messages.text

    def test_a_later_package_is_taken_in_after_a_question(
        self, team: Team, new_window: NewWindow, qtbot: QtBot, tmp_path: Path
    ) -> None:
        package = team.issue(tmp_path / "a.annodb")
        with team.lead() as lead:
            assign(lead, PERSON, [team.third])
        later = team.issue(tmp_path / "b.annodb")
        window = new_window(package)
        window.drop_files([str(later)])
        idle(qtbot, window)
        session = session_of(window)
        assert session.path == package
        dialog = window.parts.merging.merge_dialog
        assert dialog is not None
        assert session.queries.document_count() == 2
        dialog.main_button.click()
        idle(qtbot, window)
        assert session.queries.document_count() == 3
        assert dialog.verdict.text().startswith("✓ Taken in")
        dialog.done(0)
        assert not window.messages.text

    def test_what_came_back_with_a_later_package_is_one_button_away(
        self, team: Team, new_window: NewWindow, qtbot: QtBot, tmp_path: Path
    ) -> None:
        package = team.issue(tmp_path / "a.annodb")
        with Session(package, PERSON) as session:
            session.annotations.tag(team.second.id, team.labels["pledge"], [(13, 36)])
            session.documents.set_status(team.second.id, "done")
            session.packages.hand_in(tmp_path / "1.annoreturn")
        with team.lead() as lead:
            lead.merging.merge([tmp_path / "1.annoreturn"])
            lead.review.return_document(team.second.id, PERSON.id, "Look at the boundary rule.")
            later = tmp_path / "b.annodb"
            lead.packages.issue(PERSON.id, later, with_digest=True)
        window = new_window(package)
        window.projects.open_path(str(later))
        idle(qtbot, window)
        dialog = window.parts.merging.merge_dialog
        assert dialog is not None
        dialog.main_button.click()
        idle(qtbot, window)
        dialog.done(0)
        assert "came back to you" in window.messages.text
        window.parts.merging.digest_wanted.emit()
        shown = window.findChild(DigestDialog)
        assert shown is not None
        shown.place_wanted.emit(team.second.id, 13)
        assert window.page.reading.caret() == 13

    def test_a_later_package_can_be_opened_by_itself(
        self, team: Team, new_window: NewWindow, qtbot: QtBot, tmp_path: Path
    ) -> None:
        package, later = team.issue(tmp_path / "a.annodb"), team.issue(tmp_path / "b.annodb")
        window = new_window(package)
        window.projects.open_path(str(later))
        idle(qtbot, window)
        dialog = window.parts.merging.merge_dialog
        assert dialog is not None
        dialog.open_button.click()
        idle(qtbot, window)
        assert session_of(window).path == later


REDO = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def sides_of(dialog: ConflictsDialog) -> list[tuple[str, str, bool, tuple[tuple[str, str], ...]]]:
    current = dialog.current()
    assert current is not None
    return [(side.author, side.time, side.deleted, side.values) for side in current.sides]


def label_in_the_text(window: MainWindow, span: str) -> str:
    return next(one.label for one in window.page.document.annotations() if one.id == span)


class TestConflicts:
    @pytest.fixture
    def spans(self, team: Team, tmp_path: Path) -> tuple[str, str]:
        """Two spans that the lead and the analyst changed without knowing of each other."""
        package = team.issue(tmp_path / "a.annodb")
        with Session(package, PERSON) as session:
            first = session.annotations.tag(team.second.id, team.labels["pledge"], [(13, 36)]).id
            second = session.annotations.tag(team.second.id, team.labels["criticism"], [(37, 60)]).id
            session.packages.hand_in(tmp_path / "1.annoreturn")
        with team.lead() as session:
            session.merging.merge([tmp_path / "1.annoreturn"])
            session.annotations.relabel(first, team.labels["condition"])
            session.annotations.delete([second])
        with Session(package, PERSON) as session:
            session.annotations.resize(first, [(13, 30)])
            session.annotations.resize(second, [(37, 50)])
            session.packages.hand_in(tmp_path / "2.annoreturn")
        with team.lead() as session:
            assert session.merging.merge([tmp_path / "2.annoreturn"]).conflicts == 2
        return first, second

    def open_dialog(self, window: MainWindow) -> ConflictsDialog:
        window.actions_table["conflicts"].trigger()
        dialog = window.parts.merging.conflicts_dialog
        assert dialog is not None
        return dialog

    def test_a_key_takes_a_side(self, team: Team, spans: tuple[str, str], new_window: NewWindow, qtbot: QtBot) -> None:
        window = new_window(team.path, as_lead())
        session = session_of(window)
        dialog = self.open_dialog(window)
        assert dialog.list.count() == 2
        names = [one.row for one in dialog._conflicts]
        dialog.list.setCurrentRow(names.index(spans[0]))
        current = dialog.current()
        assert current is not None
        authors = [side.author for side in current.sides]
        assert sorted(authors) == ["Analyst A", "Lead"]
        shown = {value for side in current.sides for _, value in side.values}
        assert {"Pledge", "Condition"} <= shown
        key = authors.index("Lead") + 1
        qtbot.keyClick(dialog.list, str(key))
        found = session.queries.annotation(spans[0])
        assert (found.label, found.fragments) == (team.labels["condition"], ((13, 36),))
        assert dialog.list.count() == 1

    def test_a_side_that_deleted_it_can_be_taken_and_taken_back(
        self, team: Team, spans: tuple[str, str], new_window: NewWindow, qtbot: QtBot
    ) -> None:
        window = new_window(team.path, as_lead())
        session = session_of(window)
        dialog = self.open_dialog(window)
        names = [one.row for one in dialog._conflicts]
        dialog.list.setCurrentRow(names.index(spans[1]))
        current = dialog.current()
        assert current is not None
        gone = next(side.revision for side in current.sides if side.deleted)
        button = dialog.sides.findChild(QPushButton, gone)
        assert button is not None
        button.click()
        assert session.reading.rows.get(Annotation, spans[1]) is None
        assert dialog.list.count() == 1
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(dialog.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert dialog.problem.text() == ""
        assert session.reading.rows.get(Annotation, spans[1]) is not None

    def test_undo_lists_it_again_and_the_text_follows(
        self, team: Team, spans: tuple[str, str], new_window: NewWindow, qtbot: QtBot
    ) -> None:
        window = new_window(team.path, as_lead())
        window.desk.open_document(team.second.id)
        dialog = self.open_dialog(window)
        dialog.list.setCurrentRow([one.row for one in dialog._conflicts].index(spans[0]))
        before = sides_of(dialog)
        shown = label_in_the_text(window, spans[0])
        qtbot.keyClick(dialog.list, "2")
        assert dialog.list.count() == 1
        taken = label_in_the_text(window, spans[0])
        assert taken != shown
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        for _ in range(2):
            qtbot.keyClick(dialog.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            assert (dialog.list.count(), label_in_the_text(window, spans[0])) == (2, shown)
            assert sides_of(dialog) == before, "the one that came back is in sight"
            qtbot.keyClick(dialog.list, Qt.Key.Key_Z, REDO)
            assert (dialog.list.count(), label_in_the_text(window, spans[0])) == (1, taken)

    def test_undo_and_redo_of_the_merge_settle_and_list_them(
        self, team: Team, spans: tuple[str, str], new_window: NewWindow, qtbot: QtBot
    ) -> None:
        window = new_window(team.path, as_lead())
        window.desk.open_document(team.second.id)
        dialog = self.open_dialog(window)
        shown = label_in_the_text(window, spans[0])
        for _ in range(2):
            window.actions_table["undo"].trigger()
            qtbot.waitUntil(dialog.nothing.isVisible)
            assert label_in_the_text(window, spans[0]) == team.labels["condition"]
            window.actions_table["redo"].trigger()
            qtbot.waitUntil(dialog.list.isVisible)
            assert dialog.list.count() == 2
            assert label_in_the_text(window, spans[0]) == shown

    def test_shows_the_place(self, team: Team, spans: tuple[str, str], new_window: NewWindow, qtbot: QtBot) -> None:
        window = new_window(team.path, as_lead())
        window.desk.open_document(team.first.id)
        dialog = self.open_dialog(window)
        dialog.show_button.click()
        current = window.page.document.document
        assert current is not None and current.id == team.second.id

    def test_no_conflict_is_left(self, lead_window: MainWindow) -> None:
        dialog = self.open_dialog(lead_window)
        assert dialog.nothing.isVisible()
