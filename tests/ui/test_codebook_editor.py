"""The codebook editor in the window: what is edited becomes a version, and what would be lost is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from annotator.core.codebook import Codebook
from annotator.core.codebook_edits import with_entry
from annotator.core.palette import LABEL_COLOURS
from annotator.core.records import AttributeDefinition, Document, Label, RelationType
from annotator.formats.codebooks import codebook_text, default_codebook, read_codebook
from annotator.session.session import Session
from annotator.ui.dialogs.codebook.colours import ColourField
from annotator.ui.dialogs.codebook.merge_label import MergeLabelDialog
from annotator.ui.dialogs.codebook.pick_example import PickExampleDialog
from annotator.ui.dialogs.codebook.words import _FIELDS
from annotator.ui.dialogs.codebook_editor import CodebookEditor
from annotator.ui.dialogs.recheck import RecheckDialog
from annotator.ui.main_window import MainWindow


@pytest.fixture
def session(window: MainWindow) -> Session:
    session = window.projects.session
    assert session is not None
    return session


@pytest.fixture
def spans(session: Session, stored: Document) -> dict[str, str]:
    """One span of each of three labels, by the label's key."""
    codebook = session.queries.codebook()
    places = {"pledge": (18, 45), "condition": (46, 67), "criticism": (69, 114)}
    return {
        key: session.annotations.tag(stored.id, codebook.label_by_key(key).id, [place]).id
        for key, place in places.items()
    }


@pytest.fixture
def open_editor(window: MainWindow, spans: dict[str, str]) -> Iterator[Callable[[], CodebookEditor]]:
    opened: list[CodebookEditor] = []

    def show() -> CodebookEditor:
        window.actions_table["codebook"].trigger()
        editor = window.findChildren(CodebookEditor)[-1]
        opened.append(editor)
        return editor

    yield show
    for editor in opened:
        if isValid(editor):
            editor.deleteLater()


def saved(qtbot: QtBot, window: MainWindow, editor: CodebookEditor) -> None:
    """Press Save and wait until the dialog is gone."""
    with qtbot.waitSignal(editor.finished):
        qtbot.mouseClick(editor.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.tasks.running)


def typed(editor: CodebookEditor, field: str, text: str) -> None:
    line = editor.labels.form.fields[field].field
    assert isinstance(line, QLineEdit)
    line.selectAll()
    for letter in text:
        QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def label_of(codebook: Codebook, key: str) -> Label:
    return codebook.label_by_key(key)


