"""The sources of a project as entries: texts, text representations of PDFs, and transcripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from annotator.core.text import find_quotes
from annotator.formats.datasets.drift import REACH
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, SpanEntry
from annotator.formats.datasets.extras import document_of_extras, relation_of_extras, span_of_extras
from annotator.formats.datasets.fields import taken_or
from annotator.formats.datasets.refi_qda.archive import QdaArchive
from annotator.formats.datasets.refi_qda.project import (
    OWN_PART,
    SOURCES,
    Project,
    own_line,
    text_of_source,
    variable_values,
)
from annotator.formats.datasets.refi_qda.xml import Element, children, elements, guid, local, text_in
from annotator.formats.datasets.selection_places import SourceText, cut_name, fits

_FACTS = {
    "date": ("date", "datum", "fecha"),
    "url": ("url", "address", "link", "web address"),
    "language": ("language", "sprache"),
    "file": ("file", "filename", "file name"),
    "format": ("format",),
}
_PARTS = {
    "Representation": "PlainTextSelection",
    "TextSource": "PlainTextSelection",
    "Transcript": "TranscriptSelection",
}
_NOT_TEXT = {"PDFSelection": "places on pages of PDFs", "PictureSelection": "places in pictures"}
_NOT_TEXT |= {"AudioSelection": "places in sounds", "VideoSelection": "places in films"}
_WITHOUT_TEXT = {
    "TextSource": "sources without plain text",
    "PDFSource": "PDFs without their text",
    "PictureSource": "pictures",
    "AudioSource": "sounds without a transcript",
    "VideoSource": "films without a transcript",
}
_WHOLE_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")


def entries_of(archive: QdaArchive, project: Project, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (number of the source from 1, entry). Raises DatasetError."""
    part = archive.project()
    extras = _OwnLines(archive, project)
    number = 0
    with archive.open(part) as stream:
        for element in elements(stream, SOURCES, f"{archive.name}, {part}"):
            number += 1
            _count_what_is_no_text(element, context)
            texts = _texts_of(element)
            if not texts:
                context.losses.add(_WITHOUT_TEXT[local(element)], element.get("name") or "?")
            for one in texts:
                try:
                    yield number, _Source(element, one, archive, project, context, extras.of(element)).entry()
                except EntryError as error:
                    name = element.get("name") or element.get("guid") or "?"
                    yield (
                        number,
                        BadEntry(EntryError("source “{name}”: {reason}", name=f"{name:.80}", reason=str(error))),
                    )


def _texts_of(element: Element) -> list[Element]:
    """Return what of a source is a text with selections."""
    name = local(element)
    if name == "TextSource":
        has_text = element.get("plainTextPath") or children(element, "PlainTextContent")
        return [element] if has_text or not element.get("richTextPath") else []
    return children(element, "Representation") if name == "PDFSource" else children(element, "Transcript")


def _count_what_is_no_text(element: Element, context: FormatContext) -> None:
    for child in element:
        kind = _NOT_TEXT.get(local(child))
        if kind and children(child, "Coding"):
            context.losses.add(kind, element.get("name") or "?")


class _OwnLines:
    """What this program added, which stands in the order of the sources."""

    def __init__(self, archive: QdaArchive, project: Project) -> None:
        self._archive = archive
        self._stream: BufferedReader | None = None
        if project.own:
            self._stream = archive.open(OWN_PART)
            self._stream.readline()
        self._next: dict[str, Any] | None = None
        self._is_over = not project.own

    def of(self, source: Element) -> dict[str, Any] | None:
        """Return what was added to a source; None where the source is somebody else's."""
        if self._next is None and not self._is_over and self._stream is not None:
            line = self._stream.readline()
            self._is_over = not line
            self._next = own_line(line, self._archive.name) if line else None
        if self._next is None or self._next.get("source") != guid(source.get("guid")):
            return None
        found, self._next = self._next, None
        return found


