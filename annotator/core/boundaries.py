"""Where words, clauses, sentences and paragraphs begin and end around a place in a text.

Pure functions over the text and a position in code points. They look at a bounded stretch around the position, so
their cost does not depend on the length of the document. All ranges are half-open.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

Range = tuple[int, int]

WORD_REACH = 200
SENTENCE_REACH = 5_000
PARAGRAPH_REACH = 50_000

_JOINERS = "'’ʼ.·‧"
_NUMBER_JOINERS = ".,"
_OPENING = "([{«„“‘\"'¿¡"
_CLOSING = ")]}»”’\"'"
_STOPS = ".!?…。！？؟۔।։"
_STRONG_BREAK = re.compile(r"[;؛:；：]+(?=\s|$)|\s[–-]\s|\s?—\s?|[()\[\]]")
_WEAK_BREAK = re.compile(r"[,،、，]+(?!\d)")
_SENTENCE_END = re.compile(rf"[{re.escape(_STOPS)}]+[{re.escape(_CLOSING)}]*(?=\s|$)|[。！？]+[{re.escape(_CLOSING)}]*")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|St|Gen|Sen|Gov|Lt|Col|No|vs|etc|[^\W\d_]\.[^\W\d_])$")
_SHORT_PIECE = 2


def _is_word_character(character: str) -> bool:
    return (
        character.isalnum()
        or character == "_"
        or unicodedata.category(character)[0] == "M"
        or character in "\u200c\u200d"
    )


def _stands_alone(character: str) -> bool:
    """Say whether the script writes without spaces, so that each character counts as a word."""
    code = ord(character)
    return (
        0x3040 <= code <= 0x309F or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
    )


def _extends(character: str) -> bool:
    """Say whether the character belongs to the one before it: a mark, a joiner or a skin tone."""
    return (
        unicodedata.category(character)[0] == "M" or character == "\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _joined(text: str, place: int) -> bool:
    """Say whether the punctuation at `place` is inside a word, as in can't, U.S or 1,5."""
    if not 0 < place < len(text) - 1:
        return False
    character, before, after = text[place], text[place - 1], text[place + 1]
    if character in _NUMBER_JOINERS and before.isdigit() and after.isdigit():
        return True
    return character in _JOINERS and before.isalpha() and after.isalpha()


def _in_word(text: str, place: int) -> bool:
    return _is_word_character(text[place]) or _joined(text, place)


def cluster(text: str, position: int) -> Range:
    """Return the character at `position` with the marks, joiners and modifiers that belong to it."""
    start, end = position, min(position + 1, len(text))
    lowest, highest = max(0, position - WORD_REACH), min(len(text), position + WORD_REACH)
    while lowest < start < len(text) and (_extends(text[start]) or text[start - 1] == "\u200d"):
        start -= 1
    while end < highest and (_extends(text[end]) or text[end - 1] == "\u200d"):
        end += 1
    return start, end


def word_bounds(text: str, position: int) -> Range:
    """Return the word at `position`, or the run of spaces, or the single sign."""
    if position >= len(text):
        return len(text), len(text)
    if text[position] == "\n":
        return position, position + 1
    if text[position].isspace():
        return _run(text, position, lambda place: text[place].isspace() and text[place] != "\n")
    if not _in_word(text, position) or _stands_alone(text[position]):
        return cluster(text, position)
    return _run(text, position, lambda place: _in_word(text, place) and not _stands_alone(text[place]))


def _run(text: str, position: int, belongs) -> Range:
    start, end = position, position + 1
    lowest, highest = max(0, position - WORD_REACH), min(len(text), position + WORD_REACH)
    while start > lowest and belongs(start - 1):
        start -= 1
    while end < highest and belongs(end):
        end += 1
    return start, end


def next_word(text: str, position: int) -> int:
    """Return where the next word starts, at most one line on."""
    end = word_bounds(text, position)[1]
    while end < len(text) and text[end].isspace() and text[end] != "\n":
        end = word_bounds(text, end)[1]
    return end


