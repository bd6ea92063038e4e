"""How two lines of one paragraph are joined: with a space or without, and whether the hyphen between them goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

HYPHENS = "-‐\xad"
_HYPHEN_AT_END = re.compile(rf"([^\W_]+)[{HYPHENS}]$")
_HYPHEN_AFTER_SIGN = re.compile(r"[\w.][.)’”\"'][-‐]$")
_WORD_AT_START = re.compile(r"([^\W_]+(?:[’'][^\W_]+)?)")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_ADDRESS_AT_END = re.compile(r"(?:(?:https?://|www\.)\S*[-/_.=&?%#:]|https?:)$", re.IGNORECASE)
_ADDRESS_GOES_ON = re.compile(r"//|[\w%#?&=/~+-]+(?=[\w.-]*[./_?=&%-]|\s*$|\s*[,;)>])")
_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uffef]")
# “Innen- und Außenpolitik”: a word that is shortened before one of these keeps its hyphen and the space.
_AND = frozenset(
    """und oder bzw sowie bis and or et ou y e o u i a și sau en of og och eller ja tai és vagy ve veya lub oraz czy
    nebo či alebo і й та або чи и или да""".split()  # noqa: SIM905
)

_PREFIXES = frozenset(("non", "self"))
_FEWEST_LINES = 60
_MOST_COMPOUNDS = 0.015
"""Compounds at more of the line ends than this are divided words."""


@dataclass(eq=False)
class Vocabulary:
    """The words that a document has within its lines, in lower case, and how often its lines end in a hyphen."""

    words: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)
    tails: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    cuts: list[tuple[str, str]] = field(default_factory=list)

    def learn(self, lines: Iterable[str]) -> None:
        """Take the words of a paragraph's lines in their order; those that a line's end cuts are left out."""
        cut_word = ""
        for line in lines:
            found = _WORD.findall(line.lower())
            cut = bool(_HYPHEN_AT_END.search(line))
            for word in found[bool(cut_word) : len(found) - cut or None]:
                self._add(word.replace("‐", "-"))
            if cut_word and found and line[:1].islower():
                self.cuts.append((re.split("[-‐]", cut_word)[-1], re.split("[-‐]", found[0])[0]))
            self.lines += 1
            cut_word = found[-1] if cut and found else ""

    def _add(self, word: str) -> None:
        self.words[word] += 1
        parts = word.split("-")
        if len(parts) > 1:
            self.heads[parts[0]] += 1
            self.tails[parts[-1]] += 1

    @cached_property
    def cuts_words(self) -> bool:
        """Say whether words are divided at the ends of lines; else the few hyphens there belong to compounds."""
        if self.lines < _FEWEST_LINES or len(self.cuts) > _MOST_COMPOUNDS * self.lines:
            return True
        return any(self.words[before + after] for before, after in self.cuts)

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Say whether two parts around a hyphen at a line's end are a compound that is written with it."""
        before, after = before.lower(), after.lower()
        whole, compound = self.words[before + after], self.words[f"{before}-{after}"]
        if whole or compound:
            return compound > whole
        if before in _PREFIXES or not self.cuts_words:
            return True
        are_words = len(before) > 2 and len(after) > 2 and self.words[before] > 0 and self.words[after] > 0
        return are_words and (self.heads[before] > 0 or self.tails[after] > 0)


def seam(before: str, after: str, vocabulary: Vocabulary) -> tuple[int, str]:
    """Return how many code points go at the end of a line, and what stands between it and the next one."""
    if not before or not after:
        return 0, ""
    cut = _HYPHEN_AT_END.search(before)
    if cut:
        return _hyphen_seam(cut.group(1), before, after, vocabulary)
    if _ADDRESS_AT_END.search(before) and _ADDRESS_GOES_ON.match(after):
        return 0, ""
    if _HYPHEN_AFTER_SIGN.search(before) and after[0].isalnum():
        return 0, ""
    if _is_unspaced(before[-1], after[0]) or _is_unspaced(after[0], before[-1]):
        return 0, ""
    if before[-1] in "—/" and len(before) > 1 and not before[-2].isspace() and after[0].isalnum():
        return 0, ""
    return 0, " "


def first_word(text: str) -> str:
    """Return what cannot be parted at the beginning of a line: a word, or one character of a script without spaces."""
    return text[:1] if _NO_SPACES.match(text) else text.split(" ", 1)[0]


def _is_unspaced(one: str, other: str) -> bool:
    """Say whether a character of a script without spaces stands before another one or a sign."""
    return bool(_NO_SPACES.match(one)) and (bool(_NO_SPACES.match(other)) or not other.isalnum())


def _hyphen_seam(part: str, before: str, after: str, vocabulary: Vocabulary) -> tuple[int, str]:
    following = _WORD_AT_START.match(after)
    if not following:
        return 0, " " if after[0] in '(„“"«—–' else ""
    word = following.group(1)
    if before[-1] == "\xad":
        return 1, ""
    if after[following.end() :][:1] in HYPHENS and after[following.end() + 1 :][:1].isalpha():
        return 0, ""
    if _ADDRESS_AT_END.search(before):
        return 0, ""
    if word.lower() in _AND and not vocabulary.words[(part + word).lower()]:
        return 0, " "
    shouted = part.isupper() and word.isupper() and len(part) > 1
    if not part[-1].isalpha() or not word[0].isalpha() or (word[0].isupper() and not shouted):
        return 0, ""
    stem = re.split(r"[\s(„“\"«/]", before[:-1])[-1]
    if "-" in stem and not vocabulary.words[(part + word).lower()]:
        return (0, "") if vocabulary.keeps_hyphen(part, word) else (1, "")
    return (0, "") if vocabulary.keeps_hyphen(part, word) else (1, "")
