"""Opens a PDF and gives its pages, with a sentence for each way in which a file can be broken or locked."""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.formats.documents.pdf.limits import PdfLimitError
from annotator.formats.documents.source import SourceFile

# pdfminer takes a file at its word: a number where a name should stand, a missing entry, a reference to nothing or to
# itself, a font cut short end in whatever Python makes of them. PSException is the base of its own errors.
_PLAIN = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
    NameError,
    struct.error,
)


class CutShortError(Exception):
    """The list of pages is damaged behind the pages that were found."""


def broken_errors() -> tuple[type[Exception], ...]:
    """Return the errors that pdfminer and pdfplumber end in when a file or a page of it is broken."""
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    return (PSException, PdfminerException, MalformedPDFException, *_PLAIN)


def resolved(value: Any) -> Any:
    """Return what a reference leads to, or None where the file is damaged there: for what a page can do without."""
    from pdfminer.pdftypes import resolve1

    try:
        return resolve1(value)
    except broken_errors():
        return None


def open_pdf(source: SourceFile) -> Any:
    """Return the opened file as pdfplumber's PDF.

    Raises:
        PasswordNeededError: No password or a wrong one was given.
        DocumentReadError: The file is no PDF, is damaged, or is locked in a way that is not known.
    """
    import pdfplumber

    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return pdfplumber.open(BytesIO(source.data), password=source.password, raise_unicode_errors=False)
    except broken_errors() as error:
        raise _refusal(source, _cause(error)) from error


def page_objects(source: SourceFile, pdf: Any) -> Iterator[Any]:
    """Yield pdfminer's pages in order.

    Raises:
        CutShortError: The list of pages is damaged behind those that were given.
        DocumentReadError: There is no page.
    """
    from pdfminer.pdfpage import PDFPage

    count = 0
    try:
        for page in PDFPage.create_pages(pdf.doc):
            count += 1
            yield page
            _forget_content(pdf.doc, page)
    except broken_errors() as error:
        cause = _cause(error)
        if isinstance(cause, PdfLimitError):
            raise cause from error
        raise (CutShortError() if count else damaged(source)) from error
    if not count:
        raise DocumentReadError("“{file}” has no pages: save it as a PDF once more and import that.", file=source.name)


def _forget_content(document: Any, page: Any) -> None:
    """Drop the drawing orders of a page, which pdfminer keeps unpacked for the life of the document."""
    for content in page.contents:
        document._cached_objs.pop(getattr(content, "objid", None), None)


def damaged(source: SourceFile) -> DocumentReadError:
    """Return the error for a file that cannot be read as a PDF."""
    return DocumentReadError(
        "“{file}” is damaged or incomplete: fetch it again, or open it in a PDF viewer and save it anew.",
        file=source.name,
    )


def excessive(source: SourceFile) -> DocumentReadError:
    """Return the error for a file that would take too much memory or time."""
    return DocumentReadError(
        "“{file}” draws or unpacks far more than a document does, so reading it was stopped: "
        "print it to a new PDF and import that.",
        file=source.name,
    )


def _cause(error: BaseException) -> BaseException:
    """Return the error that pdfplumber has wrapped."""
    while error.args and isinstance(error.args[0], BaseException):
        error = error.args[0]
    return error


def _refusal(source: SourceFile, cause: BaseException) -> DocumentReadError:
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    if isinstance(cause, PDFPasswordIncorrect):
        if source.password:
            return PasswordNeededError("“{file}” is locked, and this password does not open it.", file=source.name)
        return PasswordNeededError("“{file}” is locked with a password.", file=source.name)
    if isinstance(cause, PDFEncryptionError):
        return DocumentReadError(
            "“{file}” is locked in a way that is not supported: open it in a PDF viewer and print it to a new PDF.",
            file=source.name,
        )
    if isinstance(cause, PdfLimitError):
        return excessive(source)
    if isinstance(cause, MemoryError):
        raise cause
    return damaged(source)
