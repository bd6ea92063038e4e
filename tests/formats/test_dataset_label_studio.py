"""Label Studio: files in the forms of its exports come in, and what is written has the form that it documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.codebooks import default_codebook
from annotator.formats.datasets.entries import FormatContext
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.registry import format_named
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export, kept, read_back
from tests.support import corpus

FORMAT = format_named("label-studio")
TEXT = "The allies will help.\nIf the council agrees, 🇺🇦 gets more."


def region(start: int, end: int, label: str, identity: str = "a1", **changes: Any) -> dict[str, Any]:
    """Return a region as the editor saves it: `text` has a backslash and an n for each end of a line."""
    text = changes.pop("source", TEXT)
    value = {"start": start, "end": end, "text": text[start:end].replace("\n", "\\n"), "labels": [label]}
    return {
        "value": value | changes.pop("value", {}),
        "id": identity,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
    } | changes


def about(identity: str, kind: str, name: str, **value: Any) -> dict[str, Any]:
    given = {"id": identity} if identity else {}
    return {**given, "from_name": name, "to_name": "text", "type": kind, "value": value, "origin": "manual"}


def page_label() -> dict[str, Any]:
    value = {"globalOffsets": {"start": 0, "end": 1}, "text": "x", "hypertextlabels": ["pledge"]}
    return {"id": "h", "from_name": "label", "to_name": "html", "type": "hypertextlabels", "value": value}


def annotation(*results: dict[str, Any], identity: int = 11, by: Any = 7, **changes: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "completed_by": by,
        "result": list(results),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2024-03-27T07:48:35.761265Z",
        "lead_time": 531.771,
        "prediction": {},
        "result_count": 0,
    } | changes


def task(*annotations: dict[str, Any], identity: int = 5, data: Any = None, **changes: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "annotations": list(annotations),
        "file_upload": "5c955ada-data.json",
        "drafts": [],
        "predictions": [],
        "data": {"text": TEXT} if data is None else data,
        "meta": {},
        "project": 3,
        "inner_id": 1,
    } | changes


def written(path: Path, *tasks: Any) -> Path:
    path.write_text(json.dumps(list(tasks), ensure_ascii=False), encoding="utf-8")
    return path


def reading(path: Path, *, skip: bool = False) -> Reading:
    return Reading(FORMAT, path, FormatContext(default_codebook(), FORMAT.chosen({})), skip)


def lines(path: Path) -> list[dict[str, Any]]:
    return [line for _, line in reading(path).lines()]


def line_of(folder: Path, *tasks: Any) -> dict[str, Any]:
    (line,) = lines(written(folder / "tasks.json", *tasks))
    return line


def links(line: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return relations by the labels of their ends."""
    labels = {one["id"]: one["label"] for one in line["spans"]}
    return [(labels[one["from"]], one["type"], labels[one["to"]]) for one in line["relations"]]


def ids(path: Path) -> dict[str, str]:
    """Return the labels of spans by the ids that the format's reader gives them."""
    context = FormatContext(default_codebook(), FORMAT.chosen({}))
    ((_, entry),) = FORMAT.implementation().read(path, context)
    return {one["id"]: one["label"] for one in entry["spans"]}


def losses(found: Reading) -> dict[str, int]:
    return {loss.kind: loss.count for loss in found.context.losses.losses()}


