"""What is known of a document: its title, date, source and language can be corrected, its text cannot."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from annotator.core.errors import UserError
from annotator.core.records import AttributeDefinition, Document
from annotator.ui.dialogs.dates import DateField
from annotator.ui.dialogs.document_values import DocumentValues
from annotator.ui.dialogs.parts import Dialog, Fields, set_state
from annotator.ui.panels.attribute_editors import Entities
from annotator.ui.panels.widgets import heading
from annotator.ui.words import grouped

HASH_CHARACTERS = 12
_VALUE_HEIGHT = 40
"""Pixels that the field of a value takes."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class DocumentDialog(Dialog):
    """`described` carries the document's id and what was changed: fields by the names of `documents.describe`, and
    values of attributes that its spans inherit by their keys.
    """

    described = Signal(str, dict, dict)
    note_wanted = Signal(str)

    def __init__(
        self,
        document: Document,
        parent: QWidget | None = None,
        *,
        version: int = 1,
        editable: bool = True,
        attributes: Sequence[AttributeDefinition] = (),
        values: Mapping[str, Any] | None = None,
        entities: Entities = tuple,
    ) -> None:
        """Show a document, the `version`-th of its text; `attributes` are those that its spans inherit."""
        super().__init__(parent)
        self.set_title(self.tr("Document"))
        self._document = document
        self._version = version
        self._add_fields()
        self.values = DocumentValues(attributes, values or {}, entities, self, editable=editable)
        if attributes:
            self._add_values()
        self._add_facts()
        self.note_button = self.add_side_button(self.tr("Notes…"))
        self.note_button.clicked.connect(self._want_note)
        if editable:
            self.add_button(self.tr("Cancel"))
            self.add_main_button(self.tr("Save"))
        else:
            self.add_main_button(self.tr("Close"))
        for line in (self.title, self.date.line, self.url, self.language):
            line.setReadOnly(not editable)
            line.setCursorPosition(0)
            line.textEdited.connect(self._edited)
        self.date.pick.setEnabled(editable)
        self.keep_fitting(640, 540 + _VALUE_HEIGHT * len(attributes))
        self.title.setFocus()

    def _add_fields(self) -> None:
        document = self._document
        self.title = QLineEdit(document.title)
        self.date = DateField(document.date)
        self.url = QLineEdit(document.url)
        self.language = QLineEdit(document.language)
        self.language.setPlaceholderText(self.tr("Such as en or uk"))
        fields = Fields()
        fields.add_field(self.tr("&Title"), self.title)
        fields.add_row(self.tr("&Date"), self.date, self.date.line)
        fields.add_field(self.tr("Source &URL"), self.url)
        fields.add_field(self.tr("&Language"), self.language)
        self.body.addLayout(fields)

    def _add_values(self) -> None:
        fields = Fields()
        self.values.add_to(fields)
        self.values.edited.connect(self._edited)
        self.body.addSpacing(12)
        self.body.addWidget(heading(self.tr("For spans without a value of their own")))
        self.body.addLayout(fields)

    def _add_facts(self) -> None:
        document = self._document
        holder = QWidget()
        facts = Fields()
        holder.setLayout(facts)
        facts.setContentsMargins(0, 0, 12, 0)
        facts.setVerticalSpacing(6)
        facts.add_fact(self.tr("Format"), document.format)
        facts.add_fact(self.tr("File"), document.file)
        facts.add_fact(self.tr("Characters"), grouped(document.characters))
        facts.add_fact(self.tr("Imported"), document.created.replace("T", " ").removesuffix("Z")[:16] + " UTC")
        if document.supersedes:
            facts.add_fact(self.tr("Version"), self.tr("{number} (corrected)").format(number=self._version))
        facts.add_fact(self.tr("Text, SHA-256"), document.text[:HASH_CHARACTERS] + "…")
        facts.add_fact(self.tr("Id"), document.id)
        for name, value in document.metadata.items():
            facts.add_fact(name, _readable(value))
        facts.setRowStretch(facts.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        scroll.setAccessibleName(self.tr("Facts that were frozen at import"))
        self.body.addSpacing(12)
        self.body.addWidget(heading(self.tr("Frozen at import")))
        self.body.addWidget(scroll, 1)

    def changed_fields(self) -> dict[str, str]:
        """Return the fields that differ from the document."""
        now = {
            "title": self.title.text().strip(),
            "date": self.date.text(),
            "url": self.url.text().strip(),
            "language": self.language.text().strip(),
        }
        return {name: value for name, value in now.items() if value != getattr(self._document, name)}

    @Slot()
    def _want_note(self) -> None:
        self.note_wanted.emit(self._document.id)

    @Slot()
    def _edited(self) -> None:
        self.show_problem("")
        set_state(self.title, "")
        set_state(self.language, "")

    def _problem_now(self, changed: dict[str, str]) -> tuple[str, QLineEdit] | None:
        if not self.title.text().strip():
            return self.tr("A document needs a title. Type one."), self.title
        if "date" in changed and not self.date.is_valid():
            return self.tr("Write the date as 2024-05-16, 2024-05 or 2024, or leave it empty."), self.date.line
        if changed.get("language") and not _LANGUAGE.fullmatch(changed["language"]):
            return self.tr("Write the language as a code such as en, uk or pt-BR, or leave it empty."), self.language
        return None

    def accept(self) -> None:
        changed = self.changed_fields()
        problem = self._problem_now(changed)
        if problem is not None:
            self.show_problem(problem[0])
            set_state(problem[1], "error")
            problem[1].setFocus()
            return
        values = self._changed_values()
        if values is None:
            return
        if changed or values:
            self.described.emit(self._document.id, changed, values)
        super().accept()

    def _changed_values(self) -> dict[str, Any] | None:
        """Return the values that were changed, or None where one does not fit, which the dialog then says."""
        try:
            return self.values.changed()
        except UserError as error:
            self.show_problem(str(error))
            misfit = self.values.misfit()
            if misfit is not None:
                misfit.setFocus()
            return None


def _readable(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
