"""Keeping the search index whole: texts of older projects that were never indexed, and parts of words where wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from annotator.core.folding import as_signs, as_tokens
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.storage.repository import Repository

if TYPE_CHECKING:
    from annotator.session.session import Session

_BATCH_CHARACTERS = 60_000
"""Characters that are indexed in one transaction; verbs wait no longer than it takes."""

Entry = tuple[str, str]
"""The hash of a text, and the text as the index takes it."""


class SearchIndexing:
    """Fills the index in small transactions of the storage thread, so that verbs come in between.

    The index is no part of the journal: it can be made anew at any time.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_whole = False

    @property
    def is_whole(self) -> bool:
        """Say whether every text and note can be found; else `complete` makes it so, and it stays so."""
        if not self._is_whole:
            search = self._session.reading.search
            self._is_whole = not search.missing_texts() and not search.missing_notes()
        return self._is_whole

    @property
    def wants_parts(self) -> bool:
        """Say whether this copy of the project keeps an index of parts of words, be it whole or not."""
        return self._session.reading.search.has_parts()

    @property
    def has_parts(self) -> bool:
        """Say whether the parts of words of every indexed text can be found; else `keep_parts` makes it so."""
        search = self._session.reading.search
        return search.has_parts() and not search.texts_without_parts()

    def complete(self, *, progress: Progress = no_progress, cancel: Cancel | None = None) -> None:
        """Index what is missing; cancelling keeps what is done. Raises ReadOnlyError."""
        search = self._session.reading.search
        notes = search.missing_notes()
        if notes:
            self._write(lambda repository: [repository.search.put_note(*note) for note in notes])
        put = self._session.repository.search.put_tokens
        self._fill(search.missing_texts(), as_tokens, put, progress, cancel or Cancel())
        if search.has_parts():
            self.keep_parts(progress=progress, cancel=cancel)

    def keep_parts(self, *, progress: Progress = no_progress, cancel: Cancel | None = None) -> None:
        """Index the parts of words of all texts, and of those that come in from now on; cancelling keeps what is done.

        Raises ReadOnlyError.
        """
        self._write(lambda repository: repository.search.want_parts())
        texts = self._session.reading.search.texts_without_parts()
        self._fill(texts, as_signs, self._session.repository.search.put_parts, progress, cancel or Cancel())

    def drop_parts(self) -> None:
        """Take the index of parts of words away. Raises ReadOnlyError."""
        self._write(lambda repository: repository.search.drop_parts())

    def _fill(
        self,
        texts: Sequence[str],
        fold: Callable[[str], str],
        put: Callable[[str, str], None],
        progress: Progress,
        cancel: Cancel,
    ) -> None:
        done = 0
        for batch in self._batches(texts, fold):
            progress(done, len(texts), "")
            cancel.check()
            self._write(lambda _, batch=batch: [put(*entry) for entry in batch])
            done += len(batch)
        progress(done, len(texts), "")

    def _batches(self, texts: Sequence[str], fold: Callable[[str], str]) -> Iterator[list[Entry]]:
        batch: list[Entry] = []
        size = 0
        for text in texts:
            folded = fold(self._session.reading.blobs.text(text))
            batch.append((text, folded))
            size += len(folded)
            if size >= _BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _write(self, body: Callable[[Repository], object]) -> None:
        repository = self._session.repository

        def write() -> None:
            with repository.transaction():
                body(repository)

        self._session.stream(write)
