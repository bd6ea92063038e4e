"""The bar at the top: the menu, the pages, the search field, the person, and the main button."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from annotator.ui.models.command_model import CommandModel
from annotator.ui.panels.command_field import CommandField
from annotator.ui.panels.widgets import flat_button, plain_label
from annotator.ui.project_pages import PAGES
from annotator.ui.theme import Theme
from annotator.ui.words import tool_tip

HEIGHT = 46
_SEARCH_WIDTH = 380


class TopBar(QWidget):
    """`page_requested` carries the name of a page (see project_pages.PAGES)."""

    export_requested = Signal()
    hand_in_requested = Signal()
    page_requested = Signal(str)

    def __init__(self, commands: CommandModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.menu_button = flat_button("☰", self.tr("Menu (F10)"), self)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._tabs = {name: self._tab(name, words, theme) for name, words in PAGES.items()}
        self.search = CommandField(commands, theme, self)
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self._name = ""
        self._person = plain_label("", self, muted=True)
        self.export_button = QPushButton(self.tr("Export…"), self)
        self.export_button.setProperty("role", "primary")
        self.export_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.export_button.clicked.connect(self.export_requested)
        self.hand_in_button = QPushButton(self.tr("Hand in…"), self)
        self.hand_in_button.setProperty("role", "primary")
        self.hand_in_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hand_in_button.clicked.connect(self.hand_in_requested)
        self._build()

    def set_menu(self, menu: QMenu) -> None:
        """Open this menu from the button at the left."""
        self.menu_button.setMenu(menu)

    def show_person(self, name: str) -> None:
        """Show who works here, as much of the name as there is room for."""
        self._name = name
        self._person.setToolTip(tool_tip(name))
        self._fit_person()

    def _fit_person(self) -> None:
        buttons = (self.export_button, self.hand_in_button)
        taken = sum(button.sizeHint().width() + self._end.spacing() for button in buttons if not button.isHidden())
        room = max(0, self._right.width() - taken)
        self._person.setText(self._person.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room))

    def show_project(self, is_open: bool, in_package: bool = False) -> None:
        """Show what needs a project, or hide it; in a package the main button hands it in."""
        self.export_button.setVisible(is_open and not in_package)
        self.hand_in_button.setVisible(is_open and in_package)
        self.show_tabs(PAGES if is_open else ())
        self._fit_person()

    def show_tabs(self, names: Iterable[str]) -> None:
        """Show the tabs of these pages, and no others."""
        shown = set(names)
        for name, tab in self._tabs.items():
            tab.setVisible(name in shown)

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Mark the page that is on screen."""
        for other, tab in self._tabs.items():
            tab.setChecked(other == name)

    def tab(self, name: str) -> QPushButton:
        """Return the tab of a page."""
        return self._tabs[name]

    def follow(self, export: QAction, hand_in: QAction) -> None:
        """Let the main buttons be enabled as their actions are."""
        self._export, self._hand_in = export, hand_in
        for action in (export, hand_in):
            action.changed.connect(self._follow_actions)

    def _follow_actions(self) -> None:
        self.export_button.setEnabled(self._export.isEnabled())
        self.hand_in_button.setEnabled(self._hand_in.isEnabled())

    def _tab(self, name: str, words: str, theme: Theme) -> QPushButton:
        tab = QPushButton(QCoreApplication.translate("pages", words), self)
        tab.setObjectName(name)
        tab.setProperty("role", "tab")
        tab.setCheckable(True)
        tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bold = theme.font(bold=True)
        tab.setFixedWidth(QFontMetrics(bold).horizontalAdvance(tab.text()) + 40)
        tab.clicked.connect(self._request_page)
        return tab

    @Slot()
    def _request_page(self) -> None:
        tab = self.sender()
        assert isinstance(tab, QPushButton)
        self.page_requested.emit(tab.objectName())

    def _build(self) -> None:
        left, right = QWidget(self), QWidget(self)
        for widget in (left, right):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            widget.setProperty("clear", True)
        start = QHBoxLayout(left)
        start.setContentsMargins(0, 0, 0, 0)
        start.addWidget(self.menu_button)
        for tab in self._tabs.values():
            start.addWidget(tab)
        start.addStretch(1)
        self._right, self._end = right, QHBoxLayout(right)
        end = self._end
        end.setContentsMargins(0, 0, 0, 0)
        end.setSpacing(12)
        end.addStretch(1)
        end.addWidget(self._person)
        end.addWidget(self.export_button)
        end.addWidget(self.hand_in_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 14, 0)
        layout.addWidget(left, 1)
        layout.addWidget(self.search)
        layout.addWidget(right, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self._fit_person()
