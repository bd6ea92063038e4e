"""The colour of a label: a palette whose pairs can be read on both themes, or one's own, checked while it is typed."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from annotator.core.palette import DARK_GROUNDS, LABEL_COLOURS, LEAST_CONTRAST, LIGHT_GROUNDS, label_contrast, readable
from annotator.ui.dialogs.codebook.fields import Field
from annotator.ui.dialogs.parts import plain_button, plain_label, set_state
from annotator.ui.panels.widgets import FlowLayout

SWATCH = 30
HEX_WIDTH = 92
EDGE = "#808080"
"""Seen on the ground of either theme."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

Pair = tuple[str, str]


class Swatch(QAbstractButton):
    """A pair of colours as it looks: the light one on light ground, the dark one on dark ground."""

    chosen = Signal(object)

    def __init__(self, pair: Pair, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pair = pair
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(name)
        self.setToolTip(f"{pair[0]} · {pair[1]}")
        self.clicked.connect(self._choose)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.pair)

    def sizeHint(self) -> QSize:
        return QSize(SWATCH, SWATCH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_pair(painter, QRectF(self.rect()).adjusted(3, 3, -3, -3), self.pair, enabled=self.isEnabled())
        if self.isChecked() or self.hasFocus():
            role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Text
            painter.setPen(QPen(self.palette().color(role), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()


def paint_pair(painter: QPainter, place: QRectF, pair: Pair, *, enabled: bool = True) -> None:
    """Paint two halves, each a colour above the ground of its theme."""
    half = place.width() / 2
    outline = QPainterPath()
    outline.addRoundedRect(place, 5, 5)
    painter.setOpacity(1.0 if enabled else 0.6)
    painter.setClipPath(outline)
    for number, (colour, ground) in enumerate(zip(pair, (LIGHT_GROUNDS[0], DARK_GROUNDS[0]), strict=True)):
        side = QRectF(place.left() + number * half, place.top(), half, place.height())
        painter.fillRect(side, QColor(ground))
        painter.fillRect(side.adjusted(0, 0, 0, -4), QColor(colour))
    painter.setClipping(False)
    painter.setPen(QPen(QColor(EDGE), 1))
    painter.drawPath(outline)
    painter.setOpacity(1.0)


class OneColour(QWidget):
    """A colour for one theme in #rrggbb, with its contrast, and the nearest one that can be read where it cannot."""

    edited = Signal()

    def __init__(self, name: str, *, dark: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dark = dark
        self.line = QLineEdit()
        self.line.setFixedWidth(HEX_WIDTH)
        self.line.setMaxLength(7)
        self.line.setAccessibleName(name)
        self.line.textEdited.connect(self._edit)
        self.verdict = plain_label("", muted=True, scale="small")
        self.mend = plain_button("")
        self.mend.clicked.connect(self._mend)
        row = FlowLayout(self, gap=8)
        row.setContentsMargins(0, 0, 0, 0)
        caption = plain_label(name, muted=True, scale="small")
        caption.setFixedWidth(54)
        for widget in (caption, self.line, self.verdict):
            widget.setMinimumHeight(self.line.sizeHint().height())
        for widget in (caption, self.line, self.verdict, self.mend):
            row.addWidget(widget)
        self._judge()

    def load(self, colour: str) -> None:
        """Show a colour."""
        if self.line.text() != colour:
            self.line.setText(colour)
        self._judge()

    def colour(self) -> str:
        """Return the colour, or what was typed in its place."""
        return self.line.text().strip().lower()

    @property
    def is_readable(self) -> bool:
        """Say whether it is a colour that can be read."""
        return bool(_COLOUR.fullmatch(self.colour())) and self._contrast() >= LEAST_CONTRAST

    def _contrast(self) -> float:
        return label_contrast(self.colour(), dark=self._dark)

    @Slot()
    def _edit(self) -> None:
        self._judge()
        self.edited.emit()

    def _judge(self) -> None:
        known = bool(_COLOUR.fullmatch(self.colour()))
        good = self.is_readable
        self.mend.setVisible(known and not good and self.line.isEnabled())
        set_state(self.line, "" if good else "error")
        set_state(self.verdict, "" if good else "error")
        if not known:
            self.verdict.setText(self.tr("Write a colour such as #0b7a5c."))
            return
        # A contrast just below the limit must not be shown as the limit.
        ratio = int(self._contrast() * 10) / 10
        if good:
            self.verdict.setText(self.tr("contrast {ratio} : 1").format(ratio=ratio))
        else:
            self.verdict.setText(self.tr("hard to read, {ratio} : 1 of 4.5").format(ratio=ratio))
            self.mend.setText(self.tr("Use {colour}").format(colour=readable(self.colour(), dark=self._dark)))

    @Slot()
    def _mend(self) -> None:
        self.line.setText(readable(self.colour(), dark=self._dark))
        self._edit()
        self.line.setFocus()


class ColourField(Field):
    """A pair of colours, for light and for dark ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(None, parent)
        self._swatches: list[Swatch] = []
        palette = QWidget()
        flow = FlowLayout(palette, gap=2)
        flow.setContentsMargins(0, 0, 0, 0)
        for number, pair in enumerate(LABEL_COLOURS, 1):
            swatch = Swatch(pair, self.tr("Colour {number}").format(number=number))
            swatch.chosen.connect(self._choose)
            flow.addWidget(swatch)
            self._swatches.append(swatch)
        self.light = OneColour(self.tr("on light"), dark=False)
        self.dark = OneColour(self.tr("on dark"), dark=True)
        for one in (self.light, self.dark):
            one.edited.connect(self._edit)
        self._column.addWidget(palette)
        self._column.addWidget(self.light)
        self._column.addWidget(self.dark)
        self.field = self.light.line
        self.setFocusProxy(self._swatches[0])

    @property
    def swatches(self) -> tuple[Swatch, ...]:
        """Return the colours of the palette, in order."""
        return tuple(self._swatches)

    def load(self, value: Pair) -> None:
        self.light.load(value[0])
        self.dark.load(value[1])
        self._mark()

    def value(self) -> Pair:
        return self.light.colour(), self.dark.colour()

    def set_wrong(self, wrong: bool) -> None:
        """The colours judge themselves."""

    @Slot(object)
    def _choose(self, pair: Pair) -> None:
        self.load(pair)
        self.edited.emit()

    @Slot()
    def _edit(self) -> None:
        self._mark()
        self.edited.emit()

    def _mark(self) -> None:
        for swatch in self._swatches:
            swatch.setChecked(swatch.pair == self.value())
