"""The review page: cases at the left, the text with a lane for each layer in the middle, decisions at the right."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.core.changes import ChangeSet
from annotator.core.links import LinkMark
from annotator.core.spans import SpanMark
from annotator.ui.gestures.deciding import Deciding
from annotator.ui.gestures.review_bulk import ReviewBulk
from annotator.ui.key_list import KeyGroup, review_keys
from annotator.ui.models.open_document import OpenDocument
from annotator.ui.models.review_desk import ReviewDesk
from annotator.ui.models.review_facts import ground_of
from annotator.ui.models.review_list import CaseFilter
from annotator.ui.models.review_words import GOLD_SIGN, isolated
from annotator.ui.panels.review_decide_panel import DecidePanel
from annotator.ui.panels.review_queue_panel import ReviewQueuePanel
from annotator.ui.panels.review_text import ReviewText
from annotator.ui.panels.three_panes import PaneWidths, ThreePanes
from annotator.ui.project_page import PageTools, ProjectPage
from annotator.ui.theme import Theme
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.session.review_queue import DocumentReview, ReviewCase
    from annotator.session.session import Session

_WIDTHS = PaneWidths(first=(310, 800, 330), least=(190, 380, 240), shares=(0.22, 0.24))
"""Of cases, text and decisions."""
_POINT = 96 / 72
_DETAILS_MS = 60

_OF_DOCUMENTS = ("status", "note", "layer")
"""What approving or returning a document changes beside gold."""

_STYLE = """
QWidget[reading="true"] { background: $reading; }
QPushButton[quiet="true"] { color: $text_muted; padding: 1px 6px; font-size: 11px; }
QPushButton[quiet="true"]:hover, QPushButton[quiet="true"]:checked { color: $text; }
QLabel[link="true"] { color: $text; }
QLabel[link="true"]:hover, QLabel[link="true"]:focus { color: $link; }
"""


class ReviewPage(ProjectPage):
    """Shows a case at a time; what is done with it is in `deciding` and `bulk`."""

    def __init__(self, tools: PageTools, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tools, theme, parent)
        self.desk = ReviewDesk(tools.tasks, self)
        self.document = OpenDocument(self)
        self.queue_panel = ReviewQueuePanel(self.desk.cases, theme, self)
        self.text = ReviewText(theme, self)
        self.lanes = self.text.lanes
        self.decide_panel = DecidePanel(theme, self)
        self.splitter = ThreePanes(_WIDTHS, self)
        self._shown_layers: tuple[str, ...] = ()
        self._places: dict[str, int] = {}
        self._details = QTimer(self)
        self._details.setSingleShot(True)
        self._details.setInterval(_DETAILS_MS)
        self._details.timeout.connect(self._show_details)
        self.deciding = Deciding(self)
        self.bulk = ReviewBulk(self)
        self._build()
        self._connect()
        self.set_theme(theme)
        self.take_settings()

    def _build(self) -> None:
        self.splitter.set_panes(self.queue_panel, self.text, self.decide_panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _connect(self) -> None:
        self.desk.changed.connect(self._take_queue)
        self.desk.building.connect(self._show_state)
        self.desk.agreement.changed.connect(self._details.start)
        self.queue_panel.filtered.connect(self._follow_filter)
        self.queue_panel.list.case_wanted.connect(self._show_row)
        self.queue_panel.list.pressed_key.connect(self.deciding.obey)
        self.lanes.review_pressed.connect(self.deciding.obey)
        self.lanes.escape_pressed.connect(self.deciding.escape)
        self.lanes.span_selected.connect(self._show_case_of)
        self.decide_panel.case_wanted.connect(self.go_to)
        self.document.opened.connect(self._show_document)
        self.document.described.connect(self._show_document)
        self.document.spans_changed.connect(self._change_spans)

    # -- the project

    @property
    def session(self) -> Session | None:
        """Return the open project, or None."""
        return self.desk.session

    @property
    def writable(self) -> bool:
        """Say whether cases can be decided: by leads, where the project can be changed."""
        return self.desk.writable

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self.deciding.end_edit()
        self.document.set_session(session)
        self.desk.set_session(session)
        self.deciding.forget()
        self.show_writable(self.writable)
        self._shown_layers = ()
        if self.isVisible():
            self.desk.wake()

    def show_writable(self, writable: bool) -> None:
        """Show whether cases can be decided."""
        self.desk.writable = writable
        self.decide_panel.reason.set_writable(writable)
        for button in self.text.buttons.values():
            button.setVisible(writable)
        self._refresh()

    def pretend_lead(self) -> None:
        """Look as if a lead could decide here, for a picture."""
        self.desk.is_lead = True
        self.show_writable(True)

    def show_only(self, document: str) -> None:
        """Show the cases of one document, in the order of the text."""
        self.queue_panel.choose(CaseFilter(document=document, order="document"))

    def apply(self, changes: ChangeSet) -> None:
        """Take over what was committed."""
        self.document.apply(changes)
        if changes.touches("label", "codebook", "project"):
            self._show_labels()
        self.desk.apply(changes)
        if changes.touches("annotator"):
            self.desk.read_role()
            self.show_writable(self.writable)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.setStyleSheet(Template(_STYLE).substitute(theme.colors))
        for part in (self.queue_panel, self.text, self.decide_panel):
            part.set_theme(theme)

    def take_settings(self) -> None:
        """Show the text in the type of the preferences."""
        settings = self.tools.settings
        size = round(settings.reading_size * _POINT)
        self.lanes.set_reading_font(
            settings.reading_family, size, settings.reading_line_height, settings.reading_columns
        )

    def enter(self) -> None:
        """Come on screen."""
        self.desk.wake()
        self.deciding.read_reasons()
        self._show_state()
        self.take_focus()

    def leave(self) -> None:
        """Go off screen; a reason that is being typed is kept."""
        self.decide_panel.reason.commit()
        self.deciding.end_edit()
        self.desk.sleep()

    def take_focus(self) -> None:
        """Give the keys back to the text, or to the list where there is none."""
        target = self.queue_panel.list if self.text.empty_words else self.lanes
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[tuple[QWidget, QWidget]]:
        """Return the cases, the text, and the reason."""
        panes: list[tuple[QWidget, QWidget]] = [(self.queue_panel, self.queue_panel.list)]
        if not self.text.empty_words:
            panes.append((self.text, self.lanes))
        if self.decide_panel.reason.line.isEnabled():
            panes.append((self.decide_panel, self.decide_panel.reason.line))
        return panes

    def key_groups(self) -> list[KeyGroup]:
        """Return the keys of a review."""
        return review_keys()

    def show_place(self, changes: ChangeSet) -> bool:
        """Show the case that a step decided or took back; False where it is about something else than review."""
        place = self.desk.place_of(changes)
        if place is not None:
            self.go_to(*place)
            return True
        return changes.touches("decision") or all(change.table in _OF_DOCUMENTS for change in changes.changes)

    # -- the case

    @property
    def current(self) -> ReviewCase | None:
        """Return the case that is shown."""
        return self.desk.current

    @property
    def review(self) -> DocumentReview | None:
        """Return the review of the document that is shown."""
        document, queue = self.document.document, self.desk.queue
        return queue.documents.get(document.id) if document is not None and queue is not None else None

    @property
    def content(self) -> str:
        """Return the text that is shown."""
        return self.document.content.text if self.document.content else ""

    @Slot(str, str)
    def go_to(self, document: str, case: str) -> None:
        """Show a case and give the keys to the text."""
        one = self.desk.queue.find(document, case) if self.desk.queue else None
        if one is not None:
            self.show_case(one)
            self.take_focus()

    def show_case(self, one: ReviewCase | None) -> None:
        """Show a case, or why there is none."""
        if one is None or self.desk.current is None or one.case.id != self.desk.current.case.id:
            self.deciding.end_edit()
        self.desk.show(one)
        if one is not None:
            self._open(one.case.document)
            self.lanes.set_ground(ground_of(one.case))
            self.lanes.set_links(self._links_of(one))
            self.lanes.set_caret(one.case.start)
        was_empty = bool(self.text.empty_words)
        self._refresh()
        self._reveal()
        if was_empty:
            QTimer.singleShot(0, self, self._reveal)

    @Slot()
    def _reveal(self) -> None:
        one = self.desk.current
        if one is not None:
            self.lanes.reveal_range(one.case.start, one.case.end)

    def _links_of(self, one: ReviewCase) -> list[LinkMark]:
        """Return the relations of a case as the text draws them."""
        relations = {relation.id for relation in one.case.relations}
        return [mark for mark in self.document.link_marks() if mark.id in relations]

    def step(self, step: int) -> None:
        """Go to the next case that is listed (1), or to the one before (-1)."""
        rows, index = self.desk.cases.cases, self.desk.index
        if rows:
            place = min(max(index.row() + step, 0), len(rows) - 1) if index.isValid() else 0
            self.show_case(rows[place])
        elif self.desk.current is not None:
            self.show_case(None)

    def leave_decided(self) -> None:
        """Go on from a case that is decided and not listed any more."""
        if self.desk.current is not None and not self.desk.index.isValid():
            self.show_case(self.desk.first())

    def _open(self, document: str) -> None:
        shown = self.document.document
        if shown is None or shown.id != document:
            with self.tools.messages.showing_errors():
                self.document.open(document)
        self._show_lanes()

    @Slot()
    def _take_queue(self) -> None:
        self.queue_panel.show_queue(self.desk.queue, self.desk.choices)
        self._shown_layers = ()
        current = self.desk.current
        if current is not None and self.desk.queue is not None:
            self._show_lanes()
            self.lanes.set_ground(ground_of(current.case))
            self._refresh()
        else:
            self.show_case(self.desk.first())
            if self.queue_panel.list.hasFocus():
                self.take_focus()

    @Slot()
    def _follow_filter(self) -> None:
        """Show the first case of the list unless the one that is shown is in it."""
        if not self.desk.index.isValid():
            self.show_case(self.desk.first())
        else:
            self._refresh()

    @Slot(QModelIndex)
    def _show_row(self, index: QModelIndex) -> None:
        one = self.desk.cases.case(index)
        if one is not None and one is not self.current:
            self.show_case(one)

    @Slot(object)
    def _show_case_of(self, span: str) -> None:
        """Show the case of a span that was clicked on."""
        review = self.review
        for one in review.cases if review else ():
            made = one.decision.result if one.decision is not None else ()
            if span in made or any(annotation.id == span for annotation in one.case.annotations):
                if one is not self.current and not self.deciding.is_editing:
                    self.show_case(one)
                return

    # -- what is on screen

    @Slot()
    def _show_document(self) -> None:
        content = self.document.content
        self._shown_layers = ()
        if content is None:
            self.lanes.clear()
            return
        self._show_labels()
        self.lanes.set_document(content.text, content.structure, content.document.title, "")
        self._show_lanes()

    def _show_labels(self) -> None:
        codebook = self.document.codebook
        if codebook is not None:
            self.lanes.set_labels({label.id: label for label in codebook.labels})
            self.lanes.set_relation_names({relation.id: relation.name for relation in codebook.relations})
            self.lanes.set_condition_words(codebook.condition_words)

    def _show_lanes(self) -> None:
        """Give each layer of the document a lane, and gold the last one, unless they have one."""
        review, queue = self.review, self.desk.queue
        if review is None or queue is None or review.layers == self._shown_layers:
            return
        self._shown_layers = review.layers
        places: dict[str, int] = {queue.gold: len(review.layers)}
        for place, layer in enumerate(review.layers):
            face = self.desk.facts.face(layer) if self.desk.facts else None
            places.update(dict.fromkeys((layer, *(face.others if face else ())), place))
        self._places = places
        letters = [letter for letter, _ in self._legend()]
        self.lanes.set_lanes([*letters, GOLD_SIGN], self._place_of)
        self.lanes.set_spans([mark for mark in self.document.marks() if self._has_lane(mark)])

    def _legend(self) -> list[tuple[str, str]]:
        facts = self.desk.facts
        return facts.legend(self._shown_layers) if facts else []

    def _place_of(self, span: str) -> int:
        annotation = self.document.annotation(span)
        return self._places.get(annotation.layer, 0) if annotation else 0

    def _has_lane(self, mark: SpanMark) -> bool:
        annotation = self.document.annotation(mark.id)
        return annotation is not None and annotation.layer in self._places

    @Slot(object, object)
    def _change_spans(self, removed: list[str], put: list[SpanMark]) -> None:
        self.lanes.change_spans(removed, [mark for mark in put if self._has_lane(mark)])

    def _refresh(self) -> None:
        """Show what is known of the case, at once what costs nothing, and the rest when the keys rest."""
        one = self.desk.current
        self.queue_panel.list.show_current(self.desk.index)
        self._show_state()
        self._show_head(one)
        self.deciding.show_subject()
        self.decide_panel.show_facts(self.desk.facts_of(self.content, self.document.annotation))
        for name, button in self.text.buttons.items():
            button.setEnabled(self.bulk.can(name))
        self._details.start()

    def _show_head(self, one: ReviewCase | None) -> None:
        document = self.document.document
        title = document.title if document else ""
        words = self.tr("{title}   ·   paragraph {number}")
        where = words.format(title=f"\u200e{isolated(title)}", number=grouped(one.paragraph)) if one else title
        self.text.show_head(where, self._legend())
        rows, index = self.desk.cases.rowCount(), self.desk.index
        place = self.tr("{place} of {count}").format(place=grouped(index.row() + 1), count=grouped(rows))
        self.text.show_count(place if index.isValid() else "")

    @Slot()
    def _show_details(self) -> None:
        """Show precedents and what was decided alike."""
        if self.desk.current is not None:
            self.desk.look_up()
            self.decide_panel.show_facts(self.desk.facts_of(self.content, self.document.annotation))

    @Slot()
    def _show_state(self) -> None:
        if self.desk.current is not None:
            self.text.show_text()
            return
        had_focus = self.lanes.hasFocus()
        self.text.show_empty(*self.bulk.empty_state())
        if had_focus:
            self.take_focus()

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.deciding.end_edit()
            self.take_focus()
        else:
            super().keyPressEvent(event)
