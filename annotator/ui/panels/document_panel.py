"""The list of documents: what there is, how far one is, and the door through which more come in."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QListView, QMenu, QProgressBar, QVBoxLayout, QWidget

from annotator.core.records import STATUSES
from annotator.ui.dialogs.controls import CheckBox
from annotator.ui.models.document_list_model import DocumentListModel, DocumentRole
from annotator.ui.panels.row_delegate import DocumentDelegate
from annotator.ui.panels.widgets import flat_button, heading, plain_label
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, status_name

_OWN = "documents assigned to me"


class DocumentPanel(QWidget):
    """Shows a DocumentListModel and says what somebody wants with a document; ids are those of documents."""

    document_chosen = Signal(str)
    import_requested = Signal()
    status_requested = Signal(str, str)
    properties_requested = Signal(str)
    correction_requested = Signal(str)
    version_requested = Signal(str)
    remove_requested = Signal(str)
    choices_changed = Signal()

    def __init__(self, model: DocumentListModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._writable = True
        self._fixed = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = self._make_list(theme)
        self._empty = plain_label(self.tr("No documents yet"), self, muted=True)
        self._totals = plain_label("", self, muted=True, scale="small")
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Documents done"))
        self.own = CheckBox(self.tr("Assigned to me"), self)
        self.own.setChecked(True)
        self.own.hide()
        self.own.clicked.connect(self._choose_own)
        self._build()
        model.totals_changed.connect(self._show_totals)
        model.own_changed.connect(self._show_own)
        self._show_totals(0, 0)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def set_writable(self, writable: bool) -> None:
        """Say whether documents can be brought in, described and removed."""
        self._writable = writable
        self.add_button.setEnabled(writable)

    def set_fixed(self, fixed: bool) -> None:
        """Say whether a package fixes which documents there are and what they say."""
        self._fixed = fixed
        self.add_button.setVisible(not fixed)

    def show_open(self, document: str | None) -> None:
        """Mark the document on screen and bring its row in sight."""
        self._model.set_open(document)
        index = self._model.index_of(document)
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _make_list(self, theme: Theme) -> QListView:
        view = QListView(self)
        view.setModel(self._model)
        self._delegate = DocumentDelegate(theme, view)
        view.setItemDelegate(self._delegate)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setAccessibleName(self.tr("Documents"))
        view.clicked.connect(self._choose)
        view.activated.connect(self._choose)
        view.customContextMenuRequested.connect(self._open_menu)
        return view

    def _build(self) -> None:
        self.add_button = flat_button("+", self.tr("Import documents (Ctrl+I)"), self)
        self.add_button.clicked.connect(self.import_requested)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(heading(self.tr("Documents"), self))
        top.addStretch(1)
        keeps_its_room = self.add_button.sizePolicy()
        keeps_its_room.setRetainSizeWhenHidden(True)
        self.add_button.setSizePolicy(keeps_its_room)
        top.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.own)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._totals)
        layout.addWidget(self._progress)

    def choices(self) -> dict[str, str]:
        """Return what is kept from one day to the next."""
        return {_OWN: "yes" if self.own.isChecked() else "no"}

    def restore(self, choices: dict[str, str]) -> None:
        """Take over what `choices` returned."""
        self.own.setChecked(choices.get(_OWN) != "no")
        self._model.set_own(self.own.isChecked())

    @Slot(bool)
    def _choose_own(self, wanted: bool) -> None:
        self._model.set_own(wanted)
        self.choices_changed.emit()

    @Slot(int)
    def _show_own(self, count: int) -> None:
        self.own.setVisible(count > 0)
        self.own.setText(self.tr("Assigned to me ({count})").format(count=grouped(count)))

    @Slot(int, int)
    def _show_totals(self, done: int, total: int) -> None:
        self._empty.setVisible(total == 0)
        self._totals.setVisible(total > 0)
        self._progress.setVisible(total > 0)
        self._totals.setText(self.tr("{done} of {total} done").format(done=done, total=total))
        self._progress.setRange(0, max(1, total))
        self._progress.setValue(done)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        identity = index.data(DocumentRole.ID)
        if identity:
            self.document_chosen.emit(identity)

    @Slot(QPoint)
    def _open_menu(self, point: QPoint) -> None:
        index = self.list.indexAt(point)
        if not index.isValid():
            return
        menu = self.context_menu(index)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.list.viewport().mapToGlobal(point))

    def context_menu(self, index: QModelIndex) -> QMenu:
        """Return the menu of a document."""
        identity = str(index.data(DocumentRole.ID))
        menu = QMenu(self)
        for status in STATUSES:
            action = menu.addAction(status_name(status))
            action.setCheckable(True)
            action.setChecked(index.data(DocumentRole.STATUS) == status)
            action.setData(("status", identity, status))
            action.setEnabled(self._writable)
        menu.addSeparator()
        menu.addAction(self.tr("Properties…")).setData(("properties", identity, ""))
        correct = menu.addAction(self.tr("Correct the text…"))
        correct.setData(("correct", identity, ""))
        correct.setEnabled(self._writable and not self._fixed)
        version = menu.addAction(self.tr("Import an edited version…"))
        version.setData(("version", identity, ""))
        version.setEnabled(self._writable and not self._fixed)
        remove = menu.addAction(self.tr("Remove…"))
        remove.setData(("remove", identity, ""))
        remove.setEnabled(self._writable and not self._fixed)
        menu.triggered.connect(self._do)
        return menu

    @Slot(QAction)
    def _do(self, action: QAction) -> None:
        what, identity, status = action.data()
        if what == "status":
            self.status_requested.emit(identity, status)
        elif what == "properties":
            self.properties_requested.emit(identity)
        elif what == "correct":
            self.correction_requested.emit(identity)
        elif what == "version":
            self.version_requested.emit(identity)
        else:
            self.remove_requested.emit(identity)
