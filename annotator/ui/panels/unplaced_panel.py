"""The spans of an earlier version that wait for a place: where they stood, where they may stand now, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from annotator.core.anchors import CONTEXT, Anchor, Place
from annotator.core.records import Label
from annotator.ui.dialogs.parts import label_icon
from annotator.ui.dialogs.rows import TwoLineDelegate, row_item
from annotator.ui.dialogs.text_direction import is_right_to_left
from annotator.ui.panels.widgets import flat_button, heading, plain_label
from annotator.ui.text_positions import BlockPositions, display_text
from annotator.ui.theme import Theme
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.words import grouped, one_line

if TYPE_CHECKING:
    from annotator.session.unplaced import UnplacedSpan

_QUOTE = 600
"""Code points of an old quote that are shown."""

_LINE = 160
_SPANS_SHARE, _CANDIDATES_SHARE = 3, 2


class UnplacedList(QListWidget):
    """Spans to go through with the keys: a digit, Enter, and Delete or Backspace act on the current one."""

    digit_pressed = Signal(int)
    accepted = Signal()
    dismissed = Signal()

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match single_key(event):
            case (KeyCommand.DIGIT, digit) if digit:
                self.digit_pressed.emit(digit)
            case (KeyCommand.ENTER, _):
                self.accepted.emit()
            case (KeyCommand.DELETE, _):
                self.dismissed.emit()
            case _:
                super().keyPressEvent(event)


class OldContext(QWidget):
    """A quote in the text around it, the quote on the tint of its label."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._anchor: Anchor | None = None
        self._label: Label | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def show_anchor(self, anchor: Anchor | None, label: Label | None) -> None:
        """Show a quote as it stood, or nothing."""
        self._anchor, self._label = anchor, label
        self.setAccessibleName(anchor.prefix + anchor.quote + anchor.suffix if anchor else "")
        self.updateGeometry()
        self.update()

    def _layout(self, width: int) -> QTextLayout:
        anchor = self._anchor or Anchor("", "", "", 0)
        quote = anchor.quote if len(anchor.quote) <= _QUOTE else anchor.quote[: _QUOTE - 1] + "…"
        before, after = _whole_words(anchor)
        text = display_text(f"{before}{quote}{after}".replace("\n", " "))
        font = self._theme.reading_font()
        font.setPixelSize(13)
        layout = QTextLayout(text, font)
        option = QTextOption(Qt.AlignmentFlag.AlignRight if is_right_to_left(text) else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._format(text, len(before), len(before) + len(quote))])
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(40, width))
            line.setPosition(QPointF(0, top))
            top += line.height() * 1.05
        layout.endLayout()
        return layout

    def _format(self, text: str, start: int, end: int) -> QTextLayout.FormatRange:
        positions = BlockPositions(text, 0)
        look = QTextCharFormat()
        look.setForeground(self._theme.color("text"))
        if self._label is not None:
            look.setBackground(self._theme.label_tint(self._label.light, self._label.dark, "window"))
        piece = QTextLayout.FormatRange()
        piece.start = positions.to_units(start)  # type: ignore[attr-defined]
        piece.length = positions.to_units(end) - positions.to_units(start)  # type: ignore[attr-defined]
        piece.format = look  # type: ignore[attr-defined]
        return piece

    # -- Qt

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self._layout(width)
        last = layout.lineAt(layout.lineCount() - 1)
        return round(last.y() + last.height()) + 4

    def sizeHint(self) -> QSize:
        width = self.width() or 240
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color("text_muted"))
        self._layout(self.width()).draw(painter, QPointF(0, 0))
        painter.end()


def _whole_words(anchor: Anchor) -> tuple[str, str]:
    """Return what stands before and after a quote, without a word that was cut."""
    before, after = anchor.prefix, anchor.suffix
    if len(before) == CONTEXT:
        before = "… " + before.partition(" ")[2]
    if len(after) == CONTEXT:
        after = after.rpartition(" ")[0] + " …"
    return before, after


