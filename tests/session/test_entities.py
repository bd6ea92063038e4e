"""Entities: names that are one's own, merging, and values that follow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet, made
from annotator.core.errors import RefusedError, UserError
from annotator.core.ids import new_id
from annotator.core.records import Alias, Document, Entity, SavedSearch
from annotator.core.search_query import SearchQuery
from annotator.core.text_edits import TextEdit
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.support import add_document

MISSING = "33333333-3333-4333-8333-333333333333"
OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def tagged(session: Session, document: Document, start: int, **attributes: str) -> str:
    label = session.queries.codebook().label_by_key("pledge").id
    return session.annotations.tag(document.id, label, [(start, start + 4)], attributes).id


def listed(session: Session) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return the aliases of every entity and how often it is used, by its name."""
    return {row.entity.name: (row.other_names, row.uses) for row in session.queries.entities()}


def entity(session: Session, name: str) -> str:
    return next(row.entity.id for row in session.queries.entities() if row.entity.name == name)


def values_named(session: Session, name: str) -> str:
    """Return what a speaker is called who is typed by a name."""
    document = session.queries.documents()[0].document
    return values(session, tagged(session, document, 0, speaker=name))["speaker"]


def values(session: Session, annotation: str) -> dict[str, str]:
    return session.queries.values([annotation]).get(annotation, {})


def test_a_name_means_the_entity_that_has_it_or_an_alias(session: Session, document: Document) -> None:
    session.entities.create("Україна", ["Київ", "the Ukrainian leader"])
    session.entities.create("أوكرانيا")
    for start, name in enumerate(("УКРАЇНА", "київ", "The  Ukrainian leader", "Україна")):
        assert values(session, tagged(session, document, start, target=name)) == {"target": "Україна"}
    assert values(session, tagged(session, document, 9, target="أوكرانيا")) == {"target": "أوكرانيا"}
    assert len(listed(session)) == 2
    made = tagged(session, document, 12)
    assert session.annotations.set_attribute(made, "speaker", "КИЇВ") == "Україна"
    assert session.annotations.set_attribute(made, "speaker", "Somebody new") == "Somebody new"


def test_entities_are_listed_with_their_uses_in_sight(session: Session, document: Document) -> None:
    session.entities.create("the port")
    session.entities.create("NATO", ["the alliance"])
    tagged(session, document, 0, speaker="the alliance", target="the alliance")
    session.documents.set_value(document.id, "speaker", "NATO")
    assert listed(session) == {"NATO": (("the alliance",), 3), "the port": ((), 0)}
    session.documents.correct(document.id, [TextEdit(50, 51, "x")])
    assert listed(session)["NATO"] == (("the alliance",), 3)
    assert session.queries.entities()[0].hidden_uses == 3


def test_renaming_shows_everywhere_and_an_alias_changes_places(session: Session, document: Document) -> None:
    made = tagged(session, document, 0, speaker="Kyiv")
    session.entities.add_alias(entity(session, "Kyiv"), "Ukraine")
    session.entities.rename(entity(session, "Kyiv"), "ukraine")
    assert values(session, made) == {"speaker": "ukraine"}
    assert listed(session) == {"ukraine": (("Kyiv",), 1)}
    session.entities.rename(entity(session, "ukraine"), " Ukraine ")
    assert listed(session) == {"Ukraine": (("Kyiv",), 1)}


def test_merging_moves_values_and_names(session: Session, document: Document) -> None:
    one, two = tagged(session, document, 0, speaker="Kyiv"), tagged(session, document, 4, target="Ukraine")
    session.entities.add_alias(entity(session, "Kyiv"), "the capital")
    session.documents.set_value(document.id, "speaker", "Kyiv")
    before = session.reading.dump()
    assert session.entities.merge(entity(session, "Kyiv"), entity(session, "Ukraine")) == 2
    assert values(session, one) == {"speaker": "Ukraine"}
    assert values(session, two) == {"target": "Ukraine"}
    assert session.queries.document_values(document.id) == {"speaker": "Ukraine"}
    assert listed(session) == {"Ukraine": (("Kyiv", "the capital"), 3)}
    assert session.history.entries(1)[0].title == "Merge “Kyiv” into “Ukraine”"
    session.history.undo()
    assert session.reading.dump() == before


