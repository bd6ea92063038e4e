"""Label Studio's tasks as entries: which text its annotations are about, and who made them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from annotator.formats.datasets.entries import Entry, EntryError, FormatContext
from annotator.formats.datasets.extras import OWN, document_of_extras, text_of
from annotator.formats.datasets.fields import checked, taken, taken_or
from annotator.formats.datasets.label_studio.config import Config
from annotator.formats.datasets.label_studio.regions import ABOUT_TEXT, Regions, Work, results_of
from annotator.formats.datasets.label_studio.tasks import DATA_OF_SOURCE, DOCUMENT
from annotator.formats.datasets.label_studio.texts import Body, body_of

PREDICTIONS = "predictions"
"""The layer of predictions whose model has no name."""

CANCELLED = "annotations that were skipped (cancelled)"
DRAFTS = "drafts of annotations"
NO_TEXT = "regions and answers about what is no text"
COLUMNS = "other data of tasks"

_USUAL_KEYS = ("text", "content", "body", "article", "sentence", "document_text", "html", "dialogue", "transcript")
_TITLES = ("title", "headline", "name")
_DATES = ("date", "published", "publication_date")
_ADDRESSES = ("url", "link", "source_url")
_LANGUAGES = ("language", "lang")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass
class Hints:
    """Which key of the data each tag shows, and whether it shows it as a web page, as far as a file has told."""

    keys: dict[str, str] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)


class TaskReader:
    """Reads the tasks of one file."""

    def __init__(self, context: FormatContext, config: Config) -> None:
        self._context = context
        self._config = config
        self._hints = Hints()

    def learn(self, task: Mapping[str, Any]) -> bool:
        """Take from a task which data its annotations are about; say whether it told. Nothing is wrong with no task."""
        data = task.get("data")
        for annotation in _lists(task, "annotations", "completions", "predictions"):
            results = annotation.get("result")
            for result in results if isinstance(results, list) else ():
                if isinstance(data, dict) and isinstance(result, dict) and isinstance(result.get("to_name"), str):
                    self._key(result["to_name"], data, result)
        return bool(self._hints.keys)

    def entries(self, task: Mapping[str, Any]) -> Iterator[Entry]:
        """Yield an entry for each text of a task that has annotations, or for its main one. Raises EntryError."""
        data = taken(task, "data", dict, "the task")
        works = self._works(task)
        by_key: dict[str, list[Work]] = {}
        for work in works:
            for key, results in self._by_key(work, data).items():
                by_key.setdefault(key, []).append(Work(work.identity, results, work.of_spans, work.score))
        bodies = self._bodies(list(by_key) or [self._main_key(data)], data)
        self._count_columns(data, bodies)
        for key, body in bodies.items():
            entry = self._entry(task, data, body, by_key.get(key, []))
            if OWN not in taken_or(task, "meta", dict, "the task", {}):
                entry["statuses"] = _statuses(works)
            yield entry

    def _entry(self, task: Mapping[str, Any], data: Mapping[str, Any], body: Body, works: list[Work]) -> Entry:
        name = f"task {text_of(task.get('id')) or '?'}"
        regions = Regions(body, self._context, name)
        for work in works:
            regions.add(work)
        own = taken_or(task, "meta", dict, "the task", {}).get(OWN)
        entry: Entry = {"text": body.text, "spans": regions.spans}
        if own is None:
            entry["source"] = _source(data, task)
        else:
            if data.get(DOCUMENT):
                entry["id"] = text_of(data[DOCUMENT])
            given = {key: data.get(name) for key, name in DATA_OF_SOURCE.items()}
            entry |= document_of_extras(own, given)  # type: ignore[typeddict-item]
            regions.add_across(own.get("relations", []))
        entry["relations"] = regions.relations
        return entry

    def _works(self, task: Mapping[str, Any]) -> list[Work]:
        found = []
        if drafts := taken_or(task, "drafts", list, "the task", []):
            self._context.losses.add(DRAFTS, _task_name(task), len(drafts))
        key = "annotations" if task.get("annotations") is not None else "completions"
        for number, one in enumerate(taken_or(task, key, list, "the task", []), 1):
            annotation = checked(one, dict, "an annotation")
            if annotation.get("was_cancelled") or annotation.get("skipped"):
                self._context.losses.add(CANCELLED, _task_name(task))
                continue
            found.append(self._annotation(annotation, number, [work.of_spans["layer"] for work in found]))
        for number, one in enumerate(taken_or(task, "predictions", list, "the task", []), 1):
            found.append(_prediction(checked(one, dict, "a prediction"), number))
        return found

    def _annotation(self, annotation: Mapping[str, Any], number: int, layers: list[str]) -> Work:
        identity = text_of(annotation.get("id")) or str(number)
        person = self._person(annotation.get("completed_by"))
        if not person and "" in layers:
            person = f"annotation {number}"
        of_spans = {"annotator": person, "layer": "gold" if annotation.get("ground_truth") is True else person}
        created = _moment(annotation.get("created_at"))
        if created:
            of_spans["created"] = created
        return Work(identity, results_of(annotation, f"annotation {identity}"), of_spans)

    def _person(self, completed_by: Any) -> str:
        """Return who made an annotation: the e-mail address, or else the number; the name goes to the context."""
        if not isinstance(completed_by, dict):
            return text_of(completed_by) if isinstance(completed_by, str | int) else ""
        identity = text_of(completed_by.get("email") or completed_by.get("id"))
        name = " ".join(part for key in ("first_name", "last_name") if (part := text_of(completed_by.get(key)).strip()))
        if identity and name:
            self._context.names[identity] = name
        return identity

    def _by_key(self, work: Work, data: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
        """Return results by the key of the data that they are about, each with the relations: those that fit hold."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        relations = [one for one in work.results if one.get("type") == "relation"]
        for one in work.results:
            kind = one.get("type")
            if kind == "relation":
                continue
            target = text_of(one.get("to_name")) or self._config.targets.get(text_of(one.get("from_name")), "")
            key = self._key(target, data, one) if kind in ABOUT_TEXT else None
            if key is None:
                self._context.losses.add(NO_TEXT, f"{text_of(kind) or '?'} of {text_of(one.get('from_name'))}")
            else:
                found.setdefault(key, []).append(one)
        return {key: [*results, *relations] for key, results in found.items()}

    def _key(self, name: str, data: Mapping[str, Any], result: Mapping[str, Any]) -> str | None:
        """Return the key of the data that the tag of this name shows; what is found once holds for the file."""
        known = self._hints.keys.get(name) or self._config.data_key(name)
        if known is None or not isinstance(data.get(known), str | list):
            known = _guessed_key(name, data, result)
            if known is None:
                return None
        self._hints.keys.setdefault(name, known)
        if known in self._hints.pages:
            return known
        value = result.get("value")
        is_page = result.get("type") == "hypertextlabels" or (isinstance(value, dict) and "globalOffsets" in value)
        if self._config.kinds.get(name) == "hypertext" or (is_page and "<" in str(data[known])):
            self._hints.pages.add(known)
        return known

    def _main_key(self, data: Mapping[str, Any]) -> str:
        for name in self._config.shown:
            key = self._config.data_key(name)
            if key is not None and key in data and self._config.kinds[name] in ("text", "hypertext", "paragraphs"):
                return key
        for key in self._hints.keys.values():
            if isinstance(data.get(key), str | list):
                return key
        key = _guessed_key("", data, {})
        if key is None:
            raise EntryError("the task has no text (its data are: {keys}).", keys=", ".join(map(str, data)) or "none")
        return key

    def _bodies(self, keys: list[str], data: Mapping[str, Any]) -> dict[str, Body]:
        """Return the texts. Raises EntryError where none of them is one."""
        bodies: dict[str, Body] = {}
        problem: EntryError | None = None
        for key in keys:
            kind = "hypertext" if key in self._hints.pages else ""
            tags = [tag for name, tag in self._config.shown.items() if self._config.data_key(name) == key]
            try:
                bodies[key] = body_of(data[key], kind, tags[0] if tags else {})
            except EntryError as error:
                problem = problem or error
                self._context.losses.add(NO_TEXT, key)
        if not bodies and problem is not None:
            raise problem
        return bodies

    def _count_columns(self, data: Mapping[str, Any], bodies: Mapping[str, Body]) -> None:
        known = {*bodies, DOCUMENT, *DATA_OF_SOURCE.values(), *_TITLES, *_DATES, *_ADDRESSES, *_LANGUAGES}
        for key, value in data.items():
            if key not in known and value not in (None, ""):
                self._context.losses.add(COLUMNS, str(key))


