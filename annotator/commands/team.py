"""Commands on people and their work, and on the files that go to them and come back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from annotator.commands.common import As, Json, ProjectPath, app
from annotator.commands.merge_report import merge_data, merge_lines
from annotator.console import opened, progress_bar, show, tell
from annotator.core.errors import NotFoundError
from annotator.core.person_colours import person_colours
from annotator.core.same_people import ids_of
from annotator.session.session import Session


def _documents_and_people(session: Session, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the ids of the documents that are named, and the names of people: `--to A B` reads like two people."""
    people = {one.name for one in session.queries.annotators()}
    documents, also = [], []
    for name in names:
        try:
            documents.append(session.queries.document_named(name).id)
        except NotFoundError:
            if name not in people:
                raise NotFoundError(
                    "There is no document “{name}”. To name another person, write --to once more.", name=name
                ) from None
            also.append(name)
    return documents, also


@app.command()
def assign(
    project: ProjectPath,
    documents: Annotated[list[str] | None, typer.Argument(metavar="[DOC]…", help="Default: every document.")] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A person; repeat for more.")] = None,
    overlap: Annotated[float, typer.Option(min=0, max=1, metavar="SHARE", help="What two people get, 0 to 1.")] = 0.0,
    round_name: Annotated[str, typer.Option("--round", metavar="NAME", help="Default: the round in use.")] = "",
    seed: Annotated[int, typer.Option(help="Another one shares out otherwise.")] = 0,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Share documents out to people, evenly; a name that is not known becomes an analyst."""
    if not to:
        raise typer.BadParameter("name at least one person", param_hint="--to")
    with opened(project, as_name) as session:
        chosen, also = _documents_and_people(session, documents or [])
        to = [*to, *also]
        place = session.queries.round_named(round_name).id if round_name else None
        with session.group(f"Assign documents to {', '.join(to)}"):
            people = [_person_or_new(session, name) for name in to]
            plan = session.assignments.assign(chosen or None, people, overlap, place, seed)
        names = {one.id: one.name for one in session.queries.annotators()}
    data = {
        "assigned": [{"document": one.document, "annotator": one.annotator} for one in plan.allotments],
        "people": [
            {"id": i, "name": names[i], "documents": sum(one.annotator == i for one in plan.allotments)} for i in people
        ],
        "left_alone": plan.left_alone,
    }
    show(data, as_json, lambda: (f"{one['documents']:>5}  {one['name']}" for one in data["people"]))
    if plan.left_alone:
        tell(f"{plan.left_alone} documents were assigned already and stay as they are.")


def _person_or_new(session: Session, name: str) -> str:
    known = [one for one in session.queries.annotators() if name in (one.id, one.name)]
    return session.queries.annotator_named(name).id if known else session.annotators.add(name).id


@app.command(name="round")
def change_round(
    project: ProjectPath,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as pilot; it is begun where it is not there yet.")],
    practice: Annotated[bool, typer.Option("--practice", help="Analysts see afterwards where gold differs.")] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Let analysts see all of the round, and stay in the one in use.")
    ] = False,
    as_name: As = "",
) -> None:
    """Begin a round, or switch to it; or release one."""
    with opened(project, as_name) as session:
        known = {one.name: one.id for one in session.queries.rounds()}
        if release:
            session.rounds.release(session.queries.round_named(name).id)
            tell(f"Analysts may see all of the round “{name}”.")
            return
        if name not in known:
            session.rounds.begin(name, practice=practice)
        else:
            with session.group(f"Switch to the round “{name}”"):
                session.rounds.switch(known[name])
                if practice:
                    session.rounds.set_practice(known[name], True)
    tell(f"The project is in the round “{name}”.")


@app.command()
def people(
    project: ProjectPath,
    round_name: Annotated[str, typer.Option("--round", metavar="NAME", help="Default: the round in use.")] = "",
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """List who works here, and how far they are in a round."""
    with opened(project, as_name, write=False) as session:
        chosen = session.queries.round_named(round_name) if round_name else None
        rows = session.queries.progress(chosen.id if chosen else None)
        everybody = session.queries.annotators()
    data = [
        {
            "id": row.annotator.id,
            "name": row.annotator.name,
            "role": row.annotator.role,
            "color": person_colours(row.annotator)[0],
            "ids": sorted(ids_of(everybody, row.annotator.id)),
            "assigned": row.assigned,
            "statuses": dict(row.statuses),
            "empty": row.empty,
            "spans": row.spans,
        }
        for row in rows
    ]
    show(
        data,
        as_json,
        lambda: (f"{r.annotator.role:<8} {r.finished:>5} of {r.total:>5} done  {r.annotator.name}" for r in rows),
    )


@app.command()
def package(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The package, or a folder in which it gets a name.")],
    to: Annotated[list[str], typer.Option(metavar="NAME", help="For whom; repeat it where OUT is a folder.")],
    digest: Annotated[bool, typer.Option("--digest", help="With the decisions on what was returned.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Make a hand-off package: somebody's documents and the codebook, and nothing of what others did."""
    if len(to) > 1 and not out.is_dir():
        raise typer.BadParameter("for several people, name a folder that is there", param_hint="OUT")
    with opened(project, as_name) as session, progress_bar("Packing") as progress:
        people = [session.queries.annotator_named(name).id for name in to]
        made = [session.packages.issue(one, out, with_digest=digest, progress=progress) for one in people]
    data = [
        {"file": str(m.file), "annotator": m.annotator, "documents": m.documents, "spans": m.annotations} for m in made
    ]
    show(data, as_json, lambda: (str(m.file) for m in made))


@app.command()
def handin(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The return (NAME.annoreturn), or a folder for it.")],
    as_json: Json = False,
) -> None:
    """Make the file that goes back to the lead: what was done in a package, without texts."""
    with opened(project) as session, progress_bar("Handing in") as progress:
        report = session.packages.hand_in_report(progress)
        handed = session.packages.hand_in(out, progress)
    data = {
        "file": str(handed.file),
        "documents": handed.documents,
        "spans": handed.annotations,
        "changes": handed.changes,
        "unfinished": [{"document": u.id, "title": u.title, "status": u.status} for u in report.unfinished],
        "findings": len(report.findings),
    }
    for unfinished in report.unfinished:
        tell(f"not finished ({unfinished.status}): {unfinished.title}")
    if report.findings:
        tell(f"{len(report.findings)} things to look at. See: annotator lint {project}")
    show(data, as_json, lambda: iter([str(handed.file)]))


@app.command()
def merge(
    project: ProjectPath,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Returns, packages, or copies of the project.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count; change nothing.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> int:
    """Join what came back, or a copy that grew apart, with the project, as one step; in a package, take in a later one.

    A file that cannot be merged is named, and the others are merged all the same.
    """
    with opened(project, as_name) as session, progress_bar("Merging") as progress:
        preview = session.merging.preview(files, progress)
        sound = [file.file for file in preview.files if not file.refused]
        report = preview if dry_run or not sound else session.packages.take_in(sound, progress)
    refused = [file for file in preview.files if file.refused]
    data = merge_data(report, refused, dry_run=dry_run)
    show(data, as_json, lambda: merge_lines(report))
    if preview.taken_back:
        tell("It was merged before and undone: redo brings it back.")
    for file in refused:
        tell(f"annotator: {file.file}: {file.refused}")
    if not refused:
        return 0
    return 3 if sound else 1
