"""What the programs that write PDFs do differently: tags, named letters, fonts, columns, margins, divided words."""

import pytest

from annotator.formats.documents.pdf.doubtful import doubts
from annotator.formats.documents.pdf.hyphens import Vocabulary, first_word
from annotator.formats.documents.pdf.radicals import with_ideographs
from annotator.formats.documents.pdf.reader import read_pdf
from annotator.formats.documents.pdf.tex_fonts import tex_letters
from annotator.formats.documents.source import SourceFile
from tests.formats.pdf_samples import bitmap_font, lines, mapped_font, marked, pages_pdf, replaced, tagged_pdf, text
from tests.formats.test_documents_pdf import (
    DELEGATIONS,
    FILES,
    MINISTERS,
    drawn_letters,
    layout,
    left_out,
    paragraphs,
    prose,
    ranges,
)

FULL = "The members of the council agreed on the plan for the northern harbours of the region"
GOES_ON = "and they asked the secretary to prepare the list of all ships that may call at them"


def read(data):
    return read_pdf(SourceFile("paper.pdf", data))


# ------------------------------------------------------------------------------------------------------------- tags


def test_tags_part_paragraphs_that_look_like_one():
    page = marked(0, text(72, 700, FULL + ".")) + marked(1, text(72, 687, GOES_ON.capitalize() + "."))
    untagged, tagged = read(pages_pdf([page])), read(tagged_pdf([page], ["P", "P"], [[0, 1]]))
    assert len(paragraphs(untagged)) == 1
    assert paragraphs(tagged) == [FULL + ".", GOES_ON.capitalize() + "."]


def test_what_is_tagged_within_a_paragraph_parts_nothing():
    page = marked(0, text(72, 700, FULL)) + marked(1, text(72, 687, GOES_ON), "Span")
    assert paragraphs(read(tagged_pdf([page], ["Standard", "Span"], [[0, 1]]))) == [f"{FULL} {GOES_ON}"]


def test_tags_that_part_sentences_are_not_followed():
    page = "".join(marked(n, text(72, 700 - 13 * n, GOES_ON)) for n in range(8))
    assert len(paragraphs(read(tagged_pdf([page], ["P"] * 8, [list(range(8))])))) == 1


def test_a_tagged_paragraph_goes_on_over_the_page():
    first = marked(0, lines(700, [FULL + " and", FULL + "."])) + marked(1, text(72, 60, FULL + "."))
    second = marked(0, text(72, 740, GOES_ON.capitalize() + ".")) + marked(1, text(72, 700, "The end of the text."))
    document = read(tagged_pdf([first, second], ["P", "P", "P"], [[0, 1], [1, 2]]))
    assert paragraphs(document)[1] == f"{FULL}. {GOES_ON.capitalize()}."


def test_tagged_headings_and_items_whose_bullets_are_drawn():
    page = (
        marked(0, text(72, 700, "What was agreed"))
        + marked(1, text(90, 670, "to keep the port open to all,"))
        + marked(2, text(90, 657, "to send two ships."))
        + marked(3, text(72, 630, "The council will meet again."))
    )
    document = read(tagged_pdf([page], ["H2", "LI", "LI", "P"], [[0, 1, 2, 3]]))
    assert ranges(document, "heading") == ["What was agreed"]
    assert ranges(document, "list_item") == ["to keep the port open to all,", "to send two ships."]


def test_a_damaged_tree_of_tags_is_passed_over():
    data = tagged_pdf([marked(0, text(72, 700, FULL))], ["P"], [[0]])
    for broken in (b"/ParentTree 7 0 R", b"/ParentTree 99 0 R", b"/ParentTree 6 0 R"):
        assert read(data.replace(b"/ParentTree 8 0 R", broken)).text == FULL
    for element in (b"<</S/P/P 9 0 R>>", b"<</S 9 0 R/P 9>>", b"<</S/Span/P 9 0 R>>", b"[[[ >> (", b"endobj endobj"):
        assert read(data.replace(b"<</Type/StructElem/S/P/P 7 0 R>>", element.ljust(32))).text == FULL


