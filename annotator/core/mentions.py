"""Annotators named in a text with @, such as “@Analyst A”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from annotator.core.records import Annotator

_NO_NAME = "(?!)"


@dataclass(frozen=True, slots=True)
class Mention:
    """`[start, end)` in code points of the text, the @ included; `annotators` are the ids of those of that name."""

    start: int
    end: int
    annotators: tuple[str, ...]


def mentions(body: str, annotators: Iterable[Annotator]) -> list[Mention]:
    """Return where annotators are named, in order: the longest name that fits, case and kinds of spaces aside."""
    if "@" not in body:
        return []
    by_name = _ids_by_name(annotators)
    pattern = re.compile(mention_pattern(tuple(by_name)), re.IGNORECASE)
    found = ((match.span(), by_name.get(_folded(match[0][1:]))) for match in pattern.finditer(body))
    return [Mention(*place, annotators) for place, annotators in found if annotators is not None]


@lru_cache(maxsize=16)
def mention_pattern(names: tuple[str, ...]) -> str:
    """Return the regular expression, for use without regard to case, of an @ with one of the names.

    It holds no groups. An @ inside a word, as in an address of mail, names nobody.
    """
    longest_first = sorted((name.split() for name in names if name.strip()), key=lambda words: -sum(map(len, words)))
    if not longest_first:
        return _NO_NAME
    alternatives = "|".join(r"[^\S\n]+".join(map(re.escape, words)) for words in longest_first)
    return rf"(?<![\w@])@(?:{alternatives})(?!\w)"


def _ids_by_name(annotators: Iterable[Annotator]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for annotator in annotators:
        name = _folded(annotator.name)
        found[name] = (*found.get(name, ()), annotator.id)
    return found


def _folded(name: str) -> str:
    return " ".join(name.lower().split())
