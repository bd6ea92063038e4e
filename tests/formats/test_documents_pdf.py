from array import array
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from pdfminer.fontmetrics import FONT_METRICS

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.pdf.reader import read_pdf
from annotator.formats.documents.pdf.right_to_left import are_brackets_turned, with_brackets_turned
from annotator.formats.documents.source import SourceFile, decode_document, encode_document
from annotator.workers.jobs import with_sentences
from tests.formats.pdf_samples import lines, pages_pdf, stream, text

FILES = Path(__file__).parents[1] / "files" / "pdf"
MINISTERS = (
    "The ministers met on Tuesday to review the situation along the northern border and to agree on further assistance "
    "to the civilian population. They welcomed the progress that had been made since their last meeting and stressed "
    "that the commitments given there remain fully in force."
)
DELEGATIONS = (
    "Delegations underlined that any decision on the long-term status of the region must be taken in accordance with "
    "international law. A well-known proposal on confidence-building measures was discussed, and several participants "
    "asked for more time to consult their capitals before the text is adopted."
)


def read(data, name="paper.pdf", password=""):
    return read_pdf(SourceFile(name, data, password))


@lru_cache
def read_file(name):
    return read((FILES / name).read_bytes(), name)


def paragraphs(document):
    return document.text.split("\n\n")


def layout(document):
    assert document.pages is not None
    return document.pages


def ranges(document, kind):
    return [document.text[r.start : r.end] for r in document.structure.ranges if r.kind == kind]


def marked(document, kind):
    return [(r.data["marker"], document.text[r.start : r.end]) for r in document.structure.ranges if r.kind == kind]


def left_out(document, kind):
    return [(entry.page, entry.text) for entry in document.pages.left_out if entry.kind == kind]


def prose(words, width=400):
    """Return the words in lines that are at most so many points wide in Helvetica of 11 points."""
    widths = FONT_METRICS["Helvetica"][1]
    found = [""]
    for word in words.split():
        longer = f"{found[-1]} {word}".strip()
        if sum(widths[character] for character in longer) * 11 / 1000 > width:
            found.append(word)
        else:
            found[-1] = longer
    return found


@lru_cache
def characters(data):
    """Return pdfplumber's characters of each page."""
    with pdfplumber.open(BytesIO(data)) as pdf:
        return [page.chars for page in pdf.pages]


def drawn_letters(data, document, start, end):
    """Return the letters that stand in the boxes of a stretch of the text, without spaces."""
    found = []
    for number, boxes in layout(document).boxes(start, end):
        for box in boxes:
            found.extend(
                c["text"]
                for c in characters(data)[number - 1]
                if box.left - 0.02 <= (c["x0"] + c["x1"]) / 2 <= box.right + 0.02
                and box.top - 0.02 <= (c["top"] + c["bottom"]) / 2 <= box.bottom + 0.02
            )
    return "".join(found).replace(" ", "")


def test_lines_become_paragraphs():
    page = lines(700, prose(MINISTERS)) + lines(600, prose(DELEGATIONS))
    document = read(pages_pdf([page]))
    assert paragraphs(document) == [MINISTERS, DELEGATIONS]
    assert ranges(document, "paragraph") == [MINISTERS, DELEGATIONS]
    assert document.format == "pdf" and document.warnings == ()


def test_an_indent_begins_a_paragraph():
    first, second = prose(MINISTERS), prose(DELEGATIONS)
    page = text(84, 700, first[0]) + lines(687, first[1:])
    height = 700 - 13 * len(first)
    page += text(84, height, second[0]) + lines(height - 13, second[1:])
    assert paragraphs(read(pages_pdf([page]))) == [MINISTERS, DELEGATIONS]


