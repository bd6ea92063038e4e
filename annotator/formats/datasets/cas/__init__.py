"""UIMA CAS as INCEpTION, WebAnno and DKPro have it: XMI and JSON, one file for each document.

Written are a layer of spans and one of relations (see `types`), with a feature for the label, the note and each
attribute; records beside them have all the rest. Texts are in the files as XML can hold them; the records have the
characters that it cannot.

Read are single files, folders, archives and exports of projects (see `files`), with any types: no type system is
needed, because a structure says itself what it has (see `layers`). Offsets are UTF-16 units in the files.
"""

from __future__ import annotations

from annotator.formats.datasets.entries import Entry, FormatContext, Line
from annotator.formats.datasets.holding import EVERYTHING, kept, loses

LOSES = loses(EVERYTHING)


def held(line: Line, context: FormatContext) -> Entry:
    """Return what the files keep of a line, which is all of it."""
    return kept(line, EVERYTHING, context.losses)
