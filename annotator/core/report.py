"""What a report holds, as plain data: documents with what is tagged in them, labels, and pages of words and tables.

Positions are code points of the document's canonical text, half-open. Nothing here is markup; whoever draws it shows
it as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from annotator.core.invisibles import abbreviation_of
from annotator.core.records import Fragment

PLAIN_COLOUR = "#4f5d73"
"""What a label is drawn in whose own colour is none."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One block of a page: `kind` is heading, text, muted, item, note (Markdown), facts or table.

    `level` is a heading's, from 1. The `rows` of facts are pairs of a name and a value; those of a table have as many
    cells as its `header`.
    """

    kind: str
    text: str = ""
    level: int = 0
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportLabel:
    """A label with its meaning; `count` is how many spans of the report have it, `colour` is #rrggbb on white."""

    id: str
    name: str
    colour: str
    dark: str
    pattern: str
    initial: str
    count: int = 0
    definition: str = ""
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    boundary: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A relation as one of its ends shows it: its name, the number of the other end's span, and which way it goes."""

    name: str
    other: int
    outgoing: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """What is tagged at one place. `number` counts the document's spans from 1, in the order of the text.

    `place` says where it stands, such as "p. 3" or "¶ 12". `attributes` are pairs of a name and a value in words.
    `layer` is empty where the report holds only one.
    """

    number: int
    label: str
    fragments: tuple[Fragment, ...]
    quote: str
    place: str
    layer: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    links: tuple[ReportLink, ...] = ()
    note: str = ""
    decision: str = ""

    @property
    def start(self) -> int:
        """First code point of the hull."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Code point after the hull's last."""
        return self.fragments[-1][1]


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """A paragraph `[start, end)` of a text. `number` counts from 1 those that are not empty.

    `kind` is heading, list_item, quote, table_row, footnote or paragraph, `marker` stands before a list item.
    """

    kind: str
    start: int
    end: int
    number: int
    level: int = 0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A text with what is tagged in it; `facts` are pairs of a name and a value, `notes` of an author and Markdown.

    `untagged` are quotes where it was decided that nothing is tagged, each with what was said.

    `language` is a BCP 47 tag or empty.
    """

    id: str
    title: str
    language: str
    facts: tuple[tuple[str, str], ...]
    text: str
    blocks: tuple[ReportBlock, ...]
    spans: tuple[ReportSpan, ...]
    notes: tuple[tuple[str, str], ...] = ()
    untagged: tuple[tuple[str, str], ...] = ()

    @property
    def right_to_left(self) -> bool:
        """Say whether the text runs from right to left."""
        return reads_right_to_left(self.text)


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `created` is the day, ISO 8601. `facts` stand on the first page, `annex` after the documents."""

    title: str
    created: str
    facts: tuple[tuple[str, str], ...]
    labels: tuple[ReportLabel, ...]
    documents: tuple[ReportDocument, ...]
    summary: tuple[PageBlock, ...] = ()
    annex: tuple[PageBlock, ...] = ()

    @property
    def span_count(self) -> int:
        """Return how many spans there are."""
        return sum(len(document.spans) for document in self.documents)

    def by_label(self, label: str) -> Iterator[tuple[ReportDocument, ReportSpan]]:
        """Yield the spans of a label, each with its document."""
        return ((document, span) for document in self.documents for span in document.spans if span.label == label)


def colour_of(colour: str) -> str:
    """Return a colour if it is #rrggbb, else a plain one: it may stand in a style sheet."""
    return colour if _COLOUR.fullmatch(colour) else PLAIN_COLOUR


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def shown_text(text: str) -> str:
    """Return the text without characters that act instead of being seen: each is replaced by a sign for it.

    Control codes become their pictures, marks that turn the direction of writing their short name in brackets. The
    result may stand in XML.
    """
    return _CONTROL.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code < 0xA0:
        return "\u2421" if code == 0x7F else "\u2426"
    if code in (0x2028, 0x2029):
        return "\n"
    return f"⟦{abbreviation_of(character)}⟧" if code < 0xD800 else "\N{REPLACEMENT CHARACTER}"


_FIRST_CHARACTERS = 2000


def reads_right_to_left(text: str) -> bool:
    """Say whether the first letter with a direction of its own runs from right to left."""
    for character in islice(text, _FIRST_CHARACTERS):
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
