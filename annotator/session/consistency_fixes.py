"""The quick fixes of the consistency check, all of them as one set of changes.

Each fix looks at the project as it is now: what does not hold any more is left alone. Edges, labels and definitions
change first; then duplicates are merged and empty spans deleted. Values and relations of spans that are merged or
deleted in the same step wait for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotator.analysis.consistency.edges import has_words, whole_words
from annotator.analysis.consistency.facts import Book, Finding
from annotator.analysis.consistency.rules import FIXES, RULES
from annotator.analysis.consistency.values import is_known
from annotator.core.canonical import canonical_json
from annotator.core.changes import ChangeSet, RowChange, compose, deleted, made
from annotator.core.ids import new_id
from annotator.core.records import (
    Annotation,
    AttributeDefinition,
    AttributeValue,
    Document,
    Entity,
    Fragment,
    Note,
    Project,
    Relation,
)
from annotator.core.trimming import trimmed
from annotator.session.annotations import ValueWriter, delete_annotations
from annotator.session.codebook import codebook_in_use
from annotator.session.span_edits import merge_changes
from annotator.storage.repository import Repository, now

Edit = Callable[[Annotation, Finding], Annotation | None]
Write = Callable[[Annotation, Finding], list[RowChange]]


class Fixes:
    """Works out the changes; `person` is the id of who makes relations."""

    def __init__(self, repository: Repository, person: str) -> None:
        self._repository = repository
        self._rows = repository.rows
        self._person = person
        self._project = repository.rows.all(Project)[0]
        self._codebook = codebook_in_use(repository)
        self._labels = {label.id: label for label in self._codebook.labels}
        self._attributes = {attribute.id: attribute for attribute in self._codebook.attributes}
        self._book = Book(self._codebook, {}, {entity.id: entity.name for entity in self._rows.all(Entity)})
        self._values = ValueWriter(repository, self._codebook)
        self._set: dict[tuple[str, str], Any] = {}
        self._busy: set[str] = set()
        self._stored: dict[str, Annotation] = {}
        self._now: dict[str, Annotation] = {}
        self._texts: dict[str, str] = {}
        self._done = 0
        self._edits: Mapping[str, Edit] = {
            "words": self._grown,
            "trim": self._trimmed,
            "confirm": self._confirmed,
            "parent": self._relabelled,
        }
        self._writes: Mapping[str, Write] = {
            "default": self._with_default,
            "speaker": self._with_speaker,
            "clear": self._cleared,
            "link": self._linked,
            "turn": self._turned,
            "unrelate": self._unrelated,
        }

    def changes(self, findings: Sequence[Finding]) -> tuple[ChangeSet, int]:
        """Return the changes that mend findings, and how many of them they mend."""
        usable = [finding for finding in findings if finding.fix in FIXES and finding.annotation]
        self._read(usable)
        usable = [finding for finding in usable if finding.annotation in self._now]
        empty, twins = self._empty(usable), self._twins(usable)
        gone = {*empty, *(other for others in twins.values() for other in others)}
        self._edit(finding for finding in usable if finding.annotation not in gone)
        edited = [RowChange(self._stored[i], one) for i, one in self._now.items() if one != self._stored[i]]
        self._busy = gone | set(twins)
        written = list(self._written(finding for finding in usable if finding.annotation not in self._busy))
        merged = [self._merged(kept, others) for kept, others in twins.items() if kept not in empty]
        removed = delete_annotations(self._repository, [self._stored[one] for one in empty])
        self._done += len(empty) + sum(len(others) for others in twins.values())
        title = self._title(usable)
        parts = (edited, written, *merged, removed)
        return compose(title, (ChangeSet(title, tuple(part)) for part in parts)), self._done

    def _title(self, findings: Sequence[Finding]) -> str:
        if self._done == 1 and len(findings) == 1:
            return f"{FIXES[findings[0].fix]} ({RULES[findings[0].rule].name})"
        return f"Mend {self._done} findings of the consistency check"

    def _read(self, findings: Iterable[Finding]) -> None:
        wanted = {one for finding in findings for one in (finding.annotation, finding.argument) if one}
        self._stored = {one.id: one for one in self._rows.where_in(Annotation, "id", sorted(wanted))}
        self._now = dict(self._stored)
        self._values.read_ahead(self._stored)
        values = self._rows.where_in(AttributeValue, "annotation", sorted(self._stored))
        self._set = {(value.annotation, value.attribute): value.value for value in values}
        documents = {annotation.document for annotation in self._stored.values()}
        self._texts = {one.id: one.text for one in self._rows.where_in(Document, "id", sorted(documents))}

    def _text(self, annotation: Annotation) -> str:
        return self._repository.blobs.text(self._texts[annotation.document])

    # -- spans that go

    def _empty(self, findings: Iterable[Finding]) -> list[str]:
        """Return the ids of the spans without a word."""
        wanted = [self._now[f.annotation] for f in findings if f.fix == "delete" and f.annotation]
        return list(dict.fromkeys(one.id for one in wanted if not has_words(self._text(one), one.fragments)))

    def _twins(self, findings: Iterable[Finding]) -> dict[str, list[str]]:
        """Return the ids of spans that become one with another, by the id of the one that stays."""
        twins: dict[str, list[str]] = {}
        for finding in findings:
            kept, other = self._now.get(finding.argument or ""), self._now[str(finding.annotation)]
            if finding.fix == "merge" and kept is not None and _are_twins(kept, other):
                twins.setdefault(kept.id, []).append(other.id)
        return {kept: list(dict.fromkeys(others)) for kept, others in twins.items()}

    def _merged(self, kept: str, others: Sequence[str]) -> list[RowChange]:
        records = [self._now[kept], *(self._now[other] for other in others)]
        return merge_changes(self._repository, records, self._text(records[0]))[0]

    # -- what a span itself is

    def _edit(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            edit = self._edits.get(finding.fix)
            before = self._now[str(finding.annotation)]
            after = edit(before, finding) if edit is not None else None
            if after is not None and after != before:
                self._now[before.id] = after
                self._done += 1

    def _grown(self, annotation: Annotation, _finding: Finding) -> Annotation:
        return replace(annotation, fragments=whole_words(self._text(annotation), annotation.fragments))

    def _trimmed(self, annotation: Annotation, _finding: Finding) -> Annotation | None:
        fragments: tuple[Fragment, ...] = trimmed(self._text(annotation), annotation.fragments, "spaces")
        return replace(annotation, fragments=fragments) if fragments else None

    def _confirmed(self, annotation: Annotation, _finding: Finding) -> Annotation:
        return replace(annotation, codebook=self._project.codebook)

    def _relabelled(self, annotation: Annotation, finding: Finding) -> Annotation | None:
        label = self._labels.get(finding.argument or "")
        if label is None or label.retired or not self._labels[annotation.label].retired:
            return None
        return replace(annotation, label=label.id, codebook=self._project.codebook)

    # -- what hangs on it

    def _written(self, findings: Iterable[Finding]) -> Iterator[RowChange]:
        for finding in findings:
            write = self._writes.get(finding.fix)
            changes = write(self._now[str(finding.annotation)], finding) if write is not None else []
            self._done += bool(changes)
            yield from changes

    def _with_default(self, annotation: Annotation, finding: Finding) -> list[RowChange]:
        attribute = self._attributes.get(finding.argument or "")
        return [] if attribute is None else self._given(annotation, attribute, attribute.default)

    def _with_speaker(self, annotation: Annotation, finding: Finding) -> list[RowChange]:
        attribute = self._book.speaker_of(annotation.label)
        entity = self._rows.get(Entity, finding.argument or "")
        return [] if attribute is None or entity is None else self._given(annotation, attribute, entity.name)

    def _given(self, annotation: Annotation, attribute: AttributeDefinition, value: Any) -> list[RowChange]:
        """Return the changes that set a value where there is none."""
        if value is None or (annotation.id, attribute.id) in self._set:
            return []
        if attribute.id not in self._book.attribute_ids(annotation.label):
            return []
        return self._values.changes(annotation, self._labels[annotation.label].key, attribute.key, value)

    def _cleared(self, annotation: Annotation, finding: Finding) -> list[RowChange]:
        attribute = self._attributes.get(finding.argument or "")
        if attribute is None:
            return []
        stored = canonical_json(self._set.get((annotation.id, attribute.id)))
        if attribute.id in self._book.attribute_ids(annotation.label) and is_known(self._book, attribute.id, stored):
            return []
        return self._values.changes(annotation, self._labels[annotation.label].key, attribute.key, None)

    def _linked(self, annotation: Annotation, finding: Finding) -> list[RowChange]:
        target = self._now.get(finding.argument or "")
        if target is None or target.id in self._busy:
            return []
        if (target.document, target.layer) != (annotation.document, annotation.layer):
            return []
        there = {relation.type for relation in self._rows.where(Relation, "source", annotation.id)}
        return [
            change
            for kind in self._book.dependent[annotation.label]
            if kind.id not in there and self._book.allows(kind.id, annotation.label, target.label)
            for change in made(
                Relation(
                    *(new_id(), annotation.document, annotation.layer, kind.id),
                    *(annotation.id, target.id, self._person, now()),
                )
            )
        ]

    def _turned(self, annotation: Annotation, finding: Finding) -> list[RowChange]:
        relation = self._rows.get(Relation, finding.relation or "")
        if relation is None or relation.source != annotation.id or relation.target in self._busy:
            return []
        target = self._rows.get(Annotation, relation.target)
        if target is None or not self._book.allows(relation.type, target.label, annotation.label):
            return []
        return [RowChange(relation, replace(relation, source=relation.target, target=relation.source))]

    def _unrelated(self, annotation: Annotation, finding: Finding) -> list[RowChange]:
        relation = self._rows.get(Relation, finding.relation or "")
        if relation is None or relation.source != annotation.id or relation.target in self._busy:
            return []
        return list(deleted(*self._rows.where(Note, "target", relation.id), relation))


def _are_twins(one: Annotation, other: Annotation) -> bool:
    places = [(a.document, a.layer, a.label, a.fragments) for a in (one, other)]
    return one.id != other.id and places[0] == places[1]
