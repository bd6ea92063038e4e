"""The pages of a document: pictures, highlights, selecting on them, and staying in step with the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from annotator.core.errors import DocumentReadError, RefusedError
from annotator.core.records import Annotation, Document
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents
from annotator.session.people import Person
from annotator.session.pictures import PagePicture
from annotator.session.session import Session
from annotator.settings import Settings
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.label_popup import LabelPopup
from annotator.ui.screenshot import take
from annotator.ui.views.page_marks import innermost
from annotator.ui.views.page_pictures import PictureStore
from annotator.ui.views.page_view import PageView
from tests.formats.pdf_samples import lines, locked_pdf, pages_pdf, text
from tests.support import add_document
from tests.ui.conftest import range_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT, CTRL, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier

FIRST = [
    "The ministers will provide air defence before the winter",
    "comes, provided that the parliament approves the budget.",
    "They condemned the attack on the port in the strongest terms.",
]
SECOND = ["On the second page the council repeats its older promises,", "and it closes with words of thanks."]
THIRD = ["The third page holds one line about generators."]


def pdf() -> bytes:
    return pages_pdf([lines(700, FIRST), lines(700, SECOND), lines(700, THIRD)])


def add_pdf(session: Session, data: bytes, password: str = "") -> Document:
    read = next(iter(read_documents(SourceFile("statement.pdf", data, password))))
    return session.documents._add_pasted(read, data)


@pytest.fixture
def with_pages(project_path: Path, person: Person) -> Document:
    with Session(project_path, person) as session:
        return add_pdf(session, pdf())


@pytest.fixture
def paged(qtbot: QtBot, with_pages: Document, project_path: Path, new_window: Callable[..., MainWindow]) -> MainWindow:
    """A window that shows the pages of its document, which have the focus."""
    window = new_window(project_path)
    window.page.faces.choose(True)
    settle(qtbot, window)
    window.page.faces.focus_face()
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the pages and their pictures are here."""
    faces = window.page.faces
    qtbot.waitUntil(lambda: faces.page_view.page_count() > 0 and not faces.is_waiting, timeout=20_000)
    QTest.qWait(20)
    qtbot.waitUntil(lambda: not faces.is_waiting, timeout=20_000)


def view_of(window: MainWindow) -> PageView:
    return window.page.faces.page_view


def spans_of(window: MainWindow) -> list[Annotation]:
    return window.page.document.annotations()


def where(window: MainWindow, words: str) -> tuple[int, int]:
    return range_of(words, window.page.reading.page.text)


def point_in(view: PageView, position: int) -> QPoint:
    """Return the middle of a character in the viewport."""
    page = view.surface.page_of(position)
    [box] = view.surface.sheet(page).words.boxes(position, position + 1)
    return view.stack.to_view(page, box).center().toPoint()


def click(view: PageView, position: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(view.viewport(), LEFT, modifiers, point_in(view, position), 900)


def drag(view: PageView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view.viewport(), LEFT, NONE, start, 900)
    for point in ((start + end) / 2, end):
        place = view.viewport().mapToGlobal(QPointF(point))
        button = Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(point), place, button, LEFT, NONE)
        QApplication.sendEvent(view.viewport(), event)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, end)


def selected(window: MainWindow) -> str:
    selection = window.page.reading.selection()
    return "" if selection is None else window.page.reading.page.text[selection[0] : selection[1]]


# -- what is shown


def test_pages_come_only_with_documents_that_have_them(qtbot: QtBot, paged: MainWindow, project_path: Path) -> None:
    faces, session = paged.page.faces, paged.projects.session
    assert session is not None and faces.bar.isVisible() and faces.face() is faces.page_view
    plain = add_document(session)
    qtbot.waitUntil(lambda: paged.page.documents.rowCount() == 2)
    paged.desk.open_document(plain.id)
    assert not faces.bar.isVisible() and faces.face() is paged.page.reading and paged.page.reading.isVisible()
    assert not paged.actions_table["pages"].isEnabled() and not paged.actions_table["fit_width"].isEnabled()
    paged.desk.step_document(-1)
    settle(qtbot, paged)
    assert faces.page_view.isVisible() and paged.actions_table["fit_width"].isEnabled()


