"""How far layers agree in a project: which layers and documents are compared, and the figures.

A layer counts in a document where its annotator is done with it (done, returned, approved) or has tagged something in
it; gold also where something was decided. A document counts where at least two of the layers do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from annotator.core.errors import AmbiguousError, NotFoundError, RefusedError
from annotator.core.records import (
    FINISHED,
    Annotation,
    Decision,
    Document,
    Label,
    Layer,
    Project,
    Relation,
    Round,
    Status,
)
from annotator.core.same_people import letter_of, resolved
from annotator.session.codebook import codebook_in_use
from annotator.session.progress import Progress, no_progress
from annotator.storage.sql import portions

if TYPE_CHECKING:
    from annotator.analysis.agreement.figures import Measured
    from annotator.analysis.agreement.units import LayeredDocument
    from annotator.session.session import Session

GOLD = "gold"
PERIODS = ("date", "tagged")
"""What a month is: that of the document's date, or that in which its newest span was made."""

_PORTION = 200
"""Documents that are read at once."""

_TOLD = 20
"""How far it is is told once in so many documents."""


@dataclass(frozen=True, slots=True)
class AgreementScope:
    """What is compared; an empty field lets everything through.

    `layers` are layer ids: empty means those of all annotators in the round, `gold` adds the gold layer. `round`,
    `labels` and `documents` are ids, an empty `round` is the one in use. `file` is a part of the source file's name.
    `date_from` and `date_to` are ISO 8601 or a
    beginning of it, both included. `finished_only` leaves out what somebody is still working on. `period` is one of
    PERIODS.
    """

    layers: tuple[str, ...] = ()
    gold: bool = False
    round: str = ""
    labels: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    file: str = ""
    date_from: str = ""
    date_to: str = ""
    finished_only: bool = False
    period: str = PERIODS[0]


@dataclass(frozen=True, slots=True)
class ComparedLayer:
    """A layer as figures name it. `letter` says nothing of who it is; gold's is ◆.

    `others` are further layers of the same person in the round, whose spans count as this one's.
    """

    id: str
    name: str
    letter: str = ""
    is_gold: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures with what they are of. `titles` are those of the documents, by id.

    `names_shown` says that figures may be shown with the names of people; otherwise letters stand for them.
    """

    round: Round
    layers: tuple[ComparedLayer, ...]
    labels: tuple[Label, ...]
    measured: Measured
    titles: Mapping[str, str] = field(default_factory=dict)
    names_shown: bool = False

    @property
    def layer_names(self) -> list[str]:
        """Return who is compared, by name, gold first; the order tells nothing of the letters."""
        return sorted((one.name for one in self.layers), key=lambda name: (name != GOLD, name.casefold()))

    def layer_name(self, layer: str) -> str:
        """Return what a layer is called beside a figure."""
        found = next(one for one in self.layers if one.id == layer)
        return found.name if self.names_shown or found.is_gold else found.letter

    def pair_name(self, pair: tuple[str, str]) -> str:
        """Return what a pair of layers is called beside a figure."""
        return " ↔ ".join(map(self.layer_name, pair))


def agreement(
    session: Session,
    scope: AgreementScope | None = None,
    *,
    samples: int | None = None,
    progress: Progress = no_progress,
    check: Callable[[], None] = lambda: None,
) -> Agreement:
    """Return how far layers agree; nothing is changed.

    `samples` is the number of bootstrap samples behind the intervals. `check` is called now and then and raises
    Cancelled where the work should stop. Raises NotFoundError for what is not there, RefusedError for layers of several
    rounds, and for an analyst where the round is not released.
    """
    from annotator.analysis.agreement.figures import SAMPLES, measure
    from annotator.analysis.agreement.tallies import Tallies

    wanted = scope or AgreementScope()
    round_ = _round_of(session, wanted)
    _refuse_unreleased(session, round_)
    reader = _Reader(session, wanted, compared_layers(session, wanted, round_), check)
    plan = reader.plan()
    counting = set().union(*plan.values())
    layers = [one for one in reader.layers if wanted.layers or not counting or one.id in counting]
    labels = _labels(session, wanted)
    tallies = Tallies([one.id for one in layers], [label.id for label in labels])
    for document in reader.documents(plan):
        check()
        if len(tallies.documents) % _TOLD == 0:
            progress(len(tallies.documents), len(plan), reader.titles[document.id])
        tallies.add(document)
    tallies.close()

    def tell(done: int, of: int) -> None:
        check()
        progress(done, of, "")

    measured = measure(tallies, samples=SAMPLES if samples is None else samples, check=tell)
    titles = {document: reader.titles[document] for document in measured.by_document}
    return Agreement(round_, tuple(layers), tuple(labels), measured, titles, shows_people(session))


def shows_people(session: Session) -> bool:
    """Say whether figures may be shown by person: to leads, where the project is set so."""
    return session.role == "lead" and bool(session.queries.project().options.get("person_figures"))


def compared_layers(session: Session, scope: AgreementScope, round_: Round) -> list[ComparedLayer]:
    """Return the layers that a scope names, the gold layer first, each with its letter.

    Everybody who has done anything in the round has a letter, in the order of the ids and not of the names, so that
    letters tell nothing of who it is, and stay the same whatever is chosen.
    """
    in_round = [layer for layer in session.reading.rows.all(Layer) if layer.round == round_.id]
    if scope.layers:
        known = {layer.id: layer for layer in in_round}
        chosen = [known[layer] for layer in dict.fromkeys(scope.layers)]
    else:
        chosen = [layer for layer in in_round if layer.kind != GOLD]
    if scope.gold:
        chosen += [layer for layer in in_round if layer.kind == GOLD and layer not in chosen]
    letters = _letters(session, in_round)
    found = [replace(one, letter=letters.get(one.id, "◆")) for one in _by_person(session, chosen, in_round)]
    by_name = shows_people(session)
    return sorted(found, key=lambda one: (not one.is_gold, one.name.casefold() if by_name else "", *_length_first(one)))


def _length_first(layer: ComparedLayer) -> tuple[int, str]:
    return len(layer.letter), layer.letter


def _letters(session: Session, in_round: Sequence[Layer]) -> dict[str, str]:
    """Return a letter for the layer of each person in a round; who has done nothing yet comes last."""
    repository = session.reading
    ids = [layer.id for layer in in_round]
    busy = set(repository.lists.annotation_counts())
    busy |= {status.layer for status in repository.rows.where_in(Status, "layer", ids) if status.status in FINISHED}
    people = [one for one in _by_person(session, in_round, in_round) if not one.is_gold]
    people.sort(key=lambda one: (busy.isdisjoint((one.id, *one.others)), one.id))
    return {one.id: letter_of(place) for place, one in enumerate(people)}


def _by_person(session: Session, chosen: Iterable[Layer], in_round: Iterable[Layer]) -> list[ComparedLayer]:
    """Return one layer for each person, with the person's other ones in the round."""
    people = session.queries.annotators()
    names = {person.id: person.name for person in people}
    of_person: dict[str, list[str]] = defaultdict(list)
    for layer in sorted(in_round, key=lambda one: one.id):
        if layer.annotator is not None:
            of_person[resolved(people, layer.annotator)].append(layer.id)
    found: dict[str, ComparedLayer] = {}
    for layer in chosen:
        if layer.annotator is None:
            found[layer.id] = ComparedLayer(layer.id, GOLD, is_gold=True)
            continue
        person = resolved(people, layer.annotator)
        first, *others = of_person[person]
        found.setdefault(first, ComparedLayer(first, names.get(person, person), others=tuple(others)))
    return list(found.values())


