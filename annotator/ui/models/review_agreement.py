"""How far the layers agree on each label, measured beside the window once and kept until something was tagged anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from annotator.core.changes import ChangeSet
from annotator.session.progress import Cancel, Progress
from annotator.ui.models.agreement_tables import number_text
from annotator.ui.models.review_words import tr
from annotator.ui.tasks import Task, TaskRunner

if TYPE_CHECKING:
    from annotator.session.agreement import Agreement
    from annotator.session.session import Session

_MOST_DOCUMENTS = 2000
"""In a larger corpus the window of agreement measures when it is asked to."""


class LabelAgreement(QObject):
    """`changed` says that there are other figures."""

    changed = Signal()

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._session: Session | None = None
        self._task: Task | None = None
        self._found: Agreement | None = None
        self._is_stale = True

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self.stop()
        self._session, self._found, self._is_stale = session, None, True

    def stop(self) -> None:
        """Measure no further."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._is_stale = True

    def apply(self, changes: ChangeSet, gold: str) -> None:
        """Note what was tagged in another layer than gold; it is measured when somebody comes back."""
        if any(change.layer != gold for change in changes.of("annotation")) or changes.touches("project", "round"):
            self._is_stale = True

    def measure(self, documents: int) -> None:
        """Measure what is not known yet; `documents` says how many are compared."""
        session = self._session
        if session is None or not self._is_stale or self._task is not None or not 0 < documents <= _MOST_DOCUMENTS:
            return

        def job(progress: Progress, cancel: Cancel) -> Agreement:
            return session.queries.agreement(samples=0, progress=progress, check=cancel.check)

        self._is_stale = False
        self._task = self._tasks.start("", job)
        self._task.handles_failure = True
        self._task.finished.connect(self._take)
        self._task.failed.connect(self._give_up)

    def words(self, label: str) -> str:
        """Return the figures of a label by id, or nothing where there are none."""
        figures = self._found.measured.by_label.get(label) if self._found is not None else None
        if figures is None:
            return ""
        exact, partial, alpha = (figures[name].value for name in ("f1_exact", "f1_partial", "alpha_labels"))
        parts = []
        if exact is not None and partial is not None:
            words = tr("Where: F1 {exact} exact, {partial} partial")
            parts.append(words.format(exact=number_text(exact), partial=number_text(partial)))
        if alpha is not None:
            parts.append(tr("Which: α\u00a0{alpha}").format(alpha=number_text(alpha)))
        return "   ".join(parts)

    @Slot(object)
    def _take(self, found: Agreement) -> None:
        if self.sender() is self._task:
            self._task, self._found = None, found
            self.changed.emit()

    @Slot(object)
    def _give_up(self, _error: object) -> None:
        if self.sender() is self._task:
            self._task = None
