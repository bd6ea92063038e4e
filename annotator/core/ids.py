"""Ids: UUID text, made once and never reused, or derived where two replicas must arrive at the same one."""

import re
import uuid
from functools import lru_cache

_CANONICAL = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id() -> str:
    """Return a fresh random UUID as text."""
    return str(uuid.uuid4())


def derived_id(parent: str, *names: str) -> str:
    """Return the id that every replica gives to the child of `parent` named by `names`.

    It serves rows of which there can be one only, such as an annotation's value of one attribute: two replicas
    that set it change the same row, and a merge sees it. UUID version 5 of RFC 9562.
    """
    return str(uuid.uuid5(uuid.UUID(parent), "\x1f".join(names)))


@lru_cache(maxsize=1 << 16)
def is_id(text: str) -> bool:
    """Say whether the text is a UUID in its canonical form."""
    return _CANONICAL.fullmatch(text) is not None
