"""What is done with entities: the dialog that lists them, and the names that editors complete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from annotator.core.changes import ChangeSet
from annotator.session.progress import Cancel, Progress
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.dialogs.parts import telling
from annotator.ui.panels.entity_completion import EntityChoice
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.ui.dialogs.entities import EntitiesDialog


class EntityVerbs(DialogVerbs):
    """Problems are told in the dialog as long as it is open: it lies over the window."""

    def __init__(self, tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(tasks, window)
        self._choices: Sequence[EntityChoice] | None = None
        self.dialog: EntitiesDialog | None = None

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        super().set_session(session)
        self._choices = None

    def choices(self) -> Sequence[EntityChoice]:
        """Return the names and aliases of the project's entities, for editors to complete."""
        if self._choices is None:
            self._choices = self._session.queries.entity_choices() if self._session else []
        return self._choices

    @Slot(object)
    def apply(self, changes: ChangeSet) -> None:
        """Take over what a ChangeSet says of entities."""
        if changes.touches("entity", "alias"):
            self._choices = None
        if self.dialog is not None and changes.touches(
            "entity", "alias", "attribute_value", "document_value", "annotation", "document"
        ):
            self.dialog.set_entities(self._verbs().queries.entities())

    @Slot()
    def show(self) -> None:
        """Open the list of entities."""
        from annotator.ui.dialogs.entities import EntitiesDialog

        session = self._verbs()
        dialog = EntitiesDialog(session.queries.entities(), writable=not session.read_only_reason, parent=self._window)
        dialog.created.connect(self.create)
        dialog.renamed.connect(self.rename)
        dialog.alias_added.connect(self.add_alias)
        dialog.alias_removed.connect(self.remove_alias)
        dialog.merged.connect(self.merge)
        dialog.deleted.connect(self.delete)
        dialog.undo_requested.connect(self.undo)
        dialog.redo_requested.connect(self.redo)
        dialog.finished.connect(self._forget_dialog)
        self.dialog = dialog
        self._show(dialog)

    @Slot()
    def _forget_dialog(self) -> None:
        self.dialog = None

    # -- verbs

    @Slot(str)
    def create(self, name: str) -> None:
        """Make an entity and show it."""
        with telling(self.dialog):
            entity = self._verbs().entities.create(name)
            if self.dialog is not None:
                self.dialog.show_entity(entity.id)
                self.dialog.edit_name()

    @Slot(str, str)
    def rename(self, entity: str, name: str) -> None:
        """Give an entity another name."""
        with telling(self.dialog):
            self._verbs().entities.rename(entity, name)

    @Slot(str, str)
    def add_alias(self, entity: str, name: str) -> None:
        """Give an entity one more name."""
        with telling(self.dialog):
            self._verbs().entities.add_alias(entity, name)
            if self.dialog is not None:
                self.dialog.new_alias.setText("")

    @Slot(str)
    def remove_alias(self, alias: str) -> None:
        """Take a name from an entity."""
        with telling(self.dialog):
            self._verbs().entities.remove_alias(alias)

    @Slot(str, str)
    def merge(self, gone: str, kept: str) -> None:
        """Let one entity be another one; there may be very many values to change."""
        task = self._tasks.start(self.tr("Merging entities"), partial(_merge_job, self._verbs(), gone, kept))
        if self.dialog is not None:
            task.handles_failure = True
            task.failed.connect(self.dialog.tell)

    @Slot(str)
    def delete(self, entity: str) -> None:
        """Delete an entity that nothing names."""
        with telling(self.dialog):
            self._verbs().entities.delete([entity])

    @Slot()
    def undo(self) -> None:
        """Take back one's own last step."""
        self._travel(self._verbs().history.undo)

    @Slot()
    def redo(self) -> None:
        """Put back what was undone last."""
        self._travel(self._verbs().history.redo)

    def _travel(self, verb: Callable[[], ChangeSet]) -> None:
        with telling(self.dialog):
            changes = verb()
            if self.dialog is not None:
                self.dialog.show_done(changes.title)


def _merge_job(session: Session, gone: str, kept: str, _progress: Progress, _cancel: Cancel) -> int:
    return session.entities.merge(gone, kept)
