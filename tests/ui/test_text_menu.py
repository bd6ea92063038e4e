"""The menu of the text: what it is about, and what it does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from annotator.core.records import Annotation
from annotator.ui.main_window import MainWindow
from tests.support import TEXT
from tests.ui.conftest import range_of
from tests.ui.reading_support import middle_of, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Read = Callable[[], list[Annotation]]
PLEDGE = range_of("We will provide air defence", TEXT)


def opened(window: MainWindow, place: QPoint, reason: QContextMenuEvent.Reason) -> QMenu:
    reading = window.page.reading
    event = QContextMenuEvent(reason, place, reading.viewport().mapToGlobal(place))
    QApplication.sendEvent(reading.viewport(), event)
    menu = window.parts.text_menu.menu
    assert menu.isVisible()
    menu.hide()
    return menu


def choose(menu: QMenu, text: str) -> None:
    action = next(action for action in menu.actions() if action.text().replace("&", "").startswith(text))
    action.trigger()


def test_a_click_on_a_span_selects_it_and_deletes_it(window: MainWindow, committed: Read) -> None:
    reading = window.page.reading
    reading.select(*PLEDGE)
    press(reading, Qt.Key.Key_1)
    reading.choose_span(None)
    menu = opened(window, middle_of(reading, PLEDGE[0] + 3), QContextMenuEvent.Reason.Mouse)
    assert window.page.document.selected_span == committed()[0]
    choose(menu, "Delete")
    assert committed() == []


def test_selected_text_stays_selected_and_is_tagged(window: MainWindow, committed: Read) -> None:
    reading = window.page.reading
    reading.select(*PLEDGE)
    menu = opened(window, middle_of(reading, PLEDGE[0] + 3), QContextMenuEvent.Reason.Mouse)
    assert not any(action.text().startswith("Delete") for action in menu.actions())
    choose(menu, "Criticism")
    assert [a.fragments for a in committed()] == [(PLEDGE,)]


def test_beside_the_selection_it_is_about_what_is_under_it(window: MainWindow) -> None:
    reading = window.page.reading
    reading.select(*PLEDGE)
    opened(window, middle_of(reading, TEXT.index("annexation") + 2), QContextMenuEvent.Reason.Mouse)
    assert reading.selection() is None
    assert TEXT.index("annexation") <= reading.caret() <= TEXT.index("annexation") + 10


def test_from_the_keyboard_it_leaves_everything_as_it_is(window: MainWindow) -> None:
    reading = window.page.reading
    reading.select(*PLEDGE)
    opened(window, middle_of(reading, TEXT.index("annexation")), QContextMenuEvent.Reason.Keyboard)
    assert reading.selection() == PLEDGE
