"""A list in which each row has a key of its own: a letter or a digit, by its place on the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.ui.theme import Theme
from annotator.ui.views.letter_keys import letter_keys
from annotator.ui.words import tool_tip

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
"""The keys of rows that are counted: digits first, then letters."""

_ROW = Qt.ItemDataRole.UserRole
_BADGE, _GAP, _PAD = 20, 8, 3
_RADIUS = 4.0
_NAME_SHARE = 0.55
"""What names may take of the width where values stand beside them."""
_TICK_WIDTH = 16
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """A row: its key or nothing, what it is called, and its value.

    `muted` says that the value is not its own, `missing` that something must be said, `ticked` is None where there is
    nothing to tick, `boxed` that several rows can be ticked.
    """

    id: str
    key: str
    name: str
    value: str = ""
    muted: bool = False
    missing: bool = False
    ticked: bool | None = None
    boxed: bool = False
    tip: str = ""

    @property
    def words(self) -> str:
        """Return the row as a screen reader says it."""
        return ": ".join(part for part in (f"{self.key.upper()} {self.name}".strip(), self.value) if part)


class KeyedList(QListWidget):
    """As high as its rows. `chosen` carries a row's id; `left` and `cleared` tell of Esc, and of Delete or Backspace.

    `accepted` tells of Enter where no row is selected; the arrows select one.
    """

    chosen = Signal(str)
    accepted = Signal()
    cleared = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = _KeyedDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("keys", True)
        self.itemClicked.connect(self._choose_item)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def rows(self) -> list[KeyedRow]:
        """Return what is shown."""
        return [self.item(place).data(_ROW) for place in range(self.count())]

    def set_rows(self, rows: Sequence[KeyedRow], *, fresh: bool) -> None:
        """Show these rows; where they are not `fresh`, the current one stays."""
        current = -1 if fresh else self.currentRow()
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.words)
            item.setData(_ROW, row)
            item.setToolTip(tool_tip(row.tip))
            self.addItem(item)
        self.setCurrentRow(current)
        self._fit()

    def name_width(self) -> int:
        """Return the pixels that names get."""
        rows = self.rows()
        room = self.viewport().width() - _BADGE - 2 * _GAP - self.tick_width()
        if not any(row.value for row in rows):
            return max(room, 1)
        metrics = QFontMetrics(self.font())
        longest = max((metrics.horizontalAdvance(row.name) for row in rows), default=0) + 2
        return max(1, min(longest, int(_NAME_SHARE * room)))

    def tick_width(self) -> int:
        """Return the pixels that ticks get."""
        return _TICK_WIDTH if any(row.ticked is not None for row in self.rows()) else 0

    def _fit(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.setFixedHeight(sum(self.sizeHintForRow(place) for place in range(self.count())) + 2)

    @Slot(QListWidgetItem)
    def _choose_item(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_ROW).id)

    # -- Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and letter_keys(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed, key = letter_keys(event), event.key()
        by_key = {row.key: row for row in self.rows() if row.key}
        row = next((by_key[each] for each in pressed if each in by_key), None)
        if row is not None:
            self.chosen.emit(row.id)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            selected = self.selectedItems()
            if selected:
                self._choose_item(selected[0])
            elif key != Qt.Key.Key_Space:
                self.accepted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif not pressed:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        before = self.currentRow()
        super().focusInEvent(event)
        if before < 0:  # Qt makes the first row current
            self.setCurrentRow(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class _KeyedDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, keys: KeyedList) -> None:
        super().__init__(keys)
        self.theme = theme
        self._keys = keys

    def _name_height(self, name: str, font: QFont) -> int:
        flags = int(Qt.TextFlag.TextWordWrap)
        return QFontMetrics(font).boundingRect(0, 0, self._keys.name_width(), 10_000, flags, name).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: KeyedRow = index.data(_ROW)
        height = max(self._name_height(row.name, self._keys.font()), _BADGE) + 2 * _PAD
        return QSize(80, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: KeyedRow = index.data(_ROW)
        area: QRect = option.rect  # type: ignore[attr-defined]
        current = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("selected_row"))
            painter.drawRoundedRect(QRectF(area), _RADIUS, _RADIUS)
        if row.key:
            self._paint_badge(painter, row, QRectF(area.left() + 1, area.top() + _PAD, _BADGE, _BADGE))
        left = area.left() + _BADGE + _GAP
        if row.ticked is not None:
            self._paint_tick(painter, row, QPointF(left + 6, area.top() + _PAD + _BADGE / 2))
        left += self._keys.tick_width()
        self._paint_words(painter, row, area, left)
        painter.restore()

    def _paint_badge(self, painter: QPainter, row: KeyedRow, place: QRectF) -> None:
        painter.setPen(QPen(self.theme.color("accent"), 1))
        painter.setBrush(self.theme.color("surface"))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.setFont(self.theme.font("small", bold=True))
        painter.setPen(self.theme.color("link"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, row.key.upper())

    def _paint_tick(self, painter: QPainter, row: KeyedRow, centre: QPointF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if row.boxed:
            painter.setPen(QPen(self.theme.color("text_muted"), 1.2))
            painter.drawRoundedRect(QRectF(centre.x() - 6, centre.y() - 6, 12, 12), 3, 3)
        if row.ticked:
            painter.setPen(QPen(self.theme.color("text_muted" if row.muted else "text"), 1.8))
            painter.drawPolyline([centre + QPointF(-3, 0), centre + QPointF(-1, 2.6), centre + QPointF(3.4, -2.6)])

    def _paint_words(self, painter: QPainter, row: KeyedRow, area: QRect, left: int) -> None:
        width = self._keys.name_width()
        font = QFont(self._keys.font())
        painter.setFont(font)
        top, height = area.top() + _PAD, area.height() - 2 * _PAD
        beside = bool(row.value)
        painter.setPen(self._color("text_muted" if beside and not row.missing else "text", row))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRect(left, top, width, height), flags, row.name)
        if beside:
            font.setItalic(row.muted)
            painter.setFont(font)
            painter.setPen(self._color("text_muted" if row.muted else "text", row))
            room = QRect(left + width + _GAP, top, area.right() - left - width - _GAP, height)
            shown = QFontMetrics(font).elidedText(row.value, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def _color(self, token: str, row: KeyedRow) -> QColor:
        return self.theme.color("warning" if row.missing else token)
