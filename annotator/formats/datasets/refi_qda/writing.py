"""A project as REFI-QDA: the texts, `project.qde` that describes them, and what the standard has no place for."""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any

from annotator.core.ids import derived_id, is_id
from annotator.core.records import Label
from annotator.formats.datasets.entries import Entry, FormatContext, SpanEntry
from annotator.formats.datasets.extras import extras_of_document, extras_of_relation, extras_of_span
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output
from annotator.formats.datasets.refi_qda.project import OWN_PART, OWN_SCHEMA
from annotator.formats.datasets.refi_qda.xml import in_attribute, in_text, is_clean

NAMESPACE = "urn:QDA-XML:project:1.0"
_IDS = str(uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE))
_VARIABLES = ("date", "url", "language", "file", "format")
_NAME = 60
"""Characters of its text that a selection is called by."""

_XML_TIME = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z")
_SOME_TIME = "2000-01-01T00:00:00Z"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def write_project(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write the whole project file, one document in memory at a time."""
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(output.main, "x", zipfile.ZIP_DEFLATED, compresslevel=4))
        sources, links, added = (stack.enter_context(TemporaryFile()) for _ in range(3))
        writer = _Writer(archive, sources, links, added, context)
        for entry in entries:
            writer.add(entry)
        writer.finish()


class _Writer:
    def __init__(
        self, archive: zipfile.ZipFile, sources: IO[bytes], links: IO[bytes], added: IO[bytes], context: FormatContext
    ) -> None:
        self._archive = archive
        self._sources = sources
        self._links = links
        self._added = added
        self._context = context
        self._titles: set[str] = set()
        self._time = _SOME_TIME
        """The last time that a span had: for those that have none, since QualCoder reads none without."""
        self._users: dict[str, str] = {}
        self._codes: dict[str, str] = {label.key: label.id for label in context.codebook.labels}
        self._types: dict[str, str] = {one.key: one.name for one in context.codebook.relations}
        if len(set(self._types.values())) < len(self._types):
            self._types = {key: key for key in self._types}
        self._used_codes: set[str] = set()

    def add(self, entry: Entry) -> None:
        """Write a document's text, and set aside what belongs into the parts that come last."""
        identity = entry.get("id", "")
        source = _guid("source", identity)
        self._put(f"sources/{source}.txt", [entry["text"].encode()])
        added = _Added(source, identity)
        title = self._title(entry, added)
        parts = [f'<TextSource guid="{source}" name="{in_attribute(title)}" plainTextPath="internal://{source}.txt">']
        guids = {span["id"]: _guid("span", identity, span["id"]) for span in entry["spans"]}
        for span in entry["spans"]:
            parts += self._selections(entry, span, guids[span["id"]], added)
        parts += self._facts(entry, added)
        parts.append("</TextSource>\n")
        self._sources.write("".join(parts).encode())
        for relation in entry.get("relations", ()):
            self._link(relation, identity, guids, added)
        document = extras_of_document(entry, without=("id", "source"))
        self._added.write(encode_line(added.line({**document, **added.document})))

    def _title(self, entry: Entry, added: _Added) -> str:
        """Return the title, or one that is nobody else's: QualCoder and others take each name once."""
        wanted = entry.get("source", {}).get("title", "")
        title = wanted if wanted.strip() and is_clean(wanted) else in_clean(wanted) or f"Document {added.source[:8]}"
        found, number = title, 1
        while found in self._titles:
            number += 1
            found = f"{title} ({number})"
        self._titles.add(found)
        if found != wanted:
            added.say_source("title", wanted)
        return found

    def _facts(self, entry: Entry, added: _Added) -> Iterator[str]:
        for key in _VARIABLES:
            value = entry.get("source", {}).get(key, "")
            if not is_clean(value):
                added.say_source(key, value)
            if value:
                yield f'<VariableValue><VariableRef targetGUID="{_guid("variable", key)}"/>'
                yield f"<TextValue>{in_text(value)}</TextValue></VariableValue>"

    def _selections(self, entry: Entry, span: SpanEntry, part: str, added: _Added) -> Iterator[str]:
        text, extras = entry["text"], extras_of_span(span, without=("note", "created", "annotator"))
        note, created, annotator = span.get("note", ""), span.get("created", ""), span.get("annotator", "")
        who = ""
        if annotator and is_clean(annotator):
            who = f' creatingUser="{self._user(annotator)}"'
        elif annotator:
            extras["annotator"] = annotator
        if _XML_TIME.fullmatch(created):
            self._time = created
        else:
            extras["created"] = created
        who += f' creationDateTime="{self._time}"'
        if not is_clean(note):
            extras["note"] = note
        if span["id"] != part:
            extras["id"] = span["id"]
        described = f"<Description>{in_text(note)}</Description>" if note else ""
        for number, (start, end) in enumerate(span["fragments"]):
            guid = part if number == 0 else _derived(part, "piece", str(number))
            if number:
                extras.setdefault("pieces", []).append(guid)
            name = in_attribute(" ".join(text[start : min(end, start + 4 * _NAME)].split())[:_NAME])
            yield f'<PlainTextSelection guid="{guid}" name="{name}" startPosition="{start}" endPosition="{end}"{who}>'
            yield f'{described}<Coding guid="{_derived(guid, "coding")}"{who}>'
            yield f'<CodeRef targetGUID="{self._code(span["label"])}"/></Coding></PlainTextSelection>'
        added.spans[part] = extras

    def _user(self, annotator: str) -> str:
        if annotator not in self._users:
            self._users[annotator] = _guid("user", annotator)
        return self._users[annotator]

    def _code(self, label: str) -> str:
        if label not in self._codes:
            self._codes[label] = _guid("code", label)
        self._used_codes.add(label)
        return self._codes[label]

    def _link(self, relation: Any, document: str, guids: dict[str, str], added: _Added) -> None:
        name = self._type_name(relation["type"])
        guid = _guid("relation", document, relation["id"])
        extras = extras_of_relation(relation)
        added.relations[guid] = extras
        ends = f'originGUID="{guids[relation["from"]]}" targetGUID="{guids[relation["to"]]}"'
        self._links.write(f'<Link guid="{guid}" name="{in_attribute(name)}" direction="OneWay" {ends}/>\n'.encode())

    def _type_name(self, kind: str) -> str:
        if kind not in self._types:
            taken = {in_clean(name) for name in self._types.values()}
            name, number = in_clean(kind), 1
            while name in taken:
                number += 1
                name = f"{in_clean(kind)} ({number})"
            self._types[kind] = name
        return self._types[kind]

    def finish(self) -> None:
        """Write the parts that need to know of all documents."""
        header = {"schema": OWN_SCHEMA, "codes": {guid: key for key, guid in self._codes.items()}}
        header["relation_types"] = {in_clean(name): key for key, name in self._types.items()}
        self._put(OWN_PART, [encode_line(header), *_pieces_of(self._added)])
        self._put("project.qde", self._project())

    def _project(self) -> Iterator[bytes]:
        name = in_attribute(self._context.title or "Project")
        yield b'<?xml version="1.0" encoding="utf-8"?>\n'
        yield f'<Project xmlns="{NAMESPACE}" name="{name}" origin="Annotator">\n'.encode()
        yield from map(str.encode, self._people_and_codes())
        yield b"<Sources>\n"
        yield from _pieces_of(self._sources)
        yield b"</Sources>\n"
        if self._links.tell():
            yield b"<Links>\n"
            yield from _pieces_of(self._links)
            yield b"</Links>\n"
        yield b"</Project>\n"

    def _people_and_codes(self) -> Iterator[str]:
        if self._users:
            yield "<Users>\n"
            for annotator, guid in self._users.items():
                name = self._context.names.get(annotator, annotator)
                yield f'<User guid="{guid}" name="{in_attribute(name)}" id="{in_attribute(annotator)}"/>\n'
            yield "</Users>\n"
        labels = self._context.codebook.labels
        known = {label.key for label in labels}
        extra = [key for key in self._codes if key not in known]
        shown = [label for label in labels if not label.retired or label.key in self._used_codes]
        if shown or extra:
            yield "<CodeBook>\n<Codes>\n"
            yield from code_elements(shown)
            for key in extra:
                yield f'<Code guid="{self._codes[key]}" name="{in_attribute(key)}" isCodable="true"/>\n'
            yield "</Codes>\n</CodeBook>\n"
        yield "<Variables>\n"
        for key in _VARIABLES:
            yield f'<Variable guid="{_guid("variable", key)}" name="{key}" typeOfVariable="Text"/>\n'
        yield "</Variables>\n"

    def _put(self, name: str, pieces: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(name, _FIXED_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=name.startswith("project")) as part:
            for piece in pieces:
                part.write(piece)


class _Added:
    """What the standard has no place for, of one source."""

    def __init__(self, source: str, identity: str) -> None:
        self.source = source
        self.document: dict[str, Any] = {}
        self.spans: dict[str, dict[str, Any]] = {}
        self.relations: dict[str, dict[str, Any]] = {}
        self._identity = identity

    def say_source(self, key: str, value: str) -> None:
        """Say what could not be written in its place to the letter."""
        self.document.setdefault("source", {})[key] = value

    def line(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the line."""
        line: dict[str, Any] = {"source": self.source, "id": self._identity}
        return {**line, "document": document, "spans": self.spans, "relations": self.relations}


def code_elements(labels: Iterable[Label]) -> Iterator[str]:
    """Yield the codes of labels as XML, each within the one above it."""
    shown = list(labels)
    known = {label.id for label in shown}

    def below(parent: str | None) -> Iterator[str]:
        for label in shown:
            above = label.parent if label.parent in known else None
            if above == parent:
                colour = f' color="{label.light}"' if re.fullmatch("#[0-9a-fA-F]{6}", label.light) else ""
                yield f'<Code guid="{label.id}" name="{in_attribute(label.name)}" isCodable="true"{colour}>'
                if description := description_of(label):
                    yield f"<Description>{in_text(description)}</Description>"
                yield from below(label.id)
                yield "</Code>\n"

    return below(None)


def description_of(label: Label) -> str:
    """Return what a codebook says of a label, as one text."""
    parts = [label.definition]
    for title, values in (("Is", label.includes), ("Is not", label.excludes), ("Examples", label.examples)):
        parts += ["\n".join([f"{title}:", *(f"- {value}" for value in values)])] if values else []
    parts += [f"Boundary: {label.boundary}"] if label.boundary else []
    return "\n\n".join(part for part in parts if part)


def in_clean(value: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(character if is_clean(character) else "\ufffd" for character in value)


def _guid(kind: str, *names: str) -> str:
    """Return the identifier of a thing: its own where that is one, else one that follows from it."""
    return names[-1] if is_id(names[-1]) else derived_id(_IDS, kind, *names)


def _derived(guid: str, *names: str) -> str:
    return derived_id(guid, *names)


def _pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(1024 * 1024):
        yield piece
