"""One span made two, and several made one: what hangs on them goes along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from annotator.core.changes import RowChange, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.fragments import bridged, split_at
from annotator.core.ids import derived_id, new_id
from annotator.core.records import Annotation, AttributeValue, Note, Relation
from annotator.core.trimming import trimmed
from annotator.session.note_rows import note_id
from annotator.storage.repository import Repository, now


def split_changes(
    repository: Repository, annotation: Annotation, text: str, at: int
) -> tuple[list[RowChange], tuple[Annotation, Annotation]]:
    """Return the changes that cut an annotation in two at a code point of its text, and the two.

    The first keeps its id and what hangs on it; the second gets a copy of its attributes. Raises RefusedError where
    nothing but white space would be left on a side.
    """
    left, right = (trimmed(text, part, "spaces") for part in split_at(annotation.fragments, at))
    if not left or not right:
        raise RefusedError("The span cannot be split there. Put the caret inside it, between two words.")
    first = replace(annotation, fragments=left)
    second = replace(annotation, id=new_id(), created=now(), fragments=right)
    values = repository.rows.where(AttributeValue, "annotation", annotation.id)
    copies = [
        replace(value, id=derived_id(second.id, "attribute", value.attribute), annotation=second.id) for value in values
    ]
    return [RowChange(annotation, first), *made(second, *copies)], (first, second)


def merge_changes(
    repository: Repository, annotations: Sequence[Annotation], text: str
) -> tuple[list[RowChange], Annotation]:
    """Return the changes that make annotations one, and that one: the first in the text, which keeps its id.

    Its attributes win over those of the others; notes are put together; relations lead to it. Raises RefusedError
    where there are fewer than two, or they differ in document, layer or label.
    """
    ordered = sorted(annotations, key=lambda annotation: (annotation.start, annotation.end, annotation.id))
    if len(ordered) < 2:
        raise RefusedError("There is no other span to merge with.")
    if len({(annotation.document, annotation.layer) for annotation in ordered}) > 1:
        raise RefusedError("Only spans of one document and one layer can be merged.")
    if len({annotation.label for annotation in ordered}) > 1:
        raise RefusedError("Spans with different labels cannot be merged. Give them one label first.")
    kept, others = ordered[0], ordered[1:]
    fragments = bridged(text, (fragment for annotation in ordered for fragment in annotation.fragments))
    after = replace(kept, fragments=fragments)
    merging = _Merging(repository, kept, others)
    changes = [RowChange(kept, after)] if after != kept else []
    return [*changes, *merging.values(), *merging.notes(), *merging.relations(), *deleted(*others)], after


class _Merging:
    """What hangs on annotations that become one."""

    def __init__(self, repository: Repository, kept: Annotation, others: Sequence[Annotation]) -> None:
        self._rows = repository.rows
        self._kept = kept
        self._others = others
        self._gone = {annotation.id for annotation in others}
        self._ids = {annotation.id: place for place, annotation in enumerate((kept, *others))}

    def values(self) -> Iterator[RowChange]:
        found = self._rows.where_in(AttributeValue, "annotation", self._ids)
        found.sort(key=lambda value: self._ids[value.annotation])
        known = {value.attribute for value in found if value.annotation == self._kept.id}
        for value in found:
            if value.annotation == self._kept.id:
                continue
            yield from deleted(value)
            if value.attribute not in known:
                known.add(value.attribute)
                identity = derived_id(self._kept.id, "attribute", value.attribute)
                yield from made(replace(value, id=identity, annotation=self._kept.id))

    def notes(self) -> Iterator[RowChange]:
        found = self._rows.where_in(Note, "target", self._ids)
        found.sort(key=lambda note: (self._ids[note.target], note.created))
        others = [note for note in found if note.target in self._gone]
        if not others:
            return
        yield from deleted(*others)
        identity = note_id("annotation", self._kept.id, self._kept.annotator)
        before = next((note for note in found if note.id == identity), None)
        bodies = [note.body for note in ([before] if before else []) + others]
        after = replace(before or others[0], id=identity, target=self._kept.id, body="\n\n".join(bodies))
        yield RowChange(before, after)

    def relations(self) -> Iterator[RowChange]:
        """Yield the relations led to the kept annotation; one to itself, or there already, goes with its notes."""
        found = {r.id: r for column in ("source", "target") for r in self._rows.where_in(Relation, column, self._ids)}
        ordered = sorted(found.values(), key=lambda relation: (self._leads_elsewhere(relation), relation.created))
        there: set[tuple[str, str, str]] = set()
        for relation in ordered:
            after = replace(relation, source=self._end(relation.source), target=self._end(relation.target))
            link = (after.type, after.source, after.target)
            if after.source == after.target or link in there:
                yield from deleted(*self._rows.where(Note, "target", relation.id), relation)
                continue
            there.add(link)
            if after != relation:
                yield RowChange(relation, after)

    def _leads_elsewhere(self, relation: Relation) -> bool:
        return not self._gone.isdisjoint((relation.source, relation.target))

    def _end(self, identity: str) -> str:
        return self._kept.id if identity in self._gone else identity
