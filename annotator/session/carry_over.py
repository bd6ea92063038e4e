"""What comes in for an older version of a document goes on into the newer ones, and so does what these lack of here.

A newer version holds what its maker knew of the older one. Every other change of the older one's rows is mirrored into
it by the merge in which the two meet, so that what a row is there follows from the changes that are known, and not from
the order of merges (see core.mirroring).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from annotator.core.anchors import Placing
from annotator.core.journal import JournalChange, state_of
from annotator.core.mirroring import Mirror
from annotator.core.records import Annotation, AttributeValue, Document, Fragment
from annotator.core.rowdata import from_data
from annotator.core.versions import CARRIED, CARRIED_TABLES, owners
from annotator.storage.incoming import IncomingFile
from annotator.storage.merging import Union
from annotator.storage.repository import Repository
from annotator.storage.taken_over import rows_of

Check = Callable[[], None]


def carried_over(repository: Repository, union: Union, step: str, check: Check) -> list[JournalChange]:
    """Return the changes, of the step `step`, that follow from a union in newer versions of documents.

    `check` is called between versions; it raises Cancelled where nothing shall come of it.
    """
    versions = _versions(repository, union)
    if not versions:
        return []
    union.store_texts()
    return _CarryOver(repository, union, step, versions).all(check)


@dataclass(frozen=True, slots=True)
class _Version:
    """A document that took the place of the `older` one; `arrived` says that it was not here before the union."""

    newer: str
    older: str
    arrived: bool


def _versions(repository: Repository, union: Union) -> list[_Version]:
    """Return the versions that are there when the union is made, the older ones first."""
    stored = dict(repository.lists.versions())
    found = dict(stored)
    new = {row: changes for (table, row), changes in union.new.items() if table == Document.table}
    wanted = {row: changes for row, changes in new.items() if row in stored or any(map(_supersedes, changes))}
    hidden = [one.row for one in repository.unsettled.all() if one.is_hidden and one.table == Document.table]
    wanted |= {row: new.get(row, []) for row in hidden}
    known: dict[str, list[JournalChange]] = defaultdict(list)
    for change in repository.journal.changes_of_rows(wanted):
        known[change.row].append(change)
    for row, changes in wanted.items():
        data = state_of([*known[row], *changes]).data
        older = None if data is None else data.get("supersedes")
        if older is None:
            found.pop(row, None)
        else:
            found[row] = older
    ordered = sorted(found, key=lambda newer: (_depth(newer, found), newer))
    return [_Version(newer, found[newer], newer not in stored) for newer in ordered]


def _supersedes(change: JournalChange) -> bool:
    return any(data is not None and data.get("supersedes") for data in (change.before, change.after))


def _depth(newer: str, versions: Mapping[str, str]) -> int:
    seen = {newer}
    while (newer := versions.get(newer, "")) and newer not in seen:
        seen.add(newer)
    return len(seen)


class _CarryOver:
    def __init__(self, repository: Repository, union: Union, step: str, versions: Sequence[_Version]) -> None:
        self._repository = repository
        self._files = union.files
        self._step = step
        self._versions = versions
        self._journal = _KnownChanges(repository, union)
        self._found: list[JournalChange] = []
        self._rows: dict[str, dict[str, None]] = defaultdict(dict)
        """The rows by document of which changes are new here; those that are mirrored join them."""
        for row, document in self._journal.new_rows({version.older for version in versions}):
            self._rows[document][row] = None

    def all(self, check: Check) -> list[JournalChange]:
        for version in self._versions:
            rows = dict(self._rows[version.older])
            if version.arrived:
                rows |= dict.fromkeys(_RowsHere(self._repository, version.older).all())
            if rows:
                check()
                self._carry(version, list(rows))
        return self._found

    def _carry(self, version: _Version, rows: Sequence[str]) -> None:
        texts = _Texts(self._repository, self._journal, version)
        mirror = Mirror(version.newer, self._step, texts.place)
        for row, wanted in self._wanted(version, mirror, rows).items():
            changes = self._journal.of(row)
            mirrored = mirror.mirrored(changes, self._there(mirror, row), wanted)
            self._journal.add(mirrored)
            self._found += mirrored
            self._rows[version.newer] |= dict.fromkeys(change.row for change in mirrored)

    def _wanted(self, version: _Version, mirror: Mirror, rows: Sequence[str]) -> dict[str, set[str]]:
        """Return the revisions of rows that the newer version lacks.

        Where it knows nothing of a row, it lacks all of them: that of a row which was deleted before it was made, and
        changed by others, too. So it does where something that it gets hangs on such a row.
        """
        holders = [file for file in self._files if version.newer in file.versions]
        self._journal.load(rows)
        found: dict[str, set[str]] = {}
        for row in rows:
            lacking = {
                change.revision
                for change in self._journal.of(row)
                if not self._is_held(change, holders, here=not version.arrived)
            }
            if lacking:
                found[row] = lacking
        self._load_counterparts(mirror, found)
        for row, lacking in found.items():
            if not self._known(mirror, row):
                lacking |= {change.revision for change in self._journal.of(row)}
        level = list(found)
        while level:
            level = self._unknown_owners(mirror, level, found)
            found |= {row: {change.revision for change in self._journal.of(row)} for row in level}
        return found

    def _is_held(self, change: JournalChange, holders: Iterable[IncomingFile], *, here: bool) -> bool:
        """Say whether a copy that has the newer version has the change: it was known to its maker, or mirrored then."""
        if here and change.revision in self._journal.revisions_here(change.row):
            return True
        return any(file.holds(change.row, change.revision) for file in holders)

    def _load_counterparts(self, mirror: Mirror, rows: Iterable[str]) -> None:
        self._journal.load(there for row in rows for there in mirror.rows_for(self._journal.of(row)))

    def _there(self, mirror: Mirror, row: str) -> list[JournalChange]:
        return [change for there in mirror.rows_for(self._journal.of(row)) for change in self._journal.of(there)]

    def _known(self, mirror: Mirror, row: str) -> bool:
        """Say whether the newer version knows the row at any of its revisions."""
        wanted = {mirror.revision(change.revision) for change in self._journal.of(row)}
        return any(change.revision in wanted for change in self._there(mirror, row))

    def _unknown_owners(self, mirror: Mirror, rows: Iterable[str], found: Mapping[str, object]) -> list[str]:
        """Return the rows on which these hang, and of which the newer version knows nothing."""
        named = {owner for row in rows for change in self._journal.of(row) for owner in _owners(change)}
        level = sorted(named - found.keys())
        self._journal.load(level)
        self._load_counterparts(mirror, level)
        return [row for row in level if self._journal.of(row) and not self._known(mirror, row)]


def _owners(change: JournalChange) -> Iterator[str]:
    for data in (change.before, change.after):
        if data is not None:
            yield from owners(from_data(change.table, data))


class _KnownChanges:
    """The changes of rows: those of the journal, those of the union, and those that were mirrored."""

    def __init__(self, repository: Repository, union: Union) -> None:
        self._repository = repository
        self._new: dict[str, list[JournalChange]] = defaultdict(list)
        for (_, row), changes in union.new.items():
            self._new[row] += changes
        self._all: dict[str, list[JournalChange]] = {}
        self._here: dict[str, set[str]] = defaultdict(set)

    def load(self, rows: Iterable[str]) -> None:
        """Read the changes of rows at once."""
        wanted = [row for row in dict.fromkeys(rows) if row not in self._all]
        for row in wanted:
            self._all[row] = list(self._new.get(row, ()))
        for change in self._repository.journal.changes_of_rows(wanted):
            self._all[change.row].append(change)
            self._here[change.row].add(change.revision)

    def of(self, row: str) -> list[JournalChange]:
        """Return all changes of a row."""
        if row not in self._all:
            self.load([row])
        return self._all[row]

    def revisions_here(self, row: str) -> set[str]:
        """Return the revisions of a row that were here before the union."""
        self.of(row)
        return self._here[row]

    def add(self, changes: Iterable[JournalChange]) -> None:
        """Note changes that were mirrored."""
        for change in changes:
            self.of(change.row).append(change)

    def new_rows(self, documents: set[str]) -> Iterator[tuple[str, str]]:
        """Yield (row, document) of what is new for these documents and may have a counterpart."""
        values: dict[str, str] = {}
        for row, changes in self._new.items():
            for change in changes:
                data = change.after if change.after is not None else change.before
                if change.table not in CARRIED_TABLES or data is None:
                    continue
                if change.table == AttributeValue.table:
                    values[row] = data["annotation"]
                elif data.get("document") in documents:
                    yield row, data["document"]
        of = self._documents_of(set(values.values()))
        yield from ((row, of[span]) for row, span in values.items() if of.get(span) in documents)

    def _documents_of(self, annotations: set[str]) -> dict[str, str]:
        found = self._repository.lists.document_by_annotation(annotations)
        self.load(sorted(annotations - found.keys()))
        for span in annotations - found.keys():
            for change in self._all[span]:
                data = change.after if change.after is not None else change.before
                if change.table == Annotation.table and data is not None:
                    found[span] = data["document"]
        return found


class _RowsHere:
    """The rows of a document that may have a counterpart: those that are there, hidden, or deleted."""

    def __init__(self, repository: Repository, document: str) -> None:
        self._repository = repository
        self._document = document

    def all(self) -> Iterator[str]:
        """Yield their ids."""
        for kind in CARRIED:
            yield from (record.id for record in rows_of(self._repository.rows, kind, self._document))
        spans = {span.id for span in rows_of(self._repository.rows, Annotation, self._document)}
        values: list[tuple[str, str]] = []
        for change in self._out_of_sight():
            data = change.before if change.before is not None else change.after
            if data is None:
                continue
            if change.table == AttributeValue.table:
                values.append((change.row, data["annotation"]))
            elif data.get("document") == self._document:
                spans |= {change.row} if change.table == Annotation.table else set()
                yield change.row
        yield from (row for row, span in values if span in spans)

    def _out_of_sight(self) -> Iterator[JournalChange]:
        hidden = [one.row for one in self._repository.unsettled.all() if one.is_hidden and one.table in CARRIED_TABLES]
        yield from self._repository.journal.changes_of_rows(hidden)
        yield from self._repository.journal.deletions(CARRIED_TABLES)


class _Texts:
    """Where the spans of an older version lie in a newer one."""

    def __init__(self, repository: Repository, journal: _KnownChanges, version: _Version) -> None:
        self._repository = repository
        self._journal = journal
        self._version = version
        self._places: dict[tuple[Fragment, ...], tuple[Fragment, ...]] = {}

    def place(self, fragments: Sequence[Fragment]) -> Sequence[Fragment]:
        """Return where fragments lie, or nothing where they have no sure place."""
        key = tuple(fragments)
        if key not in self._places:
            placed = self._placing.place(key)
            self._places[key] = tuple(placed.fragments) if placed.sure else ()
        return self._places[key]

    @cached_property
    def _placing(self) -> Placing:
        return Placing(self._text(self._version.older), self._text(self._version.newer))

    def _text(self, document: str) -> str:
        for change in self._journal.of(document):
            data = change.after if change.after is not None else change.before
            if data is not None:
                return self._repository.blobs.text(data["text"])
        return ""
