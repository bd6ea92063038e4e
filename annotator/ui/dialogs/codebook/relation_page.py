"""The page of relation types: what links which spans."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from annotator.core.codebook_edits import Entry, new_relation
from annotator.core.records import RelationType
from annotator.ui.dialogs.codebook.draft import CodebookDraft
from annotator.ui.dialogs.codebook.fields import LineField, TextField
from annotator.ui.dialogs.codebook.form import EntryForm
from annotator.ui.dialogs.codebook.lists import LabelsField
from annotator.ui.dialogs.codebook.section import SectionPage, times


class RelationForm(EntryForm):
    """All that a relation type is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources, self.targets = LabelsField(), LabelsField()
        self.add("name", self.tr("Name"), LineField())
        self.add("key", self.tr("Key"), LineField())
        self.add("description", self.tr("Description"), TextField())
        self.add("sources", self.tr("Leads from"), self.sources)
        self.add("targets", self.tr("Leads to"), self.targets)


class RelationPage(SectionPage):
    """Relation types in a list."""

    fallback = "relation"

    def __init__(self, draft: CodebookDraft, parent: QWidget | None = None) -> None:
        self._form = RelationForm()
        super().__init__(draft, self._form, nested=False, parent=parent)
        self.tree.setAccessibleName(self.tr("Relation types"))
        self.refresh()

    def entries(self) -> Sequence[Entry]:
        return self.draft.codebook.relations

    def new_entry(self) -> Entry:
        return new_relation(self.draft.codebook, self.tr("New relation"))

    def use_words(self, entry: Entry) -> str:
        count = self.draft.uses[entry.id]
        if not count:
            return ""
        return times(count, self.tr("1 relation is of this type."), self.tr("{count} relations are of this type."))

    def prepare(self, entry: Entry) -> None:
        if isinstance(entry, RelationType):
            for field, keys in ((self._form.sources, entry.sources), (self._form.targets, entry.targets)):
                field.set_labels(self.draft.codebook.labels, keys)
