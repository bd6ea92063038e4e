"""annotation.conf and visual.conf: the codebook, as brat's settings of a collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotator.core.codebook import Codebook
from annotator.core.records import AttributeDefinition, Label
from annotator.formats.datasets.brat.names import word
from annotator.formats.datasets.brat.writing import FLAG, words_of
from annotator.formats.datasets.entries import Entry

_ANY = "<ENTITY>"


class Configuration:
    """The settings of a folder; what documents use and the codebook does not have is added."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._labels = dict.fromkeys(word(label.key) for label in codebook.labels)
        self._relations = dict.fromkeys(word(one.key) for one in codebook.relations)
        self._values: dict[str, dict[str, None]] = {}

    def add(self, entry: Entry) -> None:
        """Add what a document uses."""
        for span in entry["spans"]:
            self._labels[word(span["label"])] = None
            for key, value in span.get("attributes", {}).items():
                found = words_of(value)
                if found:
                    self._values.setdefault(key, {}).update(dict.fromkeys(found))
        for relation in entry.get("relations", ()):
            self._relations[word(relation["type"])] = None

    def annotation(self) -> bytes:
        """Return annotation.conf: types in their hierarchy, what relations may link, and values of attributes."""
        lines = ["[entities]", *self._entities(), "", "[relations]"]
        lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", *self._relation_lines()]
        lines += ["", "[events]", "", "[attributes]", *self._attributes()]
        return _bytes(lines)

    def visual(self) -> bytes:
        """Return visual.conf: names, and the colours of labels on white."""
        named = [*self._codebook.labels, *self._codebook.relations, *self._codebook.attributes]
        labels = [f"{word(one.key)} | {_shown(one.name) or word(one.key)}" for one in named]
        lines = ["[labels]", *labels, "", "[drawing]"]
        lines += [
            "SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken",
            "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5",
            "ATTRIBUTE_DEFAULT\tglyph:*",
            *(
                f"{word(label.key)}\tfgColor:{_ink(label.light)}, bgColor:{label.light}"
                for label in self._codebook.labels
            ),
        ]
        return _bytes(lines)

    def _entities(self) -> Iterator[str]:
        below: dict[str | None, list[Label]] = {}
        known = {label.id for label in self._codebook.labels}
        for label in self._codebook.labels:
            below.setdefault(label.parent if label.parent in known else None, []).append(label)
        yield from _tree(below, None, 0)
        named = {word(label.key) for label in self._codebook.labels}
        yield from (name for name in self._labels if name not in named)

    def _relation_lines(self) -> Iterator[str]:
        known = {word(one.key): one for one in self._codebook.relations}
        for name in self._relations:
            one = known.get(name)
            ends = [_types(one.sources if one else ()), _types(one.targets if one else ())]
            yield f"{name}\tArg1:{ends[0]}, Arg2:{ends[1]}"

    def _attributes(self) -> Iterator[str]:
        known = {attribute.key: attribute for attribute in self._codebook.attributes}
        for key in dict.fromkeys([*known, *self._values]):
            values = self._values_of(known.get(key), self._values.get(key, {}))
            arguments = _types(known[key].labels if key in known else ())
            if values == [FLAG]:
                yield f"{word(key)}\tArg:{arguments}"
            elif values:
                yield f"{word(key)}\tArg:{arguments}, Value:{'|'.join(values)}"

    def _values_of(self, attribute: AttributeDefinition | None, used: Iterable[str]) -> list[str]:
        """Return the values that brat offers: choices, and what documents use; a flag where it is true or false."""
        if attribute is not None and attribute.type == "boolean":
            return [FLAG]
        choices = [one for value, _ in attribute.choices for one in words_of(value)] if attribute else []
        return [one for one in dict.fromkeys([*choices, *used]) if "|" not in one and "," not in one]


def _tree(below: dict[str | None, list[Label]], parent: str | None, depth: int) -> Iterator[str]:
    for label in below.get(parent, ()):
        yield "\t" * depth + word(label.key)
        yield from _tree(below, label.id, depth + 1)


def _types(keys: Iterable[str]) -> str:
    return "|".join(word(key) for key in keys) or _ANY


def _shown(name: str) -> str:
    """Return a name without the signs that mean something in the file."""
    return " ".join(name.replace("|", "/").split()).lstrip("!#[<-")


def _ink(colour: str) -> str:
    """Return black or white, whichever is read more easily on a colour (its weighted brightness, ITU-R BT.601)."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "black" if 299 * red + 587 * green + 114 * blue > 128_000 else "white"


def _bytes(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
