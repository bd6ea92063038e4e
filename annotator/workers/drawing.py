"""What a picture child does: hold one PDF and draw its pages."""

from __future__ import annotations

import ctypes
import math
from mmap import mmap
from typing import Any

from annotator.core.errors import DocumentReadError, PasswordNeededError

MOST_PIXELS = 40_000_000
"""A picture is drawn smaller than it was asked for rather than with more pixels."""

_PIXEL_BYTES = 4
_PASSWORD_ERROR = 4
"""FPDF_ERR_PASSWORD. Source: pdfium's fpdfview.h."""


class Drawer:
    """Holds the PDF that was sent last and draws its pages as they are displayed: the crop box, rotated."""

    def __init__(self, shared: mmap | None = None) -> None:
        """Take the memory to draw into, if it is shared with the program."""
        self._shared = shared
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

    def draw(self, number: int, scale: float) -> tuple[dict[str, Any], memoryview]:
        """Return a picture's `width`, `height` and `stride`, whether it is `shared`, and if not, its pixels.

        `number` begins with 1; `scale` is in pixels per PDF point. A pixel is blue, green, red and an unused byte.

        Raises:
            DocumentReadError: There is no such page, or it cannot be drawn.
        """
        from pypdfium2 import PdfiumError

        try:
            page = self._document[number - 1]
            try:
                allowed = _bounded(scale, *page.get_size())
                bitmap = page.render(scale=allowed, prefer_bgrx=True, bitmap_maker=self._make_bitmap)
            finally:
                page.close()
        except (PdfiumError, IndexError, ValueError, ArithmeticError) as error:
            raise DocumentReadError("Page {page} cannot be drawn.", page=number) from error
        except MemoryError as error:
            raise DocumentReadError("Page {page} needs too much memory to be drawn.", page=number) from error
        picture = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride}
        if self._is_shared(bitmap.stride * bitmap.height):
            return picture | {"shared": True}, memoryview(b"")
        return picture | {"shared": False}, memoryview(bitmap.buffer).cast("B")

    def _is_shared(self, count: int) -> bool:
        return self._shared is not None and count <= len(self._shared)

    def _make_bitmap(self, width: int, height: int, format: int, rev_byteorder: bool = False) -> Any:
        """Return a bitmap of four bytes a pixel in the shared memory, or in its own where that is too small.

        pypdfium2 calls this, and names the arguments.
        """
        from pypdfium2 import PdfBitmap

        count, memory = _PIXEL_BYTES * width * height, self._shared
        if memory is None or not self._is_shared(count):
            return PdfBitmap.new_native(width, height, format, rev_byteorder)
        pixels = (ctypes.c_ubyte * count).from_buffer(memory)
        return PdfBitmap.new_native(width, height, format, rev_byteorder, buffer=pixels, stride=_PIXEL_BYTES * width)

    def _let_go(self) -> None:
        self._held = ""
        if self._document is not None:
            self._document.close()
            self._document = None


def _bounded(scale: float, width: float, height: float) -> float:
    if not scale > 0 or math.isinf(scale):
        raise ValueError("no scale")
    return min(scale, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
