"""The record of datasets that left the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from annotator.core.changes import ChangeSet, made
from annotator.core.ids import new_id
from annotator.core.records import Project, Release
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import now

if TYPE_CHECKING:
    from annotator.session.datasets import ExportResult
    from annotator.session.session import Session


class Releases(Verbs):
    """What has left the house has left it: a release is a step of the history that undo passes over."""

    @verb
    def record(self, file: str, format_name: str, sha256: str, details: Mapping[str, int]) -> Outcome[Release]:
        """Keep that a dataset was handed over; the same bytes under the same name are one release.

        Args:
            file: the bare name of the data file, without its folder.
            format_name: its format.
            sha256: the hash of its bytes.
            details: how many documents, spans and relations it holds.
        """
        repository = self.session.repository
        for known in repository.rows.all(Release):
            if (known.file, known.format, known.sha256) == (file, format_name, sha256):
                return Outcome(ChangeSet("", ()), known)
        codebook = repository.rows.all(Project)[0].codebook
        person = self.session.person.id
        release = Release(new_id(), person, now(), file, format_name, sha256, codebook, dict(details))
        return Outcome(ChangeSet(f"Release {file}", made(release)), release, undoable=False)


def record_export(session: Session, result: ExportResult, format_name: str) -> None:
    """Keep an export as a release if it is one: verified gold, handed over by a lead whose project can be written."""
    if result.is_gold and result.verified and session.role == "lead" and not session.read_only_reason:
        counts = {"documents": result.documents, "spans": result.spans, "relations": result.relations}
        session.releases.record(result.files[0].name, format_name, result.sha256, counts)
