"""The codebook: labels, attributes and relation types, as records and as plain data.

Plain data is what a codebook file and `CodebookVersion.content` hold: `format`, `id`, `name`, `version`,
`condition_words`, and the lists `labels`, `attributes` and `relations`, whose entries have the fields of their
records. In plain data a label names its parent by key; the record holds the parent's id.

How to add a field: add it to its record in `core.records` with a default, its rule to `_RULES` here, and a row to its
form in `ui/dialogs/codebook/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, TypeVar

from annotator.core.attribute_values import ATTRIBUTE_TYPES, check_value, parsed_number
from annotator.core.errors import CodebookError, NotFoundError, UserError
from annotator.core.ids import derived_id, is_id, new_id
from annotator.core.records import AttributeDefinition, Label, RelationType
from annotator.core.text import has_surrogates

__all__ = ["FORMAT", "Codebook", "check_value", "codebook_from_data", "codebook_to_data"]

FORMAT = "annotator-codebook/1"
PATTERNS = ("solid", "dash", "dot", "dash-dot")
INHERITS = ("", "document", "turn")

_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_Rule = tuple[Callable[[Any], bool], str]
_Entry = TypeVar("_Entry", Label, AttributeDefinition, RelationType)


@dataclass(frozen=True, slots=True)
class Codebook:
    """One version of a codebook; each tuple is in order of `position`.

    `condition_words` open a conditional clause, in any of the languages of the texts.
    """

    id: str
    name: str
    version: int
    labels: tuple[Label, ...]
    attributes: tuple[AttributeDefinition, ...]
    relations: tuple[RelationType, ...]
    condition_words: tuple[str, ...] = ()

    def label_by_key(self, key: str) -> Label:
        """Return the label. Raises NotFoundError, which lists those there are."""
        return _by_key(self.labels, key, "label")

    def attribute_by_key(self, key: str) -> AttributeDefinition:
        """Return the attribute. Raises NotFoundError, which lists those there are."""
        return _by_key(self.attributes, key, "attribute")

    def relation_by_key(self, key: str) -> RelationType:
        """Return the relation type. Raises NotFoundError, which lists those there are."""
        return _by_key(self.relations, key, "relation type")

    def attributes_for(self, label_key: str) -> tuple[AttributeDefinition, ...]:
        """Return the attributes in use of the label or of a label above it, in order."""
        lineage = self._lineage(label_key)
        return tuple(a for a in self.attributes if not a.retired and (not a.labels or lineage & {*a.labels}))

    def allowed(self, relation: RelationType, source_label_key: str, target_label_key: str) -> bool:
        """Say whether the relation may lead from the one label to the other; a label may do what its parent may."""
        return all(
            not ends or bool(self._lineage(key) & {*ends})
            for ends, key in ((relation.sources, source_label_key), (relation.targets, target_label_key))
        )

    def _lineage(self, label_key: str) -> set[str]:
        by_id = {label.id: label for label in self.labels}
        label: Label | None = self.label_by_key(label_key)
        keys: set[str] = set()
        while label is not None and label.key not in keys:
            keys.add(label.key)
            label = by_id.get(label.parent) if label.parent else None
        return keys


def codebook_to_data(codebook: Codebook) -> dict[str, Any]:
    """Return the codebook as JSON-able data; `codebook_from_data` is the exact inverse."""
    keys = {label.id: label.key for label in codebook.labels}
    labels = [_entry_data(label) for label in codebook.labels]
    for label in labels:
        label["parent"] = keys.get(label["parent"])
    return {
        "format": FORMAT,
        "id": codebook.id,
        "name": codebook.name,
        "version": codebook.version,
        "condition_words": list(codebook.condition_words),
        "labels": labels,
        "attributes": [_entry_data(attribute) for attribute in codebook.attributes],
        "relations": [_entry_data(relation) for relation in codebook.relations],
    }


def codebook_from_data(data: Mapping[str, Any], where: str) -> Codebook:
    """Return the codebook held by plain data; `where` names its source in messages.

    An entry without `id` gets one that follows from the codebook's id and the entry's key, without `position` its
    place in the list. Raises CodebookError for anything unknown, missing or contradictory.
    """
    if data.get("format") != FORMAT:
        raise CodebookError(
            "{where} is not a codebook: it must begin with format = “{format}”.", where=where, format=FORMAT
        )
    top = _Reader(where, "the codebook", data)
    top.refuse_unknown({"format", "id", "name", "version", "condition_words", *_SECTIONS})
    if "id" not in data:
        raise CodebookError("{where} has no id: add id = “{id}”, made for it just now.", where=where, id=new_id())
    codebook = Codebook(
        id=top.take("id"),
        name=top.take("name"),
        version=top.take("version"),
        labels=_entries(top, "labels", Label),
        attributes=_entries(top, "attributes", AttributeDefinition),
        relations=_entries(top, "relations", RelationType),
        condition_words=_frozen(top.take("condition_words", [])),
    )
    return _consistent(codebook, where)


_SECTIONS = {"labels": "label", "attributes": "attribute", "relations": "relation type"}
_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes checked fields out of one entry and names file, entry and field when one is wrong."""

    where: str
    entry: str
    data: Mapping[str, Any]

    def take(self, name: str, default: Any = _REQUIRED, rule: _Rule | None = None) -> Any:
        value = self.data.get(name)
        holds, need = rule or _RULES[name]
        if value is None and default is not _REQUIRED:
            return default
        if value is None or not holds(value):
            raise CodebookError(
                "{where}: “{field}” of {entry} must be {need}.",
                where=self.where,
                field=name,
                entry=self.entry,
                need=need,
            )
        return value

    def refuse_unknown(self, known: Iterable[str]) -> None:
        for name in sorted(set(self.data) - set(known)):
            raise CodebookError(
                "{where}: {entry} has the unknown field “{field}”; take it out or mend its spelling.",
                where=self.where,
                entry=self.entry,
                field=name,
            )


