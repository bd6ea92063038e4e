"""Reports in Markdown: a sheet of quotes by label, and pages of words and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from annotator.core.note_text import Run, note_blocks
from annotator.core.report import PageBlock, Report, ReportDocument, ReportSpan, reads_right_to_left
from annotator.formats.reports.escaping import markdown_inline, markdown_line, markdown_text, plain_starts

Told = Callable[[int, int, str], None]
"""Called with how many labels are done, of how many, and the name at hand; may raise to stop."""


_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
"""Stands after a title that runs the other way, so that date and page keep their order."""


def write_markdown(report: Report, told: Told = lambda done, total, title: None) -> bytes:
    """Return the quotes of a report by label, each with where it stands, in UTF-8."""
    return "".join(_sheet(report, told)).encode()


def write_page_markdown(blocks: Iterable[PageBlock]) -> bytes:
    """Return a page of words and tables, in UTF-8. Notes are Markdown already and come as quotes."""
    return "".join(page_blocks_markdown(blocks)).encode()


def citation(document: ReportDocument, span: ReportSpan) -> str:
    """Return where a quote stands: title, date, source, and its place in the document."""
    facts = dict(document.facts)
    mark = _LEFT_TO_RIGHT if reads_right_to_left(document.title) else ""
    where = (f"{document.title}{mark}", facts.get("Date", ""), facts.get("Source", ""), span.place)
    return ", ".join(part for part in where if part)


def _sheet(report: Report, told: Told) -> Iterator[str]:
    yield f"# {markdown_line(report.title)}\n\n"
    yield from (f"- {markdown_line(name)}: {markdown_line(value)}\n" for name, value in report.facts)
    for done, label in enumerate(report.labels):
        told(done, len(report.labels), label.name)
        found = list(report.by_label(label.id))
        if not found:
            continue
        yield f"\n## {markdown_line(label.name)} ({len(found)})\n"
        if label.definition:
            yield f"\n{markdown_text(label.definition)}\n"
        for document, span in found:
            yield from _quote(document, span, label.initial)
    if report.summary or report.annex:
        yield "\n"
        yield from page_blocks_markdown((*report.summary, *report.annex))


def _quote(document: ReportDocument, span: ReportSpan, initial: str) -> Iterator[str]:
    yield f"\n{_quoted(markdown_text(span.quote))}\n"
    yield f">\n> — {markdown_line(citation(document, span))} \\[{markdown_line(initial)}{span.number}\\]\n\n"
    yield from (f"- {markdown_line(name)}: {markdown_line(value)}\n" for name, value in span.attributes)
    for link in span.links:
        other = document.spans[link.other - 1]
        words = markdown_line(other.quote)
        yield f"- {markdown_line(link.name)} {'→' if link.outgoing else '←'} “{words}”\n"
    if span.layer:
        yield f"- Layer: {markdown_line(span.layer)}\n"
    if span.decision:
        yield f"- Decision: {markdown_line(span.decision)}\n"
    if span.note:
        yield "- Note:\n"
        yield from (f"  {line}".rstrip() + "\n" for line in _quoted(markdown_note(span.note)).split("\n"))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def page_blocks_markdown(blocks: Iterable[PageBlock]) -> Iterator[str]:
    """Yield a page's blocks."""
    previous = ""
    for block in blocks:
        close = block.kind == previous == "item"
        yield ("" if close or not previous else "\n") + _page_block(block)
        previous = block.kind


def markdown_note(body: str) -> str:
    """Return a note's Markdown with the marks that the program knows; everything else is text."""
    parts, previous = list[str](), ""
    for block in note_blocks(body):
        runs = plain_starts("".join(map(_run, block.runs)))
        mark = "- " if block.marker == "•" else f"{block.marker} " if block.marker else ""
        parts.append("" if not previous or block.kind == previous == "item" else "\n")
        quoted = _quoted(runs) if block.kind == "quote" else f"**{runs}**" if block.kind == "heading" else runs
        parts.append(f"{'  ' * block.level if block.kind == 'item' else ''}{mark}{quoted}\n")
        previous = block.kind
    return "".join(parts).rstrip("\n")


def _run(run: Run) -> str:
    """Return a run between its marks; what could break out of them is escaped."""
    text = markdown_inline(run.text)
    core = text.strip()
    if not core:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    for mark, on in (("~~", run.struck), ("*", run.italic), ("**", run.bold or run.mention)):
        core = f"{mark}{core}{mark}" if on else core
    return f"{before}{core}{after}"


def _page_block(block: PageBlock) -> str:
    if block.kind == "heading":
        return f"{'#' * block.level} {markdown_line(block.text)}\n"
    if block.kind == "item":
        return f"- {markdown_line(block.text)}\n"
    if block.kind == "note":
        return f"{_quoted(markdown_note(block.text))}\n"
    if block.kind == "facts":
        return "".join(f"- {markdown_line(name)}: {markdown_line(value)}\n" for name, value in block.rows)
    if block.kind == "table":
        rule = tuple("---" for _ in block.header)
        rows = (block.header, rule, *block.rows)
        return "".join(f"| {' | '.join(row if row == '---' else markdown_line(row) for row in r)} |\n" for r in rows)
    return f"*{markdown_line(block.text)}*\n" if block.kind == "muted" else f"{markdown_text(block.text)}\n"
