"""Every key that applies now, to look at and to search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import MARGIN, Dialog, plain_label
from annotator.ui.panels.widgets import heading

KeyGroup = tuple[str, Sequence[tuple[str, str]]]
"""A name, and pairs of keys and what they do."""

KEY_COLUMN = 150
"""Pixels that the keys take beside what they do."""


class KeyCap(QLabel):
    """Keys in a frame, as they look on a keyboard."""

    def __init__(self, keys: str) -> None:
        super().__init__(keys)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContentsMargins(8, 2, 8, 2)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(hint.width(), 26), max(hint.height(), 24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()
        super().paintEvent(event)


@dataclass(slots=True)
class _Row:
    keys: KeyCap
    what: QLabel

    def matches(self, words: Sequence[str]) -> bool:
        text = f"{self.keys.text()} {self.what.text()}".casefold()
        return all(word in text for word in words)

    def set_visible(self, visible: bool) -> None:
        self.keys.setVisible(visible)
        self.what.setVisible(visible)


class _Section(QWidget):
    """One group: its name and its rows."""

    def __init__(self, name: str, keys: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 14)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, KEY_COLUMN)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading(name), 0, 0, 1, 2)
        self.rows: list[_Row] = []
        for place, (key, what) in enumerate(keys, 1):
            row = _Row(KeyCap(key), plain_label(what, wrap=True))
            row.keys.setAccessibleDescription(what)
            grid.addWidget(row.keys, place, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.what, place, 1)
            self.rows.append(row)

    def filter(self, words: Sequence[str]) -> int:
        """Show the rows that hold all the words; returns how many do."""
        shown = [row.matches(words) for row in self.rows]
        for row, visible in zip(self.rows, shown, strict=True):
            row.set_visible(visible)
        self.setVisible(any(shown))
        return sum(shown)


class KeysDialog(Dialog):
    """Two columns of groups, each as a printed card would have them."""

    def __init__(self, groups: Sequence[KeyGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Keys that apply now"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search keys and what they do"))
        self.search.setAccessibleName(self.tr("Search keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self._sections = [_Section(name, keys) for name, keys in groups if keys]
        self.nothing = plain_label(self.tr("No key does that here."), muted=True)
        self.nothing.hide()
        self.body.addWidget(self.search)
        self.body.addSpacing(6)
        self.body.addWidget(self.nothing)
        self._scroll = self._columns()
        self.body.addWidget(self._scroll, 1)
        self.add_main_button(self.tr("Close"))
        self.keep_fitting(900, 580)
        self.search.setFocus()

    def _columns(self) -> QScrollArea:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(MARGIN)
        for sections in _balanced(self._sections):
            column = QVBoxLayout()
            for section in sections:
                column.addWidget(section)
            column.addStretch(1)
            row.addLayout(column, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(holder)
        scroll.setAccessibleName(self.tr("Keys by group"))
        return scroll

    def visible_keys(self) -> list[tuple[str, str]]:
        """Return the keys that the search leaves, in order."""
        rows = [row for section in self._sections for row in section.rows if not row.keys.isHidden()]
        return [(row.keys.text(), row.what.text()) for row in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the pages of the list while the line to type in has the focus."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if event.key() in steps:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + steps[Qt.Key(event.key())] * bar.pageStep())
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        found = sum([section.filter(words) for section in self._sections])
        self.nothing.setVisible(not found)


def _balanced(sections: Sequence[_Section]) -> tuple[Sequence[_Section], Sequence[_Section]]:
    """Return the sections cut in two where the columns come out most alike."""
    heights = [len(section.rows) + 2 for section in sections]
    cut = min(range(len(sections) + 1), key=lambda place: max(sum(heights[:place]), sum(heights[place:])))
    return sections[:cut], sections[cut:]