def test_spans_relations_and_answers_about_them_come_in(tmp_path: Path) -> None:
    path = written(
        tmp_path / "tasks.json",
        task(
            annotation(
                region(4, 20, "pledge", "p", meta={"text": ["first", "second"]}, score=0.5),
                about("p", "choices", "strength", start=4, end=20, text="allies will help", choices=["firm"]),
                about("p", "textarea", "speaker", start=4, end=20, text=["The allies"]),
                about("p", "choices", "hedged", start=4, end=20, choices=["true"]),
                about("p", "number", "priority", start=4, end=20, number=3),
                about("p", "rating", "stars", start=4, end=20, rating=4),
                about("p", "choices", "tone", start=4, end=20, choices=["warm", "cool"]),
                about("p", "taxonomy", "topic", start=4, end=20, taxonomy=[["Aid", "Air defence"]]),
                region(22, 44, "condition", "c"),
                {"from_id": "c", "to_id": "p", "type": "relation", "direction": "right", "labels": ["conditions"]},
                {"from_id": "c", "to_id": "p", "type": "relation", "direction": "left", "labels": ["echoes"]},
                {"from_id": "c", "to_id": "p", "type": "relation", "direction": "bi"},
            )
        ),
    )
    found = reading(path)
    ((_, line),) = found.lines()
    assert losses(found) == {"relations in both directions (one is kept)": 1}
    pledge, condition = line["spans"]
    assert (pledge["start"], pledge["end"], pledge["quote"]) == (4, 20, "allies will help")
    assert condition["quote"] == "If the council agrees,"
    assert pledge["attributes"] == {
        "strength": "firm",
        "speaker": "The allies",
        "hedged": True,
        "priority": 3,
        "stars": 4,
        "tone": ["warm", "cool"],
        "topic": "Air defence",
    }
    assert (pledge["note"], pledge["score"], pledge["created"]) == ("first\nsecond", 0.5, "2024-03-27T07:48:35Z")
    assert links(line) == [
        ("condition", "conditions", "pledge"),
        ("pledge", "echoes", "condition"),
        ("condition", "related", "pledge"),
    ]
    assert {one["layer"] for one in line["spans"] + line["relations"]} == {"7"}


def test_each_annotator_is_a_layer_and_ground_truth_is_gold(tmp_path: Path) -> None:
    mary = {"id": 9, "email": "m@example.org", "first_name": "M.", "last_name": "Lead"}
    path = written(
        tmp_path / "tasks.json",
        task(
            annotation(region(4, 20, "pledge", "x"), identity=1, by=7),
            annotation(region(4, 20, "pledge", "x"), identity=2, by=mary, ground_truth=True),
            annotation(identity=3, by={"id": 12}),
            annotation(region(0, 3, "pledge", "y"), identity=4, was_cancelled=True),
            drafts=[{"result": []}],
        ),
    )
    found = reading(path)
    ((_, line),) = found.lines()
    assert ids(path) == {"x": "pledge", "x@2": "pledge"}, "copies of a prediction share their ids"
    assert sorted((one["annotator"], one["layer"]) for one in line["spans"]) == [("7", "7"), ("m@example.org", "gold")]
    assert found.context.names == {"m@example.org": "M. Lead"}
    assert line["statuses"] == [{"layer": layer, "status": "done"} for layer in ("7", "gold", "12")]
    assert losses(found) == {"annotations that were skipped (cancelled)": 1, "drafts of annotations": 1}
    found.check()
    assert losses(found)["drafts of annotations"] == 1, "counted once, however often the file is read"


def test_predictions_are_a_layer_of_their_model(tmp_path: Path) -> None:
    line = line_of(
        tmp_path,
        task(
            predictions=[
                {"model_version": "bert-2", "score": 0.7, "result": [region(4, 20, "pledge", "x")]},
                {"result": [region(22, 44, "condition", "x", score=0.25)]},
            ]
        ),
    )
    assert [(one["layer"], one["origin"], one["score"]) for one in line["spans"]] == [
        ("bert-2", "suggested", 0.7),
        ("predictions", "suggested", 0.25),
    ]
    assert line["statuses"] == []


def test_labels_of_whole_texts_cover_them(tmp_path: Path) -> None:
    path = written(
        tmp_path / "tasks.json",
        task(
            annotation(
                about("q", "choices", "tone", choices=["warm", ["cool", "very cool"]]),
                about("t", "taxonomy", "topic", taxonomy=[["Aid"], ["Aid", "Money"]]),
                about("r", "rating", "stars", rating=4),
            )
        ),
    )
    found = reading(path)
    ((_, line),) = found.lines()
    assert {(one["start"], one["end"]) for one in line["spans"]} == {(0, len(TEXT))}
    assert sorted(one["label"] for one in line["spans"]) == ["Aid", "Money", "very cool", "warm"]
    assert losses(found) == {
        "steps above the last one in taxonomies": 2,
        "answers about a whole document that are no labels": 1,
    }


def test_a_region_with_several_labels_is_several_spans(tmp_path: Path) -> None:
    path = written(
        tmp_path / "tasks.json",
        task(
            annotation(
                region(4, 20, "pledge", "x", value={"labels": ["pledge", "signal_to_russia"]}),
                region(4, 20, "criticism", "x", from_name="second"),
                region(22, 44, "", "none", value={"labels": []}),
            )
        ),
    )
    assert ids(path) == {"x": "pledge", "x.2": "signal_to_russia", "x.3": "criticism"}
    assert [one["quote"] for line in lines(path) for one in line["spans"]] == ["allies will help"] * 3


