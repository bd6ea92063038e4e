"""Random annotating against a plain model: what verbs make of spans, relations and labels, and what undo restores.

The model knows nothing of rows, journals or change sets: it holds a picture of the document for each step.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from annotator.core.codebook import Codebook
from annotator.core.errors import UserError
from annotator.formats.codebooks import default_codebook
from annotator.session.session import Session, create_project
from tests.support import PERSON, TEXT, add_document

RUNS = 200
STEPS = 16

Fragments = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Picture:
    """Spans by id as (label id, fragments), relations as (source, type key, target), and labels out of use."""

    spans: dict[str, tuple[str, Fragments]] = field(default_factory=dict)
    relations: frozenset[tuple[str, str, str]] = frozenset()
    retired: frozenset[str] = frozenset()

    def with_span(self, identity: str, label: str, fragments: Fragments) -> Picture:
        return replace(self, spans={**self.spans, identity: (label, fragments)})

    def without(self, identity: str) -> Picture:
        spans = {known: span for known, span in self.spans.items() if known != identity}
        relations = frozenset(r for r in self.relations if identity not in (r[0], r[2]))
        return replace(self, spans=spans, relations=relations)


class Run:
    """One random session; after each step the project must show what the model does."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path = path
        self.rng = rng
        self.session = Session(path, PERSON)
        self.document = self.session.queries.documents()[0].document.id
        self.picture = Picture()
        self.past: list[Picture] = []
        self.future: list[Picture] = []
        self.verbs: tuple[Callable[[], Picture], ...] = (
            *(self.tag, self.tag, self.tag, self.resize, self.relabel, self.split, self.merge, self.merge),
            *(self.relate, self.relate, self.relate, self.relate, self.delete, self.merge_labels),
        )

    def step(self) -> None:
        chosen = self.rng.random()
        if chosen < 0.15:
            self.travel(self.session.history.undo, self.past, self.future)
        elif chosen < 0.25:
            self.travel(self.session.history.redo, self.future, self.past)
        elif chosen < 0.3:
            self.session.close()
            self.session = Session(self.path, PERSON)
        else:
            self.work(self.rng.choice(self.verbs))
        assert self.seen() == self.picture

    def work(self, verb: Callable[[], Picture]) -> None:
        try:
            after = verb()
        except UserError:
            return
        if after != self.picture:
            self.past.append(self.picture)
            self.future.clear()
            self.picture = after

    def travel(self, verb: Callable[[], object], source: list[Picture], target: list[Picture]) -> None:
        if source:
            verb()
            target.append(self.picture)
            self.picture = source.pop()

    def seen(self) -> Picture:
        content, codebook = self.session.queries.content(self.document), self.codebook()
        types = {relation.id: relation.key for relation in codebook.relations}
        return Picture(
            {a.id: (a.label, a.fragments) for a in content.annotations},
            frozenset((r.source, types[r.type], r.target) for r in content.relations),
            frozenset(label.id for label in codebook.labels if label.retired),
        )

    def codebook(self) -> Codebook:
        return self.session.queries.codebook()

    # -- choices

    def labels(self) -> list[str]:
        return [label.id for label in self.codebook().labels if label.id not in self.picture.retired]

    def span(self) -> str:
        if not self.picture.spans:
            raise UserError("There is nothing yet.")
        return self.rng.choice(list(self.picture.spans))

    def fragments(self) -> Fragments:
        edges = sorted(self.rng.sample(range(len(TEXT) + 1), self.rng.choice((2, 2, 2, 4))))
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    # -- verbs: each does one thing to the project and returns what must come of it

    def tag(self) -> Picture:
        label, fragments = self.rng.choice(self.labels()), self.fragments()
        made = self.session.annotations.tag(self.document, label, fragments)
        return self.picture.with_span(made.id, label, fragments)

    def resize(self) -> Picture:
        span, fragments = self.span(), self.fragments()
        self.session.annotations.resize(span, fragments)
        return self.picture.with_span(span, self.picture.spans[span][0], fragments)

    def relabel(self) -> Picture:
        span, label = self.span(), self.rng.choice(self.labels())
        self.session.annotations.relabel(span, label)
        return self.picture.with_span(span, label, self.picture.spans[span][1])

    def relate(self) -> Picture:
        source, target = self.span(), self.span()
        codebook = self.codebook()
        kind = self.rng.choice(codebook.relations)
        keys = {label.id: label.key for label in codebook.labels}
        ends = [keys[self.picture.spans[end][0]] for end in (source, target)]
        link = (source, kind.key, target)
        allowed = source != target and codebook.allowed(kind, *ends) and link not in self.picture.relations
        try:
            self.session.relations.relate(source, kind.key, target)
        except UserError:
            assert not allowed
            raise
        assert allowed
        return replace(self.picture, relations=self.picture.relations | {link})

    def split(self) -> Picture:
        span, place = self.span(), self.rng.randrange(len(TEXT))
        label, fragments = self.picture.spans[span]
        sides = [_stripped(_within(fragments, low, high)) for low, high in ((0, place), (place, len(TEXT)))]
        try:
            first, second = self.session.annotations.split(span, place)
        except UserError:
            assert not all(sides)
            raise
        assert first.id == span
        return self.picture.with_span(span, label, sides[0]).with_span(second.id, label, sides[1])

    def merge(self) -> Picture:
        known, first = self.picture.spans, self.span()
        alike = [span for span in known if known[span][0] == known[first][0]]
        pool = alike if self.rng.random() < 0.8 else list(known)
        spans = {first, *(self.rng.choice(pool) for _ in range(self.rng.choice((1, 1, 2))))}
        mixed = len({known[span][0] for span in spans}) > 1
        try:
            kept = self.session.annotations.merge(list(spans)).id
        except UserError:
            assert mixed or len(spans) < 2
            raise
        assert not mixed
        assert known[kept][1][0][0] == min(known[span][1][0][0] for span in spans)
        covered = {place for span in spans for start, end in known[span][1] for place in range(start, end)}
        relations = {
            (kept if source in spans else source, kind, kept if target in spans else target)
            for source, kind, target in self.picture.relations
        }
        after = self.picture
        for gone in spans - {kept}:
            after = after.without(gone)
        after = after.with_span(kept, known[kept][0], _bridged(covered))
        return replace(after, relations=frozenset(r for r in relations if r[0] != r[2]))

    def delete(self) -> Picture:
        span = self.span()
        self.session.annotations.delete([span])
        return self.picture.without(span)

    def merge_labels(self) -> Picture:
        if self.rng.random() < 0.6 or len(self.labels()) < 3:
            raise UserError("Not now.")
        source, target = self.rng.sample(self.labels(), 2)
        self.session.codebooks.save(self.codebook(), {source: target})
        spans = {
            span: (target if label == source else label, fragments)
            for span, (label, fragments) in self.picture.spans.items()
        }
        return replace(self.picture, spans=spans, retired=self.picture.retired | {source})


