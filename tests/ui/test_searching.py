"""The search of the project in the window: asked while typing, answered from a thread, shown in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from annotator.core.records import Document
from annotator.core.search_query import SearchQuery
from annotator.session.people import Person
from annotator.session.search import SearchPage
from annotator.session.session import Session
from annotator.ui.main_window import MainWindow
from annotator.ui.models.grouped_model import GroupedRole
from annotator.ui.panels.hit_delegate import LINES
from annotator.ui.panels.search_panel import SearchPanel
from tests.session.test_search import forget_index
from tests.support import TEXT, add_document

OTHER = "Harbour notes\n\nThe port was quiet. " + "Nothing was said about it. " * 40 + "The port will open in spring."


@pytest.fixture
def other(stored: Document, project_path: Path, person: Person) -> Document:
    """A second document in the project that nobody has open."""
    with Session(project_path, person) as session:
        return add_document(session, OTHER, "Harbour notes")


@pytest.fixture
def window(other: Document, project_path: Path, new_window: Callable[..., MainWindow]) -> MainWindow:
    """A window with a project of two documents, the first of which is on screen."""
    return new_window(project_path)


@pytest.fixture
def panel(window: MainWindow) -> SearchPanel:
    """The panel, open and with the focus."""
    window.actions_table["search"].trigger()
    return window.page.search_panel


def snippets(panel: SearchPanel) -> list[str]:
    return [hit.snippet for hit in panel.model.hits]


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


def search(qtbot: QtBot, window: MainWindow, words: str) -> None:
    """Type words and wait for the answer."""
    panel = window.page.search_panel
    panel.field.setText(words)
    panel.ask()
    settle(qtbot, window)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)


def choose_scope(panel: SearchPanel, scope: str) -> None:
    for button in panel.findChildren(QPushButton):
        if button.property("scope") == scope:
            button.click()


def test_typing_searches_and_groups_by_document(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    assert window.page.search_is_shown
    assert panel.field.hasFocus()
    assert "a phrase" in panel.words.text()
    qtbot.keyClicks(panel.field, "port")
    qtbot.waitUntil(lambda: len(panel.model.hits) == 3)
    rows = [panel.model.index(row) for row in range(panel.model.rowCount())]
    heads = [(row.data(), row.data(GroupedRole.COUNT)) for row in rows if row.data(GroupedRole.COUNT)]
    assert sorted(heads) == [("Harbour notes", 2), ("Summit statement", 1)]
    assert panel.count.text() == "3 hits in 2 documents"
    assert not panel.words.isVisible()


def test_an_older_answer_is_dropped(
    qtbot: QtBot, window: MainWindow, panel: SearchPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries, asked = session_of(window).queries, threading.Event()
    answer = queries.search

    def slow(query: SearchQuery, **rest: Any) -> SearchPage:
        if query.words == "port":
            asked.wait(10)
            return answer(query)  # too late to be stopped
        return answer(query, **rest)

    monkeypatch.setattr(queries, "search", slow)
    panel.field.setText("port")
    panel.ask()
    panel.field.setText("annexation")
    panel.ask()
    qtbot.waitUntil(lambda: len(panel.model.hits) == 1)
    asked.set()
    settle(qtbot, window)
    assert ["annexation" in snippet for snippet in snippets(panel)] == [True]


def test_a_hit_is_shown_selected_and_the_panel_stays(
    qtbot: QtBot, window: MainWindow, panel: SearchPanel, other: Document
) -> None:
    search(qtbot, window, "spring")
    index = panel.model.step(QModelIndex(), 1)
    panel.list.setCurrentIndex(index)
    panel.list.setFocus()
    panel.list.clicked.emit(index)
    shown = window.page.document.document
    assert shown is not None
    assert shown.id == other.id
    start = OTHER.index("spring")
    assert window.page.reading.selection() == (start, start + 6)
    assert panel.list.hasFocus()
    panel.list.activated.emit(index)
    assert window.page.reading.hasFocus()
    assert window.page.search_is_shown


def test_f4_steps_through_the_hits(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    search(qtbot, window, "attack")
    places = [i for i in range(len(TEXT)) if TEXT.startswith("attack", i)]
    for action, place in (("next_hit", 0), ("next_hit", 1), ("next_hit", 1), ("previous_hit", 0), ("previous_hit", 0)):
        window.actions_table[action].trigger()
        assert window.page.reading.selection() == (places[place], places[place] + 6)
        assert window.page.reading.hasFocus()


def test_enter_in_the_field_shows_one_hit_after_the_other(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    search(qtbot, window, "attack")
    places = [i for i in range(len(TEXT)) if TEXT.startswith("attack", i)]
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert window.page.reading.selection() == (places[1], places[1] + 6)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.page.reading.selection() == (places[0], places[0] + 6)
    assert panel.field.hasFocus()


def test_spans_and_notes_are_gone_to(qtbot: QtBot, window: MainWindow, panel: SearchPanel, stored: Document) -> None:
    session = session_of(window)
    label = session.queries.label_named("pledge").id
    made = session.annotations.tag(stored.id, label, [(18, 45)], note="Compare the harbour")
    choose_scope(panel, "spans")
    search(qtbot, window, "provide")
    assert [hit.span for hit in panel.model.hits] == [made.id]
    window.actions_table["next_hit"].trigger()
    selected = window.page.document.selected_span
    assert selected is not None
    assert selected.id == made.id
    window.page.document.select(None)
    choose_scope(panel, "notes")
    search(qtbot, window, "harbour")
    panel.list.activated.emit(panel.model.step(QModelIndex(), 1))
    selected = window.page.document.selected_span
    assert selected is not None
    assert selected.id == made.id


def test_filters_narrow_the_search(qtbot: QtBot, window: MainWindow, panel: SearchPanel, other: Document) -> None:
    session = session_of(window)
    session.documents.describe(other.id, date="2031-02")
    settle(qtbot, window)
    search(qtbot, window, "port")
    assert len(panel.model.hits) == 3
    panel.filters_button.click()
    assert panel.filters.isVisible()
    panel.filters.date_from.setText("2031")
    qtbot.waitUntil(lambda: len(panel.model.hits) == 2)
    assert panel.filters_button.text() == "Filters (1)"
    panel.filters.date_from.setText("spring")
    qtbot.waitUntil(lambda: len(panel.model.hits) == 3)
    assert panel.filters.date_from.property("state") == "error"
    panel.filters.label.choose(session.queries.label_named("pledge").id)
    qtbot.waitUntil(lambda: not panel.model.hits and panel.words.text() == "Nothing found.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("?! …", "Only signs"),
        ("-port", "besides those to leave out"),
        ("x" * 10_000, "1000 characters at most"),
        ("po\0rt", "holds a sign"),
    ],
)
def test_what_cannot_be_searched_for_is_said(
    qtbot: QtBot, window: MainWindow, panel: SearchPanel, words: str, sentence: str
) -> None:
    search(qtbot, window, "port")
    search(qtbot, window, words)
    assert sentence in panel.words.text()
    assert panel.words.property("state") == "error"
    assert not panel.list.isVisible()
    search(qtbot, window, '"the port')
    assert "quotation mark is open" in panel.words.text()
    assert panel.list.isVisible()


def test_what_is_shown_follows_what_is_changed(
    qtbot: QtBot, window: MainWindow, panel: SearchPanel, stored: Document, other: Document
) -> None:
    search(qtbot, window, "port")
    session = session_of(window)
    label = session.queries.label_named("pledge").id
    session.annotations.tag(stored.id, label, [(0, len(TEXT))])
    qtbot.waitUntil(lambda: [hit.labels for hit in panel.model.hits if hit.document == stored.id] == [(label,)])
    session.documents.remove(other.id)
    qtbot.waitUntil(lambda: len(panel.model.hits) == 1)
    session.history.undo()
    qtbot.waitUntil(lambda: len(panel.model.hits) == 3)


def test_more_hits_come_when_they_are_scrolled_to(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    session = session_of(window)
    add_document(session, "A harbour. " * 250, "Harbours")
    settle(qtbot, window)
    search(qtbot, window, "harbour")
    first = panel.model.rowCount()
    assert not panel.model.complete
    assert panel.count.text() == "More than 100 hits"
    while not panel.model.complete:
        panel.list.setCurrentIndex(panel.model.index(panel.model.rowCount() - 1))
        panel.next_hit()
        settle(qtbot, window)
    assert panel.model.rowCount() > first
    assert panel.count.text() == "251 hits in 2 documents"
    heads = [
        index for row in range(panel.model.rowCount()) if (index := panel.model.index(row)).data(GroupedRole.COUNT)
    ]
    assert sorted(index.data(GroupedRole.COUNT) for index in heads) == [1, 250]


def test_searches_are_saved_used_and_deleted(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    search(qtbot, window, "port -attack")
    panel.ask_for_name()
    panel.name_field.setText("Quiet ports")
    qtbot.keyClick(panel.name_field, Qt.Key.Key_Return)
    session = session_of(window)
    assert [search.name for search in session.queries.saved_searches()] == ["Quiet ports"]
    assert not panel.name_field.isVisible()
    settle(qtbot, window)
    search(qtbot, window, "nothing")
    actions = {action.text(): action for action in panel.saved_menu.actions()}
    actions["Quiet ports"].trigger()
    qtbot.waitUntil(lambda: panel.field.text() == "port -attack" and len(panel.model.hits) == 2)
    panel.delete_menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: session.queries.saved_searches() == [])
    settle(qtbot, window)
    assert "Quiet ports" not in [action.text() for action in panel.saved_menu.actions()]


def test_a_name_that_is_taken_is_refused(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    session_of(window).searches.save("Ports", SearchQuery("port"))
    search(qtbot, window, "attack")
    panel.ask_for_name()
    panel.name_field.setText("Ports")
    qtbot.keyClick(panel.name_field, Qt.Key.Key_Return)
    assert "already" in window.messages.text
    assert panel.name_field.isVisible()


def test_parts_of_words_are_indexed_when_asked_for(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    search(qtbot, window, "arbou")
    assert not panel.model.hits
    panel.filters.parts.setChecked(True)
    qtbot.waitUntil(lambda: len(panel.model.hits) == 1)
    assert session_of(window).search_index.has_parts
    window.actions_table["drop_parts"].trigger()
    qtbot.waitUntil(lambda: not session_of(window).search_index.wants_parts and not panel.model.hits)
    settle(qtbot, window)
    window.actions_table["drop_parts"].trigger()
    assert "not indexed" in window.messages.text


def test_texts_that_were_never_indexed_are_so_at_the_first_search(
    qtbot: QtBot, other: Document, project_path: Path, person: Person, new_window: Callable[..., MainWindow]
) -> None:
    with Session(project_path, person) as session:
        session.stream(lambda: forget_index(session))
    window = new_window(project_path)
    window.actions_table["search"].trigger()
    search(qtbot, window, "spring")
    assert len(window.page.search_panel.model.hits) == 1


def test_the_selected_words_are_searched_for(qtbot: QtBot, window: MainWindow) -> None:
    start = TEXT.index("the port")
    window.page.reading.select(start, start + 8)
    window.actions_table["search"].trigger()
    panel = window.page.search_panel
    assert panel.field.text() == '"the port"'
    qtbot.waitUntil(lambda: len(panel.model.hits) == 3)
    panel.field.clear()
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert not window.page.search_is_shown
    assert window.page.reading.hasFocus()


def test_panes_lead_to_the_search(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    window.page.reading.setFocus()
    window.parts.panes.previous_pane()
    assert QApplication.focusWidget() is panel.field


@pytest.mark.parametrize("words", ["A harbour " + "🚢" * 60 + " with a port", "port" + "x" * 180, "порт " * 50])
def test_a_snippet_has_its_lines_and_its_marks(
    qtbot: QtBot, window: MainWindow, panel: SearchPanel, words: str
) -> None:
    session = session_of(window)
    add_document(session, words, "Ships")
    settle(qtbot, window)
    search(qtbot, window, "port* OR порт")
    hit = next(hit for hit in panel.model.hits if hit.title == "Ships")
    layout = panel.delegate.layout(hit, 180)
    assert 1 <= layout.lineCount() <= LINES
    marked = layout.formats()[0]
    shown = layout.text().encode("utf-16-le")[2 * marked.start : 2 * (marked.start + marked.length)].decode("utf-16-le")
    assert shown.startswith(("port", "порт"))


def test_another_project_starts_without_a_search(qtbot: QtBot, window: MainWindow, panel: SearchPanel) -> None:
    search(qtbot, window, "port")
    window.projects.close_project()
    assert not window.page.search_is_shown
    assert panel.field.text() == ""
    assert not panel.model.hits
