"""Helpers of the tests: a person, a text, a document without a parser child, the corpus."""

from __future__ import annotations

import os
from pathlib import Path

from annotator.core.records import Document
from annotator.core.structure import Structure
from annotator.formats.documents.source import ReadDocument
from annotator.session.people import Person
from annotator.session.session import Session

PERSON = Person("11111111-1111-4111-8111-111111111111", "Analyst A")

TEXT = """Summit statement

We will provide air defence if the council agrees. The alliance condemns the attack on the port.
Any further attack will be answered. We will never recognise the annexation."""


def add_document(session: Session, text: str = TEXT, title: str = "Summit statement") -> Document:
    """Put a document into a project without a parser child."""
    read = ReadDocument(text, Structure(), title, language="en", format="text")
    return session.documents._add_pasted(read, text.encode())


def corpus() -> Path | None:
    """Return the folder of real documents, or None where it is absent."""
    folder = Path(os.environ.get("ANNOTATOR_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
    return folder if folder.is_dir() else None
