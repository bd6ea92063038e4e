"""Find and tag all: what to look for, the places in a list to tick, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from annotator.analysis.patterns import Pattern
from annotator.core.records import Label
from annotator.session.occurrences import MOST, Occurrence
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.occurrence_list import OccurrenceList
from annotator.ui.dialogs.parts import Dialog, in_a_row, label_icon, plain_button, plain_label
from annotator.ui.models.occurrence_model import OccurrenceModel
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

_WAIT_MS = 200


class TagAllDialog(Dialog):
    """Stays open beside the text.

    `wanted` carries a Pattern and whether only the open document counts; `stopped` says that nobody waits for more.
    `tag_requested` carries a label's id, the ticked places and what becomes of those tagged already;
    `relabel_requested` a label's id and the places; `untag_requested` the places. `shown` carries a place to show.
    """

    wanted = Signal(object, bool)
    stopped = Signal()
    tag_requested = Signal(str, object, str)
    relabel_requested = Signal(str, object)
    untag_requested = Signal(object)
    shown = Signal(object)

    def __init__(
        self,
        labels: Sequence[Label],
        theme: Theme,
        *,
        words: str = "",
        repeats_of: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._repeats = bool(repeats_of)
        if self._repeats:
            self.set_title(self.tr("Repeated sentences"), self.tr("Like “{quote}”").format(quote=repeats_of))
        else:
            self.set_title(self.tr("Find and tag all"))
        self.model = OccurrenceModel(self)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(_WAIT_MS)
        self._waiting.timeout.connect(self.search)
        self._add_pattern(words)
        self._add_places(theme, labels)
        self._add_deeds(labels)
        self.add_button(self.tr("Close"))
        self.model.ticks_changed.connect(self._count)
        self.keep_fitting(780, 560)
        self._count()

    # -- what is looked for

    def _add_pattern(self, words: str) -> None:
        self.words = QLineEdit(words)
        self.words.setPlaceholderText(self.tr("Words to find"))
        self.words.setAccessibleName(self.tr("Words to find"))
        self.words.setClearButtonEnabled(True)
        self.kind = ComboBox()
        self.kind.setAccessibleName(self.tr("How they are meant"))
        for name, kind in (
            (self.tr("Text"), "plain"),
            (self.tr("Whole words"), "words"),
            (self.tr("Regular expression"), "expression"),
        ):
            self.kind.addItem(name, kind)
        self.scope = ComboBox()
        self.scope.setAccessibleName(self.tr("Where"))
        self.scope.addItem(self.tr("In all documents"), False)
        self.scope.addItem(self.tr("In this document"), True)
        self.case = CheckBox(self.tr("Match case"))
        self.words.textEdited.connect(self._wait)
        self.kind.activated.connect(self.search)
        self.scope.activated.connect(self.search)
        self.case.clicked.connect(self.search)
        self.pattern_row = QWidget()
        row = QHBoxLayout(self.pattern_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        for widget in (self.kind, self.scope, self.case):
            row.addWidget(widget)
        self.pattern_row.setVisible(not self._repeats)
        self.body.addWidget(self.pattern_row)

    @Slot()
    def _wait(self) -> None:
        self.stopped.emit()
        self._waiting.start()

    @Slot()
    def search(self) -> None:
        """Look again."""
        self._waiting.stop()
        self.model.clear()
        self.show_problem("")
        if self._repeats or self.words.text().strip():
            self.state.setText(self.tr("Searching…"))
            pattern = Pattern(self.words.text(), self.kind.currentData(), self.case.isChecked())
            self.wanted.emit(pattern, bool(self.scope.currentData()))
        else:
            self.stopped.emit()
            self.state.setText("")

    # -- the places

    def _add_places(self, theme: Theme, labels: Sequence[Label]) -> None:
        self.list = OccurrenceList(self.model, theme)
        self.list.looks.set_labels({label.id: label for label in labels})
        self.list.shown.connect(self.shown)
        self.body.addWidget(self.list, 1)
        self.state = plain_label("", muted=True)
        self.all = plain_button(self.tr("Tick all"))
        self.all.clicked.connect(self._tick_all)
        self.none = plain_button(self.tr("Tick none"))
        self.none.clicked.connect(self._tick_none)
        row = in_a_row(self.state, self.all, self.none)
        layout = row.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setStretch(0, 1)
        self.body.addWidget(row)

    def add_places(self, places: Sequence[Occurrence]) -> None:
        """Add places that were found."""
        first = not self.model.places
        self.model.add(places)
        if first and places:
            self.list.setCurrentIndex(self.model.index(0))

    def end_search(self) -> None:
        """Say that everything was looked through."""
        count = len(self.model.places)
        if count >= MOST:
            text = self.tr("The first {count} places; look for something rarer to see the others.")
        elif count:
            documents = len({place.document for place in self.model.places})
            text = self.tr("1 place") if count == 1 else self.tr("{count} places")
            if documents > 1:
                text = self.tr("{count} places in {documents} documents")
            text = text.replace("{documents}", grouped(documents))
        else:
            text = self.tr("Nothing like it stands anywhere else.") if self._repeats else self.tr("Not found")
        self._found = text.replace("{count}", grouped(count))
        self._count()

    def fail(self, reason: str) -> None:
        """Say why nothing can be looked for."""
        self.state.setText("")
        self.show_problem(reason)

    @Slot()
    def _tick_all(self) -> None:
        self.model.tick(range(len(self.model.places)), True)

    @Slot()
    def _tick_none(self) -> None:
        self.model.tick(range(len(self.model.places)), False)

    @Slot()
    def _count(self) -> None:
        ticked, count = self.model.tick_count(), len(self.model.places)
        if not count:
            self._found = getattr(self, "_found", "")
        for button in (self.tag, self.relabel, self.untag):
            button.setEnabled(ticked > 0)
        for button in (self.all, self.none):
            button.setEnabled(count > 0)
        self.tag.setText(self.tr("Tag {count}").format(count=grouped(ticked)) if ticked else self.tr("Tag"))
        if self._found:
            shown = self.tr("{found} · {ticked} ticked").format(found=self._found, ticked=grouped(ticked))
            self.state.setText(shown if count else self._found)

    # -- what becomes of them

    def _add_deeds(self, labels: Sequence[Label]) -> None:
        self._found = ""
        self.label = ComboBox()
        self.label.setAccessibleName(self.tr("Label"))
        for label in labels:
            if not label.retired:
                self.label.addItem(label_icon(label, self), label.name, label.id)
        self.existing = ComboBox()
        self.existing.setAccessibleName(self.tr("Places tagged already"))
        for name, word in (
            (self.tr("Leave what is tagged"), "skip"),
            (self.tr("Relabel what is tagged"), "relabel"),
            (self.tr("Tag once more"), "add"),
        ):
            self.existing.addItem(name, word)
        self.tag, self.relabel, self.untag = (
            plain_button(self.tr("Tag")),
            plain_button(self.tr("Relabel")),
            plain_button(self.tr("Untag")),
        )
        self.tag.setProperty("role", "primary")
        self.tag.clicked.connect(self._tag)
        self.relabel.setToolTip(self.tr("Give the spans on exactly these words this label"))
        self.relabel.clicked.connect(self._relabel)
        self.untag.setToolTip(self.tr("Delete the spans on exactly these words"))
        self.untag.clicked.connect(self._untag)
        row = in_a_row(self.label, self.existing, self.tag, self.relabel, self.untag)
        layout = row.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertStretch(2, 1)
        self.body.addWidget(row)

    def choose_label(self, label: str) -> None:
        """Choose the label to tag with."""
        self.label.setCurrentIndex(max(0, self.label.findData(label)))

    @Slot()
    def _tag(self) -> None:
        self.list.setFocus()
        self.tag_requested.emit(self.label.currentData(), self.model.ticked(), self.existing.currentData())

    @Slot()
    def _relabel(self) -> None:
        self.list.setFocus()
        self.relabel_requested.emit(self.label.currentData(), self.model.ticked())

    @Slot()
    def _untag(self) -> None:
        self.list.setFocus()
        self.untag_requested.emit(self.model.ticked())

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stopped.emit()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        self.stopped.emit()
        super().done(result)
