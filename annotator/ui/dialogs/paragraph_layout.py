"""Paragraphs as rows show them: laid out in lines of a width, from the side that their text is read from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextOption

from annotator.ui.dialogs.text_direction import is_right_to_left

_LEAST_WIDTH = 40


def paragraph_layout(
    text: str, font: QFont, width: int, line_height: float, formats: Sequence[QTextLayout.FormatRange] = ()
) -> QTextLayout:
    """Return a text laid out in lines of `width` pixels, each `line_height` times as high as its font."""
    layout = QTextLayout(text, font)
    leftward = is_right_to_left(text)
    option = QTextOption(Qt.AlignmentFlag.AlignRight if leftward else Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if leftward else Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(formats)
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(_LEAST_WIDTH, width))
        line.setPosition(QPointF(0, top))
        top += line.height() * line_height
    layout.endLayout()
    return layout


def layout_bottom(layout: QTextLayout) -> float:
    """Return the bottom of a layout's last line, in pixels."""
    count = layout.lineCount()
    if not count:
        return 0.0
    line = layout.lineAt(count - 1)
    return line.y() + line.height()