def layers_named(session: Session, names: Sequence[str], round_: str = "") -> tuple[str, ...]:
    """Return the ids of layers named by id, by annotator, or as gold, in the round with this id or the one in use.

    Raises NotFoundError, or AmbiguousError where several people have a name.
    """
    queries = session.queries
    current = round_ or queries.project().round
    layers = queries.layers()
    in_round = [layer for layer in layers if layer.round == current]
    people = {person.id: person for person in queries.annotators()}
    found = []
    for name in names:
        by_id = [layer.id for layer in layers if layer.id == name]
        if name == GOLD:
            matching = [layer.id for layer in in_round if layer.kind == GOLD]
        else:
            matching = [
                one.id for one in in_round if one.annotator and name in (one.annotator, people[one.annotator].name)
            ]
        matching = by_id or matching
        if not matching:
            known = sorted({people[one.annotator].name if one.annotator else GOLD for one in in_round})
            raise NotFoundError(
                "No layer of this round is called “{name}”. There are: {known}.", name=name, known=", ".join(known)
            )
        if len({resolved(people.values(), one.annotator or "") for one in layers if one.id in matching}) > 1:
            raise AmbiguousError(
                "Several people are called “{name}”. Name a layer by id: {ids}.", name=name, ids=", ".join(matching)
            )
        found.append(matching[0])
    return tuple(found)


def round_named(session: Session, name: str) -> Round:
    """Return a round by id or name. Raises NotFoundError, which lists the names."""
    rounds = sorted(session.queries.rounds(), key=lambda one: one.position)
    for one in rounds:
        if name in (one.id, one.name):
            return one
    known = ", ".join(one.name for one in rounds)
    raise NotFoundError("There is no round “{name}” in this project. There are: {known}.", name=name, known=known)


def _round_of(session: Session, scope: AgreementScope) -> Round:
    rows = session.reading.rows
    layers = {layer.id: layer for layer in rows.all(Layer)}
    for layer in scope.layers:
        if layer not in layers:
            raise NotFoundError("There is no layer “{id}” in this project.", id=layer)
    rounds = {layers[layer].round for layer in scope.layers} | ({scope.round} if scope.round else set())
    if len(rounds) > 1:
        raise RefusedError("These layers are of different rounds, which cannot be compared. Choose those of one round.")
    wanted = rounds.pop() if rounds else rows.all(Project)[0].round
    return round_named(session, wanted)


