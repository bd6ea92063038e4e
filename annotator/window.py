"""Opens the window or draws it, or says in one sentence why it cannot and what works without one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.errors import UserError

if TYPE_CHECKING:
    from annotator.core.report import Report
    from annotator.session.people import Person

Told = Callable[[int, int, str], None]

WITHOUT_A_WINDOW = (
    "These commands work without one: annotator demo, new, import, list, show, tag, relate, export, load, report, "
    "about, undo, redo, history, screenshot (annotator --help explains them)."
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
    from annotator.settings import load_settings

    try:
        settings = load_settings()
    except UserError as error:
        print(f"annotator: {error}", file=sys.stderr)
        return 1
    return app.run(Path(project) if project else None, settings)


def draw_window(project: Path, picture: Path, person: Person, **options: Any) -> None:
    """Draw the window to a PNG; `options` are those of `ui.screenshot.take`.

    Raises UserError, which names the system's packages where Qt cannot be loaded.
    """
    try:
        from annotator.ui.screenshot import take
    except ImportError as error:
        from annotator.display import missing_library

        raise UserError("{problem}", problem=missing_library(str(error))) from error
    take(project, picture, person=person, **options)


def draw_report(report: Report, told: Told, *, paper: str = "A4") -> bytes:
    """Return a report as a PDF, with or without a display; `told` and `paper` are those of `ui.report_pdf.write_pdf`.

    Raises UserError, which names the system's packages where Qt cannot be loaded.
    """
    try:
        from annotator.ui.report_pdf import make_drawable, write_pdf
    except ImportError as error:
        from annotator.display import missing_library

        raise UserError("{problem}", problem=missing_library(str(error))) from error
    make_drawable()
    return write_pdf(report, told, paper=paper)


def _refuse(problem: str) -> int:
    print(f"annotator: {problem} {WITHOUT_A_WINDOW}", file=sys.stderr)
    return 1
