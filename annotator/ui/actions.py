"""Every action of the window, in one table.

How to add an action:
1. add its row to `ACTIONS`: id, text, menu, slot as "part.method", shortcut, and what it needs;
2. write the method on that part (its name is in the table of `window_parts`);
3. run `tests/ui/test_main_window.py`: it fails for a shortcut used twice and for a slot that is not there.

Single keys (digits, R, Delete …) belong to the reading view, which acts on them only while it has the focus. Their
rows have `key` instead of `shortcut`: it is shown in menus and in the list of keys, and is not installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from annotator.ui.words import QT_TRANSLATE_NOOP

NEEDS = (
    *("nothing", "project", "writable", "document", "editable", "span", "editable span", "pages", "shown pages"),
    *("lead", "review", "package", "free documents", "free document"),
)
"""What must be there for an action: a project, one that can be changed, a document, a selected span, its pages, a
project that a lead can change, one whose layers one may compare, one's own package, documents that no package fixes …
"""

MENUS = (
    QT_TRANSLATE_NOOP("actions", "Project"),
    QT_TRANSLATE_NOOP("actions", "Edit"),
    QT_TRANSLATE_NOOP("actions", "Annotate"),
    QT_TRANSLATE_NOOP("actions", "Document"),
    QT_TRANSLATE_NOOP("actions", "Review"),
    QT_TRANSLATE_NOOP("actions", "Go"),
    QT_TRANSLATE_NOOP("actions", "View"),
    QT_TRANSLATE_NOOP("actions", "Help"),
)


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action. `text` is translated in the context "actions"; an empty `menu` keeps it out of the menus."""

    id: str
    text: str
    menu: str
    slot: str
    shortcut: str = ""
    needs: str = "nothing"
    key: str = ""
    group_end: bool = False
    checkable: bool = False
    also: str = ""
    """A second shortcut that is not shown: what somebody presses who forgets Shift."""

    @property
    def shown_key(self) -> str:
        """Return the key as it is written for a person, or nothing."""
        native = QKeySequence.SequenceFormat.NativeText
        return QKeySequence(self.shortcut).toString(native) if self.shortcut else self.key


