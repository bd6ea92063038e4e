"""The one way from an open project to the views: its events, as one Qt signal in the thread of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from annotator.core.changes import ChangeSet

if TYPE_CHECKING:
    from annotator.session.session import Session


class SessionBridge(QObject):
    """Turns a session's events, which come in the thread of the verb, into `changed` in the thread of this object.

    A verb called in the thread of the window has told every view when it returns.
    """

    changed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._arrived.connect(self._deliver, Qt.ConnectionType.AutoConnection)
        session.events.subscribe(self._receive)

    def close(self) -> None:
        """Stop listening; what is still on its way is not delivered."""
        self._session.events.unsubscribe(self._receive)
        self._arrived.disconnect(self._deliver)

    def _receive(self, changes: ChangeSet) -> None:
        self._arrived.emit(changes)

    @Slot(object)
    def _deliver(self, changes: ChangeSet) -> None:
        self.changed.emit(changes)
