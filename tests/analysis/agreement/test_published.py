"""The coefficients on the worked examples of those who proposed them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from annotator.analysis.agreement import coefficients
from annotator.analysis.agreement.unitising import UnitisingOf2004, where_sums
from annotator.analysis.agreement.units import Interval

FLEISS = """
    444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
    333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555
"""
"""The diagnoses of thirty patients, 1 to 5, by six psychiatrists each."""


def coincidences(units: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return diagonal and margins of the coincidence matrix of units that have these values."""
    values = sorted({value for unit in units for value in unit})
    diagonal, margins = np.zeros(len(values)), np.zeros(len(values))
    for unit in units:
        for place, value in enumerate(values):
            often = unit.count(value)
            if len(unit) > 1 and often:
                diagonal[place] += often * (often - 1) / (len(unit) - 1)
                margins[place] += often
    return diagonal, margins


def test_nominal_alpha_of_four_observers_with_missing_values() -> None:
    """K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, example C (also in A. F. Hayes,
    K. Krippendorff, Communication Methods and Measures 1, 2007, and Content Analysis, 1980): alpha = .743."""
    table = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[row[column] for row in table if row[column] is not None] for column in range(12)]
    diagonal, margins = coincidences(units)  # type: ignore[arg-type]
    assert margins.sum() == 40
    assert coefficients.nominal_alpha(diagonal.sum(), margins) == pytest.approx(0.743, abs=0.0005)


def test_nominal_alpha_of_two_observers_and_two_values() -> None:
    """K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, example A: alpha = .095."""
    first, second = (0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
    diagonal, margins = coincidences([list(pair) for pair in zip(first, second, strict=True)])
    assert list(margins) == [14, 6]
    assert coefficients.nominal_alpha(diagonal.sum(), margins) == pytest.approx(0.095, abs=0.0005)


def test_alpha_over_the_pieces_of_a_continuum() -> None:
    """K. Krippendorff, On the reliability of unitizing contiguous data, Sociological Methodology 25 (1995), p. 57,
    example A cut into 24 pieces: kappa = .385, alpha = .329."""
    layers: list[list[Interval]] = [[(2, 10), (14, 20)], [(4, 8), (15, 17)]]
    sums = np.array(where_sums(layers, 24))
    assert coefficients.character_alpha(sums) == pytest.approx(0.329, abs=0.0005)
    tagged = [{at for start, end in layer for at in range(start, end)} for layer in layers]
    agreeing = 24 - len(tagged[0] ^ tagged[1])
    one, other = (np.array([24 - len(layer), len(layer)]) for layer in tagged)
    assert coefficients.cohen_kappa(np.array(agreeing), one, other) == pytest.approx(0.385, abs=0.0005)


class TestUnitisingOf2004:
    """K. Krippendorff, Content Analysis, 2nd ed. 2004, section 11.6, p. 254: a continuum from 150 to 450."""

    FIRST = {"c": [(225, 70), (370, 30)], "k": [(180, 60), (300, 50)]}
    SECOND = {"c": [(220, 80), (355, 20), (400, 20)], "k": [(180, 60), (300, 50)]}

    @pytest.fixture
    def example(self) -> UnitisingOf2004:
        unitising = UnitisingOf2004(2, 2)
        by_label = [
            [
                [(begin - 150, begin - 150 + length) for begin, length in layer[label]]
                for layer in (self.FIRST, self.SECOND)
            ]
            for label in ("c", "k")
        ]
        unitising.add(by_label, 300)
        return unitising

    def test_disagreements(self, example: UnitisingOf2004) -> None:
        (observed_c, expected_c), (observed_k, expected_k) = example.disagreements()
        assert observed_c == pytest.approx(0.0144, abs=0.00005)
        assert expected_c == pytest.approx(0.0532, abs=0.00005)
        assert observed_k == 0
        assert expected_k == pytest.approx(0.0490, abs=0.00005)

    def test_alphas(self, example: UnitisingOf2004) -> None:
        assert example.alpha(0) == pytest.approx(0.7286, abs=0.00005)
        assert example.alpha(1) == 1
        assert example.alpha() == pytest.approx(0.859, abs=0.0005)


@pytest.mark.parametrize(
    ("first", "second", "observed"),
    [
        ([(2, 8), (14, 6)], [(4, 4), (15, 2)], 0.03125),
        ([(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)], 2.26736),
        ([(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)], 0.02777),
        ([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)], 0.38715),
    ],
)
def test_observed_disagreements_of_1995(
    first: list[tuple[int, int]], second: list[tuple[int, int]], observed: float
) -> None:
    """K. Krippendorff (1995), p. 57: examples A to D. (What is expected by chance was defined anew in 2004.)"""
    unitising = UnitisingOf2004(2, 1)
    unitising.add([[[(begin, begin + length) for begin, length in units] for units in (first, second)]], 24)
    assert unitising.disagreements()[0][0] == pytest.approx(observed, abs=0.00001)


