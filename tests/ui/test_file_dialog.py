"""Choosing a file beside the open project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def locks(path: Path) -> int:
    place = f":{path.stat().st_ino} "
    return sum(place in line for line in Path("/proc/locks").read_text("ascii").splitlines())


@pytest.mark.skipif(not os.access("/proc/locks", os.R_OK), reason="locks are listed on Linux only")
def test_the_open_project_keeps_its_locks(window: MainWindow, project_path: Path, qtbot: QtBot) -> None:
    before = locks(project_path)
    assert before
    dialog = FileDialog(window, "Open", str(project_path.parent))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    qtbot.wait(800)
    assert locks(project_path) == before
    dialog.close()