ACTIONS = (
    ActionRow("new", QT_TRANSLATE_NOOP("actions", "New project…"), "Project", "projects.new", "Ctrl+N"),
    ActionRow("open", QT_TRANSLATE_NOOP("actions", "Open project…"), "Project", "projects.open", "Ctrl+O"),
    ActionRow(
        "close",
        QT_TRANSLATE_NOOP("actions", "Close project"),
        "Project",
        "projects.close_project",
        "Ctrl+W",
        "project",
        group_end=True,
    ),
    ActionRow(
        "import",
        QT_TRANSLATE_NOOP("actions", "Import documents…"),
        "Project",
        "documents.choose_files",
        "Ctrl+I",
        "free documents",
    ),
    ActionRow(
        "paste",
        QT_TRANSLATE_NOOP("actions", "Paste as document…"),
        "Project",
        "documents.paste",
        "Ctrl+Shift+V",
        "free documents",
    ),
    ActionRow("report", QT_TRANSLATE_NOOP("actions", "Report…"), "Project", "reports.make", "Ctrl+P", "project"),
    ActionRow(
        "about_project",
        QT_TRANSLATE_NOOP("actions", "About this project…"),
        "Project",
        "reports.about",
        needs="project",
    ),
    ActionRow(
        "export",
        QT_TRANSLATE_NOOP("actions", "Export…"),
        "Project",
        "documents.export",
        "Ctrl+E",
        "project",
        group_end=True,
    ),
    ActionRow(
        "issue_packages",
        QT_TRANSLATE_NOOP("actions", "Issue packages…"),
        "Project",
        "packages.issue",
        needs="lead",
    ),
    ActionRow("merge", QT_TRANSLATE_NOOP("actions", "Merge…"), "Project", "merging.merge", needs="lead"),
    ActionRow(
        "conflicts", QT_TRANSLATE_NOOP("actions", "Conflicts…"), "Project", "merging.show_conflicts", needs="writable"
    ),
    ActionRow(
        "hand_in",
        QT_TRANSLATE_NOOP("actions", "Hand in…"),
        "Project",
        "packages.hand_in",
        needs="package",
        group_end=True,
    ),
    ActionRow(
        "codebook",
        QT_TRANSLATE_NOOP("actions", "Codebook…"),
        "Project",
        "codebook_editing.edit",
        "Ctrl+B",
        "project",
    ),
    ActionRow(
        "recheck",
        QT_TRANSLATE_NOOP("actions", "Re-check list…"),
        "Project",
        "codebook_editing.recheck",
        "Ctrl+Shift+R",
        "project",
    ),
    ActionRow(
        "consistency",
        QT_TRANSLATE_NOOP("actions", "Consistency check…"),
        "Project",
        "checking.open",
        "F7",
        "project",
    ),
    ActionRow(
        "people",
        QT_TRANSLATE_NOOP("actions", "People and work…"),
        "Project",
        "people.show",
        "Ctrl+Shift+O",
        "project",
    ),
    ActionRow(
        "entities",
        QT_TRANSLATE_NOOP("actions", "Entities…"),
        "Project",
        "entities.show",
        "Ctrl+Shift+Y",
        "project",
        group_end=True,
    ),
    ActionRow("saved", QT_TRANSLATE_NOOP("actions", "Save"), "Project", "projects.already_saved", "Ctrl+S", "project"),
    ActionRow(
        "settings",
        QT_TRANSLATE_NOOP("actions", "Settings…"),
        "Project",
        "window.show_settings",
        "Ctrl+,",
        group_end=True,
    ),
    ActionRow("quit", QT_TRANSLATE_NOOP("actions", "Quit"), "Project", "window.close", "Ctrl+Q"),
    ActionRow("undo", QT_TRANSLATE_NOOP("actions", "Undo"), "Edit", "travelling.undo", "Ctrl+Z", "writable"),
    ActionRow(
        "redo",
        QT_TRANSLATE_NOOP("actions", "Redo"),
        "Edit",
        "travelling.redo",
        "Ctrl+Shift+Z",
        "writable",
        group_end=True,
    ),
    ActionRow(
        "copy",
        QT_TRANSLATE_NOOP("actions", "Copy"),
        "Edit",
        "finding.copy_text",
        "",
        "document",
        key="Ctrl+C",
    ),
    ActionRow(
        "copy_citation",
        QT_TRANSLATE_NOOP("actions", "Copy the quote with its citation"),
        "Edit",
        "finding.copy_citation",
        "Ctrl+Shift+C",
        "document",
        group_end=True,
    ),
    ActionRow(
        "find",
        QT_TRANSLATE_NOOP("actions", "Find in the document…"),
        "Edit",
        "finding.find",
        "Ctrl+F",
        "document",
    ),
    ActionRow("find_next", QT_TRANSLATE_NOOP("actions", "Find next"), "Edit", "finding.find_next", "F3", "document"),
    ActionRow(
        "find_previous",
        QT_TRANSLATE_NOOP("actions", "Find previous"),
        "Edit",
        "finding.find_previous",
        "Shift+F3",
        "document",
        group_end=True,
    ),
    ActionRow(
        "search",
        QT_TRANSLATE_NOOP("actions", "Search the project…"),
        "Edit",
        "searching.open",
        "Ctrl+Shift+F",
        "project",
    ),
    ActionRow("next_hit", QT_TRANSLATE_NOOP("actions", "Next hit"), "Edit", "searching.next_hit", "F4", "project"),
    ActionRow(
        "previous_hit",
        QT_TRANSLATE_NOOP("actions", "Previous hit"),
        "Edit",
        "searching.previous_hit",
        "Shift+F4",
        "project",
    ),
    ActionRow(
        "drop_parts",
        QT_TRANSLATE_NOOP("actions", "Remove the index of parts of words"),
        "Edit",
        "searching.drop_parts",
        "",
        "writable",
        group_end=True,
    ),
    ActionRow(
        "find_and_tag",
        QT_TRANSLATE_NOOP("actions", "Find and tag all…"),
        "Edit",
        "repeating.find_and_tag",
        "Ctrl+Shift+H",
        "editable",
    ),
    ActionRow(
        "find_repeats",
        QT_TRANSLATE_NOOP("actions", "Repeated sentences…"),
        "Edit",
        "repeating.find_repeats",
        "Ctrl+Shift+E",
        "editable span",
        group_end=True,
    ),
    ActionRow(
        "everything",
        QT_TRANSLATE_NOOP("actions", "Search documents and commands…"),
        "Edit",
        "window.focus_search",
        "Ctrl+K",
    ),
    ActionRow(
        "label",
        QT_TRANSLATE_NOOP("actions", "Choose a label…"),
        "Annotate",
        "tagging.choose_label",
        "Ctrl+L",
        "editable",
    ),
    ActionRow(
        "stay",
        QT_TRANSLATE_NOOP("actions", "Let the label stay on"),
        "Annotate",
        "staying.toggle",
        needs="editable",
        key="0",
        group_end=True,
    ),
    ActionRow(
        "attributes",
        QT_TRANSLATE_NOOP("actions", "Set attributes by key"),
        "Annotate",
        "describing.start",
        "",
        "editable span",
        key="A",
    ),
    ActionRow(
        "edit_span",
        QT_TRANSLATE_NOOP("actions", "Edit the note and attributes"),
        "Annotate",
        "tagging.edit_span",
        "",
        "span",
        key="Enter",
    ),
    ActionRow(
        "note_label",
        QT_TRANSLATE_NOOP("actions", "Note on the label of the span…"),
        "Annotate",
        "noting.note_on_label_of_span",
        needs="span",
        group_end=True,
    ),
    ActionRow(
        "start_outward",
        QT_TRANSLATE_NOOP("actions", "Start a word earlier"),
        "Annotate",
        "shaping.start_outward",
        needs="editable span",
        key="[",
    ),
    ActionRow(
        "start_inward",
        QT_TRANSLATE_NOOP("actions", "Start a word later"),
        "Annotate",
        "shaping.start_inward",
        needs="editable span",
        key="Shift+[",
    ),
    ActionRow(
        "end_outward",
        QT_TRANSLATE_NOOP("actions", "End a word later"),
        "Annotate",
        "shaping.end_outward",
        needs="editable span",
        key="]",
    ),
    ActionRow(
        "end_inward",
        QT_TRANSLATE_NOOP("actions", "End a word earlier"),
        "Annotate",
        "shaping.end_inward",
        needs="editable span",
        key="Shift+]",
    ),
    ActionRow(
        "split",
        QT_TRANSLATE_NOOP("actions", "Split the span at the caret"),
        "Annotate",
        "shaping.split",
        needs="editable span",
        key="S",
    ),
    ActionRow(
        "merge_next",
        QT_TRANSLATE_NOOP("actions", "Merge with the next span of this label"),
        "Annotate",
        "shaping.merge_next",
        needs="editable span",
        key="M",
    ),
    ActionRow(
        "merge_previous",
        QT_TRANSLATE_NOOP("actions", "Merge with the span of this label before it"),
        "Annotate",
        "shaping.merge_previous",
        needs="editable span",
        key="Shift+M",
    ),
    ActionRow(
        "add_fragment",
        QT_TRANSLATE_NOOP("actions", "Add the selected text to the span"),
        "Annotate",
        "tagging.add_fragment",
        "",
        "editable span",
        key="+",
    ),
    ActionRow(
        "remove_fragment",
        QT_TRANSLATE_NOOP("actions", "Take the selected text from the span"),
        "Annotate",
        "tagging.remove_fragment",
        "",
        "editable span",
        key="-",
        group_end=True,
    ),
    ActionRow(
        "relate",
        QT_TRANSLATE_NOOP("actions", "Relate to another span…"),
        "Annotate",
        "relating.relate",
        "",
        "editable span",
        key="R",
    ),
    ActionRow(
        "follow",
        QT_TRANSLATE_NOOP("actions", "Follow the next relation"),
        "Annotate",
        "relating.follow",
        needs="span",
        key="F",
    ),
    ActionRow(
        "follow_back",
        QT_TRANSLATE_NOOP("actions", "Follow the relation before"),
        "Annotate",
        "relating.follow_back",
        needs="span",
        key="Shift+F",
        group_end=True,
    ),
    ActionRow(
        "delete",
        QT_TRANSLATE_NOOP("actions", "Delete the span"),
        "Annotate",
        "deleting.delete",
        "",
        "editable span",
        key="Delete",
    ),
    ActionRow(
        "done",
        QT_TRANSLATE_NOOP("actions", "The document is done"),
        "Document",
        "documents.toggle_done",
        "Ctrl+D",
        "editable",
    ),
    ActionRow(
        "properties",
        QT_TRANSLATE_NOOP("actions", "Document properties…"),
        "Document",
        "documents.show_properties",
        "Ctrl+Return",
        "document",
    ),
    ActionRow(
        "note_document",
        QT_TRANSLATE_NOOP("actions", "Note on the document…"),
        "Document",
        "noting.note_on_document",
        "Ctrl+Shift+M",
        "document",
        group_end=True,
    ),
    ActionRow(
        "read",
        QT_TRANSLATE_NOOP("actions", "Read, nothing here"),
        "Document",
        "covering.toggle",
        needs="editable",
        key="X",
    ),
    ActionRow(
        "not_read",
        QT_TRANSLATE_NOOP("actions", "Not read after all"),
        "Document",
        "covering.unmark",
        needs="editable",
        key="Shift+X",
    ),
    ActionRow(
        "attribute_pass",
        QT_TRANSLATE_NOOP("actions", "Attribute pass…"),
        "Document",
        "attribute_pass.open",
        "Ctrl+Shift+A",
        "document",
        group_end=True,
    ),
    ActionRow(
        "correct",
        QT_TRANSLATE_NOOP("actions", "Correct the text…"),
        "Document",
        "documents.correct_text",
        "",
        "free document",
    ),
    ActionRow(
        "import_version",
        QT_TRANSLATE_NOOP("actions", "Import an edited version…"),
        "Document",
        "versions.import_version",
        "",
        "free document",
    ),
    ActionRow(
        "compare_versions",
        QT_TRANSLATE_NOOP("actions", "Compare with the earlier version…"),
        "Document",
        "versions.compare",
        "",
        "document",
    ),
    ActionRow(
        "unplaced",
        QT_TRANSLATE_NOOP("actions", "Unplaced spans…"),
        "Document",
        "versions.show_unplaced",
        "",
        "editable",
        group_end=True,
    ),
    ActionRow(
        "remove",
        QT_TRANSLATE_NOOP("actions", "Remove the document…"),
        "Document",
        "documents.remove_current",
        "",
        "free document",
    ),
    ActionRow(
        "review_next",
        QT_TRANSLATE_NOOP("actions", "Next case"),
        "Review",
        "review.next_case",
        "",
        "review",
    ),
    ActionRow(
        "review_previous",
        QT_TRANSLATE_NOOP("actions", "Case before"),
        "Review",
        "review.previous_case",
        "",
        "review",
        group_end=True,
    ),
    ActionRow(
        "review_reason",
        QT_TRANSLATE_NOOP("actions", "Reason for the decision…"),
        "Review",
        "review.ask_reason",
        "Ctrl+R",
        "lead",
    ),
    ActionRow(
        "review_reopen",
        QT_TRANSLATE_NOOP("actions", "Reopen the case"),
        "Review",
        "review.reopen",
        "",
        "lead",
        group_end=True,
    ),
    ActionRow(
        "review_accept",
        QT_TRANSLATE_NOOP("actions", "Accept what is agreed on…"),
        "Review",
        "review.accept_agreed",
        "",
        "lead",
    ),
    ActionRow(
        "review_approve",
        QT_TRANSLATE_NOOP("actions", "Approve the document under review"),
        "Review",
        "review.approve",
        "",
        "lead",
    ),
    ActionRow(
        "review_return",
        QT_TRANSLATE_NOOP("actions", "Return the document under review…"),
        "Review",
        "review.return_document",
        "",
        "lead",
        group_end=True,
    ),
    ActionRow(
        "digest",
        QT_TRANSLATE_NOOP("actions", "Decisions on my work…"),
        "Review",
        "review.show_digest",
        "",
        "project",
    ),
    ActionRow(
        "next_untagged",
        QT_TRANSLATE_NOOP("actions", "Next untagged sentence"),
        "Go",
        "desk.next_untagged",
        needs="document",
        key="N",
    ),
    ActionRow(
        "previous_untagged",
        QT_TRANSLATE_NOOP("actions", "Untagged sentence before"),
        "Go",
        "desk.previous_untagged",
        needs="document",
        key="Shift+N",
    ),
    ActionRow(
        "next_unread",
        QT_TRANSLATE_NOOP("actions", "Next unread place"),
        "Go",
        "covering.next_unread",
        "Ctrl+Shift+X",
        "document",
        group_end=True,
    ),
    ActionRow(
        "next_finding",
        QT_TRANSLATE_NOOP("actions", "Next finding of the check"),
        "Go",
        "checking.next_finding",
        "F8",
        "project",
    ),
    ActionRow(
        "previous_finding",
        QT_TRANSLATE_NOOP("actions", "Finding of the check before"),
        "Go",
        "checking.previous_finding",
        "Shift+F8",
        "project",
        group_end=True,
    ),
    ActionRow(
        "next_document",
        QT_TRANSLATE_NOOP("actions", "Next document"),
        "Go",
        "desk.next_document",
        "Ctrl+PgDown",
        "document",
    ),
    ActionRow(
        "previous_document",
        QT_TRANSLATE_NOOP("actions", "Previous document"),
        "Go",
        "desk.previous_document",
        "Ctrl+PgUp",
        "document",
    ),
    ActionRow(
        "go_to",
        QT_TRANSLATE_NOOP("actions", "Go to page…"),
        "Go",
        "faces.go_to",
        "Ctrl+G",
        "shown pages",
        group_end=True,
    ),
    ActionRow("next_pane", QT_TRANSLATE_NOOP("actions", "Next pane"), "Go", "window.next_pane", "F6"),
    ActionRow(
        "previous_pane",
        QT_TRANSLATE_NOOP("actions", "Previous pane"),
        "Go",
        "window.previous_pane",
        "Shift+F6",
    ),
    ActionRow(
        "back_to_text",
        QT_TRANSLATE_NOOP("actions", "Back to the text"),
        "Go",
        "desk.back_to_text",
        "",
        "project",
        key="Esc",
    ),
    ActionRow(
        "annotate_page", QT_TRANSLATE_NOOP("actions", "Annotate"), "View", "pages.show_annotate", "Ctrl+1", "project"
    ),
    ActionRow("review_page", QT_TRANSLATE_NOOP("actions", "Review"), "View", "pages.show_review", "Ctrl+2", "review"),
    ActionRow(
        "corpus_page",
        QT_TRANSLATE_NOOP("actions", "Corpus"),
        "View",
        "pages.show_corpus",
        "Ctrl+3",
        "project",
    ),
    ActionRow(
        "agreement",
        QT_TRANSLATE_NOOP("actions", "Agreement…"),
        "View",
        "agreement.show",
        "Ctrl+Shift+J",
        "review",
        group_end=True,
    ),
    ActionRow(
        "sight",
        QT_TRANSLATE_NOOP("actions", "Labels and layers that are shown…"),
        "View",
        "sighting.choose",
        "Ctrl+Shift+G",
        "document",
    ),
    ActionRow(
        "show_everything",
        QT_TRANSLATE_NOOP("actions", "Show all labels and layers"),
        "View",
        "sighting.show_everything",
        "",
        "document",
    ),
    ActionRow(
        "relations",
        QT_TRANSLATE_NOOP("actions", "Relations"),
        "View",
        "relating.toggle_shown",
        needs="project",
        checkable=True,
        group_end=True,
    ),
    ActionRow(
        "notes",
        QT_TRANSLATE_NOOP("actions", "Notes…"),
        "View",
        "noting.show_list",
        "Ctrl+Shift+N",
        "project",
    ),
    ActionRow(
        "history",
        QT_TRANSLATE_NOOP("actions", "History"),
        "View",
        "window.toggle_history",
        "Ctrl+H",
        "project",
        checkable=True,
        group_end=True,
    ),
    ActionRow(
        "pages",
        QT_TRANSLATE_NOOP("actions", "Show as text or as pages"),
        "View",
        "faces.toggle",
        "Ctrl+Shift+P",
        "pages",
    ),
    ActionRow(
        "fit_width", QT_TRANSLATE_NOOP("actions", "Fit width"), "View", "faces.fit_width", "Ctrl+0", "shown pages"
    ),
    ActionRow("fit_page", QT_TRANSLATE_NOOP("actions", "Fit page"), "View", "faces.fit_page", "", "shown pages"),
    ActionRow(
        "thumbnails",
        QT_TRANSLATE_NOOP("actions", "Thumbnails"),
        "View",
        "faces.toggle_thumbnails",
        "Ctrl+Shift+T",
        "shown pages",
        group_end=True,
    ),
    ActionRow(
        "larger", QT_TRANSLATE_NOOP("actions", "Larger text"), "View", "window.larger_text", "Ctrl++", also="Ctrl+="
    ),
    ActionRow("smaller", QT_TRANSLATE_NOOP("actions", "Smaller text"), "View", "window.smaller_text", "Ctrl+-"),
    ActionRow(
        "theme",
        QT_TRANSLATE_NOOP("actions", "Light or dark"),
        "View",
        "window.toggle_theme",
        "Ctrl+Shift+L",
    ),
    ActionRow(
        "forget_on_screen",
        QT_TRANSLATE_NOOP("actions", "Forget what was on screen"),
        "View",
        "watching.forget",
    ),
    ActionRow("menu", QT_TRANSLATE_NOOP("actions", "Open the menu"), "", "window.open_menu", "F10"),
    ActionRow("keys", QT_TRANSLATE_NOOP("actions", "Keys…"), "Help", "window.show_keys", "F1"),
    ActionRow("about", QT_TRANSLATE_NOOP("actions", "About…"), "Help", "window.show_about"),
)


