"""Paints the pages in sight: sheet, picture, tints, selection, underlines, outline, handles and caret.

Pages are white paper in every theme, so what is drawn over them has the colours of the light theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from annotator.core.records import Label
from annotator.core.spans import Fragment
from annotator.ui.theme import Theme, load_theme
from annotator.ui.views.page_marks import PageMarks
from annotator.ui.views.page_pictures import PictureStore
from annotator.ui.views.page_stack import PageStack
from annotator.ui.views.page_words import PageWords
from annotator.ui.views.reading_painter import HANDLE, Marking

_UNDERLINE = 2.0
_THIN_UNDERLINE = 1.0
_SMALL_PRINT = 11.0
"""Height in pixels of a box below which its underline is thin, so that it leaves the next line readable."""
_LANE_GAP = 1.0
_DASHES = {"dash": (3.5, 2.0), "dot": (1.0, 1.5), "dash-dot": (3.5, 2.0, 1.0, 2.0)}
"""Lengths of strokes and gaps in widths of the line."""
_OUTLINE_MARGIN = 2.0
_SHADOWS = 4


@dataclass(slots=True)
class Sheet:
    """A page in sight with what is drawn over it."""

    page: int
    words: PageWords
    marks: PageMarks


@dataclass(slots=True)
class _Look:
    tint: QColor
    pen: QPen


class PagePainter:
    """Draws sheets with a theme and labels; knows nothing of the widget but its painter."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._paper = load_theme("light")
        self._labels: Mapping[str, Label] = {}
        self._looks: dict[str, _Look] = {}

    def set_labels(self, labels: Mapping[str, Label]) -> None:
        """Set the labels by id."""
        self._labels = labels
        self._looks.clear()

    def paint_sheet(
        self, painter: QPainter, stack: PageStack, sheet: Sheet, pictures: PictureStore, marking: Marking
    ) -> None:
        """Paint a page with everything on it; the painter's origin is the top left of the viewport."""
        self._paper_and_picture(painter, stack, sheet.page, pictures)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for label, box in sheet.marks.tints:
            painter.fillRect(stack.to_view(sheet.page, box), self._look(label).tint)
        if marking.selection:
            for box in sheet.words.boxes(*marking.selection):
                painter.fillRect(_grown(stack.to_view(sheet.page, box), 0.5, 1.0), self._paper.color("selection"))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        for label, lane, box in sheet.marks.underlines:
            rect = stack.to_view(sheet.page, box)
            width = _line_width(rect)
            y = round(rect.bottom() + lane * (width + _LANE_GAP)) + width / 2
            pen = QPen(self._look(label).pen)
            pen.setWidthF(width)
            painter.setPen(pen)
            painter.drawLine(QPointF(round(rect.left()), y), QPointF(round(rect.right()), y))
        if marking.span_fragments:
            self._outline(painter, stack, sheet, marking)
        if marking.caret is not None:
            self._caret(painter, stack, sheet, marking.caret)

    def _paper_and_picture(self, painter: QPainter, stack: PageStack, page: int, pictures: PictureStore) -> None:
        ratio = painter.device().devicePixelRatio()
        rect = _aligned(stack.rect(page), ratio)
        self._shadow(painter, rect)
        painter.fillRect(rect, Qt.GlobalColor.white)
        known = pictures.image(page)
        if known is not None:
            image, scale = known
            is_exact = abs(scale / (stack.zoom * ratio) - 1) < 0.002
            target = QRectF(rect.topLeft(), image.size().toSizeF() / ratio) if is_exact else rect
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_exact)
            painter.drawImage(target, image)
        elif pictures.failure(page):
            painter.setPen(self._paper.color("text_muted"))
            painter.drawText(rect.adjusted(16, 16, -16, -16), _CENTRED, pictures.failure(page))

    def _shadow(self, painter: QPainter, rect: QRectF) -> None:
        shade = QColor(self.theme.hex("shadow") if self.theme.dark else self.theme.hex("text"))
        for step in range(_SHADOWS, 0, -1):
            shade.setAlpha((18 if self.theme.dark else 3) * (_SHADOWS + 1 - step))
            painter.fillRect(rect.adjusted(-step, -step + 1, step, step + 1), shade)
        painter.fillRect(rect.adjusted(-1, -1, 1, 1), self.theme.color("border"))

    def _look(self, label: str) -> _Look:
        found = self._looks.get(label)
        if found is None:
            found = self._looks[label] = self._make_look(self._labels.get(label))
        return found

    def _make_look(self, label: Label | None) -> _Look:
        if label is None:
            return _Look(self._paper.color("selected_row"), QPen(self._paper.color("text_muted"), _UNDERLINE))
        pen = QPen(self._paper.label_color(label.light, label.dark), _UNDERLINE)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if label.pattern in _DASHES:
            pen.setDashPattern(_DASHES[label.pattern])
        return _Look(self._paper.label_tint(label.light, label.dark), pen)

    # -- the selected span and the caret

    def _outline(self, painter: QPainter, stack: PageStack, sheet: Sheet, marking: Marking) -> None:
        accent = self._paper.color("accent")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(accent, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lane = sheet.marks.lanes.get(marking.span or "", 0)
        for start, end in marking.span_fragments:
            for box in sheet.words.boxes(start, end):
                rect = _grown(stack.to_view(sheet.page, box), _OUTLINE_MARGIN, 1.5)
                painter.drawRoundedRect(rect.adjusted(0, 0, 0, (lane + 1) * (_line_width(rect) + _LANE_GAP)), 4, 4)
        painter.setPen(QPen(self._paper.color("reading"), 1.0))
        painter.setBrush(QBrush(accent))
        for place, point in handle_points(stack, sheet, marking.span_fragments).items():
            radius = HANDLE if place == marking.hovered_handle else HANDLE - 1
            painter.drawEllipse(point, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _caret(self, painter: QPainter, stack: PageStack, sheet: Sheet, position: int) -> None:
        box = sheet.words.caret(position)
        extent = sheet.words.extent
        if box is not None and extent is not None and extent[0] <= position <= extent[1]:
            rect = stack.to_view(sheet.page, box)
            painter.fillRect(
                QRectF(round(rect.left()) - 0.5, rect.top(), 1.5, rect.height()), self._paper.color("caret")
            )


_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def handle_points(stack: PageStack, sheet: Sheet, fragments: tuple[Fragment, ...]) -> dict[tuple[int, int], QPointF]:
    """Return where the handles of a span are on a sheet, by (fragment, 0 for its start or 1 for its end)."""
    points: dict[tuple[int, int], QPointF] = {}
    for number, (start, end) in enumerate(fragments):
        first, last = sheet.words.boxes(start, start + 1), sheet.words.boxes(end - 1, end)
        if first:
            rect = stack.to_view(sheet.page, first[0])
            points[number, 0] = QPointF(rect.left() - _OUTLINE_MARGIN, rect.center().y())
        if last:
            rect = stack.to_view(sheet.page, last[0])
            points[number, 1] = QPointF(rect.right() + _OUTLINE_MARGIN, rect.center().y())
    return points


def _line_width(rect: QRectF) -> float:
    return _UNDERLINE if rect.height() >= _SMALL_PRINT else _THIN_UNDERLINE


def _grown(rect: QRectF, across: float, down: float) -> QRectF:
    return rect.adjusted(-across, -down, across, down)


def _aligned(rect: QRectF, ratio: float) -> QRectF:
    """Return the rectangle with its corners on pixels of the screen."""
    left, top = round(rect.left() * ratio) / ratio, round(rect.top() * ratio) / ratio
    right, bottom = round(rect.right() * ratio) / ratio, round(rect.bottom() * ratio) / ratio
    return QRectF(left, top, right - left, bottom - top)
