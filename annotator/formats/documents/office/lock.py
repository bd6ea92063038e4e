"""Word and Excel files that are locked with a password: an encrypted package in an old Office container."""

from __future__ import annotations

import struct
from io import BytesIO
from xml.parsers.expat import ExpatError

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.formats.documents.source import SourceFile

_UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error, ExpatError)
_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def unlocked(source: SourceFile) -> bytes:
    """Return the file's ZIP archive, decrypted with the source's password if it is locked.

    Raises:
        PasswordNeededError: It is locked, and the password is missing or wrong.
        DocumentReadError: It is locked in a way that cannot be undone here, or is damaged.
    """
    if not source.data.startswith(_CONTAINER):
        return source.data
    if not source.password:
        raise PasswordNeededError("“{file}” is locked with a password: enter it to import the file.", file=source.name)
    source.progress("password")
    return _decrypted(source)


def _decrypted(source: SourceFile) -> bytes:
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError
    from msoffcrypto.format.ooxml import OOXMLFile

    target = BytesIO()
    checked = False
    try:
        locked = OOXMLFile(BytesIO(source.data))
        locked.load_key(password=source.password, verify_password=True)
        checked = True
        locked.decrypt(target, verify_integrity=locked.type == "agile")
    except (DecryptionError, FileFormatError, ParseError, *_UNREADABLE) as error:
        if isinstance(error, InvalidKeyError) and not checked:
            raise PasswordNeededError(
                "The password for “{file}” is wrong: enter the right one to import the file.", file=source.name
            ) from error
        raise DocumentReadError(
            "“{file}” is locked and cannot be unlocked here: save it without a password and import that.",
            file=source.name,
        ) from error
    return target.getvalue()