def test_columns_are_read_one_after_the_other():
    document = read_file("columns.pdf")
    found = paragraphs(document)
    assert found[0] == "Statement on the Northern Border"
    assert found[1].startswith("This introductory paragraph") and found[1].endswith("before the columns begin.")
    assert found[2:5] == ["1. Section number 1", MINISTERS + "1", DELEGATIONS]
    assert sum(paragraph in (DELEGATIONS, DELEGATIONS + "4", DELEGATIONS + "8") for paragraph in found) == 6


def test_headers_and_page_numbers_are_kept_beside_the_text():
    document = read_file("columns.pdf")
    assert "Document 17/2024" not in document.text and "of 3" not in document.text
    assert left_out(document, "header") == [(n, "Council of Ministers – Document 17/2024") for n in (1, 2, 3)]
    assert left_out(document, "page_number") == [(n, f"Page {n} of 3") for n in (1, 2, 3)]


def test_footnotes_follow_their_page():
    document = read_file("columns.pdf")
    assert [marker for marker, _ in marked(document, "footnote")] == list("12345678")
    notes = ranges(document, "footnote")
    assert notes[3].startswith("See the report of the working group, document number 49, and")
    place = document.text.index(notes[3])
    following = place + len(notes[3]) + 2
    assert [number for number, _ in layout(document).boxes(place, place + len(notes[3]))] == [1]
    assert [number for number, _ in layout(document).boxes(following, following + 20)] == [2]


def test_headings_have_levels_by_their_size():
    document = read_file("columns.pdf")
    found = [(r.level, document.text[r.start : r.end]) for r in document.structure.ranges if r.kind == "heading"]
    assert found[0] == (1, "Statement on the Northern Border")
    assert set(found[1:]) == {(2, f"{n}. Section number {n}") for n in range(1, 24, 3)}
    assert document.title == "Statement on the Northern Border"


def test_a_paragraph_runs_on_over_pages():
    first, second = MINISTERS.split(" agree on ")
    pages = [
        lines(120, prose(first)) + text(300, 40, "1"),
        lines(740, prose("agree on " + second)) + text(300, 40, "2"),
    ]
    data = pages_pdf(pages)
    document = read(data)
    assert paragraphs(document) == [MINISTERS]
    assert [number for number, _ in layout(document).boxes(0, len(MINISTERS))] == [1, 2]
    assert drawn_letters(data, document, 0, len(MINISTERS)) == MINISTERS.replace(" ", "")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (["We honour this commit-", "ment to the allies."], "We honour this commitment to the allies."),
        (["The Franco-", "German plan was adopted."], "The Franco-German plan was adopted."),
        (["Under resolution 2023-", "0379 the council decides."], "Under resolution 2023-0379 the council decides."),
        (
            ["An air-defence plan, and the air-", "defence of the port, were agreed."],
            "An air-defence plan, and the air-defence of the port, were agreed.",
        ),
        (
            ["Die Innen- und die Außen-", "und die Handelspolitik bleiben."],
            "Die Innen- und die Außen- und die Handelspolitik bleiben.",
        ),
        (["The COMMIT-", "MENT of all allies stands."], "The COMMITMENT of all allies stands."),
        (["See https://example.org/north-", "border/report.html for more."], None),
    ],
)
def test_hyphens_at_line_ends(page, expected):
    filler = ["This long first line of the page makes the lines below it look like running text,"]
    document = read(pages_pdf([lines(700, filler) + lines(687, page)]))
    assert "".join(page) in document.text if expected is None else expected in document.text


def test_a_divided_word_has_a_box_on_each_line():
    data = pages_pdf([lines(700, ["We honour this commit-", "ment to the allies."])])
    document = read(data)
    start = document.text.index("commitment")
    words = [w for w in layout(document).pages[0].words() if start <= w.start < start + 10]
    assert [document.text[w.start : w.end] for w in words] == ["commit", "ment"]
    assert words[0].box.top < words[1].box.top


