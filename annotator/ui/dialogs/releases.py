"""The datasets that left the project, and what differs between two of them, span by span."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListWidget, QTableView, QWidget

from annotator.core.errors import UserError
from annotator.core.records import Release
from annotator.core.splits import NAMES
from annotator.session.progress import Cancel, Progress
from annotator.session.release_comparison import ReleaseComparison
from annotator.session.session import Session
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import Dialog, Fields, Figures, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.models.release_model import DOCUMENT, KINDS, QUOTE, ReleaseModel
from annotator.ui.panels.widgets import heading
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.words import grouped, local_time, span_count

SIZE = (900, 640)
HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Compared:
    """What one job found; `number` says for which choice it was."""

    number: int
    found: ReleaseComparison | UserError


class ReleasesDialog(Dialog):
    """`place_wanted` carries the id of a document and a code point."""

    place_wanted = Signal(str, int)

    def __init__(self, session: Session, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Releases"),
            self.tr("Every dataset that left the project, the newest first. Compare two of them span by span."),
        )
        self._session = session
        self._tasks = tasks
        self._task: Task | None = None
        self._number = 0
        self._releases = session.releases.all()
        self._build()
        self.add_main_button(self.tr("Close")).setDefault(False)
        self.keep_fitting(*SIZE)
        self.finished.connect(self._stop)
        self._choose()
        self.list.setFocus()

    def _build(self) -> None:
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Releases"))
        self.before, self.after = ComboBox(), ComboBox()
        for release in self._releases:
            self.list.addItem(row_item(release.file, self._words_on(release), local_time(release.created)))
            for box in (self.before, self.after):
                box.addItem(f"{release.file} · {local_time(release.created)}", release.id)
        for box in (self.before, self.after):
            box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
        self.list.currentRowChanged.connect(self._choose_later)
        self.before.activated.connect(self._compare)
        self.after.activated.connect(self._compare)
        fields = Fields()
        fields.add_field(self.tr("&From"), self.before)
        fields.add_field(self.tr("&To"), self.after)
        self.figures = Figures(
            (self.tr("added"), self.tr("removed"), self.tr("relabelled"), self.tr("moved"), self.tr("the same"))
        )
        self.model = ReleaseModel(self)
        self.table = _table(self.model)
        self.table.setAccessibleName(self.tr("Spans that differ"))
        self.table.activated.connect(self._go)
        self.table.clicked.connect(self._go)
        self.words = plain_label("", wrap=True, muted=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.comparison = [heading(self.tr("What changed")), self.figures, self.table]
        self.body.addWidget(self.list, 2)
        self.body.addLayout(fields)
        for part, stretch in zip(self.comparison, (0, 0, 3), strict=True):
            self.body.addWidget(part, stretch)
        self.body.addWidget(self.words)
        self._fields = [fields.itemAt(place).widget() for place in range(fields.count())]  # type: ignore[union-attr]

    def _words_on(self, release: Release) -> str:
        details = release.details
        parts = [release.format]
        documents = details.get("documents", 0)
        one = self.tr("1 document") if documents == 1 else self.tr("{count} documents")
        parts += [one.format(count=grouped(documents)), span_count(details.get("spans", 0))]
        parts += [self.tr("gold")] if details.get("gold") else []
        splits = details.get("splits", {})
        parts += [" / ".join(f"{side} {splits[side]}" for side in NAMES if side in splits)]
        return " · ".join(part for part in (*parts, f"SHA-256 {release.sha256[:HASH_SHOWN]}…") if part)

    def _choose(self) -> None:
        """Compare the newest release with the one before; say where there are not two."""
        several = len(self._releases) > 1
        for widget in (*self.comparison, *self._fields):
            if widget is not None:
                widget.setVisible(several)
        if not several:
            none = self.tr("No dataset was exported yet. Each verified export of a lead is kept here.")
            self.words.setText(
                self.tr("With a second export there is something to compare.") if self._releases else none
            )
            self.list.setVisible(bool(self._releases))
            return
        self.list.setCurrentRow(0)

    @Slot(int)
    def _choose_later(self, row: int) -> None:
        """Compare the chosen release with the one before it; the oldest with the newest."""
        if len(self._releases) > 1 and row >= 0:
            is_oldest = row == len(self._releases) - 1
            self.after.setCurrentIndex(0 if is_oldest else row)
            self.before.setCurrentIndex(row if is_oldest else row + 1)
            self._compare()

    @Slot()
    def _compare(self) -> None:
        self._stop()
        self.show_problem("")
        self.words.setText(self.tr("Comparing…"))
        chosen = self.before.currentData(), self.after.currentData()
        self._task = self._tasks.start("", partial(_compare_job, self._session, *chosen, self._number))
        self._task.finished.connect(self._take)

    @Slot()
    def _stop(self) -> None:
        self._number += 1
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot(object)
    def _take(self, compared: _Compared) -> None:
        if compared.number != self._number:
            return
        self._task = None
        if isinstance(compared.found, UserError):
            self._show_failure(compared.found)
        else:
            self._show_comparison(compared.found)

    def _show_comparison(self, comparison: ReleaseComparison) -> None:
        self.figures.set_numbers(*(comparison.count(kind) for kind in KINDS), comparison.same)
        self.model.set_rows(comparison.changes)
        words = self.tr("A click on a row goes to its place in the text.")
        self.words.setText(words if comparison.changes else self.tr("Nothing differs between them."))

    def _show_failure(self, error: UserError) -> None:
        self.figures.set_numbers(*(None for _ in (*KINDS, "same")))
        self.model.set_rows(())
        self.words.setText("")
        self.tell(error)

    @Slot(QModelIndex)
    def _go(self, index: QModelIndex) -> None:
        change = self.model.row(index)
        if change is None:
            return
        if not self._session.queries.document_rows([change.document]):
            self.show_problem(self.tr("The document is gone, or another version has taken its place."))
            return
        self.done(0)
        self.place_wanted.emit(change.document, change.start)


def _table(model: ReleaseModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(28)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    for column in range(model.columnCount()):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(DOCUMENT, QHeaderView.ResizeMode.Interactive)
    header.resizeSection(DOCUMENT, 220)
    header.setSectionResizeMode(QUOTE, QHeaderView.ResizeMode.Stretch)
    return table


def _compare_job(session: Session, before: str, after: str, number: int, _: Progress, __: Cancel) -> _Compared:
    try:
        return _Compared(number, session.releases.compare(before, after))
    except UserError as error:
        return _Compared(number, error)
