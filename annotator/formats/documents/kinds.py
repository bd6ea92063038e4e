"""What kind of file some bytes are: what they begin with counts more than the name's ending, which may be wrong."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePath

from annotator.core.errors import DocumentReadError

_HEAD = 1024
_OTHER_ENDINGS = {
    ".doc": "an old Word document",
    ".xls": "an old spreadsheet",
    ".ppt": "a presentation",
    ".pptx": "a presentation",
    ".zip": "a ZIP archive",
    ".pages": "a Pages document",
}
_OTHER_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("META-INF/container.xml", "epub"))
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_MHTML = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def kind_of(name: str, data: bytes, by_ending: Mapping[str, str]) -> str:
    """Return the name of the format that reads a file.

    Args:
        name: The file's name.
        data: The whole file.
        by_ending: The format for each ending that is read, lower-case with its dot.

    Raises:
        DocumentReadError: The file is of a kind that is not read.
    """
    ending = PurePath(name).suffix.lower()
    head = data[:_HEAD]
    shown = _shown_by_bytes(name, ending, head, data)
    if shown:
        return shown
    other = next((kind for magic, kind in _OTHER_MAGIC if head.startswith(magic)), None) or _OTHER_ENDINGS.get(ending)
    if other:
        raise refused(name, other)
    return by_ending.get(ending, "text")


def refused(name: str, kind: str) -> DocumentReadError:
    """Return the error for a file of a kind that is not read."""
    template = "“{file}” is {kind}, which cannot be read: save its text as PDF, DOCX, HTML or plain text."
    return DocumentReadError(template, file=PurePath(name).name, kind=kind)


def _shown_by_bytes(name: str, ending: str, head: bytes, data: bytes) -> str:
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_ZIP):
        return _zip_kind(name, data)
    if head.startswith(_OLD_OFFICE):
        return _encrypted_office(name, ending, data)
    if _HTML.match(head):
        return "html" if ending not in (".md", ".markdown", ".eml", ".mht", ".mhtml", ".fodt") else ""
    if ending == ".eml" and _MHTML.search(head) and b"Snapshot-Content-Location" in head:
        return "mhtml"
    return ""


def _zip_kind(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            first = archive.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise DocumentReadError(
            "“{file}” is damaged or was cut off ({reason}): get it again from where it came.",
            file=name,
            reason=str(error) or "no directory",
        ) from error
    if first.startswith(_OPEN_DOCUMENT):
        return "odt"
    kind = next((kind for part, kind in _PARTS if part in names), "")
    if not kind:
        raise refused(name, _OTHER_ENDINGS.get(PurePath(name).suffix.lower(), "a ZIP archive"))
    return kind


def _encrypted_office(name: str, ending: str, data: bytes) -> str:
    """Return the format of a locked Word or Excel file, which is wrapped as the old ones are."""
    if "EncryptedPackage".encode("utf-16-le") not in data:
        raise refused(name, "an old Office document")
    return "xlsx" if ending in (".xlsx", ".xlsm") else "docx"
