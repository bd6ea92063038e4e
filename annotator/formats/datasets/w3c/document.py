"""A text and what its web annotations say of it, as an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import Entry, EntryError, FormatContext, RelationEntry, SpanEntry
from annotator.formats.datasets.extras import OWN, document_of_extras, relation_of_extras, span_of_extras, text_of
from annotator.formats.datasets.fields import taken_or
from annotator.formats.datasets.units import Fragments, counted_otherwise, flat
from annotator.formats.datasets.w3c.anchoring import found_at
from annotator.formats.datasets.w3c.annotations import Place, WebAnnotation, urlsplit_or_none

NO_PLACE = "annotations of whole pages, and replies"
LOOSE = "links to what is not there"
_BOM = "\ufeff"


def document_of(
    text: str,
    file: str,
    annotations: Sequence[WebAnnotation],
    links: Sequence[WebAnnotation],
    own: Mapping[str, Any] | None,
    context: FormatContext,
) -> Entry:
    """Return a document. `own` is what this program wrote of it. Raises EntryError for what it cannot have written."""
    text = text if own is not None else text.removeprefix(_BOM)
    placed = []
    for one in annotations:
        if one.places:
            placed.append(one)
        else:
            context.losses.add(NO_PLACE, shortened(one.note or one.id))
    pieces = _places(text, placed)
    spans: dict[str, list[SpanEntry]] = {}
    used: set[str] = set()
    for number, (one, fragments) in enumerate(zip(placed, pieces, strict=True), 1):
        made = list(_spans(one, fragments, text, f"a{number}", used))
        spans.setdefault(one.id, []).extend(made)
        if one.name and one.person:
            context.names.setdefault(one.person, one.name)
    entry: Entry = {"text": text, "spans": [span for several in spans.values() for span in several]}
    entry["relations"] = _relations(links, spans, used, context, is_own=own is not None)
    return {**entry, **_about(file, annotations, own)}  # type: ignore[typeddict-item]


def _about(file: str, annotations: Sequence[WebAnnotation], own: Mapping[str, Any] | None) -> dict[str, Any]:
    if own is not None:
        about = document_of_extras(taken_or(own, "document", dict, OWN, {}), {})
        identity = taken_or(own, "id", str, OWN, "")
        return {"id": identity, **about} if identity else about
    source = annotations[0].source
    address = source if urlsplit_or_none(source) else ""
    title = next((one.title for one in annotations if one.title), "")
    return {"source": {"file": file, "url": address, "title": title}}


def _places(text: str, annotations: Sequence[WebAnnotation]) -> list[Fragments]:
    """Return the fragments of each annotation in code points: as they are said where they fit, else as quoted."""
    said = [place for one in annotations for place in one.places]
    wrong = [place for place in said if not _fits(place, text)]
    if wrong:
        both = [
            ([[place.start, place.end]], place.exact)
            for place in said
            if place.exact is not None and place.start is not None and place.end is not None
        ]
        convert = counted_otherwise(text, both) if len(both) == len(said) else None  # type: ignore[arg-type]
        for place in said if convert else wrong:
            place.start, place.end = convert([[place.start, place.end]])[0] if convert else _found(place, text)  # type: ignore[list-item]
    return [sorted([place.start or 0, place.end or 0] for place in one.places) for one in annotations]


def _fits(place: Place, text: str) -> bool:
    if place.start is None or place.end is None:
        return False
    return place.exact is None or flat(text[place.start : place.end]) == flat(place.exact)


def _found(place: Place, text: str) -> tuple[int, int]:
    """Return where a quote stands; where it does not, a place that its quote will be held against."""
    found = found_at(place, text)
    start = place.start or 0
    return found or (start, start + max(1, len(place.exact or "")))


def _spans(one: WebAnnotation, fragments: Fragments, text: str, number: str, used: set[str]) -> Any:
    """Yield a span for each label of an annotation."""
    own = one.given.get(OWN)
    exact = one.places[0].exact
    covered = text[fragments[0][0] : fragments[-1][1]]
    for place, label in enumerate(one.labels, 1):
        identity = _free(own.get("id") if isinstance(own, dict) and place == 1 else one.id, number, used)
        span: SpanEntry = {"id": identity, "label": label, "fragments": fragments, **_said(one)}  # type: ignore[typeddict-item]
        if len(fragments) == 1 and exact is not None:
            is_same = "".join(exact.split()) == "".join(covered.split())
            span["quote"] = covered if is_same and exact.strip() else exact
        yield span


def _free(identity: Any, number: str, used: set[str]) -> str:
    """Return an id that no span and no relation has yet."""
    wanted = text_of(identity) or number
    found, again = wanted, 1
    while found in used:
        again += 1
        found = f"{wanted}/{again}"
    used.add(found)
    return found


def _said(one: WebAnnotation) -> dict[str, Any]:
    own = one.given.get(OWN)
    more = {"annotator": one.person, "created": one.created, "note": one.note}
    if own is None:
        return {**more, "layer": one.person, "attributes": one.attributes}
    if not isinstance(own, dict):
        raise EntryError("“{key}” of annotation {id} is no object.", key=OWN, id=one.id)
    return {**span_of_extras({key: value for key, value in own.items() if key != "id"}, one.id), **more}


def _relations(
    links: Sequence[WebAnnotation],
    spans: Mapping[str, Sequence[SpanEntry]],
    used: set[str],
    context: FormatContext,
    *,
    is_own: bool,
) -> list[RelationEntry]:
    found: list[RelationEntry] = []
    for number, link in enumerate(links, 1):
        ends = [spans.get(end, ()) for end in link.ends]
        if not all(ends):
            if is_own or any(ends):
                context.losses.add(LOOSE, f"{link.labels[0]} {link.ends[0]} {link.ends[1]}")
            continue
        own = link.given.get(OWN)
        extras = relation_of_extras(own, link.id) if isinstance(own, dict) else {}
        more = {"annotator": link.person, "created": link.created, "note": link.note}
        identity = _free(extras.get("id") or link.id, f"l{number}", used)
        layer = {} if isinstance(own, dict) else {"layer": link.person}
        relation = {**extras, **layer, **more, "id": identity, "type": link.labels[0]}
        found.append({**relation, "from": ends[0][0]["id"], "to": ends[1][0]["id"]})  # type: ignore[typeddict-item]
    return found
