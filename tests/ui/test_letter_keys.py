"""Letters and digits by their place: the same under us, ua and fr layouts; the keypad; and not with Ctrl."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from annotator.ui.views import letter_keys
from annotator.ui.views.letter_keys import letter_keys as meanings

Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
KEYPAD, CTRL, ALT = (
    Qt.KeyboardModifier.KeypadModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture(autouse=True)
def on_x11(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_keys.sys, "platform", "linux")


def event(key: Key, modifiers: Qt.KeyboardModifier = NONE, scan_code: int = 0, virtual_key: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan_code, virtual_key, 0, "")


@pytest.mark.parametrize(
    ("pressed", "characters"),
    [
        (event(Key.Key_G), "g"),
        (event(Key.Key_7), "7"),
        (event(Key.Key_S, scan_code=39), "s"),
        (event(Key(0x0406), scan_code=39), "s"),
        (event(Key(0x041C), scan_code=55), "v"),
        (event(Key.Key_A, scan_code=24), "qa"),
        (event(Key.Key_Eacute, scan_code=11), "2"),
        (event(Key.Key_Agrave, scan_code=19), "0"),
        (event(Key.Key_M, scan_code=47), "m"),
        (event(Key.Key_Z, scan_code=29), "yz"),
        (event(Key.Key_P, SHIFT, 33), "p"),
        (event(Key.Key_3, KEYPAD, 89), "3"),
        (event(Key.Key_End, KEYPAD, 87), ""),
        (event(Key.Key_S, CTRL, 39), ""),
        (event(Key.Key_S, ALT, 39), ""),
        (event(Key.Key_Return, scan_code=36), ""),
        (event(Key.Key_Semicolon, scan_code=47), ""),
    ],
)
def test_what_stands_at_a_place(pressed: QKeyEvent, characters: str) -> None:
    assert meanings(pressed) == tuple(characters)


def test_other_platforms_count_their_keys_differently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_keys.sys, "platform", "win32")
    assert meanings(event(Key.Key_A, scan_code=16)) == ("q", "a")
    monkeypatch.setattr(letter_keys.sys, "platform", "darwin")
    assert meanings(event(Key(0x0406), scan_code=1, virtual_key=1)) == ("s",)
    assert meanings(event(Key.Key_Agrave, scan_code=1, virtual_key=29)) == ("0",)
    assert meanings(event(Key.Key_A, scan_code=1)) == ("a",)
