"""Small office files made in a test, and readers of the ranges of what came out."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.formats.registry import read_documents

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = {
    "office": f"{_ODF}:office:1.0",
    "text": f"{_ODF}:text:1.0",
    "table": f"{_ODF}:table:1.0",
    "style": f"{_ODF}:style:1.0",
    "draw": f"{_ODF}:drawing:1.0",
    "fo": f"{_ODF}:xsl-fo-compatible:1.0",
    "meta": f"{_ODF}:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
ODF_NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def relationships(entries: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def docx(body: str, links: str = "", title: str = "", **parts: str) -> bytes:
    """Return a Word file. `parts` are the contents of the parts of these names, as “styles”; `links` relationships."""
    related = "".join(f'<Relationship Id="p{n}" Type="{_OFFICE}/{n}" Target="{n}.xml"/>' for n in parts)
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relationships(
            f'<Relationship Id="m" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": relationships(related + links),
        "word/document.xml": word_part("document", f"<w:body>{body}</w:body>"),
        "docProps/core.xml": (
            f'<c:coreProperties xmlns:c="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c:coreProperties>'
        ),
    }
    return packed(members | {f"word/{name}.xml": word_part(name, content) for name, content in parts.items()})


def word_part(root: str, content: str) -> str:
    return (
        f'<w:{root} xmlns:w="{WORD}" xmlns:r="{_OFFICE}" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{content}</w:{root}>'
    )


def paragraph(text: str, properties: str = "", look: str = "") -> str:
    """Return a Word paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def odt(body: str, styles: str = "", automatic: str = "", **members: str) -> bytes:
    content = (
        f"<office:document-content {ODF_NAMESPACES}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    parts["styles.xml"] = (
        f"<office:document-styles {ODF_NAMESPACES}><office:styles>{styles}</office:styles></office:document-styles>"
    )
    return packed(parts | members)


def read(name: str, data: bytes, password: str = "") -> ReadDocument:
    """Return the one document of a file, read as the program does."""
    return next(read_documents(SourceFile(name, data, password)))


def ranges(document: ReadDocument, *kinds: str) -> list[tuple[str, int, str]]:
    """Return (kind, level, text) of the ranges of these kinds, a list item's text with its marker before it."""
    return [
        (r.kind, r.level, " ".join(filter(None, (r.data.get("marker"), document.text[r.start : r.end]))))
        for r in document.structure.ranges
        if r.kind in kinds
    ]
