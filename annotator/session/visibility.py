"""What a person may see: a lead everything, an analyst their own work and rounds that were released.

Whoever annotates must not be led by what others have tagged, or agreement measures nothing. Texts, the codebook,
entities and notes on labels are seen by everybody; so are notes that leads write on documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.core.records import Annotator, Layer, Note, Round
from annotator.core.same_people import ids_of, role_of
from annotator.storage.repository import Repository

if TYPE_CHECKING:
    from annotator.session.session import Session


@dataclass(frozen=True, slots=True)
class Visibility:
    """The ids of the layers that a person sees, None for all of them; `leads` are ids of the leads."""

    layers: frozenset[str] | None = None
    leads: frozenset[str] = frozenset()

    def in_order(self) -> Sequence[str] | None:
        """Return the layers as queries take them."""
        return None if self.layers is None else sorted(self.layers)

    def sees(self, layer: str | None) -> bool:
        """Say whether what is in a layer, or in none, is seen."""
        return self.layers is None or layer is None or layer in self.layers

    def sees_note(self, note: Note) -> bool:
        """Say whether a note is seen."""
        return self.sees(note.layer) or (note.kind == "document" and note.annotator in self.leads)


SEES_ALL = Visibility()


def visibility_of(session: Session, repository: Repository | None = None) -> Visibility:
    """Return what the session's person sees, as the project stands now."""
    repository = repository or session.reading
    known = repository.rows.all(Annotator)
    person = session.person.id
    if role_of(known, person) == "lead":
        return SEES_ALL
    own = ids_of(known, person)
    released = {one.id for one in repository.rows.all(Round) if one.released}
    layers = {one.id for one in repository.rows.all(Layer) if one.annotator in own or one.round in released}
    leads = frozenset(one.id for one in known if role_of(known, one.id) == "lead")
    return Visibility(frozenset({*layers, session.own_layer(repository).id}), leads)


def visible_layers(session: Session) -> frozenset[str] | None:
    """Return the ids of the layers whose content the session's person may see, or None where that is all of them."""
    return visibility_of(session).layers
