"""Single keys by their place: the same under us, ua and fr layouts; the keypad; and not with Ctrl."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from annotator.core.spans import SpanMark
from annotator.ui.views import reading_keys
from annotator.ui.views.reading_keys import KeyCommand, single_key
from tests.ui.reading_support import CTRL, NO_MODIFIER, SHIFT, make_view, press

Key = Qt.Key
KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _event(key, modifiers=NO_MODIFIER, text="", scan_code=0):
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan_code, 0, 0, text)


@pytest.fixture(autouse=True)
def on_x11(monkeypatch):
    monkeypatch.setattr(reading_keys.sys, "platform", "linux")


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (_event(Key.Key_1, text="1", scan_code=10), (KeyCommand.DIGIT, 1)),
        (_event(Key.Key_Ampersand, text="&", scan_code=10), (KeyCommand.DIGIT, 1)),
        (_event(Key.Key_Eacute, text="é", scan_code=11), (KeyCommand.DIGIT, 2)),
        (_event(Key.Key_Exclam, SHIFT, "!", 10), (KeyCommand.DIGIT, 1)),
        (_event(Key.Key_Minus, text="-", scan_code=15), (KeyCommand.DIGIT, 6)),
        (_event(Key.Key_0, text="0", scan_code=19), (KeyCommand.DIGIT, 0)),
        (_event(Key.Key_1, KEYPAD, "1", 87), (KeyCommand.DIGIT, 1)),
        (_event(Key.Key_7, text="7"), (KeyCommand.DIGIT, 7)),
        (_event(Key(0x043A), text="к", scan_code=27), (KeyCommand.RELATE, 0)),
        (_event(Key.Key_R, text="r"), (KeyCommand.RELATE, 0)),
        (_event(Key.Key_Plus, SHIFT, "+", 21), (KeyCommand.ADD_FRAGMENT, 0)),
        (_event(Key.Key_Plus, text="+", scan_code=35), (KeyCommand.ADD_FRAGMENT, 0)),
        (_event(Key.Key_Plus, KEYPAD, "+", 86), (KeyCommand.ADD_FRAGMENT, 0)),
        (_event(Key.Key_ParenRight, text=")", scan_code=20), (KeyCommand.REMOVE_FRAGMENT, 0)),
        (_event(Key.Key_Minus, KEYPAD, "-", 82), (KeyCommand.REMOVE_FRAGMENT, 0)),
        (_event(Key.Key_Return, text="\r", scan_code=36), (KeyCommand.ENTER, 0)),
        (_event(Key.Key_Enter, KEYPAD, "\r", 104), (KeyCommand.ENTER, 0)),
        (_event(Key.Key_Delete, scan_code=119), (KeyCommand.DELETE, 0)),
        (_event(Key.Key_Backspace, scan_code=22), (KeyCommand.DELETE, 0)),
        (_event(Key(0x0444), text="ф", scan_code=38), (KeyCommand.ATTRIBUTES, 0)),
        (_event(Key.Key_B, text="b", scan_code=56), None),
        (_event(Key.Key_1, CTRL, "1", 10), None),
        (_event(Key.Key_R, Qt.KeyboardModifier.AltModifier, "r", 27), None),
        (_event(Key.Key_End, KEYPAD, "", 87), None),
    ],
)
def test_what_a_key_means(event, found):
    assert single_key(event) == found


def test_other_platforms_count_their_keys_differently(monkeypatch):
    monkeypatch.setattr(reading_keys.sys, "platform", "win32")
    assert single_key(_event(Key.Key_Ampersand, text="&", scan_code=2)) == (KeyCommand.DIGIT, 1)
    monkeypatch.setattr(reading_keys.sys, "platform", "darwin")
    mac = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Ampersand, NO_MODIFIER, 1, 18, 0, "&")
    assert single_key(mac) == (KeyCommand.DIGIT, 1)


def test_keys_become_signals(qtbot):
    view = make_view(qtbot)
    heard = []
    view.digit_pressed.connect(lambda digit, shift: heard.append((digit, shift)))
    view.command_pressed.connect(lambda command, shift: heard.append((command.value, shift)))
    view.next_document_requested.connect(lambda step: heard.append(f"document {step}"))
    press(view, Key(0x043A), text="к", scan_code=27)
    press(view, Key.Key_QuoteDbl, SHIFT, "\u2116", 12)
    press(view, Key.Key_Eacute, text="é", scan_code=11)
    press(view, Key.Key_Return, scan_code=36)
    press(view, Key.Key_Backspace, scan_code=22)
    press(view, Key.Key_Plus, SHIFT, "+", 21)
    press(view, Key.Key_Minus, text="-", scan_code=20)
    press(view, Key.Key_PageDown, CTRL)
    press(view, Key.Key_B, text="b", scan_code=56)
    assert heard == [
        *(("relate", False), (3, True), (2, False), ("enter", False), ("delete", False)),
        *(("add_fragment", True), ("remove_fragment", False), "document 1"),
    ]


@pytest.mark.parametrize(
    ("key", "modifiers", "claimed"),
    [
        (Key.Key_1, NO_MODIFIER, True),
        (Key.Key_Delete, NO_MODIFIER, True),
        (Key.Key_C, CTRL, True),
        (Key.Key_Up, CTRL | SHIFT, True),
        (Key.Key_Z, CTRL, False),
        (Key.Key_F1, NO_MODIFIER, False),
    ],
)
def test_only_its_own_keys_are_kept_from_the_window(qtbot, key, modifiers, claimed):
    view = make_view(qtbot)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    event.ignore()
    QApplication.sendEvent(view, event)
    assert event.isAccepted() == claimed


def test_a_key_for_nothing_is_left_to_the_window(qtbot):
    view = make_view(qtbot)
    view.set_spans([SpanMark("a", ((0, 5),), "pledge")])
    event = _event(Key.Key_F6)
    event.accept()
    QApplication.sendEvent(view, event)
    assert not event.isAccepted()
