"""What the figures tell apart, what they leave out, and what they say where they are not defined."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest

from annotator.analysis.agreement.figures import FIGURES, REASONS, Figure, Measured, bootstrap, measure, overall_values
from annotator.analysis.agreement.matching import matched_units, possible_matches
from annotator.analysis.agreement.tallies import tally
from annotator.analysis.agreement.units import LayeredDocument, Unit
from tests.analysis.agreement.examples import LABELS, drawn, layered


def measured(*documents: LayeredDocument, layers: str = "AB", samples: int = 0) -> Measured:
    return measure(tally(documents, layers, LABELS), samples=samples)


def every_figure(found: Measured) -> Iterable[Figure]:
    for figures in (found.overall, *found.by_label.values(), *found.by_pair.values(), *found.by_document.values()):
        yield from figures.values()


class TestWhereAndWhich:
    SPANS = [(0, 40, "pledge"), (100, 140, "condition"), (300, 380, "pledge"), (500, 510, "signal")]

    def test_other_labels_leave_where_alone(self) -> None:
        other = [(start, end, "criticism" if label == "pledge" else label) for start, end, label in self.SPANS]
        found = measured(layered({"A": self.SPANS, "B": other}))
        assert found.overall["alpha_unitising"].value == 1
        assert found.overall["f1_exact"].value == 1
        assert found.overall["f1_strict"].value == 0.5
        assert (found.overall["alpha_labels"].value or 1) < 0.5

    def test_other_edges_leave_which_alone(self) -> None:
        other = [(start + 3, end + 9, label) for start, end, label in self.SPANS[:3]]
        found = measured(layered({"A": self.SPANS, "B": other}))
        assert found.overall["alpha_labels"].value == 1
        assert found.overall["cohen"].value == 1
        assert (found.overall["alpha_unitising"].value or 1) < 0.95
        assert found.overall["f1_strict"].value == 0

    def test_what_one_overlooked_does_not_count_against_labels(self) -> None:
        found = measured(layered({"A": self.SPANS, "B": self.SPANS[:2]}))
        assert found.overall["alpha_labels"].value == 1
        assert found.overall["f1_strict"].value == pytest.approx(2 * 2 / 6)

    def test_the_older_unitising_alpha_tells_of_both(self) -> None:
        same = measured(layered({"A": self.SPANS, "B": self.SPANS}))
        other = measured(layered({"A": self.SPANS, "B": [(s, e, "criticism") for s, e, _ in self.SPANS]}))
        assert same.alpha_u == 1
        assert other.alpha_u is not None and other.alpha_u < 0.5


def test_untagged_text_cannot_swamp_a_figure() -> None:
    one = [(10, 50, "pledge"), (100, 130, "condition"), (160, 180, "signal"), (185, 199, "pledge")]
    other = [(10, 40, "pledge"), (110, 140, "signal"), (186, 199, "pledge")]
    values = []
    for characters in (400, 40_000, 4_000_000):
        found = measured(layered({"A": one, "B": other}, characters))
        defined = [found.overall[name].value for name in FIGURES if name != "relations_f1"]
        values.append([value for value in defined if value is not None])
        assert len(values[-1]) == len(FIGURES) - 1
    near, far = np.array(values[1]), np.array(values[2])
    assert np.allclose(near, far, atol=0.005)
    assert all(value < 0.8 for name, value in zip(FIGURES, far, strict=False) if name.startswith("alpha"))


class TestNotDefined:
    SPAN = [(0, 10, "pledge")]

    def test_one_layer(self) -> None:
        found = measure(tally([layered({"A": self.SPAN})], "A", LABELS))
        assert {figure.reason for figure in every_figure(found)} == {"one_layer"}
        assert set(found.overall) == set(FIGURES)

    def test_no_document_in_common(self) -> None:
        found = measured(layered({"A": self.SPAN}), layered({"B": self.SPAN}, document="e"))
        assert found.documents == 0
        assert {figure.reason for figure in every_figure(found)} == {"no_documents"}

    @pytest.mark.parametrize("characters", [0, 100])
    def test_nobody_tagged_anything(self, characters: int) -> None:
        found = measured(layered({"A": [], "B": []}, characters), layered({"A": [], "B": []}, 0, "e"), samples=50)
        assert found.documents == 2
        assert {figure.reason for figure in every_figure(found)} == {"nothing_tagged", "no_relations"}
        assert found.alpha_u is None

    def test_one_tagged_and_the_other_found_nothing(self) -> None:
        found = measured(layered({"A": self.SPAN, "B": []}))
        assert found.overall["f1_strict"].value == 0
        assert found.overall["precision_strict"].value == 0
        assert found.overall["alpha_labels"].reason == "nothing_matched"
        assert (found.overall["alpha_unitising"].value or 1) < 0.1

    def test_all_the_same_label(self) -> None:
        found = measured(layered({"A": [*self.SPAN, (20, 30, "pledge")], "B": self.SPAN}))
        for name in ("alpha_labels", "cohen", "fleiss"):
            assert found.overall[name] == Figure(reason="no_variation")

    def test_everything_tagged(self) -> None:
        found = measured(layered({"A": [(0, 100, "pledge")], "B": [(0, 100, "pledge")]}, 100))
        assert found.overall["alpha_unitising"].reason == "no_variation"

    def test_no_unit_that_all_tagged(self) -> None:
        found = measured(
            layered({"A": [(0, 9, "pledge"), (20, 29, "signal")], "B": [(0, 9, "pledge")], "C": [(20, 29, "signal")]}),
            layers="ABC",
        )
        assert found.overall["fleiss"].reason == "nothing_matched_by_all"
        assert found.overall["alpha_labels"].value == 1

    @pytest.mark.parametrize("seed", range(6))
    def test_there_is_a_value_or_a_reason(self, seed: int) -> None:
        found = measured(*drawn(seed, documents=4, most=2), layers="ABC", samples=40)
        for figure in every_figure(found):
            assert (figure.value is None) == (figure.reason in REASONS)
            for number in (figure.value, figure.low, figure.high):
                assert number is None or math.isfinite(number)


class TestRelations:
    SPANS = {"A": [(0, 10, "condition"), (20, 40, "pledge")], "B": [(0, 11, "condition"), (20, 38, "pledge")]}

    def f1(self, of_a: list[tuple[str, str, str]], of_b: list[tuple[str, str, str]]) -> float | None:
        found = measured(layered(self.SPANS, relations={"A": of_a, "B": of_b}))
        return found.overall["relations_f1"].value

    def test_ends_that_match_and_the_same_type(self) -> None:
        assert self.f1([("A0", "conditions", "A1")], [("B0", "conditions", "B1")]) == 1

    def test_another_direction_or_type_is_another_relation(self) -> None:
        assert self.f1([("A0", "conditions", "A1")], [("B1", "conditions", "B0")]) == 0
        assert self.f1([("A0", "conditions", "A1")], [("B0", "restates", "B1")]) == 0

    def test_one_that_the_other_has_not(self) -> None:
        assert self.f1([("A0", "conditions", "A1")], []) == 0
        both = [("A0", "conditions", "A1"), ("A1", "restates", "A0")]
        assert self.f1(both, [("B0", "conditions", "B1")]) == pytest.approx(2 / 3)
        assert self.f1([], []) is None


class TestMatching:
    @staticmethod
    def units(*spans: tuple[int, int, int]) -> list[Unit]:
        return sorted(Unit(s, e, k, f"{s}-{e}-{k}", ((s, e),), e - s) for s, e, k in spans)

    def pairs(self, *layers: list[Unit]) -> list[tuple[str | None, ...]]:
        found = matched_units(layers, possible_matches(layers))
        return [tuple(unit.id if unit else None for unit in group) for group in found]

    def test_the_best_match_first(self) -> None:
        one, other = self.units((0, 100, 0), (60, 100, 0)), self.units((58, 100, 1))
        assert self.pairs(one, other) == [("0-100-0", None), ("60-100-0", "58-100-1")]

    def test_less_than_half_of_the_shorter_is_no_match(self) -> None:
        assert self.pairs(self.units((0, 20, 0)), self.units((11, 31, 0))) == [("0-20-0", None), (None, "11-31-0")]
        assert self.pairs(self.units((0, 20, 0)), self.units((10, 30, 0))) == [("0-20-0", "10-30-0")]

    def test_identical_spans_match_by_label(self) -> None:
        one, other = self.units((0, 9, 0), (0, 9, 1)), self.units((0, 9, 1), (0, 9, 2))
        assert self.pairs(one, other) == [("0-9-0", "0-9-2"), ("0-9-1", "0-9-1")]

    def test_a_group_has_one_unit_of_a_layer(self) -> None:
        one, other, third = self.units((0, 10, 0)), self.units((0, 6, 0), (5, 10, 0)), self.units((0, 10, 0))
        assert self.pairs(one, other, third) == [("0-10-0", "0-6-0", "0-10-0"), (None, "5-10-0", None)]

    def test_pieces_and_not_the_hull_are_shared(self) -> None:
        pieces = Unit(0, 100, 0, "pieces", ((0, 10), (90, 100)), 20)
        assert self.pairs([pieces], self.units((20, 80, 0))) == [("pieces", None), (None, "20-80-0")]


class TestBootstrap:
    def test_the_interval_holds_the_value_and_is_the_same_each_time(self) -> None:
        documents = drawn(1, documents=40)
        one, again = measured(*documents, layers="ABC", samples=300), measured(*documents, layers="ABC", samples=300)
        assert one == again
        for name in ("alpha_unitising", "alpha_labels", "alpha_characters", "cohen", "fleiss", "f1_strict"):
            figure = one.overall[name]
            assert figure.low is not None and figure.high is not None and figure.value is not None
            assert figure.low < figure.value < figure.high

    def test_a_sample_is_measured_like_documents_that_were_put_in_so_often(self) -> None:
        """Summed rows of a sample give the figures of a corpus in which the documents stand as often."""
        documents = drawn(5, documents=4)
        tallies = tally(documents, "ABC", LABELS)
        weights = np.array([[2.0, 0.0, 1.0, 1.0]])
        drawn_values = overall_values(tallies, lambda rows: weights @ rows)
        repeated = [documents[0], documents[0], documents[2], documents[3]]
        expected = measure(tally(repeated, "ABC", LABELS), samples=0).overall
        for name, values in drawn_values.items():
            assert float(values[0]) == pytest.approx(
                expected[name].value if expected[name].value is not None else math.nan, nan_ok=True
            )

    def test_one_document_has_no_interval(self) -> None:
        assert measured(drawn(2, documents=1)[0], layers="ABC", samples=50).overall["f1_strict"].interval is None

    def test_can_be_stopped(self) -> None:
        class StoppedError(Exception):
            pass

        def check(done: int, of: int) -> None:
            raise StoppedError

        with pytest.raises(StoppedError):
            bootstrap(3, {("overall", 0): lambda weigh: {}}, 10, check)


def test_months_and_documents_are_measured_by_themselves() -> None:
    documents = drawn(4, documents=9)
    found = measured(*documents, layers="ABC")
    alone = measured(documents[4], layers="ABC").overall
    for name, figure in found.by_document["d4"].items():
        assert figure.value == (alone[name].value if alone[name].value is None else pytest.approx(alone[name].value))
    assert found.months == {"2031-01": 3, "2031-02": 3, "2031-03": 3}
    month = measured(documents[0], documents[3], documents[6], layers="ABC").overall
    assert found.by_month["2031-01"]["f1_partial"].value == pytest.approx(month["f1_partial"].value)


def test_labels_that_are_not_asked_for_are_left_out() -> None:
    document = layered({"A": [(0, 9, "pledge"), (20, 29, "signal")], "B": [(0, 9, "pledge")]})
    found = measure(tally([document], "AB", ["pledge"]), samples=0)
    assert found.overall["f1_strict"].value == 1
    assert found.spans == {"A": {"pledge": 1}, "B": {"pledge": 1}}
