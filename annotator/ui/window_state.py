"""What the window remembers from one day to the next: how documents are shown, its size and its
splitters, and the place in each project.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QTimer, Slot
from PySide6.QtWidgets import QMainWindow, QSplitter

from annotator.settings import Place, Settings

SAVE_DELAY_MS = 1500


class WindowState(QObject):
    """Writes the preferences a moment after the last change, and when it is told to."""

    def __init__(self, settings: Settings, parent: QObject | None = None, *, keep: bool = True) -> None:
        super().__init__(parent)
        self.settings = settings
        self._keep = keep
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_DELAY_MS)
        self._timer.timeout.connect(self.save)

    @property
    def keeps(self) -> bool:
        """Say whether anything is kept from one day to the next."""
        return self._keep

    def remember_place(self, project: str, document: str, position: int) -> None:
        """Note the document on screen and its first code point in sight."""
        self.settings.places[project] = Place(document, position)
        self._timer.start()

    def place(self, project: str) -> Place | None:
        """Return where somebody was in a project."""
        return self.settings.places.get(project)

    def remember_window(self, window: QMainWindow, splitter: QSplitter) -> None:
        """Note the window's geometry and its splitter."""
        self.settings.window["geometry"] = _as_text(window.saveGeometry())
        self.settings.window["splitter"] = _as_text(splitter.saveState())

    def choices(self) -> dict[str, str]:
        """Return how documents were shown, by name."""
        return dict(self.settings.window) if self._keep else {}

    def remember_choices(self, choices: dict[str, str]) -> None:
        """Note how documents are shown."""
        if not choices.items() <= self.settings.window.items():
            self.settings.window |= choices
            self._timer.start()

    def restore_geometry(self, window: QMainWindow) -> None:
        """Bring the window to where it was."""
        window.restoreGeometry(self._stored("geometry"))

    def restore_splitter(self, splitter: QSplitter) -> bool:
        """Bring the splitter to where it was, and say whether it was known and understood."""
        return splitter.restoreState(self._stored("splitter"))

    def _stored(self, name: str) -> QByteArray:
        text = self.settings.window.get(name, "") if self._keep else ""
        return QByteArray.fromBase64(QByteArray(text.encode("ascii", "ignore")))

    @Slot()
    def save(self) -> None:
        """Write the preferences now."""
        self._timer.stop()
        if self._keep:
            self.settings.save()


def _as_text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")
