"""What a project says beside its sources: who coded, with which codes, what is noted and linked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from annotator.core.errors import DatasetError, DocumentReadError
from annotator.formats.datasets.checks import LineError
from annotator.formats.datasets.entries import EntryError, FormatContext
from annotator.formats.datasets.lines import decode_line
from annotator.formats.datasets.refi_qda.archive import QdaArchive
from annotator.formats.datasets.refi_qda.xml import Element, all_text, children, elements, guid, local, text_in
from annotator.formats.datasets.selection_places import Counting, Quoted, SourceText, Verdict, judged
from annotator.formats.documents.encoding import guessed_encoding

OWN_PART = "annotator.jsonl"
"""What the standard has no place for, source by source, in a part of its own that other programs pass over."""

OWN_SCHEMA = "annotator-refi-qda/1"
RELATED = "related"
"""What a link without a name is called."""

SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
_OTHERS = ("User", "Codes", "Variable", "Case", "Note", "Link", "Set", "Graph")
LARGEST_NOTES = 64 * 1024 * 1024
"""Characters that all notes of a project may have."""

_EVIDENCE_SOURCES = 60
_EVIDENCE_SELECTIONS = 400
_SEPARATOR = ": "


@dataclass(frozen=True, slots=True)
class Link:
    """A directed link, by the identifiers of what it links."""

    identity: str
    name: str
    target: str


@dataclass
class Project:
    """What is known of a project before its sources are read.

    `codes` give a label by its code's identifier, `users` (id, name). `notes` are texts by identifier, `comments` the
    identifiers of notes that are linked to a passage. `facts` are variables by the source that has them. `own` says
    that this program wrote the file.
    """

    codes: dict[str, str] = field(default_factory=dict)
    users: dict[str, tuple[str, str]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    comments: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    verdict: Verdict = field(default_factory=lambda: Verdict(Counting(), names_are_quotes=False))
    own: bool = False
    relation_types: dict[str, str] = field(default_factory=dict)


def examined(archive: QdaArchive, context: FormatContext) -> Project:
    """Read a project once without keeping its sources. Raises DatasetError."""
    return _Examination(archive, context).run()


class _Examination:
    def __init__(self, archive: QdaArchive, context: FormatContext) -> None:
        self._archive = archive
        self._context = context
        self._project = Project()
        self._evidence: list[tuple[SourceText, list[Quoted]]] = []
        self._origin = ""
        self._notes_size = 0
        self._passed: Counter[str] = Counter()
        self._paths: list[tuple[str, list[str]]] = []

    def run(self) -> Project:
        part, project = self._archive.project(), self._project
        if self._archive.has(OWN_PART):
            self._take_own_header()
        with self._archive.open(part) as stream:
            for element in elements(stream, (*SOURCES, *_OTHERS), f"{self._archive.name}, {part}"):
                self._take(element)
        if not project.codes:
            self._name_codes()
        for kind, count in self._passed.items():
            self._context.losses.add(kind, self._archive.name, count)
        if not project.own:
            usual = Counting(crlf="atlas" not in self._origin.lower())
            project.verdict = judged(self._evidence, usual)
        return project

    def _take_own_header(self) -> None:
        with self._archive.open(OWN_PART) as stream:
            header = own_line(stream.readline(), self._archive.name)
        if header.get("schema") != OWN_SCHEMA:
            return
        codes, types = header.get("codes"), header.get("relation_types")
        if not isinstance(codes, dict) or not isinstance(types, dict) or not _are_names(codes, types):
            raise DatasetError("{file}, {part}: the first line is not whole.", file=self._archive.name, part=OWN_PART)
        self._project.own = True
        self._project.codes, self._project.relation_types = codes, types

    def _take(self, element: Element) -> None:
        name = local(element)
        if name in SOURCES:
            if not self._project.own and len(self._evidence) < _EVIDENCE_SOURCES:
                self._take_evidence(element)
            self._origin = self._origin or element.getroottree().getroot().get("origin", "")
        elif name == "User":
            identity = guid(element.get("guid"))
            shown = element.get("name") or element.get("id") or ""
            self._project.users[identity] = (element.get("id") or "", shown)
        elif name == "Codes":
            self._take_codes(element, [])
        elif name == "Variable":
            self._project.variables[guid(element.get("guid"))] = element.get("name") or ""
        elif name == "Case":
            self._take_case(element)
        elif name == "Note":
            self._take_note(element)
        elif name == "Link":
            self._take_link(element)
        else:
            self._passed["sets of sources and codes" if name == "Set" else "graphs"] += 1

    def _take_codes(self, parent: Element, path: list[str]) -> None:
        for code in children(parent, "Code"):
            name = (code.get("name") or "").strip()
            here = [*path, name]
            if name:
                self._paths.append((guid(code.get("guid")), here))
            self._take_codes(code, here)

    def _name_codes(self) -> None:
        """Call each code by its name, with those of the codes above where several are called alike."""
        often = Counter(path[-1] for _, path in self._paths)
        for identity, path in self._paths:
            self._project.codes[identity] = path[-1] if often[path[-1]] == 1 else _SEPARATOR.join(path)

    def _take_case(self, case: Element) -> None:
        values = dict(variable_values(case, self._project.variables))
        sources = [guid(one.get("targetGUID")) for one in children(case, "SourceRef")]
        for source in sources:
            self._project.facts[source].update(values)
        if children(case, "SelectionRef") or children(case, "CodeRef") or not sources:
            self._passed["cases of passages and codes"] += 1

    def _take_note(self, note: Element) -> None:
        try:
            text = text_of_source(note, self._archive)
        except EntryError:
            text = text_in(note, "Description")
        self._notes_size += len(text)
        if self._notes_size > LARGEST_NOTES:
            raise DatasetError("“{file}” has far more notes than anybody writes.", file=self._archive.name)
        self._project.notes[guid(note.get("guid"))] = text.lstrip("\ufeff").replace("\r\n", "\n").strip()

    def _take_link(self, link: Element) -> None:
        origin, target = guid(link.get("originGUID")), guid(link.get("targetGUID"))
        name = link.get("name") or RELATED
        identity = guid(link.get("guid"))
        if origin in self._project.notes:
            self._project.comments[target].append(origin)
        elif target in self._project.notes:
            self._project.comments[origin].append(target)
        else:
            self._project.links[origin].append(Link(identity, name, target))

    def _take_evidence(self, element: Element) -> None:
        if local(element) == "PDFSource":
            element = next(iter(children(element, "Representation")), element)
        quoted = []
        for one in children(element, "PlainTextSelection")[:_EVIDENCE_SELECTIONS]:
            with_numbers = [_number(one.get(key)) for key in ("startPosition", "endPosition")]
            if None not in with_numbers:
                quoted.append(Quoted(*with_numbers, one.get("name") or ""))  # type: ignore[arg-type]
        if quoted:
            try:
                self._evidence.append((SourceText(text_of_source(element, self._archive)), quoted))
            except EntryError:
                return


def own_line(line: bytes, file: str) -> dict[str, Any]:
    """Return a line of what this program added. Raises DatasetError where it is no JSON object."""
    try:
        data = decode_line(line)
    except LineError as error:
        raise DatasetError("{file}, {part}: {reason}", file=file, part=OWN_PART, reason=str(error)) from error
    if not isinstance(data, dict):
        raise DatasetError("{file}, {part}: a line is no object.", file=file, part=OWN_PART)
    return data


def _are_names(*tables: dict[str, Any]) -> bool:
    return all(isinstance(one, str) for table in tables for one in table.values())


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 12 else None


def variable_values(element: Element, variables: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of the variables that a source or a case has."""
    for one in children(element, "VariableValue"):
        name = ""
        value = ""
        for child in one:
            if local(child) == "VariableRef":
                name = variables.get(guid(child.get("targetGUID")), "")
            elif local(child).endswith("Value"):
                value = all_text(child)
        if name and value:
            yield name, value


def text_of_source(element: Element, archive: QdaArchive) -> str:
    """Return the text of a source or a note, with its own line ends and byte order mark.

    Raises EntryError where it has none, or none in this file; DatasetError where the archive is damaged.
    """
    address = element.get("plainTextPath")
    if not address:
        if not children(element, "PlainTextContent"):
            raise EntryError("it has no plain text.")
        return text_in(element, "PlainTextContent")
    part = archive.found(address)
    if part is None:
        raise EntryError("its text {address} is not in the file. Export it with the sources.", address=f"{address:.80}")
    return decoded(archive.read(part), address)


def decoded(data: bytes, address: str) -> str:
    """Return the text of a part: UTF-8 as the standard says, or what older exporters wrote. Raises EntryError."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"", "utf-8")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    try:
        return data.decode(guessed_encoding(data) or "utf-8")
    except (UnicodeDecodeError, LookupError, DocumentReadError) as error:
        raise EntryError(
            "its text {address} is in no encoding that can be made out.", address=f"{address:.80}"
        ) from error
