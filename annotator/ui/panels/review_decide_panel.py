"""The right of a review: what can be decided and by which key, why, the definitions, and what was decided alike."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from annotator.ui.models.review_facts import Alike, DecideFacts, Definition
from annotator.ui.panels.review_decide_row import DecideRow
from annotator.ui.panels.review_reason import ReasonField
from annotator.ui.panels.widgets import LinkLabel, heading, plain_label
from annotator.ui.theme import Theme
from annotator.ui.views.lanes_keys import ReviewCommand
from annotator.ui.words import tool_tip

MOST_EXAMPLES = 3
_SIDE = 16


class DecidePanel(QScrollArea):
    """`decided` carries the ReviewCommand of a row that was clicked and its digit, `case_wanted` a document and a case.

    `reason` is the field for why.
    """

    decided = Signal(object, int)
    case_wanted = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._alike: tuple[Alike, ...] = ()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QWidget(self)
        self._rows: dict[str, DecideRow] = {}
        self.layer_rows: list[DecideRow] = []
        self._state = plain_label("", self._body, muted=True, scale="small")
        self._state.setWordWrap(True)
        self._layer_box = QVBoxLayout()
        self._layer_box.setSpacing(1)
        self.reason = ReasonField(self._body)
        self._definition_title = heading("", self._body)
        self._definition_box = QVBoxLayout()
        self._definition_box.setSpacing(4)
        self._agreement_title = heading(self.tr("Agreement of all layers"), self._body)
        self._agreement_box = QVBoxLayout()
        self._agreement_box.setSpacing(3)
        self._alike_title = heading(self.tr("Decided alike before"), self._body)
        self._alike_box = QVBoxLayout()
        self._alike_box.setSpacing(5)
        self._build()
        self.setWidget(self._body)

    def _build(self) -> None:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(_SIDE, 12, _SIDE, 12)
        column.setSpacing(6)
        column.addWidget(heading(self.tr("Decide"), self._body))
        column.addWidget(self._state)
        column.addLayout(self._layer_box)
        choices = QVBoxLayout()
        choices.setSpacing(0)
        for box in (choices, self._layer_box):
            box.setContentsMargins(-4, 0, 0, 0)
        column.addLayout(choices)
        for command, key, name in (
            (ReviewCommand.UNION, "U", self.tr("Union of the edges")),
            (ReviewCommand.INTERSECTION, "I", self.tr("Intersection of the edges")),
            (ReviewCommand.BOTH, "K", self.tr("Keep both")),
            (ReviewCommand.NEITHER, "0", self.tr("Neither")),
            (ReviewCommand.EDIT, self.tr("Enter"), self.tr("Edit…")),
        ):
            row = DecideRow(command.value, key, self._theme, self._body)
            row.show_choice(name)
            row.pressed_on.connect(self._decide)
            self._rows[command.value] = row
            choices.addWidget(row)
        column.addSpacing(6)
        column.addWidget(self.reason)
        column.addSpacing(6)
        column.addWidget(self._definition_title)
        column.addLayout(self._definition_box)
        column.addSpacing(6)
        column.addWidget(self._agreement_title)
        column.addLayout(self._agreement_box)
        column.addSpacing(6)
        column.addWidget(self._alike_title)
        column.addLayout(self._alike_box)
        column.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self._body.setObjectName("decide")
        self.setStyleSheet(f"#decide {{ background: {theme.hex('window')}; }}")
        for row in (*self._rows.values(), *self.layer_rows):
            row.set_theme(theme)

    def row(self, command: ReviewCommand) -> DecideRow:
        """Return the row of a choice other than that of a layer."""
        return self._rows[command.value]

    def show_facts(self, facts: DecideFacts) -> None:
        """Show what can be decided on a case, and what there is to know for it."""
        self._state.setText(facts.state)
        self._state.setVisible(bool(facts.state))
        self._show_layers(facts)
        for name, row in self._rows.items():
            row.show_choice(row.shown[0], applies=name in facts.applies, chosen=facts.chosen == name)
        self._show_definitions(facts)
        _empty(self._agreement_box)
        self._agreement_title.setVisible(bool(facts.agreement))
        for name, words in facts.agreement:
            self._agreement_box.addWidget(self._small(f"{name}   {words}"))
        self._show_alike(facts.alike)

    def _show_layers(self, facts: DecideFacts) -> None:
        keys = [(layer.layer, str(layer.digit)) for layer in facts.layers]
        if keys != [(row.name, row.key) for row in self.layer_rows]:
            _empty(self._layer_box)
            self.layer_rows = []
            for layer, key in keys:
                row = DecideRow(layer, key, self._theme, self._body)
                row.pressed_on.connect(self._take)
                self._layer_box.addWidget(row)
                self.layer_rows.append(row)
        for layer, row in zip(facts.layers, self.layer_rows, strict=True):
            chosen, applies = facts.chosen == layer.layer, "layer" in facts.applies
            row.show_choice(layer.name, layer.detail, applies=applies, chosen=chosen, bold=True)

    def _show_definitions(self, facts: DecideFacts) -> None:
        _empty(self._definition_box)
        self._definition_title.setVisible(bool(facts.definitions))
        title = self.tr("Definition · codebook {version}").format(version=facts.codebook)
        self._definition_title.setText(title.upper())
        for definition in facts.definitions:
            for widget in self._definition_widgets(definition):
                self._definition_box.addWidget(widget)

    def _definition_widgets(self, definition: Definition) -> list[QWidget]:
        label = definition.label
        words = [self._small(f"{label.name}: {label.definition}" if label.definition else label.name)]
        if label.boundary:
            words.append(self._small(self.tr("Boundary: {rule}").format(rule=label.boundary), muted=True))
        examples = definition.examples[:MOST_EXAMPLES]
        words += [self._small(self.tr("Precedent: {example}").format(example=one), muted=True) for one in examples]
        return list(words)

    def _small(self, text: str, *, muted: bool = False) -> QLabel:
        label = plain_label(text, self._body, scale="small", muted=muted)
        label.setWordWrap(True)
        return label

    def _show_alike(self, alike: Sequence[Alike]) -> None:
        self._alike = tuple(alike)
        _empty(self._alike_box)
        self._alike_title.setVisible(bool(alike))
        for place, one in enumerate(alike):
            link = LinkLabel(one.words, self._body)
            link.setProperty("scale", "small")
            link.setObjectName(str(place))
            link.setToolTip(tool_tip(one.words))
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            link.activated.connect(self._go)
            self._alike_box.addWidget(link)

    def alike_links(self) -> list[LinkLabel]:
        """Return the lines of what was decided alike."""
        items = (self._alike_box.itemAt(place) for place in range(self._alike_box.count()))
        return [widget for item in items if item and isinstance(widget := item.widget(), LinkLabel)]

    @Slot(str)
    def _decide(self, name: str) -> None:
        self.decided.emit(ReviewCommand(name), 0)

    @Slot(str)
    def _take(self, layer: str) -> None:
        digit = next(int(row.key) for row in self.layer_rows if row.name == layer)
        self.decided.emit(ReviewCommand.TAKE, digit)

    @Slot()
    def _go(self) -> None:
        link = self.sender()
        if link is not None:
            chosen = self._alike[int(link.objectName())]
            self.case_wanted.emit(chosen.document, chosen.case)


def _empty(box: QVBoxLayout) -> None:
    while (item := box.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