def test_the_wish_for_pages_is_remembered(
    qtbot: QtBot, paged: MainWindow, project_path: Path, settings: Settings, new_window: Callable[..., MainWindow]
) -> None:
    paged.actions_table["thumbnails"].trigger()
    paged.close()
    again = new_window(project_path, settings)
    settle(qtbot, again)
    assert again.page.faces.shows_pages and again.page.faces.thumbnails.isVisible()


def test_the_picture_of_the_page_is_on_screen(paged: MainWindow) -> None:
    view = view_of(paged)
    picture = view.viewport().grab().toImage()
    box = view.surface.sheet(0).words.boxes(*where(paged, "ministers"))[0]
    rect = view.stack.to_view(0, box).toRect()
    inked = {
        picture.pixelColor(x, y).lightness()
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    }
    assert min(inked) < 80 and max(inked) == 255


def test_only_what_is_in_sight_and_the_next_page_are_drawn(qtbot: QtBot, paged: MainWindow) -> None:
    view = view_of(paged)
    view.fit_page()
    settle(qtbot, paged)
    assert view.pictures.image(0) and view.pictures.image(1) and not view.pictures.image(2)
    view.go_to_page(3)
    settle(qtbot, paged)
    assert view.pictures.image(2)


def test_a_page_that_cannot_be_drawn_says_so_and_the_others_are_drawn(qtbot: QtBot, paged: MainWindow) -> None:
    view = view_of(paged)
    drawn = QImage(8, 8, QImage.Format.Format_RGB32)
    drawn.fill(Qt.GlobalColor.red)

    def draw(page: int, _scale: float) -> Future[PagePicture]:
        future: Future[PagePicture] = Future()
        if page == 1:
            future.set_exception(DocumentReadError("Page {page} cannot be drawn.", page=1))
        else:
            future.set_result(PagePicture(8, 8, 32, bytes(drawn.constBits())))
        return future

    view.pictures.set_source(draw)
    view.fit_page()
    settle(qtbot, paged)
    assert view.pictures.failure(0) == "Page 1 cannot be drawn." and view.pictures.image(1) is not None
    corner = view.stack.rect(0).toRect()
    assert _dark_pixels(view.viewport().grab().toImage(), corner.center(), QSize(200, 20)) > 20


