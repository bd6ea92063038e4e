"""The table of all annotations: its pages, its filters, its numbers, and who sees what."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.corpus_query import GOLD, SORTS, CorpusFilter, CorpusOrder, site_of
from annotator.core.corpus_row import CorpusRow
from annotator.core.ids import derived_id, new_id
from annotator.core.records import (
    Annotation,
    Annotator,
    AttributeValue,
    Document,
    DocumentValue,
    Layer,
    Note,
    Round,
    Status,
)
from annotator.formats.codebooks import default_codebook
from annotator.session import corpus_figures
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from annotator.session.verb import Outcome
from tests.support import PERSON, add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
WORDS = "air defence harbour grain bridge treaty power winter"


def perform(session: Session, *changes: RowChange) -> None:
    session.perform(lambda: Outcome(ChangeSet("Fill", changes), None))


def layer_of(session: Session, annotator: str | None, round_id: str) -> Layer:
    kind = "gold" if annotator is None else "annotator"
    return Layer(
        derived_id(annotator or PERSON.id, "layer", round_id, "gold" if annotator is None else ""),
        kind,
        annotator,
        round_id,
    )


def fill(session: Session, seed: int = 3, documents: int = 9, each: int = 14) -> None:
    """Put documents, people, rounds and annotations of every kind into a project."""
    chance = random.Random(seed)
    project, labels = session.queries.project(), session.queries.codebook().labels
    pilot = Round(derived_id(PERSON.id, "pilot"), "pilot", 0)
    session.perform(
        lambda: Outcome(ChangeSet("People", made(Annotator(OTHER.id, OTHER.name, role="analyst"), pilot)), None)
    )
    layers = [layer_of(session, OTHER.id, r) for r in (project.round, pilot.id)] + [
        layer_of(session, None, project.round)
    ]
    perform(session, *made(*layers))
    layers.append(session.own_layer(session.reading))
    texts = [" ".join(chance.choices(WORDS.split(), k=60)) + f"\n\nPart {n} of it." for n in range(documents)]
    for number, text in enumerate(texts):
        record = add_document(session, text, f"Document {number}")
        after = replace(
            record,
            date=chance.choice(["", "2031-02", "2031-02-03", "2032-05-01"]),
            language=chance.choice(["en", "uk"]),
            format=chance.choice(["text", "pdf"]),
            url=chance.choice(["", "https://example.org/a/b", "http://example.net", "https://example.org?u=http://x/"]),
        )
        rows: list[Annotation | Note | Status] = []
        for _ in range(each if number else 0):
            start = chance.randrange(300)
            fragments = (
                ((start, start + 20),) if chance.random() < 0.8 else ((start, start + 5), (start + 9, start + 14))
            )
            layer = chance.choice(layers)
            rows.append(
                Annotation(
                    *(new_id(), record.id, layer.id, chance.choice(labels).id, layer.annotator or PERSON.id),
                    *(project.codebook, f"2031-03-0{chance.randrange(1, 9)}T10:00:00Z", fragments),
                    origin=chance.choice(["manual", "imported"]),
                )
            )
        notes = [
            Note(derived_id(a.id, "note"), "annotation", a.id, record.id, a.layer, PERSON.id, "t", "Why?")
            for a in rows[:3]
            if isinstance(a, Annotation)
        ]
        status = Status(derived_id(record.id, "status", layers[0].id), record.id, layers[0].id, "done")
        perform(session, *([RowChange(record, after)] if after != record else []), *made(*rows, *notes, status))
    for row in list(session.corpus.view().all_rows())[::2]:
        label = next(one for one in labels if one.id == row.label)
        session.annotations.set_attribute(row.id, "speaker", chance.choice(["Estonia", "Poland", "Київ"]))
        if "target" in {a.key for a in session.queries.codebook().attributes_for(label.key)}:
            session.annotations.set_attribute(row.id, "target", chance.choice(["Ukraine", "Russia"]))
    session.documents.set_value(session.queries.documents()[1].document.id, "speaker", "Latvia")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("corpus") / "project.annodb"
    create_project(path, default_codebook(), PERSON)
    with Session(path, PERSON) as session:
        fill(session)
        yield session


def everything(session: Session) -> list[Annotation]:
    return [a for row in session.queries.documents() for a in session.reading.rows.annotations(row.document.id)]


def attribute(session: Session, key: str) -> str:
    return session.queries.codebook().attribute_by_key(key).id


@cache
def _choices(path: Path) -> dict[str, list[object]]:
    with Session(path, PERSON, write=False) as session:
        values = [
            (attribute(session, key), value)
            for key in ("speaker", "target")
            for value in session.corpus.concordance.values_in_use(attribute(session, key), 9)
        ]
        return {
            "labels": [(label.id,) for label in session.queries.codebook().labels],
            "annotators": [(PERSON.id,), (OTHER.id, GOLD), (GOLD,)],
            "rounds": [(one.id,) for one in session.queries.rounds()],
            "statuses": [("done",), ("new", "in_progress")],
            "documents": [tuple(row.document.id for row in session.queries.documents()[2:5])],
            "languages": [("en",), ("uk",)],
            "formats": [("pdf",)],
            "sites": [("example.org",), ("example.net", "example.org?u=http:")],
            "origins": [("manual",), ("imported",)],
            "date_from": ["2031-02-03"],
            "date_to": ["2031-02", "2031"],
            "undated": [True],
            "tagged_from": ["2031-03-04T00:00:00Z"],
            "tagged_to": ["2031-03-06T00:00:00Z"],
            "values": [(value,) for value in values],
            "has_note": ["yes", "no"],
            "words": ["grain", "harbour OR treaty", "grain -power"],
        }


def fits(session: Session, wanted: CorpusFilter, a: Annotation, document: Document) -> bool:
    """Say whether a filter lets an annotation through, as the filter's description has it."""
    layer = next(one for one in session.queries.layers() if one.id == a.layer)
    own = {v.attribute: v.value for v in values_of(session)[a.id]}
    passed = {v.attribute: v.value for v in passed_on(session)[document.id]}
    known = {**passed, **own}
    quotes = session.reading.blobs.text(document.text)[a.start : a.end]
    noted = any(note.target == a.id for note in session.queries.notes_on(a.id))
    statuses = {(s.document, s.layer): s.status for s in session.reading.rows.all(Status)}
    return all(
        (
            not wanted.labels or a.label in wanted.labels,
            not wanted.annotators or (layer.annotator or GOLD) in wanted.annotators,
            not wanted.rounds or layer.round in wanted.rounds,
            not wanted.statuses or statuses.get((a.document, a.layer), "new") in wanted.statuses,
            not wanted.documents or a.document in wanted.documents,
            not wanted.languages or document.language in wanted.languages,
            not wanted.formats or document.format in wanted.formats,
            not wanted.sites or site_of(document.url) in wanted.sites,
            not wanted.origins or a.origin in wanted.origins,
            document.date >= wanted.date_from,
            not wanted.date_to or (document.date != "" and document.date[: len(wanted.date_to)] <= wanted.date_to),
            not wanted.undated or not document.date,
            a.created >= wanted.tagged_from,
            not wanted.tagged_to or a.created < wanted.tagged_to,
            all(f'"{known.get(one)}"' == value for one, value in wanted.values),
            not wanted.has_note or noted == (wanted.has_note == "yes"),
            says(wanted.words, quotes),
        )
    )