def test_an_edit_is_a_version_and_the_window_follows(
    qtbot: QtBot, window: MainWindow, session: Session, open_editor, spans: dict[str, str]
) -> None:
    window.desk.select(spans["pledge"])
    editor = open_editor()
    assert editor.versions.list.count() == 1
    assert not editor.save_button.isEnabled()
    typed(editor, "name", "Promise")
    qtbot.mouseClick(editor.labels.form.fields["light+dark"].swatches[5], Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert editor.summary.text() == "To be saved: changed: label “Promise” (name, colour)."
    saved(qtbot, window, editor)
    label = label_of(session.queries.codebook(), "pledge")
    assert (label.name, (label.light, label.dark)) == ("Promise", LABEL_COLOURS[5])
    assert session.queries.codebook().version == 2
    assert window.page.label_bar.chips[0].label.name == "Promise"
    assert window.page.inspector._label.text() == "Promise"
    assert "Codebook version 2: changed: label “Promise” (name, colour)." in window.messages.text
    editor = open_editor()
    assert editor.versions.list.count() == 2
    assert "label “Promise” (name, colour)" in editor.versions.text.toPlainText()


def test_a_new_label_gets_its_key_of_its_name_and_tags_at_once(
    qtbot: QtBot, window: MainWindow, session: Session, open_editor
) -> None:
    editor = open_editor()
    qtbot.mouseClick(editor.labels.new_button, Qt.MouseButton.LeftButton)
    typed(editor, "name", "Запевнення")
    current = editor.labels.current()
    assert isinstance(current, Label)
    assert (current.key, current.initial, current.digit) == ("zapevnennia", "З", 5)
    saved(qtbot, window, editor)
    fresh = label_of(session.queries.codebook(), "zapevnennia")
    window.page.reading.setFocus()
    qtbot.keyClick(window.page.reading, Qt.Key.Key_5)
    assert fresh.id in {chip.label.id for chip in window.page.label_bar.chips}
    assert session.queries.label_spans()[fresh.id] == 1


def test_a_key_that_data_holds_stays(open_editor) -> None:
    editor = open_editor()
    key = editor.labels.form.fields["key"].field
    assert isinstance(key, QLineEdit)
    assert key.isReadOnly()
    editor.labels.add_entry()
    assert not key.isReadOnly()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(qtbot: QtBot, session: Session, open_editor) -> None:
    editor = open_editor()
    digit = editor.labels.form.fields["digit"]
    digit.load(2)
    digit.edited.emit()
    assert editor.labels.form.problems["digit"].text() == "Two labels have the digit “2”; give one of them another."
    assert digit.field.property("state") == "error"
    editor.tabs.setCurrentWidget(editor.versions)
    with qtbot.assertNotEmitted(editor.save_requested):
        editor.save_button.click()
    assert editor.tabs.currentWidget() is editor.labels
    typed(editor, "name", "Criticism")
    assert editor.labels.form.problems["name"].text().startswith("Two labels have the name")
    assert session.queries.codebook() == default_codebook()


def test_every_field_of_an_entry_is_in_its_form(open_editor) -> None:
    editor = open_editor()
    for page, record in zip(editor.sections, (Label, AttributeDefinition, RelationType), strict=True):
        shown = {part for name in page.form.fields for part in name.split("+")}
        assert shown == {field.name for field in fields(record)} - {"id", "position", "retired"}
        assert shown <= set(_FIELDS)


def test_labels_are_nested_and_ordered_by_keys(qtbot: QtBot, window: MainWindow, session: Session, open_editor) -> None:
    editor = open_editor()
    tree, both = editor.labels.tree, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    names = {one.id: one.key for one in session.queries.codebook().labels}
    tree.select(next(i for i, key in names.items() if key == "criticism"))
    qtbot.keyClick(tree, Qt.Key.Key_Up, both)
    qtbot.keyClick(tree, Qt.Key.Key_Up, both)
    assert [names[i] for i in tree.ids()] == ["criticism", "pledge", "condition", "signal_to_russia"]
    qtbot.keyClick(tree, Qt.Key.Key_Down, both)
    qtbot.keyClick(tree, Qt.Key.Key_Right, both)
    current = editor.labels.current()
    assert isinstance(current, Label)
    assert names[current.parent or ""] == "pledge"
    saved(qtbot, window, editor)
    codebook = session.queries.codebook()
    assert label_of(codebook, "criticism").parent == label_of(codebook, "pledge").id
    editor = open_editor()
    editor.labels.tree.select(label_of(codebook, "criticism").id)
    qtbot.keyClick(editor.labels.tree, Qt.Key.Key_Left, both)
    assert [names[i] for i in editor.labels.tree.ids()][:2] == ["pledge", "criticism"]
    assert editor.labels.current().parent is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("indicator", "parent", "order"),
    [
        ("OnItem", "condition", ["condition", "pledge", "criticism", "signal_to_russia"]),
        ("BelowItem", None, ["condition", "pledge", "criticism", "signal_to_russia"]),
        ("AboveItem", None, ["pledge", "condition", "criticism", "signal_to_russia"]),
        ("OnViewport", None, ["condition", "criticism", "signal_to_russia", "pledge"]),
    ],
)
def test_labels_are_dragged(
    monkeypatch: pytest.MonkeyPatch, open_editor, indicator: str, parent: str | None, order: list[str]
) -> None:
    editor = open_editor()
    tree = editor.labels.tree
    keys = {one.id: one.key for one in editor.draft.codebook.labels}
    tree.select(tree.ids()[0])
    place = getattr(QAbstractItemView.DropIndicatorPosition, indicator)
    monkeypatch.setattr(tree, "dropIndicatorPosition", lambda: place)
    row = tree.visualItemRect(tree.topLevelItem(1)).center()
    where = QPointF(QPoint(row.x(), tree.viewport().height() - 2) if indicator == "OnViewport" else row)
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    tree.dropEvent(
        QDropEvent(where, Qt.DropAction.MoveAction, tree.model().mimeData([tree.currentIndex()]), buttons, none)
    )
    assert [keys[i] for i in tree.ids()] == order
    above = editor.labels.current().parent
    assert (keys[above] if above else None) == parent


