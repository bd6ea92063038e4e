"""Statuses: where people stand with documents, one's own and, for leads, other people's."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.errors import RefusedError
from annotator.core.ids import derived_id
from annotator.core.records import STATUSES, Annotator, Document, Status
from annotator.session.annotations import found, found_all, shortened
from annotator.session.layers import layer_of
from annotator.session.rounds import round_in_use
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository


def status_change(repository: Repository, document: str, layer: str, status: str) -> list[RowChange]:
    """Return the change that sets a document's status in a layer, or nothing where it has it.

    Raises RefusedError where it is no status.
    """
    if status not in STATUSES:
        raise RefusedError("“{status}” is no status. Use one of: {known}.", status=status, known=", ".join(STATUSES))
    identity = derived_id(document, "status", layer)
    before = repository.rows.get(Status, identity)
    after = Status(identity, document, layer, status)
    return [RowChange(before, after)] if after != before else []


class Work(Verbs):
    """What leads say of other people's work."""

    @verb
    def set_status(
        self, documents: Iterable[str], annotator: str, status: str, round: str | None = None
    ) -> Outcome[int]:
        """Set the status that documents have for a person in a round; returns how many had another one.

        Raises RefusedError or NotFoundError. Analysts may do so for themselves only.
        """
        repository = self.session.repository
        records = found_all(repository, Document, documents, "document")
        person = found(repository, Annotator, annotator, "person")
        layer, new_layer = layer_of(repository, person.id, round_in_use(repository, round).id)
        changes = [change for record in records for change in status_change(repository, record.id, layer.id, status)]
        what = f"“{shortened(records[0].title)}” is" if len(records) == 1 else f"{len(records)} documents are"
        title = f"{what} {status.replace('_', ' ')} for {person.name}"
        return Outcome(ChangeSet(title, (*new_layer, *changes) if changes else ()), len(changes))
