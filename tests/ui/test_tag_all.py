"""Find and tag all in the window: what is ticked is what is committed, as one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.core.records import Annotation
from annotator.session.session import Session
from annotator.ui.dialogs.tag_all import TagAllDialog
from annotator.ui.main_window import MainWindow
from tests.support import TEXT, add_document
from tests.ui.conftest import range_of
from tests.ui.reading_support import press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Read = Callable[[], list[Annotation]]


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


def opened(window: MainWindow, qtbot: QtBot) -> TagAllDialog:
    dialog = window.findChild(TagAllDialog)
    assert dialog is not None
    settled(window, qtbot)
    return dialog


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.repeating._task is None, timeout=10_000)


def sought(window: MainWindow, qtbot: QtBot, words: str, kind: str = "plain") -> TagAllDialog:
    window.repeating.find_and_tag()
    dialog = opened(window, qtbot)
    dialog.words.setText(words)
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    dialog.search()
    settled(window, qtbot)
    return dialog


def words(dialog: TagAllDialog) -> list[str]:
    return [place.words for place in dialog.model.places]


def test_what_is_ticked_is_tagged_as_one_step(window: MainWindow, qtbot: QtBot, committed: Read) -> None:
    add_document(session_of(window), "We will help. We will see.", "Other")
    dialog = sought(window, qtbot, "we will")
    assert words(dialog) == ["We will"] * 4
    dialog.list.setCurrentIndex(dialog.model.index(0))
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert "3" in dialog.tag.text()
    dialog.choose_label(session_of(window).queries.codebook().label_by_key("pledge").id)
    QTest.mouseClick(dialog.tag, Qt.MouseButton.LeftButton)
    assert [TEXT[a.start : a.end] for a in committed()] == ["We will"]
    assert sum(row.span_count for row in session_of(window).queries.documents()) == 3
    settled(window, qtbot)
    assert [bool(place.present) for place in dialog.model.places] == [False, True, True, True]
    window.travelling.undo()
    assert committed() == []


def test_relabelling_and_untagging_take_exactly_these_words(window: MainWindow, qtbot: QtBot, committed: Read) -> None:
    reading = window.page.reading
    for quote in ("We will", "We will provide air defence"):
        reading.select(*range_of(quote, TEXT))
        press(reading, Qt.Key.Key_1)
    dialog = sought(window, qtbot, "we will")
    dialog.choose_label(session_of(window).queries.codebook().label_by_key("condition").id)
    QTest.mouseClick(dialog.relabel, Qt.MouseButton.LeftButton)
    keys = {label.id: label.key for label in session_of(window).queries.codebook().labels}
    assert sorted((keys[a.label], TEXT[a.start : a.end]) for a in committed()) == [
        *(("condition", "We will"), ("pledge", "We will provide air defence"))
    ]
    settled(window, qtbot)
    QTest.mouseClick(dialog.untag, Qt.MouseButton.LeftButton)
    assert [TEXT[a.start : a.end] for a in committed()] == ["We will provide air defence"]


def test_a_bad_expression_says_so_and_changes_nothing(window: MainWindow, qtbot: QtBot, committed: Read) -> None:
    dialog = sought(window, qtbot, "(", "expression")
    assert "no regular expression" in dialog.problem.text()
    assert not dialog.tag.isEnabled()
    dialog.words.setText("council")
    dialog.search()
    settled(window, qtbot)
    assert (dialog.problem.text(), words(dialog)) == ("", ["council"])


def test_enter_shows_the_place_and_the_dialog_stays(window: MainWindow, qtbot: QtBot) -> None:
    dialog = sought(window, qtbot, "annexation")
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert window.page.reading.selection() == range_of("annexation", TEXT)
    assert dialog.isVisible()


def test_repeats_of_the_selected_span(window: MainWindow, qtbot: QtBot) -> None:
    other = add_document(session_of(window), "They said so. We will never recognise the annexation!", "Other")
    reading = window.page.reading
    reading.select(*range_of("We will never recognise the annexation", TEXT))
    press(reading, Qt.Key.Key_4)
    window.repeating.find_repeats()
    dialog = opened(window, qtbot)
    assert [(place.document, place.words) for place in dialog.model.places] == [
        (other.id, "We will never recognise the annexation")
    ]
    assert dialog.label.currentText() == "Signal to Russia"
    dialog.close()
    window.page.reading.choose_span(None)
    window.repeating.find_repeats()
    assert "Select a span" in window.messages.text


def test_it_opens_again_after_it_was_closed(window: MainWindow, qtbot: QtBot) -> None:
    window.repeating.find_and_tag()
    first = opened(window, qtbot)
    with qtbot.waitSignal(first.destroyed):
        first.close()
    window.repeating.find_and_tag()
    assert opened(window, qtbot).isVisible()