class _Source:
    """One text of a source. `own` is what this program added to it."""

    def __init__(
        self,
        source: Element,
        element: Element,
        archive: QdaArchive,
        project: Project,
        context: FormatContext,
        own: dict[str, Any] | None,
    ) -> None:
        self._source = source
        self._element = element
        self._project = project
        self._context = context
        self._own = own
        self._text = SourceText(text_of_source(element, archive), to_the_letter=own is not None)
        self._spans: list[SpanEntry] = []
        self._by_part: dict[str, str] = {}
        """The id of the span that an element of the file is."""
        self._parts: dict[str, str] = {}
        """The selection that a span is, by its id."""
        self._known_ids: set[str] = set()
        self._title = source.get("name") or guid(source.get("guid"))

    def entry(self) -> Entry:
        """Return the entry. Raises EntryError."""
        identity = guid(self._element.get("guid")) or guid(self._source.get("guid"))
        entry: Entry = {"text": self._text.text, "spans": self._spans, "id": identity, "source": self._facts()}
        spans_extras = taken_or(self._own or {}, "spans", dict, "the added line", {})
        pieces = {piece: first for first, one in spans_extras.items() for piece in _pieces(one)}
        further: dict[str, list[list[int]]] = {}
        points = self._sync_points()
        for selection in children(self._element, _PARTS[local(self._element)]):
            part = guid(selection.get("guid"))
            place = self._place(selection, points)
            if part in pieces:
                further.setdefault(pieces[part], []).append(list(place))
            elif place[0] == place[1]:
                self._context.losses.add("passages without extent", self._title)
            else:
                self._take(selection, part, place, spans_extras.get(part))
        self._take_whole_text()
        for span in self._spans:
            span["fragments"] += further.get(self._parts[span["id"]], [])
        entry["relations"] = self._relations()
        if self._own is not None:
            self._add_own(entry)
        return entry

    def _facts(self) -> dict[str, str]:
        values = dict(self._project.facts.get(guid(self._source.get("guid")), {}))
        values |= dict(variable_values(self._source, self._project.variables))
        known = {name.strip().casefold(): value for name, value in values.items()}
        facts = {"title": self._source.get("name") or ""}
        for key, names in _FACTS.items():
            facts[key] = next((known.pop(name) for name in names if name in known), "")
        if self._own is None:
            whole = _WHOLE_DATE.match(facts["date"])
            facts["date"] = whole[1] if whole else facts["date"]
            for name in known:
                self._context.losses.add("variables of sources", name)
        return facts

    def _sync_points(self) -> dict[str, int]:
        found = {}
        for one in children(self._element, "SyncPoint"):
            if one.get("position"):
                found[guid(one.get("guid"))] = _position(one.get("position"), "a sync point")
        return found

    def _place(self, selection: Element, points: dict[str, int]) -> tuple[int, int]:
        if local(selection) == "TranscriptSelection":
            ends = [points.get(guid(selection.get(key))) for key in ("fromSyncPoint", "toSyncPoint")]
            if ends[0] is None or ends[1] is None:
                return 0, 0
            start, end = ends[0], ends[1]
        else:
            start = _position(selection.get("startPosition"), "the start of a selection")
            end = _position(selection.get("endPosition"), "the end of a selection")
        if self._own is not None:
            return start, end
        return self._text.place(start, end, self._project.verdict.counting)

    def _take(self, selection: Element, part: str, place: tuple[int, int], extras: Any) -> None:
        codings = children(selection, "Coding")
        note = self._note_of(selection)
        if not codings:
            self._context.losses.add("comments on passages that have no code", note or self._title)
        for number, coding in enumerate(codings):
            label = self._label(coding)
            if label is None:
                continue
            own_part = guid(coding.get("guid"))
            identity = self._free_id((part if number == 0 else own_part) or f"{part}-{number}")
            notes = [one for one in (note, self._linked_notes(coding, own_part)) if one]
            span: SpanEntry = {"id": identity, "label": label, "fragments": [list(place)], "note": "\n\n".join(notes)}
            self._say_who(span, coding, selection)
            self._quote(span, selection, place)
            if self._own is not None and isinstance(extras, dict):
                self._say_more(span, extras)
            self._spans.append(span)
            self._parts[span["id"]] = part
            self._by_part.setdefault(part, span["id"])
            self._by_part.setdefault(own_part, span["id"])

    def _take_whole_text(self) -> None:
        """A code of a source is one of its whole text."""
        for coding in children(self._source, "Coding"):
            label = self._label(coding)
            if label is not None and self._text.text:
                identity = self._free_id(guid(coding.get("guid")) or "whole")
                span: SpanEntry = {"id": identity, "label": label, "fragments": [[0, len(self._text.text)]]}
                self._say_who(span, coding, coding)
                self._spans.append(span)
                self._parts[identity] = ""

    def _free_id(self, wanted: str) -> str:
        identity, number = wanted, 1
        while identity in self._known_ids:
            number += 1
            identity = f"{wanted}-{number}"
        self._known_ids.add(identity)
        return identity

    def _label(self, coding: Element) -> str | None:
        code = next((guid(one.get("targetGUID")) for one in children(coding, "CodeRef")), "")
        label = self._project.codes.get(code)
        if label is None:
            self._context.losses.add("codings of codes that are not in the codebook (cases of NVivo)", self._title)
        return label

    def _note_of(self, selection: Element) -> str:
        description = text_in(selection, "Description")
        linked = self._linked_notes(selection, guid(selection.get("guid")))
        return "\n\n".join(one for one in (description, linked) if one)

    def _linked_notes(self, element: Element, identity: str) -> str:
        notes = [guid(one.get("targetGUID")) for one in children(element, "NoteRef")]
        notes += self._project.comments.get(identity, [])
        return "\n\n".join(text for one in dict.fromkeys(notes) if (text := self._project.notes.get(one, "")))

    def _say_who(self, span: SpanEntry, coding: Element, selection: Element) -> None:
        user = ""
        for key in ("creatingUser", "modifyingUser"):
            user = user or guid(coding.get(key)) or guid(selection.get(key))
        when = coding.get("creationDateTime") or selection.get("creationDateTime")
        span["created"] = when or selection.get("modifiedDateTime") or ""
        if not user:
            return
        identity, name = self._project.users.get(user, ("", ""))
        span["annotator"] = identity if self._own is not None and identity else user
        if name and name != span["annotator"]:
            self._context.names[span["annotator"]] = name
        if self._own is None:
            span["layer"] = span["annotator"]

    def _quote(self, span: SpanEntry, selection: Element, place: tuple[int, int]) -> None:
        if self._own is not None or not self._project.verdict.names_are_quotes:
            return
        name = selection.get("name") or ""
        covered = self._text.text[place[0] : place[1]]
        if fits(name, covered) == 2:
            span["quote"] = covered
        elif not fits(name, covered) and len(name) > 2 and cut_name(name) == name.rstrip():
            low = max(0, place[0] - REACH)
            beside = find_quotes(self._text.text[low : place[1] + REACH], name)
            if beside:  # otherwise somebody called the passage so
                start, end = beside[0]
                span["quote"] = self._text.text[low + start : low + end]

    def _say_more(self, span: SpanEntry, extras: dict[str, Any]) -> None:
        said = {key: value for key, value in extras.items() if key not in ("id", "pieces")}
        where = f"span {span['id']}"
        found = {"annotator": "", **span_of_extras(said, where)}
        native = {key: span.get(key) for key in ("note", "created", "annotator") if key in span and key not in said}
        span.update({**found, **native})  # type: ignore[typeddict-item]
        span["id"] = taken_or(extras, "id", str, where, span["id"])

    def _relations(self) -> list[Any]:
        found = []
        extras = taken_or(self._own or {}, "relations", dict, "the added line", {})
        layers = {span["id"]: span.get("layer", "") for span in self._spans}
        for part, source in self._by_part.items():
            for link in self._project.links.get(part, ()):
                target = self._by_part.get(link.target)
                if target is None or target == source:
                    self._context.losses.add("links of other things than two passages of a text", link.name)
                    continue
                if self._own is None and layers[source] != layers[target]:
                    self._context.losses.add("links between passages of two users", link.name)
                    continue
                kind = self._project.relation_types.get(link.name, link.name)
                more = relation_of_extras(extras[link.identity], "a link") if link.identity in extras else {}
                found.append({"id": link.identity, "type": kind, "from": source, "to": target, **more})
        return found

    def _add_own(self, entry: Entry) -> None:
        own = self._own or {}
        document = taken_or(own, "document", dict, "the added line", {})
        entry.update(document_of_extras(document, entry.get("source", {})))  # type: ignore[typeddict-item]
        entry["id"] = taken_or(own, "id", str, "the added line", entry.get("id", ""))


def _pieces(extras: Any) -> list[str]:
    pieces = extras.get("pieces", []) if isinstance(extras, dict) else []
    return [one for one in pieces if isinstance(one, str)] if isinstance(pieces, list) else []


def _position(value: str | None, what: str) -> int:
    if value is None or not value.isascii() or not value.strip().isdigit() or len(value) > 12:
        raise EntryError("{what} is {value}, not a whole number.", what=what, value=f"{value!r:.40}")
    return int(value)