@pytest.mark.parametrize("by_units", [False, True], ids=["code points", "UTF-16"])
def test_positions_are_proved_by_what_they_cover(tmp_path: Path, by_units: bool) -> None:
    text = "🇺🇦 says:\n  we   will\nhelp\\now 👍 and agree"
    start, end = text.index("we"), text.index("help") + 4
    last = text.index("agree")
    before = 2 if by_units else 0
    line = line_of(
        tmp_path,
        task(
            annotation(
                # White space as a browser shows it, an end of a line as the editor writes it, and one in the text.
                region(start + before, end + before, "pledge", "p", value={"text": "we will\\nhelp"}),
                region(text.index("help") + before, text.index("now") + 3 + before - 0, "condition", "b")
                | {"value": {"start": end - 4 + before, "end": end + 5 + before, "text": "help\\now", "labels": ["c"]}},
                region(last + (3 if by_units else 0), last + 5 + (3 if by_units else 0), "criticism", "q")
                | {
                    "value": {
                        "start": last + (3 if by_units else 0),
                        "end": last + 5 + (3 if by_units else 0),
                        "text": "agree",
                        "labels": ["x"],
                    }
                },
            ),
            data={"text": text},
        ),
    )
    assert [one["quote"] for one in line["spans"]] == ["we   will\nhelp", "help\\now ", "agree"]


def test_a_span_beside_its_quote_is_put_where_it_stands(tmp_path: Path) -> None:
    path = written(
        tmp_path / "tasks.json", task(annotation(region(7, 23, "pledge", value={"text": "allies  will help"})))
    )
    found = reading(path)
    ((_, line),) = found.lines()
    assert line["spans"][0]["quote"] == "allies will help"
    assert found.moved == 1


def test_the_short_form_has_one_object_an_annotation(tmp_path: Path) -> None:
    shared = {"text": TEXT, "id": 5, "created_at": "2024-03-27T07:48:35Z", "updated_at": "", "lead_time": 3.1}
    first = {
        **shared,
        "label": [{"start": 4, "end": 20, "text": "allies will help", "labels": ["pledge"]}],
        "strength": [{"start": 4, "end": 20, "text": "allies will help", "choices": ["firm"]}],
        "annotator": "a@example.org",
        "annotation_id": 1,
    }
    second = {**shared, "label": [], "topic": [{"taxonomy": [["Aid"]]}], "annotator": 4, "annotation_id": 2}
    path = written(
        tmp_path / "tasks.json", first, second, {**shared, "id": 6, "annotator": None, "annotation_id": None}
    )
    one, other = lines(path)
    assert [(s["label"], s["layer"], s["attributes"]) for s in one["spans"]] == [
        ("Aid", "4", {}),
        ("pledge", "a@example.org", {"strength": "firm"}),
    ]
    assert [status["layer"] for status in one["statuses"]] == ["a@example.org", "4"]
    assert (other["spans"], other["statuses"], other["text"]) == ([], [], TEXT)


def test_the_config_beside_the_file_says_what_tags_show(tmp_path: Path) -> None:
    (tmp_path / "tasks.config.xml").write_text(
        '<View><Text name="t" value="$body"/><Text name="u" value="$summary"/>'
        '<Choices name="tone" toName="t"><Choice value="warm"/></Choices>'
        '<Labels name="label" toName="u"><Label value="pledge"/></Labels></View>'
    )
    answers = {"tone": "warm", "label": [{"start": 0, "end": 4, "labels": ["pledge"]}]}
    item = {"body": "Short.", "summary": "Some longer text.", "id": 1, "annotator": 3, "annotation_id": 8, **answers}
    path = written(tmp_path / "tasks.json", item)
    unnamed = [about("", "choices", "tone", choices=["warm"]), region(0, 4, "pledge", source="Some longer text.")]
    full = task(
        annotation(*({key: value for key, value in one.items() if key != "to_name"} for one in unnamed)),
        data={"body": "Short.", "summary": "Some longer text."},
    )
    for found in (lines(path), lines(written(path, full))):
        by_text = {line["text"]: line["spans"][0] for line in found}
        assert {text: (one["label"], one["quote"]) for text, one in by_text.items()} == {
            "Short.": ("warm", "Short."),
            "Some longer text.": ("pledge", "Some"),
        }


