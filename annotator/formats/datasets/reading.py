"""Reading a labelled file of any format as whole dataset lines whose offsets hold.

What is wrong with one document or one span is a problem with a place and a reason. The first one ends the reading,
unless whoever reads wants the rest: then it is told, and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets import jsonl
from annotator.formats.datasets.checks import LineError, are_ordered, check_meaning
from annotator.formats.datasets.drift import Drift
from annotator.formats.datasets.ends import with_spans
from annotator.formats.datasets.entries import (
    BadEntry,
    Entry,
    EntryError,
    FormatContext,
    SpanEntry,
    completed,
    hull,
    with_lasting_ids,
)
from annotator.formats.datasets.exporting import CheckCancelled, Progress, never, no_progress
from annotator.formats.datasets.registry import DatasetFormat
from annotator.formats.datasets.summary import Summary

MOST_PROBLEMS = 10_000
"""Problems that are kept; a file with more is hardly of this format."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What of a file cannot come in: where (line or item, from 1), and why, as a sentence."""

    file: str
    place: int
    reason: str


@dataclass
class Reading:
    """One file, read as often as is asked; `context.losses` and `problems` tell of the last time.

    `skip` lets the rest come in where something is wrong; otherwise the first problem raises DatasetError.
    """

    format: DatasetFormat
    path: Path
    context: FormatContext
    skip: bool = False
    problems: list[Problem] = field(default_factory=list)
    moved: int = 0
    """How many spans lay beside their quotes and were put where these stand."""

    def check(self, progress: Progress = no_progress, cancel: CheckCancelled = never) -> Summary:
        """Read everything, keep nothing, and return what the file uses. Raises as `lines` does."""
        summary = Summary()
        for _, line in self.lines(progress, cancel):
            summary.add(line)
            summary.add_attributes(line)
        return summary

    def lines(
        self, progress: Progress = no_progress, cancel: CheckCancelled = never
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (place, whole dataset line), one at a time.

        Raises:
            DatasetError: The file is none of this format, or something in it is wrong; names file, place and remedy.
            UserError: The file cannot be opened.
        """
        self.problems.clear()
        self.context.losses.clear()
        self.moved = 0
        if self.format.name == "jsonl":
            yield from jsonl.read(self.path, losses=self.context.losses, progress=progress, cancel=cancel)  # type: ignore[misc]
            return
        places: dict[str, int] = {}
        texts: Counter[str] = Counter()
        for done, (place, entry) in enumerate(self.format.implementation().read(self.path, self.context), 1):
            cancel()
            line = self._line(place, entry)
            if line is None:
                continue
            if line["id"] == line["text_sha256"]:
                texts[line["id"]] += 1
                line["id"] += "" if texts[line["id"]] == 1 else f":{texts[line['id']]}"
            first = places.setdefault(line["id"], place)
            if first != place:
                self._note(place, LineError("document {id} was in place {first} already.", id=line["id"], first=first))
                continue
            progress(done, 0, self.path.name)
            yield place, line

    def _line(self, place: int, entry: Entry | BadEntry) -> dict[str, Any] | None:
        if isinstance(entry, BadEntry):
            self._note(place, entry.reason)
            return None
        try:
            return check_meaning(completed(with_lasting_ids(self._sound(place, entry))))
        except (LineError, EntryError) as problem:
            self._note(place, problem)
            return None

    def _sound(self, place: int, entry: Entry) -> Entry:
        """Return an entry whose spans lie in the text where their quotes stand, without those that do not."""
        drift = Drift(entry["text"], entry["spans"])
        spans = []
        for span in entry["spans"]:
            try:
                spans.append(self._placed(span, entry["text"], drift))
            except LineError as problem:
                self._note(place, problem)
        if len(spans) == len(entry["spans"]):
            return {**entry, "spans": spans}
        return with_spans(entry, spans)  # pyright: ignore[reportReturnType]

    def _placed(self, span: SpanEntry, text: str, drift: Drift) -> SpanEntry:
        if not span["label"]:
            raise LineError("span {span} has no label.", span=span["id"])
        placed = drift.placed(span)
        if placed is not span:
            self.moved += 1
        start, end = hull(placed)
        if not are_ordered(placed["fragments"]) or end > len(text):
            raise LineError(
                "span {span} is {start} to {end}, which is no stretch of a text of {length} characters.",
                span=span["id"],
                start=start,
                end=end,
                length=len(text),
            )
        return placed

    def _note(self, place: int, reason: UserError) -> None:
        file = self.path.name
        if not self.skip:
            raise DatasetError(
                "{file}, {place}: {reason} Nothing was changed. Mend the file, or let the rest of it come in.",
                file=file,
                place=place,
                reason=str(reason),
            ) from reason
        if len(self.problems) >= MOST_PROBLEMS:
            raise DatasetError(
                "{file} has more than {count} problems. Is this the right format? Nothing was changed.",
                file=file,
                count=MOST_PROBLEMS,
            )
        self.problems.append(Problem(file, place, str(reason)))
