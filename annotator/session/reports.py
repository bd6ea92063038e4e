"""Reports for people: what they hold is gathered here; formats make files of it, and the window a PDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.records import Label, Layer
from annotator.core.report import PageBlock, Report, ReportDocument, ReportLabel
from annotator.core.search_query import SearchQuery
from annotator.session.about_page import about_blocks
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.session.report_agreement import agreement_blocks
from annotator.session.report_documents import STATUS_WORDS, ReportDocuments

if TYPE_CHECKING:
    from annotator.session.session import Session

REPORT_FORMATS = {"html": ".html", "pdf": ".pdf", "docx": ".docx", "md": ".md"}
"""Endings by the name of a format: a page, the same on paper, and sheets of quotes."""


PAPER_NAMES = ("A4", "Letter")


class Reports:
    """Reads only. A PDF is drawn by `ui.report_pdf`, for that needs Qt; everything else is made here."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(
        self,
        *,
        documents: Sequence[str] | None = None,
        layer: str | None = None,
        statuses: Sequence[str] | None = None,
        words: str = "",
        created: str = "",
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> Report:
        """Return the plain data of a report.

        Args:
            documents: ids; None takes every document.
            layer: as in `datasets.export`.
            statuses: only documents that have one of these in a shown layer; None takes all.
            words: only documents that a search for these words finds; empty takes all.
            created: the day that the report names, ISO 8601; today where it is empty.
            progress: told how many documents are done.
            cancel: stops between two documents.

        Raises:
            LayerChoiceError: several layers have annotations and none was named.
            UserError: nothing is left to show, or a layer or document is not there.
        """
        layers = self._session.datasets.layers_named(layer)
        ids = self._documents(documents, layers, statuses, words, cancel)
        maker = ReportDocuments(self._session, layers, self._layer_names())
        made = []
        for done, identity in enumerate(ids):
            if cancel is not None:
                cancel.check()
            made.append(maker.of(identity))
            progress(done + 1, len(ids), made[-1].title)
        report = self._report(made, layers, statuses, words, created or date.today().isoformat())
        figures = agreement_blocks(self._session, ids, progress, cancel or Cancel())
        return replace(report, summary=tuple(figures))

    def about(self, *, names: bool | None = None) -> list[PageBlock]:
        """Return the page about the project; leads see names, others ids, unless `names` says otherwise."""
        return about_blocks(self._session, names=self._session.role == "lead" if names is None else names)

    def render(
        self, report: Report, format_name: str, *, progress: Progress = no_progress, cancel: Cancel | None = None
    ) -> bytes:
        """Return the bytes of a report in a format other than PDF. Raises NotFoundError for another name."""

        def told(done: int, total: int, what: str) -> None:
            if cancel is not None:
                cancel.check()
            progress(done, total, what)

        if format_name == "html":
            from annotator.formats.reports.html import write_html

            return write_html(report, told)
        if format_name == "docx":
            from annotator.formats.reports.docx import write_docx

            return write_docx(report, told)
        if format_name == "md":
            from annotator.formats.reports.markdown import write_markdown

            return write_markdown(report, told)
        known = ", ".join(REPORT_FORMATS)
        raise NotFoundError("There is no kind of report “{name}”. There are: {known}.", name=format_name, known=known)

    def render_about(self, format_name: str, *, names: bool | None = None) -> bytes:
        """Return the page about the project in UTF-8, as html or md; `names` as in `about`."""
        blocks = self.about(names=names)
        if format_name == "html":
            from annotator.formats.reports.page_html import write_page_html

            return write_page_html(blocks[0].text, blocks)
        from annotator.formats.reports.markdown import write_page_markdown

        return write_page_markdown(blocks)

    def save(self, content: bytes, target: Path) -> None:
        """Write a file, whole or not at all. Raises UserError where it cannot be written or is the project."""
        from annotator.formats.datasets.replacing import FileSet, explained_failures

        target = target.resolve()
        if target == self._session.path.resolve():
            raise RefusedError("This is the project itself. Choose another file.")
        with explained_failures(target, "written"), FileSet(target.parent) as files:
            files.add(target.name, content)
            files.install()

    def _documents(
        self,
        wanted: Sequence[str] | None,
        layers: Iterable[Layer],
        statuses: Sequence[str] | None,
        words: str,
        cancel: Cancel | None,
    ) -> list[str]:
        lists = self._session.reading.lists
        ids = lists.document_ids() if wanted is None else list(dict.fromkeys(wanted))
        if statuses is not None:
            known = lists.statuses_in([layer.id for layer in layers])
            ids = [i for i in ids if not known.get(i, {"new"}).isdisjoint(statuses)]
        if words.strip():
            check = (lambda: None) if cancel is None else cancel.check
            found = {hit.document for hit in self._session.queries.searching(SearchQuery(words), check).hits()}
            ids = [i for i in ids if i in found]
        if not ids:
            raise RefusedError("There is no document to report on. Choose others, or import some first.")
        return ids

    def _layer_names(self) -> dict[str, str]:
        """Return what each layer is called, one's own too where nothing is stored in it yet."""
        own = self._session.own_layer(self._session.reading)
        return {own.id: self._session.person.name} | self._session.datasets.layer_names()

    def _report(
        self,
        documents: Sequence[ReportDocument],
        layers: Sequence[Layer],
        statuses: Sequence[str] | None,
        words: str,
        created: str,
    ) -> Report:
        project, codebook = self._session.queries.project(), self._session.queries.codebook()
        counts = Counter(span.label for document in documents for span in document.spans)
        labels = tuple(
            _label(label, counts[label.id]) for label in codebook.labels if counts[label.id] or not label.retired
        )
        names = self._layer_names()
        shown = {span.layer for document in documents for span in document.spans}
        facts = (
            ("Project", project.title),
            ("Documents", str(len(documents))),
            ("Spans", str(sum(counts.values()))),
            ("Layer", ", ".join(n for n in (names[one.id] for one in layers) if len(layers) == 1 or n in shown)),
            ("Codebook", f"{codebook.name}, version {codebook.version}"),
            ("Only documents that are", ", ".join(STATUS_WORDS[one] for one in statuses or ())),
            ("Only documents with", words.strip()),
            ("Made on", created),
        )
        return Report(
            documents[0].title if len(documents) == 1 else project.title,
            created,
            tuple(fact for fact in facts if fact[1]),
            labels,
            tuple(documents),
            annex=(*_definitions(labels), *self.about()),
        )


def _label(label: Label, count: int) -> ReportLabel:
    return ReportLabel(
        label.id,
        label.name,
        label.light,
        label.dark,
        label.pattern,
        label.initial,
        count,
        label.definition,
        label.includes,
        label.excludes,
        label.boundary,
        label.examples,
    )


def _definitions(labels: Iterable[ReportLabel]) -> Iterator[PageBlock]:
    yield PageBlock("heading", "Labels and what they mean", 1)
    for label in labels:
        yield PageBlock("heading", label.name, 2)
        yield PageBlock("text", label.definition) if label.definition else PageBlock("muted", "Not defined.")
        for title, lines in (
            ("Include", label.includes),
            ("Exclude", label.excludes),
            ("Boundary", (label.boundary,) if label.boundary else ()),
            ("Examples", label.examples),
        ):
            if lines:
                yield PageBlock("heading", title, 3)
                yield from (PageBlock("item", line) for line in lines)
