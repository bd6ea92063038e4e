"""Taking steps back and putting them back, and the list of what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.core.changes import ChangeSet, RowChange, compose, deleted, inverse
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.history import Stacks, stacks
from annotator.core.journal import JournalStep
from annotator.core.records import Annotator, Document, Layer, Note
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository

REACH = 2000
"""How many of a person's own steps undo can reach back."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A step as the history lists it. `time` is ISO 8601 UTC; `reverts` names the step that this one takes back."""

    step: str
    title: str
    annotator: str
    time: str
    undone: bool
    reverts: str | None
    can_revert: bool


class History(Verbs):
    """Undo is a new step with the inverse changes, so it survives a restart and is itself part of the history."""

    @verb
    def undo(self) -> Outcome[ChangeSet]:
        """Take back one's own last step. Raises RefusedError where there is none or something builds on it."""
        step = self._step(self._stacks(self.session.repository).undo, "There is nothing to undo.")
        return self._revert(step, "Undo")

    @verb
    def redo(self) -> Outcome[ChangeSet]:
        """Put back what was undone last. Raises RefusedError where there is nothing to put back."""
        step = self._step(self._stacks(self.session.repository).redo, "There is nothing to redo.")
        return self._revert(step, "Redo")

    @verb
    def revert(self, step: str) -> Outcome[ChangeSet]:
        """Take back an older step of one's own. Raises RefusedError where a later step depends on it."""
        if step not in self._stacks(self.session.repository).undo:
            raise RefusedError("Only your own steps that are still in force can be taken back.")
        return self._revert(self._step((step,), ""), "Undo")

    def entries(self, limit: int | None = None) -> list[HistoryEntry]:
        """Return the newest steps, newest first, without those that touch layers one may not see."""
        journal = self.session.reading.journal
        names = {annotator.id: annotator.name for annotator in self.session.reading.rows.all(Annotator)}
        in_force = frozenset(self._stacks(self.session.reading).undo)
        visible = self.session.queries.visibility().in_order()
        steps = journal.steps(limit=limit)
        if visible is not None:
            hidden = journal.steps_beyond(visible, [step.id for step in steps])
            steps = [step for step in steps if step.id not in hidden]
        undone = _undone(steps)
        return [
            HistoryEntry(
                step.id,
                step.title,
                names.get(step.annotator, step.annotator),
                step.time,
                step.id in undone,
                step.reverts,
                step.id in in_force,
            )
            for step in reversed(steps)
        ]

    def last_step_of(self, row: str) -> str:
        """Return the id of the step that last changed a row which the project has or had."""
        journal = self.session.reading.journal
        return journal.change_to(row, journal.heads([row])[row]).step

    def undone(self, repository: Repository) -> frozenset[str]:
        """Return the ids of the person's own steps that are taken back."""
        return self._stacks(repository).undone

    def _stacks(self, repository: Repository) -> Stacks:
        """Return what the person can take back and put back: what came in with a merge only as a whole."""
        steps = repository.journal.steps(annotator=self.session.person.id, limit=REACH)
        came_in = repository.merges.came_in(step.id for step in steps)
        return stacks(step for step in steps if step.id not in came_in)

    def _step(self, stack: tuple[str, ...], when_empty: str) -> JournalStep:
        if not stack:
            raise RefusedError(when_empty)
        step = self.session.repository.journal.step(stack[-1])
        if step is None:
            raise NotFoundError("That step is not in this project's history.")
        return step

    def _revert(self, step: JournalStep, word: str) -> Outcome[ChangeSet]:
        repository = self.session.repository
        later = repository.later_revision(step)
        if later is not None:
            raise RefusedError(
                "“{title}” cannot be taken back: “{later}” came after it and changed the same thing.",
                title=plain_title(step.title),
                later=plain_title(later.title),
            )
        taken_back = inverse(repository.change_set(step), f"{word}: {plain_title(step.title)}")
        _refuse_orphaned_notes(repository, taken_back, step)
        _refuse_stale_version(repository, taken_back, step)
        _refuse_missing_entities(repository, taken_back, step)
        kept = _without_entities_in_use(repository, taken_back)
        changes = ChangeSet(taken_back.title, (*kept, *_layers_of_rounds(repository, taken_back, step)))
        if not changes:
            raise RefusedError(
                "“{title}” cannot be taken back: something names what it made. Change that first.",
                title=plain_title(step.title),
            )
        return Outcome(changes, changes, reverts=step.id)


