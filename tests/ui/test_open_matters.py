"""What dialogs say of gold: conflicts that wait in it before an export, and spans that a merge decides."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.session.session import Session
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.merge_files import MergeDialog
from annotator.ui.models.merge_model import DECIDED, NEW
from annotator.ui.tasks import TaskRunner
from tests.session.package_stage import (
    LEAD,
    PERSON,
    SECOND_LEAD,
    contested_team,
    decide_for,
    differing_team,
)


def test_the_export_of_gold_warns_of_conflicts_and_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    with Session(contested_team(tmp_path).path, LEAD) as session:
        tasks = TaskRunner()
        dialog = ExportDialog(session, tmp_path, tasks)
        qtbot.addWidget(dialog)
        conflicts = dialog.preview.conflicts

        def look(layer: int) -> None:
            dialog.layer.setCurrentIndex(layer)
            dialog.look.look(dialog.recipe())
            qtbot.waitUntil(lambda: not dialog.look.is_waiting and not tasks.running, timeout=10_000)

        look(0)
        assert dialog.layer.currentText().startswith("gold")
        assert conflicts.text().startswith("1 conflict waits in gold and would go out undecided.")
        assert not conflicts.isHidden()
        assert dialog.main_button.isEnabled()
        look(1)
        assert conflicts.isHidden()
        (conflict,) = session.merging.conflicts()
        session.merging.resolve(conflict.row, conflict.sides[0].revision)
        look(0)
        assert conflicts.isHidden()
        dialog.close()
        tasks.close()


@pytest.mark.parametrize("updates", [True, False])
def test_a_merge_counts_gold_apart(qtbot: QtBot, tmp_path: Path, updates: bool) -> None:
    team = differing_team(tmp_path)
    package, copy = team.issue(tmp_path / "a.annodb"), tmp_path / "Copy.annodb"
    shutil.copy(team.path, copy)
    decide_for(copy, SECOND_LEAD, 0)
    with Session(copy, SECOND_LEAD) as session:
        session.review.return_document(team.first.id, PERSON.id)
        later = session.packages.issue(PERSON.id, tmp_path / "b.annodb", with_digest=True).file
    file = later if updates else copy
    with Session(package if updates else team.path, LEAD) as session:
        report = session.merging.preview([file])
        dialog = MergeDialog([file], updates=updates)
        qtbot.addWidget(dialog)
        dialog.show_preview(report)
        assert dialog.figures.texts()[:4] == ["0", "0", "0", "1"]
        assert [dialog.model.index(0, column).data() for column in (NEW, DECIDED)] == ["–", "1"]
        assert not dialog.documents.isColumnHidden(DECIDED)
        words = dialog._words_on(report.files[0])
        assert words.startswith("A copy of the project: everything in it comes in. ") is not updates
        assert "left out" not in words
        dialog.close()


def test_a_merge_without_gold_has_no_column_for_it(qtbot: QtBot, tmp_path: Path) -> None:
    team = differing_team(tmp_path)
    package = team.issue(tmp_path / "a.annodb")
    with Session(package, PERSON) as session:
        session.annotations.tag(team.second.id, team.labels["pledge"], [(13, 36)])
        back = session.packages.hand_in(tmp_path / "a.annoreturn").file
    with team.lead() as session:
        dialog = MergeDialog([back])
        qtbot.addWidget(dialog)
        dialog.show_preview(session.merging.preview([back]))
        assert dialog.figures.texts()[:4] == ["1", "0", "0", "0"]
        assert dialog.documents.isColumnHidden(DECIDED)
        dialog.close()
