"""The page of labels: how each looks, what it means, and spans that show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from annotator.core.codebook import PATTERNS
from annotator.core.codebook_edits import Entry, lineage, new_label
from annotator.core.errors import UserError
from annotator.core.records import Label
from annotator.ui.dialogs.codebook.colours import ColourField
from annotator.ui.dialogs.codebook.draft import CodebookDraft
from annotator.ui.dialogs.codebook.fields import ChoiceField, LineField, ListField, TextField
from annotator.ui.dialogs.codebook.form import EntryForm
from annotator.ui.dialogs.codebook.merge_label import MergeLabelDialog
from annotator.ui.dialogs.codebook.patterns import PatternField
from annotator.ui.dialogs.codebook.pick_example import PickExampleDialog
from annotator.ui.dialogs.codebook.section import SectionPage
from annotator.ui.dialogs.parts import label_icon, plain_button
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import FlowLayout
from annotator.ui.words import one_line, span_count, tool_tip

SHORT = 64

Quotes = Callable[[str], Sequence[str]]
"""Returns texts of spans of a label, by its id."""


class LabelForm(EntryForm):
    """All that a label is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = LineField()
        self.digit = ChoiceField([(None, self.tr("none")), *((number, str(number)) for number in range(1, 10))])
        self.parent_label = ChoiceField()
        self.examples = ListField()
        self.from_selection = plain_button(self.tr("Take from the selected span"))
        self.from_spans = plain_button(self.tr("Choose from its spans…"))
        self.buttons = QWidget()
        flow = FlowLayout(self.buttons, gap=6)
        flow.setContentsMargins(0, 0, 0, 0)
        flow.addWidget(self.from_selection)
        flow.addWidget(self.from_spans)
        self.add("name", self.tr("Name"), self.name)
        self.add("key", self.tr("Key"), LineField())
        self.add("digit", self.tr("Digit"), self.digit)
        self.add("parent", self.tr("Under"), self.parent_label)
        self.add_heading(self.tr("Meaning"))
        self.add("definition", self.tr("Definition"), TextField())
        self.add("includes", self.tr("Include"), ListField())
        self.add("excludes", self.tr("Exclude"), ListField())
        self.add("boundary", self.tr("Boundary"), TextField())
        self.add("examples", self.tr("Examples"), self.examples, self.buttons)
        self.add_heading(self.tr("Looks"))
        self.add("light+dark", self.tr("Colour"), ColourField())
        self.add("pattern", self.tr("Line"), PatternField(PATTERNS))
        self.add("initial", self.tr("Initial"), LineField(width=56))
        for name in ("includes", "excludes", "examples"):
            self.fields[name].field.setToolTip(self.tr("One a line"))


class LabelPage(SectionPage):
    """Labels in a tree."""

    fallback = "label"

    def __init__(
        self, draft: CodebookDraft, quotes: Quotes, selected_quote: str, parent: QWidget | None = None
    ) -> None:
        self._quotes = quotes
        self._selected_quote = selected_quote
        self._offered: list[tuple[str, str, str, str]] | None = None
        self._form = LabelForm()
        self.merge_button = plain_button("")
        super().__init__(draft, self._form, nested=True, parent=parent)
        self.tree.setAccessibleName(self.tr("Labels"))
        self.merge_button.setText(self.tr("Merge…"))
        self.merge_button.clicked.connect(self.ask_to_merge)
        self._form.from_selection.clicked.connect(self.take_selected)
        self._form.from_spans.clicked.connect(self.choose_example)
        self._form.from_selection.setToolTip(tool_tip(one_line(selected_quote, SHORT)))
        self._form.buttons.setVisible(draft.writable)
        self.refresh()

    def entries(self) -> Sequence[Entry]:
        return self.draft.codebook.labels

    def new_entry(self) -> Entry:
        current = self.current()
        parent = current.parent if isinstance(current, Label) else None
        return new_label(self.draft.codebook, self.tr("New label"), parent)

    def use_words(self, entry: Entry) -> str:
        spans = self.draft.spans[entry.id]
        target = self.draft.entry(self.draft.merges.get(entry.id, ""))
        if target is not None:
            return self.tr("Its spans move to “{label}” when you save.").format(label=target.name)
        return self.tr("Used by {spans}.").format(spans=span_count(spans)) if spans else self.tr("No span has it.")

    def more_buttons(self) -> Sequence[QPushButton]:
        return (self.merge_button,)

    def prepare(self, entry: Entry) -> None:
        if not isinstance(entry, Label):
            return
        codebook = self.draft.codebook
        possible = [one for one in codebook.labels if entry.id not in lineage(codebook, one.id) and not one.retired]
        above = [one for one in codebook.labels if one.id == entry.parent and one not in possible]
        self._offer_parents((*possible, *above))
        others = [one for one in codebook.labels if not one.retired and one.id != entry.id]
        self.merge_button.setVisible(self.draft.writable)
        self.merge_button.setEnabled(bool(others) and not entry.retired)
        self._form.from_selection.setEnabled(bool(self._selected_quote))
        self._form.from_spans.setEnabled(not self.draft.is_new(entry.id) and bool(self.draft.spans[entry.id]))

    def _offer_parents(self, labels: Sequence[Label]) -> None:
        looks = [(one.id, one.name, one.light, one.dark) for one in labels]
        if looks != self._offered:
            self._offered = looks
            choices = [(one.id, one.name, label_icon(one, self)) for one in labels]
            self._form.parent_label.set_choices([(None, self.tr("none: at the top"), None), *choices])

    def following(self, before: Entry, entry: Entry) -> Entry:
        entry = super().following(before, entry)
        if isinstance(before, Label) and isinstance(entry, Label) and entry.initial == initial_of(before.name):
            return replace(entry, initial=initial_of(entry.name))
        return entry

    @Slot()
    def take_selected(self) -> None:
        """Add the text of the span that is selected in the document to the examples."""
        self._form.examples.add(self._selected_quote)

    @Slot()
    def choose_example(self) -> None:
        """Offer spans of the label as examples."""
        entry = self.current()
        if isinstance(entry, Label):
            dialog = PickExampleDialog(entry.name, self._quotes(entry.id), self)
            dialog.chosen.connect(self._form.examples.add)
            dialog.open()

    @Slot()
    def ask_to_merge(self) -> None:
        """Ask which label the current one becomes."""
        entry = self.current()
        if isinstance(entry, Label):
            others = [one for one in self.draft.codebook.labels if not one.retired and one.id != entry.id]
            dialog = MergeLabelDialog(entry, others, self.draft.spans[entry.id], self)
            dialog.chosen.connect(self.merge)
            dialog.open()

    @Slot(str, str)
    def merge(self, source: str, target: str) -> None:
        """Merge a label into another."""
        try:
            self.draft.merge(source, target)
        except UserError as error:
            self.failed.emit(error_text(error))
        self.tree.select(target)


def initial_of(name: str) -> str:
    """Return the letter that stands in the margin for a label of this name."""
    return next((letter.upper() for letter in name if letter.isalnum()), "L")[:2]
