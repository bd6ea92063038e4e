"""A document that is revised before it is frozen: ranges, sentences and words move with the text."""

from __future__ import annotations

from array import array
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.corrected_text import corrected_text
from annotator.core.pages import Box, Page, PageLayout, add_word
from annotator.core.structure import FormatRange, Structure
from annotator.core.text_edits import TextEdit
from annotator.formats.documents.markdown.reader import read_markdown
from annotator.formats.documents.revise import revise
from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.workers.jobs import with_sentences

MARKDOWN = """# The summit

We will **help** you. The rest

of it *follows* here.

- first item
- second item

> A quote of one paragraph.
>
> And of another.
"""


def read(markdown: str = MARKDOWN) -> ReadDocument:
    """Return a small document with its sentences, and a box for every word on one of two pages."""
    document = with_sentences(read_markdown(SourceFile("a.md", markdown.encode())))
    pages = [array("i"), array("i")]
    place = 0
    for word in document.text.split():
        start = document.text.index(word, place)
        place = start + len(word)
        page = pages[2 * start >= len(document.text)]
        add_word(page, start, place, (start, 10, place, 20))
    layout = PageLayout(tuple(Page(Box(0, 0, 600, 800), flat) for flat in pages))
    return ReadDocument(document.text, document.structure, document.title, language="en", pages=layout)


def words(document: ReadDocument) -> list[tuple[str, float]]:
    """Return the text of each word that has a box, and the left of the box."""
    assert document.pages is not None
    return [
        (document.text[word.start : word.end], word.box.left) for page in document.pages.pages for word in page.words()
    ]


def shown(document: ReadDocument, *kinds: str) -> list[tuple[str, str]]:
    """Return the kind and the text of each range of these kinds."""
    return [(r.kind, document.text[r.start : r.end]) for r in document.structure.ranges if r.kind in kinds]


def sentences(document: ReadDocument) -> list[str]:
    return [document.text[start:end] for start, end in document.structure.sentences]


def check(document: ReadDocument) -> None:
    """Assert what holds for every document."""
    ranges, length = document.structure.ranges, len(document.text)
    assert all(0 <= r.start < r.end <= length for r in ranges)
    assert [(r.start, -r.end) for r in ranges] == sorted((r.start, -r.end) for r in ranges)
    assert all(0 <= start < end <= length for start, end in document.structure.sentences)
    assert all(one[1] <= other[0] for one, other in pairwise(document.structure.sentences))
    assert all("\n" not in text and text == text.strip() for text in sentences(document))
    assert document.pages is not None
    for page in document.pages.pages:
        found = list(page.words())
        assert all(0 <= word.start < word.end <= length for word in found)
        assert all(one.end <= other.start for one, other in pairwise(found))


def test_nothing_to_do_gives_the_same_document() -> None:
    document = read()
    assert revise(document, ()) is document


def test_joined_paragraphs_are_one_range() -> None:
    revised = revise(read(), corrected_text(read().text).joined(1).edits)
    assert shown(revised, "paragraph")[0] == ("paragraph", "We will help you. The rest of it follows here.")
    assert shown(revised, "strong", "emphasis") == [("strong", "help"), ("emphasis", "follows")]
    assert sentences(revised)[1:4] == ["We will help you.", "The rest", "of it follows here."]
    assert words(revised) == words(read())
    check(revised)


def test_joined_list_items_stay_one_item_with_its_paragraph() -> None:
    document = read()
    revised = revise(document, corrected_text(document.text).joined(3).edits)
    assert shown(revised, "list_item") == [("list_item", "first item second item")]
    assert revised.structure.ranges[-1].end == len(revised.text)
    check(revised)


def test_a_split_heading_is_a_heading_and_a_paragraph() -> None:
    document = read("# The summit We met.\n\nMore.")
    revised = revise(document, corrected_text(document.text).split(0, 11).edits)
    assert shown(revised, "heading", "paragraph")[:2] == [("heading", "The summit"), ("paragraph", "We met.")]
    assert sentences(revised) == ["The summit", "We met.", "More."]
    check(revised)


