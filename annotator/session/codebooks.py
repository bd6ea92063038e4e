"""Verbs on the codebook: every saved change is a version of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.codebook import Codebook, codebook_to_data
from annotator.core.codebook_comparison import CodebookChanges, compare
from annotator.core.codebook_edits import checked, label, merged, retired, with_entry
from annotator.core.errors import RefusedError
from annotator.core.ids import new_id
from annotator.core.records import Annotation, CodebookVersion, Project
from annotator.session.annotations import shortened
from annotator.session.codebook import codebook_in_use
from annotator.session.codebook_uses import refuse_lost_uses, refuse_lost_values
from annotator.session.precedents import moved_precedents
from annotator.session.searches import moved_searches
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository, now

TITLE_LENGTH = 80


class Codebooks(Verbs):
    """Labels in use are merged or retired, never lost."""

    @verb
    def save(
        self, codebook: Codebook, merges: Mapping[str, str] | None = None, based_on: Codebook | None = None
    ) -> Outcome[Codebook]:
        """Make a draft the codebook in use, as its next version, and return it; a draft without a change is none.

        Args:
            codebook: the draft.
            merges: label ids by the id of the label that they are merged into. The spans of a merged label get the
                other one, precedents stand under it, saved searches look for it; the label is retired, or gone where
                the draft lacks it and nothing else has it.
            based_on: the codebook that the draft was made of; the one in use must still be like it.

        Raises:
            CodebookError: a draft that contradicts itself.
            RefusedError: a codebook changed meanwhile, an entry or a choice in use that the draft lacks.
        """
        repository = self.session.repository
        current = codebook_in_use(repository)
        if compare(current, based_on or current) or codebook.id != current.id or codebook.version != current.version:
            raise RefusedError("The codebook was changed in the meantime. Look at it and make your changes again.")
        pairs = _resolved(current, merges or {})
        draft = checked(_with_merges(codebook, pairs))
        relabelled = list(_annotations_of(repository, pairs))
        draft = checked(_with_labels_in_use(repository, current, draft, pairs))
        found = compare(current, draft)
        refuse_lost_uses(repository, found, pairs)
        refuse_lost_values(repository, found)
        if not found and not relabelled:
            return Outcome(ChangeSet("", ()), current)
        version = _next_version(repository, draft)
        draft = replace(draft, version=version.version)
        changes = [
            *_in_use(repository, version, found),
            *(RowChange(a, replace(a, label=pairs[a.label], codebook=version.id)) for a in relabelled),
            *moved_searches(repository, "label", pairs),
            *moved_precedents(repository, pairs),
        ]
        return Outcome(ChangeSet(_title(found, current, pairs), tuple(changes)), draft)

    @verb
    def confirm(self, annotations: Iterable[str]) -> Outcome[int]:
        """Say that annotations fit the codebook in use, whatever they were made under; returns how many were older."""
        repository = self.session.repository
        version = repository.rows.all(Project)[0].codebook
        found = repository.rows.where_in(Annotation, "id", dict.fromkeys(annotations))
        changes = [RowChange(one, replace(one, codebook=version)) for one in found if one.codebook != version]
        title = "Confirm 1 span" if len(changes) == 1 else f"Confirm {len(changes)} spans"
        return Outcome(ChangeSet(title, tuple(changes)), len(changes))


def next_codebook(repository: Repository, current: Codebook, draft: Codebook) -> Iterator[RowChange]:
    """Yield the changes that make a draft with more entries the codebook in use. Raises CodebookError."""
    draft = checked(draft)
    yield from _in_use(repository, _next_version(repository, draft), compare(current, draft))


def _in_use(repository: Repository, version: CodebookVersion, found: CodebookChanges) -> Iterator[RowChange]:
    project = repository.rows.all(Project)[0]
    yield from made(version)
    yield RowChange(project, replace(project, codebook=version.id))
    yield from (RowChange(change.before, change.after) for change in found.entries)


def _resolved(current: Codebook, merges: Mapping[str, str]) -> dict[str, str]:
    """Return the merges with chains followed to their ends. Raises NotFoundError or RefusedError."""
    pairs: dict[str, str] = {}
    for source in merges:
        gone, target = label(current, source), merges[source]
        passed = {source}
        while target in merges and target not in passed:
            passed.add(target)
            target = merges[target]
        if target in passed:
            raise RefusedError("“{label}” cannot be merged into itself. Choose another label.", label=gone.name)
        pairs[source] = target
    return pairs


def _with_merges(draft: Codebook, pairs: Mapping[str, str]) -> Codebook:
    """Return the draft with the merges that it does not show yet. Raises NotFoundError or CodebookError."""
    for source, target in pairs.items():
        if any(one.id == source and not one.retired for one in draft.labels):
            draft = merged(draft, source, target)
        if label(draft, target).retired:
            raise RefusedError("“{label}” is retired. Choose another label.", label=label(draft, target).name)
    return draft


def _annotations_of(repository: Repository, labels: Iterable[str]) -> Iterator[Annotation]:
    """Yield the annotations of labels that are in sight, and those that wait for a place there."""
    for one in labels:
        ids = [*repository.uses.annotations(one), *repository.uses.waiting(one)]
        yield from repository.rows.where_in(Annotation, "id", ids)


def _with_labels_in_use(
    repository: Repository, current: Codebook, draft: Codebook, pairs: Mapping[str, str]
) -> Codebook:
    """Return the draft with the merged labels that it lacks but that versions out of sight or notes still have."""
    missing = set(pairs) - {one.id for one in draft.labels}
    if not missing:
        return draft
    uses, spans = repository.uses.counts(), repository.uses.spans()
    for one in current.labels:
        if one.id in missing and uses[one.id] > spans[one.id]:
            draft = retired(with_entry(draft, replace(one, parent=None)), one.id)
    return draft


def _next_version(repository: Repository, draft: Codebook) -> CodebookVersion:
    number = 1 + max(version.version for version in repository.rows.all(CodebookVersion))
    content = codebook_to_data(replace(draft, version=number))
    return CodebookVersion(new_id(), draft.id, number, draft.name, now(), content)


def _title(found: CodebookChanges, before: Codebook, pairs: Mapping[str, str]) -> str:
    names = [change.entry.name for change in found.entries if not change.only_moved]
    if pairs:
        names = [f"{label(before, source).name} merged" for source in pairs]
    return shortened("Change the codebook" + (": " + ", ".join(names) if names else ""), TITLE_LENGTH)
