"""Commands that make projects and carry documents and datasets in and out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from annotator import paths
from annotator.commands.common import As, Json, ProjectPath, app, counts, pairs, tell_losses
from annotator.console import opened, preferred_person, progress_bar, show, tell
from annotator.core.errors import UserError
from annotator.session.session import create_project


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Option("--dir", help="Where the sample project goes.")] = None,
) -> int:
    """Make the sample project if it is not there, and open it."""
    from annotator.demo import run_demo

    return run_demo(folder or paths.default_projects(), preferred_person())


@app.command()
def new(
    project: ProjectPath,
    codebook: Annotated[Path | None, typer.Option(help="A codebook file; default: the one that ships.")] = None,
    title: Annotated[str, typer.Option(help="The project's title; default: the file's name.")] = "",
) -> None:
    """Make an empty project."""
    from annotator.formats.codebooks import default_codebook, read_codebook

    create_project(project, read_codebook(codebook) if codebook else default_codebook(), preferred_person(), title)
    tell(f"Made {project}.")


@app.command(name="import")
def import_documents(
    project: ProjectPath,
    paths_: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Documents: files and folders.")],
    jobs: Annotated[int, typer.Option(min=1, max=32, help="How many files are read at once.")] = 2,
    as_name: As = "",
    as_json: Json = False,
) -> int:
    """Import documents: files, and folders with all that is readable in them."""
    with opened(project, as_name) as session, progress_bar("Importing") as progress:
        result = session.documents.import_files(paths_, jobs=jobs, progress=progress)
    data = {
        "imported": [
            {"id": i.document.id, "title": i.document.title, "file": i.file, "warnings": list(i.warnings)}
            for i in result.imported
        ],
        "duplicates": [{"file": d.file, "id": d.document} for d in result.duplicates],
        "failed": [{"file": f.file, "error": str(f.error)} for f in result.failed],
    }
    show(data, as_json, lambda: (f"{i.document.id}  {i.document.title}" for i in result.imported))
    for imported in result.imported:
        for warning in imported.warnings:
            tell(f"{imported.file}: {warning}")
    for duplicate in result.duplicates:
        tell(f"{duplicate.file}: already here as “{duplicate.title}”.")
    for failure in result.failed:
        tell(f"annotator: {failure.error}")
    tell(f"{len(result.imported)} imported, {len(result.duplicates)} already here, {len(result.failed)} failed.")
    if not result.failed:
        return 0
    return 3 if result.imported or result.duplicates else 1


@app.command()
def load(
    project: ProjectPath,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Labelled data.")],
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="See: annotator formats; default: what the file looks like.")
    ] = "",
    layer: Annotated[str | None, typer.Option(help="gold or an annotator's name; default: as the file says.")] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="NAME=KEY", help="What a label means; NAME= leaves it out.")
    ] = None,
    relation: Annotated[
        list[str] | None, typer.Option("--relation", metavar="NAME=KEY", help="What a relation type means.")
    ] = None,
    add_labels: Annotated[bool, typer.Option("--add-labels", help="Add what the codebook does not have.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what is wrong; load the rest.")] = False,
    near: Annotated[
        bool, typer.Option("--near", help="Find the spans of texts that are here a little differently.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count; change nothing.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> int:
    """Load labelled data, each file whole or not at all."""
    from annotator.formats.datasets.recognition import recognised
    from annotator.formats.datasets.registry import format_named
    from annotator.session.load_plan import LoadPlan

    plan = LoadPlan(pairs(label, "--label"), pairs(relation, "--relation"), add_labels, layer, skip_bad, near)
    totals = {"documents": 0, "spans": 0, "relations": 0}
    losses, unsure, failed, moved = [], [], [], 0
    with opened(project, as_name) as session, progress_bar("Loading") as progress:
        if format_name:
            format_named(format_name)
        session.repository  # noqa: B018 - refuses at once where the project is read-only
        for file in files:
            try:
                name = format_name or recognised(file).name
                result = session.datasets.load(file, name, plan=plan, dry_run=dry_run, progress=progress)
            except UserError as error:
                failed.append(f"annotator: {error}")
                continue
            for key in totals:
                totals[key] += getattr(result, key)
            losses += [loss.as_data() for loss in result.losses]
            unsure += [{"file": u.file, "line": u.place, "reason": u.reason} for u in result.unsure]
            moved += result.moved
            if result.added:
                tell(f"{file.name}: added to the codebook: {', '.join(result.added)}.")
    show({**totals, "losses": losses, "unsure": unsure}, as_json, lambda: iter([counts(totals)]))
    tell_losses(losses)
    if moved:
        tell(f"{moved} spans lay beside their quotes and were put where these stand.")
    for one in unsure:
        tell(f"{one['file']}, {one['line']}: {one['reason']}")
    for failure in failed:
        tell(failure)
    if not failed:
        return 3 if unsure else 0
    return 3 if len(failed) < len(files) else 1


@app.command()
def formats(as_json: Json = False) -> None:
    """List what each format reads, writes and loses."""
    from annotator.formats.datasets.registry import dataset_formats
    from annotator.formats.registry import document_formats

    data = {
        "documents": [{"name": f.name, "extensions": [e for e in f.endings if e]} for f in document_formats()],
        "datasets": [
            {
                "name": f.name,
                "title": f.title,
                "reads": f.reads,
                "writes": f.writes,
                "loses": list(f.loses),
                "options": {option.name: [value for value, _ in option.choices] for option in f.options},
            }
            for f in dataset_formats()
        ],
    }

    def lines() -> Iterator[str]:
        for entry in data["documents"]:
            yield f"document  {entry['name']}  {' '.join(entry['extensions'])}"
        for entry in data["datasets"]:
            yield f"dataset   {entry['name']}  {entry['title']}"
            yield from (f"          {name}: {', '.join(values)}" for name, values in entry["options"].items())
            yield from (f"          loses: {loss}" for loss in entry["loses"])

    show(data, as_json, lines)
