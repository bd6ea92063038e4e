"""A chart as a picture in a file, as it is on screen."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from annotator.core.errors import UserError
from annotator.ui.panels.corpus_charts import ChartView
from annotator.ui.theme import Theme

_SCALE = 3
"""Pixels of a PNG for each of the screen, so that it can be printed."""
_MARGIN = 12


def save_picture(chart: ChartView, theme: Theme, target: Path, title: str) -> None:
    """Write the chart to a file, PNG or SVG by its suffix, whole or not at all.

    Raises UserError where it cannot be written.
    """
    temporary = target.with_name(f".{uuid4().hex[:8]}{target.suffix}")
    try:
        written = _svg if target.suffix.lower() == ".svg" else _png
        if not written(chart, theme, temporary, title):
            raise UserError("{file} cannot be written. Choose another place.", file=target.name)
        temporary.replace(target)
    except OSError as error:
        raise UserError("{file} cannot be written: {reason}.", file=target.name, reason=str(error.strerror)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _size(chart: ChartView) -> QSize:
    return chart.size() + QSize(2 * _MARGIN, 2 * _MARGIN)


def _draw(painter: QPainter, chart: ChartView, theme: Theme) -> None:
    size = _size(chart)
    painter.fillRect(0, 0, size.width(), size.height(), theme.color("window"))
    chart.draw(painter, QRectF(_MARGIN, _MARGIN, chart.width(), chart.height()))


def _png(chart: ChartView, theme: Theme, target: Path, _title: str) -> bool:
    image = QImage(_size(chart) * _SCALE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(_SCALE)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    _draw(painter, chart, theme)
    painter.end()
    return image.save(str(target), "PNG")  # type: ignore[call-overload]


def _svg(chart: ChartView, theme: Theme, target: Path, title: str) -> bool:
    from PySide6.QtSvg import QSvgGenerator

    if not target.parent.is_dir():
        return False
    size = _size(chart)
    generator = QSvgGenerator()
    generator.setFileName(str(target))
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter()
    if not painter.begin(generator):
        return False
    _draw(painter, chart, theme)
    return painter.end()
