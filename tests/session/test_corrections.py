"""What is corrected in a candidate before it is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.analysis.duplicates import sketch
from annotator.core.corrected_text import corrected_text
from annotator.core.errors import DocumentReadError
from annotator.core.structure import FormatRange, Structure
from annotator.formats.documents.source import ReadDocument
from annotator.session.corrections import corrected
from annotator.session.findings import Candidate, Twin
from annotator.session.importing import source_kinds
from annotator.session.session import Session

TEXT = "We will help if the council\n\nagrees to meet. We go on.\n\nAn end."


def candidate(text: str = TEXT) -> Candidate:
    ranges = tuple(FormatRange("paragraph", start, start + len(line)) for start, line in lines(text))
    sentences = ((0, 27), (29, 44), (45, 54), (56, 63))
    read = ReadDocument(text, Structure(ranges, sentences), "A title", language="en", sketch=sketch(text))
    return Candidate(Path("/a/b.txt"), "0" * 64, read)


def lines(text: str) -> list[tuple[int, str]]:
    return [(text.index(line), line) for line in text.split("\n\n")]


def sentences(one: Candidate) -> list[str]:
    return [one.read.text[start:end] for start, end in one.read.structure.sentences]


def test_a_joined_sentence_becomes_one_again() -> None:
    changed = corrected(candidate(), corrected_text(TEXT).joined(0).edits)
    assert sentences(changed) == ["We will help if the council agrees to meet.", "We go on.", "An end."]


def test_a_changed_text_is_sketched_anew() -> None:
    changed = corrected(candidate(), corrected_text(TEXT).leaving_out((1,), True).edits)
    assert changed.read.sketch == sketch(changed.read.text) != candidate().read.sketch


def test_new_text_has_sentences_and_other_lines_keep_theirs() -> None:
    changed = corrected(candidate(), corrected_text(TEXT).rewritten(2, 0, 7, "First. Second.").edits)
    assert sentences(changed)[:3] == sentences(candidate())[:3]
    assert sentences(changed)[3:] == ["First.", "Second."]


def test_no_sentence_crosses_a_block_on_the_same_line() -> None:
    text = "Pledge\tWe help you and go on."
    read = ReadDocument(text, Structure((FormatRange("heading", 0, 6),), ((0, 6), (7, len(text)))), "t", language="en")
    changed = corrected(Candidate(Path("/t"), "", read), corrected_text(text).rewritten(0, 27, 28, "n!").edits)
    assert sentences(changed)[0] == "Pledge"


def test_values_are_replaced_where_they_are_given() -> None:
    changed = corrected(candidate(), title="  Another\ntitle ", date="2024", url=" https://a.b ")
    assert (changed.read.title, changed.read.date, changed.read.url) == ("Another title", "2024", "https://a.b")
    assert changed.read.language == "en" and changed.read.text is candidate().read.text
    assert corrected(candidate(), language="").read.language == ""


def test_values_are_storable_and_a_title_is_never_blank() -> None:
    changed = corrected(candidate(), title=" \n", date="2024\0", url="https://a.b/\udcff")
    assert (changed.read.title, changed.read.date, changed.read.url) == ("A title", "2024", "https://a.b/")


def test_a_text_that_was_edited_is_no_longer_the_same_as_another() -> None:
    one = replace(candidate(), twins=(Twin("A title", "c.txt", True),))
    assert corrected(one, corrected_text(TEXT).leaving_out((1,), True).edits).twins[0].same is False
    assert corrected(one, title="Another").twins == one.twins


def test_a_text_that_is_left_out_as_a_whole_is_refused() -> None:
    with pytest.raises(DocumentReadError, match=r"“b.txt”.*Keep a paragraph"):
        corrected(candidate(), corrected_text(TEXT).leaving_out((0, 1, 2), True).edits)


def test_a_candidate_beside_is_compared_with(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "again.md"
    file.write_text(TEXT)
    found: list[object] = []
    session.documents.examine([file], found.append, beside=[candidate()])
    assert isinstance(found[0], Candidate)
    assert [(twin.title, twin.file, twin.same) for twin in found[0].twins] == [("A title", "b.txt", True)]


def test_the_kinds_that_can_be_imported_are_known() -> None:
    kinds = {kind.title: kind.endings for kind in source_kinds()}
    assert kinds["PDF"] == (".pdf",) and "" not in kinds["plain text"]


def test_listeners_are_told_of_all_that_is_stored(session: Session, tmp_path: Path) -> None:
    told: list[int] = []
    session.events.subscribe(lambda changes: told.append(len(list(changes.of("document")))))
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text(f"Text number {number}.")
    result = session.documents.import_files(sorted(tmp_path.glob("*.txt")))
    assert sum(told) == len(result.imported) == 8 and result.step
