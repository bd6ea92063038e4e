import pytest

from annotator.core.errors import DocumentReadError
from annotator.workers.pool import ParserPool
from tests.formats.office_examples import ODF_NAMESPACES, docx, odt, packed, paragraph, read, word_part

BOMB = '<!DOCTYPE x [<!ENTITY a0 "ha">%s]>' % "".join(  # noqa: UP031
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
)


def nested_tables(depth):
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph("Inside.") + "</w:tc></w:tr></w:tbl>" * depth


def hostile_files():
    part = word_part("document", f"<w:body>{paragraph('&a9;')}</w:body>")
    external = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    good = docx(paragraph("Text."))
    yield "entities.docx", packed({"word/document.xml": BOMB + part}), "unpacks to far more|declares XML entities"
    entity = external + part.replace("&a9;", "&e;")
    yield "external.docx", packed({"word/document.xml": entity}), "declares XML entities"
    yield "truncated.docx", good[: len(good) // 2], "is damaged or was cut off"
    yield "path.docx", packed({"word/document.xml": part, "../x.xml": "x"}), "has a path that leads out of it"
    yield "bomb.docx", packed({"word/document.xml": part.replace("&a9;", " " * 50_000_000)}), "unpacks to far more"
    yield "cut.docx", packed({"word/document.xml": part[:-30].replace("&a9;", "x")}), "is damaged or was cut off"
    yield "empty.docx", docx(""), "is empty"
    yield "deep.docx", docx(nested_tables(100)), "is nested too deeply"
    yield "other.docx", packed({"word/document.xml": "<html/>"}), "is no Word document"
    yield "nothing.docx", packed({"word/document.xml": ""}), "is damaged or was cut off"
    content = odt("<text:p>&a9;</text:p>")
    yield "truncated.odt", content[: len(content) // 2], "is damaged or was cut off"
    mimetype = {"mimetype": "application/vnd.oasis.opendocument.text"}
    flat = (
        f"<office:document {ODF_NAMESPACES}><office:body><office:text><text:p>&a9;</text:p></office:text>"
        "</office:body></office:document>"
    )
    yield "entities.odt", packed(mimetype | {"content.xml": BOMB + flat}), "unpacks to far more|declares XML entities"
    yield "entities.fodt", (BOMB + flat).encode(), "unpacks to far more|declares XML entities"
    yield "empty.odt", odt("<text:p/>"), "is empty"
    yield "path.odt", packed(mimetype | {"content.xml": flat, "/etc/x": "x"}), "has a path that leads out of it"
    yield "deep.odt", odt("<text:section>" * 300 + "</text:section>" * 300), "is nested too deeply"
    yield "other.fodt", b"<?xml version='1.0'?><a/>", "is no OpenDocument text"
    yield "cut.fodt", flat[:-20].replace("&a9;", "x").encode(), "is damaged or was cut off"
    yield "missing.odt", packed(mimetype), r"lacks its part “content\.xml”"


def test_hostile_files_end_with_a_sentence_and_the_child_lives():
    with ParserPool(1) as pool:
        for name, data, message in hostile_files():
            with pytest.raises(DocumentReadError, match=message) as refusal:
                pool.read(name, data).result()
            assert type(refusal.value) is DocumentReadError, name
        assert pool.read("a.docx", docx(paragraph("Good."))).result()[0].text == "Good."


def test_honest_but_odd_files_are_read_in_a_child():
    link = (
        '<Relationship Id="{}" TargetMode="External" Target="file:///etc/{}" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"/>'
    )
    image = '<w:p><w:r><w:t>Shown.</w:t><w:drawing><a r:link="r1" xmlns="x"/></w:drawing></w:r></w:p>'
    outside = docx(image, link.format("r1", "hostname", "image") + link.format("r2", "passwd", "footnotes"))
    repeated = odt(
        '<table:table><table:table-row><table:table-cell table:number-columns-repeated="1000000"><text:p>a</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    with ParserPool(1) as pool:
        futures = [
            pool.read("tables.docx", docx(nested_tables(40))),
            pool.read("word.docx", docx(paragraph("x" * 1_000_000))),
            pool.read("many.docx", docx("".join(paragraph(f"We will act {n * n}.") for n in range(30_000)))),
            pool.read("outside.docx", outside),
            pool.read("word.odt", odt(f"<text:p>{'x' * 1_000_000}</text:p>")),
            pool.read("repeated.odt", repeated),
        ]
        texts = [future.result()[0].text for future in futures]
    assert texts[0] == "Inside." and len(texts[1]) == len(texts[4]) == 1_000_000
    assert texts[2].count("We will act ") == 30_000
    assert texts[3] == "Shown." and texts[5] == "a"


def test_any_flipped_byte_of_a_part_ends_in_a_document_or_a_refusal():
    numbered = paragraph("one", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    note = "<w:p><w:r><w:footnoteReference w:id='x'/><w:t>t</w:t></w:r></w:p>"
    content = word_part("document", f"<w:body>{numbered}{note}</w:body>").encode()
    for place in range(0, len(content), 3):
        damaged = content[:place] + bytes([content[place] ^ 0x15]) + content[place + 1 :]
        try:
            read("a.docx", packed({"word/document.xml": damaged}))
        except DocumentReadError:
            continue
