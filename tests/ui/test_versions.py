"""Versions in the window: an edited one comes in, spans get their place by keys, and two versions are compared."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from annotator.core.records import Document
from annotator.session.session import Session
from annotator.session.unplaced import unplaced_count, unplaced_spans
from annotator.ui.dialogs.compare_versions import CompareVersionsDialog
from annotator.ui.dialogs.new_version import NewVersionDialog
from annotator.ui.dialogs.side_by_side import ROW, Side, SideBySide, SideDelegate, SideRow
from annotator.ui.main_window import MainWindow
from annotator.ui.theme import load_theme
from tests.formats.pdf_samples import locked_pdf
from tests.session.test_edited_versions import CONDITION, GONE, MOVED, NEW, OLD, PLEDGE, REWORDED
from tests.support import add_document, version_report

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Key = Qt.Key
ENGINEERS = "We intend to send engineers to the coast"


@pytest.fixture
def stored(project_path: Path, person: object) -> Document:
    with Session(project_path, person) as session:  # type: ignore[arg-type]
        document = add_document(session, OLD, "Statement of the harbour towns")
        labels = {label.key: label.id for label in session.queries.codebook().labels}
        for label, words in (
            ("pledge", REWORDED),
            ("criticism", MOVED),
            ("condition", CONDITION),
            ("pledge", PLEDGE),
            ("criticism", GONE),
        ):
            start = OLD.index(words)
            session.annotations.tag(document.id, labels[label], [(start, start + len(words))])
        return document


@pytest.fixture(autouse=True)
def no_dialog_stays() -> Iterator[None]:
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, NewVersionDialog):
            widget.show_error(ValueError())
            widget.abandon()
        elif isinstance(widget, QDialog):
            widget.close()


@pytest.fixture
def session(window: MainWindow) -> Session:
    assert window.projects.session is not None
    return window.projects.session


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    path = tmp_path / "second draft.txt"
    path.write_text(NEW, "utf-8")
    return path


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=30_000)


def open_dialog(window: MainWindow) -> NewVersionDialog:
    window.actions_table["import_version"].trigger()
    assert window.versions.dialog is not None
    return window.versions.dialog


def read(qtbot: QtBot, window: MainWindow, path: Path) -> NewVersionDialog:
    dialog = open_dialog(window)
    dialog.read(str(path))
    settle(qtbot, window)
    return dialog


@pytest.fixture
def replaced(qtbot: QtBot, window: MainWindow, session: Session, stored: Document) -> Document:
    """Put the edited version in the document's place, and open it."""
    version = session.documents.replace_by(version_report(session, stored.id, NEW)).document
    window.desk.open_document(version.id)
    settle(qtbot, window)
    return version


def quotes(window: MainWindow) -> list[str]:
    shown = window.page.document
    return [shown.quote(annotation) for annotation in shown.annotations()]


