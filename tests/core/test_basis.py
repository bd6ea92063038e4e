"""What a decision keeps of what it was made on, and what of it may come from outside."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.basis import basis_of, fragments_in, hull_of, is_basis, moved
from annotator.core.cases import Case
from annotator.core.records import Annotation, Relation
from annotator.core.row_checks import why_no_row

SPAN = Annotation("a", "d", "A", "pledge", "", "", "", ((2, 5), (7, 9)))
LINK = Relation("r", "d", "A", "restates", "a", "b", "", "")
CASE = Case("c", "d", "one_sided", 2, 9, ("A", "B"), (SPAN,), (LINK,))
BASIS = basis_of(CASE, {"a": {"strength": "firm"}}, ("A",))


def test_what_is_kept() -> None:
    assert (BASIS["layers"], BASIS["chosen"], hull_of(BASIS)) == (["A", "B"], ["A"], (2, 9))
    entry = BASIS["annotations"]["a"]
    assert (fragments_in(entry), entry["values"]) == (SPAN.fragments, [{"attribute": "strength", "value": "firm"}])
    assert BASIS["relations"] == {"r": {"layer": "A", "type": "restates", "source": "a", "target": "b"}}
    assert is_basis(BASIS)
    assert is_basis({})


def test_a_new_version_has_other_ids_and_places() -> None:
    places = {("a", SPAN.fragments): ((12, 19),)}
    found = moved(BASIS, lambda identity: f"{identity}'", lambda *span: places[span])
    assert found["annotations"]["a'"]["fragments"] == [[12, 19]]
    assert (found["relations"]["r'"]["source"], hull_of(found)) == ("a'", (12, 19))
    lost = moved(BASIS, lambda identity: f"{identity}'", lambda *span: ())
    assert lost["annotations"]["a'"]["fragments"] == [[2, 5], [7, 9]]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"start": 5, "end": 2},
        {"start": True, "end": True},
        {"layers": "A"},
        {"chosen": [1]},
        {"annotations": []},
        {"annotations": {"a": {"layer": "A", "label": "x"}}},
        {"annotations": {"a": {"layer": "A", "label": "x", "fragments": []}}},
        {"annotations": {"a": {"layer": "A", "label": "x", "fragments": [[3, 3]]}}},
        {"annotations": {"a": {"layer": "A", "label": "x", "fragments": [[0, 3, 5]]}}},
        {"annotations": {"a": {"layer": "A", "label": None, "fragments": [[0, 3]]}}},
        {"annotations": {"a": {"layer": "A", "label": "x", "fragments": [[0, 3]], "values": [{"attribute": "s"}]}}},
        {"relations": {"r": {"layer": "A", "type": "t", "source": "a"}}},
    ],
)
def test_what_cannot_be_read_is_no_basis(wrong: Any) -> None:
    assert not is_basis(wrong)


def test_a_decision_from_outside_is_held_against_it() -> None:
    ids = [f"{number:08d}-0000-4000-8000-000000000000" for number in range(4)]
    row = {
        "id": ids[0],
        "document": ids[1],
        "layer": ids[2],
        "kind": "edges",
        "choice": "union",
        "annotator": ids[3],
        "created": "",
        "basis": BASIS,
    }
    assert why_no_row("decision", row) == ""
    assert "basis" in why_no_row("decision", {**row, "basis": {"annotations": 1}})
    assert "choice" in why_no_row("decision", {**row, "choice": "perhaps"})
    assert "kind" in why_no_row("decision", {**row, "kind": ["edges"]})
    assert "kind" in why_no_row("decision", {**row, "kind": "other"})
