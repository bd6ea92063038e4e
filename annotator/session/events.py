"""Tells whoever shows something what has changed, after it was committed."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.changes import ChangeSet

Listener = Callable[[ChangeSet], None]


class Events:
    """Listeners are called in the thread of the verb that made the change."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with every ChangeSet from now on."""
        self._listeners.append(listener)

    def unsubscribe(self, listener: Listener) -> None:
        """Stop calling `listener`."""
        self._listeners.remove(listener)

    def emit(self, changes: ChangeSet) -> None:
        """Tell every listener of a committed ChangeSet."""
        for listener in list(self._listeners):
            listener(changes)
