"""What is cut off at the ends of a span."""

import pytest

from annotator.core.trimming import trimmed


def cut(text: str, what: str = "quotes") -> str:
    return "|".join(text[start:end] for start, end in trimmed(text, [(0, len(text))], what))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (" We will help \n", "We will help"),
        ("“We will help", "We will help"),
        ("We will help”", "We will help"),
        ("“We will help”", "We will help"),
        ("promised that “the future is ours”", "promised that “the future is ours”"),
        ("“Yes”, he said, “we will”", "“Yes”, he said, “we will”"),
        ("« Nous aiderons »", "Nous aiderons"),
        ("„Wir helfen“", "Wir helfen"),
        ("«Ми допоможемо", "Ми допоможемо"),
        ('"We will', "We will"),
        ('"We will"', "We will"),
        ("the allies’", "the allies’"),
        ("‘frustration’ of Ukraine", "‘frustration’ of Ukraine"),
        ("‘on the same page’", "on the same page"),
        ("“", "“"),
        ("  ", ""),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert cut(text) == left


def test_as_much_as_is_wanted() -> None:
    assert cut(" “We will ", "spaces") == "“We will"
    assert cut(" “We will ", "nothing") == " “We will "
    assert cut("   ", "nothing") == ""


def test_each_fragment_is_trimmed() -> None:
    text = "“One” and  two ”"
    assert trimmed(text, [(0, 6), (9, 15), (15, 16)], "quotes") == ((1, 4), (11, 14), (15, 16))
