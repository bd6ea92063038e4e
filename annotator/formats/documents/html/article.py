"""The article of a web page, in the page's own structure.

trafilatura says which paragraphs belong to the article; it loses lists, quotes and short lines on the way. So its
result only points at the page's own elements: those are kept with what stands between them, and the rest is removed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from annotator.formats.documents.html.blocks import Block, FoundText, page_blocks, text_tokens
from annotator.formats.documents.html.boilerplate import is_boilerplate
from annotator.formats.documents.html.visible import element_name

FEWEST_TOKENS = 40
"""Fewer words (in Chinese characters) than that are no article that was found."""

MOST_ELEMENTS = 40_000
MOST_CHARACTERS = 3_000_000
"""Elements and code points of a page; in a larger one the search for an article would take too long."""

_FOUND = 0.7
_CONTAINED = 0.9
_MOSTLY_LINKS = 0.5
_MANY_LINKS = 0.25
_PROSE_TOKENS = 8
_BOILERPLATE_SHARE = 0.25
_IN_TITLE = 0.6
_SHORTEST_TITLE = 3
_PARAGRAPHS = ("p", "head", "item", "quote", "cell", "code", "ab")


@dataclass(slots=True)
class _Page:
    """The blocks of a page, which of them are in the extraction, and the element that holds nearly all of those."""

    blocks: Sequence[Block]
    found: set[Block]
    container: etree._Element
    boilerplate: set[etree._Element]
    sections: set[etree._Element]
    weak_sections: set[etree._Element]


def keep_article(body: etree._Element, title: str) -> bool:
    """Remove from a body what is not its article, and say whether one was found; else nothing is changed.

    Args:
        body: The body of the page, without what is hidden or frames it.
        title: The page's title, to know the article's heading by.
    """
    if next(islice(body.iter(), MOST_ELEMENTS, None), None) is not None:
        return False
    blocks = page_blocks(body)
    if sum(block.characters for block in blocks) > MOST_CHARACTERS:
        return False
    extracted = FoundText(_extracted_paragraphs(body))
    found = {block for block in blocks if extracted.share(block.tokens) >= _FOUND}
    if _tokens(found) < FEWEST_TOKENS:
        return False
    page = _describe(body, blocks, found)
    kept = _without_lost_headings(blocks, _kept_blocks(page, title))
    if _tokens(kept) < FEWEST_TOKENS:
        return False
    _remove_others(blocks, kept)
    return True


def _tokens(blocks: Iterable[Block]) -> int:
    return sum(len(block.tokens) for block in blocks)


def _extracted_paragraphs(body: etree._Element) -> Iterable[str]:
    """Yield the paragraphs that trafilatura takes for the article; it works on a copy and opens nothing."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    html = etree.Element("html")
    html.append(deepcopy(body))
    document = trafilatura.bare_extraction(
        etree.tostring(html, encoding="unicode", method="html"),
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    if document is None or isinstance(document, dict):
        return
    for element in document.body.iter(*_PARAGRAPHS):
        yield " ".join(str(part) for part in element.itertext())


def _describe(body: etree._Element, blocks: Sequence[Block], found: set[Block]) -> _Page:
    weights = _weights(body, found)
    total = weights[body]
    container = body
    while True:
        inner = next((child for child in container if weights.get(child, 0) >= _CONTAINED * total), None)
        if inner is None or element_name(inner) in ("p", "table", "tbody", "tr", "ul", "ol"):
            break
        container = inner
    return _Page(
        blocks=blocks,
        found=found,
        container=container,
        boilerplate={
            element
            for element in body.iter(etree.Element)
            if weights.get(element, 0) < _BOILERPLATE_SHARE * total and is_boilerplate(element)
        },
        sections={block.section for block in found},
        weak_sections=_weak_sections(found),
    )


def _weak_sections(found: set[Block]) -> set[etree._Element]:
    """Return the sections with little text and many links in it, such as “Published in: News”."""
    by_section: dict[etree._Element, list[Block]] = {}
    for block in found:
        by_section.setdefault(block.section, []).append(block)
    return {
        section
        for section, blocks in by_section.items()
        if _tokens(blocks) < FEWEST_TOKENS
        and sum(block.linked for block in blocks) > _MANY_LINKS * sum(block.characters for block in blocks)
    }


def _weights(body: etree._Element, found: set[Block]) -> dict[etree._Element, int]:
    """Return for each element how many found code points stand in it."""
    weights: dict[etree._Element, int] = {body: 0}
    for block in found:
        element: etree._Element | None = block.element
        while element is not None:
            weights[element] = weights.get(element, 0) + block.characters
            if element is body:
                break
            element = element.getparent()
    return weights


def _kept_blocks(page: _Page, title: str) -> set[Block]:
    """Return the blocks of the article, from its heading to the last that was found and what is beside that."""
    heading = _title_block(page, title)
    inside = [block for block in page.blocks if _is_within(block.element, page.container)]
    places = [place for place, block in enumerate(inside) if block in page.found]
    between = set(inside[places[0] : places[-1] + 1])
    if heading is not None:
        start, end = page.blocks.index(heading), page.blocks.index(inside[places[0]])
        between.update(page.blocks[start:end])
    kept = {block for block in between if _belongs(page, block)}
    kept |= {block for block in inside if block.section in page.sections and _belongs(page, block)}
    return kept | {heading} if heading is not None else kept


def _belongs(page: _Page, block: Block) -> bool:
    """Say whether a block inside the container is of the article: found there, or between or beside what was found."""
    if any(element in page.boilerplate for element in _path(block.element, page.container)) or block.is_service:
        return False
    if block in page.found:
        return block.section not in page.weak_sections
    if block.link_share > _MOSTLY_LINKS:
        return False
    if block.heading_level or len(block.tokens) >= _PROSE_TOKENS:
        return True
    return block.section in page.sections and block.section not in page.weak_sections


def _title_block(page: _Page, title: str) -> Block | None:
    """Return the block before the article that is its heading, or says just what the page is called."""
    starts = (place for place, block in enumerate(page.blocks) if block in page.found)
    first = next(place for place in starts if _is_within(page.blocks[place].element, page.container))
    for level in (1, 2):
        for block in reversed(page.blocks[: first + 1]):
            if (
                block.heading_level == level
                and block.link_share <= _MOSTLY_LINKS
                and names_heading(title, block.tokens)
            ):
                return block
    return next((block for block in page.blocks[:first] if _is_title(title, block.tokens)), None)


def _is_title(title: str, words: Sequence[str]) -> bool:
    return len(words) >= _SHORTEST_TITLE and text_tokens(title)[: len(words)] == list(words)


def names_heading(title: str, heading: Sequence[str]) -> bool:
    """Say whether a heading, given as its words, is what the page's title says too."""
    words = set(text_tokens(title))
    return bool(heading) and sum(token in words for token in heading) >= _IN_TITLE * len(heading)


def _without_lost_headings(blocks: Sequence[Block], kept: set[Block]) -> set[Block]:
    """Return the kept blocks without headings of which all that they head was removed."""
    lost: set[Block] = set()
    dropped = remains = False
    for block in reversed(blocks):
        if block.heading_level and block in kept:
            if dropped and not remains and block.heading_level > 1:
                lost.add(block)
            dropped = remains = False
        elif block in kept:
            remains = True
        else:
            dropped = True
    return kept - lost


def _is_within(element: etree._Element, container: etree._Element) -> bool:
    return element is container or any(ancestor is container for ancestor in element.iterancestors())


def _path(element: etree._Element, container: etree._Element) -> Iterable[etree._Element]:
    yield element
    for ancestor in element.iterancestors():
        if ancestor is container:
            return
        yield ancestor


def _remove_others(blocks: Sequence[Block], kept: set[Block]) -> None:
    """Empty the blocks that are not kept; an element without text leaves nothing in a document."""
    for block in blocks:
        if block not in kept:
            for element, place in block.pieces:
                if place == "text":
                    element.text = " "
                else:
                    element.tail = " "
