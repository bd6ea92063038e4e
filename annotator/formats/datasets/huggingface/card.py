"""What comes beside the data files: the dataset card (README.md) and Croissant metadata (croissant.json).

Sources: the documentation of dataset cards of the Hugging Face Hub, and MLCommons Croissant 1.0,
https://docs.mlcommons.org/croissant/docs/croissant-spec.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from annotator.formats.codebook_yaml import yaml_text
from annotator.formats.datasets.data_card import CardCounts, DataCard
from annotator.formats.datasets.entries import FormatContext
from annotator.formats.datasets.huggingface.features import Classes, Feature, as_yaml
from annotator.formats.datasets.huggingface.shards import OTHER, Shard

Features = Mapping[str, Feature]

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGEST = "1M<n<10M"

_HUB_LICENCES = frozenset(
    f"{family}{version}"
    for family, versions in {
        "apache": ("-2.0",),
        "mit": ("",),
        "cc": ("", "0-1.0", *(f"-by-{n}" for n in ("2.0", "2.5", "3.0", "4.0"))),
        "cc-by-sa": ("-3.0", "-4.0"),
        "cc-by-nc": ("-2.0", "-3.0", "-4.0"),
        "cc-by-nd": ("-4.0",),
        "cc-by-nc-nd": ("-3.0", "-4.0"),
        "cc-by-nc-sa": ("-2.0", "-3.0", "-4.0"),
        "cdla": ("-sharing-1.0", "-permissive-1.0", "-permissive-2.0"),
        "odc": ("-by",),
        "odbl": ("",),
        "pddl": ("",),
        "etalab": ("-2.0",),
    }.items()
    for version in versions
)
"""Identifiers of licences that the Hub knows; any other one is `other` with a name."""

_ISO_LANGUAGE = re.compile(r"[a-z]{2,3}")


def card(context: FormatContext, features: Features, counts: CardCounts, shards: Sequence[Shard]) -> bytes:
    """Return README.md: what `datasets` and the Hub read as YAML, then what people read."""
    data = DataCard(
        title=context.title,
        codebook=context.codebook,
        counts=counts,
        facts=context.facts,
        format="Hugging Face dataset, " + ", ".join(f"{name}: {value}" for name, value in context.options.items()),
        files="\n".join(_files(context, shards)),
        losses=context.losses.losses(),
    )
    return f"---\n{yaml_text(_head(context, features, counts, shards))}---\n\n{data.text()}".encode()


def _head(context: FormatContext, features: Features, counts: CardCounts, shards: Sequence[Shard]) -> dict[str, Any]:
    return {
        **_licence(context.facts.licence),
        **_languages(counts),
        "pretty_name": context.title or "Labelled texts",
        "size_categories": [size_category(counts.documents)],
        "task_categories": ["token-classification"],
        "tags": ["span-annotation"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": shard.name, "path": f"data/{shard.path.name}"} for shard in shards],
            }
        ],
        "dataset_info": {
            "features": as_yaml(features),
            "splits": [{"name": one.name, "num_bytes": one.size, "num_examples": one.rows} for one in shards],
            "download_size": sum(shard.size for shard in shards),
            "dataset_size": sum(shard.size for shard in shards),
        },
    }


def size_category(documents: int) -> str:
    """Return the word of the Hub for how many rows there are."""
    return next((name for limit, name in _SIZES if documents < limit), _LARGEST)


def _licence(said: str) -> dict[str, str]:
    said = said.strip()
    if not said:
        return {}
    known = said.lower()
    return {"license": known} if known in _HUB_LICENCES else {"license": "other", "license_name": _slug(said)}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-") or "other"


def _languages(counts: CardCounts) -> dict[str, list[str]]:
    codes = {code.split("-")[0].lower() for code in counts.languages}
    found = sorted(code for code in codes if _ISO_LANGUAGE.fullmatch(code))
    return {"language": found} if found else {}


def _files(context: FormatContext, shards: Sequence[Shard]) -> Iterator[str]:
    yield "| File | Split | Documents |\n| --- | --- | --- |"
    yield from (f"| `data/{shard.path.name}` | {shard.name} | {shard.rows:,} |" for shard in shards)
    yield "\nDocuments without a split are in `train`; the column `split` says what is known of it."
    if any(shard.name == OTHER for shard in shards):
        yield f"`{OTHER}` holds documents of splits of other names."
    yield "`croissant.json` describes the files for other programs, `manifest.json` has their hashes."
    yield "\nTo load them:\n\n```python\nfrom datasets import load_dataset\n"
    yield 'dataset = load_dataset("path/to/this/folder")\n```\n'
    yield _TOKENS if context.options["shape"] == "tokens" else _DOCUMENTS


_DOCUMENTS = """A row is a document. `spans` has its labelled spans, `fragments` where each piece of a span begins and
ends (most have one), and `start`, `end` and `quote` are those of the whole of it. The values of `attributes` are JSON.
`relations` lead from the id of one span to that of another. Within `read`, text without a span was looked at and holds
nothing (a true negative). Lists of pairs are starts and ends.
"""
_TOKENS = """A row is a document as words: `tokens` with `ner_tags` in IOB2, and `offsets`, where each word begins and
ends in `text`. A model with a limit of words needs the rows cut into windows; the starts and ends in `sentences` help
there. Of spans that share a word the longest is kept. Within `read`, text without a tag was looked at and holds nothing
(a true negative).
"""

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification gives; validators want all of it."""

