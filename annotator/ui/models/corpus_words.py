"""What narrows the table of all annotations, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from annotator.core.corpus_query import CorpusFilter
from annotator.ui.panels.corpus_filter_menu import origin_name
from annotator.ui.words import language_name, local_time, status_name

if TYPE_CHECKING:
    from annotator.session.corpus import CorpusChoices

Chip = tuple[str, Any, str]
Names = Mapping[tuple[str, Any], str]

_SHOWN_TOGETHER = {"date_to": "date_from", "tagged_to": "tagged_from"}
"""Fields that the chip of another one tells of."""


def chips_of(wanted: CorpusFilter, choices: CorpusChoices, names: Names) -> list[Chip]:
    """Return a chip for each thing that narrows; `names` knows values by field that `choices` does not name."""
    found: list[Chip] = []
    for field in fields(CorpusFilter):
        held = getattr(wanted, field.name)
        if not held or getattr(wanted, _SHOWN_TOGETHER.get(field.name, ""), ""):
            continue
        if isinstance(held, tuple) and field.name != "together":
            found += [(field.name, one, _words(field.name, one, choices, names)) for one in held]
        else:
            found.append((field.name, None, _single(field.name, wanted, choices)))
    return found


def _words(field: str, value: Any, choices: CorpusChoices, names: Names) -> str:
    known = {
        "labels": {label.id: label.name for label in choices.labels},
        "annotators": dict(choices.people),
        "rounds": {one.id: one.name for one in choices.rounds},
    }
    if field in known and value in known[field]:
        return known[field][value]
    if field == "statuses":
        return status_name(value)
    if field == "languages":
        return language_name(value)
    if field == "origins":
        return origin_name(value)
    return names.get((field, value), str(value))


def _single(field: str, wanted: CorpusFilter, choices: CorpusChoices) -> str:
    if field in ("date_from", "date_to"):
        return _range(_tr("Date"), wanted.date_from, wanted.date_to)
    if field in ("tagged_from", "tagged_to"):
        return _tagged(wanted)
    if field == "undated":
        return _tr("Without a date")
    if field == "has_note":
        return _tr("With a note") if wanted.has_note == "yes" else _tr("Without a note")
    if field == "words":
        return _tr("Says: {words}").format(words=wanted.words)
    labels = {label.id: label.name for label in choices.labels}
    one, other, unit = wanted.together
    places = {
        "overlap": _tr("on the same text"),
        "paragraph": _tr("in the same paragraph"),
        "document": _tr("in the same document"),
    }
    return f"{labels.get(one, one)} + {labels.get(other, other)} {places[unit]}"


def _range(name: str, low: str, high: str) -> str:
    if low == high:
        return f"{name}: {low}"
    return f"{name}: {low or '…'} – {high or '…'}"


def _tagged(wanted: CorpusFilter) -> str:
    for words, (low, high) in ((_tr("Tagged today"), day(0)), (_tr("Tagged yesterday"), day(-1))):
        if (wanted.tagged_from, wanted.tagged_to) == (low, high):
            return words
    low, high = (local_time(one) if one else "" for one in (wanted.tagged_from, wanted.tagged_to))
    return _range(_tr("Tagged"), low, high)


def day(offset: int) -> tuple[str, str]:
    """Return when a day begins and ends, as UTC: 0 is today where the person is, -1 yesterday."""
    start = date.today() + timedelta(days=offset)
    return moment(start), moment(start + timedelta(days=1))


def moment(start: date) -> str:
    """Return when a day begins where the person is, as rows have it: ISO 8601 in UTC."""
    local = datetime.combine(start, time()).astimezone()
    return local.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def bounds(low: str, high: str) -> tuple[str, str]:
    """Return the moments from the beginning of one day, month or year to the end of another one; empty stays empty."""
    return (moment(_first(low)) if low else ""), (moment(_after(high)) if high else "")


def _first(text: str) -> date:
    year, month, day_of = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day_of)


def _after(text: str) -> date:
    first = _first(text)
    if len(text) == 10:
        return first + timedelta(days=1)
    if len(text) == 7:
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return date(first.year + 1, 1, 1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("corpus", text)
