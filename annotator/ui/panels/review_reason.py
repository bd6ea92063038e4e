"""Why something was decided: a field for the case just decided, recent reasons, and what becomes a precedent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.ui.dialogs.check_sign import SIZE, paint_check
from annotator.ui.panels.widgets import FlowLayout, heading, plain_label
from annotator.ui.words import one_line, tool_tip

_MOST_REASONS = 6
_ROW = 24
_BOX_GAP = 7
_LONGEST = 24
"""Characters of a label's name at most, so that it fits the column."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

LabelName = tuple[str, str]
"""A label's id and its name."""


class _ReasonLine(QLineEdit):
    """`entered` and `left` say how it was left, `stepped` that the reasons below are wanted."""

    entered = Signal()
    left = Signal()
    stepped = Signal()
    focused = Signal(bool)

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in _ENTER:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.stepped.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)


class _RecentReasons(QListWidget):
    """The reasons given last. `left` asks for the line above again, `picked` carries one."""

    picked = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Recent reasons"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setStyleSheet("QListWidget::item { padding: 2px 6px; }")
        self.itemClicked.connect(self._pick)

    def show_reasons(self, reasons: Sequence[str]) -> None:
        """Show reasons, the newest first."""
        self.clear()
        for reason in reasons[:_MOST_REASONS]:
            item = QListWidgetItem(" ".join(reason.split()))
            item.setData(Qt.ItemDataRole.UserRole, reason)
            item.setToolTip(tool_tip(reason))
            self.addItem(item)
        self.setFixedHeight(_ROW * self.count() + 2)

    @Slot(QListWidgetItem)
    def _pick(self, item: QListWidgetItem) -> None:
        self.picked.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in _ENTER and item is not None:
            self._pick(item)
        elif event.key() == Qt.Key.Key_Escape or (event.key() == Qt.Key.Key_Up and self.currentRow() <= 0):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _PrecedentBox(QCheckBox):
    """A check box with an edge; that of the style has none on this ground."""

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = QRectF(0, (self.height() - SIZE) / 2, SIZE, SIZE)
        paint_check(painter, self.window().palette(), place, checked=self.isChecked(), enabled=self.isEnabled())
        role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.WindowText
        painter.setPen(self.palette().color(role))
        box = self.rect().adjusted(SIZE + _BOX_GAP, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic, self.text())
        painter.end()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(SIZE + _BOX_GAP + words + 4, max(SIZE, self.fontMetrics().height()) + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ReasonField(QWidget):
    """`given` carries a decision's id and the reason, `kept` its id and the id of a label or None.

    `left` says that the text gets the keyboard back.
    """

    given = Signal(str, str)
    kept = Signal(str, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decision = ""
        self._stored = ""
        self._writable = True
        self._boxes: list[QCheckBox] = []
        self._about = plain_label("", self, muted=True, scale="small")
        self._about.setWordWrap(True)
        self.line = _ReasonLine(self)
        self.line.setAccessibleName(self.tr("Reason"))
        self.line.entered.connect(self._enter)
        self.line.left.connect(self._leave)
        self.line.stepped.connect(self._step)
        self.line.focused.connect(self._show_recent)
        self.recent = _RecentReasons(self)
        self.recent.picked.connect(self._take)
        self.recent.left.connect(self.line.setFocus)
        self.recent.installEventFilter(self)
        self.recent.hide()
        self._keep_words = plain_label(self.tr("Keep as a precedent under:"), self, muted=True, scale="small")
        self._precedents = FlowLayout(gap=10)
        self._precedents.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(heading(self.tr("Reason  ·  Ctrl+R"), self))
        for part in (self._about, self.line, self.recent):
            column.addWidget(part)
        column.addWidget(self._keep_words)
        column.addLayout(self._precedents)
        self.show_decision("", "", "", (), None)

    def set_writable(self, writable: bool) -> None:
        """Say whether reasons can be given."""
        self._writable = writable
        self.line.setEnabled(writable and bool(self._decision))

    def set_recent(self, reasons: Sequence[str]) -> None:
        """Set the reasons given last, the newest first."""
        self.recent.show_reasons(reasons)

    def show_decision(
        self, decision: str, words: str, reason: str, labels: Sequence[LabelName], precedent: str | None
    ) -> None:
        """Ask for the reason of a decision; without one there is nothing to say yet."""
        if decision != self._decision:
            self.commit()
        self._decision = decision
        typing = self.line.hasFocus() and self.line.text() != self._stored
        if not typing:
            self.line.setText(reason)
        self._stored = reason
        self._about.setText(words)
        self._about.setVisible(bool(words))
        self.line.setEnabled(self._writable and bool(decision))
        self.line.setPlaceholderText(self.tr("Why?") if decision else self.tr("Decide a case first"))
        self._show_precedents(labels if decision else (), precedent)

    def take_focus(self) -> bool:
        """Let somebody type the reason; say whether there is anything to explain."""
        if not self.line.isEnabled():
            return False
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        return True

    def commit(self) -> None:
        """Tell what was typed, if it differs from what is stored."""
        text = self.line.text().strip()
        if self._decision and text != self._stored:
            self._stored = text
            self.given.emit(self._decision, text)

    def precedent_boxes(self) -> list[QCheckBox]:
        """Return the boxes that keep the decision under a label."""
        return list(self._boxes)

    def _show_precedents(self, labels: Sequence[LabelName], kept: str | None) -> None:
        wanted = [identity for identity, _ in labels]
        if wanted != [box.objectName() for box in self._boxes]:
            for box in self._boxes:
                self._precedents.removeWidget(box)
                box.hide()
                box.deleteLater()
            self._boxes = [self._box(identity, name) for identity, name in labels]
        self._keep_words.setVisible(bool(labels))
        for box in self._boxes:
            box.blockSignals(True)
            box.setChecked(box.objectName() == kept)
            box.setEnabled(self._writable)
            box.blockSignals(False)

    def _box(self, identity: str, name: str) -> QCheckBox:
        words = self.tr("Keep as a precedent under “{label}”").format(label=name)
        box = _PrecedentBox(one_line(name, _LONGEST).replace("&", "&&"), self)
        box.setObjectName(identity)
        box.setToolTip(tool_tip(words))
        box.setAccessibleName(words)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.toggled.connect(self._keep)
        self._precedents.addWidget(box)
        box.show()
        return box

    @Slot(bool)
    def _keep(self, kept: bool) -> None:
        box = self.sender()
        if box is not None:
            self.kept.emit(self._decision, box.objectName() if kept else None)

    @Slot()
    def _enter(self) -> None:
        self.commit()
        self.left.emit()

    @Slot()
    def _leave(self) -> None:
        self.line.setText(self._stored)
        self.left.emit()

    @Slot()
    def _step(self) -> None:
        if self.recent.count():
            self.recent.setCurrentRow(0)
            self.recent.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _take(self, reason: str) -> None:
        self.line.setText(reason)
        self._enter()

    @Slot(bool)
    def _show_recent(self, focused: bool) -> None:
        if focused:
            self.recent.setVisible(self.recent.count() > 0)
        elif not self.recent.hasFocus() and not self.recent.underMouse():
            self.recent.hide()
            self.commit()

    # -- Qt

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.recent and event.type() == QEvent.Type.FocusOut and not self.line.hasFocus():
            self.recent.hide()
        return False
