"""Paragraphs that a page sets apart by empty lines, made elements of their own."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from annotator.formats.documents.html.visible import BLOCKS, element_name, is_blank

_HOLDERS = frozenset({"body", "div", "td", "th", "li", "dd", "section", "article", "main", "blockquote", "center"})
_BECOME_DIVISIONS = frozenset({"p", "font", "span", "center"})

_Node = str | etree._Element
"""A piece of text or an element, without what follows it."""


def split_paragraphs(body: etree._Element) -> None:
    """Wrap what stands between two line breaks in a row into a paragraph each, throughout a body."""
    for holder in _with_empty_lines(body):
        name = element_name(holder)
        if name in _BECOME_DIVISIONS:
            holder.tag = "div"
        elif name not in _HOLDERS:
            continue
        _wrap(holder)


def _with_empty_lines(body: etree._Element) -> list[etree._Element]:
    found: dict[etree._Element, None] = {}
    for line_break in body.iter("br"):
        following = line_break.getnext()
        parent = line_break.getparent()
        if parent is not None and following is not None and following.tag == "br" and is_blank(line_break.tail or ""):
            found[parent] = None
    return list(found)


def _wrap(holder: etree._Element) -> None:
    nodes: list[_Node] = [holder.text or ""]
    for child in list(holder):
        nodes.extend((child, child.tail or ""))
        child.tail = None
        holder.remove(child)
    holder.text = None
    for run in _runs(nodes):
        if len(run) == 1 and not isinstance(run[0], str) and element_name(run[0]) in BLOCKS:
            holder.append(run[0])
        elif any(not isinstance(node, str) or not is_blank(node) for node in run):
            holder.append(_paragraph(holder, run))


def _runs(nodes: Iterable[_Node]) -> Iterable[list[_Node]]:
    """Yield blocks alone, and what stands between blocks and empty lines together."""
    run: list[_Node] = []
    breaks: list[_Node] = []
    for node in nodes:
        if isinstance(node, str) and is_blank(node):
            (breaks or run).append(node)
        elif not isinstance(node, str) and node.tag == "br":
            breaks.append(node)
        else:
            if sum(not isinstance(each, str) for each in breaks) > 1:
                yield run
                run = []
            else:
                run.extend(breaks)
            breaks = []
            if not isinstance(node, str) and element_name(node) in BLOCKS:
                yield run
                yield [node]
                run = []
            else:
                run.append(node)
    yield run


def _paragraph(holder: etree._Element, run: Iterable[_Node]) -> etree._Element:
    paragraph = holder.makeelement("p")
    for node in run:
        if not isinstance(node, str):
            paragraph.append(node)
        elif len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + node
        else:
            paragraph.text = (paragraph.text or "") + node
    return paragraph
