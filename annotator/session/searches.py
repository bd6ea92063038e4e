"""Verbs on searches that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.records import SavedSearch
from annotator.core.search_query import SearchQuery, query_to_data
from annotator.session.annotations import found, refuse_unstorable, shortened
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository, now

LONGEST_NAME = 200
"""Characters of a search's name."""


class Searches(Verbs):
    """A search is kept under a name, for everybody in the project."""

    @verb
    def save(self, name: str, query: SearchQuery) -> Outcome[SavedSearch]:
        """Keep a search under a name. Raises RefusedError where the name is taken or is none."""
        name = self._free_name(name)
        if query.is_empty:
            raise RefusedError("There is nothing to keep yet: search for something first.")
        refuse_unstorable("".join(map(str, query_to_data(query).values())))
        record = SavedSearch(new_id(), name, self.session.person.id, now(), query_to_data(query))
        return Outcome(ChangeSet(f"Keep the search “{shortened(name)}”", made(record)), record)

    @verb
    def rename(self, search: str, name: str) -> Outcome[SavedSearch]:
        """Give a kept search another name. Raises RefusedError where the name is taken or is none."""
        before = found(self.session.repository, SavedSearch, search, "kept search")
        after = replace(before, name=self._free_name(name, but=search))
        changes = (RowChange(before, after),) if after != before else ()
        return Outcome(ChangeSet(f"Rename the search “{shortened(before.name)}”", changes), after)

    @verb
    def delete(self, search: str) -> Outcome[None]:
        """Keep a search no longer."""
        record = found(self.session.repository, SavedSearch, search, "kept search")
        return Outcome(ChangeSet(f"Delete the search “{shortened(record.name)}”", deleted(record)), None)

    def _free_name(self, name: str, but: str = "") -> str:
        name = " ".join(name.split())
        refuse_unstorable(name)
        if not name:
            raise RefusedError("A kept search needs a name. Type one.")
        if len(name) > LONGEST_NAME:
            raise RefusedError("The name is too long: {most} characters are the most.", most=LONGEST_NAME)
        for other in self.session.repository.rows.where(SavedSearch, "name", name):
            if other.id != but:
                raise RefusedError("There is a search “{name}” already. Choose another name.", name=name)
        return name


def moved_searches(repository: Repository, field: str, merged: Mapping[str, str]) -> Iterator[RowChange]:
    """Yield the changes that make saved searches look for what something was merged into.

    `field` is that of core.search_query.SearchQuery, `merged` the new id by the old one.
    """
    for search in repository.rows.all(SavedSearch):
        into = merged.get(search.query.get(field, ""))
        if into is not None:
            yield RowChange(search, replace(search, query={**search.query, field: into}))
