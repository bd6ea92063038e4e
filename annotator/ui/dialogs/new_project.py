"""Make a project: what it is called, where it lies, with which codebook it begins."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from annotator.core.codebook import Codebook
from annotator.core.errors import UserError
from annotator.ui.dialogs.controls import RadioButton
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import (
    Dialog,
    ElidedLabel,
    Fields,
    LabelDots,
    in_a_row,
    plain_label,
    set_state,
)
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import heading

SUFFIX = ".annodb"
LONGEST_NAME = 200
"""Bytes of a file name that every file system takes, with room for its companions' endings."""

CodebookReader = Callable[[Path | None], Codebook]
"""Returns the codebook of a file, or for None the one that ships. Raises UserError."""

_FORBIDDEN = '<>:"/\\|?*'
_FORBIDDEN_RUN = re.compile(rf"[{re.escape(_FORBIDDEN)}\x00-\x1f\x7f]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def file_name_for(title: str) -> str:
    """Return a file name, without its suffix, that every system takes and that is as near to the title as may be."""
    name = " ".join(_FORBIDDEN_RUN.sub(" ", title).split()).strip(". ")
    while len(name.encode()) > LONGEST_NAME:
        name = name[:-1].rstrip(". ")
    return name


class NewProjectDialog(Dialog):
    """Asks for all of it on one page; nothing is made here.

    `chosen` carries the project's path, the codebook file's path or None for the codebook that ships, and the title.
    Without `read_codebook` a codebook file is not looked at before the project is made.
    """

    chosen = Signal(object, object, str)

    def __init__(
        self, default_folder: Path, read_codebook: CodebookReader | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.set_title(self.tr("New project"), self.tr("One file holds the texts, the codebook and every annotation."))
        self._folder = default_folder
        self._read_codebook = read_codebook
        self._codebook_file: Path | None = None
        self._follows_title = True
        self._add_fields()
        self._add_codebook()
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Create project"))
        self.keep_fitting(620, 480)
        self._use_shipped()
        self.title.setFocus()

    @property
    def path(self) -> Path:
        """Return where the project would lie."""
        name = self.file_name.text().strip().removesuffix(SUFFIX)
        return self._folder / f"{name}{SUFFIX}"

    def set_folder(self, folder: str) -> None:
        """Put the project into another folder."""
        self._folder = Path(folder)
        self.folder_shown.set_full_text(folder)
        self._clear_problem()

    def set_codebook_file(self, file: str) -> None:
        """Begin with the codebook of a file, if it can be read."""
        path = Path(file)
        try:
            self._show_codebook(self._read_codebook(path) if self._read_codebook else None)
        except UserError as error:
            self.show_problem(error_text(error))
            self._use_shipped(keep_problem=True)
            return
        self._clear_problem()
        self._codebook_file = path
        self.codebook_shown.set_full_text(file)
        self.from_file.setChecked(True)

    def _add_fields(self) -> None:
        fields = Fields()
        self.title = QLineEdit()
        self.title.setPlaceholderText(self.tr("Such as: Summit declarations 2024"))
        self.title.textEdited.connect(self._title_edited)
        self.file_name = QLineEdit()
        self.file_name.textEdited.connect(self._file_name_edited)
        self.folder_shown = ElidedLabel(str(self._folder))
        self.change_folder = QPushButton(self.tr("C&hange…"))
        self.change_folder.setAutoDefault(False)
        self.change_folder.setAccessibleDescription(self.tr("Change the folder of the project"))
        self.change_folder.clicked.connect(self._choose_folder)
        fields.add_field(self.tr("&Title"), self.title)
        fields.add_row(self.tr("&File"), in_a_row(self.file_name, plain_label(SUFFIX, muted=True)), self.file_name)
        fields.add_row(self.tr("Folder"), in_a_row(self.folder_shown, self.change_folder), self.change_folder)
        self.body.addLayout(fields)

    def _add_codebook(self) -> None:
        self.shipped = RadioButton(self.tr("The codebook that &ships with the program"))
        self.from_file = RadioButton(self.tr("A codebook from a fi&le"))
        group = QButtonGroup(self)
        group.addButton(self.shipped)
        group.addButton(self.from_file)
        self.shipped.clicked.connect(self._use_shipped)
        self.from_file.clicked.connect(self._choose_codebook)
        self.codebook_shown = ElidedLabel()
        self.codebook_shown.setProperty("muted", True)
        self.summary = plain_label("", muted=True, scale="small")
        self.dots = LabelDots()
        self.body.addSpacing(12)
        self.body.addWidget(heading(self.tr("Codebook")))
        self.body.addWidget(self.shipped)
        file_row = QHBoxLayout()
        file_row.addWidget(self.from_file)
        file_row.addWidget(self.codebook_shown, 1)
        self.body.addLayout(file_row)
        self.body.addSpacing(6)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.dots)
        self.body.addStretch(1)

    def _show_codebook(self, codebook: Codebook | None) -> None:
        self.dots.setVisible(codebook is not None)
        self.summary.setVisible(codebook is not None)
        if codebook is None:
            return
        self.dots.set_labels(codebook.labels)
        self.summary.setText(
            self.tr(
                "{name}, version {version} · labels: {labels} · attributes: {attributes} · relations: {relations}"
            ).format(
                name=codebook.name,
                version=codebook.version,
                labels=len(codebook.labels),
                attributes=len(codebook.attributes),
                relations=len(codebook.relations),
            )
        )

    def _problem_now(self) -> str:
        """Return what keeps the project from being made, or nothing."""
        if not self.title.text().strip():
            return self.tr("Type a title for the project.")
        name = self.file_name.text().strip().removesuffix(SUFFIX)
        if not name:
            return self.tr("Type a name for the project’s file.")
        if _FORBIDDEN_RUN.search(name):
            return self.tr("A file name cannot hold any of {signs}. Take them out.").format(signs=" ".join(_FORBIDDEN))
        if name.startswith(".") or name.endswith(".") or _RESERVED.fullmatch(name):
            return self.tr("“{name}” cannot be the name of a file. Choose another.").format(name=name)
        if len(name.encode()) > LONGEST_NAME:
            return self.tr("The file name is too long. Shorten it.")
        return self._problem_of_place()

    def _problem_of_place(self) -> str:
        try:
            if self.path.exists():
                return self.tr("“{name}” is already in this folder. Choose another name, or open it instead.").format(
                    name=self.path.name
                )
            nearest = next(folder for folder in (self._folder, *self._folder.parents) if folder.exists())
            if not nearest.is_dir() or not os.access(nearest, os.W_OK):
                return self.tr("Nothing can be written in “{folder}”. Choose another folder.").format(folder=nearest)
        except (OSError, StopIteration):
            return self.tr("The folder “{folder}” cannot be reached. Choose another.").format(folder=self._folder)
        return ""

    def _clear_problem(self) -> None:
        self.show_problem("")
        set_state(self.title, "")
        set_state(self.file_name, "")

    @Slot(str)
    def _title_edited(self, title: str) -> None:
        self._clear_problem()
        if self._follows_title:
            self.file_name.setText(file_name_for(title))

    @Slot(str)
    def _file_name_edited(self, name: str) -> None:
        self._follows_title = not name
        self._clear_problem()

    @Slot()
    def _choose_folder(self) -> None:
        dialog = FileDialog(self, self.tr("Folder of the project"), str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.set_folder)
        dialog.open()

    @Slot()
    def _choose_codebook(self) -> None:
        if self._codebook_file is None:
            self.shipped.setChecked(True)
        dialog = FileDialog(self, self.tr("Codebook file"), str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Codebooks (*.toml *.yaml *.yml)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.set_codebook_file)
        dialog.open()

    @Slot()
    def _use_shipped(self, *, keep_problem: bool = False) -> None:
        self._codebook_file = None
        self.codebook_shown.set_full_text("")
        self.shipped.setChecked(True)
        self._show_codebook(self._read_codebook(None) if self._read_codebook else None)
        if not keep_problem:
            self._clear_problem()

    def accept(self) -> None:
        problem = self._problem_now()
        if problem:
            self.show_problem(problem)
            at_fault = self.file_name if self.title.text().strip() else self.title
            set_state(at_fault, "error")
            at_fault.setFocus()
            return
        self.chosen.emit(self.path, self._codebook_file, self.title.text().strip())
        super().accept()
