"""Tables as files: what is read back, formulas that stay text, and files that appear whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.errors import UserError
from annotator.formats.tables import KINDS, guarded, write_table

ROWS = [["=1+1", 'Київ, "the capital"\nand more'], ["@SUM(A1)", " -2"], ["plain", "x\x00y"]]


def read(path: Path, kind: str) -> list[list[str]]:
    if kind == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    from openpyxl import load_workbook

    sheet = load_workbook(path).worksheets[0]
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row)
    return [[str(cell.value) for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_is_a_formula(tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"table.{kind}"
    target.write_text("before")
    assert write_table(target, kind, "A/B: [c]", ["+name", "text"], ROWS) == 3
    found = read(target, kind)
    assert found[0] == ["'+name", "text"]
    assert found[1] == ["'=1+1", 'Київ, "the capital"\nand more']
    assert found[2] == ["'@SUM(A1)", "' -2"]
    assert list(tmp_path.iterdir()) == [target]


def test_the_mark_is_optional(tmp_path: Path) -> None:
    for mark in (True, False):
        write_table(tmp_path / "t.csv", "csv", "t", ["a"], [["б"]], mark=mark)
        assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf") == mark


@pytest.mark.parametrize("kind", KINDS)
def test_what_stops_leaves_what_was_there(tmp_path: Path, kind: str) -> None:
    def rows() -> Iterator[list[str]]:
        yield ["one"]
        raise KeyboardInterrupt

    target = tmp_path / f"table.{kind}"
    target.write_text("before")
    with pytest.raises(KeyboardInterrupt):
        write_table(target, kind, "t", ["a"], rows())
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        write_table(tmp_path / "no" / "t.csv", "csv", "t", ["a"], [])


def test_text_that_is_no_formula_stays() -> None:
    assert [guarded(text) for text in ("", "a=b", "1-2", "“=”")] == ["", "a=b", "1-2", "“=”"]
