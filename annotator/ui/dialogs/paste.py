"""Make a document of text from the clipboard: what it is, when and where it appeared."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from annotator.ui.dialogs.dates import DateField
from annotator.ui.dialogs.parts import Dialog, Fields, plain_label, set_state
from annotator.ui.words import grouped

EDITABLE_CHARACTERS = 200_000
UNBROKEN_CHARACTERS = 30_000
SHOWN_CHARACTERS = 20_000
TITLE_CHARACTERS = 120


def first_line(text: str) -> str:
    """Return the first line that is not empty, on one line and not too long for a title."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    words = " ".join(line.replace("\0", "").split())
    return words if len(words) <= TITLE_CHARACTERS else words[: TITLE_CHARACTERS - 1].rstrip() + "…"


class PasteDialog(Dialog):
    """Shows the text and lets it be corrected before it is frozen.

    `accepted_document` carries text, title, date (ISO 8601 or empty) and URL. A text that nobody touched is handed on
    as it came, whatever the widget makes of its spaces. A very long one is shown by its beginning and not editable.
    """

    accepted_document = Signal(str, str, str, str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(
            self.tr("Paste as document"), self.tr("The text is frozen when it is added; correct it here if need be.")
        )
        self._given = text
        self._suggested = first_line(text)
        fields = Fields()
        self.title = QLineEdit(self._suggested)
        self.date = DateField()
        self.url = QLineEdit()
        self.url.setPlaceholderText(self.tr("https://… (optional)"))
        fields.add_field(self.tr("&Title"), self.title)
        fields.add_row(self.tr("&Date"), self.date, self.date.line)
        fields.add_field(self.tr("&Source URL"), self.url)
        self.body.addLayout(fields)
        self.body.addSpacing(6)
        self._add_text()
        self.add_button(self.tr("Cancel"))
        self.add_main_button(self.tr("Add document"))
        self.keep_fitting(680, 560)
        for line in (self.title, self.date.line, self.url):
            line.textEdited.connect(self._edited)
        self.text.textChanged.connect(self._text_edited)
        self.title.setFocus()
        self.title.selectAll()

    def _add_text(self) -> None:
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(self.tr("The clipboard holds no text. Type or paste it here."))
        long_run = max(map(len, self._given.split()), default=0) > UNBROKEN_CHARACTERS
        self._whole = len(self._given) <= EDITABLE_CHARACTERS and not long_run
        self.text.setPlainText(self._given if self._whole else self._given[:SHOWN_CHARACTERS])
        self.text.setReadOnly(not self._whole)
        self.text.document().setModified(False)
        label = plain_label(self.tr("Te&xt"), muted=True)
        label.setBuddy(self.text)
        self.text.setAccessibleName(self.tr("Text of the document"))
        self.count = plain_label("", muted=True, scale="small")
        self.body.addWidget(label)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.count)
        self._show_count()

    def document_text(self) -> str:
        """Return the text as it came, or as it was corrected."""
        if not self._whole or not self.text.document().isModified():
            return self._given
        return self.text.document().toRawText().replace("\u2029", "\n")

    def _show_count(self) -> None:
        count = grouped(len(self.document_text()))
        if self._whole:
            self.count.setText(self.tr("Characters: {count}").format(count=count))
        else:
            self.count.setText(self.tr("Characters: {count}. Only the beginning is shown.").format(count=count))

    @Slot()
    def _edited(self) -> None:
        self.show_problem("")
        set_state(self.title, "")

    @Slot()
    def _text_edited(self) -> None:
        self.show_problem("")
        self._show_count()
        if self.title.text() == self._suggested:
            self._suggested = first_line(self.document_text()[:SHOWN_CHARACTERS])
            self.title.setText(self._suggested)

    def accept(self) -> None:
        if not self.document_text().strip():
            self.show_problem(self.tr("There is no text. Type or paste it above."))
            self.text.setFocus()
        elif not self.title.text().strip():
            self.show_problem(self.tr("Type a title for the document."))
            set_state(self.title, "error")
            self.title.setFocus()
        elif not self.date.is_valid():
            self.show_problem(self.tr("Write the date as 2024-05-16, 2024-05 or 2024, or leave it empty."))
            self.date.setFocus()
        else:
            self.accepted_document.emit(
                self.document_text(), self.title.text().strip(), self.date.text(), self.url.text().strip()
            )
            super().accept()
