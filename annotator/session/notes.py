"""Verbs on notes: on spans, relations, documents and labels."""

from __future__ import annotations

from annotator.session.verb import Verbs


class Notes(Verbs):
    """A note is Markdown; it may name annotators with @."""
