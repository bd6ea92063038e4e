"""A report on paper, drawn by Qt's PDF writer: its text can be selected and searched. May run in any thread."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, Qt, QUuid
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from annotator.core.note_text import note_blocks
from annotator.core.palette import tint
from annotator.core.report import (
    PageBlock,
    Report,
    ReportBlock,
    ReportDocument,
    ReportLabel,
    ReportLink,
    ReportSpan,
    colour_of,
    reads_right_to_left,
)
from annotator.core.report_marks import Mark, Segment, marked_blocks
from annotator.ui.report_paragraphs import INK, RESOLUTION, SOFT, Line, Run, Shape
from annotator.ui.report_sheet import MARGIN_LEFT, Sheet

Told = Callable[[int, int, str], None]
"""Called with how much is done, of how much, and the title at hand; may raise to stop."""

PAPERS = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}

_TINT = 0.16
_NUMBERS = 22.0
"""Points at the left of a text for the numbers of its paragraphs."""
_BADGES = 38.0
"""Points at the left of what is tagged for initial and number."""

_BODY = Shape(9.5, after=4)
_SOFT = Shape(8.5, colour=SOFT, after=2)
_KINDS = {
    "list_item": Shape(10, serif=True, leading=1.5, left=_NUMBERS + 14, before=2),
    "quote": Shape(10, serif=True, leading=1.5, left=_NUMBERS + 14, before=3, colour=SOFT),
    "table_row": Shape(9, serif=True, leading=1.4, left=_NUMBERS, before=1),
    "footnote": Shape(8.5, serif=True, leading=1.4, left=_NUMBERS, before=3),
    "paragraph": Shape(10, serif=True, leading=1.5, left=_NUMBERS, before=5),
}


def write_pdf(report: Report, told: Told = lambda done, total, title: None, *, paper: str = "A4") -> bytes:
    """Return the report as a PDF; equal reports give equal bytes on one computer.

    It is gone through twice, first to learn on which pages the documents begin. `paper` is one of `PAPERS`. Needs a
    QGuiApplication, if only an offscreen one.
    """
    steps = 2 * len(report.documents)
    counting = _Drawing(report, paper, {}, 0, lambda done, title: told(done, steps, title))
    counting.run(painted=False)
    offset = len(report.documents)
    drawing = _Drawing(report, paper, counting.starts, counting.pages, lambda d, title: told(offset + d, steps, title))
    return drawing.run(painted=True)


def make_drawable() -> None:
    """Make the application that fonts need where there is none yet, without a display."""
    if QGuiApplication.instance() is not None:
        return
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _applications.append(QGuiApplication([sys.argv[0] if sys.argv else "annotator"]))


_applications: list[QGuiApplication] = []
"""Keeps the application alive that `make_drawable` makes."""


class _Drawing:
    """One way through the report. `starts` are the pages of what the contents name, by their place there."""

    def __init__(
        self, report: Report, paper: str, starts: dict[int, int], pages: int, told: Callable[[int, str], None]
    ) -> None:
        self._report = report
        self._labels = {label.id: label for label in report.labels}
        self._known = starts
        self._told = told
        self.starts: dict[int, int] = {}
        self.pages = pages
        self._buffer = QBuffer()
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._writer = _writer(self._buffer, report, paper)

    def run(self, *, painted: bool) -> bytes:
        painter = QPainter(self._writer) if painted else None
        try:
            self._sheet = Sheet(self._writer, painter, self._report.title, self.pages)
            self._front()
            for number, document in enumerate(self._report.documents):
                self._told(number, document.title)
                self._document(number, document)
            self._annex()
            self.pages = self._sheet.page
        finally:
            if painter is not None:
                painter.end()
        return _without_time(bytes(self._buffer.data().data()), self._report.created)

    # -- the first pages

    def _front(self) -> None:
        sheet, report = self._sheet, self._report
        sheet.y += 60
        sheet.text("REVIEW REPORT", Shape(8, colour=SOFT, after=8))
        sheet.text(report.title, Shape(24, bold=True, leading=1.2, after=14))
        self._facts(report.facts)
        self._sheet.text("Labels", Shape(12, bold=True, before=20, after=6, keep=40))
        for label in report.labels:
            self._legend(label)
        if report.summary:
            sheet.skip(10)
            self._blocks(report.summary)
        self._sheet.text("Contents", Shape(12, bold=True, before=20, after=6, keep=40))
        for place, (title, count) in enumerate(self._contents()):
            self._contents_line(title, count, self._known.get(place))

    def _contents(self) -> Iterator[tuple[str, str]]:
        for document in self._report.documents:
            count = len(document.spans)
            yield document.title, f"{count} span{'' if count == 1 else 's'}"
        yield from ((block.text, "") for block in self._report.annex if block.kind == "heading" and block.level == 1)

    def _contents_line(self, title: str, count: str, page: int | None) -> None:
        sheet = self._sheet
        sheet.need(18)
        right, soft = Qt.AlignmentFlag.AlignRight, Shape(8.5, colour=SOFT)
        sheet.line(title, MARGIN_LEFT, sheet.y, sheet.column - 110, _BODY)
        sheet.line(count, MARGIN_LEFT, sheet.y + 0.8, sheet.column - 34, soft, right)
        sheet.line(str(page or ""), MARGIN_LEFT, sheet.y, sheet.column, _BODY, right)
        sheet.rule(sheet.y + 15)
        sheet.y += 18

    def _legend(self, label: ReportLabel) -> None:
        colour = colour_of(label.colour)
        sample = Run(
            f" {label.initial} ", colour, bold=True, tint=_tinted(colour), lines=(Line(colour, label.pattern, 0),)
        )
        runs = [sample, Run(f"   {label.name}  "), Run(str(label.count), SOFT, size=0.9)]
        self._sheet.paragraph(runs, Shape(9.5, after=3), direction=False)

    # -- a document

    def _document(self, number: int, document: ReportDocument) -> None:
        sheet = self._sheet
        sheet.new_page()
        self.starts[number] = sheet.page
        sheet.text(document.title, Shape(17, bold=True, leading=1.25, after=8))
        self._facts(document.facts)
        for author, body in document.notes:
            self._note(body, 0, f"Note by {author}")
        sheet.skip(8)
        for block, pieces in marked_blocks(document):
            self._block(document, block, pieces)
        if document.spans:
            self._sheet.text("What is tagged", Shape(12, bold=True, before=22, after=6, keep=50))
            for span in document.spans:
                self._entry(document, span)
        if document.untagged:
            sheet.text("Where nothing was tagged", Shape(12, bold=True, before=22, after=6, keep=50))
            for quote, words in document.untagged:
                sheet.text(quote, Shape(10, serif=True, leading=1.4, before=4, after=2, keep=14))
                sheet.text(f"Decision: {words}", _SOFT)

    def _block(self, document: ReportDocument, block: ReportBlock, pieces: list[Segment]) -> None:
        shape = _KINDS.get(block.kind, _KINDS["paragraph"])
        if block.kind == "heading":
            size = 13 if block.level <= 1 else 11.5
            shape = Shape(size, serif=True, bold=True, leading=1.35, left=_NUMBERS, before=12, after=2, keep=30)
        sheet = self._sheet
        sheet.skip(shape.before)
        sheet.need(shape.size * shape.leading + shape.keep)
        sheet.line(str(block.number), MARGIN_LEFT, sheet.y + shape.size * shape.leading - 10.5, _NUMBERS - 6, _NUMBER)
        runs = [Run(f"{block.marker} ")] if block.marker else []
        for piece in pieces:
            runs += [self._marker(span) for span in piece.begins]
            runs.append(self._run(document.text[piece.start : piece.end], piece.marks))
        direction = reads_right_to_left(document.text[block.start : block.end])
        sheet.paragraph(runs, _without_gap(shape), direction=direction)

    def _run(self, text: str, marks: Iterable[Mark]) -> Run:
        shown = [(self._labels[mark.span.label], mark.lane) for mark in marks]
        if not shown:
            return Run(text)
        lines = tuple(Line(colour_of(label.colour), label.pattern, lane) for label, lane in shown)
        return Run(text, tint=_tinted(colour_of(shown[-1][0].colour)), lines=lines)

    def _marker(self, span: ReportSpan) -> Run:
        label = self._labels[span.label]
        return Run(f"{label.initial}{span.number} ", colour_of(label.colour), bold=True, raised=True)

    def _entry(self, document: ReportDocument, span: ReportSpan) -> None:
        sheet, label = self._sheet, self._labels[span.label]
        sheet.skip(7)
        sheet.need(44)
        badge = Shape(9.5, bold=True, colour=colour_of(label.colour))
        sheet.line(f"{label.initial}{span.number}", MARGIN_LEFT, sheet.y, _BADGES - 6, badge)
        sheet.text(span.quote, Shape(10, serif=True, leading=1.4, left=_BADGES, after=2))
        inset = Shape(8.5, colour=SOFT, left=_BADGES, after=1.5)
        sheet.text(" · ".join(part for part in (label.name, span.place, span.layer) if part), inset)
        if span.attributes:
            sheet.paragraph(_attribute_runs(span.attributes), inset, direction=False)
        for link in span.links:
            sheet.paragraph(self._link_runs(document, link), inset, direction=False)
            if link.note:
                self._note(link.note, _BADGES)
        if span.decision:
            sheet.text(f"Decision: {span.decision}", inset)
        if span.note:
            self._note(span.note, _BADGES, "Note")
        sheet.skip(5)
        sheet.rule(sheet.y, _BADGES)

    def _link_runs(self, document: ReportDocument, link: ReportLink) -> list[Run]:
        other = document.spans[link.other - 1]
        label = self._labels[other.label]
        badge = Run(f"{label.initial}{other.number}", colour_of(label.colour), bold=True)
        return [Run(f"{link.name} → "), badge] if link.outgoing else [badge, Run(f" → {link.name} → this")]

    # -- words, tables and notes

    def _annex(self) -> None:
        place = len(self._report.documents) - 1
        portion: list[PageBlock] = []
        for block in (*self._report.annex, PageBlock("heading", level=1)):
            if block.kind == "heading" and block.level == 1:
                self._blocks(portion)
                portion = []
                if block.text:
                    place += 1
                    self._sheet.new_page()
                    self.starts[place] = self._sheet.page
            portion.append(block)

    def _blocks(self, blocks: Iterable[PageBlock]) -> None:
        for block in blocks:
            if block.kind == "heading":
                self._sheet.text(block.text, _HEADINGS[min(block.level, 3)])
            elif block.kind == "item":
                self._sheet.paragraph([Run("•  "), Run(block.text)], Shape(9.5, left=8, after=2.5))
            elif block.kind == "note":
                self._note(block.text, 0)
            elif block.kind == "facts":
                self._facts(block.rows)
            elif block.kind == "table":
                self._sheet.table(block.header, block.rows)
            else:
                self._sheet.text(block.text, _SOFT if block.kind == "muted" else _BODY)

    def _facts(self, pairs: Iterable[tuple[str, ...]]) -> None:
        for name, value in pairs:
            self._sheet.paragraph([Run(f"{name}  ", SOFT), Run(value)], Shape(9, after=1.5), direction=False)

    def _note(self, body: str, left: float, title: str = "") -> None:
        sheet = self._sheet
        sheet.skip(3)
        if title:
            sheet.text(title, Shape(8, colour=SOFT, left=left + 10, after=1))
        for block in note_blocks(body):
            runs = [Run(f"{block.marker} ")] if block.marker else []
            bold = block.kind == "heading"
            runs += [
                Run(r.text, bold=bold or r.bold or r.mention, italic=r.italic, struck=r.struck) for r in block.runs
            ]
            indent = 10 + 10 * block.level if block.kind == "item" else 10
            colour = SOFT if block.kind == "quote" else _NOTE
            sheet.paragraph(runs, Shape(9, left=left + indent, after=2, colour=colour))
        sheet.skip(2)


_NOTE = "#39424f"
_NUMBER = Shape(6.5, colour=SOFT)
_HEADINGS = {
    1: Shape(17, bold=True, leading=1.25, after=10, keep=60),
    2: Shape(12, bold=True, before=14, after=4, keep=40),
    3: Shape(9.5, bold=True, before=5, after=2, keep=24),
}


def _attribute_runs(pairs: Iterable[tuple[str, str]]) -> list[Run]:
    return [run for name, value in pairs for run in (Run(f"{name} "), Run(f"{value}    ", INK))]


def _without_gap(shape: Shape) -> Shape:
    return replace(shape, before=0.0, keep=0.0)


def _tinted(colour: str) -> str:
    return tint(colour, "#ffffff", _TINT)


def _writer(buffer: QBuffer, report: Report, paper: str) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    portrait = QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(QPageSize(PAPERS[paper]), portrait, QMarginsF(0, 0, 0, 0)))
    writer.setTitle(report.title.replace("\0", ""))
    writer.setCreator("annotator")
    writer.setDocumentId(QUuid.createUuidV5(QUuid(), f"{report.title} {report.created}".encode()))
    return writer


_TIMES = re.compile(rb"\(D:\d{14}")
_XMP_TIMES = re.compile(rb'Date="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d')


def _without_time(data: bytes, day: str) -> bytes:
    """Return the file with the report's day as the time at which it was made, in as many bytes."""
    midnight = datetime.fromisoformat(day)
    data = _TIMES.sub(midnight.strftime("(D:%Y%m%d000000").encode(), data)
    return _XMP_TIMES.sub(midnight.strftime('Date="%Y-%m-%dT00:00:00').encode(), data)
