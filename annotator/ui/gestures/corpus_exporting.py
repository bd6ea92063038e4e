"""The table of all annotations and the chart beside it as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from annotator.ui.models.corpus_attributes import attribute_titles
from annotator.ui.words import grouped, status_name

if TYPE_CHECKING:
    from annotator.core.corpus_row import CorpusRow
    from annotator.core.records import AttributeDefinition
    from annotator.session.corpus import CorpusChoices, CorpusView, RowDetails
    from annotator.session.progress import Cancel, Progress
    from annotator.ui.corpus_page import CorpusPage

_HEADER = (
    *("Document", "Date", "Language", "Format", "Source", "Label", "Annotator", "Start", "End"),
    *("Left context", "Span", "Right context", "Tagged", "Origin", "Status", "Note", "Annotation"),
)


class CorpusExporting(QObject):
    """A table has every row of the filter, not only those that are loaded, and every column."""

    def __init__(self, page: CorpusPage) -> None:
        super().__init__(page)
        self._page = page
        self._menu: QMenu | None = None
        self._kind = ""
        self._mark = True

    def menu(self, parent: QWidget) -> QMenu:
        """Return what can be written."""
        self._menu = menu = QMenu(parent)
        for text, kind in (
            (self.tr("Table as CSV…"), "csv"),
            (self.tr("Table as CSV without byte order mark…"), "csv plain"),
            (self.tr("Table as Excel sheet (XLSX)…"), "xlsx"),
            (self.tr("Chart as PNG…"), "png"),
            (self.tr("Chart as SVG…"), "svg"),
        ):
            menu.addAction(text).setData(kind)
        menu.insertSeparator(menu.actions()[3])
        menu.triggered.connect(self._choose)
        menu.aboutToShow.connect(self._show_possible)
        return menu

    def set_possible(self, *, table: bool) -> None:
        """Say whether there is a table to write."""
        for action in self._menu.actions() if self._menu is not None else ():
            if action.data() in ("csv", "csv plain", "xlsx"):
                action.setEnabled(table)

    @Slot()
    def _show_possible(self) -> None:
        for action in self._menu.actions() if self._menu is not None else ():
            if action.data() in ("png", "svg"):
                action.setEnabled(self._page.figures.isVisible() and not self._page.figures.chart.is_empty)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        from annotator.ui.dialogs.file_dialog import FileDialog

        self._kind, _, plain = str(action.data()).partition(" ")
        self._mark = not plain
        session = self._page.session
        if session is None:
            return
        dialog = FileDialog(self._page, self.tr("Export to"), str(session.path.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{self._kind.upper()} (*.{self._kind})")
        dialog.setDefaultSuffix(self._kind)
        dialog.selectFile(f"{session.path.stem}-{'annotations' if self._kind in ('csv', 'xlsx') else 'chart'}")
        dialog.fileSelected.connect(self._write)
        dialog.open()

    @Slot(str)
    def _write(self, file: str) -> None:
        if self._kind in ("png", "svg"):
            self.write_chart(Path(file).with_suffix(f".{self._kind}"))
        else:
            self.write_table(Path(file), self._kind, mark=self._mark)

    def write_chart(self, target: Path) -> None:
        """Write the chart on screen, as PNG or SVG by the suffix."""
        from annotator.ui.panels.corpus_pictures import save_picture

        page = self._page
        with page.tools.messages.showing_errors():
            save_picture(page.figures.chart, page.theme, target, page.figures.picture_name())
            page.tools.messages.inform(self.tr("{file} is written.").format(file=target.name))

    def write_table(self, target: Path, kind: str, *, mark: bool = True) -> None:
        """Write every row of the filter beside the window."""
        page = self._page
        view = page.reading.view
        if view is None or page.choices is None:
            return
        job = partial(_write_table, view, page.choices, target, kind, mark)
        task = page.tools.tasks.start(self.tr("Exporting the table"), job)
        task.finished.connect(self._tell)

    @Slot(object)
    def _tell(self, ended: tuple[str, int]) -> None:
        words = self.tr("{file} is written: {count} rows.")
        self._page.tools.messages.inform(words.format(file=ended[0], count=grouped(ended[1])))


def _write_table(
    view: CorpusView,
    choices: CorpusChoices,
    target: Path,
    kind: str,
    mark: bool,
    progress: Progress,
    cancel: Cancel,
) -> tuple[str, int]:
    from annotator.session.corpus_table import export_table

    attributes = [one for one in choices.attributes if not one.retired]
    titles = attribute_titles(choices.attributes, choices.labels)
    header = [*_HEADER, *(titles[one.id] for one in attributes)]
    cells = partial(_cells, {label.id: label.name for label in choices.labels}, choices.layer_names, attributes)
    count = export_table(view, target, kind, header, cells, details=True, mark=mark, progress=progress, cancel=cancel)
    return target.name, count


def _cells(
    labels: Mapping[str, str],
    layers: Mapping[str, str],
    attributes: Sequence[AttributeDefinition],
    row: CorpusRow,
    details: RowDetails | None,
) -> list[str]:
    from annotator.ui.models.corpus_model import value_words

    values = details.values if details is not None else {}
    return [
        *(
            row.title,
            row.date,
            row.language,
            row.format,
            row.file,
            labels.get(row.label, ""),
            layers.get(row.layer, ""),
        ),
        *(str(row.start), str(row.end), row.before, row.span, row.after, row.created, row.origin),
        *(status_name(details.status if details else "new"), details.note if details else "", row.id),
        *(value_words(one, values.get(one.key)) for one in attributes),
    ]
