"""What every dialog is made of: its frame, plain labels, labels that give way, dots of label colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.core.errors import UserError
from annotator.core.records import Label
from annotator.ui.messages import error_text
from annotator.ui.panels import widgets
from annotator.ui.theme import Theme, load_theme
from annotator.ui.words import grouped

MARGIN = 24
GAP = 12
SMALL_GAP = 6
DOT = 10
LIST_LIMIT = 76
"""Pixels that a list of labels takes at most before it scrolls."""

_FRAME = QSize(8, 48)
"""Pixels that the window manager's frame around a dialog takes at most."""


def plain_label(text: str = "", *, wrap: bool = False, selectable: bool = False, **properties: object) -> QLabel:
    """Return a label that never reads its text as markup; `properties` are those of the style sheet."""
    label = widgets.plain_label(text, None, **properties)
    label.setWordWrap(wrap)
    if selectable:
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return label


def plain_button(text: str) -> QPushButton:
    """Return a button that Enter does not press from elsewhere."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button


def set_state(widget: QWidget, state: str) -> None:
    """Give a widget the style sheet's state "error", "warning", "success", or none with an empty text."""
    if (widget.property("state") or "") != state:
        widget.setProperty("state", state)
        widgets.restyle(widget)


def fixed_font(points_down: int = 1) -> QFont:
    """Return the system's monospaced font, a little smaller than the text around it."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(13 - points_down)
    return font


def is_dark(widget: QWidget) -> bool:
    """Say whether the widget's window is dark; its own background may be transparent."""
    return widget.window().palette().color(QPalette.ColorRole.Window).lightness() < 128


def theme_of(widget: QWidget) -> Theme:
    """Return the theme in whose colours the widget's window is."""
    return load_theme("dark" if is_dark(widget) else "light")


def label_color(label: Label, widget: QWidget) -> QColor:
    """Return a label's colour for the background of the widget's window."""
    return QColor(label.dark if is_dark(widget) else label.light)


def label_icon(label: Label, widget: QWidget) -> QIcon:
    """Return the dot of a label's colour for the widget's background, the same where it is selected."""
    icon = widgets.dot_icon(label_color(label, widget), DOT, widget)
    icon.addPixmap(icon.pixmap(QSize(DOT, DOT), widget.devicePixelRatioF()), QIcon.Mode.Selected)
    return icon


