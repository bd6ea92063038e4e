"""How the program that wrote a project counts positions, told by its own quotations.

The standard counts Unicode code points from 0 to the first and the last character (REFI-QDA 1.5, section 10.2). Real
exporters agree on the code points only: most give the place after the last character, some the last one; where a text
file has CRLF, ATLAS.ti counts one character and NVivo and MAXQDA count two; a byte order mark may count, and programs
on Windows may count UTF-16 units. A selection's name mostly is its text or the beginning of it. Where names say
nothing, the way of counting whose selections begin and end between words is taken if it is clearly better.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

from annotator.core.text import normalise_newlines

Place = tuple[int, int]

_WHITE = re.compile(r"\s")


class Quoted(NamedTuple):
    """A selection as the file gives it: two positions and a name."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether CRLF counts as two, the byte order mark counts, UTF-16 units count, and the end is the last character."""

    crlf: bool = False
    mark: bool = False
    units: bool = False
    inclusive: bool = False


class SourceText:
    """The text of a source: `text` as it is kept, `raw` as the file has it, without its byte order mark."""

    def __init__(self, raw: str, *, to_the_letter: bool = False) -> None:
        self.has_mark = raw.startswith("\ufeff") and not to_the_letter
        self.raw = raw[1:] if self.has_mark else raw
        self.text = raw if to_the_letter else normalise_newlines(self.raw)

    def place(self, start: int, end: int, counting: Counting) -> Place:
        """Return where a selection lies in `text`, in code points, half-open."""
        return self._point(start, counting), self._point(end + counting.inclusive, counting)

    def _point(self, position: int, counting: Counting) -> int:
        if counting.mark and self.has_mark:
            position -= 1
        if counting.units:
            astral = self._astral[counting.crlf]
            position -= bisect_left(astral, position)
        return position - bisect_left(self._line_feeds, position) if counting.crlf else position

    @cached_property
    def _line_feeds(self) -> list[int]:
        """Where the LF of each CRLF stands in `raw`."""
        found, place = [], self.raw.find("\r\n")
        while place >= 0:
            found.append(place + 1)
            place = self.raw.find("\r\n", place + 2)
        return found

    @cached_property
    def _astral(self) -> tuple[list[int], list[int]]:
        """Where the second unit of each character of two UTF-16 units stands, in units: in `text`, and in `raw`."""
        return _second_units(self.text), _second_units(self.raw)

    def ways(self) -> tuple[bool, bool, bool]:
        """Say whether CRLF, byte order mark and UTF-16 units make a difference here."""
        return bool(self._line_feeds), self.has_mark, bool(self._astral[0])


def _second_units(text: str) -> list[int]:
    if text.isascii() or max(text, default="") <= "\uffff":
        return []
    found = []
    for place, character in enumerate(text):
        if character > "\uffff":
            found.append(place + len(found) + 1)
    return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """The way of counting, and whether the names of selections are what these cover."""

    counting: Counting
    names_are_quotes: bool


def judged(evidence: Sequence[tuple[SourceText, Sequence[Quoted]]], usual: Counting) -> Verdict:
    """Return how the positions of a project are counted; `usual` where nothing speaks against it."""
    best, best_score, best_named = usual, *_score(evidence, usual)
    margin = 2 + sum(len(quoted) for _, quoted in evidence) // 20
    for other in _others(evidence, usual):
        score, named = _score(evidence, other)
        if named > best_named or (named == best_named and score > best_score + margin):
            best, best_score, best_named = other, score, named
    names = sum(bool(one.name.strip()) for _, quoted in evidence for one in quoted)
    return Verdict(best, best_named > 0 and best_named >= names)


def _others(evidence: Iterable[tuple[SourceText, object]], usual: Counting) -> Iterable[Counting]:
    ways = [text.ways() for text, _ in evidence]
    crlf, mark, units = (any(column) for column in zip(*ways, strict=True)) if ways else (False, False, False)
    choices = [(usual.crlf, not usual.crlf) if crlf else (usual.crlf,)]
    choices += [(False, True) if varies else (False,) for varies in (mark, units)]
    for inclusive in (False, True):
        for found in product(*choices):
            counting = Counting(found[0], found[1], found[2], inclusive)
            if counting != usual:
                yield counting


def _score(evidence: Iterable[tuple[SourceText, Sequence[Quoted]]], counting: Counting) -> tuple[int, int]:
    """Return how many edges lie between words, and how well names fit; what lies outside of the text counts against."""
    edges = named = 0
    for source, quoted in evidence:
        for one in quoted:
            start, end = source.place(one.start, one.end, counting)
            if not 0 <= start < end <= len(source.text):
                edges -= 5
                continue
            edges += is_between_words(source.text, start) + is_between_words(source.text, end)
            named += fits(one.name, source.text[start:end])
    return edges, named


def is_between_words(text: str, place: int) -> bool:
    """Say whether a place in a text is not within a word."""
    return place in (0, len(text)) or not (text[place - 1].isalnum() and text[place].isalnum())


def fits(name: str, covered: str) -> int:
    """Return 2 where a selection's name is what it covers, 1 where it nearly is or is the beginning of it, else 0."""
    if not name.strip():
        return 0
    if _WHITE.sub(" ", name) == _WHITE.sub(" ", covered):
        return 2
    if name[:1].isspace() is not covered[:1].isspace():
        return 0
    wanted, found = " ".join(name.split()), " ".join(covered.split())
    beginning = cut_name(wanted)
    is_cut = len(beginning) >= 5 and (beginning != wanted or len(wanted) >= 20)
    return int(wanted == found or (is_cut and found.startswith(beginning)))


def cut_name(name: str) -> str:
    """Return a name without the dots that say that it was cut."""
    return name.removesuffix("…").removesuffix("...").rstrip()
