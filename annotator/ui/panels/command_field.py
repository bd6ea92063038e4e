"""The search field at the top: a few letters, Enter, done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.ui.models.command_model import DETAIL_ROLE, CommandModel
from annotator.ui.theme import Theme

_ROW = 30
_PAD = 12
_MOST_ROWS = 12


class CommandDelegate(QStyledItemDelegate):
    """A command: what it is called, and at the right its key or state."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self.theme.color("selected_row"))
        middle = Qt.AlignmentFlag.AlignVCenter
        detail = index.data(DETAIL_ROLE)
        small = self.theme.font("small")
        room = QFontMetrics(small).horizontalAdvance(detail) + _PAD if detail else 0
        painter.setFont(small)
        painter.setPen(self.theme.color("text_muted"))
        painter.drawText(rect.adjusted(_PAD, 0, -_PAD, 0), middle | Qt.AlignmentFlag.AlignRight, detail)
        font = self.theme.font()
        painter.setFont(font)
        painter.setPen(self.theme.color("text"))
        box = rect.adjusted(_PAD, 0, -_PAD - room, 0)
        title = QFontMetrics(font).elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()


class CommandField(QLineEdit):
    """Filters a CommandModel in a list under itself; `chosen` carries the Command that Enter or a click picked."""

    chosen = Signal(object)
    opened = Signal()
    left = Signal()
    """Esc: the focus goes back to where the work is."""

    def __init__(self, model: CommandModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.setPlaceholderText(self.tr("Search documents and commands…   Ctrl+K"))
        self.setAccessibleName(self.tr("Search documents and commands"))
        self.popup = QListView(parent.window())
        self.popup.setObjectName("command_popup")
        self.popup.setFrameShape(QFrame.Shape.StyledPanel)
        self.popup.setProperty("popup", True)
        self.popup.setModel(model)
        self._delegate = CommandDelegate(theme, self.popup)
        self.popup.setItemDelegate(self._delegate)
        self.popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.popup.setUniformItemSizes(True)
        self.popup.setMouseTracking(True)
        self.popup.setAccessibleName(self.tr("Found"))
        self.popup.hide()
        self.popup.clicked.connect(self._choose)
        self.popup.entered.connect(self.popup.setCurrentIndex)
        self.textEdited.connect(self._search)
        model.modelReset.connect(self._fit)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._delegate.theme = theme

    @Slot(str)
    def _search(self, words: str) -> None:
        self._model.search(words)
        self._open()

    def _open(self) -> None:
        if not self.popup.isVisible():
            self.popup.setParent(self.window())
            self.popup.show()
            self.popup.raise_()
        self._fit()

    @Slot()
    def _fit(self) -> None:
        rows = min(self._model.rowCount(), _MOST_ROWS)
        if not self.popup.isVisible():
            return
        if rows == 0:
            self.popup.hide()
            return
        corner = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        width = max(self.width(), 320)
        self.popup.setGeometry(QRect(corner, QSize(width, rows * _ROW + 2 * self.popup.frameWidth() + 2)))
        self.popup.setCurrentIndex(self._model.index(0))

    def _move(self, step: int) -> None:
        rows = self._model.rowCount()
        if rows:
            self._open()
            row = (self.popup.currentIndex().row() + step) % rows
            self.popup.setCurrentIndex(self._model.index(row))

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        command = self._model.command(index)
        if command is None:
            return
        self.popup.hide()
        self.clear()
        self.left.emit()
        self.chosen.emit(command)

    # -- Qt

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        self.opened.emit()
        self._model.search(self.text())
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._open()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.popup.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self._move(1)
        elif event.key() == Qt.Key.Key_Up:
            self._move(-1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.popup.isVisible():
                self._choose(self.popup.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.popup.hide()
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Move:
            self._fit()
        return super().event(event)
