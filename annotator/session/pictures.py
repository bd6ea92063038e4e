"""The pages of a project's documents, as layouts and as pictures, beside whatever else the window does."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from annotator.core.pages import PageLayout
from annotator.core.records import Document
from annotator.workers.pictures import PagePicture, PagePictures

if TYPE_CHECKING:
    from annotator.session.session import Session


_REST = 0.0002
"""Seconds between two pages of a layout, in which the window gets its turn."""


class DocumentPictures:
    """Reads layouts and draws pages of the documents of one project, in threads and a child of its own."""

    def __init__(self, session: Session) -> None:
        self._queries = session.queries
        self._pictures = PagePictures()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="layouts")

    def prepare(self, document: Document) -> None:
        """Make ready to draw a document's pages."""
        self._pictures.prepare(document.source, partial(self._queries.source, document.id))

    def layout(self, document: Document) -> Future[PageLayout]:
        """Return the layout to come of a document. Its exceptions are those of `Queries.pages`."""
        return self._thread.submit(self._queries.pages, document.id, _REST)

    def render(self, document: Document, page: int, scale: float) -> Future[PagePicture]:
        """Return the picture to come of a page, counted from 1, at `scale` pixels per PDF point.

        Its exceptions are those of `PagePictures.render` and `Queries.source`.
        """
        return self._pictures.render(document.source, partial(self._queries.source, document.id), page, scale)

    def unlock(self, document: Document, password: str) -> None:
        """Draw the pages of a locked PDF with this password from now on; it is kept in memory only."""
        self._pictures.unlock(document.source, password)

    def close(self) -> None:
        """Give up what waits and what runs, and end the child."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._pictures.close()
