"""A field for the date of a document: typed as ISO 8601, or picked from a calendar."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QPalette, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import set_state
from annotator.ui.icons import icon_in

_PARTIAL = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")

CALENDAR_STYLE = """
#qt_calendar_navigationbar { background: palette(window); }
QAbstractItemView { selection-background-color: palette(highlight); }
QToolButton { border-color: transparent; font-weight: 600; }
"""


def is_iso_date(text: str) -> bool:
    """Say whether the text is a day, a month or a year as ISO 8601 writes it with hyphens."""
    if _PARTIAL.fullmatch(text):
        return text[:4] != "0000"
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class DateField(QWidget):
    """Takes a day, a month, a year or nothing."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line = QLineEdit(text)
        self.line.setPlaceholderText(self.tr("2024-05-16, 2024-05 or 2024"))
        self.line.textEdited.connect(self._edited)
        self.pick = QToolButton()
        self.pick.setIcon(icon_in("calendar", self.palette().color(QPalette.ColorRole.PlaceholderText)))
        self.pick.setIconSize(QSize(16, 16))
        self.pick.setAccessibleName(self.tr("Pick the date from a calendar"))
        self.pick.clicked.connect(self._show_calendar)
        row.addWidget(self.line, 1)
        row.addWidget(self.pick)
        self.setFocusProxy(self.line)
        self._calendar: QCalendarWidget | None = None

    def text(self) -> str:
        """Return what stands in the field, without the spaces around it."""
        return self.line.text().strip()

    def is_valid(self) -> bool:
        """Say whether the field holds a date or nothing, and mark it if not."""
        valid = not self.text() or is_iso_date(self.text())
        set_state(self.line, "" if valid else "error")
        return valid

    @Slot()
    def _edited(self) -> None:
        set_state(self.line, "")

    @Slot()
    def _show_calendar(self) -> None:
        frame = QFrame(self, Qt.WindowType.Popup)
        frame.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(4, 4, 4, 4)
        calendar = _calendar()
        shown = QDate.fromString(self.text(), Qt.DateFormat.ISODate)
        if shown.isValid():
            calendar.setSelectedDate(shown)
        calendar.clicked.connect(self._picked)
        calendar.activated.connect(self._picked)
        layout.addWidget(calendar)
        self._calendar = calendar
        frame.adjustSize()
        frame.move(self.pick.mapToGlobal(QPoint(self.pick.width() - frame.width(), self.pick.height() + 2)))
        frame.show()
        calendar.setFocus()

    @Slot(QDate)
    def _picked(self, day: QDate) -> None:
        self.line.setText(day.toString(Qt.DateFormat.ISODate))
        set_state(self.line, "")
        if self._calendar is not None:
            calendar, self._calendar = self._calendar, None
            calendar.window().close()
        self.line.setFocus()


def _calendar() -> QCalendarWidget:
    """Return a calendar in the colours of the palette, where Qt's own has red weekends and black arrows."""
    calendar = QCalendarWidget()
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    plain = QTextCharFormat()
    plain.setForeground(calendar.palette().color(QPalette.ColorRole.Text))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, plain)
    for name, sign in (("qt_calendar_prevmonth", "previous"), ("qt_calendar_nextmonth", "next")):
        button = calendar.findChild(QToolButton, name)
        if isinstance(button, QToolButton):
            button.setIcon(icon_in(sign, calendar.palette().color(QPalette.ColorRole.Text)))
    calendar.setStyleSheet(CALENDAR_STYLE)
    calendar.setMinimumSize(300, 250)
    return calendar
