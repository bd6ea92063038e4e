"""What a web page says of itself: title, author, date, address, site, language."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from annotator.formats.documents.language import two_letters
from annotator.formats.documents.source import iso_date, short_title, storable, tidy_title

_LANGUAGE_METAS = ("content-language", "language", "dc.language", "dcterms.language")
_LONGEST = 500
_LONGEST_TEXT = 50_000
_MOST_ELEMENTS = 5000
_HEADING_SIGN = re.compile("\\s*[¶\ue000-\uf8ff🔗]$")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page says; what it does not say is empty.

    `heading` is all that the page calls itself, to know the heading of its article by.
    """

    title: str = ""
    heading: str = ""
    date: str = ""
    url: str = ""
    language: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


def page_facts(tree: etree._Element) -> PageFacts:
    """Return the facts of a page; its tree is left as it is."""
    from trafilatura.metadata import extract_metadata

    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    found = extract_metadata(_beginning(tree), extensive=False)
    title = _HEADING_SIGN.sub("", tidy_title(found.title or ""))
    window_title = tidy_title(tree.findtext(".//head/title") or "")[:_LONGEST]
    named = {"author": found.author, "site": found.sitename, "description": found.description}
    return PageFacts(
        title=short_title(title),
        heading=f"{title} {window_title}",
        date=iso_date(found.date or ""),
        url=storable(found.url or ""),
        language=_language(tree),
        metadata={key: tidy_title(value)[:_LONGEST] for key, value in named.items() if value},
    )


def _beginning(tree: etree._Element) -> etree._Element:
    """Return a copy of the tree without what comes late or is long, in which no page speaks of itself."""
    copy = deepcopy(tree)
    for element in list(islice(copy.iter(), _MOST_ELEMENTS, None)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for element in copy.iter(etree.Element):
        # The dates in a style sheet are those of its versions.
        element.text = "" if element.tag == "style" else element.text and element.text[:_LONGEST_TEXT]
        element.tail = element.tail and element.tail[:_LONGEST_TEXT]
        for name, value in element.attrib.items():
            if len(value) > _LONGEST_TEXT:
                del element.attrib[name]
    return copy


def _language(tree: etree._Element) -> str:
    html = tree if tree.tag == "html" else tree.find(".//html")
    if html is not None:
        for attribute in ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang"):
            code = two_letters(html.get(attribute, ""))
            if code:
                return code
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or meta.get("name") or "").lower() in _LANGUAGE_METAS:
            return two_letters(meta.get("content", ""))
    return ""
