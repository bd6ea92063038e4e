"""Labels beside the selected text, and a label that stays on: asserted on what is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.records import Annotation
from annotator.formats.codebooks import default_codebook
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.label_popup import LabelPopup
from tests.support import TEXT
from tests.ui.conftest import range_of
from tests.ui.reading_support import before, click, drag, press

Read = Callable[[], list[Annotation]]
LABELS = default_codebook().labels
PLEDGE = range_of("We will provide air defence", TEXT)
CRITICISM = range_of("The alliance condemns", TEXT)


@pytest.fixture
def popup(qtbot: QtBot) -> LabelPopup:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(500, 400)
    host.show()
    host.activateWindow()
    return LabelPopup(host)


def heard(popup: LabelPopup) -> list[str]:
    chosen: list[str] = []
    popup.chosen.connect(chosen.append)
    return chosen


def test_a_digit_chooses_at_once(popup: LabelPopup) -> None:
    chosen = heard(popup)
    popup.open_at(QRect(10, 10, 1, 20), LABELS)
    QTest.keyClick(popup.choices.filter, Qt.Key.Key_3)
    assert chosen == [next(label.id for label in LABELS if label.digit == 3)]
    assert not popup.isVisible()


def test_the_popup_leaves_the_selected_words_in_sight(popup: LabelPopup) -> None:
    labels = [replace(LABELS[0], id=str(number)) for number in range(12)]
    for top in (150, 250):
        place = QRect(10, top, 1, 20)
        popup.open_at(place, labels)
        assert not popup.geometry().intersects(place)


def test_typing_and_enter_choose(popup: LabelPopup) -> None:
    chosen = heard(popup)
    popup.open_at(QRect(10, 10, 1, 20), LABELS)
    QTest.keyClicks(popup.choices.filter, "russ")
    QTest.keyClick(popup.choices.filter, Qt.Key.Key_Return)
    assert chosen == [next(label.id for label in LABELS if label.key == "signal_to_russia")]


def test_a_retired_label_is_not_offered_and_esc_chooses_nothing(popup: LabelPopup) -> None:
    chosen = heard(popup)
    first, *rest = LABELS
    popup.open_at(QRect(10, 10, 1, 20), [replace(first, retired=True), *rest])
    assert popup.choices.visible_keys() == [label.id for label in rest]
    QTest.keyClick(popup.choices.filter, Qt.Key.Key_Escape)
    assert (chosen, popup.isVisible()) == ([], False)


@pytest.mark.parametrize("place", [QRect(480, 20, 1, 20), QRect(20, 380, 1, 20), QRect(-40, -40, 1, 20)])
def test_it_stays_within_its_parent(popup: LabelPopup, place: QRect) -> None:
    popup.open_at(place, LABELS)
    assert popup.parentWidget().rect().contains(popup.geometry())  # type: ignore[union-attr]
    assert not popup.geometry().intersects(place.intersected(QRect(0, 0, 500, 400)))


def test_a_label_stays_on_for_every_selection_with_the_mouse(window: MainWindow, committed: Read) -> None:
    reading = window.page.reading
    reading.select(*range_of("if the council agrees", TEXT))
    press(reading, Qt.Key.Key_2)
    press(reading, Qt.Key.Key_0)
    bar = window.page.label_bar
    condition = window.page.document.selected_span
    assert condition is not None
    assert bar.staying == condition.label
    drag(reading, before(reading, PLEDGE[0]), before(reading, PLEDGE[1]))
    QTest.qWait(20)
    assert [(TEXT[a.start : a.end], a.label == bar.staying) for a in committed()] == [
        *(("We will provide air defence", True), ("if the council agrees", True))
    ]
    press(reading, Qt.Key.Key_1)
    assert bar.staying == window.page.document.codebook.label_by_key("pledge").id  # type: ignore[union-attr]
    drag(reading, before(reading, CRITICISM[0]), before(reading, CRITICISM[1]))
    QTest.qWait(20)
    assert (committed()[-1].fragments, committed()[-1].label) == ((CRITICISM,), bar.staying)
    press(reading, Qt.Key.Key_Escape)
    assert bar.staying is None
    drag(reading, before(reading, CRITICISM[0]), before(reading, CRITICISM[1]))
    QTest.qWait(20)
    assert len(committed()) == 3


def test_a_double_click_waits_for_the_third(window: MainWindow, committed: Read) -> None:
    reading = window.page.reading
    window.staying.stay_with(LABELS[0].id)
    place = reading.text_rect(TEXT.index("council"))
    assert place is not None
    QTest.mouseDClick(reading.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    QTest.mouseRelease(reading.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert committed() == []
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    assert [TEXT[a.start : a.end] for a in committed()] == ["council"]


def test_a_click_tags_nothing(window: MainWindow, committed: Read) -> None:
    window.staying.stay_with(LABELS[0].id)
    click(window.page.reading, TEXT.index("council"))
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    assert committed() == []


def test_with_many_labels_they_come_up_beside_the_selection(window: MainWindow, committed: Read) -> None:
    document = window.page.document
    assert document.codebook is not None
    more = [replace(LABELS[0], id=f"{n}", key=f"l{n}", name=f"Label {n}", digit=None) for n in range(7)]
    document._codebook = replace(document.codebook, labels=(*LABELS, *more))
    reading = window.page.reading
    drag(reading, before(reading, PLEDGE[0]), before(reading, PLEDGE[1]))
    QTest.qWait(20)
    popup = window.findChild(LabelPopup)
    assert popup is not None
    assert popup.isVisible()
    QTest.keyClicks(popup.choices.filter, "crit")
    QTest.keyClick(popup.choices.filter, Qt.Key.Key_Return)
    assert [a.label for a in committed()] == [next(label.id for label in LABELS if label.key == "criticism")]