def _lists(task: Mapping[str, Any], *keys: str) -> Iterator[Mapping[str, Any]]:
    for key in keys:
        found = task.get(key)
        yield from (one for one in (found if isinstance(found, list) else ()) if isinstance(one, dict))


def _guessed_key(name: str, data: Mapping[str, Any], result: Mapping[str, Any]) -> str | None:
    """Return the key of the text that a tag shows, where no config says it: by what a region covers, or by names."""
    texts = {key: value for key, value in data.items() if isinstance(key, str) and _is_text(value)}
    if name in texts:
        return name
    value = result.get("value")
    if isinstance(value, dict) and isinstance(quote := value.get("text"), str) and quote:
        start, end = value.get("start"), value.get("end")
        if isinstance(start, int) and isinstance(end, int):
            for key, text in texts.items():
                if isinstance(text, str) and text[start:end] == quote:
                    return key
    parts = re.split(r"[_\W]+", name.casefold())
    named = [key for key in texts if key.casefold() in parts]
    usual = [key for key in _USUAL_KEYS if key in texts]
    by_length = sorted((key for key in texts if isinstance(texts[key], str)), key=lambda key: -len(texts[key]))
    return next(iter([*(named if len(named) == 1 else []), *usual, *by_length, *texts]), None)


def _is_text(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) and isinstance(one.get("text"), str) for one in value)
    return isinstance(value, str)


