"""Loading labelled data in the window: what the names mean, what it would bring, one step, and what stays behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.session.load_plan import LEFT_OUT
from annotator.session.people import Person
from annotator.session.progress import Cancel, no_progress
from annotator.session.session import Session
from annotator.ui.dialogs.load import LoadDialog
from annotator.ui.dialogs.load_layer import SOMEBODY_ELSE
from annotator.ui.dialogs.load_names import ADDED
from annotator.ui.dialogs.load_pages import PlaceList
from annotator.ui.load_work import LabelledFile, examine, load
from annotator.ui.main_window import MainWindow
from tests.support import PERSON, add_document

FIRST = {"id": 1, "text": "We will help if the council agrees.", "label": [[0, 12, "Pledge"], [13, 34, "Умова"]]}
SECOND = {"id": 2, "text": "They condemn it.", "label": [[0, 12, "Pledge"]]}
WRONG = {"id": 3, "text": "Short.", "label": [[0, 5, "Pledge"], [90, 99, "Pledge"]]}
Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write a file of doccano with these lines."""

    def write(*lines: dict[str, Any], name: str = "labelled.jsonl") -> Path:
        file = tmp_path / name
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
        return file

    return write


@pytest.fixture
def session(window: MainWindow) -> Session:
    """The project that the window has open."""
    found = window.projects.session
    assert found is not None
    return found


@pytest.fixture
def look(window: MainWindow, qtbot: QtBot) -> Callable[..., LoadDialog]:
    """Open the dialog on files and wait until they were looked at."""

    def start(*files: Path) -> LoadDialog:
        window.parts.loading.load_files([str(file) for file in files])
        dialog = window.parts.loading.load_dialog
        assert dialog is not None
        idle(qtbot, window)
        return dialog

    return start


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
    QApplication.processEvents()


def go_on(qtbot: QtBot, window: MainWindow, dialog: LoadDialog) -> None:
    dialog.main_button.click()
    idle(qtbot, window)


def choose(dialog: LoadDialog, name: str, key: str) -> None:
    box = dialog.labels.choices[name]
    box.setCurrentIndex(box.findData(key))


def labels_of(session: Session) -> list[tuple[str, str]]:
    """Return the label and the words of every span in the project."""
    keys = {label.id: label.key for label in session.queries.codebook().labels}
    contents = [session.queries.content(row.document.id) for row in session.queries.documents()]
    found = [(keys[one.label], each.text[one.start : one.end]) for each in contents for one in each.annotations]
    return sorted(found)


def test_what_a_name_means_is_chosen_seen_and_loaded_as_one_step(
    window: MainWindow, session: Session, written: Write, look: Callable[..., LoadDialog], qtbot: QtBot
) -> None:
    steps = len(session.history.entries())
    dialog = look(written(FIRST, SECOND))
    assert dialog.labels.choices["Pledge"].currentData() == "pledge"
    assert dialog.labels.choices["Умова"].currentData() == ADDED
    choose(dialog, "Умова", "condition")
    go_on(qtbot, window, dialog)
    assert dialog.outcome.figures.texts() == ["2", "3", "0"]
    assert labels_of(session) == []
    assert len(session.history.entries()) == steps
    go_on(qtbot, window, dialog)
    assert window.parts.loading.load_dialog is None
    assert labels_of(session) == [
        ("condition", "if the council agrees"),
        ("pledge", "They condemn"),
        ("pledge", "We will help"),
    ]
    assert window.messages.text == "Loaded: 2 new documents, 3 spans."
    qtbot.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
    assert labels_of(session) == []
    assert session.queries.document_count() == 1


