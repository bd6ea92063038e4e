"""The list of places: a tick, the words in their paragraph, and the labels that stand there already."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.core.records import Label
from annotator.session.occurrences import Occurrence
from annotator.ui.dialogs.check_sign import SIZE, paint_check
from annotator.ui.dialogs.text_direction import is_right_to_left
from annotator.ui.models.occurrence_model import IS_FIRST, OCCURRENCE, Index, OccurrenceModel
from annotator.ui.theme import Theme

_PAD_X, _PAD_Y, _GAP = 10, 6, 3
_DOT = 8
_SPACE = re.compile(r"\s+")
_MOST_DOTS = 4
_BEFORE = 0.38
"""The share of the line that the words before the place take at most."""


class OccurrenceDelegate(QStyledItemDelegate):
    """Paints a place; the title of its document stands above the first one."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._labels: Mapping[str, Label] = {}
        self._plain, self._bold, self._small = theme.font(), theme.font(bold=True), theme.font("small")

    def set_labels(self, labels: Mapping[str, Label]) -> None:
        """Set the labels by id."""
        self._labels = labels

    def tick_place(self, index: Index, rect: QRect) -> QRect:
        """Return where the box of a row is."""
        line = self._line(index, rect)
        return QRect(line.left(), line.center().y() - SIZE // 2, SIZE, SIZE)

    def _line(self, index: Index, rect: QRect) -> QRect:
        line = rect.adjusted(_PAD_X, _PAD_Y, -_PAD_X, -_PAD_Y)
        if index.data(IS_FIRST):
            line.setTop(line.top() + QFontMetrics(self._small).height() + _GAP)
        return line

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = QFontMetrics(self._bold).height() + 2 * _PAD_Y
        if index.data(IS_FIRST):
            height += QFontMetrics(self._small).height() + _GAP
        return QSize(200, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ground = QStyleOptionViewItem(option)
        self._view.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, ground, painter, self._view)
        rect: QRect = ground.rect  # type: ignore[attr-defined]
        place: Occurrence = index.data(OCCURRENCE)
        painter.save()
        if index.data(IS_FIRST):
            self._paint_title(painter, rect, place.title)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        paint_check(painter, ground.palette, QRectF(self.tick_place(index, rect)), checked=ticked)  # type: ignore[attr-defined]
        line = self._line(index, rect)
        line.setLeft(line.left() + SIZE + 2 * _GAP + 4)
        line.setRight(line.right() - self._paint_labels(painter, line, place))
        self._paint_words(painter, line, place)
        painter.restore()

    def _paint_title(self, painter: QPainter, rect: QRect, title: str) -> None:
        metrics = QFontMetrics(self._small)
        place = QRect(rect.left() + _PAD_X, rect.top() + _PAD_Y, rect.width() - 2 * _PAD_X, metrics.height())
        painter.setFont(self._small)
        painter.setPen(self._theme.color("text_muted"))
        shown = metrics.elidedText(" ".join(title.split()), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_labels(self, painter: QPainter, line: QRect, place: Occurrence) -> int:
        """Draw the initials and dots of the labels present at the right; return the width that they take."""
        labels = [self._labels[a.label] for a in place.present if a.label in self._labels][:_MOST_DOTS]
        metrics = QFontMetrics(self._small)
        x = line.right()
        painter.setFont(self._small)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for label in reversed(labels):
            colour = self._theme.label_color(label.light, label.dark)
            width = metrics.horizontalAdvance(label.name)
            x -= width
            painter.setPen(colour)
            painter.drawText(QPoint(x, line.center().y() + metrics.ascent() // 2 - 1), label.name)
            x -= _DOT + 5
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(x, line.center().y() - _DOT / 2 + 0.5, _DOT, _DOT))
            x -= 12
        if place.likeness < 100:
            share = f"{place.likeness:.0f} %"
            x -= metrics.horizontalAdvance(share)
            painter.setPen(self._theme.color("text_muted"))
            painter.drawText(QPoint(x, line.center().y() + metrics.ascent() // 2 - 1), share)
            x -= 12
        return line.right() - x

    def _paint_words(self, painter: QPainter, line: QRect, place: Occurrence) -> None:
        """Draw the words bold between what stands before and after them, in the direction of the text."""
        from_right = is_right_to_left(place.words)
        before, words, after = (_SPACE.sub(" ", part) for part in (place.before, place.words, place.after))
        plain, bold = QFontMetrics(self._plain), QFontMetrics(self._bold)
        side = Qt.TextElideMode.ElideLeft
        before = plain.elidedText(before, side, int(line.width() * _BEFORE))
        x = 0
        for text, font, token in (
            (before, self._plain, "text_muted"),
            (words, self._bold, "text"),
            (after, self._plain, "text_muted"),
        ):
            metrics = bold if font is self._bold else plain
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, line.width() - x))
            width = metrics.horizontalAdvance(shown)
            left = line.right() - x - width if from_right else line.left() + x
            painter.setFont(font)
            painter.setPen(self._theme.color(token))
            painter.drawText(
                QRect(left, line.top(), width + 2, line.height()),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute),
                shown,
            )
            x += width


class OccurrenceList(QListView):
    """Space ticks the chosen rows, a click on a box its row; Enter and a double click say which place to show."""

    shown = Signal(object)

    def __init__(self, model: OccurrenceModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._model = model
        self.looks = OccurrenceDelegate(theme, self)
        self.setItemDelegate(self.looks)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setAccessibleName(self.tr("Places"))

    def chosen_rows(self) -> list[int]:
        """Return the rows that are chosen, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def _toggle(self, rows: list[int]) -> None:
        on = not all(self._model.is_ticked(row) for row in rows)
        self._model.tick(rows, on)

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.chosen_rows():
            self._toggle(self.chosen_rows())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.shown.emit(self.currentIndex().data(OCCURRENCE))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        place = self.looks.tick_place(index, self.visualRect(index)) if index.isValid() else QRect()
        if place.adjusted(-4, -4, 4, 4).contains(event.position().toPoint()):
            self._toggle([index.row()])
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.shown.emit(index.data(OCCURRENCE))
