"""Widgets that are garbage are destroyed in the thread of the window, whoever allocates."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.collector import WindowCollector


class _Cycle(QWidget):
    """A widget in a cycle, so that only the collector can find it."""

    destroyed_in: list[int] = []

    def __init__(self) -> None:
        super().__init__()
        self.itself = self

    def __del__(self) -> None:
        self.destroyed_in.append(threading.get_ident())


def _allocate() -> None:
    kept = [[number] for number in range(50_000)]
    assert len(kept) == 50_000


def test_a_worker_does_not_destroy_widgets(qtbot: QtBot, qapp: QApplication) -> None:
    gc.enable()
    owner = QObject()
    collector = WindowCollector(owner)
    _Cycle.destroyed_in.clear()
    for _ in range(20):
        _Cycle()
    worker = threading.Thread(target=_allocate)
    worker.start()
    worker.join()
    assert not gc.isenabled()
    assert _Cycle.destroyed_in == []
    _allocate()
    kept = [[number] for number in range(5_000)]
    collector._collect()
    assert set(_Cycle.destroyed_in) == {threading.get_ident()}
    assert len(kept) == 5_000
