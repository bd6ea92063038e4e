"""Commands on documents and what is tagged in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from annotator.commands.common import As, DocumentName, Json, ProjectPath, app
from annotator.console import opened, progress_bar, show, tell
from annotator.core.records import STATUSES
from annotator.core.search_query import SCOPES, SearchQuery
from annotator.core.spans import check_fragments
from annotator.core.text_edits import TextEdit

LONGEST_SPAN = 40
"""Characters of START:END; no text has positions that need more."""

MOST_HITS = 1_000_000


@app.command(name="list")
def list_documents(project: ProjectPath, as_name: As = "", as_json: Json = False) -> None:
    """List documents with status and counts."""
    with opened(project, as_name, write=False) as session:
        rows = session.queries.documents()
    data = [
        {
            "id": row.document.id,
            "title": row.document.title,
            "format": row.document.format,
            "language": row.document.language,
            "date": row.document.date,
            "characters": row.document.characters,
            "status": row.status,
            "spans": row.spans,
        }
        for row in rows
    ]
    show(
        data, as_json, lambda: (f"{r.document.id}  {r.status:<11} {r.span_count:>5}  {r.document.title}" for r in rows)
    )


@app.command(name="show")
def show_document(project: ProjectPath, document: DocumentName, as_name: As = "", as_json: Json = False) -> None:
    """Show one document with its annotations, of all layers that you may see."""
    with opened(project, as_name, write=False) as session:
        line = session.datasets.line(session.queries.document_named(document).id)

    def lines() -> Iterator[str]:
        yield f"{line['source']['title']}  ({line['source']['language']}, {line['status'] or 'all layers'})"
        for span in line["spans"]:
            yield f"{span['id']}  {span['start']}:{span['end']}  {span['label']}  “{' '.join(span['quote'].split())}”"
        for relation in line["relations"]:
            yield f"{relation['id']}  {relation['from']} {relation['type']} {relation['to']}"

    show(line, as_json, lines)


@app.command()
def tag(
    project: ProjectPath,
    document: DocumentName,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="A label's key, name or digit.")],
    span: Annotated[
        list[str] | None, typer.Option(metavar="START:END", help="Code points; repeat for fragments.")
    ] = None,
    quote: Annotated[str, typer.Option(metavar="TEXT", help="The text itself; all white space is alike.")] = "",
    attr: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="An attribute; may be repeated.")] = None,
    note: Annotated[str, typer.Option(help="A note on the span.")] = "",
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Tag a span of a document with a label."""
    if bool(span) == bool(quote):
        raise typer.BadParameter("give either --span START:END or --quote TEXT")
    fragments = [_positions(text) for text in span or []]
    attributes = dict(_pair(text) for text in attr or [])
    with opened(project, as_name) as session:
        record = session.queries.document_named(document)
        chosen = session.queries.label_named(label)
        if quote:
            fragments = [session.queries.find_quote(record.id, quote)]
        annotation = session.annotations.tag(record.id, chosen.id, fragments, attributes, note)
        text = session.queries.content(record.id).quote(annotation)
    data = {
        "id": annotation.id,
        "document": record.id,
        "label": chosen.key,
        "start": annotation.start,
        "end": annotation.end,
        "quote": text,
    }
    show(data, as_json, lambda: iter([annotation.id]))


