"""The search of the whole project, in the place of the list of documents: words, what narrows them, and the hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.core.records import SavedSearch
from annotator.core.search_query import DOCUMENTS, NOTES, SPANS, SearchQuery
from annotator.ui.models.search_model import SearchModel, hit_count
from annotator.ui.panels.grouped_list import GroupedList
from annotator.ui.panels.hit_delegate import HitDelegate
from annotator.ui.panels.search_filters import SearchChoices, SearchFilters
from annotator.ui.panels.widgets import FlowLayout, flat_button, heading, plain_label, restyle
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, one_line

if TYPE_CHECKING:
    from annotator.session.search import SearchHit

TYPING_MS = 120
"""Milliseconds without a key after which what was typed is searched for."""

_NAME_LENGTH = 60
_TAB = "padding: 4px 8px;"
_BATCH = 30
"""Rows that are laid out at a time: keys come in between."""


_LEAST_LIST = 40
"""Pixels of the list of hits in a low window."""


class SearchPanel(QWidget):
    """Asks for searches and shows their hits; it searches nothing itself.

    `asked` carries a SearchQuery. `hit_chosen` carries a SearchHit and whether the text gets the focus.
    """

    asked = Signal(object)
    hit_chosen = Signal(object, bool)
    close_requested = Signal()
    keep_requested = Signal(str)
    saved_chosen = Signal(str)
    delete_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._writable = True
        self._wants_next = False
        self.model = SearchModel(self)
        self.field = QLineEdit(self)
        self.filters = SearchFilters(self)
        self.filters_button = QPushButton(self.tr("Filters"), self)
        self.saved_button = flat_button(self.tr("Saved ▾"), self.tr("Saved searches"), self)
        self.saved_menu = QMenu(self)
        self.delete_menu = QMenu(self.tr("Delete"), self.saved_menu)
        self._keep_action = QAction(self.tr("Save this search…"), self)
        self._keep_action.setData(("keep", ""))
        self.name_field = QLineEdit(self)
        self.list = GroupedList(self.model, _BATCH, self)
        self.delegate = HitDelegate(theme, self.list)
        self.count = plain_label("", self, muted=True, scale="small")
        self.words = plain_label("", self, muted=True)
        self._scopes = QButtonGroup(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self.ask)
        self._build()
        self._connect()
        self.set_saved(())
        self.show_hint()

    # -- building

    def _build(self) -> None:
        self.field.setPlaceholderText(self.tr("Search the project"))
        self.field.setAccessibleName(self.tr("Words to search for"))
        self.field.setClearButtonEnabled(True)
        self.filters_button.setProperty("role", "tab")
        self.filters_button.setCheckable(True)
        self.filters_button.setStyleSheet(_TAB)
        self.filters_button.setToolTip(self.tr("What narrows the search"))
        self.filters.hide()
        self.saved_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.saved_button.setMenu(self.saved_menu)
        self.name_field.setPlaceholderText(self.tr("Name of the search, then Enter"))
        self.name_field.setAccessibleName(self.tr("Name under which the search is saved"))
        self.name_field.hide()
        self.count.setWordWrap(True)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.list.setItemDelegate(self.delegate)
        self.list.setMinimumHeight(_LEAST_LIST)
        self.list.setAccessibleName(self.tr("Hits"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(6)
        layout.addLayout(self._head())
        layout.addWidget(self.field)
        layout.addWidget(self.name_field)
        layout.addLayout(self._scope_row())
        layout.addWidget(self.filters)
        layout.addLayout(self._count_row())
        layout.addWidget(self.words)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)

    def _head(self) -> QHBoxLayout:
        self.close_button = flat_button("✕", self.tr("Close the search"), self)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(heading(self.tr("Search"), self))
        row.addStretch(1)
        row.addWidget(self.saved_button)
        row.addWidget(self.close_button)
        return row

    def _scope_row(self) -> FlowLayout:
        row = FlowLayout(gap=2)
        names = {DOCUMENTS: self.tr("Texts"), SPANS: self.tr("Spans"), NOTES: self.tr("Notes")}
        for scope, name in names.items():
            button = QPushButton(name, self)
            button.setProperty("role", "tab")
            button.setProperty("scope", scope)
            button.setCheckable(True)
            button.setChecked(scope == DOCUMENTS)
            button.setStyleSheet(_TAB)
            self._scopes.addButton(button)
            row.addWidget(button)
        row.addWidget(self.filters_button)
        return row

    def _count_row(self) -> QHBoxLayout:
        self.previous_button = flat_button("↑", self.tr("Previous hit (Shift+F4)"), self)
        self.next_button = flat_button("↓", self.tr("Next hit (F4)"), self)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.count, 1)
        row.addWidget(self.previous_button)
        row.addWidget(self.next_button)
        return row

    def _connect(self) -> None:
        self.field.textChanged.connect(self._timer.start)
        self.field.installEventFilter(self)
        self.name_field.returnPressed.connect(self._keep)
        self.name_field.installEventFilter(self)
        self._scopes.buttonClicked.connect(self.ask)
        self.filters_button.toggled.connect(self.filters.setVisible)
        self.filters.changed.connect(self._change_filters)
        self.list.chosen.connect(self._choose)
        self.previous_button.clicked.connect(self.previous_hit)
        self.next_button.clicked.connect(self.next_hit)
        self.close_button.clicked.connect(self.close_requested)
        # queued: what is chosen may change the menu, and with it the action that is still at work
        self.saved_menu.triggered.connect(self._use_menu, Qt.ConnectionType.QueuedConnection)
        self.saved_menu.aboutToShow.connect(self._enable_menu)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.delegate.set_theme(theme)
        self.list.doItemsLayout()

    def set_writable(self, writable: bool) -> None:
        """Say whether searches can be kept."""
        self._writable = writable

    # -- the query

    def query(self) -> SearchQuery:
        """Return what is asked for."""
        scope = next(str(button.property("scope")) for button in self._scopes.buttons() if button.isChecked())
        return self.filters.narrowed(SearchQuery(self.field.text(), scope))

    def set_query(self, query: SearchQuery) -> None:
        """Show a query and ask for it."""
        self.field.setText(query.words)
        for button in self._scopes.buttons():
            button.setChecked(button.property("scope") == query.scope)
        self.filters.set_query(query)
        if query.filters or query.substring or not query.ignore_diacritics:
            self.filters_button.setChecked(True)
        self.ask()

    def set_choices(self, choices: SearchChoices) -> None:
        """Offer what a project has to narrow by."""
        self.filters.set_choices(choices)
        self.delegate.set_labels({label.id: label for label in choices.labels})
        self.list.viewport().update()

    def focus_field(self, words: str = "") -> None:
        """Let words be typed; those that are given are searched for."""
        if words:
            self.field.setText(words)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def ask(self) -> None:
        """Ask for what is typed and chosen now."""
        self._timer.stop()
        self._wants_next = False
        count = len(self.query().filters)
        self.filters_button.setText(f"{self.tr('Filters')} ({count})" if count else self.tr("Filters"))
        self.asked.emit(self.query())

    @Slot()
    def _change_filters(self) -> None:
        self._timer.start()

    # -- the answer

    def show_hits(self, hits: Sequence[SearchHit], *, complete: bool, unfinished: bool = False) -> None:
        """Show the hits of a search; where there was a current one, it stays so."""
        current = self.model.hit(self.list.currentIndex())
        self.model.set_hits(hits, complete=complete)
        if current is not None:
            index = self.model.place_of(current)
            if index.isValid() and index != self.list.currentIndex():
                self.list.setCurrentIndex(index)
        self._show_count()
        words = "" if hits else self.tr("Nothing found.")
        if unfinished:
            words = self.tr("The quotation mark is open: all that follows it is one phrase.") + (f"\n{words}")
        self._say(words.strip(), keep_list=bool(hits))

    def add_hits(self, hits: Sequence[SearchHit], *, complete: bool) -> None:
        """Show the next hits besides, and go to the first of them where somebody waits for it."""
        self.model.add_hits(hits, complete=complete)
        self._show_count()
        if self._wants_next:
            self._wants_next = False
            self._step(1)

    def show_hint(self) -> None:
        """Say what can be typed."""
        self.model.set_hits((), complete=True)
        self.count.setText("")
        lines = (
            self.tr("Type words to find them in all texts, in tagged spans, or in notes."),
            "",
            self.tr("port winter\tboth words"),
            self.tr("“air defence”\ta phrase"),
            self.tr("port -winter\tone without the other"),
            self.tr("port OR harbour\teither"),
            self.tr("sanction*\tthe beginning of a word"),
        )
        self._say("\n".join(line.replace("\t", "  –  ") for line in lines), keep_list=False)

    def show_problem(self, sentence: str) -> None:
        """Say why there is no answer."""
        self.model.set_hits((), complete=True)
        self.count.setText("")
        self._say(sentence, keep_list=False, state="error")

    def show_work(self, sentence: str) -> None:
        """Say what has to be done before there is an answer."""
        self._say(sentence, keep_list=bool(self.model.hits))

    def _say(self, words: str, *, keep_list: bool, state: str = "") -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.words.setProperty("muted", not state)
        self.words.setProperty("state", state)
        restyle(self.words)
        self.list.setVisible(keep_list)
        for button in (self.previous_button, self.next_button):
            button.setVisible(keep_list)

    def _show_count(self) -> None:
        hits, documents = len(self.model.hits), self.model.document_count()
        if not hits:
            self.count.setText("")
        elif not self.model.complete:
            self.count.setText(self.tr("More than {count} hits").format(count=grouped(hits)))
        elif documents == 1:
            self.count.setText(self.tr("{hits} in 1 document").format(hits=hit_count(hits)))
        else:
            words = self.tr("{hits} in {documents} documents")
            self.count.setText(words.format(hits=hit_count(hits), documents=grouped(documents)))

    # -- going through the hits

    @Slot(QModelIndex, bool)
    def _choose(self, index: QModelIndex, focus_text: bool) -> None:
        hit = self.model.hit(index)
        if hit is not None:
            self.hit_chosen.emit(hit, focus_text)

    @Slot()
    def next_hit(self) -> None:
        """Show the next hit; more are asked for where there are any."""
        self._step(1)

    @Slot()
    def previous_hit(self) -> None:
        """Show the hit before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if not self.list.step(step) and step > 0 and not self.model.complete:
            self._wants_next = True
            self.model.fetchMore(QModelIndex())

    # -- kept searches

    def set_saved(self, searches: Sequence[SavedSearch]) -> None:
        """Offer the searches that are kept."""
        self.saved_menu.clear()
        self.delete_menu.clear()
        for search in searches:
            for what, menu in (("use", self.saved_menu), ("delete", self.delete_menu)):
                menu.addAction(one_line(search.name, _NAME_LENGTH).replace("&", "&&")).setData((what, search.id))
        self.saved_menu.addSeparator()
        self.saved_menu.addAction(self._keep_action)
        if searches:
            self.saved_menu.addMenu(self.delete_menu)

    @Slot()
    def _enable_menu(self) -> None:
        self._keep_action.setEnabled(self._writable and not self.query().is_empty)
        self.delete_menu.setEnabled(self._writable)

    @Slot(QAction)
    def _use_menu(self, action: QAction) -> None:
        what, search = action.data()
        if what == "use":
            self.saved_chosen.emit(search)
        elif what == "delete":
            self.delete_requested.emit(search)
        else:
            self.ask_for_name()

    @Slot()
    def ask_for_name(self) -> None:
        """Let the name be typed under which the search is kept."""
        self.name_field.setText(self.field.text().strip())
        self.name_field.show()
        self.name_field.selectAll()
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _keep(self) -> None:
        self.keep_requested.emit(self.name_field.text())

    def end_naming(self) -> None:
        """Take away the field for the name."""
        self.name_field.hide()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.name_field and event.key() == Qt.Key.Key_Escape:
                self.end_naming()
                return True
            if watched is self.field and self._press(event):
                return True
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        """Act on a key in the field of words."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self.ask()
            else:
                self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Down and self.list.isVisible():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.step(QModelIndex(), 1))
        elif event.key() == Qt.Key.Key_Escape and not self.field.text():
            self.close_requested.emit()
        else:
            return False
        return True
