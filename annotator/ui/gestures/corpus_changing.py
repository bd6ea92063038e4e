"""What is done with the rows that are selected in the table of all annotations; each is one step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from annotator.core.errors import RefusedError
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.core.corpus_row import CorpusRow
    from annotator.session.progress import Cancel, Progress
    from annotator.session.session import Session
    from annotator.ui.corpus_page import CorpusPage

AT_ONCE = 200
"""So many spans are changed while one waits; more are changed beside the window."""


class CorpusChanging(QObject):
    """Works on what is selected; other rows stay as they are."""

    def __init__(self, page: CorpusPage) -> None:
        super().__init__(page)
        self._page = page
        self._waiting: list[CorpusRow] = []

    # -- the menu

    def menu(self, parent: QWidget) -> QMenu:
        """Return what can be done with the rows that are selected."""
        page = self._page
        rows = page.table.selected_rows()
        menu = QMenu(parent)
        menu.addAction(self.tr("Open in its document\tEnter")).triggered.connect(self.open)
        menu.addSeparator()
        self._add_labels(menu)
        menu.addAction(self.tr("Note…\tN")).triggered.connect(self.write_note)
        give_back = menu.addAction(self.tr("Return the documents…"))
        give_back.triggered.connect(self.give_back)
        menu.addAction(self.tr("Delete\tDel")).triggered.connect(self.delete)
        for action in menu.actions()[2:]:
            action.setEnabled(page.writable)
        give_back.setEnabled(page.writable and page.session is not None and page.session.role == "lead")
        menu.addSeparator()
        menu.addAction(self.tr("Copy the texts")).triggered.connect(self.copy)
        if len({row.document for row in rows}) == 1:
            menu.addAction(self.tr("Only this document")).triggered.connect(self.only_document)
        if len({row.label for row in rows}) == 1:
            menu.addAction(self.tr("Only this label")).triggered.connect(self.only_label)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _add_labels(self, menu: QMenu) -> None:
        labels = QMenu(self.tr("Relabel"), menu)
        for label in self._page.choices.labels if self._page.choices is not None else ():
            if not label.retired:
                digit = "" if label.digit is None else f"\t{label.digit}"
                labels.addAction(label.name.replace("&", "&&") + digit).setData(label.id)
        labels.triggered.connect(self._relabel_chosen)
        menu.addMenu(labels)

    # -- changes

    @Slot(QAction)
    def _relabel_chosen(self, action: QAction) -> None:
        self.relabel(str(action.data()))

    @Slot(int)
    def press_digit(self, digit: int) -> None:
        """Relabel what is selected with the label of a digit."""
        choices = self._page.choices
        label = (
            next((one for one in choices.labels if one.digit == digit and not one.retired), None) if choices else None
        )
        if label is not None:
            self.relabel(label.id)

    def relabel(self, label: str) -> None:
        """Give what is selected another label, by id."""
        ids = [row.id for row in self._page.table.selected_rows()]
        session = self._page.session
        if session is not None:
            told = self.tr("{count} relabelled. Undo takes it back.") if len(ids) > 1 else ""
            self._perform(self.tr("Relabelling"), len(ids), partial(session.annotations.relabel_all, ids, label), told)

    @Slot()
    def delete(self) -> None:
        """Delete what is selected."""
        ids = [row.id for row in self._page.table.selected_rows()]
        session = self._page.session
        if session is not None:
            self._perform(
                self.tr("Deleting"),
                len(ids),
                partial(session.annotations.delete, ids),
                self.tr("{count} deleted. Undo brings them back.") if len(ids) > 1 else "",
            )

    @Slot()
    def write_note(self) -> None:
        """Ask for a note on what is selected."""
        from annotator.ui.dialogs.corpus_note import CorpusNoteDialog

        self._waiting = self._page.table.selected_rows()
        if not self._waiting or not self._page.writable:
            return
        about = self.tr("It goes below what the note of a span says already.")
        dialog = CorpusNoteDialog(self._title(self.tr("Note on")), about, self.tr("Write"), self._page)
        dialog.written.connect(self._write)
        dialog.open()

    @Slot(str)
    def _write(self, body: str) -> None:
        ids, session = [row.id for row in self._waiting], self._page.session
        if session is not None and ids:
            self._perform(self.tr("Writing notes"), len(ids), partial(session.notes.write_all, ids, body))

    @Slot()
    def give_back(self) -> None:
        """Ask for a note that goes along with the documents of what is selected, and return them."""
        from annotator.ui.dialogs.corpus_note import CorpusNoteDialog

        self._waiting = self._page.table.selected_rows()
        about = self.tr("Whoever tagged what is selected gets its documents back, with this note.")
        words = self.tr("Return the documents")
        dialog = CorpusNoteDialog(words, about, self.tr("Return"), self._page, needed=False)
        dialog.written.connect(self._give_back)
        dialog.open()

    @Slot(str)
    def _give_back(self, body: str) -> None:
        session = self._page.session
        if session is not None and self._waiting:
            job = partial(_give_back, session, [(row.document, row.layer) for row in self._waiting], body)
            self._perform(self.tr("Returning"), len(self._waiting), job, self.tr("{count} returned."))

    def _title(self, words: str) -> str:
        count = len(self._waiting)
        return f"{words} {self.tr('1 span') if count == 1 else self.tr('{count} spans').format(count=grouped(count))}"

    def _perform(self, title: str, count: int, verb: Callable[[], int], told: str = "") -> None:
        """Run a verb at once, or beside the window where it has much to do; `told` says what it did."""
        if not count:
            return
        if count <= AT_ONCE:
            with self._page.tools.messages.showing_errors():
                self._tell(told, verb())
            return
        task = self._page.tools.tasks.start(title, partial(_run, verb, told))
        task.finished.connect(self._tell_end)

    @Slot(object)
    def _tell_end(self, ended: tuple[str, int]) -> None:
        self._tell(*ended)

    def _tell(self, words: str, count: int) -> None:
        if words:
            self._page.tools.messages.inform(words.format(count=grouped(count)))

    # -- looking

    @Slot()
    def open(self) -> None:
        """Show the current row in its document."""
        row = self._page.table.current_row()
        if row is not None:
            self._page.span_wanted.emit(row.document, row.id)

    @Slot()
    def copy(self) -> None:
        """Copy the texts of what is selected, each on its line with its document."""
        lines = [f"“{row.span}” ({row.title})" for row in self._page.table.selected_rows()]
        QApplication.clipboard().setText("\n".join(lines))

    @Slot()
    def only_document(self) -> None:
        """Show only the document of what is selected."""
        row = self._page.table.selected_rows()[0]
        self._page.narrowing.narrow((("documents", row.document),), row.title)

    @Slot()
    def only_label(self) -> None:
        """Show only the label of what is selected."""
        self._page.narrowing.narrow((("labels", self._page.table.selected_rows()[0].label),), "")


def _run(verb: Callable[[], int], told: str, _progress: Progress, _cancel: Cancel) -> tuple[str, int]:
    return told, verb()


def _give_back(session: Session, places: list[tuple[str, str]], body: str) -> int:
    """Return documents to whoever has these layers, as one step; returns how many. Raises RefusedError for gold."""
    layers: dict[str, Any] = {layer.id: layer for layer in session.queries.layers()}
    wanted = dict.fromkeys(places)
    if any(layers[layer].annotator is None for _, layer in wanted):
        raise RefusedError("Gold is nobody's work, so it cannot be returned. Select what somebody tagged.")
    count = len(wanted)
    with session.group("Return a document" if count == 1 else f"Return {count} documents"):
        for document, layer in wanted:
            owner = layers[layer]
            session.review.return_document(document, owner.annotator, body, owner.round)
    return count
