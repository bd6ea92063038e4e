"""File → project → a real view → project → JSONL → another project: every quote stays the text at its offsets."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from annotator.core.text import normalise_newlines
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents
from annotator.session.session import Session
from annotator.ui.theme import load_theme
from annotator.ui.views.reading_view import ReadingView
from tests.support import PERSON

PIECES = [
    "We will help. ",
    "👩‍👩‍👧 ",
    "🇺🇦",
    "e\u0301a\u0308 ",
    "مرحبا بالعالم ",
    "שלום ",
    "Підтримка ",
    "\r\n",
    "\r",
    "\n\n",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\u0085",
    "\ufeff",
    "\u200b\u202e",
    "\0",
    "\t",
    "𝔸𝔹",
]


@given(
    pieces=st.lists(st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_offsets_hold_all_the_way(
    qtbot: QtBot, empty_project: Path, pieces: list[str], cuts: list[tuple[float, float]]
) -> None:
    source = "Start " + "".join(pieces) + " end"
    view = ReadingView(load_theme("light"))
    qtbot.addWidget(view)
    view.resize(600, 400)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("one", "two"):
            shutil.copy(empty_project, Path(folder) / f"{name}.annodb")
        expected = _tag_in_a_view(view, Path(folder), source, cuts)
        _check_dataset(Path(folder), expected)


def _tag_in_a_view(view: ReadingView, folder: Path, source: str, cuts: list[tuple[float, float]]) -> list[str]:
    quotes = []
    with Session(folder / "one.annodb", PERSON) as session:
        read = next(read_documents(SourceFile("text.txt", source.encode())))
        document = session.documents._add_pasted(read, source.encode())
        content = session.queries.content(document.id)
        assert content.text == normalise_newlines(source)
        view.set_document(content.text, content.structure, document.title, "")
        label = session.queries.codebook().labels[0].id
        for one, other in cuts:
            start, end = sorted((round(one * len(content.text)), round(other * len(content.text))))
            view.select(start, end)
            selected = view.selection()
            if selected is None:
                continue
            annotation = session.annotations.tag(document.id, label, [selected])
            assert session.queries.content(document.id).quote(annotation) == content.text[slice(*selected)]
            quotes.append(content.text[slice(*selected)])
        session.datasets.export(folder / "one.jsonl")
    return quotes


def _check_dataset(folder: Path, quotes: list[str]) -> None:
    with Session(folder / "two.annodb", PERSON) as session:
        session.datasets.load(folder / "one.jsonl")
        session.datasets.export(folder / "two.jsonl")
    assert (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()
    line = json.loads((folder / "two.jsonl").read_bytes())
    assert [span["quote"] for span in line["spans"]] == quotes
    assert all(line["text"][span["start"] : span["end"]] == span["quote"] for span in line["spans"])
