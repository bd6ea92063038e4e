"""Reading a PDF beside pdfplumber's own words of the same pages, and what seven hundred pages leave in memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from annotator.formats.documents.pdf.reader import read_pdf
from annotator.formats.documents.source import SourceFile
from tests.benchmarks.repeated import measured, sized
from tests.formats.pdf_samples import lines, pages_pdf
from tests.support import corpus

_PAGES = sized(250, 700)
_ONE_LINE = "annotations.pdf"
"""Holds three words: opening it takes longer than reading it."""

_LINES = 45
_MOST_TIME = 1.1
_MOST_GROWTH = 50
_SENTENCE = "The delegation asked the council to consider clause {} of the draft before the vote."

_MEASURE = """
import resource, sys
from annotator.formats.documents.pdf.reader import read_pdf
from annotator.formats.documents.source import SourceFile

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024

data = sys.stdin.buffer.read()
seen = []
source = SourceFile("long.pdf", data, progress=lambda stage: seen.append(resident()))
document = read_pdf(source)
print(max(seen + [resident()]) - seen[9], len(document.pages.pages))
"""


def long_pdf(pages: int) -> bytes:
    """Return pages of running text, no two lines of them the same."""
    contents = [
        lines(730, [_SENTENCE.format(page * _LINES + line) for line in range(_LINES)], pitch=14)
        for page in range(pages)
    ]
    return pages_pdf(contents)


def plain_words(data: bytes) -> int:
    """Return the number of words that pdfplumber finds."""
    found = 0
    with pdfplumber.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            found += len(page.extract_words())
            page.close()
    return found


def _samples() -> list[tuple[str, bytes]]:
    folder = corpus()
    files = sorted((folder / "pdf").glob("*.pdf")) if folder else []
    real = [(path.name, path.read_bytes()) for path in files if path.name != _ONE_LINE]
    return [("own.pdf", long_pdf(8)), *real]


@pytest.mark.parametrize(("name", "data"), _samples(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_page_costs_little_more_than_its_words(
    name: str, data: bytes, side_by_side: Callable[..., tuple[float, float]], report: Callable[[str], None]
) -> None:
    def measure() -> tuple[float, float]:
        return side_by_side(lambda: read_pdf(SourceFile(name, data)), lambda: plain_words(data), runs=3)

    read, words = measured(measure, lambda times: times[0] <= _MOST_TIME * times[1])
    report(
        f"{name}: read {read:.0f} ms, pdfplumber's words {words:.0f} ms, ratio {read / words:.2f} (<= {_MOST_TIME})."
    )
    assert read <= 2 * _MOST_TIME * words


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="The system does not tell what a process holds.")
def test_many_pages_leave_little_in_memory(report: Callable[[str], None]) -> None:
    command = [sys.executable, "-c", _MEASURE]
    answer = subprocess.run(command, input=long_pdf(_PAGES), capture_output=True, check=True)
    growth, pages = map(int, answer.stdout.split())
    most = _MOST_GROWTH * _PAGES / 700
    report(f"{pages} pages of {_LINES} lines: {growth / 1024:.0f} MB more than after page 10 (< {most:.0f}).")
    assert pages == _PAGES
    assert growth < 1.5 * most * 1024
