"""The command line, run as a person runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer.main

from annotator.__main__ import COMMANDS
from annotator.cli import app, run
from annotator.commands.reporting import SCREENSHOT_VIEWS
from annotator.formats.codebooks import default_codebook, write_codebook
from annotator.session.session import Session
from annotator.settings import settings_file
from tests.support import PERSON

Command = Callable[..., Any]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command that must succeed and return its JSON, or its lines without --json."""

    def call(*arguments: str | Path, code: int = 0) -> Any:
        capsys.readouterr()
        assert run([str(a) for a in arguments]) == code
        printed = capsys.readouterr()
        if code:
            return printed.err
        return json.loads(printed.out) if "--json" in arguments else printed.out

    return call


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preferences and the folder of a project of one document, made with commands; every test gets a copy."""
    made = tmp_path_factory.mktemp("made")
    folder = made / "folder"
    folder.mkdir()
    (folder / "note.txt").write_text("We will help if asked.\nThe port\u00a0 was attacked.", "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ANNOTATOR_CONFIG", str(made / "config"))
        assert run(["new", str(folder / "p.annodb")]) == 0
        assert run(["import", str(folder / "p.annodb"), str(folder / "note.txt")]) == 0
    return made


@pytest.fixture
def project(tmp_path: Path, made: Path) -> Path:
    shutil.copytree(made / "config", settings_file().parent, dirs_exist_ok=True)
    shutil.copytree(made / "folder", tmp_path, dirs_exist_ok=True)
    return tmp_path / "p.annodb"


def only_document(command: Command, project: Path) -> dict[str, Any]:
    return command("list", project, "--json")[0]


def test_every_command_is_known_to_the_entry() -> None:
    assert set(typer.main.get_command(app).commands) == COMMANDS  # type: ignore[attr-defined]


def test_agreement_of_two_people(project: Path, command: Command) -> None:
    document = only_document(command, project)["id"]
    assert command("agreement", project, "--json")["alpha_labels"] is None
    for name, quote in (("Analyst A", "We will help"), ("Analyst B", "We will help if asked")):
        command("tag", project, document, "pledge", "--quote", quote, "--as", name)
        command("tag", project, document, "criticism", "--quote", "was attacked", "--as", name)
    found = command("agreement", project, "--layers", "Analyst A,Analyst B", "--json")
    keys = ("documents", "layers", "alpha_unitising", "alpha_labels", "kappa", "f1", "relations_f1", "per_label")
    assert list(found)[:3] == list(keys[:3])
    assert set(keys) <= set(found)
    assert (found["documents"], found["layers"]) == (1, ["Analyst A", "Analyst B"])
    assert found["f1"] == {"strict": 0.5, "exact": 0.5, "partial": 0.75, "type": 1.0}
    assert (found["alpha_labels"], found["kappa"]["cohen"], found["relations_f1"]) == (1.0, 1.0, None)
    assert set(found["per_label"]) == {"pledge", "criticism"}
    assert "Pledge" in command("agreement", project)
    assert command("agreement", project, "--label", "2", "--json")["documents"] == 1
    assert "no round “nonsense”" in command("agreement", project, "--round", "nonsense", code=1)
    assert "called “Nobody”" in command("agreement", project, "--layers", "Nobody", code=1)


def test_the_main_job(project: Path, command: Command, tmp_path: Path) -> None:
    document = only_document(command, project)
    assert document["title"] == "We will help if asked."
    made = command(
        "tag", project, document["id"], "pledge", "--quote", "We will help", "--attr", "strength=firm", "--json"
    )
    assert made == {
        "id": made["id"],
        "document": document["id"],
        "label": "pledge",
        "start": 0,
        "end": 12,
        "quote": "We will help",
    }
    condition = command("tag", project, document["title"], "2", "--span", "13:21", "--json")
    command("relate", project, document["id"], condition["id"], "conditions", made["id"][:8])
    assert (
        command("tag", project, document["id"], "Criticism", "--quote", "port was", "--json")["quote"]
        == "port\u00a0 was"
    )
    shown = command("show", project, document["id"], "--json")
    assert [span["label"] for span in shown["spans"]] == ["pledge", "condition", "criticism"]
    assert shown["spans"][0]["attributes"]["strength"] == "firm"
    assert [(r["type"], r["from"], r["to"]) for r in shown["relations"]] == [
        ("conditions", condition["id"], made["id"])
    ]
    listed = only_document(command, project)
    assert (listed["status"], listed["spans"]["pledge"], listed["spans"]["signal_to_russia"]) == ("in_progress", 1, 0)
    command("undo", project)
    assert only_document(command, project)["spans"]["criticism"] == 0
    command("redo", project)
    steps = command("history", project, "--json")
    assert steps[0]["title"].startswith("Redo: Tag")
    assert set(steps[0]) == {"step", "title", "annotator", "time", "undone"}
    command("status", project, document["id"], "done")
    result = command("export", project, tmp_path / "o.jsonl", "--format", "jsonl", "--status", "done", "--json")
    assert (result["documents"], result["spans"], result["relations"], result["verified"]) == (1, 3, 1, True)
    line = json.loads((tmp_path / "o.jsonl").read_text("utf-8"))
    assert line["read"] == [[0, len(line["text"])]]
    assert line["status"] == "done"


def test_a_dataset_comes_back_identical(project: Path, command: Command, tmp_path: Path) -> None:
    document = only_document(command, project)
    made = command("tag", project, document["id"], "pledge", "--span", "0:7", "--span", "8:12", "--note", "n", "--json")
    other = command(
        "tag", project, document["id"], "condition", "--quote", "if asked", "--attr", "met_by=Kyiv", "--json"
    )
    command("relate", project, document["id"], other["id"], "conditions", made["id"])
    command("status", project, document["id"], "done")
    command("export", project, tmp_path / "one.jsonl", "--format", "jsonl")
    again = tmp_path / "again.annodb"
    command("new", again)
    dry = command("load", again, tmp_path / "one.jsonl", "--format", "jsonl", "--dry-run", "--json")
    assert command("list", again, "--json") == []
    result = command("load", again, tmp_path / "one.jsonl", "--format", "jsonl", "--json")
    assert result == dry == {"documents": 1, "spans": 2, "relations": 1, "losses": [], "unsure": []}
    command("export", again, tmp_path / "two.jsonl", "--format", "jsonl")
    assert (tmp_path / "two.jsonl").read_bytes() == (tmp_path / "one.jsonl").read_bytes()
    assert command("load", again, tmp_path / "one.jsonl", "--format", "jsonl", "--json")["spans"] == 0
    command("undo", again)
    assert command("list", again, "--json") == []


def test_a_corrected_text_takes_the_place_of_the_old_one(project: Path, command: Command) -> None:
    document = only_document(command, project)["id"]
    command("tag", project, document, "pledge", "--quote", "help if asked")
    made = command("correct", project, document, "harbour", "--quote", "port", "--json")
    assert made == {"id": made["id"], "supersedes": document, "lost": 0}
    line = command("show", project, made["id"], "--json")
    assert line["text"].endswith("The harbour\u00a0 was attacked.")
    assert [span["quote"] for span in line["spans"]] == ["help if asked"]
    command("undo", project)
    assert only_document(command, project)["id"] == document


def test_search_finds_words_spans_and_notes(project: Path, command: Command) -> None:
    document = only_document(command, project)["id"]
    made = command(
        *("tag", project, document, "pledge", "--quote", "We will help", "--attr", "speaker=Kyiv"),
        *("--note", "Compare the port", "--json"),
    )
    title = "We will help if asked."
    hit = {"document": document, "title": title, "start": 8, "end": 12, "labels": ["pledge"], "span": None}
    snippet = "We will help if asked. The port was attacked."
    assert command("search", project, "HELP", "--json") == [{**hit, "snippet": snippet, "note": None}]
    assert [h["start"] for h in command("search", project, "port -nowhere", "--json")] == [27]
    assert command("search", project, "port", "--label", "pledge", "--json") == []
    assert len(command("search", project, "help", "--label", "pledge", "--entity", "kyiv", "--json")) == 1
    span = command("search", project, "help", "--in", "spans", "--json")[0]
    assert (span["span"], span["start"], span["end"], span["snippet"]) == (made["id"], 0, 12, "We will help")
    note = command("search", project, "port", "--in", "notes", "--json")[0]
    assert (note["span"], note["snippet"]) == (made["id"], "Compare the port")
    assert note["note"]
    assert [h["start"] for h in command("search", project, "ttack", "--parts", "--json")] == [38]
    assert command("search", project, "help").endswith(f"8:12  {title}: {snippet}\n")


def test_several_layers_must_be_chosen_from(project: Path, command: Command, tmp_path: Path) -> None:
    document = only_document(command, project)["id"]
    command("tag", project, document, "pledge", "--span", "0:5", "--as", "Analyst B")
    command("tag", project, document, "pledge", "--span", "0:6", "--as", "Analyst C")
    error = command("export", project, tmp_path / "o.jsonl", "--format", "jsonl", code=2)
    assert "all, Analyst B, Analyst C" in error
    assert not (tmp_path / "o.jsonl").exists()
    both = command("export", project, tmp_path / "o.jsonl", "--format", "jsonl", "--layer", "all", "--json")
    assert both["spans"] == 2
    one = command("export", project, tmp_path / "o.jsonl", "--format", "jsonl", "--layer", "Analyst B", "--json")
    assert one["spans"] == 1
    assert "Analyst B" not in (tmp_path / "o.manifest.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["tag", "P", "D", "pledge", "--span", "0:999"], 1, "outside the text"),
        (["tag", "P", "D", "nonsense", "--span", "0:5"], 1, "no label “nonsense”"),
        (["tag", "P", "D", "pledge", "--quote", "not there"], 1, "is not in the document"),
        (["tag", "P", "D", "pledge", "--quote", "e"], 1, "stands"),
        (["tag", "P", "D", "pledge", "--span", "5-9"], 2, "START:END"),
        (["tag", "P", "D", "pledge"], 2, "either --span"),
        (["tag", "P", "nothing", "pledge", "--span", "0:5"], 1, "no document “nothing”"),
        (["relate", "P", "D", "x", "conditions", "y"], 1, "no annotation “x”"),
        (["correct", "P", "D", "x", "--span", "0:9999"], 1, "lies outside the text"),
        (["correct", "P", "D", "x"], 2, "--quote"),
        (["export", "P", "OUT/none/o.jsonl", "--format", "jsonl"], 1, "folder does not exist"),
        (["export", "P", "OUT/o.x", "--format", "nonsense"], 1, "no dataset format “nonsense”"),
        (["export", "P", "OUT/o.x", "--format", "jsonl", "--layer", "Nobody"], 1, "no layer “Nobody”"),
        (["import", "P", "OUT/absent.txt"], 1, "absent.txt"),
        (["load", "P", "OUT/absent.jsonl", "--format", "jsonl"], 1, "absent.jsonl"),
        (["list", "OUT/absent.annodb"], 1, "There is no project"),
        (["new", "P"], 1, "is already there"),
        (["undo", "P", "--as", "Stranger"], 1, "nothing to undo"),
        (["search", "P", "?!"], 1, "Only signs"),
        (["search", "P", "x" * 10_000], 1, "1000 characters at most"),
        (["search", "P", "help", "--label", "nonsense"], 1, "no label “nonsense”"),
        (["search", "P", "help", "--annotator", "Nobody"], 1, "Nobody in this project is called “Nobody”"),
        (["search", "P", "help", "--entity", "Nobody"], 1, "no entity “Nobody”"),
        (["search", "P", "help", "--in", "dreams"], 2, "documents, spans, notes"),
        (["search", "P", "help", "--status", "odd"], 2, "in_progress"),
        (["report", "P", "OUT/r.rtf"], 2, "html, pdf, docx, md"),
        (["report", "P", "OUT/none/r.html"], 1, "folder does not exist"),
        (["report", "P", "OUT/r.html", "--document", "nothing"], 1, "no document “nothing”"),
        (["report", "P", "OUT/r.html", "--layer", "Nobody"], 1, "no layer “Nobody”"),
        (["report", "P", "OUT/r.html", "--search", "nowhere"], 1, "no document to report on"),
        (["report", "P", "OUT/r.html", "--status", "odd"], 2, "in_progress"),
        (["report", "P", "OUT/r.pdf", "--paper", "A9"], 2, "Letter"),
        (["report", "P", "P", "--format", "html"], 1, "project itself"),
        (["about", "OUT/absent.annodb"], 1, "There is no project"),
        (["about", "P", "OUT/none/a.md"], 1, "folder does not exist"),
        (["nonsense", "P"], 2, "No such command"),
    ],
)
def test_bad_input(
    project: Path, command: Command, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    document = only_document(command, project)["id"]
    named = [{"P": str(project), "D": document}.get(a, a.replace("OUT", str(tmp_path))) for a in arguments]
    error = command(*named, code=code)
    assert sentence in error
    assert "Traceback" not in error
    assert only_document(command, project)["spans"]["pledge"] == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('"start":0', '"start":1'), "line 1"),
        (lambda text: text.replace("We will help if", "We shall help if"), "line 1"),
        (lambda text: text.replace('"label":"pledge"', '"label":"promise"'), "promise"),
        (lambda text: text[:-30], "line 1"),
        (lambda text: text + text.replace("We", "Us")[:50] + "\n", "line 2"),
        (lambda text: "", "empty"),
    ],
)
def test_a_bad_dataset_changes_nothing(
    project: Path, command: Command, tmp_path: Path, change: Callable[[str], str], sentence: str
) -> None:
    command("tag", project, only_document(command, project)["id"], "pledge", "--quote", "We will help")
    command("export", project, tmp_path / "o.jsonl", "--format", "jsonl")
    bad = tmp_path / "bad.jsonl"
    bad.write_text(change((tmp_path / "o.jsonl").read_text("utf-8")), "utf-8")
    other = tmp_path / "other.annodb"
    command("new", other)
    error = command("load", other, bad, "--format", "jsonl", code=1)
    assert "bad.jsonl" in error
    assert sentence in error
    assert command("list", other, "--json") == []


@pytest.mark.parametrize("name", ["own.toml", "own.yaml"])
def test_a_project_begins_with_the_codebook_of_a_file(command: Command, tmp_path: Path, name: str) -> None:
    own = replace(default_codebook(), name="Ours", labels=default_codebook().labels[:1], attributes=(), relations=())
    write_codebook(own, tmp_path / name)
    command("new", tmp_path / "own.annodb", "--codebook", tmp_path / name)
    with Session(tmp_path / "own.annodb", PERSON, write=False) as session:
        assert session.queries.codebook() == own
    (tmp_path / name).write_text("a: [", encoding="utf-8")
    assert name in command("new", tmp_path / "bad.annodb", "--codebook", tmp_path / name, code=1)
    assert not (tmp_path / "bad.annodb").exists()


def test_a_batch_with_failures_ends_with_3(project: Path, command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (tmp_path / "good.md").write_text("# Title\n\nGood text.", "utf-8")
    error = command("import", project, tmp_path / "empty.txt", tmp_path / "picture.txt", tmp_path / "good.md", code=3)
    assert "empty.txt" in error
    assert "picture.txt" in error
    assert [d["title"] for d in command("list", project, "--json")][1:] == ["Title"]
    again = command("import", project, tmp_path / "good.md", "--json")
    assert [d["file"] for d in again["duplicates"]] == [str(tmp_path / "good.md")]


def test_the_seed_gold_goes_in_and_comes_out(corpus_folder: Path, command: Command, tmp_path: Path) -> None:
    seed = corpus_folder / "seed"
    entries = [json.loads(line) for line in (seed / "seed_gold.jsonl").read_text("utf-8").splitlines() if line.strip()]
    project = tmp_path / "seed.annodb"
    command("new", project)
    command("import", project, seed / "west-to-offer-ukraine-security-commitments.txt")
    document = only_document(command, project)["id"]
    ids: dict[str, str] = {}
    for entry in entries:
        if entry["type"] == "span":
            attributes = [
                f"--attr={key}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
                for key, value in entry["attributes"].items()
                if value is not None
            ]
            span = f"{entry['start']}:{entry['end']}"
            made = command("tag", project, document, entry["label"], "--span", span, *attributes, "--json")
            assert made["quote"] == entry["quote"]
            ids[entry["id"]] = made["id"]
        elif entry["type"] == "relation":
            command("relate", project, document, ids[entry["source"]], entry["label"], ids[entry["target"]])
    command("export", project, tmp_path / "one.jsonl", "--format", "jsonl")
    command("new", tmp_path / "again.annodb")
    command("load", tmp_path / "again.annodb", tmp_path / "one.jsonl", "--format", "jsonl")
    command("export", tmp_path / "again.annodb", tmp_path / "two.jsonl", "--format", "jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    line = json.loads((tmp_path / "two.jsonl").read_text("utf-8"))
    gold = {ids[entry["id"]]: entry for entry in entries if entry["type"] == "span"}
    assert len(line["spans"]) == 17
    for span in line["spans"]:
        entry = gold[span["id"]]
        assert (span["label"], span["start"], span["end"], span["quote"]) == tuple(
            entry[key] for key in ("label", "start", "end", "quote")
        )
        given = {key: value for key, value in span["attributes"].items() if value is not None}
        assert given == {key: value for key, value in entry["attributes"].items() if value is not None}
    relations = {(ids[e["source"]], e["label"], ids[e["target"]]) for e in entries if e["type"] == "relation"}
    assert {(r["from"], r["type"], r["to"]) for r in line["relations"]} == relations
    assert len(relations) == 11


def test_without_a_display_the_window_is_refused_in_one_sentence(project: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "annotator", str(project)], capture_output=True, text=True, check=False, timeout=60
    )
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "no display" in found.stderr
    assert "annotator demo" in found.stderr


def test_several_files_are_loaded_each_whole_or_not_at_all(project: Path, command: Command, tmp_path: Path) -> None:
    command("export", project, tmp_path / "good.jsonl", "--format", "jsonl")
    (tmp_path / "bad.jsonl").write_text("{\n", "utf-8")
    other = tmp_path / "other.annodb"
    command("new", other)
    error = command("load", other, tmp_path / "bad.jsonl", tmp_path / "good.jsonl", "--format", "jsonl", code=3)
    assert "bad.jsonl, line 1" in error
    assert len(command("list", other, "--json")) == 1


def test_a_file_name_that_is_not_utf_8(project: Path, command: Command, tmp_path: Path) -> None:
    name = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        name.write_text("A text of its own. It says something.", "utf-8")
    except OSError:
        pytest.skip("This file system takes UTF-8 names only.")
    imported = command("import", project, name, "--json")["imported"]
    assert imported[0]["title"] == "A text of its own. It says something."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes in folders.")
def test_a_pipe_is_no_document(project: Path, command: Command, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "is no file" in command("import", project, tmp_path / "pipe.txt", code=1)


def test_output_is_utf_8_whatever_the_terminal_says(project: Path, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("Саміт відбувся. Ми допоможемо.", "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for arguments in (["import", str(project), str(tmp_path / "t.txt")], ["list", str(project)]):
        found = subprocess.run(
            [sys.executable, "-m", "annotator", *arguments],
            capture_output=True,
            check=True,
            timeout=60,
            env=environment,
        )
    assert "Саміт" in found.stdout.decode("utf-8")


def test_a_backup_that_fails_does_not_stop_the_work(
    project: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project.with_name("p backups")
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way", "utf-8")
    document = only_document(command, project)["id"]
    assert run(["tag", str(project), document, "pledge", "--span", "0:5"]) == 0
    assert "No backup of" in capsys.readouterr().err
    assert only_document(command, project)["spans"]["pledge"] == 1


def test_ones_own_name_means_oneself(tmp_path: Path, project: Path, command: Command) -> None:
    document = only_document(command, project)["id"]
    path = settings_file()
    own = json.loads(path.read_text("utf-8")) | {"annotator_id": str(uuid.uuid4()), "annotator_name": "Newcomer"}
    path.write_text(json.dumps(own), "utf-8")
    command("tag", project, document, "pledge", "--span", "0:5", "--as", "Newcomer")
    command("undo", project)
    command("tag", project, document, "pledge", "--span", "0:5", "--as", "Newcomer")
    assert {s["annotator"] for s in command("show", project, document, "--json")["spans"]} == {own["annotator_id"]}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["tag", "P", "D", "pledge", "--span", "0:" + "9" * 5000], 2), (["history", "P", "--limit", "9" * 30], 2)],
)
def test_numbers_without_measure(project: Path, command: Command, arguments: list[str], code: int) -> None:
    document = only_document(command, project)["id"]
    command(*({"P": str(project), "D": document}.get(a, a) for a in arguments), code=code)


def _without_qt(tmp_path: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command where Qt misses a system library."""
    broken = tmp_path / "broken" / "PySide6"
    broken.mkdir(parents=True)
    error = "libEGL.so.1: cannot open shared object file: No such file or directory"
    (broken / "__init__.py").write_text(f"raise ImportError({error!r})", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(broken.parent)}
    command = [sys.executable, "-m", "annotator", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)


