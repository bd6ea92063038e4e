"""What stands before a list item or a footnote: bullets, numbers and letters."""

from __future__ import annotations

import re

SURE_BULLET = re.compile(r"[•●▪■◦○‣⁃∙➢✓❖◆►]")
BULLET = re.compile(r"([•●▪■◦○‣⁃∙➢✓❖◆►]\s*|[-–—*·]\s+)(?=[\w\"“„«‘(\[])")
NUMBER = re.compile(
    r"(\d{1,3}[.)]|\(\d{1,3}\)|\(?[ivx]{1,5}[.)]|\(?[a-zA-Zа-яіїєґ][.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+(?=\S)"
)
MARKER_ALONE = re.compile(
    r"[•●▪■◦○‣⁃∙➢✓❖◆►*·–—-]|\d{1,3}[.)]|\(\d{1,3}\)|\(?[ivx]{1,5}[.)]|\(?[a-zA-Zа-яіїєґ][.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?"
)
NOTE = re.compile(r"(\d{1,3}|[*†‡§¶]{1,3})\s?(?=\S)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def marker_of(text: str) -> str:
    """Return the bullet, number or letter that a line begins with, or an empty string."""
    match = BULLET.match(text) or NUMBER.match(text)
    return match.group(1).strip() if match else text if MARKER_ALONE.fullmatch(text) else ""


def follows(marker: str, former: str) -> bool:
    """Say whether a number or letter is the next one after another in the same dress."""
    core, before = marker.strip("(). "), former.strip("(). ")
    if marker.replace(core, "") != former.replace(before, "") or not core or not before:
        return False
    if core.isdecimal() and before.isdecimal():
        return int(core) == int(before) + 1
    if core.lower() in _ROMAN and before.lower() in _ROMAN:
        places = _ROMAN.index(core.lower()), _ROMAN.index(before.lower())
        if places[0] == places[1] + 1:
            return True
    return len(core) == len(before) == 1 and ord(core) == ord(before) + 1


def is_first(marker: str) -> bool:
    """Say whether a marker can begin a list."""
    return marker.strip("(). ").lower() in ("1", "a", "i", "а")


def is_letter(marker: str) -> bool:
    """Say whether a marker is a letter with a full stop, as an initial is too."""
    return len(marker) == 2 and marker[0].isalpha() and marker[1] == "."
