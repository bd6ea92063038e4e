"""One web annotation, of the model or of Hypothesis, as what it says: of which source, where, with which label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.extras import text_of
from annotator.formats.datasets.fields import checked, position
from annotator.formats.datasets.w3c.pages import person_of

_LABELS = ("tagging", "classifying", "identifying")
"""What a body is for that names a class, the surest first."""

_CHARS = ("value", "chars", "rdf:value", "cnt:chars")


@dataclass(slots=True)
class Place:
    """A piece of a text: a place in it, a quote with what stands around it, or both."""

    start: int | None = None
    end: int | None = None
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""


@dataclass(slots=True)
class WebAnnotation:
    """What an annotation says. `ends` are the ids that it links, `given` the data that it was."""

    id: str
    source: str
    places: list[Place]
    labels: list[str]
    attributes: dict[str, str]
    note: str
    person: str
    name: str
    created: str
    ends: list[str]
    title: str
    text: str | None
    given: Mapping[str, Any] = field(repr=False)


def annotation_of(data: Mapping[str, Any]) -> WebAnnotation:
    """Return what an annotation says. Raises EntryError for a part of another kind than the model has."""
    targets = _list(data.get("target", data.get("hasTarget")))
    bodies = list(_bodies(data))
    sources = [found for target in targets if (found := _source_of(target))]
    places = [place for target in targets if isinstance(target, dict) and (place := _place(target)) is not None]
    person, name = _creator(data)
    ends = _ends(data, targets) if not places else []
    labels = _labels(data, bodies)
    silent = ("linking", *_LABELS) if ends else _LABELS
    return WebAnnotation(
        id=text_of(data.get("id", data.get("@id"))),
        source=sources[0] if sources else text_of(data.get("uri")),
        places=places,
        labels=labels,
        attributes=_attributes(bodies, labels),
        note="\n".join(value for purpose, value in bodies if value and purpose not in silent),
        person=person,
        name=name,
        created=text_of(data.get("created", data.get("annotatedAt"))),
        ends=ends,
        title=_title(data),
        text=next((found for target in targets if (found := _embedded(target)) is not None), None),
        given=data,
    )


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _type_of(data: Mapping[str, Any]) -> str:
    return " ".join(map(str, _list(data.get("type", data.get("@type"))))).replace("oa:", "")


def _source_of(target: Any) -> str:
    if isinstance(target, str):
        return target
    if not isinstance(target, dict):
        raise EntryError("a target is {found!r:.40}, not an object.", found=target)
    source = target.get("source", target.get("hasSource"))
    if isinstance(source, list):
        source = source[0] if source else None
    if isinstance(source, dict):
        source = source.get("id", source.get("@id"))
    return text_of(source)


def _embedded(target: Any) -> str | None:
    source = target.get("source") if isinstance(target, dict) else None
    value = source.get("value") if isinstance(source, dict) else None
    return value if isinstance(value, str) else None


def _place(target: Mapping[str, Any]) -> Place | None:
    """Return where a target is, None where no selector says it in a way that texts have."""
    place, is_said = Place(), False
    for selector in _selectors(target.get("selector", target.get("hasSelector")), 0):
        kind = _type_of(selector)
        if "TextQuoteSelector" in kind and isinstance(selector.get("exact"), str):
            place.exact = selector["exact"]
            place.prefix, place.suffix = (text_of(selector.get(key)) for key in ("prefix", "suffix"))
            is_said = is_said or bool(place.exact)
        elif "TextPositionSelector" in kind:
            place.start, place.end = (position(selector.get(key), f"the {key} of a place") for key in ("start", "end"))
            is_said = True
    return place if is_said else None


def _selectors(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Yield selectors, those of a choice and those that refine others too."""
    for one in _list(value):
        if isinstance(one, dict) and depth < 10:
            yield one
            for key in ("refinedBy", "items", "members"):
                yield from _selectors(one.get(key), depth + 1)


def _bodies(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (purpose, value) of each body; of Hypothesis its tags and its text."""
    for tag in _list(data.get("tags")):
        yield "tagging", text_of(tag)
    for key in ("text", "bodyValue"):
        if isinstance(data.get(key), str):
            yield "commenting", data[key]
    for body in _list(data.get("body", data.get("hasBody"))):
        if isinstance(body, str):
            yield "linking", body
            continue
        one = checked(body, dict, "a body")
        purpose = text_of(next(iter(_list(one.get("purpose"))), "")).rpartition(":")[2]
        if not purpose:
            purpose = "tagging" if "Tag" in _type_of(one) else "commenting"
        value = next((one[key] for key in _CHARS if isinstance(one.get(key), str)), None)
        if value is None:
            value = one.get("label") if isinstance(one.get("label"), str) else _name_of(_source_of(one) or _id_of(one))
        yield purpose, text_of(value)


def _id_of(one: Mapping[str, Any]) -> str:
    return text_of(one.get("id", one.get("@id")))


def _name_of(address: str) -> str:
    """Return the last part of an address, which names the thing."""
    parts = urlsplit_or_none(address)
    return address.rstrip("/#").rpartition("#")[2].rpartition("/")[2] if parts else address


def urlsplit_or_none(address: str) -> Any:
    """Return the parts of an address that has a scheme and a host; None for any other text."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts if parts.scheme and parts.netloc else None


def _labels(data: Mapping[str, Any], bodies: list[tuple[str, str]]) -> list[str]:
    """Return the tags; without any the classes, and without those what the annotation is for."""
    for purpose in _LABELS:
        found = [value for one, value in bodies if one == purpose and value.strip()]
        if found:
            return list(dict.fromkeys(found))
    motivation = text_of(next(iter(_list(data.get("motivation"))), "")).rpartition(":")[2]
    return [motivation or ("commenting" if any(value for _, value in bodies) else "highlighting")]


def _attributes(bodies: list[tuple[str, str]], labels: list[str]) -> dict[str, str]:
    """Return the classes that are said as “attribute: value” beside the tags."""
    pairs = [value.partition(": ") for purpose, value in bodies if purpose == "classifying" and value not in labels]
    return {key.strip(): value.strip() for key, colon, value in pairs if colon and key.strip() and value.strip()}


def _creator(data: Mapping[str, Any]) -> tuple[str, str]:
    creator = next(iter(_list(data.get("creator", data.get("annotatedBy", data.get("user"))))), None)
    if isinstance(creator, dict):
        identity = _id_of(creator)
        name = next((text_of(creator[key]) for key in ("name", "nickname", "email") if creator.get(key)), "")
        return person_of(identity) or name, name
    info = data.get("user_info")
    name = text_of(info.get("display_name")) if isinstance(info, dict) else ""
    return person_of(text_of(creator)).removeprefix("acct:"), name


def _ends(data: Mapping[str, Any], targets: list[Any]) -> list[str]:
    """Return the two ids that an annotation links: both targets, or body and target."""
    ids = [one if isinstance(one, str) else _id_of(one) for one in targets if isinstance(one, str | dict)]
    if len(ids) == 1:
        ids = [*(one if isinstance(one, str) else "" for one in _list(data.get("body"))), *ids]
    return ids if len(ids) == 2 and all(ids) else []


def _title(data: Mapping[str, Any]) -> str:
    document = data.get("document")
    return text_of(next(iter(_list(document.get("title"))), "")) if isinstance(document, dict) else ""