def test_without_qts_libraries_the_packages_are_named(project: Path, tmp_path: Path) -> None:
    found = _without_qt(tmp_path, "screenshot", project, tmp_path / "x.png")
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "apt install libegl1" in found.stderr
    assert "dnf install mesa-libEGL" in found.stderr


def test_the_demo_does_the_main_job_without_qts_libraries(tmp_path: Path) -> None:
    found = _without_qt(tmp_path, "demo", "--dir", tmp_path / "demo")
    assert found.returncode == 0, found.stderr
    assert "read back and verified" in found.stdout
    assert "apt install libegl1" in found.stdout
    assert (tmp_path / "demo" / "Sample project.jsonl").stat().st_size > 10_000


def test_the_demo_without_a_display_draws_the_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run(["demo", "--dir", str(tmp_path)]) == 0
    assert "61 spans" in capsys.readouterr().out
    assert (tmp_path / "Sample project.png").read_bytes().startswith(b"\x89PNG")


def test_the_views_of_a_screenshot_are_those_that_can_be_drawn() -> None:
    from annotator.ui.screenshot import VIEWS

    assert SCREENSHOT_VIEWS == VIEWS


def test_cases_are_listed_and_decided_by_a_rule(project: Path, command: Command) -> None:
    document = only_document(command, project)["id"]
    for name in ("Analyst A", "Analyst B"):
        command("tag", project, document, "pledge", "--quote", "We will help", "--as", name)
        command("status", project, document, "done", "--as", name)
    command("tag", project, document, "condition", "--quote", "if asked", "--as", "Analyst A")
    found = command("adjudicate", project, "--json")
    assert [(one["kind"], one["quote"], one["state"]) for one in found] == [
        ("same", "We will help", "open"),
        ("one_sided", "if asked", "open"),
    ]
    assert [(one["name"], one["labels"]) for one in found[1]["layers"]] == [
        ("Analyst A", ["condition"]),
        ("Analyst B", []),
    ]
    assert (found[0]["document"], found[0]["start"], found[0]["end"]) == (document, 0, 12)
    assert "Condition ↔ –" in command("adjudicate", project)
    decided = command("adjudicate", project, "--accept-agreed", "2", "--round", "production", "--json")
    assert [one["state"] for one in decided] == ["decided", "open"]
    line = command("show", project, document, "--json")
    assert [span["layer"] for span in line["spans"] if span["layer"] == "gold"] == ["gold"]
    assert "no round" in command("adjudicate", project, "--round", "elsewhere", code=1)
    command("adjudicate", project, "--accept-agreed", "1", code=2)