class TestImport:
    def test_what_changed_is_shown_and_nothing_stored(
        self, qtbot: QtBot, window: MainWindow, session: Session, edited: Path
    ) -> None:
        before = session.reading.dump()
        dialog = open_dialog(window)
        assert not dialog.import_button.isEnabled() and dialog.figures.isHidden()
        dialog.read(str(edited))
        assert not dialog.progress.isHidden()
        settle(qtbot, window)
        assert dialog.progress.isHidden() and dialog.import_button.isEnabled()
        assert dialog.figures.texts() == ["3", "1", "1", "3", "1", "1"]
        rows = dialog.changes.rows.rows()
        changed = next(row for row in rows if row.old and row.old.text.startswith("We will send"))
        assert changed.kind == "changed" and changed.new is not None
        assert [changed.old.text[a:b] for a, b in changed.old.marks] == ["will", "ten"]  # type: ignore[union-attr]
        assert [changed.new.text[a:b] for a, b in changed.new.marks] == ["intend to"]
        assert {row.kind for row in rows} == {"changed", "same", "added", "removed"}
        assert session.reading.dump() == before

    def test_it_takes_the_place_of_the_document(
        self, qtbot: QtBot, window: MainWindow, session: Session, stored: Document, edited: Path
    ) -> None:
        dialog = read(qtbot, window, edited)
        qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
        settle(qtbot, window)
        assert window.versions.dialog is None
        document = window.page.document.document
        assert document is not None and document.supersedes == stored.id
        assert quotes(window) == [MOVED, CONDITION, PLEDGE]
        assert "3 spans moved along. 2 wait for a place." in window.messages.text
        assert window.page.unplaced_banner.text.startswith("2 spans of the earlier version")
        session.history.undo()
        assert window.page.document.document == stored and window.page.unplaced_banner.text == ""

    def test_a_problem_is_told_in_the_dialog(self, qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
        empty = tmp_path / "empty.txt"
        empty.write_bytes(b"")
        dialog = read(qtbot, window, empty)
        assert "empty.txt" in dialog.problem.text() and not dialog.import_button.isEnabled()
        assert window.messages.text == ""

    def test_a_locked_file_asks_for_its_password(self, qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
        (tmp_path / "locked.pdf").write_bytes(locked_pdf())
        dialog = read(qtbot, window, tmp_path / "locked.pdf")
        assert dialog.password.isVisible() and dialog.problem.text()
        for password in ("wrong", "sesame"):
            qtbot.keyClicks(dialog.password, password)
            qtbot.keyClick(dialog.password, Key.Key_Return)
            settle(qtbot, window)
        assert dialog.report is not None and not dialog.password.isVisible() and dialog.problem.text() == ""

    def test_another_document_is_warned_of(self, qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
        other = tmp_path / "other.txt"
        other.write_text("Rules for the use of the reading room, in twelve points and two notes. " * 3, "utf-8")
        dialog = read(qtbot, window, other)
        assert dialog.warning.text().startswith("This looks like another document")
        assert dialog.import_button.isEnabled() and dialog.import_button.text() == "Import it all the same"

    def test_reading_can_be_stopped(self, qtbot: QtBot, window: MainWindow, edited: Path) -> None:
        dialog = open_dialog(window)
        dialog.read(str(edited))
        qtbot.mouseClick(dialog.progress.stop, Qt.MouseButton.LeftButton)
        settle(qtbot, window)
        assert dialog.report is None and dialog.progress.isHidden() and dialog.problem.text() == ""

    def test_a_file_can_be_dropped(self, qtbot: QtBot, window: MainWindow, edited: Path) -> None:
        dialog = open_dialog(window)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(edited))])
        drop = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        enter = QDragEnterEvent(QPointF(5, 5).toPoint(), *drop)
        dialog.dragEnterEvent(enter)
        assert enter.isAccepted()
        dialog.dropEvent(QDropEvent(QPointF(5, 5), *drop))
        settle(qtbot, window)
        assert dialog.report is not None

    def test_what_fails_while_storing_stays_in_the_dialog(
        self, qtbot: QtBot, window: MainWindow, session: Session, edited: Path
    ) -> None:
        dialog = read(qtbot, window, edited)
        edited.write_text("something else", "utf-8")
        before = session.reading.dump()
        dialog.accept()
        settle(qtbot, window)
        assert "has changed since it was read" in dialog.problem.text() and dialog.isVisible()
        assert session.reading.dump() == before

    def test_it_is_in_the_menu_of_a_document(self, window: MainWindow, stored: Document) -> None:
        panel = window.page.document_panel
        menu = panel.context_menu(window.page.documents.index(0))
        action = next(action for action in menu.actions() if action.text() == "Import an edited version…")
        action.trigger()
        assert window.versions.dialog is not None