def _dark_pixels(image: QImage, centre: QPoint, size: QSize) -> int:
    xs = range(centre.x() - size.width() // 2, centre.x() + size.width() // 2)
    ys = range(centre.y() - size.height() // 2, centre.y() + size.height() // 2)
    return sum(image.pixelColor(x, y).lightness() < 170 for x in xs for y in ys)


def test_a_page_without_words_is_shown_all_the_same(
    qtbot: QtBot, project_path: Path, person: Person, new_window: Callable[..., MainWindow]
) -> None:
    data = pages_pdf([lines(700, FIRST), "1 0 0 rg 0 0 612 792 re f\n"])
    with Session(project_path, person) as session:
        add_pdf(session, data)
    window = new_window(project_path)
    window.page.faces.choose(True)
    settle(qtbot, window)
    view = view_of(window)
    view.go_to_page(2)
    settle(qtbot, window)
    rect = view.stack.rect(1).toRect()
    assert view.viewport().grab().toImage().pixelColor(rect.center()) == Qt.GlobalColor.red
    QTest.mouseClick(view.viewport(), LEFT, NONE, rect.center())
    assert view.surface.position_under(rect.center().x(), rect.center().y()) is None


def test_a_locked_pdf_asks_for_its_password(
    qtbot: QtBot, project_path: Path, person: Person, new_window: Callable[..., MainWindow]
) -> None:
    with Session(project_path, person) as session:
        add_pdf(session, locked_pdf("sesame"), "sesame")
    window = new_window(project_path)
    faces = window.page.faces
    faces.choose(True)
    settle(qtbot, window)
    assert faces.password.isVisible() and faces.page_view.pictures.image(0) is None
    faces.password.field.setText("wrong")
    QTest.keyClick(faces.password.field, Qt.Key.Key_Return)
    qtbot.waitUntil(faces.password.isVisible, timeout=10_000)
    faces.password.field.setText("sesame")
    QTest.keyClick(faces.password.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: faces.page_view.pictures.image(0) is not None, timeout=10_000)
    assert not faces.password.isVisible()


# -- highlights


def test_a_span_is_tinted_underlined_and_leaves_its_glyphs_readable(qtbot: QtBot, paged: MainWindow) -> None:
    view = view_of(paged)
    start, end = where(paged, "ministers will provide")
    before = view.viewport().grab().toImage()
    paged.page.reading.select(start, end)
    QTest.keyClick(view, Qt.Key.Key_1)
    paged.page.reading.choose_span(None)
    paged.page.reading.set_caret(0)
    after = view.viewport().grab().toImage()
    [box] = view.surface.sheet(0).words.boxes(start, end)
    rect = view.stack.to_view(0, box).toRect().adjusted(1, 1, -1, -1)
    points = [QPoint(x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom())]
    papers = [after.pixelColor(point).name() for point in points if before.pixelColor(point).lightness() == 255]
    glyphs = [after.pixelColor(point).lightness() for point in points if before.pixelColor(point).lightness() < 40]
    label = paged.page.document.label_of(spans_of(paged)[0])
    assert label is not None
    assert set(papers) == {view._painter._paper.label_tint(label.light, label.dark).name()}
    assert glyphs and max(glyphs) < 60
    assert after.pixelColor(rect.left() + 4, rect.bottom() + 3).name() == label.light


def test_the_innermost_span_tints(paged: MainWindow) -> None:
    assert innermost([(0, -10, 0, "outer"), (2, -4, 1, "inner"), (8, -12, 2, "late")]) == [
        (0, 2, "outer"),
        (2, 4, "inner"),
        (4, 8, "outer"),
        (8, 12, "late"),
    ]
    assert innermost([(0, -5, 0, "old"), (0, -5, 1, "new"), (9, -11, 2, "apart")]) == [(0, 5, "new"), (9, 11, "apart")]


def test_undo_redraws_the_page(paged: MainWindow) -> None:
    view = view_of(paged)
    paged.page.reading.select(*where(paged, "ministers"))
    QTest.keyClick(view, Qt.Key.Key_1)
    assert view.surface.sheet(0).marks.underlines
    paged.travelling.undo()
    assert not view.surface.sheet(0).marks.underlines
    paged.travelling.redo()
    assert view.surface.sheet(0).marks.underlines


def test_the_tool_tip_names_label_and_note_as_plain_text(paged: MainWindow) -> None:
    view = view_of(paged)
    start, end = where(paged, "ministers will")
    paged.page.reading.select(start, end)
    QTest.keyClick(view, Qt.Key.Key_1)
    paged.tagging.set_note(spans_of(paged)[0].id, "<b>No date</b> is given")
    point = point_in(view, start + 2)
    event = QHelpEvent(QEvent.Type.ToolTip, point, view.viewport().mapToGlobal(point))
    QApplication.sendEvent(view.viewport(), event)
    assert QToolTip.text() == "Pledge · Analyst A\n‹b›No date‹/b› is given"
    QToolTip.hideText()


# -- the mouse


def test_a_click_selects_the_innermost_span_and_another_one_outward(paged: MainWindow) -> None:
    view, reading = view_of(paged), paged.page.reading
    for words, key in (("ministers will provide air", Qt.Key.Key_1), ("will provide", Qt.Key.Key_2)):
        reading.select(*where(paged, words))
        QTest.keyClick(view, key)
    outer, inner = spans_of(paged)
    place = where(paged, "provide")[0] + 2
    reading.choose_span(None)
    click(view, place)
    assert reading.selected_span() == inner.id and paged.page.document.selected_span == inner
    click(view, place)
    assert reading.selected_span() == outer.id
    click(view, where(paged, "condemned")[0] + 2)
    assert reading.selected_span() is None


def test_dragging_selects_whole_words_over_lines_and_a_digit_tags_them(paged: MainWindow) -> None:
    view = view_of(paged)
    start, end = where(paged, "defence before the winter comes")
    drag(view, point_in(view, start + 2), point_in(view, end - 2))
    assert selected(paged) == "defence before the winter comes"
    QTest.keyClick(view, Qt.Key.Key_3)
    assert [a.fragments for a in spans_of(paged)] == [((start, end),)]


def test_dragging_goes_on_over_pages(qtbot: QtBot, paged: MainWindow) -> None:
    view = view_of(paged)
    view.zoom_by(-9)
    settle(qtbot, paged)
    start, end = where(paged, "strongest")[0], where(paged, "On the second page")[1]
    drag(view, point_in(view, start + 1), point_in(view, end - 1))
    assert selected(paged).startswith("strongest") and selected(paged).endswith("second page")


def test_double_and_triple_clicks_select_word_and_sentence(paged: MainWindow) -> None:
    view = view_of(paged)
    point = point_in(view, where(paged, "condemned")[0] + 3)
    QTest.mouseClick(view.viewport(), LEFT, NONE, point, 900)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, point)
    assert selected(paged) == "condemned"
    QTest.mousePress(view.viewport(), LEFT, NONE, point)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, point)
    assert selected(paged).strip() == FIRST[2]


