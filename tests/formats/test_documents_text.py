from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import DocumentReadError
from annotator.core.structure import FormatRange, Structure
from annotator.core.text import normalise_newlines
from annotator.formats.documents.encoding import MAXIMUM_BYTES, check_size, decode_text
from annotator.formats.documents.source import ReadDocument, SourceFile, decode_document, encode_document
from annotator.formats.documents.text import read_text
from annotator.formats.registry import format_of, read_documents

UKRAINIAN = (
    "Президент заявив, що союзники нададуть гарантії безпеки. Це рішення ухвалили на саміті, їхній підхід є спільним."
)
RUSSIAN = "Представитель заявил, что переговоры продолжатся. Объявлено о мерах поддержки и новых встречах."
FRENCH = "Les ministres réaffirment leur soutien. Ça a été décidé à l’unanimité, où qu’ils soient réunis."
POLISH = "Przywódcy państw członkowskich potwierdzili swoje zobowiązanie. Żołnierze są gotowi, źródła mówią o pięciu."
CZECH = "Předseda vlády řekl, že příští schůzka se uskuteční v září. Těšíme se na další jednání o bezpečnosti."


def zipped(member: str, content: str = "") -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr(member, content)
    return buffer.getvalue()


ordinary = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t"), min_size=1)


@given(ordinary.filter(lambda text: text.strip("\ufeff\xa0 \t\n\r") and not text.startswith("\ufeff")))
def test_plain_text_changes_in_its_newlines_only(text):
    assert read_text(SourceFile("a.txt", text.encode())).text == normalise_newlines(text)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8_u"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859_5"),
        (FRENCH, "cp1252"),
        (FRENCH.replace("’", "'"), "iso8859_1"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (CZECH, "cp1250"),
        (UKRAINIAN, "utf-16-le"),
        (FRENCH, "utf-16-be"),
    ],
)
def test_older_encodings_are_guessed_with_a_warning(text, encoding):
    decoded, warnings = decode_text("a.txt", text.encode(encoding))
    assert decoded == text
    assert len(warnings) == 1 and "guess" in warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_honoured_and_dropped(encoding):
    assert decode_text("a.txt", UKRAINIAN.encode(encoding)) == (UKRAINIAN, ())


def test_newlines_become_one_kind():
    assert decode_text("a.txt", b"a\r\nb\rc\nd\r\r\n") == ("a\nb\nc\nd\n\n", ())


def test_nul_stays_in_text():
    assert decode_text("a.txt", "до\0після, і ще слова".encode())[0] == "до\0після, і ще слова"


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 20, b"\x01\x02\x03\x04" * 50, b"\0" * 90 + b"abc", b"\xff\xfe\x00\x00\x00\xd8"]
)
def test_binary_is_refused(data):
    with pytest.raises(DocumentReadError, match=r"“a\.txt” is (not a text file|damaged)"):
        decode_text("a.txt", data)


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", "\xa0\n".encode()])
def test_empty_is_refused(data):
    with pytest.raises(DocumentReadError, match=r"“a\.txt” is empty"):
        decode_text("a.txt", data)


def test_size_is_refused_before_reading():
    check_size("a.txt", MAXIMUM_BYTES)
    with pytest.raises(DocumentReadError, match=r"“a\.txt” has 200 MiB and the limit is 64 MiB"):
        check_size("a.txt", 200 * 1024 * 1024)


def test_nearly_good_utf8_keeps_its_language_and_warns():
    text, warnings = decode_text("a.txt", UKRAINIAN.encode() + b"\xd0")
    assert text == UKRAINIAN + "\ufffd"
    assert "1 places" in warnings[0]


def test_title_and_date_of_plain_text():
    document = read_text(SourceFile("folder 2020-01-01/report-2024-02-30-2023-07-11.txt", b"\n  A title \n\ntext"))
    assert (document.title, document.date) == ("A title", "2023-07-11")
    assert read_text(SourceFile("long.txt", b"word " * 100)).title == "long"


def test_documents_survive_their_journey():
    structure = Structure((FormatRange("link", 0, 4, 0, {"url": "x"}),), ((0, 4),))
    document = ReadDocument("a\0бc", structure, "t", "uk", "2024-01-01", "u", "text", {"a": [1, None]}, ("w",))
    assert decode_document(encode_document(document)) == document


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.doc", b"", "an old Word document"),
        ("x.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Office document"),
        ("x", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("x.zip", zipped("a.txt"), "a ZIP archive"),
        ("x.pptx", zipped("ppt/presentation.xml"), "a presentation"),
    ],
)
def test_other_kinds_are_refused_by_name(name, data, kind):
    with pytest.raises(DocumentReadError, match=f"“{name}” is {kind}, which cannot be read"):
        format_of(name, data)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.MD", b"", "markdown"),
        ("a.txt", b"", "text"),
        ("README", b"", "text"),
        ("a.csv", b"", "csv"),
        ("a.pdf", b"", "pdf"),
        ("wrong.txt", b"%PDF-1.7", "pdf"),
        ("wrong.pdf", b"{\\rtf1", "rtf"),
        ("wrong.doc", zipped("word/document.xml"), "docx"),
        ("wrong.zip", zipped("META-INF/container.xml"), "epub"),
        ("wrong.docx", zipped("mimetype", "application/vnd.oasis.opendocument.text"), "odt"),
        ("wrong.docx", b"<?xml version='1.0'?>\n<!DOCTYPE html><html>", "html"),
        ("a.md", b"<html>", "markdown"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "docx"),
    ],
)
def test_bytes_count_more_than_the_ending(name, data, kind):
    assert format_of(name, data).name == kind


def test_a_truncated_archive_says_so():
    with pytest.raises(DocumentReadError, match=r"“x\.docx” is damaged or was cut off"):
        format_of("x.docx", zipped("word/document.xml")[:30])


def test_read_document_finds_the_language():
    assert next(read_documents(SourceFile("a.txt", UKRAINIAN.encode()))).language == "uk"
    assert next(read_documents(SourceFile("a.txt", b"Short."))).language == ""