class TestUnplaced:
    @pytest.fixture
    def panel(self, qtbot: QtBot, window: MainWindow, replaced: Document) -> object:
        qtbot.mouseClick(window.page.unplaced_banner.button, Qt.MouseButton.LeftButton)
        settle(qtbot, window)
        return window.versions.panel

    def press(self, window: MainWindow, *keys: Key) -> None:
        for key in keys:
            QTest.keyClick(window.versions.panel.list, key)

    def test_it_shows_where_a_span_stood_and_may_stand(self, window: MainWindow, panel: object) -> None:
        page = window.page
        assert page.unplaced_is_shown and page.unplaced_banner.text == ""
        shown = window.versions.panel
        assert shown.list.hasFocus()
        assert [span.anchor.quote for span in shown.spans()] == [REWORDED, GONE]
        selection = page.reading.selection()
        assert selection is not None and NEW[slice(*selection)] == ENGINEERS

    def test_enter_places_and_goes_on(self, window: MainWindow, session: Session, panel: object) -> None:
        self.press(window, Key.Key_1, Key.Key_Return)
        assert quotes(window)[0] == ENGINEERS
        shown = window.versions.panel
        assert [span.anchor.quote for span in shown.spans()] == [GONE]
        assert window.page.reading.selection() is None

    def test_a_span_without_a_place_goes_nowhere_by_itself(
        self, window: MainWindow, session: Session, panel: object
    ) -> None:
        self.press(window, Key.Key_Return)
        before = session.reading.dump()
        self.press(window, Key.Key_Return)
        assert session.reading.dump() == before
        assert window.messages.text == "Select the text in which the span stands now."

    def test_enter_in_the_text_places_at_what_is_selected(self, window: MainWindow, panel: object) -> None:
        self.press(window, Key.Key_Down)
        start = NEW.index("photographs are on the web page")
        window.page.reading.select(start - 1, start + 11)
        window.page.reading.setFocus()
        QTest.keyClick(window.page.reading, Key.Key_Return)
        assert "photographs" in quotes(window)

    def test_delete_dismisses_and_the_end_closes_the_panel(
        self, window: MainWindow, session: Session, replaced: Document, panel: object
    ) -> None:
        self.press(window, Key.Key_Delete, Key.Key_Backspace)
        assert unplaced_count(session, replaced.id) == 0
        assert not window.page.unplaced_is_shown
        assert window.messages.text == "Every span has its place."
        assert window.page.reading.hasFocus()

    def test_undo_brings_a_span_back_into_the_list(
        self, qtbot: QtBot, window: MainWindow, session: Session, panel: object
    ) -> None:
        self.press(window, Key.Key_Return)
        session.history.undo()
        settle(qtbot, window)
        assert [span.anchor.quote for span in window.versions.panel.spans()] == [REWORDED, GONE]

    def test_undo_brings_back_what_the_panel_has_not_seen(
        self, qtbot: QtBot, window: MainWindow, session: Session, replaced: Document
    ) -> None:
        waiting = [span.annotation.id for span in unplaced_spans(session, replaced.id)]
        session.annotations.dismiss_moved(waiting[1:])
        window.actions_table["unplaced"].trigger()
        settle(qtbot, window)
        session.history.undo()
        settle(qtbot, window)
        assert [span.annotation.id for span in window.versions.panel.spans()] == waiting

    def test_a_closed_banner_stays_away(self, qtbot: QtBot, window: MainWindow, replaced: Document) -> None:
        banner = window.page.unplaced_banner
        assert banner.text
        qtbot.mouseClick(banner._close, Qt.MouseButton.LeftButton)
        window.desk.document.open(replaced.id)
        assert banner.text == ""

    def test_the_inspector_takes_its_place_back(self, window: MainWindow, panel: object) -> None:
        criticism = next(a for a in window.page.document.annotations() if window.page.document.quote(a) == MOVED)
        window.desk.select(criticism.id)
        window.page.reading.setFocus()
        QTest.keyClick(window.page.reading, Key.Key_Return)
        assert not window.page.unplaced_is_shown
        assert window.page.unplaced_banner.text.startswith("2 spans")

    def test_nothing_waits(self, window: MainWindow) -> None:
        window.actions_table["unplaced"].trigger()
        assert not window.page.unplaced_is_shown
        assert window.messages.text == "No span of an earlier version waits for a place here."