def test_soft_hyphens_at_line_ends_go():
    found = paragraphs(read_file("hyphens.pdf"))
    assert any("die territoriale Unversehrtheit der Nachbarstaaten" in paragraph for paragraph in found)
    assert any("Zusammenarbeit der Innen- und Außenpolitik" in paragraph for paragraph in found)
    assert any("безперешкодний доступ представників міжнародних організацій" in paragraph for paragraph in found)
    assert not any("\xad" in paragraph or "- " in paragraph.replace("Innen- ", "") for paragraph in found)


def test_lists_styles_links_and_tables():
    document = read_file("agenda.pdf")
    items = [
        (r.data["marker"], document.text[r.start : r.end]) for r in document.structure.ranges if r.kind == "list_item"
    ]
    assert items[0] == ("•", "Opening of the session by the president")
    assert items[4] == ("2.", "Requests the secretary to report;")
    assert items[1][1].endswith("at the request of two delegations")
    assert ranges(document, "strong") == ["decisive vote"]
    assert ranges(document, "emphasis") == ["by secret ballot"]
    links = [(r.data["url"], document.text[r.start : r.end]) for r in document.structure.ranges if r.kind == "link"]
    assert links == [("https://example.org/vote", "last day of the session")]
    ruled = "Country\tVotes in favour\tVotes against\nNorthland\t12\t3\nSouthland and the islands that belong to it "
    assert ruled + "since the treaty\t7\t8\nEastland\t\t1" in document.text
    assert "Year\tBudget\tSpent\n2021\t1,200\t1,100\n2022\t1,350\t1,290\n2023\t1,500\t1,475" in document.text


@pytest.mark.parametrize("name", ["columns.pdf", "agenda.pdf", "hyphens.pdf"])
def test_every_word_stands_in_its_box(name):
    data = (FILES / name).read_bytes()
    document = read_file(name)
    with pdfplumber.open(BytesIO(data)) as pdf:
        for page, drawn in zip(layout(document).pages, pdf.pages, strict=True):
            assert page.shown == drawn.bbox
            assert len(page) > 30
            for word in page.words():
                box = word.box
                inside = [
                    c["text"]
                    for c in drawn.chars
                    if box.left - 0.01 <= c["x0"]
                    and c["x1"] <= box.right + 0.01
                    and box.top - 0.01 <= c["top"]
                    and c["bottom"] <= box.bottom + 0.01
                ]
                assert sorted(document.text[word.start : word.end]) == sorted("".join(inside).strip()), word
            assert array("i", sorted(page.flat[::6])) == page.flat[::6]


def test_every_sentence_stands_in_its_boxes():
    data = (FILES / "columns.pdf").read_bytes()
    document = with_sentences(read(data))
    assert len(document.structure.sentences) > 50
    for start, end in document.structure.sentences:
        assert sorted(drawn_letters(data, document, start, end)) == sorted(
            document.text[start:end].replace(" ", "").replace("\t", "")
        ), document.text[start:end]


def test_every_letter_of_the_text_belongs_to_a_word():
    document = read_file("columns.pdf")
    covered = {p for page in layout(document).pages for w in page.words() for p in range(w.start, w.end)}
    assert {p for p, character in enumerate(document.text) if not character.isspace()} == covered


PERSIAN = (
    "سخنگوی دولت گفت که ۲۵ دستگاه مولد برق (شامل ۱۲ ترانسفورماتور) تا پایان سال ۱۴۰۳ تحویل خواهد شد و گزارش OSCE "
    "در ماه آینده منتشر می‌شود."
)
PERSIAN_NUMBER = "شرکت‌کنندگان حمله به زیرساخت‌های انرژی را محکوم کردند و خواستار پایبندی همهٔ طرف‌ها به قطعنامهٔ 2625 شدند."
ARABIC = (
    "وقال المتحدث الرسمي إن 25 مولدا كهربائيا (منها 12 محولا) ستسلم قبل نهاية عام 2024، وإن تقرير OSCE سينشر "
    "في الشهر المقبل."
)
HEBREW = "הדובר הרשמי אמר כי 25 גנרטורים (מהם 12 שנאים) יימסרו עד סוף שנת 2024, וכי דוח OSCE יפורסם בחודש הבא."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("persian.pdf", PERSIAN),
        ("persian.pdf", PERSIAN_NUMBER),
        ("persian.pdf", "کشور\tآرا\nشمال\t۱۲\nجنوب\t۷"),
        ("arabic.pdf", ARABIC),
        ("hebrew.pdf", HEBREW),
    ],
)
def test_right_to_left_text_is_in_the_order_of_reading(name, expected):
    assert expected in paragraphs(read_file(name))


