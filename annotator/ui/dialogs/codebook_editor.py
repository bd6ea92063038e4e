"""The codebook: what it says, and, where the project can be changed, every way to change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QTabWidget, QWidget

from annotator.core.codebook import Codebook
from annotator.core.codebook_adoption import adopted
from annotator.core.codebook_edits import Problem
from annotator.ui.dialogs.codebook.attribute_page import AttributePage
from annotator.ui.dialogs.codebook.draft import CodebookDraft
from annotator.ui.dialogs.codebook.label_page import LabelPage, Quotes
from annotator.ui.dialogs.codebook.relation_page import RelationPage
from annotator.ui.dialogs.codebook.section import SectionPage
from annotator.ui.dialogs.codebook.versions_page import Version, VersionsPage
from annotator.ui.dialogs.codebook.words import entry_name, summary
from annotator.ui.dialogs.codebook.words_page import WordsPage
from annotator.ui.dialogs.file_dialog import FileDialog
from annotator.ui.dialogs.parts import Dialog, plain_button, plain_label
from annotator.ui.messages import error_text
from annotator.ui.panels.widgets import finish_typing, strip

SIZE = (1000, 700)


class CodebookEditor(Dialog):
    """`save_requested` carries the draft, its merges, and the codebook it was made of.

    `file_requested` carries a path from which to read a codebook, `export_requested` a path and what to write there;
    who answers calls `adopt` or `say`. `close_saved` closes the dialog when all is on disk.
    """

    save_requested = Signal(object, object, object)
    file_requested = Signal(object)
    export_requested = Signal(object, object)

    def __init__(
        self,
        codebook: Codebook,
        uses: Mapping[str, int],
        spans: Mapping[str, int],
        versions: Sequence[Version],
        quotes: Quotes,
        selected_quote: str = "",
        parent: QWidget | None = None,
        *,
        writable: bool = True,
        in_package: bool = False,
    ) -> None:
        super().__init__(parent)
        self.draft = CodebookDraft(codebook, uses, spans, self, writable=writable)
        about = self.tr("What may be tagged, and how. Each saved change is a version; spans keep the one they have.")
        if in_package:
            about = self.tr(
                "The lead keeps the codebook. Propose a change in a note on the label (Annotate, Note on the label "
                "of the span…) or on the document; it goes along when you hand in."
            )
        elif not writable:
            about = self.tr("The project can be read, not changed.")
        self.set_title(self.tr("Codebook"), about)
        self.labels = LabelPage(self.draft, quotes, selected_quote)
        self.attributes = AttributePage(self.draft)
        self.relations = RelationPage(self.draft)
        self.words = WordsPage(self.draft)
        self.versions = VersionsPage(versions)
        self._add_tabs()
        self._add_foot()
        self.draft.changed.connect(self._show_state)
        self._show_state()
        self.keep_fitting(*SIZE)
        self.labels.tree.setFocus()

    @property
    def sections(self) -> tuple[SectionPage, ...]:
        """Return the pages of labels, attributes and relation types."""
        return self.labels, self.attributes, self.relations

    # -- layout

    def _add_tabs(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Parts of the codebook"))
        for page, name in (
            (self.labels, self.tr("Labels")),
            (self.attributes, self.tr("Attributes")),
            (self.relations, self.tr("Relations")),
            (self.words, self.tr("Condition words")),
            (self.versions, self.tr("Versions")),
        ):
            self.tabs.addTab(page, name)
        for page in self.sections:
            page.failed.connect(self.show_problem)
        self.body.addWidget(self.tabs, 1)

    def _add_foot(self) -> None:
        self.summary = plain_label("", wrap=True, muted=True, scale="small")
        self.body.addWidget(self.summary)
        self.question = strip("strip")
        row = QHBoxLayout(self.question)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(plain_label(self.tr("There are changes that are not saved."), state="warning"), 1)
        self.keep_button = plain_button(self.tr("Keep editing"))
        self.keep_button.clicked.connect(self._keep_editing)
        self.discard_button = plain_button(self.tr("Discard the changes"))
        self.discard_button.setProperty("role", "danger")
        self.discard_button.clicked.connect(self._discard)
        row.addWidget(self.keep_button)
        row.addWidget(self.discard_button)
        self.question.hide()
        self.body.addWidget(self.question)
        self.import_button = self.add_side_button(self.tr("Import…"))
        self.import_button.clicked.connect(self._choose_import)
        self.import_button.setVisible(self.draft.writable)
        self.export_button = self.add_side_button(self.tr("Export…"))
        self.export_button.clicked.connect(self._choose_export)
        if self.draft.writable:
            self.add_button(self.tr("Cancel"))
            self.save_button: QPushButton = self.add_main_button(self.tr("Save"))
        else:
            self.save_button = self.add_main_button(self.tr("Close"))

    # -- what is shown

    @Slot()
    def _show_state(self) -> None:
        """Say what would be saved, and what keeps it from being saved."""
        draft = self.draft
        self.question.hide()
        problem = draft.problem()
        names = {one.id: one.name for one in (*draft.base.labels, *draft.codebook.labels)}
        moving = sum(draft.moving(source) for source in draft.merges)
        words = summary(draft.changes, draft.merges, names, moving)
        self.summary.setText(self.tr("To be saved: {changes}.").format(changes=words) if words else "")
        self.summary.setVisible(bool(words))
        self._show_draft_problem(problem)
        if draft.writable:
            self.save_button.setEnabled(draft.is_edited)

    def _show_draft_problem(self, problem: Problem | None) -> None:
        text = text_below = _in_short(problem) if problem is not None else ""
        for page in self.sections:
            current = page.tree.current()
            here = problem is not None and problem.entry == current and bool(current)
            page.form.show_problem(problem.field if here and problem is not None else "", text if here else "")
            if here and page is self.tabs.currentWidget():
                text_below = ""
        self.words.show_problem(problem.field if problem is not None and not problem.entry else "")
        self.show_problem(text_below)

    def _go_to(self, problem: Problem) -> None:
        for page in self.sections:
            if problem.entry in {one.id for one in page.entries()}:
                self.tabs.setCurrentWidget(page)
                page.select(problem.entry, problem.field)
                self._show_draft_problem(problem)
                return
        self.tabs.setCurrentWidget(self.words)

    # -- answers

    def adopt(self, codebook: Codebook, file: Path) -> None:
        """Make the draft what a file says; what the file lacks and the project uses stays, out of use."""
        used = [identity for identity, count in self.draft.uses.items() if count]
        adoption = adopted(self.draft.base, codebook, used)
        self.draft.start_again(adoption.draft)
        words = self.tr("Taken from {file}; nothing is saved yet.").format(file=file.name)
        if adoption.kept:
            kept = ", ".join(entry_name(one) for one in adoption.kept)
            words += " " + self.tr("Not in the file, but in use, and so kept as retired: {entries}.").format(
                entries=kept
            )
        self.say(words)

    def say(self, text: str) -> None:
        """Say something that went well."""
        self._about.setText(text)

    def close_saved(self) -> None:
        """Go away: everything is on disk."""
        super().accept()

    # -- files

    @Slot()
    def _choose_import(self) -> None:
        dialog = FileDialog(self, self.tr("Import a codebook"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Codebooks (*.toml *.yaml *.yml *.qdc)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.import_file)
        dialog.open()

    @Slot(str)
    def import_file(self, file: str) -> None:
        """Ask for the codebook of a file."""
        self.file_requested.emit(Path(file))

    @Slot()
    def _choose_export(self) -> None:
        dialog = FileDialog(self, self.tr("Export the codebook"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(
            [self.tr("TOML (*.toml)"), self.tr("YAML (*.yaml *.yml)"), self.tr("REFI-QDA, labels alone (*.qdc)")]
        )
        dialog.setDefaultSuffix("toml")
        dialog.selectFile("codebook.toml")
        dialog.fileSelected.connect(self.export_file)
        dialog.open()

    @Slot(str)
    def export_file(self, file: str) -> None:
        """Write the codebook as it is shown to a file."""
        problem = self.draft.problem()
        if problem is not None:
            self._go_to(problem)
            return
        self.export_requested.emit(Path(file), self.draft.codebook)

    # -- leaving

    @Slot()
    def _keep_editing(self) -> None:
        self.question.hide()

    @Slot()
    def _discard(self) -> None:
        super().reject()

    def accept(self) -> None:
        if not self.draft.writable:
            super().accept()
            return
        finish_typing(self)
        problem = self.draft.problem()
        if problem is not None:
            self._go_to(problem)
        elif self.draft.is_edited:
            self.save_requested.emit(self.draft.codebook, dict(self.draft.merges), self.draft.base)

    def reject(self) -> None:
        finish_typing(self)
        if not self.draft.is_edited:
            super().reject()
            return
        self.question.show()
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)


def _in_short(problem: Problem) -> str:
    """Return what is wrong without the name of the codebook before it."""
    text = error_text(problem.error)
    where = f"{problem.error.fields.get('where', '')}: "
    short = text.removeprefix(where)
    return short[:1].upper() + short[1:]
