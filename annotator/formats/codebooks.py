"""Codebook files: TOML in the layout of `core.codebook`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from annotator import paths
from annotator.core.codebook import Codebook, codebook_from_data
from annotator.core.errors import CodebookError, UserError

SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes that a TOML file may have."""

_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def read_codebook(path: Path) -> Codebook:
    """Return the codebook of a TOML file. Raises CodebookError, naming the file and the line or entry."""
    return codebook_from_data(read_toml(path, CodebookError), str(path))


def default_codebook() -> Codebook:
    """Return the codebook that ships with the program."""
    return read_codebook(paths.resources() / "codebooks" / "political-text.toml")


def read_toml(path: Path, error: type[UserError]) -> dict[str, Any]:
    """Return the content of a TOML file. Raises `error` where it is unreadable, too large, not UTF-8 or not TOML."""
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as reason:
        raise error("{file} cannot be read: {reason}.", file=path, reason=reason.strerror or reason) from reason
    if len(content) > SIZE_LIMIT:
        raise error("{file} is larger than 2 MiB, the most such a file may have.", file=path)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as reason:
        line = reason.object.count(b"\n", 0, reason.start) + 1
        raise error("{file}, line {line}: not UTF-8; save the file as UTF-8.", file=path, line=line) from reason
    except (ValueError, RecursionError) as reason:
        found = _LINE.search(str(reason))
        raise error(
            "{file}, line {line}: not TOML ({reason}).",
            file=path,
            line=found[1] if found else str(content.count(b"\n") + 1),
            reason=_LINE.sub("", str(reason)).strip().rstrip(".") or "nested too deeply",
        ) from reason
