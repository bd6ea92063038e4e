import zipfile
from io import BytesIO

import pytest

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.epub.reader import read_epub
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import format_of
from annotator.workers.pool import ParserPool

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
NAMESPACES = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
FACTS = (
    "<dc:title>The Strait</dc:title><dc:creator>A. Pilot</dc:creator><dc:creator>B. Pilot</dc:creator>"
    "<dc:date>1921-05-03T00:00:00Z</dc:date><dc:language>uk-UA</dc:language><dc:identifier>urn:x:1</dc:identifier>"
)


def package(items, spine, facts=FACTS, guide=""):
    manifest = "".join(
        f'<item id="{name}" href="{address}" media-type="application/xhtml+xml" properties="{properties}"/>'
        for name, address, properties in items
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine)
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{facts}</metadata><manifest>{manifest}</manifest>'
        f"<spine>{order}</spine>{guide}</package>"
    )


def chapter(body):
    return f'<?xml version="1.0" encoding="utf-8"?><html {NAMESPACES}><head><title/></head><body>{body}</body></html>'


def packed(parts):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def book(**changes):
    """Return the parts of a book with a table of contents and two chapters, the second one first in the archive."""
    items = [("nav", "nav.xhtml", "nav"), ("two", "text/ch%202.xhtml", ""), ("one", "text/ch1.xhtml", "")]
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": package(items, ["nav", "one", "two"]),
        "OEBPS/nav.xhtml": chapter('<nav epub:type="toc"><ol><li>Chapter one</li></ol></nav>'),
        "OEBPS/text/ch 2.xhtml": chapter("<h1>Two</h1><p>The ships came&nbsp;back.</p>"),
        "OEBPS/text/ch1.xhtml": chapter("<h1>One</h1><p>The <i>strait</i> is open.</p><blockquote>Yes.</blockquote>"),
    }
    return parts | changes


def read(parts):
    return read_epub(SourceFile("book.epub", packed(parts)))


def test_chapters_come_in_reading_order_without_the_contents():
    document = read(book())
    assert document.text == "One\n\nThe strait is open.\n\nYes.\n\nTwo\n\nThe ships came\u00a0back."
    found = [(r.kind, document.text[r.start : r.end]) for r in document.structure.ranges]
    assert [part for kind, part in found if kind == "heading"] == ["One", "Two"]
    assert ("emphasis", "strait") in found and ("quote", "Yes.") in found
    starts = [r.start for r in document.structure.ranges]
    assert starts == sorted(starts)
    assert document.warnings == ()


def test_the_book_says_what_it_is():
    document = read(book())
    assert (document.title, document.date, document.language) == ("The Strait", "1921-05-03", "uk")
    assert document.metadata == {"author": ["A. Pilot", "B. Pilot"], "identifier": "urn:x:1"}
    assert format_of("book.zip", packed(book())).name == document.format == "epub"


def test_a_book_without_facts_is_called_by_its_first_heading():
    parts = book()
    parts["OEBPS/content.opf"] = package([("one", "text/ch1.xhtml", "")], ["one"], facts="")
    document = read(parts)
    assert (document.title, document.date, document.language, document.metadata) == ("One", "", "", {})


def test_contents_of_the_older_kind_are_left_out():
    parts = book()
    items = [("toc", "toc.html", ""), ("one", "text/ch1.xhtml", "")]
    guide = '<guide><reference type="toc" href="toc.html"/></guide>'
    parts["OEBPS/content.opf"] = package(items, ["toc", "one"], guide=guide)
    parts["OEBPS/toc.html"] = chapter("<p>Contents</p>")
    assert "Contents" not in read(parts).text


def test_a_missing_chapter_is_named_and_the_others_are_read():
    parts = book()
    del parts["OEBPS/text/ch 2.xhtml"]
    document = read(parts)
    assert document.text.endswith("Yes.")
    assert document.warnings == ("The book lacks parts that it lists: “OEBPS/text/ch 2.xhtml”. Their text is missing.",)


def test_an_address_that_leads_out_of_the_book_is_a_missing_part():
    parts = book()
    items = [("one", "text/ch1.xhtml", ""), ("out", "../../../etc/hostname", "")]
    parts["OEBPS/content.opf"] = package(items, ["one", "out"])
    document = read(parts)
    assert "“../../etc/hostname”" in document.warnings[0]
    assert document.text == "One\n\nThe strait is open.\n\nYes."


def encryption(algorithm, member):
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        f'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{algorithm}"/><CipherData>'
        f'<CipherReference URI="{member}"/></CipherData></EncryptedData></encryption>'
    )


def test_a_locked_book_is_refused():
    lock = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/text/ch%202.xhtml")
    with pytest.raises(DocumentReadError, match="is locked by its publisher"):
        read(book() | {"META-INF/encryption.xml": lock})


def test_fonts_that_are_made_unreadable_do_not_matter():
    lock = encryption("http://www.idpf.org/2008/embedding", "OEBPS/fonts/a.otf")
    assert read(book() | {"META-INF/encryption.xml": lock}).text.startswith("One")


def broken():
    good = packed(book())
    bomb = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    yield "cut.epub", good[: len(good) // 2], "is damaged or was cut off"
    parts = book() | {"OEBPS/content.opf": bomb + "]><package>&a9;</package>"}
    yield "bomb.epub", packed(parts), "The part “OEBPS/content.opf” of “bomb.epub” is damaged"
    yield "nothing.epub", packed(book() | {"OEBPS/content.opf": ""}), "is damaged"
    yield "spine.epub", packed(book() | {"OEBPS/content.opf": package([], [])}), "lists no chapters"
    yield "alone.epub", packed({"META-INF/container.xml": CONTAINER}), "is no complete e-book"
    pictures = {name: chapter("<img src='1.png'/>") for name in ("OEBPS/text/ch1.xhtml", "OEBPS/text/ch 2.xhtml")}
    yield "pictures.epub", packed(book() | pictures), "holds no text"
    yield "path.epub", packed(book() | {"../x": "x"}), "has a path that leads out of it"


def test_broken_books_are_refused_in_a_child_that_lives():
    with ParserPool(1) as pool:
        for name, data, message in broken():
            with pytest.raises(DocumentReadError, match=message) as refusal:
                pool.read(name, data).result()
            assert type(refusal.value) is DocumentReadError, name
        stages: list[str] = []
        [document] = pool.read("book.epub", packed(book()), staged=stages.append).result()
    assert document.text.startswith("One")
    assert "chapter 2" in stages


def test_entities_of_a_chapter_stay_what_they_are():
    parts = book()
    bomb = "<!DOCTYPE html [<!ENTITY a0 'ha'><!ENTITY a1 '&a0;&a0;'>]>"
    parts["OEBPS/text/ch1.xhtml"] = f"{bomb}<html {NAMESPACES}><body><p>&a1; text&#160;end</p></body></html>"
    assert read(parts).text.startswith("&a1; text\u00a0end")


@pytest.mark.parametrize("title", ["Unknown Title", "Unknown", "untitled", "---"])
def test_a_title_that_a_program_made_up_is_none(title):
    facts = FACTS.replace("The Strait", title)
    parts = book() | {"OEBPS/content.opf": package([("one", "text/ch1.xhtml", "")], ["one"], facts)}
    assert read_epub(SourceFile("book.epub", packed(parts))).title == "One"
