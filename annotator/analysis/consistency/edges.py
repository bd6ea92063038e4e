"""Rules on the characters of a span: words cut through, white space at its ends, nothing but marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from annotator.analysis.consistency.facts import Book, Finding, LayerFacts
from annotator.core.boundaries import WORD_REACH, word_bounds
from annotator.core.folding import is_unspaced
from annotator.core.records import Annotation, Fragment

_WORD = re.compile(r"[^\W_]")
_NUMBER_SIGNS = ".,"
_JOINERS = "_\u200c\u200d"
_UNSPACED_FROM = 0x0E00
"""No script without spaces begins before this code point."""

_MARKS = frozenset("PZC")
_MARK_SYMBOLS = ("Sk", "Sm")
"""Categories of Unicode that are punctuation to a reader; an emoji (So) or a currency (Sc) says something."""


def inside_word(text: str, place: int) -> bool:
    """Say whether a code point of a text lies between two characters of one word.

    Scripts without spaces have no such places, nor has a run of characters that is too long for a word. Beside an
    apostrophe a span may well end, as after the name in “Ukraine's”.
    """
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if before.isspace() or after.isspace() or not (_belongs(text, place - 1) and _belongs(text, place)):
        return False
    if ord(before) >= _UNSPACED_FROM and (is_unspaced(before) or is_unspaced(after)):
        return False
    low, high = word_bounds(text, place)
    return place - WORD_REACH < low < place and high < place + WORD_REACH


def _belongs(text: str, place: int) -> bool:
    """Say whether a character is part of a word: a letter, a digit, a mark on one, or the sign within a number."""
    character = text[place]
    if character.isalnum():
        return True
    if character in _NUMBER_SIGNS:
        return 0 < place < len(text) - 1 and text[place - 1].isdigit() and text[place + 1].isdigit()
    return character in _JOINERS or (character > "\x7f" and unicodedata.category(character)[0] == "M")


def whole_words(text: str, fragments: tuple[Fragment, ...]) -> tuple[Fragment, ...]:
    """Return fragments of which no edge cuts a word; those that come to overlap are one."""
    found: list[Fragment] = []
    for start, end in fragments:
        low = word_bounds(text, start)[0] if inside_word(text, start) else start
        high = word_bounds(text, end)[1] if inside_word(text, end) else end
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return tuple(found)


def has_words(text: str, fragments: tuple[Fragment, ...]) -> bool:
    """Say whether a span holds anything besides white space and punctuation."""
    if any(_WORD.search(text, start, end) for start, end in fragments):
        return True
    return not all(_is_mark(character) for start, end in fragments for character in text[start:end])


def _is_mark(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in _MARKS or category in _MARK_SYMBOLS or character.isspace()


def check_edges(facts: LayerFacts, _book: Book) -> Iterator[Finding]:
    """Find spans that start or end inside a word."""
    for annotation in facts.annotations:
        cut = [place for fragment in annotation.fragments for place in fragment if inside_word(facts.text, place)]
        if cut:
            low, high = word_bounds(facts.text, cut[0])
            word = facts.text[low:high]
            template = "An edge of the span cuts the word “{word}”."
            yield facts.finding("inside_word", annotation, template, word=word, fix="words")


def check_spaces(facts: LayerFacts, _book: Book) -> Iterator[Finding]:
    """Find spans of which a part starts or ends with white space."""
    text = facts.text
    for annotation in facts.annotations:
        spaced = any(text[start].isspace() or text[end - 1].isspace() for start, end in annotation.fragments)
        if spaced and has_words(text, annotation.fragments):
            yield facts.finding("edge_spaces", annotation, "The span starts or ends with white space.", fix="trim")


def check_marks(facts: LayerFacts, _book: Book) -> Iterator[Finding]:
    """Find spans without a word."""
    for annotation in facts.annotations:
        if not has_words(facts.text, annotation.fragments):
            yield facts.finding("only_marks", annotation, _nothing_in(facts.text, annotation), fix="delete")


def _nothing_in(text: str, annotation: Annotation) -> str:
    if text[annotation.start : annotation.end].isspace():
        return "The span holds nothing but white space."
    return "The span holds nothing but punctuation."
