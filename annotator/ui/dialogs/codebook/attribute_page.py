"""The page of attributes: what can be said of a span, with which values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from annotator.core.attribute_values import ATTRIBUTE_TYPES
from annotator.core.codebook_edits import Entry, new_attribute
from annotator.core.records import AttributeDefinition
from annotator.ui.dialogs.codebook.draft import CodebookDraft
from annotator.ui.dialogs.codebook.fields import ChoiceField, FlagField, LineField, TextField
from annotator.ui.dialogs.codebook.form import EntryForm
from annotator.ui.dialogs.codebook.lists import ChoicesField, DefaultField, LabelsField
from annotator.ui.dialogs.codebook.section import SectionPage, times

WITH_CHOICES = ("choice", "choices", "number")


class AttributeForm(EntryForm):
    """All that an attribute is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        types = {
            "choice": self.tr("one of several choices"),
            "choices": self.tr("any of several choices"),
            "entity": self.tr("entity: somebody or something"),
            "number": self.tr("number"),
            "date": self.tr("date"),
            "text": self.tr("text"),
            "texts": self.tr("several texts"),
            "boolean": self.tr("yes or no"),
        }
        inherits = {
            "": self.tr("nowhere"),
            "document": self.tr("the document"),
            "turn": self.tr("the turn’s speaker, else the document"),
        }
        self.labels = LabelsField()
        self.default = DefaultField()
        self.add("name", self.tr("Name"), LineField())
        self.add("key", self.tr("Key"), LineField())
        self.add("description", self.tr("Description"), TextField())
        self.add("type", self.tr("Type"), ChoiceField((kind, types[kind]) for kind in ATTRIBUTE_TYPES))
        self.add("choices", self.tr("Choices"), ChoicesField())
        self.add("default", self.tr("Default"), self.default)
        self.add("labels", self.tr("For labels"), self.labels)
        self.add("required", "", FlagField(self.tr("Required")))
        self.add("asked", "", FlagField(self.tr("Asked while tagging")))
        self.add("inherits", self.tr("Inherited from"), ChoiceField(inherits.items()))
        for name, remark in (
            ("required", self.tr("A span without it is flagged.")),
            ("asked", self.tr("What is not asked while tagging waits for the attribute pass.")),
        ):
            self.fields[name].field.setAccessibleName(self.fields[name].box.text())  # type: ignore[attr-defined]
            self.fields[name].field.setToolTip(remark)


class AttributePage(SectionPage):
    """Attributes in a list."""

    fallback = "attribute"

    def __init__(self, draft: CodebookDraft, parent: QWidget | None = None) -> None:
        self._form = AttributeForm()
        super().__init__(draft, self._form, nested=False, parent=parent)
        self.tree.setAccessibleName(self.tr("Attributes"))
        self.refresh()

    def entries(self) -> Sequence[Entry]:
        return self.draft.codebook.attributes

    def new_entry(self) -> Entry:
        return new_attribute(self.draft.codebook, self.tr("New attribute"))

    def take_entry(self, entry: Entry) -> None:
        before = self.draft.entry(entry.id)
        if isinstance(entry, AttributeDefinition) and isinstance(before, AttributeDefinition):
            if entry.type != before.type:
                entry = replace(entry, default=None, choices=entry.choices if entry.type in WITH_CHOICES else ())
            elif entry.choices != before.choices:
                entry = replace(entry, default=None if _is_gone(entry.default, entry) else entry.default)
        super().take_entry(entry)

    def use_words(self, entry: Entry) -> str:
        count = self.draft.uses[entry.id]
        return times(count, self.tr("1 value is stored."), self.tr("{count} values are stored.")) if count else ""

    def prepare(self, entry: Entry) -> None:
        if isinstance(entry, AttributeDefinition):
            self._form.labels.set_labels(self.draft.codebook.labels, entry.labels)
            self._form.set_row_visible("choices", entry.type in WITH_CHOICES)
            self._form.default.load(entry.default)
            self._form.default.set_attribute(entry)


def _is_gone(value: Any, attribute: AttributeDefinition) -> bool:
    """Say whether a default is no choice any more."""
    known = {stored for stored, _ in attribute.choices}
    return attribute.type == "choice" and value is not None and value not in known
