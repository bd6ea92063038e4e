"""Changes of an older version's rows as they are in a newer version: mirrored onto the counterparts of the rows.

A mirrored change follows from the changes of its row, what is known of the counterpart, and where spans lie in the two
texts. It leads the counterpart to the revision that follows from the row's (core.versions.revision_in), so copies that
mirror the same change apart come to the same head.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.core.canonical import canonical_json
from annotator.core.ids import new_id
from annotator.core.journal import JournalChange
from annotator.core.records import Annotation, Decision, Record, Unplaced
from annotator.core.rowdata import from_data, to_data
from annotator.core.versions import Place, counterpart, counterpart_id, revision_in, unplaced_id, waiting

_Images = tuple[Record | None, Record | None]
"""A row's counterpart, and for a span without a sure place the row that says that it waits for one."""


@dataclass(frozen=True, slots=True)
class _Point:
    """A row at one of its revisions, what it is in the newer version, and at which revisions that is there."""

    record: Record | None
    images: _Images
    ends: tuple[str | None, str | None]


_NOTHING = _Point(None, (None, None), (None, None))


class Mirror:
    """Mirrors rows of one older version into one newer `document`, by changes of the step `step`."""

    def __init__(self, document: str, step: str, place: Place) -> None:
        self.document = document
        self.step = step
        self.place = place

    def rows_for(self, changes: Iterable[JournalChange]) -> tuple[str, ...]:
        """Return the ids of the rows that these changes of one row may be mirrored onto."""
        for record in filter(None, map(_record, changes)):
            identity = counterpart_id(record, self.document)
            if isinstance(record, Annotation):
                return identity, unplaced_id(self.document, record.id)
            return (identity,) if identity else ()
        return ()

    def revision(self, revision: str) -> str:
        """Return the revision that a counterpart has when it is as its row is at `revision`."""
        return revision_in(self.document, revision)

    def mirrored(
        self, changes: Sequence[JournalChange], there: Iterable[JournalChange], wanted: Collection[str]
    ) -> list[JournalChange]:
        """Return those of a row's changes that lead to the `wanted` revisions, mirrored.

        `changes` are all that are known of the row, `there` all that are known of the rows that `rows_for` names.
        Changes that change nothing in the newer version are not mirrored; those that follow lead on from what is there.
        """
        return list(_MirroredRow(self, changes, there).all(wanted))


