"""The list behind the import dialog: entries in the order of their files, and which of them a filter shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from annotator.session.importing import Candidate, Duplicate, Failure, Found
from annotator.ui.dialogs.import_entries import CAN_BE_RETRIED, CAN_COME_IN, Entry, State
from annotator.ui.words import tool_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ENTRY = Role.UserRole

LOOKED_AHEAD = 12
"""Files after the last finding among which those at hand are: as many as are read ahead."""


class ImportModel(QAbstractListModel):
    """Entries; `changed` comes when states or check marks are others, once for many of them."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self._last: dict[Path, Entry] = {}
        self._hint = 0

    def counts(self) -> Counter[State]:
        """Return how many entries there are in each state."""
        return Counter(entry.state for entry in self.entries)

    def coming_in(self) -> list[Entry]:
        """Return the entries that would be imported now."""
        return [entry for entry in self.entries if entry.comes_in]

    def candidates(self) -> list[Candidate]:
        """Return what was found and may still come in."""
        return [e.candidate for e in self.entries if e.candidate is not None and e.state in CAN_COME_IN]

    def settled_files(self) -> set[Path]:
        """Return the files that need not be read again when they are added once more."""
        return {file for file, entry in self._last.items() if entry.state not in CAN_BE_RETRIED}

    def add_files(self, files: Iterable[Path]) -> None:
        """List files that are going to be read; one that is listed already stays where it is."""
        new = []
        for file in files:
            if file not in self._last:
                new.append(Entry(file))
            elif self._last[file].state is not State.READING:
                self.read_again([self._last[file]])
        if new:
            self.beginInsertRows(QModelIndex(), len(self.entries), len(self.entries) + len(new) - 1)
            self.entries += new
            self._last |= {entry.file: entry for entry in new}
            self.endInsertRows()
        self.changed.emit()

    def take(self, batch: Iterable[Found]) -> None:
        """Take over findings in the order of their files."""
        for found in batch:
            file = Path(found.file)
            entry = self._last.get(file)
            if entry is None:
                self.add_files([file])
                entry = self._last[file]
            elif entry.state is not State.READING:
                entry = self._insert_after(entry)
            _fill(entry, found)
            self.update(entry, quiet=True)
        self.changed.emit()

    def show_stages(self, names: Iterable[str]) -> None:
        """Say of the files that are at hand how far they are; a name is “file”, or “file, page 3”."""
        stages = dict(_stage(name) for name in names)
        for entry in self.entries[self._hint : self._hint + LOOKED_AHEAD]:
            stage = stages.get(entry.file.name, entry.stage)
            if entry.state is State.READING and stage != entry.stage:
                entry.stage = stage
                index = self.index(self.entries.index(entry, self._hint))
                self.dataChanged.emit(index, index)

    def give_up_reading(self) -> None:
        """Say of the files that were not read that they were not."""
        for entry in self.entries:
            if entry.state is State.READING:
                entry.state = State.UNREAD
        self.update_all()

    def read_again(self, entries: Iterable[Entry]) -> list[Path]:
        """Put entries back among those that are being read, and return their files."""
        again = list(entries)
        for entry in again:
            entry.begin_again()
        self._hint = 0
        self.update_all()
        return [entry.file for entry in again]

    def set_checked(self, entries: Iterable[Entry], checked: bool) -> None:
        """Check or uncheck the entries that can come in."""
        for entry in entries:
            if entry.state in CAN_COME_IN:
                entry.checked = checked
        self.update_all()

    def update_all(self) -> None:
        """Show all entries anew, at once."""
        if self.entries:
            self.dataChanged.emit(self.index(0), self.index(len(self.entries) - 1))
        self.changed.emit()

    def update(self, entry: Entry, *, quiet: bool = False) -> None:
        """Show an entry anew."""
        index = self.index(self._row(entry))
        self.dataChanged.emit(index, index)
        if not quiet:
            self.changed.emit()

    def _row(self, entry: Entry) -> int:
        """Return an entry's row; findings come in order, so it is mostly near the last one that was asked for."""
        if self._hint < len(self.entries) and self.entries[self._hint] is entry:
            return self._hint
        try:
            self._hint = self.entries.index(entry, self._hint)
        except ValueError:
            self._hint = self.entries.index(entry)
        return self._hint

    def _insert_after(self, before: Entry) -> Entry:
        row = self._row(before) + 1
        entry = Entry(before.file)
        self.beginInsertRows(QModelIndex(), row, row)
        self.entries.insert(row, entry)
        self._last[before.file] = entry
        self.endInsertRows()
        return entry

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self.entries[index.row()].state in CAN_COME_IN:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        match role:
            case Role.DisplayRole:
                return entry.title
            case Role.ToolTipRole:
                return tool_tip(f"{entry.title}\n{entry.file}\n{entry.detail}")
            case Role.AccessibleTextRole:
                return f"{entry.title}. {entry.detail}"
            case Role.CheckStateRole:
                return Qt.CheckState.Checked if entry.checked else Qt.CheckState.Unchecked
            case _ if role == ENTRY:
                return entry
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole or not index.isValid():
            return False
        self.set_checked([self.entries[index.row()]], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


def _stage(told: str) -> tuple[str, str]:
    name, comma, stage = told.rpartition(", ")
    return (name, stage) if comma and stage.startswith(("page ", "row ")) else (told, "")


def _fill(entry: Entry, found: Found) -> None:
    match found:
        case Candidate():
            entry.take_candidate(found)
        case Duplicate():
            entry.take_duplicate(found)
        case Failure():
            entry.take_failure(found)


class StateFilter(QSortFilterProxyModel):
    """Shows the entries in some states, or all of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states: frozenset[State] = frozenset()

    def set_states(self, states: Iterable[State]) -> None:
        """Show the entries in these states; none shows all."""
        self._states = frozenset(states)
        self.invalidate()

    def entry(self, index: Index) -> Entry | None:
        """Return the entry at a place that is shown."""
        return index.data(ENTRY) if index.isValid() else None

    def shown(self) -> list[Entry]:
        """Return the entries that are shown."""
        return [self.index(row, 0).data(ENTRY) for row in range(self.rowCount())]

    # -- Qt

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        model = self.sourceModel()
        return not self._states or not isinstance(model, ImportModel) or model.entries[source_row].state in self._states
