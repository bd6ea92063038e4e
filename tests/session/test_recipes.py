"""Recipes: what goes into a dataset, on which side of a split, and what two releases differ in."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.recipes import ExportRecipe, Selection, recipe_from_data, recipe_to_data
from annotator.core.records import Annotation
from annotator.core.splits import SplitPlan
from annotator.core.text_edits import TextEdit
from annotator.session.selection import read_only
from annotator.session.session import Session
from tests.support import add_document

ALIKE = "The ministers of the seven countries met in the old town hall on the lake to talk about grain and about mines."


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def tagged(session: Session, text: str, *quotes: tuple[str, str], date: str = "", url: str = "") -> str:
    document = add_document(session, text, text[:20])
    session.documents.describe(document.id, date=date, url=url)
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    for label, quote in quotes:
        start = text.index(quote)
        session.annotations.tag(document.id, labels[label], [(start, start + len(quote))])
    return document.id


@pytest.fixture
def three(session: Session) -> Session:
    tagged(
        session,
        "We will help. They attacked.",
        ("pledge", "We will help"),
        ("criticism", "They attacked"),
        date="2024-03-01",
        url="https://www.nato.int/a",
    )
    tagged(
        session,
        "If asked, we act.\nNobody read this.",
        ("condition", "If asked"),
        date="2025-06-10",
        url="https://g7.example/b",
    )
    tagged(session, "Nothing is dated here.")
    return session


def exported(session: Session, tmp_path: Path, selection: Selection) -> list[dict[str, Any]]:
    session.datasets.export_recipe(tmp_path / "o.jsonl", ExportRecipe("jsonl", selection))
    return lines(tmp_path / "o.jsonl")


class TestSelection:
    def test_labels_dates_and_sources(self, three: Session, tmp_path: Path) -> None:
        found = exported(three, tmp_path, Selection(labels=("pledge",)))
        assert [[span["label"] for span in line["spans"]] for line in found] == [["pledge"], [], []]
        assert [line["source"]["date"] for line in exported(three, tmp_path, Selection(first="2025"))] == ["2025-06-10"]
        assert len(exported(three, tmp_path, Selection(first="2024-03-01", last="2025-06-10"))) == 2
        found = exported(three, tmp_path, Selection(sources=("nato.int",)))
        assert [line["source"]["url"] for line in found] == ["https://www.nato.int/a"]
        assert three.datasets.preview(recipe=ExportRecipe("jsonl", Selection(labels=("pledge",)))).spans == 1

    def test_a_selection_that_means_nothing_is_refused(self, three: Session) -> None:
        for selection, sentence in (
            (Selection(statuses=("lost",)), "no status"),
            (Selection(unread="maybe"), "not one of"),
            (Selection(first="2025", last="2024"), "hold no day"),
        ):
            with pytest.raises(RefusedError, match=sentence):
                three.datasets.preview(recipe=ExportRecipe("jsonl", selection))

    def test_the_text_that_nobody_read_stays_behind(self, three: Session, tmp_path: Path) -> None:
        (line,) = exported(three, tmp_path, Selection(first="2025", unread="drop"))
        assert line["text"] == "If asked, we act." and line["read"] == [[0, 17]]
        assert [span["quote"] for span in line["spans"]] == ["If asked"]

    def test_spans_move_with_the_text_that_is_left(self) -> None:
        text = "unread\nWe will help them\n\nalso unread\nand they us.\n"
        span = {"id": "s", "start": 10, "end": 47, "fragments": [[10, 24], [38, 47]], "quote": text[10:47], "pages": []}
        read = [[38, 50]]
        line = {
            "id": "6f0f6a54-0000-4000-8000-000000000000",
            "text": text,
            "spans": [span],
            "read": read,
            "sentences": [],
        }
        found = read_only(line)
        (moved,) = found["spans"]
        assert [found["text"][start:end] for start, end in moved["fragments"]] == [text[10:24], text[38:47]]
        assert found["text"][moved["start"] : moved["end"]] == moved["quote"]
        assert found["id"] != line["id"]


class TestSplits:
    def plan(self, **changes: Any) -> ExportRecipe:
        return ExportRecipe("jsonl", split=SplitPlan((60, 20, 20), **changes))

    def test_near_duplicates_and_repeated_sentences_stay_on_one_side(self, session: Session, tmp_path: Path) -> None:
        for number in range(12):
            tagged(session, " ".join(f"{word}{number}" for word in ("harbour", "grain", "ship", "mine", "help")) + ".")
        for number in range(6):
            tagged(session, f"{ALIKE} Here begins the talk of day {number}: {'x' * number}.")
        result = session.datasets.export_recipe(tmp_path / "o.jsonl", self.plan())
        found = lines(tmp_path / "o.jsonl")
        together = {line["split"] for line in found if line["text"].startswith(ALIKE)}
        assert len(together) == 1
        assert Counter(line["split"] for line in found) == result.sides
        assert set(result.sides) == {"train", "validation", "test"}
        groups = {line["duplicate_group"] for line in found if line["text"].startswith(ALIKE)}
        assert len(groups) == 1 and None not in groups

    def test_what_a_kept_recipe_shared_out_stays_when_documents_come_in(self, session: Session, tmp_path: Path) -> None:
        first = [tagged(session, f"Report {n} of the {n}th day, in {n} parts and {n} figures.") for n in range(10)]
        session.recipes.save("model", self.plan())
        session.datasets.export_recipe(tmp_path / "a.jsonl", session.recipes.named("model"), kept_as="model")
        before = {line["id"]: line["split"] for line in lines(tmp_path / "a.jsonl")}
        for n in range(30):
            tagged(session, f"Speech {n} held on the {n}th of May about {n} ships and {n} trains.")
        corrected = session.documents.correct(first[0], [TextEdit(0, 6, "Record")])
        session.datasets.export_recipe(tmp_path / "b.jsonl", session.recipes.named("model"), kept_as="model")
        after = {line["id"]: line["split"] for line in lines(tmp_path / "b.jsonl")}
        assert {i: after[i] for i in first[1:]} == {i: before[i] for i in first[1:]}
        assert after[corrected.document.id] == before[first[0]], "a corrected text stays where it was"
        assert len(after) == 40

    def test_a_recipe_saved_again_forgets_the_sides_only_with_another_split(
        self, session: Session, tmp_path: Path
    ) -> None:
        tagged(session, "A text of its own.")
        session.recipes.save("model", self.plan())
        session.datasets.export_recipe(tmp_path / "a.jsonl", session.recipes.named("model"), kept_as="model")
        assert session.recipes.named("model").assigned
        session.recipes.save("model", replace(self.plan(), licence="CC0-1.0"))
        assert session.recipes.named("model").assigned
        session.recipes.save("model", self.plan(seed=7))
        assert not session.recipes.named("model").assigned

    def test_by_source_no_source_is_on_two_sides(self, session: Session, tmp_path: Path) -> None:
        for number in range(20):
            host = f"https://www.site{number % 5}.example/{number}"
            tagged(session, f"Text {number} with {number} words of {number} its own.", url=host)
        session.datasets.export_recipe(tmp_path / "o.jsonl", self.plan(way="source"))
        sides: dict[str, set[str]] = {}
        for line in lines(tmp_path / "o.jsonl"):
            sides.setdefault(line["source"]["url"].rpartition("/")[0], set()).add(line["split"])
        assert all(len(one) == 1 for one in sides.values()) and len(sides) == 5


def test_a_recipe_is_data_and_comes_back(session: Session) -> None:
    recipe = ExportRecipe(
        "doccano",
        Selection("gold", ("approved",), ("pledge",), ("nato.int",), "2024", "2025", "drop"),
        {"form": "triples"},
        True,
        "CC-BY-4.0",
        SplitPlan((70, 10, 20), 3, "date"),
        {"d": "test"},
    )
    assert recipe_from_data(json.loads(json.dumps(recipe_to_data(recipe)))) == recipe
    session.recipes.save("all of it", recipe)
    assert session.recipes.named("all of it") == recipe
    with pytest.raises(NotFoundError, match="all of it"):
        session.recipes.named("nothing")
    with pytest.raises(RefusedError, match="another version"):
        recipe_from_data({"format": "jsonl", "selection": 3})


class TestReleases:
    def test_two_releases_are_compared_span_by_span(self, three: Session, tmp_path: Path) -> None:
        three.datasets.export(tmp_path / "one.jsonl", layer="all")
        spans = {a.start: a for a in three.reading.rows.all(Annotation) if a.end < 13 or a.start > 12}
        labels = {label.key: label.id for label in three.queries.codebook().labels}
        first = next(a for a in spans.values() if a.label == labels["criticism"])
        condition = next(a for a in spans.values() if a.label == labels["condition"])
        three.annotations.relabel(first.id, labels["pledge"])
        three.annotations.resize(condition.id, [(0, 7)])
        three.annotations.tag(condition.document, labels["pledge"], [(10, 16)])
        three.datasets.export(tmp_path / "two.jsonl", layer="all")
        found = three.releases.compare("one.jsonl", "two.jsonl")
        kinds = [(change.kind, change.before, change.after, change.quote) for change in found.changes]
        assert sorted(kinds) == [
            ("added", "", "pledge 10–16", "we act"),
            ("moved", "condition 0–8", "condition 0–7", "If aske"),
            ("relabelled", "criticism 14–27", "pledge 14–27", "They attacked"),
        ]
        assert found.same == 1 and found.count("removed") == 0
        back = three.releases.compare("two.jsonl", "one.jsonl")
        assert (back.count("removed"), back.count("relabelled"), back.count("moved")) == (1, 1, 1)

    def test_each_verified_export_of_a_lead_is_a_release(self, three: Session, tmp_path: Path) -> None:
        three.datasets.export(tmp_path / "one.jsonl", layer="all")
        three.datasets.export(tmp_path / "two.jsonl", "doccano", layer="all")
        three.datasets.export(tmp_path / "three.jsonl", "doccano", layer="all", dry_run=True)
        assert [release.file for release in three.releases.all()] == ["two.jsonl", "one.jsonl"]
        details = three.releases.all()[0].details
        assert details["position"] and details["recipe"]["format"] == "doccano"
        with pytest.raises(NotFoundError, match=r"one\.jsonl"):
            three.releases.compare("one.jsonl", "none.jsonl")


def test_what_an_export_can_be_narrowed_to_is_counted_in_its_layer(three: Session, tmp_path: Path) -> None:
    own = three.datasets.selectable()
    assert [(key, count) for key, _, count in own.labels if count] == [
        ("pledge", 1),
        ("condition", 1),
        ("criticism", 1),
    ]
    assert own.sources == (("g7.example", 1), ("nato.int", 1))
    assert three.datasets.selectable("all").labels == own.labels
    with pytest.raises(NotFoundError):
        three.datasets.selectable("nobody")


def test_endings_of_labelled_data_are_none_of_documents(three: Session) -> None:
    endings = three.datasets.labelled_endings()
    assert {".jsonl", ".json"} <= endings
    assert not {"", ".txt", ".pdf", ".csv", ".docx"} & endings


def test_a_change_between_releases_says_where_it_begins(three: Session, tmp_path: Path) -> None:
    three.datasets.export(tmp_path / "one.jsonl")
    document = three.queries.documents()[0].document
    text = three.queries.content(document.id).text
    label = three.queries.codebook().labels[0].id
    three.annotations.tag(document.id, label, [(text.index("They"), len(text))])
    three.datasets.export(tmp_path / "two.jsonl")
    (change,) = three.releases.compare("one.jsonl", "two.jsonl").changes
    assert (change.kind, change.start) == ("added", text.index("They"))


def test_a_rehearsal_tells_what_has_to_stay_together(three: Session, tmp_path: Path) -> None:
    for number in range(2):
        add_document(three, f"{number} {ALIKE}", f"Alike {number}")
    result = three.datasets.export_recipe(tmp_path, ExportRecipe("jsonl", split=SplitPlan()), dry_run=True)
    assert result.leaks is not None and result.leaks.largest == 2
    assert three.datasets.export_recipe(tmp_path, ExportRecipe("jsonl"), dry_run=True).leaks is None
