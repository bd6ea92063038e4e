"""What a file says of itself as a package, asked before it is opened."""

from __future__ import annotations

from pathlib import Path

from peewee import DatabaseError

from annotator.core.errors import UserError
from annotator.core.packages import PackageFacts, facts_from_json
from annotator.storage import database as sqlite
from annotator.storage.file_checks import check_header
from annotator.storage.local import LocalSettings
from annotator.storage.sql import Statements


def facts_of_new(path: Path) -> PackageFacts | None:
    """Return the facts of a hand-off file in which nobody has worked yet; None for every other file, whatever it is.

    The file must not be one that this process has open: closing it would drop the locks on it.
    """
    try:
        check_header(path)
        database = sqlite.reader(path, tidy=False)
    except UserError:
        return None
    try:
        statements = Statements(database)
        text = LocalSettings(statements).get("package")
        is_used = statements.first('SELECT 1 FROM "replica"') is not None
        return None if text is None or is_used else facts_from_json(text)
    except (DatabaseError, UserError):  # an older schema, or a damaged file: opening it says so
        return None
    finally:
        database.close_all()
