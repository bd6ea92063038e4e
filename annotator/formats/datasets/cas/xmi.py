"""XMI: a CAS as XML. Nothing is fetched or expanded; a document type is refused.

A namespace is a package (`http:///webanno/custom.ecore`), an element a structure, an attribute a feature; lists of
texts are elements below it. Files of XML 1.1 name control characters, which come in as U+FFFD.

Source: the UIMA references, “XMI CAS Serialization”.
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.handler import ContentHandler

from annotator.formats.datasets.cas.structures import Cas, Sofa, Structure
from annotator.formats.datasets.cas.types import quoted
from annotator.formats.datasets.entries import EntryError

_PACKAGE = re.compile(r"http:///(.+)\.ecore")
_NO_PACKAGE = "uima.noNamespace."
_CONTROL = re.compile(rb"&#(?:x0*([0-9a-fA-F]{1,2})|0*([0-9]{1,2}));")
_ALLOWED = (9, 10, 13)
_DEEPEST = 3


def cas_of_xmi(data: bytes) -> Cas:
    """Return what a file holds. Raises EntryError where it is no XMI; the sentence goes on after the file's name."""
    from xml.sax import SAXException

    from defusedxml import DefusedXmlException
    from defusedxml.sax import parseString

    handler = _Handler()
    try:
        parseString(_plain(data), handler, forbid_dtd=True)
    except DefusedXmlException as error:
        raise EntryError("it declares a document type, which no XMI does. Export it anew.") from error
    except SAXException as error:
        reason = " ".join(str(error).split())[:160]
        raise EntryError("its XML is broken ({reason}). Export it anew.", reason=reason) from error
    except (LookupError, UnicodeError, ValueError) as error:
        reason = " ".join(str(error).split())[:160]
        raise EntryError("its XML cannot be decoded ({reason}). Export it as UTF-8.", reason=reason) from error
    return handler.cas


def _plain(data: bytes) -> bytes:
    """Return the file with control characters that only XML 1.1 may name as U+FFFD."""
    head = data[:100]
    if b'version="1.1"' not in head and b"version='1.1'" not in head:
        return data
    data = data.replace(b"1.1", b"1.0", 1) if b"1.1" in head else data
    return _CONTROL.sub(_replaced, data)


def _replaced(match: re.Match[bytes]) -> bytes:
    number = int(match[1], 16) if match[1] else int(match[2])
    return b"&#65533;" if number < 32 and number not in _ALLOWED else match[0]


class _Handler(ContentHandler):
    """Gathers structures while the parser goes through the file."""

    def __init__(self) -> None:
        super().__init__()
        self.cas = Cas()
        self._packages: dict[str, str] = {}
        self._depth = 0
        self._features: dict[str, Any] = {}
        self._value: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        self._depth += 1
        found = dict(attrs.items())
        self._declare(found)
        if self._depth == 1:
            if name.rpartition(":")[2] != "XMI":
                raise EntryError("it is no XMI: its first element is “{name}”.", name=name[:60])
        elif self._depth == 2:
            self._add(name, found)
        elif self._depth > _DEEPEST:
            raise EntryError("its elements are nested more deeply than those of an XMI.")
        self._value = []

    def characters(self, content: str) -> None:
        if self._depth == _DEEPEST:
            self._value.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        if self._depth == _DEEPEST:
            values = self._features.get(name)
            listed = values if isinstance(values, list) else self._features.setdefault(name, [])
            if isinstance(listed, list):
                listed.append("".join(self._value))
        self._depth -= 1

    def _declare(self, attributes: dict[str, str]) -> None:
        for key in [key for key in attributes if key.startswith("xmlns")]:
            package = _PACKAGE.fullmatch(attributes.pop(key))
            if package:
                self._packages[key.partition(":")[2]] = package[1].replace("/", ".")

    def _add(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, short = name.rpartition(":")
        package = self._packages.get(prefix, prefix)
        kind = f"{package}.{short}".removeprefix(_NO_PACKAGE).lstrip(".")
        identity = attributes.pop("xmi:id", "")
        self._features = attributes
        if kind == "uima.cas.Sofa":
            text = attributes.get("sofaString")
            self.cas.sofas[identity] = Sofa(identity, attributes.get("sofaID", ""), text)
        elif kind == "uima.cas.View":
            self.cas.members[attributes.get("sofa", "")] = set(attributes.get("members", "").split())
        elif kind != "uima.cas.NULL":
            identity = identity or f"-{len(self.cas.structures) + 1}"
            if identity in self.cas.structures:
                raise EntryError("two elements have the id {id}.", id=identity)
            self.cas.structures[identity] = Structure(identity, kind, self._features)


def xmi_of(cas: Cas) -> bytes:
    """Return a CAS as a file; its features are texts and numbers."""
    prefixes = _prefixes(cas)
    names = "".join(
        f' xmlns:{prefix}="http:///{package.replace(".", "/")}.ecore"' for package, prefix in prefixes.items()
    )
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    parts.append(f'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"{names} xmi:version="2.0">\n<cas:NULL xmi:id="0"/>\n')
    for one in cas.structures.values():
        package, _, short = one.type.rpartition(".")
        features = "".join([f' {key}="{quoted(str(value))}"' for key, value in one.features.items()])
        parts.append(f'<{prefixes[package]}:{short} xmi:id="{one.id}"{features}/>\n')
    for number, sofa in enumerate(cas.sofas.values(), 1):
        parts.append(
            f'<cas:Sofa xmi:id="{sofa.id}" sofaNum="{number}" sofaID="{sofa.name}" mimeType="text/plain"'
            f' sofaString="{quoted(sofa.text or "")}"/>\n'
        )
        members = " ".join(sorted(cas.members.get(sofa.id, ()), key=int))
        parts.append(f'<cas:View sofa="{sofa.id}" members="{members}"/>\n')
    return "".join([*parts, "</xmi:XMI>\n"]).encode()


def _prefixes(cas: Cas) -> dict[str, str]:
    """Return a prefix for each package: its last part, with a number where that is taken."""
    found = {"uima.cas": "cas"}
    for package in dict.fromkeys(one.type.rpartition(".")[0] for one in cas.structures.values()):
        if package not in found:
            short = package.rpartition(".")[2]
            found[package] = short if short not in (*found.values(), "xmi") else f"{short}{len(found)}"
    return found
