"""Jobs that look at labelled files and bring them in, and what they find; nothing here touches a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.errors import UserError
from annotator.session.progress import Cancel, Cancelled, Progress

if TYPE_CHECKING:
    from annotator.session.load_plan import LoadExamination, LoadPlan
    from annotator.session.loading import LoadResult
    from annotator.session.session import Session


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file, the format that somebody chose for it (empty for what it looks like), and what was found in it.

    Either `found` or `error` is there once it was looked at.
    """

    path: Path
    format: str = ""
    found: LoadExamination | None = None
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class FileLoad:
    """What loading one file did, or would do; or why it cannot come in."""

    path: Path
    result: LoadResult | None = None
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading several files did, or would do. `stopped` says that the person stopped it before the last one."""

    files: tuple[FileLoad, ...]
    is_rehearsal: bool
    stopped: bool = False

    @property
    def results(self) -> list[LoadResult]:
        """Return what there is of files that came in."""
        return [one.result for one in self.files if one.result is not None]

    def steps(self) -> list[str]:
        """Return the ids of the steps that were made, the oldest first."""
        return [one.step for one in self.results if one.step is not None]


def examine(
    session: Session, files: Sequence[LabelledFile], progress: Progress, cancel: Cancel
) -> tuple[LabelledFile, ...]:
    """Look at files; one that cannot be read says so itself."""
    looked = []
    for file in files:
        cancel.check()
        try:
            found = session.datasets.examine(file.path, file.format or None, progress, cancel)
            looked.append(replace(file, format=found.format, found=found, error=None))
        except UserError as error:
            looked.append(replace(file, found=None, error=error))
    return tuple(looked)


def load(
    session: Session,
    files: Sequence[LabelledFile],
    plan: LoadPlan,
    progress: Progress,
    cancel: Cancel,
    *,
    rehearse: bool,
) -> LoadReport:
    """Bring files in, each as one step, or only find out what that would do.

    Raises Cancelled where the person stops it before anything came in.
    """
    done: list[FileLoad] = []
    for file in files:
        try:
            cancel.check()
            result = session.datasets.load(
                file.path, file.format, plan=plan, dry_run=rehearse, progress=progress, cancel=cancel
            )
            done.append(FileLoad(file.path, result))
        except UserError as error:
            done.append(FileLoad(file.path, error=error))
        except Cancelled:
            if rehearse or not any(one.result for one in done):
                raise
            return LoadReport(tuple(done), rehearse, stopped=True)
    return LoadReport(tuple(done), rehearse)
