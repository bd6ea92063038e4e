"""JSON CAS: the form that INCEpTION writes today, and the older one of UIMA 2 (`_context`, `_views`).

Source: the specification in github.com/apache/uima-uimaj-io-jsoncas (0.4; before that, structures were an object);
the UIMA references, “JSON serialization of CASs”, for the older form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from annotator.formats.datasets.cas.structures import INITIAL_VIEW, Cas, Sofa, Structure
from annotator.formats.datasets.cas.types import as_json
from annotator.formats.datasets.checks import LineError
from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.fields import checked, taken_or
from annotator.formats.datasets.lines import decode_line

_SOFA = "uima.cas.Sofa"
_REFERENCES = ("Governor", "Dependent")


def cas_of_json(data: bytes) -> Cas:
    """Return what a file holds. Raises EntryError where it is no JSON CAS; it goes on after the file's name."""
    try:
        found = decode_line(data.removeprefix(b"\xef\xbb\xbf"))
    except LineError as error:
        raise EntryError("it is no JSON of one CAS: {reason}", reason=str(error)) from error
    found = checked(found, dict, "the file")
    if "%FEATURE_STRUCTURES" in found:
        return _current(found)
    if "_views" in found or "_referenced_fss" in found:
        return _older(found)
    raise EntryError("it is no JSON CAS: it has no “%FEATURE_STRUCTURES”.")


def _current(data: Mapping[str, Any]) -> Cas:
    cas = Cas()
    listed = data["%FEATURE_STRUCTURES"]
    if isinstance(listed, dict):
        listed = [{"%ID": identity, **checked(one, dict, f"structure {identity}")} for identity, one in listed.items()]
    for number, one in enumerate(checked(listed, list, "“%FEATURE_STRUCTURES”"), 1):
        one = checked(one, dict, f"structure {number}")
        identity = str(one.get("%ID", f"-{number}"))
        kind = str(one.get("%TYPE", ""))
        if kind == _SOFA:
            cas.sofas[identity] = _sofa(identity, one)
            continue
        if identity in cas.structures:
            raise EntryError("two structures have the id {id}.", id=identity)
        cas.structures[identity] = Structure(identity, kind, _features(one))
    names = {sofa.name: sofa.id for sofa in cas.sofas.values()}
    for name, view in taken_or(data, "%VIEWS", dict, "the file", {}).items():
        view = checked(view, dict, f"the view {name}")
        members = {str(one) for one in taken_or(view, "%MEMBERS", list, f"the view {name}", [])}
        cas.members[str(view.get("%SOFA") or names.get(name, ""))] = members
    return cas


def _sofa(identity: str, data: Mapping[str, Any]) -> Sofa:
    return Sofa(identity, str(data.get("sofaID", INITIAL_VIEW)), taken_or(data, "sofaString", str, "a sofa", None))  # type: ignore[arg-type]


def _features(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return features without the marks of their kinds: references are text, as in XMI."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        if key == "%ELEMENTS":
            found["elements"] = " ".join(map(str, value)) if isinstance(value, list) else ""
        elif key.startswith("@"):
            found[key[1:]] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        elif not key.startswith("%"):
            found[key.removeprefix("^")] = value
    return found


def _older(data: Mapping[str, Any]) -> Cas:
    """Return a CAS of the form in which each view has a list of structures by the short name of their type."""
    cas = Cas()
    context = taken_or(data, "_context", dict, "the file", {})
    types = taken_or(context, "_types", dict, "“_context”", {})
    for identity, one in taken_or(data, "_referenced_fss", dict, "the file", {}).items():
        one = checked(one, dict, f"structure {identity}")
        kind = _full_name(str(one.get("_type", "")), types)
        if kind in (_SOFA, "Sofa"):
            cas.sofas[identity] = _sofa(identity, one)
        else:
            _add_older(cas, identity, kind, one)
    for name, view in taken_or(data, "_views", dict, "the file", {}).items():
        for short, listed in checked(view, dict, f"the view {name}").items():
            for one in checked(listed, list, f"“{short}”"):
                if isinstance(one, dict):
                    identity = str(one.get("xmi:id") or one.get("_id") or f"-{len(cas.structures) + 1}")
                    _add_older(cas, identity, _full_name(short, types), one)
    return cas


def _add_older(cas: Cas, identity: str, kind: str, data: Mapping[str, Any]) -> None:
    features = dict(data)
    for key in ("sofa", *_REFERENCES):
        if isinstance(features.get(key), int):
            features[key] = str(features[key])
    cas.structures[identity] = Structure(identity, kind, features)


def _full_name(short: str, types: Mapping[str, Any]) -> str:
    known = types.get(short)
    name = known.get("_id") if isinstance(known, dict) else known
    return name if isinstance(name, str) and name else short


def json_of(cas: Cas, attributes: Iterable[str]) -> bytes:
    """Return a CAS as a file; `attributes` are the features for the attributes of its spans."""
    structures: list[dict[str, Any]] = []
    for number, sofa in enumerate(cas.sofas.values(), 1):
        about = {"sofaNum": number, "sofaID": sofa.name, "mimeType": "text/plain", "sofaString": sofa.text}
        structures.append({"%ID": int(sofa.id), "%TYPE": _SOFA, **about})
    for one in cas.structures.values():
        features = {
            f"@{key}" if key in ("sofa", *_REFERENCES) else key: int(value) if key in ("sofa", *_REFERENCES) else value
            for key, value in one.features.items()
        }
        structures.append({"%ID": int(one.id), "%TYPE": one.type, **features})
    views = {
        sofa.name: {"%SOFA": int(sofa.id), "%MEMBERS": sorted(map(int, cas.members.get(sofa.id, ())))}
        for sofa in cas.sofas.values()
    }
    return orjson.dumps({"%TYPES": as_json(attributes), "%FEATURE_STRUCTURES": structures, "%VIEWS": views})