@pytest.mark.parametrize(
    ("ending", "begins"), [("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF"), ("docx", b"PK"), ("md", b"# ")]
)
def test_a_report_is_what_its_ending_says(
    project: Path, command: Command, tmp_path: Path, ending: str, begins: bytes
) -> None:
    document = only_document(command, project)["id"]
    command("tag", project, document, "pledge", "--quote", "We will help", "--note", "why")
    out = tmp_path / f"report.{ending}"
    assert command("report", project, out, "--document", document) == f"{out}\n"
    assert out.read_bytes().startswith(begins)
    other = tmp_path / "report.out"
    command("report", project, other, "--format", ending)
    assert other.read_bytes() == out.read_bytes() if ending in ("html", "md") else other.stat().st_size > 1000


def test_a_pdf_needs_no_display(project: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, "-m", "annotator", "report", str(project), str(tmp_path / "r.pdf")]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


def test_a_pdf_without_qts_libraries_names_the_packages(project: Path, tmp_path: Path) -> None:
    found = _without_qt(tmp_path, "report", project, tmp_path / "r.pdf")
    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    assert "apt install libegl1" in found.stderr
    assert _without_qt(tmp_path / "again", "report", project, tmp_path / "r.html").returncode == 0


def test_the_page_about_the_project_goes_to_stdout_or_a_file(project: Path, command: Command, tmp_path: Path) -> None:
    printed = command("about", project)
    assert printed.startswith("# About “p”\n")
    assert command("about", project, tmp_path / "a.md") == f"{tmp_path / 'a.md'}\n"
    assert (tmp_path / "a.md").read_text("utf-8") == printed
    command("about", project, tmp_path / "a.html")
    assert (tmp_path / "a.html").read_bytes().startswith(b"<!DOCTYPE html>")


