"""List items of two lines: a title, what belongs to it, and a remark at the right edge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

DETAIL = Qt.ItemDataRole.UserRole + 1
REMARK = Qt.ItemDataRole.UserRole + 2
FAINT = Qt.ItemDataRole.UserRole + 3
ELIDE = Qt.ItemDataRole.UserRole + 4
INSET = 10
LINE_GAP = 3

Index = QModelIndex | QPersistentModelIndex


def row_item(
    title: str, detail: str, remark: str = "", *, key: object = None, icon: QIcon | None = None, faint: bool = False
) -> QListWidgetItem:
    """Return an item for `TwoLineDelegate`; `key` is its UserRole, `faint` greys it."""
    item = QListWidgetItem(title)
    item.setData(DETAIL, detail)
    item.setData(REMARK, remark)
    item.setData(FAINT, faint)
    item.setData(Qt.ItemDataRole.UserRole, key)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, ". ".join(part for part in (title, detail, remark) if part))
    if icon is not None:
        item.setIcon(icon)
    return item


class TwoLineDelegate(QStyledItemDelegate):
    """Paints such items in the colours of the palette; text that does not fit is cut with an ellipsis.

    `elide_detail` says where the second line gives way: in the middle for paths, at its end for sentences.
    """

    def __init__(self, elide_detail: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._elide_detail = elide_detail

    def _paint_texts(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> None:
        palette = option.palette  # pyright: ignore[reportAttributeAccessIssue]
        faint = bool(index.data(FAINT))
        text = palette.color(QPalette.ColorRole.Text)
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        title_font, small = _fonts(option)
        remark = index.data(REMARK) or ""
        small_lines = QFontMetrics(small)
        remark_width = small_lines.horizontalAdvance(remark) + (INSET if remark else 0)
        title_lines = QFontMetrics(title_font)
        top = QRect(area.topLeft(), QSize(area.width() - remark_width, title_lines.height()))
        painter.setFont(title_font)
        painter.setPen(quiet if faint else text)
        title = title_lines.elidedText(
            " ".join(str(index.data() or "").split()), Qt.TextElideMode.ElideRight, top.width()
        )
        painter.drawText(top, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), title)
        painter.setFont(small)
        painter.setPen(quiet)
        edge = QRect(area.right() - remark_width + 1, top.top(), remark_width, top.height())
        painter.drawText(edge, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), remark)
        below = QRect(area.left(), top.bottom() + 1 + LINE_GAP, area.width(), small_lines.height())
        detail = small_lines.elidedText(
            " ".join(str(index.data(DETAIL) or "").split()), self._elide_detail, below.width()
        )
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), detail)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        widget = option.widget  # pyright: ignore[reportAttributeAccessIssue]
        option.text = ""  # pyright: ignore[reportAttributeAccessIssue]
        icon: QIcon = option.icon  # pyright: ignore[reportAttributeAccessIssue]
        option.icon = QIcon()  # pyright: ignore[reportAttributeAccessIssue]
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        area: QRect = option.rect.adjusted(INSET, 7, -INSET, -7)  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        if not icon.isNull():
            size = 20
            icon.paint(painter, QRect(area.topLeft() + QPoint(0, (area.height() - size) // 2), QSize(size, size)))
            area.setLeft(area.left() + size + INSET)
        self._paint_texts(painter, option, index, area)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        self.initStyleOption(option, index)
        title, small = _fonts(option)
        return QSize(120, QFontMetrics(title).height() + LINE_GAP + QFontMetrics(small).height() + 14)


def _fonts(option: QStyleOptionViewItem) -> tuple[QFont, QFont]:
    title = QFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
    title.setWeight(QFont.Weight.DemiBold)
    small = QFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
    small.setPixelSize(max(9, QFontMetrics(title).height() * 11 // 16))
    return title, small