def action_text(row: ActionRow) -> str:
    """Return an action's text in the language of the window."""
    return QCoreApplication.translate("actions", row.text)


class Actions:
    """The table made real: QActions of a window, its menus, and what can be done just now."""

    def __init__(self, window: QWidget, parts: Mapping[str, QObject]) -> None:
        self._rows = {row.id: row for row in ACTIONS}
        self._actions = {row.id: self._make(window, parts, row) for row in ACTIONS}
        self.menu = QMenu(window)
        for title in MENUS:
            self.menu.addMenu(self._submenu(title))
        self.set_facts(())

    def __getitem__(self, identity: str) -> QAction:
        return self._actions[identity]

    def set_facts(self, facts: Iterable[str]) -> None:
        """Enable the actions whose need is among `facts` (see `NEEDS`)."""
        known = {"nothing", *facts}
        for identity, action in self._actions.items():
            action.setEnabled(self._rows[identity].needs in known)

    def available(self) -> list[tuple[ActionRow, QAction]]:
        """Return the actions that can be done just now, in the order of the table."""
        return [(self._rows[identity], action) for identity, action in self._actions.items() if action.isEnabled()]

    def _make(self, window: QWidget, parts: Mapping[str, QObject], row: ActionRow) -> QAction:
        text = action_text(row).replace("&", "&&")
        action = QAction(text if not row.key else f"{text}\t{row.key}", window)
        action.setObjectName(f"action_{row.id}")
        action.setCheckable(row.checkable)
        if row.shortcut:
            action.setShortcuts([QKeySequence(keys) for keys in (row.shortcut, row.also) if keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        part, method = row.slot.split(".")
        action.triggered.connect(getattr(parts[part], method))
        window.addAction(action)
        return action

    def _submenu(self, title: str) -> QMenu:
        menu = QMenu(QCoreApplication.translate("actions", title), self.menu)
        for row in ACTIONS:
            if row.menu == title:
                menu.addAction(self._actions[row.id])
                if row.group_end:
                    menu.addSeparator()
        return menu
