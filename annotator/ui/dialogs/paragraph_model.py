"""The paragraphs of a text that is being corrected, as rows that are left out, joined, split and rewritten."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from annotator.core.corrected_text import CorrectedText, Paragraph, corrected_text, differences
from annotator.core.structure import Structure
from annotator.core.text_edits import TextEdit
from annotator.ui.dialogs.text_corrections import TextCorrections
from annotator.ui.text_positions import display_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

SHOWN = 3_000
"""Code points of a paragraph that are shown; the rest is counted."""

EDITABLE = 30_000
"""Code points of a paragraph that can be edited: a longer one would hold up the window."""

PARAGRAPH = Role.UserRole
LOOK = Role.UserRole + 1


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: the level of a heading (0 for none), how deep it is set in, what stands before it."""

    heading: int = 0
    depth: int = 0
    marker: str = ""


_PLAIN = Look()


def looks_of(structure: Structure) -> dict[int, Look]:
    """Return by its first code point how each paragraph looks that does not look plain."""
    looks: dict[int, Look] = {}
    for block in structure.ranges:
        match block.kind:
            case "heading":
                looks[block.start] = Look(heading=block.level or 1)
            case "list_item" | "footnote":
                looks[block.start] = Look(depth=max(1, block.level), marker=str(block.data.get("marker", "")))
            case "quote":
                looks.setdefault(block.start, Look(depth=block.level or 1))
    return looks


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What is shown of a text: its paragraphs as they were read, and how they look."""

    text: CorrectedText
    looks: Mapping[int, Look]


def outline_of(text: str, structure: Structure) -> Outline:
    """Return what is to be shown; for a long text it takes long enough to be made on another thread."""
    return Outline(corrected_text(text), looks_of(structure))


class ParagraphModel(QAbstractTableModel):
    """One column of paragraphs. `corrected` comes after every correction, undo and redo."""

    corrected = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._corrections = TextCorrections()
        self._looks: Mapping[int, Look] = {}
        self._current = corrected_text("")
        self._rows: tuple[Paragraph, ...] = ()

    def show_text(self, corrections: TextCorrections, outline: Outline) -> None:
        """Show a text as far as it is corrected, and note in `corrections` what is done to it."""
        corrections.begin(outline.text)
        self.beginResetModel()
        self._corrections = corrections
        self._looks = outline.looks
        self._current = corrections.text or outline.text
        self._rows = self._current.paragraphs
        self.endResetModel()

    def clear(self) -> None:
        """Show nothing."""
        self.show_text(TextCorrections(), Outline(corrected_text(""), {}))

    def shown(self, row: int) -> str:
        """Return a paragraph as it would be imported."""
        return self._rows[row].shown(self._current.text)

    def row_at(self, position: int) -> int:
        """Return the row of the paragraph at a code point of the text as it was read; 0 where there is none."""
        return max(0, bisect_right(self._rows, position, key=lambda paragraph: paragraph.start) - 1)

    def characters(self, row: int) -> int:
        """Return how many code points a paragraph has."""
        return sum(map(len, self._rows[row].pieces))

    def left_out(self) -> int:
        """Return how many paragraphs are left out."""
        return sum(paragraph.left_out for paragraph in self._rows)

    def are_left_out(self, rows: Sequence[int]) -> bool:
        """Say whether there are any of these rows, and all of them are left out."""
        known = [row for row in rows if 0 <= row < len(self._rows)]
        return bool(known) and all(self._rows[row].left_out for row in known)

    def can_join(self, row: int) -> bool:
        """Say whether a paragraph can be joined with the next one."""
        return bool(self._rows) and self._current.can_join(row)

    @property
    def can_undo(self) -> bool:
        """Say whether a correction can be undone."""
        return self._corrections.can_undo

    @property
    def can_redo(self) -> bool:
        """Say whether a correction can be redone."""
        return self._corrections.can_redo

    def toggle_left_out(self, rows: Sequence[int]) -> None:
        """Leave paragraphs out; where all of them are left out, take them in again."""
        rows = [row for row in rows if 0 <= row < len(self._rows)]
        if rows:
            self._correct(self._current.leaving_out(rows, not self.are_left_out(rows)))

    def join(self, row: int) -> None:
        """Join a paragraph with the next one."""
        if self.can_join(row):
            self._correct(self._current.joined(row))

    def rewrite(self, row: int, before: str, after: str, cut: int | None = None) -> None:
        """Take over what an editor made of a paragraph, and cut it in two at a code point of `after` if one is given.

        `before` is what the editor showed at first, as many code points as the paragraph has. Only what differs is
        replaced: an editor's own idea of spaces stays out of the text.
        """
        text = self._current
        for start, end, new in reversed(differences(before, after)):
            text = text.rewritten(row, start, end, new.replace("\u2029", " ").replace("\n", " "))
        if cut is not None and not text.paragraphs[row].left_out:
            text = text.split(row, cut)
        if text is not self._current:
            self._correct(text)

    def undo(self) -> None:
        """Take the last correction back."""
        if self.can_undo:
            self._corrections.undo()
            self._follow()

    def redo(self) -> None:
        """Put back what was undone last."""
        if self.can_redo:
            self._corrections.redo()
            self._follow()

    def edits(self) -> tuple[TextEdit, ...]:
        """Return what was done so far as edits of the text as it was read."""
        return self._current.edits

    def _correct(self, text: CorrectedText) -> None:
        self._corrections.correct(text)
        self._follow()

    def _follow(self) -> None:
        """Show the text that counts, changing the rows between the first and the last that differ."""
        assert self._corrections.text is not None
        self._current = self._corrections.text
        old, new = self._rows, self._current.paragraphs
        first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a is not b), min(len(old), len(new)))
        rest = min(len(old), len(new)) - first
        tail = next((i for i in range(rest) if old[-1 - i] is not new[-1 - i]), rest)
        old_end, new_end = len(old) - tail, len(new) - tail
        if old_end > new_end:
            self.beginRemoveRows(QModelIndex(), new_end, old_end - 1)
            self._rows = new
            self.endRemoveRows()
        elif new_end > old_end:
            self.beginInsertRows(QModelIndex(), old_end, new_end - 1)
            self._rows = new
            self.endInsertRows()
        self._rows = new
        if first < new_end:
            self.dataChanged.emit(self.index(first, 0), self.index(new_end - 1, 0))
        self.corrected.emit()

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        editable = not self._rows[index.row()].left_out and self.characters(index.row()) <= EDITABLE
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        paragraph = self._rows[index.row()]
        if role == Role.DisplayRole:
            return display_text(self.shown(index.row())[:SHOWN])
        if role == Role.EditRole:
            return display_text(self.shown(index.row()))
        if role == Role.CheckStateRole:
            return Qt.CheckState.Unchecked if paragraph.left_out else Qt.CheckState.Checked
        if role == PARAGRAPH:
            return paragraph
        if role == LOOK:
            return self._looks.get(paragraph.start, _PLAIN)
        if role == Role.AccessibleTextRole:
            text = display_text(self.shown(index.row())[:SHOWN])
            return self.tr("Left out: {text}").format(text=text) if paragraph.left_out else text
        return None
