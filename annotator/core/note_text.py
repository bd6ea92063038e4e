"""The Markdown of notes as plain runs of text with what they look like; nothing of it is ever markup for a view.

Read are headings, lists, quotes, code, bold, italic, struck out text, and links, whose address stays to be seen.
Everything else, HTML and pictures included, is text as it stands. Lines end where their writer ended them. The time
that a text takes grows with its length and with nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from annotator.core.mentions import mention_pattern

NOTE_SHOWN = 20_000
"""Code points of a note that are shown at most."""
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Run:
    """Text that looks one way. `link` is text that is an address or stands for one, `mention` names an annotator."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    link: bool = False
    mention: bool = False


@dataclass(frozen=True, slots=True)
class NoteBlock:
    """One block: `kind` is paragraph, heading, item, quote or code.

    `level` is a heading's (1 to 6) or an item's depth (from 0); `marker` stands before an item ("•", "3.").
    """

    kind: str
    runs: tuple[Run, ...]
    level: int = 0
    marker: str = ""

    @property
    def text(self) -> str:
        """Return the words alone."""
        return "".join(run.text for run in self.runs)


def note_blocks(body: str, names: Sequence[str] = ()) -> list[NoteBlock]:
    """Return the blocks of a note; `names` are those of annotators, who may be named with @."""
    if len(body) > NOTE_SHOWN:
        body = body[:NOTE_SHOWN] + "…"
    tokens = _token_pattern(tuple(names))
    return [replace(raw.block, runs=_runs(raw, tokens)) for raw in _raw_blocks(body)]


def plain_note(body: str) -> str:
    """Return the words of a note without its marks, a line for each block."""
    return "\n".join(f"{block.marker} {block.text}".strip() for block in note_blocks(body))


# -- blocks

_FENCE = re.compile(r" {0,3}(```|~~~)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_ITEM = re.compile(r"( *)([-*+•]|\d{1,9}[.)])[ \t]+(.*)$")
_QUOTE = re.compile(r" {0,3}>[ \t]?(.*)$")


@dataclass(slots=True)
class _Raw:
    block: NoteBlock
    lines: list[str] = field(default_factory=list)


def _raw_blocks(body: str) -> Iterator[_Raw]:
    """Yield the blocks with their lines, without the marks that begin them."""
    current: _Raw | None = None
    lines = iter(body.splitlines())
    for line in lines:
        fence = _FENCE.match(line)
        if fence or not line.strip():
            if current:
                yield current
            current = None
            if fence:
                yield _Raw(NoteBlock("code", ()), list(_until_fence(lines, fence[1])))
            continue
        started = _started(line)
        if current and _goes_on(current, started, line):
            current.lines.append(started.lines[0].lstrip() if started.block.kind == "quote" else line.strip())
            continue
        if current:
            yield current
        current = started
    if current:
        yield current


def _until_fence(lines: Iterator[str], sign: str) -> Iterator[str]:
    for line in lines:
        if line.strip().startswith(sign):
            return
        yield line