def test_cohens_kappa() -> None:
    """J. Cohen, Educational and Psychological Measurement 20 (1960), p. 45: kappa = .492."""
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]], float)
    kappa = coefficients.cohen_kappa(np.trace(table), table.sum(axis=1), table.sum(axis=0))
    assert kappa == pytest.approx(0.492, abs=0.0005)


def test_fleiss_kappa() -> None:
    """J. L. Fleiss, Psychological Bulletin 76 (1971), table 1: thirty patients, six psychiatrists, kappa = .430."""
    patients = FLEISS.split()
    agreeing = np.array(sum(sum(n * (n - 1) for n in Counter(p).values()) / 30 for p in patients))
    values = np.array([sum(p.count(d) for p in patients) for d in "12345"], float)
    assert agreeing / 30 == pytest.approx(0.5556, abs=0.0005)
    kappa = coefficients.fleiss_kappa(agreeing, np.array(30), values)
    assert kappa == pytest.approx(0.430, abs=0.0005)


def test_unitising_alpha_is_nominal_alpha_where_every_unit_is_one_character_long() -> None:
    """K. Krippendorff and others (2016): with units of length one, unitising is coding."""
    layers: list[list[Interval]] = [[(2, 3), (3, 4), (8, 9)], [(2, 3), (7, 8), (8, 9)], [(8, 9)]]
    sums = np.array(where_sums(layers, 12))
    assert coefficients.unitising_alpha(sums) == pytest.approx(float(coefficients.character_alpha(sums)))
    tagged = [{start for start, _ in layer} for layer in layers]
    diagonal, margins = coincidences([[int(at in layer) for layer in tagged] for at in range(12)])
    assert coefficients.unitising_alpha(sums) == pytest.approx(
        float(coefficients.nominal_alpha(diagonal.sum(), margins))
    )


def by_counting_pairs(layers: list[list[Interval]], characters: int) -> float:
    """Return the unitising alpha, units against gaps, by counting pairs of characters one by one.

    What chance would do: any character of any layer may stand beside any other one, but for those of one and the same
    unit, and for a gap's character and itself.
    """
    places = [(layer, at) for layer in range(len(layers)) for at in range(characters)]
    unit = {
        (layer, at): next((k for k, (start, end) in enumerate(units) if start <= at < end), None)
        for layer, units in enumerate(layers)
        for at in range(characters)
    }
    observed = sum(
        (unit[one, at] is None) != (unit[other, at] is None)
        for at in range(characters)
        for one in range(len(layers))
        for other in range(len(layers))
        if one != other
    ) / (len(layers) - 1)
    pairs = unlike = 0
    for one in places:
        for other in places:
            same_unit = one[0] == other[0] and unit[one] is not None and unit[one] == unit[other]
            if one != other and not same_unit:
                pairs += 1
                unlike += (unit[one] is None) != (unit[other] is None)
    return 1 - observed / (unlike / pairs * len(places))


@pytest.mark.parametrize(
    "layers",
    [
        [[(2, 10), (14, 20)], [(4, 8), (15, 17)]],
        [[(0, 3), (3, 9)], [(1, 9), (12, 13)], []],
        [[(0, 5), (20, 24)], [(0, 6), (20, 24)], [(1, 5), (19, 23)], [(0, 24)]],
    ],
)
def test_unitising_alpha_is_what_counting_pairs_of_characters_gives(layers: list[list[Interval]]) -> None:
    """K. Krippendorff and others (2016), the coefficient |uα, from its definition by pairs."""
    found = coefficients.unitising_alpha(np.array(where_sums(layers, 24)))
    assert float(found) == pytest.approx(by_counting_pairs(layers, 24))
