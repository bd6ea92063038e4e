import pytest

from annotator.core.errors import DocumentReadError
from annotator.workers.pool import ParserPool
from tests.formats.office_examples import ranges, read

HEAD = (
    r"{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fnil\fcharset204 Arial;}{\f1\fnil\fcharset238 Arial CE;}"
    r"{\f2\fnil\fcharset2 Symbol;}{\f3\fnil\fcharset128 Gothic;}{\f4\fnil\fcharset0 Times{\*\falt Serif};}}"
    r"{\stylesheet{\ql Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Title;}{\s3 Quote;}{\*\cs4 Strong;}}"
)


def rtf(body, head=HEAD):
    return (head + body + "}").encode("cp1251")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\'c4\'e5\'ea\'eb\'e0\'f0\'e0\'f6\'b3\'ff", "Декларація"),
        ("Декларація", "Декларація"),
        (r"\f1 \'e8e\'9aka, \f0 \'f2\'e0\'ea", "češka, так"),
        (r"\f3 \'93\'fa\'96\'7b", "日本"),
        (r"\f3 \'83\'5c\'83A", "ソア"),
        (r"\f4 \'ed\'b3", "ні"),
        (r"{\f1 \'e8}\'e8", "čи"),
        (r"\f1\'e8\plain\'e8", "čи"),
        (r"\u1030\'bfnote", "Іnote"),
        (r"\uc2\u1030\'bf?note", "Іnote"),
        (r"\uc0\u1030 note", "Іnote"),
        (r"{\uc0 x}\u-3913?y", "x•y"),
        (r"\u-10179?\u-8914?", "\U0001f52e"),
        (r"\u-10179? alone", "\ufffd alone"),
        (r"a\u0?b", "ab"),
        (r"\f2\'b7\f0 item", "•item"),
        (r"a\~b\-c\_d\emdash e\ldblquote f\rdblquote\zwnj\rtlmark g", "a\xa0b\xadc\u2011d—e“f”\u200c\u200fg"),
        ("a\\line b\\tab c\nd", "a\nb\tcd"),
        (r"a\par b\par\par c", "a\n\nb\n\nc"),
        ("a\\\nb", "a\n\nb"),
        (r"\{a\}\\b", r"{a}\b"),
        (r"a{\*\unknown text}b{\*\bkmkstart x}c", "abc"),
        (r"a{\header head}{\footer foot}b", "ab"),
        (r"a{\xe{\v index}}b", "ab"),
        (r"a{\field{\*\fldinst {PAGE}}{\fldrslt 7}}b", "a7b"),
        (r"a{\pict\pngblip 89504e47" + "0d0a" * 1000 + "}b", "ab"),
        (r"a{\object{\*\objdata 0105" + "00" * 1000 + r"}{\result {shown}}}b", "ashownb"),
        (r"a\bin4 }}{{b", "ab"),
        (r"a{\pict\bin4 }}{{}b", "ab"),
        (r"a{\*\shppict{\pict abcd}}{\nonshppict{\pict abcd}}b", "ab"),
        (r"a}trailing{\b c", "a"),
        (r"a\'zzb", "azzb"),
    ],
)
def test_text_is_decoded_as_the_file_means_it(body, text):
    assert read("a.rtf", rtf(body)).text == text


def test_other_code_pages():
    assert read("a.rtf", b"{\\rtf1\\ansi\\ansicpg1250 \\'b3\\'f3d\\'9f}").text == "łódź"
    assert read("a.rtf", b"{\\rtf1\\mac \\'8e}").text == "é"
    assert read("a.rtf", b"{\\rtf1\\ansi \\'e9 \xe9}").text == "é é"
    assert read("a.rtf", b"{\\rtf1\\ansicpg99999 \\'e9}").text == "é"
    assert read("a.rtf", "{\\rtf1\\ansicpg65001 Ґ}".encode()).text == "Ґ"


