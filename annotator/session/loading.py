"""Brings a dataset's lines into the project: everything is checked first, then everything is stored, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.errors import DatasetError, NotFoundError
from annotator.core.journal import JournalStep
from annotator.core.records import Document
from annotator.formats.datasets.losses import Loss
from annotator.formats.datasets.reading import Problem, Reading
from annotator.formats.datasets.summary import Summary
from annotator.session.codebook import codebook_in_use
from annotator.session.codebooks import next_codebook
from annotator.session.line_records import LineRecords
from annotator.session.load_plan import LoadPlan, Meanings
from annotator.session.near_texts import NearTexts
from annotator.session.progress import Cancel, Progress
from annotator.storage.repository import Repository

if TYPE_CHECKING:
    from annotator.session.session import Session

BATCH = 50
"""How many documents are stored at a time; all batches are one transaction."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What is new in the project (or would be), what the file could not say, and what of it stayed behind.

    `unsure` are those that stayed behind, each with place and reason. `moved` counts spans that lay beside their quotes
    and were put where these stand, `added` names what the codebook got, `step` is the id of the step, None without one.
    """

    documents: int
    spans: int
    relations: int
    losses: tuple[Loss, ...] = ()
    unsure: tuple[Problem, ...] = ()
    moved: int = 0
    added: tuple[str, ...] = ()
    step: str | None = None


class Loading:
    """One load of one file."""

    def __init__(self, session: Session, reading: Reading, plan: LoadPlan, progress: Progress, cancel: Cancel) -> None:
        self._session = session
        self._reading = reading
        self._plan = plan
        self._progress = progress
        self._cancel = cancel
        self._losses = reading.context.losses
        self._unsure: list[Problem] = []
        self._added: tuple[str, ...] = ()
        self._step: str | None = None
        self._counts = {"document": 0, "annotation": 0, "relation": 0}

    def run(self, *, dry_run: bool) -> LoadResult:
        """Check the whole file, then store it unless this is a dry run."""
        summary = self._reading.check(cancel=self._cancel.check)
        self._unsure = list(self._reading.problems)
        if dry_run:
            self._session.stream(lambda: self._rehearse(summary))
        else:
            changes = self._session.stream(lambda: self._store(summary))
            if changes:
                self._session.events.emit(changes)
        return LoadResult(
            self._counts["document"],
            self._counts["annotation"],
            self._counts["relation"],
            self._losses.losses(),
            tuple(self._unsure),
            self._reading.moved,
            self._added,
            None if dry_run else self._step,
        )

    def _rehearse(self, summary: Summary) -> None:
        with self._session.repository.rehearsal():
            self._store(summary)

    def _store(self, summary: Summary) -> ChangeSet:
        repository, title = self._session.repository, f"Load “{self._reading.path.name}”"
        shown: list[RowChange] = []
        with repository.transaction():
            self._session.join()
            step = repository.open_step(title, self._session.author)
            meanings, changes = self._meanings(repository, summary)
            if changes:
                self._extend(repository, step, changes, [])
                shown += changes
            lines = _Lines(self._session, repository, self._reading, self._plan, meanings, self._unsure)
            records = LineRecords(self._session, repository, self._reading, self._plan.layer)
            for batch in _batches(lines, BATCH):
                self._cancel.check()
                self._progress(self._counts["document"], summary.documents, self._reading.path.name)
                shown += self._store_batch(repository, step, records, batch)
            if not shown:
                repository.journal.drop_step(step)
                return ChangeSet(title, ())
            repository.journal.close_step(step)
            self._step = step.id
        return ChangeSet(title, tuple(shown))

    def _meanings(self, repository: Repository, summary: Summary) -> tuple[Meanings, list[RowChange]]:
        """Return what the file's names mean, and the changes that give the codebook what it lacks."""
        current = codebook_in_use(repository)
        try:
            meanings = Meanings(current, self._plan, summary.labels, summary.relation_types)
        except NotFoundError as error:
            raise DatasetError(
                "{file}: {reason} Nothing was changed.", file=self._reading.path.name, reason=str(error)
            ) from error
        self._added = tuple(meanings.added)
        return meanings, list(next_codebook(repository, current, meanings.codebook)) if self._added else []

    def _store_batch(
        self, repository: Repository, step: JournalStep, records: LineRecords, batch: list[tuple[int, Any]]
    ) -> list[RowChange]:
        changes: list[RowChange] = []
        blobs: list[bytes] = []
        for number, line in batch:
            try:
                changes += made(*records.of(number, line, blobs))
            except DatasetError as error:
                if not self._plan.skip:
                    raise
                self._unsure.append(Problem(self._reading.path.name, number, str(error.__cause__ or error)))
        self._extend(repository, step, changes, blobs)
        for change in changes:
            if change.table in self._counts:
                self._counts[change.table] += 1
        return changes

    def _extend(self, repository: Repository, step: JournalStep, changes: list[RowChange], blobs: list[bytes]) -> None:
        change_set = ChangeSet(step.title, tuple(changes))
        self._session.refuse_what_is_not_permitted(change_set)
        repository.extend_step(step, change_set, blobs=blobs)


class _Lines:
    """The lines of a file in the words of the project, those of texts that are nearly here in these."""

    def __init__(
        self,
        session: Session,
        repository: Repository,
        reading: Reading,
        plan: LoadPlan,
        meanings: Meanings,
        unsure: list[Problem],
    ) -> None:
        self._own = session.person.id
        self._repository = repository
        self._reading = reading
        self._meanings = meanings
        self._unsure = unsure
        self._near = NearTexts(repository) if plan.near else None

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for number, line in self._reading.lines():
            own = self._meanings.of(line, self._reading.context.losses, self._own)
            yield number, own if self._near is None else self._placed(number, own, self._near)

    def _placed(self, number: int, line: Mapping[str, Any], near: NearTexts) -> Mapping[str, Any]:
        rows = self._repository.rows
        here = rows.get(Document, line["id"])
        if (here is not None and here.text == line["text_sha256"]) or rows.where(Document, "text", line["text_sha256"]):
            return line
        document = here or near.match(line)
        if document is None:
            return line

        def stays(reason: str) -> None:
            self._unsure.append(Problem(self._reading.path.name, number, reason))

        return near.moved(line, document, stays)


def _batches(lines: Iterable[tuple[int, Any]], size: int) -> Iterable[list[tuple[int, Any]]]:
    batch: list[tuple[int, Any]] = []
    for item in lines:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
