"""Edits of a codebook that is not saved yet: each takes a draft and returns another.

A draft is a `Codebook` that may contradict itself for a while; `checked` says whether it holds together. Ids never
change, so a renamed key is followed through every list that names it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from annotator.core.codebook import PATTERNS, Codebook, codebook_from_data, codebook_to_data
from annotator.core.errors import CodebookError, NotFoundError
from annotator.core.ids import new_id
from annotator.core.palette import LABEL_COLOURS
from annotator.core.records import AttributeDefinition, Label, RelationType

Entry = Label | AttributeDefinition | RelationType
_Entry = TypeVar("_Entry", Label, AttributeDefinition, RelationType)
_Keys = tuple[str, ...]

SECTIONS: dict[type, str] = {Label: "labels", AttributeDefinition: "attributes", RelationType: "relations"}

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ё": "e", "ж": "zh", "з": "z",
    "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
    "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a draft, and in which field of which entry; `entry` is an id, or empty where none is."""

    error: CodebookError
    entry: str
    field: str


def entries(codebook: Codebook) -> tuple[Entry, ...]:
    """Return everything that has an id, labels first."""
    return (*codebook.labels, *codebook.attributes, *codebook.relations)


def entry(codebook: Codebook, identity: str) -> Entry:
    """Return a label, an attribute or a relation type by id. Raises NotFoundError."""
    for candidate in entries(codebook):
        if candidate.id == identity:
            return candidate
    raise NotFoundError("The codebook has no entry “{id}”.", id=identity)


def label(codebook: Codebook, identity: str) -> Label:
    """Return a label by id. Raises NotFoundError."""
    found = entry(codebook, identity)
    if isinstance(found, Label):
        return found
    raise NotFoundError("The codebook has no label “{id}”.", id=identity)


# -- check


def checked(codebook: Codebook) -> Codebook:
    """Return the draft with its defaults as they are stored. Raises CodebookError where it contradicts itself."""
    return codebook_from_data(codebook_to_data(codebook), codebook.name or "codebook")


def problem_of(codebook: Codebook, edited: str = "") -> Problem | None:
    """Return the first thing that is wrong with a draft, and where, or None.

    Of two entries that share what one only may have, it is the one with the id `edited`, else the later one.
    """
    try:
        checked(codebook)
    except CodebookError as error:
        identity, field = _place(codebook, error, edited)
        return Problem(error, identity, field)
    return None


def _place(codebook: Codebook, error: CodebookError, edited: str) -> tuple[str, str]:
    fields = error.fields
    field = str(fields.get("field", ""))
    if "value" in fields and "kind" in fields:
        return _one_twin(codebook, str(fields["kind"]), field, fields["value"], edited)
    if "keys" in fields:
        return codebook.label_by_key(str(fields["key"])).id, "parent"
    found = re.match(r"(label|attribute|relation type) (?:(\d+)|“(.+)”)", str(fields.get("entry", "")))
    if found is None:
        about = [a.id for a in codebook.attributes if a.key == fields.get("key")]
        return (about[0], "default" if "reason" in fields else "choices") if about else ("", field)
    section = {"label": codebook.labels, "attribute": codebook.attributes}.get(found[1], codebook.relations)
    for number, candidate in enumerate(section, 1):
        if found[2] == str(number) or (found[3] and candidate.key == found[3]):
            return candidate.id, field
    return "", field


def _one_twin(codebook: Codebook, kind: str, field: str, value: object, edited: str) -> tuple[str, str]:
    choices = re.fullmatch(r"choices of attribute “(.+)”", kind)
    if choices:
        return codebook.attribute_by_key(choices[1]).id, "choices"
    section: Sequence[Entry] = entries(codebook)
    if kind == "labels":
        section = codebook.labels
    elif kind == "relation types":
        section = codebook.relations
    elif kind.startswith("attributes"):
        of = re.fullmatch(r"attributes of label “(.+)”", kind)
        section = [a for a in codebook.attributes if of is None or not a.labels or of[1] in a.labels]
    twins = [e.id for e in section if _plain(getattr(e, field, None)) == _plain(value)]
    if not twins:
        return "", field
    return (edited if edited in twins else twins[-1]), field


