"""How long work tells how far it is, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

Progress = Callable[[int, int, str], None]
"""Called with how much is done, of how much (0 where unknown), and what is at hand."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The person cancelled; what was done before stays as each verb documents."""


class Cancel:
    """A request to stop that one thread makes and another one notices."""

    def __init__(self) -> None:
        self.event = Event()

    def request(self) -> None:
        """Ask the work to stop."""
        self.event.set()

    def is_requested(self) -> bool:
        """Say whether the work should stop."""
        return self.event.is_set()

    def check(self) -> None:
        """Raise Cancelled if the work should stop."""
        if self.event.is_set():
            raise Cancelled


def no_progress(done: int, total: int, what: str) -> None:
    """Tell nobody."""
