"""Verbs on notes: on spans, relations, documents and labels."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.changes import ChangeSet, RowChange, deleted
from annotator.core.errors import RefusedError
from annotator.core.records import Annotation, Document, Label, Note, Relation
from annotator.session.annotations import found, found_all, quote, shortened
from annotator.session.note_rows import note_change, note_id, note_on
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository, now

NOTE_KINDS = ("annotation", "relation", "document", "label")


class Notes(Verbs):
    """A note is Markdown; it may name annotators with @."""

    @verb
    def write(self, kind: str, target: str, body: str) -> Outcome[None]:
        """Write the note on a target (see `NOTE_KINDS`), or remove it with empty text.

        A span or relation has one note, a document or label one by each annotator: this writes one's own.

        Raises NotFoundError for a target that is not there, RefusedError for another kind or a body that cannot be
        kept.
        """
        repository = self.session.repository
        note = self._note(repository, kind, target, body)
        title = f"Note on {described(repository, note)}"
        return Outcome(ChangeSet(title, note_change(repository, note)), None)

    @verb
    def write_all(self, annotations: Iterable[str], body: str) -> Outcome[int]:
        """Write a remark on many spans as one step, below what their notes say already; returns how many got it.

        Raises NotFoundError, or RefusedError for an empty remark or one that cannot be kept.
        """
        repository = self.session.repository
        records = found_all(repository, Annotation, annotations, "annotation")
        if not body.strip():
            raise RefusedError("The note is empty. Write something.")
        targets = [record.id for record in records]
        there = {note.target: note.body for note in repository.rows.where_in(Note, "target", targets)}
        changes: list[RowChange] = []
        for record in records:
            whole = f"{there[record.id]}\n\n{body.strip()}" if record.id in there else body
            changes += note_change(repository, note_on(record, whole, self.session.person.id))
        return Outcome(ChangeSet(f"Note on {len(records)} spans", tuple(changes)), len(records))

    @verb
    def delete(self, note: str) -> Outcome[None]:
        """Remove a note by its own id, whoever wrote it. Raises NotFoundError."""
        repository = self.session.repository
        record = found(repository, Note, note, "note")
        title = f"Delete the note on {described(repository, record)}"
        return Outcome(ChangeSet(title, deleted(record)), None)

    def _note(self, repository: Repository, kind: str, target: str, body: str) -> Note:
        person = self.session.person.id
        if kind in ("annotation", "relation"):
            owner = found(repository, Annotation if kind == "annotation" else Relation, target, kind)
            return note_on(owner, body, person)
        if kind == "document":
            document = found(repository, Document, target, kind).id
            layer = self.session.own_layer(repository).id
            return Note(note_id(kind, target, person), kind, target, document, layer, person, now(), body)
        if kind == "label":
            found(repository, Label, target, kind)
            return Note(note_id(kind, target, person), kind, target, None, None, person, now(), body)
        raise RefusedError("“{kind}” cannot have a note. Use one of: {known}.", kind=kind, known=", ".join(NOTE_KINDS))


def described(repository: Repository, note: Note) -> str:
    """Return what a note is on, for a title."""
    if note.kind == "label":
        label = repository.rows.get(Label, note.target)
        return f"the label {label.name}" if label else "a label"
    document = repository.rows.get(Document, note.document or "")
    if note.kind == "annotation" and document is not None:
        annotation = found(repository, Annotation, note.target, "annotation")
        return f"“{quote(repository, document, annotation)}”"
    if note.kind == "document" and document is not None:
        return f"“{shortened(document.title)}”"
    return "a relation"
