"""Documents of CAS files as entries; what several people made of one text is one entry with a layer for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.cas.document import entry_of
from annotator.formats.datasets.cas.files import GOLD, Part, Unit, units_at
from annotator.formats.datasets.cas.structures import Cas
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext

Found = Iterator[tuple[int, Entry | BadEntry]]


def entries_at(path: Path, endings: tuple[str, ...], parse: Callable[[bytes], Cas], context: FormatContext) -> Found:
    """Yield (number, entry) of each document, numbered from 1; `parse` makes a CAS of the bytes of a file.

    Raises DatasetError where there is no document, or where the only file is none of this format.
    """
    with units_at(path, endings) as units:
        is_single = path.is_file() and path.suffix.lower() != ".zip"
        for number, unit in enumerate(units, 1):
            try:
                yield number, _entry(unit, parse, context)
            except EntryError as error:
                if is_single:
                    raise DatasetError("{file}: {reason}", file=path.name, reason=str(error)) from error
                yield number, BadEntry(EntryError("{file}: {reason}", file=unit.name, reason=str(error)))


def _entry(unit: Unit, parse: Callable[[bytes], Cas], context: FormatContext) -> Entry:
    first, *others = (_part(unit, part, parse, context) for part in unit.parts)
    for part, other in zip(unit.parts[1:], others, strict=True):
        if other["text"] != first["text"]:
            raise EntryError("{person} has another text than the others.", person=part.person)
        used = {one["id"] for one in (*first["spans"], *first.get("relations", ()))}
        other = _renamed(other, used, part.person)
        first["spans"] += other["spans"]
        first["relations"] = [*first.get("relations", ()), *other.get("relations", ())]
    return first


def _part(unit: Unit, part: Part, parse: Callable[[bytes], Cas], context: FormatContext) -> Entry:
    try:
        entry = entry_of(parse(part.read()), unit.name, context.losses, context.attribute_types())
    except EntryError as error:
        if not part.person:
            raise
        raise EntryError("in what {person} made, {reason}", person=part.person, reason=str(error)) from error
    if not part.person:
        return entry
    signed = {"annotator": "" if part.person == GOLD else part.person, "layer": part.person}
    entry["spans"] = [{**span, **signed} for span in entry["spans"]]  # type: ignore[typeddict-item]
    entry["relations"] = [{**one, **signed} for one in entry.get("relations", ())]  # type: ignore[typeddict-item]
    return entry


def _renamed(entry: Entry, used: set[str], person: str) -> Entry:
    """Return an entry without the ids that are in use."""

    def free(identity: str) -> str:
        return f"{identity} ({person})" if identity in used else identity

    relations: list[Any] = [
        {**one, "id": free(one["id"]), "from": free(one["from"]), "to": free(one["to"])}
        for one in entry.get("relations", ())
    ]
    spans: Any = [{**span, "id": free(span["id"])} for span in entry["spans"]]
    return {**entry, "spans": spans, "relations": relations}
