"""How many key presses, or clicks and drags, it takes to enter a gold annotation in the window, spans to relations.

The seed article's gold (17 spans with attributes, 11 relations) is entered once with keys only and once with the mouse,
in a window that is driven; what is committed in the end is compared with the gold. What the same takes in other
programs is worked out from the steps that their documentation gives, for the parts that they can hold at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.records import Annotation, AttributeDefinition
from annotator.session.session import Session
from annotator.ui.main_window import MainWindow
from tests.ui.hands import NONE, SHIFT, CaretMap, Hands

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Entry = dict[str, Any]
Key = Qt.Key

ARTICLE = "west-to-offer-ukraine-security-commitments.txt"
DIGITS = (Key.Key_0, Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6, Key.Key_7, Key.Key_8, Key.Key_9)


class Entering:
    """Enters spans, their attributes and relations, and knows which annotation became of which entry."""

    def __init__(self, window: MainWindow, entries: list[Entry], qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.hands = Hands(window)
        self.spans = [entry for entry in entries if entry["type"] == "span"]
        self.relations = [entry for entry in entries if entry["type"] == "relation"]
        self.made: dict[str, str] = {}
        session = window.projects.session
        assert session is not None
        self.session: Session = session
        self.codebook = session.queries.codebook()
        self.parts: dict[str, dict[str, int]] = {}

    def run(self) -> None:
        for part, work in (("spans", self.enter_spans), ("relations", self.enter_relations)):
            before = self.hands.counts.copy()
            work()
            self.parts[part] = dict(self.hands.counts - before)

    def enter_spans(self) -> None:
        for entry in self.spans:
            before = self.hands.counts.copy()
            self.tag(entry)
            span = self.window.page.document.selected_span
            assert span is not None
            assert span.fragments == ((entry["start"], entry["end"]),), entry["quote"]
            self.made[entry["id"]] = span.id
            self.note("tagging", before)
            before = self.hands.counts.copy()
            self.describe(entry)
            self.note("attributes", before)

    def note(self, part: str, before: Any) -> None:
        known = self.parts.setdefault(part, {})
        for name, count in (self.hands.counts - before).items():
            known[name] = known.get(name, 0) + count

    def tag(self, entry: Entry) -> None:
        raise NotImplementedError

    def describe(self, entry: Entry) -> None:
        raise NotImplementedError

    def enter_relations(self) -> None:
        for entry in self.relations:
            self.relate(self.made[entry["source"]], entry["label"], self.made[entry["target"]])

    def relate(self, source: str, kind: str, target: str) -> None:
        raise NotImplementedError

    def attributes(self, entry: Entry) -> list[tuple[AttributeDefinition, Any]]:
        order = {attribute.key: attribute for attribute in self.codebook.attributes_for(entry["label"])}
        return [(order[key], value) for key, value in entry["attributes"].items() if value is not None]

    def annotation(self, identity: str) -> Annotation:
        found = self.window.page.document.annotation(identity)
        assert found is not None
        return found


def typed(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)


class ByKeys(Entering):
    """The shortest ways of the caret; A, a letter and a digit for an attribute; R, Tab and Enter for a relation."""

    def __init__(self, window: MainWindow, entries: list[Entry], qtbot: QtBot) -> None:
        super().__init__(window, entries, qtbot)
        page = window.page.reading.page
        self.map = CaretMap(page.text, page.structure.sentences, self.codebook.condition_words)

    def tag(self, entry: Entry) -> None:
        reading = self.window.page.reading
        if self.window.page.document.selected_span is not None:
            self.hands.press(Key.Key_Escape)
        for key, modifiers in self.map.plan(reading.caret(), entry["start"], entry["end"]).presses:
            self.hands.press(key, modifiers)
        digit = self.codebook.label_by_key(entry["label"]).digit
        assert digit is not None
        self.hands.press(DIGITS[digit])

    def describe(self, entry: Entry) -> None:
        values = self.attributes(entry)
        if not values:
            return
        self.begin_keys()
        for attribute, value in values:
            self.press_row(attribute.key)
            if attribute.type == "boolean":
                if value is False:
                    self.press_row(attribute.key)
            elif attribute.choices:
                for part in value if isinstance(value, list) else [value]:
                    self.press_row(typed(part))
            else:
                self.type_value(value)
            assert self.window.page.inspector.keys.active, (attribute.key, value)
        self.end_keys()

    def begin_keys(self) -> None:
        self.hands.press(Key.Key_A)

    def end_keys(self) -> None:
        self.hands.press(Key.Key_Escape)

    def type_value(self, value: Any) -> None:
        """Type a value and store it; the list of keys comes back a moment later."""
        keys = self.window.page.inspector.keys
        self.hands.type(typed(value))
        self.hands.press(Key.Key_Return)
        self.qtbot.waitUntil(lambda: keys.active and keys.open_attribute is None)

    def press_row(self, row: str) -> None:
        """Press the key that a row of the list shows."""
        shown = next(known for known in self.window.page.inspector.keys.list.rows() if known.id == row)
        self.hands.press(Key[f"Key_{shown.key.upper()}"])

    def relate(self, source: str, kind: str, target: str) -> None:
        self.go_to_span(source)
        self.hands.press(Key.Key_R)
        strip = self.window.page.relate_strip
        steps = 0
        while strip.current_span() != target:
            self.hands.press(Key.Key_Tab)
            steps += 1
            assert steps < 60, "the target is not offered"
        self.hands.press(Key.Key_Return)
        self.choose_type(source, kind, target)

    def choose_type(self, source: str, kind: str, target: str) -> None:
        types = self.allowed(source, target)
        if len(types) > 1:
            self.hands.press(DIGITS[types.index(kind) + 1])

    def allowed(self, source: str, target: str) -> list[str]:
        labels = {label.id: label.key for label in self.codebook.labels}
        ends = labels[self.annotation(source).label], labels[self.annotation(target).label]
        return [r.key for r in self.codebook.relations if self.codebook.allowed(r, *ends)]

    def go_to_span(self, span: str) -> None:
        """Go from span to span with Tab or Shift+Tab, whichever is shorter."""
        order = [annotation.id for annotation in self.window.page.document.annotations()]
        selected = self.window.page.document.selected_span
        here = order.index(selected.id) if selected else -1
        distance = order.index(span) - here
        for _ in range(abs(distance)):
            self.hands.press(Key.Key_Tab, NONE if distance > 0 else SHIFT)
        chosen = self.window.page.document.selected_span
        assert chosen is not None
        assert chosen.id == span


class ByMouse(ByKeys):
    """Drags, clicks on the labels above the text, on the rows of the inspector's keys, and on spans."""

    def tag(self, entry: Entry) -> None:
        self.hands.scroll_to(entry["start"])
        span = self.window.page.document.selected_span
        again = span is not None and span.fragments == ((entry["start"], entry["end"]),)
        if not again:
            self.hands.drag(entry["start"], entry["end"])
        label = self.codebook.label_by_key(entry["label"]).id
        chip = next(chip for chip in self.window.page.label_bar.chips if chip.label.id == label)
        self.hands.click(chip, modifiers=SHIFT if again else NONE)

    def begin_keys(self) -> None:
        self.hands.counts["clicks"] += 2  # the menu and its action
        self.window.describing.start()

    def end_keys(self) -> None:
        self.window.desk.back_to_text()

    def press_row(self, row: str) -> None:
        listed = self.window.page.inspector.keys.list
        place = next(number for number, known in enumerate(listed.rows()) if known.id == row)
        self.hands.click(listed.viewport(), listed.visualItemRect(listed.item(place)).center())

    def relate(self, source: str, kind: str, target: str) -> None:
        self.click_span(source)
        self.hands.click(self.window.page.inspector.relate_button)
        self.click_span(target)
        strip = self.window.page.relate_strip
        if strip.isVisible():
            self.hands.counts["clicks"] += 1
            types = self.allowed(source, target)
            QTest.keyClick(QApplication.focusWidget() or strip, DIGITS[types.index(kind) + 1])

    def click_span(self, span: str) -> None:
        """Click on a span, again while another one at the same place is selected."""
        from tests.ui.reading_support import middle_of

        annotation = self.annotation(span)
        self.hands.scroll_to(annotation.start)
        reading = self.window.page.reading
        picking = self.window.page.relate_strip.isVisible()
        for _ in range(6):
            self.hands.click(reading.viewport(), middle_of(reading, annotation.start + 1))
            if picking or reading.selected_span() == span:
                return


