"""A text whose paragraphs are left out, joined, split and rewritten before it is frozen.

A paragraph is a line of the text that is not blank. It is kept as pieces: stretches of the text as it was read, and new
text between them. So whatever an editor does to the characters that it shows, what nobody touched stays as it was.
All positions are code points, half-open; values are immutable, and every correction returns a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, chain

from annotator.core.text_edits import TextEdit

_LINE = re.compile(r"[^\n]+")
_UNSPACED = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")
_WORD = re.compile(rf"{_UNSPACED.pattern}|(?:(?!{_UNSPACED.pattern})\S)+\s*|\s+")
_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """`[start, end)` of the text as it was read; where `text` is given, new text that stands before `start`."""

    start: int
    end: int
    text: str | None = None

    def __len__(self) -> int:
        """Return the number of code points that it shows."""
        return self.end - self.start if self.text is None else len(self.text)

    def cut(self, start: int, end: int) -> Piece:
        """Return the part `[start, end)` of what it shows."""
        if self.text is None:
            return Piece(self.start + start, self.start + end)
        return replace(self, text=self.text[start:end])


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands in the place of `[start, end)` of the text as it was read, and whether it is left out."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    left_out: bool = False

    @property
    def is_changed(self) -> bool:
        """Say whether it differs from what was read, apart from being left out."""
        return self.pieces != (Piece(self.start, self.end),)

    def shown(self, text: str) -> str:
        """Return the paragraph as it would be imported; `text` is what was read."""
        return "".join(text[piece.start : piece.end] if piece.text is None else piece.text for piece in self.pieces)

    def part(self, start: int, end: int) -> tuple[Piece, ...]:
        """Return the pieces of the part `[start, end)` of what it shows."""
        found, place = [], 0
        for piece in self.pieces:
            low, high = max(start - place, 0), min(end - place, len(piece))
            if low < high:
                found.append(piece.cut(low, high))
            place += len(piece)
        return tuple(found)


@dataclass(frozen=True, eq=False)
class CorrectedText:
    """The text as it was read, and its paragraphs in order."""

    text: str
    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def edits(self) -> tuple[TextEdit, ...]:
        """Return what was done as ordered, disjoint edits of the text as it was read."""
        return tuple(_edits(self._pieces(), len(self.text)))

    def shown(self, index: int) -> str:
        """Return a paragraph's text."""
        return self.paragraphs[index].shown(self.text)

    def leaving_out(self, indexes: Sequence[int], left_out: bool) -> CorrectedText:
        """Return the text with some paragraphs left out, or taken in again."""
        paragraphs = list(self.paragraphs)
        for index in indexes:
            paragraphs[index] = replace(paragraphs[index], left_out=left_out)
        return replace(self, paragraphs=tuple(paragraphs))

    def can_join(self, index: int) -> bool:
        """Say whether a paragraph and the next one are both there to be joined."""
        pair = self.paragraphs[index : index + 2]
        return index >= 0 and len(pair) == 2 and not any(paragraph.left_out for paragraph in pair)

    def joined(self, index: int) -> CorrectedText:
        """Return the text with a paragraph and the next one as one, a space between them where words are spaced."""
        one, other = self.paragraphs[index], self.paragraphs[index + 1]
        before, after = one.shown(self.text), other.shown(self.text)
        glued = bool(_UNSPACED.match(before[-1:]) and _UNSPACED.match(after[:1]))
        space = "" if glued or before[-1:].isspace() or after[:1].isspace() else " "
        between = (Piece(one.end, one.end, space),) if space else ()
        whole = Paragraph(one.start, other.end, _tidied((*one.pieces, *between, *other.pieces)))
        return self._with(index, 2, whole)

    def split(self, index: int, place: int) -> CorrectedText:
        """Return the text with a paragraph cut in two at a place of what it shows; white space around it goes."""
        paragraph = self.paragraphs[index]
        shown = paragraph.shown(self.text)
        before = len(shown[:place].rstrip())
        after = len(shown) - len(shown[place:].lstrip())
        if not before or after == len(shown):
            return self
        first, second = paragraph.part(0, before), paragraph.part(after, len(shown))
        end, start = _hull_end(first, paragraph.start), _hull_start(second, paragraph.end)
        halves = (Paragraph(paragraph.start, end, first), Paragraph(start, paragraph.end, second))
        return self._with(index, 1, *halves)

    def rewritten(self, index: int, start: int, end: int, text: str) -> CorrectedText:
        """Return the text with `[start, end)` of what a paragraph shows replaced; a blank one is left out."""
        paragraph = self.paragraphs[index]
        before, after = paragraph.part(0, start), paragraph.part(end, len(paragraph.shown(self.text)))
        anchor = _hull_end(before, paragraph.start)
        pieces = _tidied((*before, *((Piece(anchor, anchor, text),) if text else ()), *after))
        changed = replace(paragraph, pieces=pieces)
        if not changed.shown(self.text).strip():
            changed = replace(paragraph, left_out=True)
        return self._with(index, 1, changed)

    def _with(self, index: int, count: int, *paragraphs: Paragraph) -> CorrectedText:
        kept = (*self.paragraphs[:index], *paragraphs, *self.paragraphs[index + count :])
        return replace(self, paragraphs=kept)

    def _pieces(self) -> Iterator[Piece]:
        """Yield what the whole text would be made of."""
        if not self.paragraphs:
            yield Piece(0, len(self.text))
            return
        yield Piece(0, self.paragraphs[0].start)
        previous: Paragraph | None = None
        gaps: list[Piece] = []
        for before, paragraph in zip((None, *self.paragraphs), self.paragraphs, strict=False):
            if before is not None:
                gaps.append(Piece(before.end, paragraph.start))
            if paragraph.left_out:
                continue
            if previous is not None:
                yield self._widest(gaps)
            yield from paragraph.pieces
            previous, gaps = paragraph, []
        yield Piece(self.paragraphs[-1].end, len(self.text))

    def _widest(self, gaps: Sequence[Piece]) -> Piece:
        """Return the gap with most newlines, or a break of its own where the text has none between two paragraphs."""
        newlines = [self.text.count("\n", gap.start, gap.end) for gap in gaps]
        most = max(newlines)
        return gaps[newlines.index(most)] if most else Piece(gaps[0].start, gaps[0].start, _BREAK)


