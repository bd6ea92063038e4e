"""Every key that applies now, in groups: those of the table of actions, and those of the text."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from annotator.core.codebook import Codebook
from annotator.ui.actions.table import MENUS, action_text
from annotator.ui.actions.window_actions import Actions

KeyGroup = tuple[str, list[tuple[str, str]]]


def key_groups(
    actions: Actions, codebook: Codebook | None, *, document: bool, single_keys: bool = True
) -> list[KeyGroup]:
    """Return names of groups with (key, what it does).

    `document` says whether the text is on screen that is annotated, `single_keys` whether its keys apply.
    """
    available = [
        (row, action_text(row))
        for row, _ in actions.available()
        if row.shown_key and (single_keys or row.shortcut or not row.key)
    ]
    groups = [
        (
            QCoreApplication.translate("actions", menu),
            [(row.shown_key, text.rstrip("…")) for row, text in available if (row.menu or "View") == menu],
        )
        for menu in MENUS
    ]
    return [*(_text_keys(codebook) if document and codebook else []), *groups]


def _text_keys(codebook: Codebook) -> list[KeyGroup]:
    labels = sorted((lab.digit, lab.name) for lab in codebook.labels if lab.digit is not None and not lab.retired)
    tagging = [(str(digit), _tr("Tag or relabel as {label}").format(label=name)) for digit, name in labels]
    tagging.append((_tr("Shift + digit"), _tr("Add a second label to the selected span")))
    reading = [
        (_tr("Tab"), _tr("Next span")),
        (_tr("Shift+Tab"), _tr("Previous span")),
        (",  .", _tr("Sentence before, next sentence; with Shift select")),
        (_tr("Shift + arrows"), _tr("Select text")),
        (_tr("Ctrl+Shift+Up"), _tr("Grow the selection: word, clause, sentence, paragraph")),
        (_tr("Ctrl+Shift+Down"), _tr("Shrink the selection")),
        (_tr("Enter"), _tr("Text selected: choose a label")),
        (_tr("A, letter"), _tr("Open an attribute of the selected span")),
        (_tr("A, letter, digit"), _tr("Choose the value of an attribute")),
        (_tr("Click again"), _tr("Select the span further out")),
        (_tr("Drag an end"), _tr("Resize the selected span")),
    ]
    return [(_tr("Tag"), tagging), (_tr("In the text"), reading)]


def review_keys() -> list[KeyGroup]:
    """Return the keys of a review; they act while the text or the list of cases has the focus."""
    deciding = [
        ("1–9", _tr("Take the version of that layer")),
        ("U", _tr("Union of the edges")),
        ("I", _tr("Intersection of the edges")),
        ("K", _tr("Keep both")),
        ("0", _tr("Neither")),
        (_tr("Enter"), _tr("Edit: choose label and edges oneself")),
    ]
    moving = [
        ("N", _tr("Next case")),
        ("P", _tr("Case before")),
        (_tr("Tab"), _tr("Next case, from the text")),
        (_tr("Up, Down"), _tr("Case before, next case, in the list")),
        (_tr("Esc"), _tr("Back to the text, from anywhere")),
    ]
    editing = [
        (_tr("Digit"), _tr("Set the label")),
        ("[  ]", _tr("Move the start or the end outwards; with Shift inwards")),
        (_tr("Shift + arrows"), _tr("Select the text anew")),
        (_tr("Enter"), _tr("Decide so")),
        (_tr("Esc"), _tr("Cancel")),
    ]
    return [(_tr("Decide"), deciding), (_tr("Go from case to case"), moving), (_tr("While editing"), editing)]


def _tr(text: str) -> str:
    return QCoreApplication.translate("keys", text)
