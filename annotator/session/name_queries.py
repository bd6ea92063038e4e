"""Finding what a person calls by name, or quotes."""

from __future__ import annotations

from annotator.core.errors import AmbiguousError, NotFoundError
from annotator.core.records import (
    Annotation,
    Annotator,
    Document,
    Entity,
    Fragment,
    Label,
    Round,
)
from annotator.core.text import find_quotes
from annotator.session.basic_queries import BasicQueries
from annotator.session.entity_names import EntityNames


class NameQueries(BasicQueries):
    """Names are ids too; where several fit, the error says so."""

    def document_named(self, name: str) -> Document:
        """Return a document by id, by a beginning of its id, or by its title where that is unique.

        Raises NotFoundError or AmbiguousError.
        """
        found = self._rows.get(Document, name)
        if found is not None:
            return found
        ids = self._lists.documents_called(name)
        if not ids:
            raise NotFoundError("There is no document “{name}”. See: annotator list PROJECT.", name=name)
        if len(ids) > 1:
            raise AmbiguousError(
                "{count} documents are called “{name}”. Name one by id: {ids}.",
                count=len(ids),
                name=name,
                ids=", ".join(ids),
            )
        return self.document(ids[0])

    def label_named(self, name: str) -> Label:
        """Return a label by key, name, digit or id. Raises NotFoundError, which lists the keys."""
        codebook = self.codebook()
        for label in codebook.labels:
            if name in (label.id, label.key, label.name, str(label.digit)):
                return label
        return codebook.label_by_key(name)

    def annotator_named(self, name: str) -> Annotator:
        """Return an annotator by name or id. Raises NotFoundError, or AmbiguousError where several have the name."""
        found = [person for person in self.annotators() if name in (person.id, person.name)]
        if not found:
            raise NotFoundError("Nobody in this project is called “{name}”.", name=name)
        if len(found) > 1:
            raise AmbiguousError(
                "{count} people in this project are called “{name}”. Name one by id: {ids}.",
                count=len(found),
                name=name,
                ids=", ".join(person.id for person in found),
            )
        return found[0]

    def round_named(self, name: str) -> Round:
        """Return a round by name or id. Raises NotFoundError, which lists the names."""
        rounds = sorted(self.rounds(), key=lambda one: one.position)
        for one in rounds:
            if name in (one.id, one.name):
                return one
        known = ", ".join(one.name for one in rounds)
        raise NotFoundError("There is no round “{name}”. There are: {known}.", name=name, known=known)

    def entity_named(self, name: str) -> Entity:
        """Return an entity by a name of it or its id. Raises NotFoundError."""
        found = self._rows.get(Entity, EntityNames(self._rows).entity_of(name) or name)
        if found is not None:
            return found
        raise NotFoundError("There is no entity “{name}” in this project.", name=name)

    def annotation_named(self, document: str, name: str) -> Annotation:
        """Return an annotation of a document by its id or a beginning of it that fits one only.

        Raises NotFoundError or AmbiguousError.
        """
        annotations = self._rows.annotations(document, self.visibility().in_order())
        found = [a for a in annotations if a.id == name or (len(name) >= 4 and a.id.startswith(name))]
        if not found:
            raise NotFoundError("There is no annotation “{id}” in this document.", id=name)
        if len(found) > 1:
            raise AmbiguousError("{count} annotations begin with “{id}”. Give more of it.", count=len(found), id=name)
        return found[0]

    def find_quote(self, document: str, quote: str) -> Fragment:
        """Return where a quote stands, white space of every kind and length being alike.

        Raises NotFoundError, or AmbiguousError where it stands several times.
        """
        text = self._repository.blobs.text(self.document(document).text)
        found = find_quotes(text, quote)
        if not found:
            raise NotFoundError("“{quote}” is not in the document. Copy it from there.", quote=quote)
        if len(found) > 1:
            raise AmbiguousError(
                "“{quote}” stands {count} times in the document. Use --span with one of: {places}.",
                quote=quote,
                count=len(found),
                places=", ".join(f"{start}:{end}" for start, end in found[:10]),
            )
        return found[0]
