"""Attributes in the inspector: inherited and required ones, one key each, and those that tagging asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.ids import new_id
from annotator.core.records import Annotation, AttributeDefinition, Document
from annotator.core.structure import FormatRange, Structure
from annotator.formats.codebooks import default_codebook
from annotator.formats.documents.source import ReadDocument
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.attribute_editors import EntityEditor, FlagEditor, next_flag
from annotator.ui.panels.attribute_keys import attribute_keys, choice_keys
from annotator.ui.panels.attribute_words import MISSING_SIGN
from tests.support import TEXT
from tests.ui.conftest import range_of
from tests.ui.reading_support import press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PLEDGE = range_of("We will provide air defence", TEXT)
CRITICISM = range_of("The alliance condemns the attack", TEXT)
TURN = range_of(
    "We will provide air defence if the council agrees. The alliance condemns the attack on the port.", TEXT
)
CHANGED: dict[str, dict[str, Any]] = {
    "strength": {"required": True, "asked": True},
    "target": {"asked": True},
    "explicit": {"asked": True},
    "hedged": {"inherits": "document"},
}
ADDED = (
    AttributeDefinition(new_id(), "tones", "Tones", "choices", 90, (("grave", "Grave"), ("calm", "Calm"))),
    AttributeDefinition(new_id(), "due", "Due", "date", 91),
    AttributeDefinition(new_id(), "amount", "Amount", "number", 92),
)


@pytest.fixture
def project_path(tmp_path: Path, person: Person) -> Path:
    """A project whose codebook asks for some attributes, requires one, and has every type."""
    codebook = default_codebook()
    attributes = tuple(replace(a, **CHANGED.get(a.key, {})) for a in codebook.attributes)
    path = tmp_path / "project.annodb"
    create_project(path, replace(codebook, attributes=(*attributes, *ADDED)), person)
    return path


@pytest.fixture
def stored(project_path: Path, person: Person) -> Document:
    """A transcript with one turn, whose document has a speaker and an attribution."""
    data = {"speaker": "The Chair", "name_end": TURN[0]}
    read = ReadDocument(TEXT, Structure((FormatRange("speaker", *TURN, 0, data),)), "Statement", "en", format="text")
    with Session(project_path, person) as session:
        document = session.documents._add_pasted(read, TEXT.encode())
        session.documents.set_value(document.id, "speaker", "The agency")
        session.documents.set_value(document.id, "attribution", "narrator")
        session.documents.set_value(document.id, "hedged", True)
    return document


@pytest.fixture
def span(window: MainWindow, stored: Document) -> Annotation:
    """A pledge without values of its own, selected."""
    session = session_of(window)
    label = session.queries.codebook().label_by_key("pledge")
    annotation = session.annotations.tag(stored.id, label.id, [PLEDGE])
    window.page.reading.select_span(annotation.id)
    window.page.reading.setFocus()
    return annotation


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


def values_of(window: MainWindow, annotation: Annotation) -> dict[str, Any]:
    return session_of(window).queries.values([annotation.id]).get(annotation.id, {})


def type_keys(*keys: Qt.Key) -> None:
    """Press keys where the focus is, as a person does."""
    for key in keys:
        QTest.keyClick(focus(), key)
        QApplication.processEvents()


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def key_of(window: MainWindow, attribute: str) -> Qt.Key:
    rows = {row.id: row.key for row in window.page.inspector.keys.list.rows()}
    return Qt.Key(ord(rows[attribute].upper()))


def row_names(window: MainWindow) -> list[str]:
    form = window.page.inspector.attributes
    return [label.text() for label in form.findChildren(QLabel) if label.text() and label.isVisibleTo(form)]


def is_in_text(window: MainWindow) -> bool:
    return window.page.reading.hasFocus() and window.page.inspector.attributes.isVisible()


# -- inherited and required


def test_inherited_values_are_muted_and_say_where_from(window: MainWindow, span: Annotation) -> None:
    editors = window.page.inspector.attributes.editors
    speaker, attribution = editors["speaker"], editors["attribution"]
    assert isinstance(speaker, EntityEditor)
    line = speaker.box.lineEdit()
    assert line is not None
    assert (line.text(), line.property("inherited")) == ("The Chair", True)
    assert "from the turn" in line.toolTip()
    assert "from the turn" in speaker.field.accessibleDescription()
    assert "from the document" in attribution.field.toolTip()
    assert line.palette().text().color().name() == window.theme.hex("text_muted")
    assert line.font().italic()
    assert values_of(window, span) == {}


def test_an_edited_value_is_the_spans_own_and_clearing_shows_the_inherited_one(
    window: MainWindow, span: Annotation
) -> None:
    editor = window.page.inspector.attributes.editors["speaker"]
    assert isinstance(editor, EntityEditor)
    line = editor.box.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "The donors")
    type_keys(Qt.Key.Key_Return)
    assert values_of(window, span) == {"speaker": "The donors"}
    assert not line.property("inherited") and "turn" not in line.toolTip()
    line.selectAll()
    type_keys(Qt.Key.Key_Delete, Qt.Key.Key_Return)
    assert values_of(window, span) == {}
    assert (line.text(), line.property("inherited")) == ("The Chair", True)


def test_choosing_nothing_shows_the_inherited_choice_again(window: MainWindow, span: Annotation) -> None:
    box: Any = window.page.inspector.attributes.editors["attribution"].field
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert box.currentText() == "Narrator"
    assert values_of(window, span) == {}


def test_an_inherited_yes_becomes_no_then_yes_then_inherited(window: MainWindow, span: Annotation) -> None:
    editor = window.page.inspector.attributes.editors["hedged"]
    assert isinstance(editor, FlagEditor)
    seen = []
    for _ in range(3):
        editor.check.click()
        seen.append((values_of(window, span).get("hedged"), editor.check.text(), editor.check.property("inherited")))
    assert seen == [(False, "No", False), (True, "Yes", False), (None, "Yes", True)]
    assert [next_flag(value) for value in (None, True, False)] == [True, False, None]


def test_a_change_of_the_document_shows_at_once(window: MainWindow, span: Annotation, stored: Document) -> None:
    session = session_of(window)
    box: Any = window.page.inspector.attributes.editors["attribution"].field
    session.documents.set_value(stored.id, "attribution", "direct_quote")
    assert box.currentText() == "Direct quote"
    session.history.undo()
    assert box.currentText() == "Narrator"
    assert window.page.document.content is not None
    assert window.page.document.content.document_values["attribution"] == "narrator"


def test_an_entity_of_the_speakers_name_shows_at_once(window: MainWindow, span: Annotation) -> None:
    session_of(window).annotations.set_attribute(span.id, "target", "THE CHAIR")
    editor = window.page.inspector.attributes.editors["speaker"]
    assert isinstance(editor, EntityEditor)
    assert editor.box.currentText() == "THE CHAIR"


def test_a_required_attribute_is_flagged_until_it_has_a_value(window: MainWindow, span: Annotation) -> None:
    form = window.page.inspector.attributes
    assert f"{MISSING_SIGN} Strength" in row_names(window)
    assert "required" in form.editors["strength"].field.accessibleName()
    window.tagging.set_attribute(span.id, "strength", "firm")
    assert "Strength" in row_names(window)
    window.tagging.set_attribute(span.id, "strength", None)
    assert f"{MISSING_SIGN} Strength" in row_names(window)


# -- one key each


def test_a_letter_and_a_digit_set_a_choice_in_three_presses(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "strength"), Qt.Key.Key_2)
    assert values_of(window, span) == {"strength": "announced"}
    keys = window.page.inspector.keys
    assert keys.active and keys.open_attribute is None and keys.list.hasFocus()
    type_keys(Qt.Key.Key_Escape)
    assert is_in_text(window)


def test_keys_work_by_their_place_under_other_layouts(window: MainWindow, span: Annotation) -> None:
    reading, keys = window.page.reading, window.page.inspector.keys
    press(reading, Qt.Key(0x0424), text="ф", scan_code=38)
    assert {row.id: row.key for row in keys.list.rows()}["strength"] == "g"
    press(keys.list, Qt.Key(0x041F), text="п", scan_code=42)
    assert keys.open_attribute == "strength"
    press(keys.list, Qt.Key.Key_Eacute, text="é", scan_code=11)
    assert values_of(window, span) == {"strength": "announced"}


def test_more_than_nine_choices_go_on_with_letters(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "action_type"), Qt.Key.Key_A)
    assert values_of(window, span) == {"action_type": "sanctions"}


def test_a_number_with_few_choices_has_its_own_digits(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "specificity"), Qt.Key.Key_0)
    assert values_of(window, span) == {"specificity": 0}


def test_yes_or_no_changes_at_once(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    letter = key_of(window, "explicit")
    seen = []
    for _ in range(3):
        type_keys(letter)
        seen.append(values_of(window, span).get("explicit"))
    assert seen == [True, False, None]


def test_several_choices_are_ticked_until_enter(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "tones"), Qt.Key.Key_2, Qt.Key.Key_1)
    assert values_of(window, span) == {"tones": ["grave", "calm"]}
    type_keys(Qt.Key.Key_2)
    assert [row.ticked for row in window.page.inspector.keys.list.rows()] == [True, False]
    type_keys(Qt.Key.Key_Return)
    assert window.page.inspector.keys.open_attribute is None
    assert values_of(window, span) == {"tones": ["grave"]}


@pytest.mark.parametrize(
    ("attribute", "typed", "value"),
    [
        ("target", "Moldova", "Moldova"),
        ("timeframe", "this autumn", "this autumn"),
        ("due", "2031-05-02", "2031-05-02"),
        ("amount", "12.5", 12.5),
        ("hedge_cues", "stand ready; intend", ["stand ready", "intend"]),
    ],
)
def test_other_values_are_typed_and_enter_goes_on(
    window: MainWindow, span: Annotation, qtbot: QtBot, attribute: str, typed: str, value: object
) -> None:
    keys = window.page.inspector.keys
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, attribute))
    assert keys.open_attribute == attribute and not keys.list.isVisible()
    QTest.keyClicks(focus(), typed)
    type_keys(Qt.Key.Key_Return)
    qtbot.waitUntil(keys.list.hasFocus)
    assert keys.open_attribute is None
    assert values_of(window, span) == {attribute: value}


def test_leaving_a_field_with_escape_keeps_what_was_typed(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "timeframe"))
    QTest.keyClicks(focus(), "soon")
    type_keys(Qt.Key.Key_Escape)
    assert values_of(window, span) == {"timeframe": "soon"}
    assert is_in_text(window)


def test_delete_clears_the_own_value(window: MainWindow, span: Annotation) -> None:
    window.tagging.set_attribute(span.id, "attribution", "direct_quote")
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "attribution"), Qt.Key.Key_Delete)
    assert values_of(window, span) == {}
    assert [row.id for row in window.page.inspector.keys.list.rows() if row.ticked] == ["narrator"]
    type_keys(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert is_in_text(window)


def test_the_arrows_and_enter_choose_too(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "strength"), Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert values_of(window, span) == {"strength": "announced"}


def test_the_row_that_the_arrows_reach_comes_in_sight(window: MainWindow, span: Annotation) -> None:
    window.resize(900, 560)
    QApplication.processEvents()
    press(window.page.reading, Qt.Key.Key_A)
    inspector = window.page.inspector
    assert inspector.verticalScrollBar().value() == 0
    type_keys(*(Qt.Key.Key_Down for _ in range(inspector.keys.list.count())))
    assert inspector.verticalScrollBar().value() > 0


def test_another_place_for_the_focus_ends_the_keys(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    window.page.reading.setFocus()
    assert not window.page.inspector.keys.active
    assert is_in_text(window)
    press(window.page.reading, Qt.Key.Key_A)
    window.page.document.select(None)
    assert not window.page.inspector.keys.active


def test_without_a_span_the_key_says_what_to_do(window: MainWindow, stored: Document) -> None:
    window.page.reading.setFocus()
    press(window.page.reading, Qt.Key.Key_A)
    assert "Select" in window.messages.text
    assert not window.page.inspector.keys.active


def test_undo_while_the_keys_are_shown(window: MainWindow, span: Annotation) -> None:
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "strength"), Qt.Key.Key_1)
    session_of(window).history.undo()
    rows = {row.id: row for row in window.page.inspector.keys.list.rows()}
    assert rows["strength"].missing and values_of(window, span) == {}


def test_every_attribute_of_every_label_has_a_key_of_its_own() -> None:
    codebook = default_codebook()
    speakers = set()
    for label in codebook.labels:
        keys = attribute_keys(codebook.attributes_for(label.key))
        assert len(set(keys.values())) == len(keys) and all(keys.values())
        speakers.add(keys["speaker"])
    assert speakers == {"s"}


def test_names_without_latin_letters_and_very_many_attributes_get_what_is_left() -> None:
    many = [AttributeDefinition(str(n), f"a{n}", "Адресат", "text", n) for n in range(40)]
    keys = attribute_keys(many)
    given = [key for key in keys.values() if key]
    assert len(given) == len(set(given)) == 35 and keys["a0"] == "a"
    choices = tuple((f"c{n}", f"Choice {n}") for n in range(40))
    offered = choice_keys(AttributeDefinition("i", "k", "N", "choice", 0, choices))
    assert [value for _, value, _ in offered] == [value for value, _ in choices]
    assert offered[8][0] == "9" and offered[9][0] == "a" and offered[39][0] == ""


# -- asked while tagging


def tag(window: MainWindow, place: tuple[int, int], key: Qt.Key) -> Annotation:
    window.page.reading.setFocus()
    window.page.reading.select(*place)
    press(window.page.reading, key)
    span = window.page.document.selected_span
    assert span is not None
    return span


def test_tagging_asks_one_attribute_after_the_other(
    window: MainWindow, qtbot: QtBot, committed: Callable[[], list[Annotation]]
) -> None:
    keys = window.page.inspector.keys
    made = tag(window, PLEDGE, Qt.Key.Key_1)
    assert keys.open_attribute == "target"
    QTest.keyClicks(focus(), "Moldova")
    type_keys(Qt.Key.Key_Return)
    qtbot.waitUntil(keys.list.hasFocus)
    assert keys.open_attribute == "strength"
    type_keys(Qt.Key.Key_3)
    assert keys.open_attribute == "explicit"
    type_keys(Qt.Key.Key_2)
    assert is_in_text(window)
    assert values_of(window, made) == {"target": "Moldova", "strength": "conditional", "explicit": False}
    assert len(committed()) == 1


def test_escape_and_enter_skip_what_is_asked(window: MainWindow, qtbot: QtBot) -> None:
    keys = window.page.inspector.keys
    made = tag(window, PLEDGE, Qt.Key.Key_1)
    QTest.keyClicks(focus(), "Moldova")
    type_keys(Qt.Key.Key_Escape)
    assert keys.open_attribute == "strength"
    type_keys(Qt.Key.Key_Return)
    assert keys.open_attribute == "explicit"
    type_keys(Qt.Key.Key_Escape)
    assert is_in_text(window)
    assert values_of(window, made) == {}
    second = tag(window, CRITICISM, Qt.Key.Key_3)
    assert keys.open_attribute == "target"
    type_keys(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: keys.open_attribute == "explicit")
    type_keys(Qt.Key.Key_1)
    assert values_of(window, second) == {"explicit": True}


def test_what_has_a_value_is_not_asked(window: MainWindow, stored: Document) -> None:
    session = session_of(window)
    codebook = session.queries.codebook()
    label = codebook.label_by_key("pledge")
    values = {"target": "X", "explicit": True}
    made = session.annotations.tag(stored.id, label.id, [PLEDGE], values)
    window.desk.select(made.id)
    window.describing.ask(made.id)
    assert window.page.inspector.keys.open_attribute == "strength"
    session.annotations.set_attribute(made.id, "strength", "firm")
    type_keys(Qt.Key.Key_Escape)
    window.describing.ask(made.id)
    assert not window.page.inspector.keys.active


def test_what_gets_a_value_meanwhile_is_not_asked(window: MainWindow) -> None:
    made = tag(window, PLEDGE, Qt.Key.Key_1)
    for key, value in (("strength", "firm"), ("explicit", True)):
        session_of(window).annotations.set_attribute(made.id, key, value)
    assert window.page.inspector.keys.open_attribute == "target"
    type_keys(Qt.Key.Key_Escape)
    assert is_in_text(window)


def test_a_name_is_chosen_from_those_that_complete_it(window: MainWindow, span: Annotation, qtbot: QtBot) -> None:
    keys = window.page.inspector.keys
    press(window.page.reading, Qt.Key.Key_A)
    type_keys(key_of(window, "target"))
    assert isinstance(keys.editor, EntityEditor)
    completer, line = keys.editor.box.completer(), keys.editor.box.lineEdit()
    assert completer is not None and line is not None
    QTest.keyClicks(line, "agen")
    popup = completer.popup()
    assert popup is not None and popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: keys.open_attribute is None)
    assert values_of(window, span) == {"target": "The agency"}


def test_when_nothing_is_asked_the_next_digit_is_for_the_text(window: MainWindow) -> None:
    window.describing.asks = False
    first = tag(window, PLEDGE, Qt.Key.Key_1)
    assert is_in_text(window)
    type_keys(Qt.Key.Key_3)
    labels = {label.id: label.key for label in session_of(window).queries.codebook().labels}
    after = session_of(window).queries.annotation(first.id)
    assert labels[after.label] == "criticism"


def test_the_preference_turns_asking_off(window: MainWindow) -> None:
    window.parts.preferences.take(replace(window.settings, ask_attributes=False))
    tag(window, PLEDGE, Qt.Key.Key_1)
    assert is_in_text(window)
    window.parts.preferences.take(replace(window.settings, ask_attributes=True))
    tag(window, CRITICISM, Qt.Key.Key_3)
    assert window.page.inspector.keys.active


def test_the_history_gives_way_to_what_is_asked(window: MainWindow) -> None:
    window.toggle_history()
    tag(window, PLEDGE, Qt.Key.Key_1)
    assert not window.page.history_is_shown
    focus: QWidget | None = QApplication.focusWidget()
    assert focus is not None and window.page.inspector.keys.isAncestorOf(focus)
