"""The menu Help: keys, and what this program is."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow("keys", QT_TRANSLATE_NOOP("actions", "Keys…"), "window.show_keys", "F1"),
    ActionRow("about", QT_TRANSLATE_NOOP("actions", "About…"), "window.show_about"),
)
