"""The same verbs as the window, for scripts and tests: data on stdout, messages on stderr.

The commands are in `annotator.commands`.

Exit codes: 0 done, 1 the user's problem, 2 usage, 3 done but some items failed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, cast

import typer

import annotator
from annotator.commands import annotating, datasets, exporting, history, reporting, review, team
from annotator.commands.common import app
from annotator.core.errors import UserError
from annotator.session.datasets import LayerChoiceError

MODULES = (datasets, exporting, annotating, review, team, reporting, history)
"""Where the commands are; importing a module makes them known."""

_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""The parser's own class for a wrong command line, wherever typer keeps it."""


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return app(list(arguments), standalone_mode=False, prog_name="annotator") or 0
    except LayerChoiceError as error:
        return _complain(str(error), 2)
    except UserError as error:
        return _complain(str(error), 1)
    except _UsageError as error:
        error.show(sys.stderr)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return _complain("interrupted; what was done before is kept.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _complain(message: str, code: int) -> int:
    print(f"annotator: {message}", file=sys.stderr)
    return code


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Read political text closely: tag spans, keep them, export a labelled dataset."""
    if version:
        print(f"annotator {annotator.__version__}")
