"""The entries of one kind as a tree: nested and ordered by dragging, or by keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator, QWidget

from annotator.core.codebook_edits import Entry
from annotator.core.records import AttributeDefinition, Label
from annotator.ui.dialogs.parts import label_icon
from annotator.ui.dialogs.rows import FAINT_ALPHA, softened

Place = tuple[str | None, int]
"""The id of the label that something comes under, None at the top, and its place among the siblings."""

_COLOURS = Qt.ItemDataRole.UserRole + 1


class EntryTree(QTreeWidget):
    """`current_changed` carries an entry's id, `move_wanted` an id with the place where somebody wants it.

    The widget moves nothing itself: it shows what `set_entries` was given.
    """

    current_changed = Signal(str)
    move_wanted = Signal(str, object, int)

    def __init__(self, parent: QWidget | None = None, *, nested: bool = False) -> None:
        super().__init__(parent)
        self._nested = nested
        self._filling = False
        self._names: Mapping[str, str] = {}
        self._shape: list[tuple[str, str | None]] = []
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(18 if nested else 0)
        self.setStyleSheet("QTreeView::branch { background: transparent; image: none; }")
        self.setIconSize(QSize(10, 10))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.currentItemChanged.connect(self._tell_current)

    def set_writable(self, writable: bool) -> None:
        """Say whether entries can be moved."""
        modes = QAbstractItemView.DragDropMode
        self.setDragDropMode(modes.InternalMove if writable else modes.NoDragDrop)

    def set_entries(self, entries: Sequence[Entry], names: Mapping[str, str] | None = None) -> None:
        """Show these entries in this order; the current one stays current where it is still there.

        `names` are those of labels by key: they tell attributes of one name apart.
        """
        self._names = names or {}
        shape = [(one.id, getattr(one, "parent", None)) for one in entries]
        if shape != self._shape:
            self._rebuild(entries)
            self._shape = shape
        twins = Counter(one.name for one in entries)
        items = {item.data(0, Qt.ItemDataRole.UserRole): item for item in self._items()}
        for one in entries:
            self._describe(items[one.id], one, twin=twins[one.name] > 1)

    def _rebuild(self, entries: Sequence[Entry]) -> None:
        current, scroll = self.current(), self.verticalScrollBar().value()
        self._filling = True
        self.clear()
        items = {one.id: QTreeWidgetItem([one.name]) for one in entries}
        for one in entries:
            item = items[one.id]
            item.setData(0, Qt.ItemDataRole.UserRole, one.id)
            above = items.get(getattr(one, "parent", None) or "")
            if above is not None and above is not item and not _is_above(item, above):
                above.addChild(item)
            else:
                self.addTopLevelItem(item)
        self.expandAll()
        self._filling = False
        self.verticalScrollBar().setValue(scroll)
        self.select(current if current in items else next(iter(items), ""))

    def _describe(self, item: QTreeWidgetItem, one: Entry, *, twin: bool) -> None:
        name = " ".join(one.name.split()) or self.tr("(no name)")
        if twin and isinstance(one, AttributeDefinition) and one.labels:
            name = f"{name} · {', '.join(self._names.get(key, key) for key in one.labels)}"
        digit = f"   {one.digit}" if isinstance(one, Label) and one.digit is not None else ""
        item.setText(0, name + digit if not one.retired else self.tr("{name} — retired").format(name=name))
        if isinstance(one, Label) and item.data(0, _COLOURS) != (one.light, one.dark):
            item.setData(0, _COLOURS, (one.light, one.dark))
            item.setIcon(0, label_icon(one, self))
        item.setForeground(0, softened(self.palette(), FAINT_ALPHA if one.retired else 1.0))

    def current(self) -> str:
        """Return the id of the current entry, or nothing."""
        item = self.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""

    def select(self, identity: str) -> None:
        """Make an entry current and bring it in sight."""
        item = self._item(identity)
        if item is not None:
            self.setCurrentItem(item)
            self.scrollToItem(item)
        self.current_changed.emit(self.current())

    def ids(self) -> list[str]:
        """Return the ids as they are shown, from above."""
        return [str(item.data(0, Qt.ItemDataRole.UserRole)) for item in self._items()]

    def _items(self) -> list[QTreeWidgetItem]:
        found, iterator = [], QTreeWidgetItemIterator(self)
        while iterator.value() is not None:
            found.append(iterator.value())
            iterator += 1
        return found

    def _item(self, identity: str) -> QTreeWidgetItem | None:
        return next((item for item in self._items() if item.data(0, Qt.ItemDataRole.UserRole) == identity), None)

    @Slot()
    def _tell_current(self) -> None:
        if not self._filling:
            self.current_changed.emit(self.current())

    # -- moving

    def _siblings(self, item: QTreeWidgetItem) -> tuple[QTreeWidgetItem, int]:
        above = item.parent() or self.invisibleRootItem()
        return above, above.indexOfChild(item)

    def _want(self, above: QTreeWidgetItem, place: int) -> None:
        parent = None if above is self.invisibleRootItem() else above.data(0, Qt.ItemDataRole.UserRole)
        self.move_wanted.emit(self.current(), parent, place)

    @Slot()
    def move_up(self) -> None:
        """Want the current entry before the one above it."""
        self._step(-1)

    @Slot()
    def move_down(self) -> None:
        """Want the current entry after the one below it."""
        self._step(1)

    def _step(self, step: int) -> None:
        item = self.currentItem()
        if item is not None:
            above, place = self._siblings(item)
            if 0 <= place + step < above.childCount():
                self._want(above, place + step)

    @Slot()
    def move_in(self) -> None:
        """Want the current label under the one before it."""
        item = self.currentItem()
        if item is not None and self._nested:
            above, place = self._siblings(item)
            before = above.child(place - 1) if place > 0 else None
            if before is not None:
                self._want(before, before.childCount())

    @Slot()
    def move_out(self) -> None:
        """Want the current label beside the one that it is under."""
        item = self.currentItem()
        parent = item.parent() if item is not None else None
        if parent is not None:
            above, place = self._siblings(parent)
            self._want(above, place + 1)

    def drop_place(self, target: QTreeWidgetItem | None, position: QAbstractItemView.DropIndicatorPosition) -> Place:
        """Return the place that a drop at an item means."""
        positions = QAbstractItemView.DropIndicatorPosition
        if target is None or position == positions.OnViewport:
            return None, self.topLevelItemCount()
        if position == positions.OnItem and self._nested:
            return target.data(0, Qt.ItemDataRole.UserRole), target.childCount()
        above, place = self._siblings(target)
        parent = None if target.parent() is None else above.data(0, Qt.ItemDataRole.UserRole)
        return parent, place + (position != positions.AboveItem)

    # -- Qt

    def dropEvent(self, event: QDropEvent) -> None:
        target = self.itemAt(event.position().toPoint())
        parent, place = self.drop_place(target, self.dropIndicatorPosition())
        item = self.currentItem()
        if item is not None:
            above, before = self._siblings(item)
            same = (above.data(0, Qt.ItemDataRole.UserRole) if item.parent() is not None else None) == parent
            place -= same and before < place
        # The view would take the row away where it was once the drag has ended.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if item is not None:
            self.move_wanted.emit(self.current(), parent, place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        moves = {
            Qt.Key.Key_Up: self.move_up,
            Qt.Key.Key_Down: self.move_down,
            Qt.Key.Key_Right: self.move_in,
            Qt.Key.Key_Left: self.move_out,
        }
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        move = moves.get(Qt.Key(event.key())) if held == wanted else None
        if move is None:
            super().keyPressEvent(event)
        elif self.dragDropMode() != QAbstractItemView.DragDropMode.NoDragDrop:
            move()


def _is_above(item: QTreeWidgetItem, other: QTreeWidgetItem | None) -> bool:
    """Say whether an item is one of those above another; parents in a circle must not make a tree without a top."""
    while other is not None:
        if other is item:
            return True
        other = other.parent()
    return False
