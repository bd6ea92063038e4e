"""The corpus page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.ui.project_page import ProjectPage

if TYPE_CHECKING:
    from annotator.core.changes import ChangeSet
    from annotator.session.session import Session


class CorpusPage(ProjectPage):
    """Made anew by its owner."""

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self._session = session

    def apply(self, changes: ChangeSet) -> None:
        """Take over what was committed."""
