"""The line under a label's spans, chosen as it looks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from annotator.ui.dialogs.codebook.fields import ChoiceField

LENGTH = 46
HEIGHT = 12

_STYLES = {
    "solid": Qt.PenStyle.SolidLine,
    "dash": Qt.PenStyle.DashLine,
    "dot": Qt.PenStyle.DotLine,
    "dash-dot": Qt.PenStyle.DashDotLine,
}


class PatternField(ChoiceField):
    """One of the patterns of lines."""

    def __init__(self, patterns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__((), parent)
        names = {
            "solid": self.tr("solid"),
            "dash": self.tr("dashes"),
            "dot": self.tr("dots"),
            "dash-dot": self.tr("dashes and dots"),
        }
        self.box.setIconSize(QSize(LENGTH, HEIGHT))
        self.set_choices((pattern, names[pattern], self._icon(pattern)) for pattern in patterns)

    def _icon(self, pattern: str) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(LENGTH * ratio), round(HEIGHT * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 2, _STYLES[pattern]))
        painter.drawLine(0, HEIGHT // 2, LENGTH, HEIGHT // 2)
        painter.end()
        icon = QIcon(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Disabled)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)
        return icon
