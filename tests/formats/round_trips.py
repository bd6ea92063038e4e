"""Documents with everything that is awkward, which every format has to give back exactly as far as it holds them.

How to add a format: a row in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from annotator.formats.codebooks import default_codebook
from annotator.formats.datasets import exporting
from annotator.formats.datasets.entries import Entry, FormatContext, compared
from annotator.formats.datasets.exporting import ExportTask
from annotator.formats.datasets.registry import DatasetFormat, format_named
from annotator.formats.datasets.summary import WriteReport
from tests.formats.dataset_examples import document, relation, span

CODEBOOK = default_codebook()
LABELS = [label.key for label in CODEBOOK.labels[:4]]
TYPES = [one.key for one in CODEBOOK.relations[:2]]

PIECES = [
    "a ",
    "Ж",
    "\U0001f468‍\U0001f469",
    "e\u0301",
    "שלום ",
    "السلام",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\u0085",
    "\n",
    "\n\n",
    "\t",
]
PIECES += [
    '"',
    "\\",
    "<b>&amp;",
    ", ",
    "; ",
    "=1+1",
    "pledge ",
    "will provide ",
    "#",
    "|",
    "\ufeff",
    "B-x",
    "-DOCSTART-",
]


@dataclass(frozen=True)
class Case:
    """A format with options, as it is tried. `fit` makes of a line one that the format can have."""

    format: str
    options: tuple[tuple[str, str], ...] = ()
    fit: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    @property
    def entry(self) -> DatasetFormat:
        return format_named(self.format)

    def context(self) -> FormatContext:
        return FormatContext(CODEBOOK, self.entry.chosen(dict(self.options)))

    def target(self, folder: Path) -> Path:
        return folder / f"data{'' if self.entry.is_folder else self.entry.extensions[0]}"


FORMATS = [
    Case("sentences"),
    Case("sentences", (("level", "paragraph"), ("rule", "half"))),
    Case("sentences", (("rule", "start"), ("unread", "leave"))),
    Case("doccano"),
    Case("doccano", (("form", "triples"),)),
    Case("label-studio"),
    Case("label-studio", (("people", "email"),)),
    Case("prodigy"),
    Case("spacy"),
    Case("spacy", (("spans_key", "label"),)),
    Case("spacy", (("spans_key", "layer"),)),
    Case("conll"),
    Case("conll", (("columns", "two"), ("scheme", "bilou"), ("overlaps", "codebook"))),
    Case("conll", (("columns", "2003"), ("scheme", "iob1"), ("overlaps", "columns"))),
    Case("conll", (("columns", "conllu"), ("scheme", "bioes"))),
    Case("conll", (("columns", "conllu"), ("overlaps", "columns"))),
    Case("huggingface"),
    Case("huggingface", (("files", "parquet"),)),
    Case("huggingface", (("shape", "tokens"),)),
    Case("huggingface", (("files", "parquet"), ("shape", "tokens"))),
    Case("brat"),
    Case("cas-xmi"),
    Case("cas-json"),
    Case("w3c"),
    Case("refi-qda"),
    Case("csv"),
    Case("csv", (("use", "programs"), ("separator", "semicolon"))),
    Case("csv", (("separator", "tab"),)),
    Case("xlsx"),
    Case("xlsx", (("use", "programs"),)),
]


@st.composite
def documents(draw: st.DrawFn, number: int = 0) -> dict[str, Any]:
    """Return a dataset line: emoji, scripts that run right to left, nested, same, discontinuous spans, line breaks."""
    text = "".join(draw(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=30))) or "x"
    text = text.replace("\x00", "")
    text = text if text.strip() else "x"
    spans = []
    for i in range(draw(st.integers(0, 5))):
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=min(6, len(text) + 1))))
        fragments = [list(pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
        changes = {
            "label": draw(st.sampled_from(LABELS)),
            "score": draw(st.none() | st.floats(0, 1)),
            "note": draw(st.sampled_from(["", *PIECES])),
            "attributes": {"speaker": draw(st.sampled_from([None, "G7, leaders", "Ж\n"])), "timeframe": None},
            "annotator": draw(st.sampled_from(["a1", "a2"])),
            "layer": draw(st.sampled_from(["gold", "a1"])),
        }
        spans.append(span(text, fragments[0][0], fragments[-1][1], i, fragments=fragments, **changes))
    spans += [{**one, "id": one["id"] + "again"} for one in spans[:1]]
    ends = [one["id"] for one in spans]
    relations = []
    if len(ends) > 1:
        for i in range(draw(st.integers(0, 3))):
            pair = draw(st.permutations(ends))[:2]
            relations.append({**relation(pair[0], pair[1], i), "type": draw(st.sampled_from(TYPES))})
    return document(text, number, spans=spans, relations=relations, sentences=[], read=[[0, len(text)]])


def export(
    case: Case, target: Path, lines: Iterable[dict[str, Any]], context: FormatContext | None = None
) -> WriteReport:
    """Write lines in a format, verified."""
    return exporting.export(lines, ExportTask(case.entry, context or case.context(), target))


def read_back(case: Case, target: Path) -> list[Entry]:
    """Return the entries of a file, in its order."""
    return [compared(found) for _, found in case.entry.implementation().read(target, case.context())]  # type: ignore[arg-type]


def kept(case: Case, line: dict[str, Any], context: FormatContext | None = None) -> Entry:
    """Return what a format says that it keeps of a line."""
    return compared(case.entry.implementation().held(line, context or case.context()))