# ---------------------------------------------------------------------------------------------------- named letters


def test_letters_that_the_file_names_stand_for_their_glyphs():
    page = text(72, 700, "The word ") + replaced(text(120, 700, "xy"), "हिन्दी") + text(150, 700, "is Hindi.")
    document = read(pages_pdf([page]))
    assert document.text == "The word हिन्दी is Hindi."
    start = document.text.index("हिन्दी")
    assert drawn_letters(pages_pdf([page]), document, start, start + 6) == "xy"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (text(72, 700, "commit") + replaced(text(103, 700, "-"), "\xad") + text(72, 687, "ment"), "commitment"),
        (text(72, 700, "a line") + replaced(text(101, 700, "*"), ""), "a line"),
        (replaced(text(72, 700, "A whole passage of text"), "Figure 1"), "A whole passage of text"),
        (replaced(lines(700, ["one line", "and another"]), "word"), "one line and another"),
    ],
)
def test_what_a_stretch_stands_for(page, expected):
    assert read(pages_pdf([page])).text == expected


def test_named_letters_may_stand_among_the_resources():
    page = "/Span /Name BDC " + text(72, 700, "x") + "EMC "
    resources = "/Resources<</Font<</F1 3 0 R>>/Properties<</Name<</ActualText(city)>>>>>>"
    assert read(pages_pdf([page], resources)).text == "city"


def test_radicals_become_ideographs():
    assert with_ideographs("⺠族 ⼈⺠ ⻓") == "民族 人民 长"


# ------------------------------------------------------------------------------------------------------------ fonts


@pytest.mark.parametrize(
    ("codes", "code", "letter"),
    [
        ([97, 98, 99, 233], 233, "é"),
        ([97, 98, 99, 28], 28, "fi"),
        ([97, 98, 99, 12], 12, "fi"),
        ([97, 98, 99, 39], 39, "’"),
        ([136], 136, "•"),
    ],
)
def test_letters_of_numbered_glyphs(codes, code, letter):
    assert tex_letters({number: f"a{number}" for number in codes})[code] == letter


def test_glyphs_with_other_names_keep_them():
    assert tex_letters({97: "a97", 98: "b"}) == tex_letters({97: "a98", 98: "a97"}) == tex_letters({}) == {}


def test_a_bitmap_font_of_tex_is_read():
    font, glyph = bitmap_font([*b"abcdefghijklmnopqrstuvwxyz", 233, 28])
    page = "BT /F9 10 Tf 72 700 Td <72e9cc> Tj <1c78> Tj ET".replace("cc", "63")
    document = read(pages_pdf([page], "/Resources<</Font<</F9 6 0 R>>>>", extra=[font, glyph]))
    assert document.text == "récfix" and not document.warnings


def test_widths_of_a_standard_font_are_those_of_the_file():
    font = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/FirstChar 65/LastChar 65/Widths[556]"
        b"/Encoding<</Differences[65/fi]>>/ToUnicode 7 0 R>>"
    )
    mapping = mapped_font([("fi", 556)], 7)[1]
    page = "BT /F9 10 Tf 72 700 Td (to of) Tj (A) Tj (ce) Tj ET"
    document = read(pages_pdf([page], "/Resources<</Font<</F9 6 0 R>>>>", extra=[font, mapping]))
    assert document.text == "to office"
    office = [word.box for word in layout(document).pages[0].words()][-1]
    assert office.right - office.left == pytest.approx(22.8, abs=0.1)


def test_gaps_as_wide_as_the_drawn_spaces_part_words():
    words = "We will go on to help all of the people "
    drawn = text(72, 700, words)
    gaps = f"BT /F1 11 Tf 1 0 0 1 {72 + len_of(words)} 700 Tm [(and) -278 (their) -278 (allies)] TJ ET"
    assert read(pages_pdf([drawn + gaps])).text.endswith("people and their allies")


