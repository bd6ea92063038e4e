"""The review as actions of the window: they show the review page, if need be, and act there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from annotator.ui.project_pages import ProjectPages

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.ui.review_page import ReviewPage


class ReviewVerbs(QObject):
    """`place_wanted` asks for a document by id at a code point on the annotate page."""

    place_wanted = Signal(str, int)

    def __init__(self, pages: ProjectPages, window: QWidget) -> None:
        super().__init__(window)
        self._pages = pages
        self._window = window
        self._session: Session | None = None

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none."""
        self._session = session

    def _page(self) -> ReviewPage:
        from annotator.ui.review_page import ReviewPage

        self._pages.show("review")
        page = self._pages.page("review")
        assert isinstance(page, ReviewPage)
        return page

    @Slot()
    def next_case(self) -> None:
        """Go to the next case."""
        self._page().step(1)

    @Slot()
    def previous_case(self) -> None:
        """Go to the case before."""
        self._page().step(-1)

    @Slot()
    def ask_reason(self) -> None:
        """Let somebody say why the last case was decided so."""
        self._page().deciding.ask_reason()

    @Slot()
    def accept_agreed(self) -> None:
        """Accept many cases on which layers agree."""
        self._page().bulk.accept_agreed()

    @Slot()
    def approve(self) -> None:
        """Approve the document under review."""
        self._page().bulk.approve()

    @Slot()
    def return_document(self) -> None:
        """Give the document under review back to an analyst."""
        self._page().bulk.return_document()

    @Slot()
    def reopen(self) -> None:
        """Take back the decision on the case that is shown."""
        self._page().bulk.reopen()

    @Slot()
    def show_digest(self) -> None:
        """Show what was decided on one's own work."""
        from annotator.ui.dialogs.digest import DigestDialog

        if self._session is not None:
            dialog = DigestDialog(self._session.queries.digest(), self._window)
            dialog.place_wanted.connect(self.place_wanted)
            dialog.open()
