"""What is done with whole projects: make, open, close. It owns the session."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator import paths
from annotator.core.codebook import Codebook
from annotator.core.errors import UserError
from annotator.session.progress import Cancel, Progress
from annotator.settings import Settings
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.messages import MessageBar
from annotator.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from annotator.session.people import Person
    from annotator.session.session import Session

SAMPLE_NAME = "Sample project.annodb"
RETURN_SUFFIX = ".annoreturn"

CodebookReader = Callable[[Path | None], Codebook]
"""Returns the codebook of a file, or for None the one that ships. Raises UserError."""


class ProjectVerbs(QObject):
    """`session_changed` carries the session that is open now, or None; the one before is closed after it.

    `update_offered` carries the path of a later package for the one that is open, `returns_offered` those of files that
    were handed in.
    """

    session_changed = Signal(object)
    update_offered = Signal(str)
    returns_offered = Signal(list)

    def __init__(
        self,
        settings: Settings,
        tasks: TaskRunner,
        messages: MessageBar,
        read_codebook: CodebookReader,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._tasks = tasks
        self._messages = messages
        self._read_codebook = read_codebook
        self._window = window
        self._session: Session | None = None

    @property
    def session(self) -> Session | None:
        """Return the session of the project that is open."""
        return self._session

    @Slot()
    def new(self) -> None:
        """Ask for a new project."""
        from annotator.ui.dialogs.new_project import NewProjectDialog

        with self._messages.showing_errors():
            dialog = NewProjectDialog(self._folder(), self._read_codebook, self._window)
            dialog.chosen.connect(self.make)
            dialog.open()

    @Slot(object, object, str)
    def make(self, path: Path, codebook_file: Path | None, title: str) -> None:
        """Make a project and open it."""
        from annotator.session.session import create_project

        with self._messages.showing_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            create_project(path, self._read_codebook(codebook_file), self._person(), title)
            self.open_path(str(path))

    @Slot()
    def open(self) -> None:
        """Ask for a project to open."""
        dialog = FileDialog(self._window, self.tr("Open a project"), str(self._folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Projects (*.annodb)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Open a project, or offer to take in what belongs to the one that is open: what was handed in, a package."""
        file, session = Path(path), self._session
        if session is not None and file.suffix == RETURN_SUFFIX and session.role == "lead":
            self.open_returns([path])
        elif session is not None and session.packages.is_update(file):
            self.update_offered.emit(path)
        else:
            self.open_as_project(path)

    def open_returns(self, files: list[str]) -> None:
        """Merge what was handed in; without a project to merge it into, say so."""
        if self._session is None:
            self._messages.warn(self.tr("Open the project that it belongs to first; then merge what was handed in."))
        else:
            self.returns_offered.emit(files)

    @Slot(str)
    def open_as_project(self, path: str) -> None:
        """Open a project; where that fails, the one that is open stays."""
        from annotator.session.session import Session

        with self._messages.showing_errors():
            file = Path(path)
            if self._session is not None and self._session.path.resolve() == file.resolve():
                return
            session = Session(file, self._person())
            self._settings.remember(file)
            self.show(session)
            if not session.read_only_reason:
                self._tasks.start(self.tr("Backing up"), partial(_back_up, session))

    def show(self, session: Session) -> None:
        """Take over a session that is open."""
        self._replace(session)

    @Slot()
    def sample(self) -> None:
        """Open the sample project, made first if it is not there."""
        path = paths.default_projects() / SAMPLE_NAME
        if path.exists():
            self.open_path(str(path))
            return
        task = self._tasks.start(self.tr("Making the sample project"), partial(_make_sample, path, self._person()))
        task.finished.connect(self._open_made)

    @Slot(object)
    def _open_made(self, path: str) -> None:
        self.open_path(path)

    @Slot()
    def close_project(self) -> None:
        """Close the project; everything in it is on disk already."""
        self._replace(None)

    @Slot()
    def already_saved(self) -> None:
        """Say that there is nothing to save."""
        self._messages.inform(self.tr("Already saved: every change is on disk as soon as you make it."))

    def _replace(self, session: Session | None) -> None:
        self._tasks.stop_all()
        before, self._session = self._session, session
        self.session_changed.emit(session)
        if before is not None:
            before.close()

    def _person(self) -> Person:
        from annotator.session.people import Person

        return Person(self._settings.annotator_id, self._settings.annotator_name)

    def _folder(self) -> Path:
        recent = Path(self._settings.recent[0]).parent if self._settings.recent else None
        return recent if recent is not None and recent.is_dir() else paths.default_projects()


def _back_up(session: Session, _progress: Progress, _cancel: Cancel) -> None:
    session.back_up()


def _make_sample(path: Path, person: Person, _progress: Progress, _cancel: Cancel) -> str:
    from annotator.session.sample import make_sample

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            "The folder {folder} cannot be made: {reason}. Make a new project elsewhere.",
            folder=path.parent,
            reason=error.strerror or error,
        ) from error
    make_sample(path, person)
    return str(path)
