"""The types that this program writes into a CAS, as INCEpTION takes types for layers, and those of DKPro beside them.

A type with simple features alone is a layer of spans; one that has `Governor` and `Dependent` besides is a layer of
relations. What comes in as a layer may overlap, and may begin within a word.

Source: TypeSystemAnalysis in github.com/inception-project/inception; the UIMA references (type systems, XMI); the
specification of JSON CAS, github.com/apache/uima-uimaj-io-jsoncas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from annotator.core.codebook import Codebook
from annotator.formats.datasets.brat.names import word

SPAN = "webanno.custom.LabelledSpan"
RELATION = "webanno.custom.LabelledRelation"
DOCUMENT = "webanno.custom.DocumentRecord"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"

RECORD = "record"
"""The feature with everything that has no feature of its own, as JSON."""

OF_SPAN = ("label", "note", "annotator", "layer")
"""Features of a span that hold a key of the same name; one for each attribute follows."""

_RESERVED = frozenset((*OF_SPAN, RECORD, "begin", "end", "sofa", "id", "self", "type"))
_PREFIX = "attribute_"
_STRING = "uima.cas.String"
_PARENTS = {
    SPAN: "uima.tcas.Annotation",
    RELATION: "uima.tcas.Annotation",
    DOCUMENT: "uima.cas.AnnotationBase",
    METADATA: "uima.tcas.DocumentAnnotation",
    SENTENCE: "uima.tcas.Annotation",
}
_METADATA = ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri")


@lru_cache(maxsize=4096)
def feature_name(key: str) -> str:
    """Return the name of the feature for an attribute: letters without accents, figures and “_”."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", word(key))
    return name if name[0].isalpha() and name not in _RESERVED else _PREFIX + name


def attribute_key(name: str) -> str:
    """Return the key of the attribute that a feature is for, where nothing else says it."""
    rest = name.removeprefix(_PREFIX)
    return rest if rest in _RESERVED else name


def attribute_features(codebook: Codebook) -> list[str]:
    """Return the features for the attributes of a codebook."""
    return [feature_name(attribute.key) for attribute in codebook.attributes]


def _features(attributes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the range of each feature by its name, by the name of its type."""
    span = dict.fromkeys((*OF_SPAN, *attributes, RECORD), _STRING)
    relation = {"Governor": SPAN, "Dependent": SPAN, "label": _STRING, "note": _STRING, RECORD: _STRING}
    return {
        SPAN: span,
        RELATION: relation,
        DOCUMENT: {RECORD: _STRING},
        METADATA: {**dict.fromkeys(_METADATA, _STRING), "isLastSegment": "uima.cas.Boolean"},
        SENTENCE: {"id": _STRING},
    }


def as_xml(attributes: Iterable[str]) -> bytes:
    """Return the type system as a UIMA descriptor; `attributes` are the names of features."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines += ['<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">', "  <types>"]
    for name, features in _features(attributes).items():
        lines += ["    <typeDescription>", f"      <name>{name}</name>", "      <description/>"]
        lines += [f"      <supertypeName>{_PARENTS[name]}</supertypeName>", "      <features>"]
        lines += [_feature(feature, kind) for feature, kind in features.items()]
        lines += ["      </features>", "    </typeDescription>"]
    return "\n".join([*lines, "  </types>", "</typeSystemDescription>", ""]).encode()


def _feature(name: str, kind: str) -> str:
    return (
        f"        <featureDescription><name>{name}</name><description/>"
        f"<rangeTypeName>{kind}</rangeTypeName></featureDescription>"
    )


def as_json(attributes: Iterable[str]) -> dict[str, Any]:
    """Return the type system as the object that a JSON CAS has under `%TYPES`."""
    return {
        name: {
            "%NAME": name,
            "%SUPER_TYPE": _PARENTS[name],
            **{feature: {"%NAME": feature, "%RANGE": kind} for feature, kind in features.items()},
        }
        for name, features in _features(attributes).items()
    }


_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """Return a text as XML can hold it: the other characters, which are one unit each, are U+FFFD."""
    return _NOT_IN_XML.sub(REPLACEMENT, text)


def unclean(text: str) -> list[list[int]]:
    """Return where a text has what XML cannot hold: [place, code point] each."""
    return [[match.start(), ord(match[0])] for match in _NOT_IN_XML.finditer(text)]


_IN_ATTRIBUTE = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_ATTRIBUTE = str.maketrans(_IN_ATTRIBUTE)
_MARKED = re.compile('[&<>"\t\n\r]')


def quoted(text: str) -> str:
    """Return a text as the value of an attribute in XML, without quotation marks."""
    return text.translate(_ATTRIBUTE) if _MARKED.search(text) else text
