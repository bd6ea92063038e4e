"""Single HTML tags as they stand inside Markdown, and the removal of what HTML hides."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

HIDDEN_ELEMENTS = ("script", "style", "template", "svg", "iframe", "head")
INLINE_KINDS = {"em": "emphasis", "i": "emphasis", "strong": "strong", "b": "strong", "code": "code", "a": "link"}
BLOCK_ELEMENTS = frozenset(
    """address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its lower-case name, whether it closes an element, and the address that it links to."""

    name: str
    closes: bool = False
    address: str = ""


class _TagParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tag: Tag | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = Tag(tag, address=dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self.tag = Tag(tag, closes=True)


def parse_tag(source: str) -> Tag | None:
    """Return the tag that the source is, or None for a comment, a declaration or an instruction."""
    parser = _TagParser()
    parser.feed(source)
    return parser.tag


def remove_hidden(text: str) -> str:
    """Return the text without comments and without the elements that no reader sees, each only if it is closed."""
    text = _remove_between(text, "<!--", "-->")
    for name in HIDDEN_ELEMENTS:
        text = _remove_between(text, f"<{name}", f"</{name}>")
    return text


def _remove_between(text: str, opening: str, closing: str) -> str:
    folded = _fold_ascii(text) if opening in _fold_ascii(text) else ""
    kept: list[str] = []
    place = 0
    start = folded.find(opening)
    while start >= 0:
        end = folded.find(closing, start + len(opening))
        if end < 0:
            break
        following = folded[start + len(opening) : start + len(opening) + 1]
        if not following.isalnum() or opening == "<!--":
            kept.append(text[place:start])
            place = end + len(closing)
        start = folded.find(opening, max(place, start + 1))
    return "".join(kept) + text[place:] if place else text


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _fold_ascii(text: str) -> str:
    """Return the text with A to Z in lower case; unlike `lower()` this never changes a length."""
    return text.translate(_ASCII_LOWER)
