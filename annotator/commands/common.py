"""What every command shares: the application, and the arguments that many take.

How to add a command:
1. write a function with `@app.command()` in one of these modules, its project first;
2. call one session verb and hand what it returns to `console.show`;
3. name it in `annotator.__main__.COMMANDS` and in `tests/test_cli.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.console import tell

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Read political text closely: tag spans, keep them, export a labelled dataset. "
    "With a PROJECT alone, or nothing, the window opens.",
)

ProjectPath = Annotated[Path, typer.Argument(metavar="PROJECT", help="A project file (NAME.annodb).")]
DocumentName = Annotated[str, typer.Argument(metavar="DOC", help="A document's id, or its title where that is unique.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who annotates; default: your name in the preferences.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]


def pairs(given: list[str] | None, hint: str) -> dict[str, str]:
    """Return NAME=VALUE as a table. Raises typer.BadParameter for what has no “=”; `hint` names the option."""
    found = {}
    for one in given or []:
        name, sign, value = one.rpartition("=")
        if not sign or not name:
            raise typer.BadParameter(f"“{one}” is not NAME=VALUE", param_hint=hint)
        found[name] = value
    return found


def tell_losses(losses: Iterable[Mapping[str, Any]]) -> None:
    """Tell what a format could not hold, a line a kind."""
    for loss in losses:
        tell(f"{loss['kind']}: {loss['count']} ({', '.join(loss['examples'])})")


def counts(data: Mapping[str, Any]) -> str:
    """Return how much a dataset holds, in words."""
    return f"{data['documents']} documents, {data['spans']} spans, {data['relations']} relations"
