"""What an import finds in files: documents to be, duplicates and failures, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from annotator.core.errors import PasswordNeededError, UserError
from annotator.core.records import Document
from annotator.formats.documents.source import ReadDocument


@dataclass(frozen=True, slots=True)
class Twin:
    """A text that another one equals or resembles: its title and file, and whether they are the same to the letter."""

    title: str
    file: str
    same: bool

    def __str__(self) -> str:
        relation = "Its text is also that of" if self.same else "Its text is nearly that of"
        return f"{relation} “{self.title}” ({self.file})."


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A document that a file holds and that is not in the project yet. `source` is the hash of the file's bytes."""

    file: Path
    source: str
    read: ReadDocument
    twins: tuple[Twin, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person who imports should know: of the reader, and of texts that are here already."""
        return (*self.read.warnings, *map(str, self.twins))


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that became a document, with what the reader had to say."""

    document: Document
    file: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file whose bytes are already in the project as the document with this id."""

    file: str
    document: str
    title: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    file: str
    error: UserError

    @property
    def needs_password(self) -> bool:
        """Whether a password would help."""
        return isinstance(self.error, PasswordNeededError)


Found = Candidate | Duplicate | Failure


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of each finding, in their order, until it was cancelled.

    `step` is the id of the step in the history, empty where nothing was stored.
    """

    outcomes: tuple[Imported | Duplicate | Failure, ...] = ()
    cancelled: bool = False
    step: str = ""

    @property
    def imported(self) -> tuple[Imported, ...]:
        """What became documents."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Imported))

    @property
    def duplicates(self) -> tuple[Duplicate, ...]:
        """What is here already."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Duplicate))

    @property
    def failed(self) -> tuple[Failure, ...]:
        """What could not be read or stored."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Failure))


Take = Callable[[Found], None]
"""What is done with each finding of an examination, on the thread that examines."""
