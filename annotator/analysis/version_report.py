"""What became of the spans between two versions, as a text in Markdown and as a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.analysis.version_comparison import SpanOutcome

_ORDER = (SpanOutcome.ADDED, SpanOutcome.CHANGED, SpanOutcome.DROPPED, SpanOutcome.WAITING, SpanOutcome.SAME)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("what", "label", "annotator", "earlier", "later", "earlier_start", "later_start")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One span: what became of it, its label and annotator by name, its words, and where it stands or stood."""

    outcome: SpanOutcome
    label: str
    annotator: str
    earlier: str
    later: str
    earlier_start: int | None
    later_start: int | None


def label_counts(rows: Iterable[ReportRow]) -> dict[str, Counter[SpanOutcome]]:
    """Return how many spans came, changed, went and stayed, by label, in the order of the rows."""
    counts: dict[str, Counter[SpanOutcome]] = {}
    for row in rows:
        counts.setdefault(row.label, Counter())[row.outcome] += 1
    return counts


def as_markdown(title: str, rows: Sequence[ReportRow], names: dict[SpanOutcome, str]) -> str:
    """Return the report as Markdown; `names` are what the outcomes are called."""
    lines = [f"# {_plain(title)}", ""]
    lines += [f"| | {' | '.join(names[outcome] for outcome in _ORDER)} |", "| --- |" + " ---: |" * len(_ORDER)]
    for label, counts in label_counts(rows).items():
        lines.append(f"| {_plain(label)} | " + " | ".join(str(counts[outcome]) for outcome in _ORDER) + " |")
    for outcome in _ORDER:
        chosen = [row for row in rows if row.outcome is outcome]
        if chosen:
            lines += ["", f"## {names[outcome]}", ""]
            lines += [_item(row) for row in chosen]
    return "\n".join(lines) + "\n"


def as_csv(rows: Iterable[ReportRow]) -> str:
    """Return the report as comma-separated values with CRLF; a cell that a table would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in rows:
        texts = [row.outcome.value, row.label, row.annotator, row.earlier, row.later]
        places = ["" if place is None else place for place in (row.earlier_start, row.later_start)]
        writer.writerow([*map(_no_formula, texts), *places])
    return out.getvalue()


def _item(row: ReportRow) -> str:
    words = " → ".join(f"“{_plain(quote)}”" for quote in (row.earlier, row.later) if quote)
    if row.outcome is SpanOutcome.SAME:
        words = f"“{_plain(row.later)}”"
    return f"- **{_plain(row.label)}** ({_plain(row.annotator)}): {words}"


def _plain(text: str) -> str:
    """Return the text on one line, with the signs of Markdown as they are."""
    line = " ".join(text.split())
    return "".join("\\" + sign if sign in "\\`*_[]<>|#" else sign for sign in line)


def _no_formula(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA_SIGNS) else cell
