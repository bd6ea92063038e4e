"""When Python's cyclic collector runs: not while much data is built, and in a window not in any thread that likes."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector from walking data that is being built; it cost half the time of decoding and loading."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def collect_if_due() -> None:
    """Do in this thread what the automatic collector, which is off, would have done by now."""
    for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count > threshold > 0:
            gc.collect(generation)
