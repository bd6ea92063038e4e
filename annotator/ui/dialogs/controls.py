"""Controls that draw their own signs: under a style sheet arrows are missing, and boxes hardly show on dark ground."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)


class ComboBox(QComboBox):
    """A list to choose from, with its arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_line(self.palette().color(QPalette.ColorRole.Text)))
        centre = QPointF(self.width() - 16, self.height() / 2)
        painter.drawPolyline([centre + QPointF(-4, -2), centre + QPointF(0, 2), centre + QPointF(4, -2)])
        painter.end()


class NumberBox(ComboBox):
    """Usual values of a number to choose from; one that is not among them is added."""

    def __init__(
        self, values: Iterable[float], now: float, shown: Callable[[float], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        for value in sorted({*values, now}):
            self.addItem(shown(value), value)
        self.set_value(now)

    def value(self) -> float:
        """Return the number that is chosen."""
        return self.currentData()

    def set_value(self, value: float) -> None:
        """Choose one of the numbers that are listed."""
        self.setCurrentIndex(self.findData(value))


class CheckBox(QCheckBox):
    """A box that is seen on every background."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option, place = _begin(
            self, QStyle.SubElement.SE_CheckBoxIndicator, QStyle.SubElement.SE_CheckBoxContents
        )
        painter.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option)
        _ground(painter, self, filled=self.isChecked())
        painter.drawRoundedRect(place, 3, 3)
        if self.isChecked():
            painter.setPen(_line(_base(), 1.8))
            centre = place.center()
            painter.drawPolyline(
                [centre + QPointF(-3.2, 0.2), centre + QPointF(-0.8, 2.6), centre + QPointF(3.4, -2.4)]
            )
        painter.end()


class RadioButton(QRadioButton):
    """A ring that is seen on every background."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option, place = _begin(
            self, QStyle.SubElement.SE_RadioButtonIndicator, QStyle.SubElement.SE_RadioButtonContents
        )
        painter.drawControl(QStyle.ControlElement.CE_RadioButtonLabel, option)
        _ground(painter, self, filled=self.isChecked())
        painter.drawEllipse(place)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_base())
            painter.drawEllipse(place.center(), 2.6, 2.6)
        painter.end()


def _begin(
    box: QCheckBox | QRadioButton, sign: QStyle.SubElement, words: QStyle.SubElement
) -> tuple[QStylePainter, QStyleOptionButton, QRectF]:
    painter = QStylePainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    option = QStyleOptionButton()
    box.initStyleOption(option)
    place = QRectF(box.style().subElementRect(sign, option, box)).adjusted(0.5, 0.5, -0.5, -0.5)
    option.rect = box.style().subElementRect(words, option, box)
    return painter, option, place


def _ground(painter: QPainter, box: QWidget, *, filled: bool) -> None:
    palette = box.palette()
    accent = palette.color(QPalette.ColorRole.Accent)
    edge = palette.color(QPalette.ColorRole.Text)
    edge.setAlphaF(0.55)
    painter.setPen(QPen(accent if filled or box.hasFocus() else edge, 1))
    painter.setBrush(accent if filled else _base())


def _base() -> QColor:
    """Return the ground of fields; a widget that the style sheet makes transparent does not know it."""
    return QApplication.palette().color(QPalette.ColorRole.Base)


def _line(color: QColor, width: float = 1.5) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
