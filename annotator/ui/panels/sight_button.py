"""The button that says which labels and layers are shown, and its menu to choose them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget, QWidgetAction

from annotator.core.records import Label
from annotator.core.sight import Sight
from annotator.ui.dialogs.parts import label_color
from annotator.ui.panels.widgets import heading, restyle, ticked_dot


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
                self._tick(action)

    def _show(self) -> None:
        count = len(self._sight.hidden_labels) + len(self._sight.hidden_layers)
        self.setText(self.tr("{count} hidden").format(count=count) if count else self.tr("Show"))
        self.setProperty("state", "warning" if count else "")
        restyle(self)

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        self._add_heading(self.tr("Labels"))
        for label in self._labels:
            self._add(label.name, "label", label.id)
        self._menu.addSeparator()
        self._add_heading(self.tr("Layers"))
        for layer, name in self._layers:
            self._add(name, "layer", layer)
        self._menu.addSeparator()
        everything = self._menu.addAction(self.tr("Show everything"))
        everything.setEnabled(bool(self._sight))

    def _add(self, name: str, kind: str, identity: str) -> None:
        action = self._menu.addAction(name.replace("&", "&&"))
        action.setCheckable(True)
        action.setData((kind, identity))
        self._tick(action)

    def _add_heading(self, text: str) -> None:
        words = heading(text, self._menu)
        words.setContentsMargins(12, 4, 12, 4)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(words)
        action.setEnabled(False)
        self._menu.addAction(action)

    def _tick(self, action: QAction) -> None:
        """Tick what is shown; the dot of a label stands where the tick would be, and is hollow where it is hidden."""
        kind, identity = action.data()
        action.setChecked(self._is_shown(kind, identity))
        label = next((label for label in self._labels if kind == "label" and label.id == identity), None)
        if label is not None:
            action.setIcon(ticked_dot(label_color(label, self), action.isChecked(), self))

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
