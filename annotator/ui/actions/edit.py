"""The menu Edit: taking back, copying and finding."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow("undo", QT_TRANSLATE_NOOP("actions", "Undo"), "travelling.undo", "Ctrl+Z", "writable"),
    ActionRow(
        "redo", QT_TRANSLATE_NOOP("actions", "Redo"), "travelling.redo", "Ctrl+Shift+Z", "writable", group_end=True
    ),
    ActionRow("copy", QT_TRANSLATE_NOOP("actions", "Copy"), "finding.copy_text", needs="document", key="Ctrl+C"),
    ActionRow(
        "copy_citation",
        QT_TRANSLATE_NOOP("actions", "Copy the quote with its citation"),
        "finding.copy_citation",
        "Ctrl+Shift+C",
        "document",
        group_end=True,
    ),
    ActionRow("find", QT_TRANSLATE_NOOP("actions", "Find in the document…"), "finding.find", "Ctrl+F", "document"),
    ActionRow("find_next", QT_TRANSLATE_NOOP("actions", "Find next"), "finding.find_next", "F3", "document"),
    ActionRow(
        "find_previous",
        QT_TRANSLATE_NOOP("actions", "Find previous"),
        "finding.find_previous",
        "Shift+F3",
        "document",
        group_end=True,
    ),
    ActionRow(
        "search", QT_TRANSLATE_NOOP("actions", "Search the project…"), "searching.open", "Ctrl+Shift+F", "project"
    ),
    ActionRow("next_hit", QT_TRANSLATE_NOOP("actions", "Next hit"), "searching.next_hit", "F4", "project"),
    ActionRow(
        "previous_hit", QT_TRANSLATE_NOOP("actions", "Previous hit"), "searching.previous_hit", "Shift+F4", "project"
    ),
    ActionRow(
        "drop_parts",
        QT_TRANSLATE_NOOP("actions", "Remove the index of parts of words"),
        "searching.drop_parts",
        needs="writable",
        group_end=True,
    ),
    ActionRow(
        "find_and_tag",
        QT_TRANSLATE_NOOP("actions", "Find and tag all…"),
        "repeating.find_and_tag",
        "Ctrl+Shift+H",
        "editable",
    ),
    ActionRow(
        "find_repeats",
        QT_TRANSLATE_NOOP("actions", "Repeated sentences…"),
        "repeating.find_repeats",
        "Ctrl+Shift+E",
        "editable span",
        group_end=True,
    ),
    ActionRow(
        "everything", QT_TRANSLATE_NOOP("actions", "Search documents and commands…"), "window.focus_search", "Ctrl+K"
    ),
)
