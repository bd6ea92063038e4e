"""E-mails: the message's own text with its quotations; what is attached is named and not read."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from annotator.core.errors import DocumentReadError
from annotator.core.structure import Structure
from annotator.formats.documents.html.source import decode_html
from annotator.formats.documents.html.tree import html_text, parse_html
from annotator.formats.documents.language import checked_language, two_letters
from annotator.formats.documents.mail.email_lines import plain_text
from annotator.formats.documents.mail.mime import (
    content_type,
    file_name,
    header,
    header_date,
    is_attached,
    parameter,
    parse_message,
    part_bytes,
    part_charset,
    part_text,
    parts,
)
from annotator.formats.documents.source import ReadDocument, SourceFile, short_title, storable, title_from

SUBSTANTIAL = 0.5
"""Plain text with less than this part of the letters of the HTML beside it only says that there is HTML."""

_HEADERS = ("from", "to", "cc")
_LOCKED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted", "application/pgp-encrypted")
_PGP = "-----BEGIN PGP MESSAGE-----"
_MOST_NAMED = 10
_LONGEST_NAME = 80


def read_email(source: SourceFile) -> ReadDocument:
    """Return the text of an e-mail as a document: its subject is the title, its day the date.

    Raises:
        DocumentReadError: The file is no message, is encrypted, or has no text of its own.
    """
    name = source.name
    message = parse_message(name, source.data)
    _check_encryption(name, message)
    found = parts(message)
    source.progress("message")
    text, structure, warnings = _body(name, [part for part in found if not _is_attached(part)])
    subject = header(message, "Subject")
    named = {key: header(message, key) for key in _HEADERS}
    return ReadDocument(
        text=text,
        structure=structure,
        title=short_title(subject) or title_from(text, name),
        language=checked_language(two_letters(header(message, "Content-Language")), text),
        date=header_date(message),
        format="email",
        metadata={key: value for key, value in named.items() if value},
        warnings=(*warnings, *_attachment_warning(found)),
    )


def _check_encryption(name: str, message: EmailMessage) -> None:
    if any(content_type(part) in _LOCKED for part in message.walk() if isinstance(part, EmailMessage)):
        raise _encrypted(name)


def _encrypted(name: str) -> DocumentReadError:
    return DocumentReadError(
        "“{file}” is encrypted or sealed: open it in the mail program that has the key, save its text, "
        "and import that.",
        file=name,
    )


def _is_attached(part: EmailMessage) -> bool:
    return is_attached(part) or content_type(part) not in ("text/plain", "text/html")


def _body(name: str, texts: Sequence[EmailMessage]) -> tuple[str, Structure, tuple[str, ...]]:
    plain = [part for part in texts if content_type(part) == "text/plain" and part_bytes(part).strip()]
    marked_up = [part for part in texts if content_type(part) == "text/html" and part_bytes(part).strip()]
    from_html = _html_body(name, marked_up[0]) if marked_up else None
    if plain:
        from_plain = _plain_body(name, plain)
        if from_html is None or len(from_plain[0].split()) >= SUBSTANTIAL * len(from_html[0].split()):
            return from_plain
    if from_html is None or not from_html[0].strip():
        raise DocumentReadError(
            "“{file}” has no text of its own: save what is attached to it, and import that.", file=name
        )
    return from_html


def _html_body(name: str, part: EmailMessage) -> tuple[str, Structure, tuple[str, ...]]:
    if part_charset(part):
        decoded, warnings = part_text(name, part)
    else:
        decoded, warnings = decode_html(name, part_bytes(part))
    text, structure = html_text(parse_html(name, decoded))
    return text, structure, warnings


def _plain_body(name: str, plain: Sequence[EmailMessage]) -> tuple[str, Structure, tuple[str, ...]]:
    texts: list[str] = []
    warnings: tuple[str, ...] = ()
    for part in plain:
        decoded, noted = part_text(name, part)
        texts.append(storable(decoded).strip("\n"))
        warnings = (*warnings, *noted)
    if any(text.lstrip().startswith(_PGP) for text in texts):
        raise _encrypted(name)
    flowed = all(parameter(part, "format").lower() == "flowed" for part in plain)
    delete_space = all(parameter(part, "delsp").lower() == "yes" for part in plain)
    text, structure = plain_text("\n\n".join(texts), flowed, delete_space)
    return text, structure, tuple(dict.fromkeys(warnings))


def _attachment_warning(found: Sequence[EmailMessage]) -> tuple[str, ...]:
    """Return a sentence that names the attached files; pictures that belong to the text are none."""
    names: list[str] = []
    for part in found:
        is_picture = content_type(part).startswith("image/") and not is_attached(part)
        is_named = bool(file_name(part)) or content_type(part).startswith("message/")
        if _is_attached(part) and is_named and not is_picture:
            names.append(_shown_name(part))
    if not names:
        return ()
    more = len(names) - _MOST_NAMED
    listed = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (f"What is attached was not read: {listed}.",)


def _shown_name(part: EmailMessage) -> str:
    inner = next((each for each in part.walk() if each is not part and isinstance(each, EmailMessage)), None)
    name = file_name(part) or (header(inner, "Subject") if inner is not None else "") or content_type(part)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
