"""Picking a span in the text: those that may be picked keep their colours, the others go grey, one is proposed."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.spans import SpanMark


@dataclass(frozen=True, slots=True)
class Picking:
    """Which spans may be picked, by id, and the one that is proposed."""

    offered: frozenset[str]
    candidate: SpanMark | None = None

    def greys(self, span: str, selected: str | None) -> bool:
        """Say whether a span is drawn without its colours."""
        return span != selected and span not in self.offered
