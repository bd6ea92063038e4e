"""Single keys by their place on the keyboard, so that they work under every layout.

How to add a key:
1. name its command in `KeyCommand`;
2. add its places on the keyboard and its character to `_KEYS`;
3. connect what it does to the reading view's `command_pressed`, and name it in `ui/actions/`.
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
    START_EDGE = "start_edge"
    END_EDGE = "end_edge"
    NEXT_UNTAGGED = "next_untagged"
    SPLIT = "split"
    MERGE = "merge"
    ATTRIBUTES = "attributes"
    FOLLOW = "follow"
    READ = "read"
    PREVIOUS_SENTENCE = "previous_sentence"
    NEXT_SENTENCE = "next_sentence"


SingleKey = tuple[KeyCommand, int]

_KEYS = (
    (KeyCommand.REMOVE_FRAGMENT, 12, 27, Qt.Key.Key_Minus),
    (KeyCommand.ADD_FRAGMENT, 13, 24, Qt.Key.Key_Plus),
    (KeyCommand.RELATE, 19, 15, Qt.Key.Key_R),
    (KeyCommand.START_EDGE, 26, 33, Qt.Key.Key_BracketLeft),
    (KeyCommand.END_EDGE, 27, 30, Qt.Key.Key_BracketRight),
    (KeyCommand.ATTRIBUTES, 30, 0, Qt.Key.Key_A),
    (KeyCommand.SPLIT, 31, 1, Qt.Key.Key_S),
    (KeyCommand.FOLLOW, 33, 3, Qt.Key.Key_F),
    (KeyCommand.READ, 45, 7, Qt.Key.Key_X),
    (KeyCommand.NEXT_UNTAGGED, 49, 45, Qt.Key.Key_N),
    (KeyCommand.MERGE, 50, 46, Qt.Key.Key_M),
    (KeyCommand.PREVIOUS_SENTENCE, 51, 43, Qt.Key.Key_Comma),
    (KeyCommand.NEXT_SENTENCE, 52, 47, Qt.Key.Key_Period),
)
"""Each command with its evdev code, which Windows' scan codes (set 1) equal here, its virtual key code on a Mac, and
its character, which counts where no place is known. Sources: linux/input-event-codes.h, Carbon's HIToolbox/Events.h."""

_MAC_DIGITS = (29, 18, 19, 20, 21, 23, 22, 26, 28, 25)

_PLACES: dict[int, SingleKey] = {
    **{code: (KeyCommand.DIGIT, (code - 1) % 10) for code in range(2, 12)},
    **{place: (command, 0) for command, place, _, _ in _KEYS},
}
_MAC_PLACES: dict[int, SingleKey] = {
    **{code: (KeyCommand.DIGIT, digit) for digit, code in enumerate(_MAC_DIGITS)},
    **{place: (command, 0) for command, _, place, _ in _KEYS},
}
_MEANINGS: dict[int, SingleKey] = {
    **{Qt.Key.Key_0 + digit: (KeyCommand.DIGIT, digit) for digit in range(10)},
    Qt.Key.Key_Return: (KeyCommand.ENTER, 0),
    Qt.Key.Key_Enter: (KeyCommand.ENTER, 0),
    Qt.Key.Key_Delete: (KeyCommand.DELETE, 0),
    Qt.Key.Key_Backspace: (KeyCommand.DELETE, 0),
    **{character: (command, 0) for command, _, _, character in _KEYS},
}
_YIELDING = (KeyCommand.START_EDGE, KeyCommand.END_EDGE)
"""On some keyboards another sign with a meaning, such as +, stands in the place of these."""
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
    place = _by_place(event)
    if place is not None and place[0] in _YIELDING and meaning is not None:
        return meaning
    return place or meaning


def _by_place(event: QKeyEvent) -> SingleKey | None:
    if sys.platform == "darwin":
        return _MAC_PLACES.get(event.nativeVirtualKey())
    code = event.nativeScanCode()
    return _PLACES.get(code if sys.platform == "win32" else code - _X11_OFFSET)
