"""A page of the editor for one kind of entry: the tree with its buttons at the left, the form at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator.core.codebook_edits import Entry, free_key, moved, retired, without_entry
from annotator.core.errors import UserError
from annotator.ui.dialogs.codebook.draft import CodebookDraft
from annotator.ui.dialogs.codebook.form import EntryForm
from annotator.ui.dialogs.codebook.tree import EntryTree
from annotator.ui.dialogs.parts import plain_button, plain_label
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import flat_button
from annotator.ui.words import grouped

LEFT_WIDTH = 280


class SectionPage(QWidget):
    """Subclasses make the form, and say which entries there are and how a new one begins.

    `failed` carries why something cannot be done.
    """

    failed = Signal(str)
    fallback = "entry"
    """What a key begins with whose name has no letter."""

    def __init__(self, draft: CodebookDraft, form: EntryForm, *, nested: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self.form = form
        self.tree = EntryTree(nested=nested)
        self.tree.set_writable(draft.writable)
        self.tree.setAccessibleName(self.tr("Entries"))
        self.tree.current_changed.connect(self.show_entry)
        self.tree.move_wanted.connect(self.move_entry)
        self.form.edited.connect(self.take_entry)
        self.new_button = plain_button(self.tr("New"))
        self.new_button.clicked.connect(self.add_entry)
        self.retire_button = plain_button(self.tr("Retire"))
        self.retire_button.clicked.connect(self.toggle_retired)
        self.delete_button = plain_button(self.tr("Delete"))
        self.delete_button.clicked.connect(self.delete_entry)
        self.use: QLabel = plain_label("", wrap=True, muted=True, scale="small")
        self._moves = self._move_buttons(nested=nested)
        self._nothing = plain_label(self.tr("Nothing here yet. “New” makes the first one."), muted=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._right = QStackedWidget()
        self._lay_out()
        self._is_behind = False
        draft.changed.connect(self._follow)

    # -- what a subclass says

    def entries(self) -> Sequence[Entry]:
        """Return the entries of this page, in order."""
        raise NotImplementedError

    def new_entry(self) -> Entry:
        """Return a new entry."""
        raise NotImplementedError

    def use_words(self, entry: Entry) -> str:
        """Return how much an entry is used."""
        raise NotImplementedError

    def prepare(self, entry: Entry) -> None:
        """Make the form's fields fit what they are going to show."""

    def writable_fields(self, entry: Entry) -> Mapping[str, bool]:
        """Return the fields that can, or cannot, be changed though the project can."""
        return {"key": self.draft.is_new(entry.id)}

    def more_buttons(self) -> Sequence[QPushButton]:
        """Return buttons besides those that every page has."""
        return ()

    # -- layout

    def _move_buttons(self, *, nested: bool) -> list[QWidget]:
        wanted = [
            ("↑", self.tr("Move up (Ctrl+Shift+Up)"), self.tree.move_up),
            ("↓", self.tr("Move down (Ctrl+Shift+Down)"), self.tree.move_down),
        ]
        if nested:
            wanted += [
                ("→", self.tr("Put under the one above (Ctrl+Shift+Right)"), self.tree.move_in),
                ("←", self.tr("Take out (Ctrl+Shift+Left)"), self.tree.move_out),
            ]
        buttons: list[QWidget] = []
        for sign, name, act in wanted:
            button = flat_button(sign, name)
            button.clicked.connect(act)
            buttons.append(button)
        return buttons

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 10, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.tree, 1)
        strip = QHBoxLayout()
        strip.setSpacing(2)
        strip.addWidget(self.new_button)
        strip.addStretch(1)
        for button in self._moves:
            strip.addWidget(button)
        column.addLayout(strip)
        right = QWidget()
        below = QVBoxLayout(right)
        below.setContentsMargins(0, 10, 0, 0)
        below.setSpacing(6)
        below.addWidget(self.form, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 0, 0, 0)
        foot.setSpacing(6)
        foot.addWidget(self.use, 1)
        for button in (*self.more_buttons(), self.retire_button, self.delete_button):
            foot.addWidget(button)
        below.addLayout(foot)
        self._right.addWidget(right)
        self._right.addWidget(self._nothing)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self._right)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([LEFT_WIDTH, 640])
        splitter.setStretchFactor(1, 1)
        left.setMinimumWidth(190)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        for widget in (self.new_button, *self._moves):
            widget.setVisible(self.draft.writable)

    # -- what is shown

    def current(self) -> Entry | None:
        """Return the entry that is shown, as the draft has it."""
        return self.draft.entry(self.tree.current())

    @Slot()
    def _follow(self) -> None:
        """Show the draft as it is now, or once the page is seen."""
        self._is_behind = not self.isVisible()
        if not self._is_behind:
            self.refresh()

    def catch_up(self) -> None:
        """Show the draft as it is now, if the page was out of sight when it changed."""
        if self._is_behind:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the draft as it is now."""
        self._is_behind = False
        names = {label.key: label.name for label in self.draft.codebook.labels}
        self.tree.set_entries(self.entries(), names)
        self.show_entry()

    @Slot()
    def show_entry(self) -> None:
        """Show the current entry in the form."""
        entry = self.current()
        self._right.setCurrentIndex(0 if entry is not None else 1)
        if entry is None:
            return
        self.prepare(entry)
        self.form.show_entry(entry, self.writable_fields(entry), editable=self.draft.writable)
        self.use.setText(self.use_words(entry))
        self.retire_button.setText(self.tr("Use again") if entry.retired else self.tr("Retire"))
        self.retire_button.setVisible(self.draft.writable)
        self.delete_button.setVisible(self.draft.writable)
        unused = not self.draft.uses[entry.id]
        self.delete_button.setEnabled(unused)
        self.delete_button.setToolTip("" if unused else self.tr("What is in use can be retired, not deleted."))

    def select(self, identity: str, field: str = "") -> None:
        """Show an entry, and put the focus into one of its fields."""
        self.catch_up()
        self.tree.select(identity)
        if field:
            self.form.go_to(field)

    # -- what can be done

    @Slot(object)
    def take_entry(self, entry: Entry) -> None:
        """Take over an edited entry; the key of a new one follows its name."""
        before = self.draft.entry(entry.id)
        if before is not None and self.draft.is_new(entry.id) and before.name != entry.name and entry.name:
            entry = self.following(before, entry)
        self.draft.put(entry)

    def following(self, before: Entry, entry: Entry) -> Entry:
        """Return a renamed new entry with the key that its name gives, unless somebody chose another."""
        others = [one.key for one in self.entries() if one.id != entry.id]
        if before.key == entry.key == free_key(before.name, others, self.fallback):
            return replace(entry, key=free_key(entry.name, others, self.fallback))
        return entry

    @Slot()
    def add_entry(self) -> None:
        """Make a new entry, and put the focus into its name."""
        fresh = self.new_entry()
        self.draft.put(fresh)
        self.select(fresh.id, "name")
        field = self.form.fields["name"].field
        if hasattr(field, "selectAll"):
            field.selectAll()  # type: ignore[attr-defined]

    @Slot()
    def toggle_retired(self) -> None:
        """Take the current entry out of use, or into use again."""
        entry = self.current()
        if entry is not None and entry.retired:
            self.draft.use_again(entry.id)
        elif entry is not None:
            self.draft.take(retired(self.draft.codebook, entry.id))

    @Slot()
    def delete_entry(self) -> None:
        """Delete the current entry, which nothing uses."""
        entry = self.current()
        if entry is None or self.draft.uses[entry.id]:
            return
        try:
            self.draft.take(without_entry(self.draft.codebook, entry.id))
        except UserError as error:
            self.failed.emit(error_text(error))

    @Slot(str, object, int)
    def move_entry(self, identity: str, parent: str | None, place: int) -> None:
        """Move an entry to another place among its siblings, or under another label."""
        try:
            self.draft.take(moved(self.draft.codebook, identity, place, parent))
        except UserError as error:
            self.failed.emit(error_text(error))
        self.tree.select(identity)

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.catch_up()


def times(count: int, one: str, many: str) -> str:
    """Return a number with its noun; `many` holds {count}."""
    return one if count == 1 else many.format(count=grouped(count))
