"""A DocBin file written document by document: what spaCy's own class keeps in memory waits in files here.

The file is zlib over one msgpack map (see `DocBin`): the numbers of all tokens one after the other, whether a space
follows each, how many tokens a document has, every string once, then for each document its categories, flags, span
groups and user data. Numbers stand for strings as in spaCy's `StringStore`.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import Entry, SpanEntry, hull
from annotator.formats.datasets.extras import OWN, extras_of_document, extras_of_relation, extras_of_span
from annotator.formats.datasets.spacy.layout import Layout
from annotator.formats.datasets.tokens import Run, apart

VERSION = "0.1"
SPAN = struct.Struct(">QQQllll")
"""Id, knowledge base id and label as numbers; first token, the one after the last; first character, the one after."""

INSIDE, OUTSIDE, BEGINS = 1, 2, 3
"""What a token's ENT_IOB says."""

_LONGEST = 2**32 - 1
"""Bytes of one value of msgpack."""

_CHUNK = 1024 * 1024
_SECTIONS = ("tokens", "spaces", "span_groups", "user_data")


class DocBinWriter:
    """One .spacy file, used as a context; `finish` makes the file of what was added."""

    def __init__(self, path: Path, spans_key: str) -> None:
        from spacy.attrs import ENT_IOB, ENT_TYPE, ORTH, SENT_START
        from spacy.strings import StringStore

        self._path = path
        self._spans_key = spans_key
        self._attributes: Sequence[int] = [int(one) for one in (ORTH, ENT_IOB, ENT_TYPE, SENT_START)]
        self._store = StringStore()
        self._numbers = {"": 0}
        self._lengths = array("i")
        self._open = ExitStack()
        self._files: dict[str, IO[bytes]] = {
            name: self._open.enter_context(TemporaryFile(buffering=_CHUNK))  # noqa: SIM115
            for name in _SECTIONS
        }

    def __enter__(self) -> DocBinWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, entry: Entry) -> None:
        """Add a document."""
        spans, sentences = entry["spans"], entry.get("sentences", [])
        layout = Layout(entry["text"], spans, sentences)
        names = {span["id"]: f"s{number}" for number, span in enumerate(spans, 1)}
        self._files["tokens"].write(self._columns(layout, spans, sentences).tobytes())
        self._files["spaces"].write(np.array(layout.spaces, dtype=np.bool_).tobytes())
        self._files["span_groups"].write(_packed(self._groups(layout, spans, names)))
        self._files["user_data"].write(_packed(_packed(_user_data(entry, names))))
        self._lengths.append(len(layout.words))

    def _columns(self, layout: Layout, spans: Sequence[SpanEntry], sentences: Sequence[Sequence[int]]) -> Any:
        columns = np.zeros((len(layout.words), len(self._attributes)), dtype=np.uint64)
        numbers, add = self._numbers, self._number
        columns[:, 0] = [numbers[word] if word in numbers else add(word) for word in layout.words]
        columns[:, 1] = OUTSIDE
        for run in _entities(layout, spans):
            columns[run.first : run.last + 1, 1] = INSIDE
            columns[run.first, 1] = BEGINS
            columns[run.first : run.last + 1, 2] = self._number(run.label)
        if sentences and layout.words:
            begins = {start for start, _ in sentences}
            signs = np.array([1 if start in begins else -1 for start in layout.starts], dtype=np.int64)
            signs[0] = 1
            columns[:, 3] = signs.view(np.uint64)
        return columns

    def _number(self, string: str) -> int:
        found = self._numbers.get(string)
        if found is None:
            found = self._numbers[string] = self._store.add(string)
        return found

    def _groups(self, layout: Layout, spans: Sequence[SpanEntry], names: dict[str, str]) -> bytes:
        """Return the span groups of a document as `SpanGroups.to_bytes` gives them."""
        groups: dict[str, list[bytes]] = {}
        for span in spans:
            start, end = hull(span)
            first, after = layout.tokens(start, end)
            name, label = self._number(names[span["id"]]), self._number(span["label"])
            packed = SPAN.pack(name, 0, label, first, after, start, end)
            groups.setdefault(self._key(span), []).append(packed)
        if not groups:
            return _packed([])
        return _packed({_packed({"name": key, "attrs": {}, "spans": found}): [key] for key, found in groups.items()})

    def _key(self, span: SpanEntry) -> str:
        if self._spans_key == "label":
            return span["label"]
        return (span.get("layer") if self._spans_key == "layer" else None) or "sc"

    def finish(self) -> None:
        """Write the file. Raises DatasetError where the format has no room for so much."""
        for name, file in self._files.items():
            if file.tell() > _LONGEST:
                raise DatasetError(
                    "“{file}” would need more than 4 GB for its {section}, and spaCy's format ends there. Export fewer "
                    "documents at a time.",
                    file=self._path.name,
                    section=name,
                )
        packer = zlib.compressobj()
        with self._path.open("xb", buffering=_CHUNK) as file:
            for piece in self._pieces():
                file.write(packer.compress(piece))
            file.write(packer.flush())

    def _pieces(self) -> Iterator[bytes]:
        count = len(self._lengths)
        sections = {
            "version": [_packed(VERSION)],
            "attrs": [_packed(self._attributes)],
            "tokens": self._binary("tokens"),
            "spaces": self._binary("spaces"),
            "lengths": [_packed(self._lengths.tobytes())],
            "strings": [_packed(sorted(self._numbers))],
            "cats": [_list_head(count), b"\x80" * count],
            "flags": [_list_head(count), _packed({"has_unknown_spaces": False}) * count],
            "span_groups": self._list("span_groups"),
            "user_data": self._list("user_data"),
        }
        yield struct.pack(">B", 0x80 | len(sections))
        for name, pieces in sections.items():
            yield _packed(name)
            yield from pieces

    def _binary(self, name: str) -> Iterator[bytes]:
        yield struct.pack(">BI", 0xC6, self._files[name].tell())
        yield from _chunks(self._files[name])

    def _list(self, name: str) -> Iterator[bytes]:
        yield _list_head(len(self._lengths))
        yield from _chunks(self._files[name])


@lru_cache(maxsize=1)
def _packer() -> Any:
    """Return what packs; making one looks through all that is installed."""
    from srsly.msgpack import Packer

    return Packer(use_bin_type=True)


def _packed(data: Any) -> bytes:
    return _packer().pack(data)


def _list_head(count: int) -> bytes:
    return struct.pack(">BI", 0xDD, count)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _entities(layout: Layout, spans: Sequence[SpanEntry]) -> Iterator[Run]:
    """Yield tokens for `doc.ents`: of spans that share one the longest, none with white space at an edge."""
    runs = []
    for span in spans:
        trimmed = layout.trimmed(*layout.tokens(*hull(span)))
        if trimmed is not None:
            runs.append(Run(trimmed[0], trimmed[1] - 1, span["label"]))
    return (run for _, run in apart(runs))


def _user_data(entry: Entry, names: dict[str, str]) -> dict[str, Any]:
    spans = {}
    for span in entry["spans"]:
        gaps = {"fragments": span["fragments"]} if len(span["fragments"]) > 1 else {}
        spans[names[span["id"]]] = {"id": span["id"], **gaps, **extras_of_span(span)}
    relations = [
        {"type": one["type"], "from": one["from"], "to": one["to"], **extras_of_relation(one)}
        for one in entry.get("relations", ())
    ]
    own = {"id": entry.get("id", ""), "document": extras_of_document(entry, ("id",)), "spans": spans}
    return {OWN: {**own, "relations": relations}}
