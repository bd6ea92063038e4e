"""New versions of a document: its text is frozen, so a repair makes another document that takes its place.

What was tagged moves along, whoever tagged it, with ids of its own; the old version stays as it was, out of sight.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotator.core.boundaries import trim
from annotator.core.changes import ChangeSet, made
from annotator.core.records import Document, Fragment
from annotator.core.structure import decode_structure
from annotator.core.text_edits import Moves, TextEdit
from annotator.formats.documents.source import ReadDocument
from annotator.session.annotations import shortened
from annotator.session.corrections import edited, storable_edits
from annotator.session.importing import new_document
from annotator.session.layouts import layout_of
from annotator.session.version_rows import VersionRows
from annotator.storage.repository import Repository


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The document that takes another one's place, and how many annotations have no place in it.

    Those wait for one (see session.unplaced).
    """

    document: Document
    lost: int


def new_version(
    repository: Repository, before: Document, edits: Sequence[TextEdit]
) -> tuple[ChangeSet, NewVersion, tuple[bytes, ...]]:
    """Return the changes that put an edited text in a document's place, what they make, and the bytes they point to.

    Raises DocumentReadError where nothing of the text is left.
    """
    old = _as_read(repository, before)
    edits = storable_edits(edits, before.file)
    new = edited(old, edits, before.file)
    made_anew, blobs = new_document(new, before.source, before.file)
    document = replace(made_anew, created=before.created, metadata=before.metadata, supersedes=before.id)
    spans = _MovedSpans(old.text, new.text, Moves(edits))
    annotations = repository.rows.annotations(before.id)
    left = {a.id: moved for a in annotations if (moved := spans.fragments(a.fragments))}
    rows = VersionRows(repository, before.id, document.id, left)
    title = f"Correct the text of “{shortened(document.title)}”"
    changes = ChangeSet(title, made(document, *rows.all(spans.stretch, reopened=False)))
    return changes, NewVersion(document, len(annotations) - len(left)), blobs


def _as_read(repository: Repository, document: Document) -> ReadDocument:
    blobs = repository.blobs
    return ReadDocument(
        text=blobs.text(document.text),
        structure=decode_structure(json.loads(blobs.get(document.structure))),
        title=document.title,
        language=document.language,
        date=document.date,
        url=document.url,
        format=document.format,
        pages=layout_of(repository, document),
    )


class _MovedSpans:
    """Where spans come to lie in the new text."""

    def __init__(self, before: str, after: str, moves: Moves) -> None:
        self._before = before
        self._after = after
        self._moves = moves

    def fragments(self, fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
        """Return what is left of a span's fragments; one that was edited neither begins nor ends with white space."""
        left = (self._left(start, end) for start, end in fragments)
        return tuple(fragment for fragment in left if fragment is not None)

    def stretch(self, start: int, end: int) -> tuple[Fragment, ...]:
        """Return what is left of one stretch of text, as `fragments` does."""
        return self.fragments([(start, end)])

    def _left(self, start: int, end: int) -> Fragment | None:
        for low, high in self._moves.moved_fragments([(start, end)]):
            if self._after[low:high] == self._before[start:end]:
                return low, high
            low, high = trim(self._after, low, high)
            return (low, high) if low < high else None
        return None
