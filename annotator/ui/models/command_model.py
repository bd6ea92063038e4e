"""What the search field at the top finds: documents by title, labels, and everything that can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

KINDS = ("document", "label", "action")
MOST_OF_A_KIND = 8
ID_ROLE = Qt.ItemDataRole.UserRole + 1
KIND_ROLE = Qt.ItemDataRole.UserRole + 2
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 3

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Command:
    """Something to be found: an id of its kind, what it is called, and its key or state."""

    kind: str
    id: str
    title: str
    detail: str = ""


def matches(commands: Sequence[Command], words: str) -> list[Command]:
    """Return the commands that have every word in their title, those that begin with the first one ahead."""
    wanted = words.casefold().split()
    found: list[Command] = []
    for kind in KINDS:
        of_kind = [c for c in commands if c.kind == kind and all(word in c.title.casefold() for word in wanted)]
        of_kind.sort(key=lambda c: not (wanted and c.title.casefold().startswith(wanted[0])))
        found += of_kind[:MOST_OF_A_KIND]
    return found


class CommandModel(QAbstractListModel):
    """The commands that match what was typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: list[Command] = []
        self._found: list[Command] = []
        self._words = ""

    def set_commands(self, commands: Sequence[Command]) -> None:
        """Search in these."""
        self._commands = list(commands)
        self.search(self._words)

    def search(self, words: str) -> None:
        """Show what matches."""
        self.beginResetModel()
        self._words = words
        self._found = matches(self._commands, words)
        self.endResetModel()

    def command(self, index: Index) -> Command | None:
        """Return the command at a place."""
        return self._found[index.row()] if index.isValid() else None

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        command = self.command(index)
        if command is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(command.title.split())
        if role == DETAIL_ROLE:
            return command.detail
        if role == KIND_ROLE:
            return command.kind
        if role == ID_ROLE:
            return command.id
        return None
