"""A CAS as both of its files have it: texts, and feature structures with the views that they are indexed in.

Positions are UTF-16 units of the text, half-open. Types go by their full names; references are ids, as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

INITIAL_VIEW = "_InitialView"

_NUMBER = re.compile(r"-?[0-9]{1,15}")


@dataclass(slots=True)
class Structure:
    """A feature structure. `features` are texts, numbers, truth values, or lists of these; reading makes no types."""

    id: str
    type: str
    features: dict[str, Any]

    @property
    def short_type(self) -> str:
        """The name of the type without its package."""
        return self.type.rpartition(".")[2]

    @property
    def edges(self) -> tuple[int, int] | None:
        """Where an annotation begins and ends in UTF-16 units; None for a structure that has no place."""
        begin, end = _whole(self.features.get("begin", 0)), _whole(self.features.get("end"))
        return None if begin is None or end is None else (begin, end)


@dataclass(slots=True)
class Sofa:
    """A text that a CAS is about. `text` is None where it stands elsewhere, or is no text."""

    id: str
    name: str
    text: str | None


@dataclass(slots=True)
class Cas:
    """What one file holds. `members` has the ids that a view has indexed, by the sofa's id, where there is a view."""

    sofas: dict[str, Sofa] = field(default_factory=dict)
    structures: dict[str, Structure] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)

    def of_sofa(self, sofa: Sofa) -> list[Structure]:
        """Return the structures that are indexed for a text: one that is in no view was deleted."""
        members = self.members.get(sofa.id)
        return [
            one
            for one in self.structures.values()
            if one.features.get("sofa", sofa.id) == sofa.id and (members is None or one.id in members)
        ]


def _whole(value: Any) -> int | None:
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None
