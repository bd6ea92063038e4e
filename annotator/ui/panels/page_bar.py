"""The strip above a document with pages: text or pages, and the way through the pages."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QIntValidator, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from annotator.ui.panels.widgets import flat_button, plain_label
from annotator.ui.theme import Theme

_FIELD_WIDTH = 46
_ICON = 16
_SCREEN_DOTS = 96 / 72
"""Logical pixels per PDF point at 100 %."""


class _PageField(QLineEdit):
    """A field for a page's number, which Esc leaves as it was."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PageBar(QWidget):
    """Says what somebody wants to see.

    `pages_chosen` carries whether the pages are wanted instead of the text, `page_wanted` a number from 1, and
    `zoom_wanted` 1 for larger and -1 for smaller; `left` comes when the field for the number is left.
    """

    pages_chosen = Signal(bool)
    page_wanted = Signal(int)
    zoom_wanted = Signal(int)
    fit_width_wanted = Signal()
    fit_page_wanted = Signal()
    thumbnails_toggled = Signal(bool)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Text or pages"))
        self.text_tab = self._tab(self.tr("Text"), self.tr("Show as text (Ctrl+Shift+P)"))
        self.page_tab = self._tab(self.tr("Page"), self.tr("Show as pages (Ctrl+Shift+P)"))
        self._tabs = QButtonGroup(self)
        self._tabs.addButton(self.text_tab)
        self._tabs.addButton(self.page_tab)
        self._tabs.buttonClicked.connect(self._choose)
        self.thumbnails_button = flat_button("", self.tr("Thumbnails (Ctrl+Shift+T)"), self)
        self.thumbnails_button.setCheckable(True)
        self.thumbnails_button.clicked.connect(self.thumbnails_toggled)
        self.page_field = _PageField(self)
        self.zoom_button = QToolButton(self)
        self._controls = QWidget(self)
        self._build_field()
        self._build_zoom()
        self._lay_out()

    def _tab(self, text: str, tip: str) -> QToolButton:
        tab = QToolButton(self)
        tab.setText(text)
        tab.setToolTip(tip)
        tab.setAccessibleName(tip)
        tab.setCheckable(True)
        tab.setProperty("role", "tab")
        return tab

    def _build_field(self) -> None:
        self.page_field.setFixedWidth(_FIELD_WIDTH)
        self.page_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.page_field.setAccessibleName(self.tr("Number of the page"))
        self.page_field.setToolTip(self.tr("Go to a page (Ctrl+G)"))
        self.page_field.returnPressed.connect(self._want_page)
        self.page_field.editingFinished.connect(self._restore_number)
        self.page_field.left.connect(self.left)
        self.count = plain_label("", self, muted=True, scale="small")
        self._number = 0

    def _build_zoom(self) -> None:
        menu = QMenu(self.zoom_button)
        menu.addAction(self.tr("Fit width"), self.fit_width_wanted.emit)
        menu.addAction(self.tr("Fit page"), self.fit_page_wanted.emit)
        self.zoom_button.setMenu(menu)
        self.zoom_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.zoom_button.setProperty("role", "flat")
        self.zoom_button.setToolTip(self.tr("Zoom: fit width (Ctrl+0) or page"))
        self._smaller = flat_button("−", self.tr("Smaller (Ctrl+-)"), self)
        self._smaller.clicked.connect(self._zoom_out)
        self._larger = flat_button("+", self.tr("Larger (Ctrl++)"), self)
        self._larger.clicked.connect(self._zoom_in)

    def _lay_out(self) -> None:
        controls = QHBoxLayout(self._controls)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(4)
        for widget in (self._smaller, self.zoom_button, self._larger, self.page_field, self.count):
            controls.addWidget(widget)
        controls.insertSpacing(3, 10)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 4)
        layout.setSpacing(4)
        for widget in (self.text_tab, self.page_tab, self.thumbnails_button):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._controls)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.thumbnails_button.setIcon(_strip_icon(theme.color("text_muted"), self))

    # -- what is shown

    def show_face(self, *, pages: bool, thumbnails: bool) -> None:
        """Mark what is on screen."""
        (self.page_tab if pages else self.text_tab).setChecked(True)
        self.thumbnails_button.setChecked(thumbnails)
        self.thumbnails_button.setVisible(pages)
        self._controls.setVisible(pages)

    def show_place(self, number: int, count: int, zoom: float) -> None:
        """Show the current page from 1, how many there are, and the zoom in logical pixels per PDF point."""
        self._number = number
        self.page_field.setValidator(QIntValidator(1, max(count, 1), self.page_field))
        if not self.page_field.hasFocus():
            self._restore_number()
        self.count.setText(self.tr("/ {count}").format(count=count))
        self.zoom_button.setText(self.tr("{percent} %").format(percent=round(100 * zoom / _SCREEN_DOTS)))
        self.zoom_button.setAccessibleName(self.tr("Zoom {zoom}").format(zoom=self.zoom_button.text()))

    def focus_number(self) -> None:
        """Let a number be typed."""
        self.page_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.page_field.selectAll()

    @Slot()
    def _restore_number(self) -> None:
        with QSignalBlocker(self.page_field):
            self.page_field.setText(str(self._number))

    @Slot()
    def _want_page(self) -> None:
        self.page_wanted.emit(int(self.page_field.text()))
        self.left.emit()

    @Slot(object)
    def _choose(self, tab: QToolButton) -> None:
        self.pages_chosen.emit(tab is self.page_tab)

    @Slot()
    def _zoom_in(self) -> None:
        self.zoom_wanted.emit(1)

    @Slot()
    def _zoom_out(self) -> None:
        self.zoom_wanted.emit(-1)


def _strip_icon(colour: QColor, widget: QWidget) -> QIcon:
    """Return small pages beside a large one. It is drawn, as a sign that no common font has takes long to be found."""
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(round(_ICON * ratio), round(_ICON * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    for top in (1, 6, 11):
        painter.fillRect(QRectF(1, top, 3, 4), colour)
    painter.setPen(QPen(colour, 1))
    painter.drawRect(QRectF(6.5, 1.5, 8, 13))
    painter.end()
    return QIcon(pixmap)
