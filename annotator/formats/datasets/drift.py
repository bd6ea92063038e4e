"""Spans that lie beside their quotes: other programs count otherwise, or cut a text before they counted.

Positions are code points, half-open. Some exporters count UTF-16 units; where every quote of a document stands at its
place when it is counted so, and not otherwise, that is what was counted. Else a span whose quote stands elsewhere is
put where it stands, if there is one such place within reach and none as near.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from annotator.formats.datasets.checks import LineError, shortened
from annotator.formats.datasets.entries import SpanEntry, hull

REACH = 200
"""Code points by which a span may lie beside its quote."""

_CLEAR = 3
"""Code points by which the next place has to be further away than the one that is taken."""


class Drift:
    """Where the spans of one document belong, given what each of them says that it covers."""

    def __init__(self, text: str, spans: Sequence[SpanEntry]) -> None:
        self._text = text
        self._spans = spans

    def placed(self, span: SpanEntry) -> SpanEntry:
        """Return the span where its quote stands; the same one where it is there, or has no quote.

        Raises LineError where the quote stands nowhere near, or in two places that are as likely.
        """
        if "quote" not in span or self._covers(span):
            return span
        if self._counts_units:
            return self._from_units(span)
        return self._found(span)

    def _covers(self, span: SpanEntry) -> bool:
        start, end = hull(span)
        return self._text[start:end] == span.get("quote")

    @cached_property
    def _counts_units(self) -> bool:
        """Whether all spans with quotes stand at their places in UTF-16 units."""
        if all(ord(character) <= 0xFFFF for character in self._text):
            return False
        quoted = [span for span in self._spans if "quote" in span]
        return all(self._is_inside(span) and self._covers(self._from_units(span)) for span in quoted)

    def _is_inside(self, span: SpanEntry) -> bool:
        return max(map(max, span["fragments"])) < len(self._code_points)

    @cached_property
    def _code_points(self) -> list[int]:
        """The code point at which each UTF-16 unit begins, with one more for the end."""
        found = []
        for place, character in enumerate(self._text):
            found += [place] * (2 if ord(character) > 0xFFFF else 1)
        return [*found, len(self._text)]

    def _from_units(self, span: SpanEntry) -> SpanEntry:
        points = self._code_points
        fragments = [[points[start], points[end]] for start, end in span["fragments"]]
        return {**span, "fragments": fragments}

    def _found(self, span: SpanEntry) -> SpanEntry:
        start, end = hull(span)
        quote = span.get("quote", "")
        places = self._near(quote, start) if quote else []
        if not places or len(span["fragments"]) > 1:
            raise LineError(
                "the quote of span {span} is not the text from {start} to {end}: “{quote}”, not “{found}”.",
                span=span["id"],
                start=start,
                end=end,
                quote=shortened(quote),
                found=shortened(self._text[start:end]),
            )
        if len(places) > 1 and abs(places[1] - start) - abs(places[0] - start) < _CLEAR:
            raise LineError(
                "the quote of span {span} stands at {first} and at {second}, and not at {start}: “{quote}”.",
                span=span["id"],
                first=places[0],
                second=places[1],
                start=start,
                quote=shortened(quote),
            )
        return {**span, "fragments": [[places[0], places[0] + len(quote)]]}

    def _near(self, quote: str, start: int) -> list[int]:
        """Return where the quote stands within reach, the nearest first."""
        low, high = max(0, start - REACH), start + REACH + len(quote)
        found, place = [], self._text.find(quote, low, high)
        while place >= 0:
            found.append(place)
            place = self._text.find(quote, place + 1, high)
        return sorted(found, key=lambda one: abs(one - start))
