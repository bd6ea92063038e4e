"""doccano: sequence labelling as JSONL, with `label` triples or with `entities` and `relations`.

https://doccano.github.io/doccano/tutorial/ and the fixtures of its data import; positions are code points, half-open.
The form with entities keeps ids, which are whole numbers, and relations; the other has triples of start, end and label.
doccano takes every other key of an object along: title, date, address and the id of the document stand under `meta`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, Line, SpanEntry, numbered
from annotator.formats.datasets.fields import checked, position, taken, taken_or
from annotator.formats.datasets.holding import Holds, kept, loses
from annotator.formats.datasets.json_items import objects
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output

_META = {"title": "title", "date": "date", "url": "url", "file": "file", "language": "language"}

HOLDS = {
    "entities": Holds(document=frozenset({"id"}), source=frozenset(_META), relations=frozenset()),
    "triples": Holds(document=frozenset({"id"}), source=frozenset(_META)),
}

LOSES = loses(*HOLDS.values())


def held(line: Line, context: FormatContext) -> Entry:
    """Return what doccano keeps of a line: labels and edges, and relations where the form has them."""
    return kept(line, HOLDS[context.options["form"]], context.losses)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write one object a line."""
    file = output.open()
    with_relations = context.options["form"] == "entities"
    for entry in entries:
        file.write(encode_line(_object(entry, with_relations=with_relations)))


def _object(entry: Entry, *, with_relations: bool) -> dict[str, Any]:
    meta = {"document": entry.get("id", ""), **entry.get("source", {})}
    if not with_relations:
        triples = [[*span["fragments"][0], span["label"]] for span in entry["spans"]]
        return {"text": entry["text"], "label": triples, "meta": meta}
    numbers = {span["id"]: number for number, span in enumerate(entry["spans"], 1)}
    entities = [
        {
            "id": numbers[span["id"]],
            "label": span["label"],
            "start_offset": span["fragments"][0][0],
            "end_offset": span["fragments"][0][1],
        }
        for span in entry["spans"]
    ]
    relations = [
        {"id": number, "from_id": numbers[one["from"]], "to_id": numbers[one["to"]], "type": one["type"]}
        for number, one in enumerate(entry.get("relations", ()), 1)
    ]
    return {"text": entry["text"], "entities": entities, "relations": relations, "meta": meta}


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line or item, entry). Triples may stand under `label` or `labels`, the text under `text` or `data`.

    Raises DatasetError where the file is no JSON from some place on.
    """
    for number, data in objects(path):
        try:
            yield number, _entry(data)
        except EntryError as error:
            yield number, BadEntry(error)


def _entry(data: Mapping[str, Any]) -> Entry:
    text = taken(data, "text" if "text" in data else "data", str, "the document")
    meta = taken_or(data, "meta", dict, "the document", {})
    entry: Entry = {"text": text, "spans": [], "source": {}}
    entry["source"] = {key: _text_of(meta.get(name)) for key, name in _META.items()}
    identity = meta.get("document") or data.get("id")
    if identity not in (None, ""):
        entry["id"] = str(identity)
    if "entities" in data:
        entry["spans"] = [_entity(one) for one in taken(data, "entities", list, "the document")]
        entry["relations"] = [_relation(one) for one in taken_or(data, "relations", list, "the document", [])]
        _refuse_loose_ends(entry)
    else:
        key = "label" if "label" in data else "labels"
        triples = taken_or(data, key, list, "the document", [])
        entry["spans"] = [_triple(one, f"s{number}") for number, one in enumerate(triples, 1)]
    return numbered(entry)


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _triple(data: Any, identity: str) -> SpanEntry:
    triple = checked(data, list, "a label")
    if len(triple) != 3:
        raise EntryError("a label has {count} parts, not start, end and name.", count=len(triple))
    start, end = position(triple[0], "the start of a label"), position(triple[1], "the end of a label")
    return {"id": identity, "label": checked(triple[2], str, "the name of a label"), "fragments": [[start, end]]}


def _entity(data: Any) -> SpanEntry:
    entity = checked(data, dict, "an entity")
    where = f"entity {entity.get('id', '?')}"
    start = position(taken(entity, "start_offset", int, where), f"the start of {where}")
    end = position(taken(entity, "end_offset", int, where), f"the end of {where}")
    return {
        "id": str(taken(entity, "id", int, where)),
        "label": taken(entity, "label", str, where),
        "fragments": [[start, end]],
    }


def _relation(data: Any) -> Any:
    relation = checked(data, dict, "a relation")
    where = f"relation {relation.get('id', '?')}"
    ends = {name: str(taken(relation, f"{name}_id", int, where)) for name in ("from", "to")}
    return {"id": str(relation.get("id", "")), "type": taken(relation, "type", str, where), **ends}


def _refuse_loose_ends(entry: Entry) -> None:
    known = {span["id"] for span in entry["spans"]}
    if len(known) != len(entry["spans"]):
        raise EntryError("two entities have the same id.")
    for relation in entry.get("relations", ()):
        for name in ("from", "to"):
            if relation[name] not in known:
                raise EntryError("a relation ends at entity {id}, which is not there.", id=relation[name])
