"""The sections of the export dialog: which documents, which spans, how they are written, how they are shared out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRegularExpression, Signal, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from annotator.core.recipes import ExportRecipe, Selection
from annotator.core.records import STATUSES, Label
from annotator.core.splits import NAMES, WAYS, SplitPlan
from annotator.session.dataset_exports import ExportResult
from annotator.session.datasets import Selectable
from annotator.ui.dialogs.check_list import CheckList
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.dates import DateField
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, Fields, in_a_row, label_icon, plain_label
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped, status_name, tr

USUAL_SPLIT = SplitPlan()


class NumberLine(QLineEdit):
    """A line for a whole number from 0; `changed` tells of another one. What is no number counts as 0."""

    changed = Signal()

    def __init__(self, most: int, value: int, parent: QWidget | None = None) -> None:
        super().__init__(str(value), parent)
        self._most = most
        self.setMaxLength(len(str(most)))
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self))
        self.textChanged.connect(self._tell)

    def value(self) -> int:
        """Return the number."""
        return min(int(self.text() or "0"), self._most)

    def set_value(self, value: int) -> None:
        """Show a number."""
        self.setText(str(value))

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


class Section(QWidget):
    """One tab. `changed` tells that something was chosen; `is_narrowed` says whether it keeps something back."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, GAP, SMALL_GAP, 0)
        self.column.setSpacing(SMALL_GAP)

    @property
    def is_narrowed(self) -> bool:
        """Say whether not everything is as usual."""
        return False

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


