"""What an e-book says of itself: which parts make its text, in which order, and whether they are locked."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.archives import Archive
from annotator.formats.documents.language import two_letters
from annotator.formats.documents.source import iso_date, storable, tidy_title

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGE_TYPES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml")
_DESCRIBED = {"creator": "author", "contributor": "contributor", "publisher": "publisher", "identifier": "identifier"}
_SKIPPED_GUIDES = frozenset({"toc", "cover"})


@dataclass(frozen=True, slots=True)
class Package:
    """A book's facts and the names of the archive's members that hold its chapters, in reading order."""

    title: str
    date: str
    language: str
    chapters: tuple[str, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)


def read_package(name: str, archive: Archive) -> Package:
    """Return what the book `name` says of itself.

    Raises:
        DocumentReadError: The book is locked, damaged, or has no reading order.
    """
    package_name = _package_name(name, archive)
    root = _parse(name, package_name, archive.read(package_name))
    folder = posixpath.dirname(package_name)
    chapters = tuple(_chapters(root, folder))
    if not chapters:
        raise DocumentReadError(
            "“{file}” lists no chapters in “{member}”: open it in a reader of e-books and save it anew.",
            file=name,
            member=package_name,
        )
    _check_lock(name, archive, chapters)
    return Package(
        title=tidy_title(next(_values(root, "title"), "")),
        date=next((day for value in _values(root, "date") if (day := iso_date(value))), ""),
        language=next((code for value in _values(root, "language") if (code := two_letters(value))), ""),
        chapters=chapters,
        metadata=_metadata(root),
    )


def _parse(name: str, member: str, data: bytes) -> etree._Element:
    """Return the root of an XML part; entities are not taken, so that few bytes cannot become a text of any size."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or b"<!ENTITY" in data:
        raise DocumentReadError(
            "The part “{member}” of “{file}” is damaged: get the book again from where it came.",
            file=name,
            member=storable(member)[:80],
        )
    return root


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return root.iter(f"{{*}}{name}")


def _values(root: etree._Element, name: str) -> Iterator[str]:
    """Yield the texts of the elements of this name that are not blank."""
    for element in _named(root, name):
        text = storable("".join(str(part) for part in element.itertext())).strip()
        if text:
            yield text


def _package_name(name: str, archive: Archive) -> str:
    names = archive.names()
    if _CONTAINER in names:
        for rootfile in _named(_parse(name, _CONTAINER, archive.read(_CONTAINER)), "rootfile"):
            member = posixpath.normpath(unquote(str(rootfile.get("full-path", ""))))
            if member in names:
                return member
    member = next((each for each in names if each.lower().endswith(".opf")), None)
    if member is None:
        raise DocumentReadError(
            "“{file}” is no complete e-book: the list of its parts is missing. Get it again from where it came.",
            file=name,
        )
    return member


def _chapters(root: etree._Element, folder: str) -> Iterable[str]:
    """Yield the members in the order of the spine, without the table of contents and the cover's picture."""
    items = {str(item.get("id")): item for item in _named(root, "item")}
    skipped = {
        _member(folder, str(guide.get("href", "")))
        for guide in _named(root, "reference")
        if guide.get("type", "").lower() in _SKIPPED_GUIDES
    }
    seen: set[str] = set()
    for reference in _named(root, "itemref"):
        item = items.get(str(reference.get("idref")))
        if item is None or item.get("media-type", _PAGE_TYPES[0]) not in _PAGE_TYPES:
            continue
        member = _member(folder, str(item.get("href", "")))
        if "nav" not in str(item.get("properties", "")).split() and member not in skipped | seen:
            seen.add(member)
            yield member


def _member(folder: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(address.split("#", 1)[0])))


def _metadata(root: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, described in _DESCRIBED.items():
        values = [tidy_title(value) for value in _values(root, key)]
        if values:
            found[described] = values[0] if len(values) == 1 else values
    return found


def _check_lock(name: str, archive: Archive, chapters: Iterable[str]) -> None:
    """Raise DocumentReadError if chapters are encrypted; fonts that are only made unreadable do not matter."""
    if _ENCRYPTION not in archive.names():
        return
    wanted = set(chapters)
    for encrypted in _named(_parse(name, _ENCRYPTION, archive.read(_ENCRYPTION)), "EncryptedData"):
        members = {_member("", str(each.get("URI", ""))) for each in _named(encrypted, "CipherReference")}
        if wanted & members:
            raise DocumentReadError(
                "“{file}” is locked by its publisher (DRM), so its text cannot be read: ask for a copy without a lock, "
                "or type in the passages that you need.",
                file=name,
            )
