"""Text whose letters the file names wrongly, as some programs do that write a PDF anew: it reads as nonsense."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]{3,}")
_FEWEST_WORDS = 20
_MOST_MIXED = 0.05
_LONGEST_SAMPLE = 50_000
_SCRIPTS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "ARMENIAN", "GEORGIAN", "DEVANAGARI"))
_WARNING = (
    "Many words mix letters of different scripts: the file names its letters wrongly. "
    "Compare the text with the pages, or import another copy of the document."
)


def doubts(text: str) -> tuple[str, ...]:
    """Return a warning where many words are made of letters of several scripts."""
    words = _WORD.findall(text[:_LONGEST_SAMPLE])
    mixed = sum(len({script for letter in word if (script := _script(letter))}) > 1 for word in words)
    return (_WARNING,) if len(words) >= _FEWEST_WORDS and mixed > _MOST_MIXED * len(words) else ()


@lru_cache(4096)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ", 1)[0]
    return name if name in _SCRIPTS else ""
