import pytest

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.html.tree import html_text, parse_html


def read(source):
    text, structure = html_text(parse_html("page.html", source))
    found = [(r.kind, text[r.start : r.end], r.level, dict(r.data)) for r in structure.ranges]
    return text, found


def kinds(source, kind):
    return [(text, level, data) for found, text, level, data in read(source)[1] if found == kind]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<noscript>x</noscript>",
        "<svg><text>x</text></svg>",
        "<template><p>x</p></template>",
        "<iframe>x</iframe>",
        "<p hidden>x</p>",
        "<div style='color:red; DISPLAY : none'>x<p>x</p></div>",
        "<i aria-hidden=true>x</i>",
        "<span class='a sr-only'>x</span>",
        "<!-- x -->",
        "<select><option>x</select>",
        "<p>&nbsp;</p>",
    ],
)
def test_what_nobody_sees_leaves_nothing_and_what_follows_stays(hidden):
    assert read(f"<p>Before</p>{hidden}after")[0] == "Before\n\nafter"


def test_headings_have_levels_and_stay_on_one_line():
    assert kinds("<h1>One<br>two</h1><h6><div>Six</div></h6>", "heading") == [("One two", 1, {}), ("Six", 6, {})]


def test_a_short_bold_line_is_a_heading_in_disguise():
    assert kinds("<p><b>Next steps</b></p>", "heading") == [("Next steps", 3, {})]
    assert kinds("<b>Next steps</b><br>We meet again.", "heading") == [("Next steps", 3, {})]
    for other in (
        "<p><b>We agree.</b></p>",
        "<p><b>Chair:</b> yes</p>",
        "<ul><li><b>Fees</b></ul>",
        f"<b>{'x ' * 99}</b>",
    ):
        assert kinds(other, "heading") == []


def test_text_outside_paragraphs_becomes_paragraphs():
    text, found = read("<div>one<p>two</p>three<div>four</div></div>")
    assert text == "one\n\ntwo\n\nthree\n\nfour"
    assert [part for kind, part, _level, _data in found if kind == "paragraph"] == ["one", "two", "three", "four"]


def test_one_break_is_a_line_and_two_are_a_paragraph():
    assert read("<p>a<br>b<br> <br>c")[0] == "a\nb\n\nc"


def test_list_markers():
    source = (
        "<ol start=3><li>a<li value=7>b<li>c</ol><ol type=a><li>d<ul><li>e</ul></ol><ol type=I start=4><li>f</ol>"
        "<ol reversed><li>g<li>h</ol>"
    )
    markers = [(data["marker"], level) for _text, level, data in kinds(source, "list_item")]
    assert markers == [("3.", 1), ("7.", 1), ("8.", 1), ("a.", 1), ("•", 2), ("IV.", 1), ("2.", 1), ("1.", 1)]


def test_nested_lists_keep_their_lines():
    text, found = read("<p>x</p><ul><li>a<ul><li>b<li><p>c</p><p>d</p></ul><li>e</ul><p>y</p>")
    assert text == "x\n\na\nb\nc\n\nd\ne\n\ny"
    assert ("list_item", "a\nb\nc\n\nd", 1, {"marker": "•"}) in found


def test_quotes_have_depths_and_short_ones_get_their_marks():
    source = "<blockquote><p>a</p><blockquote>b</blockquote></blockquote><p>He said <q>yes</q>.</p>"
    assert kinds(source, "quote") == [("a\n\nb", 1, {}), ("b", 2, {})]
    assert read(source)[0].endswith("He said “yes”.")


def test_rows_and_cells():
    text, found = read(
        "<table><caption>Fees</caption><tr><th>Port<th>Crowns<tr><td>Havn<td><p>1</p><p>2</p><tr><td><td>"
        "<tr><td><td>3</table>after"
    )
    assert text == "Fees\nPort\tCrowns\nHavn\t1 2\n\t3\n\nafter"
    assert [part for kind, part, _level, _data in found if kind == "table_row"] == ["Port\tCrowns", "Havn\t1 2", "\t3"]


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><td>menu<td><table><tr><td>a<td>b</table></table>",
        "<table role=presentation><tr><td>menu<td>a\tb</table>",
        f"<table><tr><td>menu<td>{'a long text ' * 100}</table>",
        "<table><tr><td width=100>menu<td><p>a</p><p>b</p></table>",
        "<table><tr><td>menu<tr><td>b</table>",
    ],
)
def test_tables_that_lay_a_page_out_are_no_rows(source):
    text, found = read(source)
    assert ("paragraph", "menu", 0, {}) in found
    assert text.startswith("menu\n\n")


def test_what_is_written_as_it_stands():
    text, found = read("<p>a</p><pre>\n  if x:\n    y\n</pre><p>b</p>")
    assert text == "a\n\nif x:\n    y\n\nb"
    assert ("code", "if x:\n    y", 0, {}) in found


def test_emphasis_and_links_end_with_their_paragraph_and_begin_anew():
    _text, found = read("<a href='/x'><b>a<div>b</div></b></a>")
    assert [part for kind, part, _level, data in found if kind == "link" and data == {"url": "/x"}] == ["a", "b"]
    assert [part for kind, part, _level, _data in found if kind == "strong"] == ["a", "b"]


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "data:text/html,x", "x" * 3000])
def test_addresses_that_lead_nowhere_are_no_links(address):
    assert read(f"<p><a href='{address}'>text</a></p>") == ("text", [("paragraph", "text", 0, {})])


def test_footnote_marks_are_told_from_powers():
    text, _found = read(
        "<p>The treaty.<sup>1</sup> The ports<sup>2</sup> have 10<sup>6</sup> m<sup>2</sup>, "
        "see<sup><a href='#n'>a</a></sup> and<a href='#m'><sup>[3]</sup></a> the 5<sup>th</sup></p>"
    )
    assert text == "The treaty.[1] The ports[2] have 106 m2, see[a] and[3] the 5th"


def test_hidden_characters_are_kept():
    source = "soft\u00adhyphen \u2067rtl\u2069 zero\u200bwidth non\u00a0breaking"
    assert read(f"<p>{source}</p>")[0] == source
    assert read("<p>\u00a0<b>indented</b></p>")[0] == "\u00a0indented"


def test_fragments_and_nests_without_end():
    assert read("just text")[0] == "just text"
    for tags in ("<div>", "<ul><li>", "<blockquote>", "<b>", "<table><tr><td>"):
        assert read(tags * 10_000 + "text<p>after")[0] == "text\n\nafter"


def test_a_page_of_xml_may_close_its_title_in_one_tag():
    source = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>a&nbsp;<i/>b</p></body></html>'
    assert read(source) == ("a\u00a0b", [("paragraph", "a\u00a0b", 0, {})])


def test_nothing_is_refused():
    with pytest.raises(DocumentReadError, match=r"“page\.html” is empty"):
        parse_html("page.html", "")


@pytest.mark.parametrize("sign", ["¶", "#", "↩︎", "\uf0c1", "🔗"])
def test_a_sign_that_links_to_a_place_on_the_page_is_left_out(sign):
    source = f"<h1>Scope<a href='#scope'>{sign}</a></h1><p>It is open.<a href='file:///a.html#x'>{sign}</a></p>"
    assert read(source)[0] == "Scope\n\nIt is open."


@pytest.mark.parametrize("mark", ["*", "†", "2", "see"])
def test_a_mark_of_a_note_stays(mark):
    assert read(f"<p>It is open<a href='#note'>{mark}</a></p>")[0] == f"It is open{mark}"
