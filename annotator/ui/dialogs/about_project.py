"""About this project: the page for whoever takes over, and the place where leads write its purpose and diary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, QUrl, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from annotator.core.note_text import plain_note
from annotator.core.records import DiaryEntry
from annotator.core.report import PageBlock
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import Dialog, plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.page_document import fill_page
from annotator.ui.panels.note_field import NoteField
from annotator.ui.panels.widgets import heading
from annotator.ui.words import local_time, one_line

_LINE = 90
_PURPOSE_LINES = 7
_ENTRY_LINES = 9


class PageView(QTextBrowser):
    """Shows a page of words and tables; nothing in it can be followed or reaches for a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: Sequence[PageBlock] = ()
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(14)

    def show_page(self, blocks: Iterable[PageBlock]) -> None:
        """Show a page, at the place where the last one stood."""
        self._blocks = tuple(blocks)
        place = self.verticalScrollBar().value()
        self._fill()
        self.verticalScrollBar().setValue(place)

    def _fill(self) -> None:
        self.document().setDefaultFont(self.font())
        fill_page(self.document(), self._blocks, self.palette())

    # -- Qt

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return nothing: no page reaches for a file."""
        return None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._blocks:
            self._fill()


class AboutProjectDialog(Dialog):
    """Shows the page; leads turn it over to write.

    `purpose_written` carries the purpose, `entry_written` an entry's id (empty for a new one) and its text,
    `entry_deleted` its id, `save_requested` the file that the page should go to.
    """

    purpose_written = Signal(str)
    entry_written = Signal(str, str)
    entry_deleted = Signal(str)
    save_requested = Signal(str)

    def __init__(self, folder: str, parent: QWidget | None = None, *, editable: bool = False) -> None:
        super().__init__(parent)
        self.set_title(self.tr("About this project"), self.tr("For whoever works with it later."))
        self._folder = folder
        self._entry = ""
        self.page = PageView()
        self.page.setAccessibleName(self.tr("About this project"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.page)
        self.pages.addWidget(self._writing_page())
        self.body.addWidget(self.pages, 1)
        self.write_button = self.add_side_button(self.tr("&Write purpose and diary"))
        self.write_button.setVisible(editable)
        self.write_button.clicked.connect(self.turn_over)
        self.delete_button = self.add_side_button(self.tr("Delete the entry"))
        self.delete_button.clicked.connect(self._delete)
        self.save_button = self.add_side_button(self.tr("&Save as…"))
        self.save_button.clicked.connect(self._choose_file)
        self.add_main_button(self.tr("Close")).setDefault(False)
        self._show_buttons()
        self.keep_fitting(720, 640)
        self.page.setFocus()

    def _writing_page(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.purpose = NoteField(most=_PURPOSE_LINES)
        self.purpose.edit.setAccessibleName(self.tr("Purpose of the project"))
        self.purpose.edit.setPlaceholderText(self.tr("What is to be found out, for whom, and with which texts?"))
        self.purpose.committed.connect(self.purpose_written)
        self.entries = QListWidget()
        self.entries.setItemDelegate(TwoLineDelegate(self.entries))
        self.entries.setAccessibleName(self.tr("Entries of the diary"))
        self.entries.currentItemChanged.connect(self._show_entry)
        self.entry = NoteField(most=_ENTRY_LINES)
        self.entry.edit.setAccessibleName(self.tr("Entry of the diary"))
        self.entry.edit.setPlaceholderText(self.tr("What was decided, what went wrong, what comes next?"))
        self.entry.committed.connect(self._write_entry)
        column.addWidget(heading(self.tr("Purpose")))
        column.addWidget(self.purpose)
        column.addSpacing(8)
        column.addWidget(heading(self.tr("Diary")))
        column.addWidget(self.entries, 1)
        column.addWidget(self.entry)
        hint = self.tr("**bold**, *italic*, lists and `code` show as such. It is saved by itself.")
        column.addWidget(plain_label(hint, muted=True, scale="small"))
        return holder

    def show_page(self, blocks: Iterable[PageBlock]) -> None:
        """Show the page."""
        self.page.show_page(blocks)

    def show_written(self, purpose: str, entries: Sequence[DiaryEntry], chosen: str = "") -> None:
        """Show what is written, the newest entry first, with one of them chosen."""
        self.purpose.set_stored(purpose)
        self.entries.blockSignals(True)
        self.entries.clear()
        self.entries.addItem(row_item(self.tr("New entry"), self.tr("of today"), key=""))
        for entry in sorted(entries, key=lambda one: (one.created, one.id), reverse=True):
            item = row_item(one_line(plain_note(entry.body), _LINE), local_time(entry.created), key=entry.id)
            item.setData(_BODY, entry.body)
            self.entries.addItem(item)
        rows = [row for row in range(self.entries.count()) if _key(self.entries.item(row)) == chosen]
        self.entries.setCurrentRow(rows[0] if rows else 0)
        self.entries.blockSignals(False)
        self._show_entry()

    @Slot()
    def turn_over(self) -> None:
        """Show the page, or what is written."""
        self.commit()
        is_page = self.pages.currentIndex() == 0
        self.pages.setCurrentIndex(1 if is_page else 0)
        self._show_buttons()
        (self.purpose.face() if is_page else self.page).setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> None:
        """Hand over what is being typed."""
        self.purpose.commit()
        self.entry.commit()

    def _show_buttons(self) -> None:
        writes = self.pages.currentIndex() == 1
        self.write_button.setText(self.tr("&Back to the page") if writes else self.tr("&Write purpose and diary"))
        self.save_button.setVisible(not writes)
        self.delete_button.setVisible(writes)
        self.delete_button.setEnabled(bool(self._entry))

    @Slot()
    def _show_entry(self) -> None:
        item = self.entries.currentItem()
        self._entry = _key(item)
        self.entry.set_stored((item.data(_BODY) or "") if item is not None else "")
        self._show_buttons()

    @Slot(str)
    def _write_entry(self, body: str) -> None:
        if body.strip():
            self.show_problem("")
            self.entry_written.emit(self._entry, body)
        elif self._entry:
            self.show_problem(self.tr("An entry cannot be empty. Write something, or delete it."))

    @Slot()
    def _delete(self) -> None:
        if self._entry:
            self.entry_deleted.emit(self._entry)

    @Slot()
    def _choose_file(self) -> None:
        dialog = FileDialog(self, self.tr("Save the page"), self._folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Web page (*.html)"), self.tr("Markdown (*.md)")])
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(self.save_requested)
        dialog.open()

    # -- Qt

    def done(self, result: int) -> None:
        """Hand over what was written, however the dialog is closed."""
        self.commit()
        super().done(result)


_BODY = Qt.ItemDataRole.UserRole + 10


def _key(item: QListWidgetItem | None) -> str:
    return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole) or "")