def _entries(top: _Reader, section: str, kind: type[_Entry]) -> tuple[_Entry, ...]:
    entries = []
    for index, data in enumerate(top.take(section, _REQUIRED if section == "labels" else [], _TABLES)):
        key = data.get("key")
        name = f"{_SECTIONS[section]} {index + 1}" + (f" (“{key}”)" if isinstance(key, str) else "")
        reader = _Reader(top.where, name, data)
        reader.refuse_unknown(field.name for field in fields(kind))
        entries.append(_entry(reader, kind, str(top.data["id"]), section, index))
    return tuple(sorted(entries, key=lambda entry: entry.position))


def _entry(reader: _Reader, kind: type[_Entry], codebook_id: str, section: str, index: int) -> _Entry:
    fallback: dict[str, Any] = {f.name: f.default for f in fields(kind) if f.default is not MISSING}
    fallback |= {"position": index, "digit": None, "pattern": PATTERNS[index % len(PATTERNS)]}
    key = reader.take("key")
    name = reader.take("name")
    fallback |= {"id": derived_id(codebook_id, section, key), "initial": name[0].upper()}
    values = {f.name: reader.take(f.name, fallback.get(f.name, _REQUIRED)) for f in fields(kind)}
    return kind(**{name: value if name == "default" else _frozen(value) for name, value in values.items()})


def _entry_data(record: Label | AttributeDefinition | RelationType) -> dict[str, Any]:
    return {field.name: _thawed(getattr(record, field.name)) for field in fields(record)}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _thawed(value: Any) -> Any:
    return [_thawed(item) for item in value] if isinstance(value, list | tuple) else value


def _by_key(entries: Iterable[_Entry], key: str, kind: str) -> _Entry:
    entries = tuple(entries)
    for entry in entries:
        if entry.key == key:
            return entry
    known = ", ".join(entry.key for entry in entries) or "none"
    raise NotFoundError("The codebook has no {kind} “{key}”; it has: {known}.", kind=kind, key=key, known=known)


def _consistent(codebook: Codebook, where: str) -> Codebook:
    """Return the codebook with parents as ids and defaults checked. Raises CodebookError."""
    _refuse_twins(codebook, where)
    ids = {label.key: label.id for label in codebook.labels}
    for label in codebook.labels:
        _refuse_unknown_labels(where, f"label “{label.key}”", "parent", (label.parent,) if label.parent else (), ids)
    for attribute in codebook.attributes:
        _refuse_unknown_labels(where, f"attribute “{attribute.key}”", "labels", attribute.labels, ids)
        _refuse_bad_choices(where, attribute)
    for relation in codebook.relations:
        for field, keys in (("sources", relation.sources), ("targets", relation.targets)):
            _refuse_unknown_labels(where, f"relation type “{relation.key}”", field, keys, ids)
    _refuse_cycles(codebook.labels, where)
    return replace(
        codebook,
        labels=tuple(replace(label, parent=ids[label.parent] if label.parent else None) for label in codebook.labels),
        attributes=tuple(replace(a, default=_checked_default(where, a)) for a in codebook.attributes),
    )


def _refuse_twins(codebook: Codebook, where: str) -> None:
    labels = codebook.labels
    for kind, entries in (
        ("labels", labels),
        ("attributes", codebook.attributes),
        ("relation types", codebook.relations),
    ):
        _refuse_repeated(where, kind, "key", (entry.key for entry in entries))
    for kind, entries in (("labels", labels), ("relation types", codebook.relations)):
        _refuse_repeated(where, kind, "name", (entry.name.casefold() for entry in entries))
    _refuse_repeated(where, "labels", "digit", (label.digit for label in labels if label.digit is not None))
    for label in labels:
        own = (a.name.casefold() for a in codebook.attributes if not a.labels or label.key in a.labels)
        _refuse_repeated(where, f"attributes of label “{label.key}”", "name", own)
    everything = (*labels, *codebook.attributes, *codebook.relations)
    _refuse_repeated(where, "entries", "id", (entry.id for entry in everything))


