"""Hand-off files: packages for analysts and what comes back. Each is a new file, built from what may go out.

A package has rows, journal, texts and search index, and opens as a project. A return has the journal of what was done
in a package and nothing else: annotations and hashes, no bytes of documents. Changes and steps keep ids, revisions,
counters and chain hashes, so merging is the union of changes by id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from annotator.core.canonical import canonical_json
from annotator.core.errors import BugError, ProjectFileError
from annotator.core.journal import JournalStep
from annotator.core.package_scope import SHARED, PackageScope
from annotator.core.packages import PackageFacts
from annotator.core.records import RECORDS, Annotation, Document, Note, Record
from annotator.core.rowdata import from_data, record_class, to_data
from annotator.storage.codec import CODECS
from annotator.storage.incoming import JOURNAL_HASH, journal_hash
from annotator.storage.journal import CHANGE_COLUMNS, STEP_COLUMNS, journal_step
from annotator.storage.new_file import new_file
from annotator.storage.repository import Repository
from annotator.storage.sql import names, portions

Progress = Callable[[int, int, str], None]

_STEP_VALUES = attrgetter(*STEP_COLUMNS)
_LAYERED = frozenset(
    ("layer", "annotation", "attribute_value", "relation", "note", "status", "read_range", "unplaced", "decision")
)
_BATCH = 2_000
"""Rows that are written at once."""


@dataclass(frozen=True, slots=True)
class OutgoingCounts:
    """What a hand-off file holds."""

    documents: int
    annotations: int
    steps: int
    changes: int


def write_package(
    source: Repository, path: Path, scope: PackageScope, facts: PackageFacts, progress: Progress
) -> OutgoingCounts:
    """Make a package of a project. Raises UserError; the source is read at one moment and not changed."""
    with source.moment(), new_file(path) as target:
        package = _Package(source, target, scope, progress)
        with target.transaction():
            package.fill()
            _seal(target, facts)
        _verify_package(target, facts)
        return package.counts()


def write_return(source: Repository, path: Path, facts: PackageFacts, progress: Progress) -> OutgoingCounts:
    """Make a return of what was done in a package, in this file or a copy it came of.

    Raises UserError, and ProjectFileError where the package's texts are not those that the facts name.
    """
    with source.moment():
        _verify_texts(source, facts)
        with new_file(path) as target:
            with target.transaction():
                steps, changes, annotations = _copy_own_journal(source, target, progress)
                _seal(target, facts)
            return OutgoingCounts(len(facts.documents), annotations, steps, changes)


def _seal(target: Repository, facts: PackageFacts) -> None:
    """Let the file say what it is, and by a hash that its journal is as it was written."""
    target.local.put("package", facts.to_json())
    target.local.put(JOURNAL_HASH, journal_hash(target.statements))


class _Package:
    """Copies what a scope shows, table by table."""

    def __init__(self, source: Repository, target: Repository, scope: PackageScope, progress: Progress) -> None:
        self._source = source
        self._target = target
        self._scope = scope
        self._progress = progress
        self._changes_of: Counter[str] = Counter()
        self._rows: Counter[str] = Counter()
        self._total = 2 * len(RECORDS) + len(scope.documents)
        self._done = 0

    def fill(self) -> None:
        """Copy the journal first: it shows own annotations to the scope before anything that names them."""
        for record in RECORDS:
            self._copy_changes(record.table)
        self._copy_steps()
        for record in RECORDS:
            self._copy_rows(record.table)
        self._copy_texts()
        self._index_notes()

    def counts(self) -> OutgoingCounts:
        """Return what was copied."""
        return OutgoingCounts(
            self._rows["document"], self._rows["annotation"], len(self._changes_of), self._changes_of.total()
        )

    def _tell(self, what: str = "") -> None:
        self._done += 1
        self._progress(self._done, self._total, what)

    # -- the journal

    def _copy_changes(self, table: str) -> None:
        columns = names(CHANGE_COLUMNS)
        for condition, values in self._conditions(table, '"layer"', '"row"'):
            sql = f'SELECT {columns} FROM "change" WHERE "table" = ? AND {condition}'
            for batch in _batches(self._source.statements.stream(sql, (table, *values))):
                self._insert_changes(table, [row for row in (self._seen_change(table, row) for row in batch) if row])
        self._tell()

    def _seen_change(self, table: str, row: Sequence[Any]) -> Sequence[Any] | None:
        before, after = self._seen_text(table, row[9]), self._seen_text(table, row[10])
        if before is None and after is None:
            return None
        return (*row[:9], before, after)

    def _seen_text(self, table: str, text: str | None) -> str | None:
        if text is None or table in SHARED:
            return text
        data = json.loads(text)
        seen = self._scope.seen(table, data)
        if seen is None:
            return None
        return text if seen is data else canonical_json(seen)

    def _insert_changes(self, table: str, rows: list[Sequence[Any]]) -> None:
        self._changes_of.update(row[1] for row in rows)
        self._target.statements.insert("change", CHANGE_COLUMNS, rows)

    def _copy_steps(self) -> None:
        counts = self._source.statements.where_in(
            'SELECT "step", COUNT(*) FROM "change" WHERE "step" IN', self._changes_of, 'GROUP BY "step"'
        )
        whole = {step for step, count in counts if count == self._changes_of[step]}
        for step in _steps(self._source, self._changes_of):
            seen = self._scope.step(step, whole=step.id in whole)
            self._target.statements.insert("step", STEP_COLUMNS, [_STEP_VALUES(seen)])

    # -- rows

    def _copy_rows(self, table: str) -> None:
        codec = CODECS[table]
        columns = names((*codec.columns, "revision"))
        for condition, values in self._conditions(table, '"id"' if table == "layer" else '"layer"', '"id"'):
            sql = f'SELECT {columns} FROM "{table}" WHERE {condition}'
            for batch in _batches(self._source.statements.stream(sql, values)):
                self._insert_rows(table, [(codec.record(row[:-1]), row[-1]) for row in batch])
        self._tell()

    def _insert_rows(self, table: str, batch: Iterable[tuple[Record, str]]) -> None:
        if table == "annotation":
            batch = self._with_fragments(list(batch))
        seen = [(self._seen_record(record), revision) for record, revision in batch]
        rows = [(record, revision) for record, revision in seen if record is not None]
        self._rows[table] += len(rows)
        self._target.rows.insert(table, rows)

    def _with_fragments(self, batch: list[tuple[Record, str]]) -> list[tuple[Record, str]]:
        revisions = {record.id: revision for record, revision in batch}
        return [(record, revisions[record.id]) for record in self._source.rows.where_in(Annotation, "id", revisions)]

    def _seen_record(self, record: Record) -> Record | None:
        data = to_data(record)
        seen = self._scope.seen(record.table, data)
        return record if seen is data else None if seen is None else from_data(record.table, seen)

    # -- texts

    def _copy_texts(self) -> None:
        for document in self._target.rows.all(Document):
            for address in {document.text, document.source, document.structure, document.pages} - {None}:
                self._target.blobs.put(self._source.blobs.get(address or ""))
            self._target.search.put_text(document.text, self._target.blobs.text(document.text))
            self._tell(document.title)

    def _index_notes(self) -> None:
        for note in self._target.rows.all(Note):
            self._target.search.put_note(note.id, note.body)

    # -- what to look at

    def _conditions(self, table: str, layer: str, row: str) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield conditions that hold for every row the scope may show and for few others; own annotations first."""
        if table == "document":
            yield from ((f"{row} IN ({_marks(ids)})", ids) for ids in portions(sorted(self._scope.documents)))
            return
        if table not in _LAYERED:
            yield "1 = 1", ()
            return
        for layers in (sorted(self._scope.layers), sorted(self._scope.gold)):
            if layers:
                yield f"{layer} IN ({_marks(layers)})", layers
        if table == "note":
            yield f"{layer} IS NULL", ()


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    batch: list[tuple[Any, ...]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _steps(source: Repository, ids: Iterable[str]) -> Iterator[JournalStep]:
    for row in source.statements.where_in(f'SELECT {names(STEP_COLUMNS)} FROM "step" WHERE "id" IN', ids):
        yield journal_step(row)


# -- returns


_BY_THIS_COPY = 'WHERE "replica" IN (SELECT "id" FROM "replica")'
_IN_ITS_STEPS = f'{_BY_THIS_COPY} AND "step" IN (SELECT "id" FROM "step" {_BY_THIS_COPY})'
"""Without what somebody else took over of this copy's into a newer version, or this copy of somebody else's."""


def _copy_own_journal(source: Repository, target: Repository, progress: Progress) -> tuple[int, int, int]:
    """Copy the steps that were made in this file, whole, and return counts of steps, changes and annotations."""
    sql = source.statements
    total = (sql.first(f'SELECT COUNT(*) FROM "change" {_IN_ITS_STEPS}') or (0,))[0]
    steps = sql.rows(f'SELECT {names(STEP_COLUMNS)} FROM "step" {_BY_THIS_COPY} ORDER BY "counter", "replica"')
    target.statements.insert("step", STEP_COLUMNS, steps)
    done, spans = 0, set()
    for batch in _batches(sql.stream(f'SELECT {names(CHANGE_COLUMNS)} FROM "change" {_IN_ITS_STEPS}')):
        target.statements.insert("change", CHANGE_COLUMNS, batch)
        done += len(batch)
        spans.update(row[6] for row in batch if row[5] == "annotation")
        progress(done, total, "")
    return len(steps), done, len(source.rows.revisions("annotation", spans))


# -- checks


def _verify_texts(source: Repository, facts: PackageFacts) -> None:
    """Raise ProjectFileError unless the texts are those that the facts name, and every span lies in its text."""
    lengths: dict[str, int] = {}
    for document in source.rows.all(Document):
        expected = facts.documents.get(document.id)
        text = source.blobs.text(document.text)  # says itself where the bytes are not those of the hash
        if expected is None or expected != document.text or len(text) != document.characters:
            raise ProjectFileError(
                "The text of “{title}” is not the one that the lead sent, so its annotations would point to other "
                "words. Ask for the package once more.",
                title=document.title,
            )
        lengths[document.id] = len(text)
    if not set(facts.documents) <= set(lengths):
        raise ProjectFileError("The package lacks documents that the lead sent. Ask for it once more.")
    outside = (
        'SELECT "fragment"."annotation" FROM "fragment" '
        'JOIN "annotation" ON "annotation"."id" = "fragment"."annotation" '
        'JOIN "document" ON "document"."id" = "annotation"."document" WHERE "fragment"."end" > "document"."characters"'
    )
    if source.statements.first(outside) is not None:
        raise ProjectFileError("An annotation lies outside its text: the file is damaged. Restore a backup.")


def _verify_package(target: Repository, facts: PackageFacts) -> None:
    """Raise an error unless the texts hold, and every row is as its last change left it."""
    _verify_texts(target, facts)
    for record in RECORDS:
        _verify_rows(target, record.table)


def _verify_rows(target: Repository, table: str) -> None:
    by_row = dict(target.statements.rows(f'SELECT "id", "revision" FROM "{table}"'))  # type: ignore[arg-type]
    for ids in portions(by_row):
        last = _last_changes(target, table, ids, by_row)
        for record in target.rows.where_in(record_class(table), "id", ids):
            text = last.get(record.id)
            if text is None or (text != canonical_json(to_data(record)) and not _is(record, json.loads(text))):
                raise BugError(f"the journal of a new package has {table} {record.id} otherwise")


def _last_changes(
    target: Repository, table: str, ids: Sequence[str], revisions: Mapping[str, str]
) -> dict[str, str | None]:
    """Return what the journal says of each row at the revision at which it stands."""
    found = target.statements.where_in('SELECT "row", "revision", "table", "after" FROM "change" WHERE "row" IN', ids)
    return {row: after for row, revision, kind, after in found if kind == table and revision == revisions[row]}


def _is(record: Record, data: Mapping[str, Any]) -> bool:
    """Say whether data of an older schema describes the record."""
    return from_data(record.table, data) == record