def previous_word(text: str, position: int) -> int:
    """Return where the word before `position` starts."""
    while position > 0 and text[position - 1].isspace():
        start = word_bounds(text, position - 1)[0]
        if text[position - 1] == "\n":
            return start
        position = start
    return word_bounds(text, position - 1)[0] if position > 0 else 0


def end_of_next_word(text: str, position: int) -> int:
    """Return where the word after `position` ends, or the end of the text."""
    while position < len(text) and text[position].isspace():
        position = word_bounds(text, position)[1]
    return word_bounds(text, position)[1]


def end_of_previous_word(text: str, position: int) -> int:
    """Return where the word ends that stands before the one that ends at `position`; 0 where there is none."""
    place = previous_word(text, position)
    while place > 0 and text[place - 1].isspace():
        place = word_bounds(text, place - 1)[0]
    return place


def trim(text: str, start: int, end: int) -> Range:
    """Return the range without white space at its ends; one of nothing else becomes empty at its start."""
    left = start
    while left < end and text[left].isspace():
        left += 1
    if left == end:
        return start, start
    while text[end - 1].isspace():
        end -= 1
    return left, end


def snap_to_words(text: str, start: int, end: int) -> Range:
    """Return the range grown to whole words and trimmed of spaces."""
    if start < end:
        start, end = trim(text, start, end)
    if start == end:
        return start, end
    return word_bounds(text, start)[0], word_bounds(text, end - 1)[1]


def paragraph_bounds(text: str, position: int) -> Range:
    """Return the line at `position` without its newline; a very long one is cut at `PARAGRAPH_REACH` on each side."""
    lowest, highest = max(0, position - PARAGRAPH_REACH), min(len(text), position + PARAGRAPH_REACH)
    start = text.rfind("\n", lowest, position)
    end = text.find("\n", position, highest)
    return (lowest if start < 0 else start + 1), (highest if end < 0 else end)


def sentence_bounds(text: str, position: int, sentences: Sequence[Range] = ()) -> Range:
    """Return the sentence at `position`: one of `sentences` (ordered, disjoint), else found by its punctuation."""
    place = bisect_right(sentences, (position, len(text) + 1)) - 1
    if place >= 0 and sentences[place][0] <= position <= sentences[place][1]:
        return trim(text, *sentences[place])
    low, high = paragraph_bounds(text, position)
    low, high = max(low, position - SENTENCE_REACH), min(high, position + SENTENCE_REACH)
    start, end = low, high
    for match in _SENTENCE_END.finditer(text, low, high):
        if not _ends_sentence(text, low, match, high):
            continue
        if match.end() > position:
            end = match.end()
            break
        start = match.end()
    return trim(text, start, end)


def next_sentence(text: str, position: int, sentences: Sequence[Range] = ()) -> int:
    """Return where the next sentence starts, or the end of the text."""
    place = max(position, sentence_bounds(text, position, sentences)[1])
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def previous_sentence(text: str, position: int, sentences: Sequence[Range] = ()) -> int:
    """Return where the sentence starts, or from its start where the one before does; else the start of the text."""
    start, end = sentence_bounds(text, position, sentences)
    if start < position <= end:
        return start
    place = position - 1
    while place >= 0 and text[place].isspace():
        place -= 1
    return sentence_bounds(text, place, sentences)[0] if place >= 0 else 0


def _ends_sentence(text: str, low: int, match: re.Match[str], high: int) -> bool:
    following = text[match.end() : min(match.end() + 20, high)].lstrip().lstrip(_OPENING)
    if following and following[0].islower():
        return False
    return match.group() != "." or not _ABBREVIATION.search(text[max(low, match.start() - 12) : match.start()])


@lru_cache(maxsize=16)
def _condition_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    phrases = sorted((word.strip() for word in words if word.strip()), key=len, reverse=True)
    if not phrases:
        return None
    alternatives = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


