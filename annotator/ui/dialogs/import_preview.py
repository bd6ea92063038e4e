"""The right side of the import dialog: what is known of the selected document, and its text to be corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from annotator.core.invisibles import count_deceptive
from annotator.core.pages import LeftOut
from annotator.session.importing import Candidate
from annotator.ui.dialogs.import_entries import CAN_COME_IN, Entry, State, tr
from annotator.ui.dialogs.import_facts import Facts
from annotator.ui.dialogs.import_pages import LockedPage, MessagePage
from annotator.ui.dialogs.paragraph_tools import ParagraphTools
from annotator.ui.dialogs.parts import MARGIN, SMALL_GAP, plain_label, set_state
from annotator.ui.messages import error_text
from annotator.ui.panels.invisible_banner import invisible_text
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import Theme
from annotator.ui.words import QT_TRANSLATE_NOOP, grouped, one_line, tool_tip

REMARKS = 4
"""Remarks that are shown; more are counted."""

DETAILS = 24
"""Lines that were left out of which the words are shown."""

_LEFT_OUT = {
    "header": QT_TRANSLATE_NOOP("import", "running headers"),
    "footer": QT_TRANSLATE_NOOP("import", "running footers"),
    "page_number": QT_TRANSLATE_NOOP("import", "page numbers"),
    "line_number": QT_TRANSLATE_NOOP("import", "line numbers"),
    "margin": QT_TRANSLATE_NOOP("import", "notes in the margin"),
    "watermark": QT_TRANSLATE_NOOP("import", "watermarks"),
}


def left_out_text(left_out: Sequence[LeftOut]) -> str:
    """Return in one line what the reader kept out of the text, or nothing."""
    if not left_out:
        return ""
    kinds = Counter(one.kind for one in left_out)
    names = [(tr(_LEFT_OUT.get(kind, kind.replace("_", " "))), count) for kind, count in kinds.most_common()]
    return tr("Left out: {what}").format(what=", ".join(f"{name} ({grouped(count)})" for name, count in names))


def left_out_details(left_out: Sequence[LeftOut]) -> str:
    """Return the first lines that the reader kept out of the text, each with its page."""
    return "\n".join(f"{one.page}  {one_line(one.text, 100)}" for one in left_out[:DETAILS])


class DocumentPage(QWidget):
    """The fields, the remarks, and the paragraphs of one document. `changed` comes when anything was corrected."""

    changed = Signal()

    def __init__(self, tasks: TaskRunner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: Entry | None = None
        self._candidate: Candidate | None = None
        self.facts = Facts()
        self.facts.changed.connect(self._field_changed)
        self.remarks = plain_label("", wrap=True)
        self.tools = ParagraphTools(tasks, theme)
        self.tools.changed.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN - 8, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.facts)
        column.addWidget(self.remarks)
        column.addWidget(self.tools, 1)

    def show_entry(self, entry: Entry) -> None:
        """Show a document that was read. A long text follows as soon as it is prepared."""
        candidate = entry.candidate
        assert candidate is not None
        if entry is self._entry and candidate is self._candidate:
            return
        self._entry, self._candidate = entry, candidate
        read = candidate.read
        self.facts.show_entry(entry)
        self._show_remarks(candidate)
        self.tools.show_text(read.text, read.structure, entry.corrections)

    def _show_remarks(self, candidate: Candidate) -> None:
        invisible = invisible_text(count_deceptive(candidate.read.text))
        warnings = [*candidate.warnings, *([invisible] if invisible else [])]
        shown = warnings[:REMARKS]
        if len(warnings) > REMARKS:
            shown.append(self.tr("… and {count} more").format(count=len(warnings) - REMARKS))
        pages = candidate.read.pages.left_out if candidate.read.pages else ()
        left_out = left_out_text(pages)
        self.remarks.setText("\n".join([*shown, *([left_out] if left_out else [])]))
        self.remarks.setToolTip(tool_tip(left_out_details(pages)))
        set_state(self.remarks, "warning" if shown else "")
        self.remarks.setVisible(bool(self.remarks.text()))

    @Slot(str, str)
    def _field_changed(self, name: str, value: str) -> None:
        if self._entry is not None:
            self._entry.set_field(name, value)
            self.facts.show_problem(self._entry.problem()[0])
            self.changed.emit()


class ImportPreview(QStackedWidget):
    """The page that fits the selected entry."""

    def __init__(self, tasks: TaskRunner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = MessagePage()
        self.document = DocumentPage(tasks, theme)
        self.locked = LockedPage()
        self._tried: set[Entry] = set()
        for page in (self.message, self.document, self.locked):
            self.addWidget(page)
        self.locked.unlock_requested.connect(self._note_try)

    def finish_editing(self) -> None:
        """Take over what stands in an editor that is open."""
        self.document.tools.finish_editing()

    def show_entry(self, entry: Entry | None) -> None:
        """Show an entry as it is now, or nothing."""
        if entry is None:
            self.message.show_message("", "", "")
            self.setCurrentWidget(self.message)
        elif entry.state in CAN_COME_IN:
            self.document.show_entry(entry)
            self.setCurrentWidget(self.document)
        elif entry.state is State.LOCKED and entry.failure is not None:
            if self.currentWidget() is not self.locked or not self.locked.shows(entry):
                self.locked.show_entry(entry, error_text(entry.failure.error), again=entry in self._tried)
            self.setCurrentWidget(self.locked)
        else:
            self._show_message(entry)
            self.setCurrentWidget(self.message)

    def _show_message(self, entry: Entry) -> None:
        text, state, document = "", "", entry.document
        match entry.state:
            case State.FAILED if entry.failure is not None:
                text, state = error_text(entry.failure.error), "error"
            case State.HERE if entry.duplicate is not None:
                text = self.tr("This file is already in the project as “{title}”.").format(title=entry.duplicate.title)
                document = entry.duplicate.document
            case State.READING:
                text = self.tr("Reading… {stage}").format(stage=entry.stage or "").rstrip()
            case State.UNREAD:
                text = self.tr("The reading was cancelled before this file.")
            case State.IMPORTED:
                text = self.tr("Imported.")
        self.message.show_message(entry.title, text, str(entry.file), state, document)

    @Slot(object, str)
    def _note_try(self, entry: Entry, _password: str) -> None:
        self._tried.add(entry)
