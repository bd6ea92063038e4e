"""What a picture child does: hold one PDF and draw its pages."""

from __future__ import annotations

import math
from typing import Any

from annotator.core.errors import DocumentReadError, PasswordNeededError

MOST_PIXELS = 40_000_000
"""A picture is drawn smaller than it was asked for rather than with more pixels."""

_PASSWORD_ERROR = 4
"""FPDF_ERR_PASSWORD. Source: pdfium's fpdfview.h."""


class Drawer:
    """Holds the PDF that was sent last and draws its pages as they are displayed: the crop box, rotated."""

    def __init__(self) -> None:
        self._document: Any = None
        self._held = ""

    def holds(self, document: str) -> bool:
        """Say whether the PDF with this hash is here."""
        return bool(self._held) and self._held == document

    def hold(self, document: str, data: bytes, password: str) -> None:
        """Take a PDF in place of the one before.

        Raises:
            DocumentReadError: It cannot be opened.
            PasswordNeededError: It is locked.
        """
        from pypdfium2 import PdfDocument, PdfiumError

        self._let_go()
        try:
            self._document = PdfDocument(data, password=password or None)
            self._document.init_forms()
        except PdfiumError as error:
            self._let_go()
            if getattr(error, "err_code", None) == _PASSWORD_ERROR:
                raise PasswordNeededError("The pages are locked with a password and cannot be drawn.") from error
            raise DocumentReadError("The pages are damaged and cannot be drawn.") from error
        self._held = document

    def draw(self, number: int, scale: float) -> tuple[dict[str, int], memoryview]:
        """Return the width, height and stride of a picture, and its pixels: blue, green, red and an unused byte.

        `number` begins with 1; `scale` is in pixels per PDF point.

        Raises:
            DocumentReadError: There is no such page, or it cannot be drawn.
        """
        from pypdfium2 import PdfiumError

        try:
            page = self._document[number - 1]
            try:
                bitmap = page.render(scale=_bounded(scale, *page.get_size()), prefer_bgrx=True)
            finally:
                page.close()
        except (PdfiumError, IndexError, ValueError, ArithmeticError) as error:
            raise DocumentReadError("Page {page} cannot be drawn.", page=number) from error
        except MemoryError as error:
            raise DocumentReadError("Page {page} needs too much memory to be drawn.", page=number) from error
        size = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride}
        return size, memoryview(bitmap.buffer).cast("B")

    def _let_go(self) -> None:
        self._held = ""
        if self._document is not None:
            self._document.close()
            self._document = None


def _bounded(scale: float, width: float, height: float) -> float:
    if not scale > 0 or math.isinf(scale):
        raise ValueError("no scale")
    return min(scale, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
