"""Verbs on searches that are kept."""

from __future__ import annotations

from annotator.session.verb import Verbs


class Searches(Verbs):
    """A search is kept under a name, for everybody in the project."""