def test_a_choice_of_the_short_form_that_lost_its_region_labels_nothing(tmp_path: Path) -> None:
    (tmp_path / "tasks.config.xml").write_text(
        '<View><Text name="text" value="$text"/><Choices name="strength" toName="text" perRegion="true"/>'
        '<Labels name="label" toName="text"/></View>'
    )
    label = [{"start": 4, "end": 20, "text": "allies will help", "labels": ["pledge"]}]
    item = {"text": TEXT, "id": 1, "annotator": 3, "annotation_id": 8, "label": label, "strength": "firm"}
    found = reading(written(tmp_path / "tasks.json", item))
    ((_, line),) = found.lines()
    assert [one["label"] for one in line["spans"]] == ["pledge"]
    assert losses(found) == {"other data of tasks": 1}


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("<View><Text", "no element found|unclosed token"),
        ('<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><View>&x;</View>', "DTDForbidden"),
    ],
)
def test_a_config_that_cannot_be_trusted_is_refused(tmp_path: Path, config: str, reason: str) -> None:
    (tmp_path / "tasks.config.xml").write_text(config)
    with pytest.raises(DatasetError, match=rf"tasks\.config\.xml is no labelling config.*({reason})"):
        lines(written(tmp_path / "tasks.json", task()))


def test_a_task_with_several_annotated_texts_is_a_document_for_each(tmp_path: Path) -> None:
    english, arabic = "Freedom of movement has been restricted.", "قيود على حرية الحركة."
    path = written(
        tmp_path / "tasks.json",
        task(data={"en": english, "ar": arabic, "id": "x"}, identity=4),
        task(
            annotation(
                region(0, 7, "criticism", "e", source=english, to_name="text_en"),
                region(0, 4, "criticism", "a", source=arabic, to_name="text_ar"),
            ),
            data={"en": english + " Again.", "ar": arabic, "id": "y"},
        ),
    )
    found = reading(path)
    read = [line for _, line in found.lines()]
    assert [line["text"] for line in read] == [english, english + " Again.", arabic]
    assert [one["quote"] for line in read for one in line["spans"]] == ["Freedom", arabic[:4]]


def test_the_text_that_choices_are_about_is_told_by_names(tmp_path: Path) -> None:
    data = {"ar": "قيود على حرية الحركة.", "en": "Freedom of movement has also been restricted.", "note": "x" * 90}
    whole = about("c", "taxonomy", "quad", taxonomy=[["Conflict"]]) | {"to_name": "text_ar"}
    line = line_of(tmp_path, task(annotation(whole), data=data))
    assert (line["text"], line["spans"][0]["quote"]) == (data["ar"], data["ar"])


def test_web_pages_become_their_text(tmp_path: Path) -> None:
    page = (
        "<html><head><title>T</title></head><body><script>var x = 1</script>"
        "<h1>Aid</h1><p>We will <b>help</b> all.<br>Now.</p></body></html>"
    )
    labels = {"hypertextlabels": ["pledge"]}

    def on_page(identity: str, **value: Any) -> dict[str, Any]:
        return region(0, 1, "x", identity, type="hypertextlabels") | {"value": {**value, **labels}}

    path = written(
        tmp_path / "tasks.json",
        task(
            annotation(
                on_page("1", start="/p[1]/b[1]/text()[1]", end="/p[1]/b[1]/text()[1]", startOffset=0, endOffset=4),
                on_page("2", start="/x", end="/x", globalOffsets={"start": 3, "end": 20}, text="We will help all."),
                on_page("3", start="/p[1]/text()[1]", end="/p[1]/text()[3]", startOffset=3, endOffset=4, text=""),
                on_page("4", start="/gone", end="/gone", startOffset=0, endOffset=1, text="Now."),
                on_page("5", start="/gone", end="/gone", startOffset=0, endOffset=1, text="l"),
                on_page(
                    "6", start="/gone", end="/gone", startOffset=0, endOffset=1, globalOffsets={"start": 0, "end": 3}
                ),
            ),
            data={"html": page},
        ),
    )
    found = reading(path)
    ((_, line),) = found.lines()
    assert line["text"] == "AidWe will help all.\nNow."
    assert [one["quote"] for one in line["spans"]] == [
        "Aid",
        "We will help all.",
        "will help all.\nNow.",
        "help",
        "Now.",
    ]
    assert losses(found) == {"regions that stand nowhere in the text": 1}


