"""What an attribute of a span is where the span has no value of its own: the turn's speaker, else the document's value.

An attribute says by its `inherits` where it looks. Values are as a person reads them: entities by name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotator.core.attribute_values import check_value
from annotator.core.codebook import Codebook
from annotator.core.errors import UserError
from annotator.core.records import AttributeDefinition
from annotator.core.structure import FormatRange

Origin = Literal["turn", "document"]
Turn = tuple[int, int, str]
"""A stretch `[start, end)` of a transcript in code points, and the name of who speaks there."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """A value that a span has from elsewhere."""

    value: Any
    origin: Origin


def turns_of(ranges: Iterable[FormatRange]) -> list[Turn]:
    """Return the speakers' turns among the ranges of a structure."""
    return [(r.start, r.end, str(r.data["speaker"])) for r in ranges if r.kind == "speaker" and r.data.get("speaker")]


def folded_name(name: str) -> str:
    """Return a name so that those which differ in capitals and white space only are the same."""
    return " ".join(name.split()).casefold()


def effective(own: Mapping[str, Any], inherited: Mapping[str, Inherited]) -> dict[str, Any]:
    """Return a span's values by attribute key: its own, and what it inherits where it has none."""
    return {key: one.value for key, one in inherited.items()} | dict(own)


_NOTHING: Mapping[str, Inherited] = {}


class Inheritance:
    """What the spans of one document inherit; it is false where there is nothing to inherit.

    Args:
        codebook: the codebook in use.
        document_values: the document's own values by attribute key.
        turns: the turns of the document, which do not overlap.
        name_of: returns what the entity with a name is called, or the name itself where there is none.
    """

    def __init__(
        self,
        codebook: Codebook,
        document_values: Mapping[str, Any],
        turns: Sequence[Turn] = (),
        name_of: Callable[[str], str] = str,
    ) -> None:
        self._codebook = codebook
        self._document_values = document_values
        self._turns = sorted(turns) if _wants_turns(codebook) else []
        self._starts = [turn[0] for turn in self._turns]
        self._name_of = name_of
        self._found: dict[tuple[str, str | None], Mapping[str, Inherited]] = {}

    def __bool__(self) -> bool:
        return bool(self._turns or self._document_values)

    def speaker_at(self, position: int) -> str | None:
        """Return who speaks at a code point, or None between turns and outside of them."""
        place = bisect_right(self._starts, position) - 1
        return self._turns[place][2] if place >= 0 and position < self._turns[place][1] else None

    def of(self, label_key: str, start: int) -> Mapping[str, Inherited]:
        """Return what a span inherits by attribute key: `label_key` is its label's, `start` its first code point.

        The answer is shared between the spans of a label in a turn: do not change it.
        """
        if not self:
            return _NOTHING
        speaker = self.speaker_at(start)
        found = self._found.get((label_key, speaker))
        if found is None:
            found = self._found[label_key, speaker] = self._values(label_key, speaker)
        return found

    def _values(self, label_key: str, speaker: str | None) -> dict[str, Inherited]:
        values: dict[str, Inherited] = {}
        for attribute in self._codebook.attributes_for(label_key):
            spoken = self._spoken(attribute, speaker) if attribute.inherits == "turn" and speaker else None
            if spoken is not None:
                values[attribute.key] = Inherited(spoken, "turn")
            elif attribute.inherits and self._document_values.get(attribute.key) is not None:
                values[attribute.key] = Inherited(self._document_values[attribute.key], "document")
        return values

    def _spoken(self, attribute: AttributeDefinition, speaker: str) -> Any:
        """Return a speaker's name as a value of the attribute, or None where it does not fit."""
        name = self._name_of(speaker) if attribute.type == "entity" else speaker
        try:
            return check_value(attribute, name)
        except UserError:
            return None


def _wants_turns(codebook: Codebook) -> bool:
    return any(attribute.inherits == "turn" for attribute in codebook.attributes)
