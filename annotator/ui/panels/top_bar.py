"""The bar at the top: the menu, the pages, the search field, the person, and the main button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from annotator.ui.models.command_model import CommandModel
from annotator.ui.panels.command_field import CommandField
from annotator.ui.panels.widgets import flat_button, plain_label
from annotator.ui.theme import Theme

HEIGHT = 46
_SEARCH_WIDTH = 380


class TopBar(QWidget):
    """Only what works is shown: one page, so far."""

    export_requested = Signal()

    def __init__(self, commands: CommandModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.menu_button = flat_button("☰", self.tr("Menu (F10)"), self)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.annotate_tab = QPushButton(self.tr("Annotate"), self)
        self.annotate_tab.setProperty("role", "tab")
        self.annotate_tab.setCheckable(True)
        self.annotate_tab.setChecked(True)
        self.annotate_tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bold = theme.font(bold=True)
        self.annotate_tab.setFixedWidth(QFontMetrics(bold).horizontalAdvance(self.annotate_tab.text()) + 40)
        self.annotate_tab.clicked.connect(self._keep_checked)
        self.search = CommandField(commands, theme, self)
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self._person = plain_label("", self, muted=True)
        self.export_button = QPushButton(self.tr("Export…"), self)
        self.export_button.setProperty("role", "primary")
        self.export_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.export_button.clicked.connect(self.export_requested)
        self._build()

    def set_menu(self, menu: QMenu) -> None:
        """Open this menu from the button at the left."""
        self.menu_button.setMenu(menu)

    def show_person(self, name: str) -> None:
        """Show who works here."""
        self._person.setText(name)

    def show_project(self, is_open: bool) -> None:
        """Show what needs a project, or hide it."""
        self.annotate_tab.setVisible(is_open)
        self.export_button.setVisible(is_open)

    def follow(self, export: QAction) -> None:
        """Let the main button be enabled as its action is."""
        self._export = export
        export.changed.connect(self._follow_export)

    def _follow_export(self) -> None:
        self.export_button.setEnabled(self._export.isEnabled())

    def _keep_checked(self) -> None:
        self.annotate_tab.setChecked(True)

    def _build(self) -> None:
        left, right = QWidget(self), QWidget(self)
        for widget in (left, right):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            widget.setProperty("clear", True)
        start = QHBoxLayout(left)
        start.setContentsMargins(0, 0, 0, 0)
        start.addWidget(self.menu_button)
        start.addWidget(self.annotate_tab)
        start.addStretch(1)
        end = QHBoxLayout(right)
        end.setContentsMargins(0, 0, 0, 0)
        end.setSpacing(12)
        end.addStretch(1)
        end.addWidget(self._person)
        end.addWidget(self.export_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 14, 0)
        layout.addWidget(left, 1)
        layout.addWidget(self.search)
        layout.addWidget(right, 1)
