"""Pictures of the window, drawn without a display: for the manual, for tests, and to look at."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from annotator.core.errors import RefusedError
from annotator.settings import Settings
from annotator.ui.collector import WindowCollector
from annotator.ui.project_pages import PAGES

if TYPE_CHECKING:
    from annotator.core.records import Annotation
    from annotator.session.people import Person
    from annotator.session.session import Session
    from annotator.ui.main_window import MainWindow

VIEWS = ("annotate", "start", "history", "export", "page", "review", "corpus")
SIZE = (1440, 900)
_DEADLINE_SECONDS = 20.0
_SETTLING_SECONDS = 0.3


def take(
    project: Path | None,
    out_png: Path,
    *,
    person: Person,
    view: str = "annotate",
    document: str = "",
    span: str = "",
    theme: str = "light",
    size: tuple[int, int] = SIZE,
) -> None:
    """Draw the real window with a project to a PNG of exactly `size` pixels.

    The project is only read, and no preferences are read or written.

    Args:
        project: the project; the start page does without.
        out_png: the picture.
        person: who would sit at the window.
        view: one of `VIEWS`.
        document: id or title of the document on screen; empty takes the first one.
        span: id of the span to select; empty takes the first one that has a relation.
        theme: light or dark.
        size: width and height in pixels.

    Raises:
        UserError: an unknown view or document, a project that cannot be read, a picture that cannot be written.
    """
    if view not in VIEWS:
        raise RefusedError("There is no view “{view}”. There are: {known}.", view=view, known=", ".join(VIEWS))
    application = _application()
    from annotator.app import prepare, read_codebook
    from annotator.ui.main_window import MainWindow

    prepare(application)
    settings = Settings(annotator_id=person.id, annotator_name=person.name, theme=theme)
    settings.recent = [str(project)] if project is not None else []
    window = MainWindow(settings, read_codebook, keep_settings=False)
    window.assemble()
    window.setMinimumSize(1, 1)
    window.setFixedSize(*size)
    window.show()
    try:
        if view != "start" and project is not None:
            _arrange(window, project, person, view, document, span)
        _settle(window)
        _save(window, out_png, view)
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication([sys.argv[0] if sys.argv else "annotator"])
    WindowCollector(application)
    return application


def _arrange(window: MainWindow, project: Path, person: Person, view: str, document: str, span: str) -> None:
    from annotator.session.session import Session

    session = Session(project, person, write=False)
    window.projects.show(session)
    window.pretend_writable()
    if document:
        window.desk.open_document(session.queries.document_named(document).id)
    if view == "page":
        _show_pages(window, session, search=not document)
    if view == "review":
        _show_review(window, session, document)
    if view == "corpus":
        _show_corpus(window, session, document)
    if view == "history":
        window.toggle_history()
    if view == "export":
        window.parts.datasets.export()
    else:
        chosen = span or _telling_span(window)
        if chosen:
            window.page.reading.select_span(chosen, view == "page")
    window.setFocus()


def _show_review(window: MainWindow, session: Session, document: str) -> None:
    """Show the review page as a lead sees it: the first case of all, or of a document."""
    from annotator.ui.review_page import ReviewPage

    pages = window.parts.project_pages
    page = pages.page("review")
    assert isinstance(page, ReviewPage)
    page.pretend_lead()
    pages.show("review")
    window.top_bar.show_tabs(PAGES)
    if document:
        page.show_only(session.queries.document_named(document).id)


def _show_corpus(window: MainWindow, session: Session, document: str) -> None:
    """Show the corpus page with all annotations, or with those of a document."""
    from annotator.core.corpus_query import CorpusFilter
    from annotator.ui.corpus_page import CorpusPage

    pages = window.parts.project_pages
    page = pages.page("corpus")
    assert isinstance(page, CorpusPage)
    if document:
        page.set_filter(CorpusFilter(documents=(session.queries.document_named(document).id,)))
    pages.show("corpus")


def _show_pages(window: MainWindow, session: Session, *, search: bool) -> None:
    """Show the pages of the document on screen, or of the first one that has any. Raises RefusedError."""
    faces = window.page.faces
    faces.choose(True)
    with_pages = [row.document.id for row in session.queries.documents() if row.document.pages] if search else []
    if with_pages:
        window.desk.open_document(with_pages[0])
    if not faces.shows_pages:
        raise RefusedError("There are no pages to show. Name a document that came from a PDF with --document.")


def _telling_span(window: MainWindow) -> str:
    """Return the span that shows most of what the inspector can."""
    shown = window.page.document

    def weight(annotation: Annotation) -> tuple[bool, bool]:
        return bool(shown.note(annotation.id)), bool(shown.links(annotation.id))

    return max(shown.annotations(), key=weight).id if shown.annotations() else ""


def _settle(window: MainWindow) -> None:
    """Let timers and background work run until everything is on screen."""
    end = time.monotonic() + _DEADLINE_SECONDS
    settled = time.monotonic() + _SETTLING_SECONDS
    faces = window.page.faces
    while time.monotonic() < end and (window.tasks.running or faces.is_waiting or time.monotonic() < settled):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def _save(window: MainWindow, out_png: Path, view: str) -> None:
    picture = window.grab()
    dialog = QApplication.activeModalWidget()
    if view == "export" and dialog is not None:
        _lay_over(picture, dialog.grab(), window)
        dialog.close()
    if not picture.save(str(out_png), "PNG"):
        raise RefusedError("The picture {file} cannot be written. Check the folder.", file=out_png)


def _lay_over(picture: QPixmap, dialog: QPixmap, window: MainWindow) -> None:
    """Draw a dialog over the middle of the window, which steps back a little."""
    painter = QPainter(picture)
    veil = window.theme.color("shadow" if window.theme.dark else "text")
    veil.setAlpha(90)
    painter.fillRect(picture.rect(), veil)
    size = dialog.deviceIndependentSize().toSize()
    painter.drawPixmap(window.rect().center() - QPoint(size.width() // 2, size.height() // 2), dialog)
    painter.end()
