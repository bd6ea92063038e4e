"""How large a benchmark is, quick unless ANNOTATOR_BENCHMARKS is "full", and how often it is tried."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

TRIES = 5


def sized(quick: int, full: int) -> int:
    """Return the size for a quick run, or the full one where ANNOTATOR_BENCHMARKS asks for it."""
    return full if os.environ.get("ANNOTATOR_BENCHMARKS") == "full" else quick


def measured(measure: Callable[[], Result], reached: Callable[[Result], bool]) -> Result:
    """Return the first of at most five results that reaches the limit, or the last one.

    Another process may have had the machine just then.
    """
    result = measure()
    for _ in range(TRIES - 1):
        if reached(result):
            break
        result = measure()
    return result
