"""The box with a tick, as lists paint it: the same as a check box elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

SIZE = 15
"""Width and height of the box in logical pixels."""


def paint_check(painter: QPainter, palette: QPalette, place: QRectF, *, checked: bool, enabled: bool = True) -> None:
    """Paint the box into a place of `SIZE` by `SIZE` pixels; one that cannot be changed is faint and empty."""
    edge, ground = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    edge.setAlphaF(0.55 if enabled else 0.2)
    accent = palette.color(QPalette.ColorRole.Accent)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(accent if checked else edge, 1))
    painter.setBrush(accent if checked else ground)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if checked:
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(ground, 1.8, Qt.PenStyle.SolidLine, cap, join))
        centre = place.center()
        painter.drawPolyline([centre + QPointF(-3.2, 0.2), centre + QPointF(-0.8, 2.6), centre + QPointF(3.4, -2.4)])
    painter.restore()


class CheckDelegate(QStyledItemDelegate):
    """Paints the boxes as they are elsewhere; those of the style hardly show on dark ground."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        view: QWidget = self.parent()  # type: ignore[assignment]
        box = QRectF(view.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, shown, view))
        painter.fillRect(box.adjusted(-1, -1, 1, 1), shown.palette.color(QPalette.ColorRole.Base))
        place = QRectF(0, 0, SIZE, SIZE)
        place.moveCenter(box.center())
        checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        paint_check(painter, shown.palette, place, checked=checked, enabled=view.isEnabled())
