r"""CoNLL-U: words with tags in the last column, and white space said, so that the text comes back to the letter.

`SpaceAfter=No` is of the format; `SpacesAfter` and `SpacesBefore` are UDPipe's, with \s, \t, \r, \n, \p and \\, and
here \uXXXX for other characters that are in no word. What else is known of a document stands in a comment of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from annotator.formats.datasets.checks import LineError, shortened
from annotator.formats.datasets.conll.reading import MOST_SENTENCES, MOST_WORDS, Place, spans_of
from annotator.formats.datasets.conll.rows import BLANK, COMMENT, DOCUMENT, Rows
from annotator.formats.datasets.conll.tagged import Tagged
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, numbered
from annotator.formats.datasets.extras import OWN, document_of_extras, extras_of_document
from annotator.formats.datasets.lines import decode_line, encode_line
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.tokens import OUTSIDE

GRAMMAR = "parts of speech, lemmas and syntax"

_ESCAPES = {" ": "\\s", "\t": "\\t", "\r": "\\r", "\n": "\\n", "|": "\\p", "\\": "\\\\"}
_UNESCAPES = {escape[1]: character for character, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_TAG = re.compile(r"(?:(?P<key>(?:ner|ne|name|entity)(?:_\w+)?)=)?(?P<tag>[BILUESM]-[^|]+|O)", re.IGNORECASE)
_NEW = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(.*))?$")
_OWN = re.compile(rf"#\s*{OWN}\s*=\s*(.*)$")
_ID = re.compile(r"\d{1,9}(?:-(\d{1,9})|\.\d+)")
_NOTHING = ["_"] * 6
_EMPTY = "_"


def write_conllu(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write every document after a `# newdoc`, sentence by sentence."""
    file = output.open()
    for number, entry in enumerate(entries, 1):
        tagged = Tagged(entry, context)
        own = {"id": entry.get("id", ""), "document": extras_of_document(entry, ("id",))}
        if not tagged.words:
            own["text"] = entry["text"]
        name = " ".join(entry.get("id", "").split())
        head = f"# newdoc id = {name}\n".encode() + f"# {OWN} = ".encode() + encode_line(own)
        file.write(head + "\n".join(_lines(tagged, number)).encode() + b"\n\n")


def _lines(tagged: Tagged, document: int) -> Iterator[str]:
    if not tagged.words:
        yield f"# sent_id = {document}-1"
        yield "# text = _"
        yield "1\t_" + "\t_" * 8
        return
    for number, (first, end) in enumerate(tagged.sentences(), 1):
        if number > 1:
            yield ""
        text = " ".join(tagged.text[tagged.words[first][0] : tagged.words[end - 1][1]].split())
        yield f"# sent_id = {document}-{number}"
        yield f"# text = {text}"
        for place in range(first, end):
            yield f"{place - first + 1}\t{tagged.word(place)}" + "\t_" * 7 + f"\t{_misc(tagged, place)}"


def _misc(tagged: Tagged, place: int) -> str:
    found = [
        f"NER{'_' if name else ''}{name}={column[place]}"
        for name, column in zip(tagged.names, tagged.columns, strict=True)
        if column[place] != OUTSIDE
    ]
    gap = tagged.gap(place)
    is_last = place == len(tagged.words) - 1
    if place == 0 and (before := tagged.text[: tagged.words[0][0]]):
        found.append(f"SpacesBefore={_escaped(before)}")
    if not gap:
        found.append("SpaceAfter=No")
    elif gap != " " or is_last:
        found.append(f"SpacesAfter={_escaped(gap)}")
    return "|".join(found) or "_"


def _escaped(gap: str) -> str:
    return "".join(_ESCAPES.get(one) or (one if _is_plain(one) else _numbered(one)) for one in gap)


