"""Verbs on what was read and holds nothing to tag."""

from __future__ import annotations

from annotator.session.verb import Verbs


class Coverage(Verbs):
    """The only true negatives of a dataset besides documents that are done."""
