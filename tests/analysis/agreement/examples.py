"""Documents for the tests of agreement: from (start, end, label) triples, or drawn at random."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from annotator.analysis.agreement.units import LayeredDocument
from annotator.core.records import Annotation, Relation

Span = tuple[int, int, str]

LABELS = ("pledge", "condition", "criticism", "signal")


def annotation(name: str, layer: str, span: Span, document: str = "d") -> Annotation:
    start, end, label = span
    return Annotation(name, document, layer, label, layer, "c", "2031-01-01T00:00:00Z", ((start, end),))


def layered(
    layers: Mapping[str, Iterable[Span]],
    characters: int = 1000,
    document: str = "d",
    relations: Mapping[str, Sequence[tuple[str, str, str]]] | None = None,
    month: str = "",
) -> LayeredDocument:
    """Return a document; the third span of layer A is called "A2", a relation is (source, type, target)."""
    return LayeredDocument(
        document,
        characters,
        {
            layer: [annotation(f"{layer}{place}", layer, span, document) for place, span in enumerate(spans)]
            for layer, spans in layers.items()
        },
        {
            layer: [
                Relation(f"{layer}-{place}", document, layer, kind, source, target, layer, "")
                for place, (source, kind, target) in enumerate(rows)
            ]
            for layer, rows in (relations or {}).items()
        },
        month,
    )


def drawn(
    seed: int, documents: int = 12, layers: Sequence[str] = ("A", "B", "C"), most: int = 8
) -> list[LayeredDocument]:
    """Return documents in which layers have spans that are alike but for some edges, labels and omissions."""
    generator = random.Random(seed)
    found = []
    for number in range(documents):
        true = [_span(generator) for _ in range(generator.randint(0, most))]
        spans = {layer: [_seen(generator, span) for span in true if generator.random() < 0.8] for layer in layers}
        for layer in layers:
            if generator.random() < 0.3:
                spans[layer].append(_span(generator))
        found.append(layered(spans, 1200, f"d{number}", month=f"2031-{1 + number % 3:02}"))
    return found


def _span(generator: random.Random) -> Span:
    start = generator.randrange(0, 1000)
    return start, start + generator.randint(1, 150), generator.choice(LABELS)


def _seen(generator: random.Random, span: Span) -> Span:
    start, end, label = span
    if generator.random() < 0.3:
        start, end = start + generator.randint(0, 5), end + generator.randint(6, 20)
    return start, end, label if generator.random() < 0.8 else generator.choice(LABELS)
