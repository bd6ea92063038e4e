"""Messages in the format of e-mail, which saved web pages share: headers and parts that may all be broken."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.charsets import decode_labelled, python_encoding
from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.source import tidy_title

MOST_PARTS = 2000
LONGEST_HEADER = 20_000
"""Code points; a longer header is dropped, since the standard library would need minutes to take it apart."""

_LONG_HEADER = re.compile(rb"^content-[a-z-]{1,30}:(?=(?:[^\r\n]|\r?\n[ \t]){20000})", re.IGNORECASE | re.MULTILINE)
_BROKEN = (MessageError, ValueError, LookupError, AttributeError, TypeError, IndexError, KeyError, RecursionError)
"""What the standard library raises, besides what it documents, for headers and parts that break the rules."""


def parse_message(name: str, data: bytes) -> EmailMessage:
    """Return a message. Raises DocumentReadError if it is too large or nothing in it looks like one."""
    check_size(name, len(data))
    try:
        message = message_from_bytes(_LONG_HEADER.sub(b"X-Long:", data.lstrip(b"\r\n")), policy=policy.default)
    except _BROKEN as error:
        raise _not_message(name) from error
    if not isinstance(message, EmailMessage) or not message.keys():
        raise _not_message(name)
    for part in message.walk():
        for key in {key for key, value in part.raw_items() if len(str(value)) > LONGEST_HEADER}:
            del part[key]
    return message


def parts(message: EmailMessage) -> list[EmailMessage]:
    """Return the message's parts that hold no parts themselves, in order, and without those of attached messages."""
    found: list[EmailMessage] = []
    waiting = [message]
    while waiting and len(found) < MOST_PARTS:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting.extend(reversed([inner for inner in part.get_payload() if isinstance(inner, EmailMessage)]))
        else:
            found.append(part)
    return found


def header(message: EmailMessage, name: str) -> str:
    """Return a header decoded, on one line; an empty string if there is none, and as it stands if it is broken."""
    try:
        value = message[name]
        return tidy_title(str(value or ""))
    except _BROKEN:
        pass
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return tidy_title(_decoded(str(raw)))


def _decoded(raw: str) -> str:
    try:
        pieces = decode_header(raw)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(python_encoding(charset or "") or "utf-8", "replace")
            for piece, charset in pieces
        )
    except _BROKEN:
        return raw


def header_date(message: EmailMessage) -> str:
    """Return the message's date as ISO 8601, or an empty string."""
    try:
        return parsedate_to_datetime(header(message, "Date")).date().isoformat()
    except _BROKEN:
        return ""


def content_type(part: EmailMessage) -> str:
    """Return the part's type, such as “text/plain”."""
    try:
        return part.get_content_type()
    except _BROKEN:
        return "text/plain"


def is_attached(part: EmailMessage) -> bool:
    """Say whether a part calls itself attached."""
    try:
        return part.get_content_disposition() == "attachment"
    except _BROKEN:
        return False


def parameter(part: EmailMessage, name: str) -> str:
    """Return a parameter of the part's type, such as its `format`, or an empty string."""
    try:
        value = part.get_param(name, "")
    except _BROKEN:
        return ""
    return value.strip() if isinstance(value, str) else ""


def part_bytes(part: EmailMessage) -> bytes:
    """Return what a part holds, its transfer encoding undone as far as it goes."""
    try:
        payload = part.get_payload(decode=True)
    except _BROKEN:
        payload = None
    return payload if isinstance(payload, bytes) else b""


def part_text(name: str, part: EmailMessage) -> tuple[str, tuple[str, ...]]:
    """Return the text of a part, and warnings. Raises DocumentReadError if it is no text."""
    return decode_labelled(name, part_bytes(part), part_charset(part))


def part_charset(part: EmailMessage) -> str:
    """Return the encoding that a part says it is in, or an empty string."""
    try:
        return part.get_content_charset("") or ""
    except _BROKEN:
        return ""


def file_name(part: EmailMessage) -> str:
    """Return the name of an attached file on one line, or an empty string."""
    try:
        return tidy_title(part.get_filename() or "")
    except _BROKEN:
        return ""


def _not_message(name: str) -> DocumentReadError:
    return DocumentReadError(
        "“{file}” holds no message: save it again, or copy its text into a new document.", file=name
    )
