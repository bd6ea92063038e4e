"""The one door through which a project changes: a ChangeSet goes in, rows and journal follow in one transaction."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from peewee import Database, IntegrityError, OperationalError

from annotator.core.canonical import canonical_json
from annotator.core.changes import ChangeSet, RowChange, in_safe_order
from annotator.core.errors import RefusedError, UserError
from annotator.core.ids import new_id
from annotator.core.journal import JournalChange, JournalStep, state_of
from annotator.core.records import RECORDS, Document, Note, Record
from annotator.core.rowdata import from_data, to_data
from annotator.storage.blobs import Blobs
from annotator.storage.concordance import Concordance
from annotator.storage.decisions import DecisionLists
from annotator.storage.entities import EntityUses
from annotator.storage.followers import without_followers
from annotator.storage.journal import Journal
from annotator.storage.lists import Lists
from annotator.storage.local import LocalSettings
from annotator.storage.merges import Merges, shown_changes
from annotator.storage.merging import Union
from annotator.storage.reverting import Restoration, Reverting
from annotator.storage.rows import Rows
from annotator.storage.search import SearchIndex
from annotator.storage.sketches import Sketches
from annotator.storage.sql import Statements
from annotator.storage.taken_over import revisions_taken_over
from annotator.storage.unsettled import Unsettled
from annotator.storage.uses import Uses
from annotator.storage.work import WorkLists

_last_time = datetime.fromtimestamp(0, UTC)


def now() -> str:
    """Return the time as ISO 8601 UTC text with microseconds, later than any that this process gave before.

    It is for display and for lists that show rows as they were made; what depends on order uses the counter.
    """
    global _last_time
    _last_time = max(datetime.now(UTC), _last_time + timedelta(microseconds=1))
    return _last_time.isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and through which copy of the project."""

    annotator: str
    replica: str


