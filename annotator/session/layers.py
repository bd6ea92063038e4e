"""Which layer is whose: in each round a person works in one, whatever ids they have."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.changes import RowChange, made
from annotator.core.ids import derived_id
from annotator.core.records import Annotator, Layer
from annotator.core.same_people import ids_of, resolved
from annotator.storage.repository import Repository


def layer_of(repository: Repository, annotator: str, round: str) -> tuple[Layer, tuple[RowChange, ...]]:
    """Return the layer in which a person works in a round, with the change that makes it where it is not there yet.

    Somebody who works under several ids works in the layer of the one they go by, if it has one.
    """
    layers = person_layers(repository, annotator, round)
    if layers:
        return layers[0], ()
    person = resolved(repository.rows.all(Annotator), annotator)
    new = Layer(derived_id(person, "layer", round), "annotator", person, round)
    return new, made(new)


def person_layers(repository: Repository, annotator: str, round: str) -> list[Layer]:
    """Return the layers of a person in a round, under each of their ids: the one in which they work, then the others.

    All of them are the person's own. Where one says something of a document that can be said once, such as a status,
    the first that does counts.
    """
    known = repository.rows.all(Annotator)
    person = resolved(known, annotator)
    layers = layers_of(repository, ids_of(known, annotator), round)
    return sorted(layers, key=lambda layer: (layer.annotator != person, layer.annotator != annotator, layer.id))


def layers_of(repository: Repository, ids: Iterable[str], round: str) -> list[Layer]:
    """Return the layers in a round of a person with these ids (core.same_people.ids_of)."""
    return [layer for layer in repository.rows.where_in(Layer, "annotator", sorted(ids)) if layer.round == round]
