"""The same verbs as the window, for scripts and tests: data on stdout, messages on stderr.

How to add a command:
1. write a function with `@app.command()`, its project first;
2. call one session verb and hand what it returns to `console.show`;
3. name it in `annotator.__main__.COMMANDS` and in `tests/test_cli.py`.

Exit codes: 0 done, 1 the user's problem, 2 usage, 3 done but some items failed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, cast

import typer

import annotator
from annotator import paths
from annotator.cli_merge import merge_data, merge_lines
from annotator.console import opened, preferred_person, progress_bar, show, tell
from annotator.core.errors import UserError
from annotator.core.person_colours import person_colours
from annotator.core.records import STATUSES
from annotator.core.same_people import ids_of
from annotator.core.search_query import SCOPES, SearchQuery
from annotator.core.spans import check_fragments
from annotator.core.text_edits import TextEdit
from annotator.session.datasets import ExportResult, LayerChoiceError
from annotator.session.session import Session, create_project

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Read political text closely: tag spans, keep them, export a labelled dataset. "
    "With a PROJECT alone, or nothing, the window opens.",
)

_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""The parser's own class for a wrong command line, wherever typer keeps it."""

LONGEST_SPAN = 40
"""Characters of START:END; no text has positions that need more."""

MOST_STEPS = 1_000_000
MOST_HITS = 1_000_000
SCREENSHOT_VIEWS = ("annotate", "start", "history", "export", "page", "review", "corpus")

ProjectPath = Annotated[Path, typer.Argument(metavar="PROJECT", help="A project file (NAME.annodb).")]
DocumentName = Annotated[str, typer.Argument(metavar="DOC", help="A document's id, or its title where that is unique.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who annotates; default: your name in the preferences.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return app(list(arguments), standalone_mode=False, prog_name="annotator") or 0
    except LayerChoiceError as error:
        return _complain(str(error), 2)
    except UserError as error:
        return _complain(str(error), 1)
    except _UsageError as error:
        error.show(sys.stderr)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return _complain("interrupted; what was done before is kept.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _complain(message: str, code: int) -> int:
    print(f"annotator: {message}", file=sys.stderr)
    return code


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Read political text closely: tag spans, keep them, export a labelled dataset."""
    if version:
        print(f"annotator {annotator.__version__}")


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
    format_name: Annotated[str, typer.Option("--format", metavar="NAME", help="See: annotator formats.")],
    layer: Annotated[str | None, typer.Option(help="gold or an annotator's name; default: as the file says.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count; change nothing.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> int:
    """Load labelled data, each file whole or not at all."""
    from annotator.formats.datasets.registry import format_named

    totals = {"documents": 0, "spans": 0, "relations": 0}
    losses, unsure, failed = [], [], []
    with opened(project, as_name) as session, progress_bar("Loading") as progress:
        format_named(format_name)
        session.repository  # noqa: B018 - refuses at once where the project is read-only
        for file in files:
            try:
                result = session.datasets.load(file, format_name, layer=layer, dry_run=dry_run, progress=progress)
            except UserError as error:
                failed.append(f"annotator: {error}")
                continue
            for key in totals:
                totals[key] += getattr(result, key)
            losses += [loss.as_data() for loss in result.losses]
            unsure += [{"file": u.file, "line": u.line, "reason": u.reason} for u in result.unsure]
    show({**totals, "losses": losses, "unsure": unsure}, as_json, lambda: iter([_counts(totals)]))
    for loss in losses:
        tell(f"{loss['kind']}: {loss['count']} ({', '.join(loss['examples'])})")
    for failure in failed:
        tell(failure)
    if not failed:
        return 0
    return 3 if len(failed) < len(files) else 1


@app.command()
def export(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The data file; schema and manifest go beside it.")],
    format_name: Annotated[str, typer.Option("--format", metavar="NAME", help="See: annotator formats.")],
    layer: Annotated[str | None, typer.Option(help="gold, all, an annotator's name, or a layer's id.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Only documents with this status; may be repeated.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Put the annotators' names into the manifest.")] = False,
    as_name: As = "",
    as_json: Json = False,
) -> None:
    """Export a labelled dataset; it is read back and verified before it replaces what is there."""
    for one in status or []:
        if one not in STATUSES:
            raise typer.BadParameter(f"“{one}” is no status; use one of: {', '.join(STATUSES)}", param_hint="--status")
    with opened(project, as_name, write=False) as session, progress_bar("Exporting") as progress:
        result = session.datasets.export(
            out, format_name, layer=layer, statuses=status or None, names=names, progress=progress
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
    tell(f"Exported and verified: {_counts(data)}.")
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
            {"name": f.name, "title": f.title, "reads": f.reads, "writes": f.writes, "loses": list(f.loses)}
            for f in dataset_formats()
        ],
    }

    def lines() -> Iterator[str]:
        for entry in data["documents"]:
            yield f"document  {entry['name']}  {' '.join(entry['extensions'])}"
        for entry in data["datasets"]:
            yield f"dataset   {entry['name']}  {entry['title']}"
            yield from (f"          loses: {loss}" for loss in entry["loses"])

    show(data, as_json, lines)


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
        chosen = [session.queries.document_named(name).id for name in documents or []]
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
