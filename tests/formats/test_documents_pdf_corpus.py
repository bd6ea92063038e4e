"""Real PDFs: what kind of document comes out, and that its sentences are whole."""

import itertools

import pytest

from annotator.core.structure import Structure
from annotator.formats.documents.pdf.reader import read_pdf
from annotator.formats.documents.source import SourceFile
from tests.support import corpus

FOLDER = corpus()

pytestmark = pytest.mark.skipif(FOLDER is None, reason="The corpus is not there: set ANNOTATOR_CORPUS to its folder.")

# A few words of each file, among them some that stand on two lines, columns or pages.
KNOWN = {
    "2023-06-20-PV.pdf": [
        "l’estimation du coût des travaux de rénovation et de mise aux normes du bâtiment",
        "la demande de démolition 2023-0379;",
    ],
    "ag-energy-round-up-2017-02-24.pdf": ["Iowa\t1.35 - 1.42\t1.38 - 1.43\t1.27 - 1.35"],
    "annotations.pdf": ["Dummy PDF file"],
    "issue-336-example.pdf": ["其用地指标按表 7.6 中的系数进行调整。", "1.7333\t0.8667\t0.5333"],
    "issue-982-example.pdf": [
        "imagination is “the ability to form pictures or ideas in your mind”.",
        "starts at any point of the surface of this error function and makes a step",
        "some less-common, but interesting topics",
        "Networks and Deep Learning. Determination Press",
    ],
    "la-precinct-bulletin-2014-p1.pdf": ["NEEL KASHKARI\tREP\t247"],
    "nics-background-checks-2015-11-rotated.pdf": ["New Hampshire\t3,630\t4,847\t4,165"],
    "scotus-transcript-p1.pdf": ["The above-entitled matter came on for oral argument before the Supreme Court"],
    "senate-expenditures.pdf": ["CITIBANK - TRAVEL CBA CARD\t03/04/2019\t03/06/2019\tSTAFF TRANSPORTATION\t920.68"],
    "word365_structure.pdf": ["En-tête 1\tEn-tête 2\tEn-tête 3\nLigne 1\tAlouette\tFarfadet"],
}


@pytest.fixture(scope="module")
def documents():
    assert FOLDER
    paths = sorted((FOLDER / "pdf").glob("*.pdf"))
    return {path.name: read_pdf(SourceFile(path.name, path.read_bytes())) for path in paths}


def test_every_file_becomes_a_document(documents):
    assert set(documents) >= set(KNOWN)
    for name, document in documents.items():
        assert document.title and document.text and isinstance(document.structure, Structure), name
        assert document.warnings == (), name


def test_known_words_stand_in_each_text(documents):
    for name, sentences in KNOWN.items():
        for sentence in sentences:
            assert sentence in documents[name].text, name


def test_no_blank_space_is_left_over(documents):
    for name, document in documents.items():
        assert (
            "  " not in document.text and "\n\n\n" not in document.text and document.text == document.text.strip("\n")
        )
        assert not any(line.endswith(" ") or line.startswith(" ") for line in document.text.split("\n")), name


def test_words_are_in_order_and_within_the_text(documents):
    for name, document in documents.items():
        for page in document.pages.pages:
            words = list(page.words())
            assert all(one.end <= other.start for one, other in itertools.pairwise(words)), name
            assert all(document.text[word.start : word.end].strip() for word in words), name


def test_line_numbers_and_page_numbers_are_left_out(documents):
    assert (1, "line_number", "1–25") in documents["scotus-transcript-p1.pdf"].pages.left_out
    assert len(documents["issue-982-example.pdf"].pages.left_out) == 9
    assert documents["issue-982-example.pdf"].metadata["left_out"] == "page number 8, margin 1"
