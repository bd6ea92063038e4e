"""An edited version of a document, read from another file: what would become of its spans, and the changes.

A span whose words stand unchanged among the same words moves; every other one stays with the old version and waits
until somebody places or dismisses it (see `session.unplaced`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.anchors import Placed, Placing
from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, made
from annotator.core.errors import DocumentReadError, RefusedError
from annotator.core.records import Annotation, Document, Fragment
from annotator.core.spans import check_fragments
from annotator.formats.documents.source import ReadDocument
from annotator.session.annotations import shortened
from annotator.session.findings import Candidate
from annotator.session.importing import new_document, read_bytes
from annotator.session.lineage import documents_with
from annotator.session.progress import Cancel, Cancelled, Progress
from annotator.session.version_rows import VersionRows
from annotator.session.versions import NewVersion
from annotator.storage.repository import Repository
from annotator.workers.pool import ParserPool
from annotator.workers.process import ReadCancelledError

if TYPE_CHECKING:
    from annotator.session.session import Session

UNLIKE = 0.35
"""Texts that are less alike than this are hardly versions of one document."""

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, eq=False)
class VersionReport:
    """What an edited version would change; nothing is stored yet.

    `placed` says for every annotation of the document, of all layers, where it would lie.
    """

    document: Document
    candidate: Candidate
    old_text: str
    placing: Placing
    annotations: tuple[Annotation, ...]
    placed: Mapping[str, Placed]

    def place(self, annotation: Annotation) -> Placed:
        """Return where an annotation would lie; one that was resized or made since is looked for now."""
        if self._fragments.get(annotation.id) == annotation.fragments:
            return self.placed[annotation.id]
        return self.placing.place(annotation.fragments)

    @cached_property
    def _fragments(self) -> dict[str, tuple[Fragment, ...]]:
        return {annotation.id: annotation.fragments for annotation in self.annotations}

    @cached_property
    def sure(self) -> int:
        """How many annotations move along."""
        return sum(placed.sure for placed in self.placed.values())

    @cached_property
    def unsure(self) -> int:
        """How many have candidates for a new place."""
        return sum(not placed.sure and not placed.lost for placed in self.placed.values())

    @cached_property
    def lost(self) -> int:
        """How many have no text like theirs in the new version."""
        return sum(placed.lost for placed in self.placed.values())

    @cached_property
    def similarity(self) -> float:
        """How alike the two texts are, 0 to 1."""
        return self.placing.alignment.similarity()

    @property
    def is_unlike(self) -> bool:
        """Whether the new text is more likely that of another document."""
        return self.similarity < UNLIKE


def examine_version(
    session: Session, document: Document, path: Path, password: str, progress: Progress, cancel: Cancel
) -> VersionReport:
    """Read a file as a version of a document, and find its spans there.

    Raises DocumentReadError, RefusedError, or Cancelled.
    """
    progress(0, 2, path.name)
    candidate = _read(session, document, path, password, cancel)
    progress(1, 2, document.title)
    report = report_on(session, document, candidate, cancel)
    progress(2, 2, "")
    return report


def report_on(session: Session, document: Document, candidate: Candidate, cancel: Cancel) -> VersionReport:
    """Lay a text beside that of a document and find the document's spans in it. Raises Cancelled."""
    repository = session.reading
    with repository.moment():
        old_text = repository.blobs.text(document.text)
        annotations = tuple(repository.rows.annotations(document.id))
    placing = Placing(old_text, candidate.read.text)
    placed = {}
    for annotation in annotations:
        if cancel.is_requested():
            raise Cancelled
        placed[annotation.id] = placing.place(annotation.fragments)
    return VersionReport(document, candidate, old_text, placing, annotations, placed)


def _read(session: Session, document: Document, path: Path, password: str, cancel: Cancel) -> Candidate:
    data = read_bytes(path)
    source = sha256_hex(data)
    if source == document.source:
        template = "“{file}” is the file that “{title}” was made of. Choose the edited one."
        raise RefusedError(template, file=path.name, title=document.title)
    with ParserPool(1) as pool:
        try:
            found = pool.read(path.name, data, password=password, cancel=cancel.event).result()
        except ReadCancelledError:
            raise Cancelled from None
    if len(found) != 1:
        template = "“{file}” holds {count} documents. Choose a file that holds the edited version alone."
        raise RefusedError(template, file=path.name, count=len(found))
    candidate = Candidate(path, source, found[0])
    refuse_known(session.reading, document, candidate)
    return candidate


