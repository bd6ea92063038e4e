"""Codebook files in TOML and YAML: what is written is read back equal, and what is no codebook is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.core.codebook import Codebook
from annotator.core.errors import CodebookError, UserError
from annotator.formats.codebooks import SIZE_LIMIT, codebook_text, default_codebook, read_codebook, write_codebook
from tests.core.test_codebook import codebooks

NAMES = ("book.toml", "book.yaml", "book.YML")


@pytest.mark.parametrize("name", NAMES)
def test_the_codebook_that_ships_comes_back_equal(tmp_path: Path, name: str) -> None:
    codebook = default_codebook()
    write_codebook(codebook, tmp_path / name)
    assert read_codebook(tmp_path / name) == codebook
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", NAMES[:2])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(codebook=codebooks())
def test_any_codebook_comes_back_equal(tmp_path: Path, name: str, codebook: Codebook) -> None:
    write_codebook(codebook, tmp_path / name)
    assert read_codebook(tmp_path / name) == codebook


@pytest.mark.parametrize("name", NAMES[:2])
@pytest.mark.parametrize("text", ["\x85", "a\x85b", " \u2028 ", "\u2029\n", "a\n\x85\n b ", "\ufeffa", "\t\n"])
def test_signs_that_end_a_line_come_back(tmp_path: Path, name: str, text: str) -> None:
    first, *others = default_codebook().labels
    codebook = replace(default_codebook(), labels=(replace(first, definition=text, examples=(text,)), *others))
    write_codebook(codebook, tmp_path / name)
    assert read_codebook(tmp_path / name) == codebook


def test_text_is_written_to_be_read(tmp_path: Path) -> None:
    for yaml in (False, True):
        text = codebook_text(default_codebook(), yaml=yaml)
        assert "якщо" in text
        assert "retired" not in text
        assert "position" not in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is not a codebook"),
        ("- 1\n- 2", "is not a codebook"),
        ("just words", "is not a codebook"),
        ("format: [\n", r"bad\.yaml, line 2: not YAML"),
        ("a: 1\na: 2\n", r"bad\.yaml, line 2: not YAML .*twice"),
        ("a: &x [1]\nb: *x\n", r"bad\.yaml, line 2: not YAML .*alias"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]", r"bad\.yaml, line 2: not YAML .*alias"),
        ("a: " + "[" * 100_000, r"bad\.yaml, line 1: not YAML"),
        ("a: " + "[" * 50 + "]" * 50, r"bad\.yaml, line 1: not YAML .*too deeply"),
        ("a: !!python/object/apply:os.getcwd []", r"bad\.yaml, line 1: not YAML"),
        ("a: \x07", r"bad\.yaml, line 1: not YAML"),
        ("? [1]\n: 2", r"bad\.yaml, line 1: not YAML"),
        ("#" * (SIZE_LIMIT + 1), "is larger than 2 MiB"),
        ("format: annotator-codebook/1\n", "has no id"),
    ],
)
def test_yaml_that_is_no_codebook_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CodebookError, match=says):
        read_codebook(path)


def test_a_date_in_yaml_is_text(tmp_path: Path) -> None:
    text = codebook_text(default_codebook(), yaml=True).replace("name: Political text", "name: 2024-01-31", 1)
    path = tmp_path / "dated.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_codebook(path).name == "2024-01-31"


def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be written"):
        write_codebook(default_codebook(), tmp_path / "none" / "book.toml")