def corrected_text(text: str) -> CorrectedText:
    """Return a text as it was read, with nothing corrected; the time grows with its length."""
    spans = (line.span() for line in _LINE.finditer(text) if not line.group().isspace())
    return CorrectedText(text, tuple(Paragraph(start, end, (Piece(start, end),)) for start, end in spans))


def difference(before: str, after: str) -> tuple[int, int, str]:
    """Return the one stretch `[start, end)` of `before` that differs from `after`, and what stands there in `after`."""
    shortest = min(len(before), len(after))
    start = next((i for i in range(shortest) if before[i] != after[i]), shortest)
    rest = shortest - start
    tail = next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)
    return start, len(before) - tail, after[start : len(after) - tail]


def differences(before: str, after: str) -> list[tuple[int, int, str]]:
    """Return the stretches of `before` that differ, in order, and what stands in their place in `after`.

    The words that were left alone lie between them, so that what is tagged there is not replaced.
    """
    words, others = _WORD.findall(before), _WORD.findall(after)
    places = list(accumulate(map(len, words), initial=0))
    found: list[tuple[int, int, str]] = []
    for kind, low, high, other_low, other_high in SequenceMatcher(None, words, others).get_opcodes():
        if kind != "equal":
            old, new = "".join(words[low:high]), "".join(others[other_low:other_high])
            first, last, put = difference(old, new)
            found.append((places[low] + first, places[low] + last, put))
    return found


def _edits(pieces: Iterator[Piece], length: int) -> Iterator[TextEdit]:
    place, new = 0, ""
    for piece in chain(pieces, (Piece(length, length),)):
        if piece.text is not None:
            new += piece.text
        elif piece.start < piece.end or piece.start == length:
            if new or place < piece.start:
                yield TextEdit(place, piece.start, new)
            place, new = piece.end, ""


def _tidied(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces with neighbours that continue each other made one."""
    tidy: list[Piece] = []
    for piece in pieces:
        last = tidy[-1] if tidy else None
        if last is None or (last.text is None) != (piece.text is None):
            tidy.append(piece)
        elif piece.text is not None:
            tidy[-1] = replace(last, text=f"{last.text}{piece.text}")
        elif last.end == piece.start:
            tidy[-1] = Piece(last.start, piece.end)
        else:
            tidy.append(piece)
    return tuple(tidy)


def _hull_end(pieces: Sequence[Piece], default: int) -> int:
    return max((piece.end for piece in pieces), default=default)


def _hull_start(pieces: Sequence[Piece], default: int) -> int:
    return min((piece.start for piece in pieces), default=default)
