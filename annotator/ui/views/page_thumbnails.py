"""The strip of small pages beside the page view: the current one is marked, and choosing one goes there."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.core.pages import PageLayout
from annotator.ui.theme import Theme
from annotator.ui.views.page_pictures import Draw, PictureStore

WIDTH = 148
_PICTURE_BYTES = 48 * 1024 * 1024
_SIDE = 104
"""The longer side of a small page in logical pixels."""
_ROW = 136
_NUMBER = 18

Index = QModelIndex | QPersistentModelIndex


class _PageModel(QAbstractListModel):
    """The pages by their number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.layout_shown = PageLayout()

    def set_layout(self, layout: PageLayout) -> None:
        self.beginResetModel()
        self.layout_shown = layout
        self.endResetModel()

    def size_of(self, page: int) -> tuple[float, float]:
        """Return a page's width and height in PDF points."""
        shown = self.layout_shown.pages[page].shown
        return max(shown.right - shown.left, 1.0), max(shown.bottom - shown.top, 1.0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.layout_shown.pages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("Page {page}").format(page=index.row() + 1)
        return None


class _PageDelegate(QStyledItemDelegate):
    """Paints a small page with its number."""

    def __init__(self, model: _PageModel, pictures: PictureStore, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._pictures = pictures
        self.theme = theme

    def scale_of(self, page: int) -> float:
        """Return the logical pixels per PDF point of a small page."""
        return _SIDE / max(self._model.size_of(page))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_SIDE + 16, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        page, row = index.row(), QRect(option.rect)  # type: ignore[attr-defined]
        width, height = (round(side * self.scale_of(page)) for side in self._model.size_of(page))
        sheet = QRect(0, 0, width, height)
        sheet.moveCenter(row.adjusted(0, 0, 0, -_NUMBER).center())
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.fillRect(sheet, Qt.GlobalColor.white)
        known = self._pictures.image(page)
        if known is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(sheet), known[0])
        colour = self.theme.color("accent" if is_current else "border_strong")
        painter.setPen(QPen(colour, 2 if is_current else 1))
        painter.drawRect(sheet.adjusted(-1, -1, 0, 0))
        painter.setFont(self.theme.font("small", bold=is_current))
        painter.setPen(self.theme.color("text" if is_current else "text_muted"))
        painter.drawText(row.adjusted(0, row.height() - _NUMBER, 0, 0), Qt.AlignmentFlag.AlignCenter, str(page + 1))


class ThumbnailStrip(QListView):
    """Small pictures of all pages, drawn as they come in sight. `page_chosen` carries a number from 1."""

    page_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = _PageModel(self)
        self.pictures = PictureStore(_PICTURE_BYTES, self)
        self._delegate = _PageDelegate(self._pages, self.pictures, theme, self)
        self._following = False
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self.pictures.arrived.connect(self._show_picture)
        self.setModel(self._pages)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Small pages"))
        self.verticalScrollBar().valueChanged.connect(self._ask_soon)
        self.selectionModel().currentChanged.connect(self._choose)

    def set_pages(self, layout: PageLayout, draw: Draw | None) -> None:
        """Show other pages; `draw` makes their pictures."""
        self.pictures.set_source(draw)
        self._following = True
        self._pages.set_layout(layout)
        self._following = False
        self._ask_soon()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def show_current(self, number: int) -> None:
        """Mark a page, counted from 1, and bring it in sight."""
        index = self._pages.index(number - 1, 0)
        if index.isValid() and index != self.currentIndex():
            self._following = True
            self.setCurrentIndex(index)
            self._following = False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.page_chosen.emit(current.row() + 1)

    @Slot()
    def _ask_soon(self) -> None:
        self._ask_timer.start(0)

    @Slot()
    def _ask_for_pictures(self) -> None:
        count = self._pages.rowCount()
        if not self.isVisible() or not count:
            self.pictures.want({})
            return
        first = self.verticalScrollBar().value() // _ROW
        last = (self.verticalScrollBar().value() + self.viewport().height()) // _ROW + 1
        ratio = self.viewport().devicePixelRatioF()
        wanted = range(max(0, first), min(last, count))
        self.pictures.want({page: self._delegate.scale_of(page) * ratio for page in wanted})

    @Slot(int)
    def _show_picture(self, page: int) -> None:
        self.update(self._pages.index(page, 0))

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_soon()
