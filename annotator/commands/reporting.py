"""Commands that make something to read or to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.commands.common import As, ProjectPath, app
from annotator.console import opened, preferred_person, progress_bar, tell
from annotator.core.records import STATUSES

SCREENSHOT_VIEWS = ("annotate", "start", "history", "export", "page", "review", "corpus")


@app.command()
def report(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file; its ending says the format.")],
    document: Annotated[list[str] | None, typer.Option(metavar="DOC", help="Only this one; may be repeated.")] = None,
    layer: Annotated[str | None, typer.Option(help="gold, all, an annotator's name, or a layer's id.")] = None,
    format_name: Annotated[str, typer.Option("--format", metavar="NAME", help="html, pdf, docx or md.")] = "",
    status_name: Annotated[
        list[str] | None, typer.Option("--status", help="Only documents with this status; may be repeated.")
    ] = None,
    words: Annotated[str, typer.Option("--search", metavar="QUERY", help="Only documents that this finds.")] = "",
    paper: Annotated[str, typer.Option(help="A4 or Letter, for PDF.")] = "A4",
    as_name: As = "",
) -> None:
    """Make a report for people: html and pdf show the texts, docx and md the quotes by label."""
    from annotator.session.reports import PAPER_NAMES, REPORT_FORMATS

    chosen = format_name or out.suffix.lstrip(".").lower()
    if chosen not in REPORT_FORMATS:
        raise typer.BadParameter(f"give one of: {', '.join(REPORT_FORMATS)}", param_hint="--format")
    if paper not in PAPER_NAMES:
        raise typer.BadParameter(f"give one of: {', '.join(PAPER_NAMES)}", param_hint="--paper")
    for one in status_name or []:
        if one not in STATUSES:
            raise typer.BadParameter(f"give one of: {', '.join(STATUSES)}", param_hint="--status")
    with opened(project, as_name, write=False) as session, progress_bar("Reporting") as progress:
        ids = [session.queries.document_named(name).id for name in document] if document else None
        made = session.reports.collect(
            documents=ids, layer=layer, statuses=status_name or None, words=words, progress=progress
        )
        if chosen == "pdf":
            from annotator.window import draw_report

            content = draw_report(made, progress, paper=paper)
        else:
            content = session.reports.render(made, chosen, progress=progress)
        session.reports.save(content, out)
    print(out)
    tell(f"{len(made.documents)} documents, {made.span_count} spans.")


@app.command()
def about(
    project: ProjectPath,
    out: Annotated[Path | None, typer.Argument(metavar="OUT", help="A file (.md or .html); default: stdout.")] = None,
    as_name: As = "",
) -> None:
    """Tell what the project is for, how it went, what has left it and what is open, as Markdown."""
    with opened(project, as_name, write=False) as session:
        is_html = out is not None and out.suffix.lower() in (".html", ".htm")
        content = session.reports.render_about("html" if is_html else "md")
        if out is not None:
            session.reports.save(content, out)
    print(out if out is not None else content.decode(), end="\n" if out is not None else "")


@app.command()
def screenshot(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT.png")],
    view: Annotated[str, typer.Option(help="annotate, page, history, export, review, corpus or start.")] = "annotate",
    document: Annotated[str, typer.Option(metavar="DOC", help="The document to show; default: the first.")] = "",
    theme: Annotated[str, typer.Option(help="light or dark.")] = "light",
    size: Annotated[str, typer.Option(metavar="WxH", help="In pixels.")] = "1440x900",
) -> None:
    """Draw the window to a picture, with or without a display."""
    from annotator.window import draw_window

    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 320 <= int(width) <= 8000 and 240 <= int(height) <= 8000):
        raise typer.BadParameter("give a size such as 1440x900", param_hint="--size")
    if view not in SCREENSHOT_VIEWS:
        raise typer.BadParameter(f"give one of: {', '.join(SCREENSHOT_VIEWS)}", param_hint="--view")
    if theme not in ("light", "dark"):
        raise typer.BadParameter("give light or dark", param_hint="--theme")
    draw_window(
        project, out, preferred_person(), view=view, document=document, theme=theme, size=(int(width), int(height))
    )
    print(out)
