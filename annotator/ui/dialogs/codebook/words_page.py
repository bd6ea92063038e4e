"""The page of the words before which a clause breaks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from annotator.ui.dialogs.codebook.draft import CodebookDraft
from annotator.ui.dialogs.parts import Fields, plain_label, set_state


class WordsPage(QWidget):
    """The name of the codebook, and its condition words, one a line."""

    def __init__(self, draft: CodebookDraft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self.name = QLineEdit()
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(self.tr("Condition words, one a line"))
        for field in (self.name, self.words):
            field.setReadOnly(not draft.writable)
        fields = Fields()
        fields.add_field(self.tr("Codebook"), self.name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(fields)
        layout.addWidget(
            plain_label(
                self.tr(
                    "Words that open a condition, one a line, in any language of the texts. "
                    "Clauses break before them when a selection grows and when a digit tags the clause at the caret."
                ),
                wrap=True,
                muted=True,
            )
        )
        layout.addWidget(self.words, 1)
        self._loading = False
        self.name.textEdited.connect(self._edit)
        self.words.textChanged.connect(self._edit)
        draft.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the draft as it is now."""
        self._loading = True
        if self.name.text().strip() != self.draft.codebook.name:
            self.name.setText(self.draft.codebook.name)
        if self._typed() != self.draft.codebook.condition_words:
            self.words.setPlainText("\n".join(self.draft.codebook.condition_words))
        self._loading = False

    def show_problem(self, field: str) -> None:
        """Mark the name where it cannot be saved."""
        set_state(self.name, "error" if field == "name" else "")

    def _typed(self) -> tuple[str, ...]:
        lines = (" ".join(line.split()) for line in self.words.toPlainText().splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    @Slot()
    def _edit(self) -> None:
        if not self._loading:
            codebook = self.draft.codebook
            self.draft.take(replace(codebook, name=self.name.text().strip(), condition_words=self._typed()))
