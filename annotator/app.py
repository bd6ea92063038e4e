"""The desktop program put together: probe the display, show the window, then do the heavy work."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import logging.handlers
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from annotator import paths
from annotator.settings import Settings

if TYPE_CHECKING:
    from annotator.core.codebook import Codebook
    from annotator.ui.main_window import MainWindow

PROBE_SECONDS = 20
NO_WINDOW = ("offscreen", "minimal")
"""Platforms of Qt that draw into memory only."""

_PROBE = """
import sys
try:
    from PySide6.QtGui import QGuiApplication
    from PySide6 import QtWidgets
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)
QGuiApplication(["probe"])
"""
_NO_QT = 3
_DEBIAN = (
    "libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0"
)
_FEDORA = (
    "mesa-libEGL mesa-libGL libxkbcommon libxkbcommon-x11 dbus-libs fontconfig xcb-util-cursor xcb-util-wm "
    "xcb-util-image xcb-util-keysyms xcb-util-renderutil"
)


def display_problem() -> str | None:
    """Return why no window can be opened here, in one sentence, or None where one can.

    A child process tries, because Qt ends a process that has no display. Meanwhile this process imports the window.
    """
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform in NO_WINDOW:
        return f"There is no display: QT_QPA_PLATFORM is “{platform}”, which draws into memory only."
    on_linux = sys.platform.startswith("linux")
    if on_linux and not platform and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return _missing_qt() or "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
    if not on_linux:
        return None
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _PROBE], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    with contextlib.suppress(ImportError):
        import annotator.ui.main_window  # noqa: F401
    try:
        _, errors = child.communicate(timeout=PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return f"The display does not answer within {PROBE_SECONDS} seconds."
    return _verdict(child.returncode, errors)


def _missing_qt() -> str | None:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return _qt_message(str(error))
    return None


def _verdict(code: int, errors: str) -> str | None:
    if code == 0:
        return None
    if code == _NO_QT or "could not be loaded" in errors or "is needed to load" in errors:
        return _qt_message(errors.strip().splitlines()[0] if errors.strip() else "no reason given")
    lines = [line for line in errors.splitlines() if "display" in line.lower()]
    reason = lines[0].removeprefix("qt.qpa.xcb: ").strip() if lines else f"Qt ended with code {code}"
    return f"The display cannot be used ({reason})."


def _qt_message(reason: str) -> str:
    return (
        f"Qt cannot start because a system library is missing ({reason}). "
        f"On Debian or Ubuntu: apt-get install {_DEBIAN}. On Fedora: dnf install {_FEDORA}."
    )


def run(project: Path | None, settings: Settings) -> int:
    """Show the window, with a project or the start page, until it is closed; returns the exit code.

    Call `display_problem` first: without a display Qt ends the process.
    """
    _watch()
    from PySide6.QtWidgets import QApplication

    from annotator.ui.main_window import MainWindow

    application = QApplication([sys.argv[0] if sys.argv else "annotator"])
    prepare(application)
    window = MainWindow(settings, read_codebook)
    _catch(window)
    if project is not None:
        window.open_when_painted(project)
    window.show()
    return application.exec()


def prepare(application: object) -> None:
    """Give the application its name and icon."""
    from PySide6.QtGui import QGuiApplication, QIcon

    if isinstance(application, QGuiApplication):
        application.setApplicationName("annotator")
        application.setApplicationDisplayName("Annotator")
        application.setDesktopFileName("annotator")
        application.setWindowIcon(QIcon(str(paths.resources() / "icons" / "annotator.svg")))


def read_codebook(file: Path | None) -> Codebook:
    """Return the codebook of a file, or for None the one that ships. Raises UserError."""
    from annotator.formats import codebooks

    return codebooks.default_codebook() if file is None else codebooks.read_codebook(file)


def log_file() -> Path:
    """Return where the program writes what went wrong in it."""
    return paths.config_folder() / "annotator.log"


def _watch() -> None:
    """Log to a file of bounded size, and leave a trace where the process dies."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        faulthandler.enable()
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(log_file(), maxBytes=1_000_000, backupCount=1, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("annotator").addHandler(handler)


def _catch(window: MainWindow) -> None:
    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        window.messages.show_error(error.with_traceback(trace))

    sys.excepthook = show
