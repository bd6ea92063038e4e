"""Names that every system takes for files, and brat for types."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from annotator.formats.datasets.entries import Entry

_LONGEST = 80
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
_NO_WORD = re.compile(r"[^a-zA-Z0-9_-]+")


@lru_cache(maxsize=4096)
def word(name: str) -> str:
    """Return a name as brat stores types: Latin letters without accents, figures, “_” and “-”."""
    if not _NO_WORD.search(name):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = _NO_WORD.sub("_", plain).strip("_")
    return found or "type_" + "_".join(f"{ord(character):x}" for character in name[:8])


class FileNames:
    """Gives each document a name of its own for its files, from its title: brat's servers want plain ASCII."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

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
