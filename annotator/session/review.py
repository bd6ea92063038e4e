"""Verbs on review: decisions on cases, which make the gold layer; approving and giving back documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.core.cases import CHOICES, Case
from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.choices import GoldSpan, agreeing, applicable
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.ids import derived_id
from annotator.core.records import Annotation, AttributeValue, Decision, Document, Fragment, Layer, Note, Status
from annotator.core.spans import check_fragments
from annotator.session.annotations import ValueWriter, found, refuse_unstorable, shortened, usable_label
from annotator.session.codebook import codebook_in_use
from annotator.session.gold import GoldDocument, spans_for
from annotator.session.layers import person_layers
from annotator.session.note_rows import note_change
from annotator.session.progress import Progress, no_progress
from annotator.session.review_documents import DocumentWork, Judged, Reviewer
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import now

__all__ = ["Approval", "Review", "applicable"]

REASON_LIMIT = 2000
"""Code points of a reason at most."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval did: how many annotations gold has in the document, and whether they are the only layer's."""

    spans: int
    single: bool


class Review(Verbs):
    """Each verb is one step, and for leads only. `round` is a round's id everywhere, None the one in use.

    The document's gold layer is made with the first decision in the round.
    """

    @verb
    def decide(
        self,
        document: str,
        case_id: str,
        choice: str,
        layer: str | None = None,
        label: str | None = None,
        fragments: Sequence[Fragment] | None = None,
        attributes: Mapping[str, Any] | None = None,
        reason: str = "",
        round: str | None = None,
    ) -> Outcome[Decision]:
        """Decide a case and make its gold annotations; what was decided on it before is replaced.

        Gold gets the spans with their values, and relations as soon as both of their ends are there. The decision
        keeps what it was made on. A reason and a precedent of the decision before stay where the choice is the same.

        Args:
            document: the document's id.
            case_id: the case's, as `queries.review` has it.
            choice: layer, neither, union, intersection, both, edit or agreed; see `applicable`.
            layer: whose version is taken, with the choice layer; it may have nothing here. With edit, whose values
                stay where `attributes` is None; the first that has something unless it is given.
            label: the label's id, with edit; None takes the one that all have.
            fragments: where the span shall lie, with edit; None takes the place that all have.
            attributes: values by attribute key, with edit; all of them, or None.
            reason: why; may come later by `explain`.
            round: the round's id.

        Raises:
            NotFoundError: there is no such case any more; it was changed meanwhile.
            RefusedError: the choice does not apply to it.
        """
        reviewer, work = self._opened(document, round)
        judged = _case_of(work, case_id)
        case = judged.case
        self._refuse_choice(case, choice, layer)
        chosen = _chosen(case, choice, layer)
        extra: list[RowChange] = []
        if choice == "edit":
            span, extra = self._edited(work, case, layer, label, fragments, attributes)
            spans = [span]
        else:
            spans = spans_for(work, case, choice, chosen)
        gold = GoldDocument(self.session.repository, reviewer, work, self.session.person.id)
        decision = gold.settle(judged, choice, spans, chosen, _storable_reason(reason))
        changes = [*self._gold_layer(reviewer), *extra, *gold.changes()]
        title = f"Decide “{self._quote(work, case.start, case.end)}”: {_CHOICE_WORDS[choice]}"
        return Outcome(ChangeSet(title, tuple(changes)), gold.decision(decision.id))

    @verb
    def accept_agreed(
        self,
        least: int | None = None,
        documents: Iterable[str] | None = None,
        round: str | None = None,
        progress: Progress = no_progress,
        check: Callable[[], None] = lambda: None,
    ) -> Outcome[int]:
        """Decide every open case on which all layers agree wholly; returns how many.

        With `least` (2 or more) those on which at least so many layers have the same, values and relations included,
        whatever the others have, and no other group is as large; layers that have nothing do not count. `check` is
        called between documents and raises Cancelled where nothing shall come of it.
        """
        if least is not None and least < 2:
            raise RefusedError("One layer cannot agree with itself. Give 2 or more.")
        repository = self.session.repository
        reviewer = Reviewer(repository, round)
        worked_on = repository.decisions.documents_with_work()
        if documents is not None:
            worked_on &= set(documents)
        wanted = [document for document in repository.lists.document_ids() if document in worked_on]
        changes: list[RowChange] = []
        count = 0
        for done, document in enumerate(wanted):
            check()
            progress(done, len(wanted), "")
            found_here, rows = self._agreed(reviewer, document, least)
            count += found_here
            changes += rows
        if count:
            changes = [*self._gold_layer(reviewer), *changes]
        title = "Accept 1 case on which layers agree" if count == 1 else f"Accept {count} cases on which layers agree"
        return Outcome(ChangeSet(title, tuple(changes)), count)

    @verb
    def explain(self, decision: str, reason: str) -> Outcome[Decision]:
        """Say why something was decided, or take that back with empty text."""
        before = found(self.session.repository, Decision, decision, "decision")
        return self._changed(before, replace(before, reason=_storable_reason(reason)), "Explain a decision")

    @verb
    def keep_precedent(self, decision: str, label: str | None) -> Outcome[Decision]:
        """Keep a decision as a precedent under a label (by id), or no longer with None."""
        repository = self.session.repository
        before = found(repository, Decision, decision, "decision")
        if label is None:
            return self._changed(before, replace(before, precedent=None), "Keep a decision as a precedent no longer")
        chosen = usable_label(repository, label)
        title = f"Keep a decision as a precedent of {chosen.name}"
        return self._changed(before, replace(before, precedent=chosen.id), title)

    def _changed(self, before: Decision, after: Decision, title: str) -> Outcome[Decision]:
        changes = (RowChange(before, after),) if before != after else ()
        return Outcome(ChangeSet(title if changes else "", changes), after)

    @verb
    def reopen(self, decision: str) -> Outcome[None]:
        """Take a decision back with the gold that came of it; the case is open as before.

        Unlike undo it works for any decision of anybody, at any time.
        """
        repository = self.session.repository
        record = found(repository, Decision, decision, "decision")
        layer = found(repository, Layer, record.layer, "layer")
        reviewer, work = self._opened(record.document, layer.round)
        gold = GoldDocument(repository, reviewer, work, self.session.person.id)
        gold.withdraw(record)
        start, end = record.basis.get("start", 0), record.basis.get("end", 0)
        title = f"Reopen “{self._quote(work, start, end)}”"
        return Outcome(ChangeSet(title, tuple(gold.changes())), None)

    @verb
    def approve(
        self, document: str, annotator: str | None = None, forced: bool = False, round: str | None = None
    ) -> Outcome[Approval]:
        """Approve a document: the layers that were compared in it, and its gold.

        Where only one layer counts there is nothing to compare: gold gets what it has, and the decisions are marked
        `single`. With `annotator`, only that person's layer and no gold is approved, as work that is accepted.

        Raises RefusedError where no layer counts, or where cases are open and it is not `forced`.
        """
        reviewer, work = self._opened(document, round)
        layers = work.layers
        if annotator is not None:
            layers = tuple(one for one in reviewer.layers_of(annotator) if one in work.layers)
        if not layers:
            raise RefusedError(
                "Nobody has finished “{title}” yet, so it cannot be approved.", title=work.document.title
            )
        title = f"Approve “{shortened(work.document.title)}”"
        changes = _statuses(work, reviewer.with_joined(layers, work.statuses), "approved")
        if annotator is not None:
            return Outcome(ChangeSet(title, tuple(changes)), Approval(len(work.gold), False))
        is_single = len(work.layers) == 1
        count = len(work.gold)
        if is_single:
            rows, count = self._copied(reviewer, work)
            changes += rows
        elif not forced:
            _refuse_open(work)
        changes += [*self._gold_layer(reviewer), *_statuses(work, (reviewer.gold.id,), "approved")]
        return Outcome(ChangeSet(title, tuple(changes)), Approval(count, is_single))

    @verb
    def return_document(self, document: str, annotator: str, note: str = "", round: str | None = None) -> Outcome[None]:
        """Give a document back to an annotator, with a note that goes along; it replaces that of the last return.

        Raises NotFoundError where the person has no layer in the round.
        """
        repository = self.session.repository
        reviewer = Reviewer(repository, round)
        record = found(repository, Document, document, "document")
        layers = [layer.id for layer in person_layers(repository, annotator, reviewer.round)]
        if not layers:
            raise NotFoundError("This person has not worked in this round. Choose somebody who has.")
        statuses = {one.layer: one.status for one in repository.rows.where(Status, "document", document)}
        layer = next((one for one in layers if one in statuses), layers[0])
        identity = derived_id(document, "status", layer)
        before = repository.rows.get(Status, identity)
        after = Status(identity, document, layer, "returned")
        changes = [RowChange(before, after)] if before != after else []
        changes += note_change(repository, self._return_note(document, layer, note))
        return Outcome(ChangeSet(f"Return “{shortened(record.title)}”", tuple(changes)), None)

    def _return_note(self, document: str, layer: str, body: str) -> Note:
        """Return the note that goes back with a document: in the layer of whose work it is about, so it goes along."""
        identity = return_note_id(document, layer)
        return Note(identity, "document", document, document, layer, self.session.person.id, now(), body)

    def _opened(self, document: str, round_: str | None) -> tuple[Reviewer, DocumentWork]:
        repository = self.session.repository
        reviewer = Reviewer(repository, round_)
        record = found(repository, Document, document, "document")
        if not repository.lists.in_sight([document]):
            raise RefusedError("“{title}” has a newer version. Review that one.", title=record.title)
        work = reviewer.work(document)
        assert work is not None
        return reviewer, work

    def _gold_layer(self, reviewer: Reviewer) -> list[RowChange]:
        stored = self.session.repository.rows.get(Layer, reviewer.gold.id)
        return list(made(reviewer.gold)) if stored is None else []

    def _quote(self, work: DocumentWork, start: int, end: int) -> str:
        return shortened(self.session.repository.blobs.text(work.document.text)[start:end])

    def _refuse_choice(self, case: Case, choice: str, layer: str | None) -> None:
        if choice not in CHOICES:
            raise RefusedError(
                "“{choice}” is no decision. Use one of: {known}.", choice=choice, known=", ".join(CHOICES)
            )
        admitted = applicable(case)
        if choice not in admitted:
            known = [one for one in CHOICES if one in admitted]
            raise RefusedError(
                "“{choice}” does not apply to this case. These do: {known}.", choice=choice, known=", ".join(known)
            )
        if (choice == "layer" or layer is not None) and layer not in case.layers:
            raise RefusedError("Say whose version is taken: one of the layers that are compared here.")

    def _agreed(self, reviewer: Reviewer, document: str, least: int | None) -> tuple[int, list[RowChange]]:
        """Return how many cases of a document layers agree on, and the changes that decide them."""
        work = reviewer.work(document)
        if work is None or len(work.layers) < 2:
            return 0, []
        case_of = {a.id: one.case.id for one in work.judged for a in one.case.annotations}
        groups = [(one, agreeing(one.case, least, case_of)) for one in work.judged if one.state != "decided"]
        agreed = [(one, group) for one, group in groups if group]
        if not agreed:
            return 0, []
        gold = GoldDocument(self.session.repository, reviewer, work, self.session.person.id)
        for judged, group in agreed:
            gold.settle(judged, "agreed", spans_for(work, judged.case, "agreed", group), group, "")
        return len(agreed), gold.changes()

    def _copied(self, reviewer: Reviewer, work: DocumentWork) -> tuple[list[RowChange], int]:
        """Return the changes that copy the only layer to gold, and how many annotations gold has then."""
        gold = GoldDocument(self.session.repository, reviewer, work, self.session.person.id)
        for judged in reviewer.single_cases(work):
            if judged.state == "decided":
                continue
            if not judged.case.annotations:
                for decision in judged.decisions:
                    gold.withdraw(decision)
                continue
            gold.settle(judged, "single", spans_for(work, judged.case, "single", work.layers), work.layers, "")
        return gold.changes(), gold.span_count()

    def _edited(
        self,
        work: DocumentWork,
        case: Case,
        layer: str | None,
        label: str | None,
        fragments: Sequence[Fragment] | None,
        attributes: Mapping[str, Any] | None,
    ) -> tuple[GoldSpan, list[RowChange]]:
        """Return the span that an edit asks for, and the changes that make entities which it names."""
        repository = self.session.repository
        base = next(iter(case.of(layer) if layer else case.annotations), None)
        chosen = usable_label(repository, label or _only({a.label for a in case.annotations}, "label"))
        places = fragments or _only({a.fragments for a in case.annotations}, "place")
        check_fragments(places, work.document.characters)
        span = GoldSpan(
            chosen.id,
            tuple((start, end) for start, end in places),
            tuple(annotation.id for annotation in case.annotations),
            work.raw.get(base.id, {}) if base is not None and attributes is None else {},
        )
        if attributes is None:
            return self._with_fitting_values(span, chosen.key), []
        writer = ValueWriter(repository, codebook_in_use(repository))
        like = Annotation(case.id, case.document, "", chosen.id, "", "", "", span.fragments)
        changes = [c for key, value in attributes.items() for c in writer.changes(like, chosen.key, key, value)]
        values = {c.after.attribute: c.after.value for c in changes if isinstance(c.after, AttributeValue)}
        return replace(span, values=values), [c for c in changes if c.table == "entity"]

    def _with_fitting_values(self, span: GoldSpan, label_key: str) -> GoldSpan:
        """Return the span without values of attributes that its label does not have."""
        known = {one.id for one in codebook_in_use(self.session.repository).attributes_for(label_key)}
        return replace(span, values={key: value for key, value in span.values.items() if key in known})


