"""Who has which documents in a round and how far everybody is, counted by the database.

People may work under several ids; `people` maps each id to the one that the person goes by (core.same_people).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.storage.sql import Statements

_IN_SIGHT = '{document} NOT IN (SELECT "supersedes" FROM "document" WHERE "supersedes" IS NOT NULL)'
_STATUS_IN_SIGHT = _IN_SIGHT.format(document='"status"."document"')
_ASSIGNED_IN_SIGHT = _IN_SIGHT.format(document='"assignment"."document"')
_STATUSES = (
    '"status" JOIN "layer" ON "layer"."id" = "status"."layer" JOIN "person" ON "person"."id" = "layer"."annotator"'
)
_ASSIGNMENTS = '"assignment" JOIN "person" ON "person"."id" = "assignment"."annotator"'
_NOTHING_TAGGED = (
    'NOT EXISTS (SELECT 1 FROM "annotation" WHERE "annotation"."document" = "status"."document" '
    'AND "annotation"."layer" = "status"."layer")'
)
_NOT_BEGUN = (
    'NOT EXISTS (SELECT 1 FROM "person" AS "worker" JOIN "layer" ON "layer"."annotator" = "worker"."id" '
    'JOIN "status" ON "status"."layer" = "layer"."id" AND "status"."document" = "assignment"."document" '
    'WHERE "worker"."root" = "person"."root" AND "layer"."round" = "assignment"."round" '
    'AND "status"."status" <> \'new\')'
)

_LAYER_TABLES = ("annotation", "attribute_value", "relation", "note", "status", "read_range", "unplaced", "decision")
_PERSON_TABLES = (
    *("annotation", "relation", "note", "saved_search", "assignment", "decision", "diary_entry", "release"),
)


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

    def assigned_counts(self, round: str, people: Mapping[str, str]) -> dict[str, int]:
        """Return how many documents are assigned to each person."""
        return dict(self._of_people(self._assigned(), round, people))  # type: ignore[arg-type]

    def not_begun_counts(self, round: str, people: Mapping[str, str]) -> dict[str, int]:
        """Return how many of the documents assigned to each person are new for them."""
        return dict(self._of_people(self._assigned(_NOT_BEGUN), round, people))  # type: ignore[arg-type]

    @staticmethod
    def _assigned(condition: str = "1 = 1") -> str:
        return (
            f'SELECT "person"."root", COUNT(DISTINCT "assignment"."document") FROM {_ASSIGNMENTS} '
            f'WHERE "assignment"."round" = ? AND {_ASSIGNED_IN_SIGHT} AND {condition} GROUP BY "person"."root"'
        )

    def status_counts(self, round: str, people: Mapping[str, str]) -> dict[tuple[str, str], int]:
        """Return the number of documents by person and status, without those that are new."""
        sql = (
            f'SELECT "person"."root", "status"."status", COUNT(DISTINCT "status"."document") FROM {_STATUSES} '
            f'WHERE "layer"."round" = ? AND "status"."status" <> \'new\' AND {_STATUS_IN_SIGHT} '
            'GROUP BY "person"."root", "status"."status"'
        )
        return {(row[0], row[1]): row[2] for row in self._of_people(sql, round, people)}

    def empty_counts(self, round: str, people: Mapping[str, str]) -> dict[str, int]:
        """Return how many documents each person is done with and has tagged nothing in."""
        sql = f'SELECT "person"."root", COUNT(DISTINCT "status"."document") {self._empty()} GROUP BY "person"."root"'
        return dict(self._of_people(sql, round, people))  # type: ignore[arg-type]

    def span_counts(self, round: str, people: Mapping[str, str]) -> dict[str, int]:
        """Return how many annotations each person has made, the versions of texts that were replaced included."""
        sql = (
            'SELECT "person"."root", SUM("counted"."number") FROM '
            '(SELECT "layer", COUNT(*) AS "number" FROM "annotation" GROUP BY "layer") AS "counted" '
            'JOIN "layer" ON "layer"."id" = "counted"."layer" JOIN "person" ON "person"."id" = "layer"."annotator" '
            'WHERE "layer"."round" = ? GROUP BY "person"."root"'
        )
        return {row[0]: int(row[1]) for row in self._of_people(sql, round, people)}

    # -- by document

    def assignments(self, round: str, people: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Return (document, person, assignment) of everything that is assigned in a round."""
        sql = (
            f'SELECT "assignment"."document", "person"."root", "assignment"."id" FROM {_ASSIGNMENTS} '
            f'WHERE "assignment"."round" = ? AND {_ASSIGNED_IN_SIGHT}'
        )
        return [(row[0], row[1], row[2]) for row in self._of_people(sql, round, people)]

    def statuses(self, round: str, people: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Return (document, person, status) of everything that is not new in a round."""
        sql = (
            f'SELECT "status"."document", "person"."root", "status"."status" FROM {_STATUSES} '
            f'WHERE "layer"."round" = ? AND "status"."status" <> \'new\' AND {_STATUS_IN_SIGHT}'
        )
        return [(row[0], row[1], row[2]) for row in self._of_people(sql, round, people)]

    def empty(self, round: str, people: Mapping[str, str]) -> set[tuple[str, str]]:
        """Return (document, person) where somebody is done and has tagged nothing."""
        sql = f'SELECT "status"."document", "person"."root" {self._empty()}'
        return {(row[0], row[1]) for row in self._of_people(sql, round, people)}

    @staticmethod
    def _empty() -> str:
        return (
            f'FROM {_STATUSES} WHERE "layer"."round" = ? AND "status"."status" IN (\'done\', \'approved\') '
            f"AND {_STATUS_IN_SIGHT} AND {_NOTHING_TAGGED}"
        )

    def titles(self) -> list[tuple[str, str, int]]:
        """Return (document, title, code points) of the documents in sight, in the order in which they came."""
        in_sight = _IN_SIGHT.format(document='"document"."id"')
        sql = f'SELECT "id", "title", "characters" FROM "document" WHERE {in_sight} ORDER BY "created", "id"'
        return [(row[0], row[1], row[2]) for row in self._sql.rows(sql)]

    def _of_people(self, sql: str, round: str, people: Mapping[str, str]) -> Iterable[tuple[Any, ...]]:
        """Return the rows of a query on the table `person` (id, root) and one round."""
        if not people:
            return []
        rows = ", ".join(["(?, ?)"] * len(people))
        pairs = [value for pair in people.items() for value in pair]
        return self._sql.rows(f'WITH "person" ("id", "root") AS (VALUES {rows}) {sql}', [*pairs, round])
