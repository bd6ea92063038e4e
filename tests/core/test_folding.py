"""Folding: every script, places that lead back, and one way for the index and for the query."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import folding
from annotator.core.folding import as_signs, as_tokens, fold

LETTERS = "aZéÉйЁїßẞİıΣςŁø日本がカ한국ा्كَّ\u0301\u0308\u00ad\u200d\u2019'’ -—.,\n\u00a0\t0١🚢\ufdd0\ud7ff"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ещё ЙОД", "еще иод"),
        ("Straße, ÉTÉ", "straße  ete"),
        ("İstanbul ıLI", "istanbul ili"),
        ("Łódź ΟΔΟΣ", "lodz οδοσ"),
        ("cafe\u0301 sanc\u00adtion", "cafe sanction"),
        ("مُحَمَّد", "محمد"),
        ("सुरक्षा が 한국", "सुरक्षा が 한국"),
        ("don’t об'єкт", "don t об єкт"),
    ],
)
def test_letters_lose_case_and_diacritics(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_signs_and_diacritics_can_be_kept() -> None:
    assert fold("U.S. don’t", signs=True).text == "u.s. don't"
    assert fold("Ещё cafe\u0301", diacritics=False).text == "ещё café"


def test_an_ideograph_is_a_word_of_its_own() -> None:
    assert as_tokens("日本 ABC、ไทย").split() == ["日", "本", "abc", *"ไทย"]
    assert as_signs("  The\n\nPORT. ") == "the port."


@pytest.mark.parametrize("diacritics", [True, False])
@pytest.mark.parametrize("signs", [True, False])
@given(text=st.text(st.sampled_from(LETTERS)) | st.text(st.characters(exclude_categories=["Cs"])))
def test_every_place_leads_back(diacritics: bool, signs: bool, text: str) -> None:
    folded = fold(text, diacritics=diacritics, signs=signs)
    places = [folded.range_in_text(place, place)[0] for place in range(len(folded.text) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)
    for place, character in enumerate(folded.text):
        start, end = folded.range_in_text(place, place + 1)
        own = fold(text[start:end], diacritics=diacritics, signs=signs).text
        assert character in own if start < end else len(unicodedata.normalize("NFD", character)) >= 1


@given(text=st.text(st.sampled_from(LETTERS)) | st.text(st.characters(exclude_categories=["Cs"])))
def test_the_fast_way_is_the_slow_way(text: str) -> None:
    for table in folding._TABLES.values():
        assert folding._translated(text, table) == text.translate(table)


@given(text=st.text(st.sampled_from(LETTERS)))
def test_folding_again_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once
