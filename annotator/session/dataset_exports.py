"""One export: from a recipe to a verified dataset with its manifest, data card and loss report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import annotator
from annotator.analysis.leaks import LeakFinder, LeakGroups
from annotator.core.codebook import codebook_to_data
from annotator.core.errors import RefusedError
from annotator.core.recipes import ExportRecipe, recipe_to_data
from annotator.core.records import Document, Layer
from annotator.session.dataset_lines import DatasetLines
from annotator.session.progress import Cancel, Progress
from annotator.session.selection import (
    SelectedLines,
    first_versions,
    selected_documents,
    sides_of,
)

if TYPE_CHECKING:
    from annotator.formats.datasets.data_card import CardFacts
    from annotator.formats.datasets.exporting import ExportTask
    from annotator.formats.datasets.registry import DatasetFormat
    from annotator.formats.datasets.summary import WriteReport
    from annotator.session.session import Session

PREVIEW_LINES = 3


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was exported. `verified` says that the file was read back and every offset held.

    `is_gold` says that it holds the adjudicated layer alone. `sides` counts documents by split. `assigned` says to
    which side each document went, by the id of its first version; `leaks` says which ones had to stay together.
    """

    documents: int
    spans: int
    relations: int
    files: tuple[Path, ...]
    sha256: str
    losses: tuple[Any, ...]
    verified: bool
    is_gold: bool = False
    recipe: Mapping[str, Any] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    sides: Mapping[str, int] = field(default_factory=dict)
    assigned: Mapping[str, str] = field(default_factory=dict)
    leaks: LeakGroups | None = None


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What an export would hold; the first lines are cut to what a person reads.

    `conflicts` wait in the gold layer, where it goes out.
    """

    documents: int
    spans: int
    first_lines: tuple[str, ...]
    conflicts: int = 0


class DatasetExport:
    """What a recipe makes of a project; `layers` are those that its selection means."""

    def __init__(
        self, session: Session, recipe: ExportRecipe, layers: Sequence[Layer], layer_option: str | None
    ) -> None:
        self._session = session
        self._repository = session.reading
        self._recipe = recipe
        self._layers = layers
        self._layer_option = layer_option
        selection = recipe.selection.checked()
        self._lines = DatasetLines(
            session, layers, selection.statuses, names=recipe.names, single=selection.layer != "all"
        )
        self._lines.narrow(selected_documents(self._repository, self._lines.ids, selection))
        self._groups: LeakGroups | None = None
        self._sides: dict[str, str] = {}

    @property
    def _is_gold(self) -> bool:
        return all(one.kind == "gold" for one in self._layers)

    def preview(self, conflicts: int) -> ExportPreview:
        """Return counts and the first lines; those of the spans are of the labels that are chosen."""
        selected = self._selected()
        first = [readable(line) for line in islice(selected, PREVIEW_LINES)]
        spans = self._lines.span_count(self._recipe.selection.labels)
        return ExportPreview(self._lines.document_count(), spans, tuple(first), conflicts)

    def run(self, target: Path, progress: Progress, cancel: Cancel | None, *, dry_run: bool) -> ExportResult:
        """Write and verify the dataset, or with `dry_run` only count. Raises UserError; then nothing is replaced."""
        from annotator.formats.datasets.exporting import export, losses_of
        from annotator.formats.datasets.registry import format_named

        chosen = format_named(self._recipe.format)
        options = chosen.chosen(dict(self._recipe.options))
        cancel = cancel or Cancel()
        self._share_out(cancel)
        task = self._task(chosen, options, target, progress, cancel, dry_run=dry_run)
        if dry_run:
            counts = losses_of(self._selected(), task)
            return self._result(counts, (), "", task, verified=False)
        report: WriteReport = export(self._selected(), task)
        counts = report.documents, report.spans, report.relations
        return self._result(counts, report.files, report.sha256, task, verified=True)

    def _result(
        self, counts: tuple[int, int, int], files: tuple[Path, ...], sha256: str, task: ExportTask, *, verified: bool
    ) -> ExportResult:
        return ExportResult(
            *counts,
            files,
            sha256,
            task.context.losses.losses(),
            verified,
            self._is_gold,
            recipe_to_data(self._recipe),
            tuple(layer.id for layer in self._layers),
            Counter(self._sides.values()),
            self._assigned(),
            self._groups,
        )

    def _assigned(self) -> dict[str, str]:
        documents = self._repository.rows.where_in(Document, "id", list(self._sides))
        return {root: self._sides[identity] for identity, root in first_versions(self._repository, documents).items()}

    def _selected(self) -> SelectedLines:
        return SelectedLines(self._lines, self._recipe, self._sides, self._groups)

    def _share_out(self, cancel: Cancel) -> None:
        """Find what must stay together and share the documents out, where the recipe asks for it."""
        if self._recipe.split is None:
            return
        finder = LeakFinder()
        labels: dict[str, set[str]] = {}
        for line in self._lines:
            cancel.check()
            finder.add(line["id"], line["text"], line["sentences"])
            labels[line["id"]] = {span["label"] for span in line["spans"]}
        self._groups = finder.groups()
        self._sides = sides_of(self._repository, labels, self._recipe, self._groups)

    def _task(
        self,
        chosen: DatasetFormat,
        options: dict[str, str],
        target: Path,
        progress: Progress,
        cancel: Cancel,
        *,
        dry_run: bool,
    ) -> ExportTask:
        from annotator.formats.datasets.entries import FormatContext
        from annotator.formats.datasets.exporting import ExportTask

        lines = self._lines
        context = FormatContext(lines.codebook, options, title=lines.project.title, names=lines.names())
        count = lines.document_count()
        counted = ExportTask(chosen, context, target, documents=count, progress=progress, cancel=cancel.check)
        if dry_run:
            return counted
        return replace(
            counted,
            context=replace(context, facts=self._facts(cancel)),
            manifest=self._manifest(options),
            beside={".about.md": self._session.reports.render_about("md", names=self._recipe.names)},
        )

    def _facts(self, cancel: Cancel) -> CardFacts:
        """Return what the data card says besides what is in the data."""
        from annotator.formats.datasets.data_card import CardFacts

        project = self._lines.project
        return CardFacts(
            project.purpose,
            self._recipe.licence,
            self._agreement(cancel),
            (("Project", f"{project.title} ({project.id})"), ("Program", f"annotator {annotator.__version__}")),
            tuple(selection_words(self._recipe, self._layer_option)),
        )

    def _agreement(self, cancel: Cancel) -> tuple[tuple[str, str], ...]:
        """Return how far the people agreed whose work became gold, where that may be seen."""
        if not self._is_gold:
            return ()
        from annotator.session.agreement import AgreementScope
        from annotator.session.agreement_data import ROWS, as_text

        scope = AgreementScope(documents=tuple(self._lines.ids))
        try:
            found = self._session.queries.agreement(scope, samples=0, check=cancel.check)
        except RefusedError:  # analysts see no figures before the round is released
            return ()
        measured = found.measured
        if not measured.documents or len(found.layers) < 2:
            return ()
        figures = ((words, as_text(measured.overall[name])) for name, _, words in ROWS)
        return (("Compared", f"{len(found.layers)} annotators, {measured.documents} documents"), *figures)

    def _manifest(self, options: Mapping[str, str]) -> dict[str, Any]:
        recipe, lines = recipe_to_data(self._recipe), self._lines
        selection = {**recipe["selection"], "layer": self._layer_option}
        return {
            "program": {"name": "annotator", "version": annotator.__version__},
            "project": {"id": lines.project.id, "title": lines.project.title},
            "codebook": codebook_to_data(lines.codebook),
            "options": {
                "format": self._recipe.format,
                **options,
                **selection,
                "names": self._recipe.names,
                "licence": self._recipe.licence,
                "split": recipe["split"],
            },
            "splits": Counter(self._sides.values()),
            "people": lines.people(),
        }


def selection_words(recipe: ExportRecipe, layer: str | None) -> Iterator[tuple[str, str]]:
    """Yield what a recipe chooses and how it shares out, as pairs of a name and a value for people."""
    chosen = recipe.selection
    yield "Layer", layer or "the usual one: gold where there is any"
    for name, values in (("Statuses", chosen.statuses), ("Labels", chosen.labels), ("Sources", chosen.sources)):
        if values is not None:
            yield name, ", ".join(values)
    if chosen.first or chosen.last:
        yield "Dates", f"{chosen.first or '…'} to {chosen.last or '…'}"
    if chosen.unread == "drop":
        yield "Text", "only paragraphs that are known as read"
    if recipe.split is not None:
        shares = "/".join(map(str, recipe.split.shares))
        yield "Split", f"{shares} by {recipe.split.way}, seed {recipe.split.seed}"


def readable(line: dict[str, Any]) -> str:
    """Return a line as a preview shows it."""
    spans = [
        f"{span['start']}–{span['end']} {span['label']} “{' '.join(span['quote'].split())}”"
        for span in line["spans"][:6]
    ]
    return "\n".join([f"{line['source']['title']} · {len(line['spans'])} spans", *spans])
