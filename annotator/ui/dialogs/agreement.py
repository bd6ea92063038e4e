"""How far layers agree: figures with intervals, by label, pair, document and month, over any part of the corpus."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QProgressBar, QTableView, QTabWidget, QWidget

from annotator.session.agreement import GOLD, Agreement, AgreementScope, shows_people
from annotator.session.progress import Cancel, Progress
from annotator.ui.dialogs.agreement_figures import AgreementFigures
from annotator.ui.dialogs.controls import CheckBox, ComboBox
from annotator.ui.dialogs.dates import is_iso_date
from annotator.ui.dialogs.parts import Dialog, in_a_row, plain_button, plain_label, set_state
from annotator.ui.messages import error_text
from annotator.ui.models.agreement_tables import KEY, AgreementTable, SortedTable, as_text, tables
from annotator.ui.panels.widgets import FlowLayout
from annotator.ui.tasks import Task, TaskRunner
from annotator.ui.words import QT_TRANSLATE_NOOP, grouped, language_name, span_count, tr

if TYPE_CHECKING:
    from annotator.session.session import Session

SIZE = (1120, 720)
_DELAY = 250
"""Milliseconds after a change of a filter until it is measured anew."""

_DATE_WIDTH = 96

_ROWS_THAT_COUNT = 60
"""Rows that are looked at to find the width of a column."""

_NAME_WIDTH = 220
"""Pixels that the names at the left of a table have at least."""

TABS = {
    "labels": QT_TRANSLATE_NOOP("words", "By label"),
    "pairs": QT_TRANSLATE_NOOP("words", "By pair of layers"),
    "documents": QT_TRANSLATE_NOOP("words", "By document"),
    "months": QT_TRANSLATE_NOOP("words", "Over time"),
    "confused": QT_TRANSLATE_NOOP("words", "Confused labels"),
}

_NOTHING = {
    "one_layer": QT_TRANSLATE_NOOP(
        "words",
        "There is only one layer in this round, and agreement needs two. Let two people tag the same documents, "
        "or load what somebody else tagged.",
    ),
    "no_documents": QT_TRANSLATE_NOOP(
        "words",
        "No document of this choice was worked on in two layers. A layer counts in a document where something is "
        "tagged, or where its annotator is done.",
    ),
}


class FigureTable(QTableView):
    """A table to read and sort; its first column takes what room is left, and is never too narrow for a name."""

    def __init__(self, model: SortedTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setResizeContentsPrecision(_ROWS_THAT_COUNT)

    def fit_columns(self) -> None:
        """Give each column the width that it needs."""
        self.resizeColumnsToContents()
        others = sum(self.columnWidth(column) for column in range(1, self.model().columnCount()))
        if self.model().columnCount():
            self.setColumnWidth(0, max(_NAME_WIDTH, self.viewport().width() - others))

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()


class AgreementDialog(Dialog):
    """Stays open beside the window. `document_wanted` carries a document's id."""

    document_wanted = Signal(str)

    def __init__(self, session: Session, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks = session, tasks
        self._task: Task | None = None
        self.agreement: Agreement | None = None
        self.set_title(
            self.tr("Agreement"),
            self.tr("Where layers tag and which label they give. Brackets hold the 95 % interval over documents."),
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self.measure)
        self._build_filters()
        self._build_progress()
        self.figures = AgreementFigures()
        self.body.addWidget(self.figures)
        self._build_tables()
        self.copy_button = self.add_side_button(self.tr("&Copy table"))
        self.copy_button.clicked.connect(self.copy)
        self.add_button(self.tr("Close"))
        self.keep_fitting(*SIZE)
        self.finished.connect(self._stop)
        self.measure()

    # -- building

    def _build_filters(self) -> None:
        queries = self._session.queries
        self.round = self._choice(self.tr("Round"))
        for one in sorted(queries.rounds(), key=lambda one: one.position):
            self.round.addItem(one.name, one.id)
        self.round.setCurrentIndex(max(0, self.round.findData(queries.project().round)))
        self.layers = self._choice(self.tr("Layers"))
        self._fill_layers()
        self.label = self._choice(self.tr("Labels"), self.tr("All labels"))
        for label in queries.codebook().labels:
            self.label.addItem(label.name, label.id)
        facets = queries.document_facets()
        self.language = self._choice(self.tr("Language"), self.tr("Any language"))
        for tag in sorted(filter(None, facets["language"])):
            self.language.addItem(language_name(tag), tag)
        self.format = self._choice(self.tr("Format"), self.tr("Any format"))
        for name in sorted(filter(None, facets["format"])):
            self.format.addItem(name, name)
        self.period = self._choice(self.tr("Months"))
        self.period.addItem(self.tr("By the documents’ dates"), "date")
        self.period.addItem(self.tr("By when it was tagged"), "tagged")
        self.period.hide()
        self.date_from = self._line(self.tr("From"), self.tr("2024-05"), _DATE_WIDTH)
        self.date_to = self._line(self.tr("To"), self.tr("2024-05"), _DATE_WIDTH)
        self.file = self._line(self.tr("Source file"), self.tr("File name"), 130)
        self.finished_only = CheckBox(self.tr("&Finished work only"))
        self.finished_only.setMinimumHeight(self.round.sizeHint().height())
        self.finished_only.toggled.connect(self._filter_changed)
        row = FlowLayout()
        row.setContentsMargins(0, 0, 0, 0)
        dates = in_a_row(
            plain_label(self.tr("Dates"), muted=True), self.date_from, plain_label("–", muted=True), self.date_to
        )
        for widget in (self.round, self.layers, self.label, self.language, self.format, self.file, dates):
            row.addWidget(widget)
        row.addWidget(in_a_row(self.finished_only))
        holder = QWidget()
        holder.setLayout(row)
        self.body.addWidget(holder)
        self.round.currentIndexChanged.connect(self._round_changed)

    def _choice(self, name: str, everything: str = "") -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(name)
        if everything:
            box.addItem(everything, "")
        box.currentIndexChanged.connect(self._filter_changed)
        return box

    def _line(self, name: str, hint: str, width: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setFixedWidth(width)
        field.textEdited.connect(self._filter_changed)
        return field

    def _fill_layers(self) -> None:
        """List what can be compared in the round: pairs of people only where figures per person are shown."""
        self.layers.blockSignals(True)
        self.layers.clear()
        self.layers.addItem(self.tr("All annotators"), ())
        in_round = [layer for layer in self._session.queries.layers() if layer.round == self.round.currentData()]
        gold = [layer.id for layer in in_round if layer.kind == GOLD]
        if gold:
            self.layers.addItem(self.tr("All annotators and gold"), GOLD)
        if shows_people(self._session):
            names = {person.id: person.name for person in self._session.queries.annotators()}
            people = sorted((names[one.annotator], one.id) for one in in_round if one.annotator in names)
            for place, (name, layer) in enumerate(people):
                for other_name, other in people[place + 1 :]:
                    self.layers.addItem(f"{name} ↔ {other_name}", (layer, other))
                for one in gold:
                    self.layers.addItem(self.tr("{name} ↔ gold").format(name=name), (one, layer))
        self.layers.blockSignals(False)

    def _build_progress(self) -> None:
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How far the measuring is"))
        self.cancel_button = plain_button(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.cancel)
        self.again_button = plain_button(self.tr("Measure again"))
        self.again_button.clicked.connect(self.measure)
        self.state = plain_label("", muted=True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.state, 1)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.again_button)
        holder = QWidget()
        holder.setLayout(row)
        holder.setFixedHeight(self.again_button.sizeHint().height())
        self.body.addWidget(holder)

    def _build_tables(self) -> None:
        self.tabs = QTabWidget()
        self.views: dict[str, FigureTable] = {}
        self._models: dict[str, AgreementTable] = {}
        for name, title in TABS.items():
            model, table = AgreementTable(self), SortedTable(self)
            table.setSourceModel(model)
            view = FigureTable(table)
            view.setAccessibleName(tr(title))
            self.tabs.addTab(view, tr(title))
            self.views[name], self._models[name] = view, model
        self.tabs.setCornerWidget(self.period)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.views["documents"].activated.connect(self._open_document)
        self.views["documents"].doubleClicked.connect(self._open_document)
        self.nothing = QLabel()
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self.body.addWidget(self.tabs, 1)
        self.body.addWidget(self.nothing, 1)

    # -- what is measured

    def scope(self) -> AgreementScope:
        """Return what the filters choose."""
        layers = self.layers.currentData()
        return AgreementScope(
            layers=() if layers == GOLD else tuple(layers or ()),
            gold=layers == GOLD,
            round=self.round.currentData() or "",
            labels=tuple(filter(None, (self.label.currentData(),))),
            languages=tuple(filter(None, (self.language.currentData(),))),
            formats=tuple(filter(None, (self.format.currentData(),))),
            file=self.file.text().strip(),
            date_from=self.date_from.text().strip(),
            date_to=self.date_to.text().strip(),
            finished_only=self.finished_only.isChecked(),
            period=self.period.currentData(),
        )

    @Slot()
    def _round_changed(self) -> None:
        self._fill_layers()

    @Slot()
    def _tab_changed(self) -> None:
        self.period.setVisible(self.tabs.currentWidget() is self.views["months"])
        self.copy_button.setText(self.tr("&Copy table"))

    @Slot()
    def _filter_changed(self) -> None:
        self._timer.start()

    def _dates_are_right(self) -> bool:
        right = True
        for field in (self.date_from, self.date_to):
            fits = not field.text().strip() or is_iso_date(field.text().strip())
            set_state(field, "" if fits else "error")
            right = right and fits
        return right

    @Slot()
    def measure(self) -> None:
        """Measure anew beside the window; what is measured already stays in sight until then."""
        self._timer.stop()
        if not self._dates_are_right():
            self.show_problem(self.tr("Give a date as 2024-05-16, 2024-05 or 2024."))
            return
        self.show_problem("")
        self._stop()
        task = self._tasks.start("", partial(_measure_job, self._session, self.scope()))
        task.handles_failure = True
        task.progressed.connect(self._show_progress)
        task.finished.connect(self._take)
        task.failed.connect(self._fail)
        task.cancelled.connect(self._cancelled)
        self._task = task
        self._show_progress(0, 0, "")
        self._show_running(running=True)

    @Slot()
    def cancel(self) -> None:
        """Stop measuring; what was shown before stays."""
        self._stop()
        self._show_running(running=False)
        self.state.setText(self.tr("Stopped."))

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def mark_stale(self) -> None:
        """Say that something has changed since it was measured."""
        if self._task is None:
            self.state.setText(self.tr("Something has changed since."))
            self.again_button.show()

    # -- what comes of it

    def _show_running(self, *, running: bool) -> None:
        self.bar.setVisible(running)
        self.cancel_button.setVisible(running)
        self.state.setVisible(not running)
        self.again_button.setVisible(not running)

    @Slot(int, int, str)
    def _show_progress(self, done: int, total: int, _what: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    @Slot()
    def _cancelled(self) -> None:
        if self.sender() is self._task:
            self.cancel()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        self._show_running(running=False)
        self.state.setText("")
        self.show_problem(error_text(error))

    @Slot(object)
    def _take(self, agreement: Agreement) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        self._show_running(running=False)
        self.again_button.hide()
        self.show_agreement(agreement)

    def show_agreement(self, agreement: Agreement) -> None:
        """Show these figures."""
        self.agreement = agreement
        measured = agreement.measured
        self.figures.show_figures(measured.overall)
        self.state.setText(self._summary(agreement))
        for name, content in tables(agreement).items():
            self._models[name].set_content(content)
            self.views[name].fit_columns()
        reason = measured.overall["alpha_unitising"].reason if not measured.documents else ""
        self.nothing.setText(tr(_NOTHING[reason]) if reason else "")
        self.nothing.setVisible(bool(reason))
        self.tabs.setVisible(not reason)
        self.copy_button.setEnabled(not reason)
        self.copy_button.setText(self.tr("&Copy table"))
        self.tabs.setTabVisible(list(TABS).index("pairs"), len(agreement.layers) > 2)
        self.tabs.setTabVisible(list(TABS).index("confused"), self._models["confused"].rowCount() > 0)

    def _summary(self, agreement: Agreement) -> str:
        measured = agreement.measured
        spans = sum(sum(counts.values()) for counts in measured.spans.values())
        documents = (
            self.tr("1 document")
            if measured.documents == 1
            else self.tr("{count} documents").format(count=grouped(measured.documents))
        )
        layers = self.tr("{count} layers").format(count=len(agreement.layers))
        return f"{documents} · {layers} · {span_count(spans)}" if measured.documents else ""

    @Slot(QModelIndex)
    def _open_document(self, index: QModelIndex) -> None:
        document = index.data(KEY)
        if document:
            self.document_wanted.emit(document)

    @Slot()
    def copy(self) -> None:
        """Put the table in sight into the clipboard, for a spreadsheet."""
        view = self.tabs.currentWidget()
        assert isinstance(view, QTableView)
        table = view.model()
        assert isinstance(table, SortedTable)
        QGuiApplication.clipboard().setText(as_text(table))
        self.copy_button.setText(self.tr("Copied"))


def _measure_job(session: Session, scope: AgreementScope, progress: Progress, cancel: Cancel) -> Agreement:
    return session.queries.agreement(scope, progress=progress, check=cancel.check)
