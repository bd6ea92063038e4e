"""The menu Project: whole projects: files in and out, the codebook, people, settings."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow("new", QT_TRANSLATE_NOOP("actions", "New project…"), "projects.new", "Ctrl+N"),
    ActionRow("open", QT_TRANSLATE_NOOP("actions", "Open project…"), "projects.open", "Ctrl+O"),
    ActionRow(
        "close",
        QT_TRANSLATE_NOOP("actions", "Close project"),
        "projects.close_project",
        "Ctrl+W",
        "project",
        group_end=True,
    ),
    ActionRow(
        "import",
        QT_TRANSLATE_NOOP("actions", "Import documents…"),
        "documents.choose_files",
        "Ctrl+I",
        "free documents",
    ),
    ActionRow(
        "paste", QT_TRANSLATE_NOOP("actions", "Paste as document…"), "documents.paste", "Ctrl+Shift+V", "free documents"
    ),
    ActionRow(
        "load",
        QT_TRANSLATE_NOOP("actions", "Load labelled data…"),
        "loading.choose_files",
        "Ctrl+Shift+I",
        "free documents",
        group_end=True,
    ),
    ActionRow("report", QT_TRANSLATE_NOOP("actions", "Report…"), "reports.make", "Ctrl+P", "project"),
    ActionRow("about_project", QT_TRANSLATE_NOOP("actions", "About this project…"), "reports.about", needs="project"),
    ActionRow("export", QT_TRANSLATE_NOOP("actions", "Export…"), "datasets.export", "Ctrl+E", "project"),
    ActionRow(
        "releases", QT_TRANSLATE_NOOP("actions", "Releases…"), "datasets.show_releases", needs="review", group_end=True
    ),
    ActionRow("issue_packages", QT_TRANSLATE_NOOP("actions", "Issue packages…"), "packages.issue", needs="lead"),
    ActionRow("merge", QT_TRANSLATE_NOOP("actions", "Merge…"), "merging.merge", needs="lead"),
    ActionRow("conflicts", QT_TRANSLATE_NOOP("actions", "Conflicts…"), "merging.show_conflicts", needs="writable"),
    ActionRow("hand_in", QT_TRANSLATE_NOOP("actions", "Hand in…"), "packages.hand_in", needs="package", group_end=True),
    ActionRow("codebook", QT_TRANSLATE_NOOP("actions", "Codebook…"), "codebook_editing.edit", "Ctrl+B", "project"),
    ActionRow(
        "recheck", QT_TRANSLATE_NOOP("actions", "Re-check list…"), "codebook_editing.recheck", "Ctrl+Shift+R", "project"
    ),
    ActionRow("consistency", QT_TRANSLATE_NOOP("actions", "Consistency check…"), "checking.open", "F7", "project"),
    ActionRow("people", QT_TRANSLATE_NOOP("actions", "People and work…"), "people.show", "Ctrl+Shift+O", "project"),
    ActionRow(
        "entities",
        QT_TRANSLATE_NOOP("actions", "Entities…"),
        "entities.show",
        "Ctrl+Shift+Y",
        "project",
        group_end=True,
    ),
    ActionRow("saved", QT_TRANSLATE_NOOP("actions", "Save"), "projects.already_saved", "Ctrl+S", "project"),
    ActionRow("settings", QT_TRANSLATE_NOOP("actions", "Settings…"), "preferences.show", "Ctrl+,", group_end=True),
    ActionRow("quit", QT_TRANSLATE_NOOP("actions", "Quit"), "window.close", "Ctrl+Q"),
)
