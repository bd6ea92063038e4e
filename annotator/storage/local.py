"""What this copy of a project knows beside its journal: settings by name, which no merge carries."""

from __future__ import annotations

from annotator.storage.sql import Statements


class LocalSettings:
    """The rows of `local_setting`."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def get(self, name: str) -> str | None:
        """Return a setting, or None."""
        row = self._sql.first('SELECT "value" FROM "local_setting" WHERE "name" = ?', (name,))
        return row[0] if row else None

    def put(self, name: str, value: str) -> None:
        """Store a setting in place of what it was."""
        self.drop(name)
        self._sql.insert("local_setting", ("name", "value"), [(name, value)])

    def drop(self, name: str) -> None:
        """Forget a setting."""
        self._sql.run('DELETE FROM "local_setting" WHERE "name" = ?', (name,))
