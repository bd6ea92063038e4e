"""Helpers of the tests: a person, a text, a document without a parser child, the corpus."""

from __future__ import annotations

import os
from pathlib import Path

from annotator.core.canonical import sha256_hex
from annotator.core.changes import ChangeSet, made
from annotator.core.records import Annotator, Document
from annotator.core.structure import Structure
from annotator.formats.documents.source import ReadDocument
from annotator.session.edited_versions import VersionReport, report_on
from annotator.session.findings import Candidate
from annotator.session.people import Person
from annotator.session.progress import Cancel
from annotator.session.session import Session
from annotator.session.verb import Outcome

PERSON = Person("11111111-1111-4111-8111-111111111111", "Analyst A")

TEXT = """Summit statement

We will provide air defence if the council agrees. The alliance condemns the attack on the port.
Any further attack will be answered. We will never recognise the annexation."""


def add_document(session: Session, text: str = TEXT, title: str = "Summit statement") -> Document:
    """Put a document into a project without a parser child."""
    read = ReadDocument(text, Structure(), title, language="en", format="text")
    return session.documents._add_pasted(read, text.encode())


def add_lead(session: Session, person: Person) -> None:
    """Let somebody work in the project as a lead."""
    session.perform(lambda: Outcome(ChangeSet("A lead joins", made(Annotator(person.id, person.name))), None))


def version_report(session: Session, document: str, text: str) -> VersionReport:
    """Return what an edited version in a file beside the project would change, read without a parser child."""
    path = session.path.parent / "edited.txt"
    path.write_bytes(text.encode())
    read = ReadDocument(text, Structure(), "Edited", language="en", format="text")
    candidate = Candidate(path, sha256_hex(text.encode()), read)
    return report_on(session, session.queries.document(document), candidate, Cancel())


def corpus() -> Path | None:
    """Return the folder of real documents, or None where it is absent."""
    folder = Path(os.environ.get("ANNOTATOR_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
    return folder if folder.is_dir() else None
