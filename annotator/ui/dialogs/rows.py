"""List items of two parts: a title with a remark at its right edge, and what belongs to it beneath."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QListView, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

DETAIL = Qt.ItemDataRole.UserRole + 1
REMARK = Qt.ItemDataRole.UserRole + 2
FAINT = Qt.ItemDataRole.UserRole + 3

INSET = 10
TOP = 7
GAP = 3
ICON = 20
SMALL = 11
TALLEST = 10_000
MUTED_ALPHA, FAINT_ALPHA = 0.74, 0.66
"""How much of the text's colour secondary text keeps; both are well over 4.5 : 1 on the themes' backgrounds."""

Index = QModelIndex | QPersistentModelIndex


def row_item(
    title: str, detail: str, remark: str = "", *, key: object = None, icon: QIcon | None = None, faint: bool = False
) -> QListWidgetItem:
    """Return an item for `TwoLineDelegate`; `key` is its UserRole, `faint` greys it."""
    item = QListWidgetItem(" ".join(title.split()))
    item.setData(DETAIL, " ".join(detail.split()))
    item.setData(REMARK, remark)
    item.setData(FAINT, faint)
    item.setData(Qt.ItemDataRole.UserRole, key)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, ". ".join(part for part in (title, detail, remark) if part))
    if icon is not None:
        item.setIcon(icon)
    return item


def softened(palette: QPalette, alpha: float) -> QColor:
    """Return the palette's text colour at a share of its strength."""
    color = palette.color(QPalette.ColorRole.Text)
    color.setAlphaF(alpha)
    return color


class TwoLineDelegate(QStyledItemDelegate):
    """Paints such items in the colours of the palette.

    What does not fit is cut: titles at their end, details where `elide` says. With `wrap` a detail takes as many
    lines as it needs.
    """

    def __init__(
        self,
        view: QListView,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        *,
        bold: bool = True,
        wrap: bool = False,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._elide = elide
        self._bold = bold
        self._wrap = wrap

    def _fonts(self) -> tuple[QFont, QFont]:
        title, small = QFont(self._view.font()), QFont(self._view.font())
        title.setWeight(QFont.Weight.DemiBold if self._bold else QFont.Weight.Normal)
        small.setPixelSize(SMALL)
        return title, small

    def _area(self, index: Index, rect: QRect) -> QRect:
        area = rect.adjusted(INSET, TOP, -INSET, -TOP)
        if index.data(Qt.ItemDataRole.DecorationRole) is not None:
            area.setLeft(area.left() + ICON + INSET)
        return area

    def _detail_height(self, index: Index, width: int, lines: QFontMetrics) -> int:
        if not self._wrap:
            return lines.height()
        flags = int(Qt.TextFlag.TextWordWrap)
        return max(lines.height(), lines.boundingRect(0, 0, width, TALLEST, flags, index.data(DETAIL) or " ").height())

    def _paint_title(self, painter: QPainter, palette: QPalette, index: Index, area: QRect) -> int:
        title_font, small = self._fonts()
        remark, lines = index.data(REMARK) or "", QFontMetrics(title_font)
        remark_width = QFontMetrics(small).horizontalAdvance(remark)
        row = QRect(area.left(), area.top(), area.width(), lines.height())
        painter.setFont(small)
        painter.setPen(softened(palette, MUTED_ALPHA))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), remark)
        row.setWidth(row.width() - remark_width - (INSET if remark else 0))
        painter.setFont(title_font)
        painter.setPen(softened(palette, FAINT_ALPHA if index.data(FAINT) else 1.0))
        title = lines.elidedText(index.data() or "", Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), title)
        return row.bottom() + 1

    def _paint_detail(self, painter: QPainter, palette: QPalette, index: Index, area: QRect) -> None:
        small = self._fonts()[1]
        painter.setFont(small)
        painter.setPen(softened(palette, FAINT_ALPHA if index.data(FAINT) else MUTED_ALPHA))
        detail = index.data(DETAIL) or ""
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        if self._wrap:
            painter.drawText(area, int(flags) | int(Qt.TextFlag.TextWordWrap), detail)
        else:
            painter.drawText(area, int(flags), QFontMetrics(small).elidedText(detail, self._elide, area.width()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ground = QStyleOptionViewItem(option)
        ground.showDecorationSelected = True
        style = self._view.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, ground, painter, self._view)
        area = self._area(index, ground.rect)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        painter.save()
        if icon is not None:
            icon.paint(painter, QRect(ground.rect.left() + INSET, area.top() + 1, ICON, ICON))
        below = self._paint_title(painter, ground.palette, index, area)
        area.setTop(below + GAP)
        self._paint_detail(painter, ground.palette, index, area)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        title, small = self._fonts()
        width = self._view.viewport().width()
        inner = self._area(index, QRect(0, 0, width, TALLEST)).width()
        detail = self._detail_height(index, inner, QFontMetrics(small))
        return QSize(120, QFontMetrics(title).height() + GAP + detail + 2 * TOP)