def clause_bounds(
    text: str, position: int, sentences: Sequence[Range] = (), condition_words: Sequence[str] = ()
) -> Range:
    """Return the clause at `position`: the sentence cut at its punctuation and before condition words.

    A comma cuts only where two words or more stand on both sides, so that enumerations stay whole.
    """
    start, end = sentence_bounds(text, position, sentences)
    start, end = max(start, position - SENTENCE_REACH), min(end, position + SENTENCE_REACH)
    strong = [match.span() for match in _STRONG_BREAK.finditer(text, start, end)]
    pattern = _condition_pattern(tuple(condition_words))
    if pattern is not None:
        strong += [(match.start(), match.start()) for match in pattern.finditer(text, start, end)]
    weak = [match.span() for match in _WEAK_BREAK.finditer(text, start, end)]
    for low, high in _pieces(text, start, end, sorted(strong), weak):
        if low <= position < high or (low <= position <= high and position >= end):
            return _without_edge_signs(text, low, high)
    return _without_edge_signs(text, start, end)


def _pieces(text: str, start: int, end: int, strong: list[Range], weak: list[Range]) -> list[Range]:
    """Return the clauses of a sentence; each reaches over the break that follows it."""
    edges = [start, *(cut for _, cut in strong if start < cut < end), end]
    pieces: list[Range] = []
    for low, high in itertools.pairwise(edges):
        cuts = [low, *(cut for _, cut in weak if low < cut < high), high]
        words = [len(text[a:b].split()) for a, b in itertools.pairwise(cuts)]
        kept = [cut for i, cut in enumerate(cuts[1:-1]) if min(words[i], words[i + 1]) >= _SHORT_PIECE]
        bounds = [low, *kept, high]
        pieces += itertools.pairwise(bounds)
    return pieces


def _without_edge_signs(text: str, start: int, end: int) -> Range:
    """Return the clause without spaces, commas and dashes at its ends and without quotes that close elsewhere."""
    signs = " \t\n\u00a0,،、，;؛:；：—–-()[]" + _OPENING + _CLOSING + _STOPS
    low, high = start, end
    while low < high and (text[low] in signs or text[low].isspace()):
        low += 1
    while (
        high > low and (text[high - 1] in signs or text[high - 1].isspace()) and not _ends_abbreviation(text, low, high)
    ):
        high -= 1
    return (low, high) if low < high else trim(text, start, end)


def _ends_abbreviation(text: str, low: int, high: int) -> bool:
    return text[high - 1] == "." and re.search(r"\b(?:\w\.){2,}$", text[max(low, high - 12) : high]) is not None


def ladder(
    text: str, position: int, sentences: Sequence[Range] = (), condition_words: Sequence[str] = ()
) -> tuple[Range, Range, Range, Range]:
    """Return the word, clause, sentence and paragraph at `position`."""
    return (
        word_bounds(text, position),
        clause_bounds(text, position, sentences, condition_words),
        sentence_bounds(text, position, sentences),
        trim(text, *paragraph_bounds(text, position)),
    )


def grow(
    text: str, start: int, end: int, sentences: Sequence[Range] = (), condition_words: Sequence[str] = ()
) -> Range:
    """Return the next larger selection: whole words, then clauses, sentences, paragraphs.

    An empty range stands for a caret. A range over several units grows to whole ones. Returns the range itself at
    the top of the ladder.
    """
    first = ladder(text, start, sentences, condition_words)
    last = ladder(text, max(start, end - 1), sentences, condition_words)
    for (low, _), (_, high) in zip(first, last, strict=True):
        wider = min(start, low), max(end, high)
        if wider != (start, end) and not text[wider[0] : wider[1]].isspace():
            return wider
    return start, end


def shrink(
    text: str, start: int, end: int, at: int, sentences: Sequence[Range] = (), condition_words: Sequence[str] = ()
) -> Range:
    """Return the next smaller selection around `at`, or the empty range there at the bottom of the ladder."""
    at = min(max(at, start), max(start, end - 1))
    for low, high in reversed(ladder(text, at, sentences, condition_words)):
        if start <= low < high <= end and (low, high) != (start, end) and low <= at <= high:
            return low, high
    return at, at