def test_a_label_is_merged_with_its_spans(
    qtbot: QtBot, window: MainWindow, session: Session, open_editor, spans: dict[str, str]
) -> None:
    editor = open_editor()
    codebook = session.queries.codebook()
    condition, criticism = label_of(codebook, "condition"), label_of(codebook, "criticism")
    editor.labels.tree.select(condition.id)
    qtbot.mouseClick(editor.labels.merge_button, Qt.MouseButton.LeftButton)
    dialog = editor.findChild(MergeLabelDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.choices.filter, "crit")
    assert dialog.outcome.text() == "1 span will move to “Criticism” when the codebook is saved."
    qtbot.keyClick(dialog.choices.filter, Qt.Key.Key_Return)
    assert editor.summary.text().startswith("To be saved: “Condition” is merged into “Criticism”; moving: 1 span;")
    saved(qtbot, window, editor)
    assert session.queries.annotation(spans["condition"]).label == criticism.id
    assert session.queries.codebook().label_by_key("condition").retired
    assert condition.id not in {chip.label.id for chip in window.page.label_bar.chips}
    assert window.page.document.annotation(spans["condition"]).label == criticism.id  # type: ignore[union-attr]


def test_what_is_in_use_is_retired_not_deleted(qtbot: QtBot, window: MainWindow, session: Session, open_editor) -> None:
    editor = open_editor()
    page = editor.labels
    page.tree.select(label_of(session.queries.codebook(), "pledge").id)
    assert not page.delete_button.isEnabled()
    qtbot.mouseClick(page.retire_button, Qt.MouseButton.LeftButton)
    assert page.retire_button.text() == "Use again"
    page.tree.select(label_of(session.queries.codebook(), "signal_to_russia").id)
    qtbot.mouseClick(page.delete_button, Qt.MouseButton.LeftButton)
    assert "is for “Signal to Russia” alone" in editor.problem.text()
    relations = editor.relations
    relations.tree.select(session.queries.codebook().relations[-1].id)
    relations.delete_entry()
    saved(qtbot, window, editor)
    codebook = session.queries.codebook()
    assert label_of(codebook, "pledge").retired
    assert label_of(codebook, "pledge").digit is None
    assert len(codebook.relations) == len(default_codebook().relations) - 1


