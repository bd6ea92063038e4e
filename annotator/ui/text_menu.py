"""The menu of the text: labels for what is selected, and the actions that apply to it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from annotator.ui.actions.window_actions import Actions
from annotator.ui.dialogs.parts import label_icon
from annotator.ui.gestures.tagging import Tagging
from annotator.ui.words import label_with_digit

_ON_A_SPAN = ("attributes", "edit_span", "relate", "follow", "split", "merge_next", "find_repeats", "delete")
_ALWAYS = ("copy", "copy_citation", "find_and_tag", "read")


class TextMenu(QObject):
    """Made anew each time that it opens, of the actions of the window."""

    def __init__(self, actions: Actions, tagging: Tagging, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._tagging = tagging
        self.menu = QMenu(parent)
        self.menu.triggered.connect(self._tag)

    @Slot(QPoint)
    def open_at(self, place: QPoint) -> None:
        """Open the menu at a point of the screen."""
        self.menu.clear()
        if self._actions["label"].isEnabled():
            for label in self._tagging.labels():
                action = self.menu.addAction(label_icon(label, self.menu), label_with_digit(label).replace("&", "&&"))
                action.setData(label.id)
            self.menu.addSeparator()
        self._add(_ON_A_SPAN)
        self._add(_ALWAYS)
        self.menu.popup(place)

    def _add(self, names: tuple[str, ...]) -> None:
        shown = [self._actions[name] for name in names if self._actions[name].isEnabled()]
        self.menu.addActions(shown)
        if shown:
            self.menu.addSeparator()

    @Slot(QAction)
    def _tag(self, action: QAction) -> None:
        if action.data() is not None:
            self._tagging.apply_label(str(action.data()))