_TYPES = {"string": "sc:Text", "int64": "sc:Integer", "float64": "sc:Float"}
_ENCODINGS = {"jsonl": "application/jsonlines", "parquet": "application/x-parquet"}


def croissant(context: FormatContext, features: Features, counts: CardCounts, shards: Sequence[Shard]) -> bytes:
    """Return croissant.json: every file with its hash, and a record set of the columns for each split."""
    title = context.title or "Labelled texts"
    kind = context.options["files"]
    data = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": title,
        "description": f"{counts.documents} documents with {counts.spans} labelled spans and {counts.relations} "
        "relations. Places count Unicode code points, the end not included.",
        **({"license": context.facts.licence.strip()} if context.facts.licence.strip() else {}),
        **{("inLanguage" if key == "language" else key): value for key, value in _languages(counts).items()},
        "distribution": [_file_object(shard, _ENCODINGS[kind]) for shard in shards],
        "recordSet": [_record_set(shard, features, jsonl=kind == "jsonl") for shard in shards],
    }
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _file_object(shard: Shard, encoding: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": shard.path.name,
        "name": shard.path.name,
        "contentUrl": f"data/{shard.path.name}",
        "contentSize": f"{shard.size} B",
        "encodingFormat": encoding,
        "sha256": shard.sha256,
    }


def _record_set(shard: Shard, features: Features, *, jsonl: bool) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": shard.name,
        "name": shard.name,
        "description": f"A record for each of {shard.rows} documents.",
        "field": [_column(shard, name, feature, jsonl=jsonl) for name, feature in features.items()],
    }


def _column(shard: Shard, name: str, feature: Feature, *, jsonl: bool) -> dict[str, Any]:
    identity = f"{shard.name}/{name}"
    inner = feature[0] if isinstance(feature, list) else feature
    whole: dict[str, Any] = {"@type": "cr:Field", "@id": identity, "name": identity}
    if isinstance(feature, list) and not isinstance(inner, list):
        whole["repeated"] = True
    if not isinstance(inner, dict):
        # Tags are numbers in Parquet and text in lines of JSON.
        classes = "sc:Text" if jsonl else "sc:Integer"
        kind = classes if isinstance(inner, Classes) else _TYPES[_plain(feature)]
        return {**whole, **_array(feature), "dataType": kind, "source": _source(shard, name, None)}
    parts = []
    for part, value in inner.items():
        if _plain(value) is None:
            continue
        field = {"@type": "cr:Field", "@id": f"{identity}/{part}", "name": f"{identity}/{part}", **_array(value)}
        parts.append({**field, "dataType": _TYPES[_plain(value)], "source": _source(shard, name, part)})
    return {**whole, "subField": parts}


def _plain(feature: Feature) -> Any:
    """Return the type of the values in a feature, lists opened; None for lists of objects."""
    while isinstance(feature, list):
        feature = feature[0]
    return feature if isinstance(feature, str) else None


def _array(feature: Feature) -> dict[str, Any]:
    """Return how lists of pairs, and lists within objects, are said."""
    if isinstance(feature, list) and isinstance(feature[0], list):
        return {"isArray": True, "arrayShape": "-1,2"}
    return {"isArray": True, "arrayShape": "-1"} if isinstance(feature, list) and isinstance(feature[0], str) else {}


def _source(shard: Shard, column: str, part: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"fileObject": {"@id": shard.path.name}, "extract": {"column": column}}
    return found if part is None else {**found, "transform": {"jsonPath": part}}
