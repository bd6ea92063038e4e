"""The tables of agreement: figures by label, by pair of layers, by document, over time, and labels taken for others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from annotator.ui.words import QT_TRANSLATE_NOOP, grouped, tool_tip, tr

if TYPE_CHECKING:
    from annotator.analysis.agreement.figures import Figure
    from annotator.session.agreement import Agreement

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

SORT = Qt.ItemDataRole.UserRole
KEY = Qt.ItemDataRole.UserRole + 1
"""The id of what a row is of."""

FIGURES = {
    "alpha_unitising": QT_TRANSLATE_NOOP("words", "Where: α"),
    "f1_partial": QT_TRANSLATE_NOOP("words", "F1 partial"),
    "alpha_labels": QT_TRANSLATE_NOOP("words", "Which: α"),
    "cohen": QT_TRANSLATE_NOOP("words", "Cohen’s κ"),
    "f1_strict": QT_TRANSLATE_NOOP("words", "F1 strict"),
    "relations_f1": QT_TRANSLATE_NOOP("words", "Relations: F1"),
}
"""The columns of figures."""

REASONS = {
    "one_layer": QT_TRANSLATE_NOOP("words", "There is only one layer; agreement needs two."),
    "no_documents": QT_TRANSLATE_NOOP("words", "No document was worked on in two of the layers."),
    "nothing_tagged": QT_TRANSLATE_NOOP("words", "Nobody tagged anything."),
    "nothing_matched": QT_TRANSLATE_NOOP("words", "No span of one layer matches one of another."),
    "nothing_matched_by_all": QT_TRANSLATE_NOOP("words", "No span was tagged by all of the layers."),
    "no_variation": QT_TRANSLATE_NOOP("words", "Only one value was given; chance alone would agree as well."),
    "no_relations": QT_TRANSLATE_NOOP("words", "There are no relations."),
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: what it is of, by id, and its cells; the first is a name."""

    key: str
    cells: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableContent:
    """Headers and rows."""

    headers: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()


def figure_text(figure: Figure | None) -> str:
    """Return a figure with its interval, such as “0.83 [0.79, 0.87]”, or a dash."""
    if figure is None or figure.value is None:
        return "–"
    return number_text(figure.value) + (f"  {interval_text(figure)}" if figure.interval else "")


def number_text(value: float) -> str:
    """Return a figure with two digits and a proper minus."""
    shown = f"{value:.2f}"
    return "0.00" if shown == "-0.00" else shown.replace("-", "−")


def interval_text(figure: Figure) -> str:
    """Return the interval of a figure in brackets, or nothing."""
    ends = figure.interval
    return "" if ends is None else f"[{number_text(ends[0])}, {number_text(ends[1])}]"


def reason_text(figure: Figure | None) -> str:
    """Return why a figure is not defined, or nothing."""
    return tr(REASONS[figure.reason]) if figure is not None and figure.reason else ""


def tables(agreement: Agreement) -> dict[str, TableContent]:
    """Return the tables by name: labels, pairs, documents, months, confused."""
    measured = agreement.measured
    spans = {label.id: sum(counts.get(label.id, 0) for counts in measured.spans.values()) for label in agreement.labels}
    names = {label.id: label.name for label in agreement.labels}
    in_use = {label.id for label in agreement.labels if spans[label.id] or not label.retired}
    return {
        "labels": _content(
            (tr("Label"), tr("Spans")),
            (
                (label, (names[label], spans[label]), figures)
                for label, figures in measured.by_label.items()
                if label in in_use
            ),
            leave_out=("relations_f1",),
        ),
        "pairs": _content(
            (tr("Layers"),),
            (("", (agreement.pair_name(pair),), figures) for pair, figures in measured.by_pair.items()),
        ),
        "documents": _content(
            (tr("Document"), tr("Spans")),
            (
                (document, (agreement.titles[document], measured.document_spans[document]), figures)
                for document, figures in measured.by_document.items()
            ),
        ),
        "months": _content(
            (tr("Month"), tr("Documents")),
            ((month, (month, measured.months[month]), figures) for month, figures in measured.by_month.items()),
        ),
        "confused": _confused(measured.confused, names),
    }


def _content(
    headers: tuple[str, ...],
    rows: Iterable[tuple[str, tuple[Any, ...], Mapping[str, Figure]]],
    leave_out: Sequence[str] = (),
) -> TableContent:
    columns = [name for name in FIGURES if name not in leave_out]
    return TableContent(
        (*headers, *(tr(FIGURES[name]) for name in columns)),
        tuple(TableRow(key, (*cells, *(figures.get(name) for name in columns))) for key, cells, figures in rows),
    )


def _confused(counts: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> TableContent:
    """Return matched spans with two labels, whoever gave which, the most frequent first."""
    found: dict[tuple[str, str], int] = {}
    order = {label: place for place, label in enumerate(names)}
    for pair, count in counts.items():
        if pair[0] != pair[1]:
            one, other = sorted(pair, key=order.__getitem__)
            found[one, other] = found.get((one, other), 0) + count
    rows = sorted(found.items(), key=lambda item: -item[1])
    return TableContent(
        (tr("One label"), tr("The other label"), tr("Matched spans")),
        tuple(TableRow("", (names[one], names[other], count)) for (one, other), count in rows),
    )


class AgreementTable(QAbstractTableModel):
    """Shows one table; cells that are no text stand at the right."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._content = TableContent()

    def set_content(self, content: TableContent) -> None:
        """Show another table."""
        self.beginResetModel()
        self._content = content
        self.endResetModel()

    # -- Qt

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._content.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._content.headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._content.headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._content.headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and self._content.rows:
            return self._alignment(self._content.rows[0].cells[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._content.rows[index.row()]
        cell = row.cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _text(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(cell)
        if role == SORT:
            return _sort_value(cell)
        if role == KEY:
            return row.key
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(cell) if isinstance(cell, str) else None if isinstance(cell, int) else reason_text(cell)
        return None

    def _alignment(self, cell: Any) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignLeft if isinstance(cell, str) else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter


class SortedTable(QSortFilterProxyModel):
    """Sorts by the figure's value; what is not defined comes after all that is, either way."""

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(SORT), right.data(SORT)
        if one is None or other is None:
            ascending = self.sortOrder() == Qt.SortOrder.AscendingOrder
            return (one is not None) == ascending and one is not other
        return one < other


def as_text(table: QSortFilterProxyModel) -> str:
    """Return a table as it is sorted, with its headers, for a spreadsheet: cells apart by tabs."""
    columns = range(table.columnCount())
    display = Qt.ItemDataRole.DisplayRole
    lines = [[str(table.headerData(column, Qt.Orientation.Horizontal, display)) for column in columns]]
    lines += [[str(table.index(row, column).data(display)) for column in columns] for row in range(table.rowCount())]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split())
    return grouped(cell) if isinstance(cell, int) else figure_text(cell)


def _sort_value(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell.casefold()
    return cell if isinstance(cell, int) else None if cell is None else cell.value
