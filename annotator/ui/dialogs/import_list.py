"""The left side of the import dialog: what was found, filtered by where it stands, each with its check mark."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.dialogs.check_sign import SIZE, paint_check
from annotator.ui.dialogs.import_entries import CAN_COME_IN, Entry, State, tr
from annotator.ui.dialogs.import_model import ENTRY, ImportModel, StateFilter
from annotator.ui.dialogs.text_direction import is_right_to_left
from annotator.ui.panels.widgets import FlowLayout
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

PLAIN_ROWS = 500
"""Lists of more rows have rows of one height, so that they stay quick: a reason that is longer is cut there."""

_PAD_X, _PAD_Y, _GAP = 10, 7, 3
_REASON_LINES = 4
_CHIP_SIDES = 30
"""Pixels of a chip beside its text: padding and border of the style sheet."""
_DOT = 7
_TOKENS = {
    State.READING: "text_faint",
    State.READY: "success",
    State.SIMILAR: "warning",
    State.SAME: "warning",
    State.HERE: "text_faint",
    State.LOCKED: "warning",
    State.FAILED: "error",
    State.UNREAD: "text_faint",
    State.IMPORTED: "success",
}


class ImportListDelegate(QStyledItemDelegate):
    """Paints a box, the title, and below it a dot of the state's colour with what is to be said of it."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._title, self._small = theme.font(bold=True), theme.font("small")
        self._small_lines = QFontMetrics(self._small)

    def _text_area(self, rect: QRect) -> QRect:
        return rect.adjusted(_PAD_X + SIZE + _PAD_X, _PAD_Y, -_PAD_X, -_PAD_Y)

    def check_place(self, rect: QRect) -> QRect:
        """Return where the box is in a row."""
        return QRect(rect.left() + _PAD_X, rect.top() + _PAD_Y + 1, SIZE, SIZE)

    def _detail_height(self, entry: Entry, width: int) -> int:
        one = self._small_lines.height()
        if entry.state is not State.FAILED or self._view.uniformItemSizes():
            return one
        bounds = self._small_lines.boundingRect(0, 0, max(40, width), 10_000, _WRAPPED, entry.detail)
        return min(max(one, bounds.height()), _REASON_LINES * one)

    # -- Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        width = self._text_area(QRect(0, 0, self._view.viewport().width(), 100)).width() - _DOT - 6
        detail = self._detail_height(index.data(ENTRY), width)
        return QSize(120, 2 * _PAD_Y + QFontMetrics(self._title).height() + _GAP + detail)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(ENTRY)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        palette = option.palette  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, option.state)  # type: ignore[attr-defined]
        can_come = entry.state in CAN_COME_IN
        if can_come or entry.state is State.HERE:
            place = QRectF(self.check_place(rect))
            paint_check(painter, palette, place, checked=entry.checked, enabled=can_come)
        area = self._text_area(rect)
        lines = QFontMetrics(self._title)
        painter.setFont(self._title)
        painter.setPen(self._theme.color("text" if can_come else "text_muted"))
        row = QRect(area.left(), area.top(), area.width(), lines.height())
        shown = " ".join(entry.title[:400].split())
        aligned = Qt.AlignmentFlag.AlignRight if is_right_to_left(shown) else Qt.AlignmentFlag.AlignLeft
        painter.drawText(row, int(aligned), lines.elidedText(shown, Qt.TextElideMode.ElideRight, row.width()))
        self._paint_detail(painter, entry, area.adjusted(0, lines.height() + _GAP, 0, 0))
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        place = QRectF(rect).adjusted(1, 1, -1, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selected_row" if selected else "hover"))
            painter.drawRoundedRect(place, 6, 6)
        if selected and self._view.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 1))
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _paint_detail(self, painter: QPainter, entry: Entry, area: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(_TOKENS[entry.state]))
        centre = QPointF(area.left() + _DOT / 2 + 0.5, area.top() + self._small_lines.height() / 2 + 0.5)
        painter.drawEllipse(centre, _DOT / 2, _DOT / 2)
        area.setLeft(area.left() + _DOT + 6)
        painter.setFont(self._small)
        failed = entry.state is State.FAILED
        painter.setPen(self._theme.color("error" if failed else "text_muted"))
        if self._detail_height(entry, area.width()) > self._small_lines.height():
            painter.drawText(area, _WRAPPED, entry.detail)
        else:
            detail = self._small_lines.elidedText(entry.detail, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft), detail)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: QModelIndex) -> bool:  # type: ignore[override]
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            place = self.check_place(option.rect).adjusted(-6, -6, 6, 6)  # type: ignore[attr-defined]
            if place.contains(event.position().toPoint()) and event.button() == Qt.MouseButton.LeftButton:
                return toggle(index)
        return False


_WRAPPED = int(Qt.TextFlag.TextWordWrap)


def toggle(index: QModelIndex) -> bool:
    """Change the check mark at a place; say whether it has one that can be changed."""
    if not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
        return False
    checked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
    other = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
    return index.model().setData(index, other.value, Qt.ItemDataRole.CheckStateRole)


