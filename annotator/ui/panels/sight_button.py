"""The button that says which labels and layers are shown, and its menu to choose them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from annotator.core.records import Label
from annotator.core.sight import Sight
from annotator.ui.dialogs.parts import label_icon
from annotator.ui.panels.widgets import restyle


class SightMenu(QMenu):
    """Stays open while things are ticked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)


class SightButton(QToolButton):
    """`changed` carries the Sight that somebody chose."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: Sequence[Label] = ()
        self._layers: Sequence[tuple[str, str]] = ()
        self._sight = Sight()
        self.setProperty("role", "flat")
        self.setProperty("quiet", True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(self.tr("Labels and layers that are shown"))
        self._menu = SightMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self._menu.triggered.connect(self._choose)
        self.setMenu(self._menu)
        self._show()

    def set_choices(self, labels: Sequence[Label], layers: Sequence[tuple[str, str]]) -> None:
        """Set what can be shown: labels, and (id, name) of layers."""
        self._labels, self._layers = labels, layers

    def set_sight(self, sight: Sight) -> None:
        """Show what is in sight."""
        self._sight = sight
        self._show()
        for action in self._menu.actions():
            if action.isCheckable():
                action.setChecked(self._is_shown(*action.data()))

    def _show(self) -> None:
        count = len(self._sight.hidden_labels) + len(self._sight.hidden_layers)
        self.setText(self.tr("{count} hidden").format(count=count) if count else self.tr("Show"))
        self.setProperty("state", "warning" if count else "")
        restyle(self)

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        self._menu.addSection(self.tr("Labels"))
        for label in self._labels:
            self._add(label.name, "label", label.id).setIcon(label_icon(label, self))
        self._menu.addSection(self.tr("Layers"))
        for layer, name in self._layers:
            self._add(name, "layer", layer)
        self._menu.addSeparator()
        everything = self._menu.addAction(self.tr("Show everything"))
        everything.setEnabled(bool(self._sight))

    def _add(self, name: str, kind: str, identity: str) -> QAction:
        action = self._menu.addAction(name.replace("&", "&&"))
        action.setCheckable(True)
        action.setData((kind, identity))
        action.setChecked(self._is_shown(kind, identity))
        return action

    def _is_shown(self, kind: str, identity: str) -> bool:
        hidden = self._sight.hidden_labels if kind == "label" else self._sight.hidden_layers
        return identity not in hidden

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        if not action.isCheckable():
            self.changed.emit(Sight())
            return
        kind, identity = action.data()
        change = self._sight.with_label if kind == "label" else self._sight.with_layer
        self.changed.emit(change(identity, shown=action.isChecked()))
