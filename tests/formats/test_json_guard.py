"""What would crash a parser, or be changed by it, is refused before it sees it, in whatever pieces it comes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.datasets.json_guard import DEEPEST, JsonGuard, UnsafeJsonError

SIZES = [1, 7, 13, 10_000]


def read_through(data: bytes, size: int) -> bytes:
    guard, found = JsonGuard(io.BytesIO(data)), b""
    while piece := guard.read(size):
        found += piece
    return found


pieces = ["a", "[", "]", "{", "}", '"', "\\", "\n", "ud800", "\U0001f600"]
texts = st.lists(st.sampled_from(pieces), max_size=8).map("".join)
values = st.recursive(
    st.none() | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


@given(data=values, size=st.integers(1, 40))
def test_what_is_sound_passes_to_the_letter(data: Any, size: int) -> None:
    for escaped in (True, False):
        encoded = json.dumps(data, ensure_ascii=escaped).encode()
        assert read_through(encoded, size) == encoded


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[ {"]":\n'])
def test_what_is_too_deep_is_refused(opening: bytes, size: int) -> None:
    levels = DEEPEST // sum(opening.count(sign) for sign in (b"[", b"{"))
    assert read_through(opening * levels, size)
    with pytest.raises(UnsafeJsonError, match="too deeply"):
        read_through(opening * (levels + 1), size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("half", [rb"\ud800", rb"\uDFFF", rb"\ude00\ud83d", rb"\\\ud83d", rb"\ud83d\ud83d\ude00"])
@pytest.mark.parametrize("around", [b"", b"x" * 200])
def test_half_a_character_is_refused(half: bytes, around: bytes, size: int) -> None:
    with pytest.raises(UnsafeJsonError, match="half a character"):
        read_through(b'{"text": "' + around + half + around + b'"}', size)


@pytest.mark.parametrize("size", SIZES)
def test_what_only_looks_so_is_none(size: int) -> None:
    sound = json.dumps(["[" * 9_000, '"[{\\' * 900, "\U0001f600" * 300]).encode() + rb'["\\ud800", "\\\\ude00"]'
    assert read_through(sound, size) == sound
