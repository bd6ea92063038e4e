"""What views and commands read: plain answers from the committed project."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from annotator.core.codebook import Codebook
from annotator.core.coverage import merged
from annotator.core.errors import AmbiguousError, NotFoundError
from annotator.core.inheritance import Inheritance, turns_of
from annotator.core.pages import PageLayout
from annotator.core.records import (
    Annotation,
    Annotator,
    AttributeValue,
    Document,
    Entity,
    Fragment,
    Label,
    Layer,
    Note,
    Project,
    ReadRange,
    Relation,
    Round,
    SavedSearch,
    Status,
)
from annotator.core.same_people import ids_of, resolved
from annotator.core.search_query import SearchQuery
from annotator.core.structure import Structure, decode_structure
from annotator.core.text import find_quotes
from annotator.session.assignments import AssignmentPlan, assignment_plan
from annotator.session.codebook import codebook_in_use, versions_of
from annotator.session.entity_names import EntityChoice, EntityNames, EntityRow, entity_choices, entity_rows
from annotator.session.inherited import document_values, inheritance_of
from annotator.session.layouts import layout_of
from annotator.session.lineage import older_versions
from annotator.session.note_list import NoteRow, note_rows
from annotator.session.precedents import DigestDocument, Precedent, digest, precedents
from annotator.session.progress import Progress, no_progress
from annotator.session.rechecking import MOST, RecheckGroup, recheck_counts, recheck_groups, span_quotes
from annotator.session.review_queue import ReviewQueue, review
from annotator.session.search import LastPlaces, Search, SearchHit, SearchPage
from annotator.session.visibility import Visibility, visibility_of
from annotator.session.work_lists import PersonProgress, WorkTable, progress_of, work_table

if TYPE_CHECKING:
    from annotator.session.agreement import Agreement, AgreementScope
    from annotator.session.session import Session


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list shows it: `status` is one's own, `spans` counts by label key over the layers one may see.

    `is_empty` says that one is done with it and has tagged nothing in it.
    """

    document: Document
    status: str
    spans: dict[str, int]
    is_empty: bool = False

    @property
    def span_count(self) -> int:
        """Return how many annotations the document has."""
        return sum(self.spans.values())


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """All that is needed to show a document.

    `values` holds, by annotation id, the attribute values by key, entities by name; `notes` the note of each
    annotation or relation by its id; `document_values` what the document passes on to its spans, by key.
    """

    document: Document
    text: str
    structure: Structure
    annotations: list[Annotation]
    relations: list[Relation]
    values: dict[str, dict[str, Any]]
    notes: dict[str, str]
    status: str
    document_values: dict[str, Any]
    inheritance: Inheritance = field(compare=False)

    def quote(self, annotation: Annotation) -> str:
        """Return the text of the annotation's hull."""
        return self.text[annotation.start : annotation.end]


