"""Conflicts as a person reads them: what the row is about, and in what its sides differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotator.core.basis import hull_of
from annotator.core.errors import UserError
from annotator.core.records import (
    Annotation,
    Annotator,
    AttributeDefinition,
    Decision,
    Document,
    Entity,
    Label,
    Layer,
    Record,
)
from annotator.core.rowdata import to_data
from annotator.session.annotations import shortened
from annotator.session.conflicts import Conflict, Side
from annotator.storage.repository import Repository

if TYPE_CHECKING:
    from annotator.session.session import Session

QUOTE, TITLE = 160, 70
"""Code points of a quote that are shown on a side, and above."""

_NEVER_SHOWN = frozenset(("id", "created", "decided_from"))
_ONLY_IF_ALONE = frozenset(("codebook", "annotator", "basis", "kind"))


@dataclass(frozen=True, slots=True)
class ConflictSide:
    """One state: `values` are (field, value) of what differs; none of them and `deleted` where the row is gone."""

    revision: str
    author: str
    time: str
    deleted: bool
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict. `about` names the row in a few words, `title` its document; the first side is the one in force.

    `waits` says that the row is hidden until what it belongs to is brought back. `start` is a code point or 0.
    """

    row: str
    table: str
    about: str
    document: str | None
    title: str
    start: int
    waits: bool
    sides: tuple[ConflictSide, ...]


def conflict_rows(session: Session) -> list[ConflictRow]:
    """Return the conflicts of a project, by document."""
    repository = session.reading
    with repository.moment():
        conflicts = session.merging.conflicts()
        return [_Conflicts(repository).row(conflict) for conflict in conflicts]


class _Conflicts:
    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._rows = repository.rows

    def row(self, conflict: Conflict) -> ConflictRow:
        records = [side.record for side in conflict.sides if side.record is not None]
        names = _differing([to_data(record) for record in records])
        document = None if conflict.document is None else self._rows.get(Document, conflict.document)
        shown = records[0] if records else None
        return ConflictRow(
            conflict.row,
            conflict.table,
            "" if shown is None else self._about(shown),
            conflict.document,
            "" if document is None else document.title,
            self._start_of(shown),
            conflict.waits_for is not None,
            tuple(self._side(side, names) for side in conflict.sides),
        )

    def _start_of(self, record: Record | None) -> int:
        if isinstance(record, Decision):
            return hull_of(record.basis)[0]
        span = self._span_of(record)
        return 0 if span is None else span.start

    def _span_of(self, record: Record | None) -> Annotation | None:
        if isinstance(record, Annotation):
            return record
        owner = getattr(record, "annotation", None) or getattr(record, "target", None)
        return None if owner is None else self._rows.get(Annotation, owner)

    def _side(self, side: Side, names: list[str]) -> ConflictSide:
        author = self._person(side.annotator)
        record = side.record
        values = () if record is None else tuple((name, self._value(record, name)) for name in names)
        return ConflictSide(side.revision, author, side.time, record is None, values)

    def _about(self, record: Record) -> str:
        if isinstance(record, Decision):
            return self._quoted(record.document, [hull_of(record.basis)], TITLE)
        span = self._span_of(record)
        if span is not None:
            return self._quote(span, TITLE)
        for name in ("title", "name", "body", "reason"):
            text = getattr(record, name, "")
            if text:
                return shortened(text, TITLE)
        return ""

    def _quote(self, span: Annotation, length: int = QUOTE) -> str:
        return self._quoted(span.document, span.fragments, length)

    def _quoted(self, owner: str, fragments: Sequence[tuple[int, int]], length: int) -> str:
        document = self._rows.get(Document, owner)
        if document is None:
            return ""
        try:
            text = self._repository.blobs.text(document.text)
        except UserError:
            return ""
        return f"“{shortened(' … '.join(text[start:end] for start, end in fragments), length)}”"

    def _person(self, identity: str) -> str:
        found = self._rows.get(Annotator, identity)
        return found.name if found is not None else ""

    def _value(self, record: Record, name: str) -> str:
        value = getattr(record, name)
        if isinstance(record, Annotation) and name == "fragments":
            return self._quote(record)
        if isinstance(record, Decision) and name in ("choice", "result"):
            return self._decided(record) if name == "choice" else self._gold(record)
        if name in ("label", "precedent", "parent"):
            return self._name_of(Label, value)
        if name in ("annotator", "same_as"):
            return self._person(value or "")
        if name == "entity":
            return self._name_of(Entity, value)
        attribute = self._rows.get(AttributeDefinition, getattr(record, "attribute", ""))
        if name == "value" and attribute is not None and attribute.type == "entity":
            return self._name_of(Entity, value)
        return _plain(value)

    def _decided(self, decision: Decision) -> str:
        """Return whose version was taken, by name, or else the choice as it is stored."""
        layers = (self._rows.get(Layer, layer) for layer in decision.basis.get("chosen", ()))
        names = [self._person(layer.annotator or "") for layer in layers if layer is not None]
        return ", ".join(names) if decision.choice == "layer" and names else decision.choice

    def _gold(self, decision: Decision) -> str:
        """Return the spans that came of a decision, as far as they are there."""
        found = (self._rows.get(Annotation, one) for one in decision.result)
        return "; ".join(f"{self._name_of(Label, one.label)} {self._quote(one)}" for one in found if one is not None)

    def _name_of(self, record: type[Label] | type[Entity], identity: Any) -> str:
        found = self._rows.get(record, identity or "")
        return found.name if found is not None else ""


def _differing(states: list[Mapping[str, Any]]) -> list[str]:
    """Return the names of the fields to show: those in which the states differ, or for one state all that say much."""
    if not states:
        return []
    names = [name for name in states[0] if name not in _NEVER_SHOWN]
    if len(states) == 1:
        wanted = ("label", "fragments", "value", "status", "body", "name", "title", "definition")
        return [name for name in names if name in wanted]
    found = [name for name in names if any(state.get(name) != states[0].get(name) for state in states)]
    return [name for name in found if name not in _ONLY_IF_ALONE] or found


def _plain(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    return "" if value is None else str(value)
