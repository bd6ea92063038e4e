"""Reports as files: everything is in them, nothing of it acts, and equal reports give equal bytes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO

import docx
import pytest

from annotator.core.report import Report, ReportDocument
from annotator.formats.reports.docx import write_docx
from annotator.formats.reports.html import write_html
from annotator.formats.reports.markdown import markdown_note, write_markdown, write_page_markdown
from annotator.formats.reports.page_html import note_html, write_page_html
from tests.formats.report_examples import HOSTILE, document, example, marked

ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "img",
    "link",
    "base",
    "form",
    "input",
    "svg",
    "video",
    "audio",
    "source",
}


class Page(HTMLParser):
    """What a browser would make of a page: elements with their attributes, and the text without the style sheet."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.parts: list[str] = []
        self.feed(data.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.parts)


def page() -> Page:
    return Page(write_html(example()))


def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    found = page()
    assert not {tag for tag, _ in found.elements} & ACTIVE
    for _, attributes in found.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "action")]
        assert (attributes.get("href") or "#").startswith("#")
    assert found.open == []
    data = write_html(example()).decode()
    style = data[data.index("<style>") : data.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(a["content"] for t, a in found.elements if t == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_every_link_has_its_target_and_no_id_comes_twice() -> None:
    found = page()
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {(a["href"] or "")[1:] for t, a in found.elements if t == "a"} <= set(ids)


def test_a_page_shows_texts_quotes_notes_and_definitions() -> None:
    text = page().text
    for words in ("Report <1>", "Pledge", "See why <img src=x>", "A | <b>B</b>", "p. 3"):
        assert words in text
    assert "Ми надамо допомогу" in text
    assert "حمایت خواهیم کرد" in text
    assert "changed: چرا" in text
    assert "<b>Condition</b>" in text
    assert "a <quote>Decision: nothing was tagged: too vague" in text


def test_hostile_text_stands_in_the_page_as_text() -> None:
    text = page().text
    assert "<script>alert('x')</script> & \"quotes\" ␀ | ␛[31m ⟦RLO⟧gnp.exe⟦PDF⟧" in text
    assert "<img src=x onerror=alert(1)>" in text
    assert "\0" not in write_html(example()).decode()


def test_a_colour_that_is_none_stays_out_of_the_style_sheet() -> None:
    assert b"display:none" not in write_html(example())


def test_nested_spans_are_nested_elements_with_initial_and_number() -> None:
    data = write_html(example()).decode()
    assert re.search(r'class="m l0 k1"><span class="m l1 k0 in"><a class="n c1" [^>]*>C2</a>if the council', data)
    assert re.search(r'id="d1m1" href="#d1s1" title="Pledge">P1</a>We will provide', data)


def test_right_to_left_texts_say_so() -> None:
    found = page()
    text = [a for t, a in found.elements if t == "div" and (a.get("class") or "").startswith("text")]
    assert [(a.get("lang"), a["dir"]) for a in text] == [("en", "ltr"), ("uk", "ltr"), ("fa", "rtl"), ("en", "ltr")]


def test_notes_stand_beside_the_paragraph_and_in_the_list() -> None:
    data = write_html(example()).decode()
    assert data.count("See <i>why</i> &lt;img src=x&gt;") == 2
    assert '<aside class="notes"><div id="d1n1">' in data


@pytest.mark.parametrize("write", [write_html, write_docx, write_markdown])
def test_equal_reports_give_equal_bytes(write: Callable[[Report], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(example())
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert write(example()) == first


def test_writing_can_be_stopped_between_documents() -> None:
    told = []

    def stop(done: int, total: int, title: str) -> None:
        told.append((done, total, title))
        if done == 1:
            raise KeyError(title)

    with pytest.raises(KeyError, match="Заява"):
        write_html(example(), stop)
    assert told == [(0, 4, "A text"), (1, 4, "Заява")]


def test_a_long_document_with_many_spans_takes_its_time_once() -> None:
    text = "\n".join(f"Line {number} says that we will help." for number in range(20_000))
    spans = tuple(
        marked_at(text, number, place) for number, place in enumerate(range(0, len(text) - 40, len(text) // 10_000), 1)
    )
    began = time.process_time()
    data = write_html(Report("Long", "2031-02-03", (), example().labels, (document(text, spans),)))
    assert time.process_time() - began < 30
    assert data.count(b'<li id="d1s') == len(spans)


def marked_at(text: str, number: int, place: int):
    found = marked(text[place:], number, "p", text[place : place + 12])
    (low, high) = found.fragments[0]
    return type(found)(number, "p", ((low + place, high + place),), found.quote, found.place)


# -- Markdown


def test_markdown_quotes_by_label_with_their_place() -> None:
    sheet = write_markdown(example()).decode()
    assert sheet.startswith("# Report \\<1\\>\n")
    assert "\n## Pledge (2)\n\nAn undertaking.\n" in sheet
    assert (
        "> We will provide air defence if the council agrees\n>\n> — A text, 2031-02-03, https://example.org" in sheet
    )
    assert "p. 3 \\[P1\\]" in sheet
    assert "- Speaker: A \\| \\<b\\>B\\</b\\>\n- Target: Київ\n" in sheet
    assert "- conditions → “We will provide air defence if the council agrees”" in sheet
    assert "> حمایت خواهیم کرد" in sheet
    assert "## Unused" not in sheet


def test_nothing_in_markdown_becomes_html_or_a_mark() -> None:
    sheet = write_markdown(report_of(HOSTILE)).decode()
    assert not re.search(r"(?<!\\)<", sheet)
    assert "> \\<script\\>alert('x')\\</script\\> \\& \"quotes\" ␀ \\| ␛\\[31m ⟦RLO⟧gnp.exe⟦PDF⟧\n" in sheet
    assert "> \\# no heading\n> \\=1+1\n> \\- no item\n" in sheet


def report_of(text: str) -> Report:
    spans = (marked(text, 1, "p", text),)
    return Report("One", "2031-02-03", (), example().labels, (document(text, spans),))


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("See **this** and *that*", "See **this** and *that*"),
        ("- one\n- two", "- one\n- two"),
        ("a *b <i>* c_d", "a *b \\<i\\>* c\\_d"),
        ("1986. A year", "1986. A year"),
        ("[words](javascript:x)", "words (javascript:x)"),
    ],
)
def test_notes_keep_the_marks_that_are_known(note: str, written: str) -> None:
    assert markdown_note(note) == written


def test_a_page_as_markdown_and_as_html() -> None:
    blocks = example().annex
    sheet = write_page_markdown(blocks).decode()
    assert "# About \\<this\\>\n" in sheet
    assert "| Id | Name |\n| --- | --- |\n| 1 | \\=SUM(A1) \\| \\<b\\> |\n" in sheet
    shown = Page(write_page_html("About", blocks))
    assert "Purpose and <script>x</script>" in shown.text
    assert not {tag for tag, _ in shown.elements} & ACTIVE


def test_a_note_in_html_is_text_with_a_few_looks() -> None:
    assert note_html("**a** <b> `c`") == '<p dir="auto"><b>a</b> &lt;b&gt; <code>c</code></p>'


# -- Word


def read_docx(report: Report):
    return docx.Document(BytesIO(write_docx(report)))


def test_word_holds_quotes_citations_attributes_and_notes() -> None:
    paragraphs = [p.text for p in read_docx(example()).paragraphs]
    assert paragraphs[0] == "Report <1>"
    assert "Pledge (2)" in paragraphs
    place = paragraphs.index("We will provide air defence if the council agrees")
    assert paragraphs[place + 1].startswith("— A text, 2031-02-03, https://example.org")
    assert paragraphs[place + 1].endswith("p. 3 [P1]")
    assert "Speaker: A | <b>B</b>  ·  Target: Київ" in paragraphs
    assert "Note: See why <img src=x>" in paragraphs
    assert "Decision: changed: چرا" in paragraphs


def test_word_turns_paragraphs_that_run_from_right_to_left() -> None:
    found = next(p for p in read_docx(example()).paragraphs if p.text == "حمایت خواهیم کرد")
    assert found._p.pPr is not None
    assert found._p.pPr.find("{*}bidi") is not None
    assert found.runs[0].font.rtl
    other = next(p for p in read_docx(example()).paragraphs if p.text == "Ми надамо допомогу")
    assert other._p.pPr is None or other._p.pPr.find("{*}bidi") is None


def test_word_shows_hostile_text_as_text() -> None:
    paragraphs = [p.text for p in read_docx(report_of(HOSTILE)).paragraphs]
    assert (
        HOSTILE.replace("\0", "␀").replace("\x1b", "␛").replace("\u202e", "⟦RLO⟧").replace("\u202c", "⟦PDF⟧")
        in paragraphs
    )


def test_a_document_without_spans_is_no_problem() -> None:
    empty = ReportDocument("d", "Empty", "", (), "", (), ())
    report = Report("Empty", "2031-02-03", (), (), (empty,))
    assert "Empty" in Page(write_html(report)).text
    assert write_markdown(report) == b"# Empty\n\n"
    assert read_docx(report).paragraphs[0].text == "Empty"
