"""The left of a review: how much there is to decide, of which kinds, the cases, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from annotator.core.cases import KINDS
from annotator.ui.models.review_list import TO_DECIDE, CaseFilter, ReviewList
from annotator.ui.models.review_words import kind_name
from annotator.ui.panels.review_case_list import CaseList, KindList
from annotator.ui.panels.review_filters import Choice, ReviewFilters
from annotator.ui.panels.widgets import heading, plain_label
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.session.review_queue import ReviewQueue

ChoicesReader = Callable[[], tuple[list[Choice], list[Choice]]]
"""Returns the labels and the people that a queue can be narrowed to."""


class ReviewQueuePanel(QWidget):
    """Narrows and shows a ReviewList. `filtered` says that it was narrowed otherwise."""

    filtered = Signal()

    def __init__(self, model: ReviewList, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._queue: ReviewQueue | None = None
        self._choices: ChoicesReader | None = None
        self.setProperty("bar", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = heading("", self)
        self._list_title = heading("", self)
        self.kinds = KindList(theme, self)
        self.list = CaseList(model, theme, self)
        self.filters = ReviewFilters(self)
        self.filters.hide()
        self.filter_button = QPushButton(self.tr("Filter"), self)
        self.filter_button.setProperty("role", "flat")
        self.filter_button.setProperty("quiet", True)
        self.filter_button.setCheckable(True)
        self.filter_button.setAccessibleName(self.tr("Filter and order the cases"))
        self._progress = plain_label("", self, muted=True, scale="small")
        self._progress.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setObjectName("decided")
        self._bar.setAccessibleName(self.tr("Decided cases"))
        self.kinds.chosen.connect(self._choose_kind)
        self.kinds.entered.connect(self.list.setFocus)
        self.filters.chosen.connect(self.choose)
        self.filter_button.toggled.connect(self._show_filters)
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._list_title, 1)
        row.addWidget(self.filter_button)
        top, body, foot = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        top.setContentsMargins(16, 12, 12, 0)
        top.setSpacing(6)
        kinds = QVBoxLayout()
        kinds.setContentsMargins(-6, 0, -4, 0)
        kinds.addWidget(self.kinds)
        top.addWidget(self._title)
        top.addLayout(kinds)
        top.addLayout(row)
        top.addWidget(self.filters)
        body.setContentsMargins(12, 0, 6, 0)
        body.addWidget(self.list)
        foot.setContentsMargins(16, 6, 16, 14)
        foot.setSpacing(6)
        foot.addWidget(self._progress)
        foot.addWidget(self._bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(body, 1)
        column.addLayout(foot)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.kinds.set_theme(theme)
        self.list.set_theme(theme)
        self._bar.setStyleSheet(f"QProgressBar::chunk {{ background: {theme.hex('success')}; }}")

    def show_queue(self, queue: ReviewQueue | None, choices: ChoicesReader) -> None:
        """Show how much of a queue is decided; `choices` tells the labels and people that it can be narrowed to."""
        self._queue, self._choices = queue, choices
        decided, total = (queue.decided, queue.total) if queue else (0, 0)
        agreed = queue.agreed_by_all if queue else 0
        to_decide = queue.open_count if queue else 0
        words = self.tr("To decide · {open} of {all}").format(open=grouped(to_decide), all=grouped(total))
        self._title.setText((words if total else self.tr("To decide")).upper())
        words = self.tr("{decided} of {all} decided · {agreed} agreed by all")
        self._progress.setText(
            words.format(decided=grouped(decided), all=grouped(total), agreed=grouped(agreed)) if total else ""
        )
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(decided)
        self._bar.setVisible(total > 0)
        self.show_filter()

    def show_filter(self) -> None:
        """Show what the list is narrowed to."""
        chosen, counts = self._model.filter, self._model.counts
        shown = [kind for kind in KINDS if kind != "same" or counts[kind] or chosen.kind == kind]
        names = [("", self.tr("All kinds")), *((kind, kind_name(kind)) for kind in shown)]
        self.kinds.show_kinds(names, {**counts, "": sum(counts.values())}, chosen.kind)
        if self.filter_button.isChecked():
            self._show_choices()
        self.filter_button.setText(self.tr("Filter •") if chosen.narrows else self.tr("Filter"))
        title = kind_name(chosen.kind) if chosen.kind else self.tr("Cases")
        self._list_title.setText(title.upper())

    def _show_choices(self) -> None:
        documents = [(one.document, one.title) for one in self._queue.documents.values()] if self._queue else []
        labels, people = self._choices() if self._choices is not None else ([], [])
        self.filters.show_choices(self._model.filter, labels, documents, people)

    @Slot(bool)
    def _show_filters(self, shown: bool) -> None:
        if shown:
            self._show_choices()
        self.filters.setVisible(shown)

    def widen(self) -> None:
        """Let every case through that is to be decided."""
        self.choose(replace(CaseFilter(), order=self._model.filter.order, state=TO_DECIDE))

    @Slot(str)
    def _choose_kind(self, kind: str) -> None:
        self.choose(replace(self._model.filter, kind=kind))

    @Slot(object)
    def choose(self, chosen: CaseFilter) -> None:
        """Narrow the list, or order it otherwise."""
        if chosen != self._model.filter:
            self._model.set_filter(chosen)
            self.show_filter()
            self.filtered.emit()
