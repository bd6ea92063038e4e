"""A report as one HTML page that needs nothing else: no script, no picture, nothing from elsewhere.

Its policy lets the page's own style sheet in and nothing besides, so that not even a mistake here could run anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from annotator.core.report import (
    Report,
    ReportBlock,
    ReportDocument,
    ReportLabel,
    ReportLink,
    ReportSpan,
    reads_right_to_left,
)
from annotator.core.report_marks import Mark, Segment, marked_blocks
from annotator.formats.reports.escaping import html_text
from annotator.formats.reports.page_html import (
    anchor,
    direction_of,
    facts_html,
    note_html,
    page_blocks_html,
    whole_page,
)
from annotator.formats.reports.style import style_sheet

Told = Callable[[int, int, str], None]
"""Called with how many documents are done, of how many, and the title at hand; may raise to stop."""


def write_html(report: Report, told: Told = lambda done, total, title: None) -> bytes:
    """Return the report as a page in UTF-8; equal reports give equal bytes."""
    page = _Page(report)
    return whole_page(report.title, style_sheet(report.labels), page.parts(told)).encode()


_SPACED = re.compile(r"[ \u00a0]{2}|[^\S \n\u00a0]")
"""White space that a page would not show as it stands."""


class _Page:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._number = {label.id: number for number, label in enumerate(report.labels)}

    def parts(self, told: Told) -> Iterator[str]:
        report = self._report
        yield from self._front()
        for number, document in enumerate(report.documents, 1):
            told(number - 1, len(report.documents), document.title)
            yield from self._document(number, document)
        if report.annex:
            yield f'\n<article class="page annex" id="annex">{page_blocks_html(report.annex)}</article>'

    def _front(self) -> Iterator[str]:
        report = self._report
        yield f'<header class="front">\n<p class="kicker">Review report</p>\n<h1{direction_of(report.title)}>'
        yield f"{html_text(report.title)}</h1>\n{facts_html(report.facts)}"
        yield '<h3>Labels</h3>\n<ul class="legend">'
        for label in report.labels:
            yield f"<li>{self._sample(label)}<span>{html_text(label.name)}</span>"
            yield f'<span class="count">{label.count}</span></li>'
        yield "</ul>\n"
        if report.summary:
            yield f'<section class="page">{page_blocks_html(report.summary)}</section>'
        yield '<nav aria-label="Contents"><h3>Contents</h3>\n<ol class="contents">'
        for number, document in enumerate(report.documents, 1):
            count = len(document.spans)
            yield f'<li><a href="#d{number}"><bdi>{html_text(document.title)}</bdi>'
            yield f"<span>{count} span{'' if count == 1 else 's'}</span></a></li>\n"
        for place, block in enumerate(report.annex):
            if block.kind == "heading" and block.level == 1:
                yield f'<li><a href="#{anchor(place)}"><span>{html_text(block.text)}</span><span></span></a></li>\n'
        yield "</ol></nav>\n</header>\n"

    def _sample(self, label: ReportLabel) -> str:
        number = self._number[label.id]
        return f'<span class="sample m in l{number} c{number}">{html_text(label.initial)}</span>'

    # -- a document

    def _document(self, number: int, document: ReportDocument) -> Iterator[str]:
        lang = f' lang="{html_text(document.language)}"' if document.language else ""
        noted = any(span.note for span in document.spans)
        yield f'\n<article id="d{number}">\n<h2{lang}{direction_of(document.title)}>{html_text(document.title)}</h2>\n'
        yield facts_html(document.facts)
        for author, body in document.notes:
            yield f'<div class="note"><p class="cite">Note by {html_text(author)}</p>{note_html(body)}</div>'
        around = "rtl" if document.right_to_left else "ltr"
        yield f'<div class="text{"" if noted else " bare"}"{lang} dir="{around}">\n'
        for block, pieces in marked_blocks(document):
            yield self._block(number, block, pieces, document)
        yield "</div>\n"
        if document.spans:
            yield '<h3>What is tagged</h3>\n<ol class="spans">\n'
            yield from (self._entry(number, document, span) for span in document.spans)
            yield "</ol>\n"
        if document.untagged:
            yield '<h3>Where nothing was tagged</h3>\n<ul class="untagged">'
            for quote, words in document.untagged:
                yield f"<li><blockquote{lang}{direction_of(quote)}>{html_text(quote)}</blockquote>"
                yield f'<p class="cite">Decision: {html_text(words)}</p></li>\n'
            yield "</ul>\n"
        yield "</article>\n"

    def _block(self, number: int, block: ReportBlock, pieces: Sequence[Segment], document: ReportDocument) -> str:
        text = document.text
        depth = max((mark.lane + 1 for piece in pieces for mark in piece.marks), default=0)
        kind = {"list_item": "item", "quote": "quote", "table_row": "small", "footnote": "small"}.get(block.kind, "")
        spaced = "spaced" if _SPACED.search(text, block.start, block.end) else ""
        names = " ".join(filter(None, (kind, spaced, f"d{depth}" if depth else "")))
        tag = ("h3" if block.level <= 1 else "h4") if block.kind == "heading" else "p"
        direction = "rtl" if reads_right_to_left(text[block.start : block.end]) else "ltr"
        bullet = f'<span class="bullet">{html_text(block.marker)}</span>' if block.marker else ""
        body = "".join(self._segment(number, piece, text) for piece in pieces)
        begun = [span for piece in pieces for span in piece.begins if span.note]
        notes = "".join(self._margin_note(number, span) for span in begun)
        beside = f'<aside class="notes">{notes}</aside>' if notes else ""
        shape = f' class="{names}"' if names else ""
        return (
            f'<div class="row"><span class="no" aria-hidden="true">{block.number}</span>'
            f'<{tag}{shape} dir="{direction}">{bullet}{body}</{tag}>{beside}</div>\n'
        )

    def _segment(self, number: int, piece: Segment, text: str) -> str:
        begun = "".join(self._marker(number, span) for span in piece.begins)
        inside = begun + html_text(text[piece.start : piece.end])
        for place, mark in enumerate(reversed(piece.marks)):
            inside = f'<span class="{self._classes(mark, innermost=place == 0)}">{inside}</span>'
        return inside

    def _classes(self, mark: Mark, *, innermost: bool) -> str:
        return f"m l{self._number[mark.span.label]} k{mark.lane}{' in' if innermost else ''}"

    def _marker(self, number: int, span: ReportSpan) -> str:
        label = self._label(span)
        return (
            f'<a class="n c{self._number[span.label]}" id="d{number}m{span.number}" href="#d{number}s{span.number}"'
            f' title="{html_text(label.name)}">{html_text(label.initial)}{span.number}</a>'
        )

    def _margin_note(self, number: int, span: ReportSpan) -> str:
        return f'<div id="d{number}n{span.number}">{self._badge(number, span)}{note_html(span.note)}</div>'

    def _badge(self, number: int, span: ReportSpan) -> str:
        label = self._label(span)
        shown = f"{html_text(label.initial)}{span.number}"
        return f'<a class="badge c{self._number[span.label]}" href="#d{number}m{span.number}">{shown}</a>'

    def _entry(self, number: int, document: ReportDocument, span: ReportSpan) -> str:
        label = self._label(span)
        direction = direction_of(span.quote)
        lang = f' lang="{html_text(document.language)}"' if document.language else ""
        cite = " · ".join(html_text(part) for part in (label.name, span.place, span.layer) if part)
        parts = [
            f'<li id="d{number}s{span.number}"><span>{self._badge(number, span)}</span><div>',
            f"<blockquote{lang}{direction}>{html_text(span.quote)}</blockquote>",
            f'<p class="cite">{cite}</p>',
        ]
        if span.attributes:
            pairs = (f"<li><span>{html_text(n)}</span> <bdi>{html_text(v)}</bdi></li>" for n, v in span.attributes)
            parts.append(f'<ul class="attributes">{"".join(pairs)}</ul>')
        parts += (self._link(number, document.spans[link.other - 1], link) for link in span.links)
        if span.decision:
            parts.append(f'<p class="cite">Decision: {html_text(span.decision)}</p>')
        if span.note:
            parts.append(f'<div class="note">{note_html(span.note)}</div>')
        return "".join((*parts, "</div></li>\n"))

    def _link(self, number: int, other: ReportSpan, link: ReportLink) -> str:
        badge = self._badge_to_entry(number, other)
        words = f"{html_text(link.name)} → {badge}" if link.outgoing else f"{badge} → {html_text(link.name)} → this"
        note = f'<div class="note">{note_html(link.note)}</div>' if link.note else ""
        return f'<p class="cite">{words}</p>{note}'

    def _badge_to_entry(self, number: int, span: ReportSpan) -> str:
        shown = f"{html_text(self._label(span).initial)}{span.number}"
        return f'<a class="badge c{self._number[span.label]}" href="#d{number}s{span.number}">{shown}</a>'

    def _label(self, span: ReportSpan) -> ReportLabel:
        return self._report.labels[self._number[span.label]]
