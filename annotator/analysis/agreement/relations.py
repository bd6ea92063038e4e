"""Which relations of one layer another one has as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from annotator.core.records import Relation


def relation_counts(
    one: Sequence[Relation], other: Sequence[Relation], matches: Mapping[str, str]
) -> tuple[int, int, int]:
    """Return how many relations both layers have, and how many each has.

    Two are the same where their types are, and where their ends, in the same direction, are matched units. `matches`
    names, for each span of the first layer that has one, its match in the other.
    """
    there = Counter((relation.type, relation.source, relation.target) for relation in other)
    here = Counter(
        (relation.type, matches.get(relation.source, ""), matches.get(relation.target, "")) for relation in one
    )
    return (here & there).total(), len(one), len(other)
