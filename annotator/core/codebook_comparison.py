"""What differs between two codebooks: entries that came, went or changed, and labels that mean something else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from annotator.core.codebook import Codebook
from annotator.core.codebook_edits import Entry, entries
from annotator.core.records import Label

MEANING = ("definition", "includes", "excludes", "boundary")
"""The fields of a label that say what is to be tagged with it; a span tagged under others wants another look."""

Meaning = tuple[str, tuple[str, ...], tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry in two codebooks; None before where it is new, None after where it is gone.

    `fields` are the names of the fields that differ, in the order of the record.
    """

    before: Entry | None
    after: Entry | None
    fields: tuple[str, ...] = ()

    @property
    def entry(self) -> Entry:
        """Return the entry as it is after, or as it was if it is gone."""
        found = self.after if self.after is not None else self.before
        assert found is not None
        return found

    @property
    def only_moved(self) -> bool:
        """Say whether nothing but its place in the list differs."""
        return self.fields == ("position",)


@dataclass(frozen=True, slots=True)
class CodebookChanges:
    """All that differs; `words` says that the condition words do, `name` that the codebook's name does."""

    entries: tuple[EntryChange, ...]
    words: bool
    name: bool

    def __bool__(self) -> bool:
        return bool(self.entries) or self.words or self.name

    @property
    def added(self) -> tuple[Entry, ...]:
        """Return what is new."""
        return tuple(change.after for change in self.entries if change.before is None and change.after is not None)

    @property
    def removed(self) -> tuple[Entry, ...]:
        """Return what is gone."""
        return tuple(change.before for change in self.entries if change.after is None and change.before is not None)

    @property
    def changed(self) -> tuple[EntryChange, ...]:
        """Return what is in both and differs."""
        return tuple(change for change in self.entries if change.fields)

    @property
    def new_meanings(self) -> tuple[EntryChange, ...]:
        """Return the labels whose definition, rules or boundary differ."""
        return tuple(c for c in self.changed if isinstance(c.after, Label) and {*MEANING} & {*c.fields})


def compare(before: Codebook, after: Codebook) -> CodebookChanges:
    """Return what differs, entries by id in the order of the later codebook, those that are gone at the end."""
    old, new = _by_id(entries(before)), _by_id(entries(after))
    found = [EntryChange(old.get(i), new[i], _differing(old.get(i), new[i])) for i in new]
    found += [EntryChange(old[i], None) for i in old if i not in new]
    return CodebookChanges(
        tuple(change for change in found if change.before is None or change.after is None or change.fields),
        before.condition_words != after.condition_words,
        before.name != after.name,
    )


def meaning(label: Label) -> Meaning:
    """Return what a label is to be used for, without its name and looks."""
    return label.definition, label.includes, label.excludes, label.boundary


def _by_id(found: Iterable[Entry]) -> dict[str, Entry]:
    return {one.id: one for one in found}


def _differing(before: Entry | None, after: Entry) -> tuple[str, ...]:
    if before is None:
        return ()
    names = [field.name for field in fields(after)]
    return tuple(name for name in names if getattr(before, name, None) != getattr(after, name))
