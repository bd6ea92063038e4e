"""The parts of a Word file and how they point to one another."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from lxml import etree

from annotator.formats.documents.archives import Archive
from annotator.formats.documents.office.document import Properties
from annotator.formats.documents.office.xml import elements, local_name, parse_part

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MAIN = "word/document.xml"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_KEYS = {"creator": "author", "subject": "subject", "keywords": "keywords", "description": "description"}
_NO_DATES = frozenset(("", "2013-12-23T23:15:00Z"))
"""Days that say nothing: that of the template which python-docx puts into every file."""


class Package:
    """A Word file's archive; parts are found through the relationships, never outside the archive."""

    def __init__(self, name: str, data: bytes) -> None:
        """Open the archive and find the main part. Raises DocumentReadError."""
        self._name = name
        self._archive = Archive(name, data)
        self._members = frozenset(self._archive.names())
        main = self.related("", "officeDocument")
        self.main = main if main in self._members else _MAIN

    def parse(self, part: str) -> etree._Element:
        """Return a part's root element, with the namespaces of the usual dialect. Raises DocumentReadError."""
        data = self._archive.read(part)
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return parse_part(self._name, data)

    def parse_related(self, kind: str) -> etree._Element | None:
        """Return the root of the part that the main part names as this kind (such as “styles”), or None."""
        part = self.related(self.main, kind)
        return self.parse(part) if part in self._members else None

    def related(self, part: str, kind: str) -> str:
        """Return the path of a part that `part` points to; `kind` is the end of the relationship's type."""
        for relation in self._relations(part):
            if relation.get("Type", "").endswith("/" + kind) and relation.get("TargetMode") != "External":
                return posixpath.normpath(
                    posixpath.join("/", posixpath.dirname(part), relation.get("Target", ""))
                ).lstrip("/")
        return ""

    def links(self, part: str) -> Mapping[str, str]:
        """Return the addresses that a part links to, by the relationship's id; they are shown, never opened."""
        return {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self._relations(part)
            if relation.get("TargetMode") == "External" and relation.get("Type", "").endswith("/hyperlink")
        }

    def properties(self) -> Properties:
        """Return what docProps/core.xml says."""
        part = self.related("", "core-properties") or "docProps/core.xml"
        if part not in self._members:
            return Properties()
        said = {local_name(element): element.text or "" for element in elements(self.parse(part))}
        properties = Properties(
            title=said.get("title", ""),
            date=next((said[name] for name in ("created", "modified") if said.get(name, "") not in _NO_DATES), ""),
            language=said.get("language", ""),
        )
        for name, key in _KEYS.items():
            properties.describe(key, said.get(name))
        return properties

    def _relations(self, part: str) -> list[etree._Element]:
        folder, file = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        return list(elements(self.parse(path))) if path in self._members else []


def value_of(parent: etree._Element | None, tag: str) -> str:
    """Return the `w:val` of a child, or an empty string where the child or its value is absent."""
    child = None if parent is None else parent.find(W + tag)
    return "" if child is None else child.get(W + "val", "")


def is_on(parent: etree._Element | None, tag: str) -> bool | None:
    """Return whether a property is on or off, or None where nothing is said."""
    child = None if parent is None else parent.find(W + tag)
    return None if child is None else child.get(W + "val", "1") not in ("0", "false", "off")


def number_of(text: str, otherwise: int) -> int:
    """Return a whole number written in a part, or `otherwise` where there is none of a sensible size."""
    digits = text.strip()
    sound = digits.lstrip("-").isascii() and digits.lstrip("-").isdigit() and len(digits) < 10
    return int(digits) if sound else otherwise