def _refuse_unreleased(session: Session, round_: Round) -> None:
    if session.role != "lead" and not round_.released:
        raise RefusedError(
            "How far analysts agree in the round “{round}” is not released yet. Ask a lead to release it.",
            round=round_.name,
        )


def _labels(session: Session, scope: AgreementScope) -> list[Label]:
    labels = sorted(codebook_in_use(session.reading).labels, key=lambda label: label.position)
    return [label for label in labels if not scope.labels or label.id in scope.labels]


class _Reader:
    """Reads documents a portion at a time, so that nothing else waits for long."""

    def __init__(
        self, session: Session, scope: AgreementScope, layers: Sequence[ComparedLayer], check: Callable[[], None]
    ) -> None:
        self._repository = session.reading
        self._scope = scope
        self._check = check
        self.layers = list(layers)
        self._layer_of = {member: one.id for one in layers for member in (one.id, *one.others)}
        self.titles: dict[str, str] = {}

    def plan(self) -> dict[str, set[str]]:
        """Return the layers that count in each document, in those where at least two do."""
        lists = self._repository.lists
        ids = lists.document_ids()
        if self._scope.documents:
            wanted = set(self._scope.documents)
            ids = [document for document in ids if document in wanted]
        finished = self._finished()
        gold = {one.id for one in self.layers if one.is_gold}
        plan = {}
        for portion in portions(ids):
            self._check()
            tagged = lists.layers_in(portion)
            for document in portion:
                here = {self._layer_of[layer] for layer in tagged.get(document, ()) if layer in self._layer_of}
                counting = finished.get(document, set()) | (here & gold if self._scope.finished_only else here)
                if len(counting) > 1:
                    plan[document] = counting
        return self._narrowed(plan)

    def _narrowed(self, plan: Mapping[str, set[str]]) -> dict[str, set[str]]:
        """Return what is left when the documents' own properties are asked as well, and note the titles."""
        documents = self._repository.rows.where_in(Document, "id", plan)
        self.titles = {document.id: document.title for document in documents if self._is_wanted(document)}
        return {document: layers for document, layers in plan.items() if document in self.titles}

    def documents(self, plan: Mapping[str, set[str]]) -> Iterator[LayeredDocument]:
        """Yield the planned documents with what the layers have in them."""
        for portion in portions(plan, _PORTION):
            self._check()
            with self._repository.moment():
                documents = {one.id: one for one in self._repository.rows.where_in(Document, "id", portion)}
                layered = list(self._layered([documents[i] for i in portion if i in documents], plan))
            yield from layered

    def _finished(self) -> Mapping[str, set[str]]:
        """Return the layers that are done with each document."""
        rows = self._repository.rows
        found: defaultdict[str, set[str]] = defaultdict(set)
        for status in rows.where_in(Status, "layer", sorted(self._layer_of)):
            if status.status in FINISHED:
                found[status.document].add(self._layer_of[status.layer])
        gold = [one.id for one in self.layers if one.is_gold]
        for decision in rows.where_in(Decision, "layer", gold):
            found[decision.document].add(decision.layer)
        return found

    def _is_wanted(self, document: Document) -> bool:
        scope = self._scope
        if scope.languages and document.language not in scope.languages:
            return False
        if scope.formats and document.format not in scope.formats:
            return False
        if scope.file.casefold() not in document.file.casefold():
            return False
        if (scope.date_from or scope.date_to) and not document.date:
            return False
        first, last = scope.date_from[: len(document.date)], scope.date_to
        return document.date >= first and (not last or document.date[: len(last)] <= last)

    def _layered(self, documents: Sequence[Document], plan: Mapping[str, set[str]]) -> Iterator[LayeredDocument]:
        from annotator.analysis.agreement.units import LayeredDocument

        ids = [document.id for document in documents]
        annotations = self._by_layer(self._repository.rows.where_in(Annotation, "document", ids))
        relations = self._by_layer(self._repository.rows.where_in(Relation, "document", ids))
        for document in documents:
            tagged = annotations.get(document.id, {})
            here = {layer: tagged.get(layer, []) for layer in plan[document.id]}
            yield LayeredDocument(
                document.id, document.characters, here, relations.get(document.id, {}), self._month(document, here)
            )

    def _by_layer(self, rows: Iterable) -> dict[str, dict[str, list]]:
        """Return the rows of the layers that are compared by document and layer."""
        found: dict[str, dict[str, list]] = {}
        for row in rows:
            layer = self._layer_of.get(row.layer)
            if layer is not None:
                found.setdefault(row.document, {}).setdefault(layer, []).append(row)
        return found

    def _month(self, document: Document, tagged: Mapping[str, Sequence[Annotation]]) -> str:
        if self._scope.period == "tagged":
            return max((row.created for rows in tagged.values() for row in rows), default="")[:7]
        return document.date[:7]
