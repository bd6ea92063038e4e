"""The document on screen with its two faces: the text to read, and the pages that it came from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from annotator.core.errors import UserError
from annotator.core.pages import PageLayout
from annotator.core.records import Document
from annotator.ui.panels.page_bar import PageBar
from annotator.ui.panels.page_password import PasswordStrip
from annotator.ui.theme import Theme
from annotator.ui.views.page_thumbnails import ThumbnailStrip
from annotator.ui.views.page_view import PageView
from annotator.ui.views.reading_view import ReadingView

if TYPE_CHECKING:
    from annotator.session.pictures import DocumentPictures


class DocumentFaces(QWidget):
    """Shows the text, or the pages of a document that has any, as the person wishes.

    `changed` comes when another face is on screen or wished for; `failed` carries why the pages cannot be shown.
    """

    changed = Signal()
    failed = Signal(object)
    _laid_out = Signal(object)

    def __init__(
        self, reading: ReadingView, describe: Callable[[str], str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.reading = reading
        self.page_view = PageView(reading, describe, theme, self)
        self.thumbnails = ThumbnailStrip(theme, self)
        self.bar = PageBar(self)
        self.password = PasswordStrip(self)
        self._paged = QWidget(self)
        self._stack = QStackedWidget(self)
        self._pictures: DocumentPictures | None = None
        self._document: Document | None = None
        self._future: Future[PageLayout] | None = None
        self._asked_for_layout = False
        self._prefers_pages = False
        self._prefers_thumbnails = False
        self._lay_out()
        self._connect()
        self._show_face()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._paged)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.thumbnails)
        pages = QVBoxLayout()
        pages.setSpacing(0)
        pages.addWidget(self.password)
        pages.addWidget(self.page_view, 1)
        row.addLayout(pages, 1)
        self._stack.addWidget(self.reading)
        self._stack.addWidget(self._paged)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        bar, view = self.bar, self.page_view
        bar.pages_chosen.connect(self.choose)
        bar.page_wanted.connect(view.go_to_page)
        bar.zoom_wanted.connect(self._zoom)
        bar.fit_width_wanted.connect(view.fit_width)
        bar.fit_page_wanted.connect(view.fit_page)
        bar.thumbnails_toggled.connect(self._choose_thumbnails)
        bar.left.connect(self.focus_face)
        view.moved.connect(self._show_place)
        self.thumbnails.page_chosen.connect(view.go_to_page)
        view.pictures.locked.connect(self.password.ask)
        self.password.given.connect(self._unlock)
        self._laid_out.connect(self._take_layout, Qt.ConnectionType.QueuedConnection)

    def place_of(self, position: int) -> QRect:
        """Return where the line at a code point is, in pixels of this widget; its top where it is out of sight."""
        view = self.page_view if self.shows_pages else self.reading
        rect = view.caret_place(position)
        if rect is None:
            return QRect(self.width() // 3, 0, 0, 0)
        return rect.toAlignedRect().translated(view.viewport().mapTo(self, QPoint(0, 0)))

    # -- the document

    def set_pictures(self, pictures: DocumentPictures | None) -> None:
        """Draw pages with these from now on, or not at all; no document is shown then."""
        self.show_document(None)
        self._pictures = pictures

    def show_document(self, document: Document | None) -> None:
        """Show another document, or none; its text is in the reading view already."""
        before = self._document
        if before is not None and document is not None and (before.id, before.pages) == (document.id, document.pages):
            self.page_view.change_spans()
            return
        had_focus = self._has_focus()
        self._document = document if _has_pages(document) and self._pictures is not None else None
        self._future = None
        self._asked_for_layout = False
        self.password.dismiss()
        self._set_pages(PageLayout())
        if self._document is not None and self._pictures is not None:
            self._pictures.prepare(self._document)
        self._show_face()
        if had_focus:
            self.focus_face()

    def _ask_for_layout(self) -> None:
        """Read where the words are, the first time that the pages are to be seen."""
        if self._document is not None and self._pictures is not None and not self._asked_for_layout:
            self._asked_for_layout = True
            self._future = self._pictures.layout(self._document)
            self._future.add_done_callback(self._laid_out.emit)

    @Slot(object)
    def _take_layout(self, ended: Future[PageLayout]) -> None:
        if ended is not self._future:
            return
        self._future = None
        try:
            self._set_pages(ended.result())
        except CancelledError:
            return
        except UserError as error:
            self.failed.emit(error)

    def _set_pages(self, layout: PageLayout) -> None:
        document, pictures = self._document, self._pictures
        draw = partial(pictures.render, document) if document is not None and pictures is not None else None
        self.page_view.set_pages(layout, draw)
        self.thumbnails.set_pages(layout, draw)
        self._show_place()

    @Slot(str)
    def _unlock(self, password: str) -> None:
        if self._document is not None and self._pictures is not None:
            self._pictures.unlock(self._document, password)
            self.password.hide()
            self.page_view.pictures.retry()
            self.thumbnails.pictures.retry()

    @property
    def is_waiting(self) -> bool:
        """Say whether something that belongs on screen has not come yet."""
        stores = (self.page_view.pictures, self.thumbnails.pictures)
        return self._future is not None or any(store.is_waiting for store in stores)

    # -- the faces

    @property
    def has_pages(self) -> bool:
        """Say whether the document has pages to show."""
        return self._document is not None

    @property
    def shows_pages(self) -> bool:
        """Say whether the pages are on screen, and not the text."""
        return self.has_pages and self._prefers_pages

    def face(self) -> QWidget:
        """Return the view that is on screen: that of the text or that of the pages."""
        return self.page_view if self.shows_pages else self.reading

    def top_position(self) -> int:
        """Return the first code point in sight."""
        return self.page_view.top_position() if self.shows_pages else self.reading.top_position()

    def scroll_to_top_position(self, position: int) -> None:
        """Bring a position's line to the top."""
        self.reading.scroll_to_top_position(position)
        if self.shows_pages:
            self.page_view.scroll_to_top_position(position)

    @Slot()
    def focus_face(self) -> None:
        """Give the focus to the view that is on screen."""
        self.face().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(bool)
    def choose(self, pages: bool) -> None:
        """Show the pages, or the text, of every document that has both."""
        had_focus = self._has_focus()
        if self.shows_pages and not pages:
            self.page_view.tell_place()
        self._prefers_pages = pages
        self._show_face()
        if had_focus:
            self.focus_face()

    @Slot()
    def toggle(self) -> None:
        """Show the pages instead of the text, or the text again."""
        self.choose(not self._prefers_pages)

    def _has_focus(self) -> bool:
        return self.reading.hasFocus() or self.page_view.hasFocus() or self.bar.text_tab.hasFocus()

    def _show_face(self) -> None:
        if self.shows_pages:
            self._ask_for_layout()
        self.bar.setVisible(self.has_pages)
        self.bar.show_face(pages=self.shows_pages, thumbnails=self._prefers_thumbnails)
        self.thumbnails.setVisible(self._prefers_thumbnails)
        self._stack.setCurrentWidget(self._paged if self.shows_pages else self.reading)
        self.changed.emit()

    # -- what is remembered

    def choices(self) -> dict[str, str]:
        """Return what somebody has chosen, as `restore` takes it."""
        return {
            "face": "pages" if self._prefers_pages else "text",
            "thumbnails": "shown" if self._prefers_thumbnails else "hidden",
        }

    def restore(self, choices: dict[str, str]) -> None:
        """Choose as somebody did before; what is not known stays."""
        self._prefers_pages = choices.get("face", "text") == "pages"
        self._prefers_thumbnails = choices.get("thumbnails", "hidden") == "shown"
        self._show_face()

    # -- actions

    @Slot()
    def toggle_thumbnails(self) -> None:
        """Show the small pages beside the pages, or hide them."""
        self._choose_thumbnails(not self._prefers_thumbnails)

    @Slot(bool)
    def _choose_thumbnails(self, shown: bool) -> None:
        self._prefers_thumbnails = shown
        self._show_face()

    @Slot()
    def fit_width(self) -> None:
        """Let the pages take the width of the view."""
        self.page_view.fit_width()

    @Slot()
    def fit_page(self) -> None:
        """Let a whole page take the view."""
        self.page_view.fit_page()

    @Slot()
    def go_to(self) -> None:
        """Let the number of a page be typed."""
        self.bar.focus_number()

    @Slot(int)
    def _zoom(self, steps: int) -> None:
        self.page_view.zoom_by(steps)

    @Slot()
    def _show_place(self) -> None:
        view = self.page_view
        self.bar.show_place(view.current_page(), view.page_count(), view.zoom)
        self.thumbnails.show_current(view.current_page())

    # -- looks

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the pages' surroundings."""
        self.bar.set_theme(theme)
        self.page_view.set_theme(theme)
        self.thumbnails.set_theme(theme)


def _has_pages(document: Document | None) -> bool:
    return document is not None and document.pages is not None and document.format == "pdf"
