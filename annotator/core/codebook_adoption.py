"""A codebook from a file taken over by a project that has one: entries are matched, and nothing in use is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from annotator.core.codebook import Codebook
from annotator.core.codebook_edits import Entry, entries, free_key, free_name
from annotator.core.ids import derived_id
from annotator.core.records import AttributeDefinition, Label, RelationType

_Entry = TypeVar("_Entry", Label, AttributeDefinition, RelationType)


@dataclass(frozen=True, slots=True)
class Adoption:
    """A draft with the content of a file, and what it kept, retired, though the file does not have it."""

    draft: Codebook
    kept: tuple[Entry, ...]


def adopted(current: Codebook, other: Codebook, in_use: Collection[str]) -> Adoption:
    """Return the draft that `other` makes of the current codebook.

    Entries are the same by id, else by key. What `other` lacks is gone, or retired where `in_use` has its id. The
    codebook's own id and version stay.
    """
    ids = _matches(current, other)
    labels = tuple(replace(one, id=ids[one.id], parent=ids[one.parent] if one.parent else None) for one in other.labels)
    attributes = tuple(replace(one, id=ids[one.id]) for one in other.attributes)
    relations = tuple(replace(one, id=ids[one.id]) for one in other.relations)
    kept: list[Entry] = []
    for label in _left_over(current.labels, labels, in_use):
        labels = (*labels, _kept(replace(label, digit=None, parent=None), labels, kept))
    now = {one.id: one.key for one in labels}
    keys = {one.key: now[one.id] for one in current.labels if one.id in now}
    for attribute in _left_over(current.attributes, attributes, in_use):
        attribute = replace(attribute, labels=_renamed(attribute.labels, keys))
        attributes = (*attributes, _kept(attribute, attributes, kept))
    for relation in _left_over(current.relations, relations, in_use):
        ends = {"sources": _renamed(relation.sources, keys), "targets": _renamed(relation.targets, keys)}
        relations = (*relations, _kept(replace(relation, **ends), relations, kept))
    draft = replace(other, id=current.id, version=current.version, labels=labels)
    return Adoption(replace(draft, attributes=attributes, relations=relations), tuple(kept))


def _matches(current: Codebook, other: Codebook) -> Mapping[str, str]:
    """Return the id in the project of each id in the file."""
    kinds = {one.id: type(one) for one in entries(current)}
    found = {one.id: one.id for one in entries(other) if kinds.get(one.id) is type(one)}
    for mine, theirs in (
        (current.labels, other.labels),
        (current.attributes, other.attributes),
        (current.relations, other.relations),
    ):
        by_key = {one.key: one.id for one in mine if one.id not in found}
        for one in theirs:
            if one.id not in found and one.key in by_key:
                found[one.id] = by_key[one.key]
    for one in entries(other):
        if one.id not in found:
            found[one.id] = one.id if one.id not in kinds else derived_id(current.id, "adopted", one.id)
    return found


def _renamed(keys: tuple[str, ...], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(now[key] for key in keys if key in now))


def _left_over(mine: tuple[_Entry, ...], theirs: tuple[_Entry, ...], in_use: Collection[str]) -> list[_Entry]:
    there = {one.id for one in theirs}
    return [one for one in mine if one.id in in_use and one.id not in there]


def _kept(one: _Entry, beside: tuple[_Entry, ...], kept: list[Entry]) -> _Entry:
    """Return the entry out of use, last in its list, under a key and a name that are free there."""
    stays = replace(
        one,
        key=free_key(one.key, (other.key for other in beside), "kept"),
        name=free_name(one.name, (other.name for other in beside)),
        position=max((other.position for other in beside), default=-1) + 1,
        retired=True,
    )
    kept.append(stays)
    return stays
