"""Entities as rows of a list: the name, how often it is used, and its aliases beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QListWidgetItem, QStyleOptionViewItem

from annotator.ui.dialogs.rows import DETAIL, TOP, Index, TwoLineDelegate, row_item
from annotator.ui.words import grouped, tr

if TYPE_CHECKING:
    from annotator.session.entity_names import EntityRow


class EntityDelegate(TwoLineDelegate):
    """A row without aliases is one line high."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        both = super().sizeHint(option, index)
        return both if index.data(DETAIL) else QSize(both.width(), QFontMetrics(self._fonts()[0]).height() + 2 * TOP)


def uses_in_words(row: EntityRow) -> str:
    """Return how often an entity is used."""
    if row.uses:
        return tr("used once") if row.uses == 1 else tr("used {count} times").format(count=grouped(row.uses))
    return tr("used in older versions only") if row.hidden_uses else tr("not used")


def entity_item(row: EntityRow) -> QListWidgetItem:
    """Return the row of an entity, for `EntityDelegate`; its id is the key."""
    return row_item(row.entity.name, " · ".join(row.other_names), uses_in_words(row), key=row.entity.id)
