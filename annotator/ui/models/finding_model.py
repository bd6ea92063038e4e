"""What the consistency check found, as a list: each rule, and under it its findings; some may be filtered out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from annotator.analysis.consistency.facts import Finding
from annotator.analysis.consistency.rules import RULES
from annotator.ui.models.grouped_model import GroupedModel, GroupedRole, Index
from annotator.ui.words import grouped, one_line, tool_tip, tr

LEAD = 24
"""Code points of the text before a span that are shown with it."""


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What is shown: findings of a rule, in a document, of a label; empty for any."""

    rule: str = ""
    document: str = ""
    label: str = ""

    def takes(self, finding: Finding) -> bool:
        """Say whether a finding is shown."""
        return (
            (not self.rule or finding.rule == self.rule)
            and (not self.document or finding.document == self.document)
            and (not self.label or finding.label == self.label)
        )


@dataclass(frozen=True, slots=True)
class _Row:
    rule: str
    finding: Finding | None = None
    count: int = 0


class FindingModel(GroupedModel):
    """Rules in the order of their table, findings in the order of documents and text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: dict[str, list[Finding]] = {}
        self._filter = FindingFilter()
        self._rows: list[_Row] = []

    @property
    def shown(self) -> list[Finding]:
        """Return the findings that are shown, in order."""
        return [row.finding for row in self._rows if row.finding is not None]

    def count(self) -> int:
        """Return how many findings there are, whether they are shown or not."""
        return sum(map(len, self._found.values()))

    def document_count(self) -> int:
        """Return in how many documents something was found."""
        return sum(1 for findings in self._found.values() if findings)

    def rule_counts(self) -> dict[str, int]:
        """Return how many findings each rule has, those without any left out."""
        counts = dict.fromkeys(RULES, 0)
        for findings in self._found.values():
            for finding in findings:
                counts[finding.rule] += 1
        return {rule: count for rule, count in counts.items() if count}

    def set_findings(self, findings: Iterable[Finding]) -> None:
        """Show other findings."""
        self._found = {}
        for finding in findings:
            self._found.setdefault(finding.document, []).append(finding)
        self._fill()

    def replace(self, by_document: Mapping[str, Sequence[Finding]]) -> None:
        """Show what these documents have now; those of other documents stay."""
        self._found |= {document: list(findings) for document, findings in by_document.items()}
        self._fill()

    def set_filter(self, wanted: FindingFilter) -> None:
        """Show only some of the findings."""
        if wanted != self._filter:
            self._filter = wanted
            self._fill()

    def _fill(self) -> None:
        taken = [one for findings in self._found.values() for one in findings if self._filter.takes(one)]
        taken.sort(key=lambda one: (one.title, one.document, one.start, one.end))
        by_rule: dict[str, list[Finding]] = {rule: [] for rule in RULES}
        for finding in taken:
            by_rule[finding.rule].append(finding)
        self.beginResetModel()
        self._rows = []
        for rule, findings in by_rule.items():
            if findings:
                self._rows.append(_Row(rule, count=len(findings)))
                self._rows += [_Row(rule, finding) for finding in findings]
        self.endResetModel()

    def finding(self, index: Index) -> Finding | None:
        """Return the finding of a row; None for a rule."""
        return self._rows[index.row()].finding if index.isValid() else None

    def place_of(self, finding: Finding, row: int = 0) -> QModelIndex:
        """Return the row of a finding; where it is gone, that of the one which took its place about a row."""
        for place, one in enumerate(self._rows):
            if one.finding is not None and _key(one.finding) == _key(finding):
                return self.index(place)
        after = [place for place, one in enumerate(self._rows) if one.finding is not None]
        nearest = min(after, key=lambda place: (abs(place - row), -place), default=None)
        return QModelIndex() if nearest is None else self.index(nearest)

    def is_heading(self, place: int) -> bool:
        """Say whether the row at a place is a rule."""
        return self._rows[place].finding is None

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.is_heading(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == GroupedRole.ROW:
            return row.finding
        if role == GroupedRole.COUNT:
            return row.count
        if role == Qt.ItemDataRole.DisplayRole:
            return rule_name(row.rule) if row.finding is None else one_line(row.finding.quote, 200)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(tr(RULES[row.rule].meaning) if row.finding is None else message(row.finding))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if row.finding is None:
                return f"{rule_name(row.rule)}, {finding_count(row.count)}"
            return f"{message(row.finding)} {row.finding.quote}. {row.finding.title}"
        return None


def rule_name(rule: str) -> str:
    """Return what a rule is called, in the language of the window."""
    return tr(RULES[rule].name)


def message(finding: Finding) -> str:
    """Return what is wrong, in the language of the window."""
    return tr(finding.template).format(**finding.fields)


def finding_count(count: int) -> str:
    """Return a number of findings in words."""
    return tr("1 finding") if count == 1 else tr("{count} findings").format(count=grouped(count))


def snippet(finding: Finding) -> tuple[str, tuple[int, int]]:
    """Return a finding's words with a little text around them, and where the words are in it, in code points."""
    lead = finding.before[-LEAD:]
    if len(finding.before) > LEAD:
        lead = "…" + (lead.partition(" ")[2] if " " in lead.strip() else lead)
    return lead + finding.quote + finding.after, (len(lead), len(lead) + len(finding.quote))


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.document, finding.annotation, finding.relation, finding.argument
