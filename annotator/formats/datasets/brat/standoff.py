"""The lines of a standoff file, in brat's own form and in those of corpora that look like it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.units import Fragments

_ID = re.compile(r"(?:[A-Z]|#[A-Za-z]*)\S*[0-9]\S*$|\*$|#$")
_PLACES = r"(\d+[ \t]+\d+(?:[ \t]*;[ \t]*\d+[ \t]+\d+)*)"
_SPAN = re.compile(rf"([^\t]+?)[ \t]{_PLACES}[ \t]*(?:\t(.*))?")
_LOOSE_SPAN = re.compile(rf"(\S+)[ \t]+{_PLACES}(?:[ \t]+(.*))?")
_PARTED = re.compile(r"([^\t ]*)[\t ]+(.*)", re.DOTALL)
_ARGUMENT = re.compile(r"([^\s:]+):(\S+)")
_LONGEST_NUMBER = 15


@dataclass(slots=True)
class Bound:
    """A T line: a type at places, with the text that it repeats, None where it repeats none."""

    id: str
    type: str
    pieces: Fragments
    quote: str | None


@dataclass(slots=True)
class Link:
    """An R line or a part of a * or an E line: a relation between two annotations."""

    id: str
    type: str
    source: str
    target: str


@dataclass(slots=True)
class Standoff:
    """What the lines of one document say. `unknown` are those that are in no form that is known."""

    bounds: dict[str, Bound] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    triggers: dict[str, str] = field(default_factory=dict)
    """The T line of each event."""
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    """(target, key, value); the value is empty where there is none."""
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """(target, kind, text)."""
    unknown: list[str] = field(default_factory=list)


def standoff(text: str) -> Standoff:
    """Return what the lines of a file, or of several after each other, say.

    Raises EntryError where two different T lines have the same id.
    """
    found = Standoff()
    for identity, rest in _lines(text):
        if not _add(found, identity, rest):
            found.unknown.append(f"{identity} {rest}".strip())
    return found


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield (id, rest) of each line; a line without an id goes on with the text of the T line before it."""
    last: tuple[str, str] | None = None
    for line in text.removeprefix("\ufeff").split("\n"):
        line = line.removesuffix("\r")
        identity, rest = _parted(line)
        if identity and _ID.match(identity):
            if last is not None:
                yield last
            last = identity, rest
        elif last is not None and last[0].startswith("T") and line.strip():
            last = last[0], f"{last[1]} {line}"
        elif line.strip():
            if last is not None:
                yield last
            last = "", line
    if last is not None:
        yield last


def _parted(line: str) -> tuple[str, str]:
    """Return the id of a line and the rest: at the tab stop, or at the first space where there is none before."""
    found = _PARTED.match(line)
    return (found[1], found[2]) if found else (line.strip(), "")


def _add(found: Standoff, identity: str, rest: str) -> bool:
    """Add what a line says, if it is of a known form."""
    kind = identity[:1]
    if kind == "T":
        return _add_bound(found, identity, rest)
    if kind == "R":
        return _add_relation(found, identity, rest)
    if kind == "*":
        return _add_equivalence(found, rest)
    if kind == "E":
        return _add_event(found, identity, rest)
    if kind in ("A", "M"):
        return _add_attribute(found, rest)
    if kind == "N":
        return _add_normalization(found, rest)
    return kind == "#" and _add_note(found, rest)


def _add_bound(found: Standoff, identity: str, rest: str) -> bool:
    match = _SPAN.fullmatch(rest) or _LOOSE_SPAN.fullmatch(rest)
    if match is None:
        return False
    numbers = re.findall(r"\d+", match[2])
    if max(map(len, numbers)) > _LONGEST_NUMBER:
        return False
    edges = list(map(int, numbers))
    pieces = sorted([start, end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    bound = Bound(identity, match[1].strip(), pieces, match[3] or None)
    if found.bounds.setdefault(identity, bound) != bound:
        raise EntryError("two lines have the id {id}.", id=identity)
    return True


def _add_relation(found: Standoff, identity: str, rest: str) -> bool:
    words = rest.split()
    ends = [match[2] for match in map(_ARGUMENT.fullmatch, words[1:]) if match]
    if len(ends) != 2:
        return False
    found.links.append(Link(identity, words[0], *ends))
    return True


def _add_equivalence(found: Standoff, rest: str) -> bool:
    kind, *members = rest.split() or [""]
    if len(members) < 2:
        return False
    for target in members[1:]:
        found.links.append(Link("", kind, members[0], target))
    return True


def _add_event(found: Standoff, identity: str, rest: str) -> bool:
    arguments = [match.groups() for match in map(_ARGUMENT.fullmatch, rest.split()) if match]
    if not arguments:
        return False
    found.triggers[identity] = arguments[0][1]
    for role, target in arguments[1:]:
        found.links.append(Link("", role.rstrip("0123456789") or role, identity, target))
    return True


def _add_attribute(found: Standoff, rest: str) -> bool:
    words = rest.replace("\t", " ").split(None, 2)
    if len(words) < 2:
        return False
    found.attributes.append((words[1], words[0], words[2].strip() if len(words) > 2 else ""))
    return True


def _add_normalization(found: Standoff, rest: str) -> bool:
    words = rest.split("\t")[0].split()
    if len(words) < 3:
        return False
    pairs = {match[1]: match[2] for match in map(_ARGUMENT.fullmatch, words[1:]) if match}
    if {"Annotation", "Referent"} <= pairs.keys():
        words = [words[0], pairs["Annotation"], pairs["Referent"]]
    found.attributes.append((words[1], words[0], words[2]))
    return True


def _add_note(found: Standoff, rest: str) -> bool:
    head, _, text = rest.partition("\t")
    words = head.split(None, 2)
    if len(words) < 2:
        return False
    found.notes.append((words[1], words[0], (text or " ".join(words[2:])).strip()))
    return True
