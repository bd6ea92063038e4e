"""Which documents train, validate and test: shares of documents and labels, and nothing alike on two sides.

Documents come in groups that stay together (see analysis.leaks). What was decided once is fixed. The rest follows from
documents, plan and seed alone, whatever order they come in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from annotator.core.errors import RefusedError

TRAIN, VALIDATION, TEST = NAMES = ("train", "validation", "test")
WAYS = ("labels", "date", "source")
"""By what documents are shared out: alike in labels, the newest for the test, or whole sources."""


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """How to share documents out: `shares` in percent for train, validation and test; `way` is one of `WAYS`."""

    shares: tuple[int, int, int] = (80, 10, 10)
    seed: int = 1
    way: str = "labels"

    def checked(self) -> SplitPlan:
        """Return the plan. Raises RefusedError where the shares do not add up to 100, or there is no such way."""
        if any(share < 0 for share in self.shares) or sum(self.shares) != 100:
            raise RefusedError(
                "The shares {shares} do not add up to 100. Give three numbers such as 80/10/10.",
                shares="/".join(map(str, self.shares)),
            )
        if self.way not in WAYS:
            raise RefusedError("“{way}” is no way to split. Use one of: {known}.", way=self.way, known=", ".join(WAYS))
        return self


@dataclass(frozen=True, slots=True)
class SplitItem:
    """A document to share out: the labels in it, what it must stay with, its date (ISO 8601) and source."""

    document: str
    labels: Collection[str] = ()
    group: str = ""
    date: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    """Documents that stay together."""

    items: tuple[SplitItem, ...]
    counts: Mapping[str, int]
    place: str
    """What orders groups that are alike: a hash of the seed and the first document."""


def shared_out(items: Iterable[SplitItem], plan: SplitPlan, fixed: Mapping[str, str]) -> dict[str, str]:
    """Return train, validation or test for each document.

    A group with a fixed document goes where that one is. Where documents are fixed on two sides, each of them stays,
    and the others go with those that they are like, or else to the first of these sides.

    Raises:
        RefusedError: The shares do not add up, or by date a document has none.
    """
    plan.checked()
    groups = _groups(items, plan)
    found: dict[str, str] = {}
    free = []
    for group in groups:
        if any(item.document in fixed for item in group.items):
            found |= _led_by_fixed(group, fixed)
        else:
            free.append(group)
    if plan.way == "date":
        return found | _by_date(free, groups, plan, found)
    return found | _by_labels(free, groups, plan, found)


def _led_by_fixed(group: _Group, fixed: Mapping[str, str]) -> dict[str, str]:
    """Return the sides of a group that has fixed documents; what is alike counts for more than a source in common."""
    all_sides = {fixed[item.document] for item in group.items if item.document in fixed}
    alike: dict[str, set[str]] = defaultdict(set)
    for item in group.items:
        if item.group and item.document in fixed:
            alike[item.group].add(fixed[item.document])
    return {
        item.document: fixed.get(item.document) or min(alike.get(item.group) or all_sides, key=NAMES.index)
        for item in group.items
    }


def _groups(items: Iterable[SplitItem], plan: SplitPlan) -> list[_Group]:
    known = list(items)
    keys = _keys(known, by_source=plan.way == "source")
    together: dict[str, list[SplitItem]] = defaultdict(list)
    for item in known:
        together[keys[item.document]].append(item)
    return [_group(members, plan.seed) for members in together.values()]


def _group(members: Iterable[SplitItem], seed: int) -> _Group:
    ordered = tuple(sorted(members, key=lambda item: item.document))
    counts: Counter[str] = Counter({_ALL: len(ordered)})
    for item in ordered:
        counts.update(dict.fromkeys(item.labels, 1))
    return _Group(ordered, counts, sha256(f"{seed}:{ordered[0].document}".encode()).hexdigest())


_ALL = "\0"
"""Stands among the labels for being a document: shares are of these as well."""


def _keys(items: Sequence[SplitItem], *, by_source: bool) -> dict[str, str]:
    """Return for each document a key that it has in common with what it stays with."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for item in items:
        group = root(f"group {item.group or item.document}")
        if by_source and item.source:
            source = root(f"source {item.source}")
            parent[max(group, source)] = min(group, source)
    return {item.document: root(f"group {item.group or item.document}") for item in items}


class _Wanted:
    """How many documents, and how many with each label, each side still wants."""

    def __init__(self, groups: Iterable[_Group], plan: SplitPlan, found: Mapping[str, str]) -> None:
        totals: Counter[str] = Counter()
        for group in groups:
            totals.update(group.counts)
        shares = dict(zip(NAMES, plan.shares, strict=True))
        self.sides = tuple(name for name in NAMES if shares[name])
        self._left = {name: {key: count * shares[name] / 100 for key, count in totals.items()} for name in NAMES}
        for group in groups:
            for item in group.items:
                if item.document in found:
                    self._take({_ALL: 1, **dict.fromkeys(item.labels, 1)}, found[item.document])

    def give(self, group: _Group, side: str) -> None:
        """Count a group as given to a side."""
        self._take(group.counts, side)

    def _take(self, counts: Mapping[str, int], side: str) -> None:
        for key, count in counts.items():
            self._left[side][key] -= count

    def left_of(self, side: str) -> float:
        """Return how many documents a side still wants."""
        return self._left[side][_ALL]

    def most(self, key: str) -> str:
        """Return the side that wants most of a label, or of those the most documents, or the first."""
        return max(self.sides, key=lambda side: (self._left[side][key], self._left[side][_ALL], -NAMES.index(side)))


def _by_labels(
    free: Sequence[_Group], groups: Sequence[_Group], plan: SplitPlan, found: Mapping[str, str]
) -> dict[str, str]:
    """Share out by the rarest label first, which has the fewest ways to come out even.

    Iterative stratification: Sechidis, Tsoumakas, Vlahavas, “On the stratification of multi-label data”, ECML PKDD
    2011, with groups in the place of examples.
    """
    wanted = _Wanted(groups, plan, found)
    sides: dict[str, str] = {}
    waiting = sorted(free, key=lambda group: group.place)
    while waiting:
        left: Counter[str] = Counter()
        for group in waiting:
            left.update(group.counts)
        rarest = min(left, key=lambda key: (key == _ALL, left[key], key))
        having = [group for group in waiting if group.counts.get(rarest)]
        waiting = [group for group in waiting if not group.counts.get(rarest)]
        for group in sorted(having, key=lambda group: (-len(group.items), group.place)):
            side = wanted.most(rarest)
            wanted.give(group, side)
            sides |= {item.document: side for item in group.items}
    return sides


def _by_date(
    free: Sequence[_Group], groups: Sequence[_Group], plan: SplitPlan, found: Mapping[str, str]
) -> dict[str, str]:
    """Let the oldest train and the newest test; a group stands where the newest of it does."""
    undated = next((item.document for group in groups for item in group.items if not item.date), None)
    if undated is not None:
        raise RefusedError(
            "Document {document} has no date, so it is neither older nor newer. Give it one, or split by labels.",
            document=undated,
        )
    wanted = _Wanted(groups, plan, found)
    sides: dict[str, str] = {}
    newest_first = sorted(free, key=lambda group: (max(item.date for item in group.items), group.place), reverse=True)
    order = [name for name in reversed(NAMES) if name in wanted.sides]
    for group in newest_first:
        while len(order) > 1 and wanted.left_of(order[0]) < len(group.items) / 2:
            order.pop(0)
        wanted.give(group, order[0])
        sides |= {item.document: order[0] for item in group.items}
    return sides
