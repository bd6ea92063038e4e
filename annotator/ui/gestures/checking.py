"""The consistency check in the window: a thread checks, the panel shows, quick fixes are steps, changes followed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from annotator.core.changes import ChangeSet
from annotator.core.errors import UserError
from annotator.core.records import Annotation
from annotator.ui.gestures.desk import Desk
from annotator.ui.messages import error_text
from annotator.ui.tasks import Job, Task, TaskRunner
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.analysis.consistency.facts import Finding
    from annotator.session.consistency import ConsistencyCheck, Fixed
    from annotator.session.progress import Cancel, Progress
    from annotator.session.session import Session
    from annotator.ui.panels.consistency_panel import ConsistencyPanel

MOST = 10_000
"""Findings after which the check ends: nobody goes through more."""

AGAIN_MS = 300
"""Milliseconds after a change until what it touched is checked again."""


class Checking(QObject):
    """The panel is made when it is first opened; what was found is forgotten when it is closed."""

    def __init__(self, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tasks = tasks
        self._panel: ConsistencyPanel | None = None
        self._session: Session | None = None
        self._check: ConsistencyCheck | None = None
        self._task: Task | None = None
        self._touched: set[str] = set()
        self._wants_all = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._follow)
        desk.changed.connect(self._take_changes)
        desk.document.opened.connect(self._tell_document)

    @property
    def panel(self) -> ConsistencyPanel:
        """Return the panel; the first time, make it."""
        if self._panel is None:
            from annotator.ui.panels.consistency_panel import ConsistencyPanel

            page = self._desk.page
            self._panel = panel = ConsistencyPanel(page.theme, page)
            page.add_left(panel, panel.list)
            panel.finding_chosen.connect(self._show)
            panel.other_wanted.connect(self._show_other)
            panel.fix_wanted.connect(self._fix)
            panel.rules_chosen.connect(self._set_rules)
            panel.check_wanted.connect(self.check)
            panel.stop_wanted.connect(self._stop)
            panel.close_requested.connect(self.close)
        return self._panel

    @property
    def is_shown(self) -> bool:
        """Say whether the panel is on screen."""
        return self._panel is not None and self._desk.page.left.currentWidget() is self._panel

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Check another project, or none."""
        self._forget()
        if self.is_shown:
            self._desk.page.show_search(False)
        self._session = session

    # -- opening

    @Slot()
    def open(self) -> None:
        """Show the panel in the place of the documents, and check where that has not been done."""
        if self._session is None:
            return
        self._desk.shown.emit()
        self._desk.page.show_left(self.panel)
        if self._check is None and self._task is None:
            self.check()
        self._go_on()
        self.panel.list.setFocus()

    @Slot()
    def close(self) -> None:
        """Show the documents again."""
        self._forget()
        self._desk.page.show_search(False)
        self._desk.back_to_text()

    def _forget(self) -> None:
        self._stop()
        self._check = None
        if self._panel is not None:
            self._panel.show_findings((), 0, complete=True)

    @Slot()
    def _tell_document(self) -> None:
        document = self._desk.document.document
        if self._panel is not None:
            self._panel.set_document(document.id if document else "")

    # -- checking

    @Slot()
    def check(self) -> None:
        """Check everything anew."""
        session = self._session
        if session is None:
            return
        self._stop()
        self._check, self._wants_all = None, False
        self._touched.clear()
        self._prepare(session)
        self.panel.show_work(0, 0)
        self._start(self.tr("Consistency check"), partial(_check_all, session)).finished.connect(self._take_all)

    def _prepare(self, session: Session) -> None:
        """Let the panel know what can be filtered and done in the project."""
        codebook = self._desk.document.codebook
        self.panel.set_labels(codebook.labels if codebook else ())
        self.panel.set_rules(session.consistency.rules())
        writable = not session.read_only_reason
        is_lead = writable and session.role == "lead" and session.package is None
        self.panel.set_rights(writable=writable, chooses_rules=is_lead)
        self._tell_document()

    def _start(self, title: str, job: Job) -> Task:
        self._task = task = self._tasks.start(title, job)
        task.handles_failure = True
        task.progressed.connect(self._tell_progress)
        task.failed.connect(self._tell_failure)
        task.cancelled.connect(self._tell_stopped)
        return task

    def _is_answer(self) -> bool:
        """Say whether the task whose signal is at hand is the one that is waited for."""
        return self._task is not None and self.sender() is self._task

    @Slot()
    def _stop(self) -> None:
        self._again.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.panel.end_work(self.tr("The check was stopped."))

    @Slot(int, int, str)
    def _tell_progress(self, done: int, total: int, _what: str) -> None:
        if self._is_answer():
            self.panel.show_work(done, total)

    @Slot()
    def _tell_stopped(self) -> None:
        if self._is_answer():
            self._task = None
            self.panel.end_work(self.tr("The check was stopped."))

    @Slot(object)
    def _tell_failure(self, error: BaseException) -> None:
        if not self._is_answer():
            return
        self._task = None
        if isinstance(error, UserError):
            self.panel.end_work(error_text(error))
        else:
            self.panel.end_work()
            self._desk.messages.show_error(error)

    @Slot(object)
    def _take_all(self, answer: tuple[ConsistencyCheck, list[Finding], int]) -> None:
        if self._is_answer():
            self._task = None
            self._check, findings, documents = answer
            self.panel.show_findings(findings, documents, complete=len(findings) < MOST)
            self._go_on()

    # -- following changes

    @Slot(object)
    def _take_changes(self, changes: ChangeSet) -> None:
        session = self._session
        if session is None or (self._check is None and self._task is None):
            return
        touched = session.consistency.touched(changes)
        if touched is None:
            self._wants_all = True
        else:
            self._touched |= touched
        self._go_on()

    @Slot()
    def _follow(self) -> None:
        """Check again what was touched, unless a check is at work: then it goes on when that has ended."""
        if self._task is not None or self._session is None:
            return
        if self._wants_all or self._check is None:
            self.check()
        elif self._touched:
            touched, self._touched = self._touched, set()
            job = partial(_check_again, self._session, self._check, touched)
            self._start("", job).finished.connect(self._take_some)

    @Slot(object)
    def _take_some(self, answer: tuple[dict[str, list[Finding]], int]) -> None:
        if self._is_answer():
            self._task = None
            self.panel.replace(*answer)
            self._go_on()

    def _go_on(self) -> None:
        """Check again in a moment what was touched; a panel that is out of sight waits until it is shown."""
        if self.is_shown and (self._wants_all or self._touched):
            self._again.start()

    # -- findings

    @Slot()
    def next_finding(self) -> None:
        """Show the next finding, and the panel where it is not open."""
        self._step(1)

    @Slot()
    def previous_finding(self) -> None:
        """Show the finding before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if not self.is_shown:
            self.open()
        elif step > 0:
            self.panel.next_finding()
        else:
            self.panel.previous_finding()

    @Slot(object, bool)
    def _show(self, finding: Finding, focus_text: bool) -> None:
        """Show a finding in its document, the span selected; the panel stays."""
        focus = QApplication.focusWidget()
        if not self._desk.open_if_there(finding.document):
            self._desk.messages.inform(self.tr("That document is no longer in the project."))
            return
        if finding.annotation is not None and self._desk.document.annotation(finding.annotation) is not None:
            self._desk.select(finding.annotation, reveal=True)
        if focus_text:
            self._desk.back_to_text()
        elif focus is not None:
            focus.setFocus()

    @Slot(object)
    def _show_other(self, finding: Finding) -> None:
        """Show another place of the sentence, which is tagged differently there."""
        if self._check is None:
            return
        task = self._tasks.start("", partial(_other_place, self._check, finding))
        task.finished.connect(self._jump)

    @Slot(object)
    def _jump(self, annotation: Annotation | None) -> None:
        if annotation is not None and self._desk.open_if_there(annotation.document):
            self._desk.select(annotation.id, reveal=True)
        else:
            self._desk.messages.inform(self.tr("The other place was changed meanwhile."))

    @Slot(object)
    def _fix(self, findings: Sequence[Finding]) -> None:
        session = self._session
        if session is None:
            return
        task = self._tasks.start(self.tr("Mend"), partial(_fix, session, findings))
        task.finished.connect(self._tell_fixed)

    @Slot(object)
    def _tell_fixed(self, fixed: Fixed) -> None:
        words = (
            self.tr("{count} mended in one step.")
            if fixed.done
            else self.tr("Nothing was mended: it was changed meanwhile.")
        )
        if fixed.done and fixed.left:
            words = self.tr("{count} mended, {left} left: they were changed meanwhile, or are in each other's way.")
        self._desk.messages.inform(words.format(count=grouped(fixed.done), left=grouped(fixed.left)))

    @Slot(object)
    def _set_rules(self, off: Sequence[str]) -> None:
        with self._desk.messages.showing_errors():
            self._desk.session.options.set("lint_off", off)


def _check_all(session: Session, progress: Progress, cancel: Cancel) -> tuple[ConsistencyCheck, list[Finding], int]:
    check = session.consistency.check()
    found: list[Finding] = []
    for finding in check.run(progress=progress, cancel=cancel):
        if len(found) < MOST:
            found.append(finding)
    return check, found, session.queries.document_count()


def _check_again(
    session: Session, check: ConsistencyCheck, documents: set[str], _progress: Progress, cancel: Cancel
) -> tuple[dict[str, list[Finding]], int]:
    return check.again(documents, cancel=cancel), session.queries.document_count()


def _other_place(check: ConsistencyCheck, finding: Finding, _progress: Progress, _cancel: Cancel) -> Annotation | None:
    return check.other_place(finding)


def _fix(session: Session, findings: Sequence[Finding], _progress: Progress, _cancel: Cancel) -> Fixed:
    return session.consistency.fix(findings)