def test_a_sign_of_a_symbol_font_before_an_item_is_a_bullet():
    font, mapping = mapped_font([("\uf095", 500)], 7)
    page = "".join(
        f"BT /F9 11 Tf 1 0 0 1 72 {700 - 20 * n} Tm (A) Tj ET\n" + text(90, 700 - 20 * n, f"item number {n}")
        for n in range(3)
    )
    document = read(pages_pdf([page], "/Resources<</Font<</F1 3 0 R/F9 6 0 R>>>>", extra=[font, mapping]))
    assert ranges(document, "list_item") == ["item number 0", "item number 1", "item number 2"]


def test_text_of_wrongly_named_letters_is_doubted():
    assert doubts("Мiнiстр sкаzав 2 слова. " * 20)
    assert not doubts("Міністр NATO сказав два слова, EU погодився. " * 20)


# ---------------------------------------------------------------------------------------------------- right to left


@pytest.mark.parametrize("order", ["BCA", "CBA"])
def test_marks_without_width_belong_to_the_letter_they_are_drawn_with(order):
    font, mapping = mapped_font([("פ", 600), ("ו", 300), ("ֿ", 0)], 7)
    places = {"A": 80.0, "B": 77.0, "C": 79.8}
    page = "".join(f"BT /F9 10 Tf 1 0 0 1 {places[code]} 700 Tm ({code}) Tj ET\n" for code in order)
    document = read(pages_pdf([page], "/Resources<</Font<</F9 6 0 R>>>>", extra=[font, mapping]))
    assert document.text == ("פֿו" if order == "BCA" else "פוֿ")


# ---------------------------------------------------------------------------------------------------------- columns


def column(words, x, first=700, width=150):
    return lines(first, prose(words, width), x)


def test_five_columns_are_read_one_after_the_other():
    words = [MINISTERS, DELEGATIONS, MINISTERS, DELEGATIONS, MINISTERS]
    page = "".join(column(paragraph, 30 + 160 * place, 500, 140) for place, paragraph in enumerate(words))
    assert paragraphs(read(pages_pdf([page], "/MediaBox[0 0 842 595]"))) == words


def test_numbers_may_hang_out_of_a_column():
    page = column(MINISTERS, 40, width=230) + text(285, 700, "12.") + column(DELEGATIONS, 306, width=230)
    document = read(pages_pdf([page]))
    assert paragraphs(document)[0] == MINISTERS
    assert ranges(document, "list_item") == [DELEGATIONS]


def test_a_line_that_is_stretched_over_a_narrow_column_is_one_line():
    words = prose(DELEGATIONS, 150)
    height = 700 - 13 * len(words)
    stretched = text(40, height, "with") + text(98, height, "much") + text(162, height, "good")
    page = lines(700, words, 40) + stretched + lines(height - 13, prose(MINISTERS, 150), 40)
    assert "with much good The ministers" in read(pages_pdf([page])).text.replace("\n\n", " ")


def test_columns_that_stand_close_are_not_one_line():
    left, right = prose(MINISTERS, 220), prose(DELEGATIONS, 220)
    page = "".join(text(300 - len_of(line), 700 - 13 * n, line) for n, line in enumerate(left)) + lines(700, right, 308)
    assert "\t" not in read(pages_pdf([page])).text
    assert " ".join(left[:3]) in read(pages_pdf([page])).text


def len_of(words):
    from pdfminer.fontmetrics import FONT_METRICS

    return sum(FONT_METRICS["Helvetica"][1][character] for character in words) * 11 / 1000


def test_a_title_in_a_column_is_the_title():
    page = lines(700, ["Joint statement of the", "ministers of the sea"], 40, size=16, pitch=18)
    page += lines(660, prose(MINISTERS + " " + MINISTERS, 220), 40) + lines(700, prose(DELEGATIONS * 2, 220), 320)
    assert read(pages_pdf([page])).title == "Joint statement of the ministers of the sea"


