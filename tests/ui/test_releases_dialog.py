"""The list of releases and their comparison, on a real session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.core.records import Document
from annotator.session.session import Session
from annotator.ui.dialogs.releases import ReleasesDialog
from annotator.ui.dialogs.rows import DETAIL
from annotator.ui.models.release_model import KIND, QUOTE
from annotator.ui.tasks import TaskRunner


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


def settled(dialog: ReleasesDialog, tasks: TaskRunner, qtbot: QtBot) -> ReleasesDialog:
    dialog.open()
    qtbot.waitUntil(lambda: not tasks.running and dialog._task is None, timeout=10_000)
    return dialog


def tag(session: Session, document: Document, key: str, start: int, end: int) -> str:
    label = session.queries.codebook().label_by_key(key)
    return session.annotations.tag(document.id, label.id, [(start, end)]).id


def test_two_releases_are_compared_and_a_row_leads_to_the_text(
    qtbot: QtBot, session: Session, tasks: TaskRunner, document: Document, tmp_path: Path
) -> None:
    gone = tag(session, document, "pledge", 18, 45)
    session.datasets.export(tmp_path / "one.jsonl")
    session.annotations.delete([gone])
    tag(session, document, "condition", 46, 67)
    session.datasets.export(tmp_path / "two.jsonl")
    dialog = settled(ReleasesDialog(session, tasks), tasks, qtbot)
    assert [dialog.list.item(row).text() for row in range(2)] == ["two.jsonl", "one.jsonl"]
    assert "1 document · 1 span · SHA-256" in dialog.list.item(0).data(DETAIL)
    assert dialog.figures.texts() == ["1", "1", "0", "0", "0"]
    rows = [(dialog.model.index(row, KIND).data(), dialog.model.index(row, QUOTE).data()) for row in range(2)]
    assert rows == [("removed", "We will provide air defence"), ("added", "if the council agrees")]
    with qtbot.waitSignal(dialog.place_wanted) as wanted:
        dialog.table.clicked.emit(dialog.model.index(1, 0))
    assert wanted.args == [document.id, 46]


def test_the_same_release_twice_does_not_differ(
    qtbot: QtBot, session: Session, tasks: TaskRunner, document: Document, tmp_path: Path
) -> None:
    tag(session, document, "pledge", 18, 45)
    session.datasets.export(tmp_path / "one.jsonl")
    session.datasets.export(tmp_path / "two.jsonl")
    dialog = settled(ReleasesDialog(session, tasks), tasks, qtbot)
    assert dialog.figures.texts() == ["0", "0", "0", "0", "1"]
    assert dialog.words.text() == "Nothing differs between them."
    dialog.before.setCurrentIndex(0)
    dialog.before.activated.emit(0)
    settled(dialog, tasks, qtbot)
    assert dialog.figures.texts()[-1] == "1"
    dialog.close()


def test_without_two_releases_it_says_so(
    qtbot: QtBot, session: Session, tasks: TaskRunner, document: Document, tmp_path: Path
) -> None:
    dialog = settled(ReleasesDialog(session, tasks), tasks, qtbot)
    assert dialog.words.text().startswith("No dataset was exported yet.")
    dialog.close()
    session.datasets.export(tmp_path / "one.jsonl")
    later = settled(ReleasesDialog(session, tasks), tasks, qtbot)
    assert later.list.isVisible() and not later.table.isVisible()
    assert later.words.text() == "With a second export there is something to compare."
    later.close()
