"""Collects cyclic garbage in the thread of the window alone.

Python's collector runs in whichever thread happens to allocate. A widget that it found from the storage thread would be
destroyed there, and Qt ends the process for that, now and then and far from the cause.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from annotator.core.collector import collect_if_due

INTERVAL = 1000
"""Milliseconds between two looks at what is due."""


class WindowCollector(QObject):
    """Takes the place of the automatic collector for as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(INTERVAL)

    @Slot()
    def _collect(self) -> None:
        collect_if_due()
