"""What every page in HTML is made of: its frame, blocks of words and tables, and notes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from annotator.core.note_text import NoteBlock, Run, note_blocks
from annotator.core.report import PageBlock, reads_right_to_left
from annotator.formats.reports.escaping import html_text
from annotator.formats.reports.style import style_sheet


def write_page_html(title: str, blocks: Iterable[PageBlock]) -> bytes:
    """Return a page of words and tables alone, in UTF-8."""
    return whole_page(title, style_sheet(()), [f'<main class="page">{page_blocks_html(blocks)}</main>']).encode()


def whole_page(title: str, style: str, body: Iterable[str]) -> str:
    """Return a page; its policy lets its own style sheet in and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = (
        '<!DOCTYPE html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{html_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )
    return "".join((head, *body, "\n</body>\n</html>\n"))


def page_blocks_html(blocks: Iterable[PageBlock]) -> str:
    """Return a page's blocks; headings get anchors by their place."""
    found, in_list = [], False
    for place, block in enumerate(blocks):
        if in_list != (block.kind == "item"):
            in_list = not in_list
            found.append("<ul>" if in_list else "</ul>")
        found.append(_page_block(place, block))
    return "\n".join([*found, *(["</ul>"] if in_list else [])])


def _page_block(place: int, block: PageBlock) -> str:
    text = html_text(block.text)
    if block.kind == "heading":
        tag = f"h{min(block.level + 1, 4)}"
        return f'<{tag} id="{anchor(place)}"{direction_of(block.text)}>{text}</{tag}>'
    if block.kind == "item":
        return f'<li dir="auto">{text}</li>'
    if block.kind == "note":
        return f'<div class="note">{note_html(block.text)}</div>'
    if block.kind == "facts":
        return facts_html(block.rows)
    if block.kind == "table":
        head = "".join(f'<th scope="col">{html_text(cell)}</th>' for cell in block.header)
        rows = ("".join(f"<td><bdi>{html_text(cell)}</bdi></td>" for cell in row) for row in block.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    soft = ' class="soft"' if block.kind == "muted" else ""
    return f'<p{soft} dir="auto">{text}</p>'


def anchor(place: int) -> str:
    """Return the id of the heading that is the block at a place."""
    return f"a{place}"


def facts_html(pairs: Iterable[tuple[str, ...]]) -> str:
    """Return pairs of a name and a value as a list."""
    rows = "".join(f"<dt>{html_text(name)}</dt><dd><bdi>{html_text(value)}</bdi></dd>" for name, value in pairs)
    return f'<dl class="facts">{rows}</dl>\n' if rows else ""


def direction_of(text: str) -> str:
    """Return the attribute that says which way a text runs."""
    return ' dir="rtl"' if reads_right_to_left(text) else ' dir="ltr"'


# -- notes


def note_html(body: str) -> str:
    """Return a note's Markdown as elements; whatever it does not know is text."""
    return "".join(_note_block(block) for block in note_blocks(body))


def _note_block(block: NoteBlock) -> str:
    runs = "".join(_run(run) for run in block.runs)
    if block.kind == "code":
        return f'<pre dir="auto">{runs}</pre>'
    if block.kind == "quote":
        return f'<blockquote dir="auto">{runs}</blockquote>'
    marker = f"{html_text(block.marker)} " if block.marker else ""
    return f'<p dir="auto">{marker}{f"<b>{runs}</b>" if block.kind == "heading" else runs}</p>'


def _run(run: Run) -> str:
    text = html_text(run.text).replace("\n", "<br>")
    for tag, on in (("code", run.code), ("s", run.struck), ("i", run.italic), ("b", run.bold or run.mention)):
        if on:
            text = f"<{tag}>{text}</{tag}>"
    return text
