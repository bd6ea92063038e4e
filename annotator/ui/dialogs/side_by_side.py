"""Two texts side by side, row by row, with the words marked that differ.

A table whose rows get their height when they come in sight, so many of them are shown at once. Positions of marks are
code points of the text beside them, half-open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from annotator.core.palette import tint
from annotator.core.records import Fragment
from annotator.ui.dialogs.paragraph_layout import layout_bottom, paragraph_layout
from annotator.ui.panels.grouped_rows import marked
from annotator.ui.text_positions import BlockPositions, display_text
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, tr

ROW = Qt.ItemDataRole.UserRole + 1
SHOWN = 3_000
"""Code points of one side that are shown; more are counted."""

_PAD_X, _PAD_Y = 10, 7
_CAPTION_WIDTH = 118
_DOT = 8
_LINE_HEIGHT = 1.05
_TINT = 0.24
_FIRST_HEIGHT = 40
_TOKENS = {
    "added": "success",
    "removed": "error",
    "changed": "warning",
    "moved": "accent",
    "same": "text_muted",
    "fold": "text_muted",
}

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Side:
    """A text and the words of it that the other side does not have."""

    text: str
    marks: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True)
class SideRow:
    """A row. `kind` is added, removed, changed, moved, same, or fold, which is a caption across both sides.

    `detail` stands under the caption, with a dot of a colour (#rrggbb) if there is one.
    """

    kind: str
    caption: str
    old: Side | None = None
    new: Side | None = None
    detail: str = ""
    dot: str = ""


class SideModel(QAbstractTableModel):
    """The rows: a caption, the earlier text, the later text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SideRow] = []
        self._titles = ("", "", "")

    def set_rows(self, rows: Sequence[SideRow], titles: tuple[str, str]) -> None:
        """Show these rows under the titles of the two sides."""
        self.beginResetModel()
        self._rows, self._titles = list(rows), ("", *titles)
        self.endResetModel()

    def rows(self) -> list[SideRow]:
        """Return the rows."""
        return list(self._rows)

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            side = row.old if index.column() == 1 else row.new
            if index.column() == 0:
                return " · ".join(part for part in (row.caption, row.detail) if part)
            return side.text[:SHOWN] if side else ""
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


class SideDelegate(QStyledItemDelegate):
    """Paints captions and texts; what is gone is struck through, what has come is underlined, both on a tint."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self.theme = theme
        self._view = view
        self._font = theme.reading_font()
        self._font.setPixelSize(14)

    def _layout(self, side: Side, *, old: bool, width: int) -> QTextLayout:
        """Return a side laid out; its height is the bottom of its last line."""
        text = "\u2028".join(display_text(line) for line in side.text[:SHOWN].split("\n"))
        more = len(side.text) - SHOWN
        whole = text + (tr(" … and {count} more characters").format(count=grouped(more)) if more > 0 else "")
        return paragraph_layout(whole, self._font, width, _LINE_HEIGHT, self._formats(side, text, old=old))

    def _formats(self, side: Side, text: str, *, old: bool) -> list[QTextLayout.FormatRange]:
        positions = BlockPositions(text, 0)
        token = "error" if old else "success"
        look = QTextCharFormat()
        look.setBackground(QColor(tint(self.theme.hex(token), self.theme.hex("surface"), _TINT)))
        look.setFontStrikeOut(old)
        look.setFontUnderline(not old)
        found = []
        for start, end in side.marks:
            if start < len(text):
                found.append(marked(positions.to_units(start), positions.to_units(min(end, len(text))), look))
        return found

    def _paint_caption(self, painter: QPainter, rect: QRect, row: SideRow) -> None:
        font = self.theme.font("small", bold=row.kind != "fold")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(self.theme.color(_TOKENS[row.kind]))
        if row.kind == "fold":
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, row.caption)
            return
        line = QRect(rect.left() + _PAD_X, rect.top() + _PAD_Y + 1, rect.width() - 2 * _PAD_X, metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, row.caption)
        if row.detail:
            line.translate(0, metrics.height() + 3)
            self._paint_detail(painter, line, row)

    def _paint_detail(self, painter: QPainter, line: QRect, row: SideRow) -> None:
        metrics = QFontMetrics(self.theme.font("small"))
        painter.setFont(self.theme.font("small"))
        if row.dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(row.dot))
            middle = line.top() + metrics.height() / 2 + 0.5
            painter.drawEllipse(QPointF(line.left() + _DOT / 2, middle), _DOT / 2, _DOT / 2)
            line.setLeft(line.left() + _DOT + 5)
        painter.setPen(self.theme.color("text_muted"))
        for part in row.detail.split("\n"):
            shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, shown)
            line.translate(0, metrics.height() + 1)

    # -- Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: SideRow = index.data(ROW)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self.theme.color("selected_row"))
        elif row.kind == "fold":
            painter.fillRect(rect, self.theme.color("surface_alt"))
        painter.setPen(QPen(self.theme.color("border"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = row.old if index.column() == 1 else row.new
        if index.column() == 0 or row.kind == "fold":
            self._paint_caption(painter, rect, row)
        elif side is not None:
            painter.setClipRect(rect)
            faint = row.kind == "same" or (row.kind == "moved" and index.column() == 1)
            painter.setPen(self.theme.color("text_muted" if faint else "text"))
            layout = self._layout(side, old=index.column() == 1, width=rect.width() - 2 * _PAD_X)
            layout.draw(painter, QPointF(rect.left() + _PAD_X, rect.top() + _PAD_Y))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: SideRow = index.data(ROW)
        if row.kind == "fold":
            return QSize(_CAPTION_WIDTH, 28)
        small = QFontMetrics(self.theme.font("small")).height()
        if index.column() == 0:
            lines = 1 + (len(row.detail.split("\n")) if row.detail else 0)
            return QSize(_CAPTION_WIDTH, lines * (small + 2) + 2 * _PAD_Y + 3)
        side = row.old if index.column() == 1 else row.new
        if side is None:
            return QSize(40, small + 2 * _PAD_Y)
        width = self._view.columnWidth(index.column()) - 2 * _PAD_X
        bottom = layout_bottom(self._layout(side, old=index.column() == 1, width=width))
        return QSize(40, round(bottom) + 2 * _PAD_Y)


class SideBySide(QTableView):
    """The table; its rows are measured when they come in sight."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = SideModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(SideDelegate(theme, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_FIRST_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(20)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, _CAPTION_WIDTH)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.measure)
        self.verticalScrollBar().valueChanged.connect(self._measure_soon)

    def show_rows(self, rows: Sequence[SideRow], titles: tuple[str, str]) -> None:
        """Show these rows under the titles of the two sides."""
        self.clearSpans()
        self.rows.set_rows(rows, titles)
        for place, row in enumerate(rows):
            if row.kind == "fold":
                self.setSpan(place, 0, 1, 3)
        if rows:
            self.setCurrentIndex(self.rows.index(0, 1))
        self.measure()

    @Slot()
    def _measure_soon(self) -> None:
        self._timer.start()

    @Slot()
    def measure(self) -> None:
        """Give the rows in sight their height; who is at the end stays there."""
        bar = self.verticalScrollBar()
        was_at_end = bar.value() == bar.maximum() > 0
        place = max(0, self.rowAt(0))
        bottom = self.viewport().height()
        while place < self.rows.rowCount() and self.rowViewportPosition(place) < bottom:
            self.resizeRowToContents(place)
            place += 1
        if was_at_end:
            self.updateGeometries()
            bar.setValue(bar.maximum())

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._timer.start()
