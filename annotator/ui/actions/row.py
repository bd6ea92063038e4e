"""One action, as a row of the table."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

NEEDS = (
    *("nothing", "project", "writable", "document", "editable", "span", "editable span", "pages", "shown pages"),
    *("lead", "review", "package", "free documents", "free document"),
)
"""What must be there for an action: a project, one that can be changed, a document, a selected span, its pages, a
project that a lead can change, one whose layers one may compare, one's own package, documents that no package fixes …
"""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action. `text` is translated in the context "actions"; the table gives it its `menu`, if it has one."""

    id: str
    text: str
    slot: str
    shortcut: str = ""
    needs: str = "nothing"
    key: str = ""
    group_end: bool = False
    checkable: bool = False
    menu: str = ""
    also: str = ""
    """A second shortcut that is not shown: what somebody presses who forgets Shift."""

    @property
    def shown_key(self) -> str:
        """Return the key as it is written for a person, or nothing."""
        native = QKeySequence.SequenceFormat.NativeText
        return QKeySequence(self.shortcut).toString(native) if self.shortcut else self.key
