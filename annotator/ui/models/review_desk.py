"""What a review is about at the moment: the queue, the list, the case that is shown, and what is known for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot

from annotator.core.basis import annotations_in, hull_of
from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook
from annotator.core.records import Annotation, Decision
from annotator.ui.models.review_agreement import LabelAgreement
from annotator.ui.models.review_facts import DecideFacts, ReviewFacts
from annotator.ui.models.review_list import ReviewList
from annotator.ui.models.review_words import FindSpan
from annotator.ui.models.review_work import ReviewWork
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.session.precedents import Precedent
    from annotator.session.review_queue import ReviewCase, ReviewQueue
    from annotator.session.session import Session

_MOST_ALIKE = 4

Place = tuple[str, str]
"""A document's id and a case's."""


class ReviewDesk(QObject):
    """`changed` says that there is another queue, `building` whether one is being built."""

    changed = Signal()
    building = Signal(bool)

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cases = ReviewList(self)
        self.writable = False
        self.is_lead = False
        """Whether the person may see names and decide."""
        self.facts: ReviewFacts | None = None
        self.session: Session | None = None
        self.agreement = LabelAgreement(tasks, self)
        self._work = ReviewWork(tasks, self)
        self._codebook: Codebook | None = None
        self._people: dict[str, str] = {}
        self._place: Place | None = None
        self._alike: list[ReviewCase] = []
        self._precedents: dict[str, Sequence[Precedent]] = {}
        self._work.changed.connect(self._take_queue)
        self._work.building.connect(self.building)

    @property
    def queue(self) -> ReviewQueue | None:
        """Return the queue, or None before the first one is built."""
        return self._work.queue

    @property
    def is_building(self) -> bool:
        """Say whether a queue is being built."""
        return self._work.is_building

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self.session = session
        self.read_role()
        self._place, self.facts = None, None
        self._alike, self._precedents = [], {}
        self._read()
        self.agreement.set_session(session)
        self._work.set_session(session)

    def read_role(self) -> None:
        """Find out what the person may do."""
        session = self.session
        self.is_lead = session is not None and session.role == "lead"
        self.writable = self.is_lead and session is not None and not session.read_only_reason

    def wake(self) -> None:
        """Compare what has changed since, and from now on as it changes."""
        self._work.wake()
        self._measure()

    def sleep(self) -> None:
        """Compare nothing until `wake`."""
        self._work.sleep()
        self.agreement.stop()

    def apply(self, changes: ChangeSet) -> None:
        """Take over what was committed."""
        if changes.touches("label", "relation_type", "codebook", "project", "annotator"):
            self._read()
        if changes.touches("decision"):
            self._precedents = {}
        self.agreement.apply(changes, self.queue.gold if self.queue is not None else "")
        self._work.apply(changes)

    def _measure(self) -> None:
        """Measure agreement once there is a queue to look at, which stays as long as only gold changes."""
        if self.queue is not None and self._work.is_awake:
            self.agreement.measure(sum(1 for review in self.queue.documents.values() if len(review.layers) > 1))

    def _read(self) -> None:
        session = self.session
        self._codebook = session.queries.codebook() if session else None
        self._people = {person.id: person.name for person in session.queries.annotators()} if session else {}

    @Slot()
    def _take_queue(self) -> None:
        queue, before = self.queue, self.facts
        self.facts = None
        if queue is not None and self._codebook is not None and self.session is not None:
            own = self.session.person.id
            self.facts = ReviewFacts(queue, self._codebook, self._people, own, names=self.is_lead)
        self.cases.set_queue(queue)
        self.changed.emit()
        if before is None:
            self._measure()

    # -- the case

    @property
    def current(self) -> ReviewCase | None:
        """Return the case that is shown, as it is now."""
        return self.queue.find(*self._place) if self.queue is not None and self._place is not None else None

    @property
    def index(self) -> QModelIndex:
        """Return the place of the case that is shown in the list, or an invalid one."""
        return self.cases.index_of(self._place[1] if self._place else None)

    def show(self, one: ReviewCase | None) -> None:
        """Take a case as the one that is shown."""
        place = (one.case.document, one.case.id) if one is not None else None
        if place != self._place:
            self._place, self._alike = place, []

    def first(self) -> ReviewCase | None:
        """Return the first case of the list."""
        return self.cases.cases[0] if self.cases.cases else None

    def places(self) -> list[Place]:
        """Return the cases that are listed, those after the one that is shown first."""
        rows = [(one.case.document, one.case.id) for one in self.cases.cases]
        index = self.index
        here = index.row() if index.isValid() else -1
        return [*rows[here + 1 :], *rows[: max(here, 0)]]

    def next_open(self, places: Sequence[Place]) -> ReviewCase | None:
        """Return the first of these cases that somebody still has to decide."""
        if self.queue is None:
            return None
        known: dict[str, dict[str, ReviewCase]] = {}
        for document, case in places:
            if document not in known:
                review = self.queue.documents.get(document)
                known[document] = {one.case.id: one for one in review.cases} if review is not None else {}
            one = known[document].get(case)
            if one is not None and one.is_open:
                return one
        return None

    def facts_of(self, text: str, find: FindSpan) -> DecideFacts:
        """Return what there is to show of the case; `find` returns an annotation of its document by id."""
        one = self.current
        if one is None or self.facts is None:
            return DecideFacts()
        figures = {label.id: self.agreement.words(label.id) for label in self.facts.labels_of(one.case)}
        return self.facts.of(one, text, self._alike, self._precedents, figures, find, writable=self.writable)

    def look_up(self) -> None:
        """Find precedents, and what was decided alike."""
        one = self.current
        if one is None or self.queue is None or self.session is None or self.facts is None:
            return
        self._alike = self.queue.similar(one, _MOST_ALIKE)
        for label in self.facts.labels_of(one.case):
            if label.id not in self._precedents:
                self._precedents[label.id] = self.session.queries.precedents(label.id)

    def place_of(self, changes: ChangeSet) -> Place | None:
        """Return the case that a step was about, if it decided on one or took that back."""
        decision = next((c.record for c in changes.of("decision") if isinstance(c.record, Decision)), None)
        if decision is not None:
            return self._place_near(decision.document, set(annotations_in(decision.basis)), hull_of(decision.basis))
        annotation = next((c.record for c in changes.of("annotation") if isinstance(c.record, Annotation)), None)
        if annotation is not None:
            return self._place_near(annotation.document, {annotation.id}, (annotation.start, annotation.end))
        return None

    def _place_near(self, document: str, annotations: set[str], hull: tuple[int, int]) -> Place | None:
        """Return the case with one of the annotations, else one that shares text with the hull."""
        review = self.queue.documents.get(document) if self.queue is not None else None
        cases = review.cases if review is not None else ()
        for one in cases:
            if annotations & {annotation.id for annotation in one.case.annotations}:
                return document, one.case.id
        for one in cases:
            if one.case.start < hull[1] and hull[0] < one.case.end:
                return document, one.case.id
        return None

    # -- what there is to narrow to

    def choices(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return the labels and the annotators that cases can be narrowed to."""
        return self._label_choices(), self._people_choices()

    def _label_choices(self) -> list[tuple[str, str]]:
        used = {a.label for one in self.queue.cases for a in one.case.annotations} if self.queue else set()
        labels = self._codebook.labels if self._codebook else ()
        return [(label.id, label.name) for label in labels if label.id in used]

    def _people_choices(self) -> list[tuple[str, str]]:
        facts, queue = self.facts, self.queue
        if facts is None or queue is None:
            return []
        return [(face.annotator, facts.name(face.id)) for face in queue.layers.values()]
