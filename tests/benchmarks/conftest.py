"""Helpers of the benchmarks: they compare two ways in one run and print the ratio; no absolute time is a test."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest

Report = Callable[[str], None]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    """Print a line past the capture of the output."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="")

    return say


@pytest.fixture
def median_ms() -> Callable[..., float]:
    """Measure a function: the median of several runs, in milliseconds."""

    def measure(work: Callable[[], object], runs: int = 7) -> float:
        times = []
        for _ in range(runs):
            begun = time.perf_counter()
            work()
            times.append((time.perf_counter() - begun) * 1000)
        return statistics.median(times)

    return measure


@pytest.fixture
def side_by_side() -> Callable[..., tuple[float, float]]:
    """Measure two functions in turns, so that what else the machine does meets both: medians in milliseconds."""

    def measure(one: Callable[[], object], other: Callable[[], object], runs: int = 9) -> tuple[float, float]:
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(runs):
            for work, found in zip((one, other), times, strict=True):
                begun = time.perf_counter()
                work()
                found.append((time.perf_counter() - begun) * 1000)
        return statistics.median(times[0]), statistics.median(times[1])

    return measure