def test_gold_that_is_exported_is_kept_as_a_release(project: Path, command: Command, tmp_path: Path) -> None:
    document = only_document(command, project)["id"]
    for name in ("Analyst A", "Analyst B"):
        command("tag", project, document, "pledge", "--quote", "We will help", "--as", name)
        command("status", project, document, "done", "--as", name)
    command("adjudicate", project, "--accept-agreed", "2")
    command("export", project, tmp_path / "all.jsonl", "--format", "jsonl", "--layer", "all")
    assert "gold.jsonl" not in command("about", project)
    command("export", project, tmp_path / "gold.jsonl", "--format", "jsonl")
    digest = json.loads((tmp_path / "gold.manifest.json").read_text("utf-8"))["data"]["sha256"]
    assert "gold.jsonl (jsonl, codebook version 1, 1 document, 1 span, 0 relations)" in command("about", project)
    assert digest in command("about", project)


def test_lint_lists_what_does_not_fit_and_mends_it(project: Path, command: Command) -> None:
    document = only_document(command, project)["id"]
    made = command("tag", project, document, "pledge", "--span", "0:11", "--attr", "speaker=The port", "--json")
    command("tag", project, document, "criticism", "--quote", "The port was attacked")
    found = command("lint", project, "--json")
    assert [one["rule"] for one in found] == ["no_speaker", "inside_word"]
    assert {"rule", "document", "annotation", "message"} <= found[1].keys()
    assert (found[1]["document"], found[1]["annotation"]) == (document, made["id"])
    assert found[1]["message"] == "An edge of the span cuts the word “help”."
    lines = command("lint", project, "--rule", "inside_word", "--document", document, "--layer", found[1]["layer"])
    assert lines.splitlines() == [f"{document[:8]}  0:11  inside_word  {found[1]['message']}"]
    assert [one["rule"] for one in command("lint", project, "--fix", "--json")] == ["no_speaker"]
    assert command("show", project, document, "--json")["spans"][0]["end"] == 12
    command("undo", project)
    assert len(command("lint", project, "--json")) == 2


