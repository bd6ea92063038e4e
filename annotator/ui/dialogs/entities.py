"""The entities of a project: what they are called, how often they are used, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.ui.dialogs.entity_rows import EntityDelegate, entity_item, uses_in_words
from annotator.ui.dialogs.filtered_list import FilteredList
from annotator.ui.dialogs.merge_entities import MergeEntitiesDialog
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, Dialog, Fields, in_a_row, plain_button, plain_label, set_state
from annotator.ui.dialogs.undoing import add_undo_keys, leaves_undo_to_the_dialog
from annotator.ui.panels.widgets import ElidingLineEdit
from annotator.ui.words import tool_tip

if TYPE_CHECKING:
    from annotator.session.entity_names import EntityRow

SIZE = (820, 560)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ALIAS = Qt.ItemDataRole.UserRole
_NAME_TOP = 6


class EntitiesDialog(Dialog):
    """Asks for what somebody wants by its signals, and shows what it is given by `set_entities`.

    The signals carry ids of entities, except `alias_removed`, which carries an alias's, and names as they were typed.
    """

    created = Signal(str)
    renamed = Signal(str, str)
    alias_added = Signal(str, str)
    alias_removed = Signal(str)
    merged = Signal(str, str)
    deleted = Signal(str)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, rows: Sequence[EntityRow], *, writable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Entities"),
            self.tr("Who speaks and who is spoken to. An alias typed into a span means the entity that has it."),
        )
        self._rows: dict[str, EntityRow] = {}
        self._wanted = ""
        self._writable = writable
        columns = QHBoxLayout()
        columns.setSpacing(2 * GAP)
        columns.addWidget(self._list(), 5)
        columns.addWidget(self._details(), 4)
        self.body.addLayout(columns, 1)
        self.new_button = self.add_side_button(self.tr("&New entity"))
        self.new_button.clicked.connect(self._create)
        self.add_button(self.tr("Close"))
        add_undo_keys(self, self.undo_requested.emit, self.redo_requested.emit)
        self.keep_fitting(*SIZE)
        self.set_entities(rows)
        self.choices.setFocus()

    def _list(self) -> QWidget:
        self.choices = FilteredList()
        self.choices.filter.setPlaceholderText(self.tr("Search, or type a new name"))
        self.choices.filter.setAccessibleName(self.tr("Search entities"))
        self.choices.filter.installEventFilter(self)
        self.choices.list.setAccessibleName(self.tr("Entities"))
        self.choices.list.setItemDelegate(EntityDelegate(self.choices.list, bold=False))
        self.choices.list.installEventFilter(self)
        self.choices.current_changed.connect(self._show_current)
        self.choices.activated.connect(self.edit_name)
        return self.choices

    def _details(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        self.name = self._line("")
        self.name.editingFinished.connect(self._rename)
        self.uses = plain_label("", muted=True, scale="small")
        self.aliases = QListWidget()
        self.aliases.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.aliases.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.aliases.installEventFilter(self)
        self.aliases.currentItemChanged.connect(self._show_buttons)
        self.new_alias = self._line(self.tr("Add a name"))
        self.remove_alias_button = plain_button(self.tr("&Remove"))
        self.remove_alias_button.clicked.connect(self._remove_alias)
        self.merge_button = plain_button(self.tr("&Merge with another…"))
        self.merge_button.clicked.connect(self.merge)
        self.delete_button = plain_button(self.tr("De&lete"))
        self.delete_button.clicked.connect(self._delete)
        fields = Fields()
        fields.add_field(self.tr("N&ame"), self.name)
        fields.add_below(self.uses)
        called = fields.add_field(self.tr("Also &called"), self.aliases)
        fields.setAlignment(called, Qt.AlignmentFlag.AlignTop)
        called.setContentsMargins(0, _NAME_TOP, 0, 0)
        fields.add_below(in_a_row(self.new_alias, self.remove_alias_button))
        self.new_alias.setAccessibleName(self.tr("Another name of the entity"))
        column.addLayout(fields, 1)
        column.addSpacing(SMALL_GAP)
        column.addWidget(in_a_row(self.merge_button, self.delete_button), 0, Qt.AlignmentFlag.AlignRight)
        return holder

    def _line(self, placeholder: str) -> QLineEdit:
        line = ElidingLineEdit()
        line.setPlaceholderText(placeholder)
        line.installEventFilter(self)
        return line

    # -- what is shown

    def set_entities(self, rows: Sequence[EntityRow]) -> None:
        """Show these entities; the one that was current stays current, or the one that took its place.

        Ctrl+Z takes back what has changed then, and not what was typed to find it.
        """
        current = self._wanted or self.choices.current_key()
        self._wanted = ""
        self._rows = {row.entity.id: row for row in rows}
        self.choices.set_items(map(entity_item, rows))
        self.choices.filter.setText(self.choices.filter.text())
        self.choices.filter.textChanged.emit(self.choices.filter.text())
        if current in self._rows:
            self.choices.set_current_key(current)
        self._show_current()

    def show_entity(self, entity: str) -> None:
        """Make an entity current as soon as it is shown."""
        self._wanted = entity
        if entity in self._rows:
            self.choices.filter.clear()
            self.choices.set_current_key(entity)

    @property
    def current(self) -> EntityRow | None:
        """Return the entity that is current."""
        return self._rows.get(self.choices.current_key())

    @Slot()
    def _show_current(self) -> None:
        row = self.current
        self.name.setText(row.entity.name if row else "")
        self.name.setCursorPosition(0)
        self.uses.setText(uses_in_words(row) if row else self.tr("No entity is chosen."))
        self.aliases.clear()
        for alias in row.aliases if row else ():
            item = QListWidgetItem(alias.name)
            item.setData(_ALIAS, alias.id)
            item.setToolTip(tool_tip(alias.name))
            self.aliases.addItem(item)
        self._show_buttons()

    @Slot()
    def _show_buttons(self) -> None:
        row = self.current
        can_change = self._writable and row is not None
        for widget in (self.name, self.new_alias):
            widget.setEnabled(can_change)
        self.remove_alias_button.setEnabled(can_change and self.aliases.currentItem() is not None)
        self.merge_button.setEnabled(can_change and len(self._rows) > 1)
        self.delete_button.setEnabled(can_change and row is not None and not row.uses and not row.hidden_uses)
        self.new_button.setEnabled(self._writable)

    def show_problem(self, text: str) -> None:
        if text:
            self._wanted = ""
        set_state(self.problem, "error")
        super().show_problem(text)

    def show_done(self, text: str) -> None:
        """Say in the place of a problem what was done."""
        self.show_problem(text)
        set_state(self.problem, "success")

    # -- what is wanted

    @Slot()
    def edit_name(self) -> None:
        """Put the focus into the name."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    @Slot()
    def _rename(self) -> None:
        row, name = self.current, self.name.text()
        if row is not None and name != row.entity.name:
            self.show_problem("")
            self.renamed.emit(row.entity.id, name)

    @Slot()
    def _create(self) -> None:
        self.show_problem("")
        if self.choices.filter.text().strip():
            self.created.emit(self.choices.filter.text())
        else:
            self.show_problem(self.tr("Type the name of the new entity into the search line first."))
            self.choices.setFocus()

    @Slot()
    def _add_alias(self) -> None:
        row = self.current
        if row is not None and self.new_alias.text().strip():
            self.show_problem("")
            self.alias_added.emit(row.entity.id, self.new_alias.text())

    @Slot()
    def _remove_alias(self) -> None:
        item = self.aliases.currentItem()
        if item is not None and self._writable:
            self.show_problem("")
            self.alias_removed.emit(str(item.data(_ALIAS)))

    @Slot()
    def merge(self) -> None:
        """Ask for the other entity, and for the one that stays."""
        row = self.current
        if row is not None and self._writable:
            self.show_problem("")
            others = [other for other in self._rows.values() if other is not row]
            dialog = MergeEntitiesDialog(row, others, self)
            dialog.chosen.connect(self._merge)
            dialog.open()

    @Slot(str, str)
    def _merge(self, gone: str, kept: str) -> None:
        self._wanted = kept
        self.merged.emit(gone, kept)

    def _neighbour(self) -> str:
        """Return the entity below the current one, else the one above."""
        keys = self.choices.visible_keys()
        place = keys.index(self.choices.current_key())
        return next(iter([*keys[place + 1 : place + 2], *keys[max(0, place - 1) : place]]), "")

    @Slot()
    def _delete(self) -> None:
        row = self.current
        if row is not None and self._writable:
            self.show_problem("")
            self._wanted = self._neighbour()
            self.deleted.emit(row.entity.id)

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if isinstance(watched, QLineEdit) and leaves_undo_to_the_dialog(watched, event):
            return True
        if event.type() == QEvent.Type.KeyPress and self._take_key(watched, event.key()):
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, watched: QObject, key: int) -> bool:
        """Do what a key asks for in a part of the dialog; say whether it asked for anything."""
        enter, is_list = key in _ENTER, watched is self.choices.list
        if key == Qt.Key.Key_F2 or (enter and (watched is self.choices.filter or is_list)):
            self.edit_name()
        elif enter and watched is self.name:
            self.choices.setFocus()
        elif enter and watched is self.new_alias:
            self._add_alias()
        elif key == Qt.Key.Key_Escape and watched is self.name and self.name.isModified():
            self._show_current()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and is_list:
            self._delete()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and watched is self.aliases:
            self._remove_alias()
        else:
            return False
        return True