def _undone(steps: list[JournalStep]) -> set[str]:
    """Return the ids of the steps, anybody's, whose effect is not in force."""
    by_person: dict[str, list[JournalStep]] = defaultdict(list)
    for step in steps:
        by_person[step.annotator].append(step)
    return {identity for own in by_person.values() for identity in stacks(own).undone}


def _refuse_orphaned_notes(repository: Repository, changes: ChangeSet, step: JournalStep) -> None:
    """Raise RefusedError where a later note would lose what it is about; the database does not know whose it is."""
    gone = {change.row for change in changes.changes if change.after is None}
    if any(note.id not in gone for note in repository.rows.where_in(Note, "target", gone)):
        raise RefusedError(
            "“{title}” cannot be taken back: a note was written on it later. Take the note back first.",
            title=plain_title(step.title),
        )


def _refuse_stale_version(repository: Repository, changes: ChangeSet, step: JournalStep) -> None:
    """Raise RefusedError where a version would take the place of one that was tagged otherwise since it was made."""
    made_again = [change.after for change in changes.of("document") if change.before is None]
    replaced = {document.supersedes for document in made_again if isinstance(document, Document)}
    replaced -= {None, *(document.id for document in made_again if document is not None)}
    if not replaced:
        return
    since = compose("", map(repository.change_set, repository.journal.steps_after(step)))
    if not replaced.isdisjoint(repository.documents_of(since)):
        raise RefusedError(
            "“{title}” cannot be put back: what is tagged in the text has changed since. Correct the text again.",
            title=plain_title(step.title),
        )


def _without_entities_in_use(repository: Repository, changes: ChangeSet) -> Iterator[RowChange]:
    """Yield the changes except those that delete an entity which other values came to name since it was made."""
    replaced = {change.row for table in ("attribute_value", "document_value", "alias") for change in changes.of(table)}
    for change in changes.changes:
        is_entity_going = change.table == "entity" and change.after is None
        if not (is_entity_going and repository.entities.is_needed(change.row, replaced)):
            yield change


def _refuse_missing_entities(repository: Repository, changes: ChangeSet, step: JournalStep) -> None:
    """Raise RefusedError where a value would name an entity that was merged or deleted later."""
    if repository.entities.missing_for(changes):
        raise RefusedError(
            "“{title}” cannot be taken back: an entity that it names was merged or deleted since. Take that back "
            "first.",
            title=plain_title(step.title),
        )


def _layers_of_rounds(repository: Repository, changes: ChangeSet, step: JournalStep) -> tuple[RowChange, ...]:
    """Return the changes that delete the empty layers which people got in rounds that go.

    Raises RefusedError where somebody has worked in one.
    """
    rounds = [change.row for change in changes.of("round") if change.after is None]
    gone = {change.row for change in changes.of("layer")}
    layers = [layer for layer in repository.rows.where_in(Layer, "round", rounds) if layer.id not in gone]
    if any(repository.work.is_used(layer.id) for layer in layers):
        raise RefusedError(
            "“{title}” cannot be taken back: somebody has worked in the round that it began. Begin another round.",
            title=plain_title(step.title),
        )
    return deleted(*layers)


def plain_title(title: str) -> str:
    """Return the title of the original step without the words that undo and redo put before it."""
    while title.startswith(("Undo: ", "Redo: ")):
        title = title[6:]
    return title
