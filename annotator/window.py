"""Opens the window, or says in one sentence why it cannot and what works without one."""

from __future__ import annotations

import sys
from pathlib import Path

WITHOUT_A_WINDOW = (
    "These commands work without one: annotator demo, new, import, list, show, tag, relate, export, load, undo, redo, "
    "history, screenshot (annotator --help explains them)."
)


def open_window(project: str | None) -> int:
    """Open the start page, or a project, and return the exit code when the window closes.

    Where there is no display or Qt cannot be loaded, say so on stderr and return 1.
    """
    from annotator.display import DisplayProbe, missing_library

    probe = DisplayProbe()
    try:
        import annotator.app as app
    except ImportError as error:
        return _refuse(missing_library(str(error)))
    problem = probe.problem()
    if problem:
        return _refuse(problem)
    from annotator.core.errors import UserError
    from annotator.settings import load_settings

    try:
        settings = load_settings()
    except UserError as error:
        print(f"annotator: {error}", file=sys.stderr)
        return 1
    return app.run(Path(project) if project else None, settings)


def _refuse(problem: str) -> int:
    print(f"annotator: {problem} {WITHOUT_A_WINDOW}", file=sys.stderr)
    return 1