def test_a_name_can_be_added_to_the_codebook_or_left_out(
    window: MainWindow, session: Session, written: Write, look: Callable[..., LoadDialog], qtbot: QtBot
) -> None:
    file = written(FIRST)
    dialog = look(file)
    choose(dialog, "Pledge", LEFT_OUT)
    go_on(qtbot, window, dialog)
    assert "The codebook gets: Умова." in dialog.outcome.remarks.text()
    assert dialog.outcome.losses.texts() == ["spans whose label was left out 1"]
    dialog.go_back()
    assert dialog.labels.choices["Pledge"].currentData() == LEFT_OUT
    go_on(qtbot, window, dialog)
    go_on(qtbot, window, dialog)
    assert [words for _, words in labels_of(session)] == ["if the council agrees"]
    assert "Умова" in [label.name for label in session.queries.codebook().labels]


@pytest.mark.parametrize(("chosen", "kind"), [("gold", "gold"), ("mine", "annotator"), (SOMEBODY_ELSE, "annotator")])
def test_the_layer_is_chosen(
    window: MainWindow,
    session: Session,
    written: Write,
    look: Callable[..., LoadDialog],
    qtbot: QtBot,
    chosen: str,
    kind: str,
) -> None:
    dialog = look(written(SECOND))
    value = session.person.id if chosen == "mine" else chosen
    dialog.layer.box.setCurrentIndex(dialog.layer.box.findData(value))
    if chosen == SOMEBODY_ELSE:
        dialog.accept()
        assert dialog.problem.text() == "Type the name of the person whose work it is."
        dialog.layer.other.setText("Analyst B")
    go_on(qtbot, window, dialog)
    go_on(qtbot, window, dialog)
    (choice,) = session.datasets.choices()
    assert choice.is_gold == (kind == "gold")
    assert choice.name == {"gold": "gold", "mine": session.person.name}.get(chosen, "Analyst B")


