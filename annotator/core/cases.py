"""Cases: what the layers of one document have at one place, to be compared and decided on together.

Which annotations belong to one case, and what kind of difference it is, is the rule of analysis.comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.core.records import Annotation, Relation

KINDS = ("edges", "one_sided", "label", "nesting", "attribute", "relation", "same")
"""How the layers of a case differ: in the edges only, some have nothing, in the label, one has several spans for
another's one, in attributes only, in relations only, or not at all. In the order of a reviewer's queue.
"""

CHOICES = ("layer", "neither", "union", "intersection", "both", "edit", "agreed", "single")
"""What can be decided: one layer's version; nothing; its span over all edges, or over what all share; every version;
one's own; what all agree on, accepted with many others; the only layer's, when its document was approved.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """What layers have at one place. `layers` are those compared, also those that have nothing here, in the order of
    the keys 1 to 9. `annotations` are in the order of `layers`, then of the text.

    `start` and `end` are the hull in code points, half-open. `values` holds attribute values by annotation id and
    attribute key, entities by name. `id` follows from the gold layer and the ids of annotations and relations.
    """

    id: str
    document: str
    kind: str
    start: int
    end: int
    layers: tuple[str, ...]
    annotations: tuple[Annotation, ...]
    relations: tuple[Relation, ...] = ()
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, layer: str) -> tuple[Annotation, ...]:
        """Return what a layer has here."""
        return tuple(annotation for annotation in self.annotations if annotation.layer == layer)

    def relations_of(self, layer: str) -> tuple[Relation, ...]:
        """Return the relations that a layer has here."""
        return tuple(relation for relation in self.relations if relation.layer == layer)
