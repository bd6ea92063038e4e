"""The corpus page in a driven window: the table, what narrows it, what changes what is selected, files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from annotator.core.corpus_query import CorpusFilter, CorpusOrder
from annotator.core.records import Annotation, Annotator, Document
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.ui.corpus_page import CorpusPage
from annotator.ui.main_window import MainWindow
from annotator.ui.models.corpus_model import CorpusModel
from annotator.ui.models.corpus_words import day
from tests.support import add_document

TEXT = "We will send grain. If the port opens we will send more. They broke the treaty again."
OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


@pytest.fixture
def tagged(stored: Document, project_path: Path, person: Person) -> list[str]:
    """Annotations in three documents, of which the first is `stored`; their ids in the order of the table."""
    with Session(project_path, person) as session:
        keys = {label.key: label.id for label in session.queries.codebook().labels}
        session.annotations.tag(stored.id, keys["pledge"], [(18, 45)], {"speaker": "The alliance", "target": "Ukraine"})
        for number in range(2):
            document = add_document(session, f"{TEXT} {number}", f"Paper {number}")
            session.annotations.tag(document.id, keys["pledge"], [(0, 18)], {"speaker": "The alliance"})
            session.annotations.tag(document.id, keys["condition"], [(20, 37)])
            session.annotations.tag(document.id, keys["criticism"], [(57, 84)])
        return [row.id for row in session.corpus.view().all_rows()]


@pytest.fixture
def page(tagged: list[str], window: MainWindow, qtbot: QtBot) -> CorpusPage:
    """The page in a window, with everything on it."""
    window.resize(1300, 800)
    window.actions_table["corpus_page"].trigger()
    page = window.parts.project_pages.page("corpus")
    assert isinstance(page, CorpusPage)
    settle(page, qtbot)
    return page


def settle(page: CorpusPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.is_busy, timeout=10_000)


def shown(page: CorpusPage) -> list[str]:
    return [row.id for row in page.table.entries.rows]


def committed(page: CorpusPage) -> dict[str, Annotation]:
    assert page.session is not None
    return {row.id: page.session.queries.annotation(row.id) for row in page.session.corpus.view().all_rows()}


def label_names(page: CorpusPage) -> list[str]:
    entries = page.table.entries
    return [entries.text(row, "label") for row in entries.rows]


def click_mark(page: CorpusPage, name: str, qtbot: QtBot) -> None:
    page.figures.chart.grab()
    mark = next(mark for mark in page.figures.chart.marks() if mark.name == name)
    qtbot.mouseClick(page.figures.chart, Qt.MouseButton.LeftButton, pos=QPointF(mark.place.center()).toPoint())
    settle(page, qtbot)


def steps(page: CorpusPage) -> int:
    assert page.session is not None
    return len(page.session.reading.journal.steps(limit=10_000))


def test_all_annotations_are_there_in_order(page: CorpusPage, tagged: list[str]) -> None:
    assert shown(page) == tagged
    assert page.count_label.text() == "7 spans"
    assert page.table.entries.data(page.table.entries.index(0, 2)) == "We will provide air defence"


def test_clicking_a_bar_filters_and_the_chip_takes_it_back(page: CorpusPage, qtbot: QtBot, tagged: list[str]) -> None:
    click_mark(page, "Condition", qtbot)
    assert label_names(page) == ["Condition"] * 2
    assert [words for _, _, words in page.narrowing.chips.chips] == ["Condition"]
    assert page.count_label.text() == "2 spans"
    chip = page.narrowing.chips.flow.itemAt(0)
    assert chip is not None
    qtbot.mouseClick(chip.widget(), Qt.MouseButton.LeftButton)
    settle(page, qtbot)
    assert shown(page) == tagged and not page.narrowing.chips.isVisible()


def test_clicking_a_cell_of_the_matrix_filters(page: CorpusPage, qtbot: QtBot) -> None:
    page.figures.choose("pairs")
    settle(page, qtbot)
    click_mark(page, "The alliance × Ukraine", qtbot)
    assert len(shown(page)) == 1
    assert [words for _, _, words in page.narrowing.chips.chips] == ["Speaker: The alliance", "Target: Ukraine"]


def test_a_chart_works_without_a_mouse(page: CorpusPage, qtbot: QtBot) -> None:
    chart = page.figures.chart
    chart.grab()
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription() == "Pledge: 3"
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    settle(page, qtbot)
    assert label_names(page) == ["Pledge"] * 3


def test_relabelling_many_is_one_step_and_undo_stays_here(
    page: CorpusPage, window: MainWindow, qtbot: QtBot, tagged: list[str]
) -> None:
    before, known = committed(page), steps(page)
    page.table.select_ids(tagged[1:5])
    qtbot.keyClick(page.table, Qt.Key.Key_4)
    fourth = next(label.id for label in page.choices.labels if label.digit == 4) if page.choices else ""
    assert steps(page) == known + 1
    assert [a.label == fourth for a in committed(page).values()] == [False, True, True, True, True, False, False]
    assert label_names(page)[1:5] == ["Signal to Russia"] * 4
    assert [row.id for row in page.table.selected_rows()] == tagged[1:5]
    window.actions_table["undo"].trigger()
    assert committed(page) == before
    assert window.parts.project_pages.current == "corpus"
    assert label_names(page)[1:4] == ["Pledge", "Condition", "Criticism"]


def test_what_no_longer_fits_the_filter_leaves_and_comes_back(
    page: CorpusPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert page.choices is not None
    pledge = page.choices.labels[0].id
    page.set_filter(CorpusFilter(labels=(pledge,)))
    settle(page, qtbot)
    ids = shown(page)
    page.table.select_ids(ids[1:2])
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    assert shown(page) == [ids[0], ids[2]]
    settle(page, qtbot)
    assert page.count_label.text() == "2 spans"
    window.actions_table["undo"].trigger()
    assert shown(page) == ids


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["document", "label", "tagged"])
def test_what_is_tagged_elsewhere_comes_to_its_place(
    page: CorpusPage, qtbot: QtBot, stored: Document, sort: str, descending: bool
) -> None:
    page.reading.sort(CorpusOrder(sort, descending))
    settle(page, qtbot)
    assert page.session is not None and page.choices is not None
    page.session.annotations.tag(stored.id, page.choices.labels[1].id, [(0, 6)])
    assert shown(page) == [row.id for row in page.session.corpus.view(None, page.reading.order).all_rows()]
    page.session.annotations.relabel(shown(page)[0], page.choices.labels[2].id)
    assert shown(page) == [row.id for row in page.session.corpus.view(None, page.reading.order).all_rows()]
    page.session.annotations.delete([shown(page)[3]])
    assert shown(page) == [row.id for row in page.session.corpus.view(None, page.reading.order).all_rows()]
    settle(page, qtbot)


def test_what_changes_out_of_sight_is_there_afterwards(page: CorpusPage, window: MainWindow, qtbot: QtBot) -> None:
    window.actions_table["annotate_page"].trigger()
    assert page.session is not None
    page.session.annotations.delete([shown(page)[0]])
    assert len(shown(page)) == 7
    window.actions_table["corpus_page"].trigger()
    assert len(shown(page)) == 6
    settle(page, qtbot)


def test_deleting_and_a_note_on_each_are_one_step_each(page: CorpusPage, qtbot: QtBot, tagged: list[str]) -> None:
    from annotator.ui.dialogs.corpus_note import CorpusNoteDialog

    assert page.session is not None
    page.table.select_ids(tagged[:3])
    known = steps(page)
    qtbot.keyClick(page.table, Qt.Key.Key_N)
    dialog = page.findChild(CorpusNoteDialog)
    assert dialog is not None and not dialog.main_button.isEnabled()
    dialog.field.setPlainText("Look again")
    dialog.accept()
    assert steps(page) == known + 1
    assert [len(page.session.queries.notes_on(one)) for one in tagged] == [1, 1, 1, 0, 0, 0, 0]
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert steps(page) == known + 2
    assert shown(page) == tagged[3:]
    page.session.history.undo()
    assert shown(page) == tagged
    settle(page, qtbot)


def test_returning_documents(page: CorpusPage, qtbot: QtBot, tagged: list[str], stored: Document) -> None:
    from annotator.ui.dialogs.corpus_note import CorpusNoteDialog

    assert page.session is not None
    page.table.select_ids(tagged[:2])
    known = steps(page)
    page.changing.give_back()
    dialog = page.findChild(CorpusNoteDialog)
    assert dialog is not None
    dialog.accept()
    assert steps(page) == known + 1
    rows = page.session.queries.documents()
    assert [row.status for row in rows] == ["returned", "returned", "in_progress"]
    settle(page, qtbot)


def test_enter_opens_the_span_in_its_document(
    page: CorpusPage, window: MainWindow, qtbot: QtBot, tagged: list[str]
) -> None:
    page.table.setCurrentIndex(page.table.entries.index(4, 0))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert window.parts.project_pages.current == "annotate"
    selected = window.page.document.selected_span
    assert selected is not None and selected.id == tagged[4]


def test_today_words_and_the_menu_narrow(page: CorpusPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.narrowing.yesterday_button, Qt.MouseButton.LeftButton)
    settle(page, qtbot)
    assert not shown(page) and page.nothing.isVisible() and not page.table.isVisible()
    qtbot.mouseClick(page.narrowing.today_button, Qt.MouseButton.LeftButton)
    settle(page, qtbot)
    assert len(shown(page)) == 7 and (page.filter.tagged_from, page.filter.tagged_to) == day(0)
    qtbot.keyClicks(page.narrowing.words, "treaty")
    settle(page, qtbot)
    assert label_names(page) == ["Criticism"] * 2
    qtbot.mouseClick(page.narrowing.chips, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    page.narrowing.widen("", None)
    settle(page, qtbot)
    assert len(shown(page)) == 7 and page.narrowing.words.text() == ""
    labels = page.narrowing.button.open_menu().actions()[0].menu()
    labels.actions()[1].trigger()  # type: ignore[attr-defined]
    settle(page, qtbot)
    assert label_names(page) == ["Condition"] * 2


def test_headers_sort_and_texts_sort_what_is_loaded(page: CorpusPage, qtbot: QtBot) -> None:
    header = page.table.horizontalHeader()

    def click(column: str) -> None:
        section = page.table.entries.columns.index(column)
        where = QPoint(header.sectionViewportPosition(section) + 20, 8)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
        settle(page, qtbot)

    click("label")
    assert label_names(page) == ["Pledge"] * 3 + ["Condition"] * 2 + ["Criticism"] * 2
    click("label")
    assert label_names(page)[:2] == ["Criticism"] * 2 and page.reading.order == CorpusOrder("label", True)
    click("span")
    spans = [row.span.casefold().split() for row in page.table.entries.rows]
    assert spans in (sorted(spans), sorted(spans, reverse=True)) and len(spans) == 7


def test_columns_and_widths_are_remembered(page: CorpusPage, window: MainWindow, qtbot: QtBot) -> None:
    menu = page.table.columns_menu(page)
    next(action for action in menu.actions() if action.data() == "attribute:speaker").trigger()
    page.table.setColumnWidth(0, 222)
    settle(page, qtbot)
    qtbot.waitUntil(lambda: page.table.entries.data(page.table.entries.index(0, 6)) == "The alliance")
    other = CorpusPage(page.tools, page.theme)
    qtbot.addWidget(other)
    other.set_session(page.session)
    other.enter()
    assert other.table.entries.columns == page.table.entries.columns
    assert other.table.columnWidth(0) == 222
    qtbot.waitUntil(lambda: not other.is_busy and not window.tasks.running)


def test_every_row_of_the_filter_goes_into_the_file(page: CorpusPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.set_filter(CorpusFilter(words="send"))
    settle(page, qtbot)
    for kind in ("csv", "xlsx"):
        page.exporting.write_table(tmp_path / f"out.{kind}", kind)
    qtbot.waitUntil(lambda: not page.tools.tasks.running)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Span"] for row in rows] == ["We will send grain"] * 2
    assert rows[0]["Speaker"] == "The alliance" and rows[0]["Annotation"] == shown(page)[0]
    assert (tmp_path / "out.xlsx").read_bytes()[:2] == b"PK"
    assert len(list(tmp_path.glob("out.*"))) == 2


def test_charts_are_pictures(page: CorpusPage, qtbot: QtBot, tmp_path: Path) -> None:
    for kind in ("label", "document", "date"):
        page.figures.choose("bars", kind)
        settle(page, qtbot)
        page.exporting.write_chart(tmp_path / f"{kind}.png")
        page.exporting.write_chart(tmp_path / f"{kind}.svg")
        assert QImage(str(tmp_path / f"{kind}.png")).width() > 600
        assert "<svg" in (tmp_path / f"{kind}.svg").read_text(encoding="utf-8")
    assert "Pledge" in (tmp_path / "label.svg").read_text(encoding="utf-8")
    page.exporting.write_chart(tmp_path / "no" / "label.svg")
    assert "cannot be written" in page.tools.messages.text


def test_figures_of_people_only_where_the_project_allows_them(page: CorpusPage, qtbot: QtBot) -> None:
    def kinds() -> Iterator[str]:
        return (page.figures.kind.itemText(n) for n in range(page.figures.kind.count()))

    assert page.session is not None
    assert "Annotators" not in kinds()
    page.session.options.set("person_figures", True)
    settle(page, qtbot)
    assert "Annotators" in kinds()


def test_an_analyst_sees_their_own(
    tagged: list[str], project_path: Path, new_window: Callable[..., MainWindow], settings, qtbot: QtBot
) -> None:
    from annotator.settings import Settings

    with Session(project_path, OTHER) as session:
        document = session.queries.documents()[0].document.id
        session.annotations.tag(document, session.queries.codebook().labels[0].id, [(0, 6)])
        assert session.reading.rows.get(Annotator, OTHER.id) is not None
    with Session(project_path, Person(settings.annotator_id, settings.annotator_name)) as lead:
        lead.annotators.set_role(OTHER.id, "analyst")
    window = new_window(project_path, Settings(annotator_id=OTHER.id, annotator_name=OTHER.name, theme="light"))
    window.actions_table["corpus_page"].trigger()
    page = window.parts.project_pages.page("corpus")
    assert isinstance(page, CorpusPage)
    settle(page, qtbot)
    assert [row.annotator for row in page.table.entries.rows] == [OTHER.id]
    assert page.count_label.text() == "1 span"


def test_a_row_from_right_to_left_reads_on_across_its_cells() -> None:
    from annotator.core.corpus_row import CorpusRow

    def row(before: str, span: str, after: str) -> CorpusRow:
        facts = ("", "", "", "", "", "", "", "", "", "", "", "", 0, 1, "", "", ())
        return CorpusRow(*facts, text_before=before, text=span, text_after=after)

    model = CorpusModel()
    assert [model.text(row("a", "b", "c"), name) for name in ("left", "span", "right")] == ["a", "b", "c"]
    hebrew = row("לפני", "אנו נספק", "אחרי")
    assert [model.text(hebrew, name) for name in ("left", "span", "right")] == ["אחרי", "אנו נספק", "לפני"]


def test_pages_are_loaded_as_one_scrolls(page: CorpusPage, stored: Document, qtbot: QtBot) -> None:
    assert page.session is not None and page.choices is not None
    label = page.choices.labels[0].id
    text = page.session.reading.blobs.text(stored.text)
    places = [
        (stored.id, start, end) for start in range(0, 100) for end in range(start + 1, min(start + 12, len(text)))
    ]
    made = page.session.annotations.tag_all(label, places).made
    settle(page, qtbot)
    assert made > 600 and len(shown(page)) == 200
    assert page.reading.count == made + 7
    page.reading.sort_by_text("span", descending=False)
    settle(page, qtbot)
    spans = [row.span.casefold().split() for row in page.table.entries.rows]
    assert len(spans) == made + 7 and spans == sorted(spans)
    page.reading.sort(CorpusOrder())
    settle(page, qtbot)
    assert len(shown(page)) == 200
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settle(page, qtbot)
    known, other = steps(page), page.choices.labels[3].id
    page.changing.relabel(other)
    qtbot.waitUntil(lambda: not page.tools.tasks.running and not page.is_busy, timeout=20_000)
    assert steps(page) == known + 1
    assert {a.label for a in committed(page).values()} == {other}
    page.reading.sort(CorpusOrder("tagged"))
    settle(page, qtbot)
    while not page.table.entries.complete:
        page.table.scrollToBottom()
        qtbot.wait(20)
        settle(page, qtbot)
    assert shown(page) == [row.id for row in page.session.corpus.view(None, page.reading.order).all_rows()]
