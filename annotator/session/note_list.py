"""Notes as a list shows them: each with what it is on and whom it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.mentions import mentions
from annotator.core.records import Annotation, Annotator, Document, Label, Note, Relation
from annotator.session.annotations import shortened
from annotator.session.visibility import SEES_ALL, Visibility
from annotator.storage.repository import Repository

QUOTE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note with what it is on. `title` is the document's or the label's name, `quote` the text that it is about.

    `mentions` are ids of annotators. `annotation` is the span to go to (a relation's source), `position` its first
    code point.
    """

    note: Note
    title: str
    quote: str
    author: str
    mentions: frozenset[str]
    annotation: str | None = None
    position: int = 0


def note_rows(repository: Repository, reader: Annotator, visibility: Visibility = SEES_ALL) -> list[NoteRow]:
    """Return every note on what is in sight, the newest first; the reader may be named before they have joined."""
    notes = [note for note in repository.rows.all(Note) if visibility.sees_note(note)]
    places = _Places(repository, notes)
    people = repository.rows.all(Annotator)
    if all(person.id != reader.id for person in people):
        people.append(reader)
    names = {person.id: person.name for person in people}
    rows = [row for note in notes if (row := places.row(note, names, people)) is not None]
    return sorted(rows, key=lambda row: (row.note.created, row.note.id), reverse=True)


class _Places:
    """Finds what notes are on, each text read once."""

    def __init__(self, repository: Repository, notes: Iterable[Note]) -> None:
        rows = repository.rows
        by_kind: dict[str, list[str]] = {}
        for note in notes:
            by_kind.setdefault(note.kind, []).append(note.target)
        self._blobs = repository.blobs
        self._relations = {r.id: r for r in rows.where_in(Relation, "id", by_kind.get("relation", []))}
        ends = {end for relation in self._relations.values() for end in (relation.source, relation.target)}
        wanted = sorted({*by_kind.get("annotation", []), *ends})
        self._annotations = {a.id: a for a in rows.where_in(Annotation, "id", wanted)}
        self._labels = {label.id: label for label in rows.all(Label)}
        documents = sorted({note.document for note in notes if note.document is not None})
        in_sight = repository.lists.in_sight(documents)
        self._documents = {d.id: d for d in rows.where_in(Document, "id", sorted(in_sight))}
        self._texts: dict[str, str] = {}

    def row(self, note: Note, names: dict[str, str], people: list[Annotator]) -> NoteRow | None:
        """Return the row of a note, or None where what it is on is out of sight."""
        author = names.get(note.annotator, note.annotator)
        named = frozenset(i for mention in mentions(note.body, people) for i in mention.annotators)
        if note.kind == "label":
            label = self._labels.get(note.target)
            return None if label is None else NoteRow(note, label.name, "", author, named)
        document = self._documents.get(note.document or "")
        if document is None:
            return None
        spans = self._spans(note)
        quote = " → ".join(self._quote(document, span) for span in spans)
        if not spans:
            return NoteRow(note, document.title, quote, author, named)
        return NoteRow(note, document.title, quote, author, named, spans[0].id, spans[0].start)

    def _spans(self, note: Note) -> list[Annotation]:
        """Return the span that a note is on, or both ends of its relation."""
        relation = self._relations.get(note.target)
        ids = (note.target,) if relation is None else (relation.source, relation.target)
        return [self._annotations[i] for i in ids if i in self._annotations]

    def _quote(self, document: Document, span: Annotation) -> str:
        if document.id not in self._texts:
            self._texts[document.id] = self._blobs.text(document.text)
        end = min(span.end, span.start + 2 * QUOTE_LENGTH)
        return shortened(self._texts[document.id][span.start : end], QUOTE_LENGTH)
