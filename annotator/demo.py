"""The sample project, with a window or without: the main job done once before your eyes."""

from __future__ import annotations

from pathlib import Path

from annotator.core.errors import UserError
from annotator.display import display_problem
from annotator.session.people import Person
from annotator.session.sample import make_sample
from annotator.session.session import Session
from annotator.window import draw_window

NAME = "Sample project"


def run_demo(folder: Path, person: Person) -> int:
    """Make the sample project if it is not there; open it, or without a display export and draw it."""
    project = folder / f"{NAME}.annodb"
    if not project.exists():
        make_sample(project, person)
    problem = display_problem()
    if problem:
        print(f"{problem} So here is the main job without a window.")
        _without_a_window(project, person)
        return 0
    from annotator.app import run
    from annotator.settings import load_settings

    return run(project, load_settings())


def _without_a_window(project: Path, person: Person) -> None:
    print(f"Project   {project}")
    with Session(project, person, write=False) as session:
        for row in session.queries.documents():
            print(f"          {row.span_count:>3} spans  {row.document.title}")
        result = session.datasets.export(project.with_name(f"{NAME}.jsonl"))
    print(f"Dataset   {result.files[0]} ({result.spans} spans, read back and verified)")
    for extra in result.files[1:]:
        print(f"          {extra}")
    picture = project.with_name(f"{NAME}.png")
    problem = _draw(project, picture, person)
    print(f"Picture   {problem or picture}")
    print(f'Next      annotator list "{project}"')


def _draw(project: Path, picture: Path, person: Person) -> str:
    """Draw the window; return an empty text, or why it cannot be drawn here."""
    try:
        draw_window(project, picture, person)
    except UserError as error:
        return f"not drawn: {error}"
    return ""
