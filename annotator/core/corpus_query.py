"""What a table of all annotations shows: what narrows it, and its order. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

GOLD = "gold"
"""Stands among annotators for the adjudicated layer, which has none."""

SORTS = ("document", "date", "format", "label", "annotator", "tagged")
"""What a table can be sorted by: documents as they came, their date, their format, or the label, the layer and the
time of the annotations. Rows that are alike in it follow documents and the text; those by time follow their ids.
"""

UNITS = ("overlap", "paragraph", "document")
"""Where two labels occur together: on text that both cover, in one paragraph, or in one document."""

Value = tuple[str, str]
"""An attribute's id, and a value of it as canonical JSON; an entity's is its id."""


@dataclass(frozen=True, slots=True)
class CorpusFilter:
    """What annotations must be like; empty fields let all through.

    `labels`, `documents` and `rounds` are ids, `annotators` ids or GOLD, `statuses` those of the document for the
    layer of the annotation. Dates are ISO 8601 or a beginning of it, both included; `undated` asks for documents
    without one. `tagged_from` and `tagged_to` are ISO 8601 UTC times, half-open. `values` must all be there, on the
    span or passed on by its document. `words` are as typed in a search, and are looked for in the span's text.
    `together` is two label ids and one of UNITS: annotations with one of the labels where the other one is too.
    `sites` are as `site_of` has them, `files` whole names. `has_note` is "yes", "no", or nothing.
    """

    labels: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    undated: bool = False
    tagged_from: str = ""
    tagged_to: str = ""
    values: tuple[Value, ...] = ()
    has_note: str = ""
    words: str = ""
    together: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything narrows the table."""
        return any(getattr(self, field.name) for field in fields(self))

    @property
    def needs_texts(self) -> bool:
        """Say whether texts must be looked at to know what is meant."""
        return bool(self.words.strip() or self.together)

    def with_value(self, field: str, value: Any) -> CorpusFilter:
        """Return the filter with one more value in a field that holds several, or with another one in any other."""
        held = getattr(self, field)
        if isinstance(held, tuple) and field != "together":
            return self if value in held else replace(self, **{field: (*held, value)})
        return replace(self, **{field: value})

    def without_value(self, field: str, value: Any = None) -> CorpusFilter:
        """Return the filter without one value of a field, or without the field."""
        held = getattr(self, field)
        if value is not None and isinstance(held, tuple) and field != "together":
            return replace(self, **{field: tuple(one for one in held if one != value)})
        return replace(self, **{field: type(held)()})


@dataclass(frozen=True, slots=True)
class CorpusOrder:
    """One of SORTS, and whether it goes backwards."""

    sort: str = "document"
    descending: bool = False


def site_of(url: str) -> str:
    """Return the site that an address names, such as `example.org`; nothing where it names none."""
    return url.partition("://")[2].partition("/")[0]