def test_what_is_wrong_stays_behind_only_where_that_is_said(
    window: MainWindow,
    session: Session,
    written: Write,
    look: Callable[..., LoadDialog],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    dialog = look(written(WRONG, SECOND))
    dialog.accept()
    assert dialog.problem.text().startswith("Something in the files is wrong")
    assert dialog.tabs.currentWidget() is dialog.problems
    dialog.skip.click()
    go_on(qtbot, window, dialog)
    go_on(qtbot, window, dialog)
    assert dialog.isVisible() and dialog.windowTitle() == "Loaded"
    assert [words for _, words in labels_of(session)] == ["Short", "They condemn"]
    dialog.outcome.unsure.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("labelled.jsonl\t1\t") and "90 to 99" in copied
    dialog.outcome.unsure._tell(str(tmp_path / "list.txt"))
    idle(qtbot, window)
    assert (tmp_path / "list.txt").read_text("utf-8") == copied
    dialog.close()


def test_several_files_come_in_and_one_that_is_none_says_so(
    window: MainWindow, session: Session, written: Write, look: Callable[..., LoadDialog], qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"nothing": "known"}', "utf-8")
    dialog = look(written(FIRST), other, written(SECOND, name="second.jsonl"))
    assert dialog.list.count() == 3
    assert "no labelled format" in dialog._words_on(dialog._files[1])
    assert [one.count for one in dialog._files[0].found.labels] == [1, 1]  # type: ignore[union-attr]
    go_on(qtbot, window, dialog)
    assert dialog.outcome.figures.texts()[0] == "2"
    go_on(qtbot, window, dialog)
    assert session.queries.document_count() == 3
    window.messages.button.click()
    assert session.queries.document_count() == 1


def test_another_format_can_be_chosen(
    window: MainWindow, written: Write, look: Callable[..., LoadDialog], qtbot: QtBot
) -> None:
    dialog = look(written(FIRST))
    assert dialog.format.currentData() == "doccano"
    dialog.format.setCurrentIndex(dialog.format.findData("jsonl"))
    dialog.format.activated.emit(dialog.format.currentIndex())
    idle(qtbot, window)
    assert not dialog.main_button.isEnabled()
    assert dialog.problem.text().startswith("Nothing in it can be read.")
    dialog.format.setCurrentIndex(dialog.format.findData("doccano"))
    dialog.format.activated.emit(dialog.format.currentIndex())
    idle(qtbot, window)
    assert dialog.main_button.isEnabled() and not dialog.problem.text()


def test_what_is_here_already_has_nothing_to_load(
    window: MainWindow, session: Session, written: Write, look: Callable[..., LoadDialog], qtbot: QtBot, tmp_path: Path
) -> None:
    session.datasets.export(tmp_path / "own.jsonl")
    dialog = look(tmp_path / "own.jsonl")
    go_on(qtbot, window, dialog)
    assert dialog.outcome.verdict.text().startswith("Everything in it is here already")
    assert not dialog.main_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_labelled_files_that_are_dropped_are_loaded_and_documents_imported(
    window: MainWindow, written: Write, qtbot: QtBot, tmp_path: Path
) -> None:
    file = written(FIRST)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    move = Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(QPointF(5, 5), move, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    idle(qtbot, window)
    dialog = window.parts.loading.load_dialog
    assert dialog is not None and dialog.list.count() == 1
    dialog.close()
    text = tmp_path / "a.txt"
    text.write_text("A text.", "utf-8")
    assert not window.parts.loading.are_labelled([str(text)])
    assert not window.parts.loading.are_labelled([str(file), str(text)])


def test_files_are_added_one_after_the_other_and_each_once(
    window: MainWindow, written: Write, qtbot: QtBot, session: Session
) -> None:
    window.actions_table["load"].trigger()
    dialog = window.parts.loading.load_dialog
    assert dialog is not None
    assert not dialog.main_button.isEnabled() and not dialog.problem.text()
    file = str(written(FIRST))
    dialog.add_files([file])
    idle(qtbot, window)
    choose(dialog, "Умова", "condition")
    dialog.add_files([file, str(written(SECOND, name="second.jsonl"))])
    idle(qtbot, window)
    assert dialog.list.count() == 2
    assert dialog.labels.choices["Умова"].currentData() == "condition"
    go_on(qtbot, window, dialog)
    assert dialog.outcome.figures.texts() == ["2", "3", "0"]
    dialog.close()


def test_a_long_list_is_cut_for_the_eye_only(qtbot: QtBot) -> None:
    places = PlaceList("Places")
    qtbot.addWidget(places)
    places.show_places([("a.jsonl", number, "Because.") for number in range(1, 1001)])
    assert places.list.count() == 301
    assert places.text().count("\n") == 1000


def test_an_analyst_loads_into_their_own_layer_and_adds_no_labels(
    project_path: Path, written: Write, qtbot: QtBot
) -> None:
    with Session(project_path, PERSON) as lead:
        add_document(lead)
        analyst = lead.annotators.add("Analyst B")
    with Session(project_path, Person(analyst.id, analyst.name)) as session:
        assert session.role == "analyst"
        dialog = LoadDialog(session)
        qtbot.addWidget(dialog)
        file = LabelledFile(written(FIRST))
        dialog.add_files([str(file.path)])
        dialog.show_examined(examine(session, [file], no_progress, Cancel()))
        assert [dialog.layer.box.itemData(row) for row in range(dialog.layer.box.count())] == [analyst.id]
        assert dialog.labels.choices["Умова"].findData(ADDED) < 0
        assert dialog.plan().labels == {"Pledge": "pledge", "Умова": LEFT_OUT}
        report = load(session, dialog._files, dialog.plan(), no_progress, Cancel(), rehearse=False)
        assert report.results[0].spans == 1
        (choice,) = session.datasets.choices()
        assert choice.name == "Analyst B"
        dialog.close()


def test_stopping_after_the_first_file_keeps_it_and_says_so(
    session: Session, written: Write, look: Callable[..., LoadDialog]
) -> None:
    dialog = look(written(FIRST), written(SECOND, name="second.jsonl"))
    stop = Cancel()

    def progress(done: int, total: int, what: str) -> None:
        if what == "labelled.jsonl":
            stop.request()

    report = load(session, dialog._files, dialog.plan(), progress, stop, rehearse=False)
    assert report.stopped and len(report.steps()) == 1
    dialog.show_result(report)
    assert dialog.isVisible()
    assert dialog.outcome.verdict.text().startswith("Stopped: some files came in before")
    dialog.close()