def _started(line: str) -> _Raw:
    if heading := _HEADING.match(line):
        return _Raw(NoteBlock("heading", (), len(heading[1])), [heading[2]])
    if item := _ITEM.match(line.expandtabs(4)):
        marker = item[2] if item[2][0].isdigit() else "•"
        return _Raw(NoteBlock("item", (), min(len(item[1]) // 2, _DEEPEST), marker), [item[3]])
    if quote := _QUOTE.match(line):
        return _Raw(NoteBlock("quote", ()), [quote[1]])
    return _Raw(NoteBlock("paragraph", ()), [line.strip()])


def _goes_on(current: _Raw, started: _Raw, line: str) -> bool:
    kinds = (current.block.kind, started.block.kind)
    indented = line[0] in " \t"
    return kinds in (("paragraph", "paragraph"), ("quote", "quote")) or (kinds == ("item", "paragraph") and indented)


# -- what stands in a line

_TOKENS = r"""
    \\(?P<escaped>[!-/:-@\[-`{-~])
  | `(?P<code>[^`\n]+)`
  | !?\[(?P<words>[^\[\]\n]{1,300})\]\((?P<address>[^()\s]{1,1000})\)
  | (?P<url>https?://[^\s<>"“”„]{1,1000}[^\s<>"“”„.,;:!?)\]'’])
  | (?P<mark>\*\*|__|~~|\*|_)
"""


@lru_cache(maxsize=8)
def _token_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?P<mention>{mention_pattern(names)}) | {_TOKENS}", re.VERBOSE | re.IGNORECASE)


@dataclass(slots=True)
class _Token:
    run: Run
    mark: str = ""
    opens: bool = False
    closes: bool = False
    partner: int = -1


def _runs(raw: _Raw, tokens: re.Pattern[str]) -> tuple[Run, ...]:
    text = "\n".join(raw.lines)
    if raw.block.kind == "code":
        return (Run(text, code=True),)
    found = list(_tokens(text, tokens))
    _pair(found)
    return tuple(_joined(_styled(found)))


def _tokens(text: str, pattern: re.Pattern[str]) -> Iterator[_Token]:
    last = 0
    for match in pattern.finditer(text):
        if last < match.start():
            yield _Token(Run(text[last : match.start()]))
        last = match.end()
        yield from _token(text, match)
    if last < len(text):
        yield _Token(Run(text[last:]))


def _token(text: str, match: re.Match[str]) -> Iterator[_Token]:
    kind = match.lastgroup
    if kind == "mark":
        yield _mark(text, match)
    elif kind == "address":
        yield _Token(Run(match["words"], link=True))
        if match["address"] != match["words"]:
            yield _Token(Run(f" ({match['address']})"))
    elif kind == "code":
        yield _Token(Run(match["code"], code=True))
    elif kind == "escaped":
        yield _Token(Run(match["escaped"]))
    else:
        yield _Token(Run(match[0], link=kind == "url", mention=kind == "mention"))


def _mark(text: str, match: re.Match[str]) -> _Token:
    before = text[match.start() - 1 : match.start()] if match.start() else " "
    after = text[match.end() : match.end() + 1] or " "
    inside_word = match[0][0] == "_" and before.isalnum() and after.isalnum()
    opens, closes = not after.isspace() and not inside_word, not before.isspace() and not inside_word
    if match[0][0] == "_":
        opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
    return _Token(Run(match[0]), match[0], opens, closes)


def _pair(tokens: list[_Token]) -> None:
    """Tell the marks that open and close something of each other; the others stay text."""
    opened: list[int] = []
    waiting: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.closes and waiting.get(token.mark):
            opener = _close(tokens, opened, waiting, token.mark)
            tokens[opener].partner, token.partner = place, opener
        elif token.opens:
            opened.append(place)
            waiting[token.mark] = waiting.get(token.mark, 0) + 1


def _close(tokens: list[_Token], opened: list[int], waiting: dict[str, int], mark: str) -> int:
    """Return the place of the last open mark of this kind; those that opened since are given up."""
    while True:
        opener = opened.pop()
        waiting[tokens[opener].mark] -= 1
        if tokens[opener].mark == mark:
            return opener


def _styled(tokens: list[_Token]) -> Iterator[Run]:
    depth = {"bold": 0, "italic": 0, "struck": 0}
    for place, token in enumerate(tokens):
        if token.partner >= 0:
            depth[_STYLES[token.mark]] += 1 if token.partner > place else -1
        else:
            on = {name: bool(count) for name, count in depth.items()}
            yield replace(token.run, **on) if any(on.values()) else token.run


_STYLES = {"**": "bold", "__": "bold", "*": "italic", "_": "italic", "~~": "struck"}


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Yield the runs, neighbours that look alike as one."""
    parts: list[str] = []
    last: Run | None = None
    for run in runs:
        if last is not None and replace(run, text="") != replace(last, text=""):
            yield replace(last, text="".join(parts))
            parts = []
        parts.append(run.text)
        last = run
    if last is not None:
        yield replace(last, text="".join(parts))
