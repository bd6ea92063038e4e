"""Feeds the search field at the top, and does what was picked there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from annotator.core.changes import ChangeSet
from annotator.session.progress import Cancel, Progress
from annotator.ui.actions.table import action_text
from annotator.ui.actions.window_actions import Actions
from annotator.ui.models.command_model import Command, CommandModel
from annotator.ui.models.open_document import OpenDocument
from annotator.ui.tasks import TaskRunner
from annotator.ui.words import status_name, tr

if TYPE_CHECKING:
    from annotator.session.session import Session

PAGE = 500


class CommandFinder(QObject):
    """Titles of documents are read in the background at the first search, and again after a change."""

    document_wanted = Signal(str)
    label_wanted = Signal(str)

    def __init__(self, model: CommandModel, document: OpenDocument, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._document = document
        self._tasks = tasks
        self._actions: Actions | None = None
        self._session: Session | None = None
        self._titles: list[Command] | None = None

    def set_actions(self, actions: Actions) -> None:
        """Offer these actions."""
        self._actions = actions

    def set_session(self, session: Session | None) -> None:
        """Search another project, or none."""
        self._session = session
        self._titles = None

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Forget the titles where a ChangeSet touches them."""
        if changes.touches("document", "status"):
            self._titles = None

    @Slot()
    def prepare(self) -> None:
        """Offer what there is now."""
        if self._titles is None and self._session is not None:
            self._titles = []
            task = self._tasks.start("", partial(_read_titles, self._session))
            task.finished.connect(self._take_titles)
        self._offer()

    @Slot(object)
    def _take_titles(self, titles: list[Command]) -> None:
        self._titles = titles
        self._offer()

    def _offer(self) -> None:
        commands = list(self._titles or [])
        codebook = self._document.codebook
        if codebook is not None and self._actions is not None and self._actions["label"].isEnabled():
            for label in codebook.labels:
                if not label.retired:
                    detail = "" if label.digit is None else str(label.digit)
                    commands.append(Command("label", label.id, tr("Tag as {label}").format(label=label.name), detail))
        for row, _ in self._actions.available() if self._actions else ():
            if row.id != "everything":
                commands.append(Command("action", row.id, action_text(row), row.shown_key))
        self._model.set_commands(commands)

    @Slot(object)
    def run(self, command: Command) -> None:
        """Open the document, tag with the label, or do the action."""
        if command.kind == "document":
            self.document_wanted.emit(command.id)
        elif command.kind == "label":
            self.label_wanted.emit(command.id)
        elif self._actions is not None:
            self._actions[command.id].trigger()


def _read_titles(session: Session, _progress: Progress, cancel: Cancel) -> list[Command]:
    titles: list[Command] = []
    after = None
    while not cancel.is_requested():
        page = session.queries.documents(after=after, limit=PAGE)
        titles += [Command("document", r.document.id, r.document.title, status_name(r.status)) for r in page]
        if len(page) < PAGE:
            break
        after = page[-1].document
    return titles