# ------------------------------------------------------------------------------------------- paragraphs and margins


def test_lines_of_an_address_stay_lines():
    page = lines(720, ["The Secretariat", "12 Harbour Street"]) + lines(600, prose(MINISTERS))
    assert paragraphs(read(pages_pdf([page])))[:2] == ["The Secretariat", "12 Harbour Street"]


def test_many_short_paragraphs_do_not_hide_the_distance_of_lines():
    height, page, expected = 750, "", []
    for number in range(1, 6):
        for words in (f"Article {number}", FULL + ".", FULL + " " + GOES_ON.replace("list of", "whole list of") + "."):
            expected.append(words)
            page += lines(height, prose(words, 440), pitch=17)
            height -= 17 * len(prose(words, 440)) + 6
    assert paragraphs(read(pages_pdf([page]))) == expected


def test_a_number_and_its_text_are_two_words():
    page = text(72, 700, "1.") + text(72 + len_of("1.") + 2.2, 700, "We will go on to help them all.")
    assert ranges(read(pages_pdf([page])), "list_item") == ["We will go on to help them all."]


def test_two_short_paragraphs_with_indents():
    page = lines(
        700, [*prose(MINISTERS)[:3], "and that is all that the ministers said on this day in the capital city."]
    )
    page += text(92, 648, "The second one is only a line long but it reaches the other edge, as it does here.")
    page += text(92, 635, "The third one begins with the same indent, it has a second line and so")
    page += lines(622, ["it goes on here, and after that there is not much more that could be said, so", "it ends."])
    assert [p[:10] for p in paragraphs(read(pages_pdf([page])))][1:] == ["The second", "The third "]


def test_a_line_of_ideographs_breaks_anywhere():
    assert first_word("人人有权享有生命") == "人" and first_word("The word") == "The"


def test_an_item_goes_on_over_the_page():
    first, second, *others = prose(MINISTERS, 380)
    others[0] = others[0].capitalize()
    pages = [
        lines(300, prose(DELEGATIONS)) + text(72, 140, "1.") + lines(140, [first, second], 100),
        lines(740, others, 100) + lines(600, prose(DELEGATIONS)),
    ]
    document = read(pages_pdf(pages))
    assert ranges(document, "list_item") == [" ".join((first, second, *others))]


def test_languages_side_by_side_do_not_go_on_with_each_other():
    font, mapping = mapped_font([(letter, 500) for letter in "абвгдежзиклмнопрст"], 7)
    cyrillic = "".join(
        f"BT /F9 11 Tf 1 0 0 1 320 {140 - 13 * n} Tm (ABCDE FGHIK LMNOP QRABC) Tj ET\n" for n in range(4)
    )
    pages = [lines(140, [GOES_ON[:44]] * 4) + cyrillic, lines(740, [GOES_ON[:44]] * 4)]
    document = read(pages_pdf(pages, "/Resources<</Font<</F1 3 0 R/F9 6 0 R>>>>", extra=[font, mapping]))
    assert not any("а" in paragraph and "and" in paragraph for paragraph in paragraphs(document))


def test_a_page_number_far_from_the_edge():
    pages = [lines(620, prose(MINISTERS)) + text(300, 180, str(n)) for n in range(1, 4)]
    document = read(pages_pdf(pages))
    assert left_out(document, "page_number") == [(1, "1"), (2, "2"), (3, "3")]


