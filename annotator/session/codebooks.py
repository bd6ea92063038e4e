"""Verbs on the codebook: every saved change is a version of it."""

from __future__ import annotations

from annotator.session.verb import Verbs


class Codebooks(Verbs):
    """Labels in use are merged or retired, never lost."""
