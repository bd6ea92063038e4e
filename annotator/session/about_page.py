"""The page about the project for whoever takes over: what it is for, how it went, what has left it, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.core.codebook_comparison import CodebookChanges, EntryChange, compare
from annotator.core.records import (
    Annotator,
    CodebookVersion,
    Label,
    Layer,
    Release,
    Unplaced,
)
from annotator.core.report import PageBlock
from annotator.session.conflicts import open_conflicts
from annotator.session.open_cases import open_reviews
from annotator.session.precedents import precedents
from annotator.session.report_documents import decision_words
from annotator.session.work_lists import progress_of

if TYPE_CHECKING:
    from annotator.session.session import Session

_COUNTED = ("documents", "spans", "relations")
_DONE = ("done", "approved")


def about_blocks(session: Session, *, names: bool) -> list[PageBlock]:
    """Return the page, as the project stands at one moment; people are named only where `names` says so."""
    with session.reading.moment():
        return list(_AboutPage(session, names).blocks())


class _AboutPage:
    def __init__(self, session: Session, names: bool) -> None:
        self._session = session
        self._repository = session.reading
        self._rows = session.reading.rows
        self._people = sorted(self._rows.all(Annotator), key=lambda one: (one.role != "lead", one.name, one.id))
        self._name = {one.id: one.name if names else one.id for one in self._people}
        self._names = names
        self._labels = {label.id: label for label in self._rows.all(Label)}

    def blocks(self) -> Iterator[PageBlock]:
        project = self._session.queries.project()
        codebook = self._session.queries.codebook()
        yield PageBlock("heading", f"About “{project.title}”", 1)
        yield PageBlock(
            "facts",
            rows=(
                ("Project", project.id),
                ("Begun", _day(project.created)),
                ("Documents", str(self._session.queries.document_count())),
                ("Codebook", f"{codebook.name}, version {codebook.version}"),
            ),
        )
        yield PageBlock("heading", "Purpose", 2)
        yield PageBlock("note", project.purpose) if project.purpose else PageBlock("muted", "Nothing is written yet.")
        for title, blocks in (
            ("Diary", self._diary()),
            ("Rounds", self._rounds(project.round)),
            ("Versions of the codebook", self._versions()),
            ("Precedents", self._precedents()),
            ("People", self._everybody()),
            ("Releases", self._releases()),
            ("Open matters", self._open_matters()),
        ):
            yield PageBlock("heading", title, 2)
            yield from list(blocks) or [PageBlock("muted", "None.")]

    def _diary(self) -> Iterator[PageBlock]:
        for entry in self._session.diary.entries():
            yield PageBlock("muted", f"{_day(entry.created)} · {self._name.get(entry.annotator, entry.annotator)}")
            yield PageBlock("note", entry.body)

    def _rounds(self, current: str) -> Iterator[PageBlock]:
        rows = []
        for one in sorted(self._session.queries.rounds(), key=lambda one: (one.position, one.name)):
            facts = [
                *(["in use"] if one.id == current else []),
                *(["practice"] if one.practice else []),
                *(["released to the analysts"] if one.released else []),
            ]
            everybody = progress_of(self._repository, one.id)
            finished, total = sum(p.finished for p in everybody), sum(p.total for p in everybody)
            rows.append((one.name, ", ".join(facts) or "–", f"{finished} of {total}"))
        yield PageBlock("table", header=("Round", "State", "Done of what was begun or assigned"), rows=tuple(rows))

    def _versions(self) -> Iterator[PageBlock]:
        versions = self._session.queries.codebook_versions()
        for place, (codebook, created) in enumerate(versions):
            before = versions[place + 1][0] if place + 1 < len(versions) else None
            said = "the first one" if before is None else changes_in_words(compare(before, codebook))
            yield PageBlock("item", f"Version {codebook.version}, {_day(created)}: {said}")

    def _precedents(self) -> Iterator[PageBlock]:
        sees = self._session.queries.visibility().sees
        found = [one for one in precedents(self._repository) if sees(one.decision.layer) and one.label in self._labels]
        found.sort(key=lambda one: (self._labels[one.label].position, one.decision.created, one.decision.id))
        for one in found:
            words = decision_words(one.decision)
            yield PageBlock("item", f"{self._labels[one.label].name}: “{one.quote}” ({one.title}) – {words}")

    def _everybody(self) -> Iterator[PageBlock]:
        header = ("Id", "Name", "Role") if self._names else ("Id", "Role")
        rows = []
        for one in self._people:
            role = one.role if one.same_as is None else f"the same person as {one.same_as}"
            rows.append((one.id, one.name, role) if self._names else (one.id, role))
        yield PageBlock("table", header=header, rows=tuple(rows))

    def _releases(self) -> Iterator[PageBlock]:
        versions = {one.id: one.version for one in self._rows.all(CodebookVersion)}
        for one in sorted(self._rows.all(Release), key=lambda one: (one.created, one.id)):
            counts = ", ".join(_count(one.details[what], what[:-1]) for what in _COUNTED if what in one.details)
            who = self._name.get(one.annotator, one.annotator)
            yield PageBlock(
                "item",
                f"{_day(one.created)}: {one.file} ({one.format}, codebook version {versions.get(one.codebook, '?')}"
                f"{', ' + counts if counts else ''}) by {who}. SHA-256 {one.sha256}",
            )

    # -- what is open

    def _open_matters(self) -> Iterator[PageBlock]:
        for text in (*self._undone(), *self._undecided(), *self._waiting(), *self._notes()):
            yield PageBlock("item", text)

    def _undone(self) -> Iterator[str]:
        statuses = self._repository.lists.statuses_in([layer.id for layer in self._rows.all(Layer)])
        ids = self._repository.lists.document_ids()
        undone = sum(1 for one in ids if statuses.get(one, frozenset()).isdisjoint(_DONE))
        returned = sum(1 for one in ids if "returned" in statuses.get(one, ()))
        if undone:
            yield f"{_count(undone, 'document')} that nobody has done"
        if returned:
            yield f"{_count(returned, 'document')} returned to an analyst"

    def _undecided(self) -> Iterator[str]:
        """Yield what the review of each round has left open; it is for leads, who see every layer."""
        if self._session.queries.visibility().layers is not None:
            return
        several = len(self._session.queries.rounds()) > 1
        for one in open_reviews(self._repository):
            where = f" in the round “{one.round.name}”" if several else ""
            if one.cases is None:
                yield f"{_count(one.documents, 'document')}{where} tagged by several people, not approved yet"
            else:
                yield f"{_count(one.cases, 'case')} of the review to be decided{where}"

    def _waiting(self) -> Iterator[str]:
        conflicts = len(open_conflicts(self._repository))
        if conflicts:
            yield f"{_count(conflicts, 'conflict')} between copies of the project"
        unplaced = self._rows.all(Unplaced)
        if unplaced:
            yield f"{_count(len(unplaced), 'span')} without a place in a newer version of the text"
        for label, count in sorted(self._session.queries.recheck_counts().items()):
            name = self._labels[label].name if label in self._labels else label
            yield f"{_count(count, 'span')} of “{name}” tagged under another meaning, to be looked at again"

    def _notes(self) -> Iterator[str]:
        kinds = self._repository.lists.note_counts()
        where = {
            "label": "on a label",
            "document": "on a document",
            "annotation": "on a span",
            "relation": "on a relation",
        }
        for kind, words in where.items():
            if kinds.get(kind):
                yield f"{_count(kinds[kind], 'note')} {words}"


def changes_in_words(changes: CodebookChanges) -> str:
    """Return what differs between two versions of the codebook."""
    parts = [f"new: {', '.join(entry.name for entry in changes.added)}"] if changes.added else []
    if changes.removed:
        parts.append(f"gone: {', '.join(entry.name for entry in changes.removed)}")
    parts += [_change_in_words(change) for change in changes.changed if not change.only_moved]
    if changes.words:
        parts.append("other condition words")
    if changes.name:
        parts.append("another name")
    return "; ".join(parts) or "another order"


def _change_in_words(change: EntryChange) -> str:
    fields = ", ".join(field.replace("_", " ") for field in change.fields if field != "position")
    return f"{change.entry.name} changed ({fields})"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _day(time: str) -> str:
    return time[:10]
