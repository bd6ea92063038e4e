"""Random journals of replicas that change the same rows without seeing each other, or now and then seeing them."""

from __future__ import annotations

import random

from annotator.core.journal import JournalChange, JournalStep, replay, union

ROWS = ("a", "b", "c", "d")


def step_of(replica: str, counter: int) -> JournalStep:
    return JournalStep(f"{replica}-{counter}", replica, counter, "title", "annotator", "2030-01-01", None, True, "")


def grow(rng: random.Random, *, replicas: int, size: int) -> list[list[JournalChange]]:
    """Return each replica's journal after random changes and random partial exchanges, with clocks far apart."""
    journals: list[list[JournalChange]] = [[] for _ in range(replicas)]
    for _ in range(size):
        who = rng.randrange(replicas)
        if rng.random() < 0.2:
            journals[who] = list(union(journals[who], rng.choice(journals)).values())
            continue
        journals[who].append(_next_change(rng, f"replica-{who}", journals[who]))
    return journals


def _next_change(rng: random.Random, replica: str, journal: list[JournalChange]) -> JournalChange:
    row = rng.choice(ROWS)
    known = replay(journal).get(("entity", row))
    counter = max((change.counter for change in journal), default=0) + 1
    after = None if known is not None and rng.random() < 0.2 else {"value": rng.randrange(1000)}
    identity = f"{replica}:{counter}:{rng.getrandbits(40)}"
    return JournalChange(
        id=identity,
        step=f"{replica}-{counter}",
        replica=replica,
        counter=counter,
        layer=None,
        table="entity",
        row=row,
        revision=identity,
        previous_revision=known.revision if known else None,
        before=known.data if known else None,
        after=after,
    )
