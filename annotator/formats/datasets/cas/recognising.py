"""Which of the three forms of a CAS a file, a folder or an archive has."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from annotator.core.errors import UserError
from annotator.formats.datasets.folders import Archive, Files, Folder, files_at

_HEAD = 4096
_FORMS = (
    ("cas-xmi", re.compile(rb"<[^<]*http://www\.omg\.org/XMI", re.DOTALL)),
    (
        "cas-json",
        re.compile(rb'\s*\{\s*"(?:%(?:TYPES|FEATURE_STRUCTURES|VIEWS|FLAGS)|_context|_views|_referenced_fss)"'),
    ),
    ("webanno-tsv", re.compile(rb"#FORMAT=WebAnno TSV 3")),
)
_ENDINGS = {".xmi": "cas-xmi", ".xmi.gz": "cas-xmi"}
_LOOKED_AT = (".json", ".tsv")
_MOST_LOOKED_AT = 20


def form_of(path: Path) -> str | None:
    """Return the name of the format, None for anything else."""
    try:
        if path.is_dir() or path.suffix.lower() == ".zip":
            with files_at(path) as files:
                return _of_files(files, depth=0)
        with path.open("rb") as handle:
            return _ENDINGS.get(path.suffix.lower()) or _of_head(handle.read(_HEAD))
    except (UserError, OSError):
        return None


def _of_files(files: Files, depth: int) -> str | None:
    names = sorted(files.names)
    ending = next((form for name in names for one, form in _ENDINGS.items() if name.lower().endswith(one)), None)
    if ending is not None:
        return ending
    looked_at = [name for name in names if name.lower().endswith(_LOOKED_AT)][:_MOST_LOOKED_AT]
    found = next((form for name in looked_at if (form := _of_head(_head(files, name)))), None)
    if found is not None or depth:
        return found
    inner = next((one for one in names if re.search(r"(?:^|/)(?:annotation|curation)/.+/[^/]+\.zip$", one)), None)
    return _of_archive(files.read(inner)) if inner else None


def _head(files: Files, name: str) -> bytes:
    if isinstance(files, Folder):
        with (files.root / name).open("rb") as handle:
            return handle.read(_HEAD)
    return files.read(name)[:_HEAD]


def _of_archive(data: bytes) -> str | None:
    try:
        return _of_files(Archive(Path("part.zip"), zipfile.ZipFile(io.BytesIO(data))), depth=1)
    except zipfile.BadZipFile:
        return None


def _of_head(head: bytes) -> str | None:
    head = head.removeprefix(b"\xef\xbb\xbf")
    return next((form for form, pattern in _FORMS if pattern.match(head) or _is_declared(pattern, head)), None)


def _is_declared(pattern: re.Pattern[bytes], head: bytes) -> bool:
    """Say whether the first element after an XML declaration fits."""
    declaration = re.match(rb"\s*<\?xml[^>]*\?>\s*(?:<!--.*?-->\s*)*", head, re.DOTALL)
    return declaration is not None and pattern.match(head, declaration.end()) is not None
