"""Commands for datasets that leave the project: export, and the releases that were made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.commands.common import As, Json, ProjectPath, app, counts, pairs, tell_losses
from annotator.console import opened, progress_bar, show, tell
from annotator.core.errors import UserError
from annotator.core.recipes import UNREAD, ExportRecipe, Selection
from annotator.core.records import STATUSES
from annotator.core.splits import WAYS, SplitPlan
from annotator.session.dataset_exports import ExportResult


@app.command()
def export(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The data file, or the folder of some formats.")],
    format_name: Annotated[str, typer.Option("--format", metavar="NAME", help="See: annotator formats.")] = "",
    layer: Annotated[str | None, typer.Option(help="gold, all, an annotator's name, or a layer's id.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Only documents with this status; may be repeated.")] = None,
    label: Annotated[list[str] | None, typer.Option(help="Only spans with this label; may be repeated.")] = None,
    since: Annotated[str, typer.Option(help="Only documents of this date or later.")] = "",
    until: Annotated[str, typer.Option(help="Only documents of this date or earlier.")] = "",
    source: Annotated[list[str] | None, typer.Option(help="Only documents of this host; may be repeated.")] = None,
    unread: Annotated[str, typer.Option(help="keep or drop the paragraphs that nobody has read.")] = "keep",
    split: Annotated[str, typer.Option(help="Shares to train, validate and test, such as 80/10/10.")] = "",
    split_by: Annotated[str, typer.Option("--split-by", help="labels, date or source.")] = "labels",
    seed: Annotated[int, typer.Option(help="Another seed shares documents out otherwise.")] = 1,
    licence: Annotated[str, typer.Option(help="What the card beside the data says of its licence.")] = "",
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the format.")
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="Put the annotators' names into the manifest.")] = False,
    recipe_name: Annotated[str, typer.Option("--recipe", metavar="NAME", help="Repeat a recipe that was kept.")] = "",
    save_recipe: Annotated[str, typer.Option("--save-recipe", metavar="NAME", help="Keep these options.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be lost; write nothing.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Export a labelled dataset; it is read back and verified before it replaces what is there."""
    _refuse_unknown("--status", status, STATUSES)
    _refuse_unknown("--unread", [unread], UNREAD)
    _refuse_unknown("--split-by", [split_by], WAYS)
    if not format_name and not recipe_name:
        raise typer.BadParameter("name a format, or a recipe that was kept", param_hint="--format")
    given = ExportRecipe(
        format_name,
        Selection(layer, _some(status), _some(label), _some(source), since, until, unread),
        pairs(option, "--option"),
        names,
        licence,
        _split_plan(split, seed, split_by) if split else None,
    )
    with opened(project, as_name, write=bool(save_recipe)) as session, progress_bar("Exporting") as progress:
        if save_recipe:
            session.recipes.save(save_recipe, given)
        kept_as = save_recipe or recipe_name
        recipe = session.recipes.named(kept_as) if kept_as else given
        conflicts = session.datasets.gold_conflicts(recipe.selection.layer)
        result = session.datasets.export_recipe(out, recipe, kept_as=kept_as, dry_run=dry_run, progress=progress)
    if result.verified and not save_recipe:
        _record_release(project, as_name, result, kept_as)
    _show_result(result, conflicts, as_json)


def _refuse_unknown(hint: str, given: list[str] | None, known: tuple[str, ...]) -> None:
    for one in given or []:
        if one not in known:
            raise typer.BadParameter(f"“{one}” is not one of: {', '.join(known)}", param_hint=hint)


def _some(given: list[str] | None) -> tuple[str, ...] | None:
    return tuple(given) if given else None


def _split_plan(shares: str, seed: int, way: str) -> SplitPlan:
    parts = shares.split("/")
    if len(parts) != 3 or not all(part.strip().isdecimal() for part in parts):
        raise typer.BadParameter(f"“{shares}” is not three shares such as 80/10/10", param_hint="--split")
    train, validation, test = map(int, parts)
    try:
        return SplitPlan((train, validation, test), seed, way).checked()
    except UserError as error:
        raise typer.BadParameter(str(error), param_hint="--split") from error


def _show_result(result: ExportResult, conflicts: int, as_json: bool) -> None:
    data: dict[str, Any] = {
        "documents": result.documents,
        "spans": result.spans,
        "relations": result.relations,
        "files": [str(file) for file in result.files],
        "losses": [loss.as_data() for loss in result.losses],
        "verified": result.verified,
        "conflicts": conflicts,
        "splits": dict(result.sides),
    }
    show(data, as_json, lambda: (str(file) for file in result.files))
    tell_losses(data["losses"])
    tell(f"{'Exported and verified' if result.verified else 'Would export'}: {counts(data)}.")
    if result.sides:
        tell(", ".join(f"{side}: {count} documents" for side, count in sorted(result.sides.items())))
    if not result.spans:
        tell("annotator: the export has no spans. Is anything tagged in this layer?")
    if conflicts:
        waiting = "1 conflict waits" if conflicts == 1 else f"{conflicts} conflicts wait"
        tell(f"annotator: {waiting} in gold, undecided in this export. Decide under Project, Conflicts; export again.")


def _record_release(project: Path, as_name: str, result: ExportResult, kept_as: str) -> None:
    """Keep in the project that a dataset was handed over, where it can be written; the export itself only reads."""
    from annotator.session.releases import record_export

    with opened(project, as_name) as session:
        record_export(session, result, kept_as)
        if session.read_only_reason and session.role == "lead":
            tell(f"annotator: not kept as a release: {session.read_only_reason}")


@app.command()
def releases(
    project: ProjectPath,
    compare: Annotated[
        list[str] | None, typer.Option("--compare", metavar="FILE", help="Twice: two releases, by file name or id.")
    ] = None,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """List the datasets that were exported, or compare two of them span by span."""
    with opened(project, as_name, write=False) as session:
        if not compare:
            found = session.releases.all()
            data = [
                {"id": one.id, "file": one.file, "format": one.format, "time": one.created, "sha256": one.sha256}
                | {key: one.details.get(key, 0) for key in ("documents", "spans", "relations")}
                for one in found
            ]
            show(data, as_json, lambda: (f"{one['time']}  {one['file']}  {counts(one)}" for one in data))
            return
        if len(compare) != 2:
            raise typer.BadParameter("name two releases: --compare OLD --compare NEW", param_hint="--compare")
        comparison = session.releases.compare(compare[0], compare[1])
    changes = [
        {"kind": one.kind, "document": one.document, "title": one.title, "span": one.span, "before": one.before}
        | {"after": one.after, "quote": one.quote}
        for one in comparison.changes
    ]
    figures = {kind: comparison.count(kind) for kind in ("added", "removed", "relabelled", "moved")}
    show(
        {**figures, "same": comparison.same, "changes": changes},
        as_json,
        lambda: (
            f"{one['kind']}  {one['title']}  {one['before'] or '-'} → {one['after'] or '-'}  “{one['quote']}”"
            for one in changes
        ),
    )
    tell(", ".join(f"{count} {kind}" for kind, count in figures.items()) + f", {comparison.same} the same.")
