"""The record of datasets that left the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from annotator.core.changes import ChangeSet, made
from annotator.core.errors import NotFoundError
from annotator.core.ids import new_id
from annotator.core.records import Project, Release
from annotator.session.release_comparison import ReleaseComparison, compared
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import now

if TYPE_CHECKING:
    from annotator.session.dataset_exports import ExportResult
    from annotator.session.session import Session


class Releases(Verbs):
    """What has left the house has left it: a release is a step of the history that undo passes over."""

    @verb
    def record(self, file: str, format_name: str, sha256: str, details: Mapping[str, Any]) -> Outcome[Release]:
        """Keep that a dataset was handed over; the same bytes under the same name are one release.

        Args:
            file: the bare name of the data file, without its folder.
            format_name: its format.
            sha256: the hash of its bytes.
            details: how many documents, spans and relations it holds, how it was made and of which layers.
        """
        repository = self.session.repository
        for known in repository.rows.all(Release):
            if (known.file, known.format, known.sha256) == (file, format_name, sha256):
                return Outcome(ChangeSet("", ()), known)
        codebook = repository.rows.all(Project)[0].codebook
        person = self.session.person.id
        known_to = {**details, "position": repository.journal.position()}
        release = Release(new_id(), person, now(), file, format_name, sha256, codebook, known_to)
        return Outcome(ChangeSet(f"Release {file}", made(release)), release, undoable=False)

    def all(self) -> list[Release]:
        """Return the releases, the newest first."""
        found = self.session.reading.rows.all(Release)
        return sorted(found, key=lambda one: (one.created, one.id), reverse=True)

    def compare(self, before: str, after: str) -> ReleaseComparison:
        """Compare two releases, each by its file's name or its id. Raises NotFoundError, or RefusedError."""
        repository = self.session.reading
        with repository.moment():
            return compared(repository, self._named(before), self._named(after))

    def _named(self, name: str) -> Release:
        """Return the newest release of this name. Raises NotFoundError, which lists those there are."""
        for release in self.all():
            if name in (release.file, release.id):
                return release
        known = ", ".join(dict.fromkeys(release.file for release in self.all())) or "none"
        raise NotFoundError("There is no release “{name}”. There are: {known}.", name=name, known=known)


def record_export(session: Session, result: ExportResult, kept_as: str = "") -> None:
    """Keep a verified export as a release where a lead made it in a project that can be written.

    The recipe that is kept under `kept_as` remembers which documents went to which side.
    """
    if not result.verified or session.role != "lead" or session.read_only_reason:
        return
    details = {
        "documents": result.documents,
        "spans": result.spans,
        "relations": result.relations,
        "gold": result.is_gold,
        "layers": list(result.layers),
        "recipe": {key: value for key, value in result.recipe.items() if key != "assigned"},
        "splits": dict(result.sides),
    }
    session.releases.record(result.files[0].name, str(result.recipe["format"]), result.sha256, details)
    if kept_as and result.assigned:
        session.recipes.freeze(kept_as, result.assigned)
