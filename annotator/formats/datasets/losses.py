"""What a dataset format could not hold, or a reader did not understand: counted, with a few examples each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EXAMPLES_KEPT = 5


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of loss: how often it happened, and the first few places, in order and each once."""

    kind: str
    count: int
    examples: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the loss as the commands print it."""
        return {"kind": self.kind, "count": self.count, "examples": list(self.examples)}


@dataclass(slots=True)
class LossCollector:
    """Counts losses while a dataset is read or written. Not for use by several threads at once."""

    _counts: dict[str, int] = field(default_factory=dict)
    _examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, example: str, count: int = 1) -> None:
        """Count a loss of this kind; `example` names the place or thing that was lost."""
        self._counts[kind] = self._counts.get(kind, 0) + count
        examples = self._examples.setdefault(kind, [])
        if len(examples) < EXAMPLES_KEPT and example not in examples:
            examples.append(example)

    def clear(self) -> None:
        """Forget what was counted, where the same thing is read once more."""
        self._counts.clear()
        self._examples.clear()

    def losses(self) -> tuple[Loss, ...]:
        """Return what was counted so far, in the order in which each kind first appeared."""
        return tuple(Loss(kind, count, tuple(self._examples[kind])) for kind, count in self._counts.items())