class ElidedLabel(QLabel):
    """A line of text that gives way in its middle where it does not fit."""

    def __init__(self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._mode = mode
        self._full = ""
        self.set_full_text(text)

    def set_full_text(self, text: str) -> None:
        """Show a text, as much of it as fits."""
        self._full = " ".join(text.split("\n"))
        self.setAccessibleName(self._full)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._full, self._mode, max(0, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class LabelDots(QListWidget):
    """The labels of a codebook beside each other, to look at only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Labels of the codebook"))
        self.setFixedHeight(LIST_LIMIT)

    def set_labels(self, labels: Iterable[Label]) -> None:
        """Show these labels, those out of use left out."""
        self.clear()
        for label in labels:
            if not label.retired:
                item = QListWidgetItem(label_icon(label, self), label.name)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.addItem(item)


class Figures(QWidget):
    """Numbers side by side, large, each with what it counts beneath."""

    def __init__(self, captions: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(0)
        self._numbers: list[QLabel] = []
        for column, caption in enumerate(captions):
            number = plain_label("–", scale="title")
            self._numbers.append(number)
            grid.addWidget(number, 0, column)
            grid.addWidget(plain_label(caption, muted=True, scale="small"), 1, column)
            number.setAccessibleDescription(caption)
        grid.setColumnStretch(len(self._numbers), 1)

    def set_numbers(self, *numbers: int | None) -> None:
        """Show one number for each caption; None for one that is not known."""
        for label, number in zip(self._numbers, numbers, strict=True):
            label.setText("–" if number is None else grouped(number))

    def texts(self) -> list[str]:
        """Return the numbers as they are shown."""
        return [label.text() for label in self._numbers]


class Dialog(QDialog):
    """The frame: a title, what it is about, the body, one line for a problem, and the buttons.

    It goes away for good when it is closed. Esc closes; Enter presses the button that has the focus, else the main one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(MARGIN, MARGIN - 4, MARGIN, MARGIN - 4)
        frame.setSpacing(GAP)
        top = QVBoxLayout()
        top.setSpacing(4)
        self._title = plain_label("", wrap=True, scale="title")
        self._about = plain_label("", wrap=True, muted=True)
        top.addWidget(self._title)
        top.addWidget(self._about)
        frame.addLayout(top)
        self.body = QVBoxLayout()
        self.body.setSpacing(SMALL_GAP)
        frame.addLayout(self.body, 1)
        self.problem = plain_label("", wrap=True, state="error")
        self.problem.setObjectName("problem")
        self.problem.hide()
        frame.addWidget(self.problem)
        self.buttons = QDialogButtonBox()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(SMALL_GAP)
        self._foot.addStretch(1)
        self._foot.addWidget(self.buttons)
        frame.addLayout(self._foot)

    def set_title(self, title: str, about: str = "") -> None:
        """Say what the dialog is for, in its window title and at its top."""
        self.setWindowTitle(title)
        self.setAccessibleDescription(about)
        self._title.setText(title)
        self._about.setText(about)
        self._about.setVisible(bool(about))

    def add_main_button(self, text: str) -> QPushButton:
        """Add the button that Enter presses; it accepts the dialog."""
        button = self.add_button(text, QDialogButtonBox.ButtonRole.AcceptRole)
        button.setProperty("role", "primary")
        widgets.restyle(button)
        button.setDefault(True)
        return button

    def add_button(
        self, text: str, role: QDialogButtonBox.ButtonRole = QDialogButtonBox.ButtonRole.RejectRole
    ) -> QPushButton:
        """Add a button; by default one that closes the dialog."""
        button = self.buttons.addButton(text, role)
        button.setAutoDefault(False)
        return button

    def add_side_button(self, text: str) -> QPushButton:
        """Add a button at the left that leaves the dialog open."""
        button = QPushButton(text)
        button.setAutoDefault(False)
        self._foot.insertWidget(self._foot.count() - 2, button)
        return button

    def show_problem(self, text: str) -> None:
        """Say in one line what keeps the dialog from going on; empty takes it away."""
        self.problem.setText(text)
        self.problem.setAccessibleName(text)
        self.problem.setVisible(bool(text))

    @Slot(object)
    def tell(self, error: BaseException) -> None:
        """Say what went wrong."""
        self.show_problem(error_text(error))

    @Slot()
    def abandon(self) -> None:
        """Close without a question, as the project does."""
        self.done(QDialog.DialogCode.Rejected)

    def keep_fitting(self, width: int, height: int) -> None:
        """Open at this size; the smallest sizes leave room on a screen of 1024 by 640."""
        self.setMinimumSize(min(width, 640), min(height, 420))
        self.resize(width, height)
        self.fit_on_screen()

    def fit_on_screen(self) -> None:
        """Be no larger than the screen, so that the buttons stay within reach."""
        self.resize(self.size().boundedTo(self.screen().availableGeometry().size() - _FRAME))

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self.focusWidget()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(button, QPushButton):
            button.click()
        else:
            super().keyPressEvent(event)


@contextmanager
def telling(dialog: Dialog | None) -> Iterator[None]:
    """Show a UserError from inside in a dialog, as long as it is open, instead of passing it on."""
    try:
        yield
    except UserError as error:
        if dialog is not None:
            dialog.tell(error)


def in_a_row(*members: QWidget) -> QWidget:
    """Return widgets beside each other, without a margin."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SMALL_GAP)
    for member in members:
        row.addWidget(member)
    return holder


class Fields(QGridLayout):
    """Rows of a muted name and a field, the names as a column."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(GAP)
        self.setVerticalSpacing(GAP - 2)
        self.setColumnStretch(1, 1)
        self.setColumnMinimumWidth(0, 92)

    def add_field(self, name: str, field: QWidget) -> QLabel:
        """Add a row; the letter after "&" in the name takes the keyboard to the field."""
        return self.add_row(name, field, field)

    def add_row(self, name: str, row: QWidget, field: QWidget) -> QLabel:
        """Add a row of several widgets, of which `field` gets the keyboard and the name."""
        label = plain_label(name, muted=True)
        label.setBuddy(field)
        field.setAccessibleName(name.replace("&", ""))
        self._add(label, row)
        return label

    def add_fact(self, name: str, value: str) -> QLabel:
        """Add a row that can be read and copied, not changed; a long value wraps."""
        shown = plain_label(value, wrap=True, selectable=True)
        shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        shown.setAccessibleName(f"{name}: {value}")
        self._add(plain_label(name, muted=True), shown)
        return shown

    def add_below(self, field: QWidget) -> None:
        """Add something under the last field."""
        self.addWidget(field, self.rowCount(), 1)

    def _add(self, label: QLabel, field: QWidget) -> None:
        row = self.rowCount()
        self.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.addWidget(field, row, 1)
