"""The labelling config of Label Studio: the XML that says how tasks are shown, written beside the data and read there.

https://labelstud.io/tags/: `Label` gives its `alias` as the label where it has one; controls with `perRegion` are
shown for the selected region, and with `whenLabelValue` for regions with one of these labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from annotator.core.codebook import Codebook
from annotator.core.errors import DatasetError
from annotator.core.records import AttributeDefinition, Label
from annotator.formats.datasets.label_studio.controls import LABELS, TEXT, Control, controls_of
from annotator.formats.datasets.replacing import explained_failures

ENDING = ".config.xml"
_LARGEST = 8 * 1024 * 1024
"""Bytes of a config that is read."""


@dataclass
class Used:
    """What the tasks of a file use."""

    labels: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)


def config_bytes(codebook: Codebook, used: Used) -> bytes:
    """Return the config for tasks of this codebook, with what they use besides."""
    view = Element("View")
    style = SubElement(view, "Style")
    style.text = ".htx-text { white-space: pre-wrap; }"
    _add_labels(view, codebook, used)
    SubElement(view, "Text", name=TEXT, value="$text")
    relations = SubElement(view, "Relations")
    for key in _keys(codebook.relations, used.relations):
        SubElement(relations, "Relation", value=_writable(key))
    for key, control in controls_of(codebook).items():
        if key in used.attributes or not control.attribute.retired:
            _add_control(view, codebook, control)
    indent(view)
    # No declaration: Label Studio parses the config as text, in which lxml refuses one that names an encoding.
    return tostring(view, encoding="unicode").encode() + b"\n"


def _add_labels(view: Element, codebook: Codebook, used: Used) -> None:
    labels = SubElement(view, "Labels", name=LABELS, toName=TEXT)
    known = {label.key: label for label in codebook.labels}
    for key in _keys(codebook.labels, used.labels):
        found = known.get(key)
        label = SubElement(labels, "Label", value=_writable(found.name if found else key), alias=_writable(key))
        if found:
            label.set("background", found.light)
            if found.digit is not None:
                label.set("hotkey", str(found.digit))


def _keys(records: Iterable[Any], used: set[str]) -> list[str]:
    shown = [record.key for record in records if record.key in used or not record.retired]
    return [*shown, *sorted(used.difference(shown))]


def _add_control(view: Element, codebook: Codebook, control: Control) -> None:
    attribute = control.attribute
    labels = [label.key for label in codebook.labels if _takes(codebook, label, attribute)]
    when = {"whenLabelValue": ",".join(labels)} if len(labels) < len(codebook.labels) else {}
    box = SubElement(view, "View", {"visibleWhen": "region-selected", **when})
    SubElement(box, "Header", value=_writable(attribute.name), size="5")
    common = {"name": control.name, "toName": TEXT, "perRegion": "true", **when}
    if control.kind == "choices":
        several = "multiple" if attribute.type == "choices" else "single-radio"
        choices = SubElement(box, "Choices", {"choice": several, "showInline": "true", **common})
        for value, name in _choices(attribute):
            SubElement(choices, "Choice", value=_writable(name), alias=_writable(value))
    elif control.kind == "number":
        SubElement(box, "Number", common)
    elif control.kind == "datetime":
        SubElement(box, "DateTime", {"only": "date", "format": "%Y-%m-%d", **common})
    else:
        only_one = {} if attribute.type == "texts" else {"maxSubmissions": "1"}
        SubElement(box, "TextArea", {"editable": "true", **only_one, **common})


def _takes(codebook: Codebook, label: Label, attribute: AttributeDefinition) -> bool:
    return attribute.retired or any(one.key == attribute.key for one in codebook.attributes_for(label.key))


def _choices(attribute: AttributeDefinition) -> Iterable[tuple[str, str]]:
    return (("true", "Yes"), ("false", "No")) if attribute.type == "boolean" else attribute.choices


def _writable(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(one if one >= " " and one not in "\ufffe\uffff" else " " for one in text)


@dataclass(frozen=True)
class Config:
    """What a config says of the tags by their names, in the names that results give in `to_name` and `from_name`.

    `shown` are the attributes of the tags that show data, `kinds` the tags of all in small letters, `targets` what the
    controls are about, and `per_region` those that ask about a region and not about all of it.
    """

    shown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    per_region: frozenset[str] = frozenset()

    def data_key(self, name: str) -> str | None:
        """Return the key of the task's data that the tag of this name shows, or None."""
        value = self.shown.get(name, {}).get("value", "")
        return value[1:] if value.startswith("$") else None


def config_beside(path: Path) -> Config:
    """Return the config that stands beside a file of tasks as STEM.config.xml, or one that says nothing.

    Raises DatasetError where it is no XML, or has parts that point elsewhere.
    """
    beside = path.parent / f"{path.stem}{ENDING}"
    return _parsed(beside) if beside.is_file() and not beside.is_symlink() else Config()


def _parsed(path: Path) -> Config:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    with explained_failures(path, "read"), path.open("rb") as handle:
        content = handle.read(_LARGEST + 1)
    try:
        if len(content) > _LARGEST:
            raise ValueError("it is too large")
        return _config(fromstring(content, forbid_dtd=True))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DatasetError(
            "{file} is no labelling config that can be read ({reason}). Mend it, or move it away from the tasks.",
            file=path.name,
            reason=" ".join(str(error).split())[:120] or type(error).__name__,
        ) from error


def _config(root: Element) -> Config:
    shown, kinds, targets = {}, {}, {}
    per_region = {tag.get("name", "") for tag in root.iter() if tag.get("perRegion", "").lower() == "true"}
    for tag in root.iter():
        name = tag.get("name")
        if not name:
            continue
        kinds[name] = tag.tag.lower()
        if tag.get("toName"):
            targets[name] = str(tag.get("toName")).split(",")[0]
        elif tag.get("value"):
            shown[name] = dict(tag.attrib)
    return Config(shown, kinds, targets, frozenset(per_region))
