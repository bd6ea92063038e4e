"""What differs between two codebooks, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from annotator.core.codebook_comparison import CodebookChanges, EntryChange
from annotator.core.codebook_edits import Entry
from annotator.core.records import AttributeDefinition, Label
from annotator.ui.words import QT_TRANSLATE_NOOP, one_line, span_count

MOST = 6
"""How many entries of one sort a paragraph names before it counts the others."""
_SHORT = 160

_FIELDS = {
    "key": QT_TRANSLATE_NOOP("codebook", "key"),
    "name": QT_TRANSLATE_NOOP("codebook", "name"),
    "digit": QT_TRANSLATE_NOOP("codebook", "digit"),
    "light": QT_TRANSLATE_NOOP("codebook", "colour"),
    "dark": QT_TRANSLATE_NOOP("codebook", "colour"),
    "pattern": QT_TRANSLATE_NOOP("codebook", "line"),
    "initial": QT_TRANSLATE_NOOP("codebook", "initial"),
    "position": QT_TRANSLATE_NOOP("codebook", "place"),
    "parent": QT_TRANSLATE_NOOP("codebook", "label above"),
    "retired": QT_TRANSLATE_NOOP("codebook", "in use or not"),
    "definition": QT_TRANSLATE_NOOP("codebook", "definition"),
    "includes": QT_TRANSLATE_NOOP("codebook", "include"),
    "excludes": QT_TRANSLATE_NOOP("codebook", "exclude"),
    "boundary": QT_TRANSLATE_NOOP("codebook", "boundary"),
    "examples": QT_TRANSLATE_NOOP("codebook", "examples"),
    "type": QT_TRANSLATE_NOOP("codebook", "type"),
    "choices": QT_TRANSLATE_NOOP("codebook", "choices"),
    "labels": QT_TRANSLATE_NOOP("codebook", "labels"),
    "required": QT_TRANSLATE_NOOP("codebook", "required"),
    "default": QT_TRANSLATE_NOOP("codebook", "default"),
    "description": QT_TRANSLATE_NOOP("codebook", "description"),
    "asked": QT_TRANSLATE_NOOP("codebook", "asked while tagging"),
    "inherits": QT_TRANSLATE_NOOP("codebook", "inherited from"),
    "sources": QT_TRANSLATE_NOOP("codebook", "leads from"),
    "targets": QT_TRANSLATE_NOOP("codebook", "leads to"),
}
_KINDS = {
    Label: QT_TRANSLATE_NOOP("codebook", "label “{name}”"),
    AttributeDefinition: QT_TRANSLATE_NOOP("codebook", "attribute “{name}”"),
}
_RELATION = QT_TRANSLATE_NOOP("codebook", "relation “{name}”")
_IN_WORDS = ("name", "definition", "includes", "excludes", "boundary", "description")
"""The fields whose text before and after is shown in full."""


def field_name(field: str) -> str:
    """Return what a field of a record is called."""
    return _tr(_FIELDS.get(field, field))


def entry_name(entry: Entry) -> str:
    """Return an entry with what it is."""
    return _tr(_KINDS.get(type(entry), _RELATION)).format(name=entry.name)


def summary(changes: CodebookChanges, merges: Mapping[str, str], names: Mapping[str, str], spans: int) -> str:
    """Return what would be saved, in one paragraph; `names` are those of labels by id, `spans` move in merges."""
    parts = [
        _tr("“{one}” is merged into “{other}”").format(one=names.get(one, ""), other=names.get(other, ""))
        for one, other in merges.items()
    ]
    if spans:
        parts.append(_tr("moving: {spans}").format(spans=span_count(spans)))
    parts += _listed(_tr("new: {entries}"), [entry_name(one) for one in changes.added])
    parts += _listed(_tr("deleted: {entries}"), [entry_name(one) for one in changes.removed])
    changed = [_changed_words(one) for one in changes.changed if not one.only_moved and one.entry.id not in merges]
    parts += _listed(_tr("changed: {entries}"), changed)
    if any(change.only_moved for change in changes.changed):
        parts.append(_tr("order"))
    parts += [_tr("condition words")] if changes.words else []
    parts += [_tr("name of the codebook")] if changes.name else []
    return "; ".join(parts)


def change_lines(changes: CodebookChanges) -> list[str]:
    """Return what differs, an entry a line, with texts before and after."""
    lines = [_tr("New: {entry}").format(entry=entry_name(one)) for one in changes.added]
    lines += [_tr("Gone: {entry}").format(entry=entry_name(one)) for one in changes.removed]
    moved = [change.entry.name for change in changes.changed if change.only_moved]
    for change in changes.changed:
        if not change.only_moved:
            lines += _lines_of(change)
    lines += _listed(_tr("Moved: {entries}"), moved)
    lines += [_tr("Condition words changed.")] if changes.words else []
    lines += [_tr("The codebook was renamed.")] if changes.name else []
    return lines


def _lines_of(change: EntryChange) -> list[str]:
    head = _tr("Changed: {entry}").format(entry=_changed_words(change))
    lines = [head]
    for field in change.fields:
        if field in _IN_WORDS:
            before, after = (_text(getattr(one, field)) for one in (change.before, change.after))
            lines.append(f"      {field_name(field)}:  {before}  →  {after}")
    return lines


def _text(value: object) -> str:
    text = "; ".join(value) if isinstance(value, tuple) else str(value)
    return f"“{one_line(text, _SHORT)}”" if text.strip() else _tr("nothing")


def _changed_words(change: EntryChange) -> str:
    fields = dict.fromkeys(field_name(field) for field in change.fields if field not in ("position", "retired"))
    if "retired" in change.fields:
        fields = dict.fromkeys([_tr("retired") if change.entry.retired else _tr("in use again"), *fields])
    return f"{entry_name(change.entry)} ({', '.join(fields)})"


def _listed(words: str, names: Iterable[str]) -> list[str]:
    names = list(names)
    if not names:
        return []
    rest = len(names) - MOST
    shown = [*names[:MOST], *([_tr("{count} more").format(count=rest)] if rest > 0 else [])]
    return [words.format(entries=", ".join(shown))]


def _tr(text: str) -> str:
    return QCoreApplication.translate("codebook", text)
