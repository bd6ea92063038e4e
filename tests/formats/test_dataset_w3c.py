"""Web annotations: pages that hold to the model, and what Recogito, Hypothesis and older versions of it write."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import DatasetError
from annotator.formats.datasets.entries import BadEntry, FormatContext
from annotator.formats.datasets.extras import OWN
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export
from tests.support import corpus

CASE = Case("w3c")
TEXT = "Міністри 🇺🇦 met.\nWe will help Kyiv. They met again, and we will help."
WE = TEXT.index("We")
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def target(start: int, end: int, source: str = "a.txt", text: str = TEXT) -> dict[str, Any]:
    around = {"prefix": text[max(0, start - 8) : start], "suffix": text[end : end + 8]}
    quote = {"type": "TextQuoteSelector", "exact": text[start:end], **around}
    return {"source": source, "selector": [quote, {"type": "TextPositionSelector", "start": start, "end": end}]}


def tag(value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


def annotation(identity: str = "#1", **changes: Any) -> dict[str, Any]:
    plain = {"@context": CONTEXT, "id": identity, "type": "Annotation", "body": [tag("pledge")]}
    return {**plain, "target": target(WE, WE + 12), **changes}


def file(folder: Path, content: Any, name: str = "a.jsonld", **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for stem, text in (texts or {"a": TEXT}).items():
        (folder / f"{stem}.txt").write_bytes(text.encode())
    path = folder / name
    data = content if isinstance(content, bytes | str) else json.dumps(content)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def found(path: Path, context: FormatContext | None = None) -> list[Any]:
    return [entry for _, entry in CASE.entry.implementation().read(path, context or CASE.context())]


def entry_of(path: Path, context: FormatContext | None = None) -> Any:
    (entry,) = found(path, context)
    assert not isinstance(entry, BadEntry), str(entry.reason)
    return entry


def covered(entry: Any) -> list[tuple[str, str]]:
    return [
        (span["label"], "|".join(entry["text"][start:end] for start, end in span["fragments"]))
        for span in entry["spans"]
    ]


@pytest.mark.parametrize(
    "content",
    [
        annotation(),
        [annotation()],
        json.dumps(annotation()) + "\n" + json.dumps(annotation("#2")) + "\n",
        {"@context": CONTEXT, "type": "AnnotationPage", "items": [annotation()]},
        {
            "@context": CONTEXT,
            "type": "AnnotationCollection",
            "first": {"type": "AnnotationPage", "items": [annotation()]},
        },
        {"@context": CONTEXT, "@graph": [annotation()]},
        "\ufeff" + json.dumps([annotation()], indent=2),
        annotation(body={"type": "TextualBody", "purpose": "classifying", "value": "pledge"}),
        annotation(body={"type": "SpecificResource", "purpose": "tagging", "source": "http://example.org/tags#pledge"}),
        annotation(body={"@type": ["oa:Tag", "cnt:ContentAsText"], "chars": "pledge"}),
        annotation(motivation="pledge", body=[]),
    ],
    ids=["one", "array", "lines", "page", "collection", "graph", "BOM", "class", "semantic tag", "old", "motivation"],
)
def test_every_form_of_it_is_read(tmp_path: Path, content: Any) -> None:
    path = file(tmp_path, content)
    assert set(covered(entry_of(path))) == {("pledge", "We will help")}
    assert recognised(path).name == "w3c"


def test_comments_people_classes_and_links_come_in(tmp_path: Path) -> None:
    bodies = [tag("pledge"), tag("condition"), {"type": "TextualBody", "value": "sure?"}]
    bodies.append({"type": "TextualBody", "purpose": "classifying", "value": "certainty: high"})
    creator = {"id": "https://example.org/a", "name": "Analyst A"}
    content = [
        annotation("#1", body=bodies, creator=creator, created="2024-05-01T10:00:00Z"),
        annotation("#2", target=target(0, 8)),
        {"id": "#l", "motivation": "linking", "body": [tag("conditions")], "target": [{"id": "#1"}, {"id": "#2"}]},
        {"id": "#m", "motivation": "linking", "body": "#2", "target": "#1"},
        {"id": "#n", "body": [], "target": [{"id": "#1"}, {"id": "#9"}]},
    ]
    context = CASE.context()
    entry = entry_of(file(tmp_path, content), context)
    assert covered(entry) == [("pledge", "We will help"), ("condition", "We will help"), ("pledge", "Міністри")]
    first = entry["spans"][0]
    assert (first["note"], first["annotator"], first["layer"]) == ("sure?", creator["id"], creator["id"])
    assert first["attributes"] == {"certainty": "high"} and first["created"] == "2024-05-01T10:00:00Z"
    assert context.names == {creator["id"]: "Analyst A"}
    assert [(one["type"], one["from"], one["to"], one["note"]) for one in entry["relations"]] == [
        ("conditions", "#1", "#2", ""),
        ("linking", "#2", "#1", ""),
    ]
    assert [loss.kind for loss in context.losses.losses()] == ["links to what is not there"]


def hypothesis_row(quote: str, prefix: str = "", suffix: str = "", **changes: Any) -> dict[str, Any]:
    selectors = [
        {"type": "RangeSelector", "startContainer": "/p[1]", "endContainer": "/p[1]", "startOffset": 0, "endOffset": 9},
        {"type": "TextPositionSelector", "start": 4_000, "end": 4_000 + len(quote)},
        {"type": "TextQuoteSelector", "exact": quote, "prefix": prefix, "suffix": suffix},
    ]
    uri = "https://example.org/news/a.html"
    row = {"id": f"h {quote}", "uri": uri, "user": "acct:someone@hypothes.is", "tags": ["pledge"], "text": "why?"}
    row |= {"document": {"title": ["The news"]}, "created": "2024-05-01T10:00:00+00:00", "references": None}
    return {**row, "target": [{"source": uri, "selector": selectors}], **changes}


def test_what_hypothesis_gives_is_found_by_its_quotes(tmp_path: Path) -> None:
    rows = [
        hypothesis_row("will help", prefix="again, and we ", suffix="."),
        hypothesis_row("met. We will", prefix="Міністри 🇺🇦 "),
        hypothesis_row("", target=[{"source": "https://example.org/news/a.html"}], text="of the whole page"),
        hypothesis_row("help Kyiv", tags=[], user_info={"display_name": "Someone"}),
    ]
    context = CASE.context()
    entry = entry_of(file(tmp_path, {"total": 4, "rows": rows}, "export.json"), context)
    assert covered(entry) == [("pledge", "will help"), ("pledge", "met.\nWe will"), ("commenting", "help Kyiv")]
    assert entry["spans"][0]["fragments"] == [[TEXT.rindex("will"), TEXT.rindex("will") + 9]]
    assert entry["source"] == {"file": "a.txt", "url": "https://example.org/news/a.html", "title": "The news"}
    assert entry["spans"][0]["annotator"] == "someone@hypothes.is" and entry["spans"][0]["note"] == "why?"
    assert recognised(tmp_path / "export.json").name == "w3c"
    (loss,) = context.losses.losses()
    assert (loss.kind, loss.examples) == ("annotations of whole pages, and replies", ("of the whole page",))
    lines = [line for _, line in Reading(CASE.entry, tmp_path / "export.json", CASE.context()).lines()]
    assert {one["quote"] for one in lines[0]["spans"]} == {"will help", "met.\nWe will", "help Kyiv"}


def test_places_in_utf_16_units_are_told_by_the_quotes(tmp_path: Path) -> None:
    rows = []
    for number, quote in enumerate(("met", "We will help", "again"), 1):
        at = TEXT.index(quote)
        units = len(TEXT[:at].encode("utf-16-le")) // 2
        one = target(at, at + len(quote))
        one["selector"][1] |= {"start": units, "end": units + len(quote)}
        rows.append(annotation(f"#{number}", target=one))
    assert [quote for _, quote in covered(entry_of(file(tmp_path, rows)))] == ["met", "We will help", "again"]


def test_places_in_utf_16_units_are_told_even_where_a_quote_stands_twice(tmp_path: Path) -> None:
    text = "😀😀😀x x"
    rows = []
    for number, (start, quote) in enumerate([(6, "x"), (8, "x"), (0, "😀")]):
        selectors = [
            {"type": "TextPositionSelector", "start": start, "end": start + len(quote.encode("utf-16-le")) // 2}
        ]
        selectors.append({"type": "TextQuoteSelector", "exact": quote})
        rows.append(annotation(f"#{number}", target={"source": "a.txt", "selector": selectors}))
    entry = entry_of(file(tmp_path, rows, a=text))
    assert [span["fragments"] for span in entry["spans"]] == [[[3, 4]], [[5, 6]], [[0, 1]]]


def test_what_stands_after_a_quote_decides_too(tmp_path: Path) -> None:
    entry = entry_of(file(tmp_path, [hypothesis_row("will help", suffix=" Kyiv")], "export.json"))
    assert entry["spans"][0]["fragments"] == [[TEXT.index("will"), TEXT.index("will") + 9]]


@pytest.mark.parametrize(
    ("name", "source", "text"),
    [
        ("x.jsonld", "a.txt", "a"),
        ("x.jsonld", "urn:somewhere:a", "a"),
        ("x.jsonld", "https://example.org/news/a.html?b=1", "a"),
        ("x.w3c.jsonld", "urn:y", "x"),
        ("x.jsonld", "urn:y", "called-otherwise"),
    ],
)
def test_the_text_is_found_beside_the_file(tmp_path: Path, name: str, source: str, text: str) -> None:
    content = [annotation(target=target(WE, WE + 12, source))]
    entry = entry_of(file(tmp_path, content, name, **{text: TEXT, "other": "We will not."}))
    assert entry["text"] == TEXT and entry["source"]["file"] == f"{text}.txt"


def test_a_text_that_is_not_there_is_named_and_others_come_in(tmp_path: Path) -> None:
    content = [annotation("#1", target=target(0, 3, "https://example.org/b", "xyz")), annotation("#2")]
    path = file(tmp_path, content)
    bad, good = found(path)
    assert "the text of “https://example.org/b” is not in the file" in str(bad.reason) and "“b.txt”" in str(bad.reason)
    assert covered(good) == [("pledge", "We will help")]


def test_no_file_is_opened_by_an_address(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT)
    for source in ("../secret.txt", f"file://{tmp_path}/secret.txt", str(tmp_path / "secret.txt")):
        path = file(tmp_path / "in", [annotation(target=target(WE, WE + 12, source))], other="nothing")
        (bad,) = found(path)
        assert isinstance(bad, BadEntry)


def test_an_embedded_text_is_read(tmp_path: Path) -> None:
    one = target(WE, WE + 12)
    one["source"] = {"id": "urn:a", "type": "TextualBody", "value": TEXT}
    assert covered(entry_of(file(tmp_path, annotation(target=one), other="x"))) == [("pledge", "We will help")]


def model_holds(one: dict[str, Any], text: str) -> None:
    """Hold an annotation against what https://www.w3.org/TR/annotation-model/ says that it must and must not have."""
    assert one["type"] == "Annotation" and ":" in one["id"]
    assert one["motivation"] in ("tagging", "linking")
    for body in one["body"]:
        assert set(body) == {"type", "purpose", "value"} and isinstance(body["value"], str)
        assert body["purpose"] in ("tagging", "classifying", "commenting")
    if one["motivation"] == "linking":
        assert len(one["target"]) == 2
        return
    for place in one["target"] if isinstance(one["target"], list) else [one["target"]]:
        quote, position = place["selector"]
        assert quote["type"] == "TextQuoteSelector" and position["type"] == "TextPositionSelector"
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])


