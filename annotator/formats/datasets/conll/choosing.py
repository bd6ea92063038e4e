"""Which spans the tags of words can hold.

Positions are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.cut_words import cut
from annotator.formats.datasets.entries import Entry, FormatContext, SpanEntry, numbered
from annotator.formats.datasets.tokens import Run, Tokens, apart, tokens_of

OVERLAPS = "spans that share a word with one that stays"
WHITE = "white space and invisible characters at the edges of spans"
NO_WORD = "spans without a word"
LABELS = "spans whose label is not in the codebook"


def on_words(entry: Entry, context: FormatContext) -> Entry:
    """Return an entry with the spans that the tags hold; the others are counted."""
    text, losses = entry["text"], context.losses
    tokens = Tokens(words_of(entry))
    spans: list[SpanEntry] = []
    runs: list[Run] = []
    known = {label.key for label in context.codebook.labels} if context.options["overlaps"] == "columns" else None
    for span in entry["spans"]:
        run = tokens.run(span)
        if run is None:
            losses.add(NO_WORD, span["label"])
        elif known is not None and span["label"] not in known:
            losses.add(LABELS, span["label"])
        else:
            spans.append(span)
            runs.append(run)
    chosen = set(_chosen(runs, len(tokens.places), context))
    found: list[SpanEntry] = []
    for number, (span, run) in enumerate(zip(spans, runs, strict=True)):
        if number not in chosen:
            losses.add(OVERLAPS, _quoted(text, span))
            continue
        stretch = tokens.stretch(run)
        if [stretch] != span["fragments"]:
            losses.add(WHITE, _quoted(text, span))
        found.append({**span, "fragments": [stretch]})
    return numbered({**entry, "spans": found})


def words_of(entry: Entry) -> list[tuple[int, int]]:
    """Return the words of a document, cut at the edges of its spans."""
    edges = chain.from_iterable(chain.from_iterable(span["fragments"] for span in entry["spans"]))
    return cut(_tokens(entry["text"]), edges)


_tokens = lru_cache(maxsize=1)(tokens_of)
"""A text is looked at twice in a row, when it is seen what stays and when it is written."""


def _chosen(runs: Sequence[Run], count: int, context: FormatContext) -> list[int]:
    """Return the places of the runs that stay."""
    how = context.options["overlaps"]
    if how == "longest":
        return [place for place, _ in apart(runs)]
    order = {label.key: number for number, label in enumerate(context.codebook.labels)}
    by_label: dict[str, list[int]] = {}
    for place, run in enumerate(runs):
        by_label.setdefault(run.label, []).append(place)
    found: list[int] = []
    taken = bytearray(count)
    for label in sorted(by_label, key=lambda label: (order.get(label, len(order)), label)):
        free = [place for place in by_label[label] if not any(taken[runs[place].first : runs[place].last + 1])]
        stay = [free[number] for number, _ in apart(runs[place] for place in free)]
        found += stay
        for run in (runs[place] for place in stay if how == "codebook"):
            taken[run.first : run.last + 1] = b"\1" * (run.last + 1 - run.first)
    return found


def _quoted(text: str, span: Any) -> str:
    start, end = span["fragments"][0][0], span["fragments"][-1][1]
    return f"“{shortened(' '.join(text[start:end].split()), 40)}”"
