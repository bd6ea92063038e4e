"""What a hand-off package may hold: which rows are for its reader's eyes, and how the reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.core.ids import is_id
from annotator.core.journal import JournalStep
from annotator.core.records import Annotator, Layer
from annotator.core.same_people import ids_of

Data = Mapping[str, Any]

SHARED = frozenset(
    ("project", "round", "codebook", "label", "attribute_definition", "relation_type", "entity", "alias")
)
"""Tables that every package holds whole."""

NEUTRAL_TITLE = "Change the project"
"""The title of a step that did something besides what the package shows of it."""

_OWN = frozenset(("annotation", "relation", "note", "status", "read_range", "unplaced"))
_GOLD = frozenset(("annotation", "relation", "note", "decision"))


@dataclass(frozen=True)
class PackageScope:
    """What the reader of a package may see.

    `people` are the reader and who was joined to the reader, `leads` the leads, all by id. `layers` are the reader's
    own, `gold` the gold layers, `documents` those that go along and `reviewed` pairs of one of these and a gold layer
    that goes along for it. `names` are those of everybody else. `stand_in` signs what somebody else did to shared rows.

    A value belongs to an annotation, and a decision names some: so own annotations are shown to `seen` first, then
    those of gold, then every other row. Texts of leads (purpose, notes on labels) go out as they are.
    """

    people: frozenset[str]
    leads: frozenset[str]
    layers: frozenset[str]
    gold: frozenset[str]
    documents: frozenset[str]
    reviewed: frozenset[tuple[str, str]]
    names: frozenset[str]
    stand_in: str
    _spans: dict[str, str] = field(default_factory=dict)
    """The layer of each annotation and relation that goes along, by id."""

    def seen(self, table: str, data: Data) -> Data | None:
        """Return a row's data as the reader may see it, or None where the reader may not."""
        if table in SHARED:
            return data
        if table == "attribute_value":
            return data if data["layer"] == self._spans.get(data["annotation"]) else None
        if table == "layer":
            is_gold = any(layer == data["id"] for _, layer in self.reviewed)
            return data if data["id"] in self.layers or is_gold else None
        if table == "annotator":
            return data if data["id"] in self.people | self.leads else None
        if table == "note" and data["kind"] == "label":
            return data if data["annotator"] in self.people | self.leads else None
        if table == "saved_search":
            return data if data["annotator"] in self.people else None
        if table == "document":
            return data if data["id"] in self.documents else None
        return self._seen_in_document(table, data)

    def _seen_in_document(self, table: str, data: Data) -> Data | None:
        if data.get("document") not in self.documents:
            return None
        if table == "document_value":
            return data
        if table == "assignment":
            return data if data["annotator"] in self.people else None
        if table in _OWN and data["layer"] in self.layers:
            return self._own(table, data)
        if table in _GOLD and (data["document"], data["layer"]) in self.reviewed:
            return self._of_gold(table, data)
        return None

    def _own(self, table: str, data: Data) -> Data | None:
        """Return a row of an own layer; what a stranger tagged in it counts as the reader's."""
        is_known = data.get("annotator") in {None, *self.people, *self.leads}
        if table == "note" and not is_known:
            return None
        if table in ("annotation", "relation"):
            self._spans[data["id"]] = data["layer"]
        if not is_known:
            data = {**data, "annotator": min(self.people)}
        return self._without_strange_origins(data)

    def _of_gold(self, table: str, data: Data) -> Data | None:
        if data["annotator"] not in self.leads | self.people:
            return None
        if table in ("annotation", "relation"):
            self._spans[data["id"]] = data["layer"]
        if table == "decision":
            return {**data, "basis": self._without_strangers(data["basis"])}
        return self._without_strange_origins(data)

    def _without_strange_origins(self, data: Data) -> Data:
        origins = data.get("decided_from")
        if not origins:
            return data
        return {**data, "decided_from": [origin for origin in origins if self._spans.get(origin) in self.layers]}

    def _without_strangers(self, value: Any) -> Any:
        """Return what a decision was made on without what others tagged: rows of their layers, and their ids."""
        if isinstance(value, Mapping):
            if value.get("layer") in self.layers | self.gold:
                return value
            entries = {key: self._without_strangers(entry) for key, entry in value.items() if not self._is_strange(key)}
            return {key: entry for key, entry in entries.items() if not self._is_of_strangers(entry)}
        if isinstance(value, list | tuple):
            kept = [self._without_strangers(item) for item in value if not self._is_strange(item)]
            return [item for item in kept if not self._is_of_strangers(item)]
        return value

    def _is_strange(self, value: Any) -> bool:
        if not isinstance(value, str) or not is_id(value):
            return False
        return value not in self._spans and value not in self.layers | self.gold | self.people | self.leads

    def _is_of_strangers(self, value: Any) -> bool:
        return isinstance(value, Mapping) and "layer" in value and value["layer"] not in self.layers | self.gold

    def step(self, step: JournalStep, *, whole: bool) -> JournalStep:
        """Return a step as the reader may see it; `whole` says that the package holds all of its changes.

        Otherwise its title may quote what others tagged, and undo would take back a part of it only.
        """
        is_known = step.annotator in self.people | self.leads
        title = step.title if whole and is_known and not self._names_others(step.title) else NEUTRAL_TITLE
        return replace(
            step,
            title=title,
            annotator=step.annotator if is_known else self.stand_in,
            undoable=step.undoable and whole,
        )

    def _names_others(self, title: str) -> bool:
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", title) for name in self.names)


def scope_for(
    annotator: str,
    annotators: Iterable[Annotator],
    layers: Iterable[Layer],
    *,
    documents: Iterable[str],
    reviewed: Iterable[tuple[str, str]],
    stand_in: str,
) -> PackageScope:
    """Return what an annotator's package may hold; the other arguments are as in PackageScope."""
    known, every = list(annotators), list(layers)
    people = ids_of(known, annotator)
    leads = {identity for one in known if one.role == "lead" for identity in ids_of(known, one.id)}
    shown = people | leads
    return PackageScope(
        people,
        frozenset(leads - people),
        frozenset(layer.id for layer in every if layer.annotator in people),
        frozenset(layer.id for layer in every if layer.kind == "gold"),
        frozenset(documents),
        frozenset(reviewed),
        frozenset(one.name for one in known if one.id not in shown)
        - frozenset(one.name for one in known if one.id in shown),
        stand_in,
    )
