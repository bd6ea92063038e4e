"""A document's spans as rows and their attributes as columns, read from the open document cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QIcon

from annotator.core.boundaries import sentence_bounds
from annotator.core.records import Annotation, AttributeDefinition, Label
from annotator.ui.models.attribute_choices import Choice, choices_of, typed_words
from annotator.ui.models.open_document import OpenDocument
from annotator.ui.panels.attribute_words import missing_words, origin_words, value_words
from annotator.ui.theme import Theme
from annotator.ui.words import one_line, tool_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

QUOTE_CHARACTERS = 90
CONTEXT_CHARACTERS = 400
"""Code points of the sentence that are shown on each side of a span."""
_USUAL = 9
"""How many of the entities of a column have a digit."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the grid shows: spans of a label (its id, empty for all), attributes that wait, spans that lack something.

    Attributes that wait are those which nobody was asked for while tagging.
    """

    label: str = ""
    waiting: bool = True
    missing: bool = False


class AttributeGridModel(QAbstractTableModel):
    """Shows layers of the open document, one person's, and follows it.

    `arranged` comes when rows or columns are others.
    """

    arranged = Signal()

    def __init__(
        self,
        document: OpenDocument,
        layers: Collection[str],
        icons: Mapping[str, QIcon],
        theme: Theme,
        arrangement: Arrangement,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._layers = layers
        self._icons = icons
        self._theme = theme
        self._arrangement = arrangement
        self._labels: dict[str, Label] = {}
        self._applying: dict[str, frozenset[str]] = {}
        self._spans: list[Annotation] = []
        self._columns: list[AttributeDefinition] = []
        self._usual: dict[str, list[str]] = {}
        self._choices: dict[int, list[Choice]] = {}
        self._font, self._slanted = theme.font(), theme.font()
        self._slanted.setItalic(True)
        self._all: list[Annotation] = []
        self._codebook = document.codebook
        document.details_changed.connect(self._refresh)
        document.spans_changed.connect(self._read_again)
        self._read_again()

    @property
    def columns(self) -> list[AttributeDefinition]:
        """Return the attributes shown, in order."""
        return self._columns

    @property
    def arrangement(self) -> Arrangement:
        """Return what is shown."""
        return self._arrangement

    def arrange(self, arrangement: Arrangement) -> None:
        """Show other rows and columns. Rows stay until the next time, also where nothing is missing any more."""
        self.beginResetModel()
        self._arrangement = arrangement
        self._choices = {}
        self._codebook = codebook = self._document.codebook
        self._labels = {label.id: label for label in codebook.labels} if codebook else {}
        self._applying = {
            label.id: frozenset(attribute.key for attribute in codebook.attributes_for(label.key))
            for label in self._labels.values()
            if codebook is not None
        }
        wanted = [span for span in self._all if arrangement.label in ("", span.label)]
        shown = frozenset().union(*(self._applying[label] for label in {span.label for span in wanted}))
        self._columns = [
            attribute
            for attribute in (codebook.attributes if codebook else ())
            if attribute.key in shown and not (arrangement.waiting and attribute.asked)
        ]
        self._spans = [span for span in wanted if not arrangement.missing or self._lacks_something(span)]
        self.endResetModel()
        self.arranged.emit()

    def counts(self) -> Counter[str]:
        """Return how many spans of the layer each label has, by its id."""
        return Counter(span.label for span in self._all)

    def span_at(self, row: int) -> Annotation:
        """Return the span of a row."""
        return self._spans[row]

    def row_of(self, span: str) -> int:
        """Return the row of a span by its id, or -1."""
        return next((row for row, shown in enumerate(self._spans) if shown.id == span), -1)

    def label_at(self, row: int) -> Label:
        """Return the label of a row's span."""
        return self._labels[self._spans[row].label]

    def applies(self, row: int, column: int) -> bool:
        """Say whether a span can have an attribute."""
        return self._columns[column].key in self._applying[self._spans[row].label]

    def value(self, row: int, column: int) -> Any:
        """Return a span's own value, None where it has none."""
        return self._document.values(self._spans[row].id).get(self._columns[column].key)

    def choices(self, column: int) -> list[Choice]:
        """Return what the digits choose in a column; of entities, those that it names most."""
        if column not in self._choices:
            attribute = self._columns[column]
            self._choices[column] = choices_of(attribute, self._usual_names(attribute))
        return self._choices[column]

    def context(self, row: int) -> tuple[str, str, str]:
        """Return the sentence before a span, the span's hull, and the sentence after it."""
        span, content = self._spans[row], self._document.content
        if content is None:
            return "", "", ""
        text, sentences = content.text, content.structure.sentences
        first = max(sentence_bounds(text, span.start, sentences)[0], span.start - CONTEXT_CHARACTERS)
        last = min(sentence_bounds(text, max(span.start, span.end - 1), sentences)[1], span.end + CONTEXT_CHARACTERS)
        return (
            text[min(first, span.start) : span.start],
            text[span.start : span.end],
            text[span.end : max(last, span.end)],
        )

    def _usual_names(self, attribute: AttributeDefinition) -> list[str]:
        """Return the names that a column holds most often; those that have a digit keep it."""
        if attribute.type != "entity":
            return []
        names = self._usual.setdefault(attribute.key, [])
        if len(names) == _USUAL:
            return names
        found = (self._document.values(span.id).get(attribute.key) for span in self._all)
        counted = Counter(name for name in found if name is not None)
        names += [name for name, _ in counted.most_common(_USUAL) if name not in names]
        del names[_USUAL:]
        return names

    def _lacks_something(self, span: Annotation) -> bool:
        had = {**self._document.inherited(span), **self._document.values(span.id)}
        return any(c.key in self._applying[span.label] and c.key not in had for c in self._columns)

    @Slot()
    def _refresh(self) -> None:
        if self._document.codebook is not self._codebook:
            self._read_again()
            return
        self._choices = {}
        if self._spans and self._columns:
            last = self.index(len(self._spans) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @Slot()
    def _read_again(self) -> None:
        self._all = [span for span in self._document.annotations() if span.layer in self._layers]
        self.arrange(self._arrangement)

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._spans)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or not self.applies(index.row(), index.column()):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid() or role not in _READ:
            return None
        row, attribute = index.row(), self._columns[index.column()]
        if not self.applies(row, index.column()):
            return self._theme.color("surface_alt") if role == Role.BackgroundRole else None
        own = self.value(row, index.column())
        inherited = self._document.inherited(self._spans[row]).get(attribute.key) if own is None else None
        if role == Role.EditRole:
            return typed_words(attribute, own)
        words = value_words(attribute, own if inherited is None else inherited.value)
        is_needed = attribute.required and not words
        if role == Role.DisplayRole:
            return missing_words() if is_needed else words
        if role == Role.ForegroundRole:
            return self._theme.color("warning" if is_needed else "text_muted" if inherited else "text")
        if role == Role.FontRole:
            return self._slanted if inherited is not None or is_needed else self._font
        origin = "" if inherited is None else origin_words(inherited)
        if role == Role.ToolTipRole:
            return tool_tip("\n".join(part for part in (words, origin, self._sentence(row)) if part))
        told = (attribute.name, words or self.tr("not set"), origin, self.headerData(row, Qt.Orientation.Vertical))
        return ", ".join(str(part) for part in told if part)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            return self._column_header(self._columns[section], role)
        if role == Role.DisplayRole:
            return one_line(self._document.quote(self._spans[section]), QUOTE_CHARACTERS)
        if role == Role.DecorationRole:
            return self._icons.get(self._spans[section].label)
        if role == Role.ToolTipRole:
            return tool_tip(f"{self.label_at(section).name}\n{self._sentence(section)}")
        if role == Role.AccessibleTextRole:
            return f"{self.label_at(section).name}: {self._document.quote(self._spans[section])}"
        return None

    def _column_header(self, attribute: AttributeDefinition, role: int) -> Any:
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return f"{attribute.name} *" if attribute.required else attribute.name
        if role == Role.ToolTipRole:
            needed = self.tr("Needed.") if attribute.required else ""
            return tool_tip("\n".join(part for part in (attribute.name, attribute.description, needed) if part))
        return None

    def _sentence(self, row: int) -> str:
        before, quote, after = self.context(row)
        return f"{before}«{quote}»{after}"


_READ = frozenset(
    (
        Role.DisplayRole,
        Role.EditRole,
        Role.ForegroundRole,
        Role.BackgroundRole,
        Role.FontRole,
        Role.ToolTipRole,
        Role.AccessibleTextRole,
    )
)
