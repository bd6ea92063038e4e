"""Words and signs of a text with their places, and spans as one tag a word: what formats for sequence labelling need.

Words are those of `core.boundaries`, for any script: letters, digits and marks, with the signs inside them (can't, U.S,
1,5). In scripts without spaces that it knows each character is one. What is neither a word nor white space is a sign:
one symbol with its marks, or a run of the same one. Control and format characters outside of words are in no token.
Positions are code points, half-open; `first` and `last` are indexes of tokens, both included.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from annotator.formats.datasets.entries import SpanEntry, hull

Token = tuple[int, int]

OUTSIDE = "O"

_ALONE = "\u3040-\u309f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_INVISIBLE = "\u200c\u200d\u00ad"
_PATTERN = rf"""
    [{_ALONE}]\p{{M}}*
  | (?:
      [[\p{{L}}\p{{N}}\p{{M}}_\u200c\u200d\u00ad]--[{_ALONE}]]++
    | (?<=\p{{L}}\p{{M}}*)['’ʼ.·‧](?=\p{{L}})
    | (?<=\p{{N}})[.,](?=\p{{N}})
    )+
  | (?:\p{{RI}}\p{{RI}}|(?P<sign>[^\s\p{{C}}]))[\p{{M}}\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*
    (?:(?<=\u200d)[^\s\p{{C}}\p{{L}}\p{{N}}][\p{{M}}\u200d\U0001f3fb-\U0001f3ff]*)*
    (?P=sign)*+
"""


@lru_cache(maxsize=1)
def _pattern() -> Any:
    import regex

    return regex.compile(_PATTERN, regex.VERBOSE | regex.V1)


def tokens_of(text: str) -> list[Token]:
    """Return the words and signs of a text in order."""
    return [
        match.span()
        for match in _pattern().finditer(text)
        if text[match.start()] not in _INVISIBLE or match[0].strip(_INVISIBLE)
    ]


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens that carry a label, from `first` to `last`, both included."""

    first: int
    last: int
    label: str


class Tokens:
    """The tokens of one text, and which of them a stretch of it touches."""

    def __init__(self, places: Sequence[Token]) -> None:
        self.places = places
        self._starts = [start for start, _ in places]
        self._ends = [end for _, end in places]

    def touched(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the first and the last token that a stretch shares a character with, or None."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end) - 1
        return (first, last) if first <= last else None

    def stretch(self, run: Run) -> list[int]:
        """Return where a run begins and ends in the text."""
        return [self._starts[run.first], self._ends[run.last]]

    def run(self, span: SpanEntry) -> Run | None:
        """Return the tokens that a span touches, gaps included; None where it covers no word and no sign."""
        touched = self.touched(*hull(span))
        return Run(*touched, span["label"]) if touched else None


def apart(runs: Iterable[Run]) -> list[tuple[int, Run]]:
    """Return (place in what was given, run) of runs that share no token, in order: of several the longest stays.

    Of runs of the same length the one that begins first stays, then the one that came first.
    """
    taken: list[tuple[int, Run]] = []
    ends: list[int] = []
    starts: list[int] = []
    for number, run in sorted(enumerate(runs), key=lambda one: (one[1].first - one[1].last, one[1].first, one[0])):
        place = bisect_left(ends, run.first)
        if place == len(ends) or starts[place] > run.last:
            taken.insert(place, (number, run))
            starts.insert(place, run.first)
            ends.insert(place, run.last)
    return taken


def iob2(count: int, runs: Iterable[Run]) -> list[str]:
    """Return a tag for each of `count` tokens, B-label at the beginning of a run, I-label in it, O outside."""
    tags = [OUTSIDE] * count
    for run in runs:
        tags[run.first : run.last + 1] = [f"I-{run.label}"] * (run.last + 1 - run.first)
        tags[run.first] = f"B-{run.label}"
    return tags


_PREFIXED = re.compile(r"([BILUESMW])[-_](.+)", re.DOTALL)
_SAYS_NOTHING = frozenset((OUTSIDE, "o", "", "_", "-", "0", "OUT", "none", "None"))


def is_prefixed(tags: Iterable[str]) -> bool:
    """Say whether tags have the letters of IOB, BILOU or BIOES before their labels, and not labels alone."""
    labelled = [tag for tag in tags if tag not in _SAYS_NOTHING]
    return bool(labelled) and all(_PREFIXED.fullmatch(tag) for tag in labelled)


def runs_of(tags: Sequence[str], *, prefixed: bool) -> list[Run]:
    """Return what a sequence of tags labels, in IOB1, IOB2, BILOU or BIOES, or with labels alone.

    An inside that follows nothing of its label begins a run, as in IOB1 and as evaluation scripts take it.
    """
    found: list[Run] = []
    is_open = False
    for place, tag in enumerate(tags):
        if tag in _SAYS_NOTHING:
            is_open = False
            continue
        match = _PREFIXED.fullmatch(tag) if prefixed else None
        letter, label = match.groups() if match else ("I", tag)
        if is_open and letter in "ILEM" and found[-1].label == label:
            found[-1] = Run(found[-1].first, place, label)
        else:
            found.append(Run(place, place, label))
        is_open = letter not in "LEUSW"
    return found
