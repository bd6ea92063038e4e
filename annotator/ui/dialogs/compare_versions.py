"""What became of the pledges, or of any labels, between two versions of a document, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from annotator.analysis.version_comparison import SpanChange, SpanOutcome
from annotator.analysis.version_report import as_csv, as_markdown
from annotator.core.errors import UserError
from annotator.core.records import Document, Label
from annotator.core.version_changes import word_changes
from annotator.session.progress import Cancel, Progress
from annotator.session.session import Session
from annotator.session.version_comparison import VersionComparison, compare_versions, save_report
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import Dialog, ElidedLabel, Figures, in_a_row, label_icon, plain_label
from annotator.ui.dialogs.side_by_side import Side, SideBySide, SideRow
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import heading
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.theme import Theme
from annotator.ui.words import QT_TRANSLATE_NOOP, grouped, tool_tip, tr

SIZE = (1080, 720)
_LABELS_WIDTH = 214
_FILE = 28
"""Characters of a file name that are shown."""

_OUTCOMES = {
    SpanOutcome.ADDED: (QT_TRANSLATE_NOOP("words", "Added"), "added"),
    SpanOutcome.CHANGED: (QT_TRANSLATE_NOOP("words", "Changed"), "changed"),
    SpanOutcome.DROPPED: (QT_TRANSLATE_NOOP("words", "Dropped"), "removed"),
    SpanOutcome.WAITING: (QT_TRANSLATE_NOOP("words", "Not placed yet"), "moved"),
    SpanOutcome.SAME: (QT_TRANSLATE_NOOP("words", "The same"), "same"),
}


def outcome_names() -> dict[SpanOutcome, str]:
    """Return what each outcome is called."""
    return {outcome: tr(name) for outcome, (name, _) in _OUTCOMES.items()}


class CompareVersionsDialog(Dialog):
    """Compares beside the window; what is shown follows the labels, the annotator and the earlier version chosen."""

    def __init__(
        self,
        session: Session,
        document: Document,
        earlier: Sequence[Document],
        tasks: TaskRunner,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        """Compare a document with one of its earlier versions, at first with the one before it."""
        super().__init__(parent)
        self._session, self._document, self._earlier = session, document, list(earlier)
        self._tasks, self._theme = tasks, theme
        self._task: Task | None = None
        self.comparison: VersionComparison | None = None
        self.set_title(self.tr("Compare with the earlier version"))
        self.version = ComboBox()
        self.version.setAccessibleName(self.tr("Earlier version"))
        self.layer = ComboBox()
        self.layer.setAccessibleName(self.tr("Annotator"))
        self.labels = QListWidget()
        self.labels.setAccessibleName(self.tr("Labels"))
        self.labels.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.only_changes = ComboBox()
        self.only_changes.setAccessibleName(self.tr("What is listed"))
        self.figures = Figures(outcome_names()[outcome] for outcome in _OUTCOMES)
        self.spans = SideBySide(theme)
        self.spans.setAccessibleName(self.tr("Spans, the earlier wording at the left"))
        self._nothing = plain_label(self.tr("Nothing to list for these labels."), muted=True)
        self._build()
        self.keep_fitting(*SIZE)
        self._compare()

    def _build(self) -> None:
        newest = self._session.queries.version(self._document)
        for place, version in enumerate(self._earlier):
            number = self._session.queries.version(version)
            self.version.addItem(self._version_title(number, version), version.id)
            self.version.setItemData(place, tool_tip(version.file), Qt.ItemDataRole.ToolTipRole)
        self._later_title = self._version_title(newest, self._document)
        self.only_changes.addItem(self.tr("Everything"), False)
        self.only_changes.addItem(self.tr("Changes only"), True)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(heading(self.tr("Labels")))
        column.addWidget(self.labels, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        right = QWidget()
        rows = QVBoxLayout(right)
        rows.setContentsMargins(8, 0, 0, 0)
        rows.addWidget(self.spans, 1)
        rows.addWidget(self._nothing)
        splitter.addWidget(side)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LABELS_WIDTH, SIZE[0] - _LABELS_WIDTH])
        splitter.setChildrenCollapsible(False)
        self.body.addWidget(ElidedLabel(self._document.title))
        choices = in_a_row(plain_label(self.tr("Earlier:"), muted=True), self.version, self.layer, self.only_changes)
        self.body.addWidget(self.figures)
        self.body.addWidget(choices, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(splitter, 1)
        self.copy_button = self.add_side_button(self.tr("&Copy as text"))
        self.copy_button.clicked.connect(self.copy)
        self.save_button = self.add_side_button(self.tr("&Save as a table…"))
        self.save_button.clicked.connect(self.choose_target)
        self.add_button(self.tr("Close"))
        self.version.currentIndexChanged.connect(self._compare)
        self.layer.currentIndexChanged.connect(self._show)
        self.only_changes.currentIndexChanged.connect(self._show)
        self.labels.itemChanged.connect(self._show)

    def _version_title(self, number: int, version: Document) -> str:
        name = (
            version.file
            if len(version.file) <= _FILE
            else f"{version.file[: _FILE // 2]}…{version.file[-_FILE // 2 :]}"
        )
        return self.tr("Version {number}, {file}").format(number=number, file=name)

    @Slot()
    def _compare(self) -> None:
        job = partial(_compare_job, self._session, self._document.id, self.version.currentData())
        task = self._tasks.start("", job)
        task.handles_failure = True
        task.finished.connect(self._take)
        task.failed.connect(self._fail)
        self._task = task

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self.show_problem(error_text(error))

    @Slot(object)
    def _take(self, comparison: VersionComparison) -> None:
        if self.sender() is not self._task:
            return
        self._task, self.comparison = None, comparison
        self._fill_labels(comparison)
        self._fill_layers(comparison)
        self._show()

    def _fill_labels(self, comparison: VersionComparison) -> None:
        off = {
            item.data(Qt.ItemDataRole.UserRole)
            for item in self._label_items()
            if item.checkState() != Qt.CheckState.Checked
        }
        self.labels.blockSignals(True)
        self.labels.clear()
        for label in comparison.labels:
            item = QListWidgetItem(label_icon(label, self), label.name)
            item.setData(Qt.ItemDataRole.UserRole, label.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if label.id in off else Qt.CheckState.Checked)
            self.labels.addItem(item)
        self.labels.blockSignals(False)

    def _fill_layers(self, comparison: VersionComparison) -> None:
        chosen = self.layer.currentData()
        self.layer.blockSignals(True)
        self.layer.clear()
        self.layer.addItem(self.tr("All annotators"), "")
        for layer, name in sorted(comparison.layers.items(), key=lambda item: item[1]):
            self.layer.addItem(name, layer)
        self.layer.setCurrentIndex(max(0, self.layer.findData(chosen)))
        self.layer.setVisible(len(comparison.layers) > 1)
        self.layer.blockSignals(False)

    def _label_items(self) -> list[QListWidgetItem]:
        return [self.labels.item(row) for row in range(self.labels.count())]

    def chosen(self) -> list[SpanChange]:
        """Return what became of the spans of the labels and the annotator that are chosen."""
        if self.comparison is None:
            return []
        labels = [
            item.data(Qt.ItemDataRole.UserRole)
            for item in self._label_items()
            if item.checkState() == Qt.CheckState.Checked
        ]
        layer = self.layer.currentData()
        return [
            change
            for change in self.comparison.changes
            if any(change.has_label(label) for label in labels) and (not layer or change.annotation.layer == layer)
        ]

    @Slot()
    def _show(self) -> None:
        comparison = self.comparison
        if comparison is None:
            return
        chosen = self.chosen()
        counts = Counter(change.outcome for change in chosen)
        self.figures.set_numbers(*(counts[outcome] for outcome in _OUTCOMES))
        self._show_label_counts(comparison)
        if self.only_changes.currentData():
            chosen = [change for change in chosen if change.outcome is not SpanOutcome.SAME]
        labels = {label.id: label for label in comparison.labels}
        rows = [self._row(change, labels) for change in chosen]
        self.spans.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self.spans.show_rows(rows, (self.version.currentText(), self._later_title))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(chosen))

    def _show_label_counts(self, comparison: VersionComparison) -> None:
        names = outcome_names()
        layer = self.layer.currentData()
        self.labels.blockSignals(True)
        for item, label in zip(self._label_items(), comparison.labels, strict=True):
            counts = Counter(
                change.outcome
                for change in comparison.changes
                if change.annotation.label == label.id and (not layer or change.annotation.layer == layer)
            )
            item.setText(f"{label.name}   {grouped(counts.total())}")
            told = [f"{names[outcome]}: {counts[outcome]}" for outcome in _OUTCOMES if counts[outcome]]
            item.setToolTip(", ".join(told))
        self.labels.blockSignals(False)

    def _row(self, change: SpanChange, labels: dict[str, Label]) -> SideRow:
        name, kind = _OUTCOMES[change.outcome]
        gone, come = word_changes(change.old_quote, change.new_quote) if change.old and change.new else ((), ())
        label = labels[change.annotation.label]
        detail = label.name
        if change.old and change.new and change.old.label != change.new.label:
            detail = self.tr("{before} →\n{after}").format(before=labels[change.old.label].name, after=label.name)
        return SideRow(
            kind,
            tr(name),
            Side(change.old_quote, gone) if change.old else None,
            Side(change.new_quote, come) if change.new else None,
            detail,
            self._theme.label_color(label.light, label.dark).name(),
        )

    @Slot()
    def copy(self) -> None:
        """Put the report into the clipboard, as Markdown."""
        QGuiApplication.clipboard().setText(self.markdown())
        self.copy_button.setText(self.tr("Copied"))

    def markdown(self) -> str:
        """Return the report on what is chosen."""
        assert self.comparison is not None
        rows = self.comparison.rows(self.chosen())
        title = f"{self._document.title}: {self.version.currentText()} → {self._later_title}"
        return as_markdown(title, rows, outcome_names())

    @Slot()
    def choose_target(self) -> None:
        """Ask where the table goes."""
        suggested = self._session.path.parent / f"{Path(self._document.file).stem} versions.csv"
        dialog = FileDialog(self, self.tr("Save as a table"), str(suggested))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Comma-separated values (*.csv)")])
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.save)
        dialog.open()

    @Slot(str)
    def save(self, file: str) -> None:
        """Write the report as a table."""
        assert self.comparison is not None
        try:
            save_report(Path(file), as_csv(self.comparison.rows(self.chosen())))
        except UserError as error:
            self.show_problem(error_text(error))
        else:
            self.show_problem("")
            self.save_button.setText(self.tr("Saved"))


def _compare_job(
    session: Session, document: str, earlier: str, _progress: Progress, _cancel: Cancel
) -> VersionComparison:
    return compare_versions(session, document, earlier)
