"""The page on which one annotates: documents, text and inspector side by side. Assembly, no logic."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from annotator.core.note_text import plain_note
from annotator.core.records import Document
from annotator.core.spans import SpanMark
from annotator.ui.models.document_list_model import DocumentListModel
from annotator.ui.models.history_model import HistoryModel
from annotator.ui.models.open_document import OpenDocument
from annotator.ui.panels.attribute_editors import Entities
from annotator.ui.panels.document_faces import DocumentFaces
from annotator.ui.panels.document_panel import DocumentPanel
from annotator.ui.panels.find_bar import FindBar
from annotator.ui.panels.history_panel import HistoryPanel
from annotator.ui.panels.inspector_panel import InspectorPanel
from annotator.ui.panels.invisible_banner import InvisibleBanner
from annotator.ui.panels.label_bar import LabelBar
from annotator.ui.panels.question_strip import QuestionStrip
from annotator.ui.panels.relate_strip import RelateStrip
from annotator.ui.panels.search_panel import SearchPanel
from annotator.ui.panels.three_panes import PaneWidths, ThreePanes
from annotator.ui.panels.unplaced_banner import UnplacedBanner
from annotator.ui.panels.unplaced_panel import UnplacedPanel
from annotator.ui.panels.widgets import plain_label
from annotator.ui.theme import Theme
from annotator.ui.views.reading_view import ReadingView
from annotator.ui.words import grouped, language_name, tr

_WIDTHS = PaneWidths(first=(290, 820, 330), least=(190, 380, 258), shares=(0.2, 0.24))
"""Of documents, text and inspector."""

_STYLE = """
QComboBox[plain="true"], QLineEdit[plain="true"], QPlainTextEdit[plain="true"] {
    background: transparent; border: 1px solid transparent; padding: 1px 4px; border-radius: 4px;
}
QComboBox[plain="true"] QLineEdit, QComboBox[plain="true"] QLineEdit:hover, QComboBox[plain="true"] QLineEdit:focus {
    background: transparent; border: none; padding: 0;
}
QComboBox[plain="true"]:hover, QLineEdit[plain="true"]:hover, QPlainTextEdit[plain="true"]:hover {
    border-color: $border;
}
QComboBox[plain="true"]:focus, QLineEdit[plain="true"]:focus, QPlainTextEdit[plain="true"]:focus {
    border-color: $focus; background: $surface;
}
QComboBox[plain="true"]:editable { padding-left: 2px; }
QComboBox[plain="true"]::drop-down { width: 0; border: none; }
QComboBox[plain="true"]:hover::drop-down { width: 14px; }
QComboBox[inherited="true"], QLineEdit[inherited="true"], QPlainTextEdit[inherited="true"], QCheckBox[inherited="true"],
QToolButton[inherited="true"] { color: $text_muted; font-style: italic; }
QComboBox:disabled, QLineEdit:disabled, QPlainTextEdit:disabled, QCheckBox:disabled { color: $text; }
QCheckBox { padding: 2px 4px; }
QToolButton[quiet="true"] { color: $text_muted; padding: 1px 4px; }
QToolButton[quiet="true"]:hover { color: $text; }
QToolButton[quiet="true"][state="warning"] { color: $warning; font-weight: 600; }
QLabel[link="true"]:hover { color: $link; }
QLabel[link="true"]:focus { color: $link; }
QStackedWidget[bar="right"], QWidget[reading="true"] { background: $reading; }
"""


class AnnotatePage(QWidget):
    """Holds the models and the panels that show them."""

    def __init__(self, entities: Entities, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dress(theme)
        self.document = OpenDocument(self)
        self.documents = DocumentListModel(self)
        self.history = HistoryModel(self)
        self.splitter = ThreePanes(_WIDTHS, self)
        self.left = QStackedWidget(self.splitter)
        self._centre = QWidget(self.splitter)
        self.middle = QStackedWidget(self._centre)
        self.right = QStackedWidget(self.splitter)
        self.splitter.set_panes(self.left, self._centre, self.right)
        self.document_panel = DocumentPanel(self.documents, theme, self.left)
        self.search_panel = SearchPanel(theme, self.left)
        self.label_bar = LabelBar(theme, self._centre)
        self.find_bar = FindBar(self._centre)
        self.relate_strip = RelateStrip(self._centre)
        self.question_strip = QuestionStrip(self._centre)
        self.invisible_banner = InvisibleBanner(self._centre)
        self.unplaced_banner = UnplacedBanner(self._centre)
        self.reading = ReadingView(theme, self)
        self.reading.set_describe(self._describe_span)
        self.faces = DocumentFaces(self.reading, self._describe_span, theme, self.middle)
        self.inspector = InspectorPanel(self.document, entities, theme, self.right)
        self.history_panel = HistoryPanel(self.history, theme, self.right)
        self.unplaced_panel = UnplacedPanel(theme, self.right)
        self._nothing = plain_label("", self.middle, muted=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("reading", True)
        self._late_panels: dict[QWidget, QWidget] = {}
        self._build()
        self.document.opened.connect(self._show_document)
        self.document.described.connect(self._describe_document)
        self.document.spans_changed.connect(self._change_spans)
        self.document.links_changed.connect(self.reading.change_links)
        self.document.selected.connect(self._show_selected)
        self.documents.totals_changed.connect(self._show_nothing)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._dress(theme)
        for part in (
            *(self.document_panel, self.label_bar, self.reading, self.faces),
            *(self.inspector, self.history_panel, self.search_panel, self.unplaced_panel),
        ):
            part.set_theme(theme)
        for panel in self._late_panels:
            panel.set_theme(theme)  # type: ignore[attr-defined]

    def _dress(self, theme: Theme) -> None:
        """Take the theme's style sheet; before there are parts, it costs far less."""
        self.theme = theme
        sheet = Template(_STYLE).substitute(theme.colors)
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def set_writable(self, writable: bool) -> None:
        """Say whether the project can be changed."""
        for part in (self.document_panel, self.label_bar, self.inspector, self.history_panel, self.unplaced_panel):
            part.set_writable(writable)
        self._show_nothing()

    def show_history(self, shown: bool) -> None:
        """Show the history in the inspector's place, or the inspector."""
        self.right.setCurrentWidget(self.history_panel if shown else self.inspector)

    @property
    def history_is_shown(self) -> bool:
        """Say whether the history is in the inspector's place."""
        return self.right.currentWidget() is self.history_panel

    def show_unplaced(self, shown: bool) -> None:
        """Show the spans without a place in the inspector's place, or the inspector."""
        self.right.setCurrentWidget(self.unplaced_panel if shown else self.inspector)

    @property
    def unplaced_is_shown(self) -> bool:
        """Say whether the spans without a place are in the inspector's place."""
        return self.right.currentWidget() is self.unplaced_panel

    def add_left(self, panel: QWidget, focus: QWidget) -> None:
        """Take in a panel that is made late, with what takes its focus, to be shown by `show_left`."""
        self.left.addWidget(panel)
        self._late_panels[panel] = focus

    def show_left(self, panel: QWidget) -> None:
        """Show a panel in the documents' place."""
        self.left.setCurrentWidget(panel)

    def left_focus(self) -> QWidget:
        """Return what takes the focus of the pane at the left."""
        shown = self.left.currentWidget()
        late = self._late_panels.get(shown) if shown is not None else None
        return late or (self.search_panel.field if self.search_is_shown else self.document_panel.list)

    def show_search(self, shown: bool) -> None:
        """Show the search in the documents' place, or the documents."""
        self.left.setCurrentWidget(self.search_panel if shown else self.document_panel)

    @property
    def search_is_shown(self) -> bool:
        """Say whether the search is in the documents' place."""
        return self.left.currentWidget() is self.search_panel

    def _build(self) -> None:
        self.left.addWidget(self.document_panel)
        self.left.addWidget(self.search_panel)
        self.middle.addWidget(self._nothing)
        self.middle.addWidget(self.faces)
        self.right.addWidget(self.inspector)
        self.right.addWidget(self.history_panel)
        self.right.addWidget(self.unplaced_panel)
        column = QVBoxLayout(self._centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.label_bar)
        column.addWidget(self.find_bar)
        column.addWidget(self.invisible_banner)
        column.addWidget(self.unplaced_banner)
        column.addWidget(self.middle, 1)
        column.addWidget(self.relate_strip)
        column.addWidget(self.question_strip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._show_nothing()

    @Slot()
    def _show_nothing(self) -> None:
        """Say in the place of a document how to come to one."""
        is_empty = self.document_panel.add_button.isEnabled() and not self.documents.rowCount()
        words = self.tr("Drop files here or press Ctrl+I") if is_empty else self.tr("Choose a document at the left")
        self._nothing.setText(words)

    def show_codebook(self) -> None:
        """Draw labels and relations as the codebook in use says."""
        codebook = self.document.codebook
        if codebook is not None:
            labels = {label.id: label for label in codebook.labels}
            self.reading.set_labels(labels)
            self.reading.set_relation_names({relation.id: relation.name for relation in codebook.relations})
            self.faces.page_view.set_labels(labels)
            self.reading.set_condition_words(codebook.condition_words)

    @Slot()
    def _show_document(self) -> None:
        content = self.document.content
        if content is None:
            self.reading.clear()
            self.faces.show_document(None)
            self.find_bar.hide()
            self.find_bar.set_text("")
            self._show_nothing()
            focus = self.window().focusWidget()
            if focus is not None and self.faces.isAncestorOf(focus):
                self.document_panel.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.middle.setCurrentWidget(self._nothing)
        else:
            self.show_codebook()
            self.reading.set_document(
                content.text, content.structure, content.document.title, subtitle(content.document)
            )
            self.reading.set_spans(self.document.marks())
            self.reading.set_links(self.document.link_marks())
            self.find_bar.set_text(content.text)
            self.faces.show_document(content.document)
            self.middle.setCurrentWidget(self.faces)
        document = self.document.document
        self.document_panel.show_open(document.id if document else None)
        self.invisible_banner.set_document(document.id if document else "", content.text if content else "")

    @Slot()
    def _describe_document(self) -> None:
        content = self.document.content
        if content is not None:
            place, span = self.reading.top_position(), self.reading.selected_span()
            self.reading.set_document(
                content.text, content.structure, content.document.title, subtitle(content.document)
            )
            self.reading.set_spans(self.document.marks())
            self.reading.set_links(self.document.link_marks())
            self.faces.page_view.change_spans()
            self.reading.select_span(span, reveal=False)
            self.reading.scroll_to_top_position(place)

    @Slot(object, object)
    def _change_spans(self, removed: list[str], put: list[SpanMark]) -> None:
        self.reading.change_spans(removed, put)
        self.faces.page_view.change_spans()
        self._show_selected()

    @Slot(object)
    def _show_selected(self, _annotation: str | None = None) -> None:
        annotation = self.document.selected_span
        self.label_bar.set_current(annotation.label if annotation else None)

    def _describe_span(self, span: str) -> str:
        """Return what a tool tip says of a span: its label and who set it, and its note on lines of its own."""
        annotation = self.document.annotation(span)
        label = self.document.label_of(annotation) if annotation else None
        if annotation is None or label is None:
            return ""
        author = self.inspector.name_of(annotation.annotator)
        note = plain_note(self.document.note(span))
        return "\n".join(part for part in (f"{label.name} · {author}", note) if part)

    # -- Qt


def subtitle(document: Document) -> str:
    """Return the line under a document's title."""
    parts = [document.date, language_name(document.language) if document.language else ""]
    parts.append(tr("{count} characters").format(count=grouped(document.characters)))
    if document.file:
        parts.append(tr("imported from {file}").format(file=document.file))
    return "   ·   ".join(part for part in parts if part)
