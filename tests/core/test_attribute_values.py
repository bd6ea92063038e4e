from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.attribute_values import ATTRIBUTE_TYPES, check_value
from annotator.core.errors import UserError
from annotator.core.records import AttributeDefinition

CHOICES = (("firm", "Firm"), ("firm_but_symbolic", "Firm but symbolic"))


def attribute(kind: str, choices: tuple[tuple[str, str], ...] | None = None) -> AttributeDefinition:
    own = CHOICES if choices is None and kind in ("choice", "choices") else choices or ()
    return AttributeDefinition("", "strength", "Strength", kind, 0, choices=own)


@pytest.mark.parametrize(
    ("kind", "given_value", "stored"),
    [
        ("choice", "firm", "firm"),
        ("choice", "Firm but symbolic", "firm_but_symbolic"),
        ("choice", " FIRM ", "firm"),
        ("choices", "firm_but_symbolic; Firm;firm", ["firm_but_symbolic", "firm"]),
        ("choices", ["firm"], ["firm"]),
        ("choices", [], None),
        ("texts", "are expected to; intend to", ["are expected to", "intend to"]),
        ("texts", '["a; b", "c"]', ["a; b", "c"]),
        ("texts", "[sic] so it stands", ["[sic] so it stands"]),
        ("texts", ["a; b"], ["a; b"]),
        ("boolean", "Yes", True),
        ("boolean", "false", False),
        ("boolean", True, True),
        ("number", "2", 2),
        ("number", "-2.5", -2.5),
        ("number", 0, 0),
        ("date", "2024-05-31", "2024-05-31"),
        ("date", date(2024, 5, 31), "2024-05-31"),
        ("entity", " G7 leaders ", "G7 leaders"),
        ("text", "conclude agreements; supply weapons", "conclude agreements; supply weapons"),
    ],
)
def test_value_is_stored_as(kind: str, given_value: object, stored: object) -> None:
    value = check_value(attribute(kind), given_value)
    assert value == stored
    assert type(value) is type(stored)


@pytest.mark.parametrize("kind", ATTRIBUTE_TYPES)
@pytest.mark.parametrize("nothing", [None, "null"])
def test_null_clears(kind: str, nothing: str | None) -> None:
    assert check_value(attribute(kind), nothing) is None


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("choice", "vague"),
        ("choice", ["firm"]),
        ("choices", "firm; vague"),
        ("boolean", "1"),
        ("boolean", 1),
        ("number", True),
        ("number", "nan"),
        ("number", float("nan")),
        ("number", "1e999"),
        ("number", "two"),
        ("number", "٢"),
        ("number", 10**400),
        ("date", "31.05.2024"),
        ("date", datetime(2024, 5, 31)),
        ("date", 20240531),
        ("entity", "  "),
        ("text", ""),
        ("text", 3),
        ("text", "a\0b"),
        ("text", "\ud800"),
        ("texts", ["a", ""]),
        ("texts", ["a\0b"]),
        ("texts", {"a": 1}),
        ("texts", [["a"]]),
    ],
)
def test_wrong_value_is_refused_by_name(kind: str, wrong: object) -> None:
    with pytest.raises(UserError, match="“strength”: give ") as refusal:
        check_value(attribute(kind), wrong)
    assert "\0" not in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_refusal_lists_the_choices() -> None:
    with pytest.raises(UserError, match="one of firm, firm_but_symbolic"):
        check_value(attribute("choice"), "vague")


def test_number_with_choices_takes_only_those() -> None:
    scale = attribute("number", (("0", "None"), ("1", "Some")))
    assert check_value(scale, "1.0") == 1
    assert type(check_value(scale, 1.0)) is int
    assert check_value(scale, "0") == 0
    with pytest.raises(UserError, match="one of 0, 1"):
        check_value(scale, "4")


_ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.sampled_from(["firm", "Firm", "2", "yes", "2024-05-31", '["a;b"]', "a;b", " null "]),
    st.lists(st.text(max_size=4), max_size=3),
)


@given(st.sampled_from(ATTRIBUTE_TYPES), _ANYTHING)
def test_checking_a_checked_value_changes_nothing(kind: str, anything: object) -> None:
    try:
        value = check_value(attribute(kind), anything)
    except UserError:
        return
    again = check_value(attribute(kind), value)
    assert again == value
    assert type(again) is type(value)