class TestCompare:
    @pytest.fixture
    def dialog(self, qtbot: QtBot, window: MainWindow, session: Session, replaced: Document) -> CompareVersionsDialog:
        start = NEW.index("photographs")
        pledge = next(label for label in session.queries.codebook().labels if label.key == "pledge")
        session.annotations.tag(replaced.id, pledge.id, [(start, start + 11)])
        window.actions_table["compare_versions"].trigger()
        settle(qtbot, window)
        assert window.versions.compare_dialog is not None
        return window.versions.compare_dialog

    def test_every_span_is_listed_with_what_became_of_it(self, dialog: CompareVersionsDialog) -> None:
        rows = dialog.spans.rows.rows()
        assert [(row.kind, row.detail) for row in rows] == [
            ("moved", "Pledge"),
            ("same", "Criticism"),
            ("same", "Condition"),
            ("same", "Pledge"),
            ("moved", "Criticism"),
            ("added", "Pledge"),
        ]
        assert dialog.figures.texts() == ["1", "0", "0", "2", "3"]

    def test_labels_can_be_left_out(self, dialog: CompareVersionsDialog) -> None:
        for row in range(dialog.labels.count()):
            if not dialog.labels.item(row).text().startswith("Pledge"):
                dialog.labels.item(row).setCheckState(Qt.CheckState.Unchecked)
        assert [row.kind for row in dialog.spans.rows.rows()] == ["moved", "same", "added"]
        dialog.only_changes.setCurrentIndex(1)
        assert [row.kind for row in dialog.spans.rows.rows()] == ["moved", "added"]
        dialog.copy()
        assert "Criticism" not in QGuiApplication.clipboard().text()
        assert "| Pledge | 1 | 0 | 0 | 1 | 1 |" in QGuiApplication.clipboard().text()

    def test_no_label_leaves_a_sentence(self, dialog: CompareVersionsDialog) -> None:
        for row in range(dialog.labels.count()):
            dialog.labels.item(row).setCheckState(Qt.CheckState.Unchecked)
        assert dialog.spans.isHidden() and not dialog.copy_button.isEnabled()

    def test_the_table_is_saved(self, dialog: CompareVersionsDialog, tmp_path: Path) -> None:
        dialog.save(str(tmp_path / "report.csv"))
        rows = list(csv.reader((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()))
        assert len(rows) == 7 and rows[1][:2] == ["waiting", "Pledge"]
        dialog.save(str(tmp_path / "nowhere" / "report.csv"))
        assert "cannot be written" in dialog.problem.text()

    def test_a_first_version_has_nothing_to_compare_with(self, window: MainWindow) -> None:
        window.actions_table["compare_versions"].trigger()
        assert window.versions.compare_dialog is None
        assert window.messages.text == "No earlier version of this document has spans."


class TestSideBySide:
    def test_rows_get_their_height_when_they_come_in_sight(self, qtbot: QtBot) -> None:
        view = SideBySide(load_theme("light"))
        qtbot.addWidget(view)
        view.resize(700, 300)
        view.show()
        qtbot.waitExposed(view)
        QApplication.processEvents()
        long = "words that wrap over several lines of the narrow column " * 8
        rows = [SideRow("fold", "9 unchanged paragraphs"), *[SideRow("changed", "Changed", Side(long), Side("b"))] * 50]
        view.show_rows(rows, ("Earlier", "Later"))
        assert view.columnSpan(0, 0) == 3 and view.rowHeight(0) < 50
        assert view.rowHeight(1) > 100 and view.rowHeight(50) < 60
        qtbot.wait(20)
        view.scrollToBottom()
        qtbot.waitUntil(lambda: view.rowHeight(50) > 100)

    def test_marks_are_of_code_points(self, qtbot: QtBot) -> None:
        view = SideBySide(load_theme("dark"))
        qtbot.addWidget(view)
        view.show_rows([SideRow("changed", "Changed", Side("𝔸 two\nthree", ((2, 5),)), Side("x"))], ("a", "b"))
        delegate = view.itemDelegate()
        assert isinstance(delegate, SideDelegate)
        side = view.rows.index(0, 1).data(ROW).old
        layout = delegate._layout(side, old=True, width=400)
        [piece] = layout.formats()
        assert (piece.start, piece.length) == (3, 3)  # type: ignore[attr-defined]
        assert layout.lineCount() == 2 and layout.text() == "𝔸 two\u2028three"
