"""Whether a window can open is found out before Qt is asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import display


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A Wayland socket that answers, and no other screen."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        yield server


def answer(monkeypatch: pytest.MonkeyPatch, code: str) -> list[int]:
    """Let the child be a small script; return a list that grows with every child that is started."""
    import subprocess
    import sys

    started: list[int] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(1)
        return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    monkeypatch.setattr(display, "_start_child", start)
    return started


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "offscreen:size=3"])
def test_platforms_without_a_screen_count_as_none(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert "no display" in display.display_problem()


@pytest.mark.parametrize(("name", "value"), [("DISPLAY", ":4711"), ("WAYLAND_DISPLAY", "gone"), ("DISPLAY", "")])
def test_a_dead_screen_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv(name, value)
    assert "no display" in display.display_problem()


def test_an_answer_is_asked_for_once(screen: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    started = answer(monkeypatch, "pass")
    assert [display.display_problem() for _ in range(3)] == ["", "", ""]
    assert started == [1]
    monkeypatch.setattr("sys.prefix", "elsewhere")
    assert display.display_problem() == ""
    assert started == [1, 1]


def test_a_remembered_screen_that_died_is_noticed(screen: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "pass")
    assert display.display_problem() == ""
    screen.close()
    assert "no display" in display.display_problem()


def test_qt_that_ends_the_child_is_a_problem(screen: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    started = answer(monkeypatch, "import os; os.abort()")
    assert "no display" in display.display_problem()
    assert "no display" in display.display_problem()
    assert started == [1, 1]


def test_a_screen_that_hangs_is_given_up(screen: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(display, "TIME_LIMIT_SECONDS", 0.3)
    assert "does not answer" in display.display_problem()


@pytest.mark.parametrize(
    "error", ["ImportError: libEGL.so.1: cannot open shared object file: No such file", "xcb-cursor0 is needed"]
)
def test_a_missing_library_is_named_with_its_packages(
    screen: socket.socket, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    answer(monkeypatch, f"import sys; sys.exit({error!r})")
    problem = display.display_problem()
    assert "apt install libegl1" in problem
    assert "dnf install mesa-libEGL" in problem
    assert ("libEGL.so.1" in problem) == error.startswith("ImportError")
