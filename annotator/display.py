"""Finds out whether a window can open before Qt is asked, because Qt ends the process where it cannot.

The question is put to a child process with a time limit; sockets that are plainly dead are told at once.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from annotator.paths import config_folder

TIME_LIMIT_SECONDS = 15.0
_WITHOUT_A_SCREEN = ("offscreen", "minimal", "minimalegl", "vnc")
_NO_DISPLAY = "There is no display, so the window cannot open."
_LIBRARIES = (
    "Qt misses a system library ({reason}). Install it and try again; Debian and Ubuntu: apt install libegl1 libgl1 "
    "libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 "
    "libxcb-shape0 libxcb-image0 libxcb-render-util0; Fedora: dnf install mesa-libEGL mesa-libGL libxkbcommon "
    "libxkbcommon-x11 dbus-libs fontconfig xcb-util-cursor xcb-util-wm xcb-util-keysyms xcb-util-image "
    "xcb-util-renderutil."
)
PROBE_ARGUMENT = "--probe-display"


class DisplayProbe:
    """Asks in a child while the caller goes on; `problem()` waits for the answer."""

    def __init__(self) -> None:
        self._known = _plain_problem()
        self._place = _place()
        self._child = None if self._known or _remembered() == self._place else _start_child()

    def problem(self) -> str:
        """Return why no window can open, in one sentence, or an empty text where one can."""
        if self._child is None:
            return self._known
        try:
            _, errors = self._child.communicate(timeout=TIME_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
            return "The display does not answer, so the window cannot open."
        if self._child.returncode != 0:
            return _explained(errors.decode(errors="replace"))
        _remember(self._place)
        return ""


def display_problem() -> str:
    """Return why no window can open, in one sentence, or an empty text where one can."""
    return DisplayProbe().problem()


def missing_library(reason: str) -> str:
    """Return the sentence for a system library that Qt cannot do without; names Debian's and Fedora's packages."""
    return _LIBRARIES.format(reason=reason)


def probe() -> int:
    """Be the child: make a QApplication and leave. Qt may end the process instead, which is an answer too."""
    from PySide6.QtWidgets import QApplication

    QApplication([])
    return 0


def _place() -> str:
    """Return what the answer depends on: the screen, the installation of Qt, and the computer's current run."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    screen = [os.environ.get(name, "") for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")]
    return "\n".join([*screen, sys.prefix, boot.read_text("ascii").strip() if boot.exists() else ""])


def _memory() -> Path:
    return config_folder() / "display"


def _remembered() -> str:
    try:
        return _memory().read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _remember(place: str) -> None:
    """Keep the place of a window that opened, so that the next start need not ask; a dead socket is noticed anyway."""
    with suppress(OSError):
        _memory().parent.mkdir(parents=True, exist_ok=True)
        _memory().write_text(place, "utf-8")


def _start_child() -> subprocess.Popen[bytes]:
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, PROBE_ARGUMENT] if frozen else [sys.executable, "-m", "annotator", PROBE_ARGUMENT]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _plain_problem() -> str:
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in _WITHOUT_A_SCREEN:
        return _NO_DISPLAY
    if sys.platform in ("win32", "darwin"):
        return ""
    screens = [place for place in (_x11_socket(), _wayland_socket()) if place is not None]
    return "" if any(_answers(place) for place in screens) else _NO_DISPLAY


def _x11_socket() -> Path | tuple[str, int] | None:
    host, colon, number = os.environ.get("DISPLAY", "").rpartition(":")
    number = number.split(".")[0]
    if not colon or not number.isdecimal():
        return None
    if host in ("", "unix"):
        return Path("/tmp/.X11-unix") / f"X{number}"  # noqa: S108 - the place that X11 defines
    return host, 6000 + int(number)


def _wayland_socket() -> Path | None:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    return Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name if name else None


def _answers(place: Path | tuple[str, int]) -> bool:
    family = socket.AF_UNIX if isinstance(place, Path) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        try:
            connection.connect(str(place) if isinstance(place, Path) else place)
        except OSError:
            return _abstract_answers(place)
    return True


def _abstract_answers(place: Path | tuple[str, int]) -> bool:
    """Try the abstract socket that an X server on Linux may listen on without a file."""
    if not isinstance(place, Path) or not place.name.startswith("X") or sys.platform != "linux":
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(f"\0{place}")
        except OSError:
            return False
    return True


def _explained(errors: str) -> str:
    missing = [line for line in errors.splitlines() if "cannot open shared object file" in line]
    if missing:
        return missing_library(missing[-1].split("ImportError: ")[-1].strip())
    if "xcb-cursor" in errors:
        return missing_library("libxcb-cursor.so.0")
    return _NO_DISPLAY
