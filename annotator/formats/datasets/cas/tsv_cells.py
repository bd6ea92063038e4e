"""The columns of WebAnno TSV 3, and the cells of its rows as annotations.

Stacked annotations are parted by `|`; `[n]` after a value joins those of several rows; `_` is no annotation, `*` no
value. A relation stands in the row of its target and names the row of its source; a slot names those of its targets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotator.formats.datasets.cas.structures import INITIAL_VIEW, Cas, Sofa, Structure
from annotator.formats.datasets.cas.types import SENTENCE

_LAYERS = {"#T_SP=": "span", "#T_RL=": "relation", "#T_CH=": "chain"}
_ROLE = re.compile(r"ROLE_.*:(.+)_[^_]+")
_STACK = re.compile(r"(?<!\\)\|")
_SLOTS = re.compile(r"(?<!\\);")
_NUMBERED = re.compile(r"(.*?)(?<!\\)\[(\d+)(?:_(\d+))?\]", re.DOTALL)
_LINK = re.compile(r"(.*)(?<!\\)->(\d+)-(\d+)", re.DOTALL)
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_SOFA = "1"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer: `role` is value, base, slot-role or slot-target; `feature` is empty for a placeholder."""

    layer: int
    kind: str
    type: str
    role: str
    feature: str


def columns_of(lines: list[str]) -> tuple[list[Column], int]:
    """Return the columns that the header declares, and the number of the first line after it."""
    columns: list[Column] = []
    number, layer = 1, 0
    while number < len(lines) and (kind := _LAYERS.get(lines[number][:6])):
        name, *declared = lines[number][6:].split("|")
        declared = [one for one in declared if one] or [""]
        slot = ""
        for one in declared:
            role, feature = _role_of(kind, one, slot)
            slot = feature if role == "slot-role" else ""
            columns.append(Column(layer, kind, name, role, feature))
        number, layer = number + 1, layer + 1
    return columns, number


def _role_of(kind: str, declared: str, slot: str) -> tuple[str, str]:
    if kind == "relation" and declared.startswith("BT_"):
        return "base", declared.removeprefix("BT_")
    if kind == "span" and (found := _ROLE.fullmatch(declared)):
        return "slot-role", found[1]
    if kind == "span" and slot and "." in declared:
        return "slot-target", slot
    return "value", declared


def _unescaped(value: str) -> str:
    letters = {"t": "\t", "n": "\n"}
    return _ESCAPED.sub(lambda match: letters.get(match[1], match[1]), value)


@dataclass(slots=True)
class _Cell:
    """One annotation in a cell: its value as it stands, and the numbers after it."""

    value: str
    number: str
    second: str

    @property
    def text(self) -> str | None:
        return None if self.value in ("*", "_") else _unescaped(self.value)


def _cell(raw: str) -> _Cell:
    found = _NUMBERED.fullmatch(raw)
    return _Cell(found[1], found[2], found[3] or "") if found else _Cell(raw, "", "")


