"""Full-text search: which documents and notes may hold what is looked for.

Texts are indexed once, by their hash, folded and without diacritics; where exactly a hit stands, and whether its
diacritics are the right ones, is for the reader of the text to say (core.search_words).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from annotator.core.folding import as_signs, as_tokens
from annotator.core.search_query import NOTES, SearchQuery
from annotator.core.search_words import Node, without_exclusions
from annotator.storage.local import LocalSettings
from annotator.storage.search_filters import Condition, document_conditions, note_conditions
from annotator.storage.search_words import index_query, part_query
from annotator.storage.sql import Statements

Key = tuple[float, str, str]
"""Where a document or a note stands among the hits: its rank, when it came, its id."""

_PARTS = "index of parts of words"

_TEXT_SQL = {
    "words": (
        '"text_index" JOIN "searched_text" ON "searched_text"."id" = "text_index"."rowid" '
        'JOIN "document" ON "document"."text" = "searched_text"."text"',
        '"text_index" MATCH ?',
        '"text_index"."rank"',
    ),
    "parts": (
        '"part_index" JOIN "searched_text" ON "searched_text"."id" = "part_index"."rowid" '
        'JOIN "document" ON "document"."text" = "searched_text"."text"',
        '"part_index" MATCH ?',
        "0.0",
    ),
    "": ('"document"', "1", "0.0"),
}
_NOTE_SQL = {
    "words": (
        '"note_index" JOIN "searched_note" ON "searched_note"."id" = "note_index"."rowid" '
        'JOIN "note" ON "note"."id" = "searched_note"."note"',
        '"note_index" MATCH ?',
        '"note_index"."rank"',
    ),
    "parts": ('"note"', "?", "0.0"),
    "": ('"note"', "1", "0.0"),
}


class SearchIndex:
    """The words of every document's text and of every note, and, where somebody wants it, parts of words."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._local = LocalSettings(statements)

    # -- texts

    def put_text(self, text: str, content: str) -> None:
        """Index a text unless it is; `text` is the hash of the stored blob that holds `content`."""
        if self._text_number(text) is None:
            self.put_tokens(text, as_tokens(content))
            if self.has_parts():
                self.put_parts(text, as_signs(content))

    def put_tokens(self, text: str, tokens: str) -> None:
        """Index a text unless it is, its words folded already (core.folding.as_tokens)."""
        if self._text_number(text) is None:
            self._sql.insert("searched_text", ("text", "has_parts"), [(text, 0)])
            self._sql.insert("text_index", ("rowid", "body"), [(self._text_number(text), tokens)])

    def put_parts(self, text: str, signs: str) -> None:
        """Index the parts of words of a text that is indexed already (core.folding.as_signs)."""
        number = self._text_number(text)
        if self._sql.run('UPDATE "searched_text" SET "has_parts" = 1 WHERE "text" = ? AND "has_parts" = 0', (text,)):
            self._sql.insert("part_index", ("rowid", "body"), [(number, signs)])

    def _text_number(self, text: str) -> int | None:
        row = self._sql.first('SELECT "id" FROM "searched_text" WHERE "text" = ?', (text,))
        return row[0] if row else None

    def missing_texts(self) -> list[str]:
        """Return the hashes of the texts of documents that are not indexed."""
        sql = (
            'SELECT DISTINCT "text" FROM "document" WHERE NOT EXISTS '
            '(SELECT 1 FROM "searched_text" WHERE "searched_text"."text" = "document"."text")'
        )
        return [row[0] for row in self._sql.rows(sql)]

    # -- parts of words

    def has_parts(self) -> bool:
        """Say whether somebody wants this copy of the project to keep an index of parts of words."""
        return self._local.get(_PARTS) is not None

    def want_parts(self) -> None:
        """Index the parts of words of each text that comes in from now on."""
        self._local.put(_PARTS, "kept")

    def drop_parts(self) -> None:
        """Take the index of parts of words away."""
        self._local.drop(_PARTS)
        self._sql.run('UPDATE "searched_text" SET "has_parts" = 0 WHERE "has_parts" = 1')
        self._sql.run('INSERT INTO "part_index" ("part_index") VALUES (\'delete-all\')')

    def texts_without_parts(self) -> list[str]:
        """Return the hashes of the indexed texts whose parts of words are not indexed."""
        return [row[0] for row in self._sql.rows('SELECT "text" FROM "searched_text" WHERE "has_parts" = 0')]

    # -- notes

    def put_note(self, note: str, body: str) -> None:
        """Index a note, or what it says now."""
        self.drop_note(note)
        self._sql.insert("searched_note", ("note",), [(note,)])
        self._sql.insert("note_index", ("rowid", "body"), [(self._note_number(note), as_tokens(body))])

    def drop_note(self, note: str) -> None:
        """Take a note out, if it is there."""
        number = self._note_number(note)
        if number is not None:
            self._sql.run('DELETE FROM "note_index" WHERE "rowid" = ?', (number,))
            self._sql.run('DELETE FROM "searched_note" WHERE "id" = ?', (number,))

    def _note_number(self, note: str) -> int | None:
        row = self._sql.first('SELECT "id" FROM "searched_note" WHERE "note" = ?', (note,))
        return row[0] if row else None

    def missing_notes(self) -> list[tuple[str, str]]:
        """Return (id, body) of the notes that are not indexed."""
        sql = 'SELECT "id", "body" FROM "note" WHERE "id" NOT IN (SELECT "note" FROM "searched_note")'
        return [(row[0], row[1]) for row in self._sql.rows(sql)]

    # -- finding

    def candidates(
        self,
        query: SearchQuery,
        node: Node | None,
        own_layers: Sequence[str],
        *,
        after: Key | None,
        limit: int,
        layers: Sequence[str] | None = None,
    ) -> list[Key]:
        """Return the keys of documents in sight, or of notes, that may hold what is looked for, the best first.

        Args:
            query: where to look, and what narrows it.
            node: what to look for, or None where only what narrows counts.
            own_layers: whose status counts, that of the first that has one.
            after: the key to go on from; it is among those returned.
            limit: how many at most.
            layers: those whose spans count; None for all.
        """
        source, where, values, rank = self._parts_of(query, node, own_layers, layers)
        table = "note" if query.scope == NOTES else "document"
        if after is not None:
            where += f' AND ({rank}, "{table}"."created", "{table}"."id") >= (?, ?, ?)'
            values = [*values, *after]
        sql = (
            f'SELECT {rank}, "{table}"."created", "{table}"."id" FROM {source} WHERE {where} '
            f'ORDER BY {rank}, "{table}"."created", "{table}"."id" LIMIT {int(limit)}'
        )
        return [(row[0], row[1], row[2]) for row in self._sql.rows(sql, values)]

    def _parts_of(
        self, query: SearchQuery, node: Node | None, own_layers: Sequence[str], layers: Sequence[str] | None
    ) -> tuple[str, str, Sequence[Any], str]:
        """Return the tables, the condition with its values, and the rank."""
        kind = "" if node is None else "parts" if query.substring else "words"
        is_note = query.scope == NOTES
        source, match, rank = (_NOTE_SQL if is_note else _TEXT_SQL)[kind]
        conditions: Iterable[Condition]
        conditions = (note_conditions if is_note else document_conditions)(query, own_layers, layers)
        clauses, values = [match], []
        if node is not None:
            values.append(self._match(query, node))
        for clause, own in conditions:
            clauses.append(clause)
            values += own
        return source, " AND ".join(clauses), values, rank

    def _match(self, query: SearchQuery, node: Node) -> str | int:
        if query.substring:
            return 1 if query.scope == NOTES else part_query(node)
        whole = query.scope == "documents" and query.ignore_diacritics
        return index_query(node if whole else without_exclusions(node))

    # -- what there is to choose from

    def values_of(self, column: str) -> list[str]:
        """Return the different values of a column of documents, sorted."""
        sql = f'SELECT DISTINCT "{column}" FROM "document" ORDER BY "{column}"'
        return [row[0] for row in self._sql.rows(sql) if row[0]]
