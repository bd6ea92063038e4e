"""Verbs on what was read and holds nothing to tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.coverage import joined, merged, whole_paragraphs, without
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.records import Document, Fragment, ReadRange
from annotator.session.annotations import found, shortened, started
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository


class Coverage(Verbs):
    """The only true negatives of a dataset besides documents that are done.

    Ranges are code points, half-open; they grow to whole paragraphs, which are lines. Text that is tagged stays tagged
    inside of them.
    """

    @verb
    def mark_read(self, document: str, start: int, end: int) -> Outcome[list[Fragment]]:
        """Say that the paragraphs of a range were read, in one's own layer; returns all that was read there.

        Paragraphs that follow each other become one range; blank ones count with their neighbours. Raises
        NotFoundError, or RefusedError for a range outside the text.
        """
        repository = self.session.repository
        text = self._text(repository, document, start, end)
        before = self._ranges(repository, document)
        low, high = whole_paragraphs(text, start, end)
        whole = [(read.start, read.end) for read in before]
        after = joined(text, [*whole, (low, high)]) if low < high else merged(whole)
        changes = self._changes(document, before, after)
        if changes:
            changes += started(repository, document, self.session.own_layer(repository).id)
        title = f"Read, nothing to tag: “{shortened(text[low:high])}”"
        return Outcome(ChangeSet(title, tuple(changes)), after)

    @verb
    def unmark(self, document: str, start: int, end: int) -> Outcome[list[Fragment]]:
        """Take the paragraphs of a range out of what was read in one's own layer; returns what is left.

        Raises as `mark_read` does.
        """
        repository = self.session.repository
        text = self._text(repository, document, start, end)
        before = self._ranges(repository, document)
        low, high = whole_paragraphs(text, start, end)
        whole = merged((read.start, read.end) for read in before)
        after = whole
        if low < high:
            after = [left for part in whole for left in without(text, part, (low, high))]
        title = f"Not read: “{shortened(text[low:high])}”"
        return Outcome(ChangeSet(title, tuple(self._changes(document, before, after))), after)

    def _text(self, repository: Repository, document: str, start: int, end: int) -> str:
        stored = found(repository, Document, document, "document")
        if not 0 <= start <= end <= stored.characters:
            raise RefusedError(
                "The place {start}–{end} is outside the text, which has {count} characters. Choose one within it.",
                start=start,
                end=end,
                count=stored.characters,
            )
        return repository.blobs.text(stored.text)

    def _ranges(self, repository: Repository, document: str) -> list[ReadRange]:
        layers = self.session.own_layers(repository)
        rows = repository.rows.where(ReadRange, "document", document)
        return sorted((row for row in rows if row.layer in layers), key=lambda row: (row.start, row.end))

    def _changes(self, document: str, before: Sequence[ReadRange], after: Sequence[Fragment]) -> list[RowChange]:
        """Return the changes that leave `after`; a row that lies in one of the new ranges becomes it."""
        changes: list[RowChange] = []
        spare = list(before)
        layer = self.session.own_layer(self.session.repository).id
        for start, end in after:
            row = next((row for row in spare if row.start < end and start < row.end), None)
            if row is None:
                changes += made(ReadRange(new_id(), document, layer, start, end))
                continue
            spare.remove(row)
            if (row.start, row.end) != (start, end):
                changes.append(RowChange(row, replace(row, start=start, end=end)))
        return [*changes, *deleted(*spare)]
