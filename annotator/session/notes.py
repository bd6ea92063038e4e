"""Verbs on notes: on spans, relations, documents and labels."""

from __future__ import annotations

from annotator.core.changes import ChangeSet, deleted
from annotator.core.errors import RefusedError
from annotator.core.records import Annotation, Document, Label, Note, Relation
from annotator.session.annotations import found, quote, shortened
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
