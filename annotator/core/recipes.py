"""What of a project goes into a dataset, and how: options of an export that can be kept and repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from annotator.core.errors import RefusedError
from annotator.core.records import STATUSES
from annotator.core.splits import SplitPlan

UNREAD = ("keep", "drop")
"""Whether the text goes out that nobody read: whole documents, or only paragraphs known as read."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents and spans go out.

    `layer` is as in an export: gold, all, a name or an id; None takes what is usual. `statuses`, `labels` (keys) and
    `sources` are None where every one is meant. `first` and `last` are ISO 8601 dates, both included, empty where open;
    with either, documents without a date stay behind. `unread` is one of `UNREAD`.
    """

    layer: str | None = None
    statuses: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    first: str = ""
    last: str = ""
    unread: str = "keep"

    def checked(self) -> Selection:
        """Return the selection. Raises RefusedError where a part of it means nothing."""
        for status in self.statuses or ():
            if status not in STATUSES:
                raise RefusedError(
                    "“{status}” is no status. Use one of: {known}.", status=status, known=", ".join(STATUSES)
                )
        if self.unread not in UNREAD:
            raise RefusedError("“{value}” is not one of: {known}.", value=self.unread, known=", ".join(UNREAD))
        if self.first and self.last and self.first > self.last:
            raise RefusedError("The dates {first} to {last} hold no day.", first=self.first, last=self.last)
        return self

    def holds_date(self, date: str) -> bool:
        """Say whether a document of this date (ISO 8601, also a month or a year alone) goes out."""
        if not self.first and not self.last:
            return True
        if not date:
            return False
        return (not self.first or date >= self.first[: len(date)]) and (
            not self.last or date[: len(self.last)] <= self.last
        )


@dataclass(frozen=True, slots=True)
class ExportRecipe:
    """How a dataset is made.

    `options` are those of the format. `split` is None where documents are not shared out; `assigned` says for those
    that were, by the id of their first version, to which side: there they stay.
    """

    format: str
    selection: Selection = field(default_factory=Selection)
    options: Mapping[str, str] = field(default_factory=dict)
    names: bool = False
    licence: str = ""
    split: SplitPlan | None = None
    assigned: Mapping[str, str] = field(default_factory=dict)


def recipe_to_data(recipe: ExportRecipe) -> dict[str, Any]:
    """Return a recipe as JSON-able data; `recipe_from_data` is the inverse."""
    selection = {one.name: getattr(recipe.selection, one.name) for one in fields(Selection)}
    split = recipe.split
    return {
        "format": recipe.format,
        "selection": {key: list(value) if isinstance(value, tuple) else value for key, value in selection.items()},
        "options": dict(recipe.options),
        "names": recipe.names,
        "licence": recipe.licence,
        "split": None if split is None else {"shares": list(split.shares), "seed": split.seed, "way": split.way},
        "assigned": dict(recipe.assigned),
    }


def recipe_from_data(data: Mapping[str, Any]) -> ExportRecipe:
    """Return the recipe held by plain data. Raises RefusedError where it holds none that this program can follow."""
    try:
        selection: dict[str, Any] = {
            one.name: tuple(value) if isinstance(value, list | tuple) else value
            for one in fields(Selection)
            for value in (data["selection"].get(one.name, one.default),)
        }
        split = data.get("split")
        return ExportRecipe(
            str(data["format"]),
            Selection(**selection).checked(),
            {str(key): str(value) for key, value in data.get("options", {}).items()},
            bool(data.get("names", False)),
            str(data.get("licence", "")),
            None if split is None else _split(split),
            {str(key): str(value) for key, value in data.get("assigned", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError("The recipe cannot be followed: another version of the program made it.") from error


def _split(data: Mapping[str, Any]) -> SplitPlan:
    train, validation, test = map(int, data["shares"])
    return SplitPlan((train, validation, test), int(data["seed"]), str(data["way"])).checked()
