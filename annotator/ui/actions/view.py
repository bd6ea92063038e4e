"""The menu View: what is shown, and how."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow("annotate_page", QT_TRANSLATE_NOOP("actions", "Annotate"), "pages.show_annotate", "Ctrl+1", "project"),
    ActionRow("review_page", QT_TRANSLATE_NOOP("actions", "Review"), "pages.show_review", "Ctrl+2", "review"),
    ActionRow("corpus_page", QT_TRANSLATE_NOOP("actions", "Corpus"), "pages.show_corpus", "Ctrl+3", "project"),
    ActionRow(
        "agreement",
        QT_TRANSLATE_NOOP("actions", "Agreement…"),
        "agreement.show",
        "Ctrl+Shift+J",
        "review",
        group_end=True,
    ),
    ActionRow(
        "sight",
        QT_TRANSLATE_NOOP("actions", "Labels and layers that are shown…"),
        "sighting.choose",
        "Ctrl+Shift+G",
        "document",
    ),
    ActionRow(
        "show_everything",
        QT_TRANSLATE_NOOP("actions", "Show all labels and layers"),
        "sighting.show_everything",
        needs="document",
    ),
    ActionRow(
        "relations",
        QT_TRANSLATE_NOOP("actions", "Relations"),
        "relating.toggle_shown",
        needs="project",
        checkable=True,
        group_end=True,
    ),
    ActionRow("notes", QT_TRANSLATE_NOOP("actions", "Notes…"), "noting.show_list", "Ctrl+Shift+N", "project"),
    ActionRow(
        "history",
        QT_TRANSLATE_NOOP("actions", "History"),
        "window.toggle_history",
        "Ctrl+H",
        "project",
        checkable=True,
        group_end=True,
    ),
    ActionRow(
        "pages", QT_TRANSLATE_NOOP("actions", "Show as text or as pages"), "faces.toggle", "Ctrl+Shift+P", "pages"
    ),
    ActionRow("fit_width", QT_TRANSLATE_NOOP("actions", "Fit width"), "faces.fit_width", "Ctrl+0", "shown pages"),
    ActionRow("fit_page", QT_TRANSLATE_NOOP("actions", "Fit page"), "faces.fit_page", needs="shown pages"),
    ActionRow(
        "thumbnails",
        QT_TRANSLATE_NOOP("actions", "Thumbnails"),
        "faces.toggle_thumbnails",
        "Ctrl+Shift+T",
        "shown pages",
        group_end=True,
    ),
    ActionRow(
        "larger", QT_TRANSLATE_NOOP("actions", "Larger text"), "preferences.larger_text", "Ctrl++", also="Ctrl+="
    ),
    ActionRow("smaller", QT_TRANSLATE_NOOP("actions", "Smaller text"), "preferences.smaller_text", "Ctrl+-"),
    ActionRow("theme", QT_TRANSLATE_NOOP("actions", "Light or dark"), "preferences.toggle_theme", "Ctrl+Shift+L"),
    ActionRow("forget_on_screen", QT_TRANSLATE_NOOP("actions", "Forget what was on screen"), "watching.forget"),
)
