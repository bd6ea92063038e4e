"""How a review speaks: names of kinds, states and choices, and what a layer has at a place, in a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from annotator.core.cases import KINDS, Case
from annotator.core.codebook import Codebook
from annotator.core.records import Annotation, Decision
from annotator.ui.words import QT_TRANSLATE_NOOP, one_line, quoted

if TYPE_CHECKING:
    from annotator.session.review_queue import LayerFace

GOLD_SIGN = "◆"
_MOST_PARTS = 3
_QUOTE = 64
_EDGE = 22

FindSpan = Callable[[str], Annotation | None]

_KIND_NAMES = {
    "edges": QT_TRANSLATE_NOOP("review", "Edges only"),
    "one_sided": QT_TRANSLATE_NOOP("review", "One-sided"),
    "label": QT_TRANSLATE_NOOP("review", "Different label"),
    "nesting": QT_TRANSLATE_NOOP("review", "Nesting"),
    "attribute": QT_TRANSLATE_NOOP("review", "Attribute"),
    "relation": QT_TRANSLATE_NOOP("review", "Relation"),
    "same": QT_TRANSLATE_NOOP("review", "Agreed by all"),
}
_STATE_NAMES = {
    "open": QT_TRANSLATE_NOOP("review", "To decide"),
    "decided": QT_TRANSLATE_NOOP("review", "Decided"),
    "reopened": QT_TRANSLATE_NOOP("review", "Reopened"),
}
_CHOICE_NAMES = {
    "neither": QT_TRANSLATE_NOOP("review", "Neither"),
    "union": QT_TRANSLATE_NOOP("review", "Union of the edges"),
    "intersection": QT_TRANSLATE_NOOP("review", "Intersection of the edges"),
    "both": QT_TRANSLATE_NOOP("review", "Keep both"),
    "edit": QT_TRANSLATE_NOOP("review", "Edited"),
    "agreed": QT_TRANSLATE_NOOP("review", "What all agree on"),
    "single": QT_TRANSLATE_NOOP("review", "The only layer’s"),
}

assert set(_KIND_NAMES) == set(KINDS)


def tr(text: str) -> str:
    """Return the text in the language of the window."""
    return QCoreApplication.translate("review", text)


def isolated(text: str) -> str:
    """Return text that keeps its direction to itself among other words. Source: UAX 9, explicit isolates."""
    return f"\u2068{text}\u2069"


def kind_name(kind: str) -> str:
    """Return what a kind of difference is called."""
    return tr(_KIND_NAMES.get(kind, kind))


def state_name(state: str) -> str:
    """Return what the state of a case is called."""
    return tr(_STATE_NAMES.get(state, state))


def choice_name(choice: str) -> str:
    """Return what a choice is called, other than that of a layer."""
    return tr(_CHOICE_NAMES.get(choice, choice))


def face_name(face: LayerFace, *, names: bool, own: str) -> str:
    """Return who a layer belongs to: by name where names may be seen, else by letter; `own` is one's own id."""
    if names:
        return face.name
    return tr("You") if face.annotator == own else tr("Layer {letter}").format(letter=face.letter)


def decision_words(decision: Decision, taken: str) -> str:
    """Return what was decided; `taken` names the layer where one was taken."""
    return taken if decision.choice == "layer" and taken else choice_name(decision.choice)


def summary(
    case: Case, layer: str, text: str, codebook: Codebook, differing: Mapping[str, set[str]], find: FindSpan
) -> str:
    """Return what a layer has at a case's place; `differing` are the keys of attributes to name, by annotation id.

    `find` returns an annotation of the document by id, for relations that lead out of the case.
    """
    labels = {label.id: label.name for label in codebook.labels}
    own = case.of(layer)
    if not own:
        return tr("Nothing here")
    parts = []
    for annotation in own[:_MOST_PARTS]:
        words = f"{labels.get(annotation.label, '?')} {_extent(annotation, case, text, alone=len(own) == 1)}"
        values = case.values.get(annotation.id, {})
        keys = sorted(differing.get(annotation.id, ()))
        parts.append(", ".join((words, *(_attribute(codebook, key, values.get(key)) for key in keys))))
    if len(own) > _MOST_PARTS:
        parts.append(tr("{count} more").format(count=len(own) - _MOST_PARTS))
    return "; ".join((*parts, *_relations(case, layer, text, codebook, find)))


def _extent(annotation: Annotation, case: Case, text: str, *, alone: bool) -> str:
    if (annotation.start, annotation.end) == (case.start, case.end):
        return tr("over all of it") if alone else quoted(shortened(text, annotation), _QUOTE)
    return isolated(quoted(shortened(text, annotation), _QUOTE))


def shortened(text: str, annotation: Annotation) -> str:
    """Return the words of a span: its first and last ones where it is long, its fragments joined by an ellipsis."""
    whole = " … ".join(text[start:end] for start, end in annotation.fragments)
    line = " ".join(whole.split())
    if len(line) <= _QUOTE - 2:
        return line
    first, last = line[:_EDGE].rpartition(" ")[0] or line[:_EDGE], line[-_EDGE:].partition(" ")[2] or line[-_EDGE:]
    return f"{first} … {last}"


def _relations(case: Case, layer: str, text: str, codebook: Codebook, find: FindSpan) -> list[str]:
    names = {relation.id: relation.name for relation in codebook.relations}
    labels = {label.id: label.name for label in codebook.labels}
    here = {annotation.id: annotation for annotation in case.annotations}
    words = []
    for relation in case.relations_of(layer):
        target = here.get(relation.target) or find(relation.target)
        end = labels.get(target.label, "?") if target else "?"
        if target is not None and target.id not in here:
            end = f"{end} {isolated(quoted(shortened(text, target), _QUOTE))}"
        words.append(f"{names.get(relation.type, '?')} → {end}")
    return words


def _attribute(codebook: Codebook, key: str, value: object) -> str:
    """Return an attribute's name with its value, as the codebook calls them."""
    definition = next((one for one in codebook.attributes if one.key == key), None)
    names = dict(definition.choices) if definition else {}
    shown = [names.get(str(one), one) for one in value] if isinstance(value, list | tuple) else value
    return f"{definition.name if definition else key}: {names.get(str(shown)) or _value(shown)}"


def _value(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, list | tuple):
        return one_line(", ".join(map(str, value)), _QUOTE)
    return one_line(str(value), _QUOTE)


def differing_values(case: Case) -> dict[str, set[str]]:
    """Return the attributes that not all of the layers' spans at a place have alike, by annotation id."""
    every = [case.values.get(annotation.id, {}) for annotation in case.annotations]
    keys = {key for values in every for key in values}
    unlike = {key for key in keys if len({repr(values.get(key)) for values in every}) > 1}
    return {annotation.id: set(unlike) for annotation in case.annotations} if unlike else {}
