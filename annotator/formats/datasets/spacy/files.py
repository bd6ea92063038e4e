"""Which files of a folder are spaCy's, and of which split."""

from __future__ import annotations

import re
from pathlib import Path

from annotator.core.errors import DatasetError

_FILES = {"train": "train.spacy", "validation": "dev.spacy", "test": "test.spacy"}
_SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "dev", "val"), "validation"),
    **dict.fromkeys(("test", "testing", "eval", "evaluation"), "test"),
}
_ORDER = ("train", "validation", "test", None)
_MOST_FILES = 10_000


def file_of(split: str | None) -> str:
    """Return the file that documents of a split are written to: train.spacy where nothing is said."""
    return _FILES["train"] if not split else _FILES.get(split, "other.spacy")


def data_files(path: Path) -> list[tuple[Path, str, str | None]]:
    """Return (file, name in the folder, split by its name) of a folder, or of one file.

    Raises DatasetError where a folder has no such file, or too many.
    """
    if not path.is_dir():
        return [(path, path.name, _split_of(path.name))]
    root = path.resolve()
    found = []
    for file in sorted(path.rglob("*.spacy")):
        if not file.is_file() or not file.resolve().is_relative_to(root):
            continue
        name = file.relative_to(path).as_posix()
        found.append((file, name, _split_of(name)))
        if len(found) > _MOST_FILES:
            raise DatasetError(
                "The folder “{folder}” has more than {count} files. Choose a smaller one.",
                folder=path.name,
                count=_MOST_FILES,
            )
    if not found:
        raise DatasetError(
            "The folder “{folder}” has no file that ends in .spacy. Choose the folder with train.spacy, or a file.",
            folder=path.name,
        )
    return sorted(found, key=lambda one: _ORDER.index(one[2]))


def _split_of(name: str) -> str | None:
    words = re.split(r"[-._ /0-9]+", name.lower())
    return next((_SPLITS[word] for word in words if word in _SPLITS), None)
