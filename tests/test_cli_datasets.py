"""Labelled data on the command line: formats, losses, recipes, splits, releases, and files of other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import run
from annotator.formats.datasets.registry import dataset_formats

Command = Callable[..., Any]

TEXT = "We will help if asked. The port was attacked by night.\n"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command and return its JSON, or what it printed on both streams."""

    def call(*arguments: str | Path, code: int = 0) -> Any:
        capsys.readouterr()
        assert run([str(a) for a in arguments]) == code
        printed = capsys.readouterr()
        return json.loads(printed.out) if "--json" in arguments and printed.out else printed.out + printed.err

    return call


@pytest.fixture
def project(tmp_path: Path, command: Command) -> Path:
    path = tmp_path / "p.annodb"
    command("new", path)
    row = {"text": TEXT, "label": [[0, 12, "Pledge"], [23, 43, "criticism"]], "meta": {"title": "A note"}}
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert command("load", path, tmp_path / "in.jsonl", "--json")["spans"] == 2
    return path


def test_formats_name_their_options_and_losses(command: Command) -> None:
    found = {entry["name"]: entry for entry in command("formats", "--json")["datasets"]}
    assert set(found) == {entry.name for entry in dataset_formats()}
    assert found["doccano"]["options"] == {"form": ["entities", "triples"]}
    assert "relations" in found["doccano"]["loses"]
    assert "form: entities, triples" in command("formats")


def test_a_dry_run_tells_what_would_be_lost_and_writes_nothing(project: Path, command: Command, tmp_path: Path) -> None:
    told = command("export", project, tmp_path / "o.jsonl", "--format", "doccano", "--dry-run", "--json")
    assert (told["spans"], told["verified"], told["files"]) == (2, False, [])
    assert "who tagged a span" in {loss["kind"] for loss in told["losses"]}
    assert not (tmp_path / "o.jsonl").exists()
    made = command("export", project, tmp_path / "o.jsonl", "--format", "doccano", "--option", "form=triples", "--json")
    assert made["verified"] and made["losses"]
    assert json.loads((tmp_path / "o.jsonl").read_text("utf-8"))["label"] == [[0, 12, "pledge"], [23, 43, "criticism"]]


def test_a_recipe_is_kept_and_repeated(project: Path, command: Command, tmp_path: Path) -> None:
    given = ["--format", "jsonl", "--label", "pledge", "--split", "100/0/0", "--licence", "CC0-1.0"]
    first = command("export", project, tmp_path / "a.jsonl", *given, "--save-recipe", "pledges", "--json")
    again = command("export", project, tmp_path / "b.jsonl", "--recipe", "pledges", "--json")
    assert (first["spans"], again["spans"]) == (1, 1)
    assert again["splits"] == {"train": 1}
    assert json.loads((tmp_path / "b.jsonl").read_text("utf-8"))["split"] == "train"
    assert json.loads((tmp_path / "b.manifest.json").read_text("utf-8"))["options"]["licence"] == "CC0-1.0"
    assert "no recipe “model”" in command("export", project, tmp_path / "c.jsonl", "--recipe", "model", code=1)


def test_releases_are_listed_and_compared(project: Path, command: Command, tmp_path: Path) -> None:
    command("export", project, tmp_path / "a.jsonl", "--format", "jsonl")
    document = command("list", project, "--json")[0]["id"]
    command("tag", project, document, "condition", "--quote", "if asked")
    command("export", project, tmp_path / "b.jsonl", "--format", "jsonl")
    assert [one["file"] for one in command("releases", project, "--json")] == ["b.jsonl", "a.jsonl"]
    found = command("releases", project, "--compare", "a.jsonl", "--compare", "b.jsonl", "--json")
    assert (found["added"], found["removed"], found["same"]) == (1, 0, 2)
    assert found["changes"][0]["quote"] == "if asked"
    assert "1 added" in command("releases", project, "--compare", "a.jsonl", "--compare", "b.jsonl")
    assert "no release “c.jsonl”" in command(
        "releases", project, "--compare", "a.jsonl", "--compare", "c.jsonl", code=1
    )


def test_names_of_others_are_mapped_left_out_or_added(project: Path, command: Command, tmp_path: Path) -> None:
    row = {"text": "They promise grain to Kyiv.", "label": [[0, 12, "PROMISE"], [22, 26, "PLACE"]]}
    (tmp_path / "x.jsonl").write_text(json.dumps(row), "utf-8")
    refused = command("load", project, tmp_path / "x.jsonl", code=1)
    assert "x.jsonl: The codebook has no label “PLACE”" in refused
    mapped = command("load", project, tmp_path / "x.jsonl", "--label", "PROMISE=pledge", "--label", "PLACE=", "--json")
    assert (mapped["spans"], mapped["losses"][0]["kind"]) == (1, "spans whose label was left out")
    command("undo", project)
    added = command("load", project, tmp_path / "x.jsonl", "--label", "PROMISE=pledge", "--add-labels")
    assert "added to the codebook: PLACE" in added


def test_what_is_wrong_is_named_and_the_rest_comes_in_where_one_says_so(
    project: Path, command: Command, tmp_path: Path
) -> None:
    rows = [{"text": "Short.", "label": [[0, 99, "pledge"]]}, {"text": "We act at once.", "label": [[0, 6, "pledge"]]}]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert "x.jsonl, 1:" in command("load", project, tmp_path / "x.jsonl", code=1)
    found = command("load", project, tmp_path / "x.jsonl", "--skip-bad", "--json", code=3)
    assert found["spans"] == 1
    assert [(one["file"], one["line"]) for one in found["unsure"]] == [("x.jsonl", 1)]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--format", "doccano", "--option", "form=none"], 1, "no option form=none"),
        (["--format", "doccano", "--option", "form"], 2, "NAME=VALUE"),
        (["--format", "jsonl", "--split", "80/10"], 2, "three shares"),
        (["--format", "jsonl", "--split", "80/10/20"], 2, "add up to 100"),
        (["--format", "jsonl", "--split-by", "luck"], 2, "labels, date, source"),
        (["--format", "jsonl", "--unread", "maybe"], 2, "keep, drop"),
        (["--format", "jsonl", "--since", "2025", "--until", "2024"], 1, "hold no day"),
        ([], 2, "name a format"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    project: Path, command: Command, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    assert sentence in " ".join(command("export", project, tmp_path / "o.jsonl", *arguments, code=code).split())
    assert not (tmp_path / "o.jsonl").exists()


def test_every_format_that_reads_what_it_writes_goes_round(project: Path, command: Command, tmp_path: Path) -> None:
    both = [entry for entry in dataset_formats() if entry.writes and entry.reads and entry.name != "sentences"]
    for entry in both:
        out = tmp_path / f"{entry.name}{entry.extensions[0] if entry.extensions else ''}"
        command("export", project, out, "--format", entry.name)
        other = tmp_path / f"{entry.name}.annodb"
        command("new", other)
        found = command("load", other, out, "--format", entry.name, "--json")
        assert (entry.name, found["documents"], found["spans"]) == (entry.name, 1, 2)
        line = command("show", other, command("list", other, "--json")[0]["id"], "--json")
        assert [span["quote"] for span in line["spans"]] == ["We will help", "The port was attacke"]
