"""One CAS as an entry: the layers that this program wrote come back as they were, those of others by `layers`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from annotator.core.attribute_values import parsed_number
from annotator.core.text import Utf16Positions
from annotator.formats.datasets.cas.layers import Layers, is_apparatus
from annotator.formats.datasets.cas.structures import INITIAL_VIEW, Cas, Sofa, Structure
from annotator.formats.datasets.cas.types import (
    DOCUMENT,
    OF_SPAN,
    RECORD,
    RELATION,
    REPLACEMENT,
    SPAN,
    attribute_key,
    clean,
    feature_name,
)
from annotator.formats.datasets.cas.writing import said, text_hash
from annotator.formats.datasets.checks import LineError, are_ordered
from annotator.formats.datasets.entries import Entry, EntryError, RelationEntry, SpanEntry
from annotator.formats.datasets.extras import document_of_extras, relation_of_extras, span_of_extras
from annotator.formats.datasets.fields import checked, position, taken_or
from annotator.formats.datasets.lines import decode_line
from annotator.formats.datasets.losses import LossCollector

APPARATUS = "words, grammar and layout (no labels)"
EMPTY = "annotations without any text"
OTHER_TEXTS = "annotations of further texts (views)"
LOOSE = "relations whose ends are no spans"
_TAKEN_OTHERWISE = ("Sentence", "DocumentAnnotation", "DocumentMetaData")
_NO_ATTRIBUTES = frozenset((*OF_SPAN, RECORD, "begin", "end", "sofa"))
_UNKNOWN_LANGUAGE = "x-unspecified"


def entry_of(cas: Cas, name: str, losses: LossCollector, types: Mapping[str, str]) -> Entry:
    """Return a CAS as an entry; `name` is the document's, `types` those of attributes by their keys.

    Raises EntryError that says what is wrong, a sentence that goes on after the file's name.
    """
    return _Document(cas, name, losses, types).entry()


class _Document:
    def __init__(self, cas: Cas, name: str, losses: LossCollector, types: Mapping[str, str]) -> None:
        self._name = name
        self._losses = losses
        self._types = types
        self._layers = Layers(cas.structures)
        sofa = _main_text(cas)
        self._structures = cas.of_sofa(sofa)
        self._tell_of_others(cas, sofa)
        self._record = next((_record(one) for one in self._structures if one.type == DOCUMENT), {})
        raw = sofa.text or ""
        self._units = Utf16Positions(raw)
        self._text = _with_characters(raw, self._record)
        self._spans: dict[str, SpanEntry] = {}
        self._used: set[str] = set()

    def entry(self) -> Entry:
        """Return the document."""
        found = [one for one in self._structures if one.type != DOCUMENT]
        relations = [one for one in found if self._is_relation(one)]
        linking = {one.id for one in relations}
        spans = [one for one in found if one.id not in linking and self._is_span(one)]
        self._layers.learn(one for one in (*spans, *relations) if one.type not in (SPAN, RELATION))
        for one in spans:
            self._spans[one.id] = self._own_span(one) if one.type == SPAN else self._span(one)
        entry: Entry = {"text": self._text, "spans": list(self._spans.values())}
        entry["relations"] = [
            *(link for one in relations if (link := self._relation(one))),
            *(link for one in spans for link in self._slots(one)),
        ]
        return {**entry, **self._about(found)}  # type: ignore[typeddict-item]

    def _tell_of_others(self, cas: Cas, sofa: Sofa) -> None:
        others = [identity for identity in cas.sofas if identity != sofa.id]
        for one in cas.structures.values():
            if one.features.get("sofa") in others and not is_apparatus(one.type):
                self._losses.add(OTHER_TEXTS, f"{one.short_type} in {self._name}")

    def _is_relation(self, one: Structure) -> bool:
        return one.type == RELATION or (one.type != SPAN and self._layers.ends(one) is not None)

    def _is_span(self, one: Structure) -> bool:
        edges = one.edges
        if edges is None:
            return False
        if is_apparatus(one.type):
            if one.short_type not in _TAKEN_OTHERWISE and "metadata" not in one.type:
                self._losses.add(APPARATUS, f"{one.short_type} in {self._name}")
            return False
        if edges[0] == edges[1]:
            self._losses.add(EMPTY, f"{one.short_type} in {self._name}")
            return False
        return True

    def _edges(self, one: Structure) -> list[int]:
        units = one.edges or (0, 0)
        return [self._units.to_code_points(position(unit, f"an edge of {one.short_type} {one.id}")) for unit in units]

    def _span(self, one: Structure) -> SpanEntry:
        values = {key: self._value(key, value) for key, value in self._layers.attributes(one).items()}
        identity = self._unused(one.id)
        return {
            "id": identity,
            "label": self._layers.label(one),
            "fragments": [self._edges(one)],
            "attributes": values,
        }

    def _own_span(self, one: Structure) -> SpanEntry:
        """Return a span of our layer: where its features differ from its record, somebody changed them."""
        record, edges = dict(_record(one)), self._edges(one)
        fragments = _fragments(record.pop("fragments", None), edges)
        if fragments is None:
            record.pop("pages", None)
        identity = self._unused(str(record.pop("id", one.id)))
        attributes = self._attributes(one, taken_or(record, "attributes", dict, "a record", {}))
        shown = {key: _latest(one, key, record.pop(key, "")) for key in OF_SPAN}
        label = shown.pop("label") or one.short_type
        extras = span_of_extras({**record, **shown, "attributes": attributes}, f"span {identity}")
        return {"id": identity, "label": label, "fragments": fragments or [edges], **extras}  # type: ignore[typeddict-item]

    def _attributes(self, one: Structure, recorded: Mapping[str, Any]) -> dict[str, Any]:
        features = {
            key: value
            for key, value in one.features.items()
            if key not in _NO_ATTRIBUTES and isinstance(value, str | int | float)
        }
        found, seen = {}, set()
        for key, value in recorded.items():
            name = feature_name(key)
            if name in seen or features.get(name) == clean(said(value)):
                found[key] = value
            elif name in features:
                found[key] = self._value(key, features[name])
            seen.add(name)
        more = {attribute_key(name): value for name, value in features.items() if name not in seen and value != ""}
        return {**found, **{key: self._value(key, value) for key, value in more.items()}}

    def _value(self, key: str, value: Any) -> Any:
        """Return the value of an attribute as the codebook has it."""
        kind = self._types.get(key, "")
        if not isinstance(value, str):
            return value if not isinstance(value, float) or math.isfinite(value) else str(value)
        if kind == "boolean" and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if kind in ("choices", "texts"):
            return [part.strip() for part in value.split(";") if part.strip()]
        number = parsed_number(value) if kind == "number" else None
        return value if number is None or not math.isfinite(number) else number

    def _relation(self, one: Structure) -> RelationEntry | None:
        ends = self._layers.ends(one)
        if ends is None or ends[0] not in self._spans or ends[1] not in self._spans:
            if not is_apparatus(one.type):
                self._losses.add(LOOSE, f"{one.short_type} in {self._name}")
            return None
        link = {"from": self._spans[ends[0]]["id"], "to": self._spans[ends[1]]["id"]}
        if one.type != RELATION:
            return {"id": self._unused(one.id), "type": self._layers.label(one), **link}  # type: ignore[typeddict-item]
        record = dict(_record(one))
        kind = _latest(one, "label", record.pop("type", "")) or one.short_type
        note = _latest(one, "note", record.pop("note", ""))
        extras = relation_of_extras({**record, "note": note}, f"relation {one.id}")
        return {**extras, "id": self._unused(extras.get("id", one.id)), "type": kind, **link}  # type: ignore[typeddict-item]

    def _slots(self, one: Structure) -> list[RelationEntry]:
        """Return the links of a span to others as relations, and the next one of a chain."""
        if one.type == SPAN:
            return []
        linked = [(role or key, to) for key, value in one.features.items() for role, to in self._layers.slots(value)]
        following = one.features.get("next")
        if isinstance(following, str):
            linked.append((str(one.features.get("referenceRelation") or "next"), following))
        found: list[RelationEntry] = []
        for number, (kind, to) in enumerate(linked, 1):
            if to in self._spans:
                link = {"from": self._spans[one.id]["id"], "to": self._spans[to]["id"]}
                found.append({"id": self._unused(f"{one.id}-{number}"), "type": kind, **link})  # type: ignore[typeddict-item]
        return found

    def _unused(self, identity: str) -> str:
        """Return an id that nothing else in the document has: INCEpTION copies records with annotations."""
        name, number = identity, 1
        while name in self._used:
            number += 1
            name = f"{identity}:{number}"
        self._used.add(name)
        return name

    def _about(self, found: list[Structure]) -> dict[str, Any]:
        if self._record:
            about = document_of_extras(taken_or(self._record, "document", dict, "a record", {}), {})
            if self._record.get("text_sha256") != text_hash(self._text):
                about |= {"sentences": [], "read": []}
            return {"id": taken_or(self._record, "id", str, "a record", "") or self._name, **about}
        said_of = next((one.features for one in found if one.short_type == "DocumentMetaData"), None)
        said_of = said_of or next((one.features for one in found if one.type == "uima.tcas.DocumentAnnotation"), {})
        title, url, language = (_word(said_of.get(key)) for key in ("documentTitle", "documentUri", "language"))
        source = {"title": title or self._name.rpartition("/")[2], "file": self._name}
        source["url"] = url if url.startswith(("http://", "https://")) else ""
        source["language"] = "" if language == _UNKNOWN_LANGUAGE else language
        return {"id": self._name, "source": source, "sentences": self._sentences(found)}

    def _sentences(self, found: list[Structure]) -> list[list[int]]:
        """Return the sentences, where they are apart from each other."""
        edges = sorted(self._edges(one) for one in found if one.short_type == "Sentence" and one.edges)
        edges = [one for one in edges if one[0] < one[1]]
        return edges if are_ordered(edges) and (not edges or edges[-1][1] <= len(self._text)) else []


def _main_text(cas: Cas) -> Sofa:
    """Return the text of the initial view, or the only one. Raises EntryError where there is none."""
    with_text = [sofa for sofa in cas.sofas.values() if sofa.text is not None]
    found = next((sofa for sofa in with_text if sofa.name == INITIAL_VIEW), None)
    if found is None and len(with_text) == 1:
        found = with_text[0]
    if found is None:
        views = ", ".join(sofa.name for sofa in cas.sofas.values())[:80] or "none"
        raise EntryError("it holds no text in “{view}” (views: {views}).", view=INITIAL_VIEW, views=views)
    return found


def _record(one: Structure) -> Mapping[str, Any]:
    """Return what a structure has under `RECORD`, nothing where that is missing."""
    raw = one.features.get(RECORD)
    if not isinstance(raw, str) or not raw:
        return {}
    try:
        return checked(decode_line(raw.encode()), dict, f"the record of {one.short_type} {one.id}")
    except LineError as error:
        raise EntryError(
            "the record of {type} {id} is broken: {reason}", type=one.short_type, id=one.id, reason=str(error)
        ) from error
    except UnicodeEncodeError as error:
        raise EntryError("the record of {type} {id} is broken.", type=one.short_type, id=one.id) from error


def _with_characters(raw: str, record: Mapping[str, Any]) -> str:
    """Return a text with the characters in it that XML cannot hold."""
    characters = list(raw)
    for pair in taken_or(record, "characters", list, "a record", []):
        pair = checked(pair, list, "a character")
        if len(pair) != 2 or not all(type(one) is int and 0 <= one <= 0x10FFFF for one in pair):
            raise EntryError("a character in its record is no place with a code point.")
        if pair[0] < len(characters) and characters[pair[0]] == REPLACEMENT:
            characters[pair[0]] = chr(pair[1])
    return "".join(characters)


def _latest(one: Structure, key: str, recorded: Any) -> str:
    """Return the value of a feature; as it was recorded, where nobody changed it since."""
    recorded = recorded if isinstance(recorded, str) else ""
    value = _word(one.features.get(key))
    return recorded if value == clean(recorded) else value


def _fragments(value: Any, edges: list[int]) -> list[list[int]] | None:
    """Return the pieces of a span; None where it is not where it was."""
    if value is None:
        return None
    fragments = [
        [position(edge, "a fragment") for edge in checked(one, list, "a fragment")]
        for one in checked(value, list, "the fragments")
    ]
    if not fragments or any(len(one) != 2 for one in fragments) or not are_ordered(fragments):
        raise EntryError("a record has fragments that are no pieces of a text.")
    return fragments if [fragments[0][0], fragments[-1][1]] == edges else None


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""
