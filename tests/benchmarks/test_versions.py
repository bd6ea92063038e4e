"""Finding 10,000 spans in an edited version of a megabyte, against reading the file that holds it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from annotator.core.anchors import Placing
from annotator.workers.pool import ParserPool
from tests.benchmarks.repeated import measured

Report = Callable[[str], None]
Pair = Callable[..., tuple[float, float]]

SPANS = 10_000
MOST = 4
"""Times the reading of the file in its child."""

_WORDS = 9_000


def megabyte(rng: random.Random) -> list[str]:
    """Return paragraphs of made-up words of which few are frequent, as in a text."""
    words = ["".join(rng.choice("abdeiklmnorstu") for _ in range(rng.randint(2, 9))) for _ in range(_WORDS)]
    paragraphs = []
    size = 0
    while size < 1_000_000:
        chosen = [words[min(int(rng.expovariate(1 / 600)), _WORDS - 1)] for _ in range(rng.randint(20, 140))]
        paragraphs.append(" ".join(chosen).capitalize() + ".")
        size += len(paragraphs[-1])
    return paragraphs


def edited(paragraphs: list[str], rng: random.Random) -> list[str]:
    """Return the paragraphs with a tenth of them reworded, some gone, some new, and some in another place."""
    result = list(paragraphs)
    for place in rng.sample(range(len(result)), len(result) // 10):
        words = result[place].split()
        words[rng.randrange(len(words))] = "reworded"
        result[place] = " ".join(words)
    for _ in range(30):
        del result[rng.randrange(len(result))]
        result.insert(rng.randrange(len(result)), "A paragraph that was not there before, with a few words.")
        result.insert(rng.randrange(len(result)), result.pop(rng.randrange(len(result))))
    return result


def test_placing_many_spans(report: Report, side_by_side: Pair) -> None:
    rng = random.Random(5)
    paragraphs = megabyte(rng)
    old, new = "\n\n".join(paragraphs), "\n\n".join(edited(paragraphs, rng))
    spans = [(start, start + rng.randint(20, 160)) for start in rng.sample(range(len(old) - 200), SPANS)]

    def place() -> int:
        placing = Placing(old, new)
        return sum(placing.place([span]).sure for span in spans)

    sure = place()
    with ParserPool(1) as pool:

        def read() -> object:
            return pool.read("new.txt", new.encode()).result()

        read()
        ours, theirs = measured(lambda: side_by_side(place, read, 3), lambda found: found[0] <= MOST * found[1])
    report(
        f"{SPANS:,} spans in an edited megabyte: {ours:.0f} ms ({sure:,} sure), reading the file {theirs:.0f} ms, "
        f"ratio {ours / theirs:.1f} (<= {MOST})"
    )
    assert sure > 0.9 * SPANS
    assert ours <= MOST * theirs


def test_repetition_takes_no_longer(report: Report) -> None:
    def seconds(old: str, new: str) -> float:
        begun = time.perf_counter()
        placing = Placing(old, new)
        for start in range(0, len(old) - 400, 400):
            placing.place([(start, start + 300)])
        return time.perf_counter() - begun

    rng = random.Random(6)
    paragraphs = megabyte(rng)[:600]
    usual = seconds("\n".join(paragraphs), "\n".join(edited(paragraphs, rng)))
    size = len("\n".join(paragraphs))
    line = "The same line again.\n"
    lines = seconds(line * (size // len(line)), line * (size // len(line) - 400) + "Another.\n")
    letters = seconds("a " * (size // 2), "a " * (size // 2 - 400) + "b ")
    report(f"300 KB: usual {usual:.2f} s, equal lines {lines:.2f} s, equal words {letters:.2f} s (<= 20 times)")
    assert max(lines, letters) <= 20 * usual
