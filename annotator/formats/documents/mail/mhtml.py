"""Web pages saved as one file: the page itself is read as any web page, its pictures and styles are left."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import PurePath

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.charsets import is_utf8, python_encoding
from annotator.formats.documents.html.reader import read_page
from annotator.formats.documents.html.source import decode_html
from annotator.formats.documents.language import checked_language
from annotator.formats.documents.mail.mime import (
    content_type,
    header,
    header_date,
    parameter,
    parse_message,
    part_bytes,
    part_charset,
    parts,
)
from annotator.formats.documents.source import ReadDocument, SourceFile, iso_date, title_from

_PAGES = ("text/html", "application/xhtml+xml")
_WEB = ("http://", "https://")


def read_mhtml(source: SourceFile) -> ReadDocument:
    """Return the article of a saved web page as a document; its address is where it was saved from.

    Raises:
        DocumentReadError: The file holds no page, or a page without text.
    """
    message = parse_message(source.name, source.data)
    root = _root_page(source.name, message)
    decoded, warnings = _decode(source.name, root)
    page = read_page(source.name, decoded, source.progress)
    addresses = (header(message, "Snapshot-Content-Location"), header(root, "Content-Location"), page.facts.url)
    saved = header_date(message)
    return ReadDocument(
        text=page.text,
        structure=page.structure,
        title=page.title or header(message, "Subject") or title_from(page.text, source.name),
        language=checked_language(page.facts.language, page.text),
        date=page.facts.date or iso_date(PurePath(source.name).name),
        url=page.facts.url or next((address for address in addresses if address.startswith(_WEB)), ""),
        format="mhtml",
        metadata={**page.facts.metadata, **({"saved": saved} if saved else {})},
        warnings=(*warnings, *page.warnings),
    )


def _root_page(name: str, message: EmailMessage) -> EmailMessage:
    pages = [part for part in parts(message) if content_type(part) in _PAGES]
    start = parameter(message, "start")
    page = next((part for part in pages if start and header(part, "Content-ID") == start), None)
    if page is None and not pages:
        raise DocumentReadError(
            "“{file}” holds no web page: open it in a browser, save it as HTML or PDF, and import that.", file=name
        )
    return page or pages[0]


def _decode(name: str, root: EmailMessage) -> tuple[str, tuple[str, ...]]:
    """Return the page's text: what its part says of the encoding counts more than what the page says of itself."""
    data, encoding = part_bytes(root), python_encoding(part_charset(root))
    if encoding and not is_utf8(data):
        try:
            return decode_html(name, data.decode(encoding).encode("utf-8", "replace"))
        except UnicodeDecodeError:
            pass
    return decode_html(name, data)
