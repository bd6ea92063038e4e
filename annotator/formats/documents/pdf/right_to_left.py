"""The order of reading of right-to-left text, from where its glyphs stand.

A PDF places glyphs, and most programs draw Arabic and Hebrew from left to right as it looks. Where a line's glyphs
stand is sure and the order in which they are drawn is not, so the order of reading is rebuilt from the places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from annotator.formats.documents.pdf.glyphs import STRETCH, Glyph

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\U00010800-\U00010fff]|[\U0001e800-\U0001efff]")
_NUMBER_PARTS = frozenset(".,:/-–٫٬%+")
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»"}
_TURNED = _PAIRS | {closing: opening for opening, closing in _PAIRS.items()}
_BRACKET = re.compile(r"(?<![A-Za-z])[()\[\]{}«»]|(?<=[A-Za-z])[()\[\]{}«»](?![A-Za-z0-9])")
_ARABIC_LETTER = re.compile("[\u0620-\u06d3\u06fa-\u06ff\u0750-\u077f]")
_NON_JOINER = "\u200c"
_GAP = 0.17
_LONGEST_LINE = 2000
_TOUCH = 0.06
_NO_WIDTH = 0.02
_NEAR = 0.3
_RIGHT, _LEFT, _NUMBER, _NEUTRAL = "right", "left", "number", "neutral"


def is_right_to_left(text: str) -> bool:
    """Say whether most letters of a text belong to a script that is written from right to left."""
    if not RIGHT_TO_LEFT.search(text):
        return False
    kinds = [_kind(character) for character in text]
    return kinds.count(_RIGHT) >= kinds.count(_LEFT)


def reading_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the glyphs of one line in the order of reading, with a space in each gap; marks follow their letters."""
    letters = [glyph for glyph in glyphs if not _is_mark(glyph.text)]
    rightwards = not is_right_to_left("".join(glyph.text for glyph in letters))
    letters.sort(key=lambda glyph: glyph.left + glyph.right)
    letters = _with_gaps(letters)
    if not rightwards:
        letters.reverse()
    ordered = _reversed_runs(letters, _RIGHT if rightwards else _LEFT)
    marked = _with_marks(ordered, glyphs)
    return [glyph for glyph in marked if glyph.text != STRETCH]


def _with_gaps(glyphs: list[Glyph]) -> list[Glyph]:
    """Return glyphs from left to right with a space where two stand apart.

    A space between two Arabic letters that touch is how programs write the zero-width non-joiner.
    """
    spaced: list[Glyph] = []
    for place, glyph in enumerate(glyphs):
        last = spaced[-1] if spaced else None
        following = glyphs[place + 1] if place + 1 < len(glyphs) else None
        if last and not last.text.isspace() and not glyph.text.isspace():
            if glyph.left - last.right > _GAP * max(glyph.size, last.size):
                spaced.append(glyph._replace(text=" ", left=last.right, right=glyph.left))
        elif last and following and glyph.text == " " and _is_joint(last, following):
            glyph = glyph._replace(text=_NON_JOINER)
        spaced.append(glyph)
    return spaced


def _is_joint(one: Glyph, other: Glyph) -> bool:
    return (
        other.left - one.right < _TOUCH * one.size
        and bool(_ARABIC_LETTER.match(one.text))
        and bool(_ARABIC_LETTER.match(other.text))
    )


def are_brackets_turned(texts: Iterable[str]) -> bool:
    """Say whether the brackets of right-to-left lines are named by their shape, so that “)” stands where one opens.

    Some programs write the letter that was typed, others the shape that was drawn, which is the mirrored one.
    """
    balance = 0
    for text in texts:
        if is_right_to_left(text):
            brackets = [character for character in text if character in _TURNED]
            balance += sum(_PAIRS.get(one) == other for one, other in pairwise(brackets))
            balance -= sum(_PAIRS.get(other) == one for one, other in pairwise(brackets))
    return balance < 0


def with_brackets_turned(text: str) -> str:
    """Exchange opening and closing brackets of a right-to-left line, but for those within a Latin word."""
    if not is_right_to_left(text):
        return text
    return _BRACKET.sub(lambda match: _TURNED[match.group()], text)


