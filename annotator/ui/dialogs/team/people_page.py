"""Who works here, how far each of them is, and what can be said about one of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.core.person_colours import PERSON_COLOURS, person_colours
from annotator.core.records import ROLES, Annotator
from annotator.core.same_people import people
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.parts import GAP, SMALL_GAP, in_a_row, plain_button, plain_label
from annotator.ui.dialogs.team.desk import TeamDesk, TeamState
from annotator.ui.dialogs.team.entry_page import EntryPage
from annotator.ui.dialogs.team.people_list import PeopleList, role_name
from annotator.ui.panels.widgets import dot_icon, heading
from annotator.ui.theme import Theme
from annotator.ui.words import QT_TRANSLATE_NOOP, tr

_COLOUR_NAMES = (
    *(QT_TRANSLATE_NOOP("words", "Blue"), QT_TRANSLATE_NOOP("words", "Orange"), QT_TRANSLATE_NOOP("words", "Teal")),
    *(QT_TRANSLATE_NOOP("words", "Purple"), QT_TRANSLATE_NOOP("words", "Olive"), QT_TRANSLATE_NOOP("words", "Red")),
    *(QT_TRANSLATE_NOOP("words", "Green"), QT_TRANSLATE_NOOP("words", "Violet"), QT_TRANSLATE_NOOP("words", "Brown")),
    QT_TRANSLATE_NOOP("words", "Sky"),
)


class PeoplePage(EntryPage):
    """The list at the left, the person who is current at the right."""

    def __init__(self, desk: TeamDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._theme = theme
        self._person: Annotator | None = None
        self.list = PeopleList(theme)
        self.list.chosen.connect(self._show_person)
        self._lay_out(self.list, self.tr("Person"))
        self._add_left()
        self._add_right()
        desk.changed.connect(self._show)

    def _add_left(self) -> None:
        name = self.tr("Name of somebody new")
        self._offer_new(name, name, self.tr("Add an analyst"))
        self.figures = CheckBox(self.tr("Show leads how much each person &tagged"))
        self._desk.for_leads(self.figures)
        self.figures.clicked.connect(self._set_figures)
        self.left.addWidget(self.figures)

    def _add_right(self) -> None:
        self.role = ComboBox()
        for role in ROLES:
            self.role.addItem(role_name(role), role)
        self.role.activated.connect(self._set_role)
        self.colour = ComboBox()
        self.colour.activated.connect(self._set_colour)
        self.fields.add_field(self.tr("R&ole"), self.role)
        self.fields.add_field(self.tr("&Colour"), self.colour)
        self.right.addSpacing(GAP)
        self._add_identity(self.right)
        self.right.addStretch(1)

    def _add_identity(self, column: QVBoxLayout) -> None:
        self.same = ComboBox()
        self.same.setAccessibleName(self.tr("The same person as"))
        self.join_button = plain_button(self.tr("Join"))
        self.join_button.clicked.connect(self._join)
        self.separate_button = plain_button(self.tr("Make a person of their own"))
        self.separate_button.clicked.connect(self._separate)
        self.other = ComboBox()
        self.other.setAccessibleName(self.tr("Who takes over"))
        self.hand_over_button = plain_button(self.tr("Hand over"))
        self.hand_over_button.clicked.connect(self._hand_over)
        self.remove_button = plain_button(self.tr("Remove"))
        self.remove_button.clicked.connect(self._remove)
        self.same_row = in_a_row(self.same, self.join_button)
        self.other_row = in_a_row(self.other, self.hand_over_button)
        self.rows = QWidget()
        inner = QVBoxLayout(self.rows)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SMALL_GAP)
        for combo in (self.same, self.other):
            combo.setMinimumContentsLength(10)
            combo.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        inner.addWidget(heading(self.tr("The same person as")))
        inner.addWidget(self.same_row)
        inner.addWidget(self.separate_button)
        inner.addSpacing(GAP)
        self.other_heading = heading(self.tr("Hand over what is not begun to"))
        inner.addWidget(self.other_heading)
        inner.addWidget(self.other_row)
        inner.addSpacing(GAP)
        inner.addWidget(self.remove_button)
        self._desk.for_leads(self.rows)
        self.hint = plain_label("", wrap=True, muted=True, scale="small")
        if self._desk.editable:
            self.hint.hide()
        words = self.tr("Leads say who does what. You can change your own name and colour.")
        self.hint.setText(self._desk.session.read_only_reason or words)
        column.addWidget(self.rows)
        column.addWidget(self.hint)

    # -- showing

    @Slot(object)
    def _show(self, state: TeamState) -> None:
        own = self._desk.session.person.id
        spans = state.shows_spans and self._desk.session.role == "lead"
        self.figures.setChecked(state.shows_spans)
        self.list.set_people(state.everybody, state.progress, own, spans=spans)

    @Slot(str)
    def _show_person(self, identity: str) -> None:
        state = self._desk.state
        if state is None:
            return
        self._person = next((one for one in state.everybody if one.id == identity), None)
        person = self._person
        self.side.setEnabled(person is not None)
        if person is None:
            return
        self._show_name(person.name)
        self.role.setCurrentIndex(self.role.findData(person.role))
        session = self._desk.session
        own = person.id == session.person.id and not session.read_only_reason
        self.name.setReadOnly(not (self._desk.editable or own))
        self.colour.setEnabled(self._desk.editable or own)
        self.role.setEnabled(self._desk.editable)
        self._fill_colours(person)
        self._fill_others(state, person)

    def _fill_colours(self, person: Annotator) -> None:
        self.colour.clear()
        default = Annotator(person.id, person.name)
        self.colour.addItem(self._dot(person_colours(default)), self.tr("As it comes"), "")
        for pair, name in zip(PERSON_COLOURS, _COLOUR_NAMES, strict=True):
            self.colour.addItem(self._dot(pair), tr(name), pair[0])
        if person.color and self.colour.findData(person.color) < 0:
            self.colour.addItem(self._dot(person_colours(person)), person.color, person.color)
        self.colour.setCurrentIndex(max(0, self.colour.findData(person.color)))

    def _dot(self, pair: tuple[str, str]) -> QIcon:
        return dot_icon(self._theme.label_color(*pair), 10, self)

    def _fill_others(self, state: TeamState, person: Annotator) -> None:
        others = [one for one in people(state.everybody) if one.id != person.id]
        others.sort(key=lambda one: (one.name.casefold(), one.id))
        for combo in (self.same, self.other):
            chosen = combo.currentData()
            combo.clear()
            for one in others:
                combo.addItem(one.name, one.id)
            combo.setCurrentIndex(max(0, combo.findData(chosen)))
        is_joined = person.same_as is not None
        for widget in (self.same_row, self.other_heading, self.other_row, self.remove_button):
            widget.setVisible(not is_joined)
        self.separate_button.setVisible(is_joined)
        for widget in (self.same_row, self.other_row):
            widget.setEnabled(bool(others))
        self.remove_button.setEnabled(person.id != self._desk.session.person.id)

    # -- doing

    def _current(self) -> Annotator | None:
        return self._person

    def _make(self, name: str) -> Annotator:
        return self._desk.session.annotators.add(name)

    def _give_name(self, entry: str, name: str) -> Annotator:
        return self._desk.session.annotators.rename(entry, name)

    def _do(self, name: str, *arguments: str) -> None:
        if self._person is not None:
            verb = getattr(self._desk.session.annotators, name)
            self._desk.do(partial(verb, self._person.id, *arguments))

    @Slot()
    def _set_role(self) -> None:
        if self._person is not None and self.role.currentData() != self._person.role:
            self._do("set_role", self.role.currentData())
            self._show_person(self._person.id)

    @Slot()
    def _set_colour(self) -> None:
        self._do("set_color", self.colour.currentData())

    @Slot()
    def _join(self) -> None:
        if self.same.currentData():
            self._do("join", self.same.currentData())

    @Slot()
    def _separate(self) -> None:
        self._do("separate")

    @Slot()
    def _remove(self) -> None:
        self._do("remove")

    @Slot()
    def _hand_over(self) -> None:
        session, taker = self._desk.session, self.other.currentData()
        if self._person is not None and taker:
            verb = partial(session.assignments.hand_over, self._person.id, taker, self._desk.chosen_round)
            self._desk.start(self.tr("Handing over"), verb)

    @Slot(bool)
    def _set_figures(self, shown: bool) -> None:
        self._desk.do(partial(self._desk.session.options.set, "person_figures", shown))