class Repository:
    """Rows, journal and blobs of one project on any peewee database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.statements = Statements(database)
        self.rows = Rows(self.statements)
        self.journal = Journal(self.statements)
        self.blobs = Blobs(self.statements)
        self.lists = Lists(self.statements)
        self.local = LocalSettings(self.statements)
        self.sketches = Sketches(self.statements)
        self.search = SearchIndex(self.statements)
        self.entities = EntityUses(self.statements, self.rows)
        self.uses = Uses(self.statements)
        self.decisions = DecisionLists(self.statements)
        self.concordance = Concordance(self.statements)
        self.unsettled = Unsettled(self.statements)
        self.merges = Merges(self)
        self.reverting = Reverting(self)
        self.work = WorkLists(self.statements)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what happens inside, all or nothing; transactions nest.

        Raises RefusedError where a row would be left pointing to nothing, UserError where the disk does not take it.
        """
        with _failures_explained(), self.database.atomic():
            yield

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all that is read inside, on this thread, be of one moment, whatever another connection commits."""
        with self.database.atomic():
            yield

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Let verbs see their own effects inside, then take all of it back."""
        with _failures_explained(), self.database.atomic() as savepoint:
            yield
            savepoint.rollback()

    def apply(
        self,
        changes: ChangeSet,
        author: Author,
        *,
        blobs: Iterable[bytes] = (),
        reverts: str | None = None,
        undoable: bool = True,
    ) -> JournalStep:
        """Store a ChangeSet as one step in one transaction and return the step.

        Raises RefusedError, changing nothing, where a row is no longer as the ChangeSet's `before` has it.
        """
        with self.transaction():
            step = self.open_step(changes.title, author, reverts=reverts, undoable=undoable)
            written = self.extend_step(step, changes, blobs=blobs)
            self.journal.close_step(step, written)
        return step

    def open_step(
        self,
        title: str,
        author: Author,
        *,
        identity: str | None = None,
        least: int = 1,
        reverts: str | None = None,
        undoable: bool = True,
    ) -> JournalStep:
        """Begin a step that several transactions fill; `journal.close_step` ends it.

        It has the id `identity` where one is given, and the counter that is next, or `least` where that is greater.
        """
        step = JournalStep(
            identity or new_id(),
            author.replica,
            max(self.journal.next_counter(), least),
            title,
            author.annotator,
            now(),
            reverts,
            undoable,
            "",
        )
        self.journal.open_step(step)
        return step

    def extend_step(self, step: JournalStep, changes: ChangeSet, *, blobs: Iterable[bytes] = ()) -> list[JournalChange]:
        """Store more changes under an open step, in one transaction, and return what the journal got."""
        with self.transaction():
            for data in blobs:
                self.blobs.put(data)
            ordered = in_safe_order(changes.changes)
            self._check_versions(step, without_followers(changes, reverts=step.reverts is not None))
            self._check_before(ordered)
            restored = self.reverting.restoration(step, ordered)
            plain = [change for change in ordered if change.row not in restored.rows]
            written = [*self._journal_changes(step, plain), *restored.changes]
            self.journal.append(written)
            self._write_rows(ordered, {entry.row: entry.revision for entry in written} | restored.revisions)
            self._index(ordered)
            self._settle(step, plain, restored)
        return written

    def documents_of(self, changes: ChangeSet) -> set[str]:
        """Return the ids of the documents that the changed rows belong to, those of attribute values included."""
        owners = {getattr(change.record, "annotation", "") for change in changes.of("attribute_value")}
        owners -= {change.row for change in changes.of("annotation")}
        return changes.documents() | self.lists.documents_of(owners)

    def _check_versions(self, step: JournalStep, changes: ChangeSet) -> None:
        """Raise RefusedError where something out of sight would change: a version that another one has replaced.

        It may go as a whole, its rows follow an entity or a label that is merged into another one, and a merge of
        copies changes it, as does what takes that back.
        """
        gone = {change.row for change in changes.of("document") if change.after is None}
        replaced = self.lists.replaced(self.documents_of(changes) - gone)
        if replaced and not self.merges.is_behind(step):
            raise RefusedError(
                "“{title}” was corrected since, and a newer version has taken its place. Change that one.",
                title=replaced[0][1],
            )

    def _check_before(self, changes: list[RowChange]) -> None:
        for table, group in _by_table(changes).items():
            existing = self.rows.revisions(table, [change.row for change in group])
            stored = self._stored(table, [change for change in group if change.before is not None])
            for change in group:
                if (change.before is None) == (change.row in existing) or (
                    change.before is not None and stored[change.row] != change.before
                ):
                    raise RefusedError(
                        "The {table} “{title}” was changed in the meantime. Look at it and try again.",
                        title=getattr(change.record, "title", change.row),
                        table=table.replace("_", " "),
                    )

    def _stored(self, table: str, changes: list[RowChange]) -> Mapping[str, Record]:
        if not changes:
            return {}
        found = self.rows.where_in(type(changes[0].record), "id", [change.row for change in changes])
        return {record.id: record for record in found}

    def _journal_changes(self, step: JournalStep, changes: list[RowChange]) -> list[JournalChange]:
        """Return the changes as the journal has them: one, or one from each head, which they join."""
        heads = self.journal.heads(change.row for change in changes)
        several = self._several_heads([change.row for change in changes])
        taken_over = revisions_taken_over(self.rows, changes)
        found = []
        for change in changes:
            first = _journal_change(step, change, heads.get(change.row))
            if first.previous_revision is None:
                first = replace(first, revision=taken_over.get(change.row, first.revision))
            joined = several.get(change.row, (first.previous_revision,))
            found += [replace(first, previous_revision=joined[0])]
            found += [replace(first, id=new_id(), previous_revision=head) for head in joined[1:]]
        return found

    def _several_heads(self, rows: list[str]) -> dict[str, tuple[str, ...]]:
        unsettled = self.unsettled.among(rows)
        by_row: dict[str, list[JournalChange]] = defaultdict(list)
        for change in self.journal.changes_of_rows(sorted(unsettled)):
            by_row[change.row].append(change)
        return {row: state_of(changes).heads for row, changes in by_row.items()}

    def _write_rows(self, changes: list[RowChange], revisions: Mapping[str, str]) -> None:
        for table, kind, group in _runs(changes):
            if kind == "delete":
                self.rows.delete(table, [change.row for change in group])
            else:
                records = [(change.after, revisions[change.row]) for change in group if change.after is not None]
                (self.rows.insert if kind == "insert" else self.rows.update)(table, records)

    def write_settled(self, changes: list[RowChange], revisions: Mapping[str, str]) -> None:
        """Write rows that follow from the journal, at these revisions."""
        ordered = in_safe_order(changes)
        self._write_rows(ordered, revisions)
        self._index(ordered)

    def _settle(self, step: JournalStep, changes: list[RowChange], restored: Restoration) -> None:
        """Let what was changed knowing all of its heads be settled, and show what was hidden for want of a row.

        What a row is whose heads come back follows from these.
        """
        if not restored.rows and not self.unsettled.any():
            return
        self.unsettled.replace([change.row for change in changes], ())
        made = [*(change.row for change in changes if change.before is None), *restored.rows]
        if not restored.rows and not self.unsettled.waits_for_any(made):
            return
        union = Union(self)
        union.look_at(row.key for row in restored.rows.values())
        besides = {(c.table, c.row): c.before for c in union.settle() if c.row not in restored.rows}
        hidden = {key for key, before in besides.items() if before is None}
        for row, now in self.reverting.left(restored):
            if row.is_otherwise(now):
                besides[row.key] = row.shown
                hidden |= {row.key} if row.was_hidden else set()
        self.merges.note_besides(step, besides, hidden)

    def _index(self, changes: list[RowChange]) -> None:
        """Keep the search index in step with documents and notes."""
        for change in changes:
            record = change.after
            if isinstance(record, Document) and change.before is None:
                self.search.put_text(record.text, self.blobs.text(record.text))
            elif isinstance(record, Note):
                self.search.put_note(record.id, record.body)
            elif change.table == "note":
                self.search.drop_note(change.row)

    def change_set(self, step: JournalStep) -> ChangeSet:
        """Return what a stored step did, from the journal."""
        if self.merges.is_merge(step.id):
            return self.merges.change_set(step)
        changes = (
            RowChange(
                None if change.before is None else from_data(change.table, change.before),
                None if change.after is None else from_data(change.table, change.after),
            )
            for change in shown_changes(self.journal.changes_of(step.id))
        )
        return ChangeSet(step.title, tuple(changes))

    def later_revision(self, step: JournalStep) -> JournalStep | None:
        """Return a later step that left one of this step's rows otherwise, or None where the step can be taken back.

        Later steps that were taken back themselves left the rows as this step did.
        """
        if self.merges.is_merge(step.id):
            return self.merges.later_revision(step)
        own: dict[str, set[str]] = defaultdict(set)
        for change in self.journal.changes_of(step.id):
            own[change.row].add(change.revision)
        heads = self.journal.heads(own)
        doubtful = {row for row, revisions in own.items() if heads[row] not in revisions}
        for past in self.reverting.pasts_of(step, doubtful | self.unsettled.among(own)):
            if past.is_altered_since:
                return self.journal.step(past.last_since)
        return None

    def dump(self) -> dict[str, list[str]]:
        """Return every journalled row as sorted canonical text by table: equal projects have equal dumps."""
        return {r.table: sorted(canonical_json(to_data(row)) for row in self.rows.all(r)) for r in RECORDS}


