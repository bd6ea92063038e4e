"""Words that several views need: statuses, counts, times, languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from annotator.core.records import Label

QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)
"""Marks a text of a context for translation and returns the text; Qt's own with the type that it has."""

_STATUS_NAMES = {
    "new": QT_TRANSLATE_NOOP("words", "New"),
    "in_progress": QT_TRANSLATE_NOOP("words", "In progress"),
    "done": QT_TRANSLATE_NOOP("words", "Done"),
    "returned": QT_TRANSLATE_NOOP("words", "Returned"),
    "approved": QT_TRANSLATE_NOOP("words", "Approved"),
}


def tr(text: str) -> str:
    """Return the text in the language of the window."""
    return QCoreApplication.translate("words", text)


def status_name(status: str) -> str:
    """Return what a status is called."""
    return tr(_STATUS_NAMES.get(status, status))


def span_count(count: int) -> str:
    """Return a number of spans in words, such as "17 spans"."""
    return tr("1 span") if count == 1 else tr("{count} spans").format(count=grouped(count))


def grouped(number: int) -> str:
    """Return a number with narrow spaces between its thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def language_name(tag: str) -> str:
    """Return the name of a BCP 47 language, or the tag itself where Qt does not know it."""
    language = QLocale(tag).language()
    return tag if language == QLocale.Language.C else QLocale.languageToString(language)


def ago(seconds: float) -> str:
    """Return how long ago something was."""
    if seconds < 60:
        return tr("just now")
    minutes = int(seconds // 60)
    if minutes < 60:
        return tr("1 minute ago") if minutes == 1 else tr("{minutes} minutes ago").format(minutes=minutes)
    hours = minutes // 60
    return tr("1 hour ago") if hours == 1 else tr("{hours} hours ago").format(hours=hours)


def local_time(time: str) -> str:
    """Return an ISO 8601 UTC time in the person's time zone, or as it stands if it is none."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return time
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    shown = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    shown = shown.toLocalTime()
    return QLocale().toString(shown, QLocale.FormatType.ShortFormat)


def one_line(text: str, length: int) -> str:
    """Return the text on one line, cut at `length` code points."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length and len(text) <= 4 * length else line[: length - 1].rstrip() + "…"


def quoted(text: str, length: int = 60) -> str:
    """Return the text in quotation marks, on one line, cut at `length` code points."""
    return f"“{one_line(text, length)}”"


def label_with_digit(label: Label) -> str:
    """Return a label's name with the digit that tags with it."""
    return f"{label.name}   {label.digit}" if label.digit is not None else label.name


def tool_tip(text: str) -> str:
    """Return the text so that Qt does not take it for markup in a tool tip, where no plain format can be set."""
    return text.replace("<", "‹").replace(">", "›")
