"""The data card: a page in Markdown for whoever gets a dataset, on what it holds, means, lacks, and comes from.

Everything that comes out of the project is escaped. What nobody said is named as missing, never made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.codebook import Codebook
from annotator.core.records import AttributeDefinition, Label, RelationType
from annotator.formats.datasets.losses import Loss
from annotator.formats.datasets.summary import Summary
from annotator.formats.reports.escaping import markdown_inline, markdown_line

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class CardFacts:
    """What only the project knows. `agreement`, `provenance` and `selection` are pairs of a name and a value.

    `licence` is an SPDX identifier such as CC-BY-4.0, or the name of another licence; empty where nobody stated one.
    """

    purpose: str = ""
    licence: str = ""
    agreement: Pairs = ()
    provenance: Pairs = ()
    selection: Pairs = ()


@dataclass
class CardCounts:
    """What a dataset holds, counted entry by entry; `splits` and `languages` count documents, "" where nothing is said.

    `unread` counts documents that do not say what of them was read.
    """

    documents: int = 0
    spans: int = 0
    relations: int = 0
    characters: int = 0
    unread: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    relation_types: Counter[str] = field(default_factory=Counter)
    layers: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    split_spans: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Mapping[str, Any]) -> None:
        """Count an entry or a whole dataset line."""
        self.add_document(entry)
        spans, relations = entry["spans"], entry.get("relations") or ()
        self.labels.update(span["label"] for span in spans)
        self.layers.update(span["layer"] for span in spans if span.get("layer"))
        self.relation_types.update(relation["type"] for relation in relations)

    def add_document(self, entry: Mapping[str, Any]) -> None:
        """Count an entry or line, without looking at its spans one by one (see `take_uses`)."""
        spans, relations = entry["spans"], entry.get("relations") or ()
        self.documents += 1
        self.spans += len(spans)
        self.relations += len(relations)
        self.characters += len(entry["text"])
        self.unread += not entry.get("read")
        self.splits[entry.get("split") or ""] += 1
        self.split_spans[entry.get("split") or ""] += len(spans)
        self.languages[entry.get("source", {}).get("language", "")] += 1

    def take_uses(self, summary: Summary) -> None:
        """Take over the labels, relation types and layers that were counted elsewhere."""
        self.labels, self.relation_types = summary.labels, summary.relation_types
        self.layers = summary.layers


@dataclass(frozen=True)
class DataCard:
    """A card to be written. `files` is Markdown on the files of the format, `options` are those of the export."""

    title: str
    codebook: Codebook
    counts: CardCounts
    facts: CardFacts = CardFacts()
    format: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    files: str = ""
    losses: Sequence[Loss] = ()
    lacks: Sequence[str] = ()

    def text(self) -> str:
        """Return the card in Markdown, which begins with its title and ends with a line feed."""
        parts = (
            [f"# {markdown_line(self.title) or 'Labelled texts'}\n", *self._what_it_is()],
            self._section("Counts", self._counts()),
            self._section("Files", [self.files] if self.files else []),
            self._section("How places are counted", [_PLACES]),
            self._section("Labels", self._labels()),
            self._section("Attributes", self._attributes()),
            self._section("Relations", self._relations()),
            self._section("Agreement", _pairs(self.facts.agreement) or [_NO_AGREEMENT]),
            self._section("How it was chosen", _pairs((*self.facts.selection, *self.options.items()))),
            self._section("Where it comes from", _pairs(self._provenance())),
            self._section("What is not in it", self._missing()),
            self._section("Licence", [self._licence()]),
        )
        return "\n".join("\n".join(part) for part in parts if part)

    def _section(self, title: str, lines: Iterable[str]) -> list[str]:
        found = list(lines)
        return [f"## {title}\n", *found] if found else []

    def _what_it_is(self) -> Iterator[str]:
        counts = self.counts
        yield (
            f"Documents: {_number(counts.documents)}. Labelled spans: {_number(counts.spans)}. Relations between "
            f"spans: {_number(counts.relations)}. Characters of text: {_number(counts.characters)}.\n"
        )
        if self.facts.purpose.strip():
            yield f"{markdown_line(self.facts.purpose)}\n"

    def _counts(self) -> Iterator[str]:
        counts = self.counts
        names = {label.key: label.name for label in self.codebook.labels}
        rows = [(_code(key), names.get(key, ""), _number(count)) for key, count in counts.labels.most_common()]
        if rows:
            yield from _table(("Label", "Name", "Spans"), rows)
        types = {one.key: one.name for one in self.codebook.relations}
        rows = [(_code(k), types.get(k, ""), _number(count)) for k, count in counts.relation_types.most_common()]
        if rows:
            yield from _table(("Relation", "Name", "Relations"), rows)
        if any(counts.splits):
            yield from _table(
                ("Split", "Documents", "Spans"),
                [(s or "none", _number(n), _number(counts.split_spans[s])) for s, n in sorted(counts.splits.items())],
            )
        if any(counts.languages):
            rows = [(language or "not stated", _number(n)) for language, n in counts.languages.most_common()]
            yield from _table(("Language", "Documents"), rows)
        if len(counts.layers) > 1:
            yield from _table(("Layer", "Spans"), [(one, _number(n)) for one, n in counts.layers.most_common()])

    def _labels(self) -> Iterator[str]:
        for label in self.codebook.labels:
            if not label.retired or self.counts.labels[label.key]:
                yield from _label(label)

    def _attributes(self) -> Iterator[str]:
        used = [one for one in self.codebook.attributes if not one.retired]
        if used:
            rows = [(_code(a.key), a.name, a.type, _values(a), a.description) for a in used]
            yield from _table(("Attribute", "Name", "Type", "Values", "Meaning"), rows)

    def _relations(self) -> Iterator[str]:
        used = [one for one in self.codebook.relations if not one.retired]
        if used:
            yield from _table(("Relation", "Name", "From", "To", "Meaning"), [_relation(one) for one in used])

    def _provenance(self) -> list[tuple[str, str]]:
        codebook = (f"{self.codebook.name}, version {self.codebook.version}", self.codebook.id)
        own = [("Codebook", f"{codebook[0]} ({codebook[1]})")] if self.codebook.name else []
        return [*self.facts.provenance, *([("Format", self.format)] if self.format else []), *own]

    def _missing(self) -> Iterator[str]:
        if self.losses:
            rows = [(loss.kind, _number(loss.count), "; ".join(loss.examples[:2])) for loss in self.losses]
            yield from _table(("Left out of this export", "Times", "For example"), rows)
        if self.lacks:
            yield f"Files of this kind have no place for: {_inline('; '.join(self.lacks))}.\n"
        if self.counts.unread:
            yield (
                f"Documents that do not say what of them was read: {_number(self.counts.unread)}. Where nothing is "
                "tagged in them, that need not mean that there is nothing to tag.\n"
            )

    def _licence(self) -> str:
        if self.facts.licence.strip():
            return f"{markdown_line(self.facts.licence)}\n"
        return (
            "No licence is stated. The rights in the texts stay with those who issued them; ask whoever gave you this "
            "dataset before you pass it on.\n"
        )


_PLACES = (
    "`start` and `end` count Unicode code points from 0, and `end` is not part of the span: in Python, "
    "`text[start:end]` is the quote. JavaScript, Java and C# count UTF-16 units and R counts from 1; there, convert. "
    "Line ends and white space are as in the text, and nothing was normalised. Every place was read back from the "
    "files and compared with its quote before they were handed over. Spans may lie in each other, overlap, and be "
    "equal.\n"
)
_NO_AGREEMENT = "Nothing is stated on how far people agreed.\n"


def _label(label: Label) -> Iterator[str]:
    yield f"### {markdown_line(label.name)} ({_code(label.key)})\n"
    if label.definition:
        yield f"{markdown_line(label.definition)}\n"
    for title, items in (("Includes", label.includes), ("Does not include", label.excludes)):
        if items:
            yield f"{title}:\n"
            yield from (f"- {markdown_line(item)}" for item in items)
            yield ""
    if label.boundary:
        yield f"Boundary: {_inline(label.boundary)}\n"
    if label.examples:
        yield "Examples:\n"
        yield from (f"- {markdown_line(item)}" for item in label.examples)
        yield ""


def _values(attribute: AttributeDefinition) -> str:
    said = (f" ({_inline(name)})" if name != value else "" for value, name in attribute.choices)
    return _Code(", ".join(_code(value) + name for (value, _), name in zip(attribute.choices, said, strict=True)))


def _relation(relation: RelationType) -> tuple[str, ...]:
    ends = (", ".join(keys) or "any" for keys in (relation.sources, relation.targets))
    return (_code(relation.key), relation.name, *ends, relation.description)


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[str]:
    lines = [f"- {markdown_line(name)}: {_inline(value)}" for name, value in pairs]
    return [*lines, ""] if lines else []


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join('---' for _ in header)} |"
    for row in rows:
        yield f"| {' | '.join(cell if isinstance(cell, _Code) else _inline(cell) for cell in row)} |"
    yield ""


def _inline(text: str) -> str:
    """Return text for within a line."""
    return markdown_inline(" ".join(text.split()))


class _Code(str):
    """A cell that is Markdown already."""


def _code(text: str) -> _Code:
    """Return a key as code that may stand in a table."""
    plain = text.replace("`", "'").replace("|", "¦")
    return _Code(f"`{' '.join(plain.split())}`")


def _number(count: int) -> str:
    return f"{count:,}"
