"""What surrounds the article on a web page, by the names that pages give it."""

from __future__ import annotations

import re
from itertools import pairwise

from lxml import etree

from annotator.formats.documents.html.visible import element_name, is_hidden

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NAMES = frozenset(
    """ad ads advert advertisement adverts advertising banner breadcrumb breadcrumbs catlinks comment comments cookie
    cookies consent disqus footer gdpr infobox menu menubar metabar modal mostread nav navbar navbox navigation
    newsletter noprint onward outbrain pager pagination paywall popup popular printfooter promo promoted promotion
    recirc recommendation recommendations recommended reflist related share sharebar sharing shares sidebar signup
    sitemap skip skiplink social sponsored subscribe subscription taboola tagcloud taglist tags teasers toc
    toolbar trending widget widgets editsection hatnote metadata addthis addtoany sharethis""".split()  # noqa: SIM905
)
_PAIRS = frozenset(
    """most-read more-news more-stories more-from read-more read-also see-also also-read also-in author-bio about-author
    author-info sign-up you-may next-article prev-article previous-article post-nav post-tags article-tags
    in-article-ad print-only print-button back-top published-dates""".split()  # noqa: SIM905
)
_ROLES = frozenset({"navigation", "search", "dialog", "alertdialog", "complementary", "contentinfo", "menu", "menubar"})
_FRAMES = frozenset(
    {"nav", "aside", "dialog", "menu", "header", "footer", "form", "amp-sidebar", "amp-ad", "amp-consent"}
)
_FRAME_NAMES = frozenset(
    {"menu", "nav", "navbar", "navi", "navigation", "topbar", "footer", "foot", "breadcrumb", "breadcrumbs"}
)
_CONSENT = re.compile(r"cookie|consent|gdpr|onetrust|cybot|didomi|usercentrics|\bcmp-?(?:box|container)", re.IGNORECASE)


def is_boilerplate(element: etree._Element) -> bool:
    """Say whether an element is, by its name, class or id, something beside the article."""
    if element_name(element) == "figcaption" or _is_frame(element):
        return True
    # an id is often made of a heading's words, such as social-policy
    words = _words(element.get("id", ""))
    return (bool(words) and _NAMES.issuperset(words)) or _names_boilerplate(element.get("class", ""))


def _names_boilerplate(names: str) -> bool:
    for name in names.split():
        words = _words(name)
        if not _NAMES.isdisjoint(words) or any(f"{a}-{b}" in _PAIRS for a, b in pairwise(words)):
            return True
    return False


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def drop_frame(body: etree._Element) -> bool:
    """Remove from a page what frames it: menus, headers, footers, asides and forms; say whether there was any.

    What holds half of the page's visible text is no frame, whatever it is called, unless it is mostly links.
    """
    total = visible_characters(body)
    dropped = False
    for element in [each for each in body.iter(etree.Element) if each is not body and _is_frame(each)]:
        characters = visible_characters(element)
        is_small = characters < total / 2 or _linked_characters(element) > characters / 2
        if 0 < characters < total and is_small:
            dropped = True
            remove(element)
    return dropped


def _linked_characters(element: etree._Element) -> int:
    return sum(visible_characters(link) for link in element.iter("a"))


def _is_frame(element: etree._Element) -> bool:
    named = f"{element.get('id', '')} {element.get('class', '')}"
    is_frame = (
        element_name(element) in _FRAMES
        or element.get("role", "") in _ROLES
        or not _FRAME_NAMES.isdisjoint(named.lower().replace("__", " ").replace("-", " ").split())
        or _CONSENT.search(named)
    )
    return bool(is_frame) and not _is_of_an_article(element)


def _is_of_an_article(element: etree._Element) -> bool:
    """Say whether a header or a footer is one of an article or a quotation and not of the page."""
    if element_name(element) == "header" and next(element.iter("h1"), None) is not None:
        return True
    around = {element_name(ancestor) for ancestor in element.iterancestors()}
    return element_name(element) in ("header", "footer") and bool({"article", "blockquote"} & around)


def remove(element: etree._Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    tail, before = element.tail, element.getprevious()
    if tail and before is not None:
        before.tail = f"{before.tail or ''} {tail}"
    elif tail:
        parent.text = f"{parent.text or ''} {tail}"
    element.tail = None
    parent.remove(element)


def visible_characters(tree: etree._Element) -> int:
    """Return how many code points of an element are shown, white space apart."""
    count = 0
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if is_hidden(element):
                walk.skip_subtree()
            else:
                count += len((element.text or "").strip())
        elif element is not tree:
            count += len((element.tail or "").strip())
    return count
