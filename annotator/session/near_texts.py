"""Labelled texts that are here a little differently: the spans are found again in the text that is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from annotator.analysis.duplicates import are_near, least_shared, sketch
from annotator.core.anchors import Placing
from annotator.core.records import Document
from annotator.session.lineage import documents_with
from annotator.storage.repository import Repository

_COMPARED = 4
"""Texts that are compared word by word, of those whose sketches are most alike."""

Unplaced = Callable[[str], None]
"""Told why a span stays behind, as a sentence."""


class NearTexts:
    """Finds the document of a project whose text a line's text nearly is."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        for text in repository.sketches.missing():
            repository.sketches.put(text, sketch(repository.blobs.text(text)))

    def match(self, line: Mapping[str, Any]) -> Document | None:
        """Return the document in sight that has this id or, failing that, nearly this text."""
        values = sketch(line["text"])
        if not values:
            return None
        alike = self._repository.sketches.sharing(values, least_shared(values))
        in_sight = [found[0] for text in alike if (found := documents_with(self._repository, "text", text))]
        for document in in_sight[:_COMPARED]:
            if are_near(line["text"], self._repository.blobs.text(document.text)):
                return document
        return None

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
        there = {span["id"] for span in spans}
        relations = [one for one in line["relations"] if one["from"] in there and one["to"] in there]
        changes = {"id": document.id, "text": text, "text_sha256": document.text, "sentences": [], "read": []}
        return {**line, **changes, "spans": spans, "relations": relations}


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= 60 else f"{words[:59]}…"