def _refuse_repeated(where: str, kind: str, field: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise CodebookError(
                "{where}: two {kind} have the {field} “{value}”; give one of them another.",
                where=where,
                kind=kind,
                field=field,
                value=value,
            )
        seen.add(value)


def _refuse_unknown_labels(where: str, entry: str, field: str, keys: Iterable[str], known: Iterable[str]) -> None:
    for key in keys:
        if key not in known:
            raise CodebookError(
                "{where}: “{field}” of {entry} names the label “{key}”, which the codebook does not have.",
                where=where,
                field=field,
                entry=entry,
                key=key,
            )


def _refuse_bad_choices(where: str, attribute: AttributeDefinition) -> None:
    needs_choices = attribute.type in ("choice", "choices")
    if bool(attribute.choices) != needs_choices and attribute.type != "number":
        raise CodebookError(
            "{where}: attribute “{key}” has the type {type} and must have {need}.",
            where=where,
            key=attribute.key,
            type=attribute.type,
            need="at least one choice" if needs_choices else "no choices",
        )
    if attribute.type == "number" and any(parsed_number(value) is None for value, _ in attribute.choices):
        raise CodebookError(
            "{where}: the choices of attribute “{key}” must be numbers.", where=where, key=attribute.key
        )
    for field, index in (("choice", 0), ("choice's name", 1)):
        kind = f"choices of attribute “{attribute.key}”"
        _refuse_repeated(where, kind, field, (choice[index].casefold() for choice in attribute.choices))


def _refuse_cycles(labels: Iterable[Label], where: str) -> None:
    parents = {label.key: label.parent for label in labels}
    for start in parents:
        above, key = {start}, parents[start]
        while key is not None:
            if key in above:
                raise CodebookError(
                    "{where}: label “{key}” is above itself; take out the parent of one of: {keys}.",
                    where=where,
                    key=key,
                    keys=", ".join(sorted(above)),
                )
            above.add(key)
            key = parents[key]


def _checked_default(where: str, attribute: AttributeDefinition) -> Any:
    try:
        return check_value(attribute, attribute.default)
    except UserError as error:
        raise CodebookError(
            "{where}: the default does not fit: {reason}", where=where, key=attribute.key, reason=str(error)
        ) from error


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value and not has_surrogates(value)


def _is_line(value: Any) -> bool:
    return _is_text(value) and value.strip() == value and value.splitlines() == [value]


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _is_colour(value: Any) -> bool:
    return isinstance(value, str) and _COLOUR.fullmatch(value) is not None


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _whole_number(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _list_of(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list | tuple) and all(holds(item) for item in value)


def _is_choice(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(_is_line(item) for item in value)
        and value[0] != "null"
    )


_ID = (lambda value: isinstance(value, str) and is_id(value), "a UUID in small letters")
_LINE = (_is_line, "one line of text")
_TEXT = (_is_text, "text")
_TEXTS = (_list_of(_is_text), "a list of texts")
_LABEL_KEYS = (_list_of(_is_key), "a list of label keys")
_COLOUR_RULE = (_is_colour, "a colour such as #0b7a5c")
_FLAG = (_is_flag, "true or false")
_TABLES = (_list_of(lambda value: isinstance(value, Mapping)), "a list of tables")

_RULES: dict[str, _Rule] = {
    "id": _ID,
    "key": (_is_key, "a key of small letters, digits and underscores, such as signal_to_russia"),
    "name": _LINE,
    "version": (_whole_number(1, 2**31 - 1), "a whole number from 1"),
    "condition_words": (_list_of(_is_line), "a list of words or phrases"),
    "digit": (_whole_number(1, 9), "a whole number from 1 to 9"),
    "light": _COLOUR_RULE,
    "dark": _COLOUR_RULE,
    "pattern": (lambda value: value in PATTERNS, "one of " + ", ".join(PATTERNS)),
    "initial": (lambda value: _is_line(value) and len(value) <= 2, "one or two letters"),
    "position": (_whole_number(0, 2**31 - 1), "a whole number from 0"),
    "parent": (_is_key, "the key of a label"),
    "retired": _FLAG,
    "definition": _TEXT,
    "includes": _TEXTS,
    "excludes": _TEXTS,
    "boundary": _TEXT,
    "examples": _TEXTS,
    "type": (lambda value: value in ATTRIBUTE_TYPES, "one of " + ", ".join(ATTRIBUTE_TYPES)),
    "choices": (_list_of(_is_choice), "a list of pairs of a value and its name"),
    "required": _FLAG,
    "asked": _FLAG,
    "inherits": (lambda value: value in INHERITS, "empty, document or turn"),
    "default": (lambda _: True, "a value"),
    "description": _TEXT,
    "labels": _LABEL_KEYS,
    "sources": _LABEL_KEYS,
    "targets": _LABEL_KEYS,
}
