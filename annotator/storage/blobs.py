"""Texts and bytes, kept once under their SHA-256."""

from __future__ import annotations

from annotator.core.canonical import sha256_hex
from annotator.core.errors import ProjectFileError
from annotator.storage.sql import Statements


class Blobs:
    """Content-addressed bytes: put returns the address, get checks it."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._last_text = ("", "")

    def put(self, data: bytes) -> str:
        """Store the bytes unless they are there, and return their SHA-256."""
        address = sha256_hex(data)
        if not self.has(address):
            self._sql.insert("blob", ("sha256", "size", "data"), [(address, len(data), data)])
        return address

    def has(self, address: str) -> bool:
        """Say whether bytes of this hash are stored."""
        return self._sql.first('SELECT 1 FROM "blob" WHERE "sha256" = ?', (address,)) is not None

    def get(self, address: str) -> bytes:
        """Return the bytes of this hash. Raises ProjectFileError where they are missing or damaged."""
        row = self._sql.first('SELECT "data" FROM "blob" WHERE "sha256" = ?', (address,))
        data = bytes(row[0]) if row else None
        if data is None or sha256_hex(data) != address:
            raise ProjectFileError(
                "The project file is damaged: stored content {address} is {state}. Restore a backup.",
                address=address[:12],
                state="missing" if data is None else "not what was stored",
            )
        return data

    def _decoded(self, address: str) -> str:
        try:
            return self.get(address).decode()
        except UnicodeDecodeError as error:
            raise ProjectFileError(
                "The project file is damaged: the text {address} is not UTF-8. Restore a backup.", address=address[:12]
            ) from error

    def text(self, address: str) -> str:
        """Return the UTF-8 text of this hash; the last one is kept, since a hash never means another text."""
        kept, text = self._last_text
        if kept != address:
            text = self._decoded(address)
            self._last_text = (address, text)
        return text