class DocumentsSection(Section):
    """Status, dates, and what becomes of text that nobody read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.statuses: dict[str, CheckBox] = {}
        self.usual_statuses: tuple[str, ...] | None = None
        grid = QGridLayout()
        grid.setVerticalSpacing(SMALL_GAP)
        for place, status in enumerate(STATUSES):
            box = CheckBox(status_name(status))
            box.setChecked(True)
            box.toggled.connect(self._tell)
            self.statuses[status] = box
            grid.addWidget(box, place // 3, place % 3)
        self.first, self.last = DateField(), DateField()
        for field, name in ((self.first, self.tr("Dates from")), (self.last, self.tr("Dates to"))):
            field.line.setAccessibleName(name)
            field.line.textChanged.connect(self._tell)
        self.read_only = CheckBox(self.tr("Only text that is known as read"))
        self.read_only.toggled.connect(self._tell)
        hint = self.tr("Paragraphs that nobody has read stay out: nothing tagged in them says nothing.")
        self.column.addWidget(heading(self.tr("Documents with the status")))
        self.column.addLayout(grid)
        self.column.addSpacing(GAP)
        self.column.addWidget(heading(self.tr("Dated from, to")))
        self.column.addWidget(in_a_row(self.first, self.last))
        self.column.addSpacing(GAP)
        self.column.addWidget(self.read_only)
        self.column.addWidget(plain_label(hint, wrap=True, muted=True, scale="small"))
        self.column.addStretch(1)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.first.text() or self.last.text()) or self.read_only.isChecked() or not self._as_usual()

    def _as_usual(self) -> bool:
        return self.chosen_statuses() == self.usual_statuses

    def chosen_statuses(self) -> tuple[str, ...] | None:
        """Return the statuses that are ticked, None where all are."""
        chosen = tuple(status for status, box in self.statuses.items() if box.isChecked())
        return None if len(chosen) == len(STATUSES) else chosen

    def tick(self, statuses: tuple[str, ...] | None) -> None:
        """Tick these statuses, or all."""
        for status, box in self.statuses.items():
            box.setChecked(statuses is None or status in statuses)

    def show_selection(self, selection: Selection) -> None:
        """Show what a selection says of documents."""
        self.tick(selection.statuses)
        self.first.line.setText(selection.first)
        self.last.line.setText(selection.last)
        self.read_only.setChecked(selection.unread == "drop")

    def problem(self) -> str:
        """Say what cannot be; empty where all is well."""
        if not any(box.isChecked() for box in self.statuses.values()):
            return self.tr("Choose at least one status.")
        if False in {field.is_valid() for field in (self.first, self.last)}:
            return self.tr("Write dates as 2031-02-03, 2031-02 or 2031.")
        return ""


class SpansSection(Section):
    """Which labels, and from which sources."""

    def __init__(self, labels: list[Label], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self.labels = CheckList(self.tr("Labels"), self.tr("All labels"))
        self.labels.set_entries([(one.key, one.name, None) for one in labels if not one.retired], self._icons())
        self.labels.changed.connect(self._tell)
        self.sources = CheckList(
            self.tr("Sources"), self.tr("All sources"), self.tr("No document says where it is from.")
        )
        self.sources.changed.connect(self._tell)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for name, part in ((self.tr("Spans with the label"), self.labels), (self.tr("Texts from"), self.sources)):
            column = QVBoxLayout()
            column.setSpacing(SMALL_GAP)
            column.addWidget(heading(name))
            column.addWidget(part, 1)
            row.addLayout(column, 1)
        self.column.addLayout(row, 1)

    def _icons(self) -> dict[str, Any]:
        return {one.key: label_icon(one, self) for one in self._labels}

    @property
    def is_narrowed(self) -> bool:
        return self.labels.chosen() is not None or self.sources.chosen() is not None

    def show_facts(self, found: Selectable) -> None:
        """List labels and sources with how often there is each."""
        self.labels.set_entries(found.labels, self._icons())
        self.sources.set_entries([(name, name, count) for name, count in found.sources])

    def problem(self) -> str:
        """Say what cannot be; empty where all is well."""
        if self.labels.chosen() == ():
            return self.tr("Choose at least one label.")
        return self.tr("Choose at least one source.") if self.sources.chosen() == () else ""


class FormatSection(Section):
    """The options of the format, names, licence, and what the format can never hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options: dict[str, ComboBox] = {}
        self._holder = QWidget()
        self._rows = QVBoxLayout(self._holder)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(SMALL_GAP)
        self.names = CheckBox(self.tr("Include the &names of annotators"))
        self.names.toggled.connect(self._tell)
        self.licence = QLineEdit()
        self.licence.setPlaceholderText(self.tr("such as CC BY 4.0; it stands in the data card"))
        self.licence.textChanged.connect(self._tell)
        fields = Fields()
        fields.add_field(self.tr("Licence"), self.licence)
        self.losses = plain_label("", wrap=True, muted=True)
        self.column.addWidget(self._holder)
        self.column.addSpacing(SMALL_GAP)
        self.column.addLayout(fields)
        self.column.addWidget(self.names)
        self.column.addSpacing(GAP)
        self.column.addWidget(heading(self.tr("What this format can never hold")))
        self.column.addWidget(self.losses)
        self.column.addStretch(1)

    @property
    def is_narrowed(self) -> bool:
        changed = any(box.currentIndex() > 0 for box in self.options.values())
        return changed or self.names.isChecked() or bool(self.licence.text().strip())

    def show_format(self, entry: Any, chosen: Mapping[str, str]) -> None:
        """Show the options of a format as they are chosen, and what it loses."""
        while self._rows.count():
            widget = self._rows.takeAt(0).widget()  # type: ignore[union-attr]
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.options = {}
        for option in entry.options:
            box = ComboBox()
            box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            for value, title in option.choices:
                box.addItem(title, value)
            box.setCurrentIndex(max(0, box.findData(chosen.get(option.name, option.usual))))
            box.setAccessibleName(option.title)
            box.currentIndexChanged.connect(self._tell)
            self.options[option.name] = box
            self._rows.addWidget(plain_label(option.title, muted=True))
            self._rows.addWidget(box)
        self._holder.setVisible(bool(self.options))
        self.losses.setText("\n".join(f"·  {loss}" for loss in entry.loses) or self.tr("Nothing is lost."))

    def chosen_options(self) -> dict[str, str]:
        """Return the value of each option that is not as usual."""
        return {name: box.currentData() for name, box in self.options.items() if box.currentIndex() > 0}


