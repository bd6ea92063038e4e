"""X marks paragraphs as read; what was on screen is noted on this computer; the way to the next unread place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.core.records import Document
from annotator.core.spans import Fragment
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.gestures import watching
from annotator.ui.main_window import MainWindow
from annotator.ui.models.on_screen import OnScreen, SightTimes, on_screen_folder
from tests.support import TEXT, add_document

TITLE = (0, 16)
SECOND = (18, TEXT.index("\n", 18))
THIRD = (SECOND[1] + 1, len(TEXT))
ARABIC = "بيان القمة\n\nسوف نقدم الدعم.\nلن نعترف بالضم."
LONG = "\n\n".join(f"Paragraph {number} says something that fills a line." for number in range(120))


def session_of(window: MainWindow) -> Session:
    assert window.projects.session is not None
    return window.projects.session


@pytest.fixture
def ranges(window: MainWindow, stored: Document) -> Callable[[], list[Fragment]]:
    """Return what is committed as read."""
    return lambda: session_of(window).queries.read_ranges(stored.id)


def press(window: MainWindow, *, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window.page.reading, Qt.Key.Key_X, modifier)


def test_x_marks_the_paragraph_and_goes_to_the_next(window: MainWindow, ranges: Callable[[], list[Fragment]]) -> None:
    reading = window.page.reading
    reading.set_caret(3)
    press(window)
    assert (ranges(), reading.caret()) == ([TITLE], SECOND[0])
    press(window)
    press(window)
    assert (ranges(), reading.caret()) == ([(0, len(TEXT))], THIRD[0])
    press(window)
    assert (ranges(), reading.caret()) == ([(0, SECOND[1])], THIRD[0])
    reading.set_caret(5)
    press(window, shift=True)
    assert ranges() == [SECOND]
    press(window, shift=True)
    assert ranges() == [SECOND]
    assert list(reading.coverage.read) == [SECOND]


def test_x_marks_every_paragraph_under_the_selection(window: MainWindow, ranges: Callable[[], list[Fragment]]) -> None:
    window.page.reading.select(5, SECOND[0] + 4)
    press(window)
    assert (ranges(), window.page.reading.caret()) == ([(0, SECOND[1])], THIRD[0])


def test_x_on_a_blank_line_goes_on(window: MainWindow, ranges: Callable[[], list[Fragment]]) -> None:
    window.page.reading.set_caret(17)
    press(window)
    assert (ranges(), window.page.reading.caret()) == ([], SECOND[0])


def test_undo_takes_the_mark_back_and_shows_the_place(window: MainWindow, ranges: Callable[[], list[Fragment]]) -> None:
    window.page.reading.set_caret(THIRD[0])
    press(window)
    window.page.reading.set_caret(0)
    window.travelling.undo()
    assert (ranges(), window.page.reading.caret()) == ([], THIRD[0])
    assert list(window.page.reading.coverage.read) == []


def test_a_tagged_paragraph_is_marked_and_stays_tagged(
    window: MainWindow, ranges: Callable[[], list[Fragment]], stored: Document
) -> None:
    window.page.reading.set_caret(SECOND[0])
    QTest.keyClick(window.page.reading, Qt.Key.Key_1)
    assert window.page.document.selected_span is not None
    press(window)
    assert ranges() == [SECOND]
    assert window.page.document.selected_span is None
    assert len(session_of(window).queries.content(stored.id).annotations) == 1


def test_the_status_line_says_how_much_is_read(window: MainWindow, qtbot: QtBot, stored: Document) -> None:
    def shown() -> str:
        return window.status._read.text()

    qtbot.waitUntil(lambda: shown() == "0 % read")
    window.page.reading.select(0, SECOND[0] + 1)
    press(window)
    qtbot.waitUntil(lambda: shown() == f"{int(100 * SECOND[1] / len(TEXT))} % read")
    QTest.keyClick(window.page.reading, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: shown() == "100 % read")
    window.travelling.undo()
    window.travelling.undo()
    window.documents.set_status(stored.id, "done")
    qtbot.waitUntil(lambda: shown() == "100 % read")
    window.projects.close_project()
    qtbot.waitUntil(lambda: shown() == "")


def test_a_screen_reader_hears_that_the_paragraph_is_read(window: MainWindow) -> None:
    interface = QAccessible.queryAccessibleInterface(window.page.reading)
    window.page.reading.set_caret(THIRD[0])
    press(window)
    assert interface.text(QAccessible.Text.Value) == "read, nothing to tag"
    window.page.reading.set_caret(THIRD[1])
    assert interface.text(QAccessible.Text.Value) == "read, nothing to tag"
    window.page.reading.set_caret(0)
    assert interface.text(QAccessible.Text.Value) == ""


def margin_marks(window: MainWindow, side: str) -> int:
    """Return how many pixels near an edge of the view are not plain."""
    reading = window.page.reading
    picture = reading.viewport().grab().toImage()
    columns = range(8, 24) if side == "left" else range(picture.width() - 24, picture.width() - 8)
    plain = reading._theme.color("reading").rgb()
    return sum(picture.pixel(x, y) != plain for x in columns for y in range(4, picture.height() - 4))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_check_mark_stands_where_lines_begin(
    project_path: Path, person: Person, new_window: Callable[..., MainWindow], settings: Settings, theme: str
) -> None:
    with Session(project_path, person) as session:
        add_document(session)
        add_document(session, ARABIC, "بيان القمة")
    window = new_window(project_path, replace(settings, theme=theme))
    window.page.reading.setFocus()
    for side, other in (("left", "right"), ("right", "left")):
        window.page.reading.set_caret(0)
        window.messages.hide()
        assert (margin_marks(window, "left"), margin_marks(window, "right")) == (0, 0)
        press(window)
        assert margin_marks(window, side) > 8
        assert margin_marks(window, other) == 0
        window.desk.next_document()
        window.page.reading.setFocus()


def test_nothing_is_marked_in_a_project_that_is_read_only(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_of(window), "_repository", None)
    press(window)
    assert "not changed" in window.messages.text
    assert list(window.page.reading.coverage.read) == []


# -- what was on screen


def test_text_counts_once_it_was_in_sight_long_enough() -> None:
    times = SightTimes(100)
    assert times.look((0, 50), 0) == []
    assert times.due() == 100
    assert times.look((20, 70), 60) == []
    assert times.look((20, 70), 100) == [(20, 50)]
    assert times.due() == 160
    assert times.look((60, 90), 170) == [(50, 70)]
    assert times.look(None, 180) == []
    assert times.due() is None
    assert times.look((0, 90), 200) == []
    assert times.look((0, 90), 299) == []
    assert times.look((0, 90), 300) == [(0, 90)]
    assert times.due() is None


@pytest.fixture
def long_window(
    project_path: Path,
    person: Person,
    new_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> MainWindow:
    """A window with a text of several screens, in which a moment is long enough."""
    monkeypatch.setattr(watching, "SightTimes", lambda: SightTimes(30))
    with Session(project_path, person) as session:
        add_document(session, LONG, "Long")
    window = new_window(project_path)
    window.page.reading.setFocus()
    qtbot.waitUntil(lambda: bool(window.page.reading.coverage.seen))
    return window


def kept(window: MainWindow) -> dict[str, list[list[int]]]:
    window.parts.watching._save()
    path = on_screen_folder() / f"{session_of(window).queries.project().id}.json"
    return json.loads(path.read_text("utf-8"))["documents"] if path.exists() else {}


def test_what_was_on_screen_is_kept_here_and_nowhere_else(
    long_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window, reading = long_window, long_window.page.reading
    (first,) = reading.coverage.seen
    assert first[0] == 0
    assert 300 < first[1] < len(LONG) / 2
    before = session_of(window).reading.dump()
    reading.scroll_to_top_position(len(LONG) - 10)
    qtbot.waitUntil(lambda: len(reading.coverage.seen) == 2)
    assert reading.coverage.seen[1][1] == len(LONG)
    assert list(kept(window).values()) == [[list(part) for part in reading.coverage.seen]]
    assert session_of(window).reading.dump() == before
    session_of(window).datasets.export(tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["read"] == []


def test_it_is_there_again_the_next_day(
    long_window: MainWindow, project_path: Path, new_window: Callable[..., MainWindow]
) -> None:
    seen = list(long_window.page.reading.coverage.seen)
    long_window.close()
    again = new_window(project_path)
    assert list(again.page.reading.coverage.seen) == seen


def test_it_can_be_forgotten(long_window: MainWindow, qtbot: QtBot) -> None:
    reading = long_window.page.reading
    assert kept(long_window)
    reading.scroll_to_top_position(len(LONG) - 10)
    long_window.actions_table["forget_on_screen"].trigger()
    assert list(on_screen_folder().iterdir()) == []
    assert list(reading.coverage.seen) == []
    qtbot.waitUntil(lambda: bool(reading.coverage.seen))
    assert reading.coverage.seen[0][0] > 0


def test_it_can_be_switched_off(long_window: MainWindow, qtbot: QtBot, settings: Settings) -> None:
    reading, before = long_window.page.reading, kept(long_window)
    long_window.parts.preferences.take(replace(settings, show_on_screen=False))
    assert list(reading.coverage.seen) == []
    reading.scroll_to_top_position(len(LONG) - 10)
    qtbot.wait(80)
    assert list(reading.coverage.seen) == []
    assert kept(long_window) == before
    long_window.parts.preferences.take(replace(settings, show_on_screen=True))
    assert reading.coverage.seen[0] == tuple(next(iter(before.values()))[0])


def test_two_windows_keep_what_both_showed(tmp_path: Path) -> None:
    one, other = OnScreen(tmp_path, "p"), OnScreen(tmp_path, "p")
    assert one.add("d", [(0, 10)])
    assert other.add("d", [(20, 30)])
    assert not other.add("d", [(21, 30)])
    one.save()
    other.save()
    assert OnScreen(tmp_path, "p").ranges("d") == [(0, 10), (20, 30)]


def test_a_broken_file_is_as_good_as_none(
    project_path: Path, person: Person, new_window: Callable[..., MainWindow]
) -> None:
    with Session(project_path, person) as session:
        document = add_document(session)
        project = session.queries.project().id
    on_screen_folder().mkdir(parents=True)
    for content in ("{", "[]", json.dumps({"documents": {document.id: [[5, 2]]}}), json.dumps({"documents": 5})):
        (on_screen_folder() / f"{project}.json").write_text(content, "utf-8")
        window = new_window(project_path)
        assert list(window.page.reading.coverage.seen) == []
        window.close()


# -- what is left


def test_the_next_unread_place_is_neither_marked_nor_tagged_nor_seen(long_window: MainWindow) -> None:
    window, reading = long_window, long_window.page.reading
    starts = [
        start for start, end in zip(reading.page.blocks.starts, reading.page.blocks.ends, strict=True) if end > start
    ]
    seen_to = reading.coverage.seen[0][1]
    reading.coverage.seen = [(0, seen_to)]
    left = [start for start in starts if start >= seen_to]
    document = window.page.document.document
    assert document is not None
    session = session_of(window)
    session.coverage.mark_read(document.id, left[0], left[1] + 1)
    session.annotations.tag(document.id, session.queries.codebook().labels[0].id, [(left[2], left[2] + 4)])
    window.actions_table["next_unread"].trigger()
    assert reading.caret() == left[3]
    window.actions_table["next_unread"].trigger()
    assert reading.caret() == left[4]
    reading.set_caret(len(LONG))
    window.actions_table["next_unread"].trigger()
    assert reading.caret() == left[3]
    session.coverage.mark_read(document.id, 0, len(LONG))
    window.actions_table["next_unread"].trigger()
    assert reading.caret() == left[3]
