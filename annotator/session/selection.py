"""What of a project goes into a dataset: which documents, which spans, which text, and on which side of a split."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from annotator.analysis.leaks import LeakGroups
from annotator.core.coverage import covers, merged
from annotator.core.ids import derived_id
from annotator.core.recipes import ExportRecipe, Selection
from annotator.core.records import Document
from annotator.core.splits import SplitItem, shared_out
from annotator.formats.datasets.ends import with_spans
from annotator.session.dataset_lines import DatasetLines
from annotator.session.lineage import older_versions

if TYPE_CHECKING:
    from annotator.storage.repository import Repository

_LINE = re.compile(r"[^\n]+")


def source_of(document: Document) -> str:
    """Return where a document is from: the host of its address, or what its front matter says; empty where unknown."""
    host = urlsplit(document.url).hostname if document.url else None
    if host:
        return host.removeprefix("www.")
    named = document.metadata.get("source")
    return named if isinstance(named, str) else ""


def selected_documents(repository: Repository, ids: Iterable[str], selection: Selection) -> list[str]:
    """Return those of the documents that a selection takes, by date and source, in their order."""
    known = list(ids)
    if not selection.first and not selection.last and selection.sources is None:
        return known
    found = {document.id: document for document in repository.rows.where_in(Document, "id", known)}
    return [identity for identity in known if identity in found and _is_taken(found[identity], selection)]


def _is_taken(document: Document, selection: Selection) -> bool:
    is_source = selection.sources is None or source_of(document) in selection.sources
    return is_source and selection.holds_date(document.date)


class SelectedLines:
    """The lines of an export with the spans, the text and the side that a recipe says.

    `sides` are by document.
    """

    def __init__(self, lines: DatasetLines, recipe: ExportRecipe, sides: Mapping[str, str], groups: LeakGroups | None):
        self._lines = lines
        self._labels = None if recipe.selection.labels is None else frozenset(recipe.selection.labels)
        self._drops_unread = recipe.selection.unread == "drop"
        self._sides = sides
        self._groups = groups.groups if groups else {}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for line in self._lines:
            found = self.of(line)
            if found is not None:
                yield found

    def of(self, line: dict[str, Any]) -> dict[str, Any] | None:
        """Return a line as the recipe has it, or None where none of its text is known as read."""
        document = line["id"]
        if self._labels is not None:
            line = with_labels(line, self._labels)
        if self._drops_unread:
            line = read_only(line)
            if not line["text"]:
                return None
        return {**line, "split": self._sides.get(document), "duplicate_group": self._groups.get(document)}


def with_labels(line: dict[str, Any], labels: Collection[str]) -> dict[str, Any]:
    """Return a line with the spans of these labels alone, and the relations between them."""
    return with_spans(line, [span for span in line["spans"] if span["label"] in labels])


def read_only(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line with the paragraphs alone that are known as read, or in which something is tagged.

    It is another text, so the line gets an id of its own, which follows from the document's.
    """
    text = line["text"]
    tagged = [(start, end) for span in line["spans"] for start, end in [(span["start"], span["end"])]]
    known = merged([*((start, end) for start, end in line["read"]), *tagged])
    kept = [found.span() for found in _LINE.finditer(text) if _is_read(text, *found.span(), known, tagged)]
    if [text[start:end] for start, end in kept] == [found[0] for found in _LINE.finditer(text)]:
        return line
    moves = _Moves(kept)
    spans = [_moved(span, moves, text) for span in line["spans"]]
    shorter = "\n".join(text[start:end] for start, end in kept)
    sentences = [moves.range(start, end) for start, end in line["sentences"] if moves.holds(start, end)]
    return {
        **line,
        "id": derived_id(line["id"], "what was read"),
        "text": shorter,
        "text_sha256": sha256(shorter.encode()).hexdigest(),
        "spans": [{**span, "quote": shorter[span["start"] : span["end"]]} for span in spans],
        "sentences": sentences,
        "read": [[0, len(shorter)]] if shorter else [],
    }


def _is_read(
    text: str, start: int, end: int, known: Sequence[tuple[int, int]], tagged: Iterable[tuple[int, int]]
) -> bool:
    if not text[start:end].strip():
        return False
    return covers(known, start, end) or any(first < end and start < last for first, last in tagged)


class _Moves:
    """Where positions lie once only some lines of a text are left, joined by one line break."""

    def __init__(self, kept: Sequence[tuple[int, int]]) -> None:
        self._kept = kept
        self._begin: list[int] = []
        place = 0
        for start, end in kept:
            self._begin.append(place)
            place += end - start + 1

    def holds(self, start: int, end: int) -> bool:
        """Say whether one kept line has all of a range."""
        return any(first <= start and end <= last for first, last in self._kept)

    def range(self, start: int, end: int) -> list[int]:
        """Return where the kept part of a range lies; some of it is kept."""
        inside = [
            (begin + max(start, first) - first, begin + min(end, last) - first)
            for (first, last), begin in zip(self._kept, self._begin, strict=True)
            if first < end and start < last
        ]
        return [inside[0][0], inside[-1][1]]


def _moved(span: dict[str, Any], moves: _Moves, text: str) -> dict[str, Any]:
    fragments = [moves.range(start, end) for start, end in span["fragments"] if text[start:end].strip()]
    return {**span, "start": fragments[0][0], "end": fragments[-1][1], "fragments": fragments, "pages": []}


def sides_of(
    repository: Repository, labels: Mapping[str, Collection[str]], recipe: ExportRecipe, groups: LeakGroups
) -> dict[str, str]:
    """Return the side of each document; those that were shared out before stay, as do newer versions of them.

    `labels` are those in each document, by its id.

    Raises RefusedError as core.splits.shared_out does.
    """
    if recipe.split is None:
        return {}
    documents = {one.id: one for one in repository.rows.where_in(Document, "id", list(labels))}
    items = [
        SplitItem(
            identity,
            tuple(sorted(there)),
            groups.groups.get(identity, ""),
            documents[identity].date,
            source_of(documents[identity]),
        )
        for identity, there in labels.items()
    ]
    roots = first_versions(repository, documents.values())
    fixed = {i: recipe.assigned[root] for i, root in roots.items() if root in recipe.assigned}
    return shared_out(items, recipe.split, fixed)


def first_versions(repository: Repository, documents: Iterable[Document]) -> dict[str, str]:
    """Return the id of the first version of each document, its own where it was never corrected."""
    return {
        one.id: (older_versions(repository, one) or [one])[-1].id if one.supersedes else one.id for one in documents
    }
