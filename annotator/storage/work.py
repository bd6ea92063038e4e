"""Who has which documents in a round and how far everybody is, counted by the database.

People may work under several ids; a Crew maps each id, and each layer, to the id that the person goes by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.storage.sql import Statements

_IN_SIGHT = '{document} NOT IN (SELECT "supersedes" FROM "document" WHERE "supersedes" IS NOT NULL)'
_STATUS_IN_SIGHT = _IN_SIGHT.format(document='"status"."document"')
_ASSIGNED_IN_SIGHT = _IN_SIGHT.format(document='"assignment"."document"')
_STATUSES = '"worker" CROSS JOIN "status"'
"""In this order, so that the index over layer and status answers."""

_IS_OF_WORKER = '"status"."layer" = "worker"."layer" AND "status"."status"'
_ASSIGNMENTS = '"person" CROSS JOIN "assignment"'
_IS_OF_PERSON = '"assignment"."annotator" = "person"."id" AND "assignment"."round" = ?'
_NOTHING_TAGGED = (
    'NOT EXISTS (SELECT 1 FROM "annotation" WHERE "annotation"."document" = "status"."document" '
    'AND "annotation"."layer" = "status"."layer")'
)
_NOT_BEGUN = (
    'NOT EXISTS (SELECT 1 FROM "worker" CROSS JOIN "status" WHERE "worker"."root" = "person"."root" '
    'AND "status"."document" = "assignment"."document" AND "status"."layer" = "worker"."layer" '
    'AND "status"."status" <> \'new\')'
)

_NOTHING_TAGGED_BY_PERSON = (
    'NOT EXISTS (SELECT 1 FROM "worker" AS "own" CROSS JOIN "annotation" WHERE "own"."root" = "worker"."root" '
    'AND "annotation"."document" = "status"."document" AND "annotation"."layer" = "own"."layer")'
)
_IS_FIRST = (
    'NOT EXISTS (SELECT 1 FROM "worker" AS "before" CROSS JOIN "status" AS "earlier" '
    'WHERE "before"."root" = "worker"."root" AND "before"."place" < "worker"."place" '
    'AND "earlier"."layer" = "before"."layer" AND "earlier"."document" = "status"."document")'
)
"""Of several layers of a person, the first with a status of a document says how far they are with it."""

_DONE = f"FROM {_STATUSES} WHERE {_IS_OF_WORKER} IN ('done', 'approved') AND {_STATUS_IN_SIGHT}"

_LAYER_TABLES = ("annotation", "attribute_value", "relation", "note", "status", "read_range", "unplaced", "decision")
_PERSON_TABLES = (
    *("annotation", "relation", "note", "saved_search", "assignment", "decision", "diary_entry", "release", "recipe"),
)


@dataclass(frozen=True, slots=True)
class Crew:
    """Whose work in a round is counted: the person whose an annotator's id is, and whose a layer of the round is.

    Of the layers of a person, the one in which they work comes first (see session.layers.person_layers).
    """

    round: str
    people: Mapping[str, str]
    layers: Mapping[str, str]

    @property
    def counted(self) -> str:
        """Return how documents are counted: once, where a person may have one under two ids."""
        is_plain = all(one == root for one, root in self.people.items())
        return 'COUNT({}"document")' if is_plain else 'COUNT(DISTINCT {}"document")'

    @property
    def is_one_layer_each(self) -> bool:
        """Say whether nobody has several layers."""
        return len(set(self.layers.values())) == len(self.layers)

    @property
    def counts_status(self) -> str:
        """Return the condition under which the status of a layer is that of its person."""
        return "1 = 1" if self.is_one_layer_each else _IS_FIRST

    @property
    def done_and_empty(self) -> str:
        """Return the tables and conditions of what people are done with and have tagged nothing in."""
        nothing = _NOTHING_TAGGED if self.is_one_layer_each else _NOTHING_TAGGED_BY_PERSON
        return f"{_DONE} AND {self.counts_status} AND {nothing}"


class WorkLists:
    """Assignments and statuses of documents in sight."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def hangs_on(self, annotator: str) -> bool:
        """Say whether rows, somebody's joining or steps of the history name a person; layers do not count."""
        queries = [f'SELECT 1 FROM "{table}" WHERE "annotator" = ? LIMIT 1' for table in _PERSON_TABLES]
        queries.append('SELECT 1 FROM "annotator" WHERE "same_as" = ? LIMIT 1')
        queries.append('SELECT 1 FROM "step" WHERE "annotator" = ? AND "undoable" = 1 LIMIT 1')
        return any(self._sql.first(sql, (annotator,)) is not None for sql in queries)

    def is_used(self, layer: str) -> bool:
        """Say whether anything is in a layer."""
        queries = (f'SELECT 1 FROM "{table}" WHERE "layer" = ? LIMIT 1' for table in _LAYER_TABLES)
        return any(self._sql.first(sql, (layer,)) is not None for sql in queries)

    def has_assignments(self, round: str) -> bool:
        """Say whether anything is assigned in a round."""
        return self._sql.first('SELECT 1 FROM "assignment" WHERE "round" = ? LIMIT 1', (round,)) is not None

    def assigned_documents(self, round: str) -> set[str]:
        """Return the ids of the documents that are assigned to anybody in a round."""
        sql = f'SELECT DISTINCT "document" FROM "assignment" WHERE "round" = ? AND {_ASSIGNED_IN_SIGHT}'
        return {row[0] for row in self._sql.rows(sql, (round,))}

    def assigned_in_order(self, round: str, annotators: Sequence[str]) -> list[str]:
        """Return the documents that are assigned in a round to these ids, in the order in which they came."""
        marks = ", ".join("?" * len(annotators))
        sql = (
            'SELECT DISTINCT "document"."created", "document"."id" FROM "assignment" JOIN "document" '
            'ON "document"."id" = "assignment"."document" WHERE "assignment"."round" = ? '
            f'AND "assignment"."annotator" IN ({marks}) AND {_ASSIGNED_IN_SIGHT} '
            'ORDER BY "document"."created", "document"."id"'
        )
        return [row[1] for row in self._sql.rows(sql, [round, *annotators])]

    def begun_documents(self, annotators: Sequence[str], round: str) -> set[str]:
        """Return the ids of the documents that have a status beyond new in the layers of these ids in a round."""
        marks = ", ".join("?" * len(annotators))
        sql = (
            'SELECT "status"."document" FROM "status" JOIN "layer" ON "layer"."id" = "status"."layer" '
            f'WHERE "layer"."round" = ? AND "layer"."annotator" IN ({marks}) AND "status"."status" <> \'new\''
        )
        return {row[0] for row in self._sql.rows(sql, [round, *annotators])}

    # -- progress, by person

    def assigned_counts(self, crew: Crew) -> dict[str, int]:
        """Return how many documents are assigned to each person."""
        return self._assigned_counts(crew, "1 = 1")

    def not_begun_counts(self, crew: Crew) -> dict[str, int]:
        """Return how many of the documents assigned to each person are new for them."""
        return self._assigned_counts(crew, _NOT_BEGUN)

    def _assigned_counts(self, crew: Crew, condition: str) -> dict[str, int]:
        counted = crew.counted.format('"assignment".')
        sql = (
            f'SELECT "person"."root", {counted} FROM {_ASSIGNMENTS} '
            f'WHERE {_IS_OF_PERSON} AND {_ASSIGNED_IN_SIGHT} AND {condition} GROUP BY "person"."root"'
        )
        return dict(self._of(crew, sql, crew.round))  # type: ignore[arg-type]

    def status_counts(self, crew: Crew) -> dict[tuple[str, str], int]:
        """Return the number of documents by person and status, without those that are new."""
        counted = crew.counted.format('"status".')
        sql = (
            f'SELECT "worker"."root", "status"."status", {counted} FROM {_STATUSES} '
            f"WHERE {_IS_OF_WORKER} <> 'new' AND {_STATUS_IN_SIGHT} AND {crew.counts_status} "
            'GROUP BY "worker"."root", "status"."status"'
        )
        return {(row[0], row[1]): row[2] for row in self._of(crew, sql)}

    def empty_counts(self, crew: Crew) -> dict[str, int]:
        """Return how many documents each person is done with and has tagged nothing in."""
        counted = crew.counted.format('"status".')
        sql = f'SELECT "worker"."root", {counted} {crew.done_and_empty} GROUP BY "worker"."root"'
        return dict(self._of(crew, sql))  # type: ignore[arg-type]

    def span_counts(self, crew: Crew) -> dict[str, int]:
        """Return how many annotations each person has made, the versions of texts that were replaced included."""
        sql = (
            'SELECT "worker"."root", COUNT(*) FROM "worker" CROSS JOIN "annotation" '
            'WHERE "annotation"."layer" = "worker"."layer" GROUP BY "worker"."root"'
        )
        return dict(self._of(crew, sql))  # type: ignore[arg-type]

    # -- by document

    def assignments(self, crew: Crew) -> list[tuple[str, str, str]]:
        """Return (document, person, assignment) of everything that is assigned in a round."""
        sql = (
            f'SELECT "assignment"."document", "person"."root", "assignment"."id" FROM {_ASSIGNMENTS} '
            f"WHERE {_IS_OF_PERSON} AND {_ASSIGNED_IN_SIGHT}"
        )
        return [(row[0], row[1], row[2]) for row in self._of(crew, sql, crew.round)]

    def statuses(self, crew: Crew) -> list[tuple[str, str, str]]:
        """Return (document, person, status) of everything that is not new in a round."""
        sql = (
            f'SELECT "status"."document", "worker"."root", "status"."status" FROM {_STATUSES} '
            f"WHERE {_IS_OF_WORKER} <> 'new' AND {_STATUS_IN_SIGHT} AND {crew.counts_status}"
        )
        return [(row[0], row[1], row[2]) for row in self._of(crew, sql)]

    def empty(self, crew: Crew) -> set[tuple[str, str]]:
        """Return (document, person) where somebody is done and has tagged nothing."""
        sql = f'SELECT "status"."document", "worker"."root" {crew.done_and_empty}'
        return {(row[0], row[1]) for row in self._of(crew, sql)}

    def titles(self) -> list[tuple[str, str, int]]:
        """Return (document, title, code points) of the documents in sight, in the order in which they came."""
        in_sight = _IN_SIGHT.format(document='"document"."id"')
        sql = f'SELECT "id", "title", "characters" FROM "document" WHERE {in_sight} ORDER BY "created", "id"'
        return [(row[0], row[1], row[2]) for row in self._sql.rows(sql)]

    def _of(self, crew: Crew, sql: str, *values: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the tables `person` (id, root, place) and `worker` (layer, root, place)."""
        tables: list[str] = []
        given: list[str | int] = []
        for name, column, pairs in (("person", "id", crew.people), ("worker", "layer", crew.layers)):
            if f'"{name}"' not in sql:
                continue
            if not pairs:
                tables.append(f'"{name}" ("{column}", "root", "place") AS (SELECT NULL, NULL, NULL WHERE 1 = 0)')
                continue
            rows = ", ".join(["(?, ?, ?)"] * len(pairs))
            tables.append(f'"{name}" ("{column}", "root", "place") AS (VALUES {rows})')
            given += [value for place, pair in enumerate(pairs.items()) for value in (*pair, place)]
        return self._sql.rows(f"WITH {', '.join(tables)} {sql}", [*given, *values])
