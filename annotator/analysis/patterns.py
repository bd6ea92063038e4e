"""Words or a regular expression to look for in many texts; an expression that would take for ever is given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from annotator.core.errors import UserError
from annotator.core.records import Fragment

KINDS = ("plain", "words", "expression")
"""The words anywhere, as whole words, or a regular expression."""

TIME_LIMIT = 2.0
"""Seconds that an expression may take for one text."""

LONGEST = 2000
"""Code points that a pattern may have."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is looked for; `kind` is one of `KINDS`. In words all white space is alike."""

    words: str
    kind: str = "plain"
    match_case: bool = False


class Finder:
    """A pattern made ready. Raises UserError for one that is empty, too long or no regular expression."""

    def __init__(self, pattern: Pattern) -> None:
        if not pattern.words.strip():
            raise UserError("There is nothing to look for. Type some words.")
        if len(pattern.words) > LONGEST:
            raise UserError("The pattern is longer than {count} characters. Shorten it.", count=LONGEST)
        flags = regex.VERSION0 | (0 if pattern.match_case else regex.IGNORECASE)
        try:
            self._expression = regex.compile(_source(pattern), flags)
        except (regex.error, RecursionError, OverflowError) as error:
            raise UserError("This is no regular expression: {reason}.", reason=str(error).rstrip(".")) from error

    def find(self, text: str) -> Iterator[Fragment]:
        """Yield the places in a text as `[start, end)` in code points, in order; empty ones are left out.

        Other threads go on meanwhile. Raises UserError where the expression takes too long.
        """
        try:
            for match in self._expression.finditer(text, timeout=TIME_LIMIT, concurrent=True):
                if match.end() > match.start():
                    yield match.span()
        except TimeoutError as error:
            raise UserError(
                "The expression takes longer than {seconds} s for one text. Make it simpler: avoid repeats in repeats, "
                "as in (a+)+.",
                seconds=f"{TIME_LIMIT:g}",
            ) from error


def _source(pattern: Pattern) -> str:
    if pattern.kind == "expression":
        return pattern.words
    source = r"\s+".join(map(regex.escape, pattern.words.split()))
    return rf"(?<!\w){source}(?!\w)" if pattern.kind == "words" else source
