"""One thing that can be decided: its key, what it is, and in smaller type what that means here."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from annotator.ui.text_positions import display_text
from annotator.ui.theme import Theme

_KEY_PAD = 5
_GAP = 8
_PAD = 3
_MOST_LINES = 6
_TICK = "✓"


class DecideRow(QAbstractButton):
    """Painted rather than built: a click decides, the keyboard does so by the row's key. `pressed_on` is its name."""

    pressed_on = Signal(str)

    def __init__(self, name: str, key: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.key = key
        self._theme = theme
        self._title, self._detail = "", ""
        self._bold = self._chosen = self._hovered = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(self._tell)

    def _tell(self) -> None:
        self.pressed_on.emit(self.name)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def show_choice(
        self, title: str, detail: str = "", *, applies: bool = True, chosen: bool = False, bold: bool = False
    ) -> None:
        """Show what can be decided; grey where it does not apply, ticked where it was decided."""
        self._title, self._detail, self._bold, self._chosen = title, detail, bold, chosen
        self.setEnabled(applies)
        ticked = self.tr("{choice}, decided").format(choice=title) if chosen else title
        self.setAccessibleName(f"{ticked} ({self.key})")
        self.setAccessibleDescription(detail)
        self.updateGeometry()
        self.update()

    @property
    def shown(self) -> tuple[str, str]:
        """Return what the row says."""
        return self._title, self._detail

    @property
    def is_chosen(self) -> bool:
        """Say whether the row is ticked."""
        return self._chosen

    # -- what is drawn

    def _key_font(self) -> QFont:
        font = self._theme.font("body")
        font.setFamilies(["JetBrains Mono", "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", "monospace"])
        font.setPixelSize(12)
        return font

    def _key_width(self) -> int:
        return max(15, QFontMetrics(self._key_font()).horizontalAdvance(self.key) + 2 * _KEY_PAD)

    def _detail_lines(self, width: int) -> QTextLayout:
        layout = QTextLayout(display_text(self._detail), self._theme.font("small"))
        layout.setTextOption(QTextOption())
        y = 0.0
        layout.beginLayout()
        while layout.lineCount() < _MOST_LINES and (line := layout.createLine()).isValid():
            line.setLineWidth(max(40, width))
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        return layout

    def _height(self, width: int) -> int:
        height = QFontMetrics(self._theme.font(bold=self._bold)).height() + 2 * _PAD
        if self._detail:
            layout = self._detail_lines(width - self._left() - _GAP)
            last = layout.lineAt(layout.lineCount() - 1)
            height += round(last.y() + last.height())
        return height

    def _left(self) -> int:
        return self._key_width() + _GAP + 4

    # -- Qt

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._height(width)

    def sizeHint(self) -> QSize:
        return QSize(200, self._height(self.width() or 240))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height(self.width() or 240))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, width = self._theme, self.width()
        applies = self.isEnabled()
        if (self._hovered and applies) or self._chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected_row" if self._chosen else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 0, 0, -1), 5, 5)
        title = theme.font(bold=self._bold)
        height = QFontMetrics(title).height()
        self._paint_key(painter, height, applies=applies)
        painter.setFont(title)
        painter.setPen(theme.color("text" if applies else "border_strong"))
        left = self._left()
        box = QRect(left, _PAD, width - left - (18 if self._chosen else 4), height)
        words = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        if self._chosen:
            painter.setPen(theme.color("success"))
            tick = QRect(width - 18, _PAD, 14, height)
            painter.drawText(tick, Qt.AlignmentFlag.AlignCenter, _TICK)
        if self._detail:
            painter.setPen(theme.color("text_muted" if applies else "border_strong"))
            self._detail_lines(width - left - _GAP).draw(painter, QPointF(left + 2, _PAD + height))
        painter.end()

    def _paint_key(self, painter: QPainter, height: int, *, applies: bool) -> None:
        theme = self._theme
        chip = QRect(4, _PAD, self._key_width(), height)
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(theme.color("selected_row" if not self._chosen else "reading"))
        painter.drawRoundedRect(QRectF(chip), 3, 3)
        painter.setFont(self._key_font())
        painter.setPen(theme.color("text_muted" if applies else "border_strong"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self.key)
