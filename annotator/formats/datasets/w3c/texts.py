"""The texts that web annotations are about: they lie beside the file, since the file does not have them.

A text is taken whose name is that of the source or of the file with the annotations, or, among the texts beside it,
the one that has every quote. Files are looked for among those that are there, never opened by an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.folders import Files
from annotator.formats.datasets.w3c.anchoring import found_at
from annotator.formats.datasets.w3c.annotations import WebAnnotation

_MOST_TEXTS = 500
"""Texts that are searched for quotes."""


def text_for(
    files: Files, name: str, source: str, annotations: Sequence[WebAnnotation], *, is_alone: bool
) -> tuple[str, str]:
    """Return (name, text) for a source of the file `name`. `is_alone` says that it has no other source.

    Raises EntryError that says which text is missing, or that it is no UTF-8.
    """
    folder = name.rpartition("/")[0]
    here = {one for one in files.names if one.lower().endswith(".txt") and one.rpartition("/")[0] == folder}
    for wanted in _names(name, source, annotations, is_alone=is_alone):
        for one in (f"{folder}/{wanted}".lstrip("/"), wanted):
            if one in here:
                return one, decoded(files, one)
    quotes = [place for annotation in annotations for place in annotation.places if place.exact]
    for one in sorted(here)[:_MOST_TEXTS] if quotes else ():
        text = decoded(files, one)
        if all(found_at(place, text) for place in quotes):
            return one, text
    raise EntryError(
        "the text of “{source}” is not in the file. Put it beside the file as plain text, as “{name}”.",
        source=source or name,
        name=next(iter(_names(name, source, annotations, is_alone=is_alone)), "text.txt"),
    )


def decoded(files: Files, name: str) -> str:
    """Return what a file holds as text. Raises EntryError where it is no UTF-8."""
    try:
        return files.read(name).decode()
    except UnicodeDecodeError as error:
        raise EntryError("“{name}” is not UTF-8 (at byte {byte}).", name=name, byte=error.start + 1) from None


def _names(name: str, source: str, annotations: Iterable[WebAnnotation], *, is_alone: bool) -> Iterator[str]:
    """Yield what the file with a text may be called, the surest first."""
    try:
        address = unquote(urlsplit(source).path) if "://" in source else unquote(source)
    except ValueError:
        address = ""
    last = address.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    titles = [one.title for one in annotations if one.title][:1]
    for stem in (last, PurePosixPath(last).stem if last else "", *titles, *map(_plain, titles)):
        if stem:
            yield stem if stem.endswith(".txt") else f"{stem}.txt"
    if is_alone:
        stem = name.rpartition("/")[2]
        while "." in stem:
            stem = stem.rpartition(".")[0]
            yield f"{stem}.txt"


def _plain(title: str) -> str:
    return re.sub(r"[^\w-]+", "-", title).strip("-")
