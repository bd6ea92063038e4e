"""One key decides a case and goes on to the next one; a version of one's own; and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from annotator.core.boundaries import end_of_next_word, end_of_previous_word, next_word, previous_word
from annotator.core.choices import applicable
from annotator.core.records import Decision, Fragment
from annotator.core.trimming import trimmed
from annotator.ui.gestures.shaping import with_end_moved, with_start_moved
from annotator.ui.models.review_facts import ground_of
from annotator.ui.models.review_list import TO_DECIDE
from annotator.ui.models.review_words import choice_name, isolated
from annotator.ui.views.lanes_keys import ReviewCommand
from annotator.ui.words import one_line, quoted

if TYPE_CHECKING:
    from annotator.session.review_queue import ReviewCase
    from annotator.ui.review_page import ReviewPage

_QUOTE = 48
_MOST_LABELS = 3
_RECENT = 6
_CHOICES = (ReviewCommand.NEITHER, ReviewCommand.UNION, ReviewCommand.INTERSECTION, ReviewCommand.BOTH)


class Deciding(QObject):
    """What the single keys do on the review page, and the reason for what was decided last."""

    def __init__(self, page: ReviewPage) -> None:
        super().__init__(page)
        self._page = page
        self._last: tuple[str, str] | None = None
        self._edited: str | None = None
        self._recent: list[str] = []
        self._strip = page.text.edit_strip
        self._reason = page.decide_panel.reason
        page.decide_panel.decided.connect(self.decide_by_row)
        page.lanes.selection_ended.connect(self._take_selection)
        self._strip.changed.connect(self._show_draft)
        self._strip.accepted.connect(self.accept_edit)
        self._strip.closed.connect(self._close_edit)
        self._reason.given.connect(self._explain)
        self._reason.kept.connect(self._keep)
        self._reason.left.connect(page.take_focus)

    def forget(self) -> None:
        """Let nothing be decided last, as in another project."""
        self._last = None
        self._recent = []
        self.show_subject()

    @property
    def is_editing(self) -> bool:
        """Say whether a version of one's own is being made."""
        return self._edited is not None

    # -- keys

    @Slot(object, int, bool)
    def obey(self, command: ReviewCommand, number: int, shift: bool) -> None:
        """Do what a single key asks for."""
        if self.is_editing:
            self._obey_in_edit(command, number, shift=shift)
        elif command is ReviewCommand.NEXT:
            self._page.step(1)
        elif command is ReviewCommand.PREVIOUS:
            self._page.step(-1)
        elif command is ReviewCommand.TAKE:
            self.take(number)
        elif command is ReviewCommand.EDIT:
            self.edit()
        elif command in _CHOICES:
            self.decide(command.value)

    @Slot(object, int)
    def decide_by_row(self, command: ReviewCommand, number: int) -> None:
        """Do what a row stands for that was clicked."""
        self._page.take_focus()
        if not self.is_editing:
            self.obey(command, number, False)

    def take(self, digit: int) -> None:
        """Take the version of the layer with a digit."""
        one, facts = self._page.current, self._page.desk.facts
        if one is None or facts is None:
            return
        layers = {taken: layer for layer, taken in facts.digits(one.case.layers).items()}
        if digit in layers:
            self.decide("layer", layer=layers[digit])

    def decide(
        self,
        choice: str,
        *,
        layer: str | None = None,
        label: str | None = None,
        fragments: Sequence[Fragment] | None = None,
    ) -> bool:
        """Decide the case and go on to the next one that is open; say whether it was decided."""
        page, one = self._page, self._page.current
        session = page.session
        if one is None or session is None or not self._may_decide(one, choice):
            return False
        self._reason.commit()
        following = page.desk.places()
        with page.tools.messages.showing_errors():
            decision = session.review.decide(
                one.case.document, one.case.id, choice, layer=layer, label=label, fragments=fragments
            )
            page.tools.messages.withdraw_information()
            self._last = (one.case.document, one.case.id)
            self._go_on(decision, following)
            return True
        return False

    def _may_decide(self, one: ReviewCase, choice: str) -> bool:
        page = self._page
        if not page.writable:
            page.tools.messages.inform(self.tr("Only leads decide, in a project that they can change."))
            return False
        if choice not in applicable(one.case):
            words = self.tr("“{choice}” does not apply here.")
            page.tools.messages.inform(words.format(choice=choice_name(choice)))
            return False
        return True

    def _go_on(self, decision: Decision, following: list[tuple[str, str]]) -> None:
        page = self._page
        self.end_edit()
        if page.desk.cases.filter.state not in ("", TO_DECIDE, "reopened"):
            page.show_case(page.desk.queue.find(*self._last) if page.desk.queue and self._last else None)
            return
        page.show_case(page.desk.next_open(following))

    # -- a version of one's own

    def edit(self) -> None:
        """Begin a version of one's own: from what was decided, else from the first layer that has something."""
        page, one, codebook = self._page, self._page.current, self._page.document.codebook
        if one is None or codebook is None or not self._may_decide(one, "edit"):
            return
        made = (page.document.annotation(identity) for identity in (one.decision.result if one.decision else ()))
        begin = next((annotation for annotation in (*made, *one.case.annotations) if annotation is not None), None)
        if begin is None:
            return
        self._edited = one.case.id
        self._strip.open_with(codebook.labels, begin.label, begin.fragments, page.content)
        page.lanes.set_caret(begin.start)
        self._show_draft()
        page.lanes.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def accept_edit(self) -> None:
        """Decide for the version of one's own."""
        self._take_selection()
        self.decide("edit", label=self._strip.label, fragments=self._strip.fragments)

    def end_edit(self) -> None:
        """Give up the version of one's own, if there is one."""
        if self._edited is None:
            return
        self._edited = None
        self._strip.hide()
        one = self._page.current
        self._page.lanes.set_ground(ground_of(one.case) if one is not None else ())

    @Slot()
    def escape(self) -> None:
        """Give up the version of one's own, and close a message."""
        self._page.tools.messages.hide()
        self.end_edit()

    @Slot()
    def _close_edit(self) -> None:
        self.end_edit()
        self._page.take_focus()

    def _obey_in_edit(self, command: ReviewCommand, number: int, *, shift: bool) -> None:
        self._take_selection()
        text, fragments = self._page.content, self._strip.fragments
        if command is ReviewCommand.TAKE:
            self._strip.press_digit(number)
        elif command is ReviewCommand.EDIT:
            self.accept_edit()
        elif command is ReviewCommand.START_EDGE:
            self._move_to(with_start_moved(text, fragments, next_word if shift else previous_word))
        elif command is ReviewCommand.END_EDGE:
            self._move_to(with_end_moved(text, fragments, end_of_previous_word if shift else end_of_next_word))

    @Slot()
    def _take_selection(self) -> None:
        """Let the version lie where text was selected."""
        selection = self._page.lanes.selection()
        if not self.is_editing or selection is None:
            return
        found = trimmed(self._page.content, [selection], self._page.tools.settings.trim)
        self._page.lanes.set_caret(selection[1])
        if found:
            self._move_to(found)

    def _move_to(self, fragments: tuple[Fragment, ...]) -> None:
        self._strip.show_place(fragments, self._page.content)
        self._show_draft()

    @Slot()
    def _show_draft(self) -> None:
        self._page.lanes.set_ground(self._strip.fragments, self._strip.label)

    # -- why

    @Slot()
    def ask_reason(self) -> None:
        """Let somebody say why, for the case just decided."""
        if not self._reason.take_focus():
            self._page.tools.messages.inform(self.tr("Decide a case first; then say why."))

    def read_reasons(self) -> None:
        """Read the reasons that were given last."""
        if self._page.session is not None:
            self._recent = self._page.session.queries.recent_reasons(_RECENT)
            self._reason.set_recent(self._recent)

    def subject(self) -> ReviewCase | None:
        """Return the case to explain: the one that is shown where it is decided, else the one decided last."""
        one, queue = self._page.current, self._page.desk.queue
        if one is not None and one.decision is not None and one.state == "decided":
            return one
        last = queue.find(*self._last) if queue is not None and self._last is not None else None
        return last if last is not None and last.decision is not None else None

    def show_subject(self) -> None:
        """Show in the field what it explains."""
        one, facts = self.subject(), self._page.desk.facts
        if one is None or one.decision is None or facts is None:
            self._reason.show_decision("", "", "", (), None)
            return
        decision = one.decision
        words = f"\u200e{isolated(quoted(one.quote, _QUOTE))} → {facts.words(decision)}"
        if one is not self._page.current:
            words = self.tr("Just decided: {case}").format(case=words)
        labels = [(label.id, one_line(label.name, _QUOTE)) for label in facts.labels_of(one.case)[:_MOST_LABELS]]
        self._reason.show_decision(decision.id, words, decision.reason, labels, decision.precedent)

    @Slot(str, str)
    def _explain(self, decision: str, reason: str) -> None:
        session = self._page.session
        if session is None:
            return
        with self._page.tools.messages.showing_errors():
            session.review.explain(decision, reason)
        if reason:
            self._recent = [reason, *(one for one in self._recent if one != reason)][:_RECENT]
            self._reason.set_recent(self._recent)

    @Slot(str, object)
    def _keep(self, decision: str, label: str | None) -> None:
        session = self._page.session
        if session is not None and decision:
            with self._page.tools.messages.showing_errors():
                session.review.keep_precedent(decision, label)
            self.show_subject()
