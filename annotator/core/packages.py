"""What a hand-off file says of itself: for whom it is, what of, and which way it goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from annotator.core.errors import ProjectFileError
from annotator.core.ids import is_id

KINDS = ("package", "return")


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """A `package` goes from a lead to an annotator, a `return` back.

    `project`, `annotator`, `round` and `issued_by` are ids, `documents` the SHA-256 of the texts by document id.
    """

    kind: str
    project: str
    annotator: str
    round: str
    issued_by: str
    created: str
    documents: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the facts as the file keeps them."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def updated(own: PackageFacts, later: Iterable[PackageFacts]) -> PackageFacts:
    """Return the facts of a package that took in later ones: those of the last, with the documents of all.

    It stays the package of the id for which it was issued first. Where a lead has joined that id to another person,
    the rows of the project say so; and they say so no more where a lead takes that back.
    """
    facts = own
    for one in sorted(later, key=lambda one: (one.created, one.to_json())):
        facts = replace(one, annotator=own.annotator, documents={**facts.documents, **one.documents})
    return facts


def facts_from_json(text: str) -> PackageFacts:
    """Return what `to_json` wrote. Raises ProjectFileError for anything else."""
    try:
        return _facts(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ProjectFileError("The file does not say what package it is. Ask for it once more.") from error


def _facts(data: Any) -> PackageFacts:
    facts = PackageFacts(**{name: data[name] for name in (one.name for one in fields(PackageFacts))})
    texts = (facts.kind, facts.project, facts.annotator, facts.round, facts.issued_by, facts.created)
    ids = (facts.project, facts.annotator, facts.round, facts.issued_by, *facts.documents)
    hashes = facts.documents.values()
    if not all(isinstance(text, str) for text in (*texts, *hashes)) or not all(map(is_id, ids)):
        raise ValueError("no facts of a package")
    if facts.kind not in KINDS:
        raise ValueError("no kind of package")
    return facts
