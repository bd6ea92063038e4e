"""Correcting the text of a document in the window: a new version takes its place, and undo brings the old one back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from annotator.core.errors import RefusedError
from annotator.core.records import Document
from annotator.core.text_edits import Moves, TextEdit
from annotator.session.session import Session
from annotator.ui.dialogs.correct_text import CorrectTextDialog, lost_spans
from annotator.ui.dialogs.document import DocumentDialog
from annotator.ui.dialogs.keys import KeysDialog
from annotator.ui.dialogs.paragraph_editor import ParagraphEditor
from annotator.ui.main_window import MainWindow
from annotator.ui.messages import Confirmation
from annotator.ui.models.document_list_model import DocumentRole
from tests.support import TEXT, add_document
from tests.ui.conftest import range_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
PLEDGE, ATTACK = "We will provide air defence", "The alliance condemns the attack on the port."


@pytest.fixture(autouse=True)
def no_dialog_stays(qtbot: QtBot) -> Iterator[None]:
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, CorrectTextDialog):
            widget.abandon()
        elif isinstance(widget, QDialog):
            widget.close()


@pytest.fixture
def session(window: MainWindow) -> Session:
    assert window.projects.session is not None
    return window.projects.session


@pytest.fixture
def tagged(session: Session, stored: Document) -> Document:
    """Put a span on each of the two sentences of the second paragraph, and one on the last paragraph."""
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    for label, words in (("pledge", PLEDGE), ("criticism", ATTACK), ("criticism", "the annexation")):
        session.annotations.tag(stored.id, labels[label], [range_of(words, TEXT)])
    return stored


def open_dialog(window: MainWindow) -> CorrectTextDialog:
    window.actions_table["correct"].trigger()
    dialog = window.documents.correct_dialog
    assert dialog is not None
    dialog.activateWindow()
    QApplication.processEvents()
    return dialog


def press(dialog: CorrectTextDialog, row: int, key: Qt.Key) -> None:
    """Press a key on a paragraph."""
    paragraphs = dialog.tools.paragraphs
    paragraphs.setCurrentIndex(dialog.tools.model.index(row, 0))
    QTest.keyClick(paragraphs, key)


def edit(dialog: CorrectTextDialog, row: int) -> ParagraphEditor:
    """Open the editor of a paragraph, with the caret at its end."""
    press(dialog, row, Key.Key_F2)
    editor = dialog.tools.paragraphs.editor
    assert editor is not None
    QTest.keyClick(editor, Key.Key_End, CONTROL)
    return editor


def rewrite(dialog: CorrectTextDialog, row: int, text: str) -> None:
    """Replace what stands in a paragraph, as an editor does it."""
    editor = edit(dialog, row)
    editor.selectAll()
    editor.insertPlainText(text)
    QTest.keyClick(editor, Key.Key_Return)


def save(qtbot: QtBot, window: MainWindow, dialog: CorrectTextDialog) -> None:
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)


def listed(window: MainWindow) -> list[str]:
    """Return the ids of the documents in the list, in its order."""
    model = window.page.documents
    return [model.index(row).data(DocumentRole.ID) for row in range(model.rowCount())]


def on_screen(window: MainWindow) -> Document:
    document = window.page.document.document
    assert document is not None
    assert window.page.reading.page.text == shown_text(window)
    return document


def shown_text(window: MainWindow) -> str:
    content = window.page.document.content
    assert content is not None
    return content.text


def quotes(window: MainWindow) -> list[str]:
    shown = window.page.document
    return [shown.quote(annotation) for annotation in shown.annotations()]


class TestLooking:
    def test_it_begins_where_somebody_is_reading(self, window: MainWindow, session: Session) -> None:
        text = "\n\n".join(f"Paragraph {number} of a long statement." for number in range(200))
        document = add_document(session, text, "Long")
        window.desk.open_document(document.id)
        window.page.reading.scroll_to_top_position(text.index("Paragraph 120"))
        paragraphs = open_dialog(window).tools.paragraphs
        assert paragraphs.currentIndex().data() == "Paragraph 120 of a long statement."
        assert 0 <= paragraphs.visualRect(paragraphs.currentIndex()).top() < paragraphs.viewport().height()

    def test_it_begins_at_what_is_selected(self, window: MainWindow, stored: Document) -> None:
        window.page.reading.select(*range_of("Any further attack", TEXT))
        assert open_dialog(window).tools.paragraphs.currentIndex().data().startswith("Any further attack")

    def test_another_document_begins_at_its_first_paragraph(self, window: MainWindow, session: Session) -> None:
        other = add_document(session, "First.\n\nSecond.\n\nThird.", "Other")
        window.page.reading.select(*range_of("Any further attack", TEXT))
        window.documents.correct_text_of(other.id)
        dialog = window.documents.correct_dialog
        assert dialog is not None and dialog.tools.paragraphs.currentIndex().data() == "First."

    def test_the_letter_of_a_button_is_not_typed_into_the_editor(
        self, qtbot: QtBot, window: MainWindow, stored: Document
    ) -> None:
        dialog = open_dialog(window)
        editor = edit(dialog, 0)
        QTest.keyClicks(editor, " today")
        QTest.keyClick(editor, Key.Key_S, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: window.documents.correct_dialog is None, timeout=20_000)
        assert shown_text(window).startswith("Summit statement today\n")

    def test_f1_shows_the_keys_while_a_paragraph_is_edited(self, window: MainWindow, stored: Document) -> None:
        dialog = open_dialog(window)
        QTest.keyClick(edit(dialog, 0), Key.Key_F1)
        assert dialog.findChild(KeysDialog) is not None


class TestSaving:
    def test_an_edit_makes_a_version_that_is_shown_with_its_spans(
        self, qtbot: QtBot, window: MainWindow, tagged: Document
    ) -> None:
        dialog = open_dialog(window)
        rewrite(dialog, 0, "Report of the summit")
        assert dialog.warning.isHidden()
        save(qtbot, window, dialog)
        document = on_screen(window)
        assert document.supersedes == tagged.id and listed(window) == [document.id]
        assert shown_text(window) == TEXT.replace("Summit statement", "Report of the summit")
        assert quotes(window) == [PLEDGE, ATTACK, "the annexation"]
        assert window.messages.text == "Corrected."
        assert window.documents.correct_dialog is None and not QApplication.activeModalWidget()
        assert window.focusWidget() is window.page.reading

    def test_undo_and_redo_show_the_version_that_is_listed(
        self, qtbot: QtBot, window: MainWindow, tagged: Document
    ) -> None:
        dialog = open_dialog(window)
        press(dialog, 0, Key.Key_Delete)
        save(qtbot, window, dialog)
        new = on_screen(window).id
        assert window.messages.text == "Corrected."
        for _ in range(2):
            window.actions_table["undo"].trigger()
            assert window.messages.text == ""
            assert on_screen(window) == tagged and listed(window) == [tagged.id]
            assert window.page.document_panel.list.currentIndex().data(DocumentRole.ID) == tagged.id
            assert shown_text(window) == TEXT and len(quotes(window)) == 3
            window.actions_table["redo"].trigger()
            assert on_screen(window).id == new and listed(window) == [new]
            assert window.page.document_panel.list.currentIndex().data(DocumentRole.ID) == new
            assert len(quotes(window)) == 3

    def test_undo_comes_back_from_another_document(self, qtbot: QtBot, window: MainWindow, session: Session) -> None:
        old = on_screen(window).id
        other = add_document(session, "Another text.", "Another")
        dialog = open_dialog(window)
        press(dialog, 0, Key.Key_Delete)
        save(qtbot, window, dialog)
        new = on_screen(window).id
        window.desk.open_document(other.id)
        window.actions_table["undo"].trigger()
        assert on_screen(window).id == old and listed(window) == [old, other.id]
        window.desk.open_document(other.id)
        window.actions_table["redo"].trigger()
        assert on_screen(window).id == new and listed(window) == [new, other.id]

    def test_the_message_takes_it_back_after_other_steps(
        self, qtbot: QtBot, window: MainWindow, session: Session, tagged: Document
    ) -> None:
        other = add_document(session, "Another text.", "Another")
        dialog = open_dialog(window)
        press(dialog, 0, Key.Key_Delete)
        save(qtbot, window, dialog)
        session.documents.set_status(other.id, "done")
        qtbot.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
        assert on_screen(window) == tagged
        assert window.page.documents.status(other.id) == "done"

    def test_the_reading_place_stays(self, qtbot: QtBot, window: MainWindow, session: Session) -> None:
        text = "\n\n".join(f"Paragraph {n}: the delegates of country {n} spoke for a while." for n in range(600))
        document = add_document(session, text, "Long")
        window.desk.open_document(document.id)
        window.page.reading.scroll_to_top_position(text.index("Paragraph 400"))
        dialog = open_dialog(window)
        model = dialog.tools.model
        model.toggle_left_out(range(100))
        save(qtbot, window, dialog)
        assert on_screen(window).supersedes == document.id

        def at_top() -> str:
            return shown_text(window)[window.page.reading.top_position() :][:13]

        assert at_top() == "Paragraph 400"
        window.actions_table["undo"].trigger()
        assert at_top() == "Paragraph 400" and on_screen(window).id == document.id
        window.actions_table["redo"].trigger()
        assert at_top() == "Paragraph 400" and on_screen(window).supersedes == document.id

    def test_another_document_is_corrected_from_the_list_and_the_one_on_screen_stays(
        self, qtbot: QtBot, window: MainWindow, session: Session, stored: Document
    ) -> None:
        other = add_document(session, "Another text.\n\nIts end.", "Another")
        panel = window.page.document_panel
        menu = panel.context_menu(window.page.documents.index_of(other.id))
        next(action for action in menu.actions() if action.text() == "Correct the text…").trigger()
        menu.deleteLater()
        dialog = window.documents.correct_dialog
        assert dialog is not None
        press(dialog, 1, Key.Key_Delete)
        save(qtbot, window, dialog)
        assert on_screen(window) == stored
        texts = [session.queries.content(row.document.id).text for row in session.queries.documents()]
        assert texts == [TEXT, "Another text."]

    def test_a_second_correction_and_the_removal_of_all_versions(
        self, qtbot: QtBot, window: MainWindow, tagged: Document
    ) -> None:
        for _ in range(2):
            dialog = open_dialog(window)
            press(dialog, 0, Key.Key_Delete)
            save(qtbot, window, dialog)
        newest = on_screen(window)
        window.actions_table["properties"].trigger()
        properties = window.findChild(DocumentDialog)
        assert properties is not None
        assert "3 (corrected)" in [label.text() for label in properties.findChildren(QLabel)]
        properties.reject()
        window.actions_table["remove"].trigger()
        box = window.findChild(Confirmation)
        assert box is not None
        box.remove_button.click()
        assert window.page.document.document is None and listed(window) == []
        window.actions_table["undo"].trigger()
        assert on_screen(window) == newest and listed(window) == [newest.id]

    def test_what_cannot_be_stored_keeps_the_corrections(
        self, qtbot: QtBot, window: MainWindow, tagged: Document, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dialog = open_dialog(window)
        dialog.tools.paragraphs.selectAll()
        dialog.tools.leave_out.click()
        save(qtbot, window, dialog)
        assert dialog.isVisible() and "Keep a paragraph" in dialog.problem.text()
        assert on_screen(window) == tagged
        press(dialog, 0, Key.Key_Delete)
        assert dialog.problem.isHidden()

        def refuse(*_: object) -> None:
            raise RefusedError("The disk is full.")

        assert window.projects.session is not None
        with monkeypatch.context() as patch:
            patch.setattr(window.projects.session.documents, "correct", refuse)
            save(qtbot, window, dialog)
        assert dialog.problem.text() == "The disk is full." and window.messages.text == ""
        save(qtbot, window, dialog)
        assert shown_text(window) == "Summit statement"

    def test_while_it_is_stored_nothing_else_can_be_done(
        self, qtbot: QtBot, window: MainWindow, stored: Document
    ) -> None:
        dialog = open_dialog(window)
        asked: list[object] = []
        dialog.save_requested.disconnect()
        dialog.save_requested.connect(lambda document, edits: asked.append((document, edits)))
        press(dialog, 0, Key.Key_Delete)
        QTest.keyClick(dialog, Key.Key_Return)
        dialog.accept()
        QTest.keyClick(dialog, Key.Key_Escape)
        assert dialog.findChild(Confirmation) is None
        assert asked == [(stored.id, (TextEdit(0, 18, ""),))]
        assert dialog.isVisible() and not dialog.tools.isEnabled() and not dialog.save_button.isEnabled()
        dialog.close_saved()


class TestWarning:
    def test_spans_on_what_is_left_out_are_counted_before_and_after(
        self, qtbot: QtBot, window: MainWindow, tagged: Document
    ) -> None:
        dialog = open_dialog(window)
        press(dialog, 1, Key.Key_Delete)
        assert dialog.warning.text() == "2 spans stand on what is left out and would wait for a new place."
        assert dialog.warning.isVisible()
        press(dialog, 1, Key.Key_Delete)
        assert not dialog.warning.isVisible()
        press(dialog, 2, Key.Key_Delete)
        assert dialog.warning.text() == "1 span stands on what is left out and would wait for a new place."
        save(qtbot, window, dialog)
        assert window.messages.text == "Corrected. 1 span waits for a new place."
        assert quotes(window) == [PLEDGE, ATTACK]

    def test_a_span_between_two_corrected_words_stays(self, qtbot: QtBot, window: MainWindow, tagged: Document) -> None:
        paragraph = TEXT.split("\n\n")[1].split("\n")[0]
        dialog = open_dialog(window)
        rewrite(dialog, 1, paragraph.replace("We", "They").replace("the port", "the harbour"))
        assert dialog.warning.isHidden()
        save(qtbot, window, dialog)
        assert quotes(window)[:2] == [
            PLEDGE.replace("We", "They"),
            ATTACK.replace("the port", "the harbour"),
        ]

    def test_only_what_loses_all_its_fragments_is_lost(self) -> None:
        moves = Moves([TextEdit(10, 20, "")])
        spans = [[(12, 15)], [(12, 15), (30, 35)], [(10, 20)], [(5, 12)], [(20, 25)]]
        assert [lost_spans([span], moves) for span in spans] == [1, 0, 1, 0, 0]
        assert lost_spans(spans, moves) == 2


class TestClosing:
    def test_without_a_change_there_is_nothing_to_save(self, window: MainWindow, tagged: Document) -> None:
        dialog = open_dialog(window)
        assert not dialog.save_button.isEnabled()
        QTest.keyClick(dialog.tools.paragraphs, Key.Key_Return)
        assert dialog.isVisible()
        press(dialog, 0, Key.Key_Delete)
        assert dialog.save_button.isEnabled()
        press(dialog, 0, Key.Key_Delete)
        assert not dialog.save_button.isEnabled() and dialog.tools.undo.isEnabled()
        QTest.keyClick(dialog.tools.paragraphs, Key.Key_Z, CONTROL)
        assert dialog.save_button.isEnabled()
        QTest.keyClick(dialog.tools.paragraphs, Key.Key_Z, CONTROL)
        QTest.keyClick(dialog, Key.Key_Escape)
        assert not isValid(dialog) or not dialog.isVisible()
        assert on_screen(window) == tagged

    def test_what_is_still_being_written_can_be_saved(self, qtbot: QtBot, window: MainWindow) -> None:
        dialog = open_dialog(window)
        editor = edit(dialog, 0)
        assert not dialog.save_button.isEnabled()
        QTest.keyClicks(editor, " of 2024")
        assert dialog.save_button.isEnabled()
        QTest.keyClick(editor, Key.Key_Escape)
        assert not dialog.save_button.isEnabled()
        QTest.keyClicks(edit(dialog, 0), " of 2025")
        save(qtbot, window, dialog)
        assert shown_text(window).startswith("Summit statement of 2025\n")

    @pytest.mark.parametrize("being_written", [False, True])
    def test_corrections_are_not_lost_without_a_question(self, window: MainWindow, being_written: bool) -> None:
        dialog = open_dialog(window)
        if being_written:
            QTest.keyClicks(edit(dialog, 0), "!")
        else:
            press(dialog, 0, Key.Key_J)
        dialog.reject()
        box = dialog.findChild(Confirmation)
        assert dialog.isVisible() and box is not None
        box.remove_button.click()
        assert not isValid(dialog) or not dialog.isVisible()
        assert window.documents.correct_dialog is None
        assert shown_text(window) == TEXT

    def test_the_project_closes_over_it(self, window: MainWindow) -> None:
        dialog = open_dialog(window)
        press(dialog, 0, Key.Key_Delete)
        window.projects.close_project()
        assert window.documents.correct_dialog is None and not QApplication.activeModalWidget()

    def test_f1_shows_the_keys(self, window: MainWindow) -> None:
        dialog = open_dialog(window)
        QTest.keyClick(dialog, Key.Key_F1)
        keys = dialog.findChild(KeysDialog)
        assert keys is not None and ("J", "Join the paragraph with the next one") in keys.visible_keys()
        keys.close()


def test_a_long_text_is_prepared_beside_the_window(qtbot: QtBot, window: MainWindow, session: Session) -> None:
    text = "\n".join(f"Line {n} of a text that has very many." for n in range(6_000))
    document = add_document(session, text, "Long")
    window.desk.open_document(document.id)
    window.actions_table["correct"].trigger()
    dialog = window.documents.correct_dialog
    assert dialog is not None
    assert dialog.tools.model.rowCount() == 0 and not dialog.save_button.isEnabled()
    qtbot.waitUntil(lambda: dialog.tools.model.rowCount() == 6_000, timeout=10_000)
    press(dialog, 5_999, Key.Key_Delete)
    save(qtbot, window, dialog)
    assert shown_text(window) == text[: text.rindex("\n")]


def test_a_project_that_is_only_read_offers_no_correction(
    window: MainWindow, new_window: Callable[..., MainWindow]
) -> None:
    assert window.projects.session is not None
    second = new_window(window.projects.session.path)
    assert "correct" not in {row.id for row, _ in second.actions_table.available()}
    menu = second.page.document_panel.context_menu(second.page.documents.index(0))
    assert not next(action for action in menu.actions() if action.text() == "Correct the text…").isEnabled()
    menu.deleteLater()
