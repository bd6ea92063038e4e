"""The recipes of a project in the export dialog: choose one, keep one under a name, delete one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from annotator.core.records import Recipe
from annotator.session.session import Session
from annotator.ui.dialogs.controls import ComboBox
from annotator.ui.dialogs.parts import SMALL_GAP, Dialog, Fields, plain_button
from annotator.ui.words import one_line

USUAL, LAST = "", "last"
"""Values of the list beside the ids of recipes: everything as usual, or as it was made the last time."""

_TITLE = 60


class RecipeLine(QWidget):
    """`chosen` carries the id of a recipe, `USUAL` or `LAST`; `keep_wanted` and `delete_wanted` are the buttons."""

    chosen = Signal(str)
    keep_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, session: Session, *, has_gold: bool, has_last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._has_gold = has_gold
        self._has_last = has_last
        self._may_keep = session.role == "lead" and not session.read_only_reason and session.package is None
        self.box = ComboBox()
        self.box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.activated.connect(self._tell_chosen)
        self.keep = plain_button(self.tr("&Keep…"))
        self.keep.setAccessibleName(self.tr("Keep what is chosen as a recipe"))
        self.keep.clicked.connect(self.keep_wanted)
        self.delete = plain_button(self.tr("&Delete"))
        self.delete.setAccessibleName(self.tr("Delete the recipe"))
        self.delete.clicked.connect(self.delete_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SMALL_GAP)
        row.addWidget(self.box, 1)
        row.addWidget(self.keep)
        row.addWidget(self.delete)
        self.keep.setVisible(self._may_keep)
        self.list_recipes(LAST if has_last else USUAL)

    def list_recipes(self, current: str) -> None:
        """List what there is, with one of them chosen."""
        self.box.clear()
        if self._has_last:
            self.box.addItem(self.tr("As the last time"), LAST)
        self.box.addItem(self.tr("As usual: the whole gold layer") if self._has_gold else self.tr("As usual"), USUAL)
        for recipe in self._session.recipes.all():
            self.box.addItem(one_line(recipe.name, _TITLE), recipe.id)
        self.box.setCurrentIndex(max(0, self.box.findData(current)))
        self._show_buttons()

    def current(self) -> str:
        """Return what is chosen: the id of a recipe, `USUAL` or `LAST`."""
        return self.box.currentData()

    def recipe(self) -> Recipe | None:
        """Return the recipe that is chosen, None where it is none that was kept."""
        return next((one for one in self._session.recipes.all() if one.id == self.current()), None)

    def _show_buttons(self) -> None:
        self.delete.setVisible(self._may_keep and self.current() not in (USUAL, LAST))

    @Slot()
    def _tell_chosen(self) -> None:
        self._show_buttons()
        self.chosen.emit(self.current())


class KeepRecipeDialog(Dialog):
    """Asks for a recipe's name; `named` carries it."""

    named = Signal(str)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        about = self.tr(
            "Everything that is chosen, but not the file. A recipe of this name is replaced. Documents that an export "
            "by it has shared out stay on their side, also when others are added."
        )
        self.set_title(self.tr("Keep as a recipe"), about)
        self.name = QLineEdit(name)
        self.name.setPlaceholderText(self.tr("such as Training data, spring"))
        fields = Fields()
        fields.add_field(self.tr("&Name"), self.name)
        self.body.addLayout(fields)
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Keep"))
        self.keep_fitting(460, 220)
        self.name.selectAll()
        self.name.setFocus()

    # -- Qt

    def accept(self) -> None:
        """Hand the name over; who keeps the recipe closes the dialog."""
        self.show_problem("")
        self.named.emit(self.name.text())
