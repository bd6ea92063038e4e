"""The history: every step, the newest first; one's own can be taken back where nothing builds on them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from annotator.ui.models.history_model import CAN_REVERT_ROLE, HistoryModel
from annotator.ui.panels.row_delegate import StepDelegate
from annotator.ui.panels.widgets import flat_button, heading, plain_label
from annotator.ui.theme import Theme


class HistoryPanel(QWidget):
    """Shows a HistoryModel; `revert_requested` carries the id of a step."""

    revert_requested = Signal(str)
    close_requested = Signal()

    def __init__(self, model: HistoryModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._writable = True
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = QListView(self)
        self.list.setModel(model)
        self._delegate = StepDelegate(theme, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(self.tr("Steps"))
        self.list.doubleClicked.connect(self._revert_at)
        self.revert_button = QPushButton(self.tr("Take this step back"), self)
        self.revert_button.clicked.connect(self._revert_current)
        self._hint = plain_label(
            self.tr("A step that something later builds on stays."), self, muted=True, scale="small"
        )
        self._hint.setWordWrap(True)
        self._build()
        self.list.selectionModel().currentChanged.connect(self._show_current)
        model.modelReset.connect(self._show_current)
        self._show_current()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def set_writable(self, writable: bool) -> None:
        """Say whether steps can be taken back."""
        self._writable = writable
        self._show_current()

    def _build(self) -> None:
        close = flat_button("✕", self.tr("Close the history (Ctrl+H)"), self)
        close.clicked.connect(self.close_requested)
        top = QHBoxLayout()
        top.addWidget(heading(self.tr("History"), self))
        top.addStretch(1)
        top.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._hint)
        layout.addWidget(self.revert_button)

    @Slot()
    def _show_current(self) -> None:
        index = self.list.currentIndex()
        self.revert_button.setEnabled(self._writable and index.isValid() and bool(index.data(CAN_REVERT_ROLE)))

    @Slot()
    def _revert_current(self) -> None:
        self._revert_at(self.list.currentIndex())

    @Slot(QModelIndex)
    def _revert_at(self, index: QModelIndex) -> None:
        entry = self._model.entry(index)
        if entry is not None and entry.can_revert and self._writable:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.revert_requested.emit(entry.step)
