"""Single keys by their place on the keyboard, so that they work under every layout.

How to add a key:
1. name its command in `KeyCommand`;
2. add its evdev code to `_PLACES` (and its virtual key to `_MAC_PLACES`);
3. add what it means without a scan code to `_MEANINGS`.
"""

from __future__ import annotations

import sys
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_X11_OFFSET = 8


class KeyCommand(Enum):
    """What a single key asks for; digits come with their number."""

    DIGIT = "digit"
    ENTER = "enter"
    DELETE = "delete"
    RELATE = "relate"
    ADD_FRAGMENT = "add_fragment"
    REMOVE_FRAGMENT = "remove_fragment"


SingleKey = tuple[KeyCommand, int]

_DIGITS = {code: (KeyCommand.DIGIT, (code - 1) % 10) for code in range(2, 12)}
_PLACES: dict[int, SingleKey] = {
    **_DIGITS,
    12: (KeyCommand.REMOVE_FRAGMENT, 0),
    13: (KeyCommand.ADD_FRAGMENT, 0),
    19: (KeyCommand.RELATE, 0),
}
"""By evdev code, which Windows' scan codes (set 1) equal here. Source: linux/input-event-codes.h."""

_MAC_DIGITS = (29, 18, 19, 20, 21, 23, 22, 26, 28, 25)
_MAC_PLACES: dict[int, SingleKey] = {
    **{code: (KeyCommand.DIGIT, digit) for digit, code in enumerate(_MAC_DIGITS)},
    27: (KeyCommand.REMOVE_FRAGMENT, 0),
    24: (KeyCommand.ADD_FRAGMENT, 0),
    15: (KeyCommand.RELATE, 0),
}
"""By virtual key code. Source: Carbon's HIToolbox/Events.h."""

_MEANINGS: dict[int, SingleKey] = {
    **{Qt.Key.Key_0 + digit: (KeyCommand.DIGIT, digit) for digit in range(10)},
    Qt.Key.Key_Return: (KeyCommand.ENTER, 0),
    Qt.Key.Key_Enter: (KeyCommand.ENTER, 0),
    Qt.Key.Key_Delete: (KeyCommand.DELETE, 0),
    Qt.Key.Key_Backspace: (KeyCommand.DELETE, 0),
    Qt.Key.Key_R: (KeyCommand.RELATE, 0),
    Qt.Key.Key_Plus: (KeyCommand.ADD_FRAGMENT, 0),
    Qt.Key.Key_Minus: (KeyCommand.REMOVE_FRAGMENT, 0),
}
_NOT_SINGLE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def single_key(event: QKeyEvent) -> SingleKey | None:
    """Return what a key event asks for, or None if it is no single key.

    The place of the key decides where the platform tells it, else its character. The keypad goes by its character,
    because its places serve two purposes.
    """
    if event.modifiers() & _NOT_SINGLE:
        return None
    meaning = _MEANINGS.get(event.key())
    keypad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
    place_known = bool(event.nativeVirtualKey() if sys.platform == "darwin" else event.nativeScanCode())
    if keypad or not place_known:
        return meaning
    return _by_place(event) or meaning


def _by_place(event: QKeyEvent) -> SingleKey | None:
    if sys.platform == "darwin":
        return _MAC_PLACES.get(event.nativeVirtualKey())
    code = event.nativeScanCode()
    return _PLACES.get(code if sys.platform == "win32" else code - _X11_OFFSET)
