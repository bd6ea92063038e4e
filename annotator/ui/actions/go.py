"""The menu Go: going elsewhere."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow(
        "next_untagged",
        QT_TRANSLATE_NOOP("actions", "Next untagged sentence"),
        "desk.next_untagged",
        needs="document",
        key="N",
    ),
    ActionRow(
        "previous_untagged",
        QT_TRANSLATE_NOOP("actions", "Untagged sentence before"),
        "desk.previous_untagged",
        needs="document",
        key="Shift+N",
    ),
    ActionRow(
        "next_unread",
        QT_TRANSLATE_NOOP("actions", "Next unread place"),
        "covering.next_unread",
        "Ctrl+Shift+X",
        "document",
        group_end=True,
    ),
    ActionRow(
        "next_finding",
        QT_TRANSLATE_NOOP("actions", "Next finding of the check"),
        "checking.next_finding",
        "F8",
        "project",
    ),
    ActionRow(
        "previous_finding",
        QT_TRANSLATE_NOOP("actions", "Finding of the check before"),
        "checking.previous_finding",
        "Shift+F8",
        "project",
        group_end=True,
    ),
    ActionRow(
        "next_document", QT_TRANSLATE_NOOP("actions", "Next document"), "desk.next_document", "Ctrl+PgDown", "document"
    ),
    ActionRow(
        "previous_document",
        QT_TRANSLATE_NOOP("actions", "Previous document"),
        "desk.previous_document",
        "Ctrl+PgUp",
        "document",
    ),
    ActionRow(
        "go_to", QT_TRANSLATE_NOOP("actions", "Go to page…"), "faces.go_to", "Ctrl+G", "shown pages", group_end=True
    ),
    ActionRow("next_pane", QT_TRANSLATE_NOOP("actions", "Next pane"), "panes.next_pane", "F6"),
    ActionRow("previous_pane", QT_TRANSLATE_NOOP("actions", "Previous pane"), "panes.previous_pane", "Shift+F6"),
    ActionRow(
        "back_to_text",
        QT_TRANSLATE_NOOP("actions", "Back to the text"),
        "desk.back_to_text",
        needs="project",
        key="Esc",
    ),
)
