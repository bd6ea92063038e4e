"""Icons by what they stand for, in a colour of the theme; and the program's own.

How to add an icon:
1. find its name among the Material Design icons that qtawesome carries (`qta-browser` shows them);
2. add it to `ICONS` under the role that it plays in the window.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from annotator import paths
from annotator.core.errors import BugError
from annotator.ui.theme import Theme

ICONS: Mapping[str, str] = {
    "new": "mdi6.file-plus-outline",
    "open": "mdi6.folder-open-outline",
    "sample": "mdi6.book-open-page-variant-outline",
    "project": "mdi6.database-outline",
    "import": "mdi6.import",
    "paste": "mdi6.content-paste",
    "export": "mdi6.export",
    "undo": "mdi6.undo",
    "redo": "mdi6.redo",
    "delete": "mdi6.trash-can-outline",
    "note": "mdi6.note-text-outline",
    "relate": "mdi6.vector-line",
    "edit": "mdi6.pencil-outline",
    "label": "mdi6.tag-outline",
    "settings": "mdi6.cog-outline",
    "help": "mdi6.help-circle-outline",
    "keys": "mdi6.keyboard-outline",
    "about": "mdi6.information-outline",
    "history": "mdi6.history",
    "document": "mdi6.file-document-outline",
    "folder": "mdi6.folder-outline",
    "success": "mdi6.check-circle-outline",
    "warning": "mdi6.alert-outline",
    "error": "mdi6.alert-circle-outline",
    "search": "mdi6.magnify",
    "close": "mdi6.close",
    "calendar": "mdi6.calendar",
    "copy": "mdi6.content-copy",
    "next": "mdi6.chevron-right",
    "previous": "mdi6.chevron-left",
    "saved": "mdi6.content-save-outline",
    "link": "mdi6.link-variant",
}


def icon(role: str, theme: Theme, color: str = "text_muted") -> QIcon:
    """Return the icon of a role in a colour token. Raises BugError for an unknown role or token."""
    return icon_in(role, theme.color(color))


def icon_in(role: str, color: QColor) -> QIcon:
    """Return the icon of a role in a colour. Raises BugError for an unknown role."""
    import qtawesome

    if role not in ICONS:
        raise BugError(f"no icon for {role!r}")
    return qtawesome.icon(ICONS[role], color=color)


def program_pixmap(size: int, widget: QWidget) -> QPixmap:
    """Return the program's own icon, `size` logical pixels wide, as sharp as the widget's screen."""
    from PySide6.QtSvg import QSvgRenderer

    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(str(paths.resources() / "icons" / "annotator.svg")).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
