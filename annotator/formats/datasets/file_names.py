"""Names of files, made of titles, that every system and every server takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from annotator.formats.datasets.entries import Entry

_LONGEST = 80
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
_NO_WORD = re.compile(r"[^a-zA-Z0-9_-]+")


class FileNames:
    """Gives each document a name of its own for its files, from its title, in plain ASCII."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._used: dict[str, int] = dict.fromkeys(reserved, 0)

    def name(self, entry: Entry) -> str:
        """Return a name without ending that no other document has, whatever the case of its letters."""
        source = entry.get("source", {})
        plain = unicodedata.normalize("NFKD", source.get("title", "")).encode("ascii", "ignore").decode()
        stem = _NO_WORD.sub("-", plain).strip("-_")[:_LONGEST].rstrip("-_")
        if not stem or _RESERVED.fullmatch(stem):
            stem = f"document-{stem}".rstrip("-")
        name, number = stem, self._used.get(stem.lower(), 0)
        while name.lower() in self._used:
            number += 1
            name = f"{stem}-{number + 1}"
        self._used[stem.lower()] = number
        self._used.setdefault(name.lower(), 0)
        return name
