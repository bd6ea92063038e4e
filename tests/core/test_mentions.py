"""Annotators named with @: the longest name, whatever its case, and no address of mail."""

from annotator.core.mentions import mentions
from annotator.core.records import Annotator

PEOPLE = [
    Annotator("a", "Ann"),
    Annotator("b", "Ann Lee"),
    Annotator("c", "Особа К."),
    Annotator("d", "Ann"),
    Annotator("e", "a.b (c)"),
]


def named(body: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(body[m.start : m.end], m.annotators) for m in mentions(body, PEOPLE)]


def test_the_longest_name_is_taken() -> None:
    assert named("@Ann Lee and @Ann, @Annabel") == [("@Ann Lee", ("b",)), ("@Ann", ("a", "d"))]


def test_case_and_the_kind_of_space_do_not_matter() -> None:
    assert named("@ann\u00a0LEE, @ОСОБА  к.") == [("@ann\u00a0LEE", ("b",)), ("@ОСОБА  к.", ("c",))]
    assert named("@Ann\nLee") == [("@Ann", ("a", "d"))]


def test_an_address_names_nobody_and_signs_are_letters_of_a_name() -> None:
    assert named("mail x@Ann or @@Ann") == []
    assert named("see @a.b (c)!") == [("@a.b (c)", ("e",))]
    assert mentions("@Ann", []) == []


def test_letters_that_are_alike_in_their_capitals_only_name_nobody() -> None:
    people = [Annotator("s", "Sam"), Annotator("i", "Ivan")]
    assert [m.annotators for m in mentions("@\u017fam, @\u0131van, @Sam", people)] == [("s",)]
