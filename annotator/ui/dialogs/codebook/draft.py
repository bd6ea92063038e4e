"""The codebook as it would be saved, while somebody edits it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from annotator.core.codebook import Codebook
from annotator.core.codebook_comparison import CodebookChanges, compare
from annotator.core.codebook_edits import Entry, Problem, entries, merged, problem_of, retired, with_entry


class CodebookDraft(QObject):
    """Holds a draft, what it was made of, and which labels it merges. `changed` comes after each edit."""

    changed = Signal()

    def __init__(
        self,
        codebook: Codebook,
        uses: Mapping[str, int],
        spans: Mapping[str, int],
        parent: QObject | None = None,
        *,
        writable: bool = True,
    ) -> None:
        super().__init__(parent)
        self.base = codebook
        self.codebook = codebook
        self.uses = Counter(uses)
        self.spans = Counter(spans)
        self.writable = writable
        self.merges: dict[str, str] = {}
        self._spans_before = Counter(spans)
        self._uses_before = Counter(uses)
        self._known = {one.id for one in entries(codebook)}
        self._edited = ""

    @property
    def changes(self) -> CodebookChanges:
        """Return what differs from the codebook in use."""
        return compare(self.base, self.codebook)

    @property
    def is_edited(self) -> bool:
        """Say whether anything would be saved."""
        return self.codebook != self.base or bool(self.merges)

    def is_new(self, identity: str) -> bool:
        """Say whether an entry is not in the codebook in use."""
        return identity not in self._known

    def entry(self, identity: str) -> Entry | None:
        """Return an entry of the draft, or None where it has none of this id."""
        return next((one for one in entries(self.codebook) if one.id == identity), None)

    def problem(self) -> Problem | None:
        """Return the first thing that keeps the draft from being saved, or None."""
        return problem_of(self.codebook, self._edited)

    def put(self, entry: Entry) -> None:
        """Take over a changed entry, or a new one."""
        self._edited = entry.id
        self.take(with_entry(self.codebook, entry))

    def take(self, codebook: Codebook) -> None:
        """Take over a changed draft."""
        if codebook != self.codebook:
            self.codebook = codebook
            self.changed.emit()

    def moving(self, label: str) -> int:
        """Return how many spans a label had when editing began."""
        return self._spans_before[label]

    def merge(self, source: str, target: str) -> None:
        """Merge one label into another. Raises CodebookError, and changes nothing."""
        codebook = merged(self.codebook, source, target)
        if not self.is_new(source):
            self.merges[source] = target
        for counts in (self.spans, self.uses):
            counts[target] += counts.pop(source, 0)
        self.take(codebook)

    def use_again(self, identity: str) -> None:
        """Take an entry into use again; a label that was merged just now keeps its spans."""
        target = self.merges.pop(identity, None)
        if target is not None:
            for counts, before in ((self.spans, self._spans_before), (self.uses, self._uses_before)):
                counts[identity] = before[identity]
                counts[target] -= before[identity]
        self.take(retired(self.codebook, identity, out_of_use=False))

    def start_again(self, codebook: Codebook) -> None:
        """Take over another draft, and forget the merges."""
        self.merges.clear()
        self.spans, self.uses = Counter(self._spans_before), Counter(self._uses_before)
        self.take(codebook)
