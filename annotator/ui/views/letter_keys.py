"""Letters and digits by their place on the keyboard: what stands there on a US keyboard, under every layout."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_X11_OFFSET = 8
_ROWS = ((2, "1234567890"), (16, "qwertyuiop"), (30, "asdfghjkl"), (44, "zxcvbnm"))
"""The first evdev code of each row of keys, which Windows' scan codes (set 1) equal. Source: input-event-codes.h."""

_PLACES = {first + step: character for first, row in _ROWS for step, character in enumerate(row)}
_MAC_PLACES = {
    **dict(enumerate("asdfhgzxcv")),
    **{11: "b", 12: "q", 13: "w", 14: "e", 15: "r", 16: "y", 17: "t", 31: "o", 32: "u", 34: "i", 35: "p", 37: "l"},
    **{38: "j", 40: "k", 45: "n", 46: "m", 18: "1", 19: "2", 20: "3", 21: "4", 23: "5", 22: "6", 26: "7", 28: "8"},
    **{25: "9", 29: "0"},
}
"""Virtual key codes of a Mac. Source: Carbon's HIToolbox/Events.h."""

_MEANINGS = {
    **{int(Qt.Key.Key_A) + step: chr(ord("a") + step) for step in range(26)},
    **{int(Qt.Key.Key_0) + step: str(step) for step in range(10)},
}
_NOT_SINGLE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def letter_keys(event: QKeyEvent) -> tuple[str, ...]:
    """Return the small letters or digits that a key event may mean, or nothing for another key or one with Ctrl.

    The place of the key comes first where the platform tells it, then the character that is printed on it, for
    somebody who looks at the keys. The keypad goes by its character.
    """
    if event.modifiers() & _NOT_SINGLE:
        return ()
    keypad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
    meanings = ("" if keypad else _at_place(event), _MEANINGS.get(event.key(), ""))
    return tuple(dict.fromkeys(meaning for meaning in meanings if meaning))


def _at_place(event: QKeyEvent) -> str:
    if sys.platform == "darwin":
        code = event.nativeVirtualKey()
        return _MAC_PLACES.get(code, "") if code else ""
    code = event.nativeScanCode()
    return _PLACES.get(code if sys.platform == "win32" else code - _X11_OFFSET, "") if code else ""
