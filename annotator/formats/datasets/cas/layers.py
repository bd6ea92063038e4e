"""Which structures of a CAS are spans, which are relations, and what is the label of each.

A span is an annotation of at least one character that is not part of the apparatus: words, sentences, grammar, layout
and metadata are not. Its label is the first feature of `LABELS` that any structure of its type has; else the only
feature of short text that the type has; else, and where that feature is empty, the short name of its type. What is
left are attributes. A relation is a structure with two ends; a slot, such as an argument of a predicate, is one by its
role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.formats.datasets.cas.structures import Structure

LABELS = (
    "label",
    "value",
    "kind",
    "category",
    "class",
    "code",
    "tag",
    "type",
    "name",
    "referenceType",
    "chunkValue",
)
"""Features that are labels, the surest first."""

ENDS = (("Governor", "Dependent"), ("governor", "dependent"), ("source", "target"), ("from", "to"))
"""Features with the ends of a relation: where it comes from, and where it goes."""

_APPARATUS = (
    "uima.",
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.",
    "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.constituent.",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.P",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata.",
    "de.tudarmstadt.ukp.dkpro.core.api.transform.",
    "de.tudarmstadt.ukp.dkpro.core.api.structure.",
    "de.tudarmstadt.ukp.clarin.webanno.api.type.",
    "de.tudarmstadt.ukp.inception.",
    "org.dkpro.core.api.",
)
_APPARATUS_NAMES = frozenset(
    ("Token", "Sentence", "Lemma", "Stem", "POS", "Paragraph", "MorphologicalFeatures", "DocumentMetaData")
)
_LONGEST = 60
"""Characters; a feature with a longer text is a comment and no label."""

_BUILT_IN = frozenset(("begin", "end", "sofa", "next", "first"))


def is_apparatus(kind: str) -> bool:
    """Say whether a type is of words, sentences, grammar, layout or metadata."""
    return kind.startswith(_APPARATUS) or kind.rpartition(".")[2] in _APPARATUS_NAMES


class Layers:
    """The types of one CAS. `structures` are by id."""

    def __init__(self, structures: Mapping[str, Structure]) -> None:
        self._structures = structures
        self._labels: dict[str, str] = {}

    def learn(self, found: Iterable[Structure]) -> None:
        """Choose the feature with the label for each type of these structures."""
        longest: dict[str, dict[str, int]] = {}
        for one in found:
            lengths = longest.setdefault(one.type, {})
            for key, value in self.values(one).items():
                if isinstance(value, str):
                    lengths[key] = max(lengths.get(key, 0), len(value))
        for kind, lengths in longest.items():
            only = [key for key, length in lengths.items() if len(lengths) == 1 and length <= _LONGEST]
            self._labels[kind] = next((name for name in LABELS if name in lengths), None) or "".join(only)

    def ends(self, one: Structure) -> tuple[str, str] | None:
        """Return the ids that a relation links, None for what is no relation."""
        features = one.features
        for source, target in ENDS:
            if source in features and target in features:
                ends = features[source], features[target]
                if all(isinstance(end, str) and end in self._structures for end in ends):
                    return ends
        return None

    def label(self, one: Structure) -> str:
        """Return the label of a span or a relation."""
        value = one.features.get(self._labels.get(one.type, ""), "")
        return (value if isinstance(value, str) else "") or one.short_type

    def attributes(self, one: Structure) -> dict[str, Any]:
        """Return what a span says besides its label."""
        label = self._labels.get(one.type, "")
        return {key: value for key, value in self.values(one).items() if key != label and value != ""}

    def values(self, one: Structure) -> dict[str, Any]:
        """Return the features that are values, and no references to other structures."""
        return {
            key: "; ".join(map(str, value)) if isinstance(value, list) else value
            for key, value in one.features.items()
            if key not in _BUILT_IN and value is not None and not isinstance(value, dict) and not self.slots(value)
        }

    def slots(self, value: Any) -> list[tuple[str, str]]:
        """Return (role, id of the target) of each link that a feature refers to; nothing where it does not."""
        found: list[tuple[str, str]] = []
        for identity in value.split() if isinstance(value, str) and value[:1].isdigit() else ():
            link = self._structures.get(identity)
            if link is None or "end" in link.features:
                return []
            if "elements" in link.features:
                found += self.slots(link.features["elements"])
            elif isinstance(target := link.features.get("target"), str):
                found.append((str(link.features.get("role") or ""), target))
            else:
                return []
        return found
