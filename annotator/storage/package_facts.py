"""What a file says of itself as a package, asked before it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from peewee import DatabaseError

from annotator.core.errors import UserError
from annotator.core.packages import PackageFacts, facts_from_json
from annotator.core.records import Annotator
from annotator.storage import database as sqlite
from annotator.storage.file_checks import check_header
from annotator.storage.local import LocalSettings
from annotator.storage.sql import Statements


@dataclass(frozen=True, slots=True)
class NewPackage:
    """A hand-off file in which nobody has worked yet: its facts, and who it says is the same person as whom.

    `people` have no names here. Nothing of it is checked: merging reads the journal of the file, and checks that.
    """

    facts: PackageFacts
    people: tuple[Annotator, ...]


def new_package(path: Path) -> NewPackage | None:
    """Return what a hand-off file in which nobody has worked yet says; None for every other file, whatever it is.

    The file must not be one that this process has open: closing it would drop the locks on it.
    """
    try:
        check_header(path)
        database = sqlite.reader(path, tidy=False)
    except UserError:
        return None
    try:
        return _said(Statements(database))
    except (DatabaseError, UserError):  # an older schema, or a damaged file: opening it says so
        return None
    finally:
        database.close_all()


def _said(statements: Statements) -> NewPackage | None:
    text = LocalSettings(statements).get("package")
    if text is None or statements.first('SELECT 1 FROM "replica"') is not None:
        return None
    rows = statements.rows('SELECT "id", "same_as" FROM "annotator"')
    return NewPackage(facts_from_json(text), tuple(Annotator(row[0], "", row[1]) for row in rows))
