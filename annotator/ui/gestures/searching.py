"""Searching the whole project: the panel asks, a thread answers, and a hit is shown in its place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from annotator.core.changes import ChangeSet
from annotator.core.errors import UserError
from annotator.core.search_query import SearchQuery, query_from_data
from annotator.ui.gestures.desk import Desk
from annotator.ui.messages import error_text
from annotator.ui.panels.search_filters import SearchChoices
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.words import grouped, one_line

if TYPE_CHECKING:
    from annotator.session.progress import Cancel, Progress
    from annotator.session.search import SearchHit, SearchPage
    from annotator.session.session import Session

PAGE = 100
"""Hits that are asked for at a time."""

AGAIN_MS = 500
"""Milliseconds after a change until what is shown is searched for again."""

_WORDS_LENGTH = 60
_FOUND_IN = ("document", "annotation", "attribute_value", "note", "status", "label")
_CHOSEN_FROM = ("document", "label", "annotator", "entity", "alias", "saved_search")


class Searching(QObject):
    """Only the answer to the last question is shown; a question that is overtaken stops."""

    def __init__(self, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(desk)
        self._desk = desk
        self._tasks = tasks
        self._panel = desk.page.search_panel
        self._session: Session | None = None
        self._query = SearchQuery()
        self._task: Task | None = None
        self._indexing: Task | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._search_again)
        panel = self._panel
        panel.asked.connect(self.search)
        panel.model.more_wanted.connect(self._search_on)
        panel.hit_chosen.connect(self._show)
        panel.close_requested.connect(self.close)
        panel.keep_requested.connect(self._keep)
        panel.saved_chosen.connect(self._use)
        panel.delete_requested.connect(self._delete)
        desk.changed.connect(self._take_changes)

    @Slot(object)
    def set_session(self, session: Session | None) -> None:
        """Search another project, or none."""
        self._forget_question()
        self._session = session
        self._desk.page.show_search(False)
        self._panel.set_writable(session is not None and not session.read_only_reason)
        self._panel.set_query(SearchQuery())

    # -- the panel

    @Slot()
    def open(self) -> None:
        """Show the search in the place of the documents, with the selected words."""
        words = self._selected_words()
        if not self._desk.page.search_is_shown:
            self._desk.page.show_search(True)
            self._read_choices()
        in_panel = self._panel.isAncestorOf(QApplication.focusWidget() or self._desk.page)
        self._panel.focus_field("" if in_panel else words)

    def _selected_words(self) -> str:
        """Return the selected text as a phrase, or nothing where there is none or too much of it."""
        selection = self._desk.reading.selection()
        words = one_line(self._desk.text[slice(*selection)], _WORDS_LENGTH) if selection else ""
        words = "" if words.endswith("…") else words.replace('"', " ").strip()
        return f'"{words}"' if " " in words else words

    @Slot()
    def close(self) -> None:
        """Show the documents again."""
        self._forget_question()
        self._desk.page.show_search(False)
        self._desk.back_to_text()

    def _read_choices(self) -> None:
        if self._session is not None:
            self._panel.set_saved(self._session.queries.saved_searches())
            task = self._tasks.start("", partial(_choices, self._session))
            task.finished.connect(self._panel.set_choices)

    # -- questions and answers

    @Slot(object)
    def search(self, query: SearchQuery) -> None:
        """Ask for the first hits of a query."""
        self._forget_question()
        self._query = query
        if self._session is None or query.is_empty:
            self._panel.show_hint()
        elif query.substring and not self._session.search_index.has_parts:
            self._index_parts(self._session)
        else:
            self._ask(self._session, PAGE).finished.connect(self._take_first)

    @Slot()
    def _search_again(self) -> None:
        if self._session is not None and self._desk.page.search_is_shown and not self._query.is_empty:
            self._forget_question()
            limit = max(PAGE, len(self._panel.model.hits))
            self._ask(self._session, limit).finished.connect(self._take_first)

    @Slot()
    def _search_on(self) -> None:
        if self._session is not None and self._panel.model.hits:
            last = self._panel.model.hits[-1]
            self._ask(self._session, PAGE, last).finished.connect(self._take_next)

    def _ask(self, session: Session, limit: int, after: SearchHit | None = None) -> Task:
        self._task = task = self._tasks.start("", partial(_find, session, self._query, limit, after))
        task.handles_failure = True
        task.progressed.connect(self._tell_progress)
        task.failed.connect(self._tell_failure)
        return task

    def _forget_question(self) -> None:
        self._again.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _is_answer(self) -> bool:
        """Say whether the task whose signal is at hand is the one that is waited for."""
        return self._task is not None and self.sender() is self._task

    @Slot(object)
    def _take_first(self, page: SearchPage) -> None:
        if self._is_answer():
            self._panel.show_hits(page.hits, complete=page.complete, unfinished=page.unfinished)

    @Slot(object)
    def _take_next(self, page: SearchPage) -> None:
        if self._is_answer():
            self._panel.add_hits(page.hits, complete=page.complete)

    @Slot(int, int, str)
    def _tell_progress(self, done: int, total: int, _what: str) -> None:
        if self._is_answer():
            words = self.tr("Making the texts searchable: {done} of {total}.")
            self._panel.show_work(words.format(done=grouped(done), total=grouped(total)))

    @Slot(object)
    def _tell_failure(self, error: BaseException) -> None:
        if self.sender() not in (self._task, self._indexing):
            return
        if isinstance(error, UserError):
            self._panel.show_problem(error_text(error))
        else:
            self._desk.messages.show_error(error)

    # -- parts of words

    def _index_parts(self, session: Session) -> None:
        """Make the index of parts of words, and search when it is there."""
        self._panel.show_work(self.tr("Parts of words are being indexed. It takes a while, once for this project."))
        if self._indexing is None:
            self._indexing = task = self._tasks.start(self.tr("Index parts of words"), partial(_index_parts, session))
            task.handles_failure = True
            task.finished.connect(self._use_parts)
            task.failed.connect(self._tell_failure)
            task.failed.connect(self._end_indexing)
            task.cancelled.connect(self._end_indexing)

    @Slot()
    def _use_parts(self) -> None:
        self._indexing = None
        self._panel.ask()

    @Slot()
    def _end_indexing(self) -> None:
        self._indexing = None

    @Slot()
    def drop_parts(self) -> None:
        """Take the index of parts of words away; its room in the file is used again."""
        with self._desk.messages.showing_errors():
            session = self._desk.session
            if not session.search_index.wants_parts:
                self._desk.messages.inform(self.tr("Parts of words are not indexed in this project."))
                return
            self._panel.filters.parts.setChecked(False)
            task = self._tasks.start(self.tr("Remove the index of parts of words"), partial(_drop_parts, session))
            task.finished.connect(self._tell_dropped)

    @Slot()
    def _tell_dropped(self) -> None:
        self._desk.messages.inform(self.tr("The index of parts of words is gone; the next search for them makes it."))

    # -- hits

    @Slot()
    def next_hit(self) -> None:
        """Show the next hit of the search."""
        self._panel.next_hit()
        self._desk.back_to_text()

    @Slot()
    def previous_hit(self) -> None:
        """Show the hit before."""
        self._panel.previous_hit()
        self._desk.back_to_text()

    @Slot(object, bool)
    def _show(self, hit: SearchHit, focus_text: bool) -> None:
        """Show a hit in its document, selected; the panel stays."""
        focus = QApplication.focusWidget()
        if not hit.document:
            self._desk.messages.inform(self.tr("This note is on the label “{label}”.").format(label=hit.title))
            return
        if not self._desk.open_if_there(hit.document):
            self._desk.messages.inform(self.tr("That document is no longer in the project."))
            return
        if hit.span is not None:
            self._desk.select(hit.span, reveal=True)
        elif hit.start < hit.end:
            self._desk.reading.select(hit.start, hit.end)
            self._desk.reading.reveal(hit.start)
        if focus_text:
            self._desk.back_to_text()
        elif focus is not None:
            focus.setFocus()

    @Slot(object)
    def _take_changes(self, changes: ChangeSet) -> None:
        if self._session is None or not self._desk.page.search_is_shown:
            return
        if changes.touches(*_CHOSEN_FROM):
            self._read_choices()
        if changes.touches(*_FOUND_IN):
            self._again.start()

    # -- kept searches

    @Slot(str)
    def _keep(self, name: str) -> None:
        with self._desk.messages.showing_errors():
            self._desk.session.searches.save(name, self._panel.query())
            self._panel.end_naming()

    @Slot(str)
    def _use(self, search: str) -> None:
        with self._desk.messages.showing_errors():
            for kept in self._desk.session.queries.saved_searches():
                if kept.id == search:
                    self._panel.set_query(query_from_data(kept.query))

    @Slot(str)
    def _delete(self, search: str) -> None:
        with self._desk.messages.showing_errors():
            self._desk.session.searches.delete(search)


def _find(
    session: Session, query: SearchQuery, limit: int, after: SearchHit | None, progress: Progress, cancel: Cancel
) -> SearchPage:
    if not session.search_index.is_whole and not session.read_only_reason:
        session.search_index.complete(progress=progress, cancel=cancel)
    return session.queries.search(query, limit=limit, after=after, check=cancel.check)


def _index_parts(session: Session, progress: Progress, cancel: Cancel) -> None:
    session.search_index.complete(progress=progress, cancel=cancel)
    session.search_index.keep_parts(progress=progress, cancel=cancel)


def _drop_parts(session: Session, _progress: Progress, _cancel: Cancel) -> None:
    session.search_index.drop_parts()


def _choices(session: Session, _progress: Progress, _cancel: Cancel) -> SearchChoices:
    queries = session.queries
    facets = queries.document_facets()
    entities = sorted((row.entity.name.casefold(), row.entity.id, row.entity.name) for row in queries.entities())
    people = sorted((person.name.casefold(), person.id, person.name) for person in queries.annotators())
    return SearchChoices(
        labels=queries.codebook().labels,
        annotators=[(identity, name) for _, identity, name in people],
        entities=[(identity, name) for _, identity, name in entities],
        formats=facets["format"],
        languages=facets["language"],
    )
