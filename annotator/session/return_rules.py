"""Whether a file may be merged here, and what of it: a return brings its annotator's own work and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from annotator.core.errors import ProjectFileError, RefusedError
from annotator.core.journal import JournalChange, replay
from annotator.core.packages import PackageFacts
from annotator.core.records import Annotator, Document, Layer, Note, Project
from annotator.core.rowdata import from_data, to_data
from annotator.core.same_people import are_same, ids_of
from annotator.storage.incoming import IncomingFile

if TYPE_CHECKING:
    from annotator.session.session import Session

SHARED = frozenset(("entity", "alias", "document_value"))
"""Tables without a layer that an analyst's work goes into."""

IN_LAYERS = frozenset(("annotation", "attribute_value", "relation", "note", "status", "read_range", "unplaced"))
"""Tables of a layer that its annotator fills."""

_Data = Mapping[str, Any]


class ReturnRules:
    """The rules for one file in one project."""

    def __init__(self, session: Session, file: IncomingFile) -> None:
        self._session = session
        self._rows = session.repository.rows
        self._file = file
        annotator = file.facts.annotator if file.facts else ""
        self._people = ids_of(self._rows.all(Annotator), annotator)
        self._stored_layers = {layer.id: layer for layer in self._rows.all(Layer)}
        self._layers = {layer.id: layer.annotator for layer in self._stored_layers.values()}
        self._known: set[str] = set()
        self._foreign = self._rows_of_others(file)
        self._given = frozenset(file.row_ids()) if self._is_work_of_one else frozenset()
        self._is_named_foreign: dict[str, bool] = {}
        self._signed = {step.id: step.annotator for step in file.steps.values()}
        self._signed |= session.repository.journal.annotators_of(self._signed)
        for change in map(file.change, file.rows_of("layer")):
            if change.after is not None and self._may_be_made(change):
                self._layers.setdefault(change.row, change.after["annotator"])

    def check(self) -> None:
        """Raise ProjectFileError or RefusedError where the file cannot be merged into this project."""
        name, facts = self._file.path.name, self._file.facts
        if self._file.project() != self._rows.all(Project)[0].id:
            raise ProjectFileError("“{name}” is of another project. Open that one to merge it.", name=name)
        own = self._session.package
        if own is not None:
            self._check_update(own, facts)
        elif self._session.role != "lead":
            raise RefusedError("Only leads merge. Send “{name}” to one.", name=name)
        elif facts is not None:
            self._check_annotator(facts)
        if facts is not None:
            self._check_texts(facts)

    def _check_update(self, own: PackageFacts, facts: PackageFacts | None) -> None:
        name = self._file.path.name
        if facts is None or facts.kind != "package":
            raise RefusedError("“{name}” is no package. Only a lead's package can update this project.", name=name)
        if not are_same(self._people_of_file(), facts.annotator, own.annotator):
            raise RefusedError("“{name}” is a package for somebody else. Ask for your own.", name=name)

    def _people_of_file(self) -> list[Annotator]:
        """Return everybody of whom the file's journal tells, as it leaves them.

        A lead who joins two ids, or takes that back, says so in the package: what is known here may be older.
        """
        changes = map(self._file.change, self._file.rows_of("annotator"))
        rows = [from_data("annotator", one.data) for one in replay(changes).values() if one.data is not None]
        return [row for row in rows if isinstance(row, Annotator)]

    def _check_annotator(self, facts: PackageFacts) -> None:
        if self._rows.get(Annotator, facts.annotator) is None:
            raise ProjectFileError(
                "“{name}” is from somebody whom this project does not know. Is it a return to another copy of it?",
                name=self._file.path.name,
            )

    def _check_texts(self, facts: PackageFacts) -> None:
        for document in self._rows.where_in(Document, "id", list(facts.documents)):
            if document.text != facts.documents[document.id]:
                raise ProjectFileError(
                    "“{name}” was made with another text of “{title}” than is here. Ask for the file once more.",
                    name=self._file.path.name,
                    title=document.title,
                )

    def _rows_of_others(self, file: IncomingFile) -> set[str]:
        """Return the rows of the file that are here in a layer, or by a hand, other than its annotator's.

        A note on a span is in the span's layer, whoever wrote it: written by two, it is a conflict.
        """
        if file.facts is None:
            return set()
        rows = dict.fromkeys(file.row_ids())
        owners = self._session.repository.journal.layers_of_rows(rows)
        self._known = {row for row, _ in owners}
        found = {row for row, layer in owners if self._layers.get(layer) not in self._people}
        notes = self._rows.where_in(Note, "id", rows)
        return found | {note.id for note in notes if note.layer is None and note.annotator not in self._people}

    @property
    def _is_work_of_one(self) -> bool:
        return self._session.package is None and self._file.facts is not None

    def permits(self, change: JournalChange) -> bool:
        """Say whether a change may come in: all of a package's or copy's, of a return what is its annotator's."""
        if not self._is_work_of_one:
            return True
        if change.row in self._foreign or self._signed[change.step] not in self._people:
            return False
        if change.table == "layer":
            return self._may_be_made(change)
        if change.layer is not None:
            return self._is_own(change)
        if change.table == "annotator":
            return change.row in self._people and _is_new_name(change)
        if change.table == "note" and any(data["kind"] != "label" for data in _states(change)):
            return False
        if change.table in ("note", "saved_search"):
            return all(data["annotator"] in self._people for data in _states(change))
        return change.table in SHARED and (change.after is not None or self._is_own_making(change))

    def _may_be_made(self, change: JournalChange) -> bool:
        """Say whether a layer of the annotator begins; one that is here stays as it is."""
        here = self._stored_layers.get(change.row)
        if change.before is not None or change.after is None or change.after["annotator"] not in self._people:
            return False
        return here is None or to_data(here) == change.after

    def _is_own(self, change: JournalChange) -> bool:
        """Say whether a row of an own layer is the annotator's, and so is what it belongs to."""
        if change.table not in IN_LAYERS or self._layers.get(change.layer or "") not in self._people:
            return False
        if change.table == "status" and change.after is not None and change.after["status"] == "approved":
            return False
        for data in _states(change):
            is_signed = change.table == "note" or (
                change.table in ("annotation", "relation") and change.row not in self._known
            )
            if is_signed and data["annotator"] not in self._people:
                return False
            if any(map(self._is_foreign, _owners(change.table, data))):
                return False
        return True

    def _is_foreign(self, row: str) -> bool:
        """Say whether a row is here in another layer than the annotator's."""
        if row in self._foreign or row in self._given:
            return row in self._foreign
        if row not in self._is_named_foreign:
            owners = self._session.repository.journal.layers_of_rows([row])
            self._is_named_foreign[row] = any(self._layers.get(layer) not in self._people for _, layer in owners)
        return self._is_named_foreign[row]

    def _is_own_making(self, change: JournalChange) -> bool:
        """Say whether a shared row that goes was made by the annotator; others may use what is somebody else's."""
        if change.table != "entity":
            return True
        journal = self._session.repository.journal
        steps = {one.step for one in journal.changes_of_rows([change.row]) if one.before is None}
        makers = {step.annotator for step in map(journal.step, steps) if step is not None}
        return makers <= self._people


def _states(change: JournalChange) -> Iterator[_Data]:
    return (data for data in (change.before, change.after) if data is not None)


def _owners(table: str, data: _Data) -> tuple[str, ...]:
    """Return the ids of the annotations and relations that a row of a layer belongs to."""
    if table in ("attribute_value", "unplaced"):
        return (data["annotation"],)
    if table == "relation":
        return data["source"], data["target"]
    return (data["target"],) if table == "note" and data["kind"] in ("annotation", "relation") else ()


def _is_new_name(change: JournalChange) -> bool:
    """Say whether somebody changed their own name or colour, and not what they may do."""
    before, after = change.before, change.after
    return before is not None and after is not None and all(before.get(f) == after.get(f) for f in ("role", "same_as"))
