"""The pages of the dialog that loads labelled data: what the files are and mean, and what they would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QListWidget, QVBoxLayout, QWidget

from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.loss_list import CountedLoss, LossList
from annotator.ui.dialogs.parts import SMALL_GAP, Figures, in_a_row, plain_button, plain_label, set_state
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.load_work import LoadReport
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped

PLACES_SHOWN = 300
"""Places that a list shows; all of them are copied and saved."""

Place = tuple[str, int, str]
"""A file, a line or item in it (from 1, 0 for the whole file), and why it stays behind."""


class PlaceList(QWidget):
    """What stays behind, place by place; it can be copied and saved. `save_requested` carries a file and the text."""

    save_requested = Signal(str, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: list[Place] = []
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list, bold=False, wrap=True))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(name)
        self.copy = plain_button(self.tr("Copy the list"))
        self.copy.clicked.connect(self._copy)
        self.save = plain_button(self.tr("Save the list…"))
        self.save.clicked.connect(self._choose_file)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.list, 1)
        column.addWidget(in_a_row(self.copy, self.save), 0, Qt.AlignmentFlag.AlignLeft)

    def show_places(self, places: Iterable[Place]) -> None:
        """List places."""
        self._places = list(places)
        self.list.clear()
        for file, place, reason in islice(self._places, PLACES_SHOWN):
            self.list.addItem(row_item(file, reason, self._where(place)))
        if len(self._places) > PLACES_SHOWN:
            words = self.tr("and {count} more").format(count=grouped(len(self._places) - PLACES_SHOWN))
            self.list.addItem(row_item(words, self.tr("Copy or save the list to see all of them."), faint=True))

    def _where(self, place: int) -> str:
        return self.tr("place {number}").format(number=grouped(place)) if place else self.tr("the whole file")

    def text(self) -> str:
        """Return all places, a line each: file, place and reason with tab stops between them."""
        return "".join(f"{file}\t{place or ''}\t{' '.join(reason.split())}\n" for file, place, reason in self._places)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def _choose_file(self) -> None:
        dialog = FileDialog(self, self.tr("Save the list"), "")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Text (*.txt)")])
        dialog.setDefaultSuffix("txt")
        dialog.fileSelected.connect(self._tell)
        dialog.open()

    @Slot(str)
    def _tell(self, file: str) -> None:
        self.save_requested.emit(file, self.text())


class OutcomePage(QWidget):
    """What loading would bring, or brought: counts, what stays behind by kind, and place by place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = plain_label("", wrap=True)
        self.figures = Figures((self.tr("new documents"), self.tr("new spans"), self.tr("new relations")))
        self.remarks = plain_label("", wrap=True, muted=True)
        self.losses = LossList()
        self.unsure_heading = heading("")
        self.unsure = PlaceList(self.tr("What stays behind"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        for widget, stretch in (
            *((self.verdict, 0), (self.figures, 0), (self.remarks, 0)),
            *((heading(self.tr("What the project does not take")), 0), (self.losses, 2)),
            *((self.unsure_heading, 0), (self.unsure, 3)),
        ):
            column.addWidget(widget, stretch)

    def show_report(self, report: LoadReport) -> None:
        """Show what loading would do, or did."""
        results = report.results
        self.figures.set_numbers(
            sum(one.documents for one in results),
            sum(one.spans for one in results),
            sum(one.relations for one in results),
        )
        self._show_remarks(report)
        self.losses.show_losses(_added_up(loss for one in results for loss in one.losses))
        places = [(one.path.name, 0, error_text(one.error)) for one in report.files if one.error is not None]
        places += [(one.file, one.place, one.reason) for result in results for one in result.unsure]
        self.unsure.show_places(places)
        words = self.tr("Stays behind, place by place · {count}").format(count=grouped(len(places)))
        self.unsure_heading.setText(words.upper())
        for widget in (self.unsure_heading, self.unsure):
            widget.setVisible(bool(places))

    def _show_remarks(self, report: LoadReport) -> None:
        lines = []
        added = dict.fromkeys(name for one in report.results for name in one.added)
        if added:
            words = (
                self.tr("The codebook gets: {names}.")
                if report.is_rehearsal
                else self.tr("Added to the codebook: {names}.")
            )
            lines.append(words.format(names=", ".join(added)))
        moved = sum(one.moved for one in report.results)
        if moved:
            words = self.tr("{count} spans lie beside their quotes in the file and are put where these stand.")
            lines.append(words.format(count=grouped(moved)))
        self.remarks.setText("\n".join(lines))
        self.remarks.setVisible(bool(lines))

    def say(self, words: str, state: str = "") -> None:
        """Say in a line what came of it."""
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))
        set_state(self.verdict, state)

    @property
    def stays_behind(self) -> bool:
        """Say whether any place is listed."""
        return bool(self.unsure.list.count())


class _Sum:
    """Losses of a kind from several files."""

    def __init__(self, kind: str, count: int, examples: Sequence[str]) -> None:
        self.kind, self.count, self.examples = kind, count, examples


def _added_up(losses: Iterable[CountedLoss]) -> list[_Sum]:
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for loss in losses:
        counts[loss.kind] += loss.count
        examples.setdefault(loss.kind, []).extend(loss.examples)
    return [_Sum(kind, count, examples[kind]) for kind, count in counts.items()]
