"""How a PDF page lies: from its own coordinates to those of the displayed page, and from there to reading coordinates.

Displayed coordinates are pdfplumber's: PDF points from the top left corner, y downwards, rotation applied; a media box
that does not begin at zero shifts them. Reading coordinates are the displayed ones turned so that the text
runs to the right: `left` and `right` lie along a line of text, `top` and `bottom` across it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from annotator.core.pages import Box

Edges = tuple[float, float, float, float]
"""left, top, right, bottom in PDF points."""

UPRIGHT, UPWARD, UPSIDE_DOWN, DOWNWARD = range(4)
"""Where text runs to on the displayed page: to the right, up, to the left, down."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The media box and rotation of a page; `height` is that of the displayed page in PDF points."""

    rotation: int
    media: Edges
    shown: Box
    height: float
    shift_x: float
    shift_y: float


def frame_of(page: Any) -> PageFrame:
    """Return the frame of a page of pdfminer, whose boxes are put in order."""
    page.mediabox = _ordered(page.mediabox)
    crop = _ordered(page.cropbox)
    x0, y0, x1, y1 = page.mediabox
    sideways = page.rotate in (90, 270)
    height = x1 - x0 if sideways else y1 - y0
    shifts = (y0, -x0) if sideways else (x0, -y0)
    whole = PageFrame(page.rotate, page.mediabox, Box(0, 0, 0, 0), height, *shifts)
    visible = (max(x0, crop[0]), max(y0, crop[1]), min(x1, crop[2]), min(y1, crop[3]))
    if visible[0] >= visible[2] or visible[1] >= visible[3]:
        visible = page.mediabox
    return PageFrame(page.rotate, page.mediabox, Box(*displayed(whole, visible)), height, *shifts)


def displayed(frame: PageFrame, rectangle: Sequence[float]) -> Edges:
    """Return a rectangle of the page's own coordinates in displayed ones."""
    left, bottom, right, top = _ordered(rectangle)
    x0, y0, x1, y1 = frame.media
    match frame.rotation:
        case 90:
            left, bottom, right, top = bottom - y0, x1 - right, top - y0, x1 - left
        case 180:
            left, bottom, right, top = x1 - right, y1 - top, x1 - left, y1 - bottom
        case 270:
            left, bottom, right, top = y1 - top, left - x0, y1 - bottom, right - x0
        case _:
            left, bottom, right, top = left - x0, bottom - y0, right - x0, top - y0
    return (
        left + frame.shift_x,
        frame.height - top + frame.shift_y,
        right + frame.shift_x,
        frame.height - bottom + frame.shift_y,
    )


def to_reading(edges: Sequence[float], direction: int) -> Edges:
    """Turn displayed edges so that text of this direction runs to the right."""
    left, top, right, bottom = edges
    match direction:
        case 1:
            return -bottom, left, -top, right
        case 2:
            return -right, -bottom, -left, -top
        case 3:
            return top, -right, bottom, -left
        case _:
            return left, top, right, bottom


def from_reading(edges: Sequence[float], direction: int) -> Edges:
    """Turn reading edges back to displayed ones."""
    left, top, right, bottom = edges
    match direction:
        case 1:
            return top, -right, bottom, -left
        case 2:
            return -right, -bottom, -left, -top
        case 3:
            return -bottom, left, -top, right
        case _:
            return left, top, right, bottom


def _ordered(rectangle: Sequence[float]) -> Edges:
    x0, y0, x1, y1 = rectangle
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
