"""Which versions of a document there are: one that was corrected has another one in its place and is out of sight."""

from __future__ import annotations

from annotator.core.records import Document
from annotator.storage.repository import Repository


def documents_with(repository: Repository, column: str, value: str) -> list[Document]:
    """Return the documents in sight whose column has this value."""
    found = repository.rows.where(Document, column, value)
    in_sight = repository.lists.in_sight([document.id for document in found])
    return [document for document in found if document.id in in_sight]


def newest_version(repository: Repository, document: Document) -> Document:
    """Return the document in sight that took a document's place, or itself; where there are two, one of them."""
    seen = {document.id}
    while newer := repository.rows.where(Document, "supersedes", document.id):
        document = newer[0]
        if document.id in seen:
            break
        seen.add(document.id)
    return document


def older_versions(repository: Repository, document: Document) -> list[Document]:
    """Return the documents that this one supersedes, directly or through others, the newest first."""
    found: dict[str, Document] = {document.id: document}
    while document.supersedes is not None and document.supersedes not in found:
        older = repository.rows.get(Document, document.supersedes)
        if older is None:
            break
        found[older.id] = document = older
    return list(found.values())[1:]


def own_versions(repository: Repository, document: Document) -> list[Document]:
    """Return a document and its older versions, but none that a document besides them came from as well."""
    own = {document.id: document}
    for older in older_versions(repository, document):
        newer = repository.rows.where(Document, "supersedes", older.id)
        if any(version.id not in own for version in newer):
            break
        own[older.id] = older
    return list(own.values())