def _reversed_runs(glyphs: list[Glyph], against: str) -> list[Glyph]:
    """Reverse each run of glyphs that is read `against` the direction of the line.

    In a line to the left, numbers are runs too. Signs and spaces belong to a run if it goes on behind them.
    """
    kinds = [_kind(glyph.text[0]) for glyph in glyphs]
    ordered: list[Glyph] = []
    place = 0
    while place < len(glyphs):
        end = _end_of_run(glyphs, kinds, place, against)
        run = glyphs[place:end] if end > place else glyphs[place : place + 1]
        if against == _RIGHT and end > place:
            ordered.extend(_reversed_runs(run[::-1], _LEFT))
        else:
            ordered.extend(reversed(run))
        place += len(run)
    return ordered


def _end_of_run(glyphs: list[Glyph], kinds: list[str], start: int, against: str) -> int:
    """Return where the run from `start` ends, or `start` where none begins."""
    members = (_LEFT, _NUMBER) if against == _LEFT else (_RIGHT,)
    if kinds[start] not in members:
        return start
    end = start + 1
    while end < len(glyphs):
        following = end
        while following < len(glyphs) and kinds[following] == _NEUTRAL:
            following += 1
        if following == len(glyphs) or not _goes_on(glyphs[end:following], kinds, end, following, against):
            break
        end = following + 1
    return end


def _goes_on(between: list[Glyph], kinds: list[str], end: int, following: int, against: str) -> bool:
    if against == _RIGHT:
        return kinds[following] in (_RIGHT, _NUMBER) and (bool(between) or kinds[following] == _RIGHT)
    if kinds[following] not in (_LEFT, _NUMBER):
        return False
    both_numbers = kinds[following] == kinds[end - 1] == _NUMBER
    if not between:
        return True
    if both_numbers:
        return len(between) == 1 and between[0].text in _NUMBER_PARTS
    return True


def _with_marks(letters: list[Glyph], drawn: Sequence[Glyph]) -> Iterable[Glyph]:
    """Return letters in the order of reading, each with its marks behind it; `drawn` are all as they are drawn."""
    places = [place for place, glyph in enumerate(drawn) if _is_mark(glyph.text)]
    if not places or not letters or len(drawn) > _LONGEST_LINE:
        return [*letters, *(drawn[place] for place in places)]
    numbers = {id(letter): number for number, letter in enumerate(letters)}
    owned: dict[int, list[Glyph]] = {}
    for place in places:
        owner = _drawn_with(drawn, place)
        number = numbers.get(id(owner)) if owner else None
        if number is None:
            number = min(range(len(letters)), key=lambda number: _distance(drawn[place], letters[number]))
        owned.setdefault(number, []).append(drawn[place])
    ordered: list[Glyph] = []
    for number, letter in enumerate(letters):
        ordered.append(letter)
        ordered.extend(owned.get(number, ()))
    return ordered


def _drawn_with(drawn: Sequence[Glyph], place: int) -> Glyph | None:
    """Return the letter beside which a mark without width is drawn: behind it as one reads, whatever way that is."""
    mark = drawn[place]
    if mark.right - mark.left > _NO_WIDTH * mark.size:
        return None
    before = next((glyph for glyph in drawn[:place][::-1] if _is_letter(glyph)), None)
    after = next((glyph for glyph in drawn[place + 1 :] if _is_letter(glyph)), None)
    ordered = [before, after]
    if before and after and after.left > before.left:
        ordered.reverse()
    return next((glyph for glyph in ordered if glyph and _distance(mark, glyph) < _NEAR * mark.size), None)


def _distance(mark: Glyph, letter: Glyph) -> float:
    centre = (mark.left + mark.right) / 2
    return max(letter.left - centre, centre - letter.right, 0.0)


def _is_letter(glyph: Glyph) -> bool:
    return not glyph.text.isspace() and not _is_mark(glyph.text)


def _is_mark(text: str) -> bool:
    return bool(text) and all(unicodedata.category(character) == "Mn" for character in text)


def _kind(character: str) -> str:
    match unicodedata.bidirectional(character):
        case "R" | "AL":
            return _RIGHT
        case "L":
            return _LEFT
        case "EN" | "AN":
            return _NUMBER
        case _:
            return _NEUTRAL
