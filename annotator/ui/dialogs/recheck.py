"""Spans that were tagged under another definition: look at each, and say that it fits, relabel it, or delete it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from annotator.core.codebook_comparison import MEANING
from annotator.core.records import Label
from annotator.session.rechecking import AROUND, Definitions, RecheckGroup, RecheckItem
from annotator.ui.dialogs.codebook.words import field_name
from annotator.ui.dialogs.parts import Dialog, label_icon, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.panels.widgets import heading
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.words import grouped, one_line, span_count

SIZE = (960, 640)
QUOTE = 200

_SPACES = re.compile(r"\s+")


class RecheckDialog(Dialog):
    """`show_wanted` carries an annotation's id; `fits` and `delete_wanted` carry those of all that are selected,
    `relabel_wanted` a label's id besides.

    Who acts on them calls `set_groups` with what is left.
    """

    show_wanted = Signal(str)
    fits = Signal(list)
    delete_wanted = Signal(list)
    relabel_wanted = Signal(list, str)

    def __init__(
        self,
        groups: Sequence[RecheckGroup],
        labels: Sequence[Label],
        parent: QWidget | None = None,
        *,
        writable: bool = True,
    ) -> None:
        super().__init__(parent)
        self._labels = [label for label in labels if not label.retired]
        self._writable = writable
        self._items: dict[str, tuple[RecheckGroup, RecheckItem]] = {}
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(self.list, bold=False))
        self.list.setAccessibleName(self.tr("Spans to look at again"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.currentItemChanged.connect(self._describe)
        self.list.itemActivated.connect(self.accept)
        self.list.installEventFilter(self)
        self.context = plain_label("", wrap=True)
        self.before, self.after = self._text(), self._text()
        self.before_title, self.after_title = heading(""), heading(self.tr("Now"))
        self._lay_out()
        self.fits_button = self.add_side_button(self.tr("Still fits"))
        self.fits_button.clicked.connect(self._tell_fits)
        self.delete_button = self.add_side_button(self.tr("Delete the span"))
        self.delete_button.clicked.connect(self._tell_delete)
        for button in (self.fits_button, self.delete_button):
            button.setVisible(writable)
        self.add_button(self.tr("Close"))
        self.show_button = self.add_main_button(self.tr("Show in the text"))
        self.keep_fitting(*SIZE)
        self.set_groups(groups)
        self.list.setFocus()

    def _text(self) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        return text

    def _lay_out(self) -> None:
        meanings = QSplitter(Qt.Orientation.Horizontal)
        for title, text in ((self.before_title, self.before), (self.after_title, self.after)):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 8, 8 if text is self.before else 0, 0)
            column.setSpacing(6)
            column.addWidget(title)
            column.addWidget(text, 1)
            meanings.addWidget(side)
        meanings.setHandleWidth(0)
        meanings.setChildrenCollapsible(False)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(14, 0, 0, 0)
        column.addWidget(self.context)
        column.addWidget(meanings, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(right)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([330, 590])
        splitter.setStretchFactor(1, 1)
        self.body.addWidget(splitter, 1)
        self._splitter = splitter

    def set_groups(self, groups: Sequence[RecheckGroup]) -> None:
        """Show what waits now; the place in the list stays."""
        chosen = {*self.chosen(), self.current()}
        rows = [row for row in range(self.list.count()) if self._key(self.list.item(row)) in chosen]
        row = rows[0] if rows else 0
        self.list.blockSignals(True)
        self.list.clear()
        self._items = {}
        for group in groups:
            self._add_group(group)
        self.list.blockSignals(False)
        count = sum(group.count for group in groups)
        words = self.tr(
            "Space: still fits. A digit relabels, Delete deletes, Enter shows it in the text. Shift selects several."
        )
        self.set_title(
            self.tr("{spans} to look at again").format(spans=span_count(count))
            if count
            else self.tr("Nothing to look at again"),
            words if count else self.tr("Every span was tagged under the definition that its label has now."),
        )
        self._select_from(row)
        self._splitter.setVisible(bool(self._items))
        for button in (self.fits_button, self.delete_button, self.show_button):
            button.setEnabled(bool(self._items))

    def _add_group(self, group: RecheckGroup) -> None:
        head = row_item(group.label.name, self._group_words(group), icon=label_icon(group.label, self))
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.addItem(head)
        for item in group.items:
            detail = self.tr("{title} · version {version}").format(title=item.document.title, version=item.version)
            self.list.addItem(row_item(one_line(item.quote, QUOTE), detail, key=item.annotation.id))
            self._items[item.annotation.id] = group, item

    def _group_words(self, group: RecheckGroup) -> str:
        rest = group.count - len(group.items)
        words = span_count(group.count)
        return words if not rest else self.tr("{spans}, {rest} of them later").format(spans=words, rest=grouped(rest))

    def _select_from(self, row: int) -> None:
        """Make the span at a row current, else the next one, else the last."""
        rows = [place for place in range(self.list.count()) if self._key(self.list.item(place))]
        following = [place for place in rows if place >= row]
        self.list.setCurrentRow((following or rows[-1:] or [-1])[0])
        self._describe()

    def _key(self, item: QListWidgetItem | None) -> str:
        return str(item.data(Qt.ItemDataRole.UserRole) or "") if item is not None else ""

    def current(self) -> str:
        """Return the id of the annotation that is looked at, or nothing."""
        return self._key(self.list.currentItem())

    def chosen(self) -> list[str]:
        """Return the ids of the annotations that are selected, in the order of the list."""
        rows = range(self.list.count())
        return [self._key(self.list.item(row)) for row in rows if self.list.item(row).isSelected()]

    @Slot()
    def _describe(self) -> None:
        group, item = self._items.get(self.current(), (None, None))
        if group is None or item is None:
            for text in (self.before, self.after):
                text.setPlainText("")
            self.before_title.setText("")
            self.context.setText("")
            return
        lead, trail = _SPACES.sub(" ", item.lead), _SPACES.sub(" ", item.trail)
        lead = f"… {lead.partition(' ')[2]}" if len(item.lead) == AROUND else lead
        trail = f"{trail.rpartition(' ')[0]} …" if len(item.trail) == AROUND else trail
        self.context.setText(f"{lead}【{one_line(item.quote, 4 * QUOTE)}】{trail}".strip())
        title = self.tr("When it was tagged: version {version}").format(version=item.version)
        self.before_title.setText(title.upper())
        self.before.setAccessibleName(title)
        self.after.setAccessibleName(self.tr("Now"))
        now = {name: getattr(group.label, name) for name in MEANING}
        changed = {name for name in MEANING if now[name] != item.before[name]}
        self.before.setPlainText(_meaning_text(item.before, changed))
        self.after.setPlainText(_meaning_text(now, changed))

    # -- acting

    @Slot()
    def _tell_fits(self) -> None:
        if self.chosen() and self._writable:
            self.fits.emit(self.chosen())

    @Slot()
    def _tell_delete(self) -> None:
        if self.chosen() and self._writable:
            self.delete_wanted.emit(self.chosen())

    def _press_digit(self, digit: int) -> None:
        label = next((label for label in self._labels if label.digit == digit), None)
        if label is not None and self.chosen() and self._writable:
            self.relabel_wanted.emit(self.chosen(), label.id)

    def accept(self) -> None:
        if self.current():
            self.show_wanted.emit(self.current())
            super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        command, digit = single_key(event) or (None, 0)
        if event.key() == Qt.Key.Key_Space:
            self._tell_fits()
        elif command is KeyCommand.DELETE:
            self._tell_delete()
        elif command is KeyCommand.DIGIT:
            self._press_digit(digit)
        else:
            return super().eventFilter(watched, event)
        return True


def _meaning_text(meaning: Definitions, changed: set[str]) -> str:
    """Return what a label means, first the parts that changed, with a sign before them."""
    parts = []
    for name in sorted(MEANING, key=lambda name: name not in changed):
        value = meaning[name]
        lines = [f"– {line}" for line in value] if isinstance(value, tuple) else [value]
        text = "\n".join(line for line in lines if line.strip()) or "–"
        sign = "● " if name in changed else ""
        title = field_name(name)
        parts.append(f"{sign}{title[:1].upper()}{title[1:]}\n{text}")
    return "\n\n".join(parts)
