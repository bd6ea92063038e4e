"""How notes are stored: which row holds whose note on what, and the changes that write and remove one."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.changes import RowChange
from annotator.core.errors import RefusedError
from annotator.core.records import Annotation, Note, Relation
from annotator.core.text import is_storable
from annotator.core.versions import note_id
from annotator.storage.repository import Repository, now

NOTE_LIMIT = 100_000
"""Code points of a note at most."""


def note_on(owner: Annotation | Relation, body: str, annotator: str) -> Note:
    """Return a new note on a span or relation, in its layer. Raises RefusedError for a body that cannot be kept."""
    identity = note_id(owner.table, owner.id, annotator)
    return Note(identity, owner.table, owner.id, owner.document, owner.layer, annotator, now(), storable_body(body))


def note_change(repository: Repository, note: Note) -> tuple[RowChange, ...]:
    """Return the change that stores the note, or removes the stored one where the body is empty; nothing if equal.

    A note that is there keeps who wrote it first, and when. Raises RefusedError for a body that cannot be kept.
    """
    body = storable_body(note.body)
    before = repository.rows.get(Note, note.id)
    if (before.body if before else "") == body:
        return ()
    after = replace(before or note, body=body) if body else None
    return (RowChange(before, after),)


def storable_body(body: str) -> str:
    """Return the body without white space around it. Raises RefusedError where it cannot be kept."""
    body = body.strip()
    if not is_storable(body):
        raise RefusedError("The note holds a NUL or half a character. Take it out.")
    if len(body) > NOTE_LIMIT:
        raise RefusedError(
            "The note has {count} characters; {limit} is the most. Shorten it.", count=len(body), limit=NOTE_LIMIT
        )
    return body
