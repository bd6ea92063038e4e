"""What assistive technology is told of the reading view."""

from PySide6.QtGui import QAccessible

from annotator.core.spans import SpanMark
from annotator.core.structure import Structure
from annotator.ui.views.reading_accessible import ReadingText
from tests.ui.reading_support import make_view

TEXT = "a\U0001f4e3b and more words here\nsecond"


def _interface(view):
    return QAccessible.queryAccessibleInterface(view)


def test_the_view_has_a_name_a_role_and_the_labels_at_the_caret(qtbot):
    view = make_view(qtbot, TEXT, title="Summit")
    view.set_spans([SpanMark("a", ((0, 10),), "pledge"), SpanMark("b", ((2, 5),), "signal")])
    interface = _interface(view)
    assert interface.role() == QAccessible.Role.EditableText
    assert interface.text(QAccessible.Text.Name) == "Text of the document"
    assert interface.text(QAccessible.Text.Description) == "Summit"
    view.set_caret(3)
    assert interface.text(QAccessible.Text.Value) == "Signal, Pledge"
    attributes = interface.attributesInterface()
    assert attributes.attributeValue(QAccessible.Attribute.Custom) == {"labels": "Signal, Pledge", "read": ""}


def test_text_and_caret_count_utf16_units(qtbot):
    view = make_view(qtbot, TEXT)
    text = _interface(view).textInterface()
    assert isinstance(text, ReadingText)
    assert text.characterCount() == len(TEXT) + 1
    assert text.text(0, 4) == "a\U0001f4e3b"
    view.set_caret(2)
    assert text.cursorPosition() == 3
    text.setCursorPosition(4)
    assert view.caret() == 3
    text.setSelection(0, 1, 4)
    assert view.selection() == (1, 3)
    text.removeSelection(0)
    assert view.selection() is None


def test_places_on_the_screen(qtbot):
    view = make_view(qtbot, TEXT)
    text = _interface(view).textInterface()
    rect = text.characterRect(6)
    assert rect.width() > 2
    assert text.offsetAtPoint(rect.center()) == 6
    assert text.offsetAtPoint(view.mapToGlobal(view.rect().bottomRight())) == -1


def test_another_document_is_another_text(qtbot):
    view = make_view(qtbot, TEXT)
    text = _interface(view).textInterface()
    view.set_document("new", Structure(), "", "")
    assert text.text(0, 10) == "new"
    assert text.characterCount() == 3


def test_moving_the_caret_is_announced_without_harm(qtbot):
    QAccessible.setActive(True)
    try:
        view = make_view(qtbot, TEXT)
        view.select(1, 4)
        view.set_caret(5)
        assert _interface(view).textInterface().cursorPosition() == 6
    finally:
        QAccessible.setActive(False)
