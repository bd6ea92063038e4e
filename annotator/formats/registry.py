"""The kinds of source files that become documents.

How to add a reader:
1. write `documents/<kind>.py`, or a package where a kind has more than one subject, with
   `read_<kind>(source: SourceFile) -> ReadDocument`; one whose files hold many documents returns an iterator of them
   and has `lists=True` in its line;
2. add its line to `_FORMATS`, with the endings that it takes, and what shows its kind to `documents/kinds.py`;
3. add `tests/formats/test_documents_<kind>.py`.

Readers are imported only when a file of their kind is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.kinds import kind_of
from annotator.formats.documents.language import detect_language
from annotator.formats.documents.source import ReadDocument, SourceFile


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A kind of source file; `endings` are lower-case with their dot, `reader` is “module:function”."""

    name: str
    title: str
    endings: tuple[str, ...]
    reader: str
    lists: bool = False

    def read(self, source: SourceFile) -> Iterator[ReadDocument]:
        """Yield the documents that the file holds: one, or one for each row of a list. Raises DocumentReadError."""
        module, function = self.reader.split(":")
        read: Any = getattr(import_module(f"annotator.formats.documents.{module}"), function)
        if self.lists:
            yield from read(source)
        else:
            yield read(source)


_FORMATS = (
    DocumentFormat("pdf", "PDF", (".pdf",), "pdf.reader:read_pdf"),
    DocumentFormat("docx", "Word", (".docx", ".docm", ".dotx"), "office.docx:read_docx"),
    DocumentFormat("odt", "OpenDocument", (".odt", ".fodt", ".ott"), "office.odt:read_odt"),
    DocumentFormat("rtf", "Rich Text", (".rtf",), "rtf.reader:read_rtf"),
    DocumentFormat("epub", "EPUB", (".epub",), "epub.reader:read_epub"),
    DocumentFormat("html", "web page", (".html", ".htm", ".xhtml"), "html.reader:read_html"),
    DocumentFormat("mhtml", "saved web page", (".mht", ".mhtml"), "mail.mhtml:read_mhtml"),
    DocumentFormat("email", "e-mail", (".eml",), "mail.email:read_email"),
    DocumentFormat("csv", "table of texts", (".csv", ".tsv"), "tables.csv:read_csv", lists=True),
    DocumentFormat("xlsx", "spreadsheet of texts", (".xlsx", ".xlsm"), "tables.xlsx:read_xlsx", lists=True),
    DocumentFormat("markdown", "Markdown", (".md", ".markdown", ".mdown", ".mkd"), "markdown.reader:read_markdown"),
    DocumentFormat("text", "plain text", (".txt", ".text", ""), "text:read_text"),
)
_BY_NAME = {known.name: known for known in _FORMATS}


def document_formats() -> tuple[DocumentFormat, ...]:
    """Return the kinds of source files that can be read."""
    return _FORMATS


def format_of(name: str, data: bytes) -> DocumentFormat:
    """Return the format of a file, by what its bytes show and else by its name.

    Raises:
        DocumentReadError: The file is of a kind that is not read.
    """
    by_ending = {ending: known.name for known in _FORMATS for ending in known.endings}
    return _BY_NAME[kind_of(name, data, by_ending)]


def read_documents(source: SourceFile) -> Iterator[ReadDocument]:
    """Yield the documents of a source file, each with its language; sentences are not split here.

    Raises:
        DocumentReadError: The file cannot become a document; the message says why and what to do.
    """
    check_size(source.name, len(source.data))
    source.progress("text")
    for document in format_of(source.name, source.data).read(source):
        if document.language:
            yield document
        else:
            source.progress("language")
            yield replace(document, language=detect_language(document.text))
