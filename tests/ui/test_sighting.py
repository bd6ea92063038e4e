"""Labels and layers hidden and shown: the text, the selection and what is tagged later follow."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, Qt

from annotator.core.records import Document
from annotator.core.sight import Sight
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.sight_button import SightButton
from tests.support import TEXT
from tests.ui.conftest import range_of
from tests.ui.reading_support import press

PLEDGE = range_of("We will provide air defence", TEXT)
CONDITION = range_of("if the council agrees", TEXT)


def tag(window: MainWindow, place: tuple[int, int], key: Qt.Key) -> str:
    window.page.reading.select(*place)
    press(window.page.reading, key)
    span = window.page.document.selected_span
    assert span is not None
    return span.id


def drawn(window: MainWindow) -> set[str]:
    return {mark.id for mark in window.page.reading.page.spans}


def label(window: MainWindow, key: str) -> str:
    assert window.page.document.codebook is not None
    return window.page.document.codebook.label_by_key(key).id


def test_a_hidden_label_is_neither_drawn_nor_selected_until_it_is_used(window: MainWindow) -> None:
    pledge = tag(window, PLEDGE, Qt.Key.Key_1)
    condition = tag(window, CONDITION, Qt.Key.Key_2)
    window.sighting.look(Sight().with_label(label(window, "condition"), shown=False))
    assert drawn(window) == {pledge}
    assert window.page.document.selected_span is None
    assert "1" in window.page.label_bar.sight.text()
    again = tag(window, range_of("Any further attack", TEXT), Qt.Key.Key_2)
    assert drawn(window) == {pledge, condition, again}
    assert not window.page.document.sight


def test_undo_does_not_draw_what_is_hidden(window: MainWindow) -> None:
    pledge = tag(window, PLEDGE, Qt.Key.Key_1)
    press(window.page.reading, Qt.Key.Key_Delete)
    window.sighting.look(Sight().with_label(label(window, "pledge"), shown=False))
    window.travelling.undo()
    assert drawn(window) == set()
    window.sighting.show_everything()
    assert drawn(window) == {pledge}


def test_layers_of_others_are_named_and_hidden(
    stored: Document, project_path: Path, new_window, person: Person
) -> None:
    other = Person("22222222-2222-4222-8222-222222222222", "Аналітик Б")
    with Session(project_path, other) as session:
        codebook = session.queries.codebook()
        theirs = session.annotations.tag(stored.id, codebook.labels[0].id, [PLEDGE])
    window: MainWindow = new_window(project_path)
    own = tag(window, CONDITION, Qt.Key.Key_2)
    window.desk.open_document(stored.id)
    button = window.findChild(SightButton)
    assert button is not None
    names = {name for _, name in window.sighting._layers()}
    assert names == {"Аналітик Б", f"{person.name} (you)"}
    window.sighting.look(Sight().with_layer(theirs.layer, shown=False))
    assert drawn(window) == {own}


def test_a_tool_tip_tells_label_author_and_note(window: MainWindow, person: Person) -> None:
    span = tag(window, PLEDGE, Qt.Key.Key_1)
    window.tagging.set_note(span, "Check the date")
    reading = window.page.reading
    rect = reading.page.character_rect(PLEDGE[0] + 3)
    assert rect is not None
    assert reading.tip_at(rect.center()).split("\n") == [f"Pledge · {person.name}", "Check the date"]
    assert reading.tip_at(QPointF(rect.center().x(), -5000)) == ""


def test_the_menu_shows_by_each_dot_whether_a_label_is_shown(window: MainWindow) -> None:
    pledge = label(window, "pledge")
    button = window.page.label_bar.sight
    button._fill()
    action = next(action for action in button._menu.actions() if action.data() == ("label", pledge))
    shown = action.icon().pixmap(16, 16).toImage()
    window.sighting.look(Sight().with_label(pledge, shown=False))
    assert not action.isChecked()
    hidden = action.icon().pixmap(16, 16).toImage()
    assert shown.pixelColor(8, 3).alpha() > 200
    assert hidden.pixelColor(8, 8).alpha() == 0
    colour = window.page.document.codebook.label_by_key("pledge").light  # type: ignore[union-attr]
    assert shown.pixelColor(8, 4).name() == colour
