"""All annotations as a table that grows a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from annotator.ui.models.corpus_attributes import attribute_titles
from annotator.ui.panels.corpus_filter_menu import origin_name
from annotator.ui.words import QT_TRANSLATE_NOOP, language_name, local_time, one_line, status_name, tool_tip

if TYPE_CHECKING:
    from annotator.core.corpus_row import CorpusRow
    from annotator.core.records import AttributeDefinition, Label
    from annotator.session.corpus import CorpusChoices, RowDetails

Index = QModelIndex | QPersistentModelIndex

COLUMNS = {
    "title": QT_TRANSLATE_NOOP("CorpusModel", "Document"),
    "left": QT_TRANSLATE_NOOP("CorpusModel", "Left context"),
    "span": QT_TRANSLATE_NOOP("CorpusModel", "Span"),
    "right": QT_TRANSLATE_NOOP("CorpusModel", "Right context"),
    "label": QT_TRANSLATE_NOOP("CorpusModel", "Label"),
    "annotator": QT_TRANSLATE_NOOP("CorpusModel", "Annotator"),
    "tagged": QT_TRANSLATE_NOOP("CorpusModel", "Tagged"),
    "date": QT_TRANSLATE_NOOP("CorpusModel", "Date"),
    "format": QT_TRANSLATE_NOOP("CorpusModel", "Format"),
    "file": QT_TRANSLATE_NOOP("CorpusModel", "Source"),
    "language": QT_TRANSLATE_NOOP("CorpusModel", "Language"),
    "origin": QT_TRANSLATE_NOOP("CorpusModel", "Origin"),
    "status": QT_TRANSLATE_NOOP("CorpusModel", "Status"),
    "note": QT_TRANSLATE_NOOP("CorpusModel", "Note"),
}
"""Columns by name, in order; those of attributes are `attribute:` and the attribute's key."""

SHOWN_AT_FIRST = ("title", "left", "span", "right", "label", "annotator")
SORTS = {
    "title": "document",
    "label": "label",
    "annotator": "annotator",
    "tagged": "tagged",
    "date": "date",
    "format": "format",
}
"""Columns by which the whole table can be sorted, and the order of core.corpus_query."""
SORTED_AS_LOADED = ("left", "span", "right")
"""Columns by which the rows that are loaded can be sorted: no index knows the words around a span."""
_WITH_DETAILS = ("status", "note")
_ATTRIBUTE = "attribute:"
_NOTE = 200


class CorpusRole(IntEnum):
    """What a cell tells besides its text: its row, its column's name, its label."""

    ROW = Qt.ItemDataRole.UserRole
    COLUMN = Qt.ItemDataRole.UserRole + 1
    LABEL = Qt.ItemDataRole.UserRole + 2


