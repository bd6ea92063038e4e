"""Web pages: the article in its own structure, without menus, banners and what else surrounds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from lxml import etree

from annotator.core.errors import DocumentReadError
from annotator.core.structure import Structure
from annotator.formats.documents.html.article import keep_article, names_heading
from annotator.formats.documents.html.blocks import text_tokens
from annotator.formats.documents.html.boilerplate import drop_frame, visible_characters
from annotator.formats.documents.html.facts import PageFacts, page_facts
from annotator.formats.documents.html.paragraphs import split_paragraphs
from annotator.formats.documents.html.source import decode_html
from annotator.formats.documents.html.tables import unfold_layout
from annotator.formats.documents.html.tree import html_text, parse_html
from annotator.formats.documents.language import checked_language
from annotator.formats.documents.source import MAXIMUM_TITLE, ReadDocument, SourceFile, iso_date, tidy_title, title_from

_HEAD = 2000
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(\S{1,2000}) -->")
_LITTLE = 0.4
_NO_ARTICLE = "No article was found on this page: all its text was taken but menus, headers and footers."
_LITTLE_FOUND = "Of this page’s text {percent} % were taken for its article: look in the preview whether it is whole."


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's text, ranges and facts, and warnings."""

    text: str
    structure: Structure
    facts: PageFacts
    warnings: tuple[str, ...]

    @property
    def title(self) -> str:
        """The main heading if the page is called so, else what the page says; it may be empty."""
        for heading in self.structure.ranges:
            if heading.kind == "heading" and heading.level == 1:
                title = tidy_title(self.text[heading.start : heading.end])
                if len(title) <= MAXIMUM_TITLE and names_heading(self.facts.heading, text_tokens(title)):
                    return title
        return self.facts.title


def read_html(source: SourceFile) -> ReadDocument:
    """Return the article of a web page as a document.

    Raises:
        DocumentReadError: The bytes are no text, or no text is to be seen on the page.
    """
    decoded, warnings = decode_html(source.name, source.data)
    saved = _SAVED_FROM.search(decoded[:_HEAD])
    page = read_page(source.name, decoded, source.progress)
    return ReadDocument(
        text=page.text,
        structure=page.structure,
        title=page.title or title_from(page.text, source.name),
        language=checked_language(page.facts.language, page.text),
        date=page.facts.date or iso_date(PurePath(source.name).name),
        url=page.facts.url or (saved.group(1) if saved else ""),
        format="html",
        metadata=page.facts.metadata,
        warnings=(*warnings, *page.warnings),
    )


def read_page(name: str, source: bytes | str, progress: Callable[[str], None]) -> ReadPage:
    """Return what a page holds; `name` is the file's. Raises DocumentReadError where no text is to be seen on it."""
    tree = parse_html(name, source)
    progress("facts")
    facts = page_facts(tree)
    body = tree if tree.tag == "body" else tree.find("body")
    if body is None:
        body = tree
    progress("article")
    text, structure, warnings = _main_text(body, facts.heading, progress)
    if not text.strip():
        raise DocumentReadError(
            "“{file}” shows no text without its scripts: open it in a browser, save it as a complete page or as PDF, "
            "and import that.",
            file=name,
        )
    return ReadPage(text, structure, facts, warnings)


def _main_text(
    body: etree._Element, title: str, progress: Callable[[str], None]
) -> tuple[str, Structure, tuple[str, ...]]:
    unfold_layout(body)
    split_paragraphs(body)
    had_frame = drop_frame(body)
    total = visible_characters(body)
    found = keep_article(body, title)
    progress("text")
    text, structure = html_text(body)
    if not found:
        return text, structure, (_NO_ARTICLE,) if had_frame else ()
    share = visible_characters(body) / max(1, total)
    little = (_LITTLE_FOUND.format(percent=round(100 * share)),) if share < _LITTLE else ()
    return text, structure, little
