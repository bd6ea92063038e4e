"""The left side of the attribute grid: each span's words behind the dot of its label."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from annotator.ui.theme import Theme

_EDGE, _DOT = 10, 18
"""Pixels left of the dot and right of the words; and those that the dot takes."""


class SpanHeader(QHeaderView):
    """Words that do not fit end in an ellipsis. The model's vertical header gives words and dots."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(True)

    def _is_current(self, section: int) -> bool:
        selection = self.selectionModel()
        return selection is not None and selection.currentIndex().row() == section

    # -- Qt

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        vertical, role = Qt.Orientation.Vertical, Qt.ItemDataRole
        dot = model.headerData(section, vertical, role.DecorationRole)
        words = str(model.headerData(section, vertical, role.DisplayRole))
        painter.save()
        painter.fillRect(rect, self._theme.color("selected_row" if self._is_current(section) else "surface_alt"))
        painter.setPen(self._theme.color("border"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if dot is not None:
            dot.paint(painter, QRect(rect.left() + _EDGE, rect.top(), _DOT, rect.height() - 1))
        room = rect.adjusted(_EDGE + _DOT + _EDGE // 2, 0, -_EDGE, 0)
        painter.setFont(self._theme.font())
        painter.setPen(self._theme.color("text"))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()
