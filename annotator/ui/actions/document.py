"""The menu Document: one document: status, properties, coverage, versions."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow(
        "done", QT_TRANSLATE_NOOP("actions", "The document is done"), "documents.toggle_done", "Ctrl+D", "editable"
    ),
    ActionRow(
        "properties",
        QT_TRANSLATE_NOOP("actions", "Document properties…"),
        "documents.show_properties",
        "Ctrl+Return",
        "document",
    ),
    ActionRow(
        "note_document",
        QT_TRANSLATE_NOOP("actions", "Note on the document…"),
        "noting.note_on_document",
        "Ctrl+Shift+M",
        "document",
        group_end=True,
    ),
    ActionRow("read", QT_TRANSLATE_NOOP("actions", "Read, nothing here"), "covering.toggle", needs="editable", key="X"),
    ActionRow(
        "not_read",
        QT_TRANSLATE_NOOP("actions", "Not read after all"),
        "covering.unmark",
        needs="editable",
        key="Shift+X",
    ),
    ActionRow(
        "attribute_pass",
        QT_TRANSLATE_NOOP("actions", "Attribute pass…"),
        "attribute_pass.open",
        "Ctrl+Shift+A",
        "document",
        group_end=True,
    ),
    ActionRow(
        "correct", QT_TRANSLATE_NOOP("actions", "Correct the text…"), "documents.correct_text", needs="free document"
    ),
    ActionRow(
        "import_version",
        QT_TRANSLATE_NOOP("actions", "Import an edited version…"),
        "versions.import_version",
        needs="free document",
    ),
    ActionRow(
        "compare_versions",
        QT_TRANSLATE_NOOP("actions", "Compare with the earlier version…"),
        "versions.compare",
        needs="document",
    ),
    ActionRow(
        "unplaced",
        QT_TRANSLATE_NOOP("actions", "Unplaced spans…"),
        "versions.show_unplaced",
        needs="editable",
        group_end=True,
    ),
    ActionRow(
        "remove",
        QT_TRANSLATE_NOOP("actions", "Remove the document…"),
        "documents.remove_current",
        needs="free document",
    ),
)
