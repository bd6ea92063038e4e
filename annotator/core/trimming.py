"""What is cut off at the ends of a span before it is stored: white space, and quote marks that belong elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.boundaries import trim

TRIMS = ("nothing", "spaces", "quotes")
"""What may be cut off: nothing, white space, or white space and quote marks."""

Fragment = tuple[int, int]

_CLOSERS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "‘": "’", "‚": "‘’", '"': '"', "「": "」", "『": "』"}
_OPENERS = {
    closer: "".join(opener for opener, closers in _CLOSERS.items() if closer in closers)
    for closer in {closer for closers in _CLOSERS.values() for closer in closers} - {"’"}
}


def trimmed(text: str, fragments: Iterable[Fragment], what: str) -> tuple[Fragment, ...]:
    """Return the fragments without what is cut off at their ends; one of which nothing is left is left out.

    Quote marks go where their other half is not in the fragment, or where both halves stand at its ends. An apostrophe
    at the end stays. `what` is one of `TRIMS`.
    """
    cut = {"nothing": _as_it_is, "spaces": trim, "quotes": _trim_quotes}[what]
    pieces = (cut(text, start, end) for start, end in fragments)
    return tuple((start, end) for start, end in pieces if start < end and not text[start:end].isspace())


def _as_it_is(_text: str, start: int, end: int) -> Fragment:
    return start, end


def _trim_quotes(text: str, start: int, end: int) -> Fragment:
    while True:
        before = start, end = trim(text, start, end)
        if end - start < 2:
            return before
        first, last, inner = text[start], text[end - 1], text[start + 1 : end - 1]
        closers, openers = _CLOSERS.get(first, ""), _OPENERS.get(last, "")
        if last in closers and _closes_only_at_the_end(first, closers, inner):
            start, end = start + 1, end - 1
        elif closers and not any(closer in inner + last for closer in closers):
            start += 1
        elif openers and not any(opener in first + inner for opener in openers):
            end -= 1
        else:
            return before


def _closes_only_at_the_end(opener: str, closers: str, inner: str) -> bool:
    return not any(closer in inner for closer in closers) and (opener in closers or opener not in inner)