@pytest.mark.parametrize("name", ["persian.pdf", "arabic.pdf", "hebrew.pdf"])
def test_right_to_left_words_stand_in_their_boxes(name):
    data = (FILES / name).read_bytes()
    document = read_file(name)
    for word in (word for page in layout(document).pages for word in page.words()):
        drawn = drawn_letters(data, document, word.start, word.end)
        assert set(document.text[word.start : word.end]) <= set(drawn) | {"\u200c"}, word


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["التقرير (منها 12) جاهز", "القرار )"], ["التقرير (منها 12) جاهز", "القرار )"]),
        (
            ["التقرير )منها 12( جاهز", "القرار )", "only (Latin)"],
            ["التقرير (منها 12) جاهز", "القرار (", "only (Latin)"],
        ),
    ],
)
def test_brackets_named_by_their_shape_are_turned(texts, expected):
    turned = [with_brackets_turned(text) for text in texts] if are_brackets_turned(texts) else texts
    assert turned == expected


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_pages_are_read_as_they_are_seen(rotation):
    data = pages_pdf([lines(700, prose(MINISTERS)) + lines(500, prose(DELEGATIONS))], f"/Rotate {rotation}")
    document = read(data)
    assert paragraphs(document) == [MINISTERS, DELEGATIONS]
    start = document.text.index("confidence")
    assert "".join(sorted(drawn_letters(data, document, start, start + 10))) == "".join(sorted("confidence"))


def test_text_that_is_turned_within_the_page():
    turned = "q 0 1 -1 0 612 0 cm " + lines(500, prose(MINISTERS), x=100) + "Q"
    data = pages_pdf([turned])
    document = read(data)
    assert paragraphs(document) == [MINISTERS]
    start = document.text.index("northern")
    assert "".join(sorted(drawn_letters(data, document, start, start + 8))) == "".join(sorted("northern"))


def test_a_stamp_in_the_margin_stays_out():
    page = lines(700, prose(MINISTERS), x=100) + "BT /F1 20 Tf 0 1 -1 0 40 300 Tm (Deposited 12 May) Tj ET"
    document = read(pages_pdf([page]))
    assert document.text == MINISTERS
    assert left_out(document, "margin") == [(1, "Deposited 12 May")]


def test_line_numbers_of_a_transcript_stay_out():
    spoken = [f"and the witness answered question {n} in full, as the record shows" for n in range(1, 26)]
    page = "".join(text(72, 720 - 24 * n, str(n + 1)) + text(110, 720 - 24 * n, line) for n, line in enumerate(spoken))
    document = read(pages_pdf([page]))
    assert document.text == " ".join(spoken)
    assert left_out(document, "line_number") == [(1, "1–25")]


def test_a_header_that_the_file_marks_as_such_is_left_out():
    header = "/Artifact <</Type/Pagination/Subtype/Header>> BDC " + text(72, 760, "Press release 12") + "EMC "
    document = read(pages_pdf([header + lines(700, prose(MINISTERS))]))
    assert document.text == MINISTERS
    assert left_out(document, "header") == [(1, "Press release 12")]


