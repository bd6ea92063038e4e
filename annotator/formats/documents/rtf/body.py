"""The walk over an RTF file's tokens: groups, fonts, styles, fields and notes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from annotator.formats.documents.office.document import Omissions, Properties
from annotator.formats.documents.office.numbers import UNKNOWN, format_number, symbol_text
from annotator.formats.documents.office.text import PLAIN, Block, Look, Note, field_address
from annotator.formats.documents.rtf.flow import Layout, RtfFlow, RtfStyle
from annotator.formats.documents.rtf.tokens import (
    DEFAULT_ENCODING,
    SYMBOL_CHARSET,
    RtfTokens,
    Token,
    encoding_of_charset,
    encoding_of_page,
)

_SYMBOLS = {
    **{"tab": "\t", "line": "\n", "page": "\n", "column": "\n", "~": "\xa0", "-": "\xad", "_": "\u2011"},
    **{"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c"},
    **{"zwbo": "\u200b", "zwnbo": "\u2060", "ltrmark": "\u200e", "rtlmark": "\u200f"},
    **{"\\": "\\", "{": "{", "}": "}"},
}
_PARAGRAPH_ENDS = frozenset({"par", "sect", "\n", "\r"})
_STARRED = frozenset({"footnote", "fldinst", "shpinst", "nesttableprops", "listtext", "pntext", "shptxt", "ud"})
_SKIPPED = frozenset(
    """pict colortbl header headerl headerr headerf footer footerl footerr footerf listtable listoverridetable
    nonshppict xe tc txe rxe private filetbl revtbl rsidtbl template sp comment ftnsep ftnsepc ftncn aftnsep aftnsepc
    aftncn nonesttables shprslt objdata objclass objname bkmkstart bkmkend datafield themedata colorschememapping
    latentstyles generator revtim printim buptim formfield do upr""".split()  # noqa: SIM905
)
_INFORMATION = frozenset({"title", "author", "subject", "keywords", "doccomm"})
_TEXT, _FONTS, _STYLES = "text", "fonts", "styles"
_INSTRUCTION, _MARKER, _NONE = "instruction", "marker", "none"


@dataclass(slots=True)
class _State:
    """What holds inside one group and what is in it."""

    flow: RtfFlow
    destination: str = _TEXT
    look: Look = PLAIN
    layout: Layout = field(default_factory=Layout)
    font: int = -1
    skip: int = 1
    hidden: bool = False
    deleted: bool = False
    instruction: list[str] = field(default_factory=list)
    starred: bool = False

    def copy(self) -> _State:
        """Return the state that a group inside this one begins with; a file has up to a million groups."""
        return _State(
            self.flow,
            self.destination,
            self.look,
            self.layout,
            self.font,
            self.skip,
            self.hidden,
            self.deleted,
            self.instruction,
        )


@dataclass(slots=True)
class _Font:
    charset: int = 1
    page: int | None = None


class RtfBody:
    """Reads an RTF file; afterwards `blocks`, `notes`, `properties` and `omissions` hold what is in it.

    `is_cut_off` says that the file ends inside a group.
    """

    def __init__(self, tokens: RtfTokens) -> None:
        """Read all tokens. Raises DocumentReadError."""
        self.blocks: list[Block] = []
        self.is_cut_off = False
        self.properties = Properties()
        self.omissions = Omissions()
        self._tokens = tokens
        self._styles: dict[int, RtfStyle] = {}
        self._fonts: dict[int, _Font] = {}
        self._notes: dict[str, list[Note]] = {"footnote": [], "endnote": []}
        self._counts = {"footnote": 0, "endnote": 0}
        self._information: dict[str, list[str]] = {}
        self._created: dict[str, int] = {}
        self._encoding = DEFAULT_ENCODING
        self._default_font = 0
        self._defining = 0
        self._pending = bytearray()
        self._to_skip = 0
        self._in_hidden = False
        self._state = _State(RtfFlow(self._styles))
        self._stack: list[_State] = []
        self._read()

    def notes(self) -> list[Note]:
        """Return the footnotes, then the endnotes."""
        return self._notes["footnote"] + self._notes["endnote"]

    def _read(self) -> None:
        for token in self._tokens:
            if token.kind == "bytes":
                self._take_bytes(token.content)
                continue
            self._flush()
            self._to_skip = 0
            if token.kind == "{":
                self._open()
            elif token.kind == "}":
                if self._stack:
                    self._close()
                if not self._stack:
                    break
            else:
                self._take_word(token)
        self._flush()
        self.is_cut_off = bool(self._stack)
        while self._stack:
            self._close()
        self.blocks = self._state.flow.finish(self._state.layout)
        self._describe()

    def _open(self) -> None:
        self._stack.append(self._state)
        self._state = self._state.copy()

    def _close(self) -> None:
        ended = self._state
        self._state = self._stack.pop()
        if ended.flow is not self._state.flow:
            self._end_flow(ended)
        elif not self._stack:
            self._state.layout = ended.layout

    def _end_flow(self, ended: _State) -> None:
        if ended.flow.note is None:
            self._state.flow.add_box(ended.flow)
        else:
            ended.flow.note.blocks = ended.flow.finish(ended.layout)

    def _take_bytes(self, content: bytes) -> None:
        skipped = min(self._to_skip, len(content))
        self._to_skip -= skipped
        self._pending += content[skipped:]

    def _flush(self) -> None:
        """Write the bytes that have come, in the encoding of the font that holds here."""
        if not self._pending:
            return
        font = self._fonts.get(self._default_font if self._state.font < 0 else self._state.font, _Font())
        if font.charset == SYMBOL_CHARSET:
            text = "".join(chr(byte) if byte < 0x80 else symbol_text(byte) for byte in self._pending)
        else:
            own = self._encoding if font.page is None else encoding_of_page(font.page)
            text = self._pending.decode(encoding_of_charset(font.charset, own), "replace")
        self._pending.clear()
        self._write(text)

    def _write(self, text: str) -> None:
        state = self._state
        match state.destination:
            case "text":
                self._write_text(text)
            case "instruction":
                state.instruction.append(text)
            case "marker":
                state.flow.marker.append(text)
            case "styles":
                self._styles.setdefault(self._defining, RtfStyle()).name += text
            case "fonts" | "none":
                return
            case key:
                self._information.setdefault(key, []).append(text)

    def _write_text(self, text: str) -> None:
        state = self._state
        if state.deleted:
            return
        if state.hidden:
            self.omissions.hidden += not self._in_hidden
            self._in_hidden = True
            return
        self._in_hidden = False
        self.omissions.symbols += text.count(UNKNOWN)
        state.flow.write(text, state.look)

    def _take_word(self, token: Token) -> None:
        state, word = self._state, token.word
        if word == "*":
            state.starred = True
            return
        starred, state.starred = state.starred, False
        if word in _SKIPPED or (starred and word not in _STARRED):
            self._skip(word)
        elif word in _SYMBOLS:
            self._write(_SYMBOLS[word])
        elif word == "u":
            self._take_unicode(token.number or 0)
        elif state.destination == _FONTS:
            self._define_font(word, token.number)
        elif state.destination == _STYLES:
            self._define_style(word, token.number)
        elif not (self._take_destination(word) or self._take_break(word) or self._take_look(word, token.number)):
            self._take_layout(word, token.number)

    def _skip(self, word: str) -> None:
        self.omissions.comments += word == "annotation"
        self._tokens.skip_group()

    def _take_unicode(self, number: int) -> None:
        code = number % 0x10000
        self._write(symbol_text(code) if 0xF000 <= code <= 0xF0FF else chr(code))
        self._to_skip = self._state.skip

    def _take_destination(self, word: str) -> bool:
        """Let a group be something else than running text; return whether the word says so."""
        state = self._state
        match word:
            case "fonttbl":
                state.destination = _FONTS
            case "stylesheet":
                state.destination, self._defining = _STYLES, 0
            case "field":
                state.instruction = []
            case "fldinst":
                state.destination = _INSTRUCTION
            case "fldrslt":
                state.look = replace(state.look, url=field_address("".join(state.instruction)) or state.look.url)
            case "listtext" | "pntext":
                state.destination = _MARKER
                state.flow.marker = []
            case "info" | "creatim":
                state.destination = _NONE
            case "shptxt":
                state.flow = RtfFlow(self._styles)
                state.layout = Layout()
            case "footnote":
                self._begin_note()
            case "chftn":
                state.flow.awaits_note = True
            case _ if word in _INFORMATION and state.destination == _NONE:
                state.destination = word
                self._information[word] = []
            case _:
                return False
        return True

    def _begin_note(self) -> None:
        state = self._state
        kind = "endnote" if self._tokens.follows(b"ftnalt") else "footnote"
        mark = ""
        if state.flow.awaits_note:
            self._counts[kind] += 1
            mark = format_number(self._counts[kind], "lowerRoman" if kind == "endnote" else "decimal")
            state.flow.write(f"[{mark}]", PLAIN)
            state.flow.awaits_note = False
        note = Note(mark)
        self._notes[kind].append(note)
        state.flow, state.layout, state.look = RtfFlow(self._styles, note), Layout(), PLAIN

    def _take_break(self, word: str) -> bool:
        """End a paragraph, a cell or a row; return whether the word says so."""
        state = self._state
        if state.destination != _TEXT:
            return word in _PARAGRAPH_ENDS
        nested = max(state.layout.table_depth, 2)
        if word in _PARAGRAPH_ENDS:
            if not state.deleted:
                state.flow.end_paragraph(state.layout)
        elif word in ("cell", "nestcell"):
            depth = nested if word == "nestcell" else 1
            state.flow.end_paragraph(state.layout, depth)
            state.flow.end_cell(depth)
        elif word in ("row", "nestrow"):
            state.flow.end_row(nested if word == "nestrow" else 1)
        else:
            return False
        return True

    def _take_look(self, word: str, number: int | None) -> bool:
        state, on = self._state, number != 0
        match word:
            case "plain":
                state.look = replace(state.look, strong=False, emphasis=False)
                state.hidden = state.deleted = False
                state.font = -1
            case "b":
                state.look = replace(state.look, strong=on)
            case "i":
                state.look = replace(state.look, emphasis=on)
            case "v":
                state.hidden = on
            case "deleted":
                state.deleted = on
                self.omissions.changes += on
            case "revised":
                self.omissions.changes += on
            case "f":
                state.font = number or 0
            case _:
                return False
        return True

    def _take_layout(self, word: str, number: int | None) -> None:
        state, value = self._state, number or 0
        match word:
            case "pard":
                state.layout = Layout()
            case "s":
                state.layout = replace(state.layout, style=value)
            case "outlinelevel":
                state.layout = replace(state.layout, outline=value)
            case "ilvl":
                state.layout = replace(state.layout, list_level=min(max(value, 0), 8))
            case "intbl":
                state.layout = replace(state.layout, in_table=True)
            case "itap":
                state.layout = replace(state.layout, table_depth=max(value, 0))
            case "uc":
                state.skip = min(max(value, 0), 100)
            case "ansicpg":
                self._encoding = encoding_of_page(number)
            case "mac" | "pc" | "pca":
                self._encoding = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
            case "deff":
                self._default_font = value
            case "yr" | "mo" | "dy":
                self._created.setdefault(word, value)

    def _define_font(self, word: str, number: int | None) -> None:
        if word == "f":
            self._defining = number or 0
            self._fonts[self._defining] = _Font()
        elif word == "fcharset":
            self._fonts.setdefault(self._defining, _Font()).charset = number or 0
        elif word == "cpg":
            self._fonts.setdefault(self._defining, _Font()).page = number

    def _define_style(self, word: str, number: int | None) -> None:
        if word == "s":
            self._defining = number or 0
            self._styles[self._defining] = RtfStyle()
        elif word == "outlinelevel":
            self._styles.setdefault(self._defining, RtfStyle()).outline = -1 if number is None else number

    def _describe(self) -> None:
        said: dict[str, Any] = {key: "".join(parts) for key, parts in self._information.items()}
        self.properties.title = said.get("title", "")
        for name, key in (("author", "author"), ("subject", "subject"), ("keywords", "keywords")):
            self.properties.describe(key, said.get(name))
        self.properties.describe("description", said.get("doccomm"))
        if {"yr", "mo", "dy"} <= set(self._created):
            self.properties.date = "{yr:04d}-{mo:02d}-{dy:02d}".format(**self._created)
