"""One round through the real program: packages out, three layers in, cases decided by keys, the gold layer exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.cli import run
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.settings import load_settings
from annotator.ui.main_window import MainWindow
from annotator.ui.review_page import ReviewPage
from tests.support import corpus
from tests.ui.reading_support import press

ANALYSTS: tuple[str, ...] = ("Analyst A", "Analyst B", "Analyst C")
ENTITIES = ("speaker", "target")

OWN_TEXT = """Communiqué of the harbour conference

The council will deliver twelve generators to the port before winter. If the road stays open, the alliance will send
engineers as well. The ministers condemned the shelling of the grain terminal. Any further attack on the port will be
answered together. We shall continue to train pilots for as long as it takes, provided that the parliament agrees. The
chair criticised the delays of last year. Spare parts will follow in spring. To those who attack ships: you will fail.
"""
OWN_SPANS = (
    ("pledge", "The council will deliver twelve generators to the port before winter", {"speaker": "The council"}),
    ("condition", "If the road stays open", {}),
    ("pledge", "the alliance will send\nengineers as well", {"speaker": "The alliance", "target": "The port"}),
    ("criticism", "The ministers condemned the shelling of the grain terminal", {"speaker": "The ministers"}),
    ("signal_to_russia", "Any further attack on the port will be\nanswered together", {}),
    ("pledge", "We shall continue to train pilots for as long as it takes", {"target": "The pilots"}),
    ("condition", "provided that the parliament agrees", {}),
    ("criticism", "The\nchair criticised the delays of last year", {"speaker": "The chair"}),
    ("pledge", "Spare parts will follow in spring", {}),
    ("signal_to_russia", "To those who attack ships: you will fail", {}),
)


@dataclass
class Layer:
    """What somebody tags: (label, start, end, entities by attribute) and (source place, type, target place)."""

    spans: list[tuple[str, int, int, dict[str, str]]]
    relations: list[tuple[int, str, int]] = field(default_factory=list)


def own_gold() -> tuple[str, Layer]:
    spans = [(label, OWN_TEXT.index(q), OWN_TEXT.index(q) + len(q), dict(values)) for label, q, values in OWN_SPANS]
    return OWN_TEXT, Layer(spans, [(1, "conditions", 2), (6, "conditions", 5)])


def corpus_gold() -> tuple[str, Layer]:
    folder = corpus()
    if folder is None:
        pytest.skip("The corpus of real documents is not here (set ANNOTATOR_CORPUS to its folder).")
    lines = [json.loads(line) for line in (folder / "seed" / "seed_gold.jsonl").read_text("utf-8").splitlines()]
    text = (folder / "seed" / lines[0]["file"]).read_text("utf-8")
    found = [line for line in lines if line["type"] == "span"]
    places = {span["id"]: place for place, span in enumerate(found)}
    spans = [(s["label"], s["start"], s["end"], entities(s["attributes"])) for s in found]
    conditions = [line for line in lines if line["type"] == "relation" and line.get("relation") == "conditions"]
    return text, Layer(spans, [(places[r["from"]], "conditions", places[r["to"]]) for r in conditions])


def entities(attributes: dict[str, Any]) -> dict[str, str]:
    return {key: value for key in ENTITIES if isinstance(value := attributes.get(key), str) and value}


def careless(text: str, gold: Layer) -> Layer:
    """Return the gold layer with every fourth span shorter, the next under another label, and the next left out."""
    spans = []
    for place, (label, start, end, values) in enumerate(gold.spans):
        if place % 4 == 0:
            spans.append((label, start, text.rindex(" ", start, end), values))
        elif place % 4 == 1:
            spans.append(("criticism" if label != "criticism" else "pledge", start, end, values))
        elif place % 4 == 3:
            spans.append((label, start, end, values))
    return Layer([*spans, ("criticism", 0, text.index(" "), {})])


def otherwise(text: str, gold: Layer) -> Layer:
    """Return the gold layer with a span in two parts, others with another speaker, and one relation less."""
    label, start, end, values = gold.spans[0]
    middle = text.index(" ", (start + end) // 2)
    spans = [(label, start, middle, values), (label, middle + 1, end, values)]
    for place, (label, start, end, values) in enumerate(gold.spans[1:], 1):
        spans.append((label, start, end, {**values, "speaker": "Somebody else"} if place % 3 == 1 else values))
    return Layer(spans)


def tag(package: Path, layer: Layer) -> None:
    """Tag in a package, as whoever it is for."""
    with Session(package, Person("99999999-9999-4999-8999-999999999999", "Nobody")) as session:
        document = session.queries.documents()[0].document.id
        labels = {label.key: label.id for label in session.queries.codebook().labels}
        made = [
            session.annotations.tag(document, labels[label], [(start, end)], values)
            for label, start, end, values in layer.spans
        ]
        for source, kind, target in layer.relations:
            session.relations.relate(made[source].id, kind, made[target].id)
        session.documents.set_status(document, "done")


def exported(project: Path, out: Path) -> tuple[set[Any], set[Any]]:
    """Export the gold layer and return its spans and relations, read from the file."""
    assert run(["export", str(project), str(out), "--format", "jsonl", "--layer", "gold"]) == 0
    (line,) = map(json.loads, out.read_text("utf-8").splitlines())
    spans = {span["id"]: span for span in line["spans"]}
    assert all(line["text"][span["start"] : span["end"]] == span["quote"] for span in spans.values())
    found = {_span(s["label"], s["start"], s["end"], s["attributes"]) for s in spans.values()}
    assert len(found) == len(spans)
    ends = {identity: (span["start"], span["end"]) for identity, span in spans.items()}
    return found, {(r["type"], ends[r["from"]], ends[r["to"]]) for r in line["relations"]}


def _span(label: str, start: int, end: int, values: dict[str, Any]) -> tuple[Any, ...]:
    return label, start, end, tuple(values.get(key) for key in ENTITIES)


def hand_off(folder: Path, text: str, layers: dict[str, Layer]) -> Path:
    """Make a project, give its document to three analysts, and merge what they hand in."""
    project, source = folder / "round.annodb", folder / "article.txt"
    source.write_text(text, "utf-8")
    assert run(["new", str(project)]) == 0
    assert run(["import", str(project), str(source)]) == 0
    with Session(project, _lead()) as session:
        document = session.queries.documents()[0].document.id
        for name in layers:
            session.assignments.assign_one(document, session.annotators.add(name, "analyst").id)
    returns = []
    for name, layer in layers.items():
        package, back = folder / f"{name}.annodb", folder / f"{name}.annoreturn"
        assert run(["package", str(project), "--to", name, str(package)]) == 0
        tag(package, layer)
        assert run(["handin", str(package), str(back)]) == 0
        assert back.stat().st_size < package.stat().st_size
        returns.append(str(back))
    assert run(["merge", str(project), *reversed(returns)]) == 0
    return project


def _lead() -> Person:
    settings = load_settings()
    return Person(settings.annotator_id, settings.annotator_name)


def decide_as(window: MainWindow, name: str, qtbot: QtBot) -> int:
    """Decide every case by one key: for what an analyst has, or for nothing; returns how many keys were pressed."""

    def settled() -> bool:
        return not window.tasks.running

    window.parts.project_pages.show("review")
    qtbot.waitUntil(settled, timeout=20_000)
    page = window.parts.project_pages.page("review")
    assert isinstance(page, ReviewPage)
    assert page.desk.queue is not None
    wanted = next(face.id for face in page.desk.queue.layers.values() if face.name == name)
    pressed = 0
    while page.current is not None and page.current.decision is None:
        case = page.current.case
        key = case.layers.index(wanted) + 1 if case.of(wanted) or case.relations_of(wanted) else 0
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, Qt.Key(Qt.Key.Key_0 + key))
        pressed += 1
        qtbot.waitUntil(settled, timeout=20_000)
        assert pressed < 500
    return pressed


@pytest.mark.parametrize("given", [own_gold, corpus_gold], ids=["own text", "corpus"])
def test_three_layers_become_the_expected_gold(
    tmp_path: Path, given: Callable[[], tuple[str, Layer]], new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    text, gold = given()
    layers: dict[str, Layer] = dict(zip(ANALYSTS, (gold, careless(text, gold), otherwise(text, gold)), strict=True))
    project = hand_off(tmp_path, text, layers)
    window = new_window(project, load_settings())
    pressed = decide_as(window, ANALYSTS[0], qtbot)
    window.close()
    spans, relations = exported(project, tmp_path / "gold.jsonl")
    assert spans == {_span(*span) for span in gold.spans}
    ends = [(start, end) for _, start, end, _ in gold.spans]
    assert relations == {(kind, ends[source], ends[target]) for source, kind, target in gold.relations}
    assert pressed >= len(gold.spans)
    assert run(["merge", str(project), str(tmp_path / f"{ANALYSTS[1]}.annoreturn")]) == 0
    assert exported(project, tmp_path / "again.jsonl") == (spans, relations)
