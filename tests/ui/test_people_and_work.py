"""The dialog on people and work, and the list of what is assigned to oneself, on a real project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.records import Assignment
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.dialogs.people import PeopleDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.models.document_list_model import DocumentListModel, DocumentRole
from annotator.ui.models.work_model import WorkModel
from annotator.ui.session_bridge import SessionBridge
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import load_theme
from tests.support import add_document

DOCUMENTS = 6
Open = Callable[..., PeopleDialog]


@pytest.fixture
def team(session: Session) -> Session:
    """A project of a lead with two analysts and some documents."""
    session.annotators.rename(session.person.id, "Lead")
    for number in range(DOCUMENTS):
        add_document(session, f"Text number {number}. It says something.", f"Document {number}")
    for name in ("Analyst B", "Analyst C"):
        session.annotators.add(name)
    return session


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def settled(tasks: TaskRunner, qtbot: QtBot) -> Callable[[], None]:
    """Wait until nothing is read or done any more."""

    def is_waiting() -> bool:
        timers = (timer for window in QApplication.topLevelWidgets() for timer in window.findChildren(QTimer))
        return any(timer.isActive() and timer.isSingleShot() for timer in timers)

    def wait() -> None:
        qtbot.wait(20)
        qtbot.waitUntil(lambda: not is_waiting() and not tasks.running, timeout=10_000)

    return wait


@pytest.fixture
def opened(tasks: TaskRunner, settled: Callable[[], None], qtbot: QtBot) -> Iterator[Open]:
    dialogs: list[tuple[SessionBridge, PeopleDialog]] = []

    def make(session: Session) -> PeopleDialog:
        dialog = PeopleDialog(session, tasks, load_theme("light"))
        bridge = SessionBridge(session, dialog)
        bridge.changed.connect(dialog.apply)
        dialogs.append((bridge, dialog))
        dialog.show()
        settled()
        return dialog

    yield make
    for bridge, dialog in dialogs:
        settled()
        bridge.close()
        dialog.deleteLater()


def id_of(session: Session, name: str) -> str:
    return session.queries.annotator_named(name).id


def assigned(session: Session) -> set[tuple[str, str]]:
    titles = {row.document.id: row.document.title for row in session.queries.documents()}
    names = {one.id: one.name for one in session.queries.annotators()}
    return {(titles[one.document], names[one.annotator]) for one in session.reading.rows.all(Assignment)}


def select(dialog: PeopleDialog, *cells: tuple[int, int]) -> None:
    dialog.work.view.clearSelection()
    for row, column in cells:
        flag = QItemSelectionModel.SelectionFlag.Select
        dialog.work.view.selectionModel().select(dialog.work.model.index(row, column), flag)


def shown(model: WorkModel) -> list[list[str]]:
    columns = range(model.columnCount())
    return [[model.index(row, column).data() for column in columns] for row in range(model.rowCount())]


# -- people


def test_somebody_is_added_renamed_and_made_a_lead(
    team: Session, opened: Open, settled: Callable[[], None], qtbot: QtBot
) -> None:
    dialog = opened(team)
    qtbot.keyClicks(dialog.people.new_name, "Analyst D")
    qtbot.keyClick(dialog.people.new_name, Qt.Key.Key_Return)
    settled()
    dialog.people.list.choose(id_of(team, "Analyst D"))
    dialog.people.name.selectAll()
    qtbot.keyClicks(dialog.people.name, "Analyst E")
    dialog.people.name.editingFinished.emit()
    dialog.people.role.setCurrentIndex(0)
    dialog.people.role.activated.emit(0)
    settled()
    assert team.queries.annotator_named("Analyst E").role == "lead"
    dialog.undo()
    settled()
    assert team.queries.annotator_named("Analyst E").role == "analyst"
    dialog.redo()
    assert team.queries.annotator_named("Analyst E").role == "lead"


def test_a_refusal_is_told_in_the_dialog(team: Session, opened: Open, qtbot: QtBot) -> None:
    dialog = opened(team)
    qtbot.keyClicks(dialog.people.new_name, "analyst b")
    dialog.people.add_button.click()
    assert "called “analyst b” already" in dialog.problem.text()
    dialog.people.list.choose(team.person.id)
    dialog.people.role.setCurrentIndex(1)
    dialog.people.role.activated.emit(1)
    assert "only lead" in dialog.problem.text()
    assert dialog.people.role.currentData() == "lead"


def test_two_ids_become_one_person_and_two_again(team: Session, opened: Open, settled: Callable[[], None]) -> None:
    dialog = opened(team)
    b, c = id_of(team, "Analyst B"), id_of(team, "Analyst C")
    dialog.people.list.choose(c)
    dialog.people.same.setCurrentIndex(dialog.people.same.findData(b))
    dialog.people.join_button.click()
    settled()
    assert team.queries.annotator_named("Analyst C").same_as == b
    assert dialog.work.model.columnCount() == 3
    dialog.people.list.choose(c)
    dialog.people.separate_button.click()
    settled()
    assert team.queries.annotator_named("Analyst C").same_as is None


# -- rounds


def test_a_round_is_begun_released_and_left(team: Session, opened: Open, settled: Callable[[], None]) -> None:
    dialog = opened(team)
    before = team.queries.project().round
    dialog.rounds.new_name.setText("pilot")
    dialog.rounds.add_button.click()
    settled()
    pilot = team.queries.round_named("pilot")
    assert team.queries.project().round == pilot.id == dialog.round.currentData()
    dialog.rounds.practice.click()
    settled()
    dialog.rounds.released.click()
    settled()
    assert team.queries.round_named("pilot").practice and team.queries.round_named("pilot").released
    dialog.rounds.list.setCurrentRow(0)
    dialog.rounds.switch_button.click()
    settled()
    assert team.queries.project().round == before == dialog.round.currentData()


# -- sharing out


def test_what_is_shown_is_what_is_assigned(team: Session, opened: Open, settled: Callable[[], None]) -> None:
    dialog = opened(team)
    dialog.tabs.setCurrentWidget(dialog.sharing)
    assert dialog.sharing.chosen_people() == [id_of(team, "Analyst B"), id_of(team, "Analyst C")]
    dialog.sharing.overlap.setValue(10)
    settled()
    table = dialog.sharing.table
    numbers = [table.model().index(row, 1).data() for row in range(table.rowCount())]
    assert sorted(numbers) == ["4", "5"]
    assert dialog.sharing.summary.text() == "6 documents, 3 of them to two people."
    plan = dialog.sharing.plan
    dialog.sharing.assign_button.click()
    settled()
    assert plan is not None
    rows = {(one.document, one.annotator) for one in team.reading.rows.all(Assignment)}
    assert rows == {(one.document, one.annotator) for one in plan.allotments}
    assert not dialog.sharing.assign_button.isEnabled()
    assert dialog.sharing.summary.text() == "Nothing is left to share out: all 6 documents are assigned already."


def test_an_analyst_who_comes_is_ticked_and_who_was_left_out_stays_so(
    team: Session, opened: Open, settled: Callable[[], None]
) -> None:
    dialog = opened(team)
    dialog.sharing.people.item(1).setCheckState(Qt.CheckState.Unchecked)
    before = dialog.sharing.chosen_people()
    dialog.people.new_name.setText("Analyst D")
    dialog.people.add_button.click()
    settled()
    assert dialog.sharing.chosen_people() == [*before, id_of(team, "Analyst D")]


def test_selected_documents_are_shared_out(team: Session, opened: Open, settled: Callable[[], None]) -> None:
    dialog = opened(team)
    select(dialog, (1, 0), (3, 0))
    dialog.work.share_button.click()
    settled()
    assert dialog.tabs.currentWidget() is dialog.sharing
    dialog.sharing.assign_button.click()
    settled()
    assert {title for title, _ in assigned(team)} == {"Document 1", "Document 3"}


# -- by hand


def test_space_assigns_cells_and_takes_them_back(
    team: Session, opened: Open, settled: Callable[[], None], qtbot: QtBot
) -> None:
    dialog = opened(team)
    select(dialog, (0, 1), (1, 2))
    qtbot.keyClick(dialog.work.view, Qt.Key.Key_Space)
    settled()
    assert assigned(team) == {("Document 0", "Analyst B"), ("Document 1", "Analyst C")}
    assert shown(dialog.work.model)[0][:3] == ["Document 0", "New", ""]
    team.history.undo()
    settled()
    assert not assigned(team) and shown(dialog.work.model)[0][1] == ""
    team.history.redo()
    settled()
    select(dialog, (0, 1))
    qtbot.keyClick(dialog.work.view, Qt.Key.Key_Space)
    settled()
    assert assigned(team) == {("Document 1", "Analyst C")}


def test_statuses_are_set_for_others(team: Session, opened: Open, settled: Callable[[], None]) -> None:
    team.assignments.assign(None, [id_of(team, "Analyst B")])
    dialog = opened(team)
    select(dialog, (0, 1), (1, 1))
    dialog.work.set_status("done")
    settled()
    assert [row[1] for row in shown(dialog.work.model)][:3] == ["Done, no spans", "Done, no spans", "New"]
    row = next(one for one in team.queries.progress() if one.annotator.name == "Analyst B")
    assert (row.statuses["done"], row.empty) == (2, 2)


def test_the_table_is_narrowed_and_sorted(team: Session, opened: Open) -> None:
    b = id_of(team, "Analyst B")
    ids = [row.document.id for row in team.queries.documents()]
    team.assignments.assign(ids[:3], [b])
    team.work.set_status([ids[2]], b, "returned")
    dialog = opened(team)
    model = dialog.work.model

    def titles() -> str:
        return "".join(row[0][-1] for row in shown(model))

    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert titles() == "543210"
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert titles() == "012345"
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert titles()[-3:] in ("210", "201") and titles()[-3] == "2"
    for state, expected in (("free", "345"), ("returned", "2"), ("new", "01"), ("shared", ""), ("", "012345")):
        dialog.work.state.setCurrentIndex(dialog.work.state.findData(state))
        assert "".join(sorted(titles())) == expected
    dialog.work.filter.setText("document 4")
    assert titles() == "4"


def test_a_selection_stays_on_its_document_when_the_table_is_read_again(
    team: Session, opened: Open, settled: Callable[[], None]
) -> None:
    dialog = opened(team)
    dialog.work.model.sort(0, Qt.SortOrder.DescendingOrder)
    select(dialog, (1, 1))
    wanted = dialog.work.selected_documents()
    team.work.set_status(wanted, id_of(team, "Analyst B"), "done")
    team.documents.remove(team.queries.documents()[0].document.id)
    settled()
    assert dialog.work.selected_documents() == wanted


def test_ten_thousand_documents_have_no_widget_each(team: Session, opened: Open) -> None:
    dialog = opened(team)
    assert not dialog.work.view.findChildren(type(dialog.work.filter))
    assert all(dialog.work.view.indexWidget(dialog.work.model.index(row, 1)) is None for row in range(DOCUMENTS))


# -- analysts


def test_an_analyst_sees_people_rounds_and_themselves(team: Session, opened: Open) -> None:
    b = id_of(team, "Analyst B")
    team.assignments.assign(None, [b, id_of(team, "Analyst C")])
    with Session(team.path, Person(b, "Analyst B"), write=False) as session:
        dialog = opened(session)
        assert [dialog.tabs.tabText(place) for place in range(dialog.tabs.count())] == ["People", "Rounds"]
        texts = [
            dialog.people.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)
            for row in range(dialog.people.list.count())
        ]
        assert sum("of 3 done" in text for text in texts) == 1
        assert dialog.people.rows.isHidden() and dialog.people.new_row.isHidden()
        assert not dialog.rounds.released.isEnabled()


# -- the list of documents


def listed(model: DocumentListModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


@pytest.fixture
def analysts_window(team: Session, new_window: Callable[..., MainWindow]) -> MainWindow:
    """The window of an analyst who has two of the documents."""
    b = id_of(team, "Analyst B")
    ids = [row.document.id for row in team.queries.documents()]
    team.assignments.assign([ids[1], ids[4]], [b])
    path: Path = team.path
    team.close()
    return new_window(path, Settings(annotator_id=b, annotator_name="Analyst B", theme="light"))


def test_the_list_is_of_what_is_assigned_until_all_is_wanted(analysts_window: MainWindow) -> None:
    page = analysts_window.page
    assert listed(page.documents) == ["Document 1", "Document 4"]
    assert page.document_panel.own.text() == "Assigned to me (2)"
    assert page.document_panel._totals.text() == "0 of 2 done"
    analysts_window.desk.step_document(1)
    assert page.document.document is not None and page.document.document.title == "Document 4"
    analysts_window.documents.set_status(page.document.document.id, "done")
    assert page.document_panel._totals.text() == "1 of 2 done"
    assert page.documents.index(1).data(DocumentRole.DETAIL) == "Done, no spans"
    assert "Done, no spans" in page.documents.index(1).data(Qt.ItemDataRole.ToolTipRole)
    page.document_panel.own.click()
    assert len(listed(page.documents)) == DOCUMENTS
    assert page.document_panel._totals.text() == f"1 of {DOCUMENTS} done"
    assert analysts_window.state.choices()["documents assigned to me"] == "no"


def test_without_assignments_there_is_no_switch(window: MainWindow) -> None:
    assert window.page.document_panel.own.isHidden()
    assert listed(window.page.documents) == ["Summit statement"]


def test_an_assignment_shows_at_once(window: MainWindow) -> None:
    session = window.desk.session
    add_document(session, "Another text.", "Another")
    session.assignments.assign_one(session.queries.document_named("Another").id, session.person.id)
    assert listed(window.page.documents) == ["Another"]
    assert not window.page.document_panel.own.isHidden()
    session.history.undo()
    assert len(listed(window.page.documents)) == 2


def test_a_new_round_begins_with_new_documents(window: MainWindow) -> None:
    session = window.desk.session
    document = session.queries.documents()[0].document.id
    session.documents.set_status(document, "done")
    session.coverage.mark_read(document, 0, 40)
    assert window.page.document.status == "done"
    assert window.page.reading.coverage.read
    session.rounds.begin("pilot")
    assert window.page.documents.status(document) == window.page.document.status == "new"
    assert not window.page.reading.coverage.read


def test_the_dialog_opens_from_the_menu_and_closes_with_the_project(window: MainWindow, qtbot: QtBot) -> None:
    window.parts.actions["people"].trigger()
    dialog = window.parts.people.dialog
    assert dialog is not None and dialog.isVisible()
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=10_000)
    window.desk.session.annotators.add("Analyst B")
    qtbot.waitUntil(lambda: dialog.people.list.count() == 2, timeout=10_000)
    window.projects.close_project()
    assert window.parts.people.dialog is None
