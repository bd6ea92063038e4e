"""The figures of agreement at the top of their window: where, which label, both, relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import MARGIN, plain_label
from annotator.ui.models.agreement_tables import interval_text, number_text, reason_text
from annotator.ui.panels.widgets import heading
from annotator.ui.words import QT_TRANSLATE_NOOP, tr

if TYPE_CHECKING:
    from annotator.analysis.agreement.figures import Figure, Figures

GROUPS = (
    (
        QT_TRANSLATE_NOOP("words", "Where"),
        (
            ("alpha_unitising", QT_TRANSLATE_NOOP("words", "α for unitising")),
            ("f1_exact", QT_TRANSLATE_NOOP("words", "F1 exact")),
            ("f1_partial", QT_TRANSLATE_NOOP("words", "F1 partial")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("words", "Which label"),
        (
            ("alpha_labels", QT_TRANSLATE_NOOP("words", "α over labels")),
            ("cohen", QT_TRANSLATE_NOOP("words", "Cohen’s κ")),
            ("fleiss", QT_TRANSLATE_NOOP("words", "Fleiss’ κ")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("words", "Both at once"),
        (
            ("f1_strict", QT_TRANSLATE_NOOP("words", "F1 strict")),
            ("f1_type", QT_TRANSLATE_NOOP("words", "F1 type")),
            ("alpha_characters", QT_TRANSLATE_NOOP("words", "α over characters")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("words", "Relations"),
        (("relations_f1", QT_TRANSLATE_NOOP("words", "F1")),),
    ),
)
"""Groups of figures with their names; the first of each is shown large."""

MEANINGS = {
    "alpha_unitising": QT_TRANSLATE_NOOP("words", "Do they tag the same stretches of text, whatever the label?"),
    "f1_exact": QT_TRANSLATE_NOOP("words", "Spans with the same edges, whatever the label"),
    "f1_partial": QT_TRANSLATE_NOOP("words", "Spans with the same edges; an overlap counts one half"),
    "alpha_labels": QT_TRANSLATE_NOOP("words", "Do they give spans that match the same label?"),
    "cohen": QT_TRANSLATE_NOOP("words", "The same question, two layers at a time; the mean over pairs"),
    "fleiss": QT_TRANSLATE_NOOP("words", "The same question, over spans that all layers tagged"),
    "f1_strict": QT_TRANSLATE_NOOP("words", "Spans with the same edges and the same label"),
    "f1_type": QT_TRANSLATE_NOOP("words", "Spans that overlap and have the same label"),
    "alpha_characters": QT_TRANSLATE_NOOP("words", "Does each character have the same set of labels?"),
    "relations_f1": QT_TRANSLATE_NOOP("words", "Relations of the same type between spans that match"),
}


_LARGE, _SMALL = 44, 34
"""Pixels that a number takes, with its minus."""


class _Shown:
    """One figure: its number, and its interval or why there is none."""

    def __init__(self, name: str, words: str, *, large: bool) -> None:
        self.number = plain_label("–", scale="title" if large else "body")
        self.beside = plain_label("", muted=True, scale="small")
        self.caption = plain_label(tr(words), muted=True, scale="body" if large else "small")
        self.number.setMinimumWidth(_LARGE if large else _SMALL)
        self._words, self._meaning = tr(words), tr(MEANINGS[name])
        for label in (self.number, self.beside, self.caption):
            label.setToolTip(self._meaning)

    def show(self, figure: Figure | None) -> None:
        """Show a figure, or nothing."""
        has_value = figure is not None and figure.value is not None
        self.number.setText(number_text(figure.value) if figure and figure.value is not None else "–")
        self.beside.setText(interval_text(figure) if figure and has_value else "")
        why = reason_text(figure)
        for label in (self.number, self.beside, self.caption):
            label.setToolTip(why or self._meaning)
        self.number.setAccessibleName(f"{self._words}: {self.number.text()} {self.beside.text()}")
        self.number.setAccessibleDescription(why or self._meaning)


class AgreementFigures(QWidget):
    """Four groups side by side; what a figure means, or why there is none, is its tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(MARGIN)
        self._shown: dict[str, _Shown] = {}
        for title, figures in GROUPS:
            row.addLayout(self._group(tr(title), figures), 1)

    def _group(self, title: str, figures: tuple[tuple[str, str], ...]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(heading(title))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(2, 1)
        for place, (name, words) in enumerate(figures):
            shown = self._shown[name] = _Shown(name, words, large=place == 0)
            middle = Qt.AlignmentFlag.AlignVCenter
            for column_place, label in enumerate((shown.number, shown.caption, shown.beside)):
                grid.addWidget(label, place, column_place, middle)
        column.addLayout(grid)
        column.addStretch(1)
        return column

    def show_figures(self, figures: Figures | None) -> None:
        """Show figures by name, or dashes."""
        for name, shown in self._shown.items():
            shown.show(figures.get(name) if figures else None)

    def texts(self) -> dict[str, str]:
        """Return the numbers as they are shown, by figure."""
        return {name: shown.number.text() for name, shown in self._shown.items()}

    def label_of(self, name: str) -> QLabel:
        """Return the label that shows the number of a figure."""
        return self._shown[name].number
