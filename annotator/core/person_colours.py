"""The colours of people: one that a lead chose, or one that follows from the id."""

from __future__ import annotations

from hashlib import sha256
from string import hexdigits

from annotator.core.palette import readable
from annotator.core.records import Annotator

PERSON_COLOURS: tuple[tuple[str, str], ...] = (
    ("#2f5fb3", "#7fb0ff"),
    ("#a8460f", "#ffa06b"),
    ("#0a7664", "#45cdb4"),
    ("#8c2f86", "#e58fdc"),
    ("#6b6a00", "#cfc94a"),
    ("#a52a4a", "#ff8fa8"),
    ("#3f6b1f", "#96cf6d"),
    ("#5a49b8", "#ab9dff"),
    ("#7d5513", "#e0b266"),
    ("#146c86", "#62c6e2"),
)
"""Pairs of a colour for light and one for dark ground; each can be read as text."""


def is_colour(text: str) -> bool:
    """Say whether the text is #rrggbb."""
    return len(text) == 7 and text[0] == "#" and all(sign in hexdigits for sign in text[1:])


def person_colours(annotator: Annotator) -> tuple[str, str]:
    """Return the colours of a person for light and for dark ground; a chosen one is made readable on each."""
    if annotator.color and is_colour(annotator.color):
        return readable(annotator.color, dark=False), readable(annotator.color, dark=True)
    return PERSON_COLOURS[sha256(annotator.id.encode()).digest()[0] % len(PERSON_COLOURS)]
