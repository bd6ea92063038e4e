"""Between what somebody types, the tree of terms, and the queries of the indexes."""

from __future__ import annotations

import re

from playhouse.fts_parser import parse

from annotator.core.errors import RefusedError
from annotator.core.folding import as_signs, as_tokens
from annotator.core.search_words import AllOf, AnyOf, Node, Term, Without, has_words
from annotator.core.text import is_storable

LONGEST = 1_000
"""Characters of a query."""

LEAST_PART = 3
"""Characters of a part of a word, which the index of parts keeps in threes."""

_TOKEN = re.compile(r'"([^"]*)"(\*?)|\(|\)|AND|OR|NOT')


def read_words(words: str) -> Node:
    """Return the tree of words as somebody types them: a b, "a phrase", -without, this OR that, begin*, (groups).

    Raises RefusedError where there is nothing to look for.
    """
    if len(words) > LONGEST:
        template = "A search takes {most} characters at most, and this one has {count}. Shorten it."
        raise RefusedError(template, most=LONGEST, count=len(words))
    if not is_storable(words):
        raise RefusedError("The search holds a sign that no text can be searched for. Type the words again.")
    if not has_words(words):
        raise RefusedError("Only signs cannot be searched for. Type a word or a number.")
    tree = _Reader(str(parse(_straight_quotes(words)))).tree()
    if tree is None:
        raise RefusedError("A search needs a word to find besides those to leave out. Type one.")
    return tree


def is_unfinished(words: str) -> bool:
    """Say whether a quotation mark is open, so that all that follows it is one phrase."""
    return _straight_quotes(words).count('"') % 2 == 1


def _straight_quotes(words: str) -> str:
    return re.sub("[“”„«»]", '"', words)


class _Reader:
    """Reads a query as the parser of FTS5 queries writes it; terms without a letter or digit drop out."""

    def __init__(self, query: str) -> None:
        self._tokens = list(_TOKEN.finditer(query))
        self._place = 0

    def tree(self) -> Node | None:
        """Return the tree, or None where no term is left."""
        parts = [self._part()]
        operator = self._operator()
        while self._operator() == operator and operator:
            self._place += 1
            parts.append(self._part())
        left = tuple(part for part in parts if part is not None)
        if operator == "NOT" and parts[0] is None:
            return None
        if len(left) < 2:
            return left[0] if left else None
        if operator == "NOT":
            return Without(left[0], left[1:])
        return (AllOf if operator == "AND" else AnyOf)(left)

    def _operator(self) -> str:
        token = self._tokens[self._place].group() if self._place < len(self._tokens) else ""
        return token if token in ("AND", "OR", "NOT") else ""

    def _part(self) -> Node | None:
        token = self._tokens[self._place]
        self._place += 1
        if token.group() == "(":
            inner = self.tree()
            self._place += 1
            return inner
        text = token.group(1)
        return Term(text, bool(token.group(2))) if has_words(text) else None


def index_query(node: Node) -> str:
    """Return the query of the index of words."""
    if isinstance(node, Term):
        return f'"{" ".join(as_tokens(node.text).split())}"' + ("*" if node.begins else "")
    if isinstance(node, Without):
        return f"({index_query(node.part)} NOT ({' OR '.join(map(index_query, node.others))}))"
    return f"({(' AND ' if isinstance(node, AllOf) else ' OR ').join(map(index_query, node.parts))})"


def part_query(node: Node) -> str:
    """Return the query of the index of parts of words: what it finds may hold the terms, all else does not.

    Raises RefusedError where a term is too short.
    """
    if isinstance(node, Term):
        folded = as_signs(node.text)
        if len(folded) < LEAST_PART:
            template = "“{part}” is too short for a part of a word: type {least} characters, or search whole words."
            raise RefusedError(template, part=node.text, least=LEAST_PART)
        threes = (folded[place : place + LEAST_PART] for place in range(len(folded) - LEAST_PART + 1))
        return f"({' AND '.join(_quoted(three) for three in dict.fromkeys(threes))})"
    if isinstance(node, Without):
        return part_query(node.part)
    return f"({(' AND ' if isinstance(node, AllOf) else ' OR ').join(map(part_query, node.parts))})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
