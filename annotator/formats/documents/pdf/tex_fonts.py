"""The letters of TeX's bitmap fonts: a PDF gives their glyphs no names but numbers, and does not say what they mean.

Source of the tables: the encodings T1 (Cork), OT1 and TS1 (signs) of the LaTeX documentation (encguide).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBERED = re.compile(r"a(\d{1,3})")
_FEWEST_LETTERS = 3
_ASCII = {code: chr(code) for code in range(33, 127)} | {39: "’", 96: "‘"}
_OT1 = dict(enumerate("ΓΔΘΛΞΠΣΥΦΨΩ")) | {11: "ff", 12: "fi", 13: "fl", 14: "ffi", 15: "ffl"}
_OT1 |= dict(enumerate("ıȷ`´ˇ˘¯˚¸ßæœøÆŒØ", 16))
_OT1 |= {34: "”", 60: "¡", 62: "¿", 92: "“", 95: "˙", 123: "–", 124: "—", 125: "˝", 126: "˜", 127: "¨"}
_T1 = dict(enumerate("`´ˆ˜¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—")) | {25: "ı", 26: "ȷ"}
_T1 |= {27: "ff", 28: "fi", 29: "fl", 30: "ffi", 31: "ffl", 127: "-"}
_T1 |= dict(enumerate("ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£", 128))
_T1 |= {code: chr(code) for code in range(192, 256)} | {215: "Œ", 223: "SS", 247: "œ", 255: "ß"}
_TS1 = {42: "*", 61: "-", 132: "†", 133: "‡", 134: "‖", 136: "•", 151: "™", 155: "№", 163: "£", 165: "¥", 167: "§"}
_TS1 |= {169: "©", 174: "®", 176: "°", 177: "±", 182: "¶", 183: "·", 188: "¼", 189: "½", 190: "¾", 191: "€"}
_ONLY_T1 = frozenset({21, 22, 27, 28, 29, 30, 31, *range(128, 256)})
_ONLY_OT1 = frozenset({11, 12, 13, 14, 15, 123, 124})


def tex_letters(names: Mapping[int, str]) -> dict[int, str]:
    """Return what the codes of a bitmap font stand for; nothing where its names are no numbers.

    The two encodings differ outside ASCII only; which of them a font has is told by the codes that it uses.
    """
    if not names or not all(_is_own_number(code, name) for code, name in names.items() if name != ".notdef"):
        return {}
    codes = {code for code, name in names.items() if name != ".notdef"}
    if sum(chr(code).isascii() and chr(code).isalpha() for code in codes) < _FEWEST_LETTERS:
        return {code: _TS1[code] for code in codes} if codes <= _TS1.keys() else {}
    is_ot1 = not codes & set(range(128, 256)) and len(codes & _ONLY_OT1) > len(codes & _ONLY_T1)
    letters = _ASCII | (_OT1 if is_ot1 else _T1)
    return {code: letters[code] for code in codes if code in letters}


def _is_own_number(code: int, name: str) -> bool:
    match = _NUMBERED.fullmatch(name)
    return bool(match) and int(match.group(1)) == code
