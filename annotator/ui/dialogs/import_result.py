"""What became of the files of an import: added, already here, or not readable and why."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from annotator.session.importing import ImportResult
from annotator.ui.dialogs.parts import Dialog, Figures
from annotator.ui.dialogs.rows import MUTED_ALPHA, TwoLineDelegate, row_item, softened
from annotator.ui.icons import icon_in
from annotator.ui.messages import error_text

Row = tuple[str, str, str]
"""What is shown first, what is said of it, and the id of the document or nothing."""


class ImportResultDialog(Dialog):
    """Lists every file, those with trouble first; `open_document` carries the id of the document to be read."""

    open_document = Signal(str)

    def __init__(self, result: ImportResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        about = self.tr("It was cancelled; what was added before stays.") if result.cancelled else ""
        self.set_title(self.tr("Import"), about)
        self._groups = self._grouped(result)
        figures = Figures([name for name, _, _ in self._groups])
        figures.set_numbers(*(len(rows) for _, _, rows in self._groups))
        self.body.addWidget(figures)
        self.body.addSpacing(6)
        self.list = self._make_list()
        self.body.addWidget(self.list, 1)
        self.copy_button = self.add_side_button(self.tr("&Copy list"))
        self.copy_button.clicked.connect(self._copy)
        self.open_button = self.add_side_button(self.tr("&Open document"))
        self.open_button.clicked.connect(self._open_current)
        self.add_main_button(self.tr("Close"))
        self.keep_fitting(720, 500)
        self.list.setCurrentRow(0)
        self._current_changed()
        self.list.setFocus()

    def _grouped(self, result: ImportResult) -> list[tuple[str, str, list[Row]]]:
        """Return for each group its name, its icon, and its rows."""
        failed = [(Path(failure.file).name, error_text(failure.error), "") for failure in result.failed]
        here = [(twin.title, Path(twin.file).name, twin.document) for twin in result.duplicates]
        imported = [
            (done.document.title, " · ".join([Path(done.file).name, *done.warnings]), done.document.id)
            for done in result.imported
        ]
        return [
            (self.tr("Not imported"), "error", failed),
            (self.tr("Already here"), "copy", here),
            (self.tr("Imported"), "success", imported),
        ]

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setItemDelegate(TwoLineDelegate(made, wrap=True))
        made.setResizeMode(QListWidget.ResizeMode.Adjust)
        made.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setAccessibleName(self.tr("Files of the import"))
        color = softened(self.palette(), MUTED_ALPHA)
        for name, sign, rows in self._groups:
            picture = icon_in(sign, color)
            for first, second, document in rows:
                made.addItem(row_item(first, second, name, key=document, icon=picture))
        made.currentItemChanged.connect(self._current_changed)
        made.itemActivated.connect(self._open_item)
        return made

    def list_text(self) -> str:
        """Return the list as lines of text, group by group."""
        blocks = [
            "\n".join([f"{name}: {len(rows)}", *(f"{first}\t{second}" for first, second, _ in rows)])
            for name, _, rows in self._groups
            if rows
        ]
        return "\n\n".join(blocks)

    @Slot()
    def _current_changed(self) -> None:
        item = self.list.currentItem()
        self.open_button.setEnabled(item is not None and bool(item.data(Qt.ItemDataRole.UserRole)))

    @Slot()
    def _open_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._open_item(item)

    @Slot(QListWidgetItem)
    def _open_item(self, item: QListWidgetItem) -> None:
        document = item.data(Qt.ItemDataRole.UserRole)
        if document:
            self.open_document.emit(document)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.list_text())
