"""The menu Annotate: tagging: labels, edges, fragments, relations."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow("label", QT_TRANSLATE_NOOP("actions", "Choose a label…"), "tagging.choose_label", "Ctrl+L", "editable"),
    ActionRow(
        "stay",
        QT_TRANSLATE_NOOP("actions", "Let the label stay on"),
        "staying.toggle",
        needs="editable",
        key="0",
        group_end=True,
    ),
    ActionRow(
        "attributes",
        QT_TRANSLATE_NOOP("actions", "Set attributes by key"),
        "describing.start",
        needs="editable span",
        key="A",
    ),
    ActionRow(
        "edit_span",
        QT_TRANSLATE_NOOP("actions", "Edit the note and attributes"),
        "tagging.edit_span",
        needs="span",
        key="Enter",
    ),
    ActionRow(
        "note_label",
        QT_TRANSLATE_NOOP("actions", "Note on the label of the span…"),
        "noting.note_on_label_of_span",
        needs="span",
        group_end=True,
    ),
    ActionRow(
        "start_outward",
        QT_TRANSLATE_NOOP("actions", "Start a word earlier"),
        "shaping.start_outward",
        needs="editable span",
        key="[",
    ),
    ActionRow(
        "start_inward",
        QT_TRANSLATE_NOOP("actions", "Start a word later"),
        "shaping.start_inward",
        needs="editable span",
        key="Shift+[",
    ),
    ActionRow(
        "end_outward",
        QT_TRANSLATE_NOOP("actions", "End a word later"),
        "shaping.end_outward",
        needs="editable span",
        key="]",
    ),
    ActionRow(
        "end_inward",
        QT_TRANSLATE_NOOP("actions", "End a word earlier"),
        "shaping.end_inward",
        needs="editable span",
        key="Shift+]",
    ),
    ActionRow(
        "split",
        QT_TRANSLATE_NOOP("actions", "Split the span at the caret"),
        "shaping.split",
        needs="editable span",
        key="S",
    ),
    ActionRow(
        "merge_next",
        QT_TRANSLATE_NOOP("actions", "Merge with the next span of this label"),
        "shaping.merge_next",
        needs="editable span",
        key="M",
    ),
    ActionRow(
        "merge_previous",
        QT_TRANSLATE_NOOP("actions", "Merge with the span of this label before it"),
        "shaping.merge_previous",
        needs="editable span",
        key="Shift+M",
    ),
    ActionRow(
        "add_fragment",
        QT_TRANSLATE_NOOP("actions", "Add the selected text to the span"),
        "tagging.add_fragment",
        needs="editable span",
        key="+",
    ),
    ActionRow(
        "remove_fragment",
        QT_TRANSLATE_NOOP("actions", "Take the selected text from the span"),
        "tagging.remove_fragment",
        needs="editable span",
        key="-",
        group_end=True,
    ),
    ActionRow(
        "relate",
        QT_TRANSLATE_NOOP("actions", "Relate to another span…"),
        "relating.relate",
        needs="editable span",
        key="R",
    ),
    ActionRow(
        "follow", QT_TRANSLATE_NOOP("actions", "Follow the next relation"), "relating.follow", needs="span", key="F"
    ),
    ActionRow(
        "follow_back",
        QT_TRANSLATE_NOOP("actions", "Follow the relation before"),
        "relating.follow_back",
        needs="span",
        key="Shift+F",
        group_end=True,
    ),
    ActionRow(
        "delete",
        QT_TRANSLATE_NOOP("actions", "Delete the span"),
        "deleting.delete",
        needs="editable span",
        key="Delete",
    ),
)