def _source(data: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, str]:
    def first(keys: tuple[str, ...]) -> str:
        return next((data[key] for key in keys if isinstance(data.get(key), str) and data[key]), "")

    date = first(_DATES)
    return {
        "title": first(_TITLES) or (_task_name(task) if "id" in task else ""),
        "date": date if _DATE.fullmatch(date) else "",
        "url": first(_ADDRESSES),
        "language": first(_LANGUAGES),
        "file": text_of(task.get("file_upload")),
    }


def _task_name(task: Mapping[str, Any]) -> str:
    return f"Task {text_of(task.get('id')) or '?'}"


def _statuses(works: list[Work]) -> list[dict[str, str]]:
    """Return for whoever handed an annotation in, one without regions included, that the document is done."""
    layers = dict.fromkeys(work.of_spans["layer"] for work in works if work.of_spans.get("origin") != "suggested")
    return [{"layer": layer, "status": "done"} for layer in layers if layer]


def _prediction(prediction: Mapping[str, Any], number: int) -> Work:
    model = text_of(prediction.get("model_version")) or PREDICTIONS
    score = prediction.get("score")
    of_spans = {"annotator": model, "layer": model, "origin": "suggested"}
    created = _moment(prediction.get("created_at"))
    if created:
        of_spans["created"] = created
    identity = f"prediction {text_of(prediction.get('id')) or number}"
    known = None if score is None else checked(score, float, f"the score of {identity}")
    return Work(identity, results_of(prediction, identity), of_spans, known)


def _moment(value: Any) -> str:
    """Return a time as ISO 8601 in UTC to the second; early versions have seconds since 1970. Nothing if it is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            when = datetime.fromtimestamp(value, UTC)
        elif isinstance(value, str):
            when = datetime.fromisoformat(value)
        else:
            return ""
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
