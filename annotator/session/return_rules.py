"""Whether a file may be merged here, and what of it: a return brings its annotator's own work and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.errors import ProjectFileError, RefusedError
from annotator.core.journal import JournalChange
from annotator.core.packages import PackageFacts
from annotator.core.records import Annotator, Document, Layer, Note, Project
from annotator.storage.incoming import IncomingFile

if TYPE_CHECKING:
    from annotator.session.session import Session

SHARED = frozenset(("entity", "alias", "document_value"))
"""Tables without a layer that an analyst's work goes into."""


class ReturnRules:
    """The rules for one file in one project."""

    def __init__(self, session: Session, file: IncomingFile) -> None:
        self._session = session
        self._rows = session.repository.rows
        self._file = file
        self._layers = {layer.id: layer.annotator for layer in self._rows.all(Layer)}
        self._foreign = self._rows_of_others(file)
        for change in map(file.change, file.rows_of("layer")):
            if change.after is not None:
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
        if facts.annotator != own.annotator:
            raise RefusedError("“{name}” is a package for somebody else. Ask for your own.", name=name)

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
        """Return the rows of the file that are here in a layer, or by a hand, other than its annotator's."""
        if file.facts is None:
            return set()
        annotator = file.facts.annotator
        rows = dict.fromkeys(file.row_ids())
        owners = self._session.repository.journal.layers_of_rows(rows)
        found = {row for row, layer in owners if self._layers.get(layer) != annotator}
        notes = self._rows.where_in(Note, "id", rows)
        return found | {note.id for note in notes if note.annotator != annotator}

    @property
    def _is_work_of_one(self) -> bool:
        return self._session.package is None and self._file.facts is not None

    def permits(self, change: JournalChange) -> bool:
        """Say whether a change may come in: all of a package's or copy's, of a return what is its annotator's."""
        facts = self._file.facts
        if facts is None or not self._is_work_of_one:
            return True
        if change.row in self._foreign:
            return False
        if change.layer is not None:
            return self._layers.get(change.layer) == facts.annotator
        if change.table == "annotator":
            return change.row == facts.annotator and _is_new_name(change)
        if change.table in ("note", "saved_search"):
            return all(data["annotator"] == facts.annotator for data in (change.before, change.after) if data)
        return change.table in SHARED


def _is_new_name(change: JournalChange) -> bool:
    """Say whether somebody changed their own name or colour, and not what they may do."""
    before, after = change.before, change.after
    return before is not None and after is not None and all(before.get(f) == after.get(f) for f in ("role", "same_as"))