def test_a_name_that_both_have_is_no_alias(session: Session, document: Document) -> None:
    repository = session.repository
    twins = Entity(new_id(), "the West"), Entity(new_id(), "The West")
    names = Alias(new_id(), twins[0].id, "the Occident"), Alias(new_id(), twins[1].id, "The Occident")
    session.stream(lambda: repository.apply(ChangeSet("From elsewhere", made(*twins, *names)), session.author))
    assert values_named(session, "The West") == "The West" and values_named(session, "THE WEST") in (
        "The West",
        "the West",
    )
    session.entities.merge(twins[0].id, twins[1].id)
    assert listed(session) == {"The West": (("The Occident",), 2)}


def test_a_saved_search_for_what_was_merged_looks_for_the_other(session: Session) -> None:
    gone, kept = session.entities.create("Kyiv"), session.entities.create("Ukraine")
    session.searches.save("Capital", SearchQuery("air defence", entity=gone.id))
    session.searches.save("All of it", SearchQuery("air defence"))
    session.entities.merge(gone.id, kept.id)
    found = {search.name: search.query.get("entity") for search in session.reading.rows.all(SavedSearch)}
    assert found == {"Capital": kept.id, "All of it": None}


def test_values_of_a_corrected_text_follow_too(session: Session, document: Document) -> None:
    made = tagged(session, document, 20, speaker="Kyiv")
    session.entities.create("Ukraine")
    session.documents.correct(document.id, [TextEdit(50, 51, "x")])
    before = session.reading.dump()
    assert session.entities.merge(entity(session, "Kyiv"), entity(session, "Ukraine")) == 2
    assert values(session, made) == {"speaker": "Ukraine"}
    after = session.reading.dump()
    session.history.undo()
    assert session.reading.dump() == before
    session.history.redo()
    assert session.reading.dump() == after


def test_what_is_out_of_sight_is_not_changed_otherwise(session: Session, document: Document) -> None:
    made = tagged(session, document, 20, speaker="Kyiv")
    session.documents.correct(document.id, [TextEdit(50, 51, "x")])
    with pytest.raises(RefusedError, match="corrected since"):
        session.annotations.set_attribute(made, "speaker", "Somebody new")
    with pytest.raises(RefusedError, match="corrected since"):
        session.annotations.set_attribute(made, "speaker", None)


def test_only_what_nothing_names_is_deleted(session: Session, document: Document) -> None:
    made = tagged(session, document, 20, speaker="Kyiv")
    free = session.entities.create("The port", ["the harbour"])
    with pytest.raises(RefusedError, match=r"is used \(1 ×\). Merge it"):
        session.entities.delete([free.id, entity(session, "Kyiv")])
    assert session.entities.delete([free.id]) == 1
    session.documents.correct(document.id, [TextEdit(50, 51, "x")])
    newer = session.queries.documents()[0].document.id
    session.annotations.delete([a.id for a in session.queries.content(newer).annotations])
    with pytest.raises(RefusedError, match="texts that were corrected since"):
        session.entities.delete([entity(session, "Kyiv")])
    assert values(session, made) == {"speaker": "Kyiv"}


