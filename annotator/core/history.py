"""Which step a person's next undo and redo take, as a function of the steps alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Step(Protocol):
    """The part of a journal step that history needs."""

    @property
    def id(self) -> str:
        """Return the step's id."""
        ...

    @property
    def reverts(self) -> str | None:
        """Return the id of the step that this one takes back."""
        ...

    @property
    def undoable(self) -> bool:
        """Say whether undo may take this step back."""
        ...


@dataclass(frozen=True, slots=True)
class Stacks:
    """Step ids that can be taken back and put back, the next one last.

    Both hold steps to *revert*: to undo a step is to revert it, to redo is to revert its undoing.
    `undone` holds the ids of original steps whose effect is not in force.
    """

    undo: tuple[str, ...]
    redo: tuple[str, ...]
    undone: frozenset[str]


def stacks(steps: Iterable[Step]) -> Stacks:
    """Return the undo and redo stacks of one person's steps, given oldest first.

    A new step empties the redo stack, as everywhere. Reverting a step that is not the last takes it out of the
    middle of the undo stack. A step that reverts one from before the steps given is on neither stack.
    """
    undo: dict[str, None] = {}
    redo: dict[str, None] = {}
    origin: dict[str, str] = {}
    undone: set[str] = set()
    for step in steps:
        if not step.undoable:
            continue
        if step.reverts is None:
            undo[step.id] = None
            redo.clear()
            continue
        if step.reverts not in undo and step.reverts not in redo:
            continue
        source, target = (undo, redo) if step.reverts in undo else (redo, undo)
        del source[step.reverts]
        target[step.id] = None
        original = origin.pop(step.reverts, step.reverts)
        origin[step.id] = original
        (undone.add if source is undo else undone.discard)(original)
    return Stacks(tuple(undo), tuple(redo), frozenset(undone))
