"""Codebooks as files, for a project that is open: read to be taken over, written to be handed on."""

from __future__ import annotations

from pathlib import Path

from annotator.core.codebook import Codebook
from annotator.formats import codebooks


def read_codebook_file(path: Path) -> Codebook:
    """Return the codebook of a TOML or YAML file. Raises CodebookError, naming the file and the line or entry."""
    return codebooks.read_codebook(path)


def write_codebook_file(codebook: Codebook, path: Path) -> None:
    """Write a codebook as TOML, or as YAML where the name says so. Raises UserError."""
    codebooks.write_codebook(codebook, path)