def test_examples_come_from_spans(
    qtbot: QtBot, window: MainWindow, session: Session, open_editor, spans: dict[str, str]
) -> None:
    window.desk.select(spans["criticism"])
    editor = open_editor()
    editor.labels.tree.select(label_of(session.queries.codebook(), "pledge").id)
    form = editor.labels._form
    before = label_of(session.queries.codebook(), "pledge").examples
    qtbot.mouseClick(form.from_selection, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(form.from_spans, Qt.MouseButton.LeftButton)
    dialog = editor.findChild(PickExampleDialog)
    assert dialog is not None
    box = dialog.quotes.list
    for _ in range(2):
        place = box.visualItemRect(box.item(0)).center()
        qtbot.mouseClick(box.viewport(), Qt.MouseButton.LeftButton, pos=place)
    saved(qtbot, window, editor)
    added = label_of(session.queries.codebook(), "pledge").examples[len(before) :]
    assert added == ("The alliance condemns the attack on the port.", "We will provide air defence")


def test_a_colour_that_cannot_be_read_is_flagged_and_mended(open_editor) -> None:
    editor = open_editor()
    field = editor.labels.form.fields["light+dark"]
    assert isinstance(field, ColourField)
    field.light.line.setText("#ffcc00")
    field.light.line.textEdited.emit("#ffcc00")
    assert field.light.verdict.text().startswith("hard to read, 1.3 : 1")
    assert field.light.line.property("state") == "error"
    assert not field.light.is_readable
    field.light.mend.click()
    assert field.light.is_readable
    current = editor.labels.current()
    assert isinstance(current, Label)
    assert current.light == field.light.colour() != "#ffcc00"
    field.dark.line.setText("#12")
    field.dark.line.textEdited.emit("#12")
    assert "“dark” of label" in editor.labels.form.problems["light+dark"].text()


def test_undo_takes_a_version_back_and_the_window_follows(
    qtbot: QtBot, window: MainWindow, session: Session, open_editor
) -> None:
    editor = open_editor()
    typed(editor, "name", "Promise")
    saved(qtbot, window, editor)
    window.actions_table["undo"].trigger()
    assert session.queries.codebook() == default_codebook()
    qtbot.waitUntil(lambda: window.page.label_bar.chips[0].label.name == "Pledge")
    assert window.page.document.codebook == default_codebook()


def test_attributes_and_their_choices(qtbot: QtBot, window: MainWindow, session: Session, open_editor) -> None:
    editor = open_editor()
    page = editor.attributes
    editor.tabs.setCurrentWidget(page)
    qtbot.mouseClick(page.new_button, Qt.MouseButton.LeftButton)
    line = page.form.fields["name"].field
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, "Tone")
    kind = page.form.fields["type"]
    kind.load("choice")
    kind.edited.emit()
    assert "at least one choice" in page.form.problems["choices"].text()
    choices = page.form.fields["choices"]
    for name in ("Warm", "Cold"):
        choices.start_row()  # type: ignore[attr-defined]
        table = choices.table  # type: ignore[attr-defined]
        table.item(table.rowCount() - 1, 0).setText(name)
    labels = page.form.fields["labels"]
    labels.list.item(0).setCheckState(Qt.CheckState.Checked)  # type: ignore[attr-defined]
    page._form.default._edit("cold")
    page.form.fields["asked"].field.click()  # type: ignore[attr-defined]
    saved(qtbot, window, editor)
    tone = session.queries.codebook().attribute_by_key("tone")
    assert (tone.name, tone.type, tone.choices) == ("Tone", "choice", (("warm", "Warm"), ("cold", "Cold")))
    assert (tone.labels, tone.default, tone.asked) == (("pledge",), "cold", True)


def test_the_inspector_follows_a_changed_attribute(
    qtbot: QtBot, window: MainWindow, session: Session, spans: dict[str, str]
) -> None:
    session.annotations.set_attribute(spans["pledge"], "strength", "firm")
    window.desk.select(spans["pledge"])
    codebook = session.queries.codebook()
    strength = codebook.attribute_by_key("strength")
    session.codebooks.save(with_entry(codebook, replace(strength, name="Force", key="force")))
    qtbot.waitUntil(lambda: "force" in window.page.inspector.attributes.editors)
    assert "strength" not in window.page.inspector.attributes.editors
    assert window.page.document.values(spans["pledge"]) == {"force": "firm"}


def test_relations_and_condition_words(qtbot: QtBot, window: MainWindow, session: Session, open_editor) -> None:
    editor = open_editor()
    page = editor.relations
    editor.tabs.setCurrentWidget(page)
    page.add_entry()
    line = page.form.fields["name"].field
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, "Weakens")
    for field in (page._form.sources, page._form.targets):
        field.list.item(1).setCheckState(Qt.CheckState.Checked)
    editor.words.words.setPlainText("if\n  as  long as\n\nif")
    assert window.page.document.codebook is not None
    saved(qtbot, window, editor)
    codebook = session.queries.codebook()
    weakens = codebook.relation_by_key("weakens")
    assert (weakens.sources, weakens.targets) == (("condition",), ("condition",))
    assert codebook.condition_words == ("if", "as long as")
    assert window.page.document.codebook == codebook


