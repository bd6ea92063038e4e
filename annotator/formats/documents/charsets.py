"""The names that pages and messages give to their encodings, which are not always right."""

from __future__ import annotations

import codecs
import re

from annotator.formats.documents.encoding import decode_text

_AS_BROWSERS_READ_IT = {
    **dict.fromkeys(("iso8859-1", "ascii", "latin-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7"), "utf-8"),
    **{"iso8859-9": "cp1254", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "tis-620": "cp874"},
}
"""Python's name of a declared encoding, and the one it stands for; UTF-16 cannot be where its ASCII name was read."""

_TEXT_ENCODINGS = re.compile(
    r"(?:utf-8|cp\d+|iso8859-\d+|iso2022_(?:jp|kr)\w*|koi8-[rut]|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_\w+)\Z"
)


def python_encoding(label: str) -> str:
    """Return Python's name of the encoding that a label means, or an empty string if it means none of texts."""
    try:
        known = codecs.lookup(label.strip().encode("ascii", "replace").decode()).name
    except (LookupError, ValueError):
        return ""
    encoding = _AS_BROWSERS_READ_IT.get(known, known)
    return encoding if _TEXT_ENCODINGS.match(encoding) else ""


def is_utf8(data: bytes) -> bool:
    """Say whether bytes beyond ASCII stand there as UTF-8 without fault, which chance hardly brings about."""
    if data.isascii():
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def decode_labelled(name: str, data: bytes, label: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of bytes that are said to be in an encoding, with LF newlines, and warnings.

    Raises:
        DocumentReadError: The bytes are no text, or in no encoding that can be made out.
    """
    encoding = python_encoding(label)
    if not encoding or is_utf8(data) or label.lower() in ("us-ascii", "ascii"):
        return decode_text(name, data)
    try:
        return decode_text(name, data.decode(encoding).encode("utf-8", "replace"))
    except UnicodeDecodeError:
        return decode_text(name, data)
