"""The texts of Label Studio's tasks, and where its regions lie in them.

Plain text (`Text`) has a region from `start` to `end`, which are code points in exports of 2022 and later and UTF-16
units in older ones. Web pages (`HyperText`) have `globalOffsets` in the text of the page, where `br` is one character,
or a path to a text node and an offset in it. Dialogues (`Paragraphs`) have the number of an utterance and an offset.
In all of them `text` is what was selected, with a backslash and an “n” for each end of a line, and with white space as
the browser showed it: white space is not compared. Positions given are code points, half-open.

Source: `regions/RichTextRegion.js`, `regions/ParagraphsRegion.js`, `tags/object/RichText/domManager.ts` and
`utils/selection-tools.js` of the editor in github.com/HumanSignal/label-studio.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from annotator.formats.datasets.drift import REACH
from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.fields import checked, position, taken

_ADDRESS = re.compile(r"(?:(?:https?|s3|gs|azure-blob)://|/data/)\S+")
_SPACE = re.compile(r"(?:\\n|\s)+")


class Place(NamedTuple):
    """Where a region lies; `quote` is what it covers as far as the file says so, in the characters of the text."""

    start: int
    end: int
    quote: str | None


class UnplacedError(Exception):
    """The file does not say where in the text a region lies."""


class Body:
    """Plain text."""

    def __init__(self, text: str) -> None:
        if _ADDRESS.fullmatch(text.strip()):
            raise EntryError(
                "the text of the task is not in the file, only its address ({address}). Put the texts into the tasks, "
                "and export them again.",
                address=f"{text.strip():.60}",
            )
        self.text = text

    def place(self, value: Mapping[str, Any]) -> Place:
        """Return where the value of a region lies.

        Raises:
            UnplacedError: The value has no positions that this text can have, and no quote that stands in one place.
            EntryError: The positions are no positions.
        """
        if isinstance(value.get("start"), str):  # a path, as early versions have them
            return self._found(_quote(value))
        start = position(taken(value, "start", float, "a region"), "the start of a region")
        end = position(taken(value, "end", float, "a region"), "the end of a region")
        return self.proved(start, end, _quote(value))

    def proved(self, start: int, end: int, quote: str | None) -> Place:
        """Return a place whose quote is in the words of the text, as far as it is there or near.

        Where positions are UTF-16 units they stay so: what reads the entry sees that by the quote.
        """
        if quote is None or self.text[start:end] == quote:
            return Place(start, end, quote)
        wanted = _squeezed(quote)
        for found in (self.text[start:end], self._in_units(start, end)):
            if found and _squeezed(found) == wanted:
                return Place(start, end, found)
        near = self._near(quote, start) if wanted else None
        return Place(start, end, near or quote)

    def _in_units(self, start: int, end: int) -> str:
        units = self._units
        if not units:
            return ""
        return self.text[bisect_left(units, start) : bisect_left(units, end)]

    @cached_property
    def _units(self) -> list[int]:
        """The UTF-16 unit at which each code point begins, or nothing where the two are the same."""
        if self.text.isascii() or all(ord(character) <= 0xFFFF for character in self.text):
            return []
        found, place = [], 0
        for character in self.text:
            found.append(place)
            place += 2 if ord(character) > 0xFFFF else 1
        return found

    def _near(self, quote: str, start: int) -> str | None:
        """Return what stands for the quote in the text at the place that is nearest to where it should."""
        low, high = max(0, start - REACH), min(start + REACH + 2 * len(quote), len(self.text))
        if low >= high:
            return None
        places = list(_pattern(quote).finditer(self.text, low, high))
        return min(places, key=lambda found: abs(found.start() - start))[0] if places else None

    def _found(self, quote: str | None) -> Place:
        places = list(_pattern(quote).finditer(self.text)) if quote and quote.strip() else []
        if len(places) != 1:
            raise UnplacedError
        return Place(*places[0].span(), places[0][0])


class Page(Body):
    """A web page as the text that its nodes hold one after the other, scripts left out."""

    def __init__(self, source: str) -> None:
        self._nodes: dict[str, int] = {}
        self._parts: list[str] = []
        self._length = 0
        if source.strip():
            self._walk(_root(source))
        super().__init__("".join(self._parts))

    def place(self, value: Mapping[str, Any]) -> Place:
        """Return where the value of a region lies. Raises as `Body.place` does."""
        offsets, quote = value.get("globalOffsets"), _quote(value)
        if isinstance(offsets, dict):
            start = position(taken(offsets, "start", float, "a region"), "the start of a region")
            end = position(taken(offsets, "end", float, "a region"), "the end of a region")
            return self.proved(start, end, quote)
        ends = [self._at(value.get(name), value.get(f"{name}Offset")) for name in ("start", "end")]
        if ends[0] is None or ends[1] is None:
            return self._found(quote)
        return self.proved(ends[0], ends[1], quote)

    def _at(self, path: Any, offset: Any) -> int | None:
        node = self._nodes.get(path) if isinstance(path, str) else None
        return None if node is None or not isinstance(offset, int) or offset < 0 else node + offset

    def _add(self, text: str, path: str) -> None:
        self._nodes[path] = self._length
        self._parts.append(text)
        self._length += len(text)

    def _walk(self, root: Any) -> None:
        """Take in the text nodes in document order; without recursion, since pages nest as they like."""
        pending: list[tuple[Any, str, dict[str, int], bool]] = [(root, "", {}, False)]
        while pending:
            element, parent, counts, is_tail = pending.pop()
            if is_tail:
                counts["text()"] = counts.get("text()", 0) + 1
                self._add(element.tail, f"{parent}/text()[{counts['text()']}]")
                continue
            name = element.tag if isinstance(element.tag, str) else ""
            if name in ("script", "iframe") or not name:
                continue
            if name == "br":
                self._parts.append("\n")
                self._length += 1
                continue
            path = "" if element is root else f"{parent}/{name}[{_counted(counts, name)}]"
            within: dict[str, int] = {}
            if element.text:
                within["text()"] = 1
                self._add(element.text, f"{path}/text()[1]")
            for child in reversed(element):
                if child.tail:
                    pending.append((child, path, within, True))
                pending.append((child, path, within, False))


def _counted(counts: dict[str, int], name: str) -> int:
    counts[name] = counts.get(name, 0) + 1
    return counts[name]


def _root(source: str) -> Any:
    """Return the body of a page, whose nodes the paths of regions begin at."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        document = html.document_fromstring(source.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise EntryError("the page of the task is no HTML that can be read ({reason}).", reason=str(error)) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise EntryError("the page of the task is nested too deeply to be read whole.")
    body = document.find("body")
    return document if body is None else body


