"""Relating by keys and by mouse, following, and deleting what has relations: asserted on what is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from annotator.core.codebook_edits import with_entry
from annotator.core.records import Annotation, Document, Relation
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.inspector_panel import MOST_LINKS
from annotator.ui.panels.widgets import LinkLabel
from tests.support import TEXT, add_document
from tests.ui.conftest import range_of
from tests.ui.reading_support import CTRL, NO_MODIFIER, SHIFT, click

PLEDGE = range_of("We will provide air defence", TEXT)
CONDITION = range_of("if the council agrees", TEXT)
CRITICISM = range_of("The alliance condemns the attack", TEXT)
LAST = range_of("We will never recognise the annexation", TEXT)


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


class Stage:
    """Two pledges, a condition and a criticism in the window; the condition is selected."""

    def __init__(self, window: MainWindow, stored: Document) -> None:
        self.window, self.reading, self.strip = window, window.page.reading, window.page.relate_strip
        self.document = stored.id
        session = session_of(window)
        labels = {label.key: label.id for label in session.queries.codebook().labels}
        self.pledge = session.annotations.tag(stored.id, labels["pledge"], [PLEDGE])
        self.condition = session.annotations.tag(stored.id, labels["condition"], [CONDITION])
        self.criticism = session.annotations.tag(stored.id, labels["criticism"], [CRITICISM])
        self.last = session.annotations.tag(stored.id, labels["pledge"], [LAST])
        self.select(self.condition)

    def select(self, annotation: Annotation) -> None:
        self.window.desk.select(annotation.id)
        self.reading.setFocus()

    def relations(self) -> list[tuple[str, str, str]]:
        session = session_of(self.window)
        keys = {relation.id: relation.key for relation in session.queries.codebook().relations}
        return [(r.source, keys[r.type], r.target) for r in self.stored()]

    def stored(self) -> list[Relation]:
        return session_of(self.window).queries.content(self.document).relations

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifiers)

    def keys(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)


@pytest.fixture
def stage(window: MainWindow, stored: Document) -> Stage:
    return Stage(window, stored)


def test_r_and_enter_relate_to_the_nearest_that_is_allowed(stage: Stage) -> None:
    stage.select(stage.last)
    stage.key(Qt.Key.Key_R)
    assert stage.strip.field.hasFocus()
    assert stage.strip.current_span() == stage.criticism.id
    stage.key(Qt.Key.Key_Tab)
    assert stage.strip.current_span() == stage.pledge.id
    stage.select(stage.condition)
    stage.key(Qt.Key.Key_R)
    assert stage.strip.current_span() == stage.pledge.id
    stage.key(Qt.Key.Key_Return)
    stage.key(Qt.Key.Key_1)
    assert stage.relations() == [(stage.condition.id, "conditions", stage.pledge.id)]
    assert stage.reading.selected_span() == stage.condition.id
    assert stage.reading.hasFocus() and stage.strip.isHidden()


def test_tab_goes_through_the_ends_in_the_order_of_the_text(stage: Stage) -> None:
    stage.key(Qt.Key.Key_R)
    seen = [stage.strip.current_span()]
    for _ in range(3):
        stage.key(Qt.Key.Key_Tab)
        seen.append(stage.strip.current_span())
    assert seen == [stage.pledge.id, stage.criticism.id, stage.last.id, stage.pledge.id]
    stage.key(Qt.Key.Key_Backtab, SHIFT)
    assert stage.strip.current_span() == stage.last.id
    assert stage.strip.count.text() == "3 of 3"
    assert stage.reading.selected_span() == stage.condition.id


def test_typing_searches_label_and_words_and_one_allowed_type_relates_at_once(stage: Stage) -> None:
    stage.key(Qt.Key.Key_R)
    stage.keys("critic COND")
    assert stage.strip.current_span() == stage.criticism.id
    stage.key(Qt.Key.Key_Return)
    assert stage.relations() == [(stage.condition.id, "restates", stage.criticism.id)]


def test_words_that_no_span_has_relate_nothing(stage: Stage) -> None:
    stage.key(Qt.Key.Key_R)
    stage.keys("zzz")
    assert stage.strip.current_span() is None
    stage.key(Qt.Key.Key_Return)
    assert stage.strip.isVisible() and stage.relations() == []
    stage.key(Qt.Key.Key_Backspace, CTRL)
    assert stage.strip.current_span() is not None


@pytest.mark.parametrize("moves", [0, 1])
def test_several_types_are_numbered(stage: Stage, moves: int) -> None:
    stage.key(Qt.Key.Key_R)
    stage.key(Qt.Key.Key_Return)
    assert type_names(stage) == ["1  Conditions", "2  Restates"]
    for _ in range(moves):
        stage.key(Qt.Key.Key_Right)
    stage.key(Qt.Key.Key_Return)
    assert stage.relations() == [(stage.condition.id, ("conditions", "restates")[moves], stage.pledge.id)]


def test_a_digit_of_another_keyboard_chooses_by_its_place(stage: Stage) -> None:
    stage.key(Qt.Key.Key_R)
    stage.key(Qt.Key.Key_Return)
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Eacute, NO_MODIFIER, 11, 0, 0, "é")
    QApplication.sendEvent(stage.strip, key)
    assert stage.relations() == [(stage.condition.id, "restates", stage.pledge.id)]


def type_names(stage: Stage) -> list[str]:
    buttons = [b for b in stage.strip.findChildren(QPushButton) if b.isCheckable() and b.isVisible()]
    return [button.text() for button in buttons]


def test_by_mouse_alone(stage: Stage) -> None:
    QTest.mouseClick(stage.window.page.inspector.relate_button, Qt.MouseButton.LeftButton)
    click(stage.reading, PLEDGE[0] + 4)
    assert stage.reading.selected_span() == stage.condition.id
    (first, second) = [b for b in stage.strip.findChildren(QPushButton) if b.isCheckable() and b.isVisible()]
    assert first.text().endswith("Conditions")
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert stage.relations() == [(stage.condition.id, "restates", stage.pledge.id)]
    click(stage.reading, PLEDGE[0] + 4)
    assert stage.reading.selected_span() == stage.pledge.id


def test_a_click_takes_the_innermost_that_is_allowed(stage: Stage) -> None:
    session = session_of(stage.window)
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    start = TEXT.index("the attack")
    inner = session.annotations.tag(stage.document, labels["condition"], [(start, start + 10)])
    stage.select(inner)
    stage.key(Qt.Key.Key_R)
    click(stage.reading, start + 2)
    assert stage.relations() == [(inner.id, "restates", stage.criticism.id)]


def test_what_is_not_allowed_is_said_and_changes_nothing(stage: Stage) -> None:
    session_of(stage.window).relations.relate(stage.condition.id, "restates", stage.criticism.id)
    stage.key(Qt.Key.Key_R)
    click(stage.reading, CONDITION[0] + 3)
    assert "to itself" in stage.strip.problem.text()
    click(stage.reading, CRITICISM[0] + 3)
    assert "already related by “Restates”" in stage.strip.problem.text()
    click(stage.reading, TEXT.index("Summit"))
    assert stage.strip.problem.text() == ""
    assert stage.strip.field.hasFocus()
    assert len(stage.relations()) == 1


def test_a_label_that_the_codebook_forbids_is_not_offered(stage: Stage) -> None:
    session = session_of(stage.window)
    for target in (stage.pledge, stage.criticism, stage.last):
        session.relations.relate(stage.condition.id, "restates", target.id)
    stage.key(Qt.Key.Key_R)
    click(stage.reading, CRITICISM[0] + 3)
    assert "already related" in stage.strip.problem.text()
    stage.key(Qt.Key.Key_Escape)
    for target in (stage.pledge, stage.last):
        session.relations.relate(stage.condition.id, "conditions", target.id)
    stage.key(Qt.Key.Key_R)
    assert stage.strip.isHidden()
    assert "no further relation from this Condition" in stage.window.messages.text


def test_esc_cancels_and_clicks_select_again(stage: Stage) -> None:
    stage.key(Qt.Key.Key_R)
    stage.key(Qt.Key.Key_Tab)
    stage.key(Qt.Key.Key_Escape)
    assert stage.strip.isHidden() and stage.reading.hasFocus()
    assert stage.reading.selected_span() == stage.condition.id
    stage.key(Qt.Key.Key_R)
    stage.key(Qt.Key.Key_Return)
    stage.key(Qt.Key.Key_Escape)
    assert stage.strip.isHidden() and stage.relations() == []
    click(stage.reading, PLEDGE[0] + 4)
    assert stage.reading.selected_span() == stage.pledge.id


def test_it_ends_when_the_document_or_the_spans_change(stage: Stage) -> None:
    session = session_of(stage.window)
    stage.key(Qt.Key.Key_R)
    session.annotations.delete([stage.last.id])
    assert stage.strip.isHidden()
    stage.key(Qt.Key.Key_R)
    assert stage.strip.isVisible()
    other = add_document(session, "Another text of one line.", "Another")
    stage.window.desk.open_document(other.id)
    assert stage.strip.isHidden()
    assert stage.reading.selected_span() is None


def test_without_a_span_r_says_what_to_do(stage: Stage) -> None:
    stage.reading.choose_span(None)
    stage.key(Qt.Key.Key_R)
    assert "Select the span" in stage.window.messages.text


# -- following


def test_f_goes_round_the_relations_and_shift_f_back(stage: Stage) -> None:
    session = session_of(stage.window)
    session.relations.relate(stage.condition.id, "conditions", stage.pledge.id)
    session.relations.relate(stage.condition.id, "restates", stage.criticism.id)
    session.relations.relate(stage.last.id, "responds_to", stage.condition.id)
    seen = []
    for _ in range(6):
        stage.key(Qt.Key.Key_F)
        seen.append(stage.reading.selected_span())
    here = stage.condition.id
    assert seen == [stage.pledge.id, here, stage.criticism.id, here, stage.last.id, here]
    stage.key(Qt.Key.Key_F, SHIFT)
    assert stage.reading.selected_span() == stage.criticism.id
    assert stage.reading.hasFocus()


def test_f_says_where_there_is_nothing_to_follow(stage: Stage) -> None:
    stage.key(Qt.Key.Key_F)
    assert "no relation" in stage.window.messages.text
    assert stage.reading.selected_span() == stage.condition.id
    stage.reading.choose_span(None)
    stage.key(Qt.Key.Key_F)
    assert "Select a span" in stage.window.messages.text


def test_the_inspector_lists_both_ways_with_notes_for_the_keyboard(stage: Stage) -> None:
    session = session_of(stage.window)
    session.relations.relate(stage.condition.id, "conditions", stage.pledge.id)
    back = session.relations.relate(stage.last.id, "responds_to", stage.condition.id)
    session.notes.write("relation", back.id, "Compare 2008")
    links = stage.window.page.inspector.links
    jumps = [label for label in links.findChildren(LinkLabel) if label.isVisible()]
    assert [jump.property("target") for jump in jumps] == [stage.pledge.id, stage.last.id]
    assert all(jump.focusPolicy() & Qt.FocusPolicy.TabFocus for jump in jumps)
    assert "Compare 2008" in [label.text() for label in links.findChildren(QLabel)]
    jumps[1].setFocus()
    stage.key(Qt.Key.Key_Return)
    assert stage.reading.selected_span() == stage.last.id


def test_of_very_many_relations_the_inspector_lists_the_first(stage: Stage) -> None:
    session = session_of(stage.window)
    label = session.queries.codebook().label_by_key("pledge").id
    with session.group("Many"):
        for start in range(MOST_LINKS + 5):
            other = session.annotations.tag(stage.document, label, [(start, start + 3)])
            session.relations.relate(stage.condition.id, "conditions", other.id)
    links = stage.window.page.inspector.links
    assert len([label for label in links.findChildren(LinkLabel) if label.isVisible()]) == MOST_LINKS
    assert any(label.text().startswith("and 5 more") for label in links.findChildren(QLabel))


# -- deleting


@pytest.fixture
def rich(stage: Stage) -> Stage:
    """The condition has two relations, one with a note, an attribute and a note of its own."""
    session = session_of(stage.window)
    session.relations.relate(stage.condition.id, "conditions", stage.pledge.id)
    relation = session.relations.relate(stage.last.id, "responds_to", stage.condition.id)
    session.notes.write("relation", relation.id, "on the relation")
    session.annotations.set_note(stage.condition.id, "on the span")
    session.annotations.set_attribute(stage.condition.id, "speaker", "The council")
    stage.select(stage.condition)
    return stage


def test_deleting_asks_about_relations_and_is_one_step(rich: Stage) -> None:
    session, strip = session_of(rich.window), rich.window.page.question_strip
    before, steps = session.reading.dump(), session.reading.journal.count_steps()
    rich.key(Qt.Key.Key_Delete)
    assert "its 2 relations" in strip.text
    assert session.reading.dump() == before
    rich.key(Qt.Key.Key_Return)
    assert strip.isHidden() and rich.reading.hasFocus()
    content = session.queries.content(rich.document)
    assert (content.relations, content.notes) == ([], {})
    assert session.reading.journal.count_steps() == steps + 1
    rich.key(Qt.Key.Key_Z, CTRL)
    assert session.reading.dump() == before
    assert rich.reading.selected_span() == rich.condition.id


def test_esc_keeps_everything(rich: Stage) -> None:
    session, strip = session_of(rich.window), rich.window.page.question_strip
    before = session.reading.dump()
    for end in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
        rich.key(Qt.Key.Key_Backspace)
        assert strip.isVisible()
        rich.key(end)
    rich.key(Qt.Key.Key_Return)
    assert strip.isHidden() and rich.reading.hasFocus()
    assert session.reading.dump() == before


def test_the_question_goes_when_another_span_is_selected(rich: Stage) -> None:
    rich.key(Qt.Key.Key_Delete)
    click(rich.reading, CRITICISM[0] + 3)
    assert rich.window.page.question_strip.isHidden()
    assert len(rich.relations()) == 2


# -- drawing


def test_the_view_toggle_hides_relations_and_is_remembered(
    rich: Stage, project_path: Path, settings: Settings, new_window: Callable[..., MainWindow]
) -> None:
    action = rich.window.actions_table["relations"]
    assert action.isChecked()
    action.trigger()
    assert not action.isChecked()
    assert not rich.reading.links_are_shown
    rich.window.close()
    again = new_window(None, settings)
    assert not again.page.reading.links_are_shown
    again.relating.toggle_shown()
    assert again.page.reading.links_are_shown


def test_a_bracket_moves_with_its_span_and_comes_back_with_undo(rich: Stage) -> None:
    session, links = session_of(rich.window), rich.reading._painter.links
    (mark,) = [mark for mark in links.links.of(rich.condition.id, 9) if mark.source == rich.condition.id]
    assert mark.source_start == CONDITION[0]
    session.annotations.resize(rich.condition.id, [(CONDITION[0] + 3, CONDITION[1])])
    moved = links.links.get(mark.id)
    assert moved is not None and moved.source_start == CONDITION[0] + 3
    session.annotations.delete([rich.condition.id])
    assert len(links.links) == 0
    rich.window.travelling.undo()
    rich.window.travelling.undo()
    assert links.links.get(mark.id) == mark
    assert len(links.links) == 2


def test_a_relation_type_that_is_renamed_shows_its_new_name(rich: Stage) -> None:
    session = session_of(rich.window)
    codebook = session.queries.codebook()
    renamed = replace(codebook.relation_by_key("conditions"), name="Depends on")
    session.codebooks.save(with_entry(codebook, renamed))
    links = rich.reading._painter.links
    shown = {links.words(connector) for connector in links.connectors(rich.reading.page, rich.condition.id)}
    assert shown == {"Depends on", "Responds to"}
    rich.window.travelling.undo()
    shown = {links.words(connector) for connector in links.connectors(rich.reading.page, rich.condition.id)}
    assert shown == {"Conditions", "Responds to"}


def test_ctrl_z_while_relating_is_the_fields(stage: Stage) -> None:
    stage.key(Qt.Key.Key_R)
    stage.keys("pledge")
    stage.key(Qt.Key.Key_Z, CTRL)
    assert stage.strip.isVisible()
    assert QGuiApplication.focusObject() is stage.strip.field
