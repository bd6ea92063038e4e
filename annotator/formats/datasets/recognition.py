"""Which dataset format a file is of, by what stands in it and not by its name alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets.cas.recognising import form_of
from annotator.formats.datasets.json_items import items
from annotator.formats.datasets.registry import DatasetFormat, dataset_formats

_Object = Mapping[str, Any]


def _names_labels(one: _Object) -> bool:
    """Say whether an object is a text with names of labels and no places for them."""
    labels = one.get("labels") or one.get("label")
    names = labels if isinstance(labels, list) else [labels]
    return {"level", "paragraph"} <= one.keys() or (bool(names) and all(isinstance(name, str) for name in names))


_BY_OBJECT: tuple[tuple[str, Callable[[_Object], bool]], ...] = (
    ("jsonl", lambda one: str(one.get("schema", "")).startswith("annotator-jsonl/")),
    (
        "w3c",
        lambda one: (
            "anno" in str(one.get("@context", ""))
            or any(keys <= one.keys() for keys in ({"body", "target"}, {"uri", "target"}, {"rows", "total"}))
        ),
    ),
    (
        "label-studio",
        lambda one: (
            ("data" in one and bool({"annotations", "predictions", "completions"} & one.keys()))
            or {"annotator", "annotation_id"} <= one.keys()
        ),
    ),
    ("spacy", lambda one: "paragraphs" in one or {"text", "ents", "tokens"} <= one.keys()),
    ("prodigy", lambda one: "_input_hash" in one or "answer" in one or {"tokens", "spans"} <= one.keys()),
    ("sentences", lambda one: "text" in one and "tokens" not in one and _names_labels(one)),
    ("doccano", lambda one: "text" in one and bool({"entities", "label", "labels"} & one.keys())),
    ("huggingface", lambda one: bool({"ner_tags", "tags", "spans"} & one.keys())),
)
"""Formats of JSON by the keys of their first object, the surest first."""


def recognised(path: Path) -> DatasetFormat:
    """Return the format of a labelled file. Raises DatasetError that lists the formats where it is of none."""
    found = _by_content(path) or _by_words(path) or _by_ending(path)
    if found is None:
        raise DatasetError(
            "“{file}” is of no labelled format that this program knows. Name its format; there are: {known}.",
            file=path.name,
            known=", ".join(entry.name for entry in dataset_formats() if entry.reads),
        )
    return found


_BY_FIRST_LINE = "webanno-tsv"
"""The format whose files are tables by their ending, and which their first line tells."""


def _by_content(path: Path) -> DatasetFormat | None:
    known = {entry.name: entry for entry in dataset_formats() if entry.reads}
    if path.suffix.lower() == ".spacy" or (path.is_dir() and next(path.rglob("*.spacy"), None)):
        return known.get("spacy")
    if form := form_of(path):
        return known.get(form)
    if path.suffix.lower() in (".a1", ".a2") or _holds(path, ".ann"):
        return known.get("brat")
    if _holds(path, ".jsonld"):
        return known.get("w3c")
    if path.is_dir() and (path / "data.qda").is_file():
        return known.get("qualcoder")
    if path.is_dir():
        return known.get("huggingface") if _is_dataset_folder(path) else None
    try:
        first = next((data for _, data in islice(items(path), 1)), None)
    except (DatasetError, UserError):
        return None
    if isinstance(first, list) and len(first) == 2 and isinstance(first[1], dict) and "entities" in first[1]:
        return known.get("spacy")
    if not isinstance(first, dict):
        return None
    return next((known[name] for name, fits in _BY_OBJECT if name in known and fits(first)), None)


def _holds(path: Path, ending: str) -> bool:
    """Say whether a path is a file with this ending, or a folder or an archive that has one."""
    if path.is_dir():
        return next(path.rglob(f"*{ending}"), None) is not None
    if path.suffix.lower() == ".zip":
        try:
            with ZipFile(path) as archive:
                return any(name.endswith(ending) for name in archive.namelist())
        except (BadZipFile, OSError, ValueError):
            return False
    return path.suffix.lower() == ending


_BESIDE_DATASETS = ("croissant.json", "dataset_dict.json", "dataset_info.json", "dataset_infos.json")


def _is_dataset_folder(path: Path) -> bool:
    """Say whether a folder is one that Hugging Face's `datasets` loads, by what lies in it."""
    is_described = any((path / name).is_file() for name in _BESIDE_DATASETS)
    return is_described or any(next(path.glob(f"{place}*.parquet"), None) for place in ("", "data/"))


def _by_words(path: Path) -> DatasetFormat | None:
    """Return the format of words with tags where a file of text has these, whatever it is called."""
    from annotator.formats.datasets.conll.rows import Rows

    if not path.is_file() or path.suffix.lower() in (".csv", ".xlsx", ".json", ".jsonl"):
        return None
    try:
        Rows(path)
    except UserError:
        return None
    return next((entry for entry in dataset_formats() if entry.name == "conll"), None)


def _by_ending(path: Path) -> DatasetFormat | None:
    """Return the one format that files of this name's ending can be of, or None where there are none or several."""
    fitting = [
        entry
        for entry in dataset_formats()
        if entry.reads and entry.name != _BY_FIRST_LINE and path.name.lower().endswith(entry.extensions or ("\0",))
    ]
    return fitting[0] if len(fitting) == 1 else None
