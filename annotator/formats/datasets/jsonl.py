"""annotator-jsonl/1: one document per line, with every offset proved while it is written and while it is read.

Plain data in, plain data out. A line's shape is `model.DatasetDocument`; positions are code points, half-open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader, BufferedWriter, FileIO
from pathlib import Path
from typing import Any

from annotator.core.collector import collector_paused
from annotator.core.errors import DatasetError
from annotator.formats.datasets import model
from annotator.formats.datasets.checks import LineError
from annotator.formats.datasets.holding import NEVER_IN_A_DATASET
from annotator.formats.datasets.lines import decode_line, encode_line, numbered_lines
from annotator.formats.datasets.losses import LossCollector
from annotator.formats.datasets.replacing import FileSet, explained_failures, flush_to_disk
from annotator.formats.datasets.summary import Counts, Summary, WriteReport, indented
from annotator.formats.datasets.written import difference, in_documented_order, unwritable

Progress = Callable[[int, int, str], None]
"""Called with how much is done, of how much (0 where unknown), and what is at hand."""

CheckCancelled = Callable[[], None]
"""Called between lines; raises what its owner wants raised when the work should stop."""

LOSES = (
    *NEVER_IN_A_DATASET,
    "front matter other than title, date and URL",
    "names of annotators and entities, unless asked for",
)

_READING_REMEDY = " Mend the line, or export the dataset again; nothing was changed."
_WRITING_REMEDY = " Nothing was written. Check the project, then export again."


def write(
    lines: Iterable[dict[str, Any]],
    target: Path,
    *,
    manifest: Mapping[str, Any],
    expected: Counts | None = None,
    beside: Callable[[Summary], Mapping[str, bytes]] | None = None,
    progress: Progress | None = None,
    cancel: CheckCancelled | None = None,
) -> WriteReport:
    """Write the dataset with `STEM.schema.json` and `STEM.manifest.json` beside it, or leave everything as it was.

    Each line is read back from the new file, validated by the model and compared with what was given; the file is
    hashed again after it was flushed. Only then do the three files replace what is there. One line is held in memory
    at a time.

    Args:
        lines: Dicts in the shape of `model.DatasetDocument`; keys may come in any order, tuples count as lists.
            Attributes go out in the order in which they come.
        target: The data file; its folder must exist.
        manifest: What the writer cannot know: `codebook` with its definitions, `options`, `program`. The counts and
            hashes are added.
        expected: Totals known from elsewhere; the export is refused where it comes out otherwise.
        beside: Given what was written, the small files for people that come with it, by what follows STEM in their
            names.
        progress: Told the number of documents done, of `expected.documents` or 0.
        cancel: Called before each line.

    Raises:
        DatasetError: If a line is wrong; names document and span.
        UserError: If the disk is full, the folder read-only, and so on.
    """
    target = target.resolve()
    with explained_failures(target, "written"), FileSet(target.parent) as files:
        writer, reader = files.create(target.name)
        summary, digest, size = _write_lines(lines, writer, reader, expected, progress, cancel)
        _refuse_unexpected(summary.counts, expected)
        flush_to_disk(writer)
        _refuse_altered(reader, digest, size, target)
        files.add(f"{target.stem}.schema.json", indented(model.json_schema()))
        files.add(f"{target.stem}.manifest.json", indented(_manifest(manifest, target.name, summary, digest, size)))
        for ending, content in (beside(summary) if beside else {}).items():
            files.add(f"{target.stem}{ending}", content)
        return WriteReport(*summary.counts, tuple(files.install()), digest)


def read(
    path: Path,
    *,
    losses: LossCollector | None = None,
    progress: Progress | None = None,
    cancel: CheckCancelled | None = None,
) -> Iterator[tuple[int, model.DatasetDocument]]:
    """Yield (line number from 1, validated line) one at a time. Blank lines, a BOM and CRLF are accepted.

    A later line may still be wrong: run `check` first where nothing may be applied in part.

    Args:
        path: The data file.
        losses: Told of keys that the format does not know; they are left out of the line.
        progress: Told the bytes done, of the file's.
        cancel: Called before each line.

    Raises:
        DatasetError: If the file is empty or a line is wrong; names file, line and remedy.
        UserError: If the file cannot be opened.
    """
    lines_of: dict[str, int] = {}
    done = 0
    with explained_failures(path, "read"), path.open("rb", buffering=1024 * 1024) as handle:
        size = path.stat().st_size
        for number, line in numbered_lines(handle, path.name):
            if cancel:
                cancel()
            with collector_paused():
                document = _readable(line, path.name, number, losses)
            _refuse_second(document["id"], number, lines_of, path.name)
            yield number, document
            done += len(line)
            if progress:
                progress(done, size, path.name)
    if not lines_of:
        raise DatasetError("{file} is empty: there is no document in it. Choose another file.", file=path.name)


def check(
    path: Path,
    *,
    losses: LossCollector | None = None,
    progress: Progress | None = None,
    cancel: CheckCancelled | None = None,
) -> Summary:
    """Read the whole file, keep nothing, and return what it uses. Raises as `read` does."""
    summary = Summary()
    for _, document in read(path, losses=losses, progress=progress, cancel=cancel):
        summary.add(document)
        summary.add_attributes(document)
    return summary


def _write_lines(
    lines: Iterable[dict[str, Any]],
    writer: BufferedWriter,
    reader: BufferedReader[FileIO],
    expected: Counts | None,
    progress: Progress | None,
    cancel: CheckCancelled | None,
) -> tuple[Summary, str, int]:
    """Return what was written, the SHA-256 and the size in bytes of the lines as they were read back."""
    summary, digest, size, ids = Summary(), hashlib.sha256(), 0, set[str]()
    with ThreadPoolExecutor(1, "export-hash") as beside:
        hashed = beside.submit(digest.update, b"")
        for line in lines:
            if cancel:
                cancel()
            with collector_paused():
                line_bytes, document = _written_and_read_back(line, writer, reader)
            if document["id"] in ids:
                raise DatasetError("Document {document} comes twice." + _WRITING_REMEDY, document=document["id"])
            ids.add(document["id"])
            summary.add(document)
            size += len(line_bytes)
            hashed.result()
            hashed = beside.submit(digest.update, line_bytes)
            if progress:
                progress(summary.documents, expected.documents if expected else 0, document["source"]["title"])
    if not summary.documents:
        raise DatasetError("There is no document to export. Choose other documents, or import some first.")
    return summary, digest.hexdigest(), size


def _written_and_read_back(
    line: dict[str, Any], writer: BufferedWriter, reader: BufferedReader[FileIO]
) -> tuple[bytes, model.DatasetDocument]:
    intended = in_documented_order(line)
    try:
        encoded = encode_line(intended)
    except TypeError:
        raise _refused(line, unwritable(intended)) from None
    writer.write(encoded)
    writer.flush()
    line_bytes = reader.read(len(encoded))
    try:
        if line_bytes.find(b"\n") != len(encoded) - 1:
            raise LineError("the document does not stand on one line of the file.")
        document = decode_line(line_bytes)
        model.validated(document)
    except LineError as problem:
        raise _refused(line, problem) from problem
    if document != intended and (changed := difference(intended, document)):
        raise _refused(line, changed)
    return line_bytes, document


def _refused(line: Mapping[str, Any], problem: LineError) -> DatasetError:
    return DatasetError(
        "Document {name}: " + problem.template + _WRITING_REMEDY, name=line.get("id", "?"), **problem.fields
    )


def _refuse_unexpected(counts: Counts, expected: Counts | None) -> None:
    if expected is not None and counts != expected:
        raise DatasetError(
            "The export holds {found} documents, spans and relations, but the project {expected}." + _WRITING_REMEDY,
            found="/".join(map(str, counts)),
            expected="/".join(map(str, expected)),
        )


def _refuse_altered(reader: BufferedReader[FileIO], digest: str, size: int, target: Path) -> None:
    reader.seek(0)
    found = hashlib.file_digest(reader, "sha256").hexdigest()
    if found != digest or reader.tell() != size:
        raise DatasetError(
            "The disk did not keep what was written to {file}. Nothing was replaced. Check the disk.", file=target.name
        )


def _manifest(given: Mapping[str, Any], name: str, summary: Summary, digest: str, size: int) -> dict[str, Any]:
    measured = {
        "schema": model.SCHEMA,
        "data": {"file": name, "sha256": digest, "bytes": size},
        **summary.as_data(),
    }
    return measured | dict(given) | measured


def _readable(line: bytes, file: str, number: int, losses: LossCollector | None) -> model.DatasetDocument:
    try:
        data = decode_line(line)
        _refuse_other_schema(data)
        document, unknown = model.validated_without_unknown_keys(data)
    except LineError as problem:
        raise DatasetError(
            "{file}, line {line}: " + problem.template + _READING_REMEDY, file=file, line=number, **problem.fields
        ) from problem
    if losses:
        for place in unknown:
            losses.add("unknown key", f"{file}, line {number}: {model.place_name(data, place)}")
    return document


def _refuse_other_schema(data: Any) -> None:
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema == model.SCHEMA:
        return
    name, _, version = schema.partition("/") if isinstance(schema, str) else ("", "", "")
    if name == model.SCHEMA.partition("/")[0] and version.isdecimal():
        raise LineError(
            "the format {schema} is newer than this program, which knows {known}. Update the program.",
            schema=schema,
            known=model.SCHEMA,
        )
    raise LineError("this is no line of a dataset: its key schema is not “{known}”.", known=model.SCHEMA)


def _refuse_second(document: str, number: int, lines_of: dict[str, int], file: str) -> None:
    first = lines_of.setdefault(document, number)
    if first != number:
        raise DatasetError(
            "{file}, line {line}: document {document} was in line {first} already." + _READING_REMEDY,
            file=file,
            line=number,
            document=document,
            first=first,
        )