@pytest.fixture
def entries(corpus_folder: Path) -> list[Entry]:
    text = (corpus_folder / "seed" / "seed_gold.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


@pytest.fixture
def article(project_path: Path, corpus_folder: Path, new_window: Callable[..., MainWindow], person: Any) -> MainWindow:
    with Session(project_path, person) as session:
        session.documents.import_files([corpus_folder / "seed" / ARTICLE])
    return new_window(project_path)


@pytest.mark.parametrize("way", [ByKeys, ByMouse])
def test_the_seed_gold_is_entered(
    way: type[Entering], article: MainWindow, entries: list[Entry], qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    entering = way(article, entries, qtbot)
    entering.run()
    content = entering.session.queries.content(article.page.document.document.id)  # type: ignore[union-attr]
    labels = {label.id: label.key for label in entering.codebook.labels}
    gold = {entry["id"]: entry for entry in entering.spans}
    ids = {identity: entry for entry, identity in entering.made.items()}
    for annotation in content.annotations:
        entry = gold[ids[annotation.id]]
        assert (labels[annotation.label], annotation.start, annotation.end) == (
            *(entry["label"], entry["start"], entry["end"]),
        )
        wanted = {key: value for key, value in entry["attributes"].items() if value is not None}
        assert content.values[annotation.id] == wanted, entry["quote"]
    types = {relation.id: relation.key for relation in entering.codebook.relations}
    assert {(ids[r.source], types[r.type], ids[r.target]) for r in content.relations} == {
        (entry["source"], entry["label"], entry["target"]) for entry in entering.relations
    }
    with capsys.disabled():
        print(f"\n  {way.__doc__}")
        for part, counts in entering.parts.items():
            print(f"    {part}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
