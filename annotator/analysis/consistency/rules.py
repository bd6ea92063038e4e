"""The rules of the consistency check, in one table.

How to add a rule:
1. add its row to `_ROWS`;
2. write its check in one of the modules beside this one, and name it in `check.CHECKS`;
3. where it has a quick fix, name that in `FIXES` and write it in `session/consistency_fixes.py`;
4. add a case and a near-miss to `tests/analysis/test_consistency.py`, and a row to `resources/guide/consistency.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SEVERITIES = ("error", "warning", "hint")
"""An error is wrong in every codebook; a warning nearly always; a hint wants a look."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `name` and `meaning` are for people; `fixes` are the quick fixes that its findings may have."""

    id: str
    name: str
    meaning: str
    severity: str
    fixes: tuple[str, ...] = ()


_ROWS = (
    Rule(
        "same_sentence",
        "Same sentence, other labels",
        "A sentence that stands in several places has other labels here than elsewhere in the layer.",
        "warning",
    ),
    Rule(
        "same_sentence_edges",
        "Same sentence, other edges",
        "A sentence that stands in several places has the same labels everywhere, but on other words.",
        "hint",
    ),
    Rule(
        "unlinked",
        "Linked to nothing",
        "A span of a label that says something of another span, such as a condition, has no relation to one.",
        "warning",
        ("link",),
    ),
    Rule(
        "no_speaker",
        "No speaker",
        "A span whose label has the attribute “speaker” has none, nor inherits one.",
        "warning",
        ("speaker",),
    ),
    Rule(
        "required_missing",
        "Required attribute missing",
        "An attribute that the codebook requires has no value, nor inherits one.",
        "error",
        ("default",),
    ),
    Rule(
        "inside_word",
        "Edge inside a word",
        "A span starts or ends in the middle of a word.",
        "error",
        ("words",),
    ),
    Rule(
        "edge_spaces",
        "White space at an edge",
        "A span starts or ends with white space.",
        "error",
        ("trim",),
    ),
    Rule(
        "only_marks",
        "No words in it",
        "A span holds nothing but white space, quote marks or other punctuation.",
        "error",
        ("delete",),
    ),
    Rule(
        "duplicate",
        "Tagged twice",
        "Two spans of a layer have the same label and the same characters.",
        "error",
        ("merge",),
    ),
    Rule(
        "retired_label",
        "Retired label",
        "A span has a label that is out of use.",
        "error",
        ("parent",),
    ),
    Rule(
        "definition_changed",
        "Definition changed since",
        "A span was tagged under another definition than its label has now.",
        "warning",
        ("confirm",),
    ),
    Rule(
        "relation_ends",
        "Relation that is not allowed",
        "A relation leads from or to a label that the codebook does not allow there, or its type is out of use.",
        "error",
        ("turn", "unrelate"),
    ),
    Rule(
        "unknown_value",
        "Unknown value",
        "An attribute has a value that the codebook does not know.",
        "error",
        ("clear",),
    ),
    Rule(
        "foreign_attribute",
        "Attribute of another label",
        "A span has a value of an attribute that its label does not have, or that is out of use.",
        "warning",
        ("clear",),
    ),
    Rule(
        "done_unplaced",
        "Done, but spans wait",
        "A document is done, but spans of an earlier version still wait for a place in it.",
        "warning",
    ),
)

RULES: Mapping[str, Rule] = {rule.id: rule for rule in _ROWS}
"""Every rule by id, in the order in which lists show them."""

ACROSS_DOCUMENTS = frozenset(("same_sentence", "same_sentence_edges"))
"""Rules that compare documents: they need what is tagged in all of them."""

FIXES: Mapping[str, str] = {
    "words": "Grow to whole words",
    "trim": "Cut off the white space",
    "delete": "Delete the span",
    "merge": "Merge the two",
    "default": "Set the default",
    "speaker": "Take the speaker of its sentence",
    "clear": "Clear the value",
    "link": "Link it to the span of its sentence",
    "turn": "Turn the relation round",
    "unrelate": "Delete the relation",
    "confirm": "It still fits",
    "parent": "Relabel as the label above",
}
"""What a quick fix does, by its id.

Merging keeps notes, attributes and relations; a span that is deleted takes what hangs on it along.
"""
