"""What rows and their fields are called in front of a person who resolves a conflict."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from annotator.core.cases import CHOICES
from annotator.ui.models.review_words import choice_name
from annotator.ui.words import QT_TRANSLATE_NOOP, status_name

_TABLES = {
    "project": QT_TRANSLATE_NOOP("conflicts", "Project"),
    "annotator": QT_TRANSLATE_NOOP("conflicts", "Person"),
    "round": QT_TRANSLATE_NOOP("conflicts", "Round"),
    "codebook": QT_TRANSLATE_NOOP("conflicts", "Codebook"),
    "label": QT_TRANSLATE_NOOP("conflicts", "Label"),
    "attribute_definition": QT_TRANSLATE_NOOP("conflicts", "Attribute"),
    "relation_type": QT_TRANSLATE_NOOP("conflicts", "Relation type"),
    "entity": QT_TRANSLATE_NOOP("conflicts", "Entity"),
    "alias": QT_TRANSLATE_NOOP("conflicts", "Another name"),
    "document": QT_TRANSLATE_NOOP("conflicts", "Document"),
    "document_value": QT_TRANSLATE_NOOP("conflicts", "Value of a document"),
    "layer": QT_TRANSLATE_NOOP("conflicts", "Layer"),
    "annotation": QT_TRANSLATE_NOOP("conflicts", "Span"),
    "attribute_value": QT_TRANSLATE_NOOP("conflicts", "Value of a span"),
    "relation": QT_TRANSLATE_NOOP("conflicts", "Relation"),
    "note": QT_TRANSLATE_NOOP("conflicts", "Note"),
    "status": QT_TRANSLATE_NOOP("conflicts", "Status"),
    "read_range": QT_TRANSLATE_NOOP("conflicts", "Read text"),
    "saved_search": QT_TRANSLATE_NOOP("conflicts", "Search"),
    "unplaced": QT_TRANSLATE_NOOP("conflicts", "Waiting span"),
    "assignment": QT_TRANSLATE_NOOP("conflicts", "Assignment"),
    "decision": QT_TRANSLATE_NOOP("conflicts", "Decision"),
    "diary_entry": QT_TRANSLATE_NOOP("conflicts", "Diary"),
    "release": QT_TRANSLATE_NOOP("conflicts", "Release"),
    "recipe": QT_TRANSLATE_NOOP("conflicts", "Recipe"),
}

_FIELDS = {
    "label": QT_TRANSLATE_NOOP("conflicts", "Label"),
    "fragments": QT_TRANSLATE_NOOP("conflicts", "Text"),
    "value": QT_TRANSLATE_NOOP("conflicts", "Value"),
    "status": QT_TRANSLATE_NOOP("conflicts", "Status"),
    "body": QT_TRANSLATE_NOOP("conflicts", "Note"),
    "name": QT_TRANSLATE_NOOP("conflicts", "Name"),
    "title": QT_TRANSLATE_NOOP("conflicts", "Title"),
    "date": QT_TRANSLATE_NOOP("conflicts", "Date"),
    "language": QT_TRANSLATE_NOOP("conflicts", "Language"),
    "url": QT_TRANSLATE_NOOP("conflicts", "Address"),
    "purpose": QT_TRANSLATE_NOOP("conflicts", "Purpose"),
    "definition": QT_TRANSLATE_NOOP("conflicts", "Definition"),
    "reason": QT_TRANSLATE_NOOP("conflicts", "Reason"),
    "choice": QT_TRANSLATE_NOOP("conflicts", "Decision"),
    "result": QT_TRANSLATE_NOOP("conflicts", "Gold"),
    "precedent": QT_TRANSLATE_NOOP("conflicts", "Precedent under"),
    "role": QT_TRANSLATE_NOOP("conflicts", "Role"),
    "color": QT_TRANSLATE_NOOP("conflicts", "Colour"),
    "digit": QT_TRANSLATE_NOOP("conflicts", "Key"),
    "annotator": QT_TRANSLATE_NOOP("conflicts", "Person"),
    "same_as": QT_TRANSLATE_NOOP("conflicts", "Same person as"),
    "codebook": QT_TRANSLATE_NOOP("conflicts", "Codebook"),
    "position": QT_TRANSLATE_NOOP("conflicts", "Place in the list"),
}


def table_name(table: str) -> str:
    """Return what a row of a table is called."""
    return QCoreApplication.translate("conflicts", _TABLES.get(table, table))


def field_name(field: str) -> str:
    """Return what a field is called; one that nobody has named yet goes by its own name."""
    return QCoreApplication.translate("conflicts", _FIELDS.get(field, field.replace("_", " ")))


def field_value(field: str, value: str) -> str:
    """Return a field's value as it is shown."""
    if field == "choice" and value in CHOICES:
        return choice_name(value)
    return status_name(value) if field == "status" else value
