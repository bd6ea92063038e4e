"""Verbs on people: who works here, as what, in which colour, and who is the same person as somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.person_colours import is_colour, person_colours
from annotator.core.records import ROLES, Annotator, Layer
from annotator.core.same_people import people, resolved
from annotator.core.text import is_storable
from annotator.session.annotations import found
from annotator.session.verb import Outcome, Verbs, verb

LONGEST_NAME = 200
"""Code points."""

_TRIES = 64


class Annotators(Verbs):
    """A person is an id: renaming changes nothing else, and two people called alike stay two."""

    @verb
    def add(self, name: str, role: str = "analyst") -> Outcome[Annotator]:
        """Put somebody in who has not worked here yet. Raises RefusedError for a name that is empty or taken."""
        _checked_role(role)
        annotator = Annotator(self._fresh_id(), self._free_name(name), role=role)
        return Outcome(ChangeSet(f"Add {annotator.name}", made(annotator)), annotator)

    @verb
    def rename(self, annotator: str, name: str) -> Outcome[Annotator]:
        """Give a person another name. Raises RefusedError for one that is empty or taken."""
        before = self._found(annotator)
        after = replace(before, name=self._free_name(name, before.id))
        return self._changed(before, after, f"Rename {before.name} to {after.name}")

    @verb
    def set_role(self, annotator: str, role: str) -> Outcome[Annotator]:
        """Make a person a lead or an analyst. Raises RefusedError where nobody would be left to lead."""
        before = self._found(annotator)
        after = replace(before, role=_checked_role(role))
        if role != "lead":
            self._refuse_without_lead(after)
        return self._changed(before, after, f"Make {before.name} {'a lead' if role == 'lead' else 'an analyst'}")

    @verb
    def set_color(self, annotator: str, color: str) -> Outcome[Annotator]:
        """Give a person a colour, #rrggbb, or with nothing the one that follows from the id.

        It is shown so that it can be read on each theme (core.person_colours). Raises RefusedError for anything else.
        """
        if color and not is_colour(color):
            raise RefusedError("“{color}” is no colour. Give one such as #2f5fb3.", color=color)
        before = self._found(annotator)
        return self._changed(before, replace(before, color=color.lower()), f"Colour of {before.name}")

    @verb
    def join(self, annotator: str, into: str) -> Outcome[Annotator]:
        """Say that somebody is the same person as `into`, whose id, name, role and colour count from then on.

        Layers, assignments and spans keep the id under which they were made: each of them is the person's own under
        both. Raises RefusedError for oneself, for who is joined already, and where nobody would be left to lead.
        """
        before, target = self._found(annotator), self._found(into)
        known = self.session.repository.rows.all(Annotator)
        if resolved(known, before.id) == resolved(known, target.id):
            raise RefusedError(
                "“{one}” and “{other}” are one person already. Choose two.", one=before.name, other=target.name
            )
        after = replace(before, same_as=resolved(known, target.id))
        self._refuse_without_lead(after)
        return self._changed(before, after, f"{before.name} is the same person as {target.name}")

    @verb
    def separate(self, annotator: str) -> Outcome[Annotator]:
        """Let somebody who was joined to another person be one of their own again."""
        before = self._found(annotator)
        return self._changed(before, replace(before, same_as=None), f"{before.name} is a person of their own")

    @verb
    def remove(self, annotator: str) -> Outcome[None]:
        """Take somebody out again. Raises RefusedError where something hangs on them."""
        repository = self.session.repository
        before = self._found(annotator)
        layers = repository.rows.where(Layer, "annotator", before.id)
        if before.id == self.session.person.id:
            raise RefusedError("You cannot take yourself out. Another lead can, before you have done anything.")
        if repository.work.hangs_on(before.id) or any(repository.work.is_used(layer.id) for layer in layers):
            raise RefusedError(
                "“{name}” has work here and stays. Take their assignments back, or join them to another person.",
                name=before.name,
            )
        self._refuse_without_lead(replace(before, role="analyst"))
        return Outcome(ChangeSet(f"Remove {before.name}", deleted(*layers, before)), None)

    def _fresh_id(self) -> str:
        """Return an id whose colour nobody has, if there is a colour left."""
        taken = {person_colours(one) for one in people(self.session.repository.rows.all(Annotator))}
        ids = [new_id() for _ in range(_TRIES)]
        return next((one for one in ids if person_colours(Annotator(one, "")) not in taken), ids[0])

    def _found(self, annotator: str) -> Annotator:
        return found(self.session.repository, Annotator, annotator, "person")

    @staticmethod
    def _changed(before: Annotator, after: Annotator, title: str) -> Outcome[Annotator]:
        return Outcome(ChangeSet(title, (RowChange(before, after),) if before != after else ()), after)

    def _free_name(self, name: str, own: str = "") -> str:
        return free_name(name, (one for one in self.session.repository.rows.all(Annotator) if one.id != own))

    def _refuse_without_lead(self, after: Annotator) -> None:
        known = [after if one.id == after.id else one for one in self.session.repository.rows.all(Annotator)]
        if not any(one.role == "lead" for one in people(known)):
            raise RefusedError("“{name}” is the only lead. Make somebody else a lead first.", name=after.name)


def free_name(name: str, others: Iterable[Annotator]) -> str:
    """Return a person's name without white space around it.

    Raises RefusedError where it is empty, too long, or one of the others has it.
    """
    stripped = " ".join(name.split())
    if not stripped or not is_storable(stripped):
        raise RefusedError("A person needs a name. Type one.")
    if len(stripped) > LONGEST_NAME:
        raise RefusedError("A name has at most {count} characters. Shorten it.", count=LONGEST_NAME)
    if any(other.name.casefold() == stripped.casefold() for other in others):
        raise RefusedError(
            "Somebody here is called “{name}” already. Add something that tells the two apart.", name=stripped
        )
    return stripped


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise RefusedError("“{role}” is no role. Use one of: {known}.", role=role, known=", ".join(ROLES))
    return role