class Annotations:
    """Gathers annotations row by row; positions are UTF-16 units."""

    def __init__(self, columns: list[Column]) -> None:
        self._layers: dict[int, list[tuple[int, Column]]] = {}
        for place, column in enumerate(columns):
            self._layers.setdefault(column.layer, []).append((place, column))
        self._structures: dict[str, Structure] = {}
        self._by_key: dict[tuple[Any, ...], Structure] = {}
        self._in_row: dict[tuple[str, str], Structure] = {}
        self._by_number: dict[str, Structure] = {}
        self._relations: list[tuple[Structure, str, str, _Cell]] = []
        self._slots: list[tuple[Structure, str, str, str]] = []

    def add_sentence(self, begin: int, end: int) -> None:
        """Add a sentence."""
        self._new(SENTENCE, begin, end)

    def add(self, row: str, begin: int, end: int, cells: list[str]) -> None:
        """Add what the cells of a token say; `row` is its id."""
        for layer, columns in self._layers.items():
            stacks = [_STACK.split(cells[place]) for place, _ in columns]
            for place in range(max(map(len, stacks))):
                found = [
                    (column, stack[place] if place < len(stack) else "_")
                    for (_, column), stack in zip(columns, stacks, strict=True)
                ]
                if any(raw not in ("_", "") for _, raw in found):
                    self._add_one(layer, row, (begin, end), found)

    def _add_one(self, layer: int, row: str, edges: tuple[int, int], found: list[tuple[Column, str]]) -> None:
        kind = found[0][0].kind
        if kind == "relation":
            self._add_relation(row, edges, found)
        elif kind == "chain":
            self._add_link(layer, edges, found)
        else:
            self._add_span(layer, row, edges, found)

    def _add_span(self, layer: int, row: str, edges: tuple[int, int], found: list[tuple[Column, str]]) -> None:
        cells = [(column, _cell(raw)) for column, raw in found if column.role != "slot-target"]
        number = next((cell.number for _, cell in cells if cell.number), "")
        one = self._joined((layer, number) if number else None, found[0][0].type, edges)
        self._in_row.setdefault((one.type, row), one)
        if number:
            self._by_number.setdefault(number, one)
        roles = ""
        for column, raw in found:
            if column.role == "slot-role":
                roles = _cell(raw).value
            elif column.role == "slot-target":
                self._slots.append((one, column.feature, roles, raw))
            elif column.feature and (value := _cell(raw).text) is not None:
                one.features[column.feature] = value

    def _add_link(self, layer: int, edges: tuple[int, int], found: list[tuple[Column, str]]) -> None:
        """Add an element of a chain, known by the numbers of the chain and of the element."""
        link = next((match for _, raw in found if (match := _LINK.fullmatch(raw))), None)
        key = (layer, int(link[2]), int(link[3])) if link else None
        one = self._joined(key, found[0][0].type, edges)
        for column, raw in found:
            match = _LINK.fullmatch(raw)
            value = _Cell(match[1], "", "").text if match else _cell(raw).text
            if column.feature and value is not None:
                one.features[column.feature] = value

    def _add_relation(self, row: str, edges: tuple[int, int], found: list[tuple[Column, str]]) -> None:
        one = self._new(found[0][0].type, *edges)
        for column, raw in found:
            if column.role == "base":
                self._relations.append((one, column.feature, row, _cell(raw)))
            elif column.feature and (value := _cell(raw).text) is not None:
                one.features[column.feature] = value

    def _joined(self, key: tuple[Any, ...] | None, kind: str, edges: tuple[int, int]) -> Structure:
        """Return the annotation of this key, made longer, or a new one."""
        known = self._by_key.get(key) if key is not None else None
        if known is None:
            known = self._new(kind, *edges)
            if key is not None:
                self._by_key[key] = known
        known.features["begin"] = min(known.features["begin"], edges[0])
        known.features["end"] = max(known.features["end"], edges[1])
        return known

    def _new(self, kind: str, begin: int, end: int) -> Structure:
        identity = str(len(self._structures) + 2)
        one = Structure(identity, kind, {"sofa": _SOFA, "begin": begin, "end": end})
        self._structures[identity] = one
        return one

    def cas(self, text: str) -> Cas:
        """Return all that was added, with relations, slots and chains linked."""
        for one, base, row, cell in self._relations:
            source = self._at(base, cell.value, cell.number)
            target = self._at(base, row, cell.second)
            one.features |= {"Governor": source, "Dependent": target}
        for one, feature, roles, targets in self._slots:
            self._link_slots(one, feature, roles, targets)
        self._link_chains()
        return Cas({_SOFA: Sofa(_SOFA, INITIAL_VIEW, text)}, self._structures)

    def _at(self, base: str, row: str, number: str) -> str:
        """Return the id of an annotation by its number, or of the one of a type that begins in a row."""
        known = self._by_number.get(number) if number.strip("0") else self._in_row.get((base, row))
        return known.id if known else "?"

    def _link_slots(self, one: Structure, feature: str, roles: str, targets: str) -> None:
        links = []
        names = _SLOTS.split(roles)
        for place, raw in enumerate(_SLOTS.split(targets)):
            cell = _cell(raw)
            if cell.value in ("*", "_", ""):
                continue
            known = self._by_number.get(cell.number) if cell.number else None
            known = known or next((found for (_, row), found in self._in_row.items() if row == cell.value), None)
            if known is None:
                continue
            role = _unescaped(names[place]) if place < len(names) and names[place] not in ("*", "_") else ""
            identity = str(len(self._structures) + 2)
            self._structures[identity] = Structure(identity, "link", {"role": role, "target": known.id})
            links.append(identity)
        if links:
            one.features[feature] = " ".join(links)

    def _link_chains(self) -> None:
        chained = sorted(key for key in self._by_key if len(key) == 3)
        for first, second in pairwise(chained):
            if first[:2] == second[:2]:
                self._by_key[first].features["next"] = self._by_key[second].id