def _is_plain(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def _numbered(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _UNESCAPES.get(match[3], match[0])
    number = int(code, 16)
    if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
        raise EntryError("{escape} in the white space after a word is no character.", escape=match[0])
    return chr(number)


def conllu_entries(rows: Rows, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line, entry) for each document; in a file without `# newdoc` it is all one, or each sentence is."""
    by_sentence = context.options["documents"] == "sentence"
    current: _Document | None = None
    pending: list[str] = []
    is_named = False
    for number, kind, columns in rows:
        if kind in (COMMENT, DOCUMENT):
            if _NEW.match(columns[0]) or kind == DOCUMENT:
                if current is not None and current.words:
                    yield current.line, current.result()
                current, pending, is_named = None, [], True
            pending.append(columns[0])
        elif kind == BLANK:
            if current is None or not current.end_sentence() or is_named:
                continue
            if by_sentence or current.sentences >= MOST_SENTENCES:
                yield current.line, current.result()
                current = None
        else:
            if current is not None and current.words >= MOST_WORDS and not is_named:
                yield current.line, current.result()
                current = None
            current = current or _Document(number, context)
            for comment in pending:
                current.comment(comment)
            pending = []
            current.add(columns)
    if current is not None:
        yield current.line, current.result()


@dataclass(frozen=True, slots=True)
class _Misc:
    """What the last column says: white space before and after a word, whether that is all of it, and tags by key."""

    before: str
    after: str
    is_said: bool
    tags: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def _parsed(misc: str) -> _Misc:
    """Return what a last column says. Raises EntryError."""
    parts = misc.split("|")
    said = dict(one.split("=", 1) for one in parts if "=" in one)
    matches = [match for one in parts if (match := _TAG.fullmatch(one))]
    tags = {(match["key"] or "").lower(): match["tag"] for match in matches if match["key"] or match["tag"] != "O"}
    after = said.get("SpacesAfter", "" if said.get("SpaceAfter") == "No" else "\\s")
    return _Misc(
        _unescaped(said.get("SpacesBefore", "")), _unescaped(after), "SpacesAfter" in said, tuple(tags.items())
    )


class _Document:
    """The words of one document, whose first word stands at `line`."""

    def __init__(self, line: int, context: FormatContext) -> None:
        self.line = line
        self._losses = context.losses
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""
        self._is_said = True
        self._places: list[Place] = []
        self._tags: dict[str, list[str]] = {}
        self._ends: list[int] = []
        self._within = 0
        self._own: Mapping[str, Any] = {}
        self._id = ""
        self._has_grammar = False
        self._error: EntryError | None = None

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self._places)

    @property
    def sentences(self) -> int:
        """How many sentences have ended."""
        return len(self._ends)

    def comment(self, line: str) -> None:
        """Take what a comment says of the document."""
        if match := _NEW.match(line):
            self._id = (match[1] or "").strip()
        elif match := _OWN.match(line):
            try:
                own = decode_line(match[1].encode())
            except LineError as error:
                self._error = EntryError("its comment “{own}” is broken: {reason}", own=OWN, reason=str(error))
                return
            self._own = own if isinstance(own, Mapping) else {}

    def add(self, columns: Sequence[str]) -> None:
        """Add a word, or several words that are written as one."""
        try:
            if len(columns) != 10 or len(columns[0]) > 9 or not columns[0].isdecimal():
                self._add_other(columns)
                return
            misc = _parsed(columns[9])
            if self._within < int(columns[0]):
                self._within = 0
                self._write(columns[1], misc)
        except EntryError as error:
            self._error = self._error or error
            return
        self._places.append((self._length - len(self._pieces[-1]), self._length))
        for key, tag in misc.tags:
            tags = self._tags.setdefault(key, [])
            tags += [OUTSIDE] * (len(self._places) - 1 - len(tags))
            tags.append(tag)
        self._has_grammar = self._has_grammar or columns[2:8] != _NOTHING

    def _add_other(self, columns: Sequence[str]) -> None:
        """Add several words that are written as one; pass over a word that is not written at all."""
        match = _ID.fullmatch(columns[0])
        if match is None or len(columns) != 10:
            raise EntryError("“{line}” is no word of CoNLL-U.", line="\t".join(columns)[:40])
        if match[1] is not None:
            self._write(columns[1], _parsed(columns[9]))
            self._within = int(match[1])

    def _write(self, form: str, misc: _Misc) -> None:
        if not self._pieces:
            self._gap = misc.before
        self._pieces += [self._gap, form]
        self._length += len(self._gap) + len(form)
        self._is_said = misc.is_said
        self._gap = misc.after

    def end_sentence(self) -> bool:
        """End a sentence; returns whether there was one."""
        self._within = 0
        if len(self._places) == (self._ends[-1] if self._ends else 0):
            return False
        self._ends.append(len(self._places))
        return True

    def result(self) -> Entry | BadEntry:
        """Return the document, or what is wrong with it."""
        try:
            if self._error is not None:
                raise self._error
            return self._entry()
        except EntryError as error:
            return BadEntry(error)

    def _entry(self) -> Entry:
        self.end_sentence()
        text = "".join(self._pieces) + (self._gap if self._is_said else "")
        if self._has_grammar:
            self._losses.add(GRAMMAR, shortened(text, 40))
        if not self._own:
            sentences = [
                [self._places[first][0], self._places[end - 1][1]]
                for first, end in zip((0, *self._ends), self._ends, strict=False)
            ]
            entry: Entry = {"text": text, "spans": self._spans(), "sentences": [s for s in sentences if s[0] < s[1]]}
            if self._id:
                entry["id"] = self._id
            return numbered(entry)
        empty = self._own.get("text")
        is_empty = isinstance(empty, str) and "".join(self._pieces) == _EMPTY
        spans = [] if is_empty else self._spans()
        own = document_of_extras(self._own.get("document", {}), {})
        entry = {"text": empty if is_empty else text, "spans": spans, **own}  # type: ignore[typeddict-item]
        if identity := self._own.get("id") or self._id:
            entry["id"] = str(identity)
        return numbered(entry)

    def _spans(self) -> list[Any]:
        columns = [tags + [OUTSIDE] * (len(self._places) - len(tags)) for tags in self._tags.values()]
        return spans_of(columns, self._ends, self._places)
