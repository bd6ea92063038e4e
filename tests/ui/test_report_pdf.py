"""A report on paper, read back: its words, its pages, and what is drawn on them."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO

import pdfplumber
import pypdfium2
import pytest

from annotator.core.report import PageBlock, Report
from annotator.ui.report_pdf import write_pdf
from tests.formats.report_examples import HOSTILE, LABELS, document, example, marked

pytestmark = pytest.mark.usefixtures("qapp")


def pages(data: bytes) -> list[str]:
    with pdfplumber.open(BytesIO(data)) as pdf:
        return [page.extract_text() for page in pdf.pages]


def words(data: bytes) -> str:
    return " ".join("\n".join(pages(data)).split())


def test_every_quote_and_note_can_be_read_and_searched() -> None:
    report = example()
    text = words(write_pdf(report))
    for one in report.documents[:2]:
        for span in one.spans:
            assert span.quote in text
    assert "See why <img src=x>" in text
    assert "Speaker A | <b>B</b>" in text
    assert "Note by Analyst A" in text
    assert "conditions → P1" in text
    assert "a <quote> Decision: nothing was tagged: too vague" in text
    assert "Purpose and <script>x</script>" in text


def test_arabic_letters_are_all_there() -> None:
    data = write_pdf(example())
    text = pypdfium2.PdfDocument(data)[3].get_textpage().get_text_range()
    for letter in set("حمایت خواهیم کرد") - {" "}:
        assert letter in re.sub("[\ufb50-\ufdff\ufe70-\ufeff]", _letter, text)


def _letter(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group())


def test_each_document_begins_on_the_page_that_the_contents_name() -> None:
    found = pages(write_pdf(example()))
    assert re.search(r"A text 2 spans 2\n", found[0])
    assert re.search(r"About <this> 6\n", found[0])
    assert "A text" in found[1]
    assert "About <this>" in found[5]
    assert [page.splitlines()[-1] for page in found] == [f"{n} / {len(found)}" for n in range(1, len(found) + 1)]
    assert all(page.splitlines()[0] == "Report <1>" for page in found[1:])


def test_hostile_text_is_shown_as_text() -> None:
    text = words(write_pdf(Report("One", "2031-02-03", (), LABELS, (document(HOSTILE, ()),))))
    assert "<script>alert('x')</script> & \"quotes\"" in text
    assert "⟦RLO⟧gnp.exe⟦PDF⟧" in text.replace(" ", "")
    assert "# no heading" in text


def test_a_pdf_holds_no_link_no_script_and_no_file() -> None:
    data = write_pdf(example())
    for sign in (b"/URI", b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/GoToR"):
        assert sign not in data


def test_equal_reports_give_equal_bytes_and_the_paper_is_chosen() -> None:
    first = write_pdf(example())
    assert write_pdf(example()) == first
    facts = pypdfium2.PdfDocument(first).get_metadata_dict()
    assert facts["CreationDate"].startswith("D:20310203000000")
    assert facts["Title"] == "Report <1>"
    assert b'CreateDate="2031-02-03T00:00:00' in first
    with pdfplumber.open(BytesIO(first)) as pdf:
        assert (round(pdf.pages[0].width), round(pdf.pages[0].height)) == (595, 842)
    with pdfplumber.open(BytesIO(write_pdf(example(), paper="Letter"))) as pdf:
        assert (round(pdf.pages[0].width), round(pdf.pages[0].height)) == (612, 792)


def test_tints_and_underlines_lie_at_the_words() -> None:
    text = "Before. We will help them. After."
    spans = (marked(text, 1, "p", "We will help them"), marked(text, 2, "c", "help"))
    report = Report("One", "2031-02-03", (), LABELS, (document(text, spans),))
    with pdfplumber.open(BytesIO(write_pdf(report))) as pdf:
        page = pdf.pages[1]
        line = [w for w in page.extract_words() if w["text"] in ("We", "them.", "help") and w["x0"] > 70][:3]
        tints = [r for r in page.rects if r["height"] > 5]
        lines = [one for one in page.lines if abs(one["top"] - line[0]["bottom"]) < 9]
    (we, helped, them) = line
    assert min(r["x0"] for r in tints) == pytest.approx(we["x0"], abs=1.5)
    assert max(r["x1"] for r in tints) < them["x1"]
    assert len({round(one["top"], 1) for one in lines if one["x0"] > 70}) == 2
    assert any(abs(r["x0"] - helped["x0"]) < 8 and r["x1"] <= helped["x1"] + 1 for r in tints)


def test_a_paragraph_without_a_space_goes_over_many_pages() -> None:
    report = Report("Long", "2031-02-03", (), (), (document("Z" * 60_000, ()),))
    found = pages(write_pdf(report))
    assert len(found) > 8
    assert sum(page.count("Z") for page in found) == 60_000


def test_a_report_can_be_stopped() -> None:
    told = []

    def stop(done: int, total: int, title: str) -> None:
        told.append((done, total))
        if done == 5:
            raise KeyError(title)

    with pytest.raises(KeyError):
        write_pdf(example(), stop)
    assert told == [(n, 8) for n in range(6)]


def test_an_empty_report_is_a_page() -> None:
    blocks = (PageBlock("heading", "About", 1), PageBlock("muted", "None."))
    assert pages(write_pdf(Report("Empty", "2031-02-03", (), (), (), annex=blocks)))[1].splitlines()[1:3] == [
        "About",
        "None.",
    ]
