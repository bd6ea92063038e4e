"""The window as a whole: actions, projects, import, the way back to one's place, and what it imports."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from annotator import app
from annotator.core.errors import BugError, RefusedError
from annotator.core.records import Document
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.settings import Settings, load_settings
from annotator.ui.actions.row import NEEDS
from annotator.ui.actions.table import ACTIONS, MENUS
from annotator.ui.dialogs.import_dialog import ImportDialog
from annotator.ui.dialogs.keys import KeysDialog
from annotator.ui.dialogs.paste import PasteDialog
from annotator.ui.main_window import LEAST_SIZE, MainWindow
from annotator.ui.screenshot import VIEWS, take
from tests.support import TEXT, add_document
from tests.ui.conftest import range_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Make = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def no_dialog_stays(qtbot: QtBot) -> Iterator[None]:
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog):
            widget.close()


def drop(window: MainWindow, *files: Path) -> None:
    """Drop files on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(window.rect().center(), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(window.rect().center()), copy, data, left, none))


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=30_000)


# -- the table of actions


def test_every_action_is_in_a_menu() -> None:
    assert [row.id for row in ACTIONS if not row.menu] == ["menu"]
    assert {row.menu for row in ACTIONS if row.menu} == set(MENUS)


def test_no_shortcut_is_used_twice() -> None:
    used = Counter(QKeySequence(row.shortcut).toString() for row in ACTIONS if row.shortcut)
    used.update(QKeySequence(row.key).toString() for row in ACTIONS if row.key)
    assert [keys for keys, count in used.items() if count > 1] == []
    assert all(QKeySequence(row.shortcut).toString() for row in ACTIONS if row.shortcut)


def test_no_action_uses_alt_or_a_single_key_that_types(window: MainWindow) -> None:
    for row in ACTIONS:
        if row.shortcut:
            keys = QKeySequence(row.shortcut)[0]  # type: ignore[index]
            plain = keys.keyboardModifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            assert Qt.KeyboardModifier.AltModifier not in keys.keyboardModifiers()
            assert not plain or Qt.Key.Key_F1 <= keys.key() <= Qt.Key.Key_F35


def test_every_row_names_a_menu_a_need_and_a_slot(window: MainWindow) -> None:
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)
    for row in ACTIONS:
        assert row.menu in ("", *MENUS) and row.needs in NEEDS
        assert window.actions_table[row.id].text()
    menus = [action.text() for action in window.actions_table.menu.actions()]
    assert menus == list(MENUS)


def test_without_a_project_only_what_needs_none_is_enabled(new_window: Make) -> None:
    window = new_window()
    enabled = {row.id for row, _ in window.actions_table.available()}
    assert {"new", "open", "quit", "keys"} <= enabled
    assert not {"import", "export", "undo", "label", "find"} & enabled


