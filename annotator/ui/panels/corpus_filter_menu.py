"""The menu of what the table of all annotations can be narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from annotator.core.corpus_query import CorpusFilter
from annotator.core.records import STATUSES, AttributeDefinition
from annotator.ui.models.corpus_attributes import COUNTED_TYPES, attribute_titles
from annotator.ui.panels.sight_button import SightMenu
from annotator.ui.words import QT_TRANSLATE_NOOP, language_name, status_name

if TYPE_CHECKING:
    from annotator.session.corpus import CorpusChoices

ORIGINS = {
    "manual": QT_TRANSLATE_NOOP("corpus", "Tagged by hand"),
    "imported": QT_TRANSLATE_NOOP("corpus", "Loaded from a dataset"),
    "suggested": QT_TRANSLATE_NOOP("corpus", "Suggested"),
}
Values = Callable[[AttributeDefinition], list[tuple[str, str]]]


def origin_name(origin: str) -> str:
    """Return what an origin is called."""
    return QCoreApplication.translate("corpus", ORIGINS.get(origin, origin))


class CorpusFilterButton(QToolButton):
    """`toggled_value` carries a field of a CorpusFilter, a value, its name, and whether it shall narrow.

    `dates_wanted` asks for dates to be typed.
    """

    toggled_value = Signal(str, object, str, bool)
    dates_wanted = Signal()

    def __init__(self, values: Values, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = values
        self._choices: CorpusChoices | None = None
        self._filter = CorpusFilter()
        self.setText(self.tr("Filter") + " ▾")
        self.setAccessibleName(self.tr("Filter"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)

    def set_choices(self, choices: CorpusChoices) -> None:
        """Offer what a project has."""
        self._choices = choices

    def set_filter(self, wanted: CorpusFilter) -> None:
        """Tick what narrows now."""
        self._filter = wanted

    def open_menu(self) -> QMenu:
        """Fill the menu as if it was opened, and return it."""
        self._fill()
        return self._menu

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        for menu in self._menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
            menu.deleteLater()
        choices = self._choices
        if choices is None:
            return
        self._add(self.tr("Label"), "labels", ((label.id, label.name) for label in choices.labels))
        self._add(self.tr("Annotator"), "annotators", choices.people)
        if len(choices.rounds) > 1:
            self._add(self.tr("Round"), "rounds", ((one.id, one.name) for one in choices.rounds))
        self._add(self.tr("Status"), "statuses", ((status, status_name(status)) for status in STATUSES))
        self._menu.addSeparator()
        titles = attribute_titles(choices.attributes, choices.labels)
        others = QMenu(self.tr("Other attributes"), self._menu)
        for attribute in choices.attributes:
            if attribute.type in COUNTED_TYPES and not attribute.retired:
                self._add_values(self._menu if attribute.type == "entity" else others, attribute, titles[attribute.id])
        self._menu.addMenu(others).setEnabled(not others.isEmpty())
        self._menu.addSeparator()
        self._add(self.tr("Language"), "languages", ((one, language_name(one)) for one in choices.languages))
        self._add(self.tr("Site"), "sites", ((one, one) for one in choices.sites))
        self._add(self.tr("Format"), "formats", ((one, one) for one in choices.formats))
        self._menu.addAction(self.tr("Dates…")).triggered.connect(self.dates_wanted)
        self._menu.addSeparator()
        self._add(self.tr("Origin"), "origins", ((one, origin_name(one)) for one in ORIGINS))
        notes = (("yes", self.tr("With a note")), ("no", self.tr("Without a note")))
        self._add(self.tr("Note"), "has_note", notes)

    def _add(self, title: str, field: str, values: Iterable[tuple[Any, str]]) -> None:
        menu = SightMenu(title.replace("&", "&&"), self._menu)
        for value, name in values:
            self._add_value(menu, field, value, name)
        menu.triggered.connect(self._choose)
        self._menu.addMenu(menu).setEnabled(not menu.isEmpty())

    def _add_value(self, menu: QMenu, field: str, value: Any, name: str) -> None:
        action = menu.addAction(name.replace("&", "&&"))
        action.setCheckable(True)
        held = getattr(self._filter, field)
        action.setChecked(value in held if isinstance(held, tuple) else held == value)
        action.setData((field, value, name))

    def _add_values(self, parent: QMenu, attribute: AttributeDefinition, title: str) -> None:
        menu = SightMenu(title.replace("&", "&&"), parent)
        menu.setProperty("attribute", attribute.id)
        menu.aboutToShow.connect(self._fill_values)
        menu.triggered.connect(self._choose)
        parent.addMenu(menu)

    @Slot()
    def _fill_values(self) -> None:
        menu = self.sender()
        if not isinstance(menu, QMenu) or self._choices is None or not menu.isEmpty():
            return
        attribute = next(one for one in self._choices.attributes if one.id == menu.property("attribute"))
        for value, name in self._values(attribute):
            self._add_value(menu, "values", (attribute.id, value), name)
            menu.actions()[-1].setData(("values", (attribute.id, value), f"{attribute.name}: {name}"))
        if menu.isEmpty():
            menu.addAction(self.tr("No values yet")).setEnabled(False)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        if action.data() is not None:
            field, value, name = action.data()
            self.toggled_value.emit(field, value, name, action.isChecked())
