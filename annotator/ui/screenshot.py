"""Pictures of the window, drawn without a display: for the manual, for tests, and to look at."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from annotator.core.errors import RefusedError
from annotator.settings import Settings

VIEWS = ("annotate", "start", "history", "export")
SIZE = (1440, 900)
_DEADLINE_SECONDS = 20.0
_SETTLING_SECONDS = 0.3


def take(
    project: Path | None,
    out_png: Path,
    *,
    view: str = "annotate",
    document: str | None = None,
    span: str | None = None,
    theme: str = "light",
    size: tuple[int, int] = SIZE,
    annotator: str = "",
) -> None:
    """Draw the real window with a project to a PNG of exactly `size` pixels.

    Args:
        project: the project; only the start page does without.
        out_png: the picture.
        view: one of `VIEWS`.
        document: id or title of the document on screen; by default the first one.
        span: id of the span to select; by default the first one of the label with the most attributes.
        theme: light or dark.
        size: width and height in pixels.
        annotator: whose name the window shows.

    Raises:
        UserError: an unknown view or document, a project that cannot be read, a picture that cannot be written.
    """
    if view not in VIEWS:
        raise RefusedError("There is no view “{view}”. There are: {known}.", view=view, known=", ".join(VIEWS))
    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from annotator.app import prepare

    application = QApplication.instance() or QApplication([sys.argv[0] if sys.argv else "annotator"])
    prepare(application)
    _Scene(Settings(annotator_name=annotator or " ", theme=theme), size).draw(project, out_png, view, document, span)


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("QT_QPA_PLATFORM"))


class _Scene:
    """One window, set up and drawn. Its preferences are never written, and the project is only read."""

    def __init__(self, settings: Settings, size: tuple[int, int]) -> None:
        from annotator.app import read_codebook
        from annotator.ui.main_window import MainWindow

        self._window = MainWindow(replace(settings), read_codebook, keep_settings=False)
        self._window.setMinimumSize(1, 1)
        self._window.setFixedSize(*size)

    def draw(self, project: Path | None, out_png: Path, view: str, document: str | None, span: str | None) -> None:
        window = self._window
        window.show()
        try:
            if view != "start" and project is not None:
                window.projects.show(_reading_session(project, window.settings.annotator_name))
                window.pretend_writable()
                self._arrange(view, document, span)
            window.setFocus()
            self._wait()
            self._save(out_png, view)
        finally:
            window.close()
            window.deleteLater()

    def _arrange(self, view: str, document: str | None, span: str | None) -> None:
        window = self._window
        session = window.projects.session
        if session is None:
            return
        if document is not None:
            window.annotating.open_document(session.queries.document_named(document).id)
        if view == "history":
            window.toggle_history()
        if view == "export":
            window.documents.export()
        spans = window.page.document.annotations()
        chosen = span or next((a.id for a in spans if len(window.page.document.links(a.id)) > 0), None)
        if chosen is not None and view != "export":
            window.page.reading.select_span(chosen, False)

    def _wait(self) -> None:
        """Let timers and background work run until everything is on screen."""
        from PySide6.QtCore import QCoreApplication, QEventLoop

        end = time.monotonic() + _DEADLINE_SECONDS
        settled = time.monotonic() + _SETTLING_SECONDS
        while time.monotonic() < end and (self._window.tasks.running or time.monotonic() < settled):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)

    def _save(self, out_png: Path, view: str) -> None:
        from PySide6.QtCore import QPoint
        from PySide6.QtGui import QPainter
        from PySide6.QtWidgets import QApplication

        picture = self._window.grab()
        dialog = QApplication.activeModalWidget()
        if view == "export" and dialog is not None:
            painter = QPainter(picture)
            veil = self._window.theme.color("text" if not self._window.theme.dark else "shadow")
            veil.setAlpha(70)
            painter.fillRect(picture.rect(), veil)
            corner = self._window.rect().center() - QPoint(dialog.width() // 2, dialog.height() // 2)
            painter.drawPixmap(corner, dialog.grab())
            painter.end()
            dialog.close()
        if not picture.save(str(out_png), "PNG"):
            raise RefusedError("The picture {file} cannot be written. Check the folder.", file=out_png)


_NOBODY = "00000000-0000-4000-8000-000000000000"


def _reading_session(project: Path, name: str) -> Session:
    """Open a project to be read, as the person of this name, or else as the one who tagged most."""
    from annotator.session.people import Person, person_named
    from annotator.session.session import Session

    with Session(project, Person(_NOBODY, ""), write=False) as session:
        people = session.queries.annotators()
        choices = session.datasets.choices()
    owners = [person for person in people if person.id == _most_active(project, choices)]
    if name.strip() or not owners:
        person = person_named(name.strip() or "Annotator", people, _NOBODY)
    else:
        person = Person(owners[0].id, owners[0].name)
    return Session(project, person, write=False)