class Dialogue(Body):
    """Utterances, one a line, each with its speaker before it."""

    def __init__(self, utterances: list[Any], name_key: str = "author", text_key: str = "text") -> None:
        self._places: list[tuple[int, int]] = []
        lines, length = [], 0
        for one in utterances:
            utterance = checked(one, dict, "an utterance")
            text = taken(utterance, text_key, str, "an utterance")
            name = utterance.get(name_key)
            speaker = f"{name}: " if isinstance(name, str) and name else ""
            self._places.append((length + len(speaker), len(text)))
            lines.append(speaker + text)
            length += len(lines[-1]) + 1
        super().__init__("\n".join(lines))

    def place(self, value: Mapping[str, Any]) -> Place:
        """Return where the value of a region lies. Raises as `Body.place` does."""
        quote = _quote(value)
        ends = [self._at(value.get(name), value.get(f"{name}Offset")) for name in ("start", "end")]
        if ends[0] is None or ends[1] is None:
            return self._found(quote)
        # What was selected over several utterances is shown without their speakers, so it proves nothing.
        return self.proved(ends[0], ends[1], quote if str(value.get("start")) == str(value.get("end")) else None)

    def _at(self, number: Any, offset: Any) -> int | None:
        is_number = isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 10
        index = int(number) if is_number else number
        if not isinstance(index, int) or not 0 <= index < len(self._places) or not isinstance(offset, int):
            return None
        start, length = self._places[index]
        return start + offset if 0 <= offset <= length else None


def body_of(data: Any, kind: str, keys: Mapping[str, str]) -> Body:
    """Return the text of a task. `kind` is the tag that shows it, in small letters; `keys` are those of a dialogue.

    Raises EntryError where it is none.
    """
    if isinstance(data, list):
        return Dialogue(data, keys.get("nameKey", "author"), keys.get("textKey", "text"))
    text = checked(data, str, "the text of the task")
    return Page(text) if kind == "hypertext" else Body(text)


def _quote(value: Mapping[str, Any]) -> str | None:
    quote = value.get("text")
    return quote if isinstance(quote, str) and quote else None


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)


def _pattern(quote: str) -> re.Pattern[str]:
    """Return what finds a quote whatever its white space is, without any at its ends."""
    return re.compile(r"\s+".join(re.escape(part) for part in _SPACE.split(quote) if part))
