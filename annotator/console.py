"""What every command needs: a project opened as somebody, data on stdout, messages and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from annotator.core.errors import UserError
from annotator.core.ids import new_id
from annotator.session.people import Person, person_named
from annotator.session.session import Session
from annotator.settings import load_settings


def show(data: Any, as_json: bool, text: Callable[[], Iterator[str]]) -> None:
    """Print data as JSON, or as lines for a person."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in text():
        print(line)


def tell(message: str) -> None:
    """Say something to the person, on stderr."""
    print(message, file=sys.stderr)


@contextmanager
def opened(project: Path, name: str = "", *, write: bool = True) -> Iterator[Session]:
    """Open a project as the person of the preferences, or as the one who is called `name` in it."""
    person = preferred_person()
    if name:
        with Session(project, person, write=write) as session:
            own = person.id if name == person.name else new_id()
            person = person_named(name, session.queries.annotators(), own)
    with Session(project, person, write=write) as session:
        if write and not session.read_only_reason:
            _back_up(session)
        yield session


def _back_up(session: Session) -> None:
    try:
        session.back_up()
    except UserError as error:
        tell(f"annotator: {error}")


def preferred_person() -> Person:
    """Return the person of the preferences."""
    settings = load_settings()
    return Person(settings.annotator_id, settings.annotator_name)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show progress on stderr where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    plain = TextColumn("{task.description}", markup=False)
    columns = (plain, *Progress.get_default_columns()[1:])
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total or None, description=f"{what} {name[:40]}")

        yield report
