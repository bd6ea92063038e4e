"""What narrows the table of all annotations: the fields above it, its chips, and clicks on charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from annotator.core.corpus_query import CorpusFilter
from annotator.ui.models.corpus_words import bounds, chips_of, day
from annotator.ui.panels.corpus_chips import CorpusChips
from annotator.ui.panels.corpus_filter_menu import CorpusFilterButton

if TYPE_CHECKING:
    from annotator.core.records import AttributeDefinition
    from annotator.session.corpus import CorpusChoices
    from annotator.session.corpus_figures import Narrows
    from annotator.session.session import Session

TYPING_MS = 350


class CorpusNarrowing(QObject):
    """Owns the filter and the widgets that say it; `changed` tells that the filter is another one."""

    changed = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._session: Session | None = None
        self._choices: CorpusChoices | None = None
        self._names: dict[tuple[str, Any], str] = {}
        self.filter = CorpusFilter()
        self.chips = CorpusChips(page)
        self.button = CorpusFilterButton(self._values_of, page)
        self.words = QLineEdit(page)
        self.words.setPlaceholderText(self.tr("Words in the span"))
        self.words.setAccessibleName(self.words.placeholderText())
        self.words.setToolTip(self.tr("As in the search: every word, “a phrase”, -without, OR, begin*"))
        self.words.setClearButtonEnabled(True)
        self.words.setMaximumWidth(240)
        self.today_button = _preset(page, self.tr("Today"), self.tr("What was tagged today"))
        self.yesterday_button = _preset(page, self.tr("Yesterday"), self.tr("What was tagged yesterday"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._take_words)
        self._connect()

    def _connect(self) -> None:
        self.chips.removed.connect(self.widen)
        self.button.toggled_value.connect(self.toggle)
        self.button.dates_wanted.connect(self.ask_for_dates)
        self.words.textEdited.connect(self._typing.start)
        self.words.textChanged.connect(self._clear_words)
        self.words.returnPressed.connect(self._take_words)
        self.today_button.clicked.connect(self._toggle_today)
        self.yesterday_button.clicked.connect(self._toggle_yesterday)

    @property
    def is_typing(self) -> bool:
        """Say whether words were typed that do not narrow yet."""
        return self._typing.isActive()

    def bar(self) -> tuple[QWidget, ...]:
        """Return what stands above the table, from the left."""
        return self.button, self.words, self.today_button, self.yesterday_button

    def set_session(self, session: Session | None) -> None:
        """Work on another project, and narrow to nothing."""
        self._typing.stop()
        self._session, self.filter, self._names = session, CorpusFilter(), {}
        self.words.clear()
        self._typing.stop()

    def set_choices(self, choices: CorpusChoices) -> None:
        """Offer what a project has."""
        self._choices = choices
        self.button.set_choices(choices)
        self.show()

    def set_filter(self, wanted: CorpusFilter) -> None:
        """Narrow by another filter."""
        if wanted != self.filter:
            self.filter = wanted
            self.show()
            self.changed.emit()

    def show(self) -> None:
        """Show what narrows."""
        if self._choices is None:
            return
        self._name_documents()
        self.chips.set_chips(chips_of(self.filter, self._choices, self._names))
        self.button.set_filter(self.filter)
        tagged = (self.filter.tagged_from, self.filter.tagged_to)
        self.today_button.setChecked(tagged == day(0))
        self.yesterday_button.setChecked(tagged == day(-1))
        if self.words.text().strip() != self.filter.words:
            self.words.setText(self.filter.words)

    def _name_documents(self) -> None:
        for document in self.filter.documents:
            if ("documents", document) not in self._names and self._session is not None:
                rows = self._session.queries.document_rows([document])
                self._names["documents", document] = rows[0].document.title if rows else document

    # -- one by one

    @Slot(object, str)
    def narrow(self, narrows: Narrows, name: str) -> None:
        """Show only what a mark of a chart counts."""
        wanted = self.filter
        for field, value in narrows:
            if field == "values":
                self._names[field, value] = self._value_name(value)
            elif field == "documents":
                self._names[field, value] = name
            wanted = wanted.with_value(field, value)
        self.set_filter(wanted)

    def _value_name(self, value: tuple[str, str]) -> str:
        attributes = self._choices.attributes if self._choices is not None else ()
        attribute = next((one for one in attributes if one.id == value[0]), None)
        if attribute is None or self._session is None:
            return value[1]
        return f"{attribute.name}: {self._session.corpus.name_of_value(attribute, value[1])}"

    @Slot(str, object, str, bool)
    def toggle(self, field: str, value: object, name: str, narrows: bool) -> None:
        """Narrow by one value of a field, or no longer."""
        self._names[field, value] = name
        wanted = self.filter.with_value(field, value) if narrows else self.filter.without_value(field, value)
        self.set_filter(wanted)

    @Slot(str, object)
    def widen(self, field: str, value: object) -> None:
        """Take a value, a field or, without one, everything out of the filter."""
        wanted = self.filter.without_value(field, value) if field else CorpusFilter()
        for ends in (("date_from", "date_to"), ("tagged_from", "tagged_to")):
            if field in ends:
                wanted = wanted.without_value(ends[0]).without_value(ends[1])
        if not wanted.words:
            self.words.clear()
        self.set_filter(wanted)

    # -- words and dates

    @Slot()
    def _take_words(self) -> None:
        self._typing.stop()
        self.set_filter(self.filter.with_value("words", self.words.text().strip()))

    @Slot(str)
    def _clear_words(self, text: str) -> None:
        if not text.strip():
            self._typing.start()

    @Slot()
    def _toggle_today(self) -> None:
        self._set_tagged(*(day(0) if self.today_button.isChecked() else ("", "")))

    @Slot()
    def _toggle_yesterday(self) -> None:
        self._set_tagged(*(day(-1) if self.yesterday_button.isChecked() else ("", "")))

    def _set_tagged(self, low: str, high: str) -> None:
        self.set_filter(self.filter.with_value("tagged_from", low).with_value("tagged_to", high))

    @Slot()
    def ask_for_dates(self) -> None:
        """Let somebody type dates to narrow by."""
        from annotator.ui.dialogs.corpus_dates import CorpusDatesDialog

        dialog = CorpusDatesDialog((self.filter.date_from, self.filter.date_to, "", ""), self._page)
        dialog.chosen.connect(self.take_dates)
        dialog.open()

    @Slot(str, str, str, str)
    def take_dates(self, low: str, high: str, tagged_from: str, tagged_to: str) -> None:
        """Narrow by dates of documents, and by days of tagging unless these are empty."""
        wanted = self.filter.with_value("date_from", low).with_value("date_to", high)
        if tagged_from or tagged_to:
            first, last = bounds(tagged_from, tagged_to)
            wanted = wanted.with_value("tagged_from", first).with_value("tagged_to", last)
        self.set_filter(wanted)

    def _values_of(self, attribute: AttributeDefinition) -> list[tuple[str, str]]:
        return [] if self._session is None else self._session.corpus.values_of(attribute)


def _preset(page: QWidget, text: str, name: str) -> QPushButton:
    button = QPushButton(text, page)
    button.setProperty("role", "tab")
    button.setCheckable(True)
    button.setToolTip(name)
    button.setAccessibleName(name)
    return button
