"""YAML as codebook files hold it: plain values, no aliases, no key twice, no nest without end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from annotator.core.errors import CodebookError

_DEEPEST = 20
_NOT_A_PLAIN_FILE = "{file}, line {line}: not YAML that a codebook may have ({reason})."

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """A safe loader that takes a date for text and no key twice."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if key.value in seen if isinstance(key, yaml.ScalarNode) else True:
                raise yaml.MarkedYAMLError(None, None, "a key that is no word, or stands there twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str, file: str) -> Any:
    """Return the value of a YAML text. Raises CodebookError, naming the file and the line."""
    try:
        _refuse_swelling(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        line = mark.line + 1 if mark is not None else text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise CodebookError(_NOT_A_PLAIN_FILE, file=file, line=line, reason=problem) from error
    except (ValueError, OverflowError, RecursionError) as error:
        reason = str(error).rstrip(".") or "nested too deeply"
        raise CodebookError(_NOT_A_PLAIN_FILE, file=file, line=1, reason=reason) from error


def _refuse_swelling(text: str) -> None:
    """Raise YAMLError for an alias, which can stand for any amount of text, and for lists in lists without end."""
    depth = 0
    parse: Callable[..., Any] = yaml.parse
    for event in parse(text, Loader=_Base):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(None, None, "an alias; write the text out", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.MarkedYAMLError(None, None, "nested too deeply", event.start_mark)


def yaml_text(data: Any) -> str:
    """Return plain data as YAML, in the order that it has."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


_BREAKS = frozenset("\x85\u2028\u2029")
"""Signs that end a line in YAML, and that only double quotes keep."""


class _Dumper(yaml.SafeDumper):
    """Writes lists indented under their key."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = None if _BREAKS.isdisjoint(text) else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(str, _Dumper.represent_text)
