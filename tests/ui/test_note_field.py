"""Notes in fields: shown with their Markdown and never as markup, written as plain text, names completed after @."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFont, QPalette, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.note_text import note_blocks
from annotator.ui.note_document import fill_note
from annotator.ui.panels.note_field import NoteField, NoteView, names_going_on

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]

PEOPLE = ["Ann", "Ann Lee", "Olena K.", "Zoë"]
ISOLATES = str.maketrans("", "", "\u2068\u2069")


class Fields(QWidget):
    """A note field and another one to go to."""

    def __init__(self) -> None:
        super().__init__()
        self.note = NoteField(self)
        self.note.set_people(PEOPLE)
        self.other = QLineEdit(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.note)
        layout.addWidget(self.other)
        layout.addStretch(1)
        self.resize(300, 400)
        self.committed: list[str] = []
        self.note.committed.connect(self.committed.append)

    @property
    def text(self) -> str:
        return self.note.edit.toPlainText()


@pytest.fixture
def fields(qtbot: QtBot) -> Iterator[Fields]:
    window = Fields()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.other.setFocus()
    qtbot.waitUntil(window.other.hasFocus)
    yield window


def shown(body: str) -> QTextDocument:
    document = QTextDocument()
    fill_note(document, note_blocks(body, PEOPLE), QPalette())
    return document


def pieces(document: QTextDocument) -> list[tuple[str, QFont]]:
    """Return the runs of a document with their fonts."""
    found = []
    block = document.begin()
    while block.isValid():
        fragments = [piece.fragment() for piece in cast(Iterable[Any], block)]
        found += [(piece.text().translate(ISOLATES), piece.charFormat().font()) for piece in fragments]
        block = block.next()
    return found


def test_a_note_has_its_formats() -> None:
    fonts = dict(pieces(shown("plain **bold** *leaning* ~~struck~~ `code` @Ann Lee\n\n# Head\n- item")))
    assert fonts["bold"].bold()
    assert not fonts["plain "].bold()
    assert fonts["leaning"].italic()
    assert fonts["struck"].strikeOut()
    assert fonts["code"].fixedPitch()
    assert fonts["@Ann Lee"].weight() == QFont.Weight.DemiBold
    assert fonts["Head"].bold()
    assert "•\t" in fonts


HOSTILE = (
    "<b>x</b> <img src='file:///etc/passwd'> ![p](file:///etc/passwd) <script>1</script> &lt; \ufffc \u2029 "
    "<a href='x'>"
)


def test_nothing_in_a_note_is_markup_for_qt(qtbot: QtBot) -> None:
    view = NoteView()
    qtbot.addWidget(view)
    view.show_note(HOSTILE)
    text = view.toPlainText()
    assert "<b>x</b> <img src='file:///etc/passwd'> p (file:///etc/passwd)" in text
    assert "&lt;" in text
    markup = view.document().toHtml()
    assert "<img" not in markup
    assert "<a " not in markup
    for name in ("file:///etc/passwd", "http://example.org/x.png"):
        assert view.loadResource(int(QTextDocument.ResourceType.ImageResource), QUrl(name)) is None


def test_text_from_the_right_is_indented_at_the_right() -> None:
    document = shown("- ملاحظة\n- note")
    first, second = document.begin(), document.begin().next()
    assert (first.blockFormat().rightMargin() > 0, first.blockFormat().leftMargin()) == (True, 0)
    assert (second.blockFormat().rightMargin(), second.blockFormat().leftMargin() > 0) == (0, True)


def test_a_note_is_shown_until_somebody_writes(fields: Fields) -> None:
    fields.note.set_stored("some *words*")
    assert fields.note.view.isVisible()
    assert not fields.note.edit.isVisible()
    assert fields.note.view.toPlainText() == "some words"
    QTest.mouseClick(fields.note.view.viewport(), Qt.MouseButton.LeftButton)
    assert fields.note.edit.hasFocus()
    assert fields.text == "some *words*"
    QTest.keyClicks(fields.note.edit, " more")
    fields.other.setFocus()
    assert fields.committed == ["some *words* more"]
    fields.note.set_stored("some *words* more")
    assert fields.note.view.isVisible()
    assert fields.note.view.toPlainText() == "some words more"


def test_enter_writes_and_an_empty_note_is_written_at_once(fields: Fields) -> None:
    assert fields.note.edit.isVisible()
    fields.note.set_stored("x")
    fields.note.view.setFocus()
    QTest.keyClick(fields.note.view, Qt.Key.Key_Return)
    assert fields.note.edit.hasFocus()
    fields.note.edit.clear()
    fields.other.setFocus()
    assert fields.committed == [""]
    fields.note.set_stored("")
    assert fields.note.edit.isVisible()


def test_what_is_typed_stays_when_the_note_changes_meanwhile(fields: Fields) -> None:
    fields.note.set_stored("old")
    fields.note.start()
    QTest.keyClicks(fields.note.edit, "er")
    fields.note.set_stored("from elsewhere")
    assert fields.note.edit.isVisible()
    assert fields.text == "older"


def test_a_note_that_cannot_be_written_is_only_shown(fields: Fields) -> None:
    fields.note.set_stored("x")
    fields.note.set_writable(False)
    fields.note.start()
    assert fields.note.view.hasFocus()
    assert not fields.note.edit.isVisible()


def test_a_name_is_offered_and_completed(fields: Fields) -> None:
    edit = fields.note.edit
    edit.setFocus()
    edit.insertPlainText("🙂 see ")
    QTest.keyClicks(edit, "@")
    assert edit.offered == PEOPLE
    QTest.keyClicks(edit, "an")
    assert edit.offered == ["Ann", "Ann Lee"]
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert fields.text == "🙂 see @Ann Lee "
    assert edit.offered == []
    QTest.keyClicks(edit, "@")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert fields.text == "🙂 see @Ann Lee @Ann "
    assert edit.hasFocus()


def test_escape_and_leaving_take_the_names_away(fields: Fields) -> None:
    edit = fields.note.edit
    edit.setFocus()
    QTest.keyClicks(edit, "@a")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.offered == []
    assert fields.text == "@a"
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.offered == PEOPLE
    fields.other.setFocus()
    assert edit.offered == []
    assert fields.committed == ["@"]


def test_an_address_of_mail_offers_nobody(fields: Fields) -> None:
    fields.note.edit.setFocus()
    QTest.keyClicks(fields.note.edit, "x@")
    assert fields.note.edit.offered == []


def test_a_click_on_a_name_completes_it(fields: Fields) -> None:
    edit = fields.note.edit
    edit.setFocus()
    QTest.keyClicks(edit, "@ol")
    popup = edit._popup
    assert popup is not None
    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=popup.visualItemRect(popup.item(0)).center())
    assert fields.text == "@Olena K. "


def test_which_names_go_on() -> None:
    assert names_going_on("", PEOPLE) == PEOPLE
    assert names_going_on("k", PEOPLE) == ["Olena K."]
    assert names_going_on("ANN", PEOPLE) == ["Ann Lee"]
    assert names_going_on("ann ", PEOPLE) == ["Ann Lee"]
    assert names_going_on("ann says", PEOPLE) == []
    assert names_going_on("ZO", PEOPLE) == ["Zoë"]
