"""Entities by their names and aliases: the lines that complete them, and what a line or a typed name means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter

from annotator.core.inheritance import folded_name

EntityChoice = tuple[str, Sequence[str]]
"""An entity's name and its aliases."""

_BETWEEN = " — "
_LEAST_WIDTH = 280
"""Pixels of the list of completions, so that an alias is seen beside its entity."""


class EntityCompletion:
    """An alias completes as “Ukraine — Kyiv” and means Ukraine. `model` holds the lines."""

    def __init__(self, choices: Iterable[EntityChoice]) -> None:
        lines: list[str] = []
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        for name, aliases in choices:
            for shown in (name, *(f"{name}{_BETWEEN}{alias}" for alias in aliases)):
                lines.append(shown)
                self._exact.setdefault(shown, name)
            for known in (name, *aliases):
                self._folded.setdefault(folded_name(known), name)
        self.model = QStringListModel(lines)

    def meant(self, text: str) -> str:
        """Return the name of the entity that a line or a typed name means, or the text where it is none."""
        typed = text.strip()
        return self._exact.get(typed) or self._folded.get(folded_name(typed)) or typed


_latest: list[tuple[Sequence[EntityChoice], EntityCompletion]] = []


def completion_of(choices: Sequence[EntityChoice]) -> EntityCompletion:
    """Return what completes these entities; asked again with the same sequence, the same answer.

    The editors of one project share it, because it may hold thousands of lines.
    """
    if not _latest or _latest[0][0] is not choices:
        _latest[:] = [(choices, EntityCompletion(choices))]
    return _latest[0][1]


def set_up(completer: QCompleter) -> None:
    """Let a completer offer whatever holds what was typed, capital or not."""
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    popup = completer.popup()
    if popup is not None:
        popup.setMinimumWidth(_LEAST_WIDTH)
