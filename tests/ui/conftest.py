"""A real window on a real project, as the tests of the window share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from annotator.app import read_codebook
from annotator.core.records import Annotation, Document
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.main_window import MainWindow
from tests.support import add_document


@pytest.fixture
def settings(person: Person) -> Settings:
    """Preferences of their own, of the person of the tests."""
    return Settings(annotator_id=person.id, annotator_name=person.name, theme="light")


@pytest.fixture
def new_window(qtbot: QtBot, settings: Settings) -> Iterator[Callable[..., MainWindow]]:
    """Make windows that are shown, and close them in the end."""
    windows: list[MainWindow] = []

    def make(project: Path | None = None, chosen: Settings | None = None) -> MainWindow:
        window = MainWindow(chosen or settings, read_codebook)
        windows.append(window)
        window.assemble()
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        if project is not None:
            window.projects.open_path(str(project))
        qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def stored(project_path: Path, person: Person) -> Document:
    """A document in a project that nobody has open."""
    with Session(project_path, person) as session:
        return add_document(session)


@pytest.fixture
def window(stored: Document, project_path: Path, new_window: Callable[..., MainWindow]) -> MainWindow:
    """A window with a project of one document, which is on screen and has the focus."""
    window = new_window(project_path)
    window.page.reading.setFocus()
    return window


@pytest.fixture
def committed(window: MainWindow, stored: Document) -> Callable[[], list[Annotation]]:
    """Return what is committed in the document, in the order of the text."""

    def read() -> list[Annotation]:
        session = window.projects.session
        assert session is not None
        return sorted(session.queries.content(stored.id).annotations, key=lambda a: (a.start, a.created, a.id))

    return read


def range_of(words: str, text: str) -> tuple[int, int]:
    """Return where words stand in a text, in code points."""
    start = text.index(words)
    return start, start + len(words)
