"""All pages of a PDF as lines, read one after the other; what was used for a page is given up behind it."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.pdf.fonts import FontManager
from annotator.formats.documents.pdf.glyphs import read_page
from annotator.formats.documents.pdf.letters import UNMAPPED
from annotator.formats.documents.pdf.limits import PdfLimitError
from annotator.formats.documents.pdf.open import CutShortError, broken_errors, damaged, open_pdf, page_objects
from annotator.formats.documents.pdf.page import PageLines, empty_page, page_lines
from annotator.formats.documents.pdf.right_to_left import are_brackets_turned, with_brackets_turned
from annotator.formats.documents.pdf.structure_tags import StructureTree
from annotator.formats.documents.source import SourceFile

_MOST_NAMED = 20
_MOST_CUT = 8
_SYMBOL_FIRST = re.compile(f"[\ue000-\uf8ff{UNMAPPED}](?: |$)")


def read_pages(source: SourceFile) -> tuple[list[PageLines], dict[str, Any], tuple[str, ...]]:
    """Return the pages, what the file says of itself, and warnings.

    Raises:
        PdfLimitError: The file draws or unpacks more than any honest one.
        DocumentReadError: The file or each of its pages is damaged, or no page has text.
    """
    pdf = open_pdf(source)
    broken = broken_errors()
    manager = FontManager()
    tags = StructureTree(pdf.doc)
    pages: list[PageLines] = []
    failed: list[int] = []
    cut: list[int] = []
    unmapped = 0
    is_cut_short = False
    try:
        for number, page in enumerate(page_objects(source, pdf), 1):
            tell = partial(source.progress, f"page {number}")
            tell()
            try:
                content = read_page(page, manager, tell, tags)
                pages.append(page_lines(number, content))
                unmapped += content.unmapped
                if content.is_cut:
                    cut.append(number)
                    _check_cut(cut)
            except PdfLimitError:
                raise
            except broken:
                failed.append(number)
                pages.append(empty_page(number))
    except CutShortError:
        is_cut_short = True
    if len(failed) == len(pages):
        raise damaged(source)
    for page in pages:
        page.kinds = tags.kinds
    _check_text(source, pages)
    _mend_brackets(pages)
    unmapped -= _mend_bullets(pages)
    return pages, pdf.metadata, tuple(_warnings(pages, failed, cut, unmapped, is_cut_short))


def _check_text(source: SourceFile, pages: list[PageLines]) -> None:
    if any(page.lines or page.aside for page in pages):
        return
    if any(page.has_picture for page in pages):
        raise DocumentReadError(
            "“{file}” has no text layer: its pages are pictures. Run it through OCR first and import the result.",
            file=source.name,
        )
    raise DocumentReadError("“{file}” is empty: there is no text in it to annotate.", file=source.name)


def _mend_brackets(pages: list[PageLines]) -> None:
    if are_brackets_turned(line.text for page in pages for line in page.lines):
        for page in pages:
            for line in page.lines:
                line.text = with_brackets_turned(line.text)


def _mend_bullets(pages: list[PageLines]) -> int:
    """Put a bullet for the sign of a symbol font that begins lines; return how many signs had no letter at all."""
    found = [line for page in pages for line in page.lines if _SYMBOL_FIRST.match(line.text)]
    unknown = [line for line in found if line.text[0] == UNMAPPED]
    for line in found:
        if line.text[0] != UNMAPPED or len(unknown) > 1:
            line.text = "•" + line.text[1:]
    return len(unknown) if len(unknown) > 1 else 0


def _check_cut(cut: list[int]) -> None:
    if len(cut) > _MOST_CUT:
        raise PdfLimitError


def _warnings(
    pages: list[PageLines], failed: list[int], cut: list[int], unmapped: int, is_cut_short: bool
) -> list[str]:
    warnings = []
    empty = [page.number for page in pages if not (page.lines or page.aside) and page.number not in failed]
    if failed:
        warnings.append(f"{_named(failed)} could not be read and left no text: the file is damaged there.")
    if cut:
        warnings.append(f"{_named(cut)} could be read in part only: a drawing there is too detailed.")
    if is_cut_short:
        warnings.append(f"The file is damaged behind page {len(pages)}: what follows could not be read.")
    if empty:
        warnings.append(f"{_named(empty)} held no text: what is printed there may be a picture.")
    if unmapped:
        signs = "1 sign" if unmapped == 1 else f"{unmapped} signs"
        warnings.append(f"The file does not say which letters {signs} stand for: they are shown as “\ufffd”.")
    return warnings


def _named(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"Page {numbers[0]}"
    if len(numbers) > _MOST_NAMED:
        return f"Pages {', '.join(map(str, numbers[:_MOST_NAMED]))} and {len(numbers) - _MOST_NAMED} more"
    return f"Pages {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
