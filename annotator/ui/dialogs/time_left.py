"""How long work will still take, from how fast it went so far."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

_PATIENCE = 2.0
"""Seconds before anything is said."""

_SHARE = 0.15
"""How much the newest stretch counts against all that was before."""

_STRETCH = 0.5
"""Seconds of a stretch."""


class TimeLeft:
    """Follows one piece of work; the clock gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._stretch_began = clock()
        self._done = 0
        self._rate = 0.0

    def seconds(self, done: int, total: int) -> float | None:
        """Return the seconds left, or None where nobody can tell yet."""
        now = self._clock()
        if now - self._stretch_began >= _STRETCH:
            rate = (done - self._done) / (now - self._stretch_began)
            average = done / (now - self._began)
            self._rate = rate * _SHARE + (self._rate or average) * (1 - _SHARE)
            self._stretch_began, self._done = now, done
        if now - self._began < _PATIENCE or self._rate <= 0 or not 0 < done < total:
            return None
        return (total - done) / self._rate


def time_left_text(seconds: float) -> str:
    """Return in words how long something will still take."""
    if seconds < 60:
        text = QCoreApplication.translate("import", "{count} s left")
        return text.format(count=max(1, round(seconds)))
    if seconds < 3600:
        return QCoreApplication.translate("import", "{count} min left").format(count=round(seconds / 60))
    hours = QCoreApplication.translate("import", "{count} h left")
    return hours.format(count=round(seconds / 3600))
