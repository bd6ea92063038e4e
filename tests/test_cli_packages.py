"""Hand-off files on the command line, as leads and analysts run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import run
from annotator.session.session import Session
from annotator.settings import Settings
from tests.session.package_stage import LEAD, PERSON, Team, make_team

Command = Callable[..., Any]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path)


@pytest.fixture(autouse=True)
def lead_of_the_preferences() -> None:
    Settings(annotator_id=LEAD.id, annotator_name=LEAD.name).save()


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command and return its JSON, or what it printed on both streams."""

    def call(*arguments: str | Path, code: int = 0) -> Any:
        capsys.readouterr()
        assert run([str(a) for a in arguments]) == code
        printed = capsys.readouterr()
        return json.loads(printed.out) if "--json" in arguments and code != 1 else printed.out + printed.err

    return call


def test_a_package_goes_out_and_comes_back(team: Team, command: Command, tmp_path: Path) -> None:
    package, back = tmp_path / "a.annodb", tmp_path / "a.annoreturn"
    made = command("package", team.path, "--to", "Analyst A", package, "--json")
    assert made == [{"file": str(package), "annotator": PERSON.id, "documents": 2, "spans": 0}]
    span = command("tag", package, team.first.id, "pledge", "--quote", "air defence", "--json")
    handed = command("handin", package, back, "--json")
    assert (handed["file"], handed["documents"], handed["spans"]) == (str(back), 2, 1)
    assert [one["status"] for one in handed["unfinished"]] == ["in_progress", "new"]
    tried = command("merge", team.path, back, "--dry-run", "--json")
    assert (tried["dry_run"], tried["step"], tried["documents"][0]["new"]) == (True, None, 1)
    assert command("show", team.path, team.first.id, "--json")["spans"] == []
    merged = command("merge", team.path, back, "--json")
    assert merged["step"]
    assert merged["totals"] == tried["totals"]
    totals = merged["totals"]
    assert totals["changes"] == totals["new"] + totals["known"] + totals["left_out"] == handed["changes"]
    assert [s["id"] for s in command("show", team.path, team.first.id, "--json")["spans"]] == [span["id"]]
    again = command("merge", team.path, back, "--json")
    assert (again["step"], again["totals"]["new"], again["totals"]["known"]) == (None, 0, totals["changes"])
    command("undo", team.path)
    assert command("show", team.path, team.first.id, "--json")["spans"] == []
    assert "redo brings it back" in command("merge", team.path, back)


def test_several_people_get_files_in_a_folder(team: Team, command: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    printed = command("package", team.path, "--to", "Analyst A", "--to", "Analyst B", out)
    assert printed.splitlines() == [str(out / "Study – Analyst A.annodb"), str(out / "Study – Analyst B.annodb")]
    command("package", team.path, "--to", "Analyst A", "--to", "Analyst B", out / "a.annodb", code=2)


def test_a_file_that_cannot_be_merged_is_named_and_the_others_are_merged(
    team: Team, command: Command, tmp_path: Path
) -> None:
    package, back, bad = tmp_path / "a.annodb", tmp_path / "a.annoreturn", tmp_path / "bad.annoreturn"
    command("package", team.path, "--to", "Analyst A", package)
    command("status", package, team.first.id, "done")
    command("handin", package, back)
    bad.write_bytes(back.read_bytes()[:5000])
    result = command("merge", team.path, bad, back, "--json", code=3)
    refused = {Path(one["file"]).name: bool(one["refused"]) for one in result["files"]}
    assert refused == {"bad.annoreturn": True, "a.annoreturn": False}
    assert result["step"]
    printed = command("merge", team.path, bad, code=1)
    assert f"annotator: {bad}: " in printed


def test_a_package_takes_in_a_later_one(team: Team, command: Command, tmp_path: Path) -> None:
    package, later = tmp_path / "a.annodb", tmp_path / "b.annodb"
    command("package", team.path, "--to", "Analyst A", package)
    with team.lead() as session:
        session.documents.describe(team.first.id, title="Another title")
    command("package", team.path, "--to", "Analyst A", later)
    assert command("merge", package, later, "--json")["step"]
    assert "Another title" in command("list", package)
    with Session(package, PERSON) as session:
        assert session.package is not None


def test_refusals_are_one_line(team: Team, command: Command, tmp_path: Path) -> None:
    assert "Only leads issue" in command(
        "package", team.path, "--to", "Analyst A", tmp_path / "a", "--as", "Analyst A", code=1
    )
    assert "Nobody in this project is called" in command(
        "package", team.path, "--to", "Analyst Z", tmp_path / "a", code=1
    )
    assert "This is no package" in command("handin", team.path, tmp_path / "a", code=1)
    package = team.issue(tmp_path / "a.annodb")
    assert "Only leads merge" in command("merge", team.path, package, "--as", "Analyst A", code=1)