_CHOICE_WORDS = {
    "layer": "one layer's version",
    "neither": "nothing",
    "union": "union of the edges",
    "intersection": "intersection of the edges",
    "both": "every version",
    "edit": "a version of its own",
    "agreed": "what all have",
}


def return_note_id(document: str, layer: str) -> str:
    """Return the id of the note that goes back with a document to whose layer it is."""
    return derived_id(document, "returned", layer)


def _storable_reason(reason: str) -> str:
    reason = reason.strip()
    refuse_unstorable(reason)
    if len(reason) > REASON_LIMIT:
        raise RefusedError(
            "The reason has {count} characters; {limit} is the most. Shorten it.", count=len(reason), limit=REASON_LIMIT
        )
    return reason


def _case_of(work: DocumentWork, case_id: str) -> Judged:
    for judged in work.judged:
        if judged.case.id == case_id:
            return judged
    raise NotFoundError(
        "This case of “{title}” is not there any more: what was tagged has changed. Look at it again.",
        title=work.document.title,
    )


def _chosen(case: Case, choice: str, layer: str | None) -> tuple[str, ...]:
    """Return the layers whose relations go to gold with a choice."""
    if choice == "layer":
        return (layer,) if layer else ()
    return () if choice == "neither" else case.layers


def _only(found_values: set[Any], what: str) -> Any:
    if len(found_values) != 1:
        raise RefusedError("The layers do not have one {what} here. Say which it shall be.", what=what)
    return found_values.pop()


def _statuses(work: DocumentWork, layers: Iterable[str], status: str) -> list[RowChange]:
    changes = []
    for layer in layers:
        identity = derived_id(work.document.id, "status", layer)
        known = work.statuses.get(layer)
        before = Status(identity, work.document.id, layer, known) if known is not None else None
        after = Status(identity, work.document.id, layer, status)
        changes += [RowChange(before, after)] if before != after else []
    return changes


def _refuse_open(work: DocumentWork) -> None:
    count = sum(judged.state != "decided" for judged in work.judged)
    if count:
        raise RefusedError(
            "“{title}” has {count} cases that are not decided. Decide them first, or approve it all the same.",
            title=work.document.title,
            count=count,
        )
