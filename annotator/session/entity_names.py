"""The names of entities: which entity a name means, and the list of them all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from annotator.core.ids import new_id
from annotator.core.inheritance import folded_name
from annotator.core.records import Alias, Entity
from annotator.storage.repository import Repository
from annotator.storage.rows import Rows

EntityChoice = tuple[str, tuple[str, ...]]
"""An entity's name and its aliases, as an editor completes them."""


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity as a list shows it.

    `uses` counts the values in sight that name it, `hidden_uses` those in versions that were replaced since.
    """

    entity: Entity
    aliases: tuple[Alias, ...]
    uses: int
    hidden_uses: int

    @property
    def other_names(self) -> tuple[str, ...]:
        """Return the names of the aliases."""
        return tuple(alias.name for alias in self.aliases)


def stored_name(name: str) -> str:
    """Return a name as it is stored: on one line, with single spaces."""
    return " ".join(name.split())


class EntityNames:
    """Tells which entity a name means: capitals and white space make no difference, unless two names differ in them.

    It reads the project when it is first asked, and learns of others by `add`.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._is_read = False
        self._names: dict[str, str] = {}
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}

    def entity_of(self, name: str) -> str | None:
        """Return the id of the entity with this name or alias, or None."""
        if not self._is_read:
            self._read()
        return self._exact.get(name) or self._folded.get(folded_name(name))

    def name_of(self, name: str) -> str:
        """Return what the entity with this name or alias is called, or the name itself where there is none."""
        return self._names.get(self.entity_of(name) or "", name)

    def found_or_new(self, name: str) -> tuple[str, Entity | None]:
        """Return the id of the entity with this name or alias, and that entity where it has to be made."""
        known = self.entity_of(name)
        if known is not None:
            return known, None
        entity = Entity(new_id(), stored_name(name))
        self.add(entity)
        return entity.id, entity

    def add(self, entity: Entity) -> None:
        """Know one more entity."""
        self._names[entity.id] = entity.name
        self._add_name(entity.name, entity.id)

    def _read(self) -> None:
        self._is_read = True
        for entity in self._rows.all(Entity):
            self.add(entity)
        for alias in self._rows.all(Alias):
            self._add_name(alias.name, alias.entity)

    def _add_name(self, name: str, entity: str) -> None:
        self._exact.setdefault(name, entity)
        self._folded.setdefault(folded_name(name), entity)


def entity_rows(repository: Repository) -> list[EntityRow]:
    """Return every entity with its aliases and how often it is used, by name."""
    in_sight, hidden = repository.entities.counts()
    aliases = _aliases(repository)
    rows = [EntityRow(e, aliases[e.id], in_sight[e.id], hidden[e.id]) for e in repository.rows.all(Entity)]
    return sorted(rows, key=lambda row: (folded_name(row.entity.name), row.entity.id))


def entity_choices(repository: Repository) -> list[EntityChoice]:
    """Return the name and the aliases of every entity, by name."""
    aliases = _aliases(repository)
    found = [(e.name, tuple(alias.name for alias in aliases[e.id])) for e in repository.rows.all(Entity)]
    return sorted(found, key=lambda choice: (folded_name(choice[0]), choice[0]))


def _aliases(repository: Repository) -> dict[str, tuple[Alias, ...]]:
    found: dict[str, tuple[Alias, ...]] = defaultdict(tuple)
    for alias in sorted(repository.rows.all(Alias), key=lambda alias: (folded_name(alias.name), alias.id)):
        found[alias.entity] += (alias,)
    return found
