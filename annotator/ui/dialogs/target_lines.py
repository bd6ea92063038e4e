"""Where something is written to: a line for a folder or a file, with a button to choose another one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import in_a_row, plain_button, plain_label, set_state

MANIFEST = "manifest.json"
"""What a folder holds that a dataset was exported to."""


class TargetLine(QWidget):
    """`changed` tells that another place is named. `caption` is the title of the dialog that chooses one."""

    changed = Signal()

    def __init__(self, place: Path, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self.line = QLineEdit(str(place))
        self.line.textChanged.connect(self._tell)
        self.browse = plain_button(self.tr("&Browse…"))
        self.browse.clicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(in_a_row(self.line, self.browse))

    def path(self) -> Path:
        """Return the place that is named now."""
        return Path(self.line.text().strip()).expanduser()

    def problem(self) -> str:
        """Say why nothing can be written there, and take the keyboard; empty where it can."""
        problem = self._problem(self.path())
        if problem:
            set_state(self.line, "error")
            self.line.setFocus()
        return problem

    def _problem(self, path: Path) -> str:
        raise NotImplementedError

    def _prepare(self, dialog: FileDialog) -> None:
        raise NotImplementedError

    def _no_folder(self, folder: Path) -> str:
        return self.tr("There is no folder “{folder}”. Choose another.").format(folder=folder)

    @Slot()
    def _tell(self) -> None:
        set_state(self.line, "")
        self.changed.emit()

    @Slot()
    def _choose(self) -> None:
        dialog = FileDialog(self, self._caption, self.line.text())
        self._prepare(dialog)
        dialog.fileSelected.connect(self.line.setText)
        dialog.open()


class FolderLine(TargetLine):
    """The folder that files go to."""

    def _problem(self, path: Path) -> str:
        if not self.line.text().strip():
            return self.tr("Name the folder to write to.")
        return "" if path.is_dir() else self._no_folder(path)

    def _prepare(self, dialog: FileDialog) -> None:
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)


class FileLine(TargetLine):
    """The file that is written, or the folder; `replaces` is the label that says so where it is there already.

    `project` is the file that must not be written over.
    """

    def __init__(self, file: Path, caption: str, project: Path, parent: QWidget | None = None) -> None:
        super().__init__(file, caption, parent)
        self._project = project
        self._suffix = file.suffix
        self._is_folder = False
        self.replaces = plain_label("", wrap=True)
        self.replaces.setParent(self)
        set_state(self.replaces, "warning")
        self.changed.connect(self.show_whether_it_replaces)
        self.show_whether_it_replaces()

    def set_suffix(self, suffix: str, others: Collection[str]) -> None:
        """Give the file the suffix of another format, in place of one of those that the others have."""
        self._suffix = suffix
        file = Path(self.line.text())
        if file.suffix in others:
            self.line.setText(str(file.with_suffix(suffix)))

    def take_shape(self, suffix: str, others: Collection[str], is_folder: bool) -> None:
        """Name what another format makes: a folder, or a file with its suffix in place of one that the others have."""
        was_folder, self._is_folder, self._suffix = self._is_folder, is_folder, suffix
        file = Path(self.line.text())
        if is_folder and file.suffix in others:
            self.line.setText(str(file.with_suffix("")))
        elif was_folder and not is_folder and file.name and file.suffix != suffix:
            self.line.setText(str(file.with_name(file.name + suffix)))
        else:
            self.set_suffix(suffix, others)
        self.show_whether_it_replaces()

    def replaces_a_file(self) -> bool:
        """Say whether a file, or where a folder is made one that is not empty, is there already."""
        path = self.path()
        if not self._is_folder:
            return path.is_file()
        return bool(self.line.text().strip()) and path.is_dir() and any(path.iterdir())

    @Slot()
    def show_whether_it_replaces(self) -> None:
        """Say that a file is there already, where one is."""
        folder = self.tr("This folder is there already; the dataset in it will be replaced.")
        file = self.tr("This file is there already; it will be replaced.")
        self.replaces.setText(folder if self._is_folder else file)
        self.replaces.setVisible(self.replaces_a_file())

    def _problem(self, path: Path) -> str:
        if not self.line.text().strip() or not path.name:
            return self.tr("Name the file to write.")
        if self._is_folder and path.is_file():
            return self.tr("“{file}” is a file. Name a folder; it is made if need be.").format(file=path)
        if self._is_folder and self.replaces_a_file() and not (path / MANIFEST).is_file():
            return self.tr("“{folder}” holds other files. Name a new folder or an empty one.").format(folder=path)
        if path.is_dir() and not self._is_folder:
            return self.tr("“{file}” is a folder. Name a file in it.").format(file=path)
        if not path.parent.is_dir():
            return self._no_folder(path.parent)
        if path.resolve() == self._project.resolve():
            return self.tr("This is the project itself. Choose another file.")
        return ""

    def _prepare(self, dialog: FileDialog) -> None:
        if self._is_folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
            return
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, True)
        dialog.setDefaultSuffix(self._suffix.lstrip("."))
