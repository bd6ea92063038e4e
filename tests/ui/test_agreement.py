"""The window of agreement, on a real session: what it measures, shows, opens and copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.ids import derived_id, new_id
from annotator.core.records import Annotation, Annotator, Document, Layer, Record, Relation, Status
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.session.verb import Outcome
from annotator.ui.dialogs.agreement import TABS, AgreementDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.models.agreement_tables import figure_text
from annotator.ui.tasks import TaskRunner
from tests.support import add_document

Open = Callable[[], AgreementDialog]


def store(session: Session, *records: Record) -> None:
    session.perform(lambda: Outcome(ChangeSet("Made for a test", made(*records)), None))


def shared_work(session: Session, people: int = 3, documents: int = 3) -> list[Document]:
    """Let people tag the same documents alike but for one label and one omission."""
    project = session.queries.project()
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    persons = [
        Annotator(f"{place}{new_id()[1:]}", f"Analyst {'ABC'[place]}", role="analyst") for place in range(people)
    ]
    layers = [Layer(derived_id(p.id, "layer", project.round), "annotator", p.id, project.round) for p in persons]
    store(session, *persons, *layers)
    found = []
    for number in range(documents):
        document = add_document(session, f"{number} " + "plain words of a text " * 20, f"Document {number}")
        session.documents.describe(document.id, date=f"2031-0{number + 1}-05")
        for place, layer in enumerate(layers):
            spans = [(0, 40, "pledge"), (60, 90, "condition"), (100, 150, "criticism" if place else "pledge")]
            kept = spans[: 2 + (place + number) % 2] if place == 1 else spans
            rows = [
                Annotation(
                    *(new_id(), document.id, layer.id, labels[label], layer.annotator or "", project.codebook),
                    *("2031-06-01T00:00:00Z", ((start, end),)),
                )
                for start, end, label in kept
            ]
            conditions = session.queries.codebook().relations[0].id
            relation = Relation(
                *(new_id(), document.id, layer.id, conditions, rows[1].id, rows[0].id, layer.annotator or "", "t"),
            )
            done = Status(derived_id(document.id, "status", layer.id), document.id, layer.id, "done")
            store(session, *rows, relation, done)
        found.append(document)
    return found


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def open_dialog(session: Session, tasks: TaskRunner, qtbot: QtBot) -> Iterator[Open]:
    opened: list[AgreementDialog] = []

    def make() -> AgreementDialog:
        dialog = AgreementDialog(session, tasks)
        opened.append(dialog)
        dialog.show()
        wait(qtbot, tasks)
        return dialog

    yield make
    for dialog in opened:
        dialog.deleteLater()


def wait(qtbot: QtBot, tasks: TaskRunner) -> None:
    qtbot.waitUntil(lambda: not tasks.running, timeout=20_000)


def cells(dialog: AgreementDialog, tab: str) -> list[list[str]]:
    model = dialog.views[tab].model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


class TestFigures:
    def test_are_those_of_the_session(self, session: Session, open_dialog: Open) -> None:
        shared_work(session)
        dialog = open_dialog()
        expected = session.queries.agreement().measured
        texts = dialog.figures.texts()
        for name in ("alpha_unitising", "alpha_labels", "cohen", "fleiss", "f1_strict", "relations_f1"):
            assert texts[name] == f"{expected.overall[name].value:.2f}"
        assert dialog.state.text() == "3 documents · 3 layers · 26 spans"
        label = session.queries.codebook().labels[0]
        assert cells(dialog, "labels")[0][2] == figure_text(expected.by_label[label.id]["alpha_unitising"])

    def test_intervals_stand_in_brackets(self, session: Session, open_dialog: Open) -> None:
        shared_work(session)
        assert "[" in cells(open_dialog(), "labels")[0][2]

    def test_pairs_are_letters_unless_the_project_shows_people(self, session: Session, open_dialog: Open) -> None:
        shared_work(session)
        dialog = open_dialog()
        assert [row[0] for row in cells(dialog, "pairs")] == ["A ↔ B", "A ↔ C", "B ↔ C"]
        assert dialog.layers.count() == 1
        session.options.set("person_figures", True)
        dialog = open_dialog()
        assert cells(dialog, "pairs")[0][0] == "Analyst A ↔ Analyst B"
        assert dialog.layers.findText("Analyst A ↔ Analyst C") > 0

    def test_labels_that_were_confused(self, session: Session, open_dialog: Open) -> None:
        shared_work(session)
        assert [row[:2] for row in cells(open_dialog(), "confused")] == [["Pledge", "Criticism"]]

    def test_over_time(self, session: Session, open_dialog: Open, qtbot: QtBot, tasks: TaskRunner) -> None:
        shared_work(session)
        dialog = open_dialog()
        assert [row[0] for row in cells(dialog, "months")] == ["2031-01", "2031-02", "2031-03"]
        assert dialog.period.isHidden()
        dialog.tabs.setCurrentWidget(dialog.views["months"])
        assert dialog.period.isVisible()
        dialog.period.setCurrentIndex(1)
        qtbot.waitUntil(lambda: [row[0] for row in cells(dialog, "months")] == ["2031-06"])


class TestFilters:
    def test_a_label(self, session: Session, open_dialog: Open, qtbot: QtBot) -> None:
        shared_work(session)
        dialog = open_dialog()
        dialog.label.setCurrentIndex(dialog.label.findText("Condition"))
        qtbot.waitUntil(lambda: [row[0] for row in cells(dialog, "labels")] == ["Condition"])
        assert dialog.figures.texts()["f1_strict"] == "1.00"

    def test_dates(self, session: Session, open_dialog: Open, qtbot: QtBot, tasks: TaskRunner) -> None:
        shared_work(session)
        dialog = open_dialog()
        qtbot.keyClicks(dialog.date_from, "2031-02")
        qtbot.waitUntil(lambda: [row[0] for row in cells(dialog, "documents")] == ["Document 1", "Document 2"])
        qtbot.keyClicks(dialog.date_to, "soon")
        qtbot.waitUntil(lambda: dialog.problem.isVisible())
        assert "2024-05" in dialog.problem.text()
        assert dialog.date_to.property("state") == "error"

    def test_gold(self, session: Session, open_dialog: Open, qtbot: QtBot) -> None:
        document = shared_work(session)[0]
        project = session.queries.project()
        gold = Layer(new_id(), "gold", None, project.round)
        label = session.queries.codebook().labels[0].id
        made_by = session.person.id
        span = Annotation(new_id(), document.id, gold.id, label, made_by, project.codebook, "t", ((0, 40),))
        store(session, gold, span)
        dialog = open_dialog()
        dialog.layers.setCurrentIndex(1)
        qtbot.waitUntil(lambda: any("◆" in row[0] or "gold" in row[0] for row in cells(dialog, "pairs")))


class TestNothingToMeasure:
    def test_one_layer(self, session: Session, open_dialog: Open) -> None:
        dialog = open_dialog()
        assert dialog.nothing.isVisible()
        assert "agreement needs two" in dialog.nothing.text()
        assert not dialog.tabs.isVisible()
        assert not dialog.copy_button.isEnabled()
        assert set(dialog.figures.texts().values()) == {"–"}
        assert dialog.figures.label_of("cohen").toolTip() == "There is only one layer; agreement needs two."

    def test_no_document_in_common(self, session: Session, open_dialog: Open) -> None:
        shared_work(session, people=2, documents=0)
        assert "No document of this choice" in open_dialog().nothing.text()

    def test_analysts_before_the_release(self, session: Session, open_dialog: Open) -> None:
        shared_work(session)
        me = next(one for one in session.queries.annotators() if one.id == session.person.id)
        after = replace(me, role="analyst")
        session.perform(lambda: Outcome(ChangeSet("Analyst", (RowChange(me, after),)), None))
        dialog = open_dialog()
        assert "is not released yet" in dialog.problem.text()
        assert set(dialog.figures.texts().values()) == {"–"}


class TestTables:
    def test_sorted_by_value_with_what_is_not_defined_last(self, session: Session, open_dialog: Open) -> None:
        shared_work(session)
        dialog = open_dialog()
        view = dialog.views["labels"]
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            view.sortByColumn(2, order)
            values = [row[2] for row in cells(dialog, "labels")]
            assert values[-1] == "–"
            numbers = [float(value.split()[0].replace("−", "-")) for value in values if value != "–"]
            assert numbers == sorted(numbers, reverse=order == Qt.SortOrder.DescendingOrder)

    def test_copied_as_they_are_sorted(self, session: Session, open_dialog: Open) -> None:
        shared_work(session)
        dialog = open_dialog()
        dialog.tabs.setCurrentIndex(list(TABS).index("documents"))
        dialog.views["documents"].sortByColumn(0, Qt.SortOrder.DescendingOrder)
        dialog.copy_button.click()
        lines = QGuiApplication.clipboard().text().split("\n")
        assert lines[0].split("\t")[:2] == ["Document", "Spans"]
        assert [line.split("\t")[0] for line in lines[1:]] == ["Document 2", "Document 1", "Document 0"]

    def test_a_double_click_asks_for_the_document(self, session: Session, open_dialog: Open, qtbot: QtBot) -> None:
        documents = shared_work(session)
        dialog = open_dialog()
        view = dialog.views["documents"]
        dialog.tabs.setCurrentWidget(view)
        with qtbot.waitSignal(dialog.document_wanted) as wanted:
            view.doubleClicked.emit(view.model().index(1, 0))
        assert wanted.args == [documents[1].id]


def test_can_be_stopped(session: Session, tasks: TaskRunner, qtbot: QtBot) -> None:
    shared_work(session)
    dialog = AgreementDialog(session, tasks)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.cancel_button.isVisible()
    dialog.cancel_button.click()
    wait(qtbot, tasks)
    assert dialog.agreement is None
    assert dialog.state.text() == "Stopped."
    dialog.again_button.click()
    qtbot.waitUntil(lambda: dialog.agreement is not None)


class TestInTheWindow:
    @pytest.fixture
    def window(self, project_path: Path, person: Person, new_window: Callable[..., MainWindow]) -> MainWindow:
        with Session(project_path, person) as session:
            shared_work(session)
        return new_window(project_path)

    def test_opens_documents_and_tells_that_something_changed(self, window: MainWindow, qtbot: QtBot) -> None:
        window.actions_table["agreement"].trigger()
        dialog = window.parts.agreement.dialog
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog.agreement is not None)
        view = dialog.views["documents"]
        index = view.model().index(2, 0)
        view.doubleClicked.emit(index)
        shown = window.page.document.document
        assert shown is not None and shown.title == index.data()
        session = window.projects.session
        assert session is not None
        session.annotations.tag(shown.id, session.queries.codebook().labels[0].id, [(0, 5)])
        qtbot.waitUntil(lambda: dialog.state.text() == "Something has changed since.")
        before = dialog.agreement
        dialog.again_button.click()
        qtbot.waitUntil(lambda: dialog.agreement is not before)
        assert "4 layers" in dialog.state.text()

    def test_closes_with_the_project(self, window: MainWindow, qtbot: QtBot) -> None:
        window.actions_table["agreement"].trigger()
        window.projects.close_project()
        assert window.parts.agreement.dialog is None