def test_shift_and_a_click_extend(paged: MainWindow) -> None:
    view = view_of(paged)
    paged.page.reading.set_caret(where(paged, "will provide")[0])
    click(view, where(paged, "defence")[0] + 3, SHIFT)
    assert selected(paged) == "will provide air defence"


def test_an_end_of_the_selected_span_can_be_dragged(paged: MainWindow) -> None:
    view, reading = view_of(paged), paged.page.reading
    start, end = where(paged, "ministers will")
    reading.select(start, end)
    QTest.keyClick(view, Qt.Key.Key_1)
    handle = view.handle_points(((start, end),))[0, 1].toPoint()
    wanted = where(paged, "provide air")[1]
    drag(view, handle, point_in(view, wanted - 1))
    assert spans_of(paged)[0].fragments == ((start, wanted),)


def test_the_space_between_two_words_of_a_span_is_part_of_it(paged: MainWindow) -> None:
    view = view_of(paged)
    start, end = where(paged, "ministers will")
    space = start + len("ministers")
    one, other = point_in(view, space - 1), point_in(view, space + 1)
    place = view.surface.sheet(0).words
    left, right = place.boxes(space - 1, space)[0].right, place.boxes(space + 1, space + 2)[0].left
    assert place.under((left + right) / 2, place.boxes(start, end)[0].top + 3) == space
    assert one.x() < other.x()


# -- the keyboard


