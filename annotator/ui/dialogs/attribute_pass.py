"""The attribute pass: a grid of the document's spans, in which digits choose and many are set at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from annotator.core.records import Label
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, Dialog, label_icon, plain_label
from annotator.ui.dialogs.undoing import add_undo_keys
from annotator.ui.models.attribute_grid import Arrangement, AttributeGridModel
from annotator.ui.models.open_document import OpenDocument
from annotator.ui.panels.attribute_editors import Entities
from annotator.ui.panels.widgets import FlowLayout
from annotator.ui.theme import Theme
from annotator.ui.views.attribute_table import AttributeTable
from annotator.ui.views.span_context import SpanContext
from annotator.ui.words import grouped, tool_tip

SIZE = (1180, 720)
_CHOICE_LINES = 64
"""Pixels for the choices of a column, so that the grid keeps its height from column to column."""


class AttributePassDialog(Dialog):
    """`wanted` and `span_wanted` are those of `AttributeTable`."""

    wanted = Signal(object, str, object)
    span_wanted = Signal(str)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(
        self,
        document: OpenDocument,
        layers: Collection[str],
        entities: Entities,
        theme: Theme,
        arrangement: Arrangement,
        *,
        writable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Attribute pass"),
            self.tr("A digit chooses for all selected cells of a column, Space ticks, letters type, Delete clears. ")
            + self.tr("Enter shows the span in the text."),
        )
        codebook = document.codebook
        self._theme = theme
        self._labels: tuple[Label, ...] = codebook.labels if codebook else ()
        icons = {label.id: label_icon(label, self) for label in self._labels}
        self.grid = AttributeGridModel(document, layers, icons, theme, arrangement, self)
        self.table = AttributeTable(self.grid, entities, theme)
        self.table.setAccessibleName(self.tr("Spans and their attributes"))
        self.table.set_writable(writable)
        self._writable = writable
        self._place = ("", "")
        self._add_filters()
        self._nothing = plain_label("", wrap=True, muted=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._nothing, 1)
        self._add_legend()
        self.add_button(self.tr("Close"))
        self._connect()
        self.keep_fitting(*SIZE)
        self._show_arranged()
        self.table.setFocus()

    def _add_filters(self) -> None:
        self.label_choice, self.attribute_choice = ComboBox(), ComboBox()
        self.label_choice.setAccessibleName(self.tr("Spans of which label"))
        self.attribute_choice.setAccessibleName(self.tr("Which attributes"))
        counts, arrangement = self.grid.counts(), self.grid.arrangement
        every = self.tr("All labels ({count})").format(count=grouped(counts.total()))
        self.label_choice.addItem(every, "")
        for label in self._labels:
            if counts[label.id]:
                name = f"{label.name} ({grouped(counts[label.id])})"
                self.label_choice.addItem(label_icon(label, self), name, label.id)
        self.label_choice.setCurrentIndex(max(0, self.label_choice.findData(arrangement.label)))
        self.attribute_choice.addItem(self.tr("Attributes not asked while tagging"), True)
        self.attribute_choice.addItem(self.tr("All attributes"), False)
        self.attribute_choice.setCurrentIndex(self.attribute_choice.findData(arrangement.waiting))
        self.missing = CheckBox(self.tr("Only spans that lack a value"))
        self.missing.setChecked(arrangement.missing)
        self.count = plain_label("", muted=True)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for widget in (self.label_choice, self.attribute_choice, self.missing):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.count)
        self.body.addLayout(row)
        self.body.addSpacing(SMALL_GAP)

    def _add_legend(self) -> None:
        self.context = SpanContext()
        self.description = plain_label("", wrap=True)
        self._choices = QWidget()
        self._choices.setFixedHeight(_CHOICE_LINES)
        self._choices.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._flow = FlowLayout(self._choices, gap=4)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.body.addSpacing(SMALL_GAP)
        for widget in (self.context, self.description, self._choices):
            self.body.addWidget(widget)

    def _connect(self) -> None:
        self.grid.arranged.connect(self._show_arranged)
        self.grid.dataChanged.connect(self._show_current)
        self.table.wanted.connect(self._want)
        self.table.span_wanted.connect(self._leave_for)
        self.table.current_changed.connect(self._show_current)
        for choice in (self.label_choice, self.attribute_choice):
            choice.activated.connect(self._arrange)
        self.missing.clicked.connect(self._arrange)
        add_undo_keys(self, self.undo_requested.emit, self.redo_requested.emit)

    # -- what is shown

    def go_to(self, span: str, column: str = "") -> None:
        """Make the cell of a span current, in the column of an attribute's key or the first one."""
        keys = [attribute.key for attribute in self.grid.columns]
        self.table.go_to(max(0, self.grid.row_of(span)), keys.index(column) if column in keys else 0)

    @Slot()
    def _arrange(self) -> None:
        label, waiting = self.label_choice.currentData(), self.attribute_choice.currentData()
        self.grid.arrange(
            replace(self.grid.arrangement, label=label, waiting=waiting, missing=self.missing.isChecked())
        )

    @Slot()
    def _show_arranged(self) -> None:
        shown, all_of_them = self.grid.rowCount(), self.grid.counts().total()
        is_empty = not shown or not self.grid.columns
        self.table.setVisible(not is_empty)
        self._nothing.setVisible(is_empty)
        self._nothing.setText(self._why_nothing())
        words = self.tr("{shown} of {all} spans")
        self.count.setText(words.format(shown=grouped(shown), all=grouped(all_of_them)))
        if not is_empty:
            self.go_to(*self._place)
        self._show_current()

    def _why_nothing(self) -> str:
        if not self.grid.counts():
            return self.tr("You have tagged nothing in this document.")
        if not self.grid.columns:
            return self.tr(
                "Every attribute of these spans is asked while tagging. Choose “All attributes” to see them."
            )
        return self.tr("No span lacks a value here.")

    @Slot()
    def _show_current(self) -> None:
        index, attribute = self.table.currentIndex(), self.table.attribute
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if attribute is None:
            self.context.show_span("", "", "", self._theme.color("window"))
            self.description.setText("")
            return
        self._place = (self.grid.span_at(index.row()).id, attribute.key)
        label = self.grid.label_at(index.row())
        self.context.show_span(
            *self.grid.context(index.row()), self._theme.label_tint(label.light, label.dark, "window")
        )
        self.description.setText(": ".join(part for part in (attribute.name, attribute.description) if part))
        value = self.grid.value(index.row(), index.column())
        for digit, name, choice in self.grid.choices(index.column()):
            self._add_choice(
                digit, name, choice, chosen=choice == value or (isinstance(value, list) and choice in value)
            )

    def _add_choice(self, digit: int, name: str, value: object, *, chosen: bool) -> None:
        button = QToolButton(self._choices)
        button.setText(f"{digit}  {name}".replace("&", "&&"))
        button.setToolTip(tool_tip(name))
        button.setProperty("role", "tab")
        button.setCheckable(True)
        button.setChecked(chosen)
        button.setEnabled(self._writable)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setProperty("value", [value])
        button.clicked.connect(self._choose)
        self._flow.addWidget(button)
        button.show()

    @Slot()
    def _choose(self) -> None:
        button = self.sender()
        if isinstance(button, QToolButton):
            self.table.choose(button.property("value")[0])
            self._show_current()

    # -- what is wanted

    @Slot(object, str, object)
    def _want(self, spans: list[str], key: str, value: object) -> None:
        self.show_problem("")
        self.wanted.emit(spans, key, value)

    @Slot(str)
    def _leave_for(self, span: str) -> None:
        self.accept()
        self.span_wanted.emit(span)
