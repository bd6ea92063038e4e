"""Text made alike for searching, with the way back: a place in the folded text is a place in the text, in code points.

Case is folded in every script, and where it is wanted diacritics too: “ё” is “е”, “й” is “и”, “é” is “e”. Signs that
change the letter itself stay, such as the vowels of Hindi or the two dots of a Japanese “が”. What cannot be seen (soft
hyphens, joiners, directions) does not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

Range = tuple[int, int]

_GONE = "\ufdd0"
"""Stands for what does not count; no text means anything by this code point."""

_APOSTROPHES = frozenset("'\u2018\u2019\u02bc\u02bb\u2032\uff07")
_INVISIBLE = frozenset(map(chr, (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))))
_INVISIBLE |= {"\ufeff"}

_BARRED = dict(zip("łøđħıŧƀɨ", "lodhitbi", strict=True))
"""Letters with a stroke, and the letter below it; Unicode does not take them apart."""

_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0x2FFF),
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
UNSPACED_CLASS = "".join(f"{chr(low)}-{chr(high)}" for low, high in _UNSPACED)
"""The scripts without spaces between words, as the inside of a character class."""


def is_unspaced(character: str) -> bool:
    """Say whether a character belongs to a script that is written without spaces between words."""
    return any(low <= ord(character) <= high for low, high in _UNSPACED)


def _is_accent(character: str) -> bool:
    """Say whether it is a mark that leaves the letter below it the same letter."""
    place = unicodedata.combining(character)
    return 10 <= place <= 36 or place >= 200


def _cased(character: str) -> str:
    small = character.lower()
    small = small if len(small) == 1 else character
    folded = small.casefold()
    return folded if len(folded) == 1 else small


def _bare(character: str) -> str:
    base, *marks = unicodedata.normalize("NFD", character)
    letter = _cased(base if all(map(_is_accent, marks)) else character)
    return _BARRED.get(letter, letter)


class _Table(dict[int, str]):
    """What each code point becomes, worked out once: one character, whose case and, if wanted, diacritics are gone.

    Without `signs`, whatever is no part of a word is a space.
    """

    def __init__(self, *, diacritics: bool, signs: bool) -> None:
        super().__init__()
        self._diacritics = diacritics
        self._signs = signs

    def __missing__(self, code: int) -> str:
        self[code] = self._folded(chr(code))
        return self[code]

    def _folded(self, character: str) -> str:
        if character in _INVISIBLE or (self._diacritics and _is_accent(character)):
            return _GONE
        if character.isspace():
            return " "
        category = unicodedata.category(character)
        if (category[0] in "LMN" or category == "Co") and character not in _APOSTROPHES:
            return _bare(character) if self._diacritics else _cased(character)
        if not self._signs:
            return " "
        return "'" if character in _APOSTROPHES else character


_BOTH = (False, True)
_TABLES = {(diacritics, signs): _Table(diacritics=diacritics, signs=signs) for diacritics in _BOTH for signs in _BOTH}


_PORTION = 100_000
"""Characters that are folded at a time: other threads come in between."""

_FEW = 40
_SAMPLE = 1_000
_UNUSUAL = re.compile("[^a-z0-9 а-ик-я]")
"""What may become another character when its case is folded already."""


def _translated(text: str, table: dict[int, str]) -> str:
    """Return `text.translate(table)`; where few characters change besides their case, faster."""
    if len(text) <= _PORTION:
        return _portion_translated(text, table)
    starts = range(0, len(text), _PORTION)
    return "".join(_portion_translated(text[start : start + _PORTION], table) for start in starts)


def _portion_translated(text: str, table: dict[int, str]) -> str:
    small = text.lower()
    is_unusual = len(_UNUSUAL.findall(small, 0, _SAMPLE)) > _SAMPLE // 4
    if is_unusual or len(small) != len(text) or _GONE in text:
        return text.translate(table)
    changes = [(c, table[ord(c)]) for c in set(_UNUSUAL.findall(small)) if table[ord(c)] != c]
    if len(changes) > _FEW:
        return text.translate(table)
    for character, other in changes:
        small = small.replace(character, other)
    return small


class _Tokens(dict[int, str]):
    """As the table of words, and a character of a script without spaces as a word of its own."""

    def __missing__(self, code: int) -> str:
        letter = _TABLES[True, False][code].replace(_GONE, "")
        self[code] = f" {letter} " if is_unspaced(chr(code)) else letter
        return self[code]


_TOKENS = _Tokens()


def as_tokens(text: str) -> str:
    """Return the words of a text as an index takes them: folded, diacritics gone, spaces between; no places hold."""
    return _translated(text, _TOKENS)


def as_signs(text: str) -> str:
    """Return a text as an index of parts of words takes it: folded, white space single, signs kept; no places hold."""
    return " ".join(_translated(text, _TABLES[True, True]).replace(_GONE, "").split())


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text. `places` holds, for each of its characters and for its end, where it stands in the text.

    Without `places` the two are equally long, character for character.
    """

    text: str
    places: Sequence[int] | None = None

    def range_in_text(self, start: int, end: int) -> Range:
        """Return where a range of the folded text stands in the text, with the marks that belong to its end."""
        return (start, end) if self.places is None else (self.places[start], self.places[end])


def fold(text: str, *, diacritics: bool = True, signs: bool = False) -> FoldedText:
    """Fold a text.

    Args:
        text: the text.
        diacritics: whether letters lose their diacritics; else a letter with a mark of its own is one letter.
        signs: whether what is no part of a word is kept; else it becomes spaces.
    """
    folded = _translated(text, _TABLES[diacritics, signs])
    if folded.isascii():
        return FoldedText(folded)
    is_plain = _GONE not in folded and (diacritics or _marks().search(folded) is None)
    return FoldedText(folded) if is_plain else _squeezed(folded, _CLUSTERS if diacritics else _clusters_with_marks())


_CLUSTERS = re.compile(f"[^{_GONE}]?{_GONE}+", re.DOTALL)
"""A character with what follows it and does not count."""


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    return re.compile(f"[{_GONE}{''.join(c for c in map(chr, range(0x300, 0x1E950)) if _is_accent(c))}]")


@lru_cache(maxsize=1)
def _clusters_with_marks() -> re.Pattern[str]:
    """Return what finds a character with its marks and with what does not count."""
    marks = _marks().pattern
    return re.compile(f"[^{marks[1:-1]}]?{marks}+", re.DOTALL)


def _squeezed(folded: str, clusters: re.Pattern[str]) -> FoldedText:
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for match in clusters.finditer(folded):
        parts.append(folded[done : match.start()])
        places += range(done, match.start())
        letters = unicodedata.normalize("NFC", match.group().replace(_GONE, ""))
        parts.append(letters)
        places += [match.start()] * len(letters)
        done = match.end()
    parts.append(folded[done:])
    places += range(done, len(folded) + 1)
    return FoldedText("".join(parts), places)
