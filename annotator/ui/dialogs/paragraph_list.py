"""The text of a document: its paragraphs, each of which can be corrected.

A table of one column, since its rows need no height before they are in sight: a megabyte is shown at once.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from annotator.ui.dialogs.check_sign import SIZE, paint_check
from annotator.ui.dialogs.paragraph_editor import ParagraphEditor
from annotator.ui.dialogs.paragraph_layout import layout_bottom, paragraph_layout
from annotator.ui.dialogs.paragraph_model import LOOK, PARAGRAPH, SHOWN, Look, ParagraphModel
from annotator.ui.dialogs.text_direction import is_right_to_left
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

_PAD_X, _PAD_Y, _INDENT = 10, 5, 18
_LINE_HEIGHT = 1.3
_HEADINGS = {1: 1.35, 2: 1.2, 3: 1.1}
_ROW = 44
"""Pixels of a row that was not in sight yet."""

Index = QModelIndex | QPersistentModelIndex


class ParagraphDelegate(QStyledItemDelegate):
    """Paints a box and the paragraph: a heading as one, what is left out struck through."""

    def __init__(self, theme: Theme, view: ParagraphList) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._font = theme.reading_font()
        self._font.setPixelSize(14)

    def _text_area(self, rect: QRect, look: Look, *, leftward: bool = False) -> QRect:
        left, right, indent = _PAD_X + SIZE + _PAD_X, _PAD_X, look.depth * _INDENT
        left, right = (left, right + indent) if leftward else (left + indent, right)
        return rect.adjusted(left, _PAD_Y + (6 if look.heading else 0), -right, -_PAD_Y)

    def check_place(self, rect: QRect, look: Look) -> QRect:
        """Return where the box is in a row: in the middle of its first line."""
        top = self._text_area(rect, look).top()
        middle = QFontMetrics(self._font_for(look, struck=False)).height() // 2
        return QRect(rect.left() + _PAD_X, top + middle - SIZE // 2, SIZE, SIZE)

    def _font_for(self, look: Look, *, struck: bool) -> QFont:
        font = QFont(self._font)
        if look.heading:
            font.setPixelSize(round(14 * _HEADINGS.get(look.heading, 1.0)))
            font.setBold(True)
        font.setStrikeOut(struck)
        return font

    def _layout(self, index: Index, width: int) -> QTextLayout:
        """Return the paragraph laid out; its height is the bottom of its last line."""
        look: Look = index.data(LOOK)
        text: str = index.data()
        model = index.model()
        more = model.characters(index.row()) - SHOWN if isinstance(model, ParagraphModel) else 0
        if more > 0:
            text += self.tr(" … and {count} more characters").format(count=grouped(more))
        font = self._font_for(look, struck=index.data(PARAGRAPH).left_out)
        return paragraph_layout(text, font, width, _LINE_HEIGHT)

    # -- the editor

    @Slot()
    def _commit(self) -> None:
        editor = self.sender()
        if isinstance(editor, ParagraphEditor):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    @Slot()
    def _leave(self) -> None:
        editor = self.sender()
        if isinstance(editor, ParagraphEditor):
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)

    # -- Qt

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = ParagraphEditor(parent)
        font = QFont(self._font)
        editor.setFont(font)
        editor.setStyleSheet(f"font-family: '{font.family()}'; font-size: {font.pixelSize()}px;")
        editor.done.connect(self._commit)
        editor.left.connect(self._leave)
        editor.grown.connect(self._view.measure_later)
        editor.modificationChanged.connect(self._view.editing_changed)
        self._view.editor = editor
        self._view.editing_began.emit()
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, ParagraphEditor) and not editor.before:
            editor.show_text(index.data(Qt.ItemDataRole.EditRole))

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:  # type: ignore[override]
        if isinstance(editor, ParagraphEditor) and isinstance(model, ParagraphModel):
            after, cut = editor.raw_text(), editor.split_at
            editor.split_at = None
            model.rewrite(index.row(), editor.before, after, cut)
            editor.before = after

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        editor.setGeometry(rect.adjusted(_PAD_X + SIZE + 2, 1, -2, -1))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self._view.height_of(index))

    def height_of(self, index: Index, width: int) -> int:
        """Return the height that a paragraph takes in a row of `width` pixels."""
        look: Look = index.data(LOOK)
        inner = self._text_area(QRect(0, 0, width, 100), look)
        return round(layout_bottom(self._layout(index, inner.width()))) + 100 - inner.height()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        look: Look = index.data(LOOK)
        left_out = index.data(PARAGRAPH).left_out
        leftward = is_right_to_left(index.data())
        area = self._text_area(rect, look, leftward=leftward)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, option.state, changed=index.data(PARAGRAPH).is_changed)  # type: ignore[attr-defined]
        paint_check(painter, option.palette, QRectF(self.check_place(rect, look)), checked=not left_out)  # type: ignore[attr-defined]
        painter.setPen(self._theme.color("text_faint" if left_out else "text"))
        layout = self._layout(index, area.width())
        layout.draw(painter, QPointF(area.topLeft()))
        if look.marker:
            painter.setFont(self._font)
            left = area.right() + 6 if leftward else area.left() - 60
            side = Qt.AlignmentFlag.AlignLeft if leftward else Qt.AlignmentFlag.AlignRight
            place = QRect(left, area.top(), 54, area.height())
            painter.drawText(place, int(side | Qt.AlignmentFlag.AlignTop), look.marker[:5])
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, *, changed: bool) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected or hovered:
            painter.setBrush(self._theme.color("selected_row" if selected else "hover"))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 6, 6)
        if changed:
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(QRectF(rect.left() + 2, rect.top() + 6, 3, rect.height() - 12), 1.5, 1.5)
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 1))
            painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)


class ParagraphList(QTableView):
    """Shows a ParagraphModel. Delete and the space bar leave out, J joins, F2 and a double click edit.

    `editing_began` comes when an editor opens, `editing_changed` when something was written into it, and when it is
    closed.
    """

    editing_began = Signal()
    editing_changed = Signal()

    def __init__(self, theme: Theme, model: ParagraphModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor: ParagraphEditor | None = None
        self._paragraphs = model
        self._delegate = ParagraphDelegate(theme, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._measure)
        self._measuring = False
        self._first_in_sight = 0
        self._follows_current = False
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._set_up()
        for signal in (model.modelReset, model.dataChanged, model.rowsInserted, model.rowsRemoved):
            signal.connect(self.measure_later)

    def _set_up(self) -> None:
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setMinimumSectionSize(12)
        vertical.setDefaultSectionSize(_ROW)
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setAccessibleName(self.tr("Text of the document, paragraph by paragraph"))
        # The bar keeps its place, since a width that changes would lay every paragraph out anew; it is off, and
        # therefore without a handle, where there is nothing to scroll.
        self.verticalScrollBar().rangeChanged.connect(self._switch_scroll_bar)
        self._switch_scroll_bar()

    @Slot()
    def _switch_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        bar.setEnabled(bar.maximum() > bar.minimum())

    def selected_rows(self) -> list[int]:
        """Return the rows that are selected, in order."""
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    @Slot()
    def leave_out(self) -> None:
        """Leave the selected paragraphs out, or take them in again."""
        self._paragraphs.toggle_left_out(self.selected_rows())
        self.show_current()

    @Slot()
    def join(self) -> None:
        """Join the current paragraph with the next one."""
        row = self.currentIndex().row()
        self._paragraphs.join(row)
        self.setCurrentIndex(self._paragraphs.index(row, 0))
        self.show_current()

    @Slot()
    def edit_current(self) -> None:
        """Open the editor in the place of the current paragraph."""
        self.setFocus()
        self.scrollTo(self.currentIndex())
        if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(self.currentIndex())

    def begin_at(self, row: int) -> None:
        """Make a row the current one and bring it to the top."""
        self.setCurrentIndex(self._paragraphs.index(row, 0))
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtTop)

    def show_current(self) -> None:
        """Bring the current paragraph into sight, and again when the rows around it have their height."""
        self.scrollTo(self.currentIndex())
        self._follows_current = True
        self.measure_later()

    @property
    def is_being_edited(self) -> bool:
        """Say whether something was written into an editor that is still open."""
        return self.editor is not None and self.editor.document().isModified()

    def finish_editing(self) -> None:
        """Take over what stands in an editor that is open."""
        if self.editor is not None:
            self.editor.done.emit()

    def height_of(self, index: Index) -> int:
        """Return the height of a row, with room for the editor where it is open."""
        height = self._delegate.height_of(index, self.viewport().width())
        is_edited = self.state() == QAbstractItemView.State.EditingState and index == self.currentIndex()
        if self.editor is None or not is_edited:
            return height
        return min(max(height, self.editor.wanted_height()), max(80, self.viewport().height() - 20))

    @Slot()
    def measure_later(self) -> None:
        """Give the rows in sight their height, as soon as there is time."""
        self._timer.start()

    @Slot()
    def _measure(self) -> None:
        """Give the rows in sight their height; what was in sight before stays where it is."""
        if self._measuring or not self._paragraphs.rowCount():
            return
        self._measuring = True
        first = row = max(0, self.rowAt(0))
        place, grown = self.rowViewportPosition(row), 0
        while row < self._paragraphs.rowCount() and place < self.viewport().height():
            height = self.height_of(self._paragraphs.index(row, 0))
            if height != self.rowHeight(row):
                grown += height - self.rowHeight(row) if row < self._first_in_sight else 0
                self.setRowHeight(row, height)
            place += height
            row += 1
        if grown and first < self._first_in_sight < row:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + grown)
        self._first_in_sight = first
        self._measuring = False
        if self._follows_current:
            self._follows_current = False
            self.scrollTo(self.currentIndex())
            self.measure_later()

    # -- Qt

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measure_later()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.show_current()

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters are commands here."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space):
            self.leave_out()
        elif plain and event.key() == Qt.Key.Key_J:
            self.join()
        elif plain and event.key() == Qt.Key.Key_F2:
            self.edit_current()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            place = self._delegate.check_place(self.visualRect(index), index.data(LOOK)).adjusted(-6, -6, 6, 6)
            if place.contains(event.position().toPoint()):
                self._paragraphs.toggle_left_out([index.row()])

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.editor = None
        self.measure_later()
        self.setFocus()
        self.editing_changed.emit()
