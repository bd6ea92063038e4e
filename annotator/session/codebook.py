"""The codebook that a project uses, put together from its rows."""

from __future__ import annotations

from annotator.core.codebook import Codebook, codebook_from_data
from annotator.core.errors import BugError
from annotator.core.records import AttributeDefinition, CodebookVersion, Label, Project, RelationType
from annotator.storage.repository import Repository


def codebook_in_use(repository: Repository) -> Codebook:
    """Return the codebook as the labels, attributes and relation types stand now."""
    version = version_in_use(repository)
    rows = repository.rows
    return Codebook(
        version.codebook,
        version.name,
        version.version,
        tuple(sorted(rows.all(Label), key=lambda label: label.position)),
        tuple(sorted(rows.all(AttributeDefinition), key=lambda attribute: attribute.position)),
        tuple(sorted(rows.all(RelationType), key=lambda relation: relation.position)),
        tuple(version.content["condition_words"]),
    )


def version_in_use(repository: Repository) -> CodebookVersion:
    """Return the codebook version under which new annotations are made."""
    project = repository.rows.all(Project)[0]
    version = repository.rows.get(CodebookVersion, project.codebook)
    if version is None:
        raise BugError("the project's codebook version is missing")
    return version


def versions_of(repository: Repository) -> list[tuple[Codebook, str]]:
    """Return every version of the codebook with when it was made, the newest first."""
    rows = sorted(repository.rows.all(CodebookVersion), key=lambda row: -row.version)
    return [(codebook_from_data(row.content, row.name), row.created) for row in rows]
