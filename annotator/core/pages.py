"""Where the words of a document stand on its own pages.

Coordinates are hundredths of a PDF point in storage and PDF points in answers, from the top left corner of the page's
media box as it is displayed (its rotation applied); `y` grows downwards. Positions are code points of the canonical
text, half-open. A layout is frozen with the text and stored beside it as JSON.
"""

from __future__ import annotations

import json
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from operator import lt
from typing import Any, NamedTuple

_FIELDS = 6
_SCALE = 100
_LINE_OVERLAP = 0.5
_WORD_GAP = 1.2
_PAGES = '"pages":['


class Box(NamedTuple):
    """A rectangle on a page in PDF points: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float


class Word(NamedTuple):
    """A stretch `[start, end)` of the text that stands in one box."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page. `shown` is the part that is displayed (the crop box) in the coordinates of the words.

    `flat` holds six integers a word in the order of the text: start, end, left, top, right, bottom, the last four in
    hundredths of a PDF point. A word is a run of letters and digits, a run of other signs, or one ideograph.
    """

    shown: Box
    flat: array[int] = field(default_factory=lambda: array("i"))

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.flat) // _FIELDS

    def word(self, index: int) -> Word:
        """Return the word at an index."""
        start, end, *edges = self.flat[index * _FIELDS : (index + 1) * _FIELDS]
        return Word(start, end, Box(*(edge / _SCALE for edge in edges)))

    def words(self) -> Iterator[Word]:
        """Yield every word in the order of the text."""
        return (self.word(index) for index in range(len(self)))

    def words_in(self, start: int, end: int) -> list[Word]:
        """Return the words that share a code point with `[start, end)`."""
        low = bisect_right(range(len(self)), start, key=self._end_of)
        high = bisect_left(range(len(self)), end, key=self._start_of)
        return [self.word(index) for index in range(low, high)]

    def _start_of(self, index: int) -> int:
        return self.flat[index * _FIELDS]

    def _end_of(self, index: int) -> int:
        return self.flat[index * _FIELDS + 1]

    def extent(self) -> tuple[int, int] | None:
        """Return the stretch of the text from this page's first word to its last, or None on an empty page."""
        return (self.flat[0], self.flat[-_FIELDS + 1]) if self.flat else None


def add_word(flat: array[int], start: int, end: int, box: Sequence[float]) -> None:
    """Append a word to the numbers of a page; `box` is left, top, right, bottom in PDF points."""
    flat.extend((start, end, *(round(edge * _SCALE) for edge in box)))


class LeftOut(NamedTuple):
    """Words of a page that are no part of the text.

    `kind` is header, footer, page_number, line_number, margin (a stamp beside the text) or watermark.
    """

    page: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class PageLayout:
    """The pages of a document in order, the first one with the number 1, and what was left out of the text."""

    pages: tuple[Page, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def boxes(self, start: int, end: int) -> list[tuple[int, list[Box]]]:
        """Return (page number, boxes) for each page that shows some of `[start, end)`, one box a line stretch.

        A word that is only partly inside gives the share of its box that its code points take up.
        """
        found = []
        for number, page in enumerate(self.pages, 1):
            extent = page.extent()
            if extent and extent[0] < end and start < extent[1]:
                pieces = [_clipped(word, start, end) for word in page.words_in(start, end)]
                if pieces:
                    found.append((number, _merged(pieces)))
        return found

    def page_of(self, position: int) -> int:
        """Return the number of the page that shows a position, or else the last one that begins before it.

        Before the first word it is the first page with words; 1 where no page has any.
        """
        before = 0
        for number, page in enumerate(self.pages, 1):
            extent = page.extent()
            if extent is None:
                continue
            if extent[0] <= position < extent[1] and page.words_in(position, position + 1):
                return number
            if extent[0] <= position or not before:
                before = number
        return before or 1


def encode_pages(layout: PageLayout) -> bytes:
    """Return the JSON that `decode_pages` reads; the same layout always gives the same bytes."""
    pages = []
    for page in layout.pages:
        shown = [round(edge * _SCALE) for edge in page.shown]
        words = json.dumps(page.flat.tolist(), separators=(",", ":"))
        pages.append(f'{{"shown":{json.dumps(shown)},"words":{words}}}')
    left_out = json.dumps([list(item) for item in layout.left_out], ensure_ascii=False)
    return f'{{"left_out":{left_out},"pages":[{",".join(pages)}]}}'.encode()


def decode_pages(data: Mapping[str, Any]) -> PageLayout:
    """Return the layout held by parsed JSON of `encode_pages`."""
    return PageLayout(
        tuple(
            Page(Box(*(edge / _SCALE for edge in page["shown"])), array("i", page["words"])) for page in data["pages"]
        ),
        tuple(LeftOut(*item) for item in data["left_out"]),
    )


def read_pages(data: bytes, rest: float = 0.0) -> PageLayout:
    """Return the layout that `encode_pages` stored.

    The pages are read one by one with `rest` seconds between, so that a long layout does not hold up other threads.
    """
    decoder, text = json.JSONDecoder(), data.decode()
    place = text.index(_PAGES) + len(_PAGES)
    others = decode_pages(json.loads(text[:place] + "]}"))
    pages: list[Page] = []
    while text[place] != "]":
        page, place = decoder.raw_decode(text, place + (text[place] == ","))
        pages += decode_pages({"pages": [page], "left_out": ()}).pages
        if rest:
            time.sleep(rest)
    return replace(others, pages=tuple(pages))


def check_layout(layout: PageLayout, length: int) -> None:
    """Raise ValueError or TypeError unless a layout is one of a text of `length` code points, and can be drawn.

    A layout from outside, of a parser child or a project file, is checked before it is used.
    """
    for page in layout.pages:
        starts, ends = page.flat[0::_FIELDS], page.flat[1::_FIELDS]
        if len(page.flat) % _FIELDS or not all(map(lt, starts, ends)):
            raise ValueError("a page holds half a word")
        if starts and not (min(starts) >= 0 and max(ends) <= length):
            raise ValueError("a word lies outside the text")
        if not all(map(isfinite, page.shown)):
            raise ValueError("a page has no size")
    for page_number, kind, text in layout.left_out:
        if not (isinstance(page_number, int) and isinstance(kind, str) and isinstance(text, str)):
            raise ValueError("what was left out is no text")


def _clipped(word: Word, start: int, end: int) -> Box:
    length = word.end - word.start
    low, high = max(start, word.start) - word.start, min(end, word.end) - word.start
    if high - low == length:
        return word.box
    left, right = word.box.left, word.box.right
    width = (right - left) / length
    return word.box._replace(left=left + low * width, right=left + high * width)


def _merged(boxes: list[Box]) -> list[Box]:
    """Return the boxes with neighbours on one line, in the order of the text, made one."""
    merged = [boxes[0]]
    for box in boxes[1:]:
        last = merged[-1]
        if _are_neighbours(last, box):
            merged[-1] = Box(
                min(last.left, box.left),
                min(last.top, box.top),
                max(last.right, box.right),
                max(last.bottom, box.bottom),
            )
        else:
            merged.append(box)
    return merged


def are_on_one_line(one: Box, other: Box) -> bool:
    """Say whether two boxes overlap in height as the words of a line do."""
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap >= _LINE_OVERLAP * _lower_height(one, other)


def _are_neighbours(one: Box, other: Box) -> bool:
    gap = max(one.left, other.left) - min(one.right, other.right)
    return are_on_one_line(one, other) and gap <= _WORD_GAP * _lower_height(one, other)


def _lower_height(one: Box, other: Box) -> float:
    return min(one.bottom - one.top, other.bottom - other.top)
