"""The start page: what it asks for, and what it shows of projects that are there or gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.rows import DETAIL, FAINT, REMARK
from annotator.ui.icons import ICONS, icon
from annotator.ui.start_page import StartPage
from annotator.ui.theme import load_theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def page(qtbot: QtBot) -> StartPage:
    made = StartPage(load_theme("light"))
    qtbot.addWidget(made)
    made.resize(1024, 640)
    return made


def projects(folder: Path) -> list[str]:
    there, gone = folder / "Vilnius summit.annodb", folder / "Gone.annodb"
    there.write_bytes(b"")
    return [str(there), str(gone)]


def drop(page: StartPage, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(20, 20), copy, data, left, none))


@pytest.mark.parametrize(
    ("card", "signal"),
    [("new_card", "new_requested"), ("open_card", "open_requested"), ("sample_card", "sample_requested")],
)
def test_each_way_to_begin_asks_once_by_mouse_and_by_enter(
    page: StartPage, qtbot: QtBot, card: str, signal: str
) -> None:
    with qtbot.waitSignal(getattr(page, signal)):
        qtbot.mouseClick(getattr(page, card), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(getattr(page, signal)):
        qtbot.keyClick(getattr(page, card), Qt.Key.Key_Return)


def test_recent_projects_show_name_folder_and_change(page: StartPage, tmp_path: Path) -> None:
    page.set_recent(projects(tmp_path))
    there, gone = page.recent.item(0), page.recent.item(1)
    assert (there.text(), there.data(DETAIL), there.data(REMARK)) == ("Vilnius summit", str(tmp_path), "just now")
    assert (gone.text(), gone.data(REMARK), gone.data(FAINT)) == ("Gone", "not found", True)


def test_enter_opens_a_recent_project_and_not_one_that_is_gone(page: StartPage, qtbot: QtBot, tmp_path: Path) -> None:
    paths = projects(tmp_path)
    page.set_recent(paths)
    chosen: list[str] = []
    page.project_chosen.connect(chosen.append)
    qtbot.keyClick(page.recent, Qt.Key.Key_Return)
    qtbot.keyClick(page.recent, Qt.Key.Key_Down)
    qtbot.keyClick(page.recent, Qt.Key.Key_Return)
    assert chosen == paths[:1]


def test_a_click_opens_a_recent_project(page: StartPage, qtbot: QtBot, tmp_path: Path) -> None:
    paths = projects(tmp_path)
    page.set_recent(paths)
    page.show()
    place = page.recent.visualItemRect(page.recent.item(0)).center()
    with qtbot.waitSignal(page.project_chosen) as chosen:
        qtbot.mouseClick(page.recent.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert chosen.args == [paths[0]]


def test_a_project_that_came_back_is_found_when_the_page_shows_again(page: StartPage, tmp_path: Path) -> None:
    paths = projects(tmp_path)
    page.set_recent(paths)
    Path(paths[1]).write_bytes(b"")
    page.show()
    assert page.recent.item(1).data(FAINT) is False


def test_without_recent_projects_it_says_so(page: StartPage) -> None:
    page.set_recent([])
    assert page.recent.isHidden()
    page.set_recent(["/nowhere/x.annodb"])
    assert not page.recent.isHidden()


def test_a_dropped_project_is_chosen_and_other_files_are_handed_on(page: StartPage, tmp_path: Path) -> None:
    chosen: list[str] = []
    dropped: list[list[str]] = []
    page.project_chosen.connect(chosen.append)
    page.files_dropped.connect(dropped.append)
    drop(page, tmp_path / "a.annodb")
    drop(page, tmp_path / "a.txt", tmp_path / "б.md")
    assert chosen == [str(tmp_path / "a.annodb")]
    assert dropped == [[str(tmp_path / "a.txt"), str(tmp_path / "б.md")]]


def test_no_label_reads_markup_and_both_themes_draw(page: StartPage) -> None:
    page.set_recent(["/tmp/<img src=x> & co.annodb"])
    page.set_theme(load_theme("dark"))
    labels = page.findChildren(QLabel)
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels if label.text())


@pytest.mark.parametrize("role", ICONS)
def test_every_icon_is_there(qtbot: QtBot, role: str) -> None:
    assert not icon(role, load_theme("dark")).pixmap(16, 16).isNull()
