"""The consistency check: what does not fit in what is tagged, and the quick fixes.

For the hand-off, `handin_problems(session)` returns what a person should look at before handing in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.analysis.consistency.check import check_layer
from annotator.analysis.consistency.facts import Finding, LayerFacts
from annotator.analysis.consistency.repeats import SentenceIndex, TaggedSentence, tagged_sentences
from annotator.analysis.consistency.rules import ACROSS_DOCUMENTS, RULES
from annotator.core.changes import ChangeSet
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.records import Annotation, Document, Layer
from annotator.session.annotations import shortened
from annotator.session.consistency_facts import FactsReader, book_of
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.session.verb import Outcome, Verbs, verb

if TYPE_CHECKING:
    from annotator.session.session import Session


_TITLE = 60
_FOR_ALL_DOCUMENTS = ("project", "codebook", "label", "attribute_definition", "relation_type", "layer", "annotator")


@dataclass(frozen=True, slots=True)
class Fixed:
    """How many findings a quick fix mended, and how many it left: changed meanwhile, or in the way of another one."""

    done: int
    left: int


class Consistency(Verbs):
    """Analysts check their own layer, leads every layer."""

    def rules(self) -> tuple[str, ...]:
        """Return the ids of the rules that the project asks."""
        off = self.session.options.get("lint_off")
        return tuple(rule for rule in RULES if rule not in off)

    def layers(self) -> tuple[str, ...]:
        """Return the ids of the layers that the person may check: for leads all, for others the own ones in use."""
        if self.session.role == "lead" and self.session.package is None:
            return tuple(layer.id for layer in self.session.reading.rows.all(Layer))
        return self._own()

    def _own(self) -> tuple[str, ...]:
        return self.session.own_layers(self.session.reading)

    def findings(
        self,
        documents: Iterable[str] | None = None,
        layers: Collection[str] | None = None,
        rules: Collection[str] | None = None,
        *,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> Iterator[Finding]:
        """Yield what does not fit, document by document; rules that compare documents come at the end.

        Args:
            documents: ids; None for all.
            layers: ids; None for all that the person may check.
            rules: ids; None for those that the project asks.
            progress: called with the documents that are done.
            cancel: looked at before each document.

        Raises RefusedError for a layer that the person may not check, NotFoundError for an unknown rule, and Cancelled.
        """
        yield from self.check(layers, rules).run(documents, progress=progress, cancel=cancel)

    def check(self, layers: Collection[str] | None = None, rules: Collection[str] | None = None) -> ConsistencyCheck:
        """Return a check that can be brought up to date after changes. Arguments and errors as in `findings`."""
        wanted = self.rules() if rules is None else tuple(rules)
        for rule in wanted:
            if rule not in RULES:
                raise NotFoundError("There is no rule “{rule}”. These are: {known}.", rule=rule, known=", ".join(RULES))
        allowed = self.layers()
        if layers is not None and not set(layers) <= {*allowed, *self._own()}:
            raise RefusedError("Only leads check what others tagged. Leave it to one of them.")
        return ConsistencyCheck(self.session, allowed if layers is None else layers, wanted)

    def touched(self, changes: ChangeSet) -> set[str] | None:
        """Return the documents to check again after a committed change, None where it may concern all of them."""
        if changes.touches(*_FOR_ALL_DOCUMENTS):
            return None
        older = {change.record.supersedes for change in changes.of("document") if isinstance(change.record, Document)}
        return self.session.reading.documents_of(changes) | {one for one in older if one is not None}

    @verb
    def fix(self, findings: Sequence[Finding]) -> Outcome[Fixed]:
        """Mend findings by their quick fixes (see analysis.consistency.rules) as one step.

        What does not hold any more, or has no quick fix, stays as it is. Raises RefusedError where one is in somebody
        else's layer.
        """
        from annotator.session.consistency_fixes import Fixes

        fixes = Fixes(self.session.repository, self.session.person.id)
        changes, done = fixes.changes(findings)
        return Outcome(changes, Fixed(done, len(findings) - done))


def handin_problems(
    session: Session, *, progress: Progress = no_progress, cancel: Cancel | None = None
) -> list[Finding]:
    """Return what a person should look at before handing in: no hints, by document. Raises Cancelled."""
    own = session.own_layers(session.reading)
    found = session.consistency.findings(layers=own, progress=progress, cancel=cancel)
    return sorted((one for one in found if one.rule_row.severity != "hint"), key=lambda one: (one.title, one.start))


def _has(sentence: TaggedSentence, finding: Finding) -> bool:
    return any(annotation.id == finding.annotation for annotation in sentence.annotations)


class ConsistencyCheck:
    """One run over documents. It remembers which sentences stand where, so that a change asks for few documents again.

    It may run on any thread, one at a time.
    """

    def __init__(self, session: Session, layers: Collection[str], rules: Collection[str]) -> None:
        self._repository = session.reading
        self._layers = frozenset(layers)
        self._rules = frozenset(rules)
        self._compares = bool(self._rules & ACROSS_DOCUMENTS)
        self._index = SentenceIndex()
        self._titles: dict[str, str] = {}
        self._read_codebook()

    def _read_codebook(self) -> None:
        self._book = book_of(self._repository)
        self._reader = FactsReader(self._repository, self._book.codebook, self._layers)

    def run(
        self,
        documents: Iterable[str] | None = None,
        *,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> Iterator[Finding]:
        """Yield what does not fit, as `Consistency.findings` does."""
        everything = self._repository.lists.document_ids()
        wanted = frozenset(everything if documents is None else documents)
        asked = everything if self._compares else [one for one in everything if one in wanted]
        cancel = cancel or Cancel()
        for done, (document, layers) in enumerate(self._reader.read(asked)):
            cancel.check()
            progress(done, len(asked), document.title)
            if document.id in wanted:
                yield from self._alone(layers)
            if self._compares:
                self._know(document, layers)
        progress(len(asked), len(asked), "")
        yield from self._compared(self._index.documents() & wanted, cancel)

    def again(self, documents: Iterable[str], *, cancel: Cancel | None = None) -> dict[str, list[Finding]]:
        """Return what does not fit now in documents that changed, and in those that are compared with them.

        Documents that are gone have no findings. Raises Cancelled; the check is to be made anew then.
        """
        cancel, documents = cancel or Cancel(), set(documents)
        self._read_codebook()
        in_sight = self._repository.lists.in_sight(documents)
        found: dict[str, list[Finding]] = {document: [] for document in documents}
        affected: set[str] = set()
        for document, layers in self._reader.read(sorted(in_sight)):
            cancel.check()
            found[document.id] += self._alone(layers)
            affected |= self._know(document, layers) if self._compares else set()
        for document in found.keys() - in_sight:
            affected |= self._index.put(document, ())
        others = affected - found.keys()
        for document, layers in self._reader.read(sorted(others)):
            found[document.id] = list(self._alone(layers))
        for finding in self._compared(self._index.documents() & found.keys(), cancel):
            found[finding.document].append(finding)
        return found

    def other_place(self, finding: Finding) -> Annotation | None:
        """Return an annotation in the other place of a sentence that is tagged differently, None where there is none.

        Of several it is one in the document that the finding names.
        """
        own = next((one for one in self._tagged(finding.document, finding.layer) if _has(one, finding)), None)
        if own is None or finding.other is None:
            return None
        others = [one for one in self._tagged(finding.other, finding.layer) if one.key == own.key]
        return next((one.annotations[0] for one in others if one.tags != own.tags), None)

    def _tagged(self, document: str, layer: str) -> list[TaggedSentence]:
        read = self._reader.read([document])
        return [
            one
            for _, layers in read
            for facts in layers
            if facts.layer == layer
            for one in tagged_sentences(facts, self._index)
        ]

    def _alone(self, layers: Sequence[LayerFacts]) -> Iterator[Finding]:
        for facts in layers:
            yield from check_layer(facts, self._book, self._rules)

    def _know(self, document: Document, layers: Sequence[LayerFacts]) -> set[str]:
        return self._index.put(document.id, [one for facts in layers for one in tagged_sentences(facts, self._index)])

    def _compared(self, documents: Collection[str], cancel: Cancel) -> Iterator[Finding]:
        """Yield the sentences of documents that are tagged differently elsewhere."""
        for _document, layers in self._reader.read(sorted(documents)):
            cancel.check()
            for facts in layers:
                found = self._index.findings(facts, self._book, self._title_of)
                yield from (finding for finding in found if finding.rule in self._rules)

    def _title_of(self, document: str) -> str:
        if document not in self._titles:
            found = self._repository.rows.get(Document, document)
            self._titles[document] = shortened(found.title, _TITLE) if found is not None else ""
        return self._titles[document]
