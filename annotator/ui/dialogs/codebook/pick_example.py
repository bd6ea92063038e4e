"""Real spans of a label, of which a click makes examples."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidgetItem, QWidget

from annotator.ui.dialogs.filtered_list import FilteredList
from annotator.ui.dialogs.parts import Dialog

_TAKEN = "✓  "


class PickExampleDialog(Dialog):
    """`chosen` carries the text of a span; the dialog stays open for more."""

    chosen = Signal(str)

    def __init__(self, label: str, quotes: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Spans of “{label}”").format(label=label),
            self.tr("Click a span, or press Enter, to make it an example."),
        )
        self.quotes = FilteredList()
        self.quotes.filter.setPlaceholderText(self.tr("Type words of a span"))
        self.quotes.filter.setAccessibleName(self.tr("Search spans"))
        self.quotes.list.setAccessibleName(self.tr("Spans"))
        self.quotes.list.setWordWrap(True)
        self.quotes.set_items(map(self._item, quotes))
        self.quotes.list.itemClicked.connect(self._take)
        self.quotes.list.itemActivated.connect(self._take)
        self.body.addWidget(self.quotes, 1)
        self.add_button(self.tr("Close"))
        self.keep_fitting(560, 480)
        self.quotes.setFocus()

    def _item(self, quote: str) -> QListWidgetItem:
        item = QListWidgetItem(" ".join(quote.split()))
        item.setData(Qt.ItemDataRole.UserRole, quote)
        return item

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        if not item.text().startswith(_TAKEN):
            item.setText(_TAKEN + item.text())
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def accept(self) -> None:
        item = self.quotes.list.currentItem()
        if item is not None:
            self._take(item)
