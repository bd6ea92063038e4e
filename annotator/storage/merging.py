"""Merging: the union of two journals by the ids of their changes, and the rows that follow from it.

What a row is follows from its changes alone (`core.journal.state_of`), and whether it is shown from the rows that it
names: one whose parent is gone is hidden until the parent comes back. So neither the order of merges nor their number
matters, and no clock is asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from annotator.core.canonical import canonical_json
from annotator.core.changes import RowChange
from annotator.core.errors import ProjectFileError
from annotator.core.journal import JournalChange, JournalStep, state_of
from annotator.core.records import (
    Annotation,
    AttributeDefinition,
    AttributeValue,
    Document,
    DocumentValue,
    ReadRange,
    Record,
)
from annotator.core.references import VALUES, children, parents
from annotator.core.restoring import contents_of
from annotator.core.rowdata import from_data, record_class
from annotator.storage.incoming import IncomingFile
from annotator.storage.journal import CHANGE_COLUMNS, STEP_COLUMNS
from annotator.storage.sql import names
from annotator.storage.unsettled import UnsettledRow

if TYPE_CHECKING:
    from annotator.storage.repository import Repository

Key = tuple[str, str]
"""Table and id of a row."""

Permit = Callable[[JournalChange], bool]

_FAR = 10**9
"""How many steps a file may be ahead. Counters only grow, so one file could use up all that there are."""


@dataclass(slots=True)
class Taken:
    """What became of a file's changes: how many are new here, known already, and not taken, these by table."""

    new: int = 0
    known: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class Union:
    """One union: `take` files, `add` what follows in newer versions, then `settle` once, all in one transaction."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sql = repository.statements
        self._new: dict[Key, list[JournalChange]] = defaultdict(list)
        self._steps: dict[str, JournalStep] = {}
        self._rows: list[tuple[Any, ...]] = []
        self._taken: set[str] = set()
        self.files: list[IncomingFile] = []
        self._added: list[JournalChange] = []
        self.before: dict[Key, Record | None] = {}
        """After `settle`, the rows that it looked at as they were before, changed or not, and None for those that it
        showed again or that came to be by more of a step that was known in part."""
        self.hidden: set[Key] = set()
        """After `settle`, those of the rows that came or are shown again that were in the journal only before."""
        self.has_new_sides = False
        """After `settle`, whether a row that is shown has other heads than before, on which copies do not agree."""

    @property
    def new(self) -> Mapping[Key, list[JournalChange]]:
        """Return the changes that are not in the journal yet, by row."""
        return self._new

    @property
    def steps(self) -> list[str]:
        """Return the ids of the steps that came in."""
        return list(self._steps)

    def take(self, file: IncomingFile, permit: Permit) -> Taken:
        """Choose the changes of a file that are not known and that are permitted.

        Raises ProjectFileError where it holds under the id of a known change another one.
        """
        taken = Taken()
        self._check_steps(file)
        known = self._known(file)
        self.files.append(file)
        for row in file.rows:
            if row[0] in known or row[0] in self._taken:
                taken.known += 1
                continue
            change = file.change(row)
            if permit(change):
                taken.new += 1
                self._take(change, row, file.steps[change.step])
            else:
                taken.left_out[change.table] += 1
        return taken

    def _check_steps(self, file: IncomingFile) -> None:
        """Raise ProjectFileError where a step of the file is another one here, or one here has its place."""
        places = {(step.replica, step.counter): step.id for step in file.steps.values()}
        if (
            max((step.counter for step in file.steps.values()), default=0)
            > self._repository.journal.next_counter() + _FAR
        ):
            raise _otherwise(file)
        sql = 'SELECT "id", "replica", "counter" FROM "step" WHERE '
        replicas = {step.replica for step in file.steps.values()}
        here = [*self._sql.where_in(f'{sql}"id" IN', file.steps), *self._sql.where_in(f'{sql}"replica" IN', replicas)]
        for identity, replica, counter in here:
            step = file.steps.get(identity)
            if step is not None and (step.replica, step.counter) != (replica, counter):
                raise _otherwise(file)
            if places.get((replica, counter), identity) != identity:
                raise ProjectFileError(
                    "“{name}” and this project were one file once, and an older copy was put in its place: what was "
                    "done since cannot be told apart. Export the spans of one and load them into the other.",
                    name=file.path.name,
                )

    def _take(self, change: JournalChange, row: tuple[Any, ...], step: JournalStep) -> None:
        self._taken.add(change.id)
        self._new[change.table, change.row].append(change)
        self._rows.append(row)
        self._steps[step.id] = step

    def _known(self, file: IncomingFile) -> set[str]:
        given = {row[0]: row for row in file.rows}
        known = set()
        for row in self._sql.where_in(f'SELECT {names(CHANGE_COLUMNS)} FROM "change" WHERE "id" IN', given):
            if row != given[row[0]]:
                raise _otherwise(file)
            known.add(row[0])
        return known

    def add(self, changes: Iterable[JournalChange]) -> None:
        """Settle with these changes, too. The caller stores them, under a step of their own that it has to make."""
        for change in changes:
            self._added.append(change)
            self._new[change.table, change.row].append(change)

    # -- the rows that follow

    def look_at(self, keys: Iterable[Key]) -> None:
        """Let `settle` say anew what these rows are, too."""
        for key in keys:
            self._new[key] = self._new.get(key, [])

    def settle(self) -> list[RowChange]:
        """Store the union and the rows that follow from it; returns what became of rows.

        Raises ProjectFileError where a row cannot be: outside its text, or of another table than before.
        """
        rows = _RowStates(self._repository, self._new)
        changes = rows.changes()
        self._check(changes)
        known_steps = self._store_journal()
        more = [key for key, new in self._new.items() if any(change.step in known_steps for change in new)]
        shown = [(c.table, c.row) for c in changes if c.before is None and (c.table, c.row) not in self._new]
        self.hidden = {key for key in rows.hidden_before if key in self._new or key in shown}
        added = ((change.table, change.row) for change in self._added)
        noted = dict.fromkeys((*more, *shown, *self.hidden, *added))
        self.before = noted | {(one.table, one.id): one for one in rows.before()}
        self.has_new_sides = rows.has_new_sides({*self._steps, *(change.step for change in self._added)})
        self.store_texts()
        self._check_texts(changes)
        self._repository.write_settled(changes, rows.revisions())
        self._repository.unsettled.replace(rows.ids(), rows.unsettled())
        return changes

    def _store_journal(self) -> set[str]:
        """Store steps and changes; returns the ids of the steps that were here already."""
        known = {row[0] for row in self._sql.where_in('SELECT "id" FROM "step" WHERE "id" IN', self._steps)}
        self._steps = {identity: step for identity, step in self._steps.items() if identity not in known}
        steps = [[getattr(step, name) for name in STEP_COLUMNS] for step in self._steps.values()]
        self._sql.insert("step", STEP_COLUMNS, steps)
        self._sql.insert("change", CHANGE_COLUMNS, self._rows)
        return known

    def store_texts(self) -> None:
        """Store the bytes that the files have of the documents which they bring."""
        for address in self._given_addresses():  # of documents out of sight as well: the file is not there later
            file = next((file for file in self.files if file.has_blob(address)), None)
            if file is not None and not self._repository.blobs.has(address):
                self._repository.blobs.put(file.blob(address))

    def _check_texts(self, changes: Iterable[RowChange]) -> None:
        for change in changes:
            document = change.after
            if not isinstance(document, Document):
                continue
            for address in filter(None, (document.text, document.source, document.structure, document.pages)):
                if not self._repository.blobs.has(address):
                    raise ProjectFileError(
                        "The text of “{title}” is missing. Ask for the file once more.", title=document.title
                    )
            if len(self._repository.blobs.text(document.text)) != document.characters:
                raise ProjectFileError(
                    "“{title}” is not as long as it should be. Ask for the file once more.", title=document.title
                )

    def _given_addresses(self) -> set[str]:
        documents = [c.after for (table, _), new in self._new.items() if table == "document" for c in new if c.after]
        return {data[name] for data in documents for name in ("text", "source", "structure", "pages") if data.get(name)}

    def _check(self, changes: Iterable[RowChange]) -> None:
        values = [c.after for c in changes if isinstance(c.after, AttributeValue | DocumentValue)]
        kinds = [c.after for c in changes if isinstance(c.after, AttributeDefinition)]
        self._check_values(values, {one.id for one in kinds if one.type == "entity"})
        placed = [c.after for c in changes if isinstance(c.after, Annotation | ReadRange)]
        new = {c.row: c.after.characters for c in changes if isinstance(c.after, Document)}
        lengths = self._repository.lists.lengths_of({row.document for row in placed} - new.keys()) | new
        for row in placed:
            if row.end > lengths[row.document]:
                raise ProjectFileError(
                    "A span lies outside its text. Ask for the file once more: it is not as it was written."
                )

    def _check_values(self, values: list[AttributeValue | DocumentValue], entities: set[str]) -> None:
        entities |= {one.id for one in self._repository.rows.all(AttributeDefinition) if one.type == "entity"}
        for value in values:
            if value.attribute in entities and not isinstance(value.value, str):
                raise ProjectFileError(
                    "A value names no entity. Ask for the file once more: it is not as it was written."
                )


class _RowStates:
    """What the rows that changes came for are now, and which others come and go with them."""

    def __init__(self, repository: Repository, new: Mapping[Key, list[JournalChange]]) -> None:
        self._repository = repository
        self._hidden: dict[Key, str] = {}
        self.hidden_before = {(one.table, one.row) for one in repository.unsettled.all() if one.is_hidden}
        keys = {**dict.fromkeys(new), **dict.fromkeys(sorted(self.hidden_before))}
        self._local = local = self._local_changes(keys)
        self._new = new
        self._states = {key: state_of([*local.get(key, ()), *new.get(key, ())]) for key in keys}
        self._before: dict[Key, Record] = self._stored(key for key in keys if key in local)
        self._alive = {key: state.data for key, state in self._states.items() if state.data is not None}
        self._entity_attributes = self._attributes_of_entities()
        self._hide()

    def _local_changes(self, keys: Iterable[Key]) -> dict[Key, list[JournalChange]]:
        tables = {row: table for table, row in keys}
        found: dict[Key, list[JournalChange]] = defaultdict(list)
        for change in self._repository.journal.changes_of_rows(tables):
            if tables[change.row] != change.table:
                raise ProjectFileError("A row of the file has the id of another one here. Ask for the file once more.")
            found[change.table, change.row].append(change)
        return found

    def _stored(self, keys: Iterable[Key]) -> dict[Key, Record]:
        by_table: dict[str, list[str]] = defaultdict(list)
        for table, row in keys:
            by_table[table].append(row)
        return {
            (table, record.id): record
            for table, ids in by_table.items()
            for record in self._repository.rows.where_in(record_class(table), "id", ids)
        }

    def _attributes_of_entities(self) -> set[str]:
        stored = {one.id for one in self._repository.rows.where(AttributeDefinition, "type", "entity")}
        return stored | {
            row
            for (table, row), data in self._alive.items()
            if table == "attribute_definition" and data["type"] == "entity"
        }

    def _hide(self) -> None:
        """Hide the rows that name one that is not there, until nothing more follows."""
        named = {key: tuple(parents(key[0], data, self._entity_attributes)) for key, data in self._alive.items()}
        all_named = set(chain.from_iterable(named.values()))
        there = self._there(all_named - self._states.keys())
        self._follow(key for key in self._before if key not in self._alive)
        pending = bool(self._missing(all_named, there))
        while pending:
            gone = {key: missing for key in self._alive if (missing := self._missing(named[key], there))}
            for key, missing in gone.items():
                del self._alive[key]
                self._hidden[key] = missing
            self._follow(key for key in gone if key in self._before)
            pending = bool(gone)

    def _missing(self, named: Iterable[Key], there: set[Key]) -> str:
        """Return the id of a row that is named and not there, or nothing."""
        for key in named:
            if key not in self._alive and (key in self._states or key not in there):
                return key[1]
        return ""

    def _there(self, keys: Iterable[Key]) -> set[Key]:
        by_table: dict[str, set[str]] = defaultdict(set)
        for table, row in keys:
            by_table[table].add(row)
        found: set[Key] = set()
        for table, ids in by_table.items():
            found |= {(table, row) for row in self._repository.rows.revisions(table, sorted(ids))}
        return found

    def _follow(self, gone: Iterable[Key]) -> None:
        """Hide the stored rows that name rows that are gone, and those that name these."""
        level = list(gone)
        while level:
            namers = {key: parent for key, parent in self._namers(level).items() if key not in self._states}
            changes = self._local_changes(namers)
            for key, parent in namers.items():
                self._states[key] = state_of(changes[key])
                self._hidden[key] = parent
            level = list(namers)

    def _namers(self, gone: Iterable[Key]) -> dict[Key, str]:
        """Return the stored rows that name rows that are gone, each with the id of one of these."""
        by_table: dict[str, list[str]] = defaultdict(list)
        for table, row in gone:
            by_table[table].append(row)
        found: dict[Key, str] = {}
        for table, ids in by_table.items():
            for child, column, values in _where_named(table, ids):
                for record in self._repository.rows.where_in(record_class(child), column, values):
                    self._before.setdefault((child, record.id), record)
                    found[child, record.id] = getattr(record, column)
        return found

    def before(self) -> list[Record]:
        """Return the rows as they were."""
        return [record for key, record in self._before.items() if key in self._states]

    def ids(self) -> list[str]:
        """Return the ids of the rows that were looked at."""
        return [row for _, row in self._states]

    def changes(self) -> list[RowChange]:
        """Return what becomes of rows; those that stay as they are are not among them."""
        found = []
        for key in self._states:
            before = self._before.get(key)
            after = from_data(key[0], self._alive[key]) if key in self._alive else None
            if before != after:
                found.append(RowChange(before, after))
        return found

    def has_new_sides(self, steps: Collection[str]) -> bool:
        """Say whether these steps gave a row that is shown heads with something else, on which copies do not agree."""
        for key in self._new:
            if self._states[key].in_conflict and key in self._before:
                now = [*self._local[key], *self._new[key]]
                if contents_of(now) != contents_of([change for change in now if change.step not in steps]):
                    return True
        return False

    def revisions(self) -> dict[str, str]:
        """Return the revision of each row that was looked at."""
        return {row: state.revision for (_, row), state in self._states.items()}

    def unsettled(self) -> list[UnsettledRow]:
        """Return the rows on which copies do not agree."""
        return [
            UnsettledRow(key[1], key[0], state.in_conflict, self._hidden.get(key))
            for key, state in self._states.items()
            if len(state.heads) > 1 or key in self._hidden
        ]


def _where_named(table: str, ids: list[str]) -> Iterable[tuple[str, str, list[str]]]:
    """Yield (table, column, values) where rows of a table may be named."""
    for child, column in children(table):
        yield child, column, ids
    yield "note", "target", ids
    if table == "entity":
        for child in VALUES:
            yield child, "value", [canonical_json(identity) for identity in ids]


def _otherwise(file: IncomingFile) -> ProjectFileError:
    return ProjectFileError(
        "“{name}” says otherwise than this project what was done in one and the same step: another program changed it. "
        "Ask for the file once more.",
        name=file.path.name,
    )
