"""Codebook files: TOML or YAML in the layout of `core.codebook`, and the labels alone as REFI-QDA (`.qdc`)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from annotator import paths
from annotator.core.codebook import Codebook, codebook_from_data, codebook_to_data
from annotator.core.errors import CodebookError, UserError
from annotator.formats.datasets.replacing import FileSet, explained_failures

SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes that such a file may have."""

YAML_SUFFIXES = (".yaml", ".yml")
QDC_SUFFIX = ".qdc"

_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def read_codebook(path: Path) -> Codebook:
    """Return the codebook of a file: YAML or REFI-QDA where its name says so, else TOML.

    Raises CodebookError, naming the file and the line or entry.
    """
    if path.suffix.lower() == QDC_SUFFIX:
        from annotator.formats.codebook_qdc import read_qdc

        return read_qdc(_content(path, CodebookError), path)
    if path.suffix.lower() not in YAML_SUFFIXES:
        return codebook_from_data(read_toml(path, CodebookError), str(path))
    from annotator.formats.codebook_yaml import parse_yaml

    data = parse_yaml(_text_of(_content(path, CodebookError), path, CodebookError), str(path))
    return codebook_from_data(data if isinstance(data, dict) else {}, str(path))


def write_codebook(codebook: Codebook, path: Path) -> None:
    """Write a codebook to a file that `read_codebook` reads, replacing what is there. Raises UserError.

    A REFI-QDA codebook (`.qdc`) has the labels alone.
    """
    text = _text_for(codebook, path.suffix.lower())
    with explained_failures(path, "written"), FileSet(path.parent) as files:
        files.add(path.name, text.encode("utf-8"))
        files.install()


def _text_for(codebook: Codebook, suffix: str) -> str:
    if suffix != QDC_SUFFIX:
        return codebook_text(codebook, yaml=suffix in YAML_SUFFIXES)
    from annotator.formats.codebook_qdc import qdc_text

    return qdc_text(codebook)


def codebook_text(codebook: Codebook, *, yaml: bool = False) -> str:
    """Return a codebook as TOML or YAML; fields that are empty are left out."""
    data = codebook_to_data(codebook)
    for section in ("labels", "attributes", "relations"):
        data[section] = [_without_defaults(entry, place) for place, entry in enumerate(data[section])]
    if not yaml:
        return tomli_w.dumps(data)
    from annotator.formats.codebook_yaml import yaml_text

    return yaml_text(data)


def _without_defaults(entry: dict[str, Any], place: int) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name in ("default", "position") or value}
    if kept["position"] == place:
        del kept["position"]
    return {name: value for name, value in kept.items() if value is not None}


def default_codebook() -> Codebook:
    """Return the codebook that ships with the program."""
    return read_codebook(paths.resources() / "codebooks" / "political-text.toml")


def read_toml(path: Path, error: type[UserError]) -> dict[str, Any]:
    """Return the content of a TOML file. Raises `error` where it is unreadable, too large, not UTF-8 or not TOML."""
    content = _content(path, error)
    text = _text_of(content, path, error)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as reason:
        found = _LINE.search(str(reason))
        raise error(
            "{file}, line {line}: not TOML ({reason}).",
            file=path,
            line=found[1] if found else str(content.count(b"\n") + 1),
            reason=_LINE.sub("", str(reason)).strip().rstrip(".") or "nested too deeply",
        ) from reason


def _content(path: Path, error: type[UserError]) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as reason:
        raise error("{file} cannot be read: {reason}.", file=path, reason=reason.strerror or reason) from reason
    if len(content) > SIZE_LIMIT:
        raise error("{file} is larger than 2 MiB, the most such a file may have.", file=path)
    return content


def _text_of(content: bytes, path: Path, error: type[UserError]) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = reason.object.count(b"\n", 0, reason.start) + 1
        raise error("{file}, line {line}: not UTF-8; save the file as UTF-8.", file=path, line=line) from reason