def test_what_is_written_holds_to_the_model(tmp_path: Path) -> None:
    spans = [
        span(TEXT, WE, WE + 12, 1, note="sure?"),
        span(TEXT, 0, 12, 2, fragments=[[0, 8], [9, 11]], label="condition", attributes={}),
    ]
    lines = [document(TEXT, number, spans=spans, relations=[relation("s2", "s1")]) for number in (1, 2)]
    for line in lines:
        line["source"] = {**line["source"], "title": "Collection"}
    context = CASE.context()
    context.names["a1"] = "Analyst A"
    export(CASE, tmp_path / "data", lines, context)
    pages = [json.loads((tmp_path / "data" / f"Collection-{number}.jsonld").read_bytes()) for number in (2, 3)]
    collection = json.loads((tmp_path / "data" / "collection.jsonld").read_bytes())
    assert (collection["total"], collection["first"], collection["last"]) == (6, pages[0]["id"], pages[1]["id"])
    assert pages[0]["next"] == pages[1]["id"] and pages[1]["prev"] == pages[0]["id"] and "next" not in pages[1]
    for page in pages:
        assert page["@context"] == CONTEXT and page["type"] == "AnnotationPage" and page["partOf"] == collection["id"]
        text = (tmp_path / "data" / page["id"].replace(".jsonld", ".txt")).read_bytes().decode()
        for one in page["items"]:
            model_holds(one, text)
    first = pages[0]["items"][-2 if pages[0]["items"][0]["body"][0]["value"] == "condition" else 0]
    assert first["creator"] == {"id": "urn:x-annotator:person:a1", "type": "Person", "name": "Analyst A"}
    assert {"type": "TextualBody", "purpose": "classifying", "value": "hedged: no"} in first["body"]
    assert pages[1]["startIndex"] == 3


