"""Hand-off packages: a lead issues one file per analyst, the analyst works in it and hands it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.analysis.consistency.facts import Finding
from annotator.core.changes import ChangeSet
from annotator.core.errors import ProjectFileError, RefusedError
from annotator.core.package_scope import scope_for
from annotator.core.packages import PackageFacts
from annotator.core.records import FINISHED, Annotator, Assignment, Document, Layer, Project, Round, Status
from annotator.core.same_people import are_same, ids_of, resolved
from annotator.session.consistency import handin_problems
from annotator.session.layers import layer_of
from annotator.session.lineage import newest_version, older_versions
from annotator.session.merging import MergeReport
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.session.verb import Outcome
from annotator.storage.backup import backup_folder
from annotator.storage.outgoing import write_package, write_return
from annotator.storage.package_facts import new_package
from annotator.storage.repository import Repository, now

if TYPE_CHECKING:
    from annotator.session.session import Session

PACKAGE_SUFFIX = ".annodb"
RETURN_SUFFIX = ".annoreturn"

_NO_FILE_NAME = '<>:"/\\|?*'


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can get a package: how many documents are assigned in the round in use, and how many returned."""

    id: str
    name: str
    documents: int
    returned: int


@dataclass(frozen=True, slots=True)
class Issued:
    """A package that was made."""

    file: Path
    annotator: str
    name: str
    documents: int
    annotations: int


