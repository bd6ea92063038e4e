"""Who speaks in a transcript: the turns of a text, told by the names at the beginnings of its lines.

A name counts by its form (a title, initials, capitals) and by how it recurs. A text with less than three turns is no
transcript, nor one in which nobody speaks twice, unless titles in capitals tell who speaks. Positions are code points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from annotator.core.structure import FormatRange, Structure
from annotator.formats.documents.speaker_words import ARTICLES, HEADWORDS, PARTICLES, QUESTIONS, TITLES

_FEWEST_TURNS = 3
_MOST_WORDS = 8
_MOST_WORDS_UNTITLED = 5
_SHORTEST_SPEECH = 20
"""Code points that follow an untitled name on average; less are the fields of a form."""

_SPACE = " \\t\\u00a0\\u2000-\\u200a\\u202f\\u3000"
_NAMED = re.compile(
    rf"^[{_SPACE}]*+(?P<name>[^\W\d_][^\n:：()\[\]]{{0,60}}+)(?:[(\[][^\n()\[\]]{{1,60}}+[)\]][{_SPACE}]*+)?"
    r"(?:：|:(?=\s|$))",
    re.MULTILINE,
)
_ASKED = re.compile(
    rf"^[{_SPACE}]*+(?P<name>Q(?P<mark>\.|[ \u00a0]?[–—-])?)(?P<gap>[{_SPACE}]++)(?=(?P<next>\S))", re.MULTILINE
)
_OPENING = "\"“«„‘'([…—–-"
_NAME_CHARACTERS = re.compile(r"[\w.’'ʼ‘‑ -]+")
_NUMBERED = re.compile(r"[^\d]+ \d{1,2}")
_INITIALS = re.compile(r"(?:[^\W\d_]\. ?){1,2}[^\W\d_][\w’'ʼ‑-]+")
_SPEECH_END = re.compile(r"[.?!…。？！؟۔—–-][\"”’»)\]]*$")


class _Form(Enum):
    """What a name looks like: certainly one, in capitals, in capitals with an office, or one only if it recurs."""

    CERTAIN = auto()
    CAPITALS = auto()
    OFFICE = auto()
    PLAIN = auto()


@dataclass(slots=True)
class _Turn:
    """What may begin a turn; `set_off` says that it begins a heading or a list item."""

    start: int
    name_end: int
    speaker: str
    form: _Form
    set_off: bool = False

    @property
    def key(self) -> str:
        return self.speaker.casefold()


def speaker_turns(text: str, structure: Structure) -> tuple[FormatRange, ...]:
    """Return the turns of a transcript as ranges of kind "speaker", or nothing where the text is none.

    Each reaches from the name to the last character before the next turn that is not white space. Its data hold
    `speaker`, the name as it stands without what is in brackets, and `name_end`, the code point after the name and its
    colon. Time grows linearly with the text.
    """
    if any(known.kind == "speaker" for known in structure.ranges):
        return ()
    set_off = {known.start for known in structure.ranges if known.kind in ("heading", "list_item")}
    turns = _spoken(text, _candidates(text, set_off))
    starts = [turn.start for turn in turns] + [len(text)]
    return tuple(_range(text, turn, end) for turn, end in zip(turns, starts[1:], strict=True))


def _range(text: str, turn: _Turn, end: int) -> FormatRange:
    while text[end - 1].isspace():
        end -= 1
    return FormatRange("speaker", turn.start, end, 0, {"speaker": turn.speaker, "name_end": turn.name_end})


# -- which lines may begin a turn


def _candidates(text: str, set_off: set[int]) -> list[_Turn]:
    found = {}
    for match in _NAMED.finditer(text):
        start, name = match.start("name"), " ".join(match.group("name").split())
        form = _form(name)
        if form is not None:
            found[start] = _Turn(start, match.end(), name, form, start in set_off)
    found |= {turn.start: turn for turn in _questions(text)}
    return [found[start] for start in sorted(found)]


def _questions(text: str) -> Iterator[_Turn]:
    """Yield the questions that begin with a bare Q; after one plain space a sentence must begin."""
    for match in _ASKED.finditer(text):
        apart = match.group("mark") or match.group("gap") != " "
        if apart or match.group("next").isupper() or match.group("next") in _OPENING:
            yield _Turn(match.start("name"), match.end("name"), "Q", _Form.CERTAIN)


@lru_cache(maxsize=4096)
def _form(name: str) -> _Form | None:
    """Return what a name before a colon looks like, or None if it is none."""
    if ", " in name:
        return _Form.OFFICE if name.isupper() and _form(name.partition(", ")[0]) else None
    words = name.split()
    plain_words = [word.strip(".’'").casefold() for word in words]
    if len(words) > _MOST_WORDS or plain_words[0] in HEADWORDS or not _NAME_CHARACTERS.fullmatch(name):
        return None
    titled = plain_words[0] in TITLES or (len(words) > 1 and plain_words[0] in ARTICLES and plain_words[1] in TITLES)
    if any(character.isdigit() for character in name) and not (titled and _NUMBERED.fullmatch(name)):
        return None
    proper = _is_proper(words)
    if titled:
        return _Form.CERTAIN if proper else _Form.PLAIN
    if proper and _INITIALS.fullmatch(name):
        return _Form.CERTAIN
    if not proper or len(words) > _MOST_WORDS_UNTITLED:
        return None
    return _Form.CAPITALS if name.isupper() and len(name) > 1 else _Form.PLAIN


def _is_proper(words: Sequence[str]) -> bool:
    """Say whether all words but the little ones begin with a capital, or are written in letters that have none."""
    return _begins_high(words[0]) and all(_begins_high(word) or word.casefold() in PARTICLES for word in words[1:])


def _begins_high(word: str) -> bool:
    return not word[0].islower()


# -- which of them do


def _spoken(text: str, candidates: list[_Turn]) -> list[_Turn]:
    """Return the candidates that begin turns."""
    counts = Counter(turn.key for turn in candidates)
    certain = {turn.key for turn in candidates if turn.form is _Form.CERTAIN}
    recurring = _recurring(text, [t for t in candidates if counts[t.key] > 1 and t.key not in certain])
    speaking = certain | recurring if certain or len(recurring) > 1 else set()
    turns = [turn for turn in candidates if turn.key in speaking or _stands_once(turn, speaking)]
    if len(turns) < _FEWEST_TURNS:
        return []
    in_capitals = sum(1 for turn in turns if turn.form is _Form.CERTAIN and turn.speaker.isupper())
    return turns if in_capitals >= _FEWEST_TURNS or any(counts[key] > 1 for key in speaking) else []


def _recurring(text: str, candidates: list[_Turn]) -> set[str]:
    """Return the names, of those that recur, that speech follows."""
    speeches: dict[str, list[str]] = {}
    for turn in candidates:
        if not turn.set_off and turn.form is not _Form.OFFICE:
            speeches.setdefault(turn.key, []).append(_first_paragraph(text, turn.name_end))
    return {key for key, heard in speeches.items() if _is_speech(heard)}


def _first_paragraph(text: str, position: int) -> str:
    """Return the rest of the line at a position or, if it is blank, the next line."""
    end = text.find("\n", position)
    line = text[position : len(text) if end < 0 else end].strip()
    if line or end < 0:
        return line
    start = end + 1
    end = text.find("\n", start)
    return text[start : len(text) if end < 0 else end].strip()


def _is_speech(heard: list[str]) -> bool:
    ended = sum(1 for speech in heard if _SPEECH_END.search(speech))
    return 2 * ended >= len(heard) and sum(map(len, heard)) >= _SHORTEST_SPEECH * len(heard)


def _stands_once(turn: _Turn, speaking: set[str]) -> bool:
    """Say whether a name that does not recur is one beside names that do."""
    if turn.form is _Form.OFFICE:
        name = turn.key.partition(", ")[0]
        return name in speaking or name.split()[-1] in speaking
    answers = turn.key in QUESTIONS and "q" in speaking
    return answers or (turn.form is _Form.CAPITALS and not turn.set_off)
