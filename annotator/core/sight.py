"""Which annotations are shown: those whose label and layer nobody has hidden."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.core.records import Annotation


@dataclass(frozen=True, slots=True)
class Sight:
    """Ids of the labels and layers that are hidden."""

    hidden_labels: frozenset[str] = frozenset()
    hidden_layers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Say whether anything is hidden."""
        return bool(self.hidden_labels or self.hidden_layers)

    def shows(self, annotation: Annotation) -> bool:
        """Say whether an annotation is in sight."""
        return annotation.label not in self.hidden_labels and annotation.layer not in self.hidden_layers

    def with_label(self, label: str, *, shown: bool) -> Sight:
        """Return the sight with a label shown or hidden."""
        return replace(self, hidden_labels=_changed(self.hidden_labels, label, shown=shown))

    def with_layer(self, layer: str, *, shown: bool) -> Sight:
        """Return the sight with a layer shown or hidden."""
        return replace(self, hidden_layers=_changed(self.hidden_layers, layer, shown=shown))


def _changed(hidden: frozenset[str], identity: str, *, shown: bool) -> frozenset[str]:
    return hidden - {identity} if shown else hidden | {identity}
