"""What to call a case: the versions of its layers side by side, or what differs between them."""

from __future__ import annotations

from collections.abc import Mapping

from annotator.core.cases import Case
from annotator.core.records import Label

NOTHING = "–"
"""Stands for the version of a layer that has nothing."""


class CaseTitles:
    """Names cases by labels, and attributes by their names (by key)."""

    def __init__(self, labels: Mapping[str, Label], attributes: Mapping[str, str]) -> None:
        self._labels = labels
        self._attributes = attributes

    def of(self, case: Case) -> str:
        """Return such as “Pledge ↔ Pledge + Condition”, “Pledge ↔ –” or “Pledge (strength)”.

        The last is for what differs in attributes only, which it names. The versions are in the order of the layers.
        """
        if not case.annotations:
            return NOTHING
        versions = [self._version(case, layer) for layer in case.layers]
        if case.kind == "same":
            return versions[0]
        if case.kind == "attribute":
            return f"{versions[0]} ({', '.join(self._differing(case))})"
        if case.kind == "relation":
            return f"{versions[0]} (relations)"
        return " ↔ ".join(versions)

    def _version(self, case: Case, layer: str) -> str:
        names = [self._labels[one.label].name if one.label in self._labels else "?" for one in case.of(layer)]
        return " + ".join(names) or NOTHING

    def _differing(self, case: Case) -> list[str]:
        values = [case.values.get(annotation.id, {}) for annotation in case.annotations]
        keys = sorted({key for one in values for key in one})
        return [self._attributes.get(k, k) for k in keys if any(one.get(k) != values[0].get(k) for one in values)]
