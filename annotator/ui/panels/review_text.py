"""The middle of a review: what is read, with a lane for each layer, under a line that says where one is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import ElidedLabel
from annotator.ui.models.review_words import GOLD_SIGN
from annotator.ui.panels.review_edit_strip import EditStrip
from annotator.ui.panels.widgets import FlowLayout, flat_button, plain_label, strip
from annotator.ui.theme import Theme
from annotator.ui.views.lanes_view import LanesView
from annotator.ui.words import tool_tip

_NAME = 40


class ReviewText(QWidget):
    """`acted` carries the name of an action of the bar: accept, approve, return, reopen, previous or next.

    `answered` says that the button of an empty state was pressed.
    """

    acted = Signal(str)
    answered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lanes = LanesView(theme, self)
        self.edit_strip = EditStrip(theme, self)
        self.where = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.where.setProperty("muted", True)
        self.where.setProperty("scale", "small")
        self._legend = QWidget(self)
        self._legend_row = FlowLayout(self._legend, gap=14)
        self._legend_row.setContentsMargins(0, 0, 0, 0)
        self._head = QWidget(self)
        self._head.setProperty("reading", True)
        self._head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._count = plain_label("", self, muted=True, scale="small")
        self.buttons: dict[str, QPushButton] = {}
        self._bar = strip("strip", self)
        self._empty_words = plain_label("", self, muted=True)
        self._empty_words.setWordWrap(True)
        self._empty_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_button = QPushButton(self)
        self.empty_button.clicked.connect(self.answered)
        self.stack = QStackedWidget(self)
        self.lanes.fitted.connect(self._fit_head)
        self._build()

    def _build(self) -> None:
        self._build_bar()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(72, 14, 24, 6)
        head.setSpacing(4)
        head.addWidget(self.where)
        head.addWidget(self._legend)
        text = QWidget(self)
        column = QVBoxLayout(text)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.lanes, 1)
        column.addWidget(self.edit_strip)
        empty = QWidget(self)
        empty.setProperty("reading", True)
        empty.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = QVBoxLayout(empty)
        words.setContentsMargins(48, 24, 48, 24)
        words.addStretch(2)
        words.addWidget(self._empty_words)
        words.addSpacing(10)
        words.addWidget(self.empty_button, 0, Qt.AlignmentFlag.AlignCenter)
        words.addStretch(3)
        self.stack.addWidget(empty)
        self.stack.addWidget(text)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar)
        whole.addWidget(self.stack, 1)

    def _build_bar(self) -> None:
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(2)
        for name, sign, words in (
            ("previous", "‹", self.tr("Case before (P)")),
            ("next", "›", self.tr("Next case (N)")),
        ):
            button = flat_button(sign, words, self._bar)
            button.setObjectName(name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._act)
            row.addWidget(button)
        row.addWidget(self._count)
        row.addStretch(1)
        for name, words, tip in (
            ("accept", self.tr("Accept agreed…"), self.tr("Decide every case on which the layers agree")),
            ("approve", self.tr("Approve"), self.tr("Approve this document")),
            ("return", self.tr("Return…"), self.tr("Give this document back to an analyst")),
            ("reopen", self.tr("Reopen"), self.tr("Take back the decision on this case")),
        ):
            button = QPushButton(words, self._bar)
            button.setObjectName(name)
            button.setProperty("role", "flat")
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._act)
            self.buttons[name] = button
            row.addWidget(button)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.lanes.set_theme(theme)
        self.edit_strip.set_theme(theme)

    def show_count(self, words: str) -> None:
        """Show the place of the case among those that are listed."""
        self._count.setText(words)

    def show_head(self, where: str, layers: Sequence[tuple[str, str]]) -> None:
        """Show where in which document one is, and the letters of the layers with their names."""
        self.where.set_full_text(where)
        self.where.setToolTip(tool_tip(where))
        while (item := self._legend_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for letter, name in (*layers, (GOLD_SIGN, self.tr("gold so far"))):
            shown = name if len(name) <= _NAME else name[: _NAME - 1].rstrip() + "…"
            label = plain_label(f"{letter}  {shown}", self._legend, muted=True, scale="small")
            label.setToolTip(tool_tip(name))
            self._legend_row.addWidget(label)
            label.show()

    def show_text(self) -> None:
        """Show the text."""
        self.stack.setCurrentIndex(1)

    def show_empty(self, words: str, button: str = "") -> None:
        """Show why there is no text, and what can be done about it."""
        self._empty_words.setText(words)
        self.empty_button.setText(button)
        self.empty_button.setVisible(bool(button))
        self.stack.setCurrentIndex(0)

    @property
    def empty_words(self) -> str:
        """Return what is shown in the place of a text, or nothing."""
        return "" if self.stack.currentIndex() else self._empty_words.text()

    @Slot(int)
    def _fit_head(self, left: int) -> None:
        layout = self._head.layout()
        if layout is not None:
            layout.setContentsMargins(left, 14, 24, 6)

    @Slot()
    def _act(self) -> None:
        button = self.sender()
        if button is not None:
            self.acted.emit(button.objectName())