def refuse_known(repository: Repository, document: Document, candidate: Candidate) -> None:
    """Raise RefusedError where the text is that of the document, or is in the project as another one."""
    text = sha256_hex(candidate.read.text.encode())
    if text == document.text:
        template = "The text of “{file}” is that of “{title}” to the letter. There is nothing to take over."
        raise RefusedError(template, file=candidate.file.name, title=document.title)
    for other in documents_with(repository, "text", text):
        template = "The text of “{file}” is already here as “{title}”. Remove that document first."
        raise RefusedError(template, file=candidate.file.name, title=other.title)


def bytes_of(candidate: Candidate) -> bytes:
    """Return the bytes of a candidate's file. Raises DocumentReadError where it has changed since it was read."""
    data = read_bytes(candidate.file)
    if sha256_hex(data) != candidate.source:
        raise DocumentReadError("“{file}” has changed since it was read. Choose it again.", file=candidate.file.name)
    return data


def edited_version(
    repository: Repository,
    before: Document,
    report: VersionReport,
    data: bytes,
    decisions: Mapping[str, Sequence[Fragment]],
) -> tuple[ChangeSet, NewVersion, tuple[bytes, ...]]:
    """Return the changes that put an edited version in a document's place, what they make, and the bytes needed.

    `decisions` say of an annotation by id where it lies in the new text, or with nothing that it is left out for good.
    Raises RefusedError where the document is not as it was examined, UserError for a decision outside the text.
    """
    if before.text != report.document.text:
        raise RefusedError("“{title}” was corrected in the meantime. Choose the file again.", title=before.title)
    refuse_known(repository, before, report.candidate)
    document, blobs = _document(before, report.candidate)
    annotations = repository.rows.annotations(before.id)
    left: dict[str, Sequence[Fragment]] = {}
    for annotation in annotations:
        if annotation.id in decisions:
            fragments = tuple(decisions[annotation.id])
            if fragments:
                check_fragments(fragments, document.characters)
                left[annotation.id] = fragments
            continue
        placed = report.place(annotation)
        if placed.sure:
            left[annotation.id] = placed.fragments
    dismissed = {identity for identity, fragments in decisions.items() if not fragments}
    rows = VersionRows(repository, before.id, document.id, left)
    records = rows.all(_ReadAgain(report).stretches, reopened=True, dismissed=dismissed)
    changes = ChangeSet(f"New version of “{shortened(document.title)}”", made(document, *records))
    return changes, NewVersion(document, len(annotations) - len(left)), (*blobs, data)


def _document(before: Document, candidate: Candidate) -> tuple[Document, tuple[bytes, ...]]:
    """Return the record of the new version: what people know of the document stays."""
    read: ReadDocument = candidate.read
    made_anew, blobs = new_document(read, candidate.source, candidate.file.name)
    document = replace(
        made_anew,
        title=before.title,
        date=before.date or made_anew.date,
        url=before.url or made_anew.url,
        language=before.language or made_anew.language,
        created=before.created,
        metadata={**before.metadata, **made_anew.metadata},
        supersedes=before.id,
    )
    return document, blobs


class _ReadAgain:
    """What was read and holds nothing stays read where its lines are unchanged."""

    def __init__(self, report: VersionReport) -> None:
        self._report = report

    def stretches(self, start: int, end: int) -> list[Fragment]:
        """Return where the lines of a stretch lie that are there for sure; lines that still follow are one stretch."""
        found: list[Fragment] = []
        text = self._report.candidate.read.text
        for line in _LINE.finditer(self._report.old_text, start, end):
            placed = self._report.placing.place([line.span()]) if line[0].strip() else None
            if placed is None or not placed.sure:
                continue
            low, high = placed.fragments[0]
            if found and found[-1][1] <= low and not text[found[-1][1] : low].strip():
                found[-1] = (found[-1][0], high)
            else:
                found.append((low, high))
        return found
