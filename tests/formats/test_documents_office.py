from dataclasses import replace
from io import BytesIO

import pytest

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.formats.documents.office.numbers import NumberCounter, NumberLevel, format_number, tidy_bullet
from annotator.workers.pool import ParserPool
from tests.formats.office_examples import (
    ODF_NAMESPACES,
    WORD,
    docx,
    odt,
    packed,
    paragraph,
    ranges,
    read,
    relationships,
    word_part,
)

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Розділ"/><w:basedOn w:val="a"/>
<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="S"><w:name w:val="Subtitle"/></w:style>
<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Intense Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="5">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0a7"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>
</w:num>
"""


def numbered(text, number=1, level=0):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(text, style):
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


# One source in three formats


@pytest.mark.parametrize("name", ["communique", "treaty"])
def test_the_same_source_reads_alike_from_each_format(files, name):
    documents = {
        ending: read(f"{name}.{ending}", (files / "office" / f"{name}.{ending}").read_bytes())
        for ending in ("fodt", "odt", "docx", "rtf")
    }
    assert replace(documents["odt"]) == documents["fodt"]
    if name == "communique":
        for ending in ("docx", "rtf"):
            assert replace(documents[ending], format="odt") == documents["odt"]
    headings = [ranges(document, "heading", "table_row", "strong", "emphasis") for document in documents.values()]
    assert headings[0] == headings[2]
    assert ranges(documents["rtf"], "heading", "emphasis") == ranges(documents["odt"], "heading", "emphasis")


@pytest.mark.parametrize("ending", ["odt", "docx", "rtf"])
def test_a_communique_keeps_what_an_analyst_needs(files, ending):
    document = read(f"communique.{ending}", (files / "office" / f"communique.{ending}").read_bytes())
    assert document.title == "Joint communiqué of the harbour conference"
    assert (document.language, document.date, document.format) == ("en", "2026-03-14", ending)
    assert document.metadata == {"author": "Conference secretariat", "subject": "Harbours"}
    assert [warning.split(" (")[0] for warning in document.warnings] == [
        "Tracked changes were settled",
        "Comments were left out",
        "Hidden text was left out",
    ]
    assert "agrees by May,[1] and they condemn the attack on the grain export terminal." in document.text
    assert "A second line follows\nafter a soft break; a tab\tstands here, 10\xa0km" in document.text
    assert "mine\xadsweepers" in document.text and "\u2067a mark\u2069 of" in document.text
    assert (
        "Participant\tVessels\tUntil\nNorthern port\t2\t31 May 2026\nEastern port\t\tto be decided\n\n" in document.text
    )
    assert "засуджують напад" in document.text and "شرکت‌کنندگان" in document.text
    assert document.text.endswith(
        "[1] The council meets on the first Monday of each month.\n\n[2] Translated by the secretariat.\n\n"
        "[i] The annex is in two parts."
    )
    assert ranges(document, "list_item") == [
        ("list_item", 1, "1. to open the northern corridor within thirty days;"),
        (
            "list_item",
            1,
            "2. to share weather and mine reports:\ndaily during the season,\nweekly in winter;",
        ),
        ("list_item", 2, "a) daily during the season,"),
        ("list_item", 2, "b) weekly in winter;"),
        ("list_item", 1, "3. to meet again in autumn."),
        ("list_item", 1, "• Who pays for the escorts?\nThe ports have offered a half."),
        ("list_item", 2, "– The ports have offered a half."),
        ("list_item", 1, "• Which port comes first?"),
        ("list_item", 1, "4. to publish the minutes."),
    ]
    assert ranges(document, "strong", "emphasis", "link") == [
        ("strong", 0, "will provide"),
        ("emphasis", 0, "agrees by May"),
        ("link", 0, "the page of the conference"),
        ("emphasis", 0, "first"),
    ]
    link = next(r for r in document.structure.ranges if r.kind == "link")
    assert link.data == {"url": "https://example.org/harbour?a=1&b=2"}
    assert [text[:26] for _kind, _level, text in ranges(document, "quote")] == ["“We will not wait for anot"]
    assert ranges(document, "footnote")[1:] == [
        ("footnote", 0, "2 [2] Translated by the secretariat."),
        ("footnote", 0, "i [i] The annex is in two parts."),
    ]


# DOCX


def test_headings_are_found_by_style_name_outline_level_and_bold():
    body = (
        styled("Declaration", "T") + styled("of the ports", "S") + styled("Purpose", "1") + styled("Мета", "Own")
        + paragraph("By hand", '<w:outlineLvl w:val="2"/>') + paragraph("Only bold", look="<w:b/>")
        + paragraph("A bold statement ends like a sentence.", look="<w:b/>") + styled("Plain", "Loop")
    )  # fmt: skip
    document = read("a.docx", docx(body, styles=STYLES))
    assert ranges(document, "heading") == [
        ("heading", 1, "Declaration"),
        ("heading", 2, "of the ports"),
        ("heading", 1, "Purpose"),
        ("heading", 2, "Мета"),
        ("heading", 3, "By hand"),
        ("heading", 3, "Only bold"),
    ]
    assert document.title == "Declaration"


def test_a_bold_line_before_a_soft_break_is_a_heading():
    bold = "<w:rPr><w:b/></w:rPr>"
    body = (
        f"<w:p><w:r>{bold}<w:t>I. Security</w:t></w:r><w:r><w:br/><w:t>We act.</w:t><w:br/><w:t>We stay.</w:t></w:r>"
        f"<w:r>{bold}<w:br/><w:t>II. Energy</w:t></w:r></w:p>"
    )
    document = read("a.docx", docx(body))
    assert document.text == "I. Security\n\nWe act.\nWe stay.\n\nII. Energy"
    assert ranges(document, "heading") == [("heading", 3, "I. Security"), ("heading", 3, "II. Energy")]


@pytest.mark.parametrize(
    ("own", "title"),
    [
        ("Harbour treaty", "Harbour treaty"),
        ("Microsoft Word - treaty.doc", "We meet."),
        ("Document1", "We meet."),
        ("treaty.docx", "We meet."),
        ("", "We meet."),
        (" ", "We meet."),
    ],
)
def test_a_title_that_a_program_made_up_is_no_title(own, title):
    assert read("a.docx", docx(paragraph("We meet."), title=own)).title == title


def test_numbers_go_on_after_a_paragraph_and_begin_where_an_override_says():
    body = (
        numbered("one") + numbered("deep", level=1) + numbered("deeper", level=2) + numbered("two")
        + paragraph("Between.") + numbered("three") + numbered("deep again", level=1) + numbered("from seven", number=2)
    )  # fmt: skip
    document = read("a.docx", docx(body, numbering=NUMBERING))
    assert [(level, text.split("\n")[0]) for _kind, level, text in ranges(document, "list_item")] == [
        (1, "1. one"),
        (2, "(i) deep"),
        (3, "• deeper"),
        (1, "2. two"),
        (1, "3. three"),
        (2, "(i) deep again"),
        (1, "7. from seven"),
    ]
    assert document.text.startswith("one\ndeep\ndeeper\ntwo\n\nBetween.\n\nthree\n")


def test_the_number_of_a_heading_stands_in_its_text():
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = paragraph("Duties", '<w:pStyle w:val="1"/>' + number) + paragraph("They keep the peace.")
    assert read("a.docx", docx(body, styles=STYLES, numbering=NUMBERING)).text.startswith("1. Duties\n\n")


def test_tracked_changes_comments_and_hidden_text_are_settled_and_counted():
    body = (
        '<w:p><w:ins w:id="1"><w:r><w:t>New </w:t></w:r></w:ins><w:r><w:t>text</w:t></w:r>'
        '<w:del w:id="2"><w:r><w:delText>old</w:delText></w:r></w:del>'
        '<w:moveFrom w:id="3"><w:r><w:t>moved away</w:t></w:r></w:moveFrom>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> shown</w:t></w:r>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
        '<w:p><w:pPr><w:rPr><w:del w:id="4"/></w:rPr></w:pPr><w:r><w:t>Joined </w:t></w:r></w:p>' + paragraph("lines.")
    )
    document = read("a.docx", docx(body))
    assert document.text == "New text shown\n\nJoined lines."
    assert document.warnings == (
        "Tracked changes were settled (3): insertions are in the text, deletions are not.",
        "Comments were left out (1).",
        "Hidden text was left out (1).",
    )


def test_links_come_from_relationships_and_fields_and_instructions_are_no_text():
    link = (
        '<Relationship Id="r9" TargetMode="External" Target="https://example.org/a" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
    )
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> HYPERLINK "https://example.org/b" </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>second</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            "<w:t xml:space='preserve'> end</w:t>",
        )
    )
    body = (
        f'<w:p><w:hyperlink r:id="r9"><w:r><w:t>first</w:t></w:r></w:hyperlink><w:r><w:t> and </w:t></w:r>{field}</w:p>'
    )
    document = read("a.docx", docx(body, link))
    assert document.text == "first and second end"
    assert [(document.text[r.start : r.end], r.data) for r in document.structure.ranges if r.kind == "link"] == [
        ("first", {"url": "https://example.org/a"}),
        ("second", {"url": "https://example.org/b"}),
    ]


def test_notes_are_numbered_as_they_are_called_and_custom_marks_stay():
    note = '<w:footnote w:id="{}"><w:p><w:r><w:footnoteRef/><w:t>{}</w:t></w:r></w:p></w:footnote>'
    separator = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>-----</w:t></w:r></w:p></w:footnote>'
    call = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    custom = '<w:r><w:footnoteReference w:id="3" w:customMarkFollows="1"/><w:t>*</w:t></w:r>'
    body = (
        f"<w:p><w:r><w:t>First</w:t></w:r>{call.format(2)}<w:r><w:t> second</w:t></w:r>{call.format(1)}{custom}</w:p>"
    )
    footnotes = separator + note.format(1, "Later.") + note.format(2, "Sooner.") + note.format(3, "Custom.")
    document = read("a.docx", docx(body, footnotes=footnotes))
    assert document.text == "First[1] second[2]*\n\n[1] Sooner.\n\n[2] Later.\n\n[*] Custom."


def test_text_boxes_come_once_and_after_their_paragraph():
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    alternative = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p><w:r>{alternative}<w:t>Beside the box.</w:t></w:r></w:p>"
    assert read("a.docx", docx(body)).text == "Beside the box.\n\nIn the box."


def test_a_table_that_lays_out_the_page_is_blocks_and_a_table_of_values_is_rows():
    def table(*rows):
        cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"

    values = table([paragraph("a"), paragraph("b") + paragraph("c")], [paragraph(""), paragraph("d")])
    layout = table([styled("Head", "1") + paragraph("Text."), values])
    document = read("a.docx", docx(layout + paragraph("End."), styles=STYLES))
    assert document.text == "Head\n\nText.\n\na\tb c\n\td\n\nEnd."
    assert ranges(document, "table_row") == [("table_row", 0, "a\tb c"), ("table_row", 0, "\td")]


def test_symbols_and_special_characters_are_text():
    body = (
        '<w:p><w:r><w:sym w:font="Symbol" w:char="F0B7"/><w:t xml:space="preserve"> item</w:t><w:noBreakHyphen/>'
        '<w:t>x</w:t><w:softHyphen/><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="A" w:char="D800"/>'
        '<w:t>\u200f</w:t><w:br w:type="page"/><w:t>next page</w:t></w:r></w:p>'
    )
    document = read("a.docx", docx(body))
    assert document.text == "• item\u2011x\xad\ufffd\u200f\nnext page"
    assert document.warnings == ("Characters of a symbol font became “\ufffd” (1).",)


def test_bold_of_persian_text_is_that_of_complex_scripts():
    body = paragraph("سلام", look="<w:rtl/><w:bCs/>") + paragraph("نه.", look="<w:rtl/><w:b/>")
    document = read("a.docx", docx(body))
    assert ranges(document, "strong", "heading") == [("heading", 3, "سلام")]


def test_strict_files_read_like_the_others():
    usual = docx(paragraph("Strict.", look="<w:i/>"))
    strict = packed(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "_rels/.rels": relationships(
                '<Relationship Id="m" Target="word/document.xml" '
                'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"/>'
            ),
            "word/document.xml": word_part(
                "document", f"<w:body>{paragraph('Strict.', look='<w:i/>')}</w:body>"
            ).replace(WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main"),
        }
    )
    assert read("a.docx", strict).structure == read("a.docx", usual).structure
    assert read("a.docm", strict).text == "Strict."


def locked(data, password):
    from msoffcrypto.format.ooxml import OOXMLFile

    target = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, target)
    return target.getvalue()


def test_a_locked_file_opens_with_its_password_only(files):
    open_file = (files / "office" / "communique.docx").read_bytes()
    data = locked(open_file, "right")
    assert read("a.docx", data, "right") == read("a.docx", open_file)
    with pytest.raises(PasswordNeededError, match=r"“a\.docx” is locked with a password: enter it"):
        read("a.docx", data)
    with pytest.raises(PasswordNeededError, match=r"The password for “a\.docx” is wrong"):
        read("a.docx", data, "wrong")
    damaged = data[:6000] + bytes(500) + data[6500:]
    with pytest.raises(DocumentReadError, match="cannot be unlocked here: save it without a password"):
        read("a.docx", damaged, "right")
    with ParserPool(1) as pool:
        assert pool.read("a.docx", data, password="right").result()[0].text == read("a.docx", open_file).text
        with pytest.raises(PasswordNeededError):
            pool.read("a.docx", data, password="wrong").result()


# ODT


def test_odt_lists_continue_where_they_say_so():
    style = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="I" '
        'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" '
        'text:display-levels="2"/></text:list-style>'
    )

    def items(*texts, attributes=""):
        inner = "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts)
        return f'<text:list text:style-name="L" {attributes}>{inner}</text:list>'

    nested = (
        '<text:list text:style-name="L" text:continue-numbering="true"><text:list-item><text:p>d</text:p>'
        "<text:list><text:list-item><text:p>e</text:p></text:list-item></text:list></text:list-item></text:list>"
    )
    body = items("a", "b") + "<text:p>x</text:p>" + items("c") + "<text:p>y</text:p>" + nested
    document = read("a.odt", odt(body, automatic=style))
    assert [text.split("\n")[0] for _kind, _level, text in ranges(document, "list_item")] == [
        *("I. a", "II. b", "I. c", "II. d", "II.1 e"),
    ]


def test_odt_white_space_is_what_the_format_means():
    body = "<text:p>a\n  b<text:s text:c='3'/>c<text:tab/>d\te<text:line-break/>f\u2028g</text:p>"
    assert read("a.odt", odt(body)).text == "a b c\td e\nf\u2028g"


def test_odt_looks_count_where_an_author_set_them():
    looks = '<style:text-properties fo:font-weight="bold" fo:font-style="italic"/>'
    named = f'<style:style style:name="Body" style:family="paragraph">{looks}</style:style>'
    automatic = f'<style:style style:name="P1" style:family="paragraph">{looks}</style:style>'
    body = '<text:p text:style-name="Body">By style.</text:p><text:p text:style-name="P1">By hand.</text:p>'
    document = read("a.odt", odt(body, styles=named, automatic=automatic))
    assert ranges(document, "strong", "emphasis") == [("strong", 0, "By hand."), ("emphasis", 0, "By hand.")]


def test_a_locked_odt_is_refused_with_what_to_do(files):
    with pytest.raises(DocumentReadError, match="is locked with a password: save it without one") as refusal:
        read("a.odt", (files / "office" / "locked.odt").read_bytes(), "harbour")
    assert not isinstance(refusal.value, PasswordNeededError)


def test_a_flat_file_with_a_large_picture_is_read():
    picture = f"<office:binary-data>{'A' * 11_000_000}</office:binary-data>"
    body = f"<text:p>Before.<draw:frame><draw:image>{picture}</draw:image></draw:frame></text:p>"
    flat = (
        f'<?xml version="1.0"?><office:document {ODF_NAMESPACES}><office:body><office:text>{body}</office:text>'
        "</office:body></office:document>"
    )
    assert read("a.fodt", flat.encode()).text == "Before."


# Numbers


@pytest.mark.parametrize(
    ("value", "number", "shown"),
    [
        (4, "lowerLetter", "d"), (28, "upperLetter", "BB"), (1994, "upperRoman", "MCMXCIV"), (5, "russianLower", "д"),
        (5, "ukrainianUpper", "Ґ"), (12, "persianDigits", "۱۲"), (3, "decimalZero", "03"), (7, "someday", "7"),
        (0, "lowerRoman", "0"), (3, "none", ""),
    ],
)  # fmt: skip
def test_numbers_in_their_formats(value, number, shown):
    assert format_number(value, number) == shown


def test_a_counter_begins_anew_below_each_item():
    levels = {0: NumberLevel("decimal", "%1"), 1: NumberLevel("upperLetter", "%1.%2", start=3)}
    counter = NumberCounter()
    assert [counter.mark(levels, level) for level in (0, 1, 1, 0, 1, 9)] == ["1", "1.C", "1.D", "2", "2.C", "•"]


@pytest.mark.parametrize(("given", "shown"), [("\uf0b7", "•"), ("\uf02d", "–"), ("o", "◦"), ("", "•"), ("—", "—")])
def test_bullets_of_symbol_fonts(given, shown):
    assert tidy_bullet(given) == shown


def _control(content, placeholder=False):
    properties = "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>" if placeholder else "<w:sdtPr/>"
    return f"<w:sdt>{properties}<w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_content_controls_show_their_text_unless_nobody_filled_them_in():
    run = "<w:r><w:t>{}</w:t></w:r>"
    inline = f"<w:p>{_control(run.format('Norland'))}{run.format(' agrees')}{_control(run.format('Enter'), True)}</w:p>"
    row = f"<w:tr>{_control('<w:tc>' + paragraph('cell') + '</w:tc>')}<w:tc>{paragraph('two')}</w:tc></w:tr>"
    body = _control(paragraph("In a block.")) + inline + _control(paragraph("Click here."), True)
    document = read("a.docx", docx(f"{body}<w:tbl>{row}</w:tbl>"))
    assert document.text == "In a block.\n\nNorland agrees\n\ncell\ttwo"


@pytest.mark.parametrize("marker", ["•", "–", "1.", "(a)", "iv)", "II.", "2.1", "o"])
def test_a_bullet_or_number_typed_with_a_tab_makes_an_item(marker):
    tab = "</w:t><w:tab/><w:t>"
    body = paragraph("We agree:") + paragraph(f"{marker}{tab}to keep it open;") + paragraph(f"{marker}{tab}to help.")
    document = read("a.docx", docx(body))
    assert document.text == "We agree:\n\nto keep it open;\nto help."
    assert ranges(document, "list_item") == [
        ("list_item", 1, f"{marker} to keep it open;"),
        ("list_item", 1, f"{marker} to help."),
    ]


@pytest.mark.parametrize("words", ["Q.\t", "Norland\t", "2024\t", "1. ", "\t"])
def test_other_words_before_a_tab_make_no_item(words):
    body = paragraph(words.replace("\t", "</w:t><w:tab/><w:t>") + "It is open.")
    assert not ranges(read("a.docx", docx(body)), "list_item")


def test_a_heading_has_no_tab():
    styles = '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    body = paragraph("I.</w:t><w:tab/><w:t>Security", '<w:pStyle w:val="1"/>') + paragraph("It is open.")
    document = read("a.docx", docx(body, styles=styles))
    assert document.title == "I. Security" and document.text.startswith("I. Security\n")


def test_a_list_style_says_how_deep_an_item_stands():
    styles = (
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="B2"><w:name w:val="List Bullet 2"/><w:pPr>'
        '<w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    numbering = "".join(f'<w:abstractNum w:abstractNumId="{n}">{level}</w:abstractNum>' for n in (1, 2)) + "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2)
    )
    body = paragraph("one", '<w:pStyle w:val="B"/>') + paragraph("inner", '<w:pStyle w:val="B2"/>')
    found = ranges(read("a.docx", docx(body, styles=styles, numbering=numbering)), "list_item")
    assert [(level, text) for _kind, level, text in found] == [(1, "• one\ninner"), (2, "• inner")]


@pytest.mark.parametrize(
    ("created", "modified", "expected"),
    [
        ("2013-12-23T23:15:00Z", "2024-05-06T08:00:00Z", "2024-05-06"),
        ("2013-12-23T23:15:00Z", "2013-12-23T23:15:00Z", ""),
        ("2023-01-02T08:00:00Z", "2024-05-06T08:00:00Z", "2023-01-02"),
    ],
)
def test_the_day_of_a_librarys_template_is_no_date(created, modified, expected):
    properties = f"</dc:title><created>{created}</created><modified>{modified}</modified><dc:title>"
    assert read("a.docx", docx(paragraph("It is open."), title=properties)).date == expected
