"""In which encoding a table of text is."""

from __future__ import annotations

import codecs
from pathlib import Path

from annotator.core.errors import DatasetError
from annotator.formats.documents.encoding import guessed_encoding

_CHUNK = 1024 * 1024
_BEFORE = 4096
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ENOUGH = 20
"""Characters beyond ASCII before a broken one after which a file is UTF-8 that was damaged."""


def encoding_of(path: Path) -> str:
    """Return the encoding of all of a file, by its mark, as UTF-8, or as a guess.

    Raises:
        DatasetError: It is UTF-8 that was cut off or damaged, or no text that could be made out.
    """
    with path.open("rb") as handle:
        head = handle.read(4)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        handle.seek(0)
        decoder, place, beyond = codecs.getincrementaldecoder("utf-8")(), 0, 0
        while True:
            chunk = handle.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                place += error.start - (len(error.object) - len(chunk))
                beyond += _beyond_ascii(error.object[: error.start].decode())
                break
            if not chunk:
                return "utf-8"
            beyond += _beyond_ascii(text)
            place += len(chunk)
        if beyond >= _ENOUGH:
            raise DatasetError(
                "{file} is damaged or was cut off: it is UTF-8 up to byte {byte}. Get it again from where it came.",
                file=f"“{path.name}”",
                byte=place + 1,
            )
        handle.seek(max(0, place - _BEFORE))
        encoding = guessed_encoding(handle.read(_CHUNK))
    if not encoding:
        raise DatasetError(
            "The encoding of {file} cannot be made out. Open it where it reads well and save it as UTF-8.",
            file=f"“{path.name}”",
        )
    return encoding


def _beyond_ascii(text: str) -> int:
    """Return how many bytes more than characters a text has in UTF-8."""
    return 0 if text.isascii() else len(text.encode()) - len(text)