def test_headings_quotes_and_looks():
    body = (
        r"\pard\s2\b Treaty\b0\par\pard\plain\s1 Purpose\par\pard\plain\s3\i Said so.\par"
        r"\pard\plain\outlinelevel1 By hand\par\pard\plain The {\b parties} {\i agree} and {\b\i both}.\par"
        r"\pard\plain {\b Only bold}\par"
    )
    document = read("a.rtf", rtf(body))
    assert ranges(document, "heading", "quote") == [
        ("heading", 1, "Treaty"),
        ("heading", 1, "Purpose"),
        ("quote", 1, "Said so."),
        ("heading", 2, "By hand"),
        ("heading", 3, "Only bold"),
    ]
    assert ranges(document, "strong") == [("strong", 0, "parties"), ("strong", 0, "both")]
    assert ranges(document, "emphasis")[1:] == [("emphasis", 0, "agree"), ("emphasis", 0, "both")]
    assert document.title == "Treaty"


def test_lists_show_the_markers_that_the_file_carries():
    body = (
        r"\pard{\listtext\pard 1.\tab}\ls1\ilvl0 one\par\pard{\listtext\pard\f2\'b7\tab}\ls2\ilvl1 deep\par"
        r"\pard{\pntext 2.\tab}{\*\pn\pnlvlbody\pndec{\pntxta .}}two\par"
        r"\pard\s1{\listtext Article 3\tab}Duties\par\pard\plain End.\par"
    )
    document = read("a.rtf", rtf(body))
    assert ranges(document, "list_item") == [
        ("list_item", 1, "1. one\ndeep"),
        ("list_item", 2, "• deep"),
        ("list_item", 1, "2. two"),
    ]
    assert document.text == "one\ndeep\ntwo\n\nArticle 3 Duties\n\nEnd."


def test_the_last_paragraph_needs_no_end():
    document = read("a.rtf", rtf(r"\pard Text.\par\pard{\listtext 2.\tab}\ls1\ilvl0 last"))
    assert ranges(document, "list_item") == [("list_item", 1, "2. last")]
    assert ranges(read("a.rtf", rtf(r"Text.\par\pard\s1 Head")), "heading") == [("heading", 1, "Head")]


def test_notes_stand_at_the_end():
    note = r"{{\super\chftn{\*\footnote\pard\plain \chftn  %s}}}"
    end = r"{\super\chftn{\footnote\ftnalt \chftn  An endnote.\par More of it.}}"
    custom = r"{\super *{\footnote * By the editor.}}"
    body = "One" + note % "First." + " two" + end + " three" + note % "Second." + custom + r"\par End."
    document = read("a.rtf", rtf(body))
    assert document.text == (
        "One[1] two[i] three[2]*\n\nEnd.\n\n[1] First.\n\n[2] Second.\n\n* By the editor.\n\n"
        "[i] An endnote.\n\nMore of it."
    )
    assert len(ranges(document, "footnote")) == 4


def test_links_changes_comments_and_hidden_text():
    body = (
        r'See {\field{\*\fldinst{HYPERLINK "https://example.org/a" }}{\fldrslt{\ul the page}}}{\v secret}'
        r"{\deleted old}{\revised  new}{\*\annotation{\*\atndate 1} why?}.{\v\'e0}"
    )
    document = read("a.rtf", rtf(body))
    assert document.text == "See the page new."
    link = next(r for r in document.structure.ranges if r.kind == "link")
    assert (document.text[link.start : link.end], link.data) == ("the page", {"url": "https://example.org/a"})
    assert document.warnings == (
        "Tracked changes were settled (2): insertions are in the text, deletions are not.",
        "Comments were left out (1).",
        "Hidden text was left out (2).",
    )


def test_tables_and_tables_in_tables():
    body = (
        r"\trowd\cellx1\cellx2\pard\intbl a\cell b\par c\cell\row"
        r"\trowd\cellx1\cellx2\pard\intbl \cell d\cell\row\pard Between.\par"
        r"\trowd\cellx1\cellx2\pard\intbl\itap1 outer\par\pard\intbl\itap2 in1\nestcell in2\nestcell"
        r"{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables\par}"
        r"\pard\intbl\itap1 \cell x\cell\row\pard End."
    )
    document = read("a.rtf", rtf(body))
    assert document.text == "a\tb c\n\td\n\nBetween.\n\nouter\n\nin1\tin2\n\nx\n\nEnd."


