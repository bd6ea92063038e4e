"""The whole export from a project: written, validated and read back, beside iterating over the rows.

In full size it is of 300,000 spans.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, made
from annotator.core.ids import new_id
from annotator.core.records import Annotation, AttributeValue
from annotator.core.structure import Structure
from annotator.formats.documents.source import ReadDocument
from annotator.session.importing import new_document
from annotator.session.session import Session
from tests.benchmarks.repeated import sized

Report = Callable[[str], None]

DOCUMENTS, SPANS_EACH = sized(150, 1000), 300
SENTENCE = "The allies will provide air defence to the port for as long as the council agrees to it. "


def fill(session: Session) -> None:
    """Store documents and annotations without a journal, as a bulk load would leave them."""
    repository = session.repository
    codebook = session.queries.codebook()
    project = session.queries.project()
    layer = session.own_layer(repository).id
    strength = codebook.attribute_by_key("strength").id
    for number in range(DOCUMENTS):
        text = f"Document {number}. " + SENTENCE * 170
        read = ReadDocument(text, Structure(), f"Document {number}", "en")
        document, blobs = new_document(read, sha256_hex(text.encode()), "d.txt")
        repository.apply(ChangeSet("Add", made(document)), session.author, blobs=blobs)
        spans = [
            Annotation(
                new_id(),
                document.id,
                layer,
                codebook.labels[n % 4].id,
                session.person.id,
                project.codebook,
                f"2030-01-01T00:00:00.{n:06}Z",
                ((20 + n * 45, 100 + n * 45),),
            )
            for n in range(SPANS_EACH)
        ]
        values = [AttributeValue(new_id(), s.id, layer, strength, "firm") for s in spans[:100]]
        with repository.transaction():
            repository.rows.insert("annotation", [(span, "r") for span in spans])
            repository.rows.insert("attribute_value", [(value, "r") for value in values])


def iterate(path: Path) -> int:
    """Read what an export needs as raw rows, in its order."""
    raw = sqlite3.connect(path)
    spans = 0
    for _ in raw.execute(
        "SELECT a.*, f.* FROM annotation a JOIN fragment f ON f.annotation = a.id "
        "ORDER BY a.document, a.created, a.id, f.position"
    ):
        spans += 1
    for _ in raw.execute("SELECT annotation, attribute, value FROM attribute_value"):
        pass
    for _ in raw.execute("SELECT b.data FROM document d JOIN blob b ON b.sha256 = d.text"):
        pass
    raw.close()
    return spans


def test_export_of_many_spans(session: Session, project_path: Path, tmp_path: Path, report: Report) -> None:
    session.stream(session.join)
    session.stream(lambda: fill(session))
    begun = time.perf_counter()
    assert iterate(project_path) == DOCUMENTS * SPANS_EACH
    theirs = time.perf_counter() - begun
    begun = time.perf_counter()
    result = session.datasets.export(tmp_path / "out.jsonl")
    ours = time.perf_counter() - begun
    assert (result.documents, result.spans, result.verified) == (DOCUMENTS, DOCUMENTS * SPANS_EACH, True)
    size = (tmp_path / "out.jsonl").stat().st_size / 1e6
    report(
        f"export {result.spans:,} spans ({size:.0f} MB), verified: {ours:.1f} s, iterating over its rows "
        f"{theirs:.2f} s, speed {theirs / ours:.2f} of it (to reach: 0.2)"
    )
    assert theirs / ours >= 0.1
