"""Two releases span by span: what each had follows from the journal as it was when it was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotator.core.errors import RefusedError
from annotator.core.journal import replay
from annotator.core.records import Annotation, Document, Label, Release
from annotator.core.rowdata import from_data
from annotator.session.annotations import shortened
from annotator.storage.repository import Repository


@dataclass(frozen=True, slots=True)
class SpanChange:
    """A span that differs: `kind` is added, removed, relabelled or moved; `before` and `after` are label and edges.

    `start` is where it begins, in the release that has it last, in code points.
    """

    kind: str
    document: str
    title: str
    span: str
    before: str
    after: str
    quote: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class ReleaseComparison:
    """What differs between two releases, by document and place; `same` spans are as they were."""

    changes: tuple[SpanChange, ...]
    same: int

    def count(self, kind: str) -> int:
        """Return how many changes of a kind there are."""
        return Counter(change.kind for change in self.changes)[kind]


def compared(repository: Repository, before: Release, after: Release) -> ReleaseComparison:
    """Compare the spans of two releases. Raises RefusedError where one was made before positions were kept."""
    old, new = _spans(repository, before), _spans(repository, after)
    texts = _Texts(repository, {one.document for one in (*old.values(), *new.values())})
    changes = [
        texts.change(kind, old.get(identity), new.get(identity))
        for identity in old.keys() | new.keys()
        if (kind := _kind(old.get(identity), new.get(identity)))
    ]
    changes.sort(key=lambda pair: pair[0])
    same = sum(old.get(identity) == span for identity, span in new.items())
    return ReleaseComparison(tuple(change for _, change in changes), same)


def _kind(before: Annotation | None, after: Annotation | None) -> str:
    if before is None or after is None:
        return "added" if before is None else "removed"
    if before.label != after.label:
        return "relabelled"
    return "moved" if before.fragments != after.fragments else ""


def _spans(repository: Repository, release: Release) -> dict[str, Annotation]:
    """Return the annotations of a release's layers and labels, as they were at its position in the journal."""
    details = release.details
    if "position" not in details or "layers" not in details:
        raise RefusedError(
            "“{file}” was exported before the program kept what a release holds. Export it again to compare it.",
            file=release.file,
        )
    changes = repository.journal.changes_until(details["position"], Annotation.table, details["layers"])
    states = replay(changes).values()
    rows = (from_data(Annotation.table, state.data) for state in states if state.data is not None)
    wanted = _labels(repository, details.get("recipe", {}))
    return {one.id: one for one in rows if isinstance(one, Annotation) and (wanted is None or one.label in wanted)}


def _labels(repository: Repository, recipe: Mapping[str, object]) -> set[str] | None:
    selection = recipe.get("selection")
    keys = selection.get("labels") if isinstance(selection, Mapping) else None
    return None if keys is None else {label.id for label in repository.rows.all(Label) if label.key in keys}


class _Texts:
    """What changes are about, in words."""

    def __init__(self, repository: Repository, documents: Iterable[str]) -> None:
        self._repository = repository
        self._documents = {one.id: one for one in repository.rows.where_in(Document, "id", sorted(documents))}
        self._labels = {label.id: label.key for label in repository.rows.all(Label)}
        self._text: tuple[str, str] = "", ""

    def change(
        self, kind: str, before: Annotation | None, after: Annotation | None
    ) -> tuple[tuple[str, int, str], SpanChange]:
        """Return what orders a change, and the change."""
        span = after or before
        assert span is not None
        document = self._documents.get(span.document)
        title = document.title if document else ""
        quote = shortened(self._of(document)[span.start : span.end], 80) if document else ""
        found = SpanChange(
            kind, span.document, title, span.id, self._edges(before), self._edges(after), quote, span.start
        )
        return (title, span.start, span.id), found

    def _edges(self, span: Annotation | None) -> str:
        return "" if span is None else f"{self._labels.get(span.label, '?')} {span.start}–{span.end}"

    def _of(self, document: Document) -> str:
        if self._text[0] != document.text:
            self._text = document.text, self._repository.blobs.text(document.text)
        return self._text[1]