def says(words: str, quote: str) -> bool:
    held = set(quote.split())
    if " OR " in words:
        return any(word in held for word in words.split(" OR "))
    return all(word[1:] not in held if word.startswith("-") else word in held for word in words.split())


@cache
def values_of(session: Session) -> dict[str, list[AttributeValue]]:
    found: dict[str, list[AttributeValue]] = defaultdict(list)
    for value in session.reading.rows.all(AttributeValue):
        found[value.annotation].append(value)
    return found


@cache
def passed_on(session: Session) -> dict[str, list[DocumentValue]]:
    found: dict[str, list[DocumentValue]] = defaultdict(list)
    for value in session.reading.rows.all(DocumentValue):
        found[value.document].append(value)
    return found


def place_of(session: Session, sort: str, row: CorpusRow, documents: dict[str, Document]) -> tuple[object, ...]:
    """Return where a row belongs in an order, as the order's description has it."""
    document = documents[row.document]
    by_text = (document.created, document.id, row.start, row.id)
    heads: dict[str, tuple[object, ...]] = {
        "document": (),
        "date": (document.date,),
        "format": (document.format,),
        "label": ([label.id for label in session.corpus.labels()].index(row.label),),
        "annotator": ([layer.id for layer, _ in session.corpus.layers()].index(row.layer),),
    }
    return (row.created, row.id) if sort == "tagged" else (*heads[sort], *by_text)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_joined_are_everything_once_in_order(full: Session, data: st.DataObject) -> None:
    choices = _choices(full.path)
    names = data.draw(st.lists(st.sampled_from(sorted(choices)), max_size=3, unique=True))
    wanted = CorpusFilter(**{name: data.draw(st.sampled_from(choices[name])) for name in names})  # type: ignore[arg-type]
    order = CorpusOrder(data.draw(st.sampled_from(SORTS)), data.draw(st.booleans()))
    size = data.draw(st.integers(1, 40))
    view = full.corpus.view(wanted, order)
    if data.draw(st.booleans()):
        view.source = None
    documents = {row.document.id: row.document for row in full.queries.documents()}
    expected = {a.id for a in everything(full) if fits(full, wanted, a, documents[a.document])}
    rows: list[CorpusRow] = []
    while page := view.page(rows[-1] if rows else None, size):
        rows += page
        assert len(rows) <= len(everything(full))
        if len(page) < size:
            break
    assert {row.id for row in rows} == expected
    places = [place_of(full, order.sort, row, documents) for row in rows]
    assert places == sorted(places, reverse=order.descending)
    assert [row.key for row in rows] == sorted((row.key for row in rows), reverse=order.descending)
    assert len(rows) == len(expected) == view.count()
    by_label = corpus_figures.bars(view, "label")
    assert sum(bar.total for bar in by_label.bars) + by_label.others_total == len(expected)
    some = [row.id for row in rows[::3]]
    assert [row.id for row in view.rows(some)] == some


