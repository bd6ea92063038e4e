"""The lines of a file of words with tags, and how its columns are laid out, by a look at its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from annotator.core.errors import DatasetError
from annotator.formats.datasets.replacing import explained_failures
from annotator.formats.datasets.tables.encodings import encoding_of
from annotator.formats.datasets.tokens import is_prefixed

_LONGEST = 1_000_000
_SAMPLE = 5_000
_DOCUMENT = re.compile(r"-DOCSTART-(?:\s|$)")
_TAG = re.compile(r"(?:[BILUESMW][-_].+|O|o|_|-)", re.DOTALL)
_CONLLU = re.compile(r"\d+(?:[-.]\d+)?")
_NOTHING = ("O", "o", "_", "-", "-X-", "")
_CHUNKS = frozenset(("NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NX", "VC", "PC"))

BLANK, COMMENT, DOCUMENT, WORD = "blank", "comment", "document", "word"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the columns of a file are laid out: `tags` are the places of columns with tags, from the left.

    `width` is how many columns a line has, `has_prefixes` whether tags have B-, I- and so on before their labels.
    """

    is_conllu: bool
    has_tabs: bool
    width: int
    word: int = 0
    tags: tuple[int, ...] = ()
    has_prefixes: bool = True


class Rows:
    """The lines of a file. Raises DatasetError where it is none of words with tags, UserError where it is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained_failures(path, "read"):
            self._encoding = encoding_of(path)
        self.layout = self._seen()

    def __iter__(self) -> Iterator[tuple[int, str, list[str]]]:
        """Yield (number, kind, columns); for a comment and a new document the line is the only column."""
        is_conllu = self.layout.is_conllu
        for number, line in self._lines():
            if not line or line.isspace():
                yield number, BLANK, []
                continue
            if line[0] == "-" and _DOCUMENT.match(line):
                yield number, DOCUMENT, [line.strip()]
                continue
            columns = line.split("\t") if is_conllu else self._columns(line)
            if line[0] == "#" and (is_conllu or self._is_comment(columns)):
                yield number, COMMENT, [line]
            else:
                yield number, WORD, columns

    def _lines(self) -> Iterator[tuple[int, str]]:
        number = 1
        with explained_failures(self.path, "read"), self.path.open(encoding=self._encoding) as file:
            try:
                while line := file.readline(_LONGEST):
                    if len(line) == _LONGEST:
                        raise self._too_long(number)
                    yield number, line.rstrip("\n")
                    number += 1
            except UnicodeError as error:
                raise self._undecodable(number) from error

    def _too_long(self, number: int) -> DatasetError:
        return DatasetError(
            "{file}, line {line}: it is longer than {count} characters. Is this a word and its tag on each line?",
            file=self.path.name,
            line=number,
            count=_LONGEST,
        )

    def _undecodable(self, number: int) -> DatasetError:
        return DatasetError(
            "{file}, line {line}: there is no such character in {encoding}, which the rest is in. Open the file where "
            "it reads well, and save it as UTF-8.",
            file=self.path.name,
            line=number,
            encoding=self._encoding,
        )

    def _columns(self, line: str) -> list[str]:
        return [one.strip() for one in line.rstrip().split("\t")] if self.layout.has_tabs else line.split()

    def _is_comment(self, columns: Sequence[str]) -> bool:
        """Say whether a line that begins with “#” is none of a word: it has no tag where others have theirs."""
        return len(columns) != self.layout.width or not _is_tag(columns[-1])

    def _seen(self) -> Layout:
        lines = [line for _, line in islice(self._lines(), _SAMPLE) if line.strip()]
        words = [line for line in lines if not _DOCUMENT.match(line)]
        plain = [line for line in words if not line.startswith("#")] or words
        if not plain and lines:
            return Layout(False, "\t" in lines[0], 2, 0, (1,))
        if not plain:
            raise DatasetError("“{file}” has no words. Choose another file.", file=self.path.name)
        tabbed = [line.split("\t") for line in plain if "\t" in line]
        has_tabs = len(tabbed) * 2 > len(plain)
        if has_tabs and all(len(one) == 10 and _CONLLU.fullmatch(one[0]) for one in tabbed):
            return Layout(True, True, 10)
        rows = [[one.strip() for one in line.rstrip().split("\t")] if has_tabs else line.split() for line in plain]
        widths = [len(row) for row in rows]
        width = max(set(widths), key=widths.count)
        rows = [row for row in rows if len(row) == width]
        if width < 2 or not _has_tags([row[-1] for row in rows]) or lines[0].startswith("#FORMAT=WebAnno"):
            raise DatasetError(
                "“{file}” has no word with a tag on each line (such as “Kyiv B-pledge”, O where there is none). Is "
                "this the right format?",
                file=self.path.name,
            )
        return _layout(rows, width, has_tabs)


def _has_tags(values: Sequence[str]) -> bool:
    fitting = sum(_is_tag(value) for value in values)
    return fitting * 2 > len(values) or values.count("O") * 5 > len(values)


def _is_tag(value: str) -> bool:
    return _TAG.fullmatch(value) is not None


def _layout(rows: Sequence[Sequence[str]], width: int, has_tabs: bool) -> Layout:
    word = int(width > 2 and _are_numbered(rows))
    last = [row[-1] for row in rows]
    tags = [place for place in range(word + 1, width - 1) if _is_column_of_tags([row[place] for row in rows])]
    has_prefixes = is_prefixed(last) or all(value in _NOTHING for value in last)
    return Layout(False, has_tabs, width, word, (*tags, width - 1) if has_prefixes else (width - 1,), has_prefixes)


def _are_numbered(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first column counts the words of each sentence, and the second one has these."""
    if not all(row[0].isdecimal() for row in rows) or all(row[1] in _NOTHING for row in rows):
        return False
    numbers = [int(row[0]) for row in rows]
    return numbers[0] in (0, 1) and all(after in (before + 1, numbers[0]) for before, after in pairwise(numbers))


def _is_column_of_tags(values: Sequence[str]) -> bool:
    """Say whether a column before the last one has tags too, and not parts of speech or chunks."""
    labels = {value[2:] for value in values if value not in _NOTHING}
    return all(_is_tag(value) for value in values) and not (labels and labels <= _CHUNKS)
