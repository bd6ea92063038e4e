"""Relating spans, following relations, and taking them apart."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from annotator.core.codebook import Codebook
from annotator.core.links import LinkMark
from annotator.core.records import Annotation, RelationType
from annotator.core.spans import SpanMark
from annotator.ui.gestures.desk import Desk
from annotator.ui.models.document_links import Link
from annotator.ui.panels.relate_strip import RelationEnd
from annotator.ui.views.reading_keys import KeyCommand
from annotator.ui.views.reading_picking import Picking

_SHOWN = "relations"


class Relating(QObject):
    """Relations from the selected span. `choices_changed` comes when they are to be drawn, or not any more."""

    choices_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._source: Annotation | None = None
        self._offered: frozenset[str] = frozenset()
        self._followed: dict[str, str] = {}
        self._strip = strip = desk.page.relate_strip
        desk.on_key(KeyCommand.RELATE, self.relate)
        desk.on_key(KeyCommand.FOLLOW, self.follow, self.follow_back)
        desk.page.inspector.relate_requested.connect(self.relate)
        desk.page.inspector.unrelate_requested.connect(self.unrelate)
        desk.reading.span_picked.connect(self._pick)
        desk.document.opened.connect(self._forget)
        desk.document.spans_changed.connect(strip.hide)
        desk.document.selected.connect(self._follow_selection)
        strip.proposed.connect(self._propose)
        strip.chosen.connect(self._relate_to)
        strip.closed.connect(self._end)

    # -- relating

    @Slot()
    def relate(self) -> None:
        """Ask for the other end of a relation from the selected span: it is clicked, gone to or searched for."""
        document = self._desk.document
        source, codebook = document.selected_span, document.codebook
        if source is None or codebook is None:
            self._desk.messages.inform(self.tr("Select the span from which the relation leads."))
            return
        reason = self._desk.session.read_only_reason
        ends = [] if reason else self._ends(source, codebook)
        if reason:
            self._desk.messages.inform(reason)
        elif not ends:
            label = document.label_of(source)
            words = self.tr("The codebook allows no further relation from this {label} to another span here.")
            self._desk.messages.inform(words.format(label=label.name if label else self.tr("span")))
        else:
            self._desk.messages.withdraw_information()
            self._source = source
            self._offered = frozenset(end.span for end in ends)
            self._strip.open_for(document.quote(source), ends, self._quote)

    def _ends(self, source: Annotation, codebook: Codebook) -> list[RelationEnd]:
        """Return the spans that may be the other end, in the order of the text."""
        labels = {label.id: label for label in codebook.labels}
        allowed = {label: _allowed(codebook, labels[source.label].key, labels[label].key) for label in labels}
        there = {(link.other.id, link.type) for link in self._desk.document.links(source.id) if link.outgoing}
        linked = {span for span, _ in there}
        start, end = source.start, source.end
        ends = []
        for other in self._desk.document.annotations():
            types = allowed.get(other.label, ())
            if other.id in linked:
                types = tuple(relation for relation in types if (other.id, relation.id) not in there)
            if types and other.id != source.id and other.layer == source.layer:
                distance = max(other.fragments[0][0] - end, start - other.fragments[-1][1], 0)
                ends.append(RelationEnd(other.id, labels[other.label].name, distance, types))
        return ends

    def _quote(self, span: str) -> str:
        annotation = self._desk.document.annotation(span)
        return self._desk.document.quote(annotation) if annotation else ""

    @Slot(object)
    def _propose(self, span: str | None) -> None:
        """Show which span Enter would relate to, and the relation as it would be."""
        source = self._source
        if source is None:
            return
        other = self._desk.document.annotation(span) if span else None
        mark = SpanMark(other.id, other.fragments, other.label) if other else None
        preview = LinkMark("", "", source.id, other.id, source.start, other.start) if other else None
        self._desk.reading.set_picking(Picking(self._offered, mark), preview)
        if other is not None:
            self._desk.reading.reveal(other.start)

    @Slot(object)
    def _pick(self, spans: list[str]) -> None:
        """Take the innermost of the spans clicked on that may be the other end."""
        if not any(self._strip.pick(span) for span in spans):
            self._strip.show_problem(self._why_not(spans[0]) if spans else "")
            self._strip.take_focus()

    def _why_not(self, span: str) -> str:
        document, source = self._desk.document, self._source
        other = document.annotation(span)
        if source is None or other is None:
            return ""
        if other.id == source.id:
            return self.tr("A span cannot be related to itself. Choose another span.")
        if other.layer != source.layer:
            return self.tr("A relation stays within one layer. Choose a span of the same layer.")
        names = [link.name for link in document.links(source.id) if link.outgoing and link.other.id == other.id]
        if names:
            return self.tr("These spans are already related by “{relation}”.").format(relation="”, “".join(names))
        ends = [label.name if (label := document.label_of(end)) else "" for end in (source, other)]
        words = self.tr("The codebook allows no relation from {source} to {target}.")
        return words.format(source=ends[0], target=ends[1])

    @Slot(str, str)
    def _relate_to(self, type_key: str, target: str) -> None:
        source = self._source
        self._strip.hide()
        if source is not None:
            self.add_relation(source.id, type_key, target)

    @Slot()
    def _end(self) -> None:
        """Let clicks select again, with the span selected from which one started."""
        source, self._source = self._source, None
        self._desk.reading.set_picking(None)
        if source is not None:
            if self._desk.document.selected_span == source:
                self._desk.reading.reveal(source.start)
            self._desk.back_to_text()

    @Slot(object)
    def _follow_selection(self, span: str | None) -> None:
        if self._source is not None and span != self._source.id:
            self._strip.hide()

    @Slot(str, str, str)
    def add_relation(self, source: str, type_key: str, target: str) -> None:
        """Relate two spans by a relation type's key."""
        with self._desk.messages.showing_errors():
            self._desk.session.relations.relate(source, type_key, target)

    @Slot(str)
    def unrelate(self, relation: str) -> None:
        """Remove a relation."""
        with self._desk.messages.showing_errors():
            self._desk.session.relations.unrelate(relation)

    # -- following

    @Slot()
    def follow(self) -> None:
        """Go to the other end of the selected span's next relation."""
        self._follow(1)

    @Slot()
    def follow_back(self) -> None:
        """Go to the other end of the selected span's relation before."""
        self._follow(-1)

    def _follow(self, step: int) -> None:
        span = self._desk.document.selected_span
        if span is None:
            self._desk.messages.inform(self.tr("Select a span to follow its relations."))
            return
        links = self._desk.document.links(span.id)
        if not links:
            self._desk.messages.inform(self.tr("This span has no relation to follow."))
            return
        link = _next_link(links, self._followed.get(span.id), step)
        self._followed[span.id] = self._followed[link.other.id] = link.relation
        self._desk.jump(link.other.id)

    @Slot()
    def _forget(self) -> None:
        self._followed.clear()
        self._strip.hide()

    # -- drawing

    @Slot()
    def toggle_shown(self) -> None:
        """Draw the relations beside the text, or leave them out."""
        self._desk.reading.show_links(not self._desk.reading.links_are_shown)
        self.choices_changed.emit()
        self._desk.context_changed.emit()

    def choices(self) -> dict[str, str]:
        """Return what somebody has chosen, as `restore` takes it."""
        return {_SHOWN: "shown" if self._desk.reading.links_are_shown else "hidden"}

    def restore(self, choices: dict[str, str]) -> None:
        """Choose as somebody did before."""
        self._desk.reading.show_links(choices.get(_SHOWN, "shown") == "shown")


def _allowed(codebook: Codebook, source_label: str, target_label: str) -> tuple[RelationType, ...]:
    """Return the relation types in use that may lead from the one label to the other."""
    types = (relation for relation in codebook.relations if not relation.retired)
    return tuple(relation for relation in types if codebook.allowed(relation, source_label, target_label))


def _next_link(links: list[Link], last: str | None, step: int) -> Link:
    """Return the link after the last one that was followed, or before it; the ends meet."""
    places = [place for place, link in enumerate(links) if link.relation == last]
    if not places:
        return links[0 if step > 0 else -1]
    return links[(places[0] + step) % len(links)]
