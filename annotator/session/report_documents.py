"""The documents of a report: their texts with what the chosen layers have in them, in words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from annotator.core.basis import hull_of
from annotator.core.codebook import Codebook
from annotator.core.inheritance import effective
from annotator.core.pages import PageLayout
from annotator.core.records import Annotation, AttributeDefinition, Decision, Document, Label, Layer, Note, Status
from annotator.core.report import ReportBlock, ReportDocument, ReportLink, ReportSpan
from annotator.core.structure import FormatRange, Structure
from annotator.session.document_queries import DocumentContent
from annotator.session.layouts import layout_of

if TYPE_CHECKING:
    from annotator.session.session import Session

_BLOCK_KINDS = ("heading", "list_item", "quote", "table_row", "footnote")

CHOICE_WORDS = {
    "layer": "one version was taken",
    "neither": "nothing was tagged",
    "union": "taken over all edges",
    "intersection": "taken over what all share",
    "both": "every version was taken",
    "edit": "changed",
    "agreed": "all agree",
    "single": "only one version",
}
STATUS_WORDS = {
    "new": "new",
    "in_progress": "in progress",
    "done": "done",
    "returned": "returned",
    "approved": "approved",
}


class ReportDocuments:
    """Makes the documents of a report one by one.

    Args:
        session: the open project.
        layers: the layers whose annotations are shown.
        names: what the layers are called, by id.
    """

    def __init__(self, session: Session, layers: Sequence[Layer], names: Mapping[str, str]) -> None:
        self._session = session
        self._layers = {layer.id: names[layer.id] for layer in layers}
        self._codebook: Codebook = session.queries.codebook()
        self._labels = {label.id: label for label in self._codebook.labels}
        self._people = {person.id: person.name for person in session.queries.annotators()}

    def of(self, document: str) -> ReportDocument:
        """Return one document, as it stands at one moment. Raises NotFoundError or ProjectFileError."""
        with self._session.reading.moment():
            return self._document(self._session.queries.content(document))

    def _document(self, content: DocumentContent) -> ReportDocument:
        record = content.document
        blocks = blocks_of(content.text, content.structure)
        return ReportDocument(
            record.id,
            record.title,
            record.language,
            tuple(self._facts(record)),
            content.text,
            tuple(blocks),
            tuple(self._spans(content, _Places(blocks, layout_of(self._session.reading, record)))),
            tuple(self._notes(record.id)),
            tuple(self._untagged(content)),
        )

    def _facts(self, record: Document) -> list[tuple[str, str]]:
        source = [("Date", record.date), ("Source", record.url), ("File", record.file), ("Language", record.language)]
        stored = {s.layer: s.status for s in self._session.reading.rows.where(Status, "document", record.id)}
        several = len(self._layers) > 1
        found = [
            f"{name}: {STATUS_WORDS[stored[layer]]}" if several else STATUS_WORDS[stored[layer]]
            for layer, name in self._layers.items()
            if layer in stored
        ]
        return [pair for pair in (*source, ("Status", ", ".join(found))) if pair[1]]

    def _notes(self, document: str) -> list[tuple[str, str]]:
        found = self._session.reading.rows.where(Note, "document", document)
        shown = [n for n in found if n.kind == "document" and n.layer in self._layers]
        shown.sort(key=lambda note: (note.created, note.id))
        return [(self._people.get(note.annotator, note.annotator), note.body) for note in shown]

    def _spans(self, content: DocumentContent, places: _Places) -> list[ReportSpan]:
        shown = [annotation for annotation in content.annotations if annotation.layer in self._layers]
        shown.sort(key=lambda a: (a.start, -a.end, a.created, a.id))
        numbers = {annotation.id: number for number, annotation in enumerate(shown, 1)}
        links = self._links(content, numbers)
        decisions = self._decisions(content.document.id)
        return [
            ReportSpan(
                numbers[one.id],
                one.label,
                one.fragments,
                " … ".join(content.text[start:end] for start, end in one.fragments),
                places.of(one.start, one.end),
                self._layers[one.layer] if len(self._layers) > 1 else "",
                tuple(self._attributes(content, one)),
                tuple(links.get(one.id, ())),
                content.notes.get(one.id, ""),
                decisions.get(one.id, ""),
            )
            for one in shown
        ]

    def _attributes(self, content: DocumentContent, annotation: Annotation) -> list[tuple[str, str]]:
        label: Label = self._labels[annotation.label]
        own = content.values.get(annotation.id, {})
        values = effective(own, content.inheritance.of(label.key, annotation.start))
        known = [a for a in self._codebook.attributes if values.get(a.key) is not None]
        return [(attribute.name, value_words(attribute, values[attribute.key])) for attribute in known]

    def _links(self, content: DocumentContent, numbers: Mapping[str, int]) -> dict[str, list[ReportLink]]:
        names = {relation.id: relation.name for relation in self._codebook.relations}
        found: dict[str, list[ReportLink]] = {}
        for one in sorted(content.relations, key=lambda relation: (relation.created, relation.id)):
            if one.layer in self._layers and one.source in numbers and one.target in numbers:
                name, note = names[one.type], content.notes.get(one.id, "")
                found.setdefault(one.source, []).append(ReportLink(name, numbers[one.target], True, note))
                found.setdefault(one.target, []).append(ReportLink(name, numbers[one.source], False))
        return found

    def _decisions(self, document: str) -> dict[str, str]:
        """Return by annotation id how it came to be, in words."""
        found: dict[str, str] = {}
        for decision in self._session.reading.rows.where(Decision, "document", document):
            if decision.layer in self._layers:
                found |= dict.fromkeys(decision.result, decision_words(decision))
        return found

    def _untagged(self, content: DocumentContent) -> Iterator[tuple[str, str]]:
        """Yield the text of each place where it was decided that nothing is tagged, with how that was decided."""
        found = self._session.reading.rows.where(Decision, "document", content.document.id)
        empty = [one for one in found if one.layer in self._layers and not one.result and one.basis.get("annotations")]
        for decision in sorted(empty, key=lambda one: (hull_of(one.basis), one.id)):
            start, end = hull_of(decision.basis)
            yield content.text[start:end], decision_words(decision)


def decision_words(decision: Decision) -> str:
    """Return what was decided and why."""
    return ": ".join(part for part in (CHOICE_WORDS.get(decision.choice, decision.choice), decision.reason) if part)


def value_words(attribute: AttributeDefinition, value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    names = dict(attribute.choices)
    if isinstance(value, list | tuple):
        return (", " if names else "; ").join(names.get(str(part), str(part)) for part in value)
    return names.get(str(value), str(value))


# -- paragraphs


def blocks_of(text: str, structure: Structure) -> list[ReportBlock]:
    """Return the lines of a text that are not empty, each with what the structure says of it."""
    ranges = [r for r in structure.ranges if r.kind in _BLOCK_KINDS]
    starts = [r.start for r in ranges]
    blocks, position, number = list[ReportBlock](), 0, 0
    for line in text.split("\n"):
        end = position + len(line)
        if line.strip():
            number += 1
            place = bisect_right(starts, end - 1) - 1
            around = ranges[place] if place >= 0 and ranges[place].end > position else None
            blocks.append(_block(around, position, end, number))
        position = end + 1
    return blocks


def _block(around: FormatRange | None, start: int, end: int, number: int) -> ReportBlock:
    if around is None:
        return ReportBlock("paragraph", start, end, number)
    marker = str(around.data.get("marker", "")) if around.start >= start else ""
    return ReportBlock(around.kind, start, end, number, around.level, marker)


class _Places:
    """Says where a span stands, by pages where the document has them, else by paragraphs."""

    def __init__(self, blocks: Sequence[ReportBlock], pages: PageLayout | None) -> None:
        self._blocks = blocks
        self._starts = [block.start for block in blocks]
        self._pages = pages if pages is not None and pages.pages else None

    def of(self, start: int, end: int) -> str:
        if self._pages is not None:
            return _from_to("p. ", "pp. ", self._pages.page_of, start, end)
        return _from_to("¶ ", "¶ ", self._paragraph, start, end)

    def _paragraph(self, position: int) -> int:
        return max(1, bisect_right(self._starts, position))


def _from_to(one: str, several: str, number_of: Callable[[int], int], start: int, end: int) -> str:
    first, last = number_of(start), number_of(end - 1)
    return f"{one}{first}" if first == last else f"{several}{first}–{last}"
