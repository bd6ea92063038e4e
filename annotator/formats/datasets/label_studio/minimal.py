"""Label Studio's JSON_MIN as its full tasks: an object an annotation, with the data of its task beside what it gave.

What was given stands under the name of its control: regions as a list of objects, choices as text. Regions have no ids
there, so answers about a region are those in its place; one choice alone has lost its place, and is no answer any more.
Relations are not in it at all. Raw tasks are objects of data alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.formats.datasets.label_studio.config import Config

_OF_ANNOTATIONS = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement")
_KINDS = (
    ("labels", "labels"),
    ("hypertextlabels", "hypertextlabels"),
    ("paragraphlabels", "paragraphlabels"),
    ("taxonomy", "taxonomy"),
    ("choices", "choices"),
    ("rating", "rating"),
    ("number", "number"),
    ("datetime", "datetime"),
    ("text", "textarea"),
)
"""The keys of values with the types of their results, those that say most first."""


def whole_tasks(items: Iterable[tuple[int, Mapping[str, Any]]], config: Config) -> Iterator[tuple[int, Any]]:
    """Yield full tasks as they are, and one task for neighbouring objects of the short form with the same id."""
    place, task = 0, None
    for number, item in items:
        if isinstance(item.get("data"), dict):
            if task is not None:
                yield place, task
            task = None
            yield number, item
            continue
        found = _task(item, config)
        if task is not None and "id" in found and task.get("id") == found["id"] and task["data"] == found["data"]:
            task["annotations"] += found["annotations"]
            continue
        if task is not None:
            yield place, task
        place, task = number, found
    if task is not None:
        yield place, task


def _task(item: Mapping[str, Any], config: Config) -> dict[str, Any]:
    is_annotated = "annotation_id" in item or "annotator" in item
    results, data = [], {}
    for key, value in item.items():
        if is_annotated and (key in _OF_ANNOTATIONS or key == "id"):
            continue
        found = list(_results(key, value, config)) if is_annotated else []
        results += found
        if not found and not (is_annotated and value == []):
            data[key] = value
    if not is_annotated:
        return {"data": data, "annotations": []}
    annotation = {
        "id": item.get("annotation_id"),
        "completed_by": item.get("annotator"),
        "created_at": item.get("created_at"),
        "result": results,
    }
    is_made = annotation["id"] is not None
    return {"id": item.get("id"), "data": data, "annotations": [annotation] if is_made or results else []}


def _results(name: str, value: Any, config: Config) -> Iterator[dict[str, Any]]:
    """Yield the results that a control gave; nothing for what is data of the task."""
    control = config.kinds.get(name, "") if name in config.targets else ""
    if control in ("choices", "textarea") and name not in config.per_region:
        key = "choices" if control == "choices" else "text"
        for one in value if isinstance(value, list) else [value]:
            yield _result(name, control, one if isinstance(one, dict) else {key: [one]}, config)
        return
    if isinstance(value, dict) and isinstance(value.get("choices"), list):
        value = [value]
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return
    kinds = [_kind(one) for one in value]
    if all(kinds):
        for one, kind in zip(value, kinds, strict=True):
            yield _result(name, kind, one, config)


def _kind(value: Mapping[str, Any]) -> str:
    for key, kind in _KINDS:
        if key in value and (kind != "textarea" or isinstance(value[key], list)):
            return kind
    return ""


def _result(name: str, kind: str, value: Mapping[str, Any], config: Config) -> dict[str, Any]:
    return {"from_name": name, "to_name": config.targets.get(name, ""), "type": kind, "value": value}
