"""Verbs on recipes: how a dataset is made, kept under a name and repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.ids import new_id
from annotator.core.recipes import ExportRecipe, recipe_from_data, recipe_to_data
from annotator.core.records import Recipe
from annotator.session.annotations import found, refuse_unstorable, shortened
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import now

LONGEST_NAME = 200
"""Characters of a recipe's name."""


class Recipes(Verbs):
    """A recipe is for everybody in the project; leads keep them."""

    @verb
    def save(self, name: str, recipe: ExportRecipe) -> Outcome[Recipe]:
        """Keep a recipe under a name; one of that name is replaced, and what it has shared out stays where it is.

        Raises RefusedError where the name is none, or the recipe means nothing.
        """
        name = _checked_name(name)
        recipe.selection.checked()
        before = next(iter(self.session.repository.rows.where(Recipe, "name", name)), None)
        if before is None:
            record = Recipe(new_id(), name, self.session.person.id, now(), recipe_to_data(recipe))
            return Outcome(ChangeSet(f"Keep the recipe “{shortened(name)}”", made(record)), record)
        kept = recipe_from_data(before.content)
        if kept.split == recipe.split:
            recipe = replace(recipe, assigned={**recipe.assigned, **kept.assigned})
        after = replace(before, content=recipe_to_data(recipe))
        changes = (RowChange(before, after),) if after != before else ()
        return Outcome(ChangeSet(f"Change the recipe “{shortened(name)}”", changes), after)

    @verb
    def freeze(self, name: str, assigned: Mapping[str, str]) -> Outcome[None]:
        """Keep which documents were shared out to which side; those that were before stay where they are.

        It goes with a dataset that has left the project, so undo passes over it.
        """
        before = self._named(name)
        recipe = recipe_from_data(before.content)
        frozen = replace(recipe, assigned={**assigned, **recipe.assigned})
        after = replace(before, content=recipe_to_data(frozen))
        changes = (RowChange(before, after),) if after != before else ()
        return Outcome(ChangeSet(f"Share documents out by “{shortened(name)}”", changes), None, undoable=False)

    @verb
    def delete(self, recipe: str) -> Outcome[None]:
        """Keep a recipe no longer; `recipe` is its id."""
        record = found(self.session.repository, Recipe, recipe, "recipe")
        return Outcome(ChangeSet(f"Delete the recipe “{shortened(record.name)}”", deleted(record)), None)

    def all(self) -> list[Recipe]:
        """Return the recipes by name."""
        return sorted(self.session.reading.rows.all(Recipe), key=lambda one: (one.name.casefold(), one.id))

    def named(self, name: str) -> ExportRecipe:
        """Return the recipe of this name. Raises NotFoundError, which lists those there are."""
        for record in self.all():
            if record.name == name:
                return recipe_from_data(record.content)
        known = ", ".join(record.name for record in self.all()) or "none"
        raise NotFoundError("There is no recipe “{name}”. There are: {known}.", name=name, known=known)

    def _named(self, name: str) -> Recipe:
        for record in self.session.repository.rows.where(Recipe, "name", name):
            return record
        raise NotFoundError("There is no recipe “{name}”.", name=name)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    refuse_unstorable(name)
    if not name:
        raise RefusedError("A recipe needs a name. Type one.")
    if len(name) > LONGEST_NAME:
        raise RefusedError("The name is too long: {most} characters are the most.", most=LONGEST_NAME)
    return name
