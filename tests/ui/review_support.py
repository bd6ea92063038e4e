"""A project with three layers and a window that shows its review, as the tests of the review page share them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from annotator.core.records import Annotation, Document
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.support import add_document

LEAD = Person("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "Lead")
ANALYSTS = tuple(
    Person(f"{digit * 8}-bbbb-4bbb-8bbb-{digit * 12}", f"Analyst {name}") for digit, name in ("1A", "2B", "3C")
)

TEXT = """Summit statement

We will provide air defence if the council agrees. The alliance condemns the attack on the port.
Any further attack will be answered. We will never recognise the annexation."""

EDGES = "We will provide air defence"
LABEL = "Any further attack will be answered"
ONE_SIDED = "We will never recognise the annexation"
SAME = "The alliance condemns the attack on the port"

Tag = tuple[str, str]
"""The key of a label, and the words that get it."""

TAGS: tuple[tuple[Tag, ...], ...] = (
    (("pledge", f"{EDGES} if the council agrees"), ("criticism", SAME), ("pledge", LABEL), ("pledge", ONE_SIDED)),
    (("pledge", EDGES), ("criticism", SAME), ("signal_to_russia", LABEL)),
    (("pledge", EDGES), ("criticism", SAME), ("signal_to_russia", LABEL)),
)
"""What each analyst tags: one case of each of four kinds."""


def make_project(path: Path) -> None:
    """Make an empty project of the lead."""
    create_project(path, default_codebook(), LEAD)


def add_reviewed(
    path: Path, text: str = TEXT, tags: Iterable[tuple[Tag, ...]] = TAGS, title: str = "Statement"
) -> Document:
    """Put a document into the project, and for each analyst what they tag; all of them are done with it."""
    with Session(path, LEAD) as session:
        document = add_document(session, text, title)
    for person, own in zip(ANALYSTS, tags, strict=False):
        with Session(path, person) as session:
            labels = {label.key: label.id for label in session.queries.codebook().labels}
            for key, words in own:
                start = text.index(words)
                session.annotations.tag(document.id, labels[key], [(start, start + len(words))])
            session.documents.set_status(document.id, "done")
    return document


def gold_of(session: Session, document: str) -> list[tuple[str, str]]:
    """Return the labels' keys and the words of gold, in the order of the text."""
    content = session.queries.content(document)
    gold = {layer.id for layer in session.queries.layers() if layer.kind == "gold"}
    keys = {label.id: label.key for label in session.queries.codebook().labels}
    spans: list[Annotation] = sorted(
        (a for a in content.annotations if a.layer in gold), key=lambda a: (a.start, -a.end, a.label)
    )
    return [(keys[a.label], " … ".join(content.text[start:end] for start, end in a.fragments)) for a in spans]