def test_line_numbers_beside_paragraphs_that_stand_apart():
    spoken = [f"and the witness answered question {n} in full, as the record shows." for n in range(1, 13)]
    heights = [720 - 14 * n - 20 * (n // 3) for n in range(12)]
    page = "".join(
        text(72, y, str(n + 1), size=6) + text(85, y, line)
        for n, (y, line) in enumerate(zip(heights, spoken, strict=True))
    )
    document = read(pages_pdf([page]))
    assert left_out(document, "line_number") == [(1, "1–12")]
    assert document.text.startswith("and the witness")
    assert "record shows. and" in document.text.replace("\n\n", " ")


def test_line_numbers_that_were_typed_before_the_text():
    spoken = [f"and the witness answered question {n} in full, as the record shows" for n in range(1, 11)]
    page = "".join(text(72, 720 - 24 * n, f"{n + 1}     {line}") for n, line in enumerate(spoken))
    data = pages_pdf([page])
    document = read(data)
    assert document.text == " ".join(spoken)
    assert left_out(document, "line_number") == [(1, "1–10")]
    words = list(layout(document).pages[0].words())
    assert [document.text[word.start : word.end] for word in words[:3]] == ["and", "the", "witness"]
    start = document.text.index("question 4")
    assert drawn_letters(data, document, start, start + 8) == "question"


def test_numbers_before_paragraphs_of_a_list_stay():
    page = "".join(text(72, 720 - 24 * n, f"{2 * n + 1} ships were seen on day {n}") for n in range(10))
    assert "1 ships were seen" in read(pages_pdf([page])).text


# ---------------------------------------------------------------------------------------------------- divided words


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (["We ask for end-", "to-end talks."], "end-to-end talks"),
        (["The U.S.-", "Ukraine partnership holds."], "The U.S.-Ukraine partnership"),
        (["They used non-", "lethal means alone."], "non-lethal means"),
        (["A peace that is fully kept: peace-", "fully they live."], "peacefully they"),
    ],
)
def test_hyphens_of_compounds_stay(page, expected):
    filler = ["This long first line of the page makes the lines below it look like running text,"]
    assert expected in read(pages_pdf([lines(700, filler) + lines(687, page)])).text


def test_where_no_words_are_divided_a_hyphen_belongs_to_its_word():
    vocabulary = Vocabulary()
    vocabulary.learn([FULL] * 100)
    vocabulary.learn(["the attacks are state-", "sponsored and known"])
    assert vocabulary.keeps_hyphen("state", "sponsored")
    vocabulary = Vocabulary()
    for _ in range(40):
        vocabulary.learn(["they honour this commit-", "ment of all"])
    assert not vocabulary.keeps_hyphen("state", "sponsored")


def test_columns_end_where_text_stands_below_both():
    columns = lines(700, prose(MINISTERS, 220), 40) + lines(700, prose(DELEGATIONS, 220), 320)
    height = 700 - 13 * len(prose(DELEGATIONS, 220)) - 20
    page = columns + text(40, height, "They will:") + lines(height - 25, prose(MINISTERS, 500), 40)
    assert paragraphs(read(pages_pdf([page]))) == [MINISTERS, DELEGATIONS, "They will:", MINISTERS]


# ------------------------------------------------------------------------------------------------- real programs' files


@pytest.mark.parametrize("name", ["browser", "typeset"])
def test_a_file_reads_as_its_source(name):
    data = (FILES / f"{name}.pdf").read_bytes()
    document = read(data)
    assert document.text + "\n" == (FILES / f"{name}.txt").read_text(encoding="utf-8")
    assert not document.warnings


def test_what_a_browser_prints_has_headings_and_items():
    document = read((FILES / "browser.pdf").read_bytes())
    assert ranges(document, "heading") == ["Statement on the open strait", "In other languages"]
    assert len(ranges(document, "list_item")) == 4
    assert document.title == "Statement on the open strait"


def test_what_tex_sets_has_headings_items_and_notes():
    document = read((FILES / "typeset.pdf").read_bytes())
    assert ranges(document, "heading") == [
        "The fees of the strait",
        "Office of the Harbour",
        "1 What was said",
        "2 What follows",
    ]
    assert len(ranges(document, "list_item")) == 2
    assert ranges(document, "footnote") == ["The office had asked for an offer of its own in the spring."]