def _within(fragments: Fragments, low: int, high: int) -> Fragments:
    cut = ((max(start, low), min(end, high)) for start, end in fragments)
    return tuple((start, end) for start, end in cut if start < end)


def _stripped(fragments: Fragments) -> Fragments:
    kept = []
    for start, end in fragments:
        inside = [place for place in range(start, end) if not TEXT[place].isspace()]
        if inside:
            kept.append((inside[0], inside[-1] + 1))
    return tuple(kept)


def _bridged(covered: set[int]) -> Fragments:
    """Return the runs of positions, joined where no letter or digit stands between them."""

    def runs() -> Iterator[tuple[int, int]]:
        start = before = min(covered)
        for place in sorted(covered)[1:]:
            if any(character.isalnum() for character in TEXT[before + 1 : place]):
                yield start, before + 1
                start = place
            before = place
        yield start, before + 1

    return tuple(runs())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("random") / "template.annodb"
    create_project(path, default_codebook(), PERSON)
    with Session(path, PERSON) as session:
        add_document(session)
    return path


@pytest.mark.parametrize("seed", range(RUNS))
def test_the_project_is_what_the_model_says(template: Path, tmp_path: Path, seed: int) -> None:
    path = Path(shutil.copy(template, tmp_path / "p.annodb"))
    run = Run(path, random.Random(seed))
    try:
        for _ in range(STEPS):
            run.step()
    finally:
        run.session.close()