class CorpusModel(QAbstractTableModel):
    """`more_wanted` asks for the page after the last row, `details_wanted` for what rows on screen show besides."""

    more_wanted = Signal()
    details_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[CorpusRow] = []
        self._details: dict[str, RowDetails] = {}
        self._columns: list[str] = list(SHOWN_AT_FIRST)
        self._labels: Mapping[str, Label] = {}
        self._layers: Mapping[str, str] = {}
        self._attributes: Mapping[str, AttributeDefinition] = {}
        self._titles: Mapping[str, str] = {}
        self._complete = True
        self._waiting = False
        self._descending = False
        self._sorted_by: tuple[str, bool] | None = None

    # -- what is shown

    @property
    def rows(self) -> Sequence[CorpusRow]:
        """Return the rows that are loaded."""
        return self._rows

    @property
    def columns(self) -> Sequence[str]:
        """Return the names of the columns."""
        return self._columns

    @property
    def complete(self) -> bool:
        """Say whether no rows come after the last one."""
        return self._complete

    @property
    def sorted_as_loaded(self) -> bool:
        """Say whether the rows that are loaded are sorted among themselves; no more are loaded then by scrolling."""
        return self._sorted_by is not None

    @property
    def needs_details(self) -> bool:
        """Say whether a column shows what rows do not hold themselves."""
        return any(name in _WITH_DETAILS or name.startswith(_ATTRIBUTE) for name in self._columns)

    def set_choices(self, choices: CorpusChoices) -> None:
        """Set what labels, layers and attributes are called."""
        self._labels = {label.id: label for label in choices.labels}
        self._layers = choices.layer_names
        self._attributes = {one.key: one for one in choices.attributes if not one.retired}
        titles = attribute_titles(choices.attributes, choices.labels)
        self._titles = {key: titles[one.id] for key, one in self._attributes.items()}
        self._redraw()

    def known_columns(self) -> list[str]:
        """Return the names of all columns that there are to choose from."""
        return [*COLUMNS, *(f"{_ATTRIBUTE}{key}" for key in self._attributes)]

    def set_columns(self, names: Iterable[str]) -> None:
        """Show these columns, in this order."""
        self.beginResetModel()
        self._columns = list(names)
        self.endResetModel()

    def column_title(self, name: str) -> str:
        """Return what a column is called."""
        if name.startswith(_ATTRIBUTE):
            return self._titles.get(name.removeprefix(_ATTRIBUTE), name)
        return self.tr(COLUMNS[name])

    # -- rows

    def set_rows(self, rows: Sequence[CorpusRow], *, complete: bool, descending: bool) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows, self._details = list(rows), {}
        self._complete, self._descending, self._waiting, self._sorted_by = complete, descending, False, None
        self.endResetModel()

    def add_rows(self, rows: Sequence[CorpusRow], *, complete: bool) -> None:
        """Show the next rows besides."""
        self._waiting, self._complete = False, complete
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
        self._rows += rows
        self.endInsertRows()

    def touch(self, ids: Iterable[str], fresh: Iterable[CorpusRow]) -> None:
        """Take over rows that changed: `fresh` are those of `ids` that the filter lets through, as they are now."""
        new = {row.id: row for row in fresh}
        touched = set(ids)
        for place in reversed(range(len(self._rows))):
            row = self._rows[place]
            if row.id not in touched:
                continue
            self._details.pop(row.id, None)
            now = new.get(row.id)
            if now is not None and now.key == row.key:
                self._rows[place] = now
                del new[row.id]
                self._redraw(place)
            else:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()
        for row in new.values():
            self._insert(row)

    def _insert(self, row: CorpusRow) -> None:
        place = next((n for n, one in enumerate(self._rows) if self._comes_before(row, one)), len(self._rows))
        if self.sorted_as_loaded:
            place = len(self._rows)
        elif place == len(self._rows) and not self._complete:
            return
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.insert(place, row)
        self.endInsertRows()

    def _comes_before(self, one: CorpusRow, other: CorpusRow) -> bool:
        return one.key > other.key if self._descending else one.key < other.key

    def sort_loaded(self, column: str, *, descending: bool) -> None:
        """Sort the rows that are loaded by one of `SORTED_AS_LOADED`; the left context from the span outwards."""

        def words(row: CorpusRow) -> list[str]:
            text = self._shown_text(row, column).casefold().split()
            return text[::-1] if column == "left" else text

        self.beginResetModel()
        self._rows.sort(key=words, reverse=descending)
        self._sorted_by = (column, descending)
        self.endResetModel()

    def row(self, index: Index) -> CorpusRow | None:
        """Return the row at a place."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def place_of(self, annotation: str) -> int:
        """Return the place of an annotation's row, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.id == annotation), -1)

    def set_details(self, details: Mapping[str, RowDetails]) -> None:
        """Set what rows show besides, by the ids of their annotations."""
        self._details.update(details)
        self._redraw()

    def without_details(self, first: int, last: int) -> list[CorpusRow]:
        """Return the rows from one place to another that lack what they show besides."""
        return [row for row in self._rows[max(0, first) : last + 1] if row.id not in self._details]

    def _redraw(self, place: int | None = None) -> None:
        if self._rows:
            first, last = (0, len(self._rows) - 1) if place is None else (place, place)
            self.dataChanged.emit(self.index(first, 0), self.index(last, max(0, len(self._columns) - 1)))

    # -- texts

    def text(self, row: CorpusRow, column: str) -> str:
        """Return what a cell says."""
        if column in SORTED_AS_LOADED:
            return self._shown_text(row, column)
        if column in ("title", "date", "format", "file"):
            return getattr(row, column)
        if column == "origin":
            return origin_name(row.origin)
        if column == "label":
            return self._labels[row.label].name if row.label in self._labels else ""
        if column == "annotator":
            return self._layers.get(row.layer, "")
        if column == "tagged":
            return local_time(row.created)
        if column == "language":
            return language_name(row.language) if row.language else ""
        return self._detail(row, column)

    def _detail(self, row: CorpusRow, column: str) -> str:
        details = self._details.get(row.id)
        if details is None:
            return ""
        if column == "status":
            return status_name(details.status)
        if column == "note":
            return one_line(details.note, _NOTE)
        key = column.removeprefix(_ATTRIBUTE)
        return value_words(self._attributes.get(key), details.values.get(key))

    @staticmethod
    def _shown_text(row: CorpusRow, column: str) -> str:
        """Return the text at the left or the right, where what comes before stands by the direction of the span."""
        if column == "span":
            return row.span
        comes_before = (column == "left") != row_is_right_to_left(row)
        return row.before if comes_before else row.after

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def canFetchMore(self, parent: Index) -> bool:
        return not (parent.isValid() or self._complete or self._waiting or self.sorted_as_loaded)

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._waiting = True
            self.more_wanted.emit()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.column_title(self._columns[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self._columns[section] == "left"
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self.text(row, column))
        if role == CorpusRole.ROW:
            return row
        if role == CorpusRole.COLUMN:
            return column
        if role == CorpusRole.LABEL:
            return self._labels.get(row.label)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.column_title(column)}: {self.text(row, column)}"
        return None


def value_words(definition: AttributeDefinition | None, value: Any) -> str:
    """Return an attribute's value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    names = dict(definition.choices) if definition is not None else {}
    if isinstance(value, list | tuple):
        return ", ".join(names.get(str(one), str(one)) for one in value)
    return names.get(str(value), str(value))


def row_is_right_to_left(row: CorpusRow) -> bool:
    """Say whether the text of a row runs from right to left: by the first letter of its span, or around it."""
    text = row.span or row.before or row.after
    if text.isascii():
        return False
    first = next((way for way in map(bidirectional, text) if way in ("L", "R", "AL")), "L")
    return first != "L"
