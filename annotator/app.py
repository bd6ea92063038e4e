"""The desktop program put together: show the window, then do the heavy work.

Ask `annotator.display` first whether a window can open. Importing this module imports Qt and an empty frame; whoever
waits for the display meanwhile may import `annotator.ui.window_parts`, which is all the rest.
"""

from __future__ import annotations

import contextlib
import faulthandler
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from annotator import paths
from annotator.settings import Settings
from annotator.ui.collector import WindowCollector
from annotator.ui.main_window import MainWindow

if TYPE_CHECKING:
    from annotator.core.codebook import Codebook

LOG_BYTES = 1_000_000


def run(project: Path | None, settings: Settings) -> int:
    """Show the window, with a project or the start page, until it is closed; returns the exit code."""
    application = QApplication([sys.argv[0] if sys.argv else "annotator"])
    window = MainWindow(settings, read_codebook)
    WindowCollector(application)
    window.painted.connect(_watch)
    window.begin_when_painted(project)
    prepare(application)
    _catch(window)
    window.show()
    return application.exec()


def prepare(application: QApplication) -> None:
    """Give the application its name and icon."""
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
    import logging
    from logging.handlers import RotatingFileHandler

    with contextlib.suppress(OSError, ValueError, AttributeError):
        faulthandler.enable()
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("annotator").addHandler(handler)


def _catch(window: MainWindow) -> None:
    """Show and log what no slot has handled, instead of ending the program."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, Exception):
            window.parts.messages.show_error(error.with_traceback(trace))
        else:
            sys.__excepthook__(kind, error, trace)

    sys.excepthook = show
