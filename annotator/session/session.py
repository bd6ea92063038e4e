"""A project that is open: verbs go in, ChangeSets come out.

How to add a verb:
1. `session/<noun>.py`: a method decorated with `@verb` that returns an Outcome;
2. `ui/actions/`: its row in the module of its menu;
3. `commands/`: its command, in the module of its kind;
4. `tests/session/test_verbs.py`: its case in the do, undo, redo test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import TypeVar

from annotator.core.changes import ChangeSet, compose, made
from annotator.core.codebook import Codebook, codebook_to_data
from annotator.core.collector import collector_paused
from annotator.core.errors import BugError, ReadOnlyError, UserError
from annotator.core.ids import derived_id, new_id
from annotator.core.packages import PackageFacts, facts_from_json
from annotator.core.records import Annotator, CodebookVersion, Layer, Project, Record, Round
from annotator.core.same_people import ids_of, resolved, role_of
from annotator.session.annotations import Annotations
from annotator.session.annotators import Annotators
from annotator.session.assignments import Assignments
from annotator.session.codebooks import Codebooks
from annotator.session.consistency import Consistency
from annotator.session.corpus import Corpus
from annotator.session.coverage import Coverage
from annotator.session.datasets import Datasets
from annotator.session.diary import About, Diary
from annotator.session.documents import Documents
from annotator.session.entities import Entities
from annotator.session.events import Events
from annotator.session.history import History
from annotator.session.layers import layer_of, person_layers
from annotator.session.merging import Merging
from annotator.session.notes import Notes
from annotator.session.options import Options
from annotator.session.packages import Packages
from annotator.session.people import Person
from annotator.session.permissions import refuse_what_is_not_permitted
from annotator.session.queries import Queries
from annotator.session.recipes import Recipes
from annotator.session.relations import Relations
from annotator.session.releases import Releases
from annotator.session.reports import Reports
from annotator.session.review import Review
from annotator.session.rounds import Rounds
from annotator.session.search_index import SearchIndexing
from annotator.session.searches import Searches
from annotator.session.verb import Outcome
from annotator.session.work import Work
from annotator.storage import project_file
from annotator.storage.backup import backup_of_today
from annotator.storage.repository import Author, Repository, now

T = TypeVar("T")

FIRST_ROUND = "production"


@dataclass
class _Group:
    title: str
    parts: list[ChangeSet] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)


def create_project(path: Path, codebook: Codebook, person: Person, title: str = "") -> None:
    """Make a project file with this codebook and the first round.

    Raises UserError where the file exists or cannot be made.
    """
    project = new_id()
    version = CodebookVersion(new_id(), codebook.id, codebook.version, codebook.name, now(), codebook_to_data(codebook))
    first_round = Round(derived_id(project, "round", FIRST_ROUND), FIRST_ROUND, 1)
    records: list[Record] = [
        version,
        first_round,
        Project(project, title or path.stem, now(), version.id, first_round.id),
        Annotator(person.id, person.name),
        *codebook.labels,
        *codebook.attributes,
        *codebook.relations,
    ]
    project_file.create(path, ChangeSet("Create the project", made(*records)), person.id)


class Session:
    """One open project for one person.

    Verbs are grouped by noun (`documents`, `annotations`, `relations`, `codebooks`, …). They may be called from any
    thread; their bodies run one after another on the storage thread, which owns the writing connection.
    `queries` read through connections of their own and may be used meanwhile.
    """

    def __init__(self, path: Path, person: Person, *, write: bool = True) -> None:
        """Open a project. Raises ProjectFileError; where it can only be read, `read_only_reason` says why."""
        self.path = path
        self.person = person
        self._storage = ThreadPoolExecutor(1, thread_name_prefix="storage")
        self._writing = RLock()
        self._group: _Group | None = None
        self._closed = False
        try:
            self._file = self._storage.submit(project_file.open_project, path, write=write).result()
        except BaseException:
            self._storage.shutdown()
            raise
        self._repository = None if self._file.writing is None else Repository(self._file.writing)
        self.reading = Repository(self._file.reading)
        self.package = self._package()
        if self.package is not None:
            self.person = self._assignee(self.package)
        self.events = Events()
        self.queries = Queries(self)
        self.corpus = Corpus(self)
        self.documents = Documents(self)
        self.annotations = Annotations(self)
        self.relations = Relations(self)
        self.review = Review(self)
        self.entities = Entities(self)
        self.codebooks = Codebooks(self)
        self.notes = Notes(self)
        self.searches = Searches(self)
        self.search_index = SearchIndexing(self)
        self.coverage = Coverage(self)
        self.history = History(self)
        self.datasets = Datasets(self)
        self.options = Options(self)
        self.consistency = Consistency(self)
        self.annotators = Annotators(self)
        self.rounds = Rounds(self)
        self.assignments = Assignments(self)
        self.work = Work(self)
        self.packages = Packages(self)
        self.merging = Merging(self)
        self.diary = Diary(self)
        self.about = About(self)
        self.releases = Releases(self)
        self.recipes = Recipes(self)
        self.reports = Reports(self)

    @property
    def read_only_reason(self) -> str:
        """Why the project cannot be written, in one sentence; empty where it can."""
        return self._file.read_only_reason

    @property
    def repository(self) -> Repository:
        """The project as verbs see it; only verb bodies, on the storage thread, use it."""
        if self._repository is None:
            raise ReadOnlyError("{reason} It can be read, not changed.", reason=self.read_only_reason)
        return self._repository

    @property
    def role(self) -> str:
        """What the person may do here: one of core.records.ROLES; role_of says what one is before one joins."""
        return role_of(self.reading.rows.all(Annotator), self.person.id)

    def _package(self) -> PackageFacts | None:
        text = self.reading.local.get("package")
        return None if text is None else facts_from_json(text)

    def _assignee(self, package: PackageFacts) -> Person:
        """Return whom the package is for, whoever opens it, under the name that the person goes by."""
        known = {one.id: one for one in self.reading.rows.all(Annotator)}
        if package.annotator not in known:
            return self.person
        shown = known.get(resolved(known.values(), package.annotator), known[package.annotator])
        return Person(package.annotator, shown.name)

    def keep_package(self, facts: PackageFacts) -> None:
        """Go on as the package that the file has become (see session.merging)."""
        self.package = facts
        self.person = self._assignee(facts)

    @property
    def author(self) -> Author:
        """Who signs the steps of this session."""
        return Author(self.person.id, self._file.replica)

    def close(self) -> None:
        """Let go of the project; everything is on disk already. Closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        self._storage.submit(self._file.close).result()
        self._storage.shutdown()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def back_up(self) -> Path | None:
        """Make today's verified backup unless there is one or nothing to keep; returns its path if it was made."""
        if self._repository is None or not self.queries.document_count():
            return None
        return backup_of_today(self.path)

    def perform(self, body: Callable[[], Outcome[T]]) -> T:
        """Run a verb's body on the storage thread, store its changes as one step, and tell the listeners."""
        with self._writing:
            outcome = self._on_storage(lambda: self._perform(body))
            if self._group is None and outcome.changes:
                self.events.emit(outcome.changes)
        return outcome.result

    def _perform(self, body: Callable[[], Outcome[T]]) -> Outcome[T]:
        repository = self.repository
        self._file.check_place()
        with collector_paused(), repository.transaction():
            self.join()
            outcome = body()
            if outcome.reverts is None:
                self.refuse_what_is_not_permitted(outcome.changes)
            if outcome.changes and self._group is None:
                step = repository.apply(
                    outcome.changes,
                    self.author,
                    blobs=outcome.blobs,
                    reverts=outcome.reverts,
                    undoable=outcome.undoable,
                )
                if repository.merges.did_more(step.id):
                    outcome = replace(outcome, changes=repository.change_set(step))
            elif outcome.changes and self._group is not None:
                self._rehearse(self._group, outcome)
        return outcome

    def refuse_what_is_not_permitted(self, changes: ChangeSet) -> None:
        """Raise RefusedError, on the storage thread, where changes touch what is not the person's to change."""
        rows = self.repository.rows
        known = rows.all(Annotator)
        role = role_of(known, self.person.id)
        ids = ids_of(known, self.person.id) if role != "lead" else ()
        refuse_what_is_not_permitted(
            changes,
            person=self.person.id,
            role=role,
            own_layers={layer.id for layer in rows.where_in(Layer, "annotator", sorted(ids))}
            | {one.row for one in changes.of("layer") if getattr(one.after, "annotator", None) in ids},
            in_package=self.package is not None,
        )

    def _rehearse(self, group: _Group, outcome: Outcome[T]) -> None:
        self.repository.apply(outcome.changes, self.author, blobs=outcome.blobs)
        group.parts.append(outcome.changes)
        group.blobs += outcome.blobs

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Make everything that verbs do inside one step under `title`; an error inside takes all of it back."""
        if self._group is not None:
            raise BugError("groups do not nest")
        with self._writing:
            self._on_storage(self.join)
            self._group = group = _Group(title)
            rehearsal = self.repository.rehearsal()
            try:
                self._on_storage(rehearsal.__enter__)
                try:
                    yield
                except BaseException:
                    with suppress(UserError):  # a full disk has taken all of it back already
                        self._on_storage(lambda: rehearsal.__exit__(None, None, None))
                    raise
                self._on_storage(lambda: rehearsal.__exit__(None, None, None))
            finally:
                self._group = None
            changes = compose(title, group.parts)
            self.perform(lambda: Outcome(changes, None, tuple(group.blobs)))

    def stream(self, body: Callable[[], T]) -> T:
        """Run a body on the storage thread that fills a step over several transactions and tells listeners itself.

        Raises BugError inside a group, which would take back what the body stored.
        """
        with self._writing:
            if self._group is not None:
                raise BugError("what fills a step of its own cannot be part of a group")
            self._file.check_place()
            return self._on_storage(body)

    def _on_storage(self, body: Callable[[], T]) -> T:
        return self._storage.submit(body).result()

    def join(self) -> None:
        """Make sure, on the storage thread, that the person and their layer are in the project.

        It is a step that undo leaves alone.
        """
        repository = self.repository
        layer = self.own_layer(repository)
        missing: list[Record] = []
        if repository.rows.get(Annotator, self.person.id) is None:
            role = role_of(repository.rows.all(Annotator), self.person.id)
            missing.append(Annotator(self.person.id, self.person.name, role=role))
        if repository.rows.get(Layer, layer.id) is None:
            missing.append(layer)
        if missing:
            repository.apply(ChangeSet(f"{self.person.name} joins", made(*missing)), self.author, undoable=False)

    def own_layer(self, repository: Repository) -> Layer:
        """Return the person's layer in the round in use, stored or about to be.

        Who was joined to another id works in that one's layer where it has one (see session.layers.layer_of).
        """
        return layer_of(repository, self.person.id, repository.rows.all(Project)[0].round)[0]

    def own_layers(self, repository: Repository) -> tuple[str, ...]:
        """Return the ids of the person's layers in the round in use, `own_layer` first; most people have one."""
        layers = person_layers(repository, self.person.id, repository.rows.all(Project)[0].round)
        return tuple(layer.id for layer in layers) or (self.own_layer(repository).id,)