def test_only_what_recurs_as_furniture_is_left_out():
    answers = ["Yes.", "Yes.", "No, I was in the capital.", "Yes.", "I have said so.", "No.", "Yes.", "It was in May."]
    pages = [
        text(250, 760, "Official transcript")
        + text(72, 730, f"A. {answer}")
        + lines(704, [f"Q. And what did you see on day {page} of the hearing?", "A. I saw the letter."] * 8, pitch=26)
        for page, answer in enumerate(answers)
    ]
    document = read(pages_pdf(pages))
    assert document.text.count("Yes.") == 4 and document.text.count("I saw the letter.") == 64
    assert document.pages is not None
    assert [entry.text for entry in document.pages.left_out] == ["Official transcript"] * 8


def test_cells_of_an_unruled_table_may_have_several_lines():
    rows = [
        ("Health", ["Hospitals, ambulances and", "the purchase of medicine"], "1,200"),
        ("Schools", ["Repair"], "310"),
    ]
    page = "".join(
        text(72, 700 - 40 * place, name) + lines(700 - 40 * place, cell, x=200) + text(420, 700 - 40 * place, sum_)
        for place, (name, cell, sum_) in enumerate(rows)
    )
    expected = "Health\tHospitals, ambulances and the purchase of medicine\t1,200\nSchools\tRepair\t310"
    assert read(pages_pdf([page])).text == expected


def test_a_heading_over_both_columns_parts_them():
    column = prose(MINISTERS + " " + MINISTERS, 220)
    page = lines(740, column, x=60) + lines(740, column, x=320)
    page += text(60, 500, "A heading that stands over both columns of the page", "F2", 14)
    page += lines(470, column, x=60) + lines(470, column, x=320)
    whole = f"{MINISTERS} {MINISTERS}"
    heading = "A heading that stands over both columns of the page"
    assert paragraphs(read(pages_pdf([page]))) == [whole, whole, heading, whole, whole]


def test_numbered_paragraphs_keep_their_numbers():
    page, height = "", 700.0
    for number, words in enumerate((MINISTERS, DELEGATIONS, MINISTERS), 1):
        page += text(72, height, f"{number}.") + lines(height, prose(words), x=100)
        height -= 13 * len(prose(words)) + 8
    document = read(pages_pdf([page]))
    items = [
        (r.data["marker"], document.text[r.start : r.end]) for r in document.structure.ranges if r.kind == "list_item"
    ]
    assert items == [("1.", MINISTERS), ("2.", DELEGATIONS), ("3.", MINISTERS)]


def test_text_outside_the_crop_box_is_not_seen():
    page = lines(700, prose(MINISTERS)) + text(72, 20, "Slug of the printer")
    document = read(pages_pdf([page], "/CropBox[50 50 580 760]"))
    assert document.text == MINISTERS
    assert layout(document).pages[0].shown == (50, 32, 580, 742)


def test_a_media_box_that_begins_elsewhere():
    data = pages_pdf([text(172, 700, "The border is closed.")], "/MediaBox[100 100 700 900]")
    document = read(data)
    assert drawn_letters(data, document, 4, 10) == "border"


def test_words_printed_twice_are_read_once():
    page = text(72, 700, "The border is closed.") + text(72.3, 700, "The border is closed.")
    assert read(pages_pdf([page])).text == "The border is closed."


def test_a_large_initial_belongs_to_its_word():
    rest = prose(MINISTERS[1:], 300)
    page = text(72, 680, "T", size=36) + lines(700, rest[:2], x=97) + lines(674, prose(" ".join(rest[2:]), 325))
    assert read(pages_pdf([page])).text == MINISTERS


def test_letters_that_are_spaced_out_are_words():
    page = "BT /F1 14 Tf 5 Tc 72 700 Td (AGENDA OF THE DAY) Tj ET BT 0 Tc ET " + text(72, 660, "The border is closed.")
    assert paragraphs(read(pages_pdf([page]))) == ["AGENDA OF THE DAY", "The border is closed."]