@contextmanager
def _failures_explained() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise RefusedError("This cannot be done: something else in the project builds on it.") from error
    except OperationalError as error:
        raise UserError(
            "Nothing was saved: {reason}. Free some space or check the disk, then try again.", reason=_cause(error)
        ) from error


def _cause(error: BaseException) -> str:
    """Return what went wrong first: a full disk ends a transaction by itself, and ending it again fails too."""
    first, before = error, error.__context__
    while isinstance(before, OperationalError | sqlite3.OperationalError | UserError):
        first = first if isinstance(before, UserError) else before
        before = before.__context__
    return str(first)


def _journal_change(step: JournalStep, change: RowChange, previous: str | None) -> JournalChange:
    identity = new_id()
    return JournalChange(
        id=identity,
        step=step.id,
        replica=step.replica,
        counter=step.counter,
        layer=change.layer,
        table=change.table,
        row=change.row,
        revision=identity,
        previous_revision=previous,
        before=None if change.before is None else to_data(change.before),
        after=None if change.after is None else to_data(change.after),
    )


def _by_table(changes: Iterable[RowChange]) -> dict[str, list[RowChange]]:
    groups: dict[str, list[RowChange]] = defaultdict(list)
    for change in changes:
        groups[change.table].append(change)
    return groups


def _kind(change: RowChange) -> str:
    if change.after is None:
        return "delete"
    return "insert" if change.before is None else "update"


def _runs(changes: list[RowChange]) -> Iterator[tuple[str, str, list[RowChange]]]:
    """Yield (table, kind, changes) for each stretch of like changes, keeping the order."""
    for (table, kind), group in groupby(changes, key=lambda change: (change.table, _kind(change))):
        yield table, kind, list(group)