class UnplacedPanel(QWidget):
    """Shows what waits. `place_wanted` and `dismiss_wanted` carry an annotation's id, `shown` a Place or None.

    `close_requested` comes when there is nothing more to do here.
    """

    shown = Signal(object)
    place_wanted = Signal(str)
    dismiss_wanted = Signal(str)
    close_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spans: list[UnplacedSpan] = []
        self._labels: Mapping[str, Label] = {}
        self._text = ""
        self._writable = True
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = UnplacedList(self)
        self.list.setItemDelegate(TwoLineDelegate(self.list, bold=False))
        self.list.setAccessibleName(self.tr("Spans without a place"))
        self.list.currentRowChanged.connect(self._show_current)
        self.list.digit_pressed.connect(self.choose)
        self.list.accepted.connect(self.place)
        self.list.dismissed.connect(self.dismiss)
        self.candidates = QListWidget(self)
        self.candidates.setItemDelegate(TwoLineDelegate(self.candidates, bold=False, wrap=True))
        self.candidates.setAccessibleName(self.tr("Where it may stand now"))
        self.candidates.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.candidates.currentRowChanged.connect(self._tell_candidate)
        for view in (self.list, self.candidates):
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.context = OldContext(theme, self)
        self.note = plain_label("", self, muted=True)
        self._state = plain_label("", self, muted=True)
        self._hint = plain_label(
            self.tr(
                "1–9 shows a place, Enter puts the span there or at the text that you select, Delete dismisses it."
            ),
            self,
            muted=True,
            scale="small",
        )
        for label in (self.note, self._state, self._hint):
            label.setWordWrap(True)
        self.place_button = QPushButton(self.tr("Place it here"), self)
        self.place_button.clicked.connect(self.place)
        self.dismiss_button = QPushButton(self.tr("Dismiss"), self)
        self.dismiss_button.clicked.connect(self.dismiss)
        self._build()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.context.set_theme(theme)
        self._fill()

    def set_writable(self, writable: bool) -> None:
        """Say whether spans can be placed."""
        self._writable = writable
        self._show_current()

    def _build(self) -> None:
        close = flat_button("✕", self.tr("Close the unplaced spans"), self)
        close.clicked.connect(self.close_requested)
        top = QHBoxLayout()
        top.addWidget(heading(self.tr("Unplaced spans"), self))
        top.addStretch(1)
        top.addWidget(close)
        buttons = QHBoxLayout()
        buttons.addWidget(self.place_button, 1)
        buttons.addWidget(self.dismiss_button)
        self._earlier = heading(self.tr("In the earlier version"), self)
        self._now = heading(self.tr("It may stand here"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._state)
        layout.addWidget(self.list, _SPANS_SHARE)
        for widget in (self._earlier, self.context, self.note, self._now):
            layout.addWidget(widget)
        layout.addWidget(self.candidates, _CANDIDATES_SHARE)
        layout.addWidget(self._hint)
        layout.addLayout(buttons)

    def show_waiting(self) -> None:
        """Say that the places are being looked for."""
        self._spans = []
        self._fill()
        self._state.setText(self.tr("Looking for the places…"))

    def show_spans(self, spans: Sequence[UnplacedSpan], text: str, labels: Mapping[str, Label]) -> None:
        """Show what waits for a place in a text; the row that was current stays about where it was."""
        self._spans, self._text, self._labels = list(spans), text, labels
        self._fill()

    def spans(self) -> list[UnplacedSpan]:
        """Return what waits."""
        return list(self._spans)

    def current(self) -> UnplacedSpan | None:
        """Return the span that is being placed."""
        row = self.list.currentRow()
        return self._spans[row] if 0 <= row < len(self._spans) else None

    def candidate(self) -> Place | None:
        """Return the place that is chosen."""
        span, row = self.current(), self.candidates.currentRow()
        return span.candidates[row] if span is not None and 0 <= row < len(span.candidates) else None

    def _fill(self) -> None:
        row = max(0, self.list.currentRow())
        self.list.blockSignals(True)
        self.list.clear()
        for span in self._spans:
            label = self._labels.get(span.annotation.label)
            places = len(span.candidates)
            found = self.tr("1 place found") if places == 1 else self.tr("{count} places found")
            detail = found.format(count=places) if places else self.tr("nothing like it found")
            icon = label_icon(label, self) if label else None
            name = label.name if label else ""
            item = row_item(one_line(span.anchor.quote, _LINE), f"{name} · {detail}", key=span.annotation.id, icon=icon)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(self._spans) - 1))
        self.list.blockSignals(False)
        count = len(self._spans)
        one, several = self.tr("1 span waits for a place."), self.tr("{count} spans wait for a place.")
        self._state.setText(
            one if count == 1 else several.format(count=grouped(count)) if count else self.tr("All done.")
        )
        self._show_current()

    @Slot()
    def _show_current(self) -> None:
        span = self.current()
        there = span is not None
        label = self._labels.get(span.annotation.label) if span else None
        self.context.show_anchor(span.anchor if span else None, label)
        self.note.setText(self.tr("Note: {note}").format(note=one_line(span.note, 300)) if span and span.note else "")
        self.note.setVisible(bool(self.note.text()))
        for widget in (self._earlier, self.context, self._now, self.candidates, self._hint, self.list):
            widget.setVisible(there)
        for button in (self.place_button, self.dismiss_button):
            button.setEnabled(there and self._writable)
            button.setVisible(there)
        self._fill_candidates(span)

    def _fill_candidates(self, span: UnplacedSpan | None) -> None:
        self.candidates.blockSignals(True)
        self.candidates.clear()
        for number, place in enumerate(span.candidates if span else (), 1):
            self.candidates.addItem(self._candidate_item(number, place))
        if span is not None and not span.candidates:
            nothing = QListWidgetItem(self.tr("Nothing like it. Select its text, or dismiss it."))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.candidates.addItem(row_item(nothing.text(), "", faint=True))
        self.candidates.setCurrentRow(0 if span and span.candidates else -1)
        self.candidates.blockSignals(False)
        self._tell_candidate()

    def _candidate_item(self, number: int, place: Place) -> QListWidgetItem:
        quote = " … ".join(self._text[start:end] for start, end in place.fragments)
        share = self.tr("{share} % alike").format(share=round(100 * place.score))
        return row_item(f"{number}   {share}", one_line(quote, 2 * _LINE))

    @Slot()
    def _tell_candidate(self) -> None:
        self.shown.emit(self.candidate())

    @Slot(int)
    def choose(self, number: int) -> None:
        """Choose a place by its number."""
        span = self.current()
        if span is not None and number <= len(span.candidates):
            self.candidates.setCurrentRow(number - 1)
            self._tell_candidate()

    @Slot()
    def place(self) -> None:
        """Ask for the current span to be placed."""
        span = self.current()
        if span is not None and self._writable:
            self.place_wanted.emit(span.annotation.id)

    @Slot()
    def dismiss(self) -> None:
        """Ask for the current span to be dismissed."""
        span = self.current()
        if span is not None and self._writable:
            self.dismiss_wanted.emit(span.annotation.id)
