"""The YAML block that may stand before a Markdown text: title, date, address, and whatever else."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from annotator.formats.documents.language import two_letters
from annotator.formats.documents.source import iso_date, storable, tidy_title

MAXIMUM_CHARACTERS = 64 * 1024
"""A longer block is no front matter."""

_BLOCK = re.compile(r"---[ \t]*\n(.*?)\n?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY_LINE = re.compile(r"(?:#.*\n)*[\"']?[\w][\w .-]*[\"']?\s*:(?:\s|\Z)")
_DEEPEST = 20
_ADDRESS_KEYS = ("source_url", "url")
_KNOWN_KEYS = {"title", "date", "language", "lang", *_ADDRESS_KEYS}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the block says, as plain values; everything is empty where there is none."""

    title: str = ""
    date: str = ""
    url: str = ""
    language: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class _PlainLoader(yaml.SafeLoader):
    """A safe loader that takes no aliases (they can swell without end) and no key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not taken")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            raise yaml.YAMLError("a key stands there twice")
        return super().construct_mapping(node, deep)


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Return the front matter and the text after it.

    A block that begins like YAML and is not readable stays out of the text too: it is kept whole in the metadata
    under `front_matter`, with a warning.
    """
    match = _BLOCK.match(text[:MAXIMUM_CHARACTERS])
    if not match or not _KEY_LINE.match(match.group(1)):
        return FrontMatter(), text
    body = text[match.end() :]
    try:
        return _interpret(yaml.load(match.group(1), Loader=_PlainLoader)), body  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        warning = "The block at the top of the file is not readable YAML: it was kept as a note, not as text."
        return FrontMatter(metadata={"front_matter": storable(match.group(1))}, warnings=(warning,)), body


def _interpret(block: Any) -> FrontMatter:
    if not isinstance(block, dict):
        raise ValueError("the block is no mapping")
    values = {str(key): value for key, value in block.items()}
    return FrontMatter(
        title=tidy_title(_as_text(values.get("title"))),
        date=iso_date(_as_text(values.get("date"))),
        url=next((_as_text(values[key]).strip() for key in _ADDRESS_KEYS if values.get(key)), ""),
        language=two_letters(_as_text(values.get("language") or values.get("lang"))),
        metadata={storable(key): _plain(value) for key, value in values.items() if key not in _KNOWN_KEYS},
    )


def _as_text(value: Any) -> str:
    plain = _plain(value)
    return "" if plain is None else str(plain)


def _plain(value: Any, depth: int = 0) -> Any:
    """Return the value as JSON knows it; dates become ISO 8601 text. Raises ValueError for a nest without end."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) < 2**53 else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {storable(str(key)): _plain(inner, depth + 1) for key, inner in value.items()}
        case list() | tuple() | set():
            return [_plain(inner, depth + 1) for inner in value]
        case _:
            return storable(str(value))