def test_single_keys_do_what_they_do_in_the_text(paged: MainWindow) -> None:
    view, reading = view_of(paged), paged.page.reading
    reading.set_caret(where(paged, "condemned")[0])
    QTest.keyClick(view, Qt.Key.Key_1)
    [span] = spans_of(paged)
    assert "condemned the attack" in paged.page.document.quote(span)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert reading.selected_span() is None
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert reading.selected_span() is None or spans_of(paged)
    reading.choose_span(span.id)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert not spans_of(paged)
    reading.select(*where(paged, "ministers"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    popup = paged.findChild(LabelPopup)
    assert popup is not None
    assert popup.isVisible()


def test_the_caret_moves_by_the_lines_of_the_page(paged: MainWindow) -> None:
    view, reading = view_of(paged), paged.page.reading
    reading.set_caret(where(paged, "provide air")[0])
    above = view.surface.caret_rect(reading.caret())
    QTest.keyClick(view, Qt.Key.Key_Down)
    below = view.surface.caret_rect(reading.caret())
    assert above is not None and below is not None
    assert below.top() > above.bottom() - 2 and abs(below.left() - above.left()) < 12
    text_of_line = reading.page.text[slice(*view.surface.line_ends(reading.caret()))]
    assert text_of_line == FIRST[1]
    QTest.keyClick(view, Qt.Key.Key_Up)
    back = view.surface.caret_rect(reading.caret())
    assert back is not None and back.top() == above.top() and abs(back.left() - above.left()) < 12
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert "\n" not in selected(paged) and len(selected(paged)) > 30


def test_moving_down_leads_to_the_next_page_and_keeps_the_caret_in_sight(paged: MainWindow) -> None:
    view, reading = view_of(paged), paged.page.reading
    reading.set_caret(where(paged, "condemned")[0])
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert reading.page.text[slice(*view.surface.line_ends(reading.caret()))] == SECOND[0]
    rect = view.surface.caret_rect(reading.caret())
    assert rect is not None and 0 < rect.top() < view.viewport().height()
    for _ in range(9):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert reading.caret() == where(paged, THIRD[0])[1]


def test_pages_scroll_by_keys(paged: MainWindow) -> None:
    view = view_of(paged)
    view.go_to_page(1)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.stack.scrolled.y() == pytest.approx(0.9 * view.viewport().height(), abs=16)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() and view.current_page() == 3
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0


# -- in step with the text


def test_switching_keeps_the_place_and_the_selection(qtbot: QtBot, paged: MainWindow) -> None:
    view, reading = view_of(paged), paged.page.reading
    reading.select(*where(paged, "generators"))
    view.reveal(reading.caret())
    settle(qtbot, paged)
    scrolled = view.stack.scrolled.y()
    QTest.keyClick(view, Qt.Key.Key_P, CTRL | SHIFT)
    assert reading.isVisible() and reading.hasFocus() and selected(paged) == "generators"
    assert reading.text_rect(reading.caret() - 1) is not None
    QTest.keyClick(reading, Qt.Key.Key_P, CTRL | SHIFT)
    assert view.isVisible() and view.hasFocus() and view.stack.scrolled.y() == scrolled


def test_what_is_found_is_shown_on_the_page(paged: MainWindow) -> None:
    view = view_of(paged)
    paged.finding.find()
    paged.page.find_bar.field.setText("generators")
    assert selected(paged) == "generators" and view.current_page() == 3
    QTest.keyClick(paged.page.find_bar.field, Qt.Key.Key_Escape)
    assert view.hasFocus()


def test_the_place_is_that_of_the_pages(qtbot: QtBot, paged: MainWindow) -> None:
    view = view_of(paged)
    with qtbot.waitSignal(paged.desk.place_changed, timeout=5_000) as told:
        view.go_to_page(2)
    assert told.args is not None
    document, position = told.args
    assert document and position == where(paged, SECOND[0])[0]


def test_a_document_opens_at_the_page_where_it_was_left(qtbot: QtBot, paged: MainWindow) -> None:
    view, session = view_of(paged), paged.projects.session
    assert session is not None
    add_document(session)
    view.go_to_page(2)
    place = view.top_position()
    paged.desk.step_document(1)
    assert not paged.page.faces.has_pages
    paged.desk.step_document(-1)
    assert paged.page.faces.top_position() == place
    view.tell_place()
    settle(qtbot, paged)
    assert view.current_page() == 2 and view.top_position() == place


def test_the_pages_come_where_the_text_was_scrolled_to(
    qtbot: QtBot, project_path: Path, person: Person, new_window: Callable[..., MainWindow]
) -> None:
    contents = [
        lines(720, [f"Page {page} has line {line} of its own here." for line in range(40)]) for page in range(9)
    ]
    with Session(project_path, person) as session:
        document = add_pdf(session, pages_pdf(contents))
    window = new_window(project_path)
    reading, view = window.page.reading, view_of(window)
    place = where(window, "Page 6 has line 20")[0]
    window.desk.open_document(document.id, where(window, "Page 2")[0])
    reading.scroll_to_top_position(place)
    window.page.faces.choose(True)
    settle(qtbot, window)
    assert abs(view.top_position() - reading.top_position()) < 120 and view.current_page() == 7
    view.go_to_page(3)
    window.page.faces.choose(False)
    assert abs(reading.top_position() - where(window, "Page 2")[0]) < 120
    window.desk.open_document(document.id, place)
    window.page.faces.choose(True)
    assert view.current_page() == 7


# -- zoom, pages, thumbnails


def test_the_zoom_follows_keys_wheel_and_width(qtbot: QtBot, paged: MainWindow) -> None:
    view = view_of(paged)
    fitted = view.zoom
    assert view.stack.width == pytest.approx(view.viewport().width(), abs=1)
    QTest.keyClick(view, Qt.Key.Key_Equal, CTRL)
    assert view.zoom > fitted
    larger = view.zoom
    QTest.keyClick(view, Qt.Key.Key_Plus, CTRL)
    assert view.zoom > larger
    paged.parts.preferences.smaller_text()
    assert view.zoom == pytest.approx(larger)
    view.go_to_page(2)
    held = view.viewport().rect().center()
    before = view.stack.to_page(1, QPointF(held))
    point, turn = QPointF(held), QPoint(0, -240)
    place = view.viewport().mapToGlobal(point)
    phase = Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(
        view.viewport(), QWheelEvent(point, place, QPoint(), turn, Qt.MouseButton.NoButton, CTRL, phase, False)
    )
    after = view.stack.to_page(1, QPointF(held))
    assert view.zoom < fitted and abs(after.y() - before.y()) < 2
    QTest.keyClick(view, Qt.Key.Key_0, CTRL)
    assert view.zoom == fitted
    paged.resize(paged.width() + 120, paged.height())
    qtbot.waitUntil(lambda: view.zoom > fitted)
    assert view.stack.width == pytest.approx(view.viewport().width(), abs=1)


def test_an_old_picture_is_shown_until_the_sharper_one_comes(qtbot: QtBot, paged: MainWindow) -> None:
    view = view_of(paged)
    kept = view.pictures.image(0)
    assert kept is not None
    view.zoom_by(3)
    assert view.pictures.image(0) == kept
    qtbot.waitUntil(lambda: view.pictures.image(0) not in (None, kept), timeout=10_000)
    sharper = view.pictures.image(0)
    assert sharper is not None and sharper[0].width() > kept[0].width()


def test_the_number_of_the_page_can_be_typed(qtbot: QtBot, paged: MainWindow) -> None:
    view, bar = view_of(paged), paged.page.faces.bar
    assert (bar.page_field.text(), bar.count.text()) == ("1", "/ 3")
    QTest.keyClick(view, Qt.Key.Key_G, CTRL)
    assert bar.page_field.hasFocus()
    QTest.keyClicks(bar.page_field, "3")
    QTest.keyClick(bar.page_field, Qt.Key.Key_Return)
    assert view.current_page() == 3 and view.hasFocus() and bar.page_field.text() == "3"
    assert view.accessibleDescription() == "Page 3 of 3"


def test_thumbnails_mark_the_current_page_and_lead_to_others(qtbot: QtBot, paged: MainWindow) -> None:
    view, strip = view_of(paged), paged.page.faces.thumbnails
    QTest.keyClick(view, Qt.Key.Key_T, CTRL | SHIFT)
    settle(qtbot, paged)
    assert strip.isVisible() and strip.currentIndex().row() == 0
    drawn = strip.pictures.image(2)
    assert drawn is not None and max(drawn[0].width(), drawn[0].height()) <= 105
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Down)
    assert view.current_page() == 2
    view.go_to_page(3)
    assert strip.currentIndex().row() == 2


def test_closing_the_project_ends_the_child(paged: MainWindow) -> None:
    pictures = paged.desk._pictures
    assert pictures is not None and pictures._pictures.process_id is not None
    paged.projects.close_project()
    assert pictures._pictures.process_id is None and view_of(paged).page_count() == 0


def test_a_screenshot_shows_the_pages(
    qtbot: QtBot, with_pages: Document, project_path: Path, tmp_path: Path, person: Person
) -> None:
    out = tmp_path / "pages.png"
    take(project_path, out, person=person, view="page", theme="dark", size=(1024, 640))
    image = QImage(str(out))
    whites = sum(image.pixelColor(x, 400) == Qt.GlobalColor.white for x in range(0, 1024, 4))
    assert whites > 60


def test_a_screenshot_of_pages_needs_some(
    qtbot: QtBot, stored: Document, project_path: Path, tmp_path: Path, person: Person
) -> None:
    with pytest.raises(RefusedError, match="no pages to show"):
        take(project_path, tmp_path / "no.png", person=person, view="page", size=(1024, 640))


# -- the store of pictures


class Painter:
    """Makes pictures of 100 × 100 pixels when told."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, float]] = []
        self.futures: dict[int, Future[PagePicture]] = {}

    def draw(self, page: int, scale: float) -> Future[PagePicture]:
        self.asked.append((page, scale))
        self.futures[page] = Future()
        return self.futures[page]

    def finish(self, page: int) -> None:
        self.futures[page].set_result(PagePicture(100, 100, 400, bytes(40_000)))


@pytest.fixture
def store(qtbot: QtBot) -> Iterator[PictureStore]:
    made = PictureStore(100_000)
    yield made
    made.deleteLater()


def test_the_store_takes_back_what_is_not_wanted_any_more(qtbot: QtBot, store: PictureStore) -> None:
    painter = Painter()
    store.set_source(painter.draw)
    store.want({0: 1.0, 1: 1.0})
    assert painter.asked == [(2, 1.0), (1, 1.0)]
    store.want({1: 1.0, 2: 1.0})
    assert painter.futures[1].cancelled() and not painter.futures[2].cancelled()
    assert painter.asked == [(2, 1.0), (1, 1.0), (3, 1.0)]


def test_the_store_keeps_the_newest_pictures_and_all_that_are_wanted(qtbot: QtBot, store: PictureStore) -> None:
    painter = Painter()
    store.set_source(painter.draw)
    for page in range(4):
        store.want({page: 1.0})
        with qtbot.waitSignal(store.arrived):
            painter.finish(page + 1)
    assert [page for page in range(4) if store.image(page)] == [2, 3]
    assert store.kept_bytes <= 100_000
    store.want(dict.fromkeys(range(4), 1.0))
    for page in (0, 1):
        with qtbot.waitSignal(store.arrived):
            painter.finish(page + 1)
    assert all(store.image(page) for page in range(4))


def test_the_store_forgets_pictures_of_another_document(qtbot: QtBot, store: PictureStore) -> None:
    before, now = Painter(), Painter()
    store.set_source(before.draw)
    store.want({0: 1.0})
    before.futures[1].set_running_or_notify_cancel()
    store.set_source(now.draw)
    before.finish(1)
    QTest.qWait(20)
    assert store.image(0) is None and not store.is_waiting


def test_a_picture_at_another_scale_is_asked_for_anew(qtbot: QtBot, store: PictureStore) -> None:
    painter = Painter()
    store.set_source(painter.draw)
    store.want({0: 1.0})
    with qtbot.waitSignal(store.arrived):
        painter.finish(1)
    store.want({0: 1.0001})
    assert len(painter.asked) == 1
    store.want({0: 1.5})
    assert painter.asked[-1] == (1, 1.5) and store.image(0) is not None


def test_words_far_apart_are_no_line_to_point_between(qtbot: QtBot, paged: MainWindow) -> None:
    session = paged.projects.session
    assert session is not None
    document = add_pdf(session, pages_pdf([text(72, 700, "Left") + text(400, 700, "Right")]))
    paged.desk.open_document(document.id)
    settle(qtbot, paged)
    words = view_of(paged).surface.sheet(0).words
    [box] = words.boxes(*where(paged, "Left"))
    assert words.under(300, box.top + 3) is None and words.under(box.left + 1, box.top + 3) == 0


# -- relations


@pytest.fixture
def related(paged: MainWindow) -> tuple[Annotation, Annotation, Annotation]:
    """A condition with relations to a pledge on its page and to one on the third page, and the condition selected."""
    session = paged.projects.session
    document = paged.page.document.document
    assert session is not None and document is not None
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    words = (("condition", "the parliament approves"), ("pledge", "will provide air defence"), ("pledge", "holds one"))
    condition, pledge, far = (
        session.annotations.tag(document.id, labels[key], [where(paged, text)]) for key, text in words
    )
    for target in (pledge, far):
        session.relations.relate(condition.id, "conditions", target.id)
    paged.desk.select(condition.id)
    return condition, pledge, far


def test_relations_of_the_selected_span_stand_at_the_edge_of_the_paper(
    paged: MainWindow, related: tuple[Annotation, ...]
) -> None:
    view = view_of(paged)
    view.fit_page()
    drawn = view.viewport().grab().toImage()
    paged.relating.toggle_shown()
    plain = view.viewport().grab().toImage()
    columns = [x for x in range(drawn.width()) for y in range(drawn.height()) if drawn.pixel(x, y) != plain.pixel(x, y)]
    paper = view.stack.rect(0)
    [box] = view.surface.sheet(0).words.boxes(related[1].start, related[1].end)
    outline = view.stack.to_view(0, box).adjusted(-5, -5, 5, 5)
    assert columns
    assert all(outline.left() < x < outline.right() or paper.right() - 40 < x < paper.right() for x in columns)
    assert any(x > paper.right() - 40 for x in columns)


def test_a_span_is_related_on_the_pages(paged: MainWindow, related: tuple[Annotation, ...]) -> None:
    condition, pledge, _ = related
    view, session = view_of(paged), paged.projects.session
    assert session is not None
    paged.desk.select(pledge.id)
    QTest.keyClick(view, Qt.Key.Key_R)
    click(view, condition.start + 6)
    assert paged.page.document.selected_span == pledge
    QTest.keyClick(paged.page.relate_strip, Qt.Key.Key_1)
    relations = session.queries.content(condition.document).relations
    assert len(relations) == 3
    assert (pledge.id, condition.id) in {(relation.source, relation.target) for relation in relations}
    assert view.hasFocus()


def test_following_brings_the_page_of_the_other_end(paged: MainWindow, related: tuple[Annotation, ...]) -> None:
    view = view_of(paged)
    QTest.keyClick(view, Qt.Key.Key_F)
    assert paged.page.document.selected_span == related[1]
    QTest.keyClick(view, Qt.Key.Key_F)
    QTest.keyClick(view, Qt.Key.Key_F)
    assert paged.page.document.selected_span == related[2]
    assert 2 in view.stack.in_sight()
    view.viewport().grab()


def test_a_paragraph_that_is_read_has_a_check_mark_beside_its_first_words(paged: MainWindow) -> None:
    view, session, document = paged.page.faces.page_view, paged.projects.session, paged.page.document.document
    assert session is not None and document is not None

    def marked() -> int:
        view.scroll_to(0, 0)
        first = view.surface.caret_rect(0)
        assert first is not None
        picture = view.viewport().grab().toImage()
        columns = range(round(first.left()) - 15, round(first.left()) - 4)
        rows = range(round(first.top()), round(first.bottom()))
        return sum(picture.pixelColor(x, y).lightness() < 200 for x in columns for y in rows)

    paged.page.reading.set_caret(0)
    assert marked() == 0
    QTest.keyClick(view, Qt.Key.Key_X)
    ((start, end),) = session.queries.read_ranges(document.id)
    assert (start, paged.page.reading.caret() > end - 1) == (0, True)
    assert marked() > 4
    paged.travelling.undo()
    assert marked() == 0