@app.command()
def correct(
    project: ProjectPath,
    document: DocumentName,
    replacement: Annotated[str, typer.Argument(metavar="TEXT", help="What shall stand there; may be empty.")],
    span: Annotated[str, typer.Option(metavar="START:END", help="What it replaces, in code points.")] = "",
    quote: Annotated[str, typer.Option(metavar="TEXT", help="What it replaces; all white space is alike.")] = "",
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Correct a document's text: a new version takes its place, and what is tagged moves along."""
    if bool(span) == bool(quote):
        raise typer.BadParameter("give either --span START:END or --quote TEXT")
    with opened(project, as_name) as session:
        record = session.queries.document_named(document)
        start, end = _positions(span) if span else session.queries.find_quote(record.id, quote)
        check_fragments([(start, end)], record.characters)
        version = session.documents.correct(record.id, [TextEdit(start, end, replacement)])
    data = {"id": version.document.id, "supersedes": record.id, "lost": version.lost}
    show(data, as_json, lambda: iter([version.document.id]))
    if version.lost:
        tell(f"{version.lost} annotations stood on what is gone and were not taken along.")


def _positions(text: str) -> tuple[int, int]:
    start, colon, end = text.partition(":")
    if not (colon and start.isdecimal() and end.isdecimal() and len(text) <= LONGEST_SPAN):
        raise typer.BadParameter(f"“{text}” is no START:END, such as 230:317", param_hint="--span")
    return int(start), int(end)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (equals and key):
        raise typer.BadParameter(f"“{text}” is no KEY=VALUE, such as strength=firm", param_hint="--attr")
    return key, value


@app.command()
def relate(
    project: ProjectPath,
    document: DocumentName,
    source: Annotated[str, typer.Argument(metavar="FROM", help="An annotation's id.")],
    type_key: Annotated[str, typer.Argument(metavar="TYPE", help="A relation type's key, such as conditions.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An annotation's id.")],
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Relate two annotations of a document."""
    with opened(project, as_name) as session:
        record = session.queries.document_named(document)
        ends = [session.queries.annotation_named(record.id, name).id for name in (source, target)]
        relation = session.relations.relate(ends[0], type_key, ends[1])
    data = {"id": relation.id, "document": record.id, "from": relation.source, "type": type_key, "to": relation.target}
    show(data, as_json, lambda: iter([relation.id]))


@app.command()
def status(
    project: ProjectPath,
    document: DocumentName,
    value: Annotated[str, typer.Argument(metavar="STATUS", help=", ".join(STATUSES))],
    as_name: As = "",
) -> None:
    """Say where you stand with a document."""
    with opened(project, as_name) as session:
        record = session.queries.document_named(document)
        session.documents.set_status(record.id, value)
    tell(f"“{record.title}” is {value}.")


@app.command()
def search(
    project: ProjectPath,
    words: Annotated[str, typer.Argument(metavar="QUERY", help='Words, "a phrase", -without, this OR that, begin*.')],
    label: Annotated[str, typer.Option(help="Only in spans with this label: its key, name or digit.")] = "",
    scope: Annotated[str, typer.Option("--in", help="documents, spans or notes.")] = SCOPES[0],
    annotator_name: Annotated[str, typer.Option("--annotator", help="Only in spans (notes) of this person.")] = "",
    entity: Annotated[str, typer.Option(help="Only in spans that name this entity.")] = "",
    status_name: Annotated[str, typer.Option("--status", help="Only documents with this status of yours.")] = "",
    date_from: Annotated[str, typer.Option("--from", metavar="DATE", help="Such as 2031 or 2031-02-03.")] = "",
    date_to: Annotated[str, typer.Option("--to", metavar="DATE", help="Such as 2031 or 2031-02-03.")] = "",
    language: Annotated[str, typer.Option(help="Such as en or uk.")] = "",
    format_name: Annotated[str, typer.Option("--format", help="Such as pdf.")] = "",
    file: Annotated[str, typer.Option(help="A part of the source file's name.")] = "",
    exact: Annotated[bool, typer.Option("--exact", help="Diacritics count: “е” is not “ё”.")] = False,
    parts: Annotated[bool, typer.Option("--parts", help="Also inside words; makes an index the first time.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST_HITS, help="How many hits.")] = 1000,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Search texts, spans or notes; the best documents come first."""
    if scope not in SCOPES:
        raise typer.BadParameter(f"give one of: {', '.join(SCOPES)}", param_hint="--in")
    if status_name and status_name not in STATUSES:
        raise typer.BadParameter(f"give one of: {', '.join(STATUSES)}", param_hint="--status")
    _make_searchable(project, as_name, parts=parts)
    with opened(project, as_name, write=False) as session:
        queries = session.queries
        query = SearchQuery(
            words=words,
            scope=scope,
            label=queries.label_named(label).id if label else "",
            annotator=queries.annotator_named(annotator_name).id if annotator_name else "",
            entity=queries.entity_named(entity).id if entity else "",
            status=status_name,
            date_from=date_from,
            date_to=date_to,
            language=language,
            format=format_name,
            file=file,
            ignore_diacritics=not exact,
            substring=parts,
        )
        page = queries.search(query, limit=limit)
        keys = {label.id: label.key for label in queries.codebook().labels}
    data = [
        {
            "document": hit.document,
            "title": hit.title,
            "start": hit.start,
            "end": hit.end,
            "snippet": hit.snippet,
            "labels": [keys[label] for label in hit.labels if label in keys],
            "span": hit.span,
            "note": hit.note,
        }
        for hit in page.hits
    ]
    show(data, as_json, lambda: (f"{h.document[:8]}  {h.start}:{h.end}  {h.title}: {h.snippet}" for h in page.hits))
    if not page.complete:
        tell(f"There are more than {limit} hits; see --limit.")


def _make_searchable(project: Path, as_name: str, *, parts: bool) -> None:
    """Index what an older version of the program left out, and parts of words if they are wanted."""
    with opened(project, as_name, write=False) as session:
        index = session.search_index
        if index.is_whole and (index.has_parts or not parts):
            return
    with opened(project, as_name) as session, progress_bar("Indexing") as progress:
        if session.read_only_reason:
            tell(f"annotator: not all can be found: {session.read_only_reason} Search again where it can be written.")
            return
        session.search_index.complete(progress=progress)
        if parts:
            session.search_index.keep_parts(progress=progress)
