"""Bytes to text: byte order marks, UTF-8, older encodings, and the refusal of what is no text at all."""

from __future__ import annotations

import codecs
import re

from annotator.core.errors import DocumentReadError
from annotator.core.text import normalise_newlines

MAXIMUM_BYTES = 64 * 1024 * 1024
"""A larger file is refused before it is read."""

_SAMPLE_BYTES = 64 * 1024
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES: list[str] = [
    *("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5"),
    *("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "iso8859_9", "cp1257", "iso8859_13", "cp1258"),
    *("cp1253", "iso8859_7", "cp1255", "cp1256"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949", "johab", "utf_16_le", "utf_16_be"),
]
_LATIN_GUESSES = frozenset(_CANDIDATES[5:14])
_WESTERN = frozenset("àâäçéèêëîïôöùûüÿœæñáíóúãß¿¡«»‘’“”„–—…•€£§©®°ªº\xa0")
_SYMBOL_IN_WORD = re.compile("[a-z][³¹¿¯]|[³¹¿¯][a-z]")
_DISORDER = (0.2, 0.5)
_CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_MOSTLY = 0.95


def check_size(name: str, size: int) -> None:
    """Raise DocumentReadError if a file of `size` bytes is too large to read; call it before reading."""
    if size > MAXIMUM_BYTES:
        raise DocumentReadError(
            "“{file}” has {size} MiB and the limit is {limit} MiB: split it into parts and import those.",
            file=name,
            size=-(-size // (1024 * 1024)),
            limit=MAXIMUM_BYTES // (1024 * 1024),
        )


def decode_text(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the file's text with LF newlines, and warnings.

    Raises:
        DocumentReadError: The file is too large, empty, not text, or in no encoding that can be made out.
    """
    check_size(name, len(data))
    text, warnings = _decode(name, data)
    text = normalise_newlines(text)
    _check_text(name, text)
    return text, warnings


def _decode(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(name, data[len(mark) :], encoding), ()
    wide = _wide_encoding(data)
    if wide:
        return _decode_marked(name, data, wide), (f"The file was read as {wide.upper()}, which was a guess.",)
    try:
        return data.decode(), ()
    except UnicodeDecodeError as error:
        repaired = _repair_utf8(data, error.start)
    return repaired or _decode_guessed(name, data)


def _decode_marked(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentReadError(
            "“{file}” is damaged {encoding} at byte {byte}: save it again as UTF-8 and import that.",
            file=name,
            encoding=encoding.upper(),
            byte=error.start,
        ) from error


def _wide_encoding(data: bytes) -> str:
    """Return the UTF-16 that a file without a mark is in, or an empty string.

    In an alphabet's UTF-16 every other byte is the alphabet's number, which no other text encoding holds so often.
    """
    sample = data[:_SAMPLE_BYTES]
    if len(data) % 2 or len(sample) < 4:
        return ""
    first, second = (sum(byte < 9 for byte in sample[side::2]) / (len(sample) // 2) for side in (0, 1))
    if second > 0.7 and first < 0.3:
        return "utf-16-le"
    return "utf-16-be" if first > 0.7 and second < 0.3 else ""


def _repair_utf8(data: bytes, first_error: int) -> tuple[str, tuple[str, ...]] | None:
    """Return text with U+FFFD for what is broken if nearly all that is not ASCII is good UTF-8, else None."""
    text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(character > "\x7f" for character in text)
    if beyond_ascii < 20 or broken > beyond_ascii * (1 - _MOSTLY):
        return None
    warning = f"The file is damaged UTF-8: {broken} places, the first at byte {first_error}, became “\ufffd”."
    return text, (warning,)


def _decode_guessed(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    if b"\0" in data:
        raise _not_text(name)
    encoding = _guess_encoding(data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DocumentReadError(
            "The encoding of “{file}” cannot be made out: open it where it reads well and save it as UTF-8.",
            file=name,
        ) from error
    return text, (f"The file was read as {encoding.upper()}, which was a guess: look whether its letters are right.",)


def guessed_encoding(data: bytes) -> str:
    """Return the likely encoding of a piece of text that is no UTF-8, or an empty string if none can be made out."""
    encoding = _wide_encoding(data) or ("" if b"\0" in data else _guess_encoding(data))
    try:
        codecs.lookup(encoding or "unknown")
    except LookupError:
        return ""
    return encoding


def _guess_encoding(data: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = _sample(data)
    matches = (
        from_bytes(sample, cp_isolation=_CANDIDATES, preemptive_behaviour=False, threshold=disorder).best()
        for disorder in _DISORDER
    )
    encoding = next((match.encoding for match in matches if match), "unknown")
    if encoding not in _LATIN_GUESSES:
        return encoding
    if _is_western(data):
        return "cp1252"
    return "cp1250" if _SYMBOL_IN_WORD.search(data.decode(encoding, "replace")) else encoding


def _is_western(data: bytes) -> bool:
    """Say whether the bytes read as cp1252 hold the letters of French, German, Spanish or Portuguese only.

    Central European, Baltic and Turkish texts read so show ø, ì, õ, þ, ð or ³, which those languages lack.
    """
    letters = {character for character in data.decode("cp1252", "replace").lower() if character > "\x7f"}
    return letters <= _WESTERN


def _sample(data: bytes) -> bytes:
    """Return whole lines from the first place that is not ASCII."""
    start = next((place for place, byte in enumerate(data) if byte > 127), 0)
    start = data.rfind(b"\n", 0, start) + 1 if start > 200 else 0
    sample = data[start : start + _SAMPLE_BYTES]
    end = sample.rfind(b"\n")
    return sample[: end + 1] if end > 0 and len(sample) == _SAMPLE_BYTES else sample


def _check_text(name: str, text: str) -> None:
    if not text.strip("\0 \t\n\f\v\xa0\ufeff"):
        raise DocumentReadError("“{file}” is empty: there is no text in it to annotate.", file=name)
    controls = len(_CONTROL.findall(text))
    if controls > max(2, len(text) // 100) or text.count("\0") > max(2, len(text) // 3):
        raise _not_text(name)


def _not_text(name: str) -> DocumentReadError:
    return DocumentReadError(
        "“{file}” is not a text file: save its text as UTF-8 (.txt or .md) and import that.", file=name
    )
