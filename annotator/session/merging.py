"""Bringing together what several people made: returned files, packages, and copies that grew apart.

A merge is the union of the changes of all files with those here, stored as one step. What of a file may come in is said
by session.return_rules; what a row is then follows from the journal (see storage.merging).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.collector import collector_paused
from annotator.core.errors import RefusedError, UserError
from annotator.core.packages import PackageFacts
from annotator.core.records import Annotation, Annotator, Document, Record
from annotator.session.annotations import shortened
from annotator.session.carry_over import carried_over
from annotator.session.conflicts import Conflict, bringing_back, open_conflicts, resolution
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.session.return_rules import ReturnRules
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.incoming import IncomingFile
from annotator.storage.merging import Union

if TYPE_CHECKING:
    from annotator.session.session import Session


@dataclass(frozen=True, slots=True)
class FileMerge:
    """What a file brings. `changes` = `new` + `known` + those `left_out`, which are counted by table.

    `sender` is the name of whom it is from, where it says so. `refused` is why it cannot be merged; empty where it can.
    """

    file: Path
    facts: PackageFacts | None = None
    sender: str = ""
    changes: int = 0
    new: int = 0
    known: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, slots=True)
class DocumentMerge:
    """What a merge does to a document: spans that are new, changed and gone, other rows, and conflicts."""

    document: str
    title: str
    new: int
    changed: int
    removed: int
    others: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did, or would do.

    `rows` counts by table what is (new, changed, removed). `carried` are rows that went on into newer versions of
    documents. `step` is the id of the merge's step; None where there was nothing to do, or nothing was done yet.
    `taken_back` says that what the files hold was merged before, or a part of it, and undone: redo brings it back,
    merging does not.
    """

    files: tuple[FileMerge, ...]
    documents: tuple[DocumentMerge, ...] = ()
    rows: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    conflicts: int = 0
    carried: int = 0
    step: str | None = None
    taken_back: bool = False

    @property
    def already_merged(self) -> bool:
        """Say whether everything in the files is here already."""
        return all(not file.refused and not file.new for file in self.files)


class Merging(Verbs):
    """Merges are steps like any other: one undo takes a merge back."""

    def preview(
        self, files: Sequence[Path], progress: Progress = no_progress, cancel: Cancel | None = None
    ) -> MergeReport:
        """Return what merging the files would do. A file that cannot be merged says so in its `refused`."""
        refused, sound = [], []
        for path in files:
            try:
                self._run([path], no_progress, cancel or Cancel(), rehearse=True)
                sound.append(path)
            except UserError as error:
                refused.append(FileMerge(path, refused=str(error)))
        report = self._run(sound, progress, cancel or Cancel(), rehearse=True) if sound else MergeReport(())
        return replace(report, files=(*report.files, *refused), step=None)

    def merge(
        self, files: Sequence[Path], progress: Progress = no_progress, cancel: Cancel | None = None
    ) -> MergeReport:
        """Merge files as one step. Raises UserError, changing nothing, where one of them cannot be merged."""
        return self._run(files, progress, cancel or Cancel(), rehearse=False)

    def conflicts(self) -> list[Conflict]:
        """Return what somebody has to decide, by document."""
        repository = self.session.reading
        with repository.moment():
            found = open_conflicts(repository)
        return sorted(found, key=lambda conflict: (conflict.document or "", conflict.table, conflict.row))

    @verb
    def resolve(self, row: str, revision: str) -> Outcome[None]:
        """Decide a conflict for one of its sides. Raises NotFoundError, or RefusedError where it cannot be shown."""
        return Outcome(resolution(self.session.repository, row, revision), None)

    @verb
    def bring_back(self, row: str) -> Outcome[int]:
        """Bring back the deleted rows without which a hidden row cannot be shown; returns how many these are.

        Raises NotFoundError where the row is not hidden.
        """
        changes = bringing_back(self.session.repository, row)
        return Outcome(changes, len(changes.changes))

    def _run(self, files: Sequence[Path], progress: Progress, cancel: Cancel, *, rehearse: bool) -> MergeReport:
        with ExitStack() as opened:
            incoming = []
            for place, path in enumerate(files):
                progress(place, len(files) + 1, path.name)
                cancel.check()
                incoming.append(opened.enter_context(self._opened(path)))
            progress(len(files), len(files) + 1, "")
            report, changes = self.session.stream(lambda: _Run(self.session, incoming, cancel).run(rehearse=rehearse))
        if changes and not rehearse:
            self.session.events.emit(changes)
        return report

    def _opened(self, path: Path) -> IncomingFile:
        is_own = False
        with suppress(OSError):  # reading the file says why
            is_own = path.samefile(self.session.path)
        if is_own:
            raise RefusedError("“{name}” is the project that is open. Choose another file.", name=path.name)
        return IncomingFile(path)


