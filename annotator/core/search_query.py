"""What somebody searches for: words, where, and what narrows it. It is kept as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from annotator.core.errors import RefusedError

DOCUMENTS, SPANS, NOTES = SCOPES = ("documents", "spans", "notes")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search of the project; empty fields do not narrow it.

    `words` are as typed: every word, “a phrase” in quotation marks, -without, this OR that, begin*. `scope` is one of
    SCOPES. `label`, `annotator` and `entity` are ids: in documents a hit must touch such a span, in spans it is the
    span's own, in notes that of the span it is on (`annotator` wrote it). `status` is one's own. Dates are ISO 8601
    or a beginning of it, both included. `language` is a BCP 47 tag or its beginning, `file` a part of the source's
    name.
    """

    words: str = ""
    scope: str = DOCUMENTS
    label: str = ""
    annotator: str = ""
    status: str = ""
    date_from: str = ""
    date_to: str = ""
    format: str = ""
    file: str = ""
    language: str = ""
    entity: str = ""
    ignore_diacritics: bool = True
    substring: bool = False

    @property
    def filters(self) -> tuple[str, ...]:
        """Return the names of the fields that narrow the search."""
        return tuple(name for name in _FILTERS if getattr(self, name))

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked for."""
        return not self.words.strip() and not self.filters


_FILTERS = ("label", "annotator", "status", "date_from", "date_to", "format", "file", "language", "entity")
_BLANK = SearchQuery()


def query_to_data(query: SearchQuery) -> dict[str, Any]:
    """Return a query as plain data, without what is as usual."""
    values = {field.name: getattr(query, field.name) for field in fields(SearchQuery)}
    return {name: value for name, value in values.items() if value != getattr(_BLANK, name)}


def query_from_data(data: Mapping[str, Any]) -> SearchQuery:
    """Return the query of plain data; what a newer version of the program put in is left out.

    Raises RefusedError where it is no search.
    """
    known = {field.name for field in fields(SearchQuery)}
    values = {name: value for name, value in data.items() if name in known}
    for name, value in values.items():
        if type(value) is not type(getattr(_BLANK, name)) or (name == "scope" and value not in SCOPES):
            raise RefusedError("The kept search is damaged: “{field}” is not what it should be. Delete it.", field=name)
    return SearchQuery(**values)