def test_dialogues_become_lines_with_their_speakers(tmp_path: Path) -> None:
    talk = [
        {"author": "Lead", "text": "We will help 👍 you."},
        {"author": "Guest", "text": "Thanks. When?"},
        {"text": "Soon."},
    ]

    def said(identity: str, **value: Any) -> dict[str, Any]:
        return region(0, 1, "x", identity, type="paragraphlabels") | {"value": {**value, "paragraphlabels": ["pledge"]}}

    line = line_of(
        tmp_path,
        task(
            annotation(
                said("1", start="0", end="0", startOffset=3, endOffset=12, text="will help"),
                said("2", start="0", end="1", startOffset=15, endOffset=7, text="you.\n\nThanks."),
            ),
            data={"dialogue": talk},
        ),
    )
    assert line["text"] == "Lead: We will help 👍 you.\nGuest: Thanks. When?\nSoon."
    assert [one["quote"] for one in line["spans"]] == ["will help", "you.\nGuest: Thanks."]


def test_exports_of_the_first_versions_come_in(tmp_path: Path) -> None:
    old = {
        "id": 0,
        "data": {"text": TEXT},
        "completions": [
            {"id": 1, "created_at": 1609789589, "result": [region(4, 20, "pledge", "x")]},
            {"id": 2, "result": [region(22, 44, "condition", "x")]},
            {"id": 3, "skipped": True, "result": [region(0, 3, "pledge", "y")]},
        ],
    }
    line = line_of(tmp_path, old)
    assert [(one["quote"], one["layer"]) for one in line["spans"]] == [
        ("allies will help", ""),
        ("If the council agrees,", "annotation 2"),
    ]
    assert line["spans"][0]["created"] == "2021-01-04T19:46:29Z"


def test_regions_of_images_are_counted_and_texts_beside_them_come_in(tmp_path: Path) -> None:
    box = {"id": "b", "type": "rectanglelabels", "from_name": "box", "to_name": "img", "value": {"x": 1}}
    path = written(
        tmp_path / "tasks.json",
        task(
            annotation(
                region(4, 20, "pledge"), box, about("i", "choices", "look", choices=["dark"]) | {"to_name": "image"}
            ),
            data={"text": TEXT, "image": "/data/upload/3/a.png"},
        ),
    )
    found = reading(path)
    ((_, line),) = found.lines()
    assert [one["quote"] for one in line["spans"]] == ["allies will help"]
    assert losses(found)["regions and answers about what is no text"] == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (task(data={"text": "https://example.org/a.txt"}), "text of the task is not in the file, only its address"),
        (
            task(annotation(page_label()), data={"html": "<div>" * 300 + "x"}),
            "the page of the task is nested too deeply",
        ),
        (task(annotation(page_label()), data={"html": "<!-- nothing -->"}), "the page of the task is no HTML"),
        (task(data={"size": 4}), r"the task has no text \(its data are: size\)"),
        (task(annotation(region(4, 20, "p", value={"start": "x"}))), None),
        (task(annotation(region(4, 20, "p", value={"end": 99, "text": ""}))), "is 4 to 99, which is no stretch"),
        (task(annotation(region(4, 20, "p", value={"text": "other words"}))), "the quote of span a1 is not the text"),
        (task(annotation(region(4, 20, "p", value={"start": -3}))), "before the beginning of the text"),
        (task(annotation(region(4, 20, "p", value={"start": 1.5}))), "is 1.5, not a whole number"),
        (task(annotation(region(4, 20, "p", value={"labels": [3]}))), "a label of region a1 is 3, not text"),
        (task({"id": 1, "result": "x"}), "“result” of annotation 1 is 'x', not a list"),
        (task({"id": 1, "result": [4]}), "a result of annotation 1 is 4, not an object"),
        (task(annotations=7), "“annotations” of the task is 7, not a list"),
    ],
)
def test_what_is_wrong_with_a_task_is_said_and_the_rest_comes_in(tmp_path: Path, bad: Any, reason: str | None) -> None:
    path = written(tmp_path / "tasks.json", bad, task(annotation(region(0, 3, "pledge")), identity=6))
    found = reading(path, skip=True)
    read = [line for _, line in found.lines()]
    assert [one["quote"] for one in read[-1]["spans"]] == ["The"]
    if reason is None:
        assert losses(found) == {"regions that stand nowhere in the text": 1} or found.problems == []
        return
    with pytest.raises(DatasetError, match=rf"tasks\.json, 1: .*{reason}"):
        lines(path)
    assert [problem.place for problem in found.problems] == [1]