REFUSED: dict[str, tuple[str, Callable[[Session, str, str], object]]] = {
    "taken name": ("Merge the two", lambda s, one, two: s.entities.create("UKRAINE")),
    "taken alias": ("a name of “Ukraine” already. Merge", lambda s, one, two: s.entities.create("kyiv ")),
    "own alias twice": ("a name of “Ukraine”", lambda s, one, two: s.entities.add_alias(one, "Kyiv")),
    "own name as alias": ("a name of “Ukraine”", lambda s, one, two: s.entities.add_alias(one, "ukraine")),
    "two aliases alike": ("a name of “A” already", lambda s, one, two: s.entities.create("A", ["b", "a"])),
    "renamed to another's": ("Merge the two", lambda s, one, two: s.entities.rename(two, "Ukraine")),
    "renamed to another's alias": ("Merge the two", lambda s, one, two: s.entities.rename(two, "KYIV")),
    "empty": ("A name is missing", lambda s, one, two: s.entities.rename(two, " \n ")),
    "too long": ("too long", lambda s, one, two: s.entities.add_alias(one, "я" * 301)),
    "NUL": ("NUL", lambda s, one, two: s.entities.create("a\0b")),
    "itself": ("with itself", lambda s, one, two: s.entities.merge(one, one)),
    "missing": ("no entity", lambda s, one, two: s.entities.merge(one, MISSING)),
    "missing alias": ("no alias", lambda s, one, two: s.entities.remove_alias(MISSING)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(session: Session, name: str) -> None:
    one = session.entities.create("Ukraine", ["Kyiv"])
    two = session.entities.create("Russia")
    sentence, verb = REFUSED[name]
    before = session.reading.dump()
    with pytest.raises(UserError, match=sentence):
        verb(session, one.id, two.id)
    assert session.reading.dump() == before


def test_no_step_is_taken_back_to_an_entity_that_is_gone(session: Session, document: Document) -> None:
    made = tagged(session, document, 0, speaker="Kyiv")
    session.annotations.delete([made])
    step = session.history.entries(1)[0].step
    session.entities.delete([entity(session, "Kyiv")])
    before = session.reading.dump()
    with pytest.raises(RefusedError, match="merged or deleted since"):
        session.history.revert(step)
    assert session.reading.dump() == before
    session.history.undo()
    session.history.revert(step)
    assert values(session, made) == {"speaker": "Kyiv"}


def test_an_entity_that_a_document_names_stays_when_its_maker_undoes(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        tagged(session, document, 0, speaker="The council")
    with Session(project_path, OTHER) as session:
        session.documents.set_value(document.id, "speaker", "the council")
    with Session(project_path, person) as session:
        session.history.undo()
        assert session.queries.document_values(document.id) == {"speaker": "The council"}


def test_one_attribute_of_many_spans_is_one_step(session: Session, document: Document) -> None:
    spans = [tagged(session, document, start, strength="firm") for start in range(0, 60, 5)]
    session.annotations.set_attribute(spans[0], "strength", "intent")
    before = session.reading.dump()
    assert session.annotations.set_attributes([*spans, spans[0]], "strength", "intent") == len(spans) - 1
    assert {values(session, span)["strength"] for span in spans} == {"intent"}
    assert session.history.entries(1)[0].title == "Set Strength of 12 spans"
    session.history.undo()
    assert session.reading.dump() == before
    assert session.annotations.set_attributes(spans, "strength", None) == len(spans)
    assert session.queries.values(spans) == {}
    assert session.annotations.set_attributes(spans, "target", "Somebody new") == len(spans)
    assert listed(session) == {"Somebody new": ((), 12)}


def test_an_attribute_that_does_not_fit_one_span_changes_none(session: Session, document: Document) -> None:
    pledge = tagged(session, document, 0)
    label = session.queries.codebook().label_by_key("condition").id
    condition = session.annotations.tag(document.id, label, [(46, 67)]).id
    before = session.reading.dump()
    for ids, value, sentence in (
        ([pledge, condition], "firm", "not an attribute of Condition"),
        ([pledge], "huge", "does not fit"),
        ([pledge, MISSING], "firm", "no annotation"),
    ):
        with pytest.raises(UserError, match=sentence):
            session.annotations.set_attributes(ids, "strength", value)
    assert session.reading.dump() == before
    assert session.annotations.set_attributes([], "strength", "firm") == 0


def test_a_dataset_brings_no_doubles_of_what_an_alias_means(
    session: Session, document: Document, tmp_path: Path, person: Person
) -> None:
    for start, name in enumerate(("Kyiv", "the West", "The  West")):
        session.annotations.set_attribute(tagged(session, document, start), "speaker", name)
    written = session.datasets.export(tmp_path / "one.jsonl", layer="all").files[0]
    path = tmp_path / "other.annodb"
    create_project(path, default_codebook(), person)
    with Session(path, person) as other:
        other.entities.create("Ukraine", ["KYIV"])
        other.datasets.load(written)
        assert listed(other) == {"the West": ((), 2), "Ukraine": (("KYIV",), 1)}


def test_a_typed_name_is_stored_on_one_line(session: Session, document: Document) -> None:
    span = tagged(session, document, 0, speaker="The \n old  council")
    assert session.queries.content(document.id).values[span] == {"speaker": "The old council"}
    session.documents.set_value(document.id, "speaker", "the  old council")
    assert session.queries.entity_names() == ["The old council"]


def test_a_dataset_that_spells_a_name_in_two_ways_brings_one_entity(
    session: Session, document: Document, tmp_path: Path, person: Person
) -> None:
    for start, name in enumerate(("The council", "the ministers")):
        session.annotations.set_attribute(tagged(session, document, start), "speaker", name)
    written = session.datasets.export(tmp_path / "one.jsonl", layer="all").files[0]
    written.write_text(written.read_text("utf-8").replace("the ministers", "THE  council"), "utf-8")
    path = tmp_path / "other.annodb"
    create_project(path, default_codebook(), person)
    with Session(path, person) as other:
        other.datasets.load(written)
        assert listed(other) == {"The council": ((), 2)}
