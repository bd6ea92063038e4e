"""Which files of a folder are brat's."""

from __future__ import annotations

import re

from annotator.formats.datasets.folders import Files

ANNOTATIONS = (".ann", ".a1", ".a2", ".co", ".rel")
"""Endings of annotations: brat's own, or the parts that the BioNLP tasks have."""


def stems_of(files: Files) -> list[str]:
    """Return the paths of documents without their endings, numbers in them by size: each has annotations."""
    found = {name.rpartition(".")[0] for name in files.names if name.endswith(ANNOTATIONS)}
    found = {stem for stem in found if _is_document(stem)}
    return sorted(found, key=lambda stem: [(not part.isdigit(), part.zfill(20)) for part in re.split(r"(\d+)", stem)])


def _is_document(stem: str) -> bool:
    """Say whether a path is not one of those that systems leave behind."""
    parts = stem.split("/")
    return not any(part.startswith(".") or part == "__MACOSX" for part in parts) and bool(parts[-1])
