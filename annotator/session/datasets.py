"""Verbs on datasets: export what was tagged, load what others tagged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.errors import AmbiguousError, NotFoundError, RefusedError
from annotator.core.recipes import ExportRecipe, Selection
from annotator.core.records import Document, Layer
from annotator.session.conflicts import open_conflicts
from annotator.session.dataset_exports import DatasetExport, ExportPreview, ExportResult
from annotator.session.dataset_lines import DatasetLines, layer_name
from annotator.session.load_plan import LoadExamination, LoadPlan, examination_of
from annotator.session.progress import Cancel, Progress, no_progress
from annotator.session.releases import record_export
from annotator.session.selection import source_of
from annotator.session.verb import Verbs

if TYPE_CHECKING:
    from annotator.formats.datasets.reading import Reading
    from annotator.session.loading import LoadResult


class LayerChoiceError(AmbiguousError):
    """Several layers have annotations, and nobody said which to export."""


@dataclass(frozen=True, slots=True)
class LayerChoice:
    """A value for `layer`, what to call it, how many annotations it has, and whether it is the adjudicated one."""

    value: str
    name: str
    spans: int
    is_gold: bool = False


@dataclass(frozen=True, slots=True)
class Selectable:
    """What an export of some layers can be narrowed to: labels (key, name, spans), sources (name, documents)."""

    labels: tuple[tuple[str, str, int], ...]
    sources: tuple[tuple[str, int], ...]


class Datasets(Verbs):
    """Datasets leave verified or not at all, and come in whole or not at all."""

    def formats(self) -> tuple[Any, ...]:
        """Return every format with `name`, `title`, `extensions`, `reads`, `writes` and `loses`."""
        from annotator.formats.datasets.registry import dataset_formats

        return dataset_formats()

    def choices(self) -> list[LayerChoice]:
        """Return the layers that have annotations, or decisions alone, and that one may see, gold first."""
        counts = self._span_counts()
        names = self.layer_names()
        layers = sorted(self._seen(), key=lambda layer: (layer.kind != "gold", names[layer.id]))
        return [
            LayerChoice(layer.id, names[layer.id], counts[layer.id], layer.kind == "gold")
            for layer in layers
            if layer.id in counts
        ]

    def selectable(self, layer: str | None = None) -> Selectable:
        """Return what an export of `layer`, as in `export`, can be narrowed to. Raises as `layers_named` does."""
        layers = {one.id for one in self.layers_named(layer)}
        repository = self.session.reading
        documents = repository.lists.document_ids()
        counts: Counter[str] = Counter()
        for _, of, label, count in repository.lists.layer_label_counts(documents):
            counts[label] += count if of in layers else 0
        known = self.session.queries.codebook().labels
        labels = [(one.key, one.name, counts[one.id]) for one in known if not one.retired or counts[one.id]]
        sources = Counter(source_of(one) for one in repository.rows.where_in(Document, "id", documents))
        sources.pop("", None)
        return Selectable(tuple(labels), tuple(sorted(sources.items())))

    def labelled_endings(self) -> frozenset[str]:
        """Return the endings that files of labelled data have, and documents have not."""
        from annotator.formats.registry import document_formats

        of_documents = {ending for one in document_formats() for ending in one.endings}
        return frozenset(end for one in self.formats() if one.reads for end in one.extensions) - of_documents

    def preview(
        self,
        *,
        layer: str | None = None,
        statuses: Sequence[str] | None = None,
        recipe: ExportRecipe | None = None,
    ) -> ExportPreview:
        """Return counts and the first lines of an export. Raises LayerChoiceError as `export` does."""
        chosen = recipe or ExportRecipe("jsonl", _selection(layer, statuses))
        return self._export_of(chosen).preview(self.gold_conflicts(chosen.selection.layer))

    def gold_conflicts(self, layer: str | None = None) -> int:
        """Return how many conflicts wait in gold where `layer`, as in `export`, means it, alone or among others.

        What is in force until then would go out. Raises as `layers_named` does.
        """
        gold = {one.id for one in self.layers_named(layer) if one.kind == "gold"}
        if not gold:
            return 0
        with self.session.reading.moment():
            found = open_conflicts(self.session.reading)
        return sum(any(getattr(side.record, "layer", None) in gold for side in one.sides) for one in found)

    def export(
        self,
        target: Path,
        format_name: str = "jsonl",
        *,
        layer: str | None = None,
        statuses: Sequence[str] | None = None,
        names: bool = False,
        options: Mapping[str, str] | None = None,
        dry_run: bool = False,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> ExportResult:
        """Write a dataset as `export_recipe` does, of whole documents and all labels, without a split.

        Args:
            target: the data file; what else a format needs is put beside it. Some formats make a folder.
            format_name: a name from `formats`.
            layer: gold, all, an annotator's name, or a layer's id. None takes gold where it has annotations or
                decisions, else the only layer that has any.
            statuses: only documents that have one of these in an exported layer; None takes every document.
            names: whether the names of annotators go out with their ids.
            options: of the format, by name; see `formats`. What is not there is as usual.
            dry_run: as in `export_recipe`.
            progress: as there.
            cancel: as there.
        """
        recipe = ExportRecipe(format_name, _selection(layer, statuses), dict(options or {}), names)
        return self.export_recipe(target, recipe, dry_run=dry_run, progress=progress, cancel=cancel)

    def export_recipe(
        self,
        target: Path,
        recipe: ExportRecipe,
        *,
        kept_as: str = "",
        dry_run: bool = False,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> ExportResult:
        """Write a dataset and verify it before it replaces what is there; it is kept as a release where that can be.

        The page about the project comes with it as STEM.about.md, without anybody's name unless the recipe says so.

        Args:
            target: the data file, or the folder of a format that makes one.
            recipe: what goes out, and how.
            kept_as: the name under which the recipe is kept: it remembers which documents went to which side.
            dry_run: count what would go out and what would be lost, and write nothing.
            progress: told how many documents are done.
            cancel: stops between two documents; the old target stays.

        Raises:
            LayerChoiceError: several layers have annotations and none was named.
            UserError: the target cannot be written, or a line did not read back as the project has it.
        """
        result = self._export_of(recipe).run(target, progress, cancel, dry_run=dry_run)
        if result.verified:
            record_export(self.session, result, kept_as)
        return result

    def _export_of(self, recipe: ExportRecipe) -> DatasetExport:
        layer = recipe.selection.layer
        return DatasetExport(self.session, recipe, self.layers_named(layer), self._layer_option(layer))

    def load(
        self,
        path: Path,
        format_name: str = "jsonl",
        *,
        layer: str | None = None,
        plan: LoadPlan | None = None,
        dry_run: bool = False,
        progress: Progress = no_progress,
        cancel: Cancel | None = None,
    ) -> LoadResult:
        """Bring labelled documents in as one step, whole or not at all.

        Documents that are here already (by id, then by text) get the annotations added; annotations that are here
        already stay as they are.

        Args:
            path: the dataset.
            format_name: a name from `formats`.
            layer: gold or an annotator's name, for all annotations; None keeps the layers of the file, or those of
                the plan.
            plan: what the names in the file mean, and what becomes of the rest.
            dry_run: check and count, change nothing.
            progress: told how many documents are done.
            cancel: stops, and nothing has changed.

        Raises:
            DatasetError: names file, line and remedy; nothing has changed.
        """
        from annotator.session.loading import Loading

        plan = plan or LoadPlan()
        plan = plan if layer is None else replace(plan, layer=layer)
        reading = self._reading(path, format_name, skip=plan.skip)
        return Loading(self.session, reading, plan, progress, cancel or Cancel()).run(dry_run=dry_run)

    def examine(
        self, path: Path, format_name: str | None = None, progress: Progress = no_progress, cancel: Cancel | None = None
    ) -> LoadExamination:
        """Look at a labelled file before it comes in: its format, what it uses, and what of it is wrong.

        Raises DatasetError where it is no file of the format, or of none that is known.
        """
        from annotator.formats.datasets.exporting import never
        from annotator.formats.datasets.recognition import recognised

        reading = self._reading(path, format_name or recognised(path).name, skip=True)
        summary = reading.check(progress, cancel.check if cancel else never)
        return examination_of(reading, summary, self.session.queries.codebook())

    def _reading(self, path: Path, format_name: str, *, skip: bool) -> Reading:
        from annotator.formats.datasets.entries import FormatContext
        from annotator.formats.datasets.reading import Reading
        from annotator.formats.datasets.registry import format_named
        from annotator.storage.foreign_sqlite import ForeignDatabase

        chosen = format_named(format_name)
        codebook = self.session.queries.codebook()
        return Reading(chosen, path, FormatContext(codebook, chosen.chosen({}), database=ForeignDatabase), skip)

    def line(self, document: str) -> dict[str, Any]:
        """Return a document's dataset line with all layers that one may see. Raises NotFoundError."""
        record = self.session.queries.document(document)
        return DatasetLines(self.session, self._seen(), None, names=False, single=False).of(record)

    def layers_named(self, layer: str | None) -> list[Layer]:
        """Return the layers that `layer` means, as in `export`.

        Raises NotFoundError, AmbiguousError, or RefusedError for what one may not see.
        """
        layers, seen = self.session.reading.rows.all(Layer), self._seen()
        if layer == "all":
            hidden = self.session.reading.lists.annotation_counts().keys() - {one.id for one in seen}
            return _permitted(seen, hidden=bool(hidden))
        if layer is None:
            return self._default_layers(seen)
        if layer == "gold":
            found = [one for one in layers if one.kind == "gold"]
        else:
            people = {a.id for a in self.session.queries.annotators() if layer in (a.name, a.id)}
            shown = self.layer_names()
            found = [one for one in layers if layer in (one.id, shown[one.id]) or one.annotator in people]
        if not found:
            known = ", ".join(sorted({"gold", "all", *self.layer_names().values()}))
            raise NotFoundError("There is no layer “{layer}”. There are: {known}.", layer=layer, known=known)
        if len({one.annotator for one in found}) > 1:
            raise AmbiguousError(
                "Several people are called “{layer}”. Name the layer by its id: {ids}.",
                layer=layer,
                ids=", ".join(one.id for one in found),
            )
        return _permitted([one for one in found if one in seen], hidden=not any(one in seen for one in found))

    def _seen(self) -> list[Layer]:
        """Return the layers that the person may see."""
        visibility = self.session.queries.visibility()
        return [layer for layer in self.session.reading.rows.all(Layer) if visibility.sees(layer.id)]

    def _layer_option(self, layer: str | None) -> str | None:
        """Return the choice of a layer without anybody's name, which goes out only where it is asked for."""
        return layer if layer in (None, "all", "gold") else layer_name(self.layers_named(layer)[0])

    def _default_layers(self, layers: list[Layer]) -> list[Layer]:
        counts = self._span_counts()
        used = [layer for layer in layers if layer.id in counts]
        gold = [layer for layer in used if layer.kind == "gold"]
        if gold or len(used) == 1:
            return gold or used
        if not used:
            return [self.session.own_layer(self.session.reading)]
        names = self.layer_names()
        raise LayerChoiceError(
            "Several layers have annotations. Choose one with --layer: all, {names}.",
            names=", ".join(sorted(names[layer.id] for layer in used)),
        )

    def _span_counts(self) -> dict[str, int]:
        """Return the number of annotations by layer; gold in which something was decided is there with 0 as well."""
        repository = self.session.reading
        return {**dict.fromkeys(repository.decisions.layers(), 0), **repository.lists.annotation_counts()}

    def layer_names(self) -> dict[str, str]:
        """Return what people call each layer, by id; its round is named where there are several."""
        people = {a.id: a.name for a in self.session.queries.annotators()}
        rounds = {r.id: r.name for r in self.session.queries.rounds()}
        several = len(rounds) > 1
        return {
            layer.id: ("gold" if layer.annotator is None else people[layer.annotator])
            + (f" ({rounds[layer.round]})" if several else "")
            for layer in self.session.reading.rows.all(Layer)
        }


def _permitted(layers: list[Layer], *, hidden: bool) -> list[Layer]:
    """Return the layers. Raises RefusedError where others that were asked for are hidden."""
    if hidden:
        raise RefusedError(
            "What other people tagged is not released yet. Export your own layer, or ask a lead to release the round."
        )
    return layers


def _selection(layer: str | None, statuses: Sequence[str] | None) -> Selection:
    return Selection(layer, None if statuses is None else tuple(statuses))