def test_ctrl_s_answers_that_everything_is_saved(window: MainWindow) -> None:
    QTest.keyClick(window.page.reading, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert window.messages.text.startswith("Already saved")


def test_f1_lists_the_keys_that_apply_now(window: MainWindow) -> None:
    QTest.keyClick(window.page.reading, Qt.Key.Key_F1)
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    keys = dict(dialog.visible_keys())
    assert keys["1"] == "Tag or relabel as Pledge"
    assert "R" not in keys
    assert keys["Ctrl+E"] == "Export"


def test_labels_are_offered_as_commands_only_where_a_text_is_annotated(window: MainWindow) -> None:
    def offered() -> list[str]:
        window.finder.prepare()
        found = window.finder._model._commands
        return [command.title for command in found if command.kind == "label"]

    assert "Tag as Pledge" in offered()
    window.actions_table["corpus_page"].trigger()
    assert offered() == []
    window.actions_table["annotate_page"].trigger()
    assert "Tag as Pledge" in offered()


def test_a_long_name_ends_in_dots_where_the_bar_ends(window: MainWindow) -> None:
    name = "Somebody " * 20
    window.top_bar.show_person(name)
    label = next(one for one in window.top_bar.findChildren(QLabel) if one.toolTip().startswith("Somebody"))
    assert label.text().endswith("…")
    beside = label.parentWidget()
    assert beside is not None
    assert label.fontMetrics().horizontalAdvance(label.text()) <= beside.width()
    window.top_bar.show_person("Somebody")
    assert label.text() == "Somebody"


def test_f6_goes_from_pane_to_pane_and_back(window: MainWindow) -> None:
    page = window.page
    panes = [page.reading, window.top_bar.search, page.document_panel.list, page.reading]
    for here, following in itertools.pairwise(panes):
        QTest.keyClick(here, Qt.Key.Key_F6)
        assert QApplication.focusWidget() is following
    QTest.keyClick(page.reading, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is page.document_panel.list


# -- projects


def test_making_and_closing_a_project(qtbot: QtBot, new_window: Make, tmp_path: Path) -> None:
    window = new_window()
    assert window.pages.currentWidget() is window.start_page
    path = tmp_path / "folder" / "Summits.annodb"
    window.projects.make(path, None, "Summits")
    idle(qtbot, window)
    assert path.is_file() and window.pages.currentWidget() is window.page
    assert window.settings.recent == [str(path)]
    assert window.windowTitle().startswith("Summits")
    window.actions_table["close"].trigger()
    assert window.pages.currentWidget() is window.start_page
    with Session(path, Person(window.settings.annotator_id, "x")) as session:
        assert session.read_only_reason == ""


def test_the_sample_project_is_made_and_opened(
    qtbot: QtBot, new_window: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.paths.default_projects", lambda: tmp_path / "home")
    window = new_window()
    window.start_page.sample_requested.emit()
    idle(qtbot, window)
    assert window.page.documents.rowCount() == 3
    window.actions_table["close"].trigger()
    window.start_page.sample_requested.emit()
    assert window.page.documents.rowCount() == 3


def test_a_file_that_is_no_project_is_refused_and_the_open_one_stays(
    window: MainWindow, tmp_path: Path, project_path: Path
) -> None:
    other = tmp_path / "other.annodb"
    other.write_text("no project")
    window.projects.open_path(str(other))
    assert "other.annodb" in window.messages.text
    assert window.projects.session is not None and window.projects.session.path == project_path


def test_a_second_window_reads_and_says_why(window: MainWindow, new_window: Make, project_path: Path) -> None:
    second = new_window(project_path, Settings(annotator_id="22222222-2222-4222-8222-222222222222", annotator_name="B"))
    assert second.banner.text and "not change" in second.banner.text
    enabled = {row.id for row, _ in second.actions_table.available()}
    assert not {"import", "paste", "undo", "label", "done"} & enabled
    assert {"export", "find", "copy"} <= enabled
    assert not any(chip.isEnabled() for chip in second.page.label_bar.chips)
    second.page.reading.select(*range_of("We will", TEXT))
    QTest.keyClick(second.page.reading, Qt.Key.Key_1)
    assert second.page.document.annotations() == []
    assert "It can be read, not changed" in second.messages.text


def test_the_last_document_and_place_come_back(
    new_window: Make, settings: Settings, project_path: Path, person: Person
) -> None:
    with Session(project_path, person) as session:
        add_document(session, "First.", "First")
        long = add_document(session, "\n".join(f"Line number {n} of a long text." for n in range(600)), "Long")
    window = new_window(project_path)
    assert window.page.document.document is not None and window.page.document.document.title == "First"
    window.desk.open_document(long.id)
    window.page.reading.scroll_to_top_position(9000)
    place = window.page.reading.top_position()
    assert place > 8000
    window.close()
    again = new_window(project_path, load_settings())
    assert again.page.document.document is not None and again.page.document.document.id == long.id
    assert abs(again.page.reading.top_position() - place) < 80


def test_undo_works_after_reopening(window: MainWindow, new_window: Make, project_path: Path) -> None:
    window.page.reading.select(*range_of("We will provide", TEXT))
    QTest.keyClick(window.page.reading, Qt.Key.Key_1)
    window.close()
    again = new_window(project_path)
    assert len(again.page.document.annotations()) == 1
    again.actions_table["undo"].trigger()
    assert again.page.document.annotations() == []


@pytest.mark.parametrize("action", ["quit", "close"])
def test_a_note_being_typed_is_kept_when_window_or_project_is_closed(
    window: MainWindow, stored: Document, project_path: Path, person: Person, action: str
) -> None:
    window.page.reading.select(*range_of("We will provide", TEXT))
    QTest.keyClick(window.page.reading, Qt.Key.Key_1)
    window.tagging.edit_span()
    QTest.keyClicks(window.page.inspector.note, "half a thou")
    window.actions_table[action].trigger()
    with Session(project_path, person) as session:
        assert list(session.queries.content(stored.id).notes.values()) == ["half a thou"]


def test_opening_makes_a_backup(qtbot: QtBot, window: MainWindow, project_path: Path) -> None:
    idle(qtbot, window)
    assert len(list(project_path.parent.glob("*backup*/*"))) == 1


# -- documents


def import_dropped(qtbot: QtBot, window: MainWindow, *files: Path) -> None:
    """Drop files on the window, wait until the import dialog has read them, and press Enter."""
    drop(window, *files)
    idle(qtbot, window)
    dialog = window.documents.import_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog.work.is_reading, timeout=30_000)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    idle(qtbot, window)


def test_dropped_files_are_imported_after_a_look(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    good = tmp_path / "Statement.md"
    good.write_text("# A statement\n\nWe shall **help**.\n", "utf-8")
    import_dropped(qtbot, window, good)
    assert window.documents.import_dialog is None
    assert window.page.document.document is not None
    assert window.page.document.document.title == "A statement"
    assert "1 document imported" in window.messages.text
    assert window.page.documents.rowCount() == 2
    qtbot.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
    assert window.page.documents.rowCount() == 1


def test_the_project_closes_while_files_are_read(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(f"Text number {number}.")
    drop(window, tmp_path)
    qtbot.wait(50)
    window.projects.close_project()
    idle(qtbot, window)
    assert window.documents.import_dialog is None
    assert not QApplication.activeModalWidget()


def test_files_dropped_without_a_project_say_what_to_do(new_window: Make, tmp_path: Path) -> None:
    window = new_window()
    file = tmp_path / "a.txt"
    file.write_text("text")
    window.drop_files([str(file)])
    assert "Open a project" in window.messages.text


def test_a_dropped_project_is_opened(new_window: Make, stored: Document, project_path: Path) -> None:
    window = new_window()
    drop(window, project_path)
    assert window.projects.session is not None


def test_pasting_makes_a_document(qtbot: QtBot, window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("A pasted text.\nIts second line.")
    window.actions_table["paste"].trigger()
    dialog = window.findChild(PasteDialog)
    assert dialog is not None
    dialog.title.setText("Pasted")
    dialog.accept()
    idle(qtbot, window)
    shown = window.page.document.content
    assert shown is not None
    assert (shown.document.title, shown.text) == ("Pasted", "A pasted text.\nIts second line.")


def test_exporting_runs_in_the_background_and_shows_the_result(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.page.reading.select(*range_of("We will provide", TEXT))
    QTest.keyClick(window.page.reading, Qt.Key.Key_1)
    window.top_bar.export_button.click()
    dialog = window.parts.datasets.export_dialog
    assert dialog is not None
    target = tmp_path / "out.jsonl"
    dialog.file_line.line.setText(str(target))
    dialog.accept()
    idle(qtbot, window)
    assert target.read_text("utf-8").count('"quote":"We will provide"') == 1
    assert dialog.pages.currentWidget() is dialog.result_page


def test_the_focus_returns_to_the_text_after_the_export_dialog(window: MainWindow) -> None:
    QTest.mouseClick(window.top_bar.export_button, Qt.MouseButton.LeftButton)
    dialog = window.parts.datasets.export_dialog
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.page.reading.hasFocus()


def test_importing_begins_at_the_project_and_then_where_it_was(
    qtbot: QtBot, window: MainWindow, project_path: Path, tmp_path: Path
) -> None:
    assert window.documents.import_folder == str(project_path.parent)
    file = tmp_path / "texts" / "a.txt"
    file.parent.mkdir()
    file.write_text("A text.", "utf-8")
    import_dropped(qtbot, window, file)
    assert window.documents.import_folder == str(file.parent)


# -- the window on the screen


def test_a_new_window_fits_the_screen_with_its_frame(qtbot: QtBot, settings: Settings) -> None:
    window = MainWindow(settings, app.read_codebook, keep_settings=False)
    qtbot.addWidget(window)
    window.begin_when_painted(None)
    room = window.screen().availableGeometry()
    assert window.height() < room.height()
    assert window.width() <= max(room.width(), LEAST_SIZE[0])


# -- messages


def test_errors_of_the_world_are_shown_and_ours_are_logged(
    window: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    window.messages.show_error(RefusedError("“{name}” is <b>refused</b>.", name="x"))
    assert window.messages.text == "“x” is <b>refused</b>."
    assert caplog.records == []
    window.messages.show_error(BugError("inner"))
    assert "BugError" in window.messages.text and "inner" not in window.messages.text
    assert caplog.records[0].exc_info is not None


def test_a_message_does_not_move_the_text(window: MainWindow) -> None:
    reading = window.page.reading
    before = (reading.mapTo(window, reading.rect().topLeft()), reading.size())
    window.messages.inform("Copied with its citation.")
    QCoreApplication.processEvents()
    assert (reading.mapTo(window, reading.rect().topLeft()), reading.size()) == before
    for width in (900, 1200):
        window.resize(width, 620)
        QCoreApplication.processEvents()
        bar, pages = window.messages.geometry(), window.pages.rect()
        assert (bar.left(), bar.right(), bar.bottom()) == (pages.left(), pages.right(), pages.bottom())


def test_esc_in_the_text_closes_a_message(window: MainWindow) -> None:
    window.messages.warn("Something stays.")
    QTest.keyClick(window.page.reading, Qt.Key.Key_Escape)
    assert window.messages.text == ""


def test_a_message_with_a_button_does_what_it_offers(window: MainWindow) -> None:
    window.messages.inform("Look.", "Keys", window.show_keys)
    window.messages.button.click()
    assert window.findChild(KeysDialog) is not None
    assert window.messages.text == ""


def test_the_theme_changes_at_once_and_is_kept(window: MainWindow) -> None:
    before = window.page.reading.grab().toImage().pixelColor(3, 3)
    window.actions_table["theme"].trigger()
    after = window.page.reading.grab().toImage().pixelColor(3, 3)
    assert before.lightness() > 200 > 60 > after.lightness()
    assert load_settings().theme == "dark"


# -- the start


def test_importing_the_program_leaves_heavy_things_for_later() -> None:
    heavy = {"peewee", "markdown", "pydantic", "qtawesome", "charset_normalizer", "orjson"}
    code = f"import sys, annotator.app; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_hook_shows_what_no_slot_has_handled(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    app._catch(window)
    sys.excepthook(ValueError, ValueError("inner"), None)
    assert "ValueError" in window.messages.text


# -- pictures


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "page"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_has_the_size_asked_for(
    qtbot: QtBot, view: str, theme: str, stored: Document, project_path: Path, tmp_path: Path, person: Person
) -> None:
    out = tmp_path / "picture.png"
    take(project_path, out, person=person, view=view, theme=theme, size=(1024, 640))
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1024, 640)
    colours = {image.pixelColor(x, y).rgb() for x in range(0, 1024, 16) for y in range(0, 640, 8)}
    assert len(colours) > 4
    assert (image.pixelColor(5, 5).lightness() > 128) == (theme == "light")


def test_an_unknown_view_is_refused(project_path: Path, tmp_path: Path, person: Person) -> None:
    with pytest.raises(RefusedError, match="annotate, start"):
        take(project_path, tmp_path / "x.png", person=person, view="nowhere")


# -- what is said of an import, and of its undoing


def import_folder(qtbot: QtBot, window: MainWindow, folder: Path) -> ImportDialog:
    """Import what a folder holds; the dialog may stay open."""
    window.documents.import_files([str(folder)])
    dialog = window.documents.import_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog.work.is_reading, timeout=30_000)
    dialog.accept()
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=30_000)
    return dialog


@pytest.fixture
def two_texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text(f"The text with the name {name}.")
    return folder


def test_what_came_in_is_told_when_the_dialog_is_out_of_the_way(
    qtbot: QtBot, window: MainWindow, two_texts: Path
) -> None:
    (two_texts / "empty.txt").write_bytes(b"")
    dialog = import_folder(qtbot, window, two_texts)
    assert dialog.isVisible() and window.messages.text == ""
    dialog.reject()
    assert window.messages.text == "2 documents imported." and window.messages.button.text() == "Undo"
    window.messages.button.click()
    assert window.page.documents.rowCount() == 1


def test_undoing_an_import_is_told_and_can_be_put_back(
    qtbot: QtBot, new_window: Make, project_path: Path, person: Person, two_texts: Path
) -> None:
    Session(project_path, person).close()
    window = new_window(project_path)
    import_folder(qtbot, window, two_texts)
    window.page.reading.setFocus()
    assert window.messages.text == "2 documents imported."
    window.actions_table["undo"].trigger()
    assert window.messages.text == "2 documents taken out." and window.messages.button.text() == "Redo"
    assert window.page._nothing.text() == "Drop files here or press Ctrl+I"
    assert window.focusWidget() is window.page.document_panel.list
    window.messages.button.click()
    assert window.page.documents.rowCount() == 2 and window.messages.text == ""
    assert window.page.document.document is not None


def test_an_empty_project_asks_for_files_until_there_are_some(window: MainWindow, stored: Document) -> None:
    session = window.projects.session
    assert session is not None
    session.documents.remove(stored.id)
    assert window.page._nothing.text() == "Drop files here or press Ctrl+I"
    session.history.undo()
    assert window.page._nothing.text() == "Choose a document at the left"


def test_a_message_with_a_button_leaves_the_focus_in_the_text(qtbot: QtBot, window: MainWindow) -> None:
    done: list[bool] = []
    window.messages.inform("Done.", "Undo", lambda: done.append(True))
    qtbot.mouseClick(window.messages.button, Qt.MouseButton.LeftButton)
    assert done and window.focusWidget() is window.page.reading