def test_a_row_shows_its_span_in_its_text(session: Session) -> None:
    document = add_document(session, "One two\nthree four five six seven.")
    label = session.queries.codebook().labels[0].id
    session.annotations.tag(document.id, label, [(4, 13), (19, 23)])
    (row,) = session.corpus.view().page()
    assert (row.before, row.span, row.after) == ("One", "two three … five", "six seven.")
    assert (row.title, row.start, row.end) == (document.title, 4, 23)


def test_every_bar_and_cell_narrows_to_what_it_counts(full: Session) -> None:
    kinds = [*corpus_figures.KINDS, f"value:{attribute(full, 'speaker')}"]
    seen = 0
    for kind in kinds:
        for bar in corpus_figures.bars(full.corpus.view(), kind).bars:
            if bar.narrows:
                wanted = CorpusFilter()
                for name, value in bar.narrows:
                    wanted = wanted.with_value(name, value)
                assert full.corpus.view(wanted).count() == bar.total, (kind, bar)
                seen += 1
    assert seen > 20


def test_who_speaks_of_whom(full: Session) -> None:
    view = full.corpus.view()
    speaker, target = attribute(full, "speaker"), attribute(full, "target")
    label = full.queries.codebook().labels[0].id
    for labels in ((), (label,)):
        matrix = corpus_figures.pairs(view, speaker, target, labels)
        assert matrix.cells
        for place, number in matrix.cells.items():
            wanted = CorpusFilter()
            for name, value in matrix.narrows[place]:
                wanted = wanted.with_value(name, value)
            assert full.corpus.view(wanted).count() == number


