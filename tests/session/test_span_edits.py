"""Splitting and merging spans: fragments, attributes, notes and relations go along."""

from __future__ import annotations

import pytest

from annotator.core.errors import RefusedError
from annotator.core.records import Annotation, Document
from annotator.session.session import Session
from tests.support import TEXT, add_document


@pytest.fixture
def document(session: Session) -> Document:
    return add_document(session)


def tag(session: Session, document: Document, quote: str, label: str = "pledge", **values: object) -> Annotation:
    start = TEXT.index(quote)
    chosen = session.queries.codebook().label_by_key(label).id
    return session.annotations.tag(document.id, chosen, [(start, start + len(quote))], values)


def quotes(annotation: Annotation) -> list[str]:
    return [TEXT[start:end] for start, end in annotation.fragments]


def test_a_split_keeps_id_note_and_relations_on_the_first_and_copies_attributes(
    session: Session, document: Document
) -> None:
    span = tag(session, document, "We will provide air defence", speaker="The alliance", strength="firm")
    session.annotations.set_note(span.id, "Why?")
    condition = tag(session, document, "if the council agrees", "condition")
    session.relations.relate(condition.id, "conditions", span.id)
    first, second = session.annotations.split(span.id, TEXT.index(" air"))
    assert (first.id, quotes(first), quotes(second)) == (span.id, ["We will provide"], ["air defence"])
    content = session.queries.content(document.id)
    assert content.values[first.id] == content.values[second.id] == {"speaker": "The alliance", "strength": "firm"}
    assert content.notes == {first.id: "Why?"}
    assert [relation.target for relation in content.relations] == [first.id]


def test_a_split_between_fragments_needs_words_on_both_sides(session: Session, document: Document) -> None:
    span = tag(session, document, "We will provide")
    session.annotations.resize(span.id, [(18, 25), (34, 45)])
    for place in (18, 45, 3, 400):
        with pytest.raises(RefusedError, match="cannot be split there"):
            session.annotations.split(span.id, place)
    first, second = session.annotations.split(span.id, 30)
    assert (quotes(first), quotes(second)) == (["We will"], ["air defence"])


def test_a_merge_joins_what_stands_together_and_links_what_does_not(session: Session, document: Document) -> None:
    one = tag(session, document, "We will")
    two = tag(session, document, "provide air")
    far = tag(session, document, "agrees")
    kept = session.annotations.merge([far.id, two.id, one.id])
    assert kept.id == one.id
    assert quotes(kept) == ["We will provide air", "agrees"]
    assert [a.id for a in session.queries.content(document.id).annotations] == [one.id]


def test_a_merge_takes_attributes_notes_and_relations_along(session: Session, document: Document) -> None:
    one = tag(session, document, "We will", strength="firm")
    two = tag(session, document, "provide air", strength="intent", speaker="The alliance")
    condition = tag(session, document, "if the council agrees", "condition")
    other = tag(session, document, "We will never recognise the annexation")
    session.annotations.set_note(one.id, "First.")
    session.annotations.set_note(two.id, "Second.")
    session.relations.relate(condition.id, "conditions", one.id)
    session.relations.relate(condition.id, "conditions", two.id)
    session.relations.relate(two.id, "restates", one.id)
    session.relations.relate(other.id, "restates", two.id)
    session.annotations.merge([one.id, two.id])
    content = session.queries.content(document.id)
    assert content.values[one.id] == {"strength": "firm", "speaker": "The alliance"}
    assert content.notes == {one.id: "First.\n\nSecond."}
    assert sorted((r.source, r.target) for r in content.relations) == sorted(
        [(condition.id, one.id), (other.id, one.id)]
    )


def test_a_merge_is_refused_where_it_would_mean_nothing(session: Session, document: Document) -> None:
    pledge = tag(session, document, "We will")
    condition = tag(session, document, "if the council agrees", "condition")
    elsewhere = add_document(session, "Another text.", "Another")
    label = session.queries.codebook().label_by_key("pledge").id
    far = session.annotations.tag(elsewhere.id, label, [(0, 7)])
    before = session.reading.dump()
    for spans, reason in (
        ([pledge.id], "no other span"),
        ([pledge.id, pledge.id], "no other span"),
        ([pledge.id, condition.id], "different labels"),
        ([pledge.id, far.id], "one document"),
    ):
        with pytest.raises(RefusedError, match=reason):
            session.annotations.merge(spans)
    assert session.reading.dump() == before