class _Run:
    """One merge, on the storage thread."""

    def __init__(self, session: Session, files: Sequence[IncomingFile], cancel: Cancel) -> None:
        self._session = session
        self._repository = session.repository
        self._files = files
        self._cancel = cancel

    def run(self, *, rehearse: bool) -> tuple[MergeReport, ChangeSet]:
        """Merge; with `rehearse`, take everything back and only tell what would be."""
        with collector_paused(), self._repository.rehearsal() if rehearse else self._repository.transaction():
            self._session.join()
            return self._merge()

    def _merge(self) -> tuple[MergeReport, ChangeSet]:
        union = Union(self._repository)
        files = tuple(self._take(union, file) for file in self._files)
        title = _title(files)
        merges = self._repository.merges.merges_of(row for file in self._files for row in file.steps)
        taken_back = not merges.isdisjoint(self._session.history.undone(self._repository))
        if not union.steps:
            return MergeReport(files, taken_back=taken_back), ChangeSet(title, ())
        conflicts = {one.row for one in self._repository.unsettled.all() if one.contested or one.is_hidden}
        changes = union.settle()
        self._cancel.check()
        carried = carried_over(self._repository, changes, self._files)
        step = self._repository.open_step(title, self._session.author, undoable=bool(changes or carried))
        self._repository.merges.note(step, union.steps, _before(carried, changes) | union.before)
        written = self._repository.extend_step(step, ChangeSet(title, tuple(carried)))
        self._repository.journal.close_step(step, written)
        report = MergeReport(
            files,
            tuple(self._documents([*changes, *carried], conflicts)),
            _counts(changes),
            len({one.row for one in self._repository.unsettled.all() if one.contested or one.is_hidden} - conflicts),
            len(carried),
            step.id,
            taken_back,
        )
        return report, ChangeSet(title, (*changes, *carried))

    def _take(self, union: Union, file: IncomingFile) -> FileMerge:
        rules = ReturnRules(self._session, file)
        rules.check()
        taken = union.take(file, rules.permits)
        annotator = file.facts.annotator if file.facts else ""
        known = self._repository.rows.get(Annotator, annotator) if annotator else None
        return FileMerge(
            file.path,
            file.facts,
            known.name if known else "",
            len(file.rows),
            taken.new,
            taken.known,
            dict(taken.left_out),
        )

    def _documents(self, changes: Sequence[RowChange], known_conflicts: set[str]) -> Iterator[DocumentMerge]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for change in changes:
            document = change.row if change.table == "document" else getattr(change.record, "document", None)
            if document:
                kind = _kind(change) if isinstance(change.record, Annotation) else "others"
                counts[document][kind] += 1
        for conflict in open_conflicts(self._repository):
            if conflict.row not in known_conflicts and conflict.document:
                counts[conflict.document]["conflicts"] += 1
        titles = {d.id: d.title for d in self._repository.rows.where_in(Document, "id", list(counts))}
        for document, found in sorted(counts.items(), key=lambda item: titles.get(item[0], "")):
            numbers = (found[kind] for kind in ("new", "changed", "removed", "others", "conflicts"))
            yield DocumentMerge(document, titles.get(document, ""), *numbers)


def _title(files: Iterable[FileMerge]) -> str:
    names = sorted({file.sender or file.file.name for file in files})
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    whole = ", ".join(shortened(name, 80) for name in names[:3]) + more
    return f"Merge {whole.encode(errors='replace').decode()}"


def _before(carried: Iterable[RowChange], changes: Iterable[RowChange]) -> dict[tuple[str, str], Record | None]:
    """Return how the rows that were carried over were before the merge; None for those that came with it."""
    came = {(change.table, change.row) for change in changes if change.before is None}
    found: dict[tuple[str, str], Record | None] = {}
    for change in carried:
        key = change.table, change.row
        if key in came or change.before is not None:
            found[key] = None if key in came else change.before
    return found


def _kind(change: RowChange) -> str:
    if change.before is None:
        return "new"
    return "removed" if change.after is None else "changed"


def _counts(changes: Iterable[RowChange]) -> dict[str, tuple[int, int, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        found[change.table][_kind(change)] += 1
    return {table: (c["new"], c["changed"], c["removed"]) for table, c in sorted(found.items())}
