"""What every page of an open project beside the annotate page is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.settings import Settings
from annotator.ui.messages import MessageBar
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.core.changes import ChangeSet
    from annotator.session.session import Session


@dataclass(frozen=True)
class PageTools:
    """What a page works with."""

    tasks: TaskRunner
    messages: MessageBar
    settings: Settings


class ProjectPage(QWidget):
    """A page is made when it is first shown.

    `place_wanted` asks for a document by id at a code point on the annotate page, `span_wanted` for an annotation by
    id in a document by id.
    """

    place_wanted = Signal(str, int)
    span_wanted = Signal(str, str)

    def __init__(self, tools: PageTools, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tools = tools
        self.theme = theme

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        raise NotImplementedError

    def apply(self, changes: ChangeSet) -> None:
        """Take over what was committed; called while the page is not on screen as well."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme

    def enter(self) -> None:
        """Come on screen: bring up to date what was left stale, and take the focus."""

    def leave(self) -> None:
        """Go off screen: what is being typed goes into the project."""

    def take_focus(self) -> None:
        """Take the focus back, as after a search at the top."""

    def take_settings(self) -> None:
        """Follow the preferences of `tools`, such as the size of the text."""

    def show_place(self, changes: ChangeSet) -> bool:
        """Show what a step changed that was taken or put back; False where another page has to."""
        return False

    def key_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the single keys that apply here: names of groups with (key, what it does)."""
        return []

    def panes(self) -> list[tuple[QWidget, QWidget]]:
        """Return each pane with what takes its focus, in the order of F6."""
        return []
