"""Searching a project: words, phrases, scripts, filters, spans, notes, pages, and an index that keeps in step."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from annotator.core.errors import RefusedError, UserError
from annotator.core.records import Document
from annotator.core.search_query import SearchQuery, query_from_data, query_to_data
from annotator.core.text_edits import TextEdit
from annotator.session.people import Person
from annotator.session.progress import Cancel, Cancelled
from annotator.session.search import SearchHit
from annotator.session.session import Session
from tests.support import TEXT, add_document

SCRIPTS = """Заявление совета

Ещё одна поставка: ЗАЙМЫ и займы для порта. Обʼєкт захищено, і всё.
قال مُحَمَّدٌ إن الميناء آمن. 東京と日本語の港。 한국은 항구를 지원한다. सुरक्षा परिषद की बैठक।
Le cafe\u0301 du port, un café, Łódź, sanc\u00adtions."""


def found(session: Session, words: str = "", **rest: str | bool) -> list[str]:
    """Return the texts of the hits in documents."""
    page = session.queries.search(SearchQuery(words, **rest))  # type: ignore[arg-type]
    return [text_of(session, hit) for hit in page.hits]


def text_of(session: Session, hit: SearchHit) -> str:
    return session.queries.content(hit.document).text[hit.start : hit.end]


def marked(hit: SearchHit) -> list[str]:
    return [hit.snippet[start:end] for start, end in hit.marks]


def label(session: Session, key: str) -> str:
    return session.queries.label_named(key).id


@pytest.fixture
def scripts(session: Session) -> Document:
    return add_document(session, SCRIPTS, "Scripts")


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("attack", ["attack", "attack"]),
        ("ATTACK recognise", ["attack", "attack", "recognise"]),
        ('"the attack"', ["the attack"]),
        ('"the\n  attack"', ["the attack"]),
        ("attack -council", []),
        ("attack -nowhere", ["attack", "attack"]),
        ("nowhere OR annexation", ["annexation"]),
        ("nowhere annexation", []),
        ("annex*", ["annexation"]),
        ("annex", []),
        ("(nowhere OR port) summit", ["Summit", "port"]),
        ("will NOT port", []),
        ('"council agrees', ["council agrees"]),
        ("ttack", []),
    ],
)
def test_words_as_on_the_web(session: Session, document: Document, words: str, hits: list[str]) -> None:
    assert found(session, words) == hits


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("еще", ["Ещё"]),
        ("займы", ["ЗАЙМЫ", "займы"]),
        ("заимы", ["ЗАЙМЫ", "займы"]),
        ("об'єкт", ["Обʼєкт"]),
        ("محمد", ["مُحَمَّدٌ"]),
        ("日本", ["日本"]),
        ("本語の", ["本語の"]),
        ("日語", []),
        ("한국은", ["한국은"]),
        ("सुरक्षा", ["सुरक्षा"]),
        ("cafe", ["cafe\u0301", "café"]),
        ("café", ["cafe\u0301", "café"]),
        ("lodz", ["Łódź"]),
        ("sanctions", ["sanc\u00adtions"]),
    ],
)
def test_every_script_is_folded_and_its_places_are_those_of_the_text(
    session: Session, scripts: Document, words: str, hits: list[str]
) -> None:
    assert found(session, words) == hits


@pytest.mark.parametrize(
    ("words", "hits"), [("ещё", ["Ещё"]), ("еще", []), ("заимы", []), ("cafe", []), ("café", ["cafe\u0301", "café"])]
)
def test_diacritics_are_a_choice(session: Session, scripts: Document, words: str, hits: list[str]) -> None:
    assert found(session, words, ignore_diacritics=False) == hits


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("… !!! ???", "Only signs"),
        ('"', "Only signs"),
        ("-attack", "besides those to leave out"),
        ("x" * 10_000, "1000 characters at most"),
        ("a\0b", "holds a sign"),
        ("a\ud800b", "holds a sign"),
    ],
)
def test_what_cannot_be_searched_for_is_said_in_a_sentence(session: Session, words: str, sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        session.queries.search(SearchQuery(words))


@pytest.mark.parametrize(
    "words", ['((((("', "a AND OR NOT", "NEAR(a b)", "body:attack", '"a" "', "*", "-", "a*b", "^a", "a" * 1000]
)
def test_odd_syntax_is_never_an_exception(session: Session, document: Document, words: str) -> None:
    with suppress(UserError):
        session.queries.search(SearchQuery(words))


@pytest.mark.parametrize("words", ["a -b " * 150, "a OR b " * 140, "(" * 900 + "a"])
def test_many_terms_are_searched_for(session: Session, document: Document, words: str) -> None:
    session.queries.search(SearchQuery(words))


def test_an_open_quotation_mark_is_told_of(session: Session, document: Document) -> None:
    assert session.queries.search(SearchQuery('"the attack')).unfinished
    assert not session.queries.search(SearchQuery('"the attack"')).unfinished


def test_a_snippet_marks_the_hit_on_one_line(session: Session, document: Document) -> None:
    hit = session.queries.search(SearchQuery("provide")).hits[0]
    assert marked(hit) == ["provide"]
    assert hit.snippet.startswith("Summit statement We will provide air defence")
    assert hit.snippet.endswith("…") and "\n" not in hit.snippet


def test_a_hit_tells_the_labels_that_it_touches(session: Session, document: Document) -> None:
    pledge = label(session, "pledge")
    session.annotations.tag(document.id, pledge, [(18, 45)])
    hits = session.queries.search(SearchQuery("will")).hits
    assert [hit.labels for hit in hits] == [(pledge,), (), ()]


# -- what narrows


def test_filters_by_what_is_tagged(session: Session, document: Document) -> None:
    pledge, condition = label(session, "pledge"), label(session, "condition")
    session.annotations.tag(document.id, pledge, [(18, 45)], {"speaker": "The alliance"})
    session.annotations.tag(document.id, condition, [(46, 67)])
    entity = next(row.entity.id for row in session.queries.entities() if row.entity.name == "The alliance")
    assert found(session, "will", label=pledge) == ["will"]
    assert found(session, "council", label=pledge) == []
    assert found(session, "council", label=condition) == ["council"]
    assert found(session, "will", entity=entity) == ["will"]
    assert found(session, "council", entity=entity) == []
    assert found(session, "will", annotator=session.person.id) == ["will"]
    assert found(session, "will", annotator="nobody") == []


def test_filters_by_what_a_document_is(session: Session, document: Document) -> None:
    other = add_document(session, "They will answer soon.", "Other")
    session.documents.describe(document.id, date="2031-02-03", language="en-GB")
    session.documents.describe(other.id, date="2031-03", language="uk")
    session.documents.set_status(other.id, "done")
    all_of_it = ["will"] * 4
    assert found(session, "will") == all_of_it
    assert found(session, "will", status="done") == ["will"]
    assert found(session, "will", status="new") == ["will"] * 3
    assert found(session, "will", language="en") == ["will"] * 3
    assert found(session, "will", date_from="2031-03") == ["will"]
    assert found(session, "will", date_to="2031-02") == ["will"] * 3
    assert found(session, "will", date_from="2031-02-03", date_to="2031-03") == all_of_it
    assert found(session, "will", file="pasted") == all_of_it
    assert found(session, "will", file="p%d") == []
    assert found(session, "will", format="pdf") == []
    only = session.queries.search(SearchQuery(status="done")).hits
    assert [(hit.document, hit.start, hit.end) for hit in only] == [(other.id, 0, 0)]
    assert only[0].snippet == "They will answer soon."


def test_spans_are_searched_in_their_own_words(session: Session, document: Document) -> None:
    pledge, criticism = label(session, "pledge"), label(session, "criticism")
    first = session.annotations.tag(document.id, pledge, [(18, 45)])
    session.annotations.tag(document.id, criticism, [(69, 114)])
    hits = session.queries.search(SearchQuery("will -attack", scope="spans")).hits
    assert [(hit.span, hit.start, hit.end, marked(hit)) for hit in hits] == [(first.id, 18, 45, ["will"])]
    assert found(session, "will attack", scope="spans") == []
    assert found(session, scope="spans", label=criticism) == ["The alliance condemns the attack on the port."]


def test_notes_are_found_as_long_as_they_say_it(session: Session, document: Document) -> None:
    pledge = session.annotations.tag(document.id, label(session, "pledge"), [(18, 45)], note="Compare with ЁЛКА")
    query = SearchQuery("елка", scope="notes")

    def hits() -> list[tuple[str, str | None, list[str]]]:
        return [(hit.title, hit.span, marked(hit)) for hit in session.queries.search(query).hits]

    there = [("Summit statement", pledge.id, ["ЁЛКА"])]
    assert hits() == there
    session.annotations.set_note(pledge.id, "Something else")
    assert hits() == []
    session.history.undo()
    assert hits() == there
    session.annotations.delete([pledge.id])
    assert hits() == []
    assert session.reading.statements.rows('SELECT COUNT(*) FROM "note_index"') == [(0,)]
    session.history.undo()
    assert hits() == there
    assert session.queries.search(SearchQuery("елка", scope="notes", label=label(session, "condition"))).hits == ()
    session.notes.write("label", label(session, "pledge"), "Was called ёлка")
    assert len(hits()) == 2


# -- an index in step


def test_documents_out_of_sight_are_not_found(session: Session, document: Document) -> None:
    session.documents.correct(document.id, [TextEdit(0, 6, "Meeting")])
    assert found(session, "summit") == []
    assert found(session, "statement") == ["statement"]
    session.history.undo()
    assert found(session, "summit") == ["Summit"]
    session.documents.remove(document.id)
    assert found(session, "statement") == []
    session.history.undo()
    assert found(session, "statement") == ["statement"]


def test_what_a_group_took_back_is_not_found(session: Session) -> None:
    with pytest.raises(ValueError, match="on purpose"), session.group("Nothing"):
        add_document(session)
        raise ValueError("on purpose")
    assert found(session, "attack") == []
    add_document(session)
    assert found(session, "attack") == ["attack", "attack"]


def test_an_index_that_is_behind_is_made_whole(project_path: Path, person: Person) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        session.annotations.tag(document.id, label(session, "pledge"), [(18, 45)], note="why")
        session.stream(lambda: forget_index(session))
        assert not session.search_index.is_whole
        assert found(session, "attack") == []
        told: list[tuple[int, int]] = []
        session.search_index.complete(progress=lambda done, total, _: told.append((done, total)))
        assert told[-1] == (1, 1)
        assert session.search_index.is_whole
        assert found(session, "attack") == ["attack", "attack"]
        assert len(session.queries.search(SearchQuery("why", scope="notes")).hits) == 1


def forget_index(session: Session) -> None:
    statements = session.repository.statements
    for table in ("searched_text", "searched_note", "note_index"):
        statements.run(f'DELETE FROM "{table}"')
    statements.run('INSERT INTO "text_index" ("text_index") VALUES (\'delete-all\')')


# -- parts of words


def test_parts_of_words_where_somebody_wants_them(session: Session, document: Document, scripts: Document) -> None:
    assert not session.search_index.has_parts
    with pytest.raises(RefusedError, match="parts of words are not indexed"):
        found(session, "ttac", substring=True)
    session.search_index.keep_parts()
    assert found(session, "ttac", substring=True) == ["ttac", "ttac"]
    assert found(session, "nnex -alliance", substring=True) == []
    assert found(session, "ймы", substring=True) == ["ЙМЫ", "ймы"]
    assert found(session, '"for all" OR "port. any"', substring=True) == ["port.\nAny"]
    with pytest.raises(RefusedError, match="too short"):
        found(session, "tt", substring=True)
    add_document(session, "A counterattack.", "Later")
    assert found(session, "ttac", substring=True) == ["ttac"] * 3
    session.annotations.tag(document.id, label(session, "pledge"), [(18, 45)], note="unforgettable")
    assert len(session.queries.search(SearchQuery("forget", scope="notes", substring=True)).hits) == 1
    session.search_index.drop_parts()
    assert not session.search_index.wants_parts
    cancel = Cancel()
    with pytest.raises(Cancelled):
        session.search_index.keep_parts(progress=lambda *_: cancel.request(), cancel=cancel)
    assert session.search_index.wants_parts
    assert not session.search_index.has_parts
    session.search_index.keep_parts()
    assert found(session, "ttac", substring=True) == ["ttac"] * 3


# -- pages


def test_pages_go_on_where_the_last_one_ended(session: Session) -> None:
    for number in range(130):
        add_document(session, f"The port number {number}. " + "A port. " * (number % 4), f"Port {number}")
    query = SearchQuery("port")
    whole = session.queries.search(query, limit=10_000)
    assert whole.complete
    assert len(whole.hits) == 130 + sum(number % 4 for number in range(130))
    hits: list[SearchHit] = []
    while True:
        page = session.queries.search(query, limit=7, after=hits[-1] if hits else None)
        hits += page.hits
        if page.complete:
            break
    assert hits == list(whole.hits)
    assert hits[0].title != "Port 0"  # more hits in a short text come first


def test_a_search_stops_when_asked(session: Session, document: Document) -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        session.queries.search(SearchQuery("attack"), check=cancel.check)


# -- kept searches


def test_a_query_is_plain_data() -> None:
    query = SearchQuery("a -b", scope="spans", label="x", ignore_diacritics=False)
    data = query_to_data(query)
    assert data == {"words": "a -b", "scope": "spans", "label": "x", "ignore_diacritics": False}
    assert query_from_data({**data, "of a later version": 1}) == query
    for wrong in ({"words": 1}, {"scope": "everywhere"}, {"substring": "yes"}):
        with pytest.raises(RefusedError, match="damaged"):
            query_from_data(wrong)


def test_kept_searches_have_names_of_their_own(session: Session) -> None:
    kept = session.searches.save("  All\nports ", SearchQuery("port"))
    assert kept.name == "All ports"
    other = session.searches.save("Other", SearchQuery("attack"))
    for refused in (
        lambda: session.searches.save("All ports", SearchQuery("x")),
        lambda: session.searches.rename(other.id, "All ports"),
        lambda: session.searches.save(" ", SearchQuery("x")),
        lambda: session.searches.save("Empty", SearchQuery(" ")),
        lambda: session.searches.save("NUL", SearchQuery("a\0")),
        lambda: session.searches.delete("nothing"),
    ):
        with pytest.raises(UserError):
            refused()
    session.searches.rename(kept.id, "All ports")
    assert [search.name for search in session.queries.saved_searches()] == ["All ports", "Other"]
    assert query_from_data(session.queries.saved_searches()[0].query) == SearchQuery("port")


def test_every_character_of_the_test_text_is_where_the_hit_says(session: Session, document: Document) -> None:
    for word in set(TEXT.replace(".", " ").split()):
        for hit in session.queries.search(SearchQuery(word)).hits:
            assert text_of(session, hit).casefold() == word.casefold()


@pytest.mark.parametrize("field", ["file", "language", "date_from", "entity"])
def test_half_a_character_in_a_filter_is_refused(session: Session, scripts: Document, field: str) -> None:
    with pytest.raises(RefusedError, match="half a character"):
        found(session, "port", **{field: "\ud800"})


def test_half_a_character_in_a_name_is_refused(session: Session) -> None:
    for named in (session.queries.document_named, session.queries.entity_named):
        with pytest.raises(RefusedError, match="half a character"):
            named("\ud800")