class Queries:
    """Reads through connections of their own, from any thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._repository = session.reading
        self._rows = session.reading.rows
        self._lists = session.reading.lists
        self._last_places = LastPlaces()

    def visibility(self) -> Visibility:
        """Return whose work one may see."""
        return visibility_of(self._session)

    def project(self) -> Project:
        """Return the project's row."""
        return self._rows.all(Project)[0]

    def codebook(self) -> Codebook:
        """Return the codebook in use."""
        return codebook_in_use(self._repository)

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

    def annotators(self) -> list[Annotator]:
        """Return everybody who works in the project."""
        return self._rows.all(Annotator)

    def layers(self) -> list[Layer]:
        """Return every layer."""
        return self._rows.all(Layer)

    def rounds(self) -> list[Round]:
        """Return every round."""
        return self._rows.all(Round)

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

    def document(self, document: str) -> Document:
        """Return a document by id. Raises NotFoundError."""
        found = self._rows.get(Document, document)
        if found is None:
            raise NotFoundError("There is no document “{id}” in this project.", id=document)
        return found

    def document_named(self, name: str) -> Document:
        """Return a document by id, by a beginning of its id, or by its title where that is unique.

        Raises NotFoundError or AmbiguousError.
        """
        found = self._rows.get(Document, name)
        if found is not None:
            return found
        ids = self._lists.documents_called(name)
        if not ids:
            raise NotFoundError("There is no document “{name}”. See: annotator list PROJECT.", name=name)
        if len(ids) > 1:
            raise AmbiguousError(
                "{count} documents are called “{name}”. Name one by id: {ids}.",
                count=len(ids),
                name=name,
                ids=", ".join(ids),
            )
        return self.document(ids[0])

    def label_named(self, name: str) -> Label:
        """Return a label by key, name, digit or id. Raises NotFoundError, which lists the keys."""
        codebook = self.codebook()
        for label in codebook.labels:
            if name in (label.id, label.key, label.name, str(label.digit)):
                return label
        return codebook.label_by_key(name)

    def annotator_named(self, name: str) -> Annotator:
        """Return an annotator by name or id. Raises NotFoundError, or AmbiguousError where several have the name."""
        found = [person for person in self.annotators() if name in (person.id, person.name)]
        if not found:
            raise NotFoundError("Nobody in this project is called “{name}”.", name=name)
        if len(found) > 1:
            raise AmbiguousError(
                "{count} people in this project are called “{name}”. Name one by id: {ids}.",
                count=len(found),
                name=name,
                ids=", ".join(person.id for person in found),
            )
        return found[0]

    def round_named(self, name: str) -> Round:
        """Return a round by name or id. Raises NotFoundError, which lists the names."""
        rounds = sorted(self.rounds(), key=lambda one: one.position)
        for one in rounds:
            if name in (one.id, one.name):
                return one
        known = ", ".join(one.name for one in rounds)
        raise NotFoundError("There is no round “{name}”. There are: {known}.", name=name, known=known)

    def entity_named(self, name: str) -> Entity:
        """Return an entity by a name of it or its id. Raises NotFoundError."""
        found = self._rows.get(Entity, EntityNames(self._rows).entity_of(name) or name)
        if found is not None:
            return found
        raise NotFoundError("There is no entity “{name}” in this project.", name=name)

    def annotation_named(self, document: str, name: str) -> Annotation:
        """Return an annotation of a document by its id or a beginning of it that fits one only.

        Raises NotFoundError or AmbiguousError.
        """
        annotations = self._rows.annotations(document, self.visibility().in_order())
        found = [a for a in annotations if a.id == name or (len(name) >= 4 and a.id.startswith(name))]
        if not found:
            raise NotFoundError("There is no annotation “{id}” in this document.", id=name)
        if len(found) > 1:
            raise AmbiguousError("{count} annotations begin with “{id}”. Give more of it.", count=len(found), id=name)
        return found[0]

    def find_quote(self, document: str, quote: str) -> Fragment:
        """Return where a quote stands, white space of every kind and length being alike.

        Raises NotFoundError, or AmbiguousError where it stands several times.
        """
        text = self._repository.blobs.text(self.document(document).text)
        found = find_quotes(text, quote)
        if not found:
            raise NotFoundError("“{quote}” is not in the document. Copy it from there.", quote=quote)
        if len(found) > 1:
            raise AmbiguousError(
                "“{quote}” stands {count} times in the document. Use --span with one of: {places}.",
                quote=quote,
                count=len(found),
                places=", ".join(f"{start}:{end}" for start, end in found[:10]),
            )
        return found[0]

    def document_count(self) -> int:
        """Return how many documents there are."""
        return self._lists.document_count()

    def documents(self, *, after: Document | None = None, limit: int | None = None) -> list[DocumentRow]:
        """Return documents in the order in which they came, a page at a time by key where a limit is given."""
        key = None if after is None else (after.created, after.id)
        return self.document_rows(self._lists.document_ids(key, limit))

    def document_rows(self, ids: Sequence[str]) -> list[DocumentRow]:
        """Return the list rows of these documents, in this order; those gone or superseded are left out."""
        in_sight = self._lists.in_sight(ids)
        documents = {d.id: d for d in self._rows.where_in(Document, "id", ids) if d.id in in_sight}
        statuses = self._own_statuses(ids)
        counts, own = self._counts(ids)
        return [
            DocumentRow(
                documents[i],
                statuses.get(i, "new"),
                counts.get(i, {}),
                statuses.get(i) in ("done", "approved") and i not in own,
            )
            for i in ids
            if i in documents
        ]

    def _counts(self, ids: Sequence[str]) -> tuple[dict[str, dict[str, int]], set[str]]:
        """Return the numbers of spans by document and label key, and in which documents one has tagged anything."""
        labels = sorted(self._rows.all(Label), key=lambda label: label.position)
        keys = {label.id: label.key for label in labels}
        blank = dict.fromkeys(keys.values(), 0)
        counts = {i: dict(blank) for i in ids}
        visibility, own_layer = self.visibility(), self._session.own_layer(self._repository).id
        own: set[str] = set()
        for document, layer, label, count in self._lists.layer_label_counts(ids):
            if layer == own_layer:
                own.add(document)
            if visibility.sees(layer):
                counts[document][keys[label]] += count
        return counts, own

    def _own_statuses(self, ids: Sequence[str]) -> dict[str, str]:
        own = self._session.own_layer(self._repository).id
        return {s.document: s.status for s in self._rows.where_in(Status, "document", ids) if s.layer == own}

    def status_counts(self, documents: Collection[str] | None = None) -> dict[str, int]:
        """Return how many of the documents, or of all, have each status for oneself; those without one are new."""
        own = self._session.own_layer(self._repository).id
        if documents is not None:
            known = self._lists.statuses_in([own])
            return dict(Counter(status for i in documents for status in known.get(i, ("new",))))
        counts = {status: count for status, count in self._lists.status_counts(own).items() if status != "new"}
        counts["new"] = self.document_count() - sum(counts.values())
        return counts

    def version(self, document: Document) -> int:
        """Return which version of its text a document is; the one that was imported is 1."""
        return 1 + len(older_versions(self._repository, document))

    def content(self, document: str) -> DocumentContent:
        """Return everything that is needed to show a document. Raises NotFoundError or ProjectFileError."""
        with self._repository.moment():
            return self._content(self.document(document))

    def _content(self, record: Document) -> DocumentContent:
        document = record.id
        visibility = self.visibility()
        annotations = self._rows.annotations(document, visibility.in_order())
        ids = [annotation.id for annotation in annotations]
        relations = [one for one in self._rows.where(Relation, "document", document) if visibility.sees(one.layer)]
        structure = decode_structure(json.loads(self._repository.blobs.get(record.structure)))
        return DocumentContent(
            record,
            self._repository.blobs.text(record.text),
            structure,
            annotations,
            relations,
            self.values(ids),
            {n.target: n.body for n in self._rows.where(Note, "document", document) if visibility.sees_note(n)},
            self._own_statuses([document]).get(document, "new"),
            self.document_values(document),
            self.inheritance(record, structure),
        )

    def document_values(self, document: str) -> dict[str, Any]:
        """Return a document's own values by attribute key, entities by name."""
        return document_values(self._repository, self.codebook(), document)

    def inheritance(self, document: Document, structure: Structure) -> Inheritance:
        """Return what the spans of a document inherit."""
        return inheritance_of(self._repository, self.codebook(), document, turns_of(structure.ranges))

    def pages(self, document: str, rest: float = 0.0) -> PageLayout:
        """Return where a document's words stand on its pages; without pages where it has none.

        `rest` is as in `read_pages`. Raises NotFoundError or ProjectFileError.
        """
        return layout_of(self._repository, self.document(document), rest) or PageLayout()

    def source(self, document: str) -> bytes:
        """Return the bytes of the file that a document was made of. Raises NotFoundError or ProjectFileError."""
        return self._repository.blobs.get(self.document(document).source)

    def notes(self) -> list[NoteRow]:
        """Return every note on what is in sight, the newest first."""
        person = self._session.person
        return note_rows(self._repository, Annotator(person.id, person.name), self.visibility())

    def notes_on(self, target: str) -> list[Note]:
        """Return the notes on a span, relation, document or label, in the order in which they were begun."""
        visibility = self.visibility()
        notes = [note for note in self._rows.where(Note, "target", target) if visibility.sees_note(note)]
        return sorted(notes, key=lambda note: (note.created, note.id))

    def read_ranges(self, document: str) -> list[Fragment]:
        """Return what one has marked as read in a document and holding nothing to tag, ordered and disjoint."""
        own = self._session.own_layer(self._repository).id
        rows = self._rows.where(ReadRange, "document", document)
        return merged((row.start, row.end) for row in rows if row.layer == own)

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
        own_layer = self._session.own_layer(self._repository).id
        return Search(self._repository, query, own_layer, check, self._last_places, self.visibility())

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

    def annotation(self, annotation: str) -> Annotation:
        """Return an annotation by id. Raises NotFoundError."""
        found = self._rows.get(Annotation, annotation)
        if found is None or not self.visibility().sees(found.layer):
            raise NotFoundError("There is no annotation “{id}” in this project.", id=annotation)
        return found

    def values(self, annotations: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return attribute values by annotation id and attribute key, entities by name."""
        definitions = {d.id: d for d in self.codebook().attributes}
        records = self._rows.where_in(AttributeValue, "annotation", annotations)
        entities = {v.value for v in records if definitions[v.attribute].type == "entity"}
        names = {e.id: e.name for e in self._rows.where_in(Entity, "id", sorted(entities))}
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for value in records:
            definition = definitions[value.attribute]
            shown = names[value.value] if definition.type == "entity" else value.value
            found[value.annotation][definition.key] = shown
        return dict(found)
