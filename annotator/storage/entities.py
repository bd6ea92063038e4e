"""Where entities are named: by values of spans and of documents, counted and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from annotator.core.canonical import canonical_json
from annotator.core.changes import ChangeSet
from annotator.core.records import Alias, AttributeValue, DocumentValue
from annotator.storage.rows import Rows
from annotator.storage.sql import Statements

_OF_ENTITIES = '"attribute" IN (SELECT "id" FROM "attribute_definition" WHERE "type" = \'entity\')'
_SUPERSEDED = '(SELECT "supersedes" FROM "document" WHERE "supersedes" IS NOT NULL)'


class EntityUses:
    """Values hold an entity's id as JSON; those of other attributes are not looked at."""

    def __init__(self, statements: Statements, rows: Rows) -> None:
        self._sql = statements
        self._rows = rows

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """Return how many values name each entity by its id: in sight, and in versions that were replaced since."""
        superseded = f'"annotation" IN (SELECT "id" FROM "annotation" WHERE "document" IN {_SUPERSEDED})'
        hidden = self._count("attribute_value", superseded) + self._count(
            "document_value", f'"document" IN {_SUPERSEDED}'
        )
        every = self._count("attribute_value") + self._count("document_value")
        return every - hidden, hidden

    def _count(self, table: str, where: str = "") -> Counter[str]:
        condition = f"{_OF_ENTITIES} AND {where}" if where else _OF_ENTITIES
        rows = self._sql.rows(f'SELECT "value", COUNT(*) FROM "{table}" WHERE {condition} GROUP BY "value"')
        return Counter({_identity(value): count for value, count in rows})

    def values(self, entity: str) -> list[AttributeValue | DocumentValue]:
        """Return every value that names an entity."""
        entities = {
            row[0] for row in self._sql.rows('SELECT "id" FROM "attribute_definition" WHERE "type" = \'entity\'')
        }
        stored = canonical_json(entity)
        found = [*self._rows.where(AttributeValue, "value", stored), *self._rows.where(DocumentValue, "value", stored)]
        return [value for value in found if value.attribute in entities]

    def named(self, entities: Iterable[str]) -> set[str]:
        """Return those of the entities that a value names, in sight or not."""
        named: set[str] = set()
        stored = [canonical_json(entity) for entity in entities]
        for table in ("attribute_value", "document_value"):
            sql = f'SELECT DISTINCT "value" FROM "{table}" WHERE {_OF_ENTITIES} AND "value" IN'
            named |= {_identity(row[0]) for row in self._sql.where_in(sql, stored)}
        return named

    def is_needed(self, entity: str, going: set[str]) -> bool:
        """Say whether a row besides those that are `going` (ids) names an entity: a value or an alias."""
        rows = [*self.values(entity), *self._rows.where(Alias, "entity", entity)]
        return any(row.id not in going for row in rows)

    def missing_for(self, changes: ChangeSet) -> bool:
        """Say whether a value would name an entity that is not there."""
        values = [
            change.after for change in changes.changes if isinstance(change.after, AttributeValue | DocumentValue)
        ]
        if not values:
            return False
        rows = self._sql.rows('SELECT "id" FROM "attribute_definition" WHERE "type" = \'entity\'')
        of_entities = {row[0] for row in rows}
        named = {value.value for value in values if value.attribute in of_entities}
        named -= {change.row for change in changes.of("entity") if change.after is not None}
        found = {row[0] for row in self._sql.where_in('SELECT "id" FROM "entity" WHERE "id" IN', named)}
        return named != found


def _identity(value: str) -> str:
    """Return the entity's id that a value's JSON holds."""
    return value.strip('"')
