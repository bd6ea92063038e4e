"""What every test may use: projects of their own, preferences of their own, a document without a parser."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from annotator.core.collector import collect_if_due
from annotator.core.records import Document
from annotator.formats.codebooks import default_codebook
from annotator.session.people import Person
from annotator.session.session import Session, create_project
from tests.support import PERSON, add_document, corpus


@pytest.fixture(autouse=True)
def collector_in_this_thread() -> Iterator[None]:
    """Collect garbage in the main thread only, as the program does; elsewhere it would destroy widgets."""
    gc.disable()
    yield
    collect_if_due()


@pytest.fixture(scope="session")
def config_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for preferences, none of which is there yet."""
    folder = tmp_path_factory.mktemp("config")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_preferences(config_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the preferences of the person who runs the tests out of them."""
    folder = next(config_folders)
    folder.mkdir()
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(folder))


@pytest.fixture
def person() -> Person:
    """Who works in the tests."""
    return PERSON


@pytest.fixture(scope="session")
def empty_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty project with the codebook that ships, of which every test gets a copy."""
    path = tmp_path_factory.mktemp("empty") / "project.annodb"
    create_project(path, default_codebook(), PERSON)
    return path


@pytest.fixture
def project_path(tmp_path: Path, empty_project: Path) -> Path:
    """An empty project with the codebook that ships, made by the person of the tests."""
    return Path(shutil.copy(empty_project, tmp_path / "project.annodb"))


@pytest.fixture
def session(project_path: Path, person: Person) -> Iterator[Session]:
    """An open empty project."""
    with Session(project_path, person) as opened:
        yield opened


@pytest.fixture
def document(session: Session) -> Document:
    """A short document in the open project."""
    return add_document(session)


@pytest.fixture
def corpus_folder() -> Path:
    """The real documents; a test that needs them is skipped where they are absent."""
    folder = corpus()
    if folder is None:
        pytest.skip("The corpus of real documents is not here (set ANNOTATOR_CORPUS to its folder).")
    return folder
