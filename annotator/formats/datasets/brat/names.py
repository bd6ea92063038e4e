"""Names of types that brat takes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NO_WORD = re.compile(r"[^a-zA-Z0-9_-]+")


@lru_cache(maxsize=4096)
def word(name: str) -> str:
    """Return a name as brat stores types: Latin letters without accents, figures, “_” and “-”."""
    if not _NO_WORD.search(name):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = _NO_WORD.sub("_", plain).strip("_")
    return found or "type_" + "_".join(f"{ord(character):x}" for character in name[:8])