@pytest.mark.parametrize("more", [["--rule", "nonsense"], ["--document", "nothing"], ["--layer", "Nobody"]])
def test_lint_names_what_is_not_there(project: Path, command: Command, more: list[str]) -> None:
    assert more[1] in command("lint", project, *more, code=1)


# -- people and work


@pytest.fixture
def team_project(tmp_path: Path, project: Path, command: Command) -> Path:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"Text number {number}. We will help.", "utf-8")
        command("import", project, tmp_path / f"{number}.txt")
    return project


def test_documents_are_assigned_evenly_and_once(command: Command, team_project: Path) -> None:
    names = ("--to", "Analyst B", "--to", "Analyst C")
    first = command("assign", team_project, "note.txt", *names, "--json")
    assert [one["name"] for one in first["people"]] == ["Analyst B", "Analyst C"]
    assert sum(one["documents"] for one in first["people"]) == 1
    result = command("assign", team_project, *names, "--overlap", 0.4, "--seed", 3, "--json")
    assert result["left_alone"] == 1 and len(result["assigned"]) == 5 + 2
    assert not command("assign", team_project, *names, "--json")["assigned"]
    people = {one["name"]: one for one in command("people", team_project, "--json")}
    assert {name: one["role"] for name, one in people.items() if name.startswith("Analyst")} == {
        "Analyst B": "analyst",
        "Analyst C": "analyst",
    }
    assert sum(one["assigned"] for one in people.values()) == 8
    assert people["Analyst B"]["statuses"]["new"] == people["Analyst B"]["assigned"]
    command("undo", team_project)
    assert sum(one["assigned"] for one in command("people", team_project, "--json")) == 1


