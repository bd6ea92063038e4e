"""The table of every action of the window.

How to add an action:
1. add its row to the module of its menu: id, text, slot as "part.method", shortcut, and what it needs;
2. write the method on that part (its name is in the table of `window_parts`);
3. run `tests/ui/test_main_window.py`: it fails for a shortcut used twice and for a slot that is not there.

Single keys (digits, R, Delete …) belong to the reading view, which acts on them only while it has the focus. Their
rows have `key` instead of `shortcut`: it is shown in menus and in the list of keys, and is not installed.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from annotator.ui.actions import annotate, document, edit, go, help, project, review, view
from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

_MENUS = {
    QT_TRANSLATE_NOOP("actions", "Project"): project.ROWS,
    QT_TRANSLATE_NOOP("actions", "Edit"): edit.ROWS,
    QT_TRANSLATE_NOOP("actions", "Annotate"): annotate.ROWS,
    QT_TRANSLATE_NOOP("actions", "Document"): document.ROWS,
    QT_TRANSLATE_NOOP("actions", "Review"): review.ROWS,
    QT_TRANSLATE_NOOP("actions", "Go"): go.ROWS,
    QT_TRANSLATE_NOOP("actions", "View"): view.ROWS,
    QT_TRANSLATE_NOOP("actions", "Help"): help.ROWS,
}
_WITHOUT_MENU = (ActionRow("menu", QT_TRANSLATE_NOOP("actions", "Open the menu"), "window.open_menu", "F10"),)

MENUS = tuple(_MENUS)

ACTIONS = (
    *(replace(row, menu=menu) for menu, rows in _MENUS.items() for row in rows),
    *_WITHOUT_MENU,
)


def action_text(row: ActionRow) -> str:
    """Return an action's text in the language of the window."""
    return QCoreApplication.translate("actions", row.text)
