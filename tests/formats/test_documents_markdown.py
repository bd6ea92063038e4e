import pytest

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.markdown.reader import read_markdown
from annotator.formats.documents.source import SourceFile


def read(source: str):
    return read_markdown(SourceFile("note.md", source.encode()))


def ranges(document, kind):
    return [
        (document.text[r.start : r.end], r.level, dict(r.data)) for r in document.structure.ranges if r.kind == kind
    ]


@pytest.fixture
def features(files):
    return read_markdown(SourceFile("features.md", (files / "features.md").read_bytes()))


def test_text_is_clean(features):
    assert features.text == (
        "Joint statement\n\n"
        "We met in a small town and agreed on three things and on one more.\n"
        "The outcome: is open. Point 1. stands. A\xa0gap & more.\n\n"
        "Second heading over two lines\n\n"
        "First item, wrapped over lines\n\nwith a second paragraph\nnested item\ndeeper item\n"
        "Second item since 2023. It goes on.\n\n"
        "We reassured our partners.\nWe agreed to meet again.\nWe skipped a number.\n\n"
        "A quoted sentence.\n\n"
        "See the text and\nafter a break.\n\n"
        "The Paper: “A step”\n\n"
        "Country\tSum\nAland\t3\nBorduria\t\n\n"
        "code  stays\n  as it is\n\n"
        "#StandTogether is no heading, snake_case is no emphasis.\n\n"
        "Heading in HTML\n\n"
        "# # #"
    )


def test_front_matter_becomes_facts(features):
    assert features.title == "Joint Statement of the Two Ministers"
    assert (features.date, features.url, features.language) == ("2024-05-17", "https://example.org/statement", "en")
    assert features.metadata == {"tags": ["summit", "security"]}
    assert features.warnings == ()


def test_headings_of_every_kind(features):
    assert ranges(features, "heading") == [
        ("Joint statement", 1, {}),
        ("Second heading over two lines", 2, {}),
        ("Heading in HTML", 3, {}),
    ]


def test_lists_keep_depth_and_true_numbers(features):
    items = ranges(features, "list_item")
    assert [(text.split("\n")[0], level, data["marker"]) for text, level, data in items] == [
        ("First item, wrapped over lines", 1, "•"),
        ("nested item", 2, "•"),
        ("deeper item", 3, "•"),
        ("Second item since 2023. It goes on.", 1, "•"),
        ("We reassured our partners.", 1, "9."),
        ("We agreed to meet again.", 1, "10."),
        ("We skipped a number.", 1, "12."),
    ]


def test_inline_ranges(features):
    assert [text for text, _, _ in ranges(features, "strong")] == ["three things", "outcome:"]
    assert [text for text, _, _ in ranges(features, "emphasis")] == ["one more", "The Paper"]
    assert ranges(features, "link") == [
        ("the text", 0, {"url": "https://example.org/text"}),
        ("The Paper", 0, {"url": "https://example.org/paper"}),
    ]
    assert ranges(features, "quote") == [("A quoted sentence.", 1, {})]
    assert ranges(features, "code") == [("code  stays\n  as it is", 0, {})]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**Rallying. ** The G7", "Rallying. The G7"),
        ("** Rallying** The G7", "Rallying The G7"),
        ("***Both*** and ****four**", "Both and four"),
        ("Kosovo* and Kosovo* stay", "Kosovo* and Kosovo* stay"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        (r"\*\*\*", "***"),
        ("one  two\tthree", "one two three"),
        ("- - -\n\nafter a rule", "after a rule"),
        ("text\n- item\n- other", "text\n\nitem\nother"),
        ("1. one\n2024. Next year", "one 2024. Next year"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("a <b>bold</b> <unknown x='1'>word</unknown>", "a bold word"),
        ("3 < 5 and 7 > 2 &lt;b&gt;", "3 < 5 and 7 > 2 <b>"),
        ("<script>\n\nnever closed", "never closed"),
        ("claim[^1]\n\n[^1]: Source of it", "claim[1]\n\n[1] Source of it"),
        ("nul\0 stays", "nul\0 stays"),
        ("<a@example.org> and <https://example.org>", "a@example.org and https://example.org"),
        ("\n\n\xa0\n\ntext\n\n\n\n\nmore", "text\n\nmore"),
    ],
)
def test_markdown_to_text(source, text):
    assert read(source).text == text


@pytest.mark.parametrize(
    "block",
    [
        "title: [broken",
        "a: &x [1]\nb: *x",
        "title: one\ntitle: two",
        "date: 2024-99-99",
        "title: " + "[" * 2000,
    ],
)
def test_unreadable_front_matter_is_kept_beside_the_text_with_a_warning(block):
    document = read(f"---\n{block}\n---\nBody.")
    assert document.text == "Body."
    assert document.metadata["front_matter"] == block
    assert len(document.warnings) == 1


def test_a_rule_at_the_top_is_no_front_matter():
    document = read("---\n\nText: here.\n\n---\n\nMore.")
    assert document.text == "Text: here.\n\nMore."


def test_front_matter_never_holds_what_cannot_be_stored():
    document = read('---\ntitle: "a\\0b\\uD800c"\nnumber: .nan\nday: 2024-01-02\n---\nBody.')
    assert document.title == "abc"
    assert document.metadata == {"number": "nan", "day": "2024-01-02"}


def test_title_without_front_matter():
    assert read("intro\n\n# Heading").title == "Heading"
    assert read("first line\n\nsecond").title == "first line"
    assert read("long " * 100).title == "note"


def test_markdown_without_text_is_refused():
    with pytest.raises(DocumentReadError, match=r"“note\.md” is empty"):
        read("---\ntitle: x\n---\n![only a picture](x.png)")


def test_endless_nesting_is_refused_with_a_remedy():
    with pytest.raises(DocumentReadError, match="nested too deeply"):
        read("- " * 5000 + "x")


@pytest.mark.parametrize(
    ("source", "headings", "text"),
    [
        ("**Security**\n\nWe met.", ["Security"], "Security\n\nWe met."),
        ("**Security**  \nWe met.", ["Security"], "Security\n\nWe met."),
        ("**1. One** **Two**\n\nWe met.", ["1. One Two"], "1. One Two\n\nWe met."),
        ("**Security** is near.", [], "Security is near."),
        ("**We will stay.**", [], "We will stay."),
        ("**###**", [], "###"),
        ("-   **In a list**", [], "In a list"),
        ("**" + "long " * 40 + "end**", [], "long " * 40 + "end"),
    ],
)
def test_a_bold_line_of_its_own_is_a_heading(source, headings, text):
    document = read(source)
    assert [found for found, _, _ in ranges(document, "heading")] == headings
    assert document.text == text
