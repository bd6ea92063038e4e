"""What the window shows without a project: three ways to begin, and the projects of the last days."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDate, QEvent, QLocale, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.dialogs.new_project import SUFFIX
from annotator.ui.dialogs.parts import plain_label
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.icons import icon, program_pixmap
from annotator.ui.panels.widgets import heading
from annotator.ui.theme import Theme, load_theme
from annotator.ui.words import ago

COLUMN = 720
"""Pixels that the page's column is wide at most."""

CARD_HEIGHT = 104
DAY = 24 * 60 * 60


class ActionCard(QPushButton):
    """A large button: an icon, what it does, and a line on when to take it."""

    def __init__(self, role: str, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role = role
        self.setMinimumHeight(CARD_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        self.picture = QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(2)
        layout.addWidget(self.picture)
        layout.addSpacing(4)
        layout.addWidget(plain_label(title, scale="large"))
        layout.addWidget(plain_label(about, muted=True, wrap=True, scale="small"))
        layout.addStretch(1)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icon in the theme's colour."""
        self.picture.setPixmap(icon(self.role, theme, "accent").pixmap(QSize(22, 22), self.devicePixelRatioF()))

    def sizeHint(self) -> QSize:
        return QSize(200, CARD_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)


class RecentList(QListWidget):
    """The recent projects; Enter or a click chooses one."""

    chosen = Signal(QListWidgetItem)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(TwoLineDelegate(self, Qt.TextElideMode.ElideMiddle))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Recent projects"))
        self.itemClicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.chosen.emit(self.currentItem())
        else:
            super().keyPressEvent(event)


class StartPage(QWidget):
    """Asks for projects and opens none itself.

    A project file that is dropped comes as `project_chosen`, everything else that is dropped as `files_dropped`.
    """

    new_requested = Signal()
    open_requested = Signal()
    sample_requested = Signal()
    project_chosen = Signal(str)
    files_dropped = Signal(list)

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme or load_theme("light")
        self._dragging = False
        self._paths: list[str] = []
        self.setAcceptDrops(True)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(2)
        column.addLayout(self._head())
        column.addSpacing(18)
        column.addLayout(self._cards())
        column.addSpacing(22)
        column.addLayout(self._recent_head())
        column.addWidget(self._recent_area(), 6)
        column.addStretch(1)
        holder = QWidget()
        holder.setLayout(column)
        holder.setMaximumWidth(COLUMN)
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 24, 32, 20)
        row.addStretch(1)
        row.addWidget(holder, 100)
        row.addStretch(1)
        self.setAccessibleName(self.tr("Start page"))
        self.set_theme(self._theme)

    def _head(self) -> QHBoxLayout:
        self._picture = QLabel()
        self._picture.setAccessibleName(self.tr("Icon of the program"))
        name = plain_label(self.tr("Annotator"), scale="title")
        font = self._theme.font("title", bold=True)
        font.setPixelSize(26)
        name.setFont(font)
        name.setStyleSheet("font-size: 26px;")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(plain_label(self.tr("Tag political text and export it as a verified dataset."), muted=True))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._picture)
        head.addLayout(words, 1)
        return head

    def _cards(self) -> QHBoxLayout:
        self.new_card = ActionCard("new", self.tr("New project"), self.tr("Begin with an empty file and a codebook"))
        self.open_card = ActionCard("open", self.tr("Open…"), self.tr("Go on with a project on this computer"))
        self.sample_card = ActionCard(
            "sample", self.tr("Sample project"), self.tr("Three tagged texts to try things on")
        )
        self.new_card.clicked.connect(self.new_requested)
        self.open_card.clicked.connect(self.open_requested)
        self.sample_card.clicked.connect(self.sample_requested)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for card in (self.new_card, self.open_card, self.sample_card):
            cards.addWidget(card, 1)
        return cards

    def _recent_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("Recent projects")))
        head.addStretch(1)
        head.addWidget(plain_label(self.tr("Drop a project file here to open it"), muted=True, scale="small"))
        return head

    def _recent_area(self) -> QStackedWidget:
        self.recent = RecentList()
        self.recent.chosen.connect(self._choose)
        self._empty = plain_label(self.tr("Projects that you open are listed here."), muted=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(0, 6, 0, 0)
        self._area = QStackedWidget()
        self._area.addWidget(self._empty)
        self._area.addWidget(self.recent)
        self._area.setMinimumHeight(120)
        return self._area

    def set_recent(self, paths: Sequence[str]) -> None:
        """List these projects, the latest first; those that are gone are greyed and cannot be opened."""
        self._paths = list(paths)
        self._list_recent()

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of a theme."""
        self._theme = theme
        self._picture.setPixmap(program_pixmap(56, self))
        for card in (self.new_card, self.open_card, self.sample_card):
            card.set_theme(theme)
        self._list_recent()

    def _list_recent(self) -> None:
        row = self.recent.currentRow()
        self.recent.clear()
        for path in self._paths:
            self.recent.addItem(self._item(Path(path)))
        self._area.setCurrentWidget(self.recent if self._paths else self._empty)
        if self._paths:
            self.recent.setCurrentRow(min(max(row, 0), len(self._paths) - 1))

    def _item(self, path: Path) -> QListWidgetItem:
        changed = _last_change(path)
        remark = self.tr("not found") if changed is None else _when(changed)
        picture = icon("project", self._theme, "text_faint" if changed is None else "text_muted")
        key = str(path) if changed is not None else ""
        return row_item(path.stem, str(path.parent), remark, key=key, icon=picture, faint=changed is None)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        path = item.data(Qt.ItemDataRole.UserRole)
        if path:
            self.project_chosen.emit(path)

    def _set_dragging(self, dragging: bool) -> None:
        self._dragging = dragging
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list_recent()
        (self.recent if self._paths else self.new_card).setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isVisible() and self.isActiveWindow():
            self._list_recent()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_files(event):
            event.acceptProposedAction()
            self._set_dragging(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_dragging(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_dragging(False)
        files = _local_files(event)
        event.acceptProposedAction()
        if len(files) == 1 and files[0].endswith(SUFFIX):
            self.project_chosen.emit(files[0])
        elif files:
            self.files_dropped.emit(files)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._dragging:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(9, 9, -9, -9), 8, 8)
            painter.end()


def _local_files(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]


def _last_change(path: Path) -> float | None:
    """Return when a project or its write-ahead log changed last, in seconds since 1970; None where it is gone."""
    try:
        changed = path.stat().st_mtime
    except OSError:
        return None
    try:
        return max(changed, path.with_name(f"{path.name}-wal").stat().st_mtime)
    except OSError:
        return changed


def _when(changed: float) -> str:
    passed = max(0.0, time.time() - changed)
    if passed < DAY:
        return ago(passed)
    day = QDate.fromString(time.strftime("%Y-%m-%d", time.localtime(changed)), Qt.DateFormat.ISODate)
    return QLocale().toString(day, QLocale.FormatType.ShortFormat)