def test_text_boxes_come_after_their_paragraph():
    box = r"{\shp{\*\shpinst\shpleft0{\sp{\sn shapeType}{\sv 202}}{\shptxt \pard In the box.\par}}{\shprslt old}}"
    assert read("a.rtf", rtf("Beside" + box + r" it.\par End.")).text == "Beside it.\n\nIn the box.\n\nEnd."


def test_title_author_and_date_come_from_the_information_group():
    information = (
        r"{\info{\title \'c4\'ee\'e3\'ee\'e2\'b3\'f0}{\author A. Writer}{\subject Ports}{\operator B}"
        r"{\creatim\yr2026\mo3\dy9\hr8\min1}{\revtim\yr2027\mo1\dy1}{\doccomm Draft}}"
    )
    document = read("a.rtf", rtf(information + "Body text."))
    assert (document.title, document.date, document.text) == ("Договір", "2026-03-09", "Body text.")
    assert document.metadata == {"author": "A. Writer", "subject": "Ports", "description": "Draft"}
    assert read("2025-01-02.rtf", rtf(information + "Body text.")).date == "2025-01-02"


def test_a_file_that_ends_in_the_middle_is_read_with_a_warning():
    document = read("a.rtf", rtf("Whole. {\\b Half")[:-1])
    assert document.text == "Whole. Half"
    assert document.warnings == (
        "The file ends in the middle, so its last part may be missing: compare it with the original.",
    )
    assert read("a.rtf", rtf("Whole.")).warnings == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"plain text", "is no Rich Text"),
        (rtf(""), "is empty"),
        (b"{\\rtf1", "is empty"),
        (b"{\\rtf1 " + b"{" * 100_000, "nested too deeply"),
        (b"{\\rtf1 " + b"{}" * 10_000_000, "in too many groups"),
        (b"{\\rtf1 {\\pict " + b"{" * 10_000_000, "nested too deeply"),
        (b"{\\rtf1 {\\pict " + b"{}" * 10_000_000, "in too many groups"),
        (b"{\\rtf1 " + b"{\\field{\\*\\fldinst{ HYPERLINK \"" * 300_000, "nested too deeply"),
        (b"{\\rtf1 {\\fonttbl" + b"\\f1\\fcharset1" * 300_000 + b"}", "is empty"),
        (b"{\\rtf1 \\bin999999999 x", "is empty"),
    ],
    ids=["plain", "empty", "beginning", "deep", "groups", "picture", "skipped", "fields", "fonts", "bin"],
)  # fmt: skip
def test_hostile_files_end_with_a_sentence_in_a_child(data, message):
    with ParserPool(1) as pool, pytest.raises(DocumentReadError, match=message) as refusal:
        pool.read("a.rtf", data).result()
    assert type(refusal.value) is DocumentReadError


def test_large_pictures_and_long_words_are_read_in_a_child():
    picture = b"{\\pict\\pngblip " + b"0123456789abcdef\r\n" * 500_000 + b"}"
    tables = b"\\trowd\\cellx1" + b"".join(b"\\pard\\intbl\\itap%d x%d\\par" % (n, n) for n in range(1, 60))
    with ParserPool(1) as pool:
        texts = [
            pool.read("a.rtf", b"{\\rtf1 Before " + body + b" after.}").result()[0].text
            for body in (picture, b"x" * 1_000_000, tables)
        ]
    assert texts[0] == "Before after." and len(texts[1]) > 1_000_000 and texts[2].count("x") == 59


def test_any_flipped_byte_ends_in_a_document_or_a_refusal(files):
    data = (files / "office" / "communique.rtf").read_bytes()
    for place in range(0, len(data), 397):
        damaged = data[:place] + bytes([data[place] ^ 0x1F]) + data[place + 1 :]
        try:
            read("a.rtf", damaged)
        except DocumentReadError:
            continue
