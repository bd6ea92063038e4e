"""Verbs on entities: who speaks and is spoken to, with their aliases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.inheritance import folded_name
from annotator.core.records import Alias, Entity
from annotator.session.annotations import found, found_all, refuse_unstorable, shortened
from annotator.session.entity_names import stored_name
from annotator.session.searches import moved_searches
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository

LONGEST_NAME = 300
"""Code points."""


class Entities(Verbs):
    """Entities are one list for the project; attribute values name them by id.

    No two of them share a name or an alias, capitals and white space making no difference.
    """

    @verb
    def create(self, name: str, aliases: Sequence[str] = ()) -> Outcome[Entity]:
        """Make an entity. Raises RefusedError for a name that is empty or taken."""
        names = _Names(self.session.repository)
        entity = Entity(new_id(), names.free(name))
        others = [Alias(new_id(), entity.id, names.free(other)) for other in aliases]
        return Outcome(ChangeSet(f"Make the entity “{shortened(entity.name)}”", made(entity, *others)), entity)

    @verb
    def rename(self, entity: str, name: str) -> Outcome[Entity]:
        """Give an entity another name, everywhere; one of its aliases changes places with its name.

        Raises RefusedError for a name that is empty or another entity's.
        """
        repository = self.session.repository
        before = found(repository, Entity, entity, "entity")
        after = replace(before, name=_Names(repository, own=entity).free(name))
        if before == after:
            return Outcome(ChangeSet("", ()), before)
        aliases = repository.rows.where(Alias, "entity", entity)
        promoted = [alias for alias in aliases if folded_name(alias.name) == folded_name(after.name)]
        changes = [RowChange(before, after), *(RowChange(a, replace(a, name=before.name)) for a in promoted)]
        title = f"Rename “{shortened(before.name)}” to “{shortened(after.name)}”"
        return Outcome(ChangeSet(title, tuple(changes)), after)

    @verb
    def add_alias(self, entity: str, name: str) -> Outcome[Alias]:
        """Give an entity one more name. Raises RefusedError for one that is empty or taken."""
        repository = self.session.repository
        owner = found(repository, Entity, entity, "entity")
        alias = Alias(new_id(), entity, _Names(repository).free(name))
        title = f"Add “{shortened(alias.name)}” to the names of “{shortened(owner.name)}”"
        return Outcome(ChangeSet(title, made(alias)), alias)

    @verb
    def remove_alias(self, alias: str) -> Outcome[None]:
        """Take one of its other names from an entity."""
        repository = self.session.repository
        record = found(repository, Alias, alias, "alias")
        owner = found(repository, Entity, record.entity, "entity")
        title = f"Take “{shortened(record.name)}” from the names of “{shortened(owner.name)}”"
        return Outcome(ChangeSet(title, deleted(record)), None)

    @verb
    def merge(self, entity: str, into: str) -> Outcome[int]:
        """Let one entity be another one: what named it names that one, saved searches too; its names become aliases.

        Returns how many values changed. Raises RefusedError for an entity and itself.
        """
        repository = self.session.repository
        gone, kept = found(repository, Entity, entity, "entity"), found(repository, Entity, into, "entity")
        if gone.id == kept.id:
            raise RefusedError("An entity cannot be merged with itself. Choose another one.")
        values = repository.entities.values(gone.id)
        changes = [RowChange(value, replace(value, value=kept.id)) for value in values]
        changes += [*_moved_names(repository, gone, kept), *moved_searches(repository, "entity", {gone.id: kept.id})]
        title = f"Merge “{shortened(gone.name)}” into “{shortened(kept.name)}”"
        return Outcome(ChangeSet(title, (*changes, *deleted(gone))), len(values))

    @verb
    def delete(self, entities: Iterable[str]) -> Outcome[int]:
        """Delete entities that nothing names, with their aliases; returns how many.

        Raises RefusedError where one is used.
        """
        repository = self.session.repository
        records = found_all(repository, Entity, entities, "entity")
        _refuse_used(repository, records)
        if not records:
            return Outcome(ChangeSet("", ()), 0)
        aliases = repository.rows.where_in(Alias, "entity", [record.id for record in records])
        title = f"Delete {len(records)} entities"
        if len(records) == 1:
            title = f"Delete the entity “{shortened(records[0].name)}”"
        return Outcome(ChangeSet(title, deleted(*aliases, *records)), len(records))


class _Names:
    """The names that are taken, by their folded form, with the entity that has them; those of `own` do not count."""

    def __init__(self, repository: Repository, own: str = "") -> None:
        entities = {entity.id: entity.name for entity in repository.rows.all(Entity)}
        self._taken = {folded_name(name): name for entity, name in entities.items() if entity != own}
        for alias in repository.rows.all(Alias):
            if alias.entity != own:
                self._taken.setdefault(folded_name(alias.name), entities[alias.entity])

    def free(self, name: str) -> str:
        """Return a name as it is stored, from now on taken. Raises RefusedError where it is not to be had."""
        refuse_unstorable(name)
        stored = stored_name(name)
        if not stored:
            raise RefusedError("A name is missing. Type one.")
        if len(stored) > LONGEST_NAME:
            raise RefusedError("The name is too long: {most} characters are the most.", most=LONGEST_NAME)
        owner = self._taken.get(folded_name(stored))
        if owner is not None:
            raise RefusedError(
                "“{name}” is a name of “{owner}” already. Merge the two, or choose another name.",
                name=shortened(stored),
                owner=shortened(owner),
            )
        self._taken[folded_name(stored)] = stored
        return stored


def _moved_names(repository: Repository, gone: Entity, kept: Entity) -> list[RowChange]:
    """Return the changes that make the names of one entity aliases of another; what that one is called is left out."""
    known = {folded_name(kept.name), *(folded_name(a.name) for a in repository.rows.where(Alias, "entity", kept.id))}
    changes: list[RowChange] = []
    if folded_name(gone.name) not in known:
        known.add(folded_name(gone.name))
        changes += made(Alias(new_id(), kept.id, gone.name))
    for alias in repository.rows.where(Alias, "entity", gone.id):
        is_new = folded_name(alias.name) not in known
        known.add(folded_name(alias.name))
        changes.append(RowChange(alias, replace(alias, entity=kept.id) if is_new else None))
    return changes


def _refuse_used(repository: Repository, records: Sequence[Entity]) -> None:
    used = repository.entities.named([record.id for record in records])
    for record in records:
        if record.id not in used:
            continue
        count = repository.entities.counts()[0][record.id]
        if count:
            raise RefusedError(
                "“{name}” is used ({count} ×). Merge it into another entity instead.",
                name=shortened(record.name),
                count=count,
            )
        raise RefusedError(
            "“{name}” is used in texts that were corrected since. Merge it into another entity instead.",
            name=shortened(record.name),
        )