class SplitSection(Section):
    """Whether documents are shared out to train, validate and test, and what comes of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = CheckBox(self.tr("Share documents out to train, validate and test"))
        self.wanted.toggled.connect(self._show_whether)
        self.shares = [NumberLine(100, share) for share in USUAL_SPLIT.shares]
        self.seed = NumberLine(999_999, USUAL_SPLIT.seed)
        self.way = ComboBox()
        ways = {
            "labels": self.tr("so that labels are spread evenly"),
            "date": self.tr("by date: the newest for the test"),
            "source": self.tr("by source: each wholly on one side"),
        }
        for way in WAYS:
            self.way.addItem(ways[way], way)
        self.way.currentIndexChanged.connect(self._tell)
        for field in (*self.shares, self.seed):
            field.changed.connect(self._tell)
        self.fields = QWidget()
        rows = Fields()
        rows.setContentsMargins(0, 0, 0, 0)
        self.fields.setLayout(rows)
        rows.add_row(self.tr("Percent"), in_a_row(*self.shares), self.shares[0])
        for field, name in zip(self.shares, (self.tr("Train"), self.tr("Validate"), self.tr("Test")), strict=True):
            field.setAccessibleName(name)
        rows.add_field(self.tr("Share out"), self.way)
        rows.add_field(self.tr("Seed"), self.seed)
        self.outcome = plain_label("", wrap=True)
        self.together = plain_label("", wrap=True, muted=True)
        for widget in (self.wanted, self.fields, self.outcome, self.together):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._show_whether()

    @property
    def is_narrowed(self) -> bool:
        return self.wanted.isChecked()

    def show_plan(self, plan: SplitPlan | None) -> None:
        """Show how documents are shared out, or that they are not."""
        self.wanted.setChecked(plan is not None)
        shown = plan or USUAL_SPLIT
        for field, share in zip(self.shares, shown.shares, strict=True):
            field.set_value(share)
        self.seed.set_value(shown.seed)
        self.way.setCurrentIndex(WAYS.index(shown.way))

    def plan(self) -> SplitPlan | None:
        """Return how documents are to be shared out, None where they are not."""
        if not self.wanted.isChecked():
            return None
        train, validation, test = (field.value() for field in self.shares)
        return SplitPlan((train, validation, test), self.seed.value(), self.way.currentData())

    def problem(self) -> str:
        """Say what cannot be; empty where all is well."""
        total = sum(field.value() for field in self.shares)
        if not self.wanted.isChecked() or total == 100:
            return ""
        return self.tr("The shares add up to {total} %. Make it 100 %.").format(total=total)

    def show_waiting(self, words: str = "") -> None:
        """Say that the sides are being found, or why there are none."""
        self.outcome.setText(words if self.wanted.isChecked() else "")
        self.together.setText("")

    def show_result(self, result: ExportResult, recipe: ExportRecipe) -> None:
        """Show how many documents come to each side, and what had to stay together."""
        if recipe.split is None:
            self.show_waiting()
            return
        self.outcome.setText(sides_words(result))
        lines = []
        leaks = result.leaks
        if leaks is not None and leaks.groups:
            groups = len(set(leaks.groups.values()))
            in_groups = self.tr("1 group") if groups == 1 else self.tr("{count} groups").format(count=grouped(groups))
            words = self.tr("{documents} documents in {groups} share sentences or are nearly the same text.")
            lines.append(words.format(documents=grouped(len(leaks.groups)), groups=in_groups))
            words = self.tr("Each group stays on one side; the largest has {count} documents.")
            lines.append(words.format(count=grouped(leaks.largest)))
        elif leaks is not None:
            lines.append(self.tr("No two documents share a sentence or are nearly the same text."))
        if recipe.assigned:
            words = self.tr("{count} documents keep the side that they were given before.")
            lines.append(words.format(count=grouped(len(recipe.assigned))))
        self.together.setText("\n".join(lines))

    @Slot()
    def _show_whether(self) -> None:
        self.fields.setEnabled(self.wanted.isChecked())
        for field in self.fields.findChildren(QLabel):
            field.setEnabled(True)
        self.show_waiting()
        self.changed.emit()


def sides_words(result: ExportResult) -> str:
    """Return how many documents are on each side, in words."""
    names = dict(zip(NAMES, (tr("train"), tr("validate"), tr("test")), strict=True))
    return " · ".join(f"{names[side]} {grouped(result.sides.get(side, 0))}" for side in NAMES)
