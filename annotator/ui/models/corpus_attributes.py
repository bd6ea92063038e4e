"""What attributes are called where those of all labels stand beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from annotator.core.records import AttributeDefinition, Label

COUNTED_TYPES = ("entity", "choice", "boolean", "number")
"""Types of attributes whose values can be counted and chosen from a list."""


def attribute_titles(attributes: Sequence[AttributeDefinition], labels: Sequence[Label]) -> dict[str, str]:
    """Return names by id; where several attributes have one name, each tells its labels."""
    names = {label.key: label.name for label in labels}
    uses = Counter(one.name for one in attributes if not one.retired)
    return {
        one.id: f"{one.name} ({', '.join(names.get(key, key) for key in one.labels)})"
        if uses[one.name] > 1 and one.labels
        else one.name
        for one in attributes
    }
