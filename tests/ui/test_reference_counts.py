"""The pin of PySide6: some builds lose a reference to None at every call of a void method."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextLayout
from pytestqt.qtbot import QtBot

CALLS = 5000
TOLERANCE = 500
"""References to None that the interpreter itself may give up meanwhile."""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on, so it cannot be lost.")
def test_void_methods_do_not_lose_references_to_none(qtbot: QtBot) -> None:
    thing, timer, layout = QObject(), QTimer(), QTextLayout("text")
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("name")
        timer.setInterval(10)
        layout.setText("text")
    assert sys.getrefcount(None) > before - TOLERANCE
