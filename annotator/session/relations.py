"""Verbs on relations: relate and take apart."""

from __future__ import annotations

from annotator.core.changes import ChangeSet, deleted, made
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.records import Annotation, Document, Label, Note, Relation
from annotator.session.annotations import found, quote
from annotator.session.codebook import codebook_in_use
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import now


class Relations(Verbs):
    """Directed links between annotations of one document and layer."""

    @verb
    def relate(self, source: str, type_key: str, target: str) -> Outcome[Relation]:
        """Link two annotations by a relation type's key.

        Raises RefusedError for a retired type, for a relation to itself, across documents or layers, between labels
        that the codebook does not allow, or one that is already there.
        """
        repository = self.session.repository
        one = found(repository, Annotation, source, "annotation")
        other = found(repository, Annotation, target, "annotation")
        codebook = codebook_in_use(repository)
        relation_type = codebook.relation_by_key(type_key)
        if relation_type.retired:
            raise RefusedError("The relation “{relation}” is retired. Choose another.", relation=relation_type.name)
        if one.id == other.id:
            raise RefusedError("A span cannot be related to itself. Choose another span.")
        if one.document != other.document or one.layer != other.layer:
            raise RefusedError("A relation stays within one document and one layer. Choose another span.")
        labels = [found(repository, Label, end.label, "label") for end in (one, other)]
        if not codebook.allowed(relation_type, labels[0].key, labels[1].key):
            raise RefusedError(
                "“{relation}” cannot lead from {source} to {target}; the codebook does not allow it.",
                relation=relation_type.name,
                source=labels[0].name,
                target=labels[1].name,
            )
        for existing in repository.rows.where(Relation, "source", one.id):
            if existing.target == other.id and existing.type == relation_type.id:
                raise RefusedError("These spans are already related by “{relation}”.", relation=relation_type.name)
        relation = Relation(
            new_id(), one.document, one.layer, relation_type.id, one.id, other.id, self.session.person.id, now()
        )
        document = found(repository, Document, one.document, "document")
        title = f"Relate “{quote(repository, document, one)}” by {relation_type.name}"
        return Outcome(ChangeSet(title, made(relation)), relation)

    @verb
    def unrelate(self, relation: str) -> Outcome[None]:
        """Delete a relation with its notes."""
        repository = self.session.repository
        record = found(repository, Relation, relation, "relation")
        notes = repository.rows.where(Note, "target", relation)
        return Outcome(ChangeSet("Delete a relation", deleted(*notes, record)), None)
