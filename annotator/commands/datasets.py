"""Commands that make projects and carry documents and datasets in and out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator import paths
from annotator.commands.common import As, Json, ProjectPath, app
from annotator.console import opened, preferred_person, progress_bar, show, tell
from annotator.core.errors import UserError
from annotator.core.records import STATUSES
from annotator.session.datasets import ExportResult
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

    plan = LoadPlan(_pairs(label, "--label"), _pairs(relation, "--relation"), add_labels, layer, skip_bad, near)
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
    show({**totals, "losses": losses, "unsure": unsure}, as_json, lambda: iter([_counts(totals)]))
    _tell_losses(losses)
    if moved:
        tell(f"{moved} spans lay beside their quotes and were put where these stand.")
    for one in unsure:
        tell(f"{one['file']}, {one['line']}: {one['reason']}")
    for failure in failed:
        tell(failure)
    if not failed:
        return 3 if unsure else 0
    return 3 if len(failed) < len(files) else 1


def _pairs(given: list[str] | None, hint: str) -> dict[str, str]:
    """Return NAME=KEY as a table. Raises typer.BadParameter for what has no “=”."""
    found = {}
    for one in given or []:
        name, sign, key = one.rpartition("=")
        if not sign or not name:
            raise typer.BadParameter(f"“{one}” is not NAME=KEY", param_hint=hint)
        found[name] = key
    return found


def _tell_losses(losses: list[dict[str, Any]]) -> None:
    for loss in losses:
        tell(f"{loss['kind']}: {loss['count']} ({', '.join(loss['examples'])})")


@app.command()
def export(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The data file; schema and manifest go beside it.")],
    format_name: Annotated[str, typer.Option("--format", metavar="NAME", help="See: annotator formats.")],
    layer: Annotated[str | None, typer.Option(help="gold, all, an annotator's name, or a layer's id.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Only documents with this status; may be repeated.")] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the format.")
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="Put the annotators' names into the manifest.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be lost; write nothing.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Export a labelled dataset; it is read back and verified before it replaces what is there."""
    for one in status or []:
        if one not in STATUSES:
            raise typer.BadParameter(f"“{one}” is no status; use one of: {', '.join(STATUSES)}", param_hint="--status")
    options = _pairs(option, "--option")
    with opened(project, as_name, write=False) as session, progress_bar("Exporting") as progress:
        result = session.datasets.export(
            out,
            format_name,
            layer=layer,
            statuses=status or None,
            names=names,
            options=options,
            dry_run=dry_run,
            progress=progress,
        )
    if result.is_gold:
        _record_release(project, as_name, result, format_name)
    data = {
        "documents": result.documents,
        "spans": result.spans,
        "relations": result.relations,
        "files": [str(file) for file in result.files],
        "losses": [loss.as_data() for loss in result.losses],
        "verified": result.verified,
    }
    show(data, as_json, lambda: (str(file) for file in result.files))
    _tell_losses(data["losses"])
    tell(f"{'Would export' if dry_run else 'Exported and verified'}: {_counts(data)}.")
    if not result.spans:
        tell("annotator: the export has no spans. Is anything tagged in this layer?")


def _record_release(project: Path, as_name: str, result: ExportResult, format_name: str) -> None:
    """Keep in the project that gold was handed over, where it can be written; the export itself only reads."""
    from annotator.session.releases import record_export

    with opened(project, as_name) as session:
        record_export(session, result, format_name)
        if session.read_only_reason and session.role == "lead":
            tell(f"annotator: not kept as a release: {session.read_only_reason}")


def _counts(data: dict[str, Any]) -> str:
    return f"{data['documents']} documents, {data['spans']} spans, {data['relations']} relations"


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
