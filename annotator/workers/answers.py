"""What a child may answer: it has read hostile bytes, so nothing that it says is believed before it is checked.

An answer that makes no sense raises FrameError, like bytes that are no frame.
"""

from __future__ import annotations

from string import Formatter
from typing import Any

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.core.pages import PageLayout, check_layout
from annotator.formats.documents.source import ReadDocument, decode_document
from annotator.workers.frames import FrameError

_LARGEST_HASH = 2**63


def document_in(payload: bytes) -> ReadDocument:
    """Return the document that an answer carries, all of whose positions lie in its text. Raises FrameError."""
    try:
        document = decode_document(payload)
        _check(document)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise FrameError("the answer holds no document") from error
    return document


def refusal_in(answer: dict[str, Any]) -> DocumentReadError | None:
    """Return the error that a last answer tells of: DocumentReadError or PasswordNeededError. Raises FrameError."""
    if answer.get("answer") != "refused":
        return None
    template, fields = answer.get("template"), answer.get("fields")
    if not isinstance(template, str) or not isinstance(fields, dict) or not _is_plain(template, fields):
        raise FrameError("the answer tells of no error")
    kind = PasswordNeededError if answer.get("error") == "password" else DocumentReadError
    return kind(template, **fields)


def _is_plain(template: str, fields: dict[str, Any]) -> bool:
    """Say whether a template holds nothing but the names of fields, and these are plain values."""
    try:
        parts = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(template)]
    except ValueError:
        return False
    named = all(name is None or (name in fields and not spec and not conversion) for name, spec, conversion in parts)
    return named and "template" not in fields and all(isinstance(value, str | int | float) for value in fields.values())


def _check(document: ReadDocument) -> None:
    """Raise ValueError unless a document is one that can be stored and shown."""
    texts = (document.text, document.title, document.language, document.date, document.url, document.format)
    if not all(isinstance(value, str) for value in (*texts, *document.warnings)):
        raise ValueError("a text is none")
    if not isinstance(document.metadata, dict):
        raise ValueError("the metadata have no names")
    if not all(type(value) is int and 0 <= value < _LARGEST_HASH for value in document.sketch):
        raise ValueError("the sketch holds no hashes")
    length = len(document.text)
    for place in document.structure.ranges:
        _check_stretch(place.start, place.end, length)
        if not (isinstance(place.kind, str) and type(place.level) is int and isinstance(place.data, dict)):
            raise ValueError("a range is of no kind")
    for start, end in document.structure.sentences:
        _check_stretch(start, end, length)
    check_layout(document.pages or PageLayout(), length)


def _check_stretch(start: int, end: int, length: int) -> None:
    if type(start) is not int or type(end) is not int or not 0 <= start <= end <= length:
        raise ValueError("a stretch lies outside the text")