def test_an_archive_of_the_folder_reads_back_and_what_was_added_elsewhere_is_read(tmp_path: Path) -> None:
    export(CASE, tmp_path / "data", [document(TEXT, spans=[span(TEXT, WE, WE + 12)], relations=[])])
    path = tmp_path / "data" / "A.jsonld"
    page = json.loads(path.read_bytes())
    page["items"][0]["body"][0]["value"] = "criticism"
    page["items"].append(annotation("#new", target=target(0, 8, "A.txt")))
    path.write_text(json.dumps(page))
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for one in sorted((tmp_path / "data").iterdir()):
            archive.write(one, f"data/{one.name}")
    for place in (tmp_path / "data", path, tmp_path / "d.zip"):
        assert recognised(place).name == "w3c"
        entry = entry_of(place)
        assert sorted(covered(entry)) == [("criticism", "We will help"), ("pledge", "Міністри")]
        assert entry["spans"][0]["layer"] == "gold" and entry["id"] == "d1"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "JSON"),
        (b"{", "broken JSON"),
        (b"[" * 5_000, "too deeply"),
        (b'{"target": NaN}', "no JSON number"),
        (b'{"target": "\\ud800"}', "half a character"),
        (b"\xff\xfe{", "not UTF-8"),
        (b'{"type": "AnnotationCollection", "first": "p1"}', "no annotations"),
        (b"[]", "no annotations"),
    ],
)
def test_what_is_no_such_file_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(DatasetError, match=reason):
        found(file(tmp_path, content))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="no web annotations"):
        found(tmp_path / "empty")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"target": 7}, "a target is 7"),
        ({"body": 7}, "a body"),
        (
            {"target": {"source": "a.txt", "selector": {"type": "TextPositionSelector", "start": -1, "end": 2}}},
            "before",
        ),
        (
            {"target": {"source": "a.txt", "selector": {"type": "TextPositionSelector", "start": 1, "end": 999}}},
            "no stretch",
        ),
        ({"target": {"source": "a.txt", "selector": {"type": "TextQuoteSelector", "exact": "nowhere"}}}, "“nowhere”"),
        ({OWN: {"codebook": "x"}}, "codebook"),
        ({OWN: 7}, "no object"),
    ],
)
def test_what_is_wrong_with_an_annotation_is_told(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    path = file(tmp_path, [annotation("#1", **change)])
    reading = Reading(CASE.entry, path, CASE.context(), skip=True)
    assert sum(len(line["spans"]) for _, line in reading.lines()) == 0
    assert reason in " ".join(problem.reason for problem in reading.problems)


VALUES = st.none() | st.booleans() | st.integers(-5, 10**20) | st.sampled_from(["", "#1", "a.txt", "pledge", "We will"])
KEYS = [
    "id",
    "type",
    "body",
    "target",
    "source",
    "selector",
    "exact",
    "start",
    "end",
    "items",
    "tags",
    "value",
    "first",
]
KEYS += [
    "creator",
    "purpose",
    "refinedBy",
    "motivation",
    "document",
    "title",
    "user",
    "@graph",
    "TextQuoteSelector",
    OWN,
]
TREES = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner))


@settings(max_examples=150, deadline=None)
@given(tree=TREES, key=st.sampled_from(KEYS))
def test_nothing_in_a_file_makes_it_crash(tmp_path_factory: pytest.TempPathFactory, tree: Any, key: str) -> None:
    path = file(
        tmp_path_factory.mktemp("w3c"),
        [tree, annotation(**{key: tree}), annotation(target={**target(0, 8), key: tree})],
    )
    for line in (line for _, line in Reading(CASE.entry, path, CASE.context(), skip=True).lines()):
        assert all(line["text"][one["start"] : one["end"]] == one["quote"] for one in line["spans"])


def test_the_real_file_comes_in_with_every_span_at_its_quote() -> None:
    where = corpus()
    if where is None:
        pytest.skip("the corpus of real documents is not on this machine")
    path = where / "seed" / "derived" / "seed.w3c.jsonld"
    ((_, line),) = Reading(CASE.entry, path, CASE.context()).lines()
    assert len(line["spans"]) == 17
    gold = json.loads((where / "seed" / "seed_gold.jsonl").read_text("utf-8").splitlines()[0])
    if "spans" in gold:
        assert {one["quote"] for one in line["spans"]} == {one["quote"] for one in gold["spans"]}
