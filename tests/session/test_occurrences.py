"""Every place of a pattern and of a passage, and tagging them all as one step."""

from __future__ import annotations

import pytest

from annotator.analysis.patterns import Pattern
from annotator.core.errors import RefusedError, UserError
from annotator.session.bulk_tags import Tagged
from annotator.session.occurrences import Occurrence, find_occurrences, find_repeats
from annotator.session.progress import Cancel, Cancelled
from annotator.session.session import Session
from tests.support import add_document

OTHER = "Заява. Ми підтримаємо Київ.\n\nWe  will provide air defence, and more. WE WILL provide it. Unwilling?"


def found(session: Session, words: str, kind: str = "plain", **options: bool) -> list[Occurrence]:
    places: list[Occurrence] = []
    find_occurrences(session, Pattern(words, kind, **options), places.extend)
    return places


@pytest.fixture
def documents(session: Session) -> list[str]:
    return [add_document(session).id, add_document(session, OTHER, "Other").id]


def label(session: Session, key: str) -> str:
    return session.queries.codebook().label_by_key(key).id


def test_plain_words_whole_words_and_expressions(session: Session, documents: list[str]) -> None:
    assert [o.words for o in found(session, "we will")] == ["We will", "We will", "We  will", "WE WILL"]
    assert [o.words for o in found(session, "will", "words", match_case=True)] == ["will"] * 4
    assert len(found(session, "will")) == 6
    assert [o.words for o in found(session, r"підтрим\w+", "expression")] == ["підтримаємо"]
    assert [o.words for o in found(session, "ПІДТРИМАЄМО")] == ["підтримаємо"]
    assert found(session, r"\b", "expression") == []


def test_a_place_comes_with_its_paragraph_and_what_is_tagged_there(session: Session, documents: list[str]) -> None:
    pledge = session.annotations.tag(documents[0], label(session, "pledge"), [(18, 45)])
    first, *_ = found(session, "provide air")
    assert (first.document, first.title, first.before, first.after[:9]) == (
        *(documents[0], "Summit statement", "We will ", " defence "),
    )
    assert (first.present, first.exact) == ((pledge,), ())
    assert found(session, "We will provide air defence")[0].exact == (pledge,)


@pytest.mark.parametrize(
    ("words", "kind", "reason"),
    [
        ("  ", "plain", "nothing to look for"),
        ("(", "expression", "no regular expression"),
        ("a" * 3000, "plain", "longer than"),
        (r"(a|aa)+b", "expression", "takes longer"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(session: Session, words: str, kind: str, reason: str) -> None:
    add_document(session, "a" * 80 + "c b", "Hostile")
    with pytest.raises(UserError, match=reason):
        found(session, words, kind)


def test_it_stops_when_asked(session: Session, documents: list[str]) -> None:
    cancel = Cancel()
    places: list[Occurrence] = []

    def take(more: list[Occurrence]) -> None:
        places.extend(more)
        cancel.request()

    with pytest.raises(Cancelled):
        find_occurrences(session, Pattern("we"), take, cancel=cancel)  # type: ignore[arg-type]
    assert {place.document for place in places} == {documents[0]}


def test_only_some_documents(session: Session, documents: list[str]) -> None:
    places: list[Occurrence] = []
    assert find_occurrences(session, Pattern("will"), places.extend, documents=documents[1:]) == 3
    assert {place.document for place in places} == {documents[1]}


def test_all_places_are_tagged_as_one_step(session: Session, documents: list[str]) -> None:
    pledge, condition = label(session, "pledge"), label(session, "condition")
    own = session.annotations.tag(documents[0], condition, [(18, 25)])
    places = [(o.document, o.start, o.end) for o in found(session, "we will")]
    before = session.reading.dump()
    assert session.annotations.tag_all(pledge, places) == Tagged(3, 0, 1)
    assert len(session.queries.content(documents[1]).annotations) == 2
    assert session.queries.content(documents[1]).status == "in_progress"
    session.history.undo()
    assert session.reading.dump() == before
    tagged = session.annotations.tag_all(pledge, places, "relabel")
    assert (tagged.made, tagged.relabelled, tagged.skipped) == (3, 1, 0)
    assert session.queries.annotation(own.id).label == pledge
    again = session.annotations.tag_all(pledge, places, "add")
    assert (again.made, again.skipped) == (0, 4)
    added = session.annotations.tag_all(condition, places, "add")
    assert added.made == 4


def test_a_place_outside_its_text_changes_nothing(session: Session, documents: list[str]) -> None:
    before = session.reading.dump()
    with pytest.raises(UserError):
        session.annotations.tag_all(label(session, "pledge"), [(documents[0], 0, 5), (documents[0], 5, 9_000)])
    with pytest.raises(RefusedError, match="none of"):
        session.annotations.tag_all(label(session, "pledge"), [(documents[0], 0, 5)], "perhaps")
    assert session.reading.dump() == before


def test_the_same_and_nearly_the_same_passage_is_found_elsewhere(session: Session) -> None:
    text = "We will provide forty mobile bridges to Ukraine before the autumn rains. It rained."
    again = "Yesterday: We will provide forty mobile bridges to Ukraine before the autumn rains. Nothing else."
    near = "We shall provide forty mobile bridges to Ukraine before the winter rains. Something else entirely here."
    first = add_document(session, text, "First")
    add_document(session, again, "Again")
    add_document(session, near, "Near")
    add_document(session, "The ministers discussed forty other matters at some length before they left.", "Apart")
    place = (0, text.index(" before"))
    span = session.annotations.tag(first.id, label(session, "pledge"), [place])
    places: list[Occurrence] = []
    assert find_repeats(session, span, places.extend) == 2
    assert [(o.title, o.likeness == 100, o.words) for o in places] == [
        ("Again", True, "We will provide forty mobile bridges to Ukraine"),
        ("Near", False, "We shall provide forty mobile bridges to Ukraine"),
    ]


@pytest.mark.parametrize(
    "words", ["will", "we will", "Ми підтримаємо", "more.", '"provide" it', "provide it. Unwilling", "ё", "it…"]
)
def test_the_index_leaves_out_no_document_with_whole_words(session: Session, documents: list[str], words: str) -> None:
    add_document(session, 'They said “provide” it, i.e. "provide" it… ещё ё… U.S. troops will_not can’t.', "Third")
    everywhere: list[Occurrence] = []
    ids = session.reading.lists.document_ids()
    find_occurrences(session, Pattern(words, "words"), everywhere.extend, documents=ids)
    assert everywhere
    assert found(session, words, "words") == everywhere


def test_what_touches_a_span_is_left_alone(session: Session, documents: list[str]) -> None:
    pledge, condition = label(session, "pledge"), label(session, "condition")
    wide = session.annotations.tag(documents[0], pledge, [(18, 45)])
    places = [(o.document, o.start, o.end) for o in found(session, "provide air")]
    assert session.annotations.tag_all(condition, places) == Tagged(1, 0, 1)
    assert session.annotations.tag_all(condition, places, "relabel") == Tagged(1, 0, 1)
    assert session.queries.annotation(wide.id).label == pledge
