"""The spans of a document beside those of an earlier version of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.analysis.version_comparison import SpanChange, compare_spans
from annotator.analysis.version_report import ReportRow
from annotator.core.anchors import Placing
from annotator.core.errors import UserError
from annotator.core.records import Annotator, Document, Label, Layer, Unplaced
from annotator.session.lineage import older_versions
from annotator.session.version_rows import newest_ids

if TYPE_CHECKING:
    from annotator.session.session import Session


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """What became of the spans between two versions of a document, of all layers.

    `labels` are those of the spans in the order of the codebook; `layers` says who made a layer, by its id.
    """

    earlier: Document
    later: Document
    changes: tuple[SpanChange, ...]
    labels: tuple[Label, ...]
    layers: Mapping[str, str]

    def rows(self, changes: Sequence[SpanChange]) -> list[ReportRow]:
        """Return changes as a report has them."""
        names = {label.id: label.name for label in self.labels}
        return [
            ReportRow(
                change.outcome,
                names[change.annotation.label],
                self.layers.get(change.annotation.layer, ""),
                change.old_quote,
                change.new_quote,
                change.old.start if change.old else None,
                change.new.start if change.new else None,
            )
            for change in changes
        ]


def earlier_versions(session: Session, document: str) -> list[Document]:
    """Return the earlier versions of a document on which something is tagged, the newest first.

    Raises NotFoundError.
    """
    repository = session.reading
    older = older_versions(repository, session.queries.document(document))
    counts = repository.lists.label_counts([version.id for version in older], session.queries.visibility().layers)
    return [version for version in older if version.id in counts]


def compare_versions(session: Session, document: str, earlier: str) -> VersionComparison:
    """Lay a document beside an earlier version of it. It takes a second for a megabyte. Raises NotFoundError."""
    repository = session.reading
    with repository.moment():
        later, before = session.queries.document(document), session.queries.document(earlier)
        seen = session.queries.visibility().in_order()
        old, new = (repository.rows.annotations(version.id, seen) for version in (before, later))
        texts = [repository.blobs.text(version.text) for version in (before, later)]
        moved = newest_ids(repository, later, [annotation.id for annotation in old])
        rows = repository.rows.where(Unplaced, "document", later.id)
        used = {annotation.label for annotation in (*old, *new)}
        labels = sorted(repository.rows.where_in(Label, "id", sorted(used)), key=lambda label: label.position)
        people = {person.id: person.name for person in repository.rows.all(Annotator)}
        layers = {layer.id: people.get(layer.annotator or "", layer.kind) for layer in repository.rows.all(Layer)}
    unplaced = {row.annotation for row in rows}
    waiting = {identity for identity, last in moved.items() if last in unplaced}
    changes = compare_spans(Placing(*texts), old, new, moved, waiting)
    shown = {change.annotation.layer for change in changes}
    return VersionComparison(
        before, later, tuple(changes), tuple(labels), {k: v for k, v in layers.items() if k in shown}
    )


def save_report(path: Path, text: str) -> None:
    """Write a report, UTF-8 with a mark that tells spreadsheets so. Raises UserError where it cannot be written."""
    try:
        path.write_text(text, "utf-8-sig", newline="")
    except OSError as error:
        template = "“{file}” cannot be written: {reason}. Choose another place."
        raise UserError(template, file=str(path), reason=error.strerror or str(error)) from error
