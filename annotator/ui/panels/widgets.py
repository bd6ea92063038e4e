"""Small widgets that the panels share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QStylePainter,
    QToolButton,
    QWidget,
)

from annotator.ui.words import tool_tip


def plain_label(text: str = "", parent: QWidget | None = None, **properties: object) -> QLabel:
    """Return a label that shows text as it is; `properties` are those of the style sheet."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    for name, value in properties.items():
        label.setProperty(name, value)
    return label


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """Return the small capitals above a group."""
    return plain_label(text.upper(), parent, heading=True)


def strip(place: str, parent: QWidget | None = None) -> QWidget:
    """Return a plain widget with a border on its inner side; `place` is a `bar` of the style sheet."""
    widget = QWidget(parent)
    widget.setProperty("bar", place)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget


def flat_button(sign: str, name: str, parent: QWidget | None = None) -> QToolButton:
    """Return a small button that shows a sign; `name` says what it does, in a tool tip and to a screen reader."""
    button = QToolButton(parent)
    button.setText(sign)
    button.setProperty("role", "flat")
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button


def restyle(widget: QWidget) -> None:
    """Make a changed property show."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def finish_typing(pane: QWidget) -> None:
    """Take the focus from a field in the pane, so that it hands over what was typed."""
    focus = QApplication.focusWidget()
    if focus is not None and pane.isAncestorOf(focus):
        focus.clearFocus()


def dot_icon(color: QColor, diameter: int, widget: QWidget) -> QIcon:
    """Return a coloured dot of `diameter` logical pixels, sharp on the widget's screen."""
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(round(diameter * ratio), round(diameter * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(0, 0, diameter, diameter)
    painter.end()
    return QIcon(pixmap)


def ticked_dot(color: QColor, ticked: bool, widget: QWidget) -> QIcon:
    """Return a dot with a tick in it, or a hollow one."""
    size, ratio = 16, widget.devicePixelRatioF()
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5))
    if ticked:
        painter.setBrush(color)
    painter.drawEllipse(QRectF(1.5, 1.5, size - 3, size - 3))
    if ticked:
        painter.setPen(QPen(widget.window().palette().color(QPalette.ColorRole.Window), 1.8))
        painter.drawPolyline([QPointF(4.8, 8.2), QPointF(7.2, 10.6), QPointF(11.4, 5.6)])
    painter.end()
    return QIcon(pixmap)


def paint_arrow(box: QWidget) -> None:
    """Draw the arrow of a list to choose from, which is missing under a style sheet."""
    painter = QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(box.palette().color(QPalette.ColorRole.Text), 1.4))
    centre = QPointF(box.width() - 16, box.height() / 2)
    painter.drawPolyline([centre + QPointF(-4, -2), centre + QPointF(0, 2), centre + QPointF(4, -2)])
    painter.end()


_LINE_MARGIN = 2
"""Pixels that QLineEdit leaves at both ends of its text."""

FRAME = 16
"""Pixels above and below the text of a field: border, padding and margin."""


class LinkLabel(QLabel):
    """Text that wraps and acts like a button, by mouse and by keyboard."""

    activated = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text)
        self.setProperty("link", True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)


class ElidingLineEdit(QLineEdit):
    """A line that ends in an ellipsis where its text does not fit, as long as nobody types in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.textChanged.connect(self._tell_whole)

    def shown_text(self) -> str:
        """Return what is seen of the text."""
        if self.hasFocus():
            return self.text()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self._room().width())

    def _room(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        contents = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return contents.adjusted(_LINE_MARGIN, 0, -_LINE_MARGIN, 0)

    @Slot(str)
    def _tell_whole(self, text: str) -> None:
        self.setToolTip(tool_tip(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown_text()
        if shown == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(self._room(), Qt.AlignmentFlag.AlignVCenter, shown)


class GrowingTextEdit(QPlainTextEdit):
    """A text field of several lines, as high as its text; `committed` comes on Ctrl+Enter and when it is left.

    Where `lines` is False, Enter commits too, and the text is one line that wraps. It scrolls beyond `most` lines.
    """

    committed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, lines: bool = True, most: int = 8, frame: int = FRAME) -> None:
        super().__init__(parent)
        self._lines, self._most, self._frame = lines, most, frame
        self._stored = ""
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._fit)
        self._fit()

    def set_stored(self, text: str) -> None:
        """Show the text as it is stored; what somebody is typing just now stays."""
        typing = self.hasFocus() and self.toPlainText() != self._stored
        self._stored = text
        if not typing and self.toPlainText() != text:
            self.setPlainText(text)

    def commit(self) -> None:
        """Say what was typed, if it differs from what is stored."""
        text = self.toPlainText()
        if text != self._stored:
            self._stored = text
            self.committed.emit(text)

    def _fit(self) -> None:
        spacing = self.fontMetrics().lineSpacing()
        rows = sum(self._rows_of(number) for number in range(min(self.blockCount(), self._most + 1)))
        never, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(needed if rows > self._most else never)
        self.setFixedHeight(min(max(rows, 1), self._most) * spacing + self._frame)

    def _rows_of(self, number: int) -> int:
        block = self.document().findBlockByNumber(number)
        return max(1, block.layout().lineCount()) if block.isValid() else 1

    # -- Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._commits(event):
            event.accept()
            return True
        return super().event(event)

    def _commits(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return enter and (control or not self._lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._commits(event):
            self.commit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def resizeEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()


class FlowLayout(QLayout):
    """Lays widgets out in lines, as words on a page."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setSpacing(gap)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        left, top, right = rect.left() + margins.left(), rect.top() + margins.top(), rect.right() - margins.right()
        x, y, line = left, top, 0
        for item in self._items:
            size = item.sizeHint()
            if x > left and x + size.width() > right + 1:
                x, y, line = left, y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line + margins.bottom() - rect.top()

    # -- Qt

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())
