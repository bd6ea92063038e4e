"""Label Studio: tasks as JSON, with the labelling config beside them.

Read are exports as JSON and JSON_MIN of versions since 0.8 (`completions`), tasks for import with predictions, and raw
tasks; STEM.config.xml beside the file says which data a tag shows, otherwise names and covered text do. An annotation
is a layer: that of who made it (`completed_by`), or gold where it is marked as ground truth; a prediction is the layer
of its model. What was skipped, drafts, and regions of images and sounds are counted and left out.

Written is one task a line of the array. Offsets are code points, as Label Studio counts since 2022. What it has no
place for stands in `meta` of regions, relations and tasks, which it keeps: see `tasks`.

Source: https://labelstud.io/guide/task_format and https://labelstud.io/guide/export; `tasks/serializers.py` and the
editor in github.com/HumanSignal/label-studio; the converter in github.com/HumanSignal/label-studio-sdk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, Line
from annotator.formats.datasets.holding import EVERYTHING, kept, loses
from annotator.formats.datasets.json_items import objects
from annotator.formats.datasets.label_studio.config import ENDING, config_beside, config_bytes
from annotator.formats.datasets.label_studio.minimal import whole_tasks
from annotator.formats.datasets.label_studio.reading import TaskReader
from annotator.formats.datasets.label_studio.tasks import Tasks
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output

LOSES = loses(EVERYTHING)

_LEARNED_FROM = 200
"""Tasks that are looked at first, to see which data the annotations of the file are about."""


def held(line: Line, context: FormatContext) -> Entry:
    """Return what the tasks keep of a line, which is all of it."""
    return kept(line, EVERYTHING, context.losses)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write an array of tasks, one a line, and the labelling config beside it."""
    tasks, file = Tasks(context), output.open()
    before = b"[\n"
    for entry in entries:
        file.write(before + encode_line(tasks.task(entry)))
        before = b","
    file.write(b"]\n" if before == b"," else b"[]\n")
    output.open(f"{output.stem}{ENDING}").write(config_bytes(context.codebook, tasks.used))


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (item, entry), several for a task with several annotated texts.

    Raises DatasetError where the file is no JSON from some place on, or the config beside it no XML.
    """
    config = config_beside(path)
    reader = TaskReader(context, config)
    for _, task in islice(whole_tasks(objects(path), config), _LEARNED_FROM):
        if reader.learn(task):
            break
    for number, task in whole_tasks(objects(path), config):
        try:
            yield from ((number, entry) for entry in reader.entries(task))
        except EntryError as error:
            yield number, BadEntry(error)
