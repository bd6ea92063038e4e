"""Commands of those who review: how far people agree, what is to decide, what looks wrong."""

from __future__ import annotations

from typing import Annotated

import typer

from annotator.commands.common import As, Json, ProjectPath, app
from annotator.console import opened, progress_bar, show, tell


@app.command()
def agreement(
    project: ProjectPath,
    layers: Annotated[
        list[str] | None,
        typer.Option(metavar="A,B", help="Whose: names, ids or gold; default: everybody's but gold. Repeatable."),
    ] = None,
    round_name: Annotated[str, typer.Option("--round", metavar="NAME", help="Default: the round in use.")] = "",
    label: Annotated[list[str] | None, typer.Option(help="Only this label: key, name or digit. Repeatable.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only documents in it, such as en. Repeatable.")] = None,
    format_name: Annotated[list[str] | None, typer.Option("--format", help="Such as pdf. Repeatable.")] = None,
    file: Annotated[str, typer.Option(help="Only documents of files with this in their name.")] = "",
    date_from: Annotated[str, typer.Option("--from", metavar="DATE", help="Such as 2031 or 2031-02-03.")] = "",
    date_to: Annotated[str, typer.Option("--to", metavar="DATE", help="Such as 2031 or 2031-02-03.")] = "",
    finished: Annotated[bool, typer.Option("--finished", help="Only what its annotator is done with.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Tell how far layers agree on where and on which label, with 95 % intervals."""
    from annotator.session.agreement import AgreementScope, layers_named, round_named
    from annotator.session.agreement_data import as_data, as_lines

    with opened(project, as_name, write=False) as session, progress_bar("Comparing") as progress:
        queries = session.queries
        chosen_round = round_named(session, round_name).id if round_name else ""
        names = [name.strip() for part in layers or () for name in part.split(",") if name.strip()]
        scope = AgreementScope(
            layers=layers_named(session, names, chosen_round),
            round=chosen_round,
            labels=tuple(queries.label_named(name).id for name in label or ()),
            languages=tuple(language or ()),
            formats=tuple(format_name or ()),
            file=file,
            date_from=date_from,
            date_to=date_to,
            finished_only=finished,
        )
        found = queries.agreement(scope, progress=progress)
    show(as_data(found), as_json, lambda: as_lines(found))


@app.command()
def adjudicate(
    project: ProjectPath,
    round_name: Annotated[str, typer.Option("--round", metavar="NAME", help="Default: the round in use.")] = "",
    accept_agreed: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="Decide every open case on which at least N layers have the same."),
    ] = None,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """List the cases that layers make, decided ones too; with a rule, decide them first."""
    from annotator.session.agreement import round_named
    from annotator.session.review_data import as_data, as_lines

    with opened(project, as_name, write=accept_agreed is not None) as session, progress_bar("Comparing") as progress:
        chosen = round_named(session, round_name).id if round_name else None
        if accept_agreed is not None:
            count = session.review.accept_agreed(accept_agreed, round=chosen, progress=progress)
            tell(f"{count} decided.")
        queue = session.queries.review(round=chosen, progress=progress)
        data = as_data(session, queue) if as_json else []
    show(data, as_json, lambda: as_lines(queue))
    tell(f"{queue.decided} of {queue.total} cases decided, {queue.agreed_by_all} agreed by all.")
    if queue.singles:
        tell(f"{len(queue.singles)} documents have one layer only.")


@app.command()
def lint(
    project: ProjectPath,
    rule: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Only this rule; may be repeated. Default: those in use.")
    ] = None,
    document: Annotated[
        list[str] | None, typer.Option(metavar="DOC", help="Only this document; may be repeated.")
    ] = None,
    layer: Annotated[str, typer.Option(help="gold, an annotator's name, or a layer's id; default: all you see.")] = "",
    fix: Annotated[bool, typer.Option("--fix", help="Mend what has a quick fix, as one step; lists the rest.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Check what is tagged for what does not fit."""
    with opened(project, as_name, write=fix) as session, progress_bar("Checking") as progress:
        documents = [session.queries.document_named(name).id for name in document] if document else None
        layers = [one.id for one in session.datasets.layers_named(layer)] if layer else None
        found = list(session.consistency.findings(documents, layers, rule or None, progress=progress))
        if fix:
            mended = session.consistency.fix([one for one in found if one.fix]).done
            tell(f"{mended} mended.")
            found = list(session.consistency.findings(documents, layers, rule or None, progress=progress))
    data = [
        {
            "rule": one.rule,
            "document": one.document,
            "annotation": one.annotation,
            "message": one.message,
            "title": one.title,
            "layer": one.layer,
            "relation": one.relation,
            "start": one.start,
            "end": one.end,
            "quote": one.quote,
            "severity": one.rule_row.severity,
            "fix": one.fix or None,
        }
        for one in found
    ]
    show(data, as_json, lambda: (f"{o.document[:8]}  {o.start}:{o.end}  {o.rule}  {o.message}" for o in found))
    tell(f"{len(found)} findings.")
