import os
import re
from pathlib import Path

import pytest

from annotator.formats.documents.markdown.reader import read_markdown
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents

CORPUS = Path(os.environ.get("ANNOTATOR_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
RESIDUE = re.compile(r"\*|\]\(|</?\w|<!|\\|&\w+;|`|  |[\x02\x03]|^[ \t]|[ \t]$|\n\n\n", re.MULTILINE)
MARKS = re.compile(r"^(?:###|# # #|\*\*\*)$", re.MULTILINE)

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="The corpus is not there: set ANNOTATOR_CORPUS to its folder."
)


@pytest.fixture(scope="module")
def communiques():
    paths = sorted((CORPUS / "communiques").glob("*.md"))
    return {path: read_markdown(SourceFile(path.name, path.read_bytes())) for path in paths}


def test_no_markup_is_left(communiques):
    found = {p.name: RESIDUE.findall(MARKS.sub("", d.text).replace("\n\n\n", "\n\n")) for p, d in communiques.items()}
    assert {name: residue for name, residue in found.items() if residue} == {}


def test_every_communique_has_its_facts(communiques):
    assert len(communiques) > 100
    for path, document in communiques.items():
        assert document.title and document.date and document.url and not document.warnings, path.name
        assert document.date in path.name


def test_no_letter_of_a_paragraph_is_lost(communiques):
    words = re.compile(r"[^\W\d_]{4,}")
    for path, document in communiques.items():
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        body = re.sub(r"\]\([^)]*\)|https?://\S+|\[", "", re.sub(r"<[^>]*>|\*", "", body))
        assert words.findall(body) == words.findall(document.text), path.name


def test_every_bold_line_of_its_own_is_a_heading(communiques):
    for path, document in communiques.items():
        source = re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8").split("\n---\n", 1)[1])
        lines = re.findall(r"(?:^|\n[ \xa0]*\n)\*\*([^*\n]+)\*\*[ \xa0]*(?=\n|$)", source)
        expected = {" ".join(line.split()) for line in lines if re.search(r"[^\W\d_].*[^.!?,;”\s]\s*$", line)}
        headings = [document.text[r.start : r.end] for r in document.structure.ranges if r.kind == "heading"]
        assert expected <= {" ".join(heading.split()) for heading in headings}, path.name


def test_every_list_number_is_kept(communiques):
    for path, document in communiques.items():
        source = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        expected = re.findall(r"(?:\n\n|^)(\d+\.) ", source)
        markers = [r.data["marker"] for r in document.structure.ranges if r.kind == "list_item"]
        assert set(expected) <= set(markers), path.name


def test_declarations_in_many_languages_are_read_as_they_stand():
    for path in sorted((CORPUS / "udhr").glob("*.txt")):
        document = next(read_documents(SourceFile(path.name, path.read_bytes())))
        assert document.text == path.read_text(encoding="utf-8")
        assert document.language, path.name
