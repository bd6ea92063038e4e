"""What a person prefers, brought to the parts of the window: colours, type, and what the hands do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from annotator.settings import Settings
from annotator.ui.theme import Theme, load_theme, theme_name

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow
    from annotator.ui.window_parts import WindowParts

_POINT = 96 / 72
"""Logical pixels in a point."""
_LEAST_SIZE, _LARGEST_SIZE = 8.0, 32.0
"""Points of the text that is read."""


class Preferences(QObject):
    """Changes are saved, and taken over at once."""

    def __init__(self, parts: WindowParts, window: MainWindow) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._settings = window.settings

    @Slot()
    def show(self) -> None:
        """Show the preferences."""
        from annotator.ui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._settings, self._window)
        dialog.changed.connect(self.take)
        dialog.open()

    @Slot(object)
    def take(self, chosen: Settings) -> None:
        """Apply and save preferences that were chosen."""
        from annotator.ui.dialogs.settings import SHOWN

        for name in SHOWN:
            setattr(self._settings, name, getattr(chosen, name))
        self._window.state.save()
        self._window.show_person()
        self._set_theme(load_theme(theme_name(self._settings.theme)))
        self.follow()
        self._parts.watching.set_on(self._settings.show_on_screen and self._window.state.keeps)

    def follow(self) -> None:
        """Let the text that is read and the gestures follow the preferences."""
        self._set_reading_type()
        self._parts.page.reading.set_snapping(self._settings.snapping)
        self._parts.tagging.trim = self._settings.trim
        self._parts.describing.asks = self._settings.ask_attributes

    @Slot()
    def toggle_theme(self) -> None:
        """Change between light and dark."""
        self._settings.theme = "light" if self._window.theme.dark else "dark"
        self._window.state.save()
        self._set_theme(load_theme(self._settings.theme))

    @Slot()
    def larger_text(self) -> None:
        """Make the text that is read, or the pages, larger."""
        self._scale_text(1)

    @Slot()
    def smaller_text(self) -> None:
        """Make the text that is read, or the pages, smaller."""
        self._scale_text(-1)

    def _scale_text(self, points: int) -> None:
        faces, settings = self._parts.page.faces, self._settings
        if faces.shows_pages:
            faces.page_view.zoom_by(points)
            return
        settings.reading_size = min(max(settings.reading_size + points, _LEAST_SIZE), _LARGEST_SIZE)
        self._window.state.save()
        self._set_reading_type()

    def _set_theme(self, theme: Theme) -> None:
        self._window.set_theme(theme)
        for part in (self._parts.page, self._parts.project_pages, self._parts.start_page, self._parts.top_bar.search):
            part.set_theme(theme)

    def _set_reading_type(self) -> None:
        settings = self._settings
        self._parts.page.reading.set_reading_font(
            settings.reading_family,
            round(settings.reading_size * _POINT),
            settings.reading_line_height,
            settings.reading_columns,
        )
        for page in self._parts.project_pages.made():
            page.take_settings()
