"""Verbs on rounds: passes of annotation such as a pilot, in each of which everybody has a layer of their own."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.records import Layer, Project, Round
from annotator.core.text import is_storable
from annotator.session.annotations import found
from annotator.session.layers import layer_of
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository

LONGEST_NAME = 100
"""Code points."""


class Rounds(Verbs):
    """The project has one round in use; what is tagged goes into its layers."""

    @verb
    def begin(self, name: str, *, practice: bool = False) -> Outcome[Round]:
        """Make a round and switch the project to it. Raises RefusedError for a name that is empty or taken."""
        rounds = self.session.repository.rows.all(Round)
        position = 1 + max((one.position for one in rounds), default=0)
        new = Round(new_id(), _free_name(name, rounds), position, practice)
        return Outcome(ChangeSet(f"Begin the round “{new.name}”", (*made(new), *self._switched(new.id))), new)

    @verb
    def switch(self, round: str) -> Outcome[Round]:
        """Let the project be in another round: one's layer in it is what one tags in."""
        chosen = self._found(round)
        changes = [] if self._project().round == chosen.id else self._switched(chosen.id)
        return Outcome(ChangeSet(f"Switch to the round “{chosen.name}”", tuple(changes)), chosen)

    @verb
    def rename(self, round: str, name: str) -> Outcome[Round]:
        """Give a round another name. Raises RefusedError for one that is empty or taken."""
        before = self._found(round)
        others = [one for one in self.session.repository.rows.all(Round) if one.id != before.id]
        after = replace(before, name=_free_name(name, others))
        return _changed(before, after, f"Rename the round “{before.name}” to “{after.name}”")

    @verb
    def set_practice(self, round: str, practice: bool) -> Outcome[Round]:
        """Say whether analysts see after hand-in where gold differs."""
        before = self._found(round)
        title = f"“{before.name}” is {'for practice' if practice else 'not for practice'}"
        return _changed(before, replace(before, practice=practice), title)

    @verb
    def release(self, round: str) -> Outcome[Round]:
        """Let analysts see what everybody tagged in a round, and how far they agree."""
        before = self._found(round)
        return _changed(before, replace(before, released=True), f"Release the round “{before.name}”")

    @verb
    def close(self, round: str) -> Outcome[Round]:
        """Let analysts see only their own work of a round again."""
        before = self._found(round)
        return _changed(before, replace(before, released=False), f"Close the round “{before.name}”")

    @verb
    def remove(self, round: str) -> Outcome[None]:
        """Take out a round in which nothing was done. Raises RefusedError for another one, or the one in use."""
        repository = self.session.repository
        before = self._found(round)
        layers = repository.rows.where(Layer, "round", before.id)
        if self._project().round == before.id:
            raise RefusedError("The project is in the round “{name}”. Switch to another one first.", name=before.name)
        if repository.work.has_assignments(before.id) or any(repository.work.is_used(one.id) for one in layers):
            raise RefusedError("There is work in the round “{name}”, so it stays.", name=before.name)
        return Outcome(ChangeSet(f"Remove the round “{before.name}”", deleted(*layers, before)), None)

    def _found(self, identity: str) -> Round:
        return found(self.session.repository, Round, identity, "round")

    def _project(self) -> Project:
        return self.session.repository.rows.all(Project)[0]

    def _switched(self, identity: str) -> list[RowChange]:
        """Return the change of the project, with one's layer, which would otherwise keep an undo from going through."""
        before = self._project()
        _, new_layer = layer_of(self.session.repository, self.session.person.id, identity)
        return [RowChange(before, replace(before, round=identity)), *new_layer]


def _changed(before: Round, after: Round, title: str) -> Outcome[Round]:
    return Outcome(ChangeSet(title, (RowChange(before, after),) if before != after else ()), after)


def _free_name(name: str, others: list[Round]) -> str:
    stripped = " ".join(name.split())
    if not stripped or not is_storable(stripped):
        raise RefusedError("A round needs a name, such as pilot. Type one.")
    if len(stripped) > LONGEST_NAME:
        raise RefusedError("A round's name has at most {count} characters. Shorten it.", count=LONGEST_NAME)
    if any(other.name.casefold() == stripped.casefold() for other in others):
        raise RefusedError("There is a round “{name}” already. Switch to it, or give another name.", name=stripped)
    return stripped


def round_in_use(repository: Repository, round: str | None = None) -> Round:
    """Return the round with this id, or the one that the project is in. Raises NotFoundError."""
    return found(repository, Round, round or repository.rows.all(Project)[0].round, "round")
