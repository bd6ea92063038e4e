"""Watching which text is on screen, for the line in the margin; it stays on this computer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from annotator.core.records import Fragment
from annotator.ui.gestures.desk import Desk
from annotator.ui.models.on_screen import OnScreen, SightTimes, forget_all
from annotator.ui.views.reading_coverage import sight_range

_SAVE_DELAY = 5000


class Watching(QObject):
    """Notes what was in sight in the text long enough, while it is wanted. Pages of a PDF are not watched."""

    def __init__(self, desk: Desk, folder: Path, *, on: bool) -> None:
        super().__init__(desk)
        self._desk = desk
        self._folder = folder
        self._on = on
        self._document = self._project = ""
        self._store: OnScreen | None = None
        self._times = SightTimes()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(_SAVE_DELAY)
        self._save_timer.timeout.connect(self._save)
        bar = desk.reading.verticalScrollBar()
        bar.valueChanged.connect(self.look)
        bar.rangeChanged.connect(self.look)
        desk.document.opened.connect(self._open)
        desk.page.faces.changed.connect(self.look)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self.look)

    def set_on(self, on: bool) -> None:
        """Watch and draw, or do neither; what is kept stays."""
        if on != self._on:
            self._leave()
            self._on = on
            self._open()

    @Slot()
    def forget(self) -> None:
        """Delete what was kept, of every project."""
        try:
            forget_all(self._folder)
        except OSError as error:
            words = self.tr("What was on screen cannot be deleted from {folder}: {reason}. Delete that folder.")
            self._desk.messages.inform(words.format(folder=self._folder, reason=error.strerror or error))
            return
        self._save_timer.stop()
        self._store = None
        self._times = SightTimes()
        self._open()
        self._desk.messages.inform(self.tr("Forgotten what was on screen."))

    @Slot()
    def _open(self) -> None:
        """Go over to the document that is on screen now."""
        self._leave()
        document = self._desk.document.document
        self._document = "" if document is None or not self._on else document.id
        if self._document:
            project = self._desk.session.queries.project().id
            if self._store is None or project != self._project:
                self._project, self._store = project, OnScreen(self._folder, project)
        else:
            self._store = None
        self._show()
        self.look()

    def _leave(self) -> None:
        self._take(self._times.look(None, self._clock.elapsed()))
        self._save()
        self._document = ""

    @Slot()
    def look(self) -> None:
        """See what is on screen now, and look again when some of it will have been there long enough."""
        now = self._clock.elapsed()
        self._take(self._times.look(self._visible(), now))
        due = self._times.due()
        if due is None:
            self._timer.stop()
        else:
            self._timer.start(max(1, due - now))

    def _visible(self) -> Fragment | None:
        reading = self._desk.reading
        is_active = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
        if not self._document or not reading.isVisible() or not is_active:
            return None
        return sight_range(reading.page)

    def _take(self, ranges: list[Fragment]) -> None:
        if self._store is not None and self._document and ranges and self._store.add(self._document, ranges):
            self._save_timer.start()
            self._show()

    def _show(self) -> None:
        reading = self._desk.reading
        reading.coverage.seen = self._store.ranges(self._document) if self._store is not None else ()
        reading.viewport().update()

    @Slot()
    def _save(self) -> None:
        self._save_timer.stop()
        if self._store is not None:
            self._store.save()
