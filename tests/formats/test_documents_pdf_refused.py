"""Files that are locked, broken, or made to hold a reader for ever: each ends with one sentence, and soon."""

import random

import pytest
from pdfminer import pdftypes

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.formats.documents.pdf import limits as pdf_limits
from annotator.formats.documents.pdf.reader import read_pdf
from annotator.formats.documents.source import SourceFile
from tests.formats import pdf_samples


def read(data, password=""):
    return read_pdf(SourceFile("x.pdf", data, password))


def decoders():
    return [vars(pdftypes)[name] for name in ("zlib", "lzwdecode", "rldecode")]


def test_a_locked_file_asks_for_its_password():
    with pytest.raises(PasswordNeededError, match=r"“x\.pdf” is locked with a password"):
        read(pdf_samples.locked_pdf())
    with pytest.raises(PasswordNeededError, match="this password does not open it"):
        read(pdf_samples.locked_pdf(), "open")
    assert read(pdf_samples.locked_pdf(), "sesame").text == "The protocol is confidential."


def test_a_scan_is_sent_to_ocr():
    with pytest.raises(DocumentReadError, match=r"“x\.pdf” has no text layer: its pages are pictures"):
        read(pdf_samples.scanned_pdf(3))


def test_pages_without_text_are_named():
    page = pdf_samples.text(72, 500, "The border is closed.")
    document = read(pdf_samples.pages_pdf([page, "", page, ""]))
    assert document.warnings == ("Pages 2 and 4 held no text: what is printed there may be a picture.",)


def test_a_page_that_fails_alone_is_named():
    document = read(pdf_samples.half_broken_pdf())
    assert document.warnings == ("Page 2 could not be read and left no text: the file is damaged there.",)
    assert document.text.count("A sentence on a sound page.") == 2
    assert document.pages and len(document.pages.pages) == 3


def test_unknown_letters_are_counted():
    document = read(pdf_samples.unmapped_pdf())
    assert document.text == "Signed by \ufffd\ufffd\ufffd\ufffd\ufffd"
    assert document.warnings == ("The file does not say which letters 5 signs stand for: they are shown as “\ufffd”.",)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"hello" * 99, pdf_samples.text_pdf()[:300]])
def test_what_is_no_whole_pdf_is_refused(data):
    with pytest.raises(DocumentReadError, match=r"“x\.pdf” is damaged or incomplete"):
        read(data)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (pdf_samples.unknown_lock_pdf, "locked in a way that is not supported"),
        (pdf_samples.without_page_pdf, "has no pages"),
        (pdf_samples.page_loop_pdf, "has no pages"),
        (pdf_samples.endless_table_pdf, "damaged or incomplete"),
        (pdf_samples.deep_forms, "damaged or incomplete"),
        (pdf_samples.deep_array_pdf, "is empty"),
        (pdf_samples.self_drawing_form, "is empty"),
        (pdf_samples.glyph_bomb, "far more than a document does"),
        (pdf_samples.empty_bomb, "far more than a document does"),
        (pdf_samples.path_bomb, "far more than a document does"),
        (pdf_samples.flate_bomb, "far more than a document does"),
        (pdf_samples.run_length_bomb, "far more than a document does"),
        (pdf_samples.character_map_bomb, "far more than a document does"),
        (pdf_samples.width_bomb, "far more than a document does"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_would_never_end_is_refused(make, sentence):
    with pytest.raises(DocumentReadError, match=sentence):
        read(make())


def test_a_page_of_too_many_lines_is_read_in_part():
    stages = []
    document = read_pdf(SourceFile("x.pdf", pdf_samples.detailed_drawing(), progress=stages.append))
    assert document.text == "The map shows the border."
    assert document.warnings == ("Page 1 could be read in part only: a drawing there is too detailed.",)
    assert stages.count("page 1") > 3


@pytest.mark.timeout(60)
@pytest.mark.parametrize("make", [pdf_samples.scattered_bomb, pdf_samples.graph_paper], ids=lambda make: make.__name__)
def test_a_page_of_countless_parts_is_read_in_time(make):
    assert read(make()).text


def test_the_readable_part_of_a_damaged_stream_is_read():
    assert read(pdf_samples.damaged_stream_pdf()).text == "The beginning is sound."


def test_a_wrong_table_of_objects_is_built_anew():
    assert "condemned the attack" in read(pdf_samples.wrong_table_pdf()).text


def test_pdfminer_is_left_as_it_was():
    former = decoders()
    with pytest.raises(DocumentReadError):
        read(pdf_samples.run_length_bomb())
    assert decoders() == former


def test_a_stream_may_not_unpack_beyond_its_share(monkeypatch):
    monkeypatch.setattr(pdf_limits, "MAXIMUM_STREAM", 1000)
    with pytest.raises(DocumentReadError, match="far more than a document does"):
        read(pdf_samples.damaged_stream_pdf())


@pytest.mark.parametrize("seed", range(40))
def test_spoilt_bytes_never_end_in_another_error(seed):
    chance = random.Random(seed)
    data = bytearray(chance.choice([pdf_samples.text_pdf(), pdf_samples.half_broken_pdf(), pdf_samples.unmapped_pdf()]))
    for _ in range(chance.choice([1, 5, 40])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        assert read(bytes(data)).text
    except DocumentReadError as error:
        assert str(error).startswith("“x.pdf”")
