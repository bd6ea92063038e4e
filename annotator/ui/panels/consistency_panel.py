"""The consistency check, in the place of the list of documents: what was found, and what mends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.analysis.consistency.facts import Finding
from annotator.analysis.consistency.rules import FIXES, RULES
from annotator.core.records import Label
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import label_icon
from annotator.ui.models.finding_model import FindingFilter, FindingModel, finding_count, message, rule_name
from annotator.ui.panels.finding_delegate import FindingDelegate
from annotator.ui.panels.grouped_list import GroupedList
from annotator.ui.panels.widgets import flat_button, heading, plain_label
from annotator.ui.theme import Theme
from annotator.ui.words import grouped, tool_tip, tr

_WIDE = 240
"""Pixels from which two filters stand beside each other."""

_BATCH = 60
"""Rows that are laid out at a time: keys come in between."""


class FindingList(GroupedList):
    """Space asks for the quick fix of the current finding."""

    fix_pressed = Signal()

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.fix_pressed.emit()
        else:
            super().keyPressEvent(event)


class ConsistencyPanel(QWidget):
    """Shows what a check found; it checks and mends nothing itself.

    `finding_chosen` carries a Finding and whether the text gets the focus, `other_wanted` a Finding whose other place
    is to be shown, `fix_wanted` the findings to mend, `rules_chosen` the ids of the rules that are not to be asked.
    """

    finding_chosen = Signal(object, bool)
    fix_wanted = Signal(object)
    other_wanted = Signal(object)
    rules_chosen = Signal(object)
    check_wanted = Signal()
    stop_wanted = Signal()
    close_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._document = ""
        self._writable = True
        self._is_working = False
        self._remark = ""
        self._documents = 0
        self._complete = True
        self.model = FindingModel(self)
        self.list = FindingList(self.model, _BATCH, self)
        self.delegate = FindingDelegate(theme, self.list)
        self.state = plain_label("", self, muted=True, scale="small")
        self.words = plain_label("", self, muted=True)
        self.message = plain_label("", self)
        self.rule, self.scope, self.label = (ComboBox(self) for _ in range(3))
        self.other_button = QPushButton(self.tr("Show the other place"), self)
        self.fix_button = QPushButton(self)
        self.fix_all_button = QPushButton(self)
        self.rules_menu = QMenu(self)
        self._build()
        self._connect()
        self._show_state()

    # -- building

    def _build(self) -> None:
        for combo, name in (
            (self.rule, self.tr("Rule")),
            (self.scope, self.tr("Documents")),
            (self.label, self.tr("Label")),
        ):
            combo.setAccessibleName(name)
            combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.scope.addItem(self.tr("All documents"), False)
        self.scope.addItem(self.tr("This document"), True)
        for label in (self.state, self.words, self.message):
            label.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        for button in (self.other_button, self.fix_button, self.fix_all_button):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.list.setItemDelegate(self.delegate)
        self.list.setAccessibleName(self.tr("Findings"))
        self._build_menu()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(6)
        layout.addLayout(self._head())
        layout.addLayout(self._state_row())
        layout.addWidget(self.rule)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(6)
        self._pair.addWidget(self.scope, 1)
        self._pair.addWidget(self.label, 1)
        layout.addLayout(self._pair)
        layout.addWidget(self.words)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)
        layout.addWidget(self.message)
        layout.addWidget(self.other_button)
        layout.addWidget(self.fix_button)
        layout.addWidget(self.fix_all_button)

    def _build_menu(self) -> None:
        self.rules_menu.setToolTipsVisible(True)
        self.again_action = self.rules_menu.addAction(self.tr("Check again"))
        self.rules_menu.addSeparator()
        for rule in RULES.values():
            action = self.rules_menu.addAction(rule_name(rule.id))
            action.setData(rule.id)
            action.setCheckable(True)
            action.setToolTip(tool_tip(tr(rule.meaning)))

    def _rule_actions(self) -> list[QAction]:
        return [action for action in self.rules_menu.actions() if action.data()]

    def _head(self) -> QHBoxLayout:
        self.close_button = flat_button("✕", self.tr("Close the consistency check"), self)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(heading(self.tr("Consistency check"), self))
        row.addStretch(1)
        row.addWidget(self.close_button)
        return row

    def _state_row(self) -> QHBoxLayout:
        self.rules_button = flat_button("⋯", self.tr("Check again, and the rules that the project asks"), self)
        self.rules_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.rules_button.setMenu(self.rules_menu)
        self.stop_button = flat_button(self.tr("Stop"), self.tr("Stop checking"), self)
        self.previous_button = flat_button("↑", self.tr("Previous finding (Shift+F8)"), self)
        self.next_button = flat_button("↓", self.tr("Next finding (F8)"), self)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.state, 1)
        for button in (self.stop_button, self.rules_button, self.previous_button, self.next_button):
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        for combo in (self.rule, self.scope, self.label):
            combo.activated.connect(self._filter)
        self.list.chosen.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(self._describe)
        self.list.fix_pressed.connect(self.fix_current)
        self.other_button.clicked.connect(self._ask_for_other)
        self.fix_button.clicked.connect(self.fix_current)
        self.fix_all_button.clicked.connect(self.fix_shown)
        self.previous_button.clicked.connect(self.previous_finding)
        self.next_button.clicked.connect(self.next_finding)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.close_button.clicked.connect(self.close_requested)
        # queued: choosing makes a new list of rules while the action is still at work
        self.rules_menu.triggered.connect(self._use_menu, Qt.ConnectionType.QueuedConnection)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.delegate.set_theme(theme)
        self.list.doItemsLayout()

    def set_rights(self, *, writable: bool, chooses_rules: bool) -> None:
        """Say whether findings can be mended, and whether the person chooses the rules of the project."""
        self._writable = writable
        for action in self._rule_actions():
            action.setEnabled(chooses_rules)
        self._describe()

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Offer labels to filter by."""
        chosen = self.label.currentData()
        self.delegate.set_labels({label.id: label for label in labels})
        self.label.clear()
        self.label.addItem(self.tr("All labels"), "")
        for label in labels:
            self.label.addItem(label_icon(label, self), label.name, label.id)
        self.label.setCurrentIndex(max(0, self.label.findData(chosen)))

    def set_rules(self, asked: Collection[str]) -> None:
        """Tick the rules that the project asks."""
        for action in self._rule_actions():
            action.setChecked(action.data() in asked)

    def set_document(self, document: str) -> None:
        """Know which document is on screen."""
        self._document = document
        if self.scope.currentData():
            self._filter()

    # -- the answer

    def show_work(self, done: int, total: int) -> None:
        """Say how far the check is."""
        self._is_working = True
        self.words.hide()
        words = self.tr("Checking…")
        if total:
            words = self.tr("Checking {done} of {total} documents").format(done=grouped(done), total=grouped(total))
        self.state.setText(words)
        self._show_state()

    def end_work(self, words: str = "") -> None:
        """Say that the check has stopped before its end, or why it failed."""
        self._is_working, self._remark = False, words
        self._show_state()

    def show_findings(self, findings: Sequence[Finding], documents: int, *, complete: bool) -> None:
        """Show what was found in so many documents; without `complete` there is more than that."""
        self._is_working, self._remark = False, ""
        self._documents, self._complete = documents, complete
        self._keep_place(lambda: self.model.set_findings(findings))

    def replace(self, by_document: Mapping[str, Sequence[Finding]], documents: int) -> None:
        """Show what these documents have now."""
        self._is_working = False
        self._documents = documents
        self._keep_place(lambda: self.model.replace(by_document))

    def _keep_place(self, change: Callable[[], None]) -> None:
        current, row = self.current(), self.list.currentIndex().row()
        change()
        self._fill_rules()
        self._apply_filter()
        if current is not None:
            self.list.setCurrentIndex(self.model.place_of(current, row))
        elif self.model.shown:
            self.list.setCurrentIndex(self.model.step(QModelIndex(), 1))
        self._show_state()

    def _fill_rules(self) -> None:
        chosen = self.rule.currentData()
        counts = self.model.rule_counts()
        self.rule.clear()
        self.rule.addItem(self.tr("All rules"), "")
        for rule, count in counts.items():
            self.rule.addItem(f"{rule_name(rule)} ({grouped(count)})", rule)
        self.rule.setCurrentIndex(max(0, self.rule.findData(chosen)))

    @Slot()
    def _filter(self) -> None:
        self._keep_place(_nothing)

    def _apply_filter(self) -> None:
        document = self._document if self.scope.currentData() else ""
        self.model.set_filter(FindingFilter(self.rule.currentData() or "", document, self.label.currentData() or ""))

    def _show_state(self) -> None:
        count, shown = self.model.count(), len(self.model.shown)
        if not self._is_working:
            self.state.setText(self._state_words(count, shown))
            self._say(self._remark or ("" if shown else self._empty_words(count)))
        self.stop_button.setVisible(self._is_working)
        self.rules_button.setVisible(not self._is_working)
        for button in (self.previous_button, self.next_button):
            button.setVisible(shown > 0)
        self.list.setVisible(shown > 0)
        for combo in (self.rule, self.scope, self.label):
            combo.setVisible(count > 0)
        self._describe()

    def _state_words(self, count: int, shown: int) -> str:
        if not count:
            return ""
        if not self._complete:
            return self.tr("The first {findings}").format(findings=finding_count(count))
        if shown != count:
            return self.tr("{shown} of {findings}").format(shown=grouped(shown), findings=finding_count(count))
        documents = self.model.document_count()
        words = (
            self.tr("{findings} in 1 document") if documents == 1 else self.tr("{findings} in {documents} documents")
        )
        return words.format(findings=finding_count(count), documents=grouped(documents))

    def _empty_words(self, count: int) -> str:
        if count:
            return self.tr("Nothing of this kind.")
        if self._documents == 1:
            return self.tr("Nothing found in 1 document.")
        return self.tr("Nothing found in {count} documents.").format(count=grouped(self._documents))

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))

    # -- going through the findings

    def current(self) -> Finding | None:
        """Return the finding that is looked at."""
        return self.model.finding(self.list.currentIndex())

    @Slot()
    def _describe(self) -> None:
        finding, shown = self.current(), self.model.shown
        self.message.setText(message(finding) if finding is not None else "")
        self.message.setVisible(finding is not None)
        self.other_button.setVisible(finding is not None and finding.other is not None)
        fix = finding.fix if finding is not None else ""
        usable = sum(1 for one in shown if one.fix)
        can_fix = self._writable and not self._is_working
        for button, is_left in ((self.fix_button, bool(fix)), (self.fix_all_button, usable > 1)):
            if button.hasFocus() and not (is_left and can_fix):
                self.list.setFocus()
        self.fix_button.setText(tr(FIXES[fix]) if fix else "")
        self.fix_button.setToolTip(self.tr("Space") if fix else "")
        self.fix_button.setVisible(bool(fix))
        some, every = self.tr("Mend {count} of the {all} shown"), self.tr("Mend the {count} shown")
        words = every if usable == len(shown) else some
        self.fix_all_button.setText(words.format(count=grouped(usable), all=grouped(len(shown))))
        counts = Counter(one.fix for one in shown if one.fix)
        kinds = (f"{tr(FIXES[fix])}: {grouped(number)}" for fix, number in counts.most_common())
        self.fix_all_button.setToolTip(tool_tip("\n".join(kinds)))
        self.fix_all_button.setVisible(usable > 1)
        for button in (self.fix_button, self.fix_all_button):
            button.setEnabled(can_fix)

    @Slot(QModelIndex, bool)
    def _choose(self, index: QModelIndex, focus_text: bool) -> None:
        finding = self.model.finding(index)
        if finding is not None:
            self.finding_chosen.emit(finding, focus_text)

    @Slot()
    def next_finding(self) -> None:
        """Show the next finding."""
        self.list.step(1)

    @Slot()
    def previous_finding(self) -> None:
        """Show the finding before."""
        self.list.step(-1)

    @Slot()
    def _ask_for_other(self) -> None:
        finding = self.current()
        if finding is not None:
            self.other_wanted.emit(finding)

    # -- mending

    @Slot()
    def fix_current(self) -> None:
        """Ask for the quick fix of the finding that is looked at."""
        finding = self.current()
        if finding is not None and finding.fix and self.fix_button.isEnabled():
            self.fix_wanted.emit([finding])

    @Slot()
    def fix_shown(self) -> None:
        """Ask for the quick fixes of all findings that are shown."""
        findings = [finding for finding in self.model.shown if finding.fix]
        if findings and self.fix_all_button.isEnabled():
            self.fix_wanted.emit(findings)

    @Slot(QAction)
    def _use_menu(self, action: QAction) -> None:
        if action is self.again_action:
            self.check_wanted.emit()
        else:
            self.rules_chosen.emit([one.data() for one in self._rule_actions() if not one.isChecked()])

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        self._pair.setDirection(directions.LeftToRight if self.width() >= _WIDE else directions.TopToBottom)


def _nothing() -> None:
    """Leave the findings as they are."""