class _MirroredRow:
    def __init__(self, mirror: Mirror, changes: Sequence[JournalChange], there: Iterable[JournalChange]) -> None:
        self._mirror = mirror
        self._groups: dict[str, list[JournalChange]] = defaultdict(list)
        for change in sorted(changes, key=lambda one: (one.counter, one.replica, one.previous_revision or "", one.id)):
            self._groups[change.revision].append(change)
        self._rows = mirror.rows_for(changes)
        self._there: list[dict[str, JournalChange]] = [{} for _ in self._rows]
        self._counters: list[dict[str, int]] = [{} for _ in self._rows]
        for change in there:
            place = self._rows.index(change.row)
            self._there[place][change.revision] = change
            self._note_counter(place, change)
        self._points: dict[str | None, _Point] = {None: _NOTHING}

    def _note_counter(self, place: int, change: JournalChange) -> None:
        counters = self._counters[place]
        counters[change.revision] = max(change.counter, counters.get(change.revision, 0))

    def all(self, wanted: Collection[str]) -> Iterator[JournalChange]:
        for revision, group in self._groups.items():
            for change in group:
                if change.previous_revision not in self._points:
                    self._points[change.previous_revision] = self._unknown(change)
            record = _record_of(group[0].table, group[0].after)
            images = self._images(revision, record, group)
            mirrored = self._mirror.revision(revision)
            if revision in wanted and not any(mirrored in known for known in self._there):
                for place in range(len(self._rows)):
                    yield from self._led_on(place, mirrored, group, images[place])
            first, second = (self._end(place, mirrored, group, images[place]) for place in (0, 1))
            self._points[revision] = _Point(record, images, (first, second))

    def _before(self, change: JournalChange) -> _Point:
        return self._points[change.previous_revision]

    def _unknown(self, change: JournalChange) -> _Point:
        """Return the row at a revision of which only the change that leads on from it is known."""
        record = _record_of(change.table, change.before)
        revision = change.previous_revision or ""
        images = self._images(revision, record, ())
        mirrored = self._mirror.revision(revision)
        first, second = (None if image is None else mirrored for image in images)
        return _Point(record, images, (first, second))

    def _images(self, revision: str, record: Record | None, group: Sequence[JournalChange]) -> _Images:
        mirrored = self._mirror.revision(revision)
        found = [known.get(mirrored) for known in self._there]
        if any(found):
            first, *rest = (None if one is None else _record_of(one.table, one.after) for one in found)
            return first, rest[0] if rest else None
        if isinstance(record, Annotation):
            return self._placed(record, group)
        if isinstance(record, Decision):
            return self._decided(record, group), None
        return None if record is None else counterpart(record, self._mirror.document, self._mirror.place), None

    def _placed(self, span: Annotation, group: Sequence[JournalChange]) -> _Images:
        """Return a span in the newer version; one that lies where it lay stays there where its counterpart lies."""
        for point in map(self._before, group):
            before, there = point.record, point.images[0]
            if not isinstance(before, Annotation) or before.fragments != span.fragments:
                continue
            if isinstance(there, Annotation):
                fragments = there.fragments
                moved = counterpart(span, self._mirror.document, lambda _, fragments=fragments: fragments)
                if isinstance(moved, Annotation) and before.decided_from == span.decided_from:
                    moved = replace(moved, decided_from=there.decided_from)
                return moved, None
            if isinstance(point.images[1], Unplaced):
                return None, point.images[1]
        moved = counterpart(span, self._mirror.document, self._mirror.place)
        return moved, None if moved is not None else waiting(span, self._mirror.document)

    def _decided(self, decision: Decision, group: Sequence[JournalChange]) -> Record | None:
        for point in map(self._before, group):
            before, there = point.record, point.images[0]
            if isinstance(before, Decision) and isinstance(there, Decision) and before.basis == decision.basis:
                moved = counterpart(decision, self._mirror.document, list)
                return replace(moved, basis=there.basis) if isinstance(moved, Decision) else None
        return counterpart(decision, self._mirror.document, self._mirror.place)

    def _led_on(
        self, place: int, mirrored: str, group: Sequence[JournalChange], after: Record | None
    ) -> Iterator[JournalChange]:
        """Yield the changes of a counterpart that follow from those to one revision of the row."""
        done: set[str | None] = set()
        for change in group:
            before, end = self._before(change).images[place], self._before(change).ends[place]
            if end in done or not _is_change(place, before, after):
                continue
            done.add(end)
            earlier = self._counters[place].get(end or "", 0)
            found = JournalChange(
                id=new_id(),
                step=self._mirror.step,
                replica=change.replica,
                counter=max(change.counter, earlier + 1),
                layer=change.layer,
                table=Unplaced.table if place else change.table,
                row=self._rows[place],
                revision=mirrored,
                previous_revision=end,
                before=_data(before),
                after=_data(after),
            )
            self._note_counter(place, found)
            yield found

    def _end(self, place: int, mirrored: str, group: Sequence[JournalChange], after: Record | None) -> str | None:
        """Return the revision of a counterpart that later changes lead on from."""
        if place >= len(self._rows):
            return None
        befores = [self._before(change) for change in group]
        is_changed = any(_is_change(place, before.images[place], after) for before in befores)
        return mirrored if is_changed or mirrored in self._there[place] else befores[0].ends[place]


def _is_change(place: int, before: Record | None, after: Record | None) -> bool:
    """Say whether there is anything to mirror; a counterpart that stays as it is has its revisions all the same."""
    return before != after if place else before is not None or after is not None


def _record_of(table: str, data: Mapping[str, Any] | None) -> Record | None:
    return None if data is None else from_data(table, data)


def _record(change: JournalChange) -> Record | None:
    return _record_of(change.table, change.after if change.after is not None else change.before)


def _data(record: Record | None) -> Mapping[str, Any] | None:
    """Return a row's data as it comes back from the journal."""
    return None if record is None else json.loads(canonical_json(to_data(record)))
