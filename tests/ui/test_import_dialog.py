"""The import dialog on a real project: look, correct, import, and learn what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from annotator.core.pages import LeftOut
from annotator.core.records import Document
from annotator.session.importing import ImportResult
from annotator.session.progress import Cancel, Progress
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.dialogs.import_dialog import ImportDialog
from annotator.ui.dialogs.import_entries import Entry, State
from annotator.ui.dialogs.import_pages import name_filters
from annotator.ui.dialogs.import_preview import left_out_details, left_out_text
from annotator.ui.dialogs.keys import KeysDialog
from annotator.ui.dialogs.time_left import TimeLeft, time_left_text
from annotator.ui.messages import Confirmation
from annotator.ui.tasks import TaskRunner
from annotator.ui.theme import load_theme, style_sheet
from tests.formats.pdf_samples import locked_pdf

STATEMENT = """---
title: A statement
date: 2024-05-16
---
# The summit

We will help\u00a0you if the council

agrees to meet.

Page 3 of 7

We thank the host. We go on.
"""

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Opened = Callable[..., ImportDialog]
Key = Qt.Key


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def results() -> list[ImportResult]:
    return []


@pytest.fixture
def opened(
    qtbot: QtBot, session: Session, tasks: TaskRunner, settings: Settings, results: list[ImportResult]
) -> Iterator[Opened]:
    dialogs: list[ImportDialog] = []

    def make(*files: Path, wait: bool = True) -> ImportDialog:
        dialog = ImportDialog(session, tasks, load_theme("light"), settings)
        dialogs.append(dialog)
        dialog.imported.connect(results.append)
        dialog.open()
        if files:
            dialog.add_files([str(file) for file in files])
        if wait:
            read(qtbot, dialog)
        return dialog

    yield make
    for dialog in dialogs:
        if isValid(dialog):
            dialog.abandon()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "statement.md").write_text(STATEMENT, "utf-8")
    return made


def read(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.work.is_reading, timeout=30_000)


def press_import(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.work.is_storing, timeout=30_000)


def stored(session: Session) -> dict[str, Document]:
    return {row.document.title: row.document for row in session.queries.documents()}


def text_of(session: Session, title: str) -> str:
    return session.queries.content(stored(session)[title].id).text


def entry(dialog: ImportDialog, name: str) -> Entry:
    return next(one for one in dialog.model.entries if one.file.name == name)


def select(dialog: ImportDialog, name: str) -> Entry:
    chosen = entry(dialog, name)
    dialog.list.select(chosen)
    return chosen


def press(dialog: ImportDialog, row: int, key: Qt.Key) -> None:
    """Press a key on a paragraph."""
    page = dialog.preview.document.tools
    page.paragraphs.setCurrentIndex(page.model.index(row, 0))
    QTest.keyClick(page.paragraphs, key)


def shown(dialog: ImportDialog) -> list[str]:
    model = dialog.preview.document.tools.model
    return [model.shown(row) for row in range(model.rowCount())]


class TestChoosing:
    def test_an_empty_dialog_says_what_to_do(self, opened: Opened) -> None:
        dialog = opened()
        assert dialog.pages.currentWidget() is dialog.drop_page
        assert dialog.drop_page.files_button.isDefault()
        assert not dialog.import_button.isVisible()

    def test_files_are_dropped_on_it_and_on_what_is_there(self, opened: Opened, qtbot: QtBot, folder: Path) -> None:
        dialog = opened()
        for name in ("statement.md", "b.txt"):
            (folder / "b.txt").write_text("Another text of its own.")
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(folder / name))])
            copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            enter = QDragEnterEvent(dialog.rect().center(), copy, data, left, none)
            QApplication.sendEvent(dialog, enter)
            assert enter.isAccepted()
            QApplication.sendEvent(dialog, QDropEvent(QPointF(dialog.rect().center()), copy, data, left, none))
            read(qtbot, dialog)
        assert [one.title for one in dialog.model.entries] == ["A statement", "Another text of its own."]

    def test_a_folder_is_taken_with_what_is_in_it_once(self, opened: Opened, qtbot: QtBot, folder: Path) -> None:
        dialog = opened(folder)
        dialog.add_files([str(folder), str(folder / "statement.md")])
        read(qtbot, dialog)
        assert len(dialog.model.entries) == 1
        assert dialog.model.entries[0].state is State.READY

    def test_a_folder_without_documents_is_told_of(self, opened: Opened, tmp_path: Path) -> None:
        (tmp_path / "nothing").mkdir()
        dialog = opened(tmp_path / "nothing")
        assert "nothing in it" in dialog.problem.text()

    def test_the_file_dialog_names_kinds_without_their_many_endings(self, opened: Opened) -> None:
        dialog = opened()
        dialog.drop_page.files_button.click()
        files = dialog.findChild(QFileDialog)
        assert isinstance(files, QFileDialog)
        assert files.testOption(QFileDialog.Option.HideNameFilterDetails)
        files.reject()

    def test_the_file_dialog_knows_every_kind(self) -> None:
        filters = name_filters()
        assert {"*.pdf", "*.docx", "*.md", "*.eml"} <= set(filters[0].removesuffix(")").split("(")[1].split())
        assert "Markdown (*.md *.markdown *.mdown *.mkd)" in filters and filters[-1] == "All files (*)"


class TestLooking:
    def test_nothing_is_stored_before_it_is_wanted(self, opened: Opened, session: Session, folder: Path) -> None:
        before = session.reading.dump()
        dialog = opened(folder)
        facts = dialog.preview.document.facts
        assert (facts.title.text(), facts.date.text(), facts.language.text()) == ("A statement", "2024-05-16", "en")
        assert shown(dialog)[:2] == ["The summit", "We will help\u00a0you if the council"]
        QTest.keyClick(dialog, Key.Key_Escape)
        assert not dialog.isVisible()
        assert session.reading.dump() == before

    def test_what_is_here_and_what_failed_is_told_apart(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot
    ) -> None:
        session.documents.import_files([folder / "statement.md"])
        (folder / "empty.txt").write_bytes(b"")
        (folder / "new.txt").write_text("Something new to read.")
        dialog = opened(folder)
        states = {one.file.name: one.state for one in dialog.model.entries}
        assert states == {
            "statement.md": State.HERE,
            "empty.txt": State.FAILED,
            "new.txt": State.READY,
        }
        assert dialog.import_button.text() == "&Import 1 document"
        assert dialog.list.chip_text(State.FAILED) == "Failed 1" and dialog.list.chip_text(State.HERE)
        select(dialog, "empty.txt")
        assert "empty" in dialog.preview.message.text.text()
        select(dialog, "statement.md")
        assert "already in the project as “A statement”" in dialog.preview.message.text.text()
        with qtbot.waitSignal(dialog.document_wanted) as wanted:
            dialog.preview.message.open_button.click()
        assert wanted.args == [stored(session)["A statement"].id]

    def test_chips_filter_and_check_marks_count(self, opened: Opened, qtbot: QtBot, folder: Path) -> None:
        (folder / "b.txt").write_text("A second text, in plain words.")
        (folder / "empty.txt").write_bytes(b"")
        dialog = opened(folder)
        assert dialog.import_button.text() == "&Import 2 documents"
        dialog.list.show_only(State.FAILED)
        assert [one.file.name for one in dialog.list.filter.shown()] == ["empty.txt"]
        dialog.list.show_only(None)
        select(dialog, "b.txt")
        QTest.keyClick(dialog.list.view, Key.Key_Space)
        assert not entry(dialog, "b.txt").checked and dialog.import_button.text() == "&Import 1 document"
        qtbot.mouseClick(dialog.list.none_button, Qt.MouseButton.LeftButton)
        assert not dialog.import_button.isEnabled()
        dialog.list.all_button.click()
        place = dialog.list.view.check_place(dialog.list.filter.index(0, 0)).center()
        qtbot.mouseClick(dialog.list.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert [one.checked for one in dialog.model.entries] == [False, False, True]

    def test_the_same_text_in_another_file_is_not_checked_and_a_near_one_is(self, opened: Opened, folder: Path) -> None:
        long = " ".join(f"Sentence {n} says that {n * 7} trucks went to port {n * 3}." for n in range(60))
        (folder / "long.txt").write_text(long)
        (folder / "near.txt").write_text("Update. " + long.replace("Sentence 30", "Statement 30"))
        (folder / "same.md").write_text(long)
        dialog = opened(folder / "long.txt", folder / "near.txt", folder / "same.md")
        near, same = entry(dialog, "near.txt"), entry(dialog, "same.md")
        assert (near.state, near.checked) == (State.SIMILAR, True)
        assert (same.state, same.checked) == (State.SAME, False)
        select(dialog, "near.txt")
        assert "nearly that of" in dialog.preview.document.remarks.text()

    def test_what_was_dropped_later_is_compared_with_what_is_there(
        self, opened: Opened, qtbot: QtBot, folder: Path
    ) -> None:
        dialog = opened(folder)
        (folder / "again.md").write_text(STATEMENT.replace("A statement", "Once more"))
        dialog.add_files([str(folder / "again.md")])
        read(qtbot, dialog)
        assert entry(dialog, "again.md").state is State.SAME

    def test_a_chip_has_room_for_its_text_in_bold(self, opened: Opened, folder: Path) -> None:
        (folder / "empty.txt").write_bytes(b"")
        dialog = opened(folder)
        dialog.setStyleSheet(style_sheet(load_theme("light")))
        chip = dialog.list._chips[State.FAILED]
        before = chip.sizeHint()
        chip.setChecked(True)
        bold = QFont(chip.font())
        bold.setWeight(QFont.Weight.DemiBold)
        assert chip.sizeHint() == before
        assert before.width() >= QFontMetrics(bold).horizontalAdvance(chip.text()) + 30

    def test_nothing_can_be_checked_among_what_failed(self, opened: Opened, folder: Path) -> None:
        (folder / "empty.txt").write_bytes(b"")
        dialog = opened(folder)
        assert dialog.list.all_button.isEnabled()
        dialog.list.show_only(State.FAILED)
        assert not dialog.list.all_button.isEnabled() and not dialog.list.none_button.isEnabled()
        dialog.list.show_only(None)
        assert dialog.list.all_button.isEnabled()

    def test_the_focus_goes_from_chips_to_list_to_fields(self, opened: Opened, folder: Path) -> None:
        dialog = opened(folder)
        chip = dialog.list._chips[None]
        chip.setFocus()
        way: list[QWidget | None] = []
        for _ in range(4):
            dialog.focusNextChild()
            way.append(dialog.focusWidget())
        facts = dialog.preview.document.facts
        assert way == [dialog.list.view, dialog.list.all_button, dialog.list.none_button, facts.title]

    def test_characters_that_deceive_are_told_of(self, opened: Opened, folder: Path) -> None:
        (folder / "hidden.txt").write_text("Pay to account \u202e5432 rebmun\u202c of the fund.")
        dialog = opened(folder)
        select(dialog, "hidden.txt")
        remarks = dialog.preview.document.remarks
        assert "2 hidden direction marks (right-to-left override" in remarks.text()
        assert remarks.property("state") == "warning"
        select(dialog, "statement.md")
        assert remarks.isHidden()

    def test_a_document_that_is_here_is_shown_without_the_dialog_before_it(
        self, opened: Opened, folder: Path, qtbot: QtBot
    ) -> None:
        press_import(qtbot, opened(folder))
        (folder / "new.txt").write_text("Something new.")
        dialog = opened(folder)
        wanted: list[str] = []
        dialog.document_wanted.connect(wanted.append)
        select(dialog, "statement.md")
        dialog.preview.message.open_button.click()
        assert len(wanted) == 1 and dialog.isVisible()
        entry(dialog, "new.txt").checked = False
        dialog.preview.message.open_button.click()
        assert len(wanted) == 2 and (not isValid(dialog) or not dialog.isVisible())

    def test_left_out_furniture_is_one_line(self) -> None:
        furniture = [LeftOut(n, kind, "x") for n in range(3) for kind in ("header", "page_number")]
        assert left_out_text(furniture) == "Left out: running headers (3), page numbers (3)"
        assert left_out_details(furniture).split("\n")[0] == "0  x"
        assert left_out_text(()) == ""

    def test_rows_of_a_table_are_documents(self, opened: Opened, session: Session, folder: Path, qtbot: QtBot) -> None:
        pytest.importorskip("annotator.formats.documents.tables.csv")
        (folder / "t.csv").write_text("title,text\nOne,The first text of the table.\nTwo,The second is another.\n")
        dialog = opened(folder / "t.csv")
        assert [one.title for one in dialog.model.entries] == ["One", "Two"]
        dialog.model.set_checked(dialog.model.entries[:1], False)
        press_import(qtbot, dialog)
        assert list(stored(session)) == ["Two"]


class TestCorrecting:
    def test_paragraphs_are_left_out_joined_and_split(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot
    ) -> None:
        dialog = opened(folder)
        press(dialog, 3, Key.Key_Delete)
        press(dialog, 1, Key.Key_J)
        assert shown(dialog)[1] == "We will help\u00a0you if the council agrees to meet."
        press(dialog, 3, Key.Key_F2)
        editor = dialog.preview.document.tools.paragraphs.editor
        assert editor is not None
        cursor = editor.textCursor()
        cursor.setPosition(len("We thank the host."))
        editor.setTextCursor(cursor)
        QTest.keyClick(editor, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert shown(dialog)[3:] == ["We thank the host.", "We go on."]
        press_import(qtbot, dialog)
        assert text_of(session, "A statement").split("\n\n") == [
            "The summit",
            "We will help\u00a0you if the council agrees to meet.",
            "We thank the host.",
            "We go on.",
        ]
        content = session.queries.content(stored(session)["A statement"].id)
        sentences = [content.text[start:end] for start, end in content.structure.sentences]
        assert sentences[1] == "We will help\u00a0you if the council agrees to meet."
        assert [r.kind for r in content.structure.ranges] == ["heading", *["paragraph"] * 3]

    def test_an_editor_changes_only_what_was_typed(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot
    ) -> None:
        dialog = opened(folder)
        press(dialog, 1, Key.Key_F2)
        editor = dialog.preview.document.tools.paragraphs.editor
        assert editor is not None
        QTest.keyClick(editor, Key.Key_End)
        QTest.keyClicks(editor, " now")
        QTest.keyClick(editor, Key.Key_Return)
        assert dialog.isVisible()
        assert [edit.text for edit in dialog.preview.document.tools.model.edits()] == [" now"]
        press_import(qtbot, dialog)
        assert "We will help\u00a0you if the council now\n" in text_of(session, "A statement")

    def test_what_qt_would_rewrite_stays(self, opened: Opened, session: Session, folder: Path, qtbot: QtBot) -> None:
        odd = "𝔸 a\u00a0b\u2028c\u2029d\u200be \u00ad\ufeffz end"
        (folder / "odd.txt").write_text(odd, "utf-8")
        dialog = opened(folder / "odd.txt")
        dialog.preview.document.facts.title.setText("Odd")
        press(dialog, 0, Key.Key_F2)
        editor = dialog.preview.document.tools.paragraphs.editor
        assert editor is not None
        editor.moveCursor(editor.textCursor().MoveOperation.End)
        QTest.keyClicks(editor, "s")
        QTest.keyClick(editor, Key.Key_Return)
        press_import(qtbot, dialog)
        assert text_of(session, "Odd") == odd + "s"

    def test_escape_in_the_editor_takes_its_text_back_only(self, opened: Opened, folder: Path) -> None:
        dialog = opened(folder)
        press(dialog, 1, Key.Key_F2)
        editor = dialog.preview.document.tools.paragraphs.editor
        assert editor is not None
        QTest.keyClicks(editor, "nonsense")
        QTest.keyClick(editor, Key.Key_Escape)
        assert dialog.isVisible() and not dialog.preview.document.tools.model.can_undo

    def test_corrections_are_undone_and_redone_for_each_document(self, opened: Opened, folder: Path) -> None:
        (folder / "b.txt").write_text("Its first line.\n\nIts second line.")
        dialog = opened(folder)
        select(dialog, "statement.md")
        before = shown(dialog)
        press(dialog, 1, Key.Key_J)
        press(dialog, 2, Key.Key_Delete)
        select(dialog, "b.txt")
        press(dialog, 0, Key.Key_Delete)
        select(dialog, "statement.md")
        model = dialog.preview.document.tools.model
        assert len(shown(dialog)) == len(before) - 1 and model.left_out() == 1
        control = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(dialog.preview.document.tools.paragraphs, Key.Key_Z, control)
        QTest.keyClick(dialog.preview.document.tools.paragraphs, Key.Key_Z, control)
        assert shown(dialog) == before and model.left_out() == 0 and not model.can_undo
        QTest.keyClick(dialog.preview.document.tools.paragraphs, Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
        assert len(shown(dialog)) == len(before) - 1
        assert entry(dialog, "b.txt").is_corrected

    def test_a_box_takes_a_paragraph_in_again(self, opened: Opened, qtbot: QtBot, folder: Path) -> None:
        dialog = opened(folder)
        page = dialog.preview.document.tools
        press(dialog, 0, Key.Key_Delete)
        assert page.model.index(0, 0).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
        rect = page.paragraphs.visualRect(page.model.index(0, 0))
        qtbot.mouseClick(
            page.paragraphs.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPointF(17, 15).toPoint()
        )
        assert page.model.left_out() == 0

    def test_fields_are_stored_as_they_were_corrected(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot
    ) -> None:
        dialog = opened(folder)
        facts = dialog.preview.document.facts
        facts.title.setText("The Vilnius statement")
        facts.date.line.setText("2023-07")
        facts.language.setText("uk")
        facts.url.setText("https://example.org/a")
        press_import(qtbot, dialog)
        document = stored(session)["The Vilnius statement"]
        assert (document.date, document.language, document.url) == ("2023-07", "uk", "https://example.org/a")

    @pytest.mark.parametrize(("field", "value"), [("title", " "), ("date", "16.5.2024"), ("language", "English!")])
    def test_a_wrong_field_keeps_everything_out(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot, field: str, value: str
    ) -> None:
        dialog = opened(folder)
        facts = dialog.preview.document.facts
        line = facts.date.line if field == "date" else getattr(facts, field)
        line.setText(value)
        press_import(qtbot, dialog)
        assert dialog.problem.text() and line.property("state") == "error"
        assert not stored(session)

    def test_a_document_without_text_is_refused(self, opened: Opened, session: Session, folder: Path, qtbot: QtBot):
        dialog = opened(folder)
        page = dialog.preview.document.tools
        page.paragraphs.selectAll()
        page.leave_out.click()
        press_import(qtbot, dialog)
        assert "left out" in dialog.problem.text() and not stored(session)

    def test_the_button_says_that_it_takes_in_again(self, opened: Opened, folder: Path) -> None:
        dialog = opened(folder)
        tools = dialog.preview.document.tools
        assert tools.leave_out.text() == "Leave out"
        press(dialog, 1, Key.Key_Delete)
        assert tools.leave_out.text() == "Take in again"
        tools.paragraphs.selectAll()
        assert tools.leave_out.text() == "Leave out"
        tools.model.undo()
        assert tools.leave_out.text() == "Leave out"

    def test_the_line_below_counts_and_says_how_to_edit(self, opened: Opened, folder: Path) -> None:
        (folder / "short.txt").write_text("One line.\nAnother line.")
        dialog = opened(folder / "short.txt")
        tools = dialog.preview.document.tools
        assert tools.count.text() == "2 paragraphs · 23 characters"
        press(dialog, 0, Key.Key_F2)
        assert "Ctrl+Enter splits" in tools.count.text()
        editor = tools.paragraphs.editor
        assert editor is not None
        QTest.keyClick(editor, Key.Key_Escape)
        assert tools.count.text() == "2 paragraphs · 23 characters"
        press(dialog, 0, Key.Key_Delete)
        assert tools.count.text() == "2 paragraphs · 23 characters before corrections · 1 left out"

    def test_the_scroll_bar_has_a_handle_only_where_it_scrolls(
        self, opened: Opened, folder: Path, qtbot: QtBot
    ) -> None:
        (folder / "short.txt").write_text("One line.\nAnother line.")
        (folder / "tall.txt").write_text("\n".join(f"Line {n} of a tall text." for n in range(200)))
        dialog = opened(folder)
        bar = dialog.preview.document.tools.paragraphs.verticalScrollBar()
        select(dialog, "tall.txt")
        qtbot.waitUntil(bar.isEnabled)
        select(dialog, "short.txt")
        qtbot.waitUntil(lambda: not bar.isEnabled())

    def test_corrections_are_not_lost_without_a_question(self, opened: Opened, folder: Path) -> None:
        dialog = opened(folder)
        press(dialog, 0, Key.Key_Delete)
        dialog.reject()
        box = dialog.findChild(Confirmation)
        assert dialog.isVisible() and isinstance(box, Confirmation)
        box.remove_button.click()
        assert not isValid(dialog) or not dialog.isVisible()

    def test_a_long_text_is_shown_by_what_is_in_sight(self, opened: Opened, folder: Path, qtbot: QtBot) -> None:
        (folder / "long.txt").write_text("\n".join(f"Line {n} of a text that has very many." for n in range(30_000)))
        dialog = opened(folder / "long.txt")
        page = dialog.preview.document.tools
        qtbot.waitUntil(lambda: page.model.rowCount() == 30_000, timeout=10_000)
        press(dialog, 29_999, Key.Key_Delete)
        assert page.model.left_out() == 1


class TestStoring:
    def test_enter_imports_a_single_good_file_as_one_step(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot, results: list[ImportResult]
    ) -> None:
        dialog = opened(folder)
        QTest.keyClick(dialog.list.view, Key.Key_Return)
        qtbot.waitUntil(lambda: bool(results), timeout=10_000)
        assert not isValid(dialog) or not dialog.isVisible()
        assert len(results[0].imported) == 1
        session.history.revert(results[0].step)
        assert not stored(session)

    def test_what_failed_stays_and_is_read_again_when_it_was_mended(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot
    ) -> None:
        (folder / "late.txt").write_bytes(b"")
        dialog = opened(folder)
        press_import(qtbot, dialog)
        assert dialog.isVisible() and list(stored(session)) == ["A statement"]
        assert entry(dialog, "statement.md").state is State.IMPORTED
        assert "1 document imported" in dialog.accessibleDescription()
        assert "Files that failed: 1" in dialog.accessibleDescription()
        (folder / "late.txt").write_text("Now there is a text.")
        dialog.retry_button.click()
        read(qtbot, dialog)
        assert entry(dialog, "late.txt").state is State.READY
        press_import(qtbot, dialog)
        assert not isValid(dialog) or not dialog.isVisible()
        assert len(stored(session)) == 2

    def test_a_file_that_changed_meanwhile_says_so(
        self, opened: Opened, session: Session, folder: Path, qtbot: QtBot
    ) -> None:
        dialog = opened(folder)
        (folder / "statement.md").write_text("Something else.")
        press_import(qtbot, dialog)
        assert "has changed since it was read" in dialog.model.entries[0].detail and not stored(session)

    def test_cancelling_the_reading_keeps_what_was_read(
        self, opened: Opened, folder: Path, qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(30):
            (folder / f"{number:02}.txt").write_text(f"The text with the number {number}.")
        examine = session.documents.examine

        def hold_after_three(
            paths: object, take: Callable[[object], None], *, cancel: Cancel, **options: object
        ) -> None:
            taken = count(1)

            def take_slowly(found: object) -> None:
                take(found)
                if next(taken) == 3:
                    cancel.event.wait(20)

            examine(paths, take_slowly, cancel=cancel, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(session.documents, "examine", hold_after_three)
        dialog = opened(folder, wait=False)
        qtbot.waitUntil(lambda: dialog.model.counts()[State.READY] > 0, timeout=20_000)
        QTest.keyClick(dialog, Key.Key_Escape)
        read(qtbot, dialog)
        counts = dialog.model.counts()
        assert dialog.isVisible() and counts[State.READY] > 0 and counts[State.UNREAD] > 0
        assert len(dialog.model.entries) == 31
        assert dialog.retry_button.text() == "&Read the rest"
        monkeypatch.setattr(session.documents, "examine", examine)
        dialog.retry_button.click()
        read(qtbot, dialog)
        assert len(dialog.model.coming_in()) == 31

    def test_cancelling_the_storing_keeps_what_is_done(
        self, opened: Opened, folder: Path, qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(5):
            (folder / f"{number}.txt").write_text(f"The text with the number {number}.")
        dialog = opened(folder)
        add = session.documents.add

        def stop_after_two(candidates: object, progress: Progress, cancel: object) -> ImportResult:
            def report(done: int, total: int, what: str) -> None:
                if done == 2:
                    cancel.request()  # type: ignore[attr-defined]
                progress(done, total, what)

            return add(candidates, progress=report, cancel=cancel)  # type: ignore[arg-type]

        monkeypatch.setattr(session.documents, "add", stop_after_two)
        press_import(qtbot, dialog)
        counts = dialog.model.counts()
        assert dialog.isVisible() and counts[State.IMPORTED] == len(stored(session)) == 3
        assert len(dialog.model.coming_in()) == 3 and "stopped" in dialog.accessibleDescription()

    def test_a_locked_file_is_unlocked(self, opened: Opened, folder: Path, qtbot: QtBot, session: Session) -> None:
        (folder / "locked.pdf").write_bytes(locked_pdf("open sesame"))
        dialog = opened(folder / "locked.pdf")
        page = dialog.preview.locked
        assert dialog.model.entries[0].state is State.LOCKED and dialog.preview.currentWidget() is page
        QTest.keyClicks(page.password, "wrong")
        QTest.keyClick(page.password, Key.Key_Return)
        read(qtbot, dialog)
        assert dialog.isVisible() and dialog.model.entries[0].state is State.LOCKED
        assert page.password.text() == "" and "does not open" in page.text.text()
        QTest.keyClicks(page.password, "open sesame")
        page.unlock.click()
        read(qtbot, dialog)
        assert dialog.model.entries[0].state is State.READY
        press_import(qtbot, dialog)
        assert len(stored(session)) == 1

    def test_a_file_that_is_still_locked_is_told_of_after_the_import(
        self, opened: Opened, folder: Path, qtbot: QtBot
    ) -> None:
        (folder / "locked.pdf").write_bytes(locked_pdf())
        dialog = opened(folder)
        press_import(qtbot, dialog)
        assert "Files that need a password: 1." in dialog.accessibleDescription()
        current = dialog.list.current()
        assert current is not None and current.state is State.LOCKED

    def test_its_size_is_remembered(self, opened: Opened, settings: Settings, qtbot: QtBot) -> None:
        dialog = opened()
        dialog.resize(790, 610)
        dialog.reject()
        assert settings.window["import"]
        again = opened()
        assert (again.width(), again.height()) == (790, 610)

    def test_f1_shows_the_keys(self, opened: Opened, folder: Path) -> None:
        dialog = opened(folder)
        dialog.show_keys()
        keys = dialog.findChild(KeysDialog)
        assert keys is not None and ("J", "Join the paragraph with the next one") in keys.visible_keys()
        keys.close()


class TestTimeLeft:
    def test_it_is_told_after_two_seconds_from_a_smoothed_rate(self) -> None:
        now = [0.0]
        left = TimeLeft(lambda: now[0])
        told = []
        for second in range(1, 11):
            now[0] = float(second)
            told.append(left.seconds(second * 2, 100))
        assert told[0] is None
        assert [round(seconds or 0) for seconds in told[1:4]] == [48, 47, 46]
        now[0] = 11.0
        slower = left.seconds(20, 100)
        assert slower is not None and told[-1] is not None and told[-1] < slower < 2 * told[-1]

    def test_it_says_nothing_before_the_first_and_after_the_last(self) -> None:
        now = [0.0]
        left = TimeLeft(lambda: now[0])
        now[0] = 5.0
        assert left.seconds(0, 10) is None and left.seconds(10, 10) is None

    def test_words(self) -> None:
        assert [time_left_text(seconds) for seconds in (0.2, 12.4, 90, 7300)] == [
            "1 s left",
            "12 s left",
            "2 min left",
            "2 h left",
        ]


def test_a_text_with_a_hostile_name_is_plain(opened: Opened, tmp_path: Path) -> None:
    file = tmp_path / "<img src=x>.txt"
    file.write_text("<b>bold</b> & more")
    dialog = opened(file)
    tip = dialog.list.filter.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<" not in tip and shown(dialog) == ["<b>bold</b> & more"]
