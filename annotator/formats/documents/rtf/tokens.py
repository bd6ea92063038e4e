"""RTF bytes in tokens: braces, control words, and the bytes of text; and the encodings that text is in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from annotator.core.errors import DocumentReadError

DEEPEST = 1_000
"""Groups inside one another; an honest file has some twenty."""

MOST_GROUPS = 1_000_000
_PROGRESS_STEP = 200_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_SKIPPED = re.compile(rb"\\bin([0-9]{1,10}) ?|\\[^a-zA-Z]|[{}]", re.DOTALL)
_CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8", 936: "gb18030", 1361: "johab"}
DEFAULT_ENCODING = "cp1252"
SYMBOL_CHARSET = 2


class Token(NamedTuple):
    """One token: `kind` is “{”, “}”, “word” (a control word or symbol, with its number if it has one) or “bytes”."""

    kind: str
    word: str = ""
    number: int | None = None
    content: bytes = b""


_OPEN, _CLOSE = Token("{"), Token("}")


class RtfTokens:
    """The tokens of a file, one after the other; a group can be passed over as a whole."""

    def __init__(self, name: str, data: bytes, progress: Callable[[str], None]) -> None:
        """Take the file's name and bytes, and what is told how far the reading is."""
        self._name = name
        self._data = data
        self._progress = progress
        self._place = 0
        self._depth = self._groups = 0

    def __iter__(self) -> Iterator[Token]:
        """Yield the tokens. Raises DocumentReadError where groups are too many or too deep."""
        count = 0
        while match := _TOKEN.match(self._data, self._place):
            self._place = match.end()
            count += 1
            if count % _PROGRESS_STEP == 0:
                self._progress(f"{100 * self._place // len(self._data)} %")
            word, number, code, symbol, brace, text = match.groups()
            if text:
                yield Token("bytes", content=text)
            elif word:
                token = Token("word", word.decode("ascii"), None if number is None else int(number))
                if token.word == "bin":
                    self._place += max(token.number or 0, 0)
                else:
                    yield token
            elif code:
                yield Token("bytes", content=bytes.fromhex(code.decode("ascii")))
            elif symbol:
                yield Token("word", symbol.decode("latin-1"))
            elif brace == b"{":
                self._depth += 1
                self._check(self._depth)
                yield _OPEN
            elif brace:
                self._depth -= 1
                yield _CLOSE

    def skip_group(self) -> None:
        """Pass over the rest of the group that is being read; its closing brace is the next token.

        Raises DocumentReadError where groups are too many or too deep.
        """
        depth = 0
        while match := _SKIPPED.search(self._data, self._place):
            found = match.group()
            if found == b"}" and depth == 0:
                self._place = match.start()
                return
            self._place = match.end()
            if match.group(1):
                self._place += int(match.group(1))
            elif found == b"{":
                depth += 1
                self._check(self._depth + depth)
            elif found == b"}":
                depth -= 1
        self._place = len(self._data)

    def follows(self, word: bytes) -> bool:
        """Say whether a control word comes next."""
        rest = self._data[self._place : self._place + len(word) + 8].lstrip()
        return rest.startswith(b"\\" + word) and not rest[len(word) + 1 : len(word) + 2].isalpha()

    def _check(self, depth: int) -> None:
        """Count a group and look at how deep it is."""
        self._groups += 1
        if depth > DEEPEST or self._groups > MOST_GROUPS:
            raise DocumentReadError(
                "“{file}” is nested too deeply or in too many groups: save its text anew as DOCX or plain text.",
                file=self._name,
            )


def encoding_of_page(number: int | None) -> str:
    """Return the encoding of a Windows code page, that of western Europe where there is none."""
    name = _PAGES.get(number or 0, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return DEFAULT_ENCODING


def encoding_of_charset(number: int, otherwise: str) -> str:
    """Return the encoding that a font's character set means, `otherwise` for the sets that mean the file's own."""
    return _CHARSETS.get(number, otherwise)
