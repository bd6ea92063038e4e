"""Preferences: kept between starts, checked at the door, never a reason not to start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import UserError
from annotator.core.ids import is_id
from annotator.settings import RECENT_LIMIT, Place, Settings, load_settings, settings_file

OWN = "11111111-1111-4111-8111-111111111111"


def write(content: str | dict[str, Any]) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def person(**values: Any) -> dict[str, Any]:
    return {"annotator_id": OWN, "annotator_name": "Analyst A", **values}


def test_the_first_start_makes_a_person_who_stays_the_same() -> None:
    first = load_settings()
    assert is_id(first.annotator_id)
    assert first.annotator_name
    assert load_settings() == first


def test_what_is_saved_comes_back() -> None:
    settings = Settings(OWN, "Аналітик", "dark", reading_size=14.5, reading_line_height=1.8, reading_columns=66)
    settings.places["project"] = Place("document", 1234)
    settings.window["geometry"] = "AAEC"
    settings.save()
    assert load_settings() == settings
    assert [path.name for path in settings_file().parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "[" * 100_000, '{"theme": "dark"'])
def test_a_broken_file_is_kept_aside(content: str) -> None:
    write(content)
    settings = load_settings()
    assert is_id(settings.annotator_id)
    assert settings.theme == "system"
    assert settings_file().with_name("settings.broken.json").read_text("utf-8") == content
    assert load_settings() == settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("theme", ["dark"]),
        ("recent", "abc"),
        ("recent", [1]),
        ("recent", ["\ud800"]),
        ("places", "x"),
        ("places", {"p": {"document": "d", "page": 3}}),
        ("places", {"p": {"document": "d", "position": "5"}}),
        ("places", {"p": {"document": "d", "position": -5}}),
        ("window", {"geometry": 5}),
        ("window", 5),
        ("exports", {"project": 5}),
        ("reading_size", "12"),
        ("reading_size", float("nan")),
        ("reading_columns", True),
        ("ask_attributes", 1),
        ("export_folder", None),
        ("show_on_screen", 1),
    ],
)
def test_one_wrong_value_costs_only_itself(name: str, value: Any) -> None:
    write(person(**{"theme": "dark", "reading_columns": 66, name: value}))
    settings = load_settings()
    assert (settings.annotator_id, settings.annotator_name) == (OWN, "Analyst A")
    assert getattr(settings, name) == getattr(Settings(), name)
    assert settings.theme == ("dark" if name != "theme" else "system")
    assert settings_file().with_name("settings.broken.json").exists()


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("reading_size", 2, 8.0),
        ("reading_size", 1e9, 32.0),
        ("reading_size", float("inf"), 32.0),
        ("reading_line_height", 2, 2.0),
        ("reading_line_height", 0, 1.2),
        ("reading_line_height", 9, 2.4),
        ("reading_columns", 5, 40),
        ("reading_columns", 70.0, 70),
        ("reading_columns", 10**30, 120),
    ],
)
def test_limits(name: str, given: float, kept: float) -> None:
    write(person(**{name: given}))
    found = getattr(load_settings(), name)
    assert (found, type(found)) == (kept, type(kept))
    assert not settings_file().with_name("settings.broken.json").exists()


def test_a_setting_of_a_later_version_is_let_pass() -> None:
    write(person(colour="blue"))
    assert load_settings() == Settings(OWN, "Analyst A")


@pytest.mark.parametrize("identity", ["", "me", "11111111-1111-4111-8111-11111111111Z"])
def test_a_person_without_an_id_gets_one_that_is_kept(identity: str) -> None:
    write({"annotator_id": identity, "annotator_name": " "})
    settings = load_settings()
    assert is_id(settings.annotator_id)
    assert settings.annotator_name.strip()
    assert load_settings() == settings


def test_recent_projects_are_few_with_the_last_one_first(tmp_path: Path) -> None:
    settings = Settings()
    for number in range(RECENT_LIMIT + 3):
        settings.remember(tmp_path / f"{number}.annodb")
    settings.remember(tmp_path / "5.annodb")
    assert settings.recent[:2] == [str(tmp_path / "5.annodb"), str(tmp_path / f"{RECENT_LIMIT + 2}.annodb")]
    assert len(settings.recent) == len(set(settings.recent)) == RECENT_LIMIT


def test_preferences_that_cannot_be_kept_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(tmp_path / "file" / "folder"))
    with pytest.raises(UserError, match=r"preferences cannot be kept in .*ANNOTATOR_CONFIG"):
        load_settings()