def test_a_split_item_has_its_marker_once() -> None:
    document = read("- first item and more")
    revised = revise(document, corrected_text(document.text).split(0, 10).edits)
    items = [r for r in revised.structure.ranges if r.kind == "list_item"]
    assert [dict(item.data) for item in items] == [{"marker": "•"}, {}]
    assert shown(revised, "list_item") == [("list_item", "first item"), ("list_item", "and more")]


def test_what_is_left_out_goes_with_all_that_pointed_to_it() -> None:
    document = read()
    revised = revise(document, corrected_text(document.text).leaving_out((1, 2), True).edits)
    assert shown(revised, "strong", "emphasis") == []
    assert [text for text, _ in words(revised)][:4] == ["The", "summit", "first", "item"]
    assert sentences(revised)[:2] == ["The summit", "first item"]
    assert shown(revised, "quote") == [("quote", "A quote of one paragraph.\n\nAnd of another.")]
    assert revised.pages is not None and len(revised.pages.pages) == 2
    check(revised)


def test_text_at_the_ends_of_a_paragraph_belongs_to_it_and_at_those_of_emphasis_does_not() -> None:
    document = read("# Summit\n\nWe **help** you")
    assert shown(revise(document, (TextEdit(6, 6, " of\u00a0NATO"),)), "heading") == [
        ("heading", "Summit of\u00a0NATO")
    ]
    start = document.text.index("help")
    revised = revise(document, (TextEdit(start, start, "can "), TextEdit(start + 4, start + 4, " and")))
    assert shown(revised, "strong") == [("strong", "help")]
    assert shown(revised, "paragraph") == [("paragraph", "We can help and you")]
    assert sentences(revised)[-1] == "We can help and you"


def test_a_corrected_word_keeps_its_box_and_a_rewritten_one_does_not() -> None:
    document = read("# T\n\nTbe rest of it")
    start = document.text.index("Tbe")
    assert words(revise(document, (TextEdit(start + 1, start + 2, "h"),)))[1] == ("The", start)
    assert words(revise(document, (TextEdit(start, start + 1, "L"),)))[1] == ("Lbe", start)
    assert [text for text, _ in words(revise(document, (TextEdit(start, start + 3, "A"),)))] == [
        "T",
        "rest",
        "of",
        "it",
    ]
    assert "Tbe" not in dict(words(revise(document, (TextEdit(start + 1, start + 1, " "),))))
    assert "st" not in dict(words(revise(document, (TextEdit(start, start + 6, ""),))))


def test_a_heading_that_was_rewritten_as_a_whole_stays_one() -> None:
    document = read()
    revised = revise(document, corrected_text(document.text).rewritten(0, 0, 10, "Vilnius").edits)
    assert shown(revised, "heading") == [("heading", "Vilnius")]
    assert sentences(revised)[0] == "Vilnius"


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 25), st.text("aZ. \n", max_size=4)), max_size=6))
def test_random_edits_keep_every_invariant(wanted: list[tuple[int, int, str]]) -> None:
    document = read()
    edits: list[TextEdit] = []
    for start, length, text in sorted(wanted):
        end = min(start + length, len(document.text))
        last = edits[-1] if edits else TextEdit(-1, -1, "")
        if last.end < start <= len(document.text):
            edits.append(TextEdit(start, end, text))
    revised = revise(document, edits)
    check(revised)
    before = {left: word for word, left in words(document)}
    touched = {
        left
        for left, word in before.items()
        if any((e.start < left + len(word) and left < e.end) or left < e.start < left + len(word) for e in edits)
    }
    after = {left: word for word, left in words(revised)}
    assert {left: word for left, word in after.items() if left not in touched} == {
        left: word for left, word in before.items() if left not in touched
    }


def test_a_range_of_several_lines_stays_whole() -> None:
    structure = Structure((FormatRange("quote", 0, 11, 1),), ((0, 3), (4, 7), (8, 11)))
    document = ReadDocument("one\ntwo\nten", structure, "t")
    revised = revise(document, (TextEdit(4, 8, ""),))
    assert revised.structure == Structure((FormatRange("quote", 0, 7, 1),), ((0, 3), (4, 7)))
