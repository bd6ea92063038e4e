"""The list of people: a dot of each one's colour, the role, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.core.person_colours import person_colours
from annotator.core.records import Annotator
from annotator.ui.dialogs.team.progress_bar import HEIGHT, paint_bar, progress_text
from annotator.ui.theme import Theme
from annotator.ui.words import tool_tip, tr

if TYPE_CHECKING:
    from annotator.session.work_lists import PersonProgress

ROW = Qt.ItemDataRole.UserRole + 1
REMARK = Qt.ItemDataRole.UserRole + 2
DETAIL = Qt.ItemDataRole.UserRole + 3
_PAD = 10
_DOT = 10


def role_name(role: str) -> str:
    """Return what a role is called."""
    return tr("Lead") if role == "lead" else tr("Analyst")


def person_color(annotator: Annotator, theme: Theme) -> QColor:
    """Return a person's colour in a theme."""
    return theme.label_color(*person_colours(annotator))


class PersonDelegate(QStyledItemDelegate):
    """Paints the name with the role at the right, the bar, and the numbers."""

    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        name, small = (QFontMetrics(self._theme.font(size)) for size in ("body", "small"))
        bar = HEIGHT + 5 if index.data(ROW) is not None else 0
        detail = 3 + small.height() if index.data(DETAIL) else 0
        return QSize(160, 2 * _PAD + name.height() + bar + detail)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        ground = QStyleOptionViewItem(option)
        ground.showDecorationSelected = True
        style = self._view.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, ground, painter, self._view)
        row: PersonProgress | None = index.data(ROW)
        area: QRect = ground.rect.adjusted(_PAD, _PAD - 1, -_PAD, -_PAD)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self._paint_name(painter, index, area)
        left = area.left() + _DOT + 8
        if row is not None:
            paint_bar(painter, QRectF(left, top + 4, area.right() - left, HEIGHT), row, self._theme)
            top += HEIGHT + 5
        small = self._theme.font("small")
        painter.setFont(small)
        painter.setPen(self._theme.color("text_muted"))
        lines = QFontMetrics(small)
        place = QRect(left, top + 3, area.right() - left, lines.height())
        detail = lines.elidedText(str(index.data(DETAIL)), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), detail)
        painter.restore()

    def _paint_name(self, painter: QPainter, index: QModelIndex | QPersistentModelIndex, area: QRect) -> int:
        bold, small = self._theme.font(bold=True), self._theme.font("small")
        lines = QFontMetrics(bold)
        remark = str(index.data(REMARK))
        width = QFontMetrics(small).horizontalAdvance(remark)
        line = QRect(area.left(), area.top(), area.width(), lines.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(index.data(Qt.ItemDataRole.DecorationRole)))
        painter.drawEllipse(QPointF(line.left() + _DOT / 2, line.center().y() + 0.5), _DOT / 2, _DOT / 2)
        painter.setFont(small)
        painter.setPen(self._theme.color("text_muted"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), remark)
        line.setLeft(line.left() + _DOT + 8)
        line.setRight(line.right() - width - 8)
        painter.setFont(bold)
        painter.setPen(self._theme.color("text"))
        name = lines.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        return line.bottom() + 1


class PeopleList(QListWidget):
    """`chosen` carries the id of the person who is current, or nothing."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setItemDelegate(PersonDelegate(theme, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("People"))
        self.currentItemChanged.connect(self._tell)

    def set_people(
        self, everybody: tuple[Annotator, ...], progress: tuple[PersonProgress, ...], own: str, *, spans: bool
    ) -> None:
        """Show everybody; who was joined to somebody comes beneath them."""
        current = self.current_person()
        by_id = {row.annotator.id: row for row in progress}
        self.blockSignals(True)
        self.clear()
        for one in sorted((one for one in everybody if one.same_as is None), key=_by_name):
            self._add(one, by_id.get(one.id), own, spans=spans)
            for other in sorted((other for other in everybody if other.same_as == one.id), key=_by_name):
                self._add(other, None, own, spans=spans, whose=one.name)
        known = {one.id for one in everybody}
        for one in everybody:
            if not self._items_of(one.id) and one.id in known:
                self._add(one, None, own, spans=spans, whose="…")
        self.choose(current if self._items_of(current) else own)
        self.blockSignals(False)
        self._tell()

    def _add(self, one: Annotator, row: PersonProgress | None, own: str, *, spans: bool, whose: str = "") -> None:
        item = QListWidgetItem(one.name)
        remark = role_name(one.role) + (f" · {self.tr('you')}" if one.id == own else "")
        detail = progress_text(row, spans=spans) if row else ""
        if whose:
            remark, detail = "", self.tr("The same person as {name}").format(name=whose)
        item.setData(Qt.ItemDataRole.UserRole, one.id)
        item.setData(ROW, row)
        item.setData(REMARK, remark)
        item.setData(DETAIL, detail)
        item.setData(Qt.ItemDataRole.DecorationRole, person_color(one, self._theme))
        item.setToolTip(tool_tip("\n".join(part for part in (one.name, detail) if part)))
        spoken = [part for part in (one.name, remark, detail) if part]
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ". ".join(spoken))
        self.addItem(item)

    def _items_of(self, person: str) -> list[QListWidgetItem]:
        items = [self.item(row) for row in range(self.count())]
        return [item for item in items if item.data(Qt.ItemDataRole.UserRole) == person]

    def choose(self, person: str) -> None:
        """Make somebody current."""
        for item in self._items_of(person):
            self.setCurrentItem(item)

    def current_person(self) -> str:
        """Return the id of who is current, or nothing."""
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _tell(self) -> None:
        self.chosen.emit(self.current_person())


def _by_name(annotator: Annotator) -> tuple[str, str]:
    return annotator.name.casefold(), annotator.id
