"""Verified export: what leaves is read back by the reader of its own format before it replaces anything.

Lines become entries (what the format holds), entries go to the writer and, as they are, to a file beside it. Then the
format's reader reads what was written, and every document has to be the entry that was kept, to the letter.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import orjson

from annotator.core.errors import DatasetError, RefusedError, UserError
from annotator.formats.datasets import jsonl
from annotator.formats.datasets.data_card import CardCounts, DataCard
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext, Line, compared, hull
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.registry import DatasetFormat, dataset_formats
from annotator.formats.datasets.replacing import FileSet, explained_failures, flush_folder
from annotator.formats.datasets.summary import Counts, Summary, WriteReport, manifest_bytes
from annotator.formats.datasets.written import difference

Progress = Callable[[int, int, str], None]
CheckCancelled = Callable[[], None]

_REMEDY = " Nothing was written. Choose another format for this text, or tell the people who make this program."
MANIFEST = "manifest.json"


def no_progress(_done: int, _total: int, _text: str) -> None:
    """Tell nobody."""


def never() -> None:
    """Go on."""


@dataclass(frozen=True)
class ExportTask:
    """What a verified export needs to know.

    `manifest` is what only the caller knows. `beside` are small files by what follows the stem of the target, or in a
    folder their names. `documents` is how many there are, 0 where that is not known.
    """

    format: DatasetFormat
    context: FormatContext
    target: Path
    manifest: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)
    documents: int = 0
    progress: Progress = no_progress
    cancel: CheckCancelled = never

    @cached_property
    def module(self) -> ModuleType:
        """The format's module."""
        return self.format.implementation()


def export(lines: Iterable[Line], task: ExportTask) -> WriteReport:
    """Write a dataset, read it back, compare every document, and only then let it take its place.

    Raises:
        DatasetError: Something did not come back as it was; names document and span. Nothing is replaced.
        RefusedError: The folder to write to holds other things.
        UserError: The disk is full, the folder read-only, and so on.
    """
    _refuse_read_only(task.format)
    if task.format.name == "jsonl":
        return _export_jsonl(lines, task)
    target = task.target.resolve()
    if task.format.is_folder:
        _refuse_other_folder(target)
    with explained_failures(target, "written"), _workspace(target) as workspace:
        return _Export(task, target, workspace).run(lines)


def _refuse_read_only(chosen: DatasetFormat) -> None:
    if not chosen.writes:
        known = ", ".join(one.name for one in dataset_formats() if one.writes)
        raise UserError("{title} can be read only. Choose one of: {known}.", title=chosen.title, known=known)


def _export_jsonl(lines: Iterable[Line], task: ExportTask) -> WriteReport:
    """Write dataset lines as they are; they are read back one by one (see jsonl.write)."""
    counts = CardCounts()

    def counted() -> Iterator[dict[str, Any]]:
        for line in lines:
            counts.add_document(line)
            yield line  # type: ignore[misc]

    def beside(summary: Summary) -> Mapping[str, bytes]:
        counts.take_uses(summary)
        return _beside(task, counts)

    return jsonl.write(
        counted(),
        task.target,
        manifest=task.manifest,
        beside=beside,
        progress=lambda done, _, title: task.progress(done, task.documents, title),
        cancel=task.cancel,
    )


def _beside(task: ExportTask, counts: CardCounts) -> Mapping[str, bytes]:
    """Return the small files that go with a dataset: those of the caller, and the data card."""
    if task.format.has_card:
        return task.beside
    context = task.context
    card = DataCard(
        context.title,
        context.codebook,
        counts,
        context.facts,
        task.format.title,
        context.options,
        "",
        context.losses.losses(),
        task.format.loses,
    )
    return {".card.md": card.text().encode(), **task.beside}


def losses_of(lines: Iterable[Line], task: ExportTask) -> Counts:
    """Count in the task's context what an export would lose, and write nothing; returns what would go out."""
    _refuse_read_only(task.format)
    summary, is_whole = Summary(), task.format.name == "jsonl"
    for line in lines:
        task.cancel()
        if not is_whole and task.module.held(line, task.context) is None:
            continue
        summary.add(line)
        task.progress(summary.documents, task.documents, line["source"]["title"])
    return summary.counts


