"""What is done with datasets that leave the project: export, and the releases that were made."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.core.errors import UserError
from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.dialog_verbs import DialogVerbs
from annotator.ui.messages import MessageBar
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.core.recipes import ExportRecipe
    from annotator.session.dataset_exports import ExportResult
    from annotator.session.session import Session
    from annotator.ui.dialogs.export import ExportDialog, ExportOptions
    from annotator.ui.dialogs.releases import ReleasesDialog

_REMEMBERED = 100
"""Projects whose last export is remembered."""


class DatasetVerbs(DialogVerbs):
    """Files are written in tasks. `place_wanted` carries the id of a document and a code point."""

    place_wanted = Signal(str, int)

    def __init__(self, tasks: TaskRunner, messages: MessageBar, settings: Settings, window: QWidget) -> None:
        super().__init__(tasks, window)
        self._messages = messages
        self._settings = settings
        self.export_dialog: ExportDialog | None = None
        self.releases_dialog: ReleasesDialog | None = None

    # -- export

    @Slot()
    def export(self) -> None:
        """Ask what to export and where to."""
        from annotator.ui.dialogs.export import ExportDialog

        with self._messages.showing_errors():
            session = self._verbs()
            folder = self._settings.folder_for_files(session.path.parent)
            dialog = ExportDialog(session, folder, self._tasks, self._last(session), self._window)
            dialog.export_requested.connect(self._start_export)
            dialog.compare_wanted.connect(self.show_releases)
            dialog.finished.connect(self._forget_export_dialog)
            self.export_dialog = dialog
            self._show(dialog)

    @Slot()
    def _forget_export_dialog(self) -> None:
        self.export_dialog = None

    @Slot(object)
    def _start_export(self, options: ExportOptions) -> None:
        dialog = self.export_dialog
        if dialog is not None:
            self._settings.export_folder = str(options.target.parent)
            self._remember(self._verbs(), options.recipe)
            task = self._work(dialog, self.tr("Exporting"), partial(_export_job, self._verbs(), options))
            task.finished.connect(dialog.show_result)

    def _last(self, session: Session) -> ExportRecipe | None:
        """Return how a dataset of this project was made the last time, None where that is not known."""
        from annotator.core.recipes import recipe_from_data

        kept = self._settings.exports.get(session.queries.project().id)
        try:
            return None if kept is None else recipe_from_data(json.loads(kept))
        except (ValueError, UserError):
            return None

    def _remember(self, session: Session, recipe: ExportRecipe) -> None:
        from annotator.core.recipes import recipe_to_data

        exports = self._settings.exports
        project = session.queries.project().id
        exports.pop(project, None)
        exports[project] = json.dumps(recipe_to_data(replace(recipe, assigned={})), ensure_ascii=False)
        for forgotten in list(exports)[:-_REMEMBERED]:
            del exports[forgotten]

    # -- releases

    @Slot()
    def show_releases(self) -> None:
        """List the datasets that left the project, and compare two of them."""
        from annotator.ui.dialogs.releases import ReleasesDialog

        with self._messages.showing_errors():
            session = self._verbs()
            dialog = ReleasesDialog(session, self._tasks, self._window)
            dialog.place_wanted.connect(self.place_wanted)
            dialog.finished.connect(self._forget_releases_dialog)
            self.releases_dialog = dialog
            self._show(dialog)

    @Slot()
    def _forget_releases_dialog(self) -> None:
        self.releases_dialog = None


def _export_job(session: Session, options: ExportOptions, progress: Progress, cancel: Cancel) -> ExportResult:
    return session.datasets.export_recipe(
        options.target, options.recipe, kept_as=options.kept_as, progress=progress, cancel=cancel
    )
