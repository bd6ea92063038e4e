"""The strip under the text in which the other end of a relation is chosen; the text can be clicked meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from annotator.core.records import RelationType
from annotator.ui.dialogs.parts import ElidedLabel
from annotator.ui.panels.widgets import FlowLayout, flat_button, plain_label, restyle
from annotator.ui.views.reading_keys import KeyCommand, single_key
from annotator.ui.words import grouped, one_line, quoted, tool_tip

_QUOTE = 160
_FIELD = 210
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Backtab: -1}
_SIDEWAYS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True, eq=False)
class RelationEnd:
    """A span that may be the other end: how far away it is in characters, and what may lead to it."""

    span: str
    label: str
    distance: int
    types: tuple[RelationType, ...]


class RelateStrip(QWidget):
    """Goes through the spans that may be the other end, the nearest first proposed, and then asks for the relation.

    `proposed` carries the span that Enter would take, or None; `chosen` the relation type's key and the span.
    """

    proposed = Signal(object)
    chosen = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ends: Sequence[RelationEnd] = ()
        self._shown: list[RelationEnd] = []
        self._current: RelationEnd | None = None
        self._quote: Callable[[str], str] = str
        self._haystacks: list[str] = []
        self._types: list[QPushButton] = []
        self.setProperty("bar", "float")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Relate to another span"))
        self._build()
        self.hide()

    def _build(self) -> None:
        self._title = ElidedLabel()
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Click, Tab, or type to search"))
        self.field.setAccessibleName(self.tr("Search spans"))
        self.field.setMinimumWidth(_FIELD)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.count = plain_label("", self, muted=True, scale="small")
        close = flat_button("✕", self.tr("Cancel (Esc)"), self)
        close.clicked.connect(self.hide)
        self._found = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.problem = plain_label("", self, state="error")
        self.problem.setWordWrap(True)
        self.relate_button = QPushButton(self)
        self.relate_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.relate_button.clicked.connect(self.take)
        self._type_row = FlowLayout(gap=6)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._title, 1)
        for widget in (self.field, self.count, close):
            top.addWidget(widget)
        below.addWidget(self._found, 1)
        below.addWidget(self.problem, 1)
        below.addWidget(self.relate_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 7, 10, 8)
        layout.setSpacing(5)
        layout.addLayout(top)
        layout.addLayout(below)
        layout.addLayout(self._type_row)

    # -- the ends

    def open_for(self, words: str, ends: Sequence[RelationEnd], quote: Callable[[str], str]) -> None:
        """Ask for the other end of a relation of the span with these words.

        Args:
            words: the text of the span from which it leads.
            ends: what may be chosen, in the order of the text; at least one.
            quote: returns the text of a span by id.
        """
        self._title.set_full_text(self.tr("Relate {span} to:").format(span=quoted(words, _QUOTE)))
        self._ends, self._quote, self._haystacks = ends, quote, []
        self._ask_for_type(())
        self.field.clear()
        self._search("")
        self.show()
        self.take_focus()

    @Slot()
    def take_focus(self) -> None:
        """Let the strip have the keys."""
        (self if self._types else self.field).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def current_span(self) -> str | None:
        """Return the span that is proposed."""
        return self._current.span if self._current else None

    def pick(self, span: str) -> bool:
        """Take a span that was clicked, if it may be the other end; say whether it may."""
        end = next((end for end in self._ends if end.span == span), None)
        if end is not None:
            self._propose(end)
            self.take()
        return end is not None

    def show_problem(self, text: str) -> None:
        """Say in the strip why something cannot be chosen; an empty text takes it back."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self._found.setVisible(not text)

    @Slot(str)
    def _search(self, text: str) -> None:
        words = text.casefold().split()
        if words and not self._haystacks:
            self._haystacks = [f"{end.label} {self._quote(end.span)}".casefold() for end in self._ends]
        self._shown = list(self._ends)
        if words:
            pairs = zip(self._ends, self._haystacks, strict=True)
            self._shown = [end for end, held in pairs if all(word in held for word in words)]
        kept = self._current if words and self._current in self._shown else None
        self._propose(kept or min(self._shown, key=_distance, default=None))

    def _step(self, step: int) -> None:
        if self._shown:
            here = self._shown.index(self._current) if self._current in self._shown else -1
            self._propose(self._shown[(here + step) % len(self._shown)])

    def _propose(self, end: RelationEnd | None) -> None:
        self._current = end
        self._ask_for_type(())
        self.show_problem("")
        nothing = end is None
        self.field.setProperty("state", "error" if nothing else "")
        restyle(self.field)
        if end is None:
            self._found.set_full_text(self.tr("No possible span has these words."))
            self.count.clear()
        else:
            self._found.set_full_text(f"{end.label}  {quoted(self._quote(end.span), _QUOTE)}")
            self.field.setAccessibleDescription(self._found.accessibleName())
            place = self._shown.index(end) + 1 if end in self._shown else 1
            words = self.tr("{place} of {total}")
            self.count.setText(words.format(place=grouped(place), total=grouped(len(self._shown))))
        self.relate_button.setEnabled(not nothing)
        alone = end is not None and len(end.types) == 1
        name = end.types[0].name if end is not None and alone else self.tr("Relate…")
        self.relate_button.setText(self.tr("{relation}  (Enter)").format(relation=one_line(name, 40)))
        self.proposed.emit(end.span if end else None)

    # -- the relation

    @Slot()
    def take(self) -> None:
        """Relate to the proposed span, or ask by which relation where several are allowed."""
        if self._current is None:
            return
        if len(self._current.types) == 1:
            self._choose(0)
        elif not self._types:
            self._ask_for_type(self._current.types)
            self.take_focus()

    def _ask_for_type(self, types: Sequence[RelationType]) -> None:
        for button in self._types:
            self._type_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._types = [self._type_button(number, relation) for number, relation in enumerate(types)]
        for button in self._types:
            self._type_row.addWidget(button)
            button.show()
        self.relate_button.setVisible(not types)
        self.field.setEnabled(not types)
        self._mark_type(0)

    def _type_button(self, number: int, relation: RelationType) -> QPushButton:
        name = one_line(relation.name, 24)
        button = QPushButton(f"{number + 1}  {name}".replace("&", "&&"), self)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCheckable(True)
        button.setProperty("number", number)
        button.setToolTip(tool_tip(relation.description or relation.name))
        button.clicked.connect(self._type_clicked)
        return button

    def _mark_type(self, number: int) -> None:
        self._marked = number
        for place, button in enumerate(self._types):
            button.setChecked(place == number)
            button.setProperty("role", "primary" if place == number else "")
            restyle(button)

    @Slot()
    def _type_clicked(self) -> None:
        self._choose(int(self.sender().property("number")))

    def _choose(self, number: int) -> None:
        end = self._current
        if end is not None and 0 <= number < len(end.types):
            self.chosen.emit(end.types[number].key, end.span)

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        step = _step_of(event)
        if step:
            self._step(step)
        elif event.key() in _ENTER:
            self.take()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            return super().eventFilter(watched, event)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While the relation is asked for: a digit or Enter chooses, arrows move, Esc cancels."""
        key, step = single_key(event), _step_of(event) or _SIDEWAYS.get(Qt.Key(event.key()), 0)
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif self._types and step:
            self._mark_type((self._marked + step) % len(self._types))
        elif self._types and event.key() in _ENTER:
            self._choose(self._marked)
        elif self._types and key is not None and key[0] is KeyCommand.DIGIT:
            self._choose(key[1] - 1)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab for the way through the relations."""
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.closed.emit()


def _step_of(event: QKeyEvent) -> int:
    """Return 1 for a key that goes on, -1 for one that goes back, else 0."""
    step = _STEPS.get(Qt.Key(event.key()), 0)
    backwards = event.key() == Qt.Key.Key_Tab and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    return -1 if backwards else step


def _distance(end: RelationEnd) -> int:
    return end.distance
