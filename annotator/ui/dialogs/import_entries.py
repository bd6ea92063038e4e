"""What the import dialog knows of each document: where it stands, what was corrected, whether it is to come in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from annotator.session.importing import Candidate, Duplicate, Failure
from annotator.ui.dialogs.dates import is_iso_date
from annotator.ui.dialogs.text_corrections import TextCorrections
from annotator.ui.import_work import Order
from annotator.ui.messages import error_text
from annotator.ui.words import QT_TRANSLATE_NOOP

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class State(Enum):
    """Where a file stands; the value is what the filter calls it."""

    READING = QT_TRANSLATE_NOOP("import", "Reading")
    READY = QT_TRANSLATE_NOOP("import", "Ready")
    SIMILAR = QT_TRANSLATE_NOOP("import", "Nearly the same")
    SAME = QT_TRANSLATE_NOOP("import", "Same text")
    HERE = QT_TRANSLATE_NOOP("import", "Already here")
    LOCKED = QT_TRANSLATE_NOOP("import", "Locked")
    FAILED = QT_TRANSLATE_NOOP("import", "Failed")
    UNREAD = QT_TRANSLATE_NOOP("import", "Not read")
    IMPORTED = QT_TRANSLATE_NOOP("import", "Imported")


CAN_COME_IN = frozenset({State.READY, State.SIMILAR, State.SAME})
CAN_BE_RETRIED = frozenset({State.FAILED, State.UNREAD})


def tr(text: str) -> str:
    """Return the text in the language of the window."""
    return QCoreApplication.translate("import", text)


@dataclass(eq=False)
class Entry:
    """One line of the list: a file, or one of the documents that a file holds.

    `stage` is how far its reading is, None before it begins. `fields` are the values that differ from what was read,
    by the keywords of `corrections.corrected`.
    """

    file: Path
    state: State = State.READING
    checked: bool = False
    stage: str | None = None
    candidate: Candidate | None = None
    failure: Failure | None = None
    duplicate: Duplicate | None = None
    document: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    corrections: TextCorrections = field(default_factory=TextCorrections)

    # -- what was found

    def take_candidate(self, candidate: Candidate) -> None:
        """Become a document that can come in; one whose text is here to the letter is not checked by itself."""
        self.candidate, self.failure = candidate, None
        same = any(twin.same for twin in candidate.twins)
        self.state = State.SAME if same else State.SIMILAR if candidate.twins else State.READY
        self.checked = not same

    def take_duplicate(self, duplicate: Duplicate) -> None:
        """Become a file that is in the project already."""
        self.duplicate, self.state, self.checked = duplicate, State.HERE, False

    def take_failure(self, failure: Failure) -> None:
        """Become a file that cannot be read, or only with a password."""
        self.failure, self.checked = failure, False
        self.state = State.LOCKED if failure.needs_password else State.FAILED

    def take_document(self, document: str) -> None:
        """Become a document of the project, by its id."""
        self.document, self.state, self.checked = document, State.IMPORTED, False
        self.corrections = TextCorrections()

    def begin_again(self) -> None:
        """Be read once more."""
        self.state, self.stage, self.checked = State.READING, None, False
        self.candidate, self.corrections = None, TextCorrections()

    # -- what is shown

    @property
    def comes_in(self) -> bool:
        """Say whether it would be imported now."""
        return self.checked and self.state in CAN_COME_IN

    @property
    def title(self) -> str:
        """Return its title, or its file's name as long as it has none."""
        if "title" in self.fields:
            return self.fields["title"]
        return self.candidate.read.title if self.candidate is not None else self.file.name

    @property
    def detail(self) -> str:
        """Return in one line where it stands and which file it is."""
        parts = [self._state_text()]
        if self.title != self.file.name and self.state is not State.FAILED:
            parts.append(self.file.name)
        return " · ".join(parts)

    def _state_text(self) -> str:
        match self.state:
            case State.READING:
                waits = self.stage is None
                return tr("waiting") if waits else tr("reading… {stage}").format(stage=self.stage).rstrip()
            case State.HERE if self.duplicate is not None:
                return tr("already here as “{title}”").format(title=self.duplicate.title)
            case State.FAILED if self.failure is not None:
                return error_text(self.failure.error)
            case State.LOCKED:
                return tr("locked with a password")
            case State.SIMILAR | State.SAME:
                return self._twin_text()
            case State.IMPORTED:
                return tr("imported")
            case State.UNREAD:
                return tr("not read")
        warnings = len(self.candidate.warnings) if self.candidate is not None else 0
        return tr("ready") if not warnings else tr("ready, with a remark")

    def _twin_text(self) -> str:
        twins = self.candidate.twins if self.candidate is not None else ()
        template = tr("same text as “{title}”") if self.state is State.SAME else tr("nearly the same as “{title}”")
        return template.format(title=twins[0].title) if twins else ""

    # -- what was corrected

    @property
    def is_corrected(self) -> bool:
        """Say whether anything differs from what was read."""
        return bool(self.fields) or self.corrections.can_undo

    def set_field(self, name: str, value: str) -> None:
        """Note a title, date, language or URL, or that it is as it was read."""
        if self.candidate is None or value == getattr(self.candidate.read, name):
            self.fields.pop(name, None)
        else:
            self.fields[name] = value

    def field(self, name: str) -> str:
        """Return the title, date, language or URL as it would be stored."""
        read = getattr(self.candidate.read, name) if self.candidate is not None else ""
        return self.fields.get(name, read)

    def problem(self) -> tuple[str, str]:
        """Return which field keeps it from being stored, and why; both empty where nothing does."""
        date, language = self.field("date"), self.field("language")
        if not self.field("title").strip():
            return "title", tr("A document needs a title. Type one.")
        if date and not is_iso_date(date):
            return "date", tr("Write the date as 2024-05-16, 2024-05 or 2024, or leave it empty.")
        if language and not _LANGUAGE.fullmatch(language):
            return "language", tr("Write the language as a code such as en, uk or pt-BR, or leave it empty.")
        return "", ""

    def order(self) -> Order:
        """Return what is to be stored. Only for an entry with a candidate."""
        assert self.candidate is not None
        return Order(self.candidate, self.corrections.edits, dict(self.fields))