def test_leaving_with_changes_asks_first(qtbot: QtBot, session: Session, open_editor) -> None:
    editor = open_editor()
    typed(editor, "name", "Promise")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.question.isVisible()
    qtbot.mouseClick(editor.keep_button, Qt.MouseButton.LeftButton)
    assert not editor.question.isVisible()
    editor.reject()
    with qtbot.waitSignal(editor.finished):
        qtbot.mouseClick(editor.discard_button, Qt.MouseButton.LeftButton)
    assert session.queries.codebook().version == 1


def test_a_codebook_changed_meanwhile_is_said_in_the_dialog(qtbot: QtBot, session: Session, open_editor) -> None:
    editor = open_editor()
    codebook = session.queries.codebook()
    session.codebooks.save(with_entry(codebook, replace(codebook.labels[1], name="Proviso")))
    typed(editor, "name", "Promise")
    editor.save_button.click()
    qtbot.waitUntil(lambda: "changed in the meantime" in editor.problem.text())
    assert editor.isVisible()
    assert editor.isEnabled()


class TestFiles:
    def test_export_and_import(
        self, qtbot: QtBot, window: MainWindow, session: Session, open_editor, tmp_path: Path
    ) -> None:
        editor = open_editor()
        for name in ("out.toml", "out.yaml"):
            editor.export_file(str(tmp_path / name))
            assert read_codebook(tmp_path / name) == session.queries.codebook()
        own = replace(
            default_codebook(), name="Ours", labels=default_codebook().labels[1:], attributes=(), relations=()
        )
        (tmp_path / "own.yaml").write_text(codebook_text(own, yaml=True), encoding="utf-8")
        editor.import_file(str(tmp_path / "own.yaml"))
        assert "kept as retired: label “Pledge”" in editor._about.text()
        saved(qtbot, window, editor)
        codebook = session.queries.codebook()
        assert (codebook.name, codebook.version) == ("Ours", 2)
        assert [(one.key, one.retired) for one in codebook.labels][-1] == ("pledge", True)

    @pytest.mark.parametrize("content", ["labels = [", "format = 'x'", "\0"])
    def test_a_file_that_is_no_codebook_changes_nothing(self, open_editor, tmp_path: Path, content: str) -> None:
        path = tmp_path / "bad.toml"
        path.write_text(content, encoding="utf-8")
        editor = open_editor()
        editor.import_file(str(path))
        assert str(path) in editor.problem.text()
        assert not editor.draft.is_edited


def test_a_project_that_can_only_be_read_shows_everything(
    new_window: Callable[..., MainWindow], stored: Document, project_path: Path, person
) -> None:
    with Session(project_path, person):
        window = new_window(project_path)
        window.actions_table["codebook"].trigger()
        editor = window.findChild(CodebookEditor)
        assert editor is not None
        for page in editor.sections:
            assert page.tree.ids()
            assert not page.new_button.isVisibleTo(editor)
            for field in page.form.fields.values():
                writable = field.field.isEnabled() and not getattr(field.field, "isReadOnly", lambda: False)()
                assert not writable or not field.isEnabled() or field.objectName() == "choices", field.objectName()
        assert editor.words.words.isReadOnly()
        assert not editor.import_button.isVisibleTo(editor)
        editor.accept()


