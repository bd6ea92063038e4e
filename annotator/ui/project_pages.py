"""The pages of an open project: annotate, review, corpus. The last two are made when they are first shown.

How to add a page:
1. write `ui/<name>_page.py` with a subclass of ProjectPage, and name it in `_MAKERS`;
2. add its name and words to `PAGES`;
3. add a row to `ui/actions/go.py` and its slot here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from annotator.ui.project_page import PageTools, ProjectPage
from annotator.ui.theme import Theme
from annotator.ui.words import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from annotator.core.changes import ChangeSet
    from annotator.session.session import Session

PAGES = {
    "annotate": QT_TRANSLATE_NOOP("pages", "Annotate"),
    "review": QT_TRANSLATE_NOOP("pages", "Review"),
    "corpus": QT_TRANSLATE_NOOP("pages", "Corpus"),
}


def _review(tools: PageTools, theme: Theme, parent: QWidget) -> ProjectPage:
    from annotator.ui.review_page import ReviewPage

    return ReviewPage(tools, theme, parent)


def _corpus(tools: PageTools, theme: Theme, parent: QWidget) -> ProjectPage:
    from annotator.ui.corpus_page import CorpusPage

    return CorpusPage(tools, theme, parent)


_MAKERS: dict[str, Callable[[PageTools, Theme, QWidget], ProjectPage]] = {"review": _review, "corpus": _corpus}


class ProjectPages(QObject):
    """Shows one page at a time in the window's stack.

    `shown` carries the name of the page that came on screen; `place_wanted` and `span_wanted` are those of the pages.
    """

    shown = Signal(str)
    place_wanted = Signal(str, int)
    span_wanted = Signal(str, str)

    def __init__(
        self, stack: QStackedWidget, annotate: QWidget, tools: PageTools, theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._stack = stack
        self._annotate = annotate
        self._tools = tools
        self._theme = theme
        self._session: Session | None = None
        self._made: dict[str, ProjectPage] = {}

    @property
    def current(self) -> str:
        """Return the name of the page on screen; empty where no project is open."""
        widget = self._stack.currentWidget()
        if widget is self._annotate:
            return "annotate"
        return next((name for name, page in self._made.items() if page is widget), "")

    def current_page(self) -> ProjectPage | None:
        """Return the page on screen unless it is the annotate page."""
        return self._made.get(self.current)

    def made(self) -> Iterator[ProjectPage]:
        """Yield the pages that were made so far."""
        yield from self._made.values()

    def page(self, name: str) -> ProjectPage:
        """Return a page other than annotate; the first time, make it."""
        if name not in self._made:
            page = _MAKERS[name](self._tools, self._theme, self._stack)
            page.place_wanted.connect(self.place_wanted)
            page.span_wanted.connect(self.span_wanted)
            self._stack.addWidget(page)
            self._made[name] = page
            page.set_session(self._session)
        return self._made[name]

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none; the annotate page comes first."""
        self._session = session
        for page in self.made():
            page.set_session(session)
        if session is not None:
            self._stack.setCurrentWidget(self._annotate)
            self.shown.emit("annotate")

    def apply(self, changes: ChangeSet) -> None:
        """Pass a committed ChangeSet on."""
        for page in self.made():
            page.apply(changes)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        for page in self.made():
            page.set_theme(theme)

    def show_place(self, changes: ChangeSet) -> bool:
        """Let the page on screen show what a step changed; False where that is for the annotate page."""
        page = self.current_page()
        return page is not None and page.show_place(changes)

    @Slot()
    def take_focus(self) -> None:
        """Give the focus back to the page on screen, unless it is the annotate page."""
        page = self.current_page()
        if page is not None:
            page.take_focus()

    @Slot(str)
    def show(self, name: str) -> None:
        """Show a page by name."""
        if self._session is None or name == self.current:
            self.shown.emit(self.current)
            return
        left = self.current_page()
        if left is not None:
            left.leave()
        self._stack.setCurrentWidget(self._annotate if name == "annotate" else self.page(name))
        entered = self.current_page()
        if entered is not None:
            entered.enter()
        self.shown.emit(name)

    @Slot()
    def show_annotate(self) -> None:
        """Show the page where one tags."""
        self.show("annotate")

    @Slot()
    def show_review(self) -> None:
        """Show the page where layers are compared and decided on."""
        self.show("review")

    @Slot()
    def show_corpus(self) -> None:
        """Show the page with all annotations of the project."""
        self.show("corpus")