def test_a_table_of_contents_stays_line_by_line():
    entries = [f"{title} {'. ' * 40}{page}" for title, page in (("Open questions", 2), ("Ways ahead", 3), ("Annex", 4))]
    page = lines(700, [*prose("Contents of the report on the northern border"), *entries])
    found = [line for line in read(pages_pdf([page])).text.split("\n") if ". ." in line]
    assert [line.split(". .")[0].strip() for line in found] == ["Open questions", "Ways ahead", "Annex"]


def test_accents_over_letters_are_joined_to_them():
    page = (
        "BT /F1 11 Tf 72 700 Td (Fr) Tj ET BT /F1 11 Tf 84.7 700 Td (\\264) Tj ET BT /F1 11 Tf 83.4 700 Td (ed) Tj ET"
    )
    assert read(pages_pdf([page])).text == "Fréd"


def test_ligatures_become_letters():
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[1/fi/fl]>>>>"
    content = "BT /F1 11 Tf 72 700 Td (The of\001cial re\002ection) Tj ET"
    data = pages_pdf([content], "/Resources<</Font<</F1 6 0 R>>>>", extra=[font])
    assert read(data).text == "The official reflection"


def test_a_note_on_the_page_is_no_text_of_it():
    note = b"<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/Contents(Check this before Friday)>>"
    data = pages_pdf([text(72, 700, "The border is closed.")], "/Annots[6 0 R]", extra=[note])
    assert read(data).text == "The border is closed."


def test_facts_and_titles():
    facts = b"/Info 6 0 R"
    info = b"<</Title(Joint statement)/Author(The Secretariat)/CreationDate(D:20240517120000Z)>>"
    document = read(pages_pdf([text(72, 700, "The border is closed.")], "", facts, [info]), "2024-05-18-statement.pdf")
    assert (document.title, document.date) == ("Joint statement", "2024-05-18")
    assert document.metadata["author"] == "The Secretariat" and document.metadata["created"] == "2024-05-17"


@pytest.mark.parametrize(
    "given", ["Microsoft Word - x.docx", "final_v3.indd", "untitled", "PowerPoint Presentation", "(anonymous)", "- - -"]
)
def test_a_programs_title_is_none(given):
    page = text(72, 700, "Joint statement", size=18) + lines(660, prose(MINISTERS))
    document = read(pages_pdf([page], "", b"/Info 6 0 R", [f"<</Title({given})>>".encode()]))
    assert document.title == "Joint statement"
    assert document.date == ""


def test_pages_report_progress_and_pass_between_processes():
    stages = []
    data = pages_pdf([text(72, 700, f"Page {n} holds one sentence.") for n in (1, 2, 3)])
    document = read_pdf(SourceFile("paper.pdf", data, progress=stages.append))
    assert stages[:3] == ["page 1", "page 2", "page 3"]
    again = decode_document(encode_document(document))
    assert again.text == document.text
    assert [page.flat for page in layout(again).pages] == [page.flat for page in layout(document).pages]


def test_a_word_of_signs_and_ideographs():
    document = read(pages_pdf([text(72, 700, "Article 5(2): yes.")]))
    words = [document.text[w.start : w.end] for w in layout(document).pages[0].words()]
    assert words == ["Article", "5", "(", "2", "):", "yes", "."]


def test_a_form_that_stands_on_the_page():
    form = stream(
        text(0, 0, "within a form").encode(),
        b"/Type/XObject/Subtype/Form/BBox[0 -5 300 20]/Resources<</Font<</F1 3 0 R>>>>",
    )
    page = "/Resources<</Font<</F1 3 0 R>>/XObject<</X 6 0 R>>>>"
    data = pages_pdf([text(72, 700, "This stands") + "q 1 0 0 1 135 700 cm /X Do Q"], page, extra=[form])
    document = read(data)
    assert document.text == "This stands within a form"
    assert drawn_letters(data, document, 12, 18) == "within"


def test_a_file_without_any_sign_is_empty():
    with pytest.raises(DocumentReadError, match="is empty"):
        read(pages_pdf([""]))
