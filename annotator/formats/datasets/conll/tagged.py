"""A document as words with tags, in sentences that end in no span."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from annotator.core.errors import DatasetError
from annotator.formats.datasets.conll.choosing import words_of
from annotator.formats.datasets.entries import Entry, FormatContext
from annotator.formats.datasets.text_units import units_of
from annotator.formats.datasets.tokens import OUTSIDE, Run, Tokens


class Tagged:
    """The words of a document with a tag for each column; `names` are the labels of the columns, or [""] for one."""

    def __init__(self, entry: Entry, context: FormatContext) -> None:
        self.text = entry["text"]
        self.words = words_of(entry)
        tokens = Tokens(self.words)
        runs = [run for span in entry["spans"] if (run := tokens.run(span)) is not None]
        for run in runs:
            if any(character.isspace() or character == "|" for character in run.label):
                raise DatasetError(
                    "The label “{label}” has a space or a “|” in its name, which no tag can have. Rename it.",
                    label=run.label,
                )
        self.names = _names(context)
        scheme = context.options["scheme"]
        if self.names == [""]:
            self.columns = [tags(len(self.words), runs, scheme)]
        else:
            self.columns = [
                tags(len(self.words), [run for run in runs if run.label == name], scheme) for name in self.names
            ]
        self._ends = self._sentence_ends(entry, runs)

    def _sentence_ends(self, entry: Entry, runs: Sequence[Run]) -> list[int]:
        starts = [start for start, _ in self.words]
        ends = {bisect_left(starts, start) for start, _ in units_of(self.text, entry.get("sentences"))}
        inside = set()
        for run in runs:
            inside.update(range(run.first + 1, run.last + 1))
        return [*sorted(ends - inside - {0, len(starts)}), len(starts)]

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Yield the first word of each sentence, and the one after its last."""
        first = 0
        for end in self._ends:
            if first < end:
                yield first, end
            first = end

    def word(self, number: int) -> str:
        """Return a word as it stands in the text."""
        start, end = self.words[number]
        return self.text[start:end]

    def gap(self, number: int) -> str:
        """Return what stands between a word and the next one, or the end of the text."""
        end = self.words[number + 1][0] if number + 1 < len(self.words) else len(self.text)
        return self.text[self.words[number][1] : end]


def _names(context: FormatContext) -> list[str]:
    if context.options["overlaps"] != "columns":
        return [""]
    return [label.key for label in context.codebook.labels] or [""]


def tags(count: int, runs: Sequence[Run], scheme: str) -> list[str]:
    """Return a tag for each of `count` words, by a scheme: iob2, iob1, bilou or bioes."""
    found = [OUTSIDE] * count
    last, single = {"bilou": ("L", "U"), "bioes": ("E", "S")}.get(scheme, ("I", "B"))
    for run in sorted(runs, key=lambda run: run.first):
        found[run.first : run.last + 1] = [f"I-{run.label}"] * (run.last + 1 - run.first)
        if scheme == "iob1":
            follows = run.first > 0 and found[run.first - 1][2:] == run.label
            found[run.first] = f"{'B' if follows else 'I'}-{run.label}"
            continue
        found[run.first] = f"B-{run.label}"
        found[run.last] = f"{single if run.first == run.last else last}-{run.label}"
    return found
