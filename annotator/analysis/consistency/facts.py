"""What the rules look at, and what they find."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from annotator.analysis.consistency.rules import RULES, Rule
from annotator.core.boundaries import sentence_bounds
from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inheritance, Inherited
from annotator.core.records import Annotation, AttributeDefinition, Document, Fragment, Label, Relation, RelationType

SPEAKER = "speaker"
"""The key of the attribute that says who speaks."""

QUOTE, AROUND = 240, 60
"""Code points of a span that a finding carries at most, and of the text before and after it."""

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit.

    `[start, end)` is the place in code points, `annotation` the span, `relation` the relation that it is about, or
    None. `template` with `fields` is the sentence that says what is wrong. `fix` is a key of `rules.FIXES`, or empty;
    `argument` is what the fix needs: an id or a value. `other` is another document that it is compared with.
    `before`, `quote` and `after` are the text around the place, its white space single.
    """

    rule: str
    document: str
    layer: str
    annotation: str | None
    template: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    label: str = ""
    relation: str | None = None
    fix: str = ""
    argument: str | None = None
    other: str | None = None
    title: str = ""
    before: str = ""
    quote: str = ""
    after: str = ""

    @property
    def message(self) -> str:
        """Return the sentence in English."""
        return self.template.format(**self.fields)

    @property
    def rule_row(self) -> Rule:
        """Return the rule that found it."""
        return RULES[self.rule]


class Book:
    """The codebook as the rules ask for it, each answer worked out once.

    `changed` holds, by label id, the codebook versions in which the label meant something else than it does now.
    `entities` are the names of the entities by id.
    """

    def __init__(
        self, codebook: Codebook, changed: Mapping[str, Collection[str]], entities: Mapping[str, str] | None = None
    ) -> None:
        self.codebook = codebook
        self.changed = changed
        self.entities = entities or {}
        self.labels: dict[str, Label] = {label.id: label for label in codebook.labels}
        self.attributes: dict[str, AttributeDefinition] = {a.id: a for a in codebook.attributes}
        self.relations: dict[str, RelationType] = {r.id: r for r in codebook.relations}
        self.known_values: dict[tuple[str, str], bool] = {}
        self._of_label = {label.id: codebook.attributes_for(label.key) for label in codebook.labels}
        self._ids = {label: frozenset(a.id for a in found) for label, found in self._of_label.items()}
        self.dependent = {label.id: self._own_types(label) for label in codebook.labels}
        self.required = {
            label: tuple(a for a in found if a.required and not self._is_speaker(a, label))
            for label, found in self._of_label.items()
        }
        self._allowed: dict[tuple[str, str, str], bool] = {}

    def attribute_ids(self, label: str) -> frozenset[str]:
        """Return the ids of the attributes that a label has."""
        return self._ids.get(label, frozenset())

    def speaker_of(self, label: str) -> AttributeDefinition | None:
        """Return the attribute that names who speaks, or None where the label has none.

        A label that says something of another span needs none: the speaker is that of the other one.
        """
        return next((a for a in self._of_label.get(label, ()) if self._is_speaker(a, label)), None)

    def _is_speaker(self, attribute: AttributeDefinition, label: str) -> bool:
        return attribute.key == SPEAKER and attribute.type == "entity" and not self.dependent.get(label)

    def _own_types(self, label: Label) -> tuple[RelationType, ...]:
        """Return the relation type that says what a span of this label is about, if the label needs one.

        That is so where exactly one type leads from the label to others, and from no other label. Types that lead to
        and from the same labels, such as “restates”, do not count.
        """
        lineage = {label.key} | {one.key for one in self._above(label)}
        types = [
            one
            for one in self.codebook.relations
            if not one.retired and one.sources and set(one.sources) != set(one.targets) and lineage & set(one.sources)
        ]
        own = [one for one in types if len(one.sources) == 1 and not lineage & set(one.targets)]
        return tuple(own) if len(own) == len(types) == 1 else ()

    def _above(self, label: Label) -> list[Label]:
        found: list[Label] = []
        while label.parent and label.parent in self.labels and self.labels[label.parent] not in found:
            label = self.labels[label.parent]
            found.append(label)
        return found

    def allows(self, type_id: str, source: str, target: str) -> bool:
        """Say whether a relation type may lead from a label to another one, all by id."""
        key = (type_id, source, target)
        if key not in self._allowed:
            ends = self.labels[source].key, self.labels[target].key
            self._allowed[key] = self.codebook.allowed(self.relations[type_id], *ends)
        return self._allowed[key]


@dataclass
class LayerFacts:
    """What one layer has in one document.

    `values` holds the values of attributes as JSON text, by annotation and attribute id. `unplaced` is how many spans
    of older versions wait for a place. `sentences` may be empty; punctuation tells them then.
    """

    document: Document
    layer: str
    text: str
    annotations: Sequence[Annotation]
    relations: Sequence[Relation] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inheritance: Inheritance | None = None
    sentences: Sequence[Fragment] = ()
    status: str = "new"
    unplaced: int = 0

    @cached_property
    def by_id(self) -> dict[str, Annotation]:
        """The annotations by id."""
        return {annotation.id: annotation for annotation in self.annotations}

    @cached_property
    def by_sentence(self) -> dict[Fragment, list[Annotation]]:
        """The annotations by the sentence that they start in."""
        found: dict[Fragment, list[Annotation]] = {}
        for annotation in self.annotations:
            found.setdefault(self.sentence_at(annotation.start), []).append(annotation)
        return found

    def sentence_at(self, position: int) -> Fragment:
        """Return the sentence at a code point."""
        found = self._sentences.get(position)
        if found is None:
            found = self._sentences[position] = sentence_bounds(self.text, position, self.sentences)
        return found

    @cached_property
    def _sentences(self) -> dict[int, Fragment]:
        return {}

    def inherited(self, book: Book, annotation: Annotation) -> Mapping[str, Inherited]:
        """Return what an annotation inherits, by attribute key."""
        if not self.inheritance or annotation.label not in book.labels:
            return {}
        return self.inheritance.of(book.labels[annotation.label].key, annotation.start)

    def value(self, annotation: str, attribute: str) -> Any:
        """Return an annotation's own value of an attribute, None where it has none."""
        stored = self.values.get(annotation, {}).get(attribute)
        return None if stored is None else json.loads(stored)

    def finding(self, rule: str, annotation: Annotation, template: str, **more: Any) -> Finding:
        """Return a finding about an annotation; `more` are fields of Finding, all others those of the sentence."""
        own = {name: more.pop(name) for name in ("relation", "fix", "argument", "other") if name in more}
        return Finding(
            rule,
            self.document.id,
            self.layer,
            annotation.id,
            template,
            more,
            annotation.start,
            annotation.end,
            annotation.label,
            **own,
            title=self.document.title,
            **self._context(annotation.start, annotation.end),
        )

    def _context(self, start: int, end: int) -> dict[str, str]:
        text, last = self.text, min(end, start + QUOTE)
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        before = before.partition(" ")[2] if start > AROUND else before
        quote = text[start:last] + ("…" if last < end else "")
        return {"before": _on_one_line(before), "quote": _on_one_line(quote), "after": _on_one_line(after)}


def _on_one_line(text: str) -> str:
    return _SPACES.sub(" ", text) if "\n" in text or "  " in text or "\t" in text else text
