"""Verbs on documents: import, paste, describe, set the status, remove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.records import (
    Assignment,
    Decision,
    Document,
    DocumentValue,
    Fragment,
    Note,
    ReadRange,
    Status,
    Unplaced,
)
from annotator.core.text_edits import TextEdit
from annotator.formats.documents.source import ReadDocument
from annotator.session.annotations import ValueWriter, delete_annotations, found, refuse_unstorable, shortened
from annotator.session.codebook import codebook_in_use
from annotator.session.conflicts import refuse_open_conflicts
from annotator.session.edited_versions import VersionReport, bytes_of, edited_version, examine_version
from annotator.session.examination import Examination
from annotator.session.findings import Candidate, ImportResult, Take
from annotator.session.importing import Storing, files_in, new_document
from annotator.session.lineage import documents_with, own_versions
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.session.verb import Outcome, Verbs, verb
from annotator.session.versions import NewVersion, new_version
from annotator.session.work import status_change
from annotator.workers.pool import ParserPool


class Documents(Verbs):
    """Documents come in through isolated readers and stay as they were frozen."""

    def import_files(
        self,
        paths: Iterable[Path],
        *,
        jobs: int = 2,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> ImportResult:
        """Import files, and folders with all that is readable in them, as one step.

        Each document is committed when it is read, so cancelling keeps what is done. Nothing is raised for a file
        that cannot be read: it is among the failures. Raises ReadOnlyError.
        """
        self.session.repository  # noqa: B018 - refuses at once where the project is read-only
        cancel = cancel or Cancel()
        files = files_in(paths)
        storing = Storing(self.session)
        try:
            for one in Examination(
                self.session, files, jobs=jobs, passwords={}, beside=(), progress=progress, cancel=cancel
            ):
                storing.take(one)
        finally:
            storing.close()
        progress(len(files), len(files), "")
        return storing.result(cancelled=cancel.is_requested())

    def examine(
        self,
        paths: Iterable[Path],
        take: Take,
        *,
        jobs: int = 2,
        passwords: Mapping[Path, str] | None = None,
        beside: Iterable[Candidate] = (),
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> None:
        """Read files and folders as `import_files` does, store nothing, and hand each finding to `take` in order.

        `passwords` are for locked files, by their path. `beside` was found before and is to be imported as well: what
        equals or resembles it is told of.
        """
        files = files_in(paths)
        cancel = cancel or Cancel()
        known = passwords or {}
        for one in Examination(
            self.session, files, jobs=jobs, passwords=known, beside=beside, progress=progress, cancel=cancel
        ):
            take(one)
        progress(len(files), len(files), "")

    def add(
        self, candidates: Sequence[Candidate], *, progress: Progress = no_progress, cancel: Cancel | None = None
    ) -> ImportResult:
        """Store what `examine` found, as one step; cancelling keeps what is done. Raises ReadOnlyError."""
        self.session.repository  # noqa: B018 - refuses at once where the project is read-only
        cancel = cancel or Cancel()
        storing = Storing(self.session)
        try:
            for done, candidate in enumerate(candidates):
                if cancel.is_requested():
                    break
                progress(done, len(candidates), candidate.read.title)
                storing.take(candidate)
        finally:
            storing.close()
        progress(len(candidates), len(candidates), "")
        return storing.result(cancelled=cancel.is_requested())

    def paste(self, text: str, *, title: str, date: str = "", url: str = "") -> Document:
        """Make a document of pasted text.

        Raises RefusedError where the same text is already here, DocumentReadError where there is no text.
        """
        data = text.encode("utf-8", "replace")
        with ParserPool(1) as pool:
            read = pool.read("pasted text.txt", data).result()[0]
        read = replace(read, title=title.strip() or read.title, date=date.strip(), url=url.strip())
        return self._add_pasted(read, data)

    @verb
    def _add_pasted(self, read: ReadDocument, data: bytes) -> Outcome[Document]:
        refuse_unstorable(read.title + read.date + read.url)
        document, blobs = new_document(read, sha256_hex(data), "pasted text")
        for existing in documents_with(self.session.repository, "text", document.text):
            raise RefusedError("This text is already here as “{title}”.", title=existing.title)
        return Outcome(ChangeSet(f"Paste “{shortened(document.title)}”", made(document)), document, (*blobs, data))

    @verb
    def describe(
        self,
        document: str,
        *,
        title: str | None = None,
        date: str | None = None,
        url: str | None = None,
        language: str | None = None,
    ) -> Outcome[Document]:
        """Correct a document's title, date (ISO 8601), source URL or language; None leaves a field as it is."""
        before = found(self.session.repository, Document, document, "document")
        given = {"title": title, "date": date, "url": url, "language": language}
        values = {name: value.strip() for name, value in given.items() if value is not None}
        if not values.get("title", before.title):
            raise RefusedError("A document needs a title. Type one.")
        refuse_unstorable("".join(values.values()))
        after = replace(before, **values)
        changes = (RowChange(before, after),) if after != before else ()
        return Outcome(ChangeSet(f"Describe “{shortened(after.title)}”", changes), after)

    @verb
    def set_value(self, document: str, key: str, value: Any) -> Outcome[Any]:
        """Say what an attribute is in a document unless a span says otherwise, or clear that with None.

        Returns the value as stored (an entity by name). Several at once are one step in a group of the session.

        Raises:
            UserError: an attribute that documents do not pass on, a value that does not fit.
        """
        repository = self.session.repository
        record = found(repository, Document, document, "document")
        codebook = codebook_in_use(repository)
        definition = codebook.attribute_by_key(key)
        writer = ValueWriter(repository, codebook)
        changes = writer.document_changes(document, key, value)
        title = f"Set {definition.name} of “{shortened(record.title)}”"
        return Outcome(ChangeSet(title, tuple(changes)), writer.known_as(definition, value))

    @verb
    def correct(self, document: str, edits: Sequence[TextEdit]) -> Outcome[NewVersion]:
        """Put a version with another text in a document's place; what is tagged moves along.

        The edits are of the text as it stands, in code points. Raises RefusedError where another version has taken the
        document's place, or conflicts are open in it, DocumentReadError where nothing of the text would be left.
        """
        repository = self.session.repository
        before = found(repository, Document, document, "document")
        if not repository.lists.in_sight([document]):
            raise RefusedError("“{title}” has been corrected already. Open the newer version.", title=before.title)
        refuse_open_conflicts(repository, before)
        changes, version, blobs = new_version(repository, before, edits)
        if version.document.text == before.text:
            return Outcome(ChangeSet("Correct the text", ()), NewVersion(before, 0))
        return Outcome(changes, version, blobs)

    def examine_version(
        self,
        document: str,
        path: Path,
        *,
        password: str = "",
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> VersionReport:
        """Read a file as an edited version of a document and say what would become of its spans; nothing is stored.

        Raises:
            NotFoundError: There is no such document.
            RefusedError: The file or its text is that of the document, or another one of the project has the text.
            DocumentReadError: The file cannot be read; PasswordNeededError where it is locked.
            Cancelled: It was asked to stop.
        """
        record = self.session.queries.document(document)
        return examine_version(self.session, record, path, password, progress, cancel or Cancel())

    def replace_by(
        self, report: VersionReport, decisions: Mapping[str, Sequence[Fragment]] | None = None
    ) -> NewVersion:
        """Put the version that `examine_version` read in the document's place, as one step.

        Spans that are sure move with all that hangs on them, of every layer; the others wait for a place. `decisions`
        say of an annotation by id where it lies in the new text, or with nothing that it does not come along. What was
        done or approved is in progress again.

        Raises UserError where the document or the file has changed since, where conflicts are open in it, or a decision
        lies outside the text.
        """
        return self._replace_by(report, bytes_of(report.candidate), decisions or {})

    @verb
    def _replace_by(
        self, report: VersionReport, data: bytes, decisions: Mapping[str, Sequence[Fragment]]
    ) -> Outcome[NewVersion]:
        repository = self.session.repository
        before = found(repository, Document, report.document.id, "document")
        if not repository.lists.in_sight([before.id]):
            raise RefusedError("“{title}” has a newer version already. Open that one.", title=before.title)
        refuse_open_conflicts(repository, before)
        changes, version, blobs = edited_version(repository, before, report, data, decisions)
        return Outcome(changes, version, blobs)

    @verb
    def set_status(self, document: str, status: str) -> Outcome[None]:
        """Say where one stands with a document: one of core.records.STATUSES."""
        repository = self.session.repository
        record = found(repository, Document, document, "document")
        changes = status_change(repository, document, self.session.own_layer(repository).id, status)
        title = f"“{shortened(record.title)}” is {status.replace('_', ' ')}"
        return Outcome(ChangeSet(title, tuple(changes)), None)

    @verb
    def remove(self, document: str) -> Outcome[int]:
        """Take a document out with everything on it and its older versions; returns how many annotations were on it.

        Undo brings it all back.
        """
        repository = self.session.repository
        record = found(repository, Document, document, "document")
        changes: list[RowChange] = []
        for version in own_versions(repository, record):
            changes += self._without(version)
        count = len(repository.rows.annotations(document))
        return Outcome(ChangeSet(f"Remove “{shortened(record.title)}”", tuple(changes)), count)

    def _without(self, record: Document) -> list[RowChange]:
        """Return the changes that take out one version of a document with everything on it."""
        rows = self.session.repository.rows
        changes = delete_annotations(self.session.repository, rows.annotations(record.id))
        gone = {change.row for change in changes}
        notes = [note for note in rows.where(Note, "document", record.id) if note.id not in gone]
        kinds = (Status, ReadRange, DocumentValue, Unplaced, Assignment, Decision)
        hanging = [row for kind in kinds for row in rows.where(kind, "document", record.id)]
        return [*changes, *deleted(*notes, *hanging, record)]
