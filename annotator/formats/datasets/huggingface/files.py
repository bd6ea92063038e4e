"""Which files of a folder are the data, of which split, and what the numbers of their labels stand for.

What a card (README.md) says under `configs` is followed, of several configurations the default one; else every data
file counts, its split by the words in its path, as `datasets` does it. Only files inside of the folder are looked at.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from annotator.core.errors import CodebookError, DatasetError
from annotator.formats.codebook_yaml import parse_yaml
from annotator.formats.datasets.huggingface.features import class_names
from annotator.formats.datasets.replacing import explained_failures

KINDS = {".parquet": "parquet", ".arrow": "arrow", ".jsonl": "lines", ".ndjson": "lines", ".json": "json"}
"""What data files are, by the ends of their names. Of several kinds in a folder the first one is read: the others are
mostly lists of labels, settings, and copies."""

CARD = "README.md"
_LEGACY = ("dataset_infos.json", "dataset_info.json")
_NO_DATA = frozenset(
    (*_LEGACY, "dataset_dict.json", "state.json", "config.json", "package.json", "croissant.json", "manifest.json")
)
_MOST_FILES = 20_000
_DEEPEST = 6
_LONGEST_CARD = 4 * 1024 * 1024
"""Bytes of a card that are looked at, and the most of a list of features."""

_SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "dev", "val"), "validation"),
    **dict.fromkeys(("test", "testing", "eval", "evaluation"), "test"),
}
ORDER = ("train", "validation", "test")

Classes = Mapping[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of rows; `name` says it in messages, `split` is None where nothing says it."""

    path: Path
    name: str
    kind: str
    split: str | None


@dataclass(frozen=True)
class Dataset:
    """The data files in order of their splits, and the names of classes by path of columns. `left_out` is told."""

    files: list[DataFile]
    classes: Classes = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def dataset_at(path: Path) -> Dataset:
    """Return what is in a folder, or a file with what the card of its folder says of it.

    Raises:
        DatasetError: There is no data file, or there are too many.
        UserError: The folder cannot be read.
    """
    with explained_failures(path, "read"):
        if path.name == CARD:
            path = path.parent
        if path.is_dir():
            return _folder(path)
        path.stat()
        return _file(path)


def _file(path: Path) -> Dataset:
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise DatasetError(
            "{file} is no data file of a Hugging Face dataset. Choose its folder, or a file that ends in {known}.",
            file=path.name,
            known=", ".join(KINDS),
        )
    root = next((folder for folder in path.parents[:2] if _has_card(folder)), None)
    if root is None:
        return Dataset([DataFile(path, path.name, kind, None)])
    name = path.relative_to(root).as_posix()
    card = _Card.of(root)
    return Dataset([DataFile(path, name, kind, card.split_of(name))], card.classes)


def _has_card(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (CARD, *_LEGACY))


def _folder(root: Path) -> Dataset:
    found = dict(_data_files(root))
    if not found:
        raise DatasetError(
            "There is no data file in “{folder}”. A dataset has files that end in {known}; unpack them where they are "
            "compressed.",
            folder=root.name,
            known=", ".join(KINDS),
        )
    card = _Card.of(root)
    chosen = {name: kind for name, kind in found.items() if card.takes(name)} or found
    kind = next(one for one in KINDS.values() if one in chosen.values())
    files = [DataFile(root / name, name, kind, card.split_of(name)) for name in sorted(chosen) if chosen[name] == kind]
    files.sort(key=lambda file: ORDER.index(file.split) if file.split in ORDER else len(ORDER))
    others = sorted(name for name in found if name not in {file.name for file in files})
    return Dataset(files, card.classes, tuple(others))


def _data_files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (path inside the folder, kind) of every data file; no links to folders, nothing hidden."""
    count = 0
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        depth = len(here.relative_to(root).parts)
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__")) and depth < _DEEPEST)
        for name in names:
            kind = KINDS.get(Path(name).suffix.lower())
            if kind is None or name in _NO_DATA or name.startswith((".", "cache-")) or _is_beside(name):
                continue
            if not (here / name).is_file():
                continue
            count += 1
            if count > _MOST_FILES:
                raise DatasetError(
                    "“{folder}” holds more than {count} data files. Choose the folder of one dataset.",
                    folder=root.name,
                    count=_MOST_FILES,
                )
            yield (here / name).relative_to(root).as_posix(), kind


def _is_beside(name: str) -> bool:
    return name.endswith((".schema.json", ".manifest.json"))


@dataclass(frozen=True)
class _Card:
    """What the card of a folder says: patterns of files by split, None where it says nothing of files."""

    patterns: tuple[tuple[str, str | None], ...]
    classes: Classes

    @classmethod
    def of(cls, root: Path) -> _Card:
        data = _front_matter(root / CARD)
        configuration = _default(data.get("configs"))
        infos = data.get("dataset_info")
        name = configuration.get("config_name")
        info = next((one for one in _objects(infos) if one.get("config_name") == name), None) or _default(infos)
        classes = class_names(info.get("features"))
        for legacy in _LEGACY if not classes else ():
            found = _json(root / legacy)
            classes = classes or class_names(_default_legacy(found, name).get("features"))
        return cls(tuple(_patterns(configuration.get("data_files"))), classes)

    def takes(self, name: str) -> bool:
        return any(_matches(name, pattern) for pattern, _ in self.patterns)

    def split_of(self, name: str) -> str | None:
        said = next((split for pattern, split in self.patterns if _matches(name, pattern)), None)
        return said or _split_by_words(name)


def _matches(name: str, pattern: str) -> bool:
    return len(pattern) < 300 and fnmatchcase(name, pattern.removeprefix("./").replace("**/", "*"))


def _split_by_words(name: str) -> str | None:
    for part in name.split("/"):
        for word in re.split(r"[-._ 0-9]+", part.lower()):
            if word in _SPLITS:
                return _SPLITS[word]
    return None


def _front_matter(path: Path) -> Mapping[str, Any]:
    """Return the YAML at the head of a card; nothing where there is none, or none that can be read."""
    if not path.is_file():
        return {}
    with path.open("rb") as handle:
        text = handle.read(_LONGEST_CARD).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    match = re.match(r"---\n(.*?)^---\s*$", text, re.DOTALL | re.MULTILINE)
    if match is None:
        return {}
    try:
        data = parse_yaml(match[1], path.name)
    except CodebookError:
        return {}
    return data if isinstance(data, dict) else {}


def _json(path: Path) -> Mapping[str, Any]:
    if not path.is_file() or path.stat().st_size > _LONGEST_CARD:
        return {}
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _default_legacy(data: Mapping[str, Any], name: Any) -> Mapping[str, Any]:
    """Return the description of one configuration; files have one, or several by their names."""
    if "features" in data:
        return data
    return next((one for key, one in data.items() if key == name), None) or _default(list(data.values()))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _default(value: Any) -> Mapping[str, Any]:
    """Return the configuration that is loaded where nobody names one."""
    configurations = _objects(value)
    marked = [one for one in configurations if one.get("default") is True or one.get("config_name") == "default"]
    return next(iter((*marked, *configurations)), {})


def _patterns(value: Any) -> Iterator[tuple[str, str | None]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one, None
        elif isinstance(one, dict):
            split = one.get("split")
            paths = one.get("path")
            for path in paths if isinstance(paths, list) else [paths]:
                if isinstance(path, str):
                    yield path, _SPLITS.get(split, split) if isinstance(split, str) else None
