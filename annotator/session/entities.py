"""Verbs on entities: who speaks and is spoken to, with their aliases."""

from __future__ import annotations

from annotator.session.verb import Verbs


class Entities(Verbs):
    """Entities are one list for the project; attribute values name them by id."""