def test_what_is_written_is_what_label_studio_documents(tmp_path: Path) -> None:
    """Held against the schema: https://labelstud.io/guide/task_format, tasks/validation.py and the config's tags."""
    case = Case("label-studio")
    target = case.target(tmp_path)
    export(case, target, [document(), empty_but_done()])
    content = (tmp_path / "data.config.xml").read_text(encoding="utf-8")
    assert content.startswith("<View>"), "its parser refuses a declaration of an encoding"
    config = ElementTree.fromstring(content)
    tags = {tag.get("name"): tag for tag in config.iter() if tag.get("name")}
    assert config.tag == "View" and tags["text"].tag == "Text" and tags["text"].get("value") == "$text"
    tasks = json.loads(target.read_text(encoding="utf-8"))
    for one in tasks:
        assert isinstance(one["data"]["text"], str) and isinstance(one["meta"], dict) and one["predictions"] == []
        for made in one["annotations"]:
            assert made["was_cancelled"] is False and isinstance(made["ground_truth"], bool)
            assert "completed_by" not in made, "whoever is no member there makes the import fail"
            check_results(made["result"], one["data"]["text"], tags, config)
    assert [len(one["annotations"]) for one in tasks] == [1, 1]
    colours = {one.get("alias"): (one.get("background"), one.get("hotkey")) for one in tags["label"]}
    assert colours["pledge"] == ("#0b7a5c", "1")
    assert tags["strength"].get("whenLabelValue") == "pledge" and tags["speaker"].get("whenLabelValue") is None
    assert [one.get("alias") for one in tags["hedged"]] == ["true", "false"]


def check_results(results: list[Any], text: str, tags: dict[Any, Any], config: Any) -> None:
    regions = {one["id"]: one for one in results if one["type"] == "labels"}
    assert len(regions) == sum(one["type"] == "labels" for one in results)
    for one in results:
        if one["type"] == "relation":
            assert {one["from_id"], one["to_id"]} <= regions.keys() and one["direction"] == "right"
            assert set(one["labels"]) <= {relation.get("value") for relation in config.iter("Relation")}
            continue
        tag, value = tags[one["from_name"]], one["value"]
        assert one["to_name"] == tag.get("toName") == "text" and one["origin"] == "manual"
        assert tag.tag.lower() == one["type"]
        assert isinstance(one["meta"] if one["type"] == "labels" else {}, dict)
        if one["type"] == "textarea":
            assert all(isinstance(part, str) for part in value["text"])
        else:
            assert value["text"] == text[value["start"] : value["end"]]
        if one["type"] in ("labels", "choices"):
            listed = {child.get("alias") or child.get("value") for child in tag}
            assert set(value[one["type"]]) <= listed
        if one["type"] != "labels":
            place = regions[one["id"]]["value"]
            assert tag.get("perRegion") == "true" and (value["start"], value["end"]) == (place["start"], place["end"])


def empty_but_done() -> dict[str, Any]:
    statuses = [{"layer": "a1", "status": "done"}]
    return document("Nothing.", 2, spans=[], relations=[], sentences=[], status="done", statuses=statuses)


def test_layers_are_annotations_and_names_are_members_where_that_is_wanted(tmp_path: Path) -> None:
    text = "We will help. They agree."
    spans = [
        span(text, 3, 12, 1, layer="a1", annotator="a1"),
        span(text, 3, 12, 2, layer="a2", annotator="a2"),
        span(text, 14, 24, 3, layer="a2", annotator="a2", label="condition"),
    ]
    relations = [relation("s3", "s2", 1), relation("s3", "s1", 2), {**relation("s3", "s2", 3), "type": "echoes"}]
    line = document(text, spans=spans, relations=relations, sentences=[], read=[])
    case = Case("label-studio", (("people", "email"),))
    context = case.context()
    context.names["a1"] = "one@example.org"
    export(case, case.target(tmp_path), [line], context)
    (made,) = json.loads(case.target(tmp_path).read_text())
    assert [one["completed_by"] for one in made["annotations"]] == [{"email": "one@example.org"}, {"email": "a2"}]
    relation_results = [one for one in made["annotations"][1]["result"] if one["type"] == "relation"]
    assert [one["labels"] for one in relation_results] == [["conditions", "echoes"]], "the editor shows one a pair"
    assert len(made["meta"]["annotator-jsonl"]["relations"]) == 1, "from one annotation to another"
    assert read_back(case, case.target(tmp_path)) == [kept(case, line)]


