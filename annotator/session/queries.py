"""What views and commands read: plain answers from the committed project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from annotator.core.codebook import Codebook
from annotator.core.records import (
    Annotator,
    Entity,
    Note,
    SavedSearch,
)
from annotator.core.same_people import ids_of, resolved
from annotator.core.search_query import SearchQuery
from annotator.session.assignments import AssignmentPlan, assignment_plan
from annotator.session.codebook import versions_of
from annotator.session.document_queries import DocumentQueries
from annotator.session.entity_names import EntityChoice, EntityRow, entity_choices, entity_rows
from annotator.session.name_queries import NameQueries
from annotator.session.note_list import NoteRow, note_rows
from annotator.session.precedents import DigestDocument, Precedent, digest, precedents
from annotator.session.progress import Progress, no_progress
from annotator.session.rechecking import MOST, RecheckGroup, recheck_counts, recheck_groups, span_quotes
from annotator.session.review_queue import ReviewQueue, review
from annotator.session.search import LastPlaces, Search, SearchHit, SearchPage
from annotator.session.work_lists import PersonProgress, WorkTable, progress_of, work_table

if TYPE_CHECKING:
    from annotator.session.agreement import Agreement, AgreementScope
    from annotator.session.session import Session


class Queries(DocumentQueries, NameQueries):
    """Reads through connections of their own, from any thread."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._last_places = LastPlaces()

    def codebook_versions(self) -> list[tuple[Codebook, str]]:
        """Return every version of the codebook with when it was made, the newest first."""
        return versions_of(self._repository)

    def codebook_uses(self) -> Counter[str]:
        """Return how often each label, attribute and relation type is used, by id (see storage.uses)."""
        return self._repository.uses.counts()

    def label_spans(self) -> Counter[str]:
        """Return the number of annotations by label id, over the layers that one may see."""
        return self._repository.uses.spans(self.visibility().in_order())

    def label_quotes(self, label: str, limit: int = 200) -> list[str]:
        """Return the texts of the first spans of a label, each once."""
        return span_quotes(self._repository, label, limit, self.visibility().in_order())

    def recheck(self, most: int = MOST) -> list[RecheckGroup]:
        """Return the labels whose meaning changed, with the spans tagged under the old one, at most so many in all."""
        with self._repository.moment():
            return recheck_groups(self._repository, most, self.visibility().in_order())

    def recheck_counts(self) -> dict[str, int]:
        """Return how many spans wait to be looked at again, by label id."""
        return recheck_counts(self._repository, self.visibility().in_order())

    def progress(self, round: str | None = None) -> list[PersonProgress]:
        """Return where everybody stands in a round, the one in use unless another is named.

        Analysts see themselves alone.
        """
        only = None if self._session.role == "lead" else self.person_id()
        with self._repository.moment():
            return progress_of(self._repository, round or self.project().round, only)

    def work_table(self, round: str | None = None) -> WorkTable:
        """Return who has which documents in a round, with which status."""
        with self._repository.moment():
            return work_table(self._repository, round or self.project().round)

    def assignment_plan(
        self,
        documents: Sequence[str] | None,
        annotators: Sequence[str],
        overlap: float = 0.0,
        round: str | None = None,
        seed: int = 0,
    ) -> AssignmentPlan:
        """Return what `assignments.assign` would do with the same arguments; it raises what that raises."""
        with self._repository.moment():
            return assignment_plan(self._repository, documents, annotators, overlap, round, seed)

    def person_id(self) -> str:
        """Return the id that the session's person goes by."""
        return resolved(self.annotators(), self._session.person.id)

    def own_documents(self) -> list[str]:
        """Return the ids of the documents that are assigned to oneself in the round in use, as they came."""
        own = sorted(ids_of(self.annotators(), self._session.person.id))
        return self._repository.work.assigned_in_order(self.project().round, own)

    def entity_names(self) -> list[str]:
        """Return the names of all entities, sorted."""
        return sorted(entity.name for entity in self._rows.all(Entity))

    def entities(self) -> list[EntityRow]:
        """Return every entity with its aliases and how often it is used, by name."""
        with self._repository.moment():
            return entity_rows(self._repository)

    def entity_choices(self) -> list[EntityChoice]:
        """Return the name and the aliases of every entity, by name."""
        with self._repository.moment():
            return entity_choices(self._repository)

    def notes(self) -> list[NoteRow]:
        """Return every note on what is in sight, the newest first."""
        person = self._session.person
        return note_rows(self._repository, Annotator(person.id, person.name), self.visibility())

    def notes_on(self, target: str) -> list[Note]:
        """Return the notes on a span, relation, document or label, in the order in which they were begun."""
        visibility = self.visibility()
        notes = [note for note in self._rows.where(Note, "target", target) if visibility.sees_note(note)]
        return sorted(notes, key=lambda note: (note.created, note.id))

    def search(
        self,
        query: SearchQuery,
        *,
        limit: int = 100,
        after: SearchHit | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> SearchPage:
        """Return the first hits of a search, the best documents first, or those after a hit.

        `check` is called now and then and raises Cancelled where the search should stop. Raises RefusedError where the
        words cannot be searched for.
        """
        return self.searching(query, check).page(after, limit)

    def searching(self, query: SearchQuery, check: Callable[[], None] = lambda: None) -> Search:
        """Return a search whose hits can be taken one by one. Raises RefusedError as `search` does."""
        own_layers = self._session.own_layers(self._repository)
        return Search(self._repository, query, own_layers, check, self._last_places, self.visibility())

    def agreement(
        self,
        scope: AgreementScope | None = None,
        *,
        samples: int | None = None,
        progress: Progress = no_progress,
        check: Callable[[], None] = lambda: None,
    ) -> Agreement:
        """Return how far layers agree (see session.agreement)."""
        from annotator.session.agreement import agreement

        return agreement(self._session, scope, samples=samples, progress=progress, check=check)

    def saved_searches(self) -> list[SavedSearch]:
        """Return the searches that are kept, by name."""
        return sorted(self._rows.all(SavedSearch), key=lambda search: (search.name.casefold(), search.id))

    def review(
        self,
        *,
        round: str | None = None,
        documents: Sequence[str] | None = None,
        layers: Sequence[str] | None = None,
        check: Callable[[], None] = lambda: None,
        progress: Progress = no_progress,
    ) -> ReviewQueue:
        """Return the cases of a round, as session.review_queue.review says."""
        return review(self._session, round=round, documents=documents, layers=layers, check=check, progress=progress)

    def precedents(self, label: str | None = None) -> list[Precedent]:
        """Return the decisions that are kept under a label (by id) as examples, or under any, the newest first."""
        with self._repository.moment():
            return precedents(self._repository, label)

    def recent_reasons(self, limit: int = 10) -> list[str]:
        """Return the reasons of decisions given last, each once, the newest first."""
        return self._repository.decisions.recent_reasons(limit)

    def digest(self, annotator: str | None = None) -> list[DigestDocument]:
        """Return what was decided on a person's work (oneself unless given by id); see session.precedents.digest."""
        with self._repository.moment():
            in_package = self._session.package is not None
            return digest(self._repository, annotator or self._session.person.id, in_package=in_package)

    def document_facets(self) -> dict[str, list[str]]:
        """Return the formats and languages that the project's documents have, by column."""
        return {column: self._repository.search.values_of(column) for column in ("format", "language")}