@pytest.mark.parametrize(("unit", "count", "rows"), [("overlap", 1, 2), ("paragraph", 1, 3), ("document", 1, 4)])
def test_labels_that_occur_together(session: Session, unit: str, count: int, rows: int) -> None:
    document = add_document(session, "Alpha beta gamma delta.\nEpsilon zeta.")
    one, other, third = (label.id for label in session.queries.codebook().labels[:3])
    for label, span in ((one, (0, 10)), (other, (6, 16)), (one, (17, 22)), (other, (24, 31)), (third, (32, 36))):
        session.annotations.tag(document.id, label, [span])
    view = session.corpus.view()
    matrix = corpus_figures.together(view, unit, lambda: None)
    names = [label.name for label in session.corpus.labels()]
    at = matrix.rows.index(names[0]), matrix.columns.index(names[1])
    assert matrix.cells[at] == count
    ((field, value),) = matrix.narrows[at]
    found = session.corpus.view(CorpusFilter().with_value(field, value)).page()
    assert len(found) == rows and {row.label for row in found} == {one, other}


def test_versions_that_were_replaced_are_out_of_sight(session: Session) -> None:
    from annotator.core.text_edits import TextEdit

    document = add_document(session)
    session.annotations.tag(document.id, session.queries.codebook().labels[0].id, [(18, 25)])
    session.documents.correct(document.id, [TextEdit(0, 6, "The summit")])
    (row,) = session.corpus.view().page()
    assert row.document != document.id
    assert session.corpus.view().count() == 1
    assert sum(bar.total for bar in corpus_figures.bars(session.corpus.view(), "document").bars) == 1


def test_an_analyst_sees_what_is_theirs_and_what_was_released(project_path: Path, session: Session) -> None:
    fill(session, documents=3, each=20)
    pilot = next(one for one in session.queries.rounds() if one.name == "pilot")
    with Session(project_path, OTHER, write=False) as theirs:
        own = {layer.id for layer in theirs.queries.layers() if layer.annotator == OTHER.id}
        view = theirs.corpus.view()
        assert {row.layer for row in view.all_rows()} == own
        assert view.count() == sum(1 for a in everything(session) if a.layer in own)
        assert theirs.corpus.view(CorpusFilter(annotators=(PERSON.id,))).page() == []
        assert {name for _, name in theirs.corpus.choices().people} == {OTHER.name}
        for kind in corpus_figures.KINDS:
            assert sum(bar.total for bar in corpus_figures.bars(view, kind).bars) == view.count()
    mine = layer_of(session, PERSON.id, pilot.id)
    document = session.queries.documents()[0].document
    label = session.queries.codebook().labels[0].id
    a = Annotation(new_id(), document.id, mine.id, label, PERSON.id, session.queries.project().codebook, "t", ((0, 5),))
    perform(session, *made(mine, a), RowChange(pilot, replace(pilot, released=True)))
    with Session(project_path, OTHER, write=False) as theirs:
        assert a.id in {row.id for row in theirs.corpus.view().all_rows()}


def test_values_to_choose_from(full: Session) -> None:
    speaker = full.queries.codebook().attribute_by_key("speaker")
    assert [name for _, name in full.corpus.values_of(speaker)] == ["Estonia", "Latvia", "Poland", "Київ"]
    counts = {bar.name: bar.total for bar in corpus_figures.bars(full.corpus.view(), f"value:{speaker.id}").bars}
    most = max((name for name in counts if name and name != "Latvia"), key=counts.__getitem__)
    assert [name for _, name in full.corpus.values_of(speaker, 1)] == [most]
