"""What every reading begins with: whose work one may see, the codebook, people, rounds, single records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.codebook import Codebook
from annotator.core.errors import NotFoundError
from annotator.core.records import (
    Annotation,
    Annotator,
    Document,
    Layer,
    Project,
    Round,
)
from annotator.session.codebook import codebook_in_use
from annotator.session.visibility import Visibility, visibility_of

if TYPE_CHECKING:
    from annotator.session.session import Session


class BasicQueries:
    """Reads through connections of their own, from any thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._repository = session.reading
        self._rows = session.reading.rows
        self._lists = session.reading.lists

    def visibility(self) -> Visibility:
        """Return whose work one may see."""
        return visibility_of(self._session)

    def project(self) -> Project:
        """Return the project's row."""
        return self._rows.all(Project)[0]

    def codebook(self) -> Codebook:
        """Return the codebook in use."""
        return codebook_in_use(self._repository)

    def annotators(self) -> list[Annotator]:
        """Return everybody who works in the project."""
        return self._rows.all(Annotator)

    def layers(self) -> list[Layer]:
        """Return every layer."""
        return self._rows.all(Layer)

    def rounds(self) -> list[Round]:
        """Return every round."""
        return self._rows.all(Round)

    def document(self, document: str) -> Document:
        """Return a document by id. Raises NotFoundError."""
        found = self._rows.get(Document, document)
        if found is None:
            raise NotFoundError("There is no document “{id}” in this project.", id=document)
        return found

    def annotation(self, annotation: str) -> Annotation:
        """Return an annotation by id. Raises NotFoundError."""
        found = self._rows.get(Annotation, annotation)
        if found is None or not self.visibility().sees(found.layer):
            raise NotFoundError("There is no annotation “{id}” in this project.", id=annotation)
        return found
