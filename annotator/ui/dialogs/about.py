"""What this program is, under which licence, and what it is built on."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib import metadata

from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

import annotator
from annotator.ui.dialogs.parts import Dialog, plain_label
from annotator.ui.icons import program_pixmap
from annotator.ui.panels.widgets import heading

PACKAGE = "annotator"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE_LENGTH = 60
_MIT_GRANT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"


@dataclass(frozen=True, slots=True)
class Library:
    """A library with its version and its licence as its own metadata names them."""

    name: str
    version: str
    licence: str


def libraries() -> list[Library]:
    """Return what the program needs and is installed, by name; only Python itself where there is no metadata."""
    try:
        needed = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        needed = []
    names = {match.group() for line in needed if "extra ==" not in line and (match := _NAME.match(line))}
    found = [Library("Python", platform.python_version(), "PSF-2.0")]
    for name in sorted(names, key=str.casefold):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        found.append(Library(about["Name"] or name, about["Version"] or "", _licence(about)))
    return found


def _licence(about: metadata.PackageMetadata) -> str:
    """Return the licence expression, else the classifiers' names, else the first line of the licence field."""
    if "License-Expression" in about:
        return about["License-Expression"]
    named = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    if named:
        return ", ".join(named)
    lines = "\n".join(about.get_all("License") or []).strip().splitlines()
    return lines[0][:_LICENCE_LENGTH] if lines else _licence_in_file(about["Name"])


def _licence_in_file(name: str) -> str:
    """Return MIT where a licence file grants what that licence grants, else a dash."""
    for file in metadata.files(name) or []:
        if "licen" in file.name.casefold() and _MIT_GRANT in " ".join(file.read_text("utf-8").split()):
            return "MIT"
    return "–"


class AboutDialog(Dialog):
    """Opens nothing and asks nobody."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Annotator"))
        picture = QLabel()
        picture.setPixmap(program_pixmap(56, self))
        picture.setAccessibleName(self.tr("Icon of the program"))
        words = QVBoxLayout()
        words.setSpacing(3)
        self.version = plain_label(self.tr("Version {version}").format(version=annotator.__version__), selectable=True)
        self.licence = plain_label(self.tr("MIT licence. It works offline and sends nothing anywhere."), muted=True)
        words.addStretch(1)
        words.addWidget(self.version)
        words.addWidget(self.licence)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(picture)
        top.addLayout(words, 1)
        self.body.addLayout(top)
        self.body.addSpacing(12)
        self.body.addWidget(heading(self.tr("Built on")))
        self.table = self._make_table()
        self.body.addWidget(self.table, 1)
        self.add_main_button(self.tr("Close"))
        self.keep_fitting(640, 520)

    def _make_table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setHeaderLabels([self.tr("Library"), self.tr("Version"), self.tr("Licence")])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAccessibleName(self.tr("Libraries with their licences"))
        for library in libraries():
            table.addTopLevelItem(QTreeWidgetItem([library.name, library.version, library.licence]))
        for column in (0, 1):
            table.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return table
