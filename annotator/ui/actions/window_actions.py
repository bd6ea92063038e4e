"""The table of actions made real in a window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from annotator.ui.actions.row import ActionRow
from annotator.ui.actions.table import ACTIONS, MENUS, action_text


class Actions:
    """QActions of a window, its menus, and what can be done just now."""

    def __init__(self, window: QWidget, parts: Mapping[str, QObject]) -> None:
        self._rows = {row.id: row for row in ACTIONS}
        self._actions = {row.id: self._make(window, parts, row) for row in ACTIONS}
        self.menu = QMenu(window)
        for title in MENUS:
            self.menu.addMenu(self._submenu(title))
        self.set_facts(())

    def __getitem__(self, identity: str) -> QAction:
        return self._actions[identity]

    def set_facts(self, facts: Iterable[str]) -> None:
        """Enable the actions whose need is among `facts` (see `row.NEEDS`)."""
        known = {"nothing", *facts}
        for identity, action in self._actions.items():
            action.setEnabled(self._rows[identity].needs in known)

    def available(self) -> list[tuple[ActionRow, QAction]]:
        """Return the actions that can be done just now, in the order of the table."""
        return [(self._rows[identity], action) for identity, action in self._actions.items() if action.isEnabled()]

    def _make(self, window: QWidget, parts: Mapping[str, QObject], row: ActionRow) -> QAction:
        text = action_text(row).replace("&", "&&")
        action = QAction(text if not row.key else f"{text}\t{row.key}", window)
        action.setObjectName(f"action_{row.id}")
        action.setCheckable(row.checkable)
        if row.shortcut:
            action.setShortcuts([QKeySequence(keys) for keys in (row.shortcut, row.also) if keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        part, method = row.slot.split(".")
        action.triggered.connect(getattr(parts[part], method))
        window.addAction(action)
        return action

    def _submenu(self, title: str) -> QMenu:
        menu = QMenu(QCoreApplication.translate("actions", title), self.menu)
        for row in ACTIONS:
            if row.menu == title:
                menu.addAction(self._actions[row.id])
                if row.group_end:
                    menu.addSeparator()
        return menu
