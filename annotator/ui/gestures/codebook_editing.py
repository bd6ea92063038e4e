"""Changing the codebook, and looking again at the spans that a change concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.codebook import Codebook
from annotator.core.codebook_comparison import compare
from annotator.core.errors import UserError
from annotator.session.progress import Cancel, Progress
from annotator.ui.dialogs.codebook.words import summary
from annotator.ui.gestures.desk import Desk
from annotator.ui.messages import error_text
from annotator.ui.tasks import TaskRunner
from annotator.ui.words import span_count

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.ui.dialogs.codebook_editor import CodebookEditor
    from annotator.ui.dialogs.recheck import RecheckDialog


class CodebookEditing(QObject):
    """The editor of the codebook, and the list of spans to look at again."""

    def __init__(self, desk: Desk, tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tasks = tasks
        self._window = window
        self._editor: CodebookEditor | None = None
        self._recheck: RecheckDialog | None = None
        self._saved = ""
        self._affected: frozenset[str] = frozenset()

    # -- the editor

    @Slot()
    def edit(self) -> None:
        """Show the codebook to be changed, or to be read where the project cannot be."""
        from annotator.ui.dialogs.codebook_editor import CodebookEditor

        if self._editor is not None:
            return
        with self._desk.messages.showing_errors():
            session = self._desk.session
            queries = session.queries
            self._editor = editor = CodebookEditor(
                queries.codebook(),
                queries.codebook_uses(),
                queries.label_spans(),
                queries.codebook_versions(),
                self._quotes,
                self._selected_quote(),
                self._window,
                writable=not session.read_only_reason and session.package is None,
                in_package=session.package is not None,
            )
            editor.save_requested.connect(self._save)
            editor.file_requested.connect(self._read_file)
            editor.export_requested.connect(self._write_file)
            editor.finished.connect(self._forget_editor)
            editor.open()

    @Slot()
    def _forget_editor(self) -> None:
        self._editor = None

    def _quotes(self, label: str) -> Sequence[str]:
        return self._desk.session.queries.label_quotes(label)

    def _selected_quote(self) -> str:
        document = self._desk.document
        span = document.selected_span
        return document.quote(span) if span is not None else ""

    @Slot(object, object, object)
    def _save(self, codebook: Codebook, merges: Mapping[str, str], base: Codebook) -> None:
        """Save beside the window: a merge may move very many spans."""
        changes = compare(base, codebook)
        names = {one.id: one.name for one in (*base.labels, *codebook.labels)}
        self._affected = frozenset(change.entry.id for change in changes.new_meanings)
        self._saved = summary(changes, merges, names, 0)
        if self._editor is not None:
            self._editor.setEnabled(False)
        session = self._desk.session
        job = partial(_save, session, codebook, merges, base)
        task = self._tasks.start(self.tr("Saving the codebook"), job)
        task.handles_failure = True
        task.finished.connect(self._tell_saved)
        task.failed.connect(self._tell_failed)

    @Slot(object)
    def _tell_failed(self, error: BaseException) -> None:
        editor = self._editor
        if editor is None or not isinstance(error, UserError):
            self._desk.messages.show_error(error)
        if editor is not None:
            editor.setEnabled(True)
            editor.show_problem(error_text(error))

    @Slot(object)
    def _tell_saved(self, codebook: Codebook) -> None:
        with self._desk.messages.showing_errors():
            self._describe_saved(codebook)

    def _describe_saved(self, codebook: Codebook) -> None:
        if self._editor is not None:
            self._editor.setEnabled(True)
            self._editor.close_saved()
        words = self.tr("Codebook version {number}: {changes}.").format(number=codebook.version, changes=self._saved)
        counts = self._desk.session.queries.recheck_counts()
        waiting = sum(count for label, count in counts.items() if label in self._affected)
        if not waiting:
            self._desk.messages.inform(words)
            return
        one = self.tr("1 span was tagged under the old definition.")
        many = self.tr("{spans} were tagged under the old definition.").format(spans=span_count(waiting))
        self._desk.messages.warn(f"{words} {one if waiting == 1 else many}", self.tr("Show"), self.recheck)

    # -- files

    @Slot(object)
    def _read_file(self, path: Path) -> None:
        from annotator.session.codebook_files import read_codebook_file

        if self._editor is not None:
            try:
                self._editor.adopt(read_codebook_file(path), path)
            except UserError as error:
                self._editor.show_problem(error_text(error))

    @Slot(object, object)
    def _write_file(self, path: Path, codebook: Codebook) -> None:
        from annotator.session.codebook_files import write_codebook_file

        if self._editor is not None:
            try:
                write_codebook_file(codebook, path)
            except UserError as error:
                self._editor.show_problem(error_text(error))
                return
            self._editor.say(self.tr("Written to {file}.").format(file=path))

    # -- the list of spans to look at again

    @Slot()
    def recheck(self) -> None:
        """Show the spans that were tagged under another definition than their label has now."""
        from annotator.ui.dialogs.recheck import RecheckDialog

        with self._desk.messages.showing_errors():
            session = self._desk.session
            labels = session.queries.codebook().labels
            groups = session.queries.recheck()
            self._recheck = dialog = RecheckDialog(groups, labels, self._window, writable=not session.read_only_reason)
            dialog.show_wanted.connect(self._show)
            dialog.fits.connect(self._confirm)
            dialog.delete_wanted.connect(self._delete)
            dialog.relabel_wanted.connect(self._relabel)
            dialog.finished.connect(self._forget_recheck)
            dialog.open()

    @Slot()
    def _forget_recheck(self) -> None:
        self._recheck = None

    @Slot(str)
    def _show(self, annotation: str) -> None:
        with self._desk.messages.showing_errors():
            record = self._desk.session.queries.annotation(annotation)
            if self._desk.open_if_there(record.document):
                self._desk.jump(annotation)

    @Slot(list)
    def _confirm(self, annotations: list[str]) -> None:
        self._act(partial(self._desk.session.codebooks.confirm, annotations))

    @Slot(list)
    def _delete(self, annotations: list[str]) -> None:
        self._act(partial(self._desk.session.annotations.delete, annotations))

    @Slot(list, str)
    def _relabel(self, annotations: list[str], label: str) -> None:
        self._act(partial(self._relabel_all, annotations, label))

    def _relabel_all(self, annotations: list[str], label: str) -> None:
        """Give spans a label; those that have it already are confirmed."""
        session = self._desk.session
        have_it = [one for one in annotations if session.queries.annotation(one).label == label]
        others = [one for one in annotations if one not in have_it]
        if len(others) == 1 and not have_it:
            session.annotations.relabel(others[0], label)
        elif not others:
            session.codebooks.confirm(have_it)
        else:
            with session.group(self.tr("Relabel {spans}").format(spans=span_count(len(annotations)))):
                session.codebooks.confirm(have_it)
                for one in others:
                    session.annotations.relabel(one, label)

    def _act(self, act: Callable[[], object]) -> None:
        """Do something to a span, and show what is left or what failed."""
        problem = ""
        try:
            act()
        except UserError as error:
            problem = error_text(error)
        if self._recheck is not None:
            self._recheck.set_groups(self._desk.session.queries.recheck())
            self._recheck.show_problem(problem)


def _save(
    session: Session,
    codebook: Codebook,
    merges: Mapping[str, str],
    base: Codebook,
    _progress: Progress,
    _cancel: Cancel,
) -> Codebook:
    return session.codebooks.save(codebook, merges, base)