@dataclass(frozen=True, slots=True)
class UnfinishedDocument:
    """A document of the package that its analyst has not finished."""

    id: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class HandInReport:
    """What to know before handing in. `findings` are those of the consistency check; `steps` go into the return."""

    documents: int
    unfinished: tuple[UnfinishedDocument, ...]
    findings: tuple[Finding, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A return that was made."""

    file: Path
    documents: int
    annotations: int
    changes: int


class Packages:
    """Files that leave a project and come back. None of them changes what is in the project."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- for leads

    def recipients(self) -> list[Recipient]:
        """Return everybody who has documents assigned in the round in use, by name."""
        repository = self._session.reading
        with repository.moment():
            people = repository.rows.all(Annotator)
            round_ = repository.rows.all(Project)[0].round
            counts = self._assigned_counts(people, round_)
            found = [
                Recipient(one.id, one.name, counts[one.id], len(self._returned(one.id, people)))
                for one in people
                if counts[one.id]
            ]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def _assigned_counts(self, people: list[Annotator], round_: str) -> Counter[str]:
        assigned = self._session.reading.rows.where(Assignment, "round", round_)
        pairs = {(resolved(people, one.annotator), one.document) for one in assigned}
        return Counter(person for person, _ in pairs)

    def _returned(self, annotator: str, people: list[Annotator]) -> set[str]:
        """Return the ids of the documents that were returned to somebody in the round in use."""
        rows = self._session.reading.rows
        round_ = rows.all(Project)[0].round
        layers = [one.id for one in rows.where_in(Layer, "annotator", ids_of(people, annotator)) if one.round == round_]
        return {one.document for one in rows.where_in(Status, "layer", layers) if one.status == "returned"}

    def issue(
        self,
        annotator: str,
        out: Path,
        documents: Iterable[str] | None = None,
        with_digest: bool = False,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> Issued:
        """Make the package of an annotator: what is assigned to them in the round in use, and nothing of others.

        Args:
            annotator: the annotator's id.
            out: the file, or a folder that is there, in which the file gets a name.
            documents: ids of documents assigned to the annotator; None takes all.
            with_digest: whether the decisions on documents that were returned go along.
            progress: told how many parts are done.
            cancel: stops between two parts; there is no file then.

        Raises:
            RefusedError: somebody else than a lead asks, the annotator is unknown, nothing is assigned, a document is
                not, or the file would lie where it must not.
            UserError: the file is there already or cannot be written.
        """
        session = self._session
        self._refuse_all_but_leads()
        people = session.queries.annotators()
        person = _known(people, annotator)
        target = self._target(out, f"{session.path.stem} – {person.name}", PACKAGE_SUFFIX)
        self._refuse_bad_place(target)
        assigned = self._assigned(person, people, documents)
        self._give_layer(person)
        repository = session.reading
        with repository.moment():
            project = repository.rows.all(Project)[0]
            facts = self._facts(project, person.id, assigned)
            scope = scope_for(
                person.id,
                people,
                repository.rows.all(Layer),
                documents=facts.documents,
                reviewed=self._reviewed(person.id, people, with_digest),
                stand_in=_owner(repository, people) or session.person.id,
            )
            counts = write_package(repository, target, scope, facts, _stopping(progress, cancel))
        return Issued(target, person.id, person.name, len(assigned), counts.annotations)

    def _refuse_all_but_leads(self) -> None:
        self._session.repository  # noqa: B018 - refuses where the project is read-only
        if self._session.role != "lead" or self._session.package is not None:
            raise RefusedError("Only leads issue packages. Ask the lead of this project.")

    def _refuse_bad_place(self, target: Path) -> None:
        project = self._session.path.resolve()
        place = target.resolve()
        if place == project:
            raise RefusedError("“{name}” is the project itself. Choose another name.", name=target.name)
        if backup_folder(project) in place.parents:
            raise RefusedError(
                "The folder “{name}” is for backups, which are thinned out. Choose another one.",
                name=backup_folder(project).name,
            )

    def _target(self, out: Path, name: str, suffix: str) -> Path:
        if out.is_dir():
            return free_name(out, name, suffix)
        return out if out.suffix == suffix else out.with_name(out.name + suffix)

    def _assigned(self, person: Annotator, people: list[Annotator], documents: Iterable[str] | None) -> list[Document]:
        """Return the documents in sight that the package is about. Raises RefusedError."""
        rows = self._session.reading.rows
        round_ = rows.all(Project)[0].round
        assigned = rows.where_in(Assignment, "annotator", ids_of(people, person.id))
        ids = {one.document for one in assigned if one.round == round_}
        if not ids:
            raise RefusedError(
                "Nothing is assigned to {name} in the round “{round}”. Assign documents first.",
                name=person.name,
                round=_round_name(self._session.reading, round_),
            )
        newest = {one.id: newest_version(self._session.reading, one) for one in rows.where_in(Document, "id", ids)}
        wanted = ids if documents is None else set(documents)
        known = ids | {one.id for one in newest.values()}
        if not wanted <= known:
            raise RefusedError(
                "{count} of the documents are not assigned to {name}. Assign them first.",
                count=len(wanted - known),
                name=person.name,
            )
        if not wanted:
            raise RefusedError("No document was chosen for {name}. Choose one.", name=person.name)
        found = {one.id: one for old, one in newest.items() if old in wanted or one.id in wanted}
        return sorted(found.values(), key=lambda one: (one.created, one.id))

    def _give_layer(self, person: Annotator) -> None:
        """Make the annotator's layer here, so that every package for them has the same one.

        Whoever was joined to them has begun one, perhaps: they go on there then.
        """
        repository = self._session.reading
        _, new = layer_of(repository, person.id, repository.rows.all(Project)[0].round)
        if new:
            changes = ChangeSet(f"{person.name} joins", new)
            self._session.perform(lambda: Outcome(changes, None, undoable=False))

    def _facts(self, project: Project, annotator: str, assigned: Sequence[Document]) -> PackageFacts:
        every = {one.id: one.text for one in assigned}
        for document in assigned:
            every |= {older.id: older.text for older in older_versions(self._session.reading, document)}
        return PackageFacts("package", project.id, annotator, project.round, self._session.person.id, now(), every)

    def _reviewed(self, annotator: str, people: list[Annotator], with_digest: bool) -> set[tuple[str, str]]:
        """Return (document, gold layer) where the annotator may see what was decided in a round."""
        rows = self._session.reading.rows
        practice = {one.id for one in rows.all(Round) if one.practice}
        gold = {one.round: one.id for one in rows.where(Layer, "kind", "gold")}
        own = {one.id: one.round for one in rows.where_in(Layer, "annotator", ids_of(people, annotator))}
        return {
            (one.document, gold[own[one.layer]])
            for one in rows.where_in(Status, "layer", own)
            if own[one.layer] in gold
            and ((with_digest and one.status == "returned") or (own[one.layer] in practice and one.status in FINISHED))
        }

    # -- for analysts

    def hand_in_report(self, progress: Progress = no_progress, cancel: Cancel | None = None) -> HandInReport:
        """Return what is unfinished, and what the consistency check finds.

        Raises RefusedError outside a package, and Cancelled.
        """
        self._own_package()
        session = self._session
        rows = session.queries.documents()
        open_ones = [UnfinishedDocument(row.document.id, row.document.title, row.status) for row in rows]
        unfinished = tuple(one for one in open_ones if one.status not in ("done", "approved"))
        findings = tuple(handin_problems(session, progress=progress, cancel=cancel))
        return HandInReport(len(rows), unfinished, findings, session.reading.journal.count_own_steps())

    def hand_in(self, out: Path, progress: Progress = no_progress, cancel: Cancel | None = None) -> HandedIn:
        """Make the return of a package: what was done in it, without the bytes of documents.

        It can be made as often as one likes: merging takes each change once. `out` is a file, or a folder that is
        there. Raises RefusedError outside a package or where nothing was done, UserError where the file is there
        already or cannot be written, ProjectFileError where a text is not the one that the lead sent.
        """
        facts = self._own_package()
        session = self._session
        target = self._target(out, f"{session.path.stem} – {now()[:10]}", RETURN_SUFFIX)
        self._refuse_bad_place(target)
        if not session.reading.journal.count_own_steps():
            raise RefusedError("Nothing was done in this package yet, so there is nothing to hand in.")
        returned = replace(facts, kind="return", created=now(), documents=self._sent_texts(facts))
        counts = write_return(session.reading, target, returned, _stopping(progress, cancel))
        return HandedIn(target, counts.documents, counts.annotations, counts.changes)

    def _sent_texts(self, facts: PackageFacts) -> dict[str, str]:
        """Return the hashes of the texts that are here, by document. Raises ProjectFileError where one is not named."""
        documents = self._session.reading.rows.all(Document)
        for document in documents:
            if document.id not in facts.documents:
                raise ProjectFileError(
                    "The package does not say which text of “{title}” the lead sent. Open the lead's last package "
                    "while this one is open, so that it is taken in once more.",
                    title=document.title,
                )
        return {one.id: facts.documents[one.id] for one in documents}

    def is_update(self, path: Path) -> bool:
        """Say whether a file is a package of this project for the same person, in which nobody has worked yet.

        The person is the same where the ids are, or where the package says that a lead has joined them.
        """
        own = self._session.package
        if own is None or path.resolve() == self._session.path.resolve():
            return False
        file = new_package(path)
        return (
            file is not None
            and (file.facts.kind, file.facts.project) == ("package", own.project)
            and are_same(file.people, file.facts.annotator, own.annotator)
        )

    def update(
        self, files: Sequence[Path], progress: Progress = no_progress, cancel: Cancel | None = None
    ) -> MergeReport:
        """Take later packages into the one that is open, as one step: documents, codebook, and returned work.

        What the file says of itself as a package is stored with it. Raises RefusedError outside a package or for a
        package for somebody else, UserError for a file that cannot be merged; nothing has changed then.
        """
        self._own_package()
        return self._session.merging.merge(files, progress, cancel)

    def take_in(self, files: Sequence[Path], progress: Progress = no_progress) -> MergeReport:
        """Merge files as one step: into a project what came back, into a package later ones. Raises UserError."""
        if self._session.package is None:
            return self._session.merging.merge(files, progress)
        return self.update(files, progress)

    def _own_package(self) -> PackageFacts:
        facts = self._session.package
        if facts is None:
            raise RefusedError(
                "This is no package but a whole project, so nothing needs to be handed in. Send the lead the file."
            )
        if facts.kind != "package":
            raise ProjectFileError("This file is a return. The lead merges it into the project.")
        return facts


def free_name(folder: Path, name: str, suffix: str) -> Path:
    """Return a file in a folder that is not there yet, called after a name, or that with a number."""
    plain = "".join("_" if sign in _NO_FILE_NAME or ord(sign) < 32 else sign for sign in name).strip(". ")[:120]
    target, number = folder / f"{plain or 'package'}{suffix}", 2
    while target.exists():
        target, number = folder / f"{plain or 'package'} ({number}){suffix}", number + 1
    return target


def _known(people: Iterable[Annotator], annotator: str) -> Annotator:
    known = {one.id: one for one in people}
    if annotator not in known:
        raise RefusedError(
            "Nobody in this project has the id “{id}”. Add the person under People and work.", id=annotator
        )
    return known[resolved(known.values(), annotator)]


def _round_name(repository: Repository, round_: str) -> str:
    found = repository.rows.get(Round, round_)
    return found.name if found is not None else ""


def _owner(repository: Repository, people: Iterable[Annotator]) -> str:
    """Return who made the project if they are a lead, else nothing: the same stand-in in every package."""
    first = repository.journal.first_step()
    leads = {one.id for one in people if one.role == "lead"}
    return first.annotator if first is not None and first.annotator in leads else ""


def _stopping(progress: Progress, cancel: Cancel | None) -> Progress:
    def tell(done: int, total: int, what: str) -> None:
        if cancel is not None:
            cancel.check()
        progress(done, total, what)

    return tell