def test_what_label_studio_hands_back_after_an_edit_keeps_what_is_ours(tmp_path: Path) -> None:
    case = Case("label-studio")
    target = case.target(tmp_path)
    text = "We will, if asked, help. They agree."
    whole = span(text, 0, 23, 1, fragments=[[0, 7], [19, 23]], note="why", layer="a1")
    export(case, target, [document(text, spans=[whole], relations=[], sentences=[], read=[])])
    (made,) = json.loads(target.read_text())
    made |= {"project": 4, "id": 77, "drafts": []}
    (result,) = [one["result"] for one in made["annotations"]]
    new = region(25, 29, "criticism", "new", source=text)
    result.append(new)
    made["annotations"][0] |= {"completed_by": 3, "ground_truth": False, "created_at": "2025-01-01T00:00:00Z"}
    line = line_of(tmp_path, made)
    assert line["id"] == "d1"
    kept_span, added = line["spans"]
    assert kept_span["fragments"] == [[0, 7], [19, 23]]
    assert (kept_span["note"], kept_span["annotator"], kept_span["round"]) == ("why", "a1", "production")
    assert (added["quote"], added["annotator"], added["layer"]) == ("They", "3", "3")
    result.append({"type": "relation", "from_id": "new", "to_id": "s1", "direction": "right", "labels": ["echoes"]})
    result[-1]["meta"] = {"annotator-jsonl": [{"type": "conditions", "id": "r1"}, {"type": "echoes", "id": "r2"}]}
    assert links(line_of(tmp_path, made)) == [("criticism", "echoes", "pledge")], "the other label was taken off there"
    del result[0]
    (rest, _) = line_of(tmp_path, made)["spans"]
    assert (rest["label"], rest["quote"]) == ("pledge", "help")


def test_what_is_ours_is_checked_as_strictly_as_a_dataset_line(tmp_path: Path) -> None:
    bad = task(annotation(region(4, 20, "pledge", meta={"annotator-jsonl": {"codebook": "3"}})))
    with pytest.raises(DatasetError, match=r"“annotator-jsonl” says of region a1 .* codebook: .*valid integer"):
        line_of(tmp_path, bad)


def test_attributes_that_no_control_can_give_back_are_kept(tmp_path: Path) -> None:
    values = {"speaker": "  two ", "specificity": 10**17, "hedge_cues": [], "unknown": {"a": [1]}, "strength": "odd"}
    line = document(
        "We will help.", spans=[span("We will help.", 3, 12, attributes=values)], relations=[], sentences=[]
    )
    case = Case("label-studio")
    export(case, case.target(tmp_path), [line])
    (found,) = lines(case.target(tmp_path))
    assert json.dumps(found["spans"][0]["attributes"], sort_keys=True) == json.dumps(values, sort_keys=True)


@pytest.mark.skipif(corpus() is None, reason="The corpus is not there: set ANNOTATOR_CORPUS to its folder.")
def test_the_files_of_the_corpus_come_in_whole() -> None:
    folder = corpus()
    assert folder is not None
    week = reading(folder / "label_studio" / "week1_a.json")
    summary = week.check()
    assert (summary.documents, summary.spans, week.problems, week.moved) == (400, 484, [], 0)
    given = json.loads((folder / "label_studio" / "week1_a.json").read_text(encoding="utf-8"))
    assert {line["text"] for _, line in week.lines()} == {one["data"]["en"] for one in given}
    assert sorted(summary.labels) == [
        "Material Conflict",
        "Material Cooperation",
        "Verbal Conflict",
        "Verbal Cooperation",
    ]
    assert len(summary.layers) == 4 and "gold" in summary.layers
    seed = reading(folder / "seed" / "derived" / "seed.labelstudio.json")
    summary = seed.check()
    assert (summary.spans, summary.relations, losses(seed)) == (17, 11, {})
    gold = [json.loads(one) for one in (folder / "seed" / "seed_gold.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = sorted((one["start"], one["label"], one["quote"]) for one in gold if one["type"] == "span")
    ((_, line),) = seed.lines()
    assert sorted((one["start"], one["label"], one["quote"]) for one in line["spans"]) == wanted
