"""Going from pane to pane of the window by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from annotator.ui.window_parts import WindowParts


class Panes(QObject):
    """The panes of what is on screen, in the order of F6."""

    def __init__(self, parts: WindowParts, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts

    @Slot()
    def next_pane(self) -> None:
        """Put the focus into the next pane."""
        self._step(1)

    @Slot()
    def previous_pane(self) -> None:
        """Put the focus into the pane before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        panes = self.panes()
        focus = QApplication.focusWidget()
        here = next((i for i, (pane, _) in enumerate(panes) if focus is pane or _is_in(focus, pane)), None)
        place = 0 if here is None else (here + step) % len(panes)
        panes[place][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def panes(self) -> list[tuple[QWidget, QWidget]]:
        """Return each pane with what takes its focus."""
        parts = self._parts
        top = (parts.top_bar, parts.top_bar.search)
        other = parts.project_pages.current_page()
        if other is not None:
            return [*other.panes(), top]
        if parts.pages.currentWidget() is not parts.page:
            return [(parts.start_page, parts.start_page.new_card), top]
        page = parts.page
        note, add_button = page.inspector.note_field.face(), page.inspector.attributes.add_button
        inspector = note if page.document.selected_span else add_button
        right = page.history_panel.list if page.history_is_shown else inspector
        right = page.unplaced_panel.list if page.unplaced_is_shown else right
        panes: list[tuple[QWidget, QWidget]] = [(page.left, page.left_focus())]
        if page.document.document is not None:
            panes.append((page.faces, page.faces.face()))
        if right.isVisible():
            panes.append((page.right, right))
        return [*panes, top]


def _is_in(widget: QWidget | None, pane: QWidget) -> bool:
    return widget is not None and pane.isAncestorOf(widget)