class TestRecheck:
    @pytest.fixture
    def changed(self, qtbot: QtBot, window: MainWindow, open_editor, spans: dict[str, str]) -> MainWindow:
        editor = open_editor()
        editor.labels.form.fields["definition"].field.setPlainText("Something narrower.")  # type: ignore[attr-defined]
        saved(qtbot, window, editor)
        return window

    def test_saving_offers_the_list(self, qtbot: QtBot, changed: MainWindow) -> None:
        assert "1 span was tagged under the old definition." in changed.messages.text
        qtbot.mouseClick(changed.messages.button, Qt.MouseButton.LeftButton)
        dialog = changed.findChild(RecheckDialog)
        assert dialog is not None
        assert "Something narrower." in dialog.after.toPlainText()
        assert "A provider's publicly voiced" in dialog.before.toPlainText()
        assert "【We will provide air defence】 if the council" in dialog.context.text()
        dialog.reject()

    def test_keys_act_on_the_span(
        self, qtbot: QtBot, changed: MainWindow, session: Session, stored: Document, spans: dict[str, str]
    ) -> None:
        codebook = session.queries.codebook()
        old = session.queries.annotation(spans["pledge"])
        with session.group("More"):
            for place in ((120, 130), (131, 139)):
                session.annotations.tag(stored.id, old.label, [place])
        session.codebooks.save(
            with_entry(codebook, replace(codebook.label_by_key("pledge"), definition="Another one."))
        )
        changed.actions_table["recheck"].trigger()
        dialog = changed.findChild(RecheckDialog)
        assert dialog is not None
        assert dialog.windowTitle() == "3 spans to look at again"
        first, second, third = dialog._items
        qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
        assert session.queries.annotation(first).codebook == session.queries.project().codebook
        assert dialog.current() == second
        qtbot.keyClick(dialog.list, Qt.Key.Key_3)
        assert session.queries.annotation(second).label == codebook.label_by_key("criticism").id
        assert dialog.current() == third
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
        assert not dialog.isVisible()
        assert changed.page.document.selected_span.id == third  # type: ignore[union-attr]
        changed.actions_table["recheck"].trigger()
        dialog = changed.findChildren(RecheckDialog)[-1]
        qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
        assert {one.id for one in session.queries.content(stored.id).annotations}.isdisjoint({third})
        assert session.queries.recheck() == []
        assert dialog.windowTitle() == "Nothing to look at again"
        assert not dialog.show_button.isEnabled()
        dialog.reject()

    def test_several_are_done_at_once(
        self, qtbot: QtBot, changed: MainWindow, session: Session, stored: Document, spans: dict[str, str]
    ) -> None:
        codebook = session.queries.codebook()
        pledge, criticism = codebook.label_by_key("pledge"), codebook.label_by_key("criticism")
        others = [session.annotations.tag(stored.id, pledge.id, [(place, place + 9)]).id for place in (120, 131)]
        for label in (pledge, criticism):
            now = session.queries.codebook()
            session.codebooks.save(with_entry(now, replace(label, definition="Another one.")))
        changed.actions_table["recheck"].trigger()
        dialog = changed.findChild(RecheckDialog)
        assert dialog is not None
        dialog.list.selectAll()
        assert dialog.chosen() == [spans["pledge"], *others, spans["criticism"]]
        steps = len(session.history.entries())
        qtbot.keyClick(dialog.list, Qt.Key.Key_3)
        assert {session.queries.annotation(one).label for one in [*spans.values(), *others][2:]} == {criticism.id}
        assert session.queries.recheck() == []
        assert len(session.history.entries()) == steps + 1
        session.history.undo()
        assert sum(session.queries.recheck_counts().values()) == 4
        dialog.reject()


def test_a_label_merged_by_mistake_is_used_again(qtbot: QtBot, session: Session, open_editor) -> None:
    editor = open_editor()
    codebook = session.queries.codebook()
    condition, signal = codebook.label_by_key("condition"), codebook.label_by_key("signal_to_russia")
    editor.labels.merge(condition.id, signal.id)
    editor.labels.tree.select(signal.id)
    assert not editor.labels.delete_button.isEnabled()
    editor.labels.tree.select(condition.id)
    qtbot.mouseClick(editor.labels.retire_button, Qt.MouseButton.LeftButton)
    assert editor.draft.merges == {}
    assert editor.labels.use.text() == "Used by 1 span."
    editor.labels.tree.select(signal.id)
    assert editor.labels.use.text() == "No span has it."
