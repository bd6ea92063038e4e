"""Files of web annotations as entries: one for each source that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.checks import LineError
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext
from annotator.formats.datasets.extras import OWN
from annotator.formats.datasets.fields import checked
from annotator.formats.datasets.folders import Files, Folder, files_at
from annotator.formats.datasets.lines import decode_line
from annotator.formats.datasets.w3c.annotations import WebAnnotation, annotation_of
from annotator.formats.datasets.w3c.document import document_of
from annotator.formats.datasets.w3c.texts import decoded, text_for

Found = Iterator[Entry | BadEntry]

_ENDINGS = (".jsonld", ".json", ".jsonl")
_DEEPEST = 10
_NOT_OURS = frozenset(("manifest.json", "card.json"))


def entries_of(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number, entry) of a file with the texts beside it, of a folder or of an archive."""
    if path.is_dir() or path.suffix.lower() == ".zip":
        with files_at(path) as files:
            yield from enumerate(_of_folder(files, path.name, context), 1)
        return
    files = _Siblings(path)
    try:
        found = list(_of_file(files, path.name, context))
    except LineError as problem:
        raise DatasetError("{file}: " + problem.template, **{**problem.fields, "file": path.name}) from problem
    if not found:
        raise DatasetError("“{file}” has no annotations. Choose another file.", file=path.name)
    yield from enumerate(found, 1)


class _Siblings(Folder):
    """A file and the texts beside it, without what lies below."""

    def __init__(self, path: Path) -> None:
        self.root = path.parent
        self.names = {path.name} | {
            one.name for one in path.parent.glob("*.txt") if one.is_file() and not one.is_symlink()
        }


def _of_folder(files: Files, name: str, context: FormatContext) -> Found:
    names = sorted(one for one in files.names if one.endswith(_ENDINGS) and "__MACOSX" not in one)
    pages = [one for one in names if one.endswith(".jsonld")]
    found = False
    for one in pages or [one for one in names if one.rpartition("/")[2] not in _NOT_OURS]:
        try:
            for entry in _of_file(files, one, context):
                found = True
                yield entry
        except LineError as problem:
            found = True
            yield BadEntry(EntryError("{file}: " + problem.template, **{**problem.fields, "file": one}))
    if not found:
        raise DatasetError("“{name}” has no web annotations (files that end in .jsonld).", name=name)


def _of_file(files: Files, name: str, context: FormatContext) -> Found:
    """Yield an entry for each source. Raises LineError where the file is no JSON."""
    top = _decoded(files.read(name))
    own = top.get(OWN) if isinstance(top, dict) else None
    given = list(_annotations(top))
    if own is not None:
        yield _own_document(files, name, own, given, context)
        return
    groups: dict[str, list[WebAnnotation]] = {}
    links: list[WebAnnotation] = []
    for number, one in enumerate(given, 1):
        try:
            annotation = annotation_of(checked(one, dict, "an annotation"))
        except EntryError as error:
            yield BadEntry(EntryError("{file}, annotation {n}: {reason}", file=name, n=number, reason=str(error)))
            continue
        if annotation.ends:
            links.append(annotation)
        else:
            groups.setdefault(annotation.source, []).append(annotation)
    for source, group in groups.items():
        try:
            file, text = "", group[0].text
            if text is None:
                file, text = text_for(files, name, source, group, is_alone=len(groups) == 1)
            yield document_of(text, file, group, links, None, context)
        except EntryError as error:
            yield BadEntry(error)


def _own_document(files: Files, name: str, own: Any, given: list[Any], context: FormatContext) -> Entry | BadEntry:
    """Return the document of a page that this program wrote: its text has the name of the page."""
    try:
        about = checked(own, dict, OWN)
        file = f"{name.removesuffix('.jsonld')}.txt"
        if file not in files.names:
            raise EntryError("there is no “{file}” beside the page, which has the text.", file=file)
        found = [annotation_of(checked(one, dict, "an annotation")) for one in given]
        text = decoded(files, file)
        annotations, links = [one for one in found if not one.ends], [one for one in found if one.ends]
        return document_of(text, file, annotations, links, about, context)
    except EntryError as error:
        return BadEntry(EntryError("{file}: {reason}", file=name, reason=str(error)))


def _decoded(data: bytes) -> Any:
    """Return what a file of JSON, or of lines of JSON, holds. Raises LineError."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return decode_line(data)
    except LineError:
        lines = [line for line in data.split(b"\n") if line.strip()]
        if len(lines) < 2 or not all(line.strip().startswith(b"{") for line in lines):
            raise
        return [decode_line(line) for line in lines]


def _annotations(top: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the annotations of whatever a file holds: one, several, a page, a collection, an answer of Hypothesis."""
    if depth > _DEEPEST:
        return
    if isinstance(top, list):
        for one in top:
            yield from _annotations(one, depth + 1)
    elif isinstance(top, Mapping):
        inside = [key for key in ("items", "rows", "@graph", "first", "resources", "annotations") if key in top]
        if inside and "target" not in top:
            for key in inside:
                value = top[key]
                yield from _annotations(value, depth + 1) if isinstance(value, list | dict) else ()
        elif "target" in top or "hasTarget" in top:
            yield top
    elif not isinstance(top, str):
        yield top