class EntryView(QListView):
    """The list itself; the space bar changes the check mark."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = ImportListDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Files and documents"))

    def check_place(self, index: QModelIndex) -> QRect:
        """Return where the box of a row is, in the viewport."""
        return self._delegate.check_place(self.visualRect(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)


class Chip(QPushButton):
    """A filter; as wide as its text is when it is checked and bold, so that nothing moves and nothing is cut."""

    def sizeHint(self) -> QSize:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        wide = QFontMetrics(font).horizontalAdvance(self.text()) + _CHIP_SIDES
        return super().sizeHint().expandedTo(QSize(wide, 0))


class ImportList(QWidget):
    """Chips that filter, the list, and what checks all of it; `selected` carries an Entry or None."""

    selected = Signal(object)

    def __init__(self, model: ImportModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.filter = StateFilter(self)
        self.filter.setSourceModel(model)
        self._chip_row = QWidget(self)
        self.view = EntryView(theme, self)
        self.view.setModel(self.filter)
        self.view.selectionModel().currentChanged.connect(self._tell_selected)
        self._chips_layout = FlowLayout(self._chip_row, 6)
        self._chips_layout.setContentsMargins(0, 0, 0, 0)
        self._chip_group = QButtonGroup(self)
        self._chips: dict[State | None, Chip] = {}
        self._laid_out: list[Chip] = []
        for state in (None, *State):
            self._add_chip(state)
        self._chip_group.idToggled.connect(self._chip_toggled)
        self.all_button, self.none_button = self._button(self.tr("Select &all")), self._button(self.tr("Select &none"))
        self.all_button.clicked.connect(self._check_all)
        self.none_button.clicked.connect(self._check_none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        column.addWidget(self._chip_row)
        column.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.addWidget(self.all_button)
        row.addWidget(self.none_button)
        row.addStretch(1)
        column.addLayout(row)
        for before, after in pairwise((*self._chips.values(), self.view, self.all_button, self.none_button)):
            QWidget.setTabOrder(before, after)
        model.changed.connect(self.refresh)
        self.refresh()

    def current(self) -> Entry | None:
        """Return the entry that is selected."""
        return self.filter.entry(self.view.currentIndex())

    def select(self, entry: Entry) -> None:
        """Select an entry, if the filter shows it."""
        index = self.filter.mapFromSource(self._model.index(self._model.entries.index(entry)))
        self.view.setCurrentIndex(index)

    def chip_text(self, state: State | None) -> str:
        """Return what the chip of a state says, or nothing where it is not shown."""
        chip = self._chips[state]
        return "" if chip.isHidden() else chip.text()

    def show_only(self, state: State | None) -> None:
        """Filter by a state, or show everything."""
        self._chips[state].setChecked(True)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "flat")
        button.setAutoDefault(False)
        return button

    def _add_chip(self, state: State | None) -> None:
        chip = Chip(self._chip_row)
        chip.setProperty("role", "tab")
        chip.setCheckable(True)
        chip.setChecked(state is None)
        chip.setAutoDefault(False)
        self._chip_group.addButton(chip, 0 if state is None else 1 + list(State).index(state))
        self._chips[state] = chip

    @Slot()
    def refresh(self) -> None:
        """Show how many entries there are in each state, and a selection where there is none."""
        counts = self._model.counts()
        self.view.setUniformItemSizes(len(self._model.entries) > PLAIN_ROWS)
        if counts[State.FAILED] and not self.view.uniformItemSizes():
            self.view.scheduleDelayedItemsLayout()
        for state, chip in self._chips.items():
            count = counts.total() if state is None else counts[state]
            name = self.tr("All") if state is None else tr(state.value)
            chip.setText(f"{name} {grouped(count)}")
            chip.setVisible(count > 0 and (state is None or count < counts.total() or chip.isChecked()))
            if state is not None and chip.isChecked() and not count:
                self.show_only(None)
        self._lay_out_chips()
        self._show_what_can_be_checked()
        if not self.view.currentIndex().isValid() and self.filter.rowCount():
            self.view.setCurrentIndex(self.filter.index(0, 0))

    def _show_what_can_be_checked(self) -> None:
        shown = self.filter.shown()
        can_check = any(entry.state in CAN_COME_IN for entry in shown)
        for button in (self.all_button, self.none_button):
            button.setVisible(bool(self._model.entries))
            button.setEnabled(can_check)

    def _lay_out_chips(self) -> None:
        """Put the chips that are shown side by side; a hidden one would leave its gap."""
        shown = [chip for chip in self._chips.values() if not chip.isHidden()]
        if shown != self._laid_out:
            for chip in self._laid_out:
                self._chips_layout.removeWidget(chip)
            for chip in shown:
                self._chips_layout.addWidget(chip)
            self._laid_out = shown
            self._chip_row.setVisible(bool(shown))

    @Slot(int, bool)
    def _chip_toggled(self, place: int, on: bool) -> None:
        if not on:
            return
        kept = self.current()
        self.filter.set_states([list(State)[place - 1]] if place else ())
        self._show_what_can_be_checked()
        if kept is None or not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.filter.index(0, 0))

    @Slot()
    def _check_all(self) -> None:
        self._model.set_checked(self.filter.shown(), True)

    @Slot()
    def _check_none(self) -> None:
        self._model.set_checked(self.filter.shown(), False)

    @Slot(QModelIndex, QModelIndex)
    def _tell_selected(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.selected.emit(self.filter.entry(current))
