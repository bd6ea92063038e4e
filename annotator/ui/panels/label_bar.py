"""The strip of labels above the text: a click tags, and the selected span's label is outlined."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from annotator.core.records import Label
from annotator.ui.panels.chip_scroll import ChipScroll
from annotator.ui.panels.sight_button import SightButton
from annotator.ui.panels.widgets import dot_icon, plain_label
from annotator.ui.theme import Theme
from annotator.ui.words import ago, label_with_digit, tool_tip

_DOT = 10
_REFRESH_MS = 20_000


class LabelChip(QPushButton):
    """One label: its colour, name and digit."""

    chosen = Signal(str, bool)
    stay_requested = Signal(str)
    note_requested = Signal(str)

    def __init__(self, label: Label, theme: Theme, parent: QWidget) -> None:
        super().__init__("  " + label_with_digit(label).replace("&", "&&"), parent)
        self._label = label
        self._theme = theme
        self._current = False
        self._stays = False
        self.setProperty("role", "chip")
        self.setIconSize(QSize(_DOT, _DOT))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Tag as {label}").format(label=label.name))
        self.setToolTip(tool_tip(label.definition or label.name))
        self.clicked.connect(self._choose)
        stay = QAction(self.tr("Let this label stay on"), self)
        stay.triggered.connect(self._stay)
        self.addAction(stay)
        note = QAction(self.tr("Note on the label…"), self)
        note.triggered.connect(self._note)
        self.addAction(note)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.set_theme(theme)

    @property
    def label(self) -> Label:
        """Return the label of the chip."""
        return self._label

    @property
    def is_current(self) -> bool:
        """Say whether the chip is outlined."""
        return self._current

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        colour = theme.label_color(self._label.light, self._label.dark)
        self.setIcon(dot_icon(colour, _DOT, self))
        self._outline()

    def set_current(self, current: bool) -> None:
        """Say whether the selected span has this label."""
        if current != self._current:
            self._current = current
            self.setAccessibleDescription(self.tr("Label of the selected span") if current else "")
            self._outline()

    def set_staying(self, stays: bool) -> None:
        """Say whether every selection gets this label."""
        if stays != self._stays:
            self._stays = stays
            self._outline()

    def _outline(self) -> None:
        colour = self._theme.label_color(self._label.light, self._label.dark).name()
        edge = f"2px solid {colour}" if self._current else f"1px solid {self._theme.hex('border')}"
        pad = "4px 15px" if self._current else "5px 16px"
        tint = self._theme.label_tint(self._label.light, self._label.dark).name()
        ground = f"background: {tint};" if self._stays else ""
        self.setStyleSheet(
            f"LabelChip {{ border: {edge}; padding: {pad}; border-radius: {self._theme.radius['pill']}px; {ground} }}"
            f"LabelChip:hover, LabelChip:focus {{ border-color: {colour}; }}"
        )

    @Slot()
    def _choose(self) -> None:
        shift = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.chosen.emit(self._label.id, bool(shift))

    @Slot()
    def _note(self) -> None:
        self.note_requested.emit(self._label.id)

    @Slot()
    def _stay(self) -> None:
        self.stay_requested.emit(self._label.id)


class LabelBar(QWidget):
    """All labels in use, and when something was last saved.

    `label_chosen` carries a label's id and whether Shift was held, for a second label; `stay_requested`, the id alone,
    says that every selection shall get it.
    """

    label_chosen = Signal(str, bool)
    stay_requested = Signal(str)

    note_requested = Signal(str)
    """A label's id."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: list[LabelChip] = []
        self._since = QElapsedTimer()
        self.setProperty("bar", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Labels"))
        self._scroll = ChipScroll(self)
        self.sight = SightButton(self)
        self._staying = plain_label("", self, scale="small")
        self._staying.hide()
        self._stays: str | None = None
        self._saved = plain_label("", self, muted=True, scale="small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 9, 18, 9)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.sight)
        layout.addWidget(self._staying)
        layout.addWidget(self._saved)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._show_saved)
        self._timer.start(_REFRESH_MS)

    @property
    def chips(self) -> tuple[LabelChip, ...]:
        """Return the chips in their order."""
        return tuple(self._chips)

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Show these labels; retired ones are left out."""
        for chip in self._chips:
            self._scroll.flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [LabelChip(label, self._theme, self._scroll.holder) for label in labels if not label.retired]
        for chip in self._chips:
            chip.chosen.connect(self.label_chosen)
            chip.note_requested.connect(self.note_requested)
            chip.stay_requested.connect(self.stay_requested)
            chip.set_staying(chip.label.id == self._stays)
            self._scroll.flow.addWidget(chip)
            chip.show()
        self._scroll.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        for chip in self._chips:
            chip.set_theme(theme)

    def set_current(self, label: str | None) -> None:
        """Outline the label with this id."""
        for chip in self._chips:
            chip.set_current(chip.label.id == label)
            if chip.is_current:
                self._scroll.ensureWidgetVisible(chip, 0, 0)

    @property
    def staying(self) -> str | None:
        """Return the id of the label that every selection gets, or None."""
        return self._stays

    def set_staying(self, label: str | None) -> None:
        """Show which label every selection gets, or none."""
        self._stays = label
        for chip in self._chips:
            chip.set_staying(chip.label.id == label)
        self._staying.setText(self.tr("Stays on · Esc ends it"))
        self._staying.setVisible(label is not None)

    def set_writable(self, writable: bool) -> None:
        """Say whether the chips tag."""
        for chip in self._chips:
            chip.setEnabled(writable)
        self._saved.setVisible(writable)

    @Slot()
    def mark_saved(self) -> None:
        """Say that something was saved just now."""
        self._since.start()
        self._show_saved()

    def clear_saved(self) -> None:
        """Say only that everything is saved."""
        self._since.invalidate()
        self._show_saved()

    @Slot()
    def _show_saved(self) -> None:
        short = self.tr("Saved")
        words = (
            self.tr("Saved · {time}").format(time=ago(self._since.elapsed() / 1000)) if self._since.isValid() else short
        )
        self._saved.setText(words if self._has_room_for(words) else short)
        self._saved.setToolTip(words)

    def _has_room_for(self, saved: str) -> bool:
        """Say whether the chips stay on one line beside these words: a line more would move the text."""
        width = self._saved.fontMetrics().horizontalAdvance(saved) + 2
        return self._scroll.line_width() + width <= self._scroll.width() + self._saved.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_saved()
