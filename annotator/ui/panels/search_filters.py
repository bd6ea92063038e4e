"""What narrows a search: labels, people, entities, and what a document is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QStyleOptionComboBox, QWidget

from annotator.core.records import STATUSES, Label
from annotator.core.search_query import SearchQuery
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.panels.widgets import restyle
from annotator.ui.words import language_name, status_name, tool_tip

Choice = tuple[str, str]
"""What is stored, and what is shown."""

_SIGN = 38
"""Pixels of a list to choose from beside its text: its edges and its arrow."""

_DATE = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?")


@dataclass(frozen=True, slots=True)
class SearchChoices:
    """What there is to choose from in a project; people and entities are (id, name)."""

    labels: Sequence[Label] = ()
    annotators: Sequence[Choice] = ()
    entities: Sequence[Choice] = ()
    formats: Sequence[str] = ()
    languages: Sequence[str] = ()


class _ChoiceBox(ComboBox):
    """One of several, or any; a choice that is gone from the project stays as long as it is chosen."""

    def __init__(self, anything: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._anything = anything
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.addItem(anything, "")
        self.currentTextChanged.connect(self._tell_whole)

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """Offer these."""
        chosen, shown = self.chosen(), self.currentText()
        self.blockSignals(True)
        self.clear()
        self.addItem(self._anything, "")
        for value, name in choices:
            self.addItem(name, value)
        self.blockSignals(False)
        self.choose(chosen, shown)

    def choose(self, value: str, name: str = "") -> None:
        """Choose a value, or with an empty one any."""
        place = self.findData(value)
        if place < 0:
            self.addItem(name or value, value)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def chosen(self) -> str:
        """Return the value, or nothing for any."""
        return str(self.currentData() or "")

    @Slot(str)
    def _tell_whole(self, text: str) -> None:
        self.setToolTip(tool_tip(text))

    # -- Qt

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = max(1, self.width() - _SIGN)
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        option.currentText = shown  # type: ignore[attr-defined]


class _DateField(QLineEdit):
    """A date of ISO 8601 or a beginning of it; what is none shows as an error and counts for nothing."""

    def __init__(self, hint: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setToolTip(self.tr("Such as 2031, 2031-02 or 2031-02-03"))
        self.setMaxLength(10)
        self.textChanged.connect(self._check)

    def value(self) -> str:
        """Return the date, or nothing."""
        text = self.text().strip()
        return text if _DATE.fullmatch(text) else ""

    @Slot()
    def _check(self) -> None:
        state = "" if _DATE.fullmatch(self.text().strip()) else "error"
        if self.property("state") != state:
            self.setProperty("state", state)
            restyle(self)


class SearchFilters(QWidget):
    """Fields of a SearchQuery besides its words and its scope; `changed` comes when one of them does."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_setting = False
        self.label = _ChoiceBox(self.tr("Any label"), self.tr("Label"), self)
        self.annotator = _ChoiceBox(self.tr("Anybody"), self.tr("Tagged or written by"), self)
        self.entity = _ChoiceBox(self.tr("Any entity"), self.tr("Entity that a span names"), self)
        self.status = _ChoiceBox(self.tr("Any status"), self.tr("Your status of the document"), self)
        self.language = _ChoiceBox(self.tr("Any language"), self.tr("Language"), self)
        self.format = _ChoiceBox(self.tr("Any format"), self.tr("Format of the source"), self)
        self.date_from = _DateField(self.tr("From date"), self.tr("Date, from"), self)
        self.date_to = _DateField(self.tr("To date"), self.tr("Date, to"), self)
        self.file = QLineEdit(self)
        self.file.setPlaceholderText(self.tr("Source file"))
        self.file.setAccessibleName(self.file.placeholderText())
        self.diacritics = CheckBox(self.tr("Ignore diacritics (ё is е)"), self)
        self.parts = CheckBox(self.tr("Parts of words"), self)
        self.status.set_choices((status, status_name(status)) for status in STATUSES)
        self._lay_out()
        self.set_query(SearchQuery())

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        pairs = (
            (self.label, self.annotator),
            (self.entity, self.status),
            (self.language, self.format),
            (self.date_from, self.date_to),
        )
        for row, pair in enumerate(pairs):
            for column, field in enumerate(pair):
                grid.addWidget(field, row, column)
                grid.setColumnStretch(column, 1)
        for row, field in enumerate((self.file, self.diacritics, self.parts), len(pairs)):
            grid.addWidget(field, row, 0, 1, 2)
        for box in self._boxes():
            box.currentIndexChanged.connect(self._tell)
        for line in (self.date_from, self.date_to, self.file):
            line.textChanged.connect(self._tell)
        for check in (self.diacritics, self.parts):
            check.toggled.connect(self._tell)

    def _boxes(self) -> tuple[_ChoiceBox, ...]:
        return self.label, self.annotator, self.entity, self.status, self.language, self.format

    def set_choices(self, choices: SearchChoices) -> None:
        """Offer what a project has; what is chosen stays."""
        self._is_setting = True
        self.label.set_choices((label.id, label.name) for label in choices.labels)
        self.annotator.set_choices(choices.annotators)
        self.entity.set_choices(choices.entities)
        self.language.set_choices((tag, language_name(tag)) for tag in choices.languages)
        self.format.set_choices((name, name) for name in choices.formats)
        self._is_setting = False

    def set_query(self, query: SearchQuery) -> None:
        """Show what narrows a query, without telling."""
        self._is_setting = True
        for box, value in zip(
            self._boxes(),
            (query.label, query.annotator, query.entity, query.status, query.language, query.format),
            strict=True,
        ):
            box.choose(value)
        self.date_from.setText(query.date_from)
        self.date_to.setText(query.date_to)
        self.file.setText(query.file)
        self.diacritics.setChecked(query.ignore_diacritics)
        self.parts.setChecked(query.substring)
        self._is_setting = False

    def narrowed(self, query: SearchQuery) -> SearchQuery:
        """Return the query with what is chosen here."""
        return replace(
            query,
            label=self.label.chosen(),
            annotator=self.annotator.chosen(),
            entity=self.entity.chosen(),
            status=self.status.chosen(),
            language=self.language.chosen(),
            format=self.format.chosen(),
            date_from=self.date_from.value(),
            date_to=self.date_to.value(),
            file=self.file.text().strip(),
            ignore_diacritics=self.diacritics.isChecked(),
            substring=self.parts.isChecked(),
        )

    @Slot()
    def _tell(self) -> None:
        if not self._is_setting:
            self.changed.emit()
