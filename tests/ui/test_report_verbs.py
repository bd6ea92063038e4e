"""Reports and the page about the project, made in the window."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from annotator.core.changes import ChangeSet, made
from annotator.core.records import Annotator, Document
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.session.verb import Outcome
from annotator.settings import Settings
from annotator.ui.dialogs.about_project import AboutProjectDialog
from annotator.ui.dialogs.report import ReportDialog
from annotator.ui.main_window import MainWindow
from tests.support import TEXT, add_document


def session_of(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


@pytest.fixture
def tagged(window: MainWindow, stored: Document) -> MainWindow:
    """The window with a pledge in its document, and a second document that is done."""
    session = session_of(window)
    label = session.queries.label_named("pledge").id
    session.annotations.tag(stored.id, label, [(18, 45)], note="Why")
    other = add_document(session, "Another text about a harbour.", "Another")
    session.documents.set_status(other.id, "done")
    return window


def report_dialog(window: MainWindow) -> ReportDialog:
    window.actions_table["report"].trigger()
    dialog = window.parts.reports.report_dialog
    assert dialog is not None
    return dialog


def about_dialog(window: MainWindow, qtbot: QtBot) -> AboutProjectDialog:
    window.actions_table["about_project"].trigger()
    dialog = window.parts.reports.about_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.page.toPlainText()))
    return dialog


def choose(dialog: ReportDialog, documents: str, kind: str, target: Path) -> None:
    dialog.documents.setCurrentIndex(dialog.documents.findData(documents))
    dialog.format.setCurrentIndex(dialog.format.findData(kind))
    dialog.file_line.line.setText(str(target))


def wait_for_file(dialog: ReportDialog, qtbot: QtBot) -> None:
    dialog.main_button.click()
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.files_page, timeout=20_000)


def test_the_document_on_screen_becomes_a_page(tagged: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = report_dialog(tagged)
    assert dialog.documents.currentData() == "this"
    choose(dialog, "this", "html", tmp_path / "one.html")
    wait_for_file(dialog, qtbot)
    text = (tmp_path / "one.html").read_text("utf-8")
    assert TEXT[18:45] in text
    assert "harbour" not in text
    assert dialog.files_page.list.item(0).text() == "one.html"
    dialog.reject()


def test_all_documents_become_a_pdf(tagged: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = report_dialog(tagged)
    choose(dialog, "all", "pdf", tmp_path / "all.pdf")
    wait_for_file(dialog, qtbot)
    with pdfplumber.open(BytesIO((tmp_path / "all.pdf").read_bytes())) as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
    assert TEXT[18:45] in text
    assert "harbour" in text
    dialog.reject()


def test_status_and_search_choose_documents(tagged: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = report_dialog(tagged)
    assert not dialog.status.isVisible()
    choose(dialog, "status", "md", tmp_path / "done.md")
    dialog.status.setCurrentIndex(dialog.status.findData("done"))
    assert dialog.status.isVisible()
    assert dialog.options().statuses == ("done",)
    choose(dialog, "found", "html", tmp_path / "found.html")
    dialog.main_button.click()
    assert "search" in dialog.problem.text()
    dialog.words.setText("nowhere")
    dialog.main_button.click()
    qtbot.waitUntil(lambda: "no document to report on" in dialog.problem.text())
    dialog.words.setText("harbour")
    wait_for_file(dialog, qtbot)
    assert TEXT[18:45] not in (tmp_path / "found.html").read_text("utf-8")
    dialog.reject()


def test_the_ending_follows_the_format_and_a_file_that_is_there_is_told(tagged: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(b"")
    dialog = report_dialog(tagged)
    dialog.file_line.line.setText(str(tmp_path / "r.html"))
    assert dialog.file_line.replaces.isHidden()
    dialog.format.setCurrentIndex(dialog.format.findData("docx"))
    assert dialog.options().target == tmp_path / "r.docx"
    assert not dialog.file_line.replaces.isHidden()
    dialog.file_line.line.setText(str(tmp_path / "none" / "r.docx"))
    dialog.main_button.click()
    assert "There is no folder" in dialog.problem.text()
    dialog.reject()


def test_a_report_never_takes_the_place_of_the_project(tagged: MainWindow, qtbot: QtBot) -> None:
    dialog = report_dialog(tagged)
    path = session_of(tagged).path
    before = path.stat().st_size
    dialog.file_line.line.setText(str(path))
    dialog.main_button.click()
    qtbot.waitUntil(lambda: "project itself" in dialog.problem.text())
    assert path.stat().st_size == before
    dialog.reject()


def test_a_lead_writes_purpose_and_diary_and_the_page_shows_them(window: MainWindow, qtbot: QtBot) -> None:
    dialog = about_dialog(window, qtbot)
    session = session_of(window)
    assert "Nothing is written yet." in dialog.page.toPlainText()
    dialog.write_button.click()
    dialog.purpose.edit.setPlainText("Find out *who* promised what.")
    dialog.purpose.commit()
    dialog.entry.edit.setPlainText("The pilot is done.")
    dialog.entry.commit()
    assert session.queries.project().purpose == "Find out *who* promised what."
    (entry,) = session.diary.entries()
    assert dialog.entries.currentItem().text() == "The pilot is done."
    dialog.entry.edit.setPlainText("The pilot is nearly done.")
    dialog.write_button.click()
    assert [(one.id, one.body) for one in session.diary.entries()] == [(entry.id, "The pilot is nearly done.")]
    qtbot.waitUntil(lambda: "The pilot is nearly done." in dialog.page.toPlainText())
    assert "Find out who promised what." in dialog.page.toPlainText()
    dialog.write_button.click()
    dialog.entries.setCurrentRow(1)
    dialog.delete_button.click()
    assert session.diary.entries() == []
    dialog.reject()
    window.travelling.undo()
    assert [one.body for one in session.diary.entries()] == ["The pilot is nearly done."]


def test_what_is_being_typed_is_kept_when_the_dialog_closes(window: MainWindow, qtbot: QtBot) -> None:
    dialog = about_dialog(window, qtbot)
    dialog.write_button.click()
    dialog.entry.edit.setPlainText("A last word.")
    dialog.reject()
    assert [one.body for one in session_of(window).diary.entries()] == ["A last word."]


def test_an_entry_is_not_emptied(window: MainWindow, qtbot: QtBot) -> None:
    session_of(window).diary.write("The pilot is done.")
    dialog = about_dialog(window, qtbot)
    dialog.write_button.click()
    dialog.entries.setCurrentRow(1)
    dialog.entry.edit.setPlainText(" ")
    dialog.entry.commit()
    assert "cannot be empty" in dialog.problem.text()
    assert [one.body for one in session_of(window).diary.entries()] == ["The pilot is done."]
    dialog.entry.edit.setPlainText("The pilot is done.")
    dialog.reject()


@pytest.mark.parametrize("ending", ["html", "md"])
def test_the_page_is_saved(window: MainWindow, qtbot: QtBot, tmp_path: Path, ending: str) -> None:
    session_of(window).about.set_purpose("Find out who <promised> what.")
    dialog = about_dialog(window, qtbot)
    file = tmp_path / f"about.{ending}"
    dialog.save_requested.emit(str(file))
    qtbot.waitUntil(file.exists)
    shown = {"html": "Find out who &lt;promised&gt; what.", "md": "Find out who \\<promised\\> what."}
    assert shown[ending] in file.read_text("utf-8")
    dialog.reject()


def test_an_analyst_reads_the_page_and_cannot_write(
    project_path: Path, person: Person, new_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    analyst = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
    with Session(project_path, person) as session:
        change = ChangeSet("An analyst joins", made(Annotator(analyst.id, analyst.name, role="analyst")))
        session.perform(lambda: Outcome(change, None))
    window = new_window(project_path, Settings(annotator_id=analyst.id, annotator_name=analyst.name, theme="light"))
    dialog = about_dialog(window, qtbot)
    assert dialog.write_button.isHidden()
    assert "Analyst A" not in dialog.page.toPlainText()
    dialog.reject()


def test_the_page_is_text_and_reaches_for_nothing(window: MainWindow, qtbot: QtBot) -> None:
    session_of(window).about.set_purpose("<img src='file:///etc/passwd'> **x** [a](file:///b)")
    dialog = about_dialog(window, qtbot)
    assert "<img src='file:///etc/passwd'> x a (file:///b)" in dialog.page.toPlainText()
    assert dialog.page.loadResource(2, "file:///etc/passwd") is None
    assert dialog.page.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    dialog.reject()
