"""Bringing together what several people made: returned files, packages, and copies that grew apart.

A merge is the union of the changes of all files with those here, stored as one step. What of a file may come in is said
by session.return_rules; what a row is then follows from the journal (see storage.merging).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.collector import collector_paused
from annotator.core.errors import RefusedError, UserError
from annotator.core.ids import new_id
from annotator.core.journal import JournalChange, JournalStep
from annotator.core.packages import PackageFacts, updated
from annotator.core.records import Annotation, Annotator, Document, Layer
from annotator.core.same_people import resolved
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
    """What a merge does to a document: spans that are new, changed and gone, other rows, and conflicts.

    What becomes of spans of the gold layer is in `decided` instead, in one number: nobody tagged them.
    """

    document: str
    title: str
    new: int
    changed: int
    removed: int
    others: int
    conflicts: int
    decided: int = 0


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did, or would do.

    `rows` counts by table what is (new, changed, removed), spans of the gold layers under "gold". `carried` are rows
    that went on into newer versions of documents. `step` is the id of the merge's step; None where there was nothing to
    do, or nothing was done yet. `taken_back` says that what the files hold was merged before, or a part of it, and
    undone: redo brings it back, merging does not.
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
            merged = self._merge()
            facts = self._updated_facts()
            if facts is not None:
                self._repository.local.put("package", facts.to_json())
        if facts is not None and not rehearse:
            self._session.keep_package(facts)
        return merged

    def _updated_facts(self) -> PackageFacts | None:
        """Return what a package says of itself once the files are in it; None in a whole project."""
        own = self._session.package
        return None if own is None else updated(own, (file.facts for file in self._files if file.facts is not None))

    def _merge(self) -> tuple[MergeReport, ChangeSet]:
        union = Union(self._repository)
        files = tuple(self._take(union, file) for file in self._files)
        title = _title(files)
        merges = self._repository.merges.merges_of(row for file in self._files for row in file.steps)
        taken_back = not merges.isdisjoint(self._session.history.undone(self._repository))
        if not union.steps:
            return MergeReport(files, taken_back=taken_back), ChangeSet(title, ())
        conflicts = {one.row for one in open_conflicts(self._repository)}
        identity = new_id()
        carried = carried_over(self._repository, union, identity, self._cancel.check)
        union.add(carried)
        changes = union.settle()
        self._cancel.check()
        step = self._step(title, carried, identity=identity, undoable=bool(changes or union.has_new_sides))
        self._repository.merges.note(step, union.steps, union.before, union.hidden)
        rows = {(change.table, change.row) for change in carried}
        gold = self._gold_layers(changes)
        new_conflicts = [one for one in open_conflicts(self._repository) if one.row not in conflicts]
        report = MergeReport(
            files,
            tuple(self._documents(changes, new_conflicts, gold)),
            _counts((change for change in changes if (change.table, change.row) not in rows), gold),
            len(new_conflicts),
            len(rows),
            step.id,
            taken_back,
        )
        return report, ChangeSet(title, tuple(changes))

    def _step(self, title: str, carried: Sequence[JournalChange], *, identity: str, undoable: bool) -> JournalStep:
        """Store the merge's step with what it carried over; later steps have greater counters than all of that."""
        least = max((change.counter for change in carried), default=1)
        step = self._repository.open_step(
            title, self._session.author, identity=identity, least=least, undoable=undoable
        )
        self._repository.journal.append(carried)
        self._repository.journal.close_step(step, carried)
        return step

    def _take(self, union: Union, file: IncomingFile) -> FileMerge:
        rules = ReturnRules(self._session, file)
        rules.check()
        taken = union.take(file, rules.permits)
        everybody = self._repository.rows.all(Annotator)
        sender = resolved(everybody, file.facts.annotator) if file.facts else ""
        known = next((one for one in everybody if one.id == sender), None)
        return FileMerge(
            file.path,
            file.facts,
            known.name if known else "",
            len(file.rows),
            taken.new,
            taken.known,
            dict(taken.left_out),
        )

    def _documents(
        self, changes: Sequence[RowChange], conflicts: Sequence[Conflict], gold: Collection[str]
    ) -> Iterator[DocumentMerge]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for change in changes:
            document = change.row if change.table == "document" else getattr(change.record, "document", None)
            if document:
                is_span = isinstance(change.record, Annotation)
                kind = "others" if not is_span else "decided" if change.layer in gold else _kind(change)
                counts[document][kind] += 1
        for conflict in conflicts:
            if conflict.document:
                counts[conflict.document]["conflicts"] += 1
        titles = {d.id: d.title for d in self._repository.rows.where_in(Document, "id", list(counts))}
        for document, found in sorted(counts.items(), key=lambda item: titles.get(item[0], "")):
            numbers = (found[kind] for kind in ("new", "changed", "removed", "others", "conflicts", "decided"))
            yield DocumentMerge(document, titles.get(document, ""), *numbers)

    def _gold_layers(self, changes: Iterable[RowChange]) -> set[str]:
        """Return the ids of the gold layers, those that the changes take away included."""
        stored = self._repository.rows.where(Layer, "kind", "gold")
        return {one.id for one in stored} | {
            one.row for one in changes if isinstance(one.record, Layer) and one.record.kind == "gold"
        }


def _title(files: Iterable[FileMerge]) -> str:
    names = sorted({file.sender or file.file.name for file in files})
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    whole = ", ".join(shortened(name, 80) for name in names[:3]) + more
    return f"Merge {whole.encode(errors='replace').decode()}"


def _kind(change: RowChange) -> str:
    if change.before is None:
        return "new"
    return "removed" if change.after is None else "changed"


def _counts(changes: Iterable[RowChange], gold: Collection[str]) -> dict[str, tuple[int, int, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        is_decided = change.table == "annotation" and change.layer in gold
        found["gold" if is_decided else change.table][_kind(change)] += 1
    return {table: (c["new"], c["changed"], c["removed"]) for table, c in sorted(found.items())}
