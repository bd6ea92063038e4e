"""The kinds of source files that become documents.

How to add a reader:
1. write `documents/<kind>.py` with `read_<kind>(name, data) -> ReadDocument`;
2. add its line to `_FORMATS`, with the endings that it takes, and take those endings out of `_OTHER_KINDS`;
3. add `tests/formats/test_documents_<kind>.py`.

Readers are imported only when a file of their kind is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import PurePath

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.language import detect_language
from annotator.formats.documents.source import ReadDocument

Reader = Callable[[str, bytes], ReadDocument]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A kind of source file; `endings` are lower-case with their dot, `reader` is “module:function”."""

    name: str
    title: str
    endings: tuple[str, ...]
    reader: str

    def load(self) -> Reader:
        """Import the reader and return it."""
        module, function = self.reader.split(":")
        return getattr(import_module(f"annotator.formats.documents.{module}"), function)


_FORMATS = (
    DocumentFormat("markdown", "Markdown", (".md", ".markdown", ".mdown", ".mkd"), "markdown:read_markdown"),
    DocumentFormat("text", "plain text", (".txt", ".text", ""), "text:read_text"),
)
_DEFAULT = _FORMATS[-1]

_OTHER_KINDS = {
    ".pdf": "a PDF",
    ".docx": "a Word document",
    ".doc": "a Word document",
    ".odt": "an OpenDocument text",
    ".rtf": "a Rich Text file",
    ".epub": "an EPUB book",
    ".html": "a web page",
    ".htm": "a web page",
    ".xlsx": "a spreadsheet",
    ".pptx": "a presentation",
    ".zip": "a ZIP archive",
}
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a Rich Text file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"\x1f\x8b", "a compressed file"),
)


def document_formats() -> tuple[DocumentFormat, ...]:
    """Return the kinds of source files that can be read."""
    return _FORMATS


def reader_for(name: str, head: bytes) -> DocumentFormat:
    """Return the format of a file by its first bytes (16 are enough) and its name.

    Raises:
        DocumentReadError: The file is of a kind that this version does not read.
    """
    ending = PurePath(name).suffix.lower()
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if kind == "a ZIP archive":
        kind = _OTHER_KINDS.get(ending, kind)
    kind = kind or _OTHER_KINDS.get(ending)
    if kind:
        raise DocumentReadError(
            "“{file}” is {kind}; this version reads plain text and Markdown.",
            file=PurePath(name).name,
            kind=kind,
        )
    return next((known for known in _FORMATS if ending in known.endings), _DEFAULT)


def read_document(name: str, data: bytes, progress: Progress | None = None) -> ReadDocument:
    """Return a source file as a document, with its language; sentences are not split here.

    Args:
        name: The file's name, which shows its kind and stands in messages.
        data: The whole file.
        progress: Called with the name of each stage that begins.

    Raises:
        DocumentReadError: The file cannot become a document; the message says why and what to do.
    """
    check_size(name, len(data))
    report = progress or _no_progress
    read = reader_for(name, data[:16]).load()
    report("text")
    document = read(name, data)
    if document.language:
        return document
    report("language")
    return replace(document, language=detect_language(document.text))


def _no_progress(stage: str) -> None:
    """Take a stage and do nothing."""
