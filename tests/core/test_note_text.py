"""Markdown of notes as plain runs: what is understood, what stays as it is, and that length is all that costs."""

from __future__ import annotations

import pytest

from annotator.core.note_text import NOTE_SHOWN, NoteBlock, Run, note_blocks, plain_note


def only(body: str, *names: str) -> tuple[Run, ...]:
    (block,) = note_blocks(body, names)
    return block.runs


def test_blocks() -> None:
    body = "# Head\none\ntwo\n\n- item\n  goes on\n  1. inner\n> said\n> more\n```\n**as** it is\n```\nend"
    assert [(b.kind, b.level, b.marker, b.text) for b in note_blocks(body)] == [
        ("heading", 1, "", "Head"),
        ("paragraph", 0, "", "one\ntwo"),
        ("item", 0, "•", "item\ngoes on"),
        ("item", 1, "1.", "inner"),
        ("quote", 0, "", "said\nmore"),
        ("code", 0, "", "**as** it is"),
        ("paragraph", 0, "", "end"),
    ]


def test_styles_nest() -> None:
    assert only("a **b *c* d** ~~e~~ `f*g*`") == (
        Run("a "),
        Run("b ", bold=True),
        Run("c", bold=True, italic=True),
        Run(" d", bold=True),
        Run(" "),
        Run("e", struck=True),
        Run(" "),
        Run("f*g*", code=True),
    )


@pytest.mark.parametrize(
    "body", ["2 * 3 * 4", "snake_case_name", "**open", "a ** b", "<b>x</b>", "<img src='file:///x'>", "&lt;", "[x]"]
)
def test_what_is_no_mark_stays(body: str) -> None:
    assert only(body) == (Run(body),)


def test_links_show_where_they_lead_and_pictures_are_links() -> None:
    assert only("[words](javascript:x) and https://example.org/a.") == (
        Run("words", link=True),
        Run(" (javascript:x) and "),
        Run("https://example.org/a", link=True),
        Run("."),
    )
    assert only("![p](file:///etc/x)") == (Run("p", link=True), Run(" (file:///etc/x)"))


def test_mentions_are_set_off_where_somebody_is_meant() -> None:
    assert only("*ask @Особа_К.* and `@Особа_К.`", "Особа_К.") == (
        Run("ask ", italic=True),
        Run("@Особа_К.", italic=True, mention=True),
        Run(" and "),
        Run("@Особа_К.", code=True),
    )
    assert only(r"\*no\*") == (Run("*no*"),)


def test_plain_note_has_the_words_alone() -> None:
    assert plain_note("# Head\n- **one** @x\n2. `two`") == "Head\n• one @x\n2. two"


def test_a_long_note_is_cut_where_it_is_shown() -> None:
    (block,) = note_blocks("x" * (NOTE_SHOWN + 5))
    assert block == NoteBlock("paragraph", (Run("x" * NOTE_SHOWN + "…"),))


@pytest.mark.parametrize("part", ["[", "*", "**a", "_a ", "`", "![", "> ", "- ", "@", "[a](", "~~a *b ", "http://"])
def test_hostile_notes_come_through(part: str) -> None:
    blocks = note_blocks(part * (NOTE_SHOWN // len(part)), ["Ann", "Ann Lee"])
    assert sum(len(block.text) for block in blocks) <= NOTE_SHOWN
