"""Commands on the steps of a project, and its backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.commands.common import As, Json, ProjectPath, app
from annotator.console import opened, show, tell
from annotator.core.errors import UserError

MOST_STEPS = 1_000_000


@app.command()
def undo(project: ProjectPath, as_name: As = "") -> None:
    """Take back your last step."""
    with opened(project, as_name) as session:
        tell(session.history.undo().title)


@app.command()
def redo(project: ProjectPath, as_name: As = "") -> None:
    """Put back what you undid last."""
    with opened(project, as_name) as session:
        tell(session.history.redo().title)


@app.command()
def history(
    project: ProjectPath,
    limit: Annotated[int, typer.Option(min=1, max=MOST_STEPS, help="How many steps, the newest first.")] = 1000,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """List the steps, newest first."""
    with opened(project, as_name, write=False) as session:
        entries = session.history.entries(limit)
    data = [
        {"step": e.step, "title": e.title, "annotator": e.annotator, "time": e.time, "undone": e.undone}
        for e in entries
    ]
    show(data, as_json, lambda: (f"{e.time[:19]}  {e.title}{'  (undone)' if e.undone else ''}" for e in entries))


@app.command()
def backup(
    project: ProjectPath,
    out: Annotated[Path | None, typer.Argument(metavar="OUT", help="Where to; default: today's backup.")] = None,
) -> None:
    """Make a verified copy of a project, open or not."""
    from annotator.storage.backup import backup_folder, backup_of_today, copy_verified
    from annotator.storage.project_file import check_header

    check_header(project)
    if out is not None and out.exists():
        raise UserError("“{name}” is already there. Choose another name.", name=out.name)
    if out is not None:
        copy_verified(project, out)
    else:
        out = backup_of_today(project) or backup_folder(project)
    print(out)