def test_assigning_needs_somebody_and_a_share(command: Command, team_project: Path) -> None:
    command("assign", team_project, code=2)
    command("assign", team_project, "--to", "Analyst B", "--overlap", 2, code=2)
    assert "at least two" in command("assign", team_project, "--to", "Analyst B", "--overlap", 0.5, code=1)
    assert "no round “pilot”" in command("assign", team_project, "--to", "Analyst B", "--round", "pilot", code=1)
    assert [one["name"] for one in command("people", team_project, "--json")].count("Analyst B") == 0


def test_rounds_are_begun_switched_and_released(command: Command, team_project: Path) -> None:
    command("status", team_project, "note.txt", "done")
    command("round", team_project, "pilot", "--practice")
    assert {row["status"] for row in command("list", team_project, "--json")} == {"new"}
    command("round", team_project, "production")
    assert "done" in {row["status"] for row in command("list", team_project, "--json")}
    command("round", team_project, "pilot", "--release")
    with Session(team_project, PERSON, write=False) as session:
        pilot = session.queries.round_named("pilot")
        assert pilot.practice and pilot.released
        assert session.queries.project().round != pilot.id
    assert "no round “third”" in command("round", team_project, "third", "--release", code=1)


def test_an_analyst_sees_and_exports_only_their_own(command: Command, team_project: Path, tmp_path: Path) -> None:
    command("assign", team_project, "--to", "Analyst B")
    document = next(row for row in command("list", team_project, "--json") if row["title"].startswith("Text number 0"))
    command("tag", team_project, document["id"], "pledge", "--quote", "We will help.")
    own = ("--as", "Analyst B")
    assert command("show", team_project, document["id"], *own, "--json")["spans"] == []
    assert sum(sum(row["spans"].values()) for row in command("list", team_project, *own, "--json")) == 0
    out = tmp_path / "out.jsonl"
    told = command("export", team_project, out, "--format", "jsonl", "--layer", "all", *own, code=1)
    assert "not released" in told and not out.exists()
    assert not command("search", team_project, "help", "--in", "spans", *own, "--json")
    command("round", team_project, "production", "--release")
    assert len(command("show", team_project, document["id"], *own, "--json")["spans"]) == 1
    assert "Only leads" in command("round", team_project, "pilot", *own, code=1)
