"""Everything hostile at once, between good files: each is refused or read, the good ones come in, memory stays low."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from annotator.session.importing import ImportResult
from annotator.session.session import Session
from tests.formats import pdf_samples
from tests.formats.office_examples import docx, packed, paragraph

GROWTH = 50 * 1024 * 1024
"""Bytes by which the program's own memory may grow over the whole batch."""

SENTENCE = "The two sides agreed to keep the crossing open. They will meet again in spring."
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def hostile_files() -> dict[str, bytes]:
    """Return files that were made to hold up, blow up or mislead a reader, by their names."""
    tables = "<table><tr><td>" * 40 + SENTENCE + "</td></tr></table>" * 40
    word = "x" * 1_000_000
    return {
        "brackets.md": b"[" * 20_000,
        "word.txt": word.encode(),
        "word.html": f"<html><body><p>{word}</p></body></html>".encode(),
        "tables.html": f"<html><body>{tables}</body></html>".encode(),
        "angles.html": b"<html>" + b"<" * 100_000,
        "surrogates.html": b"<html><body><p>Lone &#xD800; &#xDFFF; \xed\xa0\x80 signs of a text.</p></body></html>",
        "entities.xhtml": (LAUGHS + "]><html><body><p>&a9;</p></body></html>").encode(),
        "mixed.txt": ("Заява міністрів. " * 40).encode("cp1251") + ("Заява міністрів. " * 40).encode(),
        "wrong.txt": pdf_samples.text_pdf(),
        "wrong.docx": SENTENCE.encode(),
        "cut.docx": docx(paragraph(SENTENCE))[:400],
        "bomb.docx": packed({"word/document.xml": b" " * 70_000_000}),
        "path.epub": packed({"META-INF/container.xml": CONTAINER.format("../../etc/passwd"), "../evil": "x"}),
        "many.epub": packed({"META-INF/container.xml": "x"} | {f"{n}.xml": "" for n in range(10_001)}),
        "cut.pdf": pdf_samples.text_pdf()[:300],
        "empty.pdf": pdf_samples.without_page_pdf(),
        "xref.pdf": pdf_samples.wrong_table_pdf(),
        "locked.pdf": pdf_samples.locked_pdf(),
        "scan.pdf": pdf_samples.scanned_pdf(),
        "glyphs.pdf": pdf_samples.glyph_bomb(),
        "flate.pdf": pdf_samples.flate_bomb(),
        "loop.pdf": pdf_samples.page_loop_pdf(),
        "endless.pdf": pdf_samples.endless_table_pdf(),
    }


READ = {
    *("word.txt", "word.html", "tables.html", "surrogates.html", "mixed.txt", "wrong.txt", "xref.pdf"),
}
"""Those that hold an honest text after all."""

EITHER = {"angles.html", "entities.xhtml", "wrong.docx", "endless.pdf"}
"""Those that may be read or refused."""


def own_memory() -> int:
    with open("/proc/self/statm") as numbers:  # noqa: PTH123 - no file, but what the system tells
        return int(numbers.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def import_all(session: Session, folder: Path) -> ImportResult:
    for number, (name, data) in enumerate(hostile_files().items()):
        (folder / f"{number:02}-{name}").write_bytes(data)
        (folder / f"{number:02}-good.txt").write_text(f"{number}. {SENTENCE}", "utf-8")
    return session.documents.import_files([folder])


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a process how much memory it has.")
def test_a_batch_of_hostile_files_spoils_nothing(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "first.txt").write_text(SENTENCE, "utf-8")
    session.documents.import_files([tmp_path / "first.txt"])
    before = own_memory()
    result = import_all(session, folder)
    grown = own_memory() - before
    imported = {Path(done.file).name[3:] for done in result.imported}
    refused = {Path(failure.file).name[3:]: str(failure.error) for failure in result.failed}
    assert sum(Path(done.file).name.endswith("good.txt") for done in result.imported) == len(hostile_files())
    assert imported >= READ
    assert set(hostile_files()) - READ - EITHER <= set(refused)
    assert all(message.endswith(".") and "“" in message for message in refused.values()), refused
    assert not any("broke the reader" in message for message in refused.values()), refused
    assert grown < GROWTH, f"{grown / 1024 / 1024:.0f} MiB"
