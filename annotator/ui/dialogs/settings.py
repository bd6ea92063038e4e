"""Preferences: who annotates, how the window looks, how text is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent, QPalette, QTextLayout
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from annotator.settings import THEMES, Settings
from annotator.ui.dialogs.controls import CheckBox, ComboBox, NumberBox
from annotator.ui.dialogs.parts import MARGIN, Dialog, Fields, plain_label, set_state

SHOWN = (
    *("annotator_name", "theme", "reading_family", "reading_size", "reading_line_height", "reading_columns"),
    *("snapping", "trim", "ask_attributes", "show_on_screen"),
)
"""The settings that the dialog shows."""

SAMPLE_HEIGHT = 150
SIZES = (9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 32)
LINE_HEIGHTS = (1.2, 1.4, 1.5, 1.6, 1.8, 2.0, 2.4)
COLUMNS = (50, 60, 66, 72, 80, 90, 100, 120)


class ReadingSample(QWidget):
    """A few lines set as the reading view would set them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(SAMPLE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._font = QFont()
        self._line_height = 1.6
        self._columns = 72
        self.text = self.tr(
            "The ministers will deliver forty mobile bridges before the autumn rains, provided that the roads to the "
            "river have been cleared. Сторони домовилися зустрітися знову навесні."
        )
        self.setAccessibleName(self.tr("Sample of the text"))

    def show_type(self, font: QFont, line_height: float, columns: int) -> None:
        """Set the sample; `columns` is the width in average characters."""
        self._font, self._line_height, self._columns = font, line_height, columns
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, SAMPLE_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
        layout = QTextLayout(self.text, self._font, self)
        layout.beginLayout()
        width = min(self.width() - 32, self._columns * QFontMetricsF(self._font).averageCharWidth())
        top = 12.0
        while (line := layout.createLine()).isValid() and top < self.height():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height() * self._line_height / 1.2
        layout.endLayout()
        layout.draw(painter, QPointF(16, 0))
        painter.end()


class SettingsDialog(Dialog):
    """`changed` carries new Settings with everything else as it was; the caller saves and applies them."""

    changed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Settings"))
        self._settings = settings
        self.tabs = QTabWidget()
        self._add_person()
        self._add_annotating()
        self._add_reading()
        self.body.addWidget(self.tabs, 1)
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Save"))
        self.keep_fitting(640, 580)
        self._show_sample()
        self.name.setFocus()

    def _add_person(self) -> None:
        self.name = QLineEdit(self._settings.annotator_name)
        self.name.textEdited.connect(self._name_edited)
        self.theme = ComboBox()
        names = {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        for theme in THEMES:
            self.theme.addItem(names[theme], theme)
        self.theme.setCurrentIndex(THEMES.index(self._settings.theme))
        fields = Fields()
        fields.add_field(self.tr("Your &name"), self.name)
        fields.add_field(self.tr("&Theme"), self.theme)
        self._tab(self.tr("General")).addLayout(fields)

    def _add_annotating(self) -> None:
        snappings = {
            "words": self.tr("Whole words"),
            "sentences": self.tr("Whole sentences"),
            "characters": self.tr("Single characters"),
        }
        trims = {
            "quotes": self.tr("Spaces, and quote marks without their other half"),
            "spaces": self.tr("Spaces"),
            "nothing": self.tr("Nothing"),
        }
        self.snapping = _choice(snappings, self._settings.snapping)
        self.trim = _choice(trims, self._settings.trim)
        self.annotating = Fields()
        self.annotating.add_field(self.tr("&Dragging selects"), self.snapping)
        self.annotating.add_field(self.tr("&Cut off at the ends"), self.trim)
        self.annotating.add_below(plain_label(self.tr("Ctrl while dragging selects otherwise."), wrap=True, muted=True))
        self.ask_attributes = CheckBox(self.tr("&Ask for attributes while tagging"))
        self.ask_attributes.setChecked(self._settings.ask_attributes)
        self.annotating.add_below(self.ask_attributes)
        self._tab(self.tr("Annotating")).addLayout(self.annotating)

    def _tab(self, name: str) -> QVBoxLayout:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN // 2, MARGIN // 2, MARGIN // 2, MARGIN // 2)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.tabs.addTab(page, name)
        return column

    def _add_reading(self) -> None:
        self.family = ComboBox()
        self.family.addItem(self.tr("As the theme has it"), "")
        for family in QFontDatabase.families():
            self.family.addItem(family, family)
        self.family.setCurrentIndex(max(0, self.family.findData(self._settings.reading_family)))
        now = self._settings
        self.text_size = NumberBox(SIZES, now.reading_size, self.tr("{number} pt").replace("{number}", "{:g}").format)
        self.line_height = NumberBox(LINE_HEIGHTS, now.reading_line_height, "{:g}".format)
        self.columns = NumberBox(
            COLUMNS, now.reading_columns, self.tr("{number} characters").replace("{number}", "{:g}").format
        )
        fields = Fields()
        fields.add_field(self.tr("&Font"), self.family)
        fields.add_field(self.tr("&Size"), self.text_size)
        fields.add_field(self.tr("&Line height"), self.line_height)
        fields.add_field(self.tr("Line &width"), self.columns)
        self.show_on_screen = CheckBox(self.tr("Show what was &on screen"))
        self.show_on_screen.setChecked(self._settings.show_on_screen)
        fields.add_below(self.show_on_screen)
        self.sample = ReadingSample()
        column = self._tab(self.tr("Text that is read"))
        column.setAlignment(Qt.AlignmentFlag(0))
        column.addLayout(fields)
        column.addSpacing(6)
        column.addWidget(self.sample, 1)
        self.family.currentIndexChanged.connect(self._show_sample)
        for number in (self.text_size, self.line_height, self.columns):
            number.currentIndexChanged.connect(self._show_sample)

    def settings(self) -> Settings:
        """Return the preferences as they are chosen now."""
        return replace(
            self._settings,
            annotator_name=self.name.text().strip(),
            theme=self.theme.currentData(),
            reading_family=self.family.currentData(),
            reading_size=self.text_size.value(),
            reading_line_height=self.line_height.value(),
            reading_columns=int(self.columns.value()),
            snapping=self.snapping.currentData(),
            trim=self.trim.currentData(),
            ask_attributes=self.ask_attributes.isChecked(),
            show_on_screen=self.show_on_screen.isChecked(),
        )

    @Slot()
    def _show_sample(self) -> None:
        font = QFont(self.family.currentData() or self.font().family())
        if not self.family.currentData():
            font.setStyleHint(QFont.StyleHint.Serif)
            font.setFamilies(["Source Serif 4", "Charter", "Georgia", "Noto Serif", "DejaVu Serif"])
        font.setPointSizeF(self.text_size.value())
        self.sample.show_type(font, self.line_height.value(), int(self.columns.value()))

    @Slot()
    def _name_edited(self) -> None:
        self.show_problem("")
        set_state(self.name, "")

    def accept(self) -> None:
        if not self.name.text().strip():
            self.show_problem(self.tr("Type the name under which you annotate."))
            set_state(self.name, "error")
            self.name.setFocus()
            return
        chosen = self.settings()
        if chosen != self._settings:
            self.changed.emit(chosen)
        super().accept()


def _choice(names: Mapping[str, str], current: str) -> ComboBox:
    box = ComboBox()
    for value, name in names.items():
        box.addItem(name, value)
    box.setCurrentIndex(box.findData(current))
    return box