def _plain(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


# -- add and change


def with_entry(codebook: Codebook, changed: Entry) -> Codebook:
    """Return the draft with an entry as given: new at the end of its list, or in its place with its key followed."""
    section = SECTIONS[type(changed)]
    present: tuple[Entry, ...] = getattr(codebook, section)
    before = next((e for e in present if e.id == changed.id), None)
    if before is None:
        return _renumbered(replace(codebook, **{section: (*present, changed)}))
    draft = replace(codebook, **{section: tuple(changed if e.id == changed.id else e for e in present)})
    if isinstance(before, Label) and before.key != changed.key:
        draft = _with_lists(draft, lambda keys: tuple(changed.key if k == before.key else k for k in keys))
    return draft


def new_label(codebook: Codebook, name: str, parent: str | None = None) -> Label:
    """Return a label that is not in the codebook yet, with a key, a colour, a line and a digit that are free."""
    used = {one.light for one in codebook.labels}
    light, dark = next(
        (pair for pair in LABEL_COLOURS if pair[0] not in used), LABEL_COLOURS[len(used) % len(LABEL_COLOURS)]
    )
    place = len(codebook.labels)
    return Label(
        new_id(),
        free_key(name, (one.key for one in codebook.labels), "label"),
        free_name(name, (one.name for one in codebook.labels)),
        free_digit(codebook),
        light,
        dark,
        PATTERNS[place % len(PATTERNS)],
        next((letter.upper() for letter in name if letter.isalnum()), "L"),
        place,
        parent,
    )


def new_attribute(codebook: Codebook, name: str, labels: _Keys = ()) -> AttributeDefinition:
    """Return an attribute that is not in the codebook yet, a line of text at first."""
    key = free_key(name, (one.key for one in codebook.attributes), "attribute")
    name = free_name(name, (one.name for one in codebook.attributes))
    return AttributeDefinition(new_id(), key, name, "text", len(codebook.attributes), (), labels)


def new_relation(codebook: Codebook, name: str) -> RelationType:
    """Return a relation type that is not in the codebook yet."""
    key = free_key(name, (one.key for one in codebook.relations), "relation")
    name = free_name(name, (one.name for one in codebook.relations))
    return RelationType(new_id(), key, name, len(codebook.relations))


def free_key(name: str, used: Iterable[str], fallback: str) -> str:
    """Return a key made of a name, Latin letters standing for Cyrillic ones, that is not used yet."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in name.casefold())
    bare = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode("ascii")
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", bare))
    key = "_".join(words)
    return _free(key if key and key[0].isalpha() else "_".join((fallback, *words)), used, "_")


def free_name(name: str, used: Iterable[str]) -> str:
    """Return the name, with a number behind it where it is used already; upper and lower case count as the same."""
    taken = {one.casefold() for one in used}
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{name} {number}", number + 1
    return candidate


def free_digit(codebook: Codebook) -> int | None:
    """Return the lowest digit that no label has, or None."""
    used = {one.digit for one in codebook.labels}
    return next((digit for digit in range(1, 10) if digit not in used), None)


def _free(stem: str, used: Iterable[str], separator: str) -> str:
    taken, candidate, number = set(used), stem, 2
    while candidate in taken:
        candidate, number = f"{stem}{separator}{number}", number + 1
    return candidate


# -- order and nesting


def moved(codebook: Codebook, identity: str, place: int, parent: str | None = None) -> Codebook:
    """Return the draft with an entry at another place among its siblings (from 0), a label under another parent.

    Raises CodebookError where a label would come under itself.
    """
    changed = entry(codebook, identity)
    section: tuple[Entry, ...] = getattr(codebook, SECTIONS[type(changed)])
    if isinstance(changed, Label):
        if parent is not None and identity in lineage(codebook, parent):
            raise CodebookError("“{label}” cannot come under itself. Choose another place.", label=changed.name)
        changed = replace(changed, parent=parent)
    others = [one for one in section if one.id != identity]
    siblings = [one for one in others if not isinstance(one, Label) or one.parent == parent]
    before = siblings[place] if 0 <= place < len(siblings) else None
    others.insert(len(others) if before is None else others.index(before), changed)
    return _renumbered(replace(codebook, **{SECTIONS[type(changed)]: tuple(others)}))


def lineage(codebook: Codebook, identity: str) -> list[str]:
    """Return the ids of a label and of those above it, itself first."""
    parents = {one.id: one.parent for one in codebook.labels}
    found: list[str] = []
    current: str | None = identity
    while current is not None and current not in found:
        found.append(current)
        current = parents.get(current)
    return found


def children(codebook: Codebook, parent: str | None) -> list[Label]:
    """Return the labels directly under a label, or those at the top, in order."""
    known = {one.id for one in codebook.labels}
    return [one for one in codebook.labels if (one.parent if one.parent in known else None) == parent]


def _renumbered(codebook: Codebook) -> Codebook:
    return replace(
        codebook,
        labels=_placed(codebook.labels),
        attributes=_placed(codebook.attributes),
        relations=_placed(codebook.relations),
    )


def _placed(section: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    return tuple(replace(one, position=place) for place, one in enumerate(section))


# -- retire, remove, merge


def retired(codebook: Codebook, identity: str, *, out_of_use: bool = True) -> Codebook:
    """Return the draft with an entry out of use, or in use again; a retired label gives its digit away."""
    changed = entry(codebook, identity)
    if isinstance(changed, Label) and out_of_use:
        changed = replace(changed, digit=None)
    return with_entry(codebook, replace(changed, retired=out_of_use))


def without_entry(codebook: Codebook, identity: str) -> Codebook:
    """Return the draft without an entry; the labels under a removed one move up.

    Raises CodebookError where an attribute or a relation end is for that label alone: without it, it would be for
    every label.
    """
    gone = entry(codebook, identity)
    if isinstance(gone, Label):
        _refuse_last_mention(codebook, gone)
        codebook = replace(
            codebook,
            labels=tuple(replace(one, parent=gone.parent) if one.parent == gone.id else one for one in codebook.labels),
        )
        codebook = _with_lists(codebook, lambda keys: tuple(key for key in keys if key != gone.key))
    section = SECTIONS[type(gone)]
    return _renumbered(replace(codebook, **{section: tuple(e for e in getattr(codebook, section) if e.id != gone.id)}))


def merged(codebook: Codebook, source: str, target: str) -> Codebook:
    """Return the draft with one label merged into another: what names the one names the other, and it is retired.

    An attribute of the one whose name an attribute of the other has already gets the label's name behind it.
    Raises CodebookError for a label merged into itself or into a retired one.
    """
    gone, kept = label(codebook, source), label(codebook, target)
    if source == target or kept.retired:
        raise CodebookError(
            "“{label}” cannot be merged into “{other}”. Choose another label.", label=gone.name, other=kept.name
        )
    if source in lineage(codebook, target):
        kept = replace(kept, parent=gone.parent)
        codebook = with_entry(codebook, kept)
    codebook = replace(
        codebook,
        labels=tuple(
            replace(one, parent=kept.id) if one.parent == gone.id and one.id != kept.id else one
            for one in codebook.labels
        ),
    )
    codebook = _with_own_names(codebook, gone, kept)
    codebook = _with_lists(codebook, lambda keys: _once(kept.key if key == gone.key else key for key in keys))
    return retired(codebook, source)


def _with_own_names(codebook: Codebook, gone: Label, kept: Label) -> Codebook:
    """Return the draft with other names for the attributes that would meet a namesake on the merged label."""
    there = {a.name.casefold() for a in codebook.attributes if not a.labels or kept.key in a.labels}
    for attribute in codebook.attributes:
        moves = gone.key in attribute.labels and kept.key not in attribute.labels
        if moves and attribute.name.casefold() in there:
            codebook = with_entry(codebook, replace(attribute, name=f"{attribute.name} ({gone.name})"))
    return codebook


def _refuse_last_mention(codebook: Codebook, gone: Label) -> None:
    for attribute in codebook.attributes:
        if attribute.labels == (gone.key,):
            raise CodebookError(
                "The attribute “{attribute}” is for “{label}” alone. Remove it first, or give it another label.",
                attribute=attribute.name,
                label=gone.name,
            )
    for relation in codebook.relations:
        if (gone.key,) in (relation.sources, relation.targets):
            raise CodebookError(
                "The relation “{relation}” is for “{label}” alone. Remove it first, or give it other ends.",
                relation=relation.name,
                label=gone.name,
            )


def _with_lists(codebook: Codebook, changed: Callable[[_Keys], _Keys]) -> Codebook:
    """Return the draft with every list of label keys changed."""
    return replace(
        codebook,
        attributes=tuple(replace(one, labels=changed(one.labels)) for one in codebook.attributes),
        relations=tuple(
            replace(one, sources=changed(one.sources), targets=changed(one.targets)) for one in codebook.relations
        ),
    )


def _once(keys: Iterable[str]) -> _Keys:
    return tuple(dict.fromkeys(keys))