@contextmanager
def _workspace(target: Path) -> Iterator[Path]:
    """Make a hidden folder beside the target, and take away whatever is left in it."""
    folder = target.parent / f".{uuid4().hex[:8]}.tmp"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Export:
    def __init__(self, task: ExportTask, target: Path, workspace: Path) -> None:
        self._task = task
        self._target = target
        self._entries = workspace / "entries"
        self._folder = workspace / (target.name if task.format.is_folder else "data")
        self._folder.mkdir()
        self._output = Output(self._folder, target.name)
        self._summary = Summary()
        self._counts = CardCounts()
        self._places: dict[str, int] = {}

    def run(self, lines: Iterable[Line]) -> WriteReport:
        task = self._task
        with self._entries.open("wb") as kept, self._output:
            task.module.write(self._kept(lines, kept), self._output, task.context)
        if not self._summary.documents:
            raise DatasetError("There is no document to export. Choose other documents, or import some first.")
        self._verify()
        digests = self._flushed()
        digest = digests.get(self._target.name) or _digest_of(digests)
        manifest = manifest_bytes(task.manifest, self._summary, digest, digests)
        self._counts.take_uses(self._summary)
        installed = self._install_folder(manifest) if task.format.is_folder else self._install_files(manifest)
        return WriteReport(*self._summary.counts, tuple(installed), digest)

    def _kept(self, lines: Iterable[Line], kept: Any) -> Iterator[Entry]:
        task, place = self._task, 0
        for line in lines:
            task.cancel()
            entry: Entry | None = task.module.held(line, task.context)
            if entry is None:  # a format of rows may have none for a document
                continue
            encoded = _encoded(entry, line)
            kept.write(encoded)
            self._remember(entry, place)
            place += len(encoded)
            self._summary.add(line)
            self._counts.add_document(entry)
            task.progress(self._summary.documents, 2 * task.documents, line["source"]["title"])
            yield entry

    def _remember(self, entry: Entry, place: int) -> None:
        identity = entry.get("id")
        if identity is not None:
            if identity in self._places:
                raise DatasetError("Document {document} comes twice." + _REMEDY, document=identity)
            self._places[identity] = place

    def _verify(self) -> None:
        """Compare every document that is read back with its entry: by id where the format keeps it, else in order."""
        task, done = self._task, 0
        context = FormatContext(task.context.codebook, task.context.options)
        with self._entries.open("rb") as kept:
            for _, found in task.module.read(self._output.main, context):
                task.cancel()
                self._compare(found, kept)
                done += 1
                task.progress(self._summary.documents + done, 2 * task.documents, "")
        if done != self._summary.documents:
            raise DatasetError(
                "{found} documents read back, of {count}." + _REMEDY, found=done, count=self._summary.documents
            )

    def _compare(self, found: Entry | BadEntry, kept: Any) -> None:
        if isinstance(found, BadEntry):
            raise DatasetError("A document does not read back: {reason}" + _REMEDY, reason=str(found.reason))
        identity = found.get("id")
        if identity is not None:
            if identity not in self._places:
                raise DatasetError("Document {document} reads back and was not written." + _REMEDY, document=identity)
            kept.seek(self._places.pop(identity))
        line = kept.readline()
        if not line:
            raise DatasetError("A document reads back that was not written." + _REMEDY)
        intended = orjson.loads(line)
        _refuse_other_quotes(found, intended)
        found = compared(found)
        if found != intended and (changed := difference(intended, found)):
            name = intended.get("id") or intended.get("source", {}).get("title") or "?"
            raise DatasetError("Document {name}: " + changed.template + _REMEDY, name=name, **changed.fields)

    def _flushed(self) -> dict[str, str]:
        """Return the SHA-256 of every file by its name, once the disk has them."""
        digests = {}
        for path in sorted(self._folder.rglob("*")):
            if path.is_file():
                with path.open("rb") as handle:
                    os.fsync(handle.fileno())
                    digests[path.relative_to(self._folder).as_posix()] = hashlib.file_digest(
                        handle, "sha256"
                    ).hexdigest()
        return digests

    def _install_files(self, manifest: bytes) -> list[Path]:
        with FileSet(self._target.parent) as files:
            for path in sorted(self._folder.iterdir(), key=lambda path: path.name != self._target.name):
                files.adopt(path)
            files.add(f"{self._target.stem}.{MANIFEST}", manifest)
            for ending, content in _beside(self._task, self._counts).items():
                files.add(f"{self._target.stem}{ending}", content)
            return files.install()

    def _install_folder(self, manifest: bytes) -> list[Path]:
        for name, content in ((MANIFEST, manifest), *_named(_beside(self._task, self._counts))):
            with (self._folder / name).open("xb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
        names = sorted(path.relative_to(self._folder) for path in self._folder.rglob("*") if path.is_file())
        _swap_folder(self._folder, self._target)
        return [self._target, *(self._target / name for name in names)]


def _named(beside: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    return ((name.lstrip("."), content) for name, content in beside.items())


def _digest_of(digests: Mapping[str, str]) -> str:
    """Return one hash for several files: of their names and hashes."""
    return hashlib.sha256(
        "\n".join(f"{digest}  {name}" for name, digest in sorted(digests.items())).encode()
    ).hexdigest()


def _encoded(entry: Entry, line: Line) -> bytes:
    try:
        return encode_line(entry)
    except TypeError as error:
        raise DatasetError(
            "Document {name} holds what no file can ({reason})." + _REMEDY, name=line["id"], reason=str(error)
        ) from None


def _refuse_other_quotes(found: Entry, intended: Mapping[str, Any]) -> None:
    """Raise DatasetError where the file says of a span that it covers something else than it does."""
    for span in found["spans"]:
        start, end = hull(span)
        quote = span.get("quote")
        if quote is not None and quote != found["text"][start:end]:
            raise DatasetError(
                "Document {name}: the quote of span {span} reads back as {quote}." + _REMEDY,
                name=intended.get("id", "?"),
                span=span["id"],
                quote=f"{quote!r:.80}",
            )


def _refuse_other_folder(target: Path) -> None:
    """Raise RefusedError where a folder has anything in it that is not an earlier export."""
    if target.is_file():
        raise RefusedError("“{name}” is a file, and this format makes a folder. Name another one.", name=target.name)
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise RefusedError("The folder “{name}” holds other files. Choose a new or an empty one.", name=target.name)


def _swap_folder(made: Path, target: Path) -> None:
    """Put a folder in another one's place; if that fails, the old one is back."""
    old = made.parent / "old"
    with ExitStack() as undo:
        if target.exists():
            target.rename(old)
            undo.callback(old.rename, target)
        made.rename(target)
        undo.pop_all()
    with suppress(OSError):
        flush_folder(target.parent)
