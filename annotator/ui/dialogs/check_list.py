"""A list of things to tick, each with how often there is one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.ui.dialogs.check_sign import CheckDelegate
from annotator.ui.dialogs.controls import CheckBox
from annotator.ui.dialogs.parts import SMALL_GAP, plain_label
from annotator.ui.words import grouped

Entry = tuple[str, str, int | None]
"""A key, what it is called, and how many there are; None where that is not known yet."""

_KEY = Qt.ItemDataRole.UserRole
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


class CheckList(QWidget):
    """`changed` tells that something was ticked. Everything ticked means that nothing is narrowed."""

    changed = Signal()

    def __init__(self, name: str, everything: str, nothing: str = "", parent: QWidget | None = None) -> None:
        """Make a list called `name`; `nothing` is said where there is nothing to list."""
        super().__init__(parent)
        self.nothing = plain_label(nothing, wrap=True, muted=True)
        self.nothing.hide()
        self.all_box = CheckBox(everything)
        self.all_box.setChecked(True)
        self.all_box.clicked.connect(self._tick_all)
        self.list = QListWidget()
        self.list.setItemDelegate(CheckDelegate(self.list))
        self.list.setAccessibleName(name)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemChanged.connect(self._ticked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.all_box)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)

    def set_entries(self, entries: Iterable[Entry], icons: dict[str, QIcon] | None = None) -> None:
        """List these; what was not ticked stays so, and what is ticked alone stays listed though it is gone."""
        chosen, listed = self.chosen(), list(entries)
        known = {key for key, _, _ in listed}
        listed += [(key, key, 0) for key in chosen or () if key not in known]
        self.list.blockSignals(True)
        self.list.clear()
        for key, name, count in listed:
            words = " ".join(name.split())
            item = QListWidgetItem(words if count is None else f"{words} · {grouped(count)}")
            item.setData(_KEY, key)
            item.setFlags(_FLAGS)
            if icons and key in icons:
                item.setIcon(icons[key])
            item.setCheckState(_state(chosen is None or key in chosen))
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.all_box.setChecked(self.chosen() is None)
        self.all_box.setVisible(bool(listed))
        self.nothing.setVisible(not listed)

    def set_chosen(self, chosen: Collection[str] | None) -> None:
        """Tick these, or with None everything; keys that are not listed are added."""
        known = {self.list.item(row).data(_KEY) for row in range(self.list.count())}
        self.list.blockSignals(True)
        for key in sorted(set(chosen or ()) - known):
            item = QListWidgetItem(f"{key} · 0")
            item.setData(_KEY, key)
            item.setFlags(_FLAGS)
            self.list.addItem(item)
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setCheckState(_state(chosen is None or item.data(_KEY) in chosen))
        self.list.blockSignals(False)
        self.all_box.setChecked(self.chosen() is None)

    def chosen(self) -> tuple[str, ...] | None:
        """Return the keys that are ticked, or None where all are."""
        items = [self.list.item(row) for row in range(self.list.count())]
        ticked = tuple(item.data(_KEY) for item in items if item.checkState() == Qt.CheckState.Checked)
        return None if len(ticked) == len(items) else ticked

    @Slot()
    def _ticked(self) -> None:
        self.all_box.setChecked(self.chosen() is None)
        self.changed.emit()

    @Slot(bool)
    def _tick_all(self, checked: bool) -> None:
        self.set_chosen(None if checked else ())
        self.all_box.setChecked(self.chosen() is None)
        self.changed.emit()


def _state(checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
