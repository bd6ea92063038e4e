"""Choices that hold for everybody in a project, kept in the project itself.

How to add an option: add its row to `OPTIONS`, and read it by `session.options.get(name)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from annotator.core.changes import ChangeSet, RowChange
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.records import Project
from annotator.session.verb import Outcome, Verbs, verb


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `check` returns a value as it is kept, or raises RefusedError; `title` is for the history."""

    name: str
    default: Any
    check: Callable[[Any], Any]
    title: str


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise RefusedError("“{value}” is neither true nor false. Give one of them.", value=value)
    return value


def _rules(value: Any) -> tuple[str, ...]:
    from annotator.analysis.consistency.rules import RULES

    wanted = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple | set) else None
    unknown = wanted is None or [one for one in wanted if one not in RULES]
    if wanted is None or unknown:
        raise RefusedError(
            "“{value}” is no rule of the consistency check. These are: {known}.",
            value=unknown[0] if isinstance(unknown, list) else value,
            known=", ".join(RULES),
        )
    return tuple(rule for rule in RULES if rule in wanted)


OPTIONS: Mapping[str, Option] = {
    option.name: option
    for option in (
        Option("lint_off", (), _rules, "Choose the rules of the consistency check"),
        Option("person_figures", False, _flag, "Choose whether leads see figures per person"),
    )
}
"""`lint_off`: ids of the rules of the consistency check that are not asked. `person_figures`: whether leads see how
much each person did, and how far each agrees with the others.
"""


class Options(Verbs):
    """Everybody may read them; leads set them."""

    def get(self, name: str) -> Any:
        """Return an option's value: as it is set, or else its default. Raises NotFoundError for an unknown name."""
        return value_of(self.session.reading.rows.all(Project)[0], name)

    @verb
    def set(self, name: str, value: Any) -> Outcome[Any]:
        """Set an option of the project; returns the value as it is kept.

        Raises NotFoundError for an unknown name, RefusedError for a value that does not fit, and for analysts.
        """
        option = _option(name)
        checked = option.check(value)
        project = self.session.repository.rows.all(Project)[0]
        if self.session.role != "lead":
            raise RefusedError("Only leads choose what holds for the whole project. Ask one of them.")
        kept = {key: one for key, one in project.options.items() if key != name}
        if checked != option.default:
            kept[name] = list(checked) if isinstance(checked, tuple) else checked
        after = replace(project, options=kept)
        changes = (RowChange(project, after),) if after != project else ()
        return Outcome(ChangeSet(option.title if changes else "", changes), checked)


def value_of(project: Project, name: str) -> Any:
    """Return the value of an option in a project's row; one that this program cannot take counts as not set.

    Raises NotFoundError for an unknown name.
    """
    option = _option(name)
    if name not in project.options:
        return option.default
    try:
        return option.check(project.options[name])
    except RefusedError:
        return option.default


def _option(name: str) -> Option:
    if name not in OPTIONS:
        raise NotFoundError("There is no option “{name}”. There are: {known}.", name=name, known=", ".join(OPTIONS))
    return OPTIONS[name]
