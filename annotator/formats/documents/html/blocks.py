"""The paragraphs of a page as units that are kept or dropped whole, and what is known of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from annotator.formats.documents.html.visible import BLOCKS, element_name, is_blank, is_hidden

_TOKEN = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\\W_]+")
_SHINGLE = 4
_RIGHTS = re.compile(r"\s*(?:©|\(c\)|copyright\b)", re.IGNORECASE)
_LONGEST_RIGHTS = 30
_BUTTONS = frozenset(
    {
        *(
            "share",
            "share this",
            "share this page",
            "print",
            "print this page",
            "tweet",
            "facebook",
            "twitter",
            "email",
        ),
        *("e mail", "copy link", "advertisement", "back to top", "read more", "listen", "download", "linkedin"),
        *("реклама", "поделиться", "распечатать", "печать", "поділитися", "надрукувати", "друк", "друкувати", "наверх"),
        *("partager", "imprimer", "publicité", "teilen", "drucken", "anzeige", "compartir", "imprimir", "udostępnij"),
        *("مشاركة", "طباعة", "شارك"),
    }
)
_SECTIONLESS = frozenset(
    """p li ul ol dl dt dd blockquote table thead tbody tfoot tr td th caption h1 h2 h3 h4 h5 h6 figure figcaption pre
    center span font b strong em i a""".split()  # noqa: SIM905
)
_PIECES = tuple[etree._Element, str]


@dataclass(slots=True, eq=False)
class Block:
    """The text that stands directly in one block element, outside the blocks nested in it.

    `pieces` are the places of its text: (element, "text" or "tail"). `characters` and `linked` count code points,
    all and those inside links. `section` is the nearest element around it that is more than a paragraph, a list or a
    quotation.
    """

    element: etree._Element
    section: etree._Element
    pieces: list[_PIECES] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    characters: int = 0
    linked: int = 0

    @property
    def heading_level(self) -> int:
        """1 to 6, or 0 for what is no heading."""
        name = element_name(self.element)
        return int(name[1]) if len(name) == 2 and name[0] == "h" and name[1].isdigit() else 0

    @property
    def is_service(self) -> bool:
        """Say whether the block is a line about rights, or a button's words such as “Share”."""
        element, place = self.pieces[0]
        first = element.text if place == "text" else element.tail
        is_rights = bool(_RIGHTS.match(first or "")) and len(self.tokens) < _LONGEST_RIGHTS
        return is_rights or " ".join(self.tokens) in _BUTTONS

    @property
    def link_share(self) -> float:
        """The part of the text that is links, 0 to 1."""
        return self.linked / self.characters if self.characters else 0.0


def page_blocks(tree: etree._Element) -> list[Block]:
    """Return the blocks of a tree that hold visible text, in order of where they begin."""
    blocks: dict[etree._Element, Block] = {}
    around: list[tuple[etree._Element, etree._Element]] = [(tree, tree)]
    links = quotes = 0
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if is_hidden(element):
                walk.skip_subtree()
                continue
            name = element_name(element)
            if name in BLOCKS and element is not tree:
                around.append((element, around[-1][1] if name in _SECTIONLESS or quotes else element))
            quotes += name == "blockquote"
            links += name == "a"
            _note(blocks, around[-1], element, "text", links > 0)
        else:
            if event == "end" and not is_hidden(element):
                if around[-1][0] is element and element is not tree:
                    around.pop()
                links -= element_name(element) == "a"
                quotes -= element_name(element) == "blockquote"
            if element is not tree:
                _note(blocks, around[-1], element, "tail", links > 0)
    return list(blocks.values())


def _note(
    blocks: dict[etree._Element, Block],
    around: tuple[etree._Element, etree._Element],
    element: etree._Element,
    place: str,
    linked: bool,
) -> None:
    text = element.text if place == "text" else element.tail
    if not text or is_blank(text):
        return
    block = blocks.get(around[0])
    if block is None:
        block = blocks[around[0]] = Block(*around)
    characters = len(text.strip())
    block.pieces.append((element, place))
    block.tokens.extend(text_tokens(text))
    block.characters += characters
    block.linked += characters if linked else 0


def text_tokens(text: str) -> list[str]:
    """Return the words of a text in lower case; where words have no spaces, its characters."""
    return _TOKEN.findall(text.lower())


class FoundText:
    """A text by its runs of four words, to ask how much of a paragraph it holds."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        """Take the paragraphs of the text in order."""
        everything: list[str] = []
        self._short: set[tuple[str, ...]] = set()
        for paragraph in paragraphs:
            tokens = text_tokens(paragraph)
            everything.extend(tokens)
            if len(tokens) < _SHINGLE:
                self._short.add(tuple(tokens))
        self._runs = {hash(run) for run in _runs(everything)}

    def share(self, tokens: list[str]) -> float:
        """Return which part of a paragraph stands in the text, 0 to 1; a short one stands there whole or not."""
        if len(tokens) < _SHINGLE:
            return 1.0 if tuple(tokens) in self._short else 0.0
        runs = [hash(run) in self._runs for run in _runs(tokens)]
        return sum(runs) / len(runs)


def _runs(tokens: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(tokens[start:] for start in range(_SHINGLE)), strict=False)
