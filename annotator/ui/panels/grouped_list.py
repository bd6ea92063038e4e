"""A list of rows under headings, to go through beside the text."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QListView, QWidget

from annotator.ui.models.grouped_model import GroupedModel


class GroupedList(QListView):
    """`chosen` carries the place of a row and whether the text gets the focus. Rows are laid out `batch` at a time.

    Keys come in between the batches.
    """

    chosen = Signal(QModelIndex, bool)

    def __init__(self, model: GroupedModel, batch: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(batch)
        self.setMouseTracking(True)
        self.clicked.connect(self._show)
        self.activated.connect(self._go_to)

    def step(self, step: int) -> bool:
        """Choose the next row (1) or the one before (-1); say whether there is one."""
        index = self._model.step(self.currentIndex(), step)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.chosen.emit(index, False)
        return index.isValid()

    @Slot(QModelIndex)
    def _show(self, index: QModelIndex) -> None:
        self.chosen.emit(index, False)

    @Slot(QModelIndex)
    def _go_to(self, index: QModelIndex) -> None:
        self.chosen.emit(index, True)
