"""Charts of annotations: bars and matrices that are painted to fill their place, and tell what was clicked.

They are painted by hand: names are cut to fit and read in any script, every mark can be reached by keyboard, the
picture of a file is that of the screen, and opening the page does not wait for a plotting library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from annotator.core.palette import tint
from annotator.core.records import Label
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, tool_tip

if TYPE_CHECKING:
    from annotator.session.corpus_figures import Bar, Bars, Matrix, Narrows

_GAP = 8
_BAR = 18
_LEGEND_DOT = 8
_NAME_SHARE = 0.38
_MOST_CELL = 46
_LINE = 18


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in a chart that can be pointed at; empty `narrows` cannot be clicked."""

    place: QRectF
    name: str
    number: int
    narrows: Narrows


class ChartView(QWidget):
    """One chart at a time. `chosen` carries the Narrows of what was clicked, and its name."""

    chosen = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labels: Sequence[Label] = ()
        self._shown: Bars | Matrix | None = None
        self._kind = "bars"
        self._nothing = ""
        self._caption = ""
        self._marks: list[Mark] = []
        self._at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 160)
        self.setAccessibleName(self.tr("Chart"))

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Know the colours of labels and their order."""
        self._labels = labels
        self.update()

    def show_bars(self, bars: Bars, caption: str, *, columns: bool = False) -> None:
        """Show bars beneath each other, or as columns beside each other; `caption` stands above."""
        self._show(bars, "columns" if columns else "bars", caption)

    def show_matrix(self, matrix: Matrix, caption: str) -> None:
        """Show a matrix."""
        self._show(matrix, "matrix", caption)

    def show_nothing(self, words: str) -> None:
        """Say why there is no chart."""
        self._nothing = words
        self._show(None, "bars", "")

    def _show(self, shown: Bars | Matrix | None, kind: str, caption: str) -> None:
        self._shown, self._kind, self._caption, self._at = shown, kind, caption, -1
        self.setAccessibleName(caption or self._nothing)
        self._lay_out()
        self.update()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return self._shown is None or not self._marks

    def marks(self) -> Sequence[Mark]:
        """Return what can be pointed at, as it is laid out."""
        return self._marks

    def _lay_out(self) -> None:
        """Find the places of the marks by painting to nothing."""
        from PySide6.QtGui import QPicture

        picture = QPicture()
        painter = QPainter(picture)
        self._marks = self.draw(painter, QRectF(self.rect()))
        painter.end()

    def draw(self, painter: QPainter, rect: QRectF) -> list[Mark]:
        """Draw the chart into a rectangle and return its marks."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shown is None:
            return []
        drawing = _Drawing(painter, self._theme, self._labels)
        body = drawing.caption(rect, self._caption)
        if self._kind == "matrix":
            return drawing.matrix(body, self._shown)  # type: ignore[arg-type]
        body = drawing.legend(body, self._shown)  # type: ignore[arg-type]
        draw = drawing.columns if self._kind == "columns" else drawing.bars
        return draw(body, self._shown, self.tr("none"), self.tr("{count} others: {total}"))  # type: ignore[arg-type]

    def _at_point(self, point: QPointF) -> int:
        return next((n for n, mark in enumerate(self._marks) if mark.place.contains(point)), -1)

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._marks) and self._marks[number].narrows:
            self.chosen.emit(self._marks[number].narrows, self._marks[number].name)

    def _go_to(self, number: int) -> None:
        if self._marks:
            self._at = number % len(self._marks)
            mark = self._marks[self._at]
            self.setAccessibleDescription(f"{mark.name}: {grouped(mark.number)}")
            self.update()

    # -- Qt

    def sizeHint(self) -> QSize:
        return QSize(360, 420)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("window"))
        self._marks = self.draw(painter, QRectF(self.rect()))
        if self.is_empty:
            painter.setPen(self._theme.color("text_muted"))
            painter.setFont(self._theme.font())
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(24, 0, -24, 0), flags, self._nothing)
        elif self.hasFocus() and 0 <= self._at < len(self._marks):
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._marks[self._at].place.adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at_point(event.position())
        usable = number >= 0 and bool(self._marks[number].narrows)
        self.setCursor(Qt.CursorShape.PointingHandCursor if usable else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._at_point(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        if event.key() in steps:
            self._go_to(self._at + steps[Qt.Key(event.key())] if self._at >= 0 else 0)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event.globalPos(), QPointF(event.pos()))
            return True
        return super().event(event)

    def _tell(self, where: QPoint, point: QPointF) -> None:
        number = self._at_point(point)
        if number < 0:
            QToolTip.hideText()
            return
        mark = self._marks[number]
        QToolTip.showText(where, tool_tip(f"{mark.name}: {grouped(mark.number)}"), self)


class _Drawing:
    """Draws with one painter in the colours of one theme."""

    def __init__(self, painter: QPainter, theme: Theme, labels: Sequence[Label]) -> None:
        self._painter = painter
        self._theme = theme
        self._labels = labels
        self._font = theme.font("small")
        self._metrics = QFontMetrics(self._font)

    def _color(self, label: str) -> QColor:
        found = next((one for one in self._labels if one.id == label), None)
        return self._theme.color("border_strong") if found is None else self._theme.label_color(found.light, found.dark)

    def _text(
        self,
        room: QRectF,
        text: str,
        color: str | QColor = "text",
        flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        bold: bool = False,
    ) -> None:
        font = self._theme.font("small", bold=bold)
        self._painter.setFont(font)
        self._painter.setPen(self._theme.color(color) if isinstance(color, str) else color)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(room.width())))
        every = int(flags | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
        self._painter.drawText(room, every, shown)

    def caption(self, rect: QRectF, words: str) -> QRectF:
        """Write the caption at the top, in as many lines as it needs; return what is left."""
        self._painter.setFont(self._font)
        self._painter.setPen(self._theme.color("text_muted"))
        room = QRectF(rect.left() + 2, rect.top(), rect.width() - 4, 4 * _LINE)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        used = self._painter.boundingRect(room, flags, words)
        self._painter.drawText(room, flags, words)
        return rect.adjusted(2, used.height() + _GAP, -2, -2)

    def legend(self, rect: QRectF, bars: Bars) -> QRectF:
        """Name the colours of the parts at the bottom, where there are several; return what is left."""
        used = [label for label in self._labels if any(label.id in bar.parts for bar in bars.bars)]
        if len(used) < 2 or all(len(bar.parts) < 2 for bar in bars.bars):
            return rect
        widths = [self._metrics.horizontalAdvance(label.name) + _LEGEND_DOT + 6 for label in used]
        lines: list[list[int]] = [[]]
        x = 0.0
        for number, width in enumerate(widths):
            if lines[-1] and x + width > rect.width():
                lines.append([])
                x = 0.0
            lines[-1].append(number)
            x += width + 14
        top = rect.bottom() - len(lines) * _LINE
        for row, line in enumerate(lines):
            x = rect.left()
            for number in line:
                self._legend_entry(QPointF(x, top + row * _LINE), used[number], widths[number])
                x += widths[number] + 14
        return rect.adjusted(0, 0, 0, -len(lines) * _LINE - _GAP)

    def _legend_entry(self, at: QPointF, label: Label, width: int) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._color(label.id))
        self._painter.drawEllipse(QRectF(at.x(), at.y() + (_LINE - _LEGEND_DOT) / 2, _LEGEND_DOT, _LEGEND_DOT))
        self._text(QRectF(at.x() + _LEGEND_DOT + 6, at.y(), width, _LINE), label.name, "text_muted")

    def _parts(self, bar: Bar) -> list[tuple[QColor, int]]:
        order = {label.id: place for place, label in enumerate(self._labels)}
        parts = sorted(bar.parts.items(), key=lambda part: order.get(part[0], len(order)))
        return [(self._color(label), number) for label, number in parts]

    # -- bars

    def bars(self, rect: QRectF, bars: Bars, no_name: str, others: str) -> list[Mark]:
        """Draw bars beneath each other over the whole height, the largest over the whole width."""
        if not bars.bars:
            return []
        rest = _LINE if bars.others else 0
        height = min(56.0, max(20.0, (rect.height() - rest) / len(bars.bars)))
        most = max(bar.total for bar in bars.bars) or 1
        widest = max(self._metrics.horizontalAdvance(bar.name or no_name) for bar in bars.bars) + 4
        names = min(float(widest), rect.width() * _NAME_SHARE)
        numbers = max(self._metrics.horizontalAdvance(grouped(bar.total)) for bar in bars.bars) + 10
        marks = []
        for place, bar in enumerate(bars.bars):
            row = QRectF(rect.left(), rect.top() + place * height, rect.width(), height)
            name = bar.name or no_name
            self._text(QRectF(row.left(), row.top(), names, height), name, "text" if bar.name else "text_muted")
            room = QRectF(row.left() + names + _GAP, row.top(), row.width() - names - _GAP - numbers, height)
            end = self._bar(room, bar, most)
            self._text(QRectF(end + 6, row.top(), numbers, height), grouped(bar.total), "text_muted")
            marks.append(Mark(row, name, bar.total, bar.narrows))
        if bars.others:
            words = others.format(count=grouped(bars.others), total=grouped(bars.others_total))
            below = QRectF(rect.left(), rect.top() + len(bars.bars) * height, rect.width(), _LINE)
            self._text(below, words, "text_muted")
            marks.append(Mark(below, words, bars.others_total, ()))
        return marks

    def _bar(self, room: QRectF, bar: Bar, most: int) -> float:
        """Draw one bar with its parts and return where it ends."""
        thick = min(float(_BAR), max(6.0, room.height() * 0.5))
        x, top = room.left(), room.center().y() - thick / 2
        self._painter.setPen(Qt.PenStyle.NoPen)
        for color, number in self._parts(bar):
            width = room.width() * number / most
            self._painter.setBrush(color)
            self._painter.drawRect(QRectF(x, top, max(1.0, width), thick))
            x += width
        return max(x, room.left() + 1)

    def columns(self, rect: QRectF, bars: Bars, no_name: str, _others: str) -> list[Mark]:
        """Draw columns beside each other, named below where there is room."""
        if not bars.bars:
            return []
        axis = self._metrics.horizontalAdvance(grouped(max(bar.total for bar in bars.bars))) + _GAP
        body = rect.adjusted(axis, 8, 0, -_LINE)
        most = max(bar.total for bar in bars.bars) or 1
        step = body.width() / len(bars.bars)
        thick = min(36.0, max(2.0, step * 0.72))
        self._scale(rect, body, most)
        named = max(self._metrics.horizontalAdvance(bar.name or no_name) for bar in bars.bars) + 10
        every, written = max(1, int(-(-named // step))), rect.left() - named
        marks = []
        for place, bar in enumerate(bars.bars):
            left = body.left() + place * step
            y = body.bottom()
            self._painter.setPen(Qt.PenStyle.NoPen)
            for color, number in self._parts(bar):
                height = body.height() * number / most
                self._painter.setBrush(color)
                self._painter.drawRect(QRectF(left + (step - thick) / 2, y - height, thick, max(1.0, height)))
                y -= height
            name = bar.name or no_name
            room = QRectF(left + step / 2 - named / 2, body.bottom(), named, _LINE)
            room.moveRight(min(room.right(), rect.right()))
            if place % every == 0 and room.left() >= written:
                written = room.right()
                self._text(room, name, "text_muted", Qt.AlignmentFlag.AlignHCenter)
            marks.append(Mark(QRectF(left, body.top(), step, body.height()), name, bar.total, bar.narrows))
        return marks

    def _scale(self, rect: QRectF, body: QRectF, most: int) -> None:
        for share in sorted({most, most // 2, 0}):
            y = body.bottom() - body.height() * share / most
            self._painter.setPen(QPen(self._theme.color("border"), 1))
            self._painter.drawLine(QPointF(body.left(), y), QPointF(body.right(), y))
            room = QRectF(rect.left(), y - _LINE / 2, body.left() - rect.left() - 6, _LINE)
            self._text(room, grouped(share), "text_muted", Qt.AlignmentFlag.AlignRight)

    # -- matrices

    def matrix(self, rect: QRectF, matrix: Matrix) -> list[Mark]:
        """Draw a matrix with its numbers, darker where there are more."""
        if not matrix.cells:
            return []
        widest = max(self._metrics.horizontalAdvance(name) for name in matrix.rows) + _GAP
        names = min(float(widest), rect.width() * _NAME_SHARE)
        longest = max(self._metrics.horizontalAdvance(name) for name in matrix.columns)
        heads = min(float(longest) + _GAP, rect.height() * 0.3, 120.0)
        width = (rect.width() - names) / len(matrix.columns)
        height = min(float(_MOST_CELL), max(20.0, (rect.height() - heads) / len(matrix.rows)))
        upright = longest + 6 > width
        if not upright:
            heads = float(_LINE)
        for place, name in enumerate(matrix.columns):
            self._head(QRectF(rect.left() + names + place * width, rect.top(), width, heads), name, upright=upright)
        most = max(matrix.cells.values())
        marks = []
        for row, name in enumerate(matrix.rows):
            top = rect.top() + heads + row * height
            self._text(QRectF(rect.left(), top, names - _GAP, height), name)
            for column, other in enumerate(matrix.columns):
                cell = QRectF(rect.left() + names + column * width, top, width, height).adjusted(1, 1, -1, -1)
                number = matrix.cells.get((row, column), 0)
                self._cell(cell, number, most)
                if number:
                    narrows = matrix.narrows[row, column]
                    marks.append(Mark(cell, f"{name} × {other}", number, narrows))
        return marks

    def _head(self, room: QRectF, name: str, *, upright: bool) -> None:
        if not upright:
            self._text(room, name, "text", Qt.AlignmentFlag.AlignHCenter)
            return
        self._painter.save()
        self._painter.translate(room.center().x(), room.bottom() - 4)
        self._painter.rotate(-90)
        self._text(QRectF(0, -_LINE / 2, room.height() - 4, _LINE), name)
        self._painter.restore()

    def _cell(self, cell: QRectF, number: int, most: int) -> None:
        ground = self._theme.hex("surface_alt")
        accent = self._theme.hex("accent")
        share = 0.10 + (0.45 if self._theme.dark else 0.55) * number / most if number else 0.0
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(tint(accent, ground, share)) if number else QColor(ground))
        self._painter.drawRoundedRect(cell, 3, 3)
        if number:
            self._text(cell, grouped(number), "text", Qt.AlignmentFlag.AlignHCenter)
