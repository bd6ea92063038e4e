"""Labelled texts that are here a little differently: the spans are found again in the text that is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from annotator.analysis.duplicates import are_near, least_shared, sketch
from annotator.core.anchors import Placing
from annotator.core.records import Document
from annotator.formats.datasets.ends import with_spans
from annotator.session.lineage import documents_with
from annotator.storage.repository import Repository

_COMPARED = 4
"""Texts that are compared word by word, of those whose sketches are most alike."""

Unplaced = Callable[[str], None]
"""Told why a span stays behind, as a sentence."""


def near_document(repository: Repository, text: str, values: tuple[int, ...], most: int) -> Document | None:
    """Return the document in sight whose text is most like this one, if it is near.

    `values` are the sketch of the text. At most so many documents are compared word by word.
    """
    if not values:
        return None
    alike = repository.sketches.sharing(values, least_shared(values))
    in_sight = (found[0] for one in alike if (found := documents_with(repository, "text", one)))
    for document in islice(in_sight, most):
        if are_near(text, repository.blobs.text(document.text)):
            return document
    return None


class NearTexts:
    """Finds the document of a project whose text a line's text nearly is."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        for text in repository.sketches.missing():
            repository.sketches.put(text, sketch(repository.blobs.text(text)))

    def match(self, line: Mapping[str, Any]) -> Document | None:
        """Return a document in sight that has nearly this text."""
        return near_document(self._repository, line["text"], sketch(line["text"]), _COMPARED)

    def moved(self, line: Mapping[str, Any], document: Document, unplaced: Unplaced) -> dict[str, Any]:
        """Return a line with the text of a document and its spans where they lie there for sure; the rest is told."""
        text = self._repository.blobs.text(document.text)
        placing = Placing(line["text"], text)
        spans = []
        for span in line["spans"]:
            placed = placing.place([(start, end) for start, end in span["fragments"]])
            if placed.sure:
                start, end = placed.fragments[0][0], placed.fragments[-1][1]
                fragments = [list(fragment) for fragment in placed.fragments]
                edges = {"start": start, "end": end, "fragments": fragments, "quote": text[start:end]}
                spans.append({**span, **edges, "pages": []})
            else:
                maybe = "" if placed.lost else f" It may be {placed.fragments[0][0]} to {placed.fragments[-1][1]}."
                where = f"{span['label']}, {span['start']} to {span['end']}: “{_short(span['quote'])}”"
                unplaced(
                    f"span {span['id']} ({where}) has no sure place in “{document.title}”, whose text is a little "
                    f"different.{maybe}"
                )
        changes = {"id": document.id, "text": text, "text_sha256": document.text, "sentences": [], "read": []}
        return {**with_spans(line, spans), **changes}


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= 60 else f"{words[:59]}…"
