"""What every command shares: its progress names files as they are called."""

from __future__ import annotations

import io
import sys

import pytest

from annotator.console import progress_bar


class Terminal(io.StringIO):
    """Says that it is one, and keeps what it is given."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", ["[red]x.txt", "a [/b].txt", "ends in \\", ":warning: x.txt", "[link=file:x]y"])
def test_the_progress_takes_no_name_for_markup(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    terminal = Terminal()
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar("Reading") as report:
        report(1, 3, name)
    assert f"Reading {name}" in terminal.getvalue()
