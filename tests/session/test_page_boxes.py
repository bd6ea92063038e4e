"""The boxes of an export: cutting the pages of the PDF at them gives the words of the span back."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.errors import ProjectFileError
from annotator.core.pages import PageLayout, encode_pages, read_pages
from annotator.core.records import Document
from annotator.formats.codebooks import default_codebook
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.formats.pdf_samples import lines, pages_pdf
from tests.support import add_document

FIRST = ["The ministers will provide air defence before", "winter, if the parliament approves the budget."]
SECOND = ["They condemned the attack on the port and", "thanked everyone who had sent generators."]
_SLACK = 0.05
"""PDF points that rounding to hundredths may take from an edge."""


def add_pdf(session: Session, data: bytes) -> tuple[Document, str]:
    read = next(iter(read_documents(SourceFile("statement.pdf", data))))
    return session.documents._add_pasted(read, data), read.text


def export(session: Session, folder: Path) -> list[dict[str, Any]]:
    out = folder / "out.jsonl"
    session.datasets.export(out, "jsonl", layer=None)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def tag(session: Session, document: Document, text: str, *pieces: str) -> str:
    fragments = tuple((text.index(piece), text.index(piece) + len(piece)) for piece in pieces)
    label = session.queries.codebook().labels[0]
    return session.annotations.tag(document.id, label.id, fragments).id


def cut_out(data: bytes, pages: list[dict[str, Any]]) -> list[str]:
    """Return what the PDF holds in each box, read by pdfplumber."""
    found = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for place in pages:
            page = pdf.pages[place["page"] - 1]
            for left, top, right, bottom in place["boxes"]:
                inside = page.within_bbox((left - _SLACK, top - _SLACK, right + _SLACK, bottom + _SLACK))
                found.append(inside.extract_text())
    return found


@pytest.mark.parametrize(
    "entries", ["", "/Rotate 90", "/CropBox[40 400 560 760]", "/Rotate 270/CropBox[40 400 560 760]"]
)
def test_the_boxes_hold_exactly_the_words(session: Session, tmp_path: Path, entries: str) -> None:
    data = pages_pdf([lines(700, FIRST), lines(700, SECOND)], entries)
    document, text = add_pdf(session, data)
    one_line = tag(session, document, text, "provide air defence")
    two_lines = tag(session, document, text, "before winter, if")
    two_pages = tag(session, document, text, "the budget", "They condemned")
    [line] = export(session, tmp_path)
    spans = {span["id"]: span["pages"] for span in line["spans"]}
    assert [place["page"] for place in spans[one_line]] == [1]
    assert [place["page"] for place in spans[two_pages]] == [1, 2]
    if "Rotate" not in entries:
        assert cut_out(data, spans[one_line]) == ["provide air defence"]
        assert cut_out(data, spans[two_lines]) == ["before", "winter, if"]
        assert cut_out(data, spans[two_pages]) == ["the budget", "They condemned"]
    else:
        words = [word.replace("\n", "") for word in cut_out(data, spans[one_line])]
        assert sorted("".join(words).replace(" ", "")) == sorted("provideairdefence")


def test_a_part_of_a_word_gives_its_share_of_the_box(session: Session, tmp_path: Path) -> None:
    document, text = add_pdf(session, pages_pdf([lines(700, FIRST)]))
    whole, half = tag(session, document, text, "parliament"), tag(session, document, text, "parli")
    [line] = export(session, tmp_path)
    boxes = {span["id"]: span["pages"][0]["boxes"] for span in line["spans"]}
    assert boxes[half][0][0] == boxes[whole][0][0]
    assert boxes[half][0][2] == pytest.approx((boxes[whole][0][0] + boxes[whole][0][2]) / 2, abs=0.01)


def test_a_document_without_pages_has_none(session: Session, document: Document, tmp_path: Path) -> None:
    tag(session, document, session.queries.content(document.id).text, "provide air defence")
    [line] = export(session, tmp_path)
    assert line["spans"][0]["pages"] == []


def test_pages_and_source_are_read_back(session: Session, document: Document) -> None:
    data = pages_pdf([lines(700, FIRST), "", lines(700, SECOND)])
    paged, text = add_pdf(session, data)
    layout = session.queries.pages(paged.id)
    assert [len(page) > 0 for page in layout.pages] == [True, False, True]
    words = [text[word.start : word.end] for word in layout.pages[2].words()]
    assert words[:3] == ["They", "condemned", "the"]
    assert session.queries.source(paged.id) == data
    assert session.queries.pages(document.id).pages == ()


def test_a_stored_layout_is_read_page_by_page() -> None:
    assert encode_pages(read_pages(encode_pages(PageLayout()))) == encode_pages(PageLayout())


def test_places_stay_behind_where_the_pdf_is_missing(session: Session, tmp_path: Path, person: Person) -> None:
    document, text = add_pdf(session, pages_pdf([lines(700, FIRST)]))
    tag(session, document, text, "provide air defence")
    tag(session, document, text, "approves the budget")
    before = export(session, tmp_path)
    create_project(tmp_path / "other.annodb", default_codebook(), person)
    with Session(tmp_path / "other.annodb", person) as other:
        result = other.datasets.load(tmp_path / "out.jsonl")
        assert [(loss.kind, loss.count) for loss in result.losses] == [("place on a page", 2)]
        (tmp_path / "again").mkdir()
        [line] = export(other, tmp_path / "again")
        assert [span["pages"] for span in line["spans"]] == [[], []]
        assert [span["quote"] for span in line["spans"]] == [span["quote"] for span in before[0]["spans"]]
    assert session.datasets.load(tmp_path / "out.jsonl").losses == ()


def test_other_documents_lose_nothing(session: Session, tmp_path: Path) -> None:
    plain = add_document(session)
    tag(session, plain, session.queries.content(plain.id).text, "provide air defence")
    export(session, tmp_path)
    assert session.datasets.load(tmp_path / "out.jsonl").losses == ()


@pytest.mark.parametrize(
    "stored", [b"no layout", b'{"left_out":[],"pages":[{"shown":[0,0,1,1],"words":[0,9999,0,0,1,1]}]}']
)
def test_a_layout_that_is_not_of_the_text_is_damage(session: Session, tmp_path: Path, stored: bytes) -> None:
    document, text = add_pdf(session, pages_pdf([lines(700, FIRST)]))
    tag(session, document, text, "ministers")
    address = session.stream(lambda: session.repository.blobs.put(stored))
    changes = ChangeSet("Damage", (RowChange(document, replace(document, pages=address)),))
    session.stream(lambda: session.repository.apply(changes, session.author))
    with pytest.raises(ProjectFileError, match="the pages of"):
        session.queries.pages(document.id)
    with pytest.raises(ProjectFileError, match="the pages of"):
        export(session, tmp_path)
