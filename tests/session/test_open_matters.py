"""What leads are told is open: cases of the review, conflicts in gold that is about to go out, what a merge decides."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from annotator.cli import run
from annotator.core.records import Annotation
from annotator.session import open_cases
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.settings import Settings
from tests.session.package_stage import (
    LEAD,
    OTHER,
    PERSON,
    SECOND_LEAD,
    Team,
    contested_team,
    decide_for,
    differing_team,
    make_team,
    tag_as,
)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return differing_team(tmp_path)


def page(team: Team, person: Person = LEAD) -> str:
    with Session(team.path, person) as session:
        return "\n".join(block.text for block in session.reports.about())


class TestUndecidedCases:
    def test_they_are_among_the_open_matters(self, team: Team) -> None:
        assert "1 case of the review to be decided" in page(team).splitlines()
        decide_for(team.path, LEAD, 0)
        assert "of the review" not in page(team)

    def test_each_round_is_told_by_its_name(self, team: Team) -> None:
        with team.lead() as session:
            session.rounds.begin("second")
        assert "1 case of the review to be decided in the round “production”" in page(team).splitlines()

    def test_what_was_approved_waits_for_nobody(self, team: Team) -> None:
        with team.lead() as session:
            session.review.approve(team.first.id, forced=True)
        assert "of the review" not in page(team)

    def test_of_many_documents_only_these_are_counted(self, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(open_cases, "MOST_COMPARED", 0)
        assert "1 document tagged by several people, not approved yet" in page(team).splitlines()
        with team.lead() as session:
            session.review.approve(team.first.id, forced=True)
        assert "several people" not in page(team)

    @pytest.mark.parametrize("most", [0, 50])
    def test_what_one_alone_tagged_or_has_not_finished_is_not_compared(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
    ) -> None:
        monkeypatch.setattr(open_cases, "MOST_COMPARED", most)
        (tmp_path / "other").mkdir()
        team = make_team(tmp_path / "other")
        tag_as(team, OTHER, "We will provide", "condition")
        with Session(team.path, OTHER) as session:
            session.documents.set_status(team.first.id, "done")
        tag_as(team, PERSON, "We will provide air defence")  # in progress
        assert "of the review" not in page(team)
        assert "several people" not in page(team)

    def test_analysts_are_not_told(self, team: Team) -> None:
        assert "of the review" not in page(team, PERSON)


@pytest.fixture
def contested(tmp_path: Path) -> Team:
    return contested_team(tmp_path)


class TestConflictsInGold:
    def test_the_preview_of_an_export_counts_them(self, contested: Team) -> None:
        with contested.lead() as session:
            count = len(session.merging.conflicts())
            assert session.datasets.preview(layer="gold").conflicts == count
            assert session.datasets.preview(layer="all").conflicts == count
            assert session.datasets.preview(layer="Analyst A").conflicts == 0
            for conflict in session.merging.conflicts():
                session.merging.resolve(conflict.row, conflict.sides[0].revision)
            assert session.datasets.preview(layer="gold").conflicts == 0

    def test_conflicts_elsewhere_are_none_of_gold(self, team: Team, tmp_path: Path) -> None:
        other = tmp_path / "Copy.annodb"
        shutil.copy(team.path, other)
        for path, person, label in ((team.path, LEAD, "criticism"), (other, SECOND_LEAD, "signal_to_russia")):
            with Session(path, person) as session:
                span = min(session.reading.rows.all(Annotation), key=lambda one: one.created)
                session.annotations.relabel(span.id, team.labels[label])
        decide_for(team.path, LEAD, 0)
        with team.lead() as session:
            session.merging.merge([other])
            assert session.merging.conflicts()
            assert session.datasets.gold_conflicts("gold") == session.datasets.gold_conflicts("all") == 0

    def test_an_export_warns_and_goes_out(
        self, contested: Team, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Settings(annotator_id=LEAD.id, annotator_name=LEAD.name).save()
        arguments = ["export", str(contested.path), str(tmp_path / "gold.jsonl"), "--format", "jsonl", "--json"]
        assert run(arguments) == 0
        printed = capsys.readouterr()
        assert json.loads(printed.out)["conflicts"] == 1
        assert "1 conflict waits in gold" in printed.err
        assert (tmp_path / "gold.jsonl").exists()
        with contested.lead() as session:
            (conflict,) = session.merging.conflicts()
            session.merging.resolve(conflict.row, conflict.sides[0].revision)
        assert run(arguments) == 0
        printed = capsys.readouterr()
        assert (json.loads(printed.out)["conflicts"], "wait" in printed.err) == (0, False)


class TestWhatAMergeDecides:
    def test_gold_of_a_later_package_is_not_among_new_spans(self, team: Team, tmp_path: Path) -> None:
        package = team.issue(tmp_path / "a.annodb")
        decide_for(team.path, LEAD, 0)
        with team.lead() as session:
            session.review.return_document(team.first.id, PERSON.id, "Look again.")
        later = team.issue(tmp_path / "b.annodb", with_digest=True)
        with Session(package, PERSON) as session:
            report = session.merging.preview([later])
            (document,) = report.documents
            assert (document.new, document.changed, document.removed, document.decided) == (0, 0, 0, 1)
            assert report.rows["gold"] == (1, 0, 0)
            assert "annotation" not in report.rows
            assert session.packages.update([later]).documents == report.documents

    def test_gold_of_a_copy_is_told_apart_when_it_goes_as_well(self, team: Team, tmp_path: Path) -> None:
        other = tmp_path / "Copy.annodb"
        decide_for(team.path, LEAD, 0)
        shutil.copy(team.path, other)
        with Session(other, SECOND_LEAD) as session:
            span = session.annotations.tag(team.second.id, team.labels["pledge"], [(13, 36)])
            (case,) = session.queries.review().cases
            session.review.decide(case.case.document, case.case.id, "neither")
        with team.lead() as session:
            report = session.merging.preview([other])
            assert {one.document: (one.new, one.removed, one.decided) for one in report.documents} == {
                team.first.id: (0, 0, 1),
                span.document: (1, 0, 0),
            }
            assert report.rows["gold"] == (0, 0, 1)
            assert report.files[0].facts is None

    def test_the_command_says_so(self, team: Team, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        Settings(annotator_id=LEAD.id, annotator_name=LEAD.name).save()
        other = tmp_path / "Copy.annodb"
        shutil.copy(team.path, other)
        decide_for(other, SECOND_LEAD, 1)
        assert run(["merge", str(team.path), str(other), "--dry-run"]) == 0
        printed = capsys.readouterr().out
        assert "a copy of the project, everything in it comes in" in printed
        assert "0 new, 0 changed, 0 gone, 1 decided by a lead" in printed
        assert run(["merge", str(team.path), str(other), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["documents"][0]["decided"] == 1
