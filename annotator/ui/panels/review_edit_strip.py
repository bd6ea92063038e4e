"""The strip under the text in which a case gets a version of its own: its label, and where the text begins and ends."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from annotator.core.records import Fragment, Label
from annotator.ui.dialogs.parts import ElidedLabel
from annotator.ui.panels.label_bar import LabelChip
from annotator.ui.panels.widgets import FlowLayout, flat_button, plain_label
from annotator.ui.theme import Theme
from annotator.ui.words import quoted

_QUOTE = 200


class EditStrip(QWidget):
    """The text keeps the keyboard meanwhile. `changed` says that the label is another one, `accepted` and `closed` how
    it ended.
    """

    changed = Signal()
    accepted = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: list[LabelChip] = []
        self._labels: Sequence[Label] = ()
        self.label = ""
        self.fragments: tuple[Fragment, ...] = ()
        self.setProperty("bar", "float")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Edit the decision"))
        self._quote = ElidedLabel()
        self._hint = plain_label(
            self.tr("A digit sets the label. [ and ] move the edges, with Shift inwards; or select the text anew."),
            self,
            muted=True,
            scale="small",
        )
        self._hint.setWordWrap(True)
        self._row = FlowLayout(gap=6)
        self.accept_button = QPushButton(self.tr("Decide so (Enter)"), self)
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.accept_button.clicked.connect(self.accepted)
        close = flat_button("✕", self.tr("Cancel (Esc)"), self)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.closed)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._quote, 1)
        top.addWidget(close)
        below.addWidget(self._hint, 1)
        below.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 7, 10, 9)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(self._row)
        column.addLayout(below)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        for chip in self._chips:
            chip.set_theme(theme)

    def open_with(self, labels: Sequence[Label], label: str, fragments: Sequence[Fragment], text: str) -> None:
        """Begin with a label and a place."""
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._labels = [one for one in labels if not one.retired or one.id == label]
        self._chips = [LabelChip(one, self._theme, self) for one in self._labels]
        for chip in self._chips:
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.chosen.connect(self._choose)
            self._row.addWidget(chip)
            chip.show()
        self.label = label
        self.show_place(fragments, text)
        self._mark()
        self.show()

    def show_place(self, fragments: Sequence[Fragment], text: str) -> None:
        """Show where the version lies now."""
        self.fragments = tuple(fragments)
        words = " … ".join(text[start:end] for start, end in self.fragments)
        self._quote.set_full_text(self.tr("Decide otherwise: {quote}").format(quote=quoted(words, _QUOTE)))

    def press_digit(self, digit: int) -> None:
        """Choose the label with a digit, if there is one."""
        found = next((label.id for label in self._labels if label.digit == digit), "")
        if found:
            self._choose(found, False)

    @Slot(str, bool)
    def _choose(self, label: str, _shift: bool) -> None:
        self.label = label
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        for chip in self._chips:
            chip.set_current(chip.label.id == self.label)
