"""The notes of a project as a list that can be narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.core.note_text import plain_note
from annotator.ui.dialogs.rows import DETAIL, REMARK
from annotator.ui.words import local_time, one_line, quoted, tool_tip

if TYPE_CHECKING:
    from annotator.session.note_list import NoteRow

Index = QModelIndex | QPersistentModelIndex

_TITLE = 160
_QUOTE = 60


class NoteListModel(QAbstractListModel):
    """Shows the rows that it is given, those left out that the filters do not let through."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[NoteRow] = ()
        self._shown: list[NoteRow] = []
        self._words: list[str] = []
        self._kind = self._author = self._mentioned = ""
        self._kinds = {
            "annotation": self.tr("Span"),
            "relation": self.tr("Relation"),
            "document": self.tr("Document"),
            "label": self.tr("Label"),
        }

    @property
    def kinds(self) -> dict[str, str]:
        """Return what each kind of target is called."""
        return dict(self._kinds)

    def set_rows(self, rows: Sequence[NoteRow]) -> None:
        """Show other notes through the same filters."""
        self._all = rows
        self._narrow()

    def set_filter(self, text: str = "", kind: str = "", author: str = "", mentioned: str = "") -> None:
        """Show notes with all words of a text, on one kind of target, by one annotator, that name an annotator.

        An empty filter lets everything through; annotators are ids.
        """
        self._words = text.casefold().split()
        self._kind, self._author, self._mentioned = kind, author, mentioned
        self._narrow()

    def all_rows(self) -> Sequence[NoteRow]:
        """Return the notes with and without those that the filters leave out."""
        return self._all

    def row(self, index: Index) -> NoteRow | None:
        """Return the note at a place."""
        return self._shown[index.row()] if index.isValid() else None

    def index_of(self, note: str) -> QModelIndex:
        """Return the place of a note by its id; an invalid one where it is not shown."""
        place = next((n for n, row in enumerate(self._shown) if row.note.id == note), -1)
        return self.index(place) if place >= 0 else QModelIndex()

    def _narrow(self) -> None:
        self.beginResetModel()
        self._shown = [row for row in self._all if self._lets_through(row)]
        self.endResetModel()

    def _lets_through(self, row: NoteRow) -> bool:
        if self._kind not in ("", row.note.kind) or self._author not in ("", row.note.annotator):
            return False
        if self._mentioned and self._mentioned not in row.mentions:
            return False
        held = f"{row.note.body}\n{row.quote}\n{row.title}\n{row.author}".casefold() if self._words else ""
        return all(word in held for word in self._words)

    def _detail(self, row: NoteRow) -> str:
        what = quoted(row.quote, _QUOTE) if row.quote else ""
        return " · ".join(part for part in (self._kinds[row.note.kind], what, row.title) if part)

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(plain_note(row.note.body[: 2 * _TITLE]), _TITLE)
        if role == DETAIL:
            return self._detail(row)
        if role == REMARK:
            return f"{row.author} · {local_time(row.note.created)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self._detail(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one_line(plain_note(row.note.body), _TITLE)}. {self._detail(row)}. {row.author}"
        return None
