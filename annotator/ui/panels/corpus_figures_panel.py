"""Charts beside the table of all annotations, one at a time, chosen from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.core.corpus_query import UNITS
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.models.corpus_attributes import COUNTED_TYPES, attribute_titles
from annotator.ui.models.corpus_loader import Figures
from annotator.ui.panels.corpus_charts import ChartView
from annotator.ui.panels.widgets import heading
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.core.records import AttributeDefinition
    from annotator.session.corpus import CorpusChoices
    from annotator.session.corpus_figures import Bars, Matrix

_LEAST_WIDTH = 260


class CorpusFiguresPanel(QWidget):
    """`figures_wanted` tells that another chart was chosen, `chosen` carries the Narrows and the name of what was
    clicked in it.
    """

    figures_wanted = Signal()
    chosen = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = ComboBox(self)
        self.kind.setAccessibleName(self.tr("What is counted"))
        self.option = ComboBox(self)
        self.chart = ChartView(theme, self)
        self._choices: CorpusChoices | None = None
        self._is_setting = False
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(8)
        column.addWidget(heading(self.tr("Figures"), self))
        column.addWidget(self.kind)
        column.addWidget(self.option)
        column.addWidget(self.chart, 1)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.kind.currentIndexChanged.connect(self._change_kind)
        self.option.currentIndexChanged.connect(self._change_option)
        self.chart.chosen.connect(self.chosen)
        self.option.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.chart.set_theme(theme)

    def set_choices(self, choices: CorpusChoices, *, people: bool) -> None:
        """Offer the charts of a project; `people` says whether figures of persons may be shown."""
        self._choices = choices
        self.chart.set_labels(choices.labels)
        wanted = self.kind.currentData()
        self._is_setting = True
        self.kind.clear()
        self._add(self.tr("Labels"), ("bars", "label"))
        if people:
            self._add(self.tr("Annotators"), ("bars", "annotator"))
        self._add(self.tr("Documents"), ("bars", "document"))
        self._add(self.tr("Over time"), ("bars", "date"))
        self._add(self.tr("Sources: sites"), ("bars", "site"))
        self._add(self.tr("Sources: formats"), ("bars", "format"))
        self._add(self.tr("Languages"), ("bars", "language"))
        counted = [one for one in choices.attributes if one.type in COUNTED_TYPES and not one.retired]
        entities = [one for one in counted if one.type == "entity"]
        if len(entities) > 1:
            self._add(self._pair_words(entities[0], entities[1]), ("pairs", ""))
        self._add(self.tr("Labels together"), ("together", ""))
        titles = attribute_titles(choices.attributes, choices.labels)
        for attribute in counted:
            words = self.tr("Attribute: {name}").format(name=titles[attribute.id])
            self._add(words, ("bars", f"value:{attribute.id}"))
        self.kind.setCurrentIndex(max(0, self._place_of(wanted)))
        self._is_setting = False
        self._fill_options()

    def _pair_words(self, one: AttributeDefinition, other: AttributeDefinition) -> str:
        return self.tr("Who to whom: {one} × {other}").format(one=one.name, other=other.name)

    def _add(self, words: str, what: tuple[str, str]) -> None:
        self.kind.addItem(words, what)

    def _place_of(self, what: object) -> int:
        return next((n for n in range(self.kind.count()) if self.kind.itemData(n) == what), -1)

    def choose(self, kind: str, what: str = "") -> None:
        """Show a chart, such as ("bars", "label")."""
        place = self._place_of((kind, what))
        if place >= 0:
            self.kind.setCurrentIndex(place)

    def wanted(self) -> Figures | None:
        """Return what the chart that is chosen needs."""
        chosen = self.kind.currentData()
        if chosen is None or self._choices is None:
            return None
        kind, what = chosen
        if kind == "together":
            return kind, str(self.option.currentData() or UNITS[0]), ()
        if kind == "pairs":
            entities = [one.id for one in self._choices.attributes if one.type == "entity" and not one.retired]
            label = self.option.currentData()
            return kind, "", (*entities[:2], *((label,) if label else ()))
        return kind, what, ()

    @Slot()
    def _change_kind(self) -> None:
        if not self._is_setting:
            self._fill_options()
            self.figures_wanted.emit()

    @Slot()
    def _change_option(self) -> None:
        if not self._is_setting:
            self.figures_wanted.emit()

    def _fill_options(self) -> None:
        """Offer what the chart that is chosen can be told."""
        chosen = self.kind.currentData()
        kind = chosen[0] if chosen is not None else ""
        before = self.option.currentData()
        self._is_setting = True
        self.option.clear()
        if kind == "together":
            self.option.setAccessibleName(self.tr("Where labels are together"))
            words = (self.tr("on the same text"), self.tr("in the same paragraph"), self.tr("in the same document"))
            for unit, name in zip(UNITS, words, strict=True):
                self.option.addItem(name, unit)
        elif kind == "pairs" and self._choices is not None:
            self.option.setAccessibleName(self.tr("Label that counts"))
            self.option.addItem(self.tr("All labels"), "")
            for label in self._choices.labels:
                self.option.addItem(label.name, label.id)
        self.option.setVisible(bool(self.option.count()))
        self.option.setCurrentIndex(max(0, self.option.findData(before)))
        self._is_setting = False

    # -- what is shown

    def show_figures(self, wanted: Figures, found: Bars | Matrix) -> None:
        """Show figures that were asked for."""
        from annotator.session.corpus_figures import Matrix

        if isinstance(found, Matrix):
            if found.cells:
                self.chart.show_matrix(found, self._caption(wanted, found.left_out))
            else:
                self.show_nothing(self._no_pairs(wanted))
        elif found.bars:
            self.chart.show_bars(found, self._caption(wanted), columns=wanted[1] == "date")
        else:
            self.show_nothing(self.tr("No annotations to count."))

    def show_nothing(self, words: str) -> None:
        """Say why there is no chart."""
        self.chart.show_nothing(words)

    def _no_pairs(self, wanted: Figures) -> str:
        if wanted[0] == "together":
            return self.tr("No two labels are together here.")
        return self.tr("No span here says both who speaks and to whom.")

    def _caption(self, wanted: Figures, left_out: int = 0) -> str:
        if wanted[0] == "together":
            return self._together_words(wanted[1])
        if wanted[0] == "pairs":
            words = self.tr("Annotations; rows are who speaks, columns to whom or of whom.")
            return (
                f"{words} {self.tr('{count} more are in rarer pairs.').format(count=left_out)}" if left_out else words
            )
        return self.tr("Annotations; a click shows only those.")

    def _together_words(self, unit: str) -> str:
        if unit == "overlap":
            return self.tr("Pairs of annotations of one layer that cover some text in common.")
        if unit == "paragraph":
            return self.tr("Paragraphs that have both labels in one layer.")
        return self.tr("Documents that have both labels in one layer.")

    def picture_name(self) -> str:
        """Return what the chart on screen is called."""
        return self.kind.currentText()
