"""Verbs on what leads write about the project: its purpose, and a diary."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.records import Annotator, DiaryEntry, Project
from annotator.session.annotations import found, shortened
from annotator.session.note_rows import storable_body
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import now


class Diary(Verbs):
    """Entries are Markdown; only leads write them."""

    @verb
    def write(self, body: str) -> Outcome[DiaryEntry]:
        """Add an entry. Raises RefusedError where it is empty or cannot be kept."""
        entry = DiaryEntry(new_id(), self.session.person.id, now(), _body(body))
        return Outcome(ChangeSet(f"Write in the diary: “{shortened(entry.body)}”", made(entry)), entry)

    def entries(self) -> list[DiaryEntry]:
        """Return all entries, the oldest first."""
        return sorted(self.session.reading.rows.all(DiaryEntry), key=lambda one: (one.created, one.id))

    @verb
    def edit(self, entry: str, body: str) -> Outcome[DiaryEntry]:
        """Change an entry, whoever wrote it; its date stays. Raises NotFoundError, or RefusedError as `write` does."""
        before = found(self.session.repository, DiaryEntry, entry, "diary entry")
        after = replace(before, body=_body(body))
        changes = (RowChange(before, after),) if before != after else ()
        return Outcome(ChangeSet(f"Change the diary: “{shortened(after.body)}”", changes), after)

    @verb
    def delete(self, entry: str) -> Outcome[None]:
        """Take an entry out. Raises NotFoundError."""
        record = found(self.session.repository, DiaryEntry, entry, "diary entry")
        return Outcome(ChangeSet(f"Delete the diary entry “{shortened(record.body)}”", deleted(record)), None)


class About(Verbs):
    """What the project says of itself."""

    @verb
    def set_purpose(self, text: str) -> Outcome[str]:
        """Say what the project is for; empty text takes it away. Raises RefusedError for anybody but a lead."""
        repository = self.session.repository
        known = repository.rows.get(Annotator, self.session.person.id)
        if known is None or known.role != "lead":
            raise RefusedError("Only leads write what the project is for. Tell one what you would write.")
        project = repository.rows.all(Project)[0]
        after = replace(project, purpose=storable_body(text))
        changes = (RowChange(project, after),) if project != after else ()
        title = f"Purpose of the project: “{shortened(after.purpose)}”" if after.purpose else "Empty the purpose"
        return Outcome(ChangeSet(title, changes), after.purpose)


def _body(text: str) -> str:
    body = storable_body(text)
    if not body:
        raise RefusedError("The entry is empty. Write something, or delete it.")
    return body
