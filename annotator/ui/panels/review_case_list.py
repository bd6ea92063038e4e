"""The two lists at the left of a review: kinds of differences with their numbers, and the cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from annotator.ui.models.review_list import CaseRole, ReviewList
from annotator.ui.panels.row_delegate import RowDelegate, RowLook, state_and_rect
from annotator.ui.theme import Theme
from annotator.ui.views.lanes_keys import review_key
from annotator.ui.words import grouped

_KIND_ROW = 22
_COUNT = Qt.ItemDataRole.UserRole + 1
_KIND = Qt.ItemDataRole.UserRole
_DOTS = {"decided": "success", "reopened": "warning"}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

Index = QModelIndex | QPersistentModelIndex


class _KindDelegate(QStyledItemDelegate):
    """A name, bold where it is chosen, and a number at the right."""

    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, _KIND_ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state, rect = state_and_rect(option)
        chosen = index.row() == self._view.currentRow()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_MouseOver or (chosen and self._view.hasFocus()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("hover"))
            if chosen and self._view.hasFocus():
                painter.setPen(QPen(self.theme.color("focus"), 1))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), 4, 4)
        count = index.data(_COUNT) or 0
        box = rect.adjusted(6, 0, -6, 0)
        painter.setFont(self.theme.font(bold=chosen))
        painter.setPen(self.theme.color("text" if count or chosen else "text_faint"))
        side = Qt.AlignmentFlag.AlignVCenter
        number = grouped(count)
        width = painter.fontMetrics().horizontalAdvance(number)
        name = painter.fontMetrics().elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, box.width() - width - 8
        )
        painter.drawText(box, side | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(self.theme.font())
        painter.setPen(self.theme.color("text_muted"))
        painter.drawText(box, side | Qt.AlignmentFlag.AlignRight, number)
        painter.restore()


class KindList(QListWidget):
    """`chosen` carries a kind, or nothing for all; `entered` asks for the focus to go on to the cases."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = _KindDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Kinds of differences"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.currentRowChanged.connect(self._choose)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def show_kinds(self, names: Sequence[tuple[str, str]], counts: Mapping[str, int], chosen: str) -> None:
        """Show kinds with their names and numbers; the first one stands for all."""
        self.blockSignals(True)
        if [self.item(row).data(_KIND) for row in range(self.count())] != [kind for kind, _ in names]:
            self.clear()
            for kind, name in names:
                item = QListWidgetItem(name)
                item.setData(_KIND, kind)
                self.addItem(item)
            self.setFixedHeight(len(names) * _KIND_ROW + 2)
        for row, (kind, name) in enumerate(names):
            count = counts.get(kind, 0)
            self.item(row).setData(_COUNT, count)
            self.item(row).setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {count}")
            if kind == chosen:
                self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    @Slot(int)
    def _choose(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(str(self.item(row).data(_KIND)))

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*_ENTER, Qt.Key.Key_Right):
            self.entered.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class CaseDelegate(RowDelegate):
    """A case: its quote on one line, bold where it is shown, and what differs; every row is as high as any other."""

    def look(self, index: Index) -> RowLook:
        shown = index.row() == self._view.currentIndex().row()
        dot = _DOTS.get(index.data(CaseRole.STATE))
        return RowLook(
            title=index.data(Qt.ItemDataRole.DisplayRole),
            detail=index.data(CaseRole.DETAIL),
            bold=shown,
            filled=shown,
            dot=self.theme.color(dot) if dot else None,
        )

    def _title(self, look: RowLook) -> tuple[list[str], QFont]:
        font = self.theme.font(bold=look.bold)
        width = self._view.viewport().width() - 20
        return [QFontMetrics(font).elidedText(look.title, Qt.TextElideMode.ElideRight, max(1, width))], font

    def height(self) -> int:
        """Return the height of every row in pixels."""
        body, small = QFontMetrics(self.theme.font()), QFontMetrics(self.theme.font("small"))
        return body.height() + small.height() + 21


class CaseList(QTableView):
    """The cases, as a table of one column: unlike a list, it looks at no row that is out of sight.

    `case_wanted` carries the place of one, `pressed_key` the ReviewCommand of a single key.
    """

    case_wanted = Signal(QModelIndex)
    pressed_key = Signal(object, int, bool)

    def __init__(self, model: ReviewList, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.setModel(model)
        self._delegate = CaseDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setStyleSheet("QTableView { border: none; } QTableView::item { padding: 0; }")
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self._set_height()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Cases"))

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._delegate.theme = theme
        self._set_height()
        self.viewport().update()

    def _set_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._delegate.height())

    def show_current(self, index: QModelIndex) -> None:
        """Mark a case as the one that is shown, without asking for it."""
        self._quiet = True
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._quiet = False
        self.viewport().update()

    # -- Qt

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._quiet and current.isValid() and self.hasFocus():
            self.case_wanted.emit(current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.case_wanted.emit(index)

    def event(self, event: QEvent) -> bool:
        claims = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if claims and isinstance(event, QKeyEvent) and review_key(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = review_key(event)
        if key is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.pressed_key.emit(*key, shift)
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)
