"""UIMA CAS: what dkpro-cassis reads of ours and we of its files, other people's types, and exports of projects."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import cassis
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import DatasetError
from annotator.formats.datasets.cas.json_cas import cas_of_json
from annotator.formats.datasets.cas.types import RELATION, SPAN, as_xml
from annotator.formats.datasets.cas.xmi import cas_of_xmi
from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export
from tests.support import corpus

XMI, JSON = Case("cas-xmi"), Case("cas-json")
TEXT = "Уряд 🇺🇦 said: “We will help”\r\nif they ask.\x0b\ufffe"
NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
DKPRO = "http:///de/tudarmstadt/ukp/dkpro/core/api"

each = pytest.mark.parametrize("case", [XMI, JSON], ids=["xmi", "json"])


def reading(case: Case, path: Path, *, skip: bool = False) -> Reading:
    return Reading(case.entry, path, case.context(), skip=skip)


def line_of(case: Case, path: Path) -> dict[str, Any]:
    ((_, line),) = reading(case, path).lines()
    return line


def losses(found: Reading) -> dict[str, int]:
    return {loss.kind: loss.count for loss in found.context.losses.losses()}


def awkward() -> dict[str, Any]:
    text = TEXT
    spans = [
        span(text, 15, 27, 1, note='"<b>&\t\n', attributes={"speaker": "Уряд\x01; 🇺🇦", "hedged": True, "label": "x"}),
        span(text, 5, 27, 2, fragments=[[5, 7], [15, 27]], label="condition"),
    ]
    return document(text, spans=spans, relations=[relation("s2", "s1")], read=[[0, len(text)]])


def of_cassis(case: Case, target: Path) -> Any:
    if case is JSON:
        with (target / "A.json").open("rb") as handle:
            return cassis.load_cas_from_json(handle)
    types = cassis.load_typesystem(target / "TypeSystem.xml")
    return cassis.load_cas_from_xmi(target / "A.xmi", typesystem=types)


@each
def test_cassis_reads_every_span_at_its_place(case: Case, tmp_path: Path) -> None:
    export(case, case.target(tmp_path), [awkward()])
    cas = of_cassis(case, case.target(tmp_path))
    second, first = cas.select(SPAN)
    assert (first.begin, first.end, first.label, first.get_covered_text()) == (15, 27, "pledge", "We will help")
    assert (second.begin, second.end, second.label) == (5, 27, "condition")
    assert (first.note, first.hedged, first.attribute_label) == ('"<b>&\t\n', "true", "x")
    (link,) = cas.select(RELATION)
    assert (link.Governor.label, link.Dependent.label, link.label) == ("condition", "pledge", "conditions")
    assert cas.sofa_string == TEXT.replace("\x0b", "\ufffd").replace("\ufffe", "\ufffd")


@each
def test_what_cassis_wrote_again_is_what_we_wrote(case: Case, tmp_path: Path) -> None:
    export(case, case.target(tmp_path), [awkward()])
    cas, again = of_cassis(case, case.target(tmp_path)), tmp_path / f"again.{case.format[4:]}"
    cas.to_json(again) if case is JSON else cas.to_xmi(again)
    kept = line_of(case, case.target(tmp_path))
    assert kept["text"] == TEXT
    assert line_of(case, again) == kept
    assert [one["fragments"] for one in kept["spans"]] == [[[5, 7], [15, 27]], [[15, 27]]]


def test_what_somebody_changed_there_counts(tmp_path: Path) -> None:
    export(JSON, JSON.target(tmp_path), [awkward()])
    path = JSON.target(tmp_path) / "A.json"
    data = json.loads(path.read_bytes())
    second, first = [one for one in data["%FEATURE_STRUCTURES"] if one["%TYPE"] == SPAN]
    first |= {"label": "criticism", "note": "new", "hedged": "false", "timeframe": "2030"}
    del first["speaker"]
    second["end"] -= 5
    data["%FEATURE_STRUCTURES"].append({"%ID": 90, "%TYPE": SPAN, "@sofa": 1, "begin": 0, "end": 4, "label": "pledge"})
    data["%VIEWS"]["_InitialView"]["%MEMBERS"].append(90)
    path.write_bytes(orjson.dumps(data))
    new, moved, changed = line_of(JSON, path)["spans"]
    assert (new["quote"], new["label"]) == ("Уряд", "pledge")
    assert (changed["label"], changed["note"], changed["created"]) == ("criticism", "new", "2024-05-01T10:00:00Z")
    assert changed["attributes"] == {"hedged": False, "label": "x", "timeframe": "2030"}
    assert (moved["fragments"], moved["pages"]) == ([[5, 22]], [])


def test_the_types_are_those_that_inception_takes_for_layers() -> None:
    types = cassis.load_typesystem(io.BytesIO(as_xml(["speaker"])))
    assert types.get_type(SPAN).supertype.name == "uima.tcas.Annotation"
    ranges = {feature.name: feature.rangeType.name for feature in types.get_type(SPAN).features}
    assert set(ranges.values()) == {"uima.cas.String"} and "speaker" in ranges
    ends = {feature.name: feature.rangeType.name for feature in types.get_type(RELATION).features}
    assert (ends["Governor"], ends["Dependent"]) == (SPAN, SPAN)
    assert [name for name, kind in ends.items() if kind != "uima.cas.String"] == ["Governor", "Dependent"]


def xmi(elements: str, text: str = "In Kyiv 🇺🇦 Ms X met Mr Y.", view: str = "", head: str = "") -> bytes:
    spaces = f'xmlns:ner="{DKPRO}/ner/type.ecore" xmlns:seg="{DKPRO}/segmentation/type.ecore"'
    spaces += f' xmlns:meta="{DKPRO}/metadata/type.ecore" xmlns:custom="http:///webanno/custom.ecore"'
    quoted = text.replace("&", "&amp;").replace('"', "&quot;").replace("\n", "&#10;")
    return (
        f'{head}<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" {spaces}'
        f' xmi:version="2.0"><cas:NULL xmi:id="0"/>{elements}<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView"'
        f' mimeType="text" sofaString="{quoted}"/>{view}</xmi:XMI>'
    ).encode()


INCEPTION = """
<meta:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="27" language="en" documentTitle="One" documentUri="file:/x"/>
<seg:Sentence xmi:id="3" sofa="1" begin="0" end="27"/><seg:Token xmi:id="4" sofa="1" begin="0" end="2"/>
<ner:NamedEntity xmi:id="5" sofa="1" begin="3" end="7" value="LOC" identifier="http://x/Q1899"/>
<custom:Person xmi:id="6" sofa="1" begin="13" end="17" role="host" links="9"/>
<custom:Person xmi:id="7" sofa="1" begin="22" end="26"/>
<custom:Meets xmi:id="8" sofa="1" begin="22" end="26" Governor="6" Dependent="7"/>
<custom:Link xmi:id="9" role="in" target="5"/>
<custom:Person xmi:id="10" sofa="1" begin="0" end="2"/>
<custom:Person xmi:id="11" sofa="1" begin="4" end="4"/>
"""
VIEW = '<cas:View sofa="1" members="2 3 4 5 6 7 8 11"/>'


def check_inception(case: Case, path: Path) -> None:
    found = reading(case, path)
    ((_, line),) = found.lines()
    assert [(one["quote"], one["label"], one["attributes"]) for one in line["spans"]] == [
        ("Kyiv", "LOC", {"identifier": "http://x/Q1899"}),
        ("Ms X", "host", {}),
        ("Mr Y", "Person", {}),
    ]
    at = {one["id"]: one["quote"] for one in line["spans"]}
    links = {(one["type"], at[one["from"]], at[one["to"]]) for one in line["relations"]}
    assert links == {("Meets", "Ms X", "Mr Y"), ("in", "Ms X", "Kyiv")}
    assert (line["source"]["title"], line["source"]["language"], line["source"]["url"]) == ("One", "en", "")
    assert line["sentences"] == [[0, 25]]
    assert losses(found) == {"words, grammar and layout (no labels)": 1, "annotations without any text": 1}


def test_layers_slots_and_relations_of_inception_come_in_without_its_types(tmp_path: Path) -> None:
    path = tmp_path / "one.txt.xmi"
    path.write_bytes(xmi(INCEPTION, view=VIEW))
    assert recognised(path).name == "cas-xmi"
    check_inception(XMI, path)


@pytest.mark.parametrize("form", ["list", "object"])
def test_json_of_both_specifications_comes_in(form: str, tmp_path: Path) -> None:
    cas = cas_of_xmi(xmi(INCEPTION, view=VIEW))
    references = ("sofa", "Governor", "Dependent", "target")
    structures: list[dict[str, Any]] = []
    for one in cas.structures.values():
        features = {f"@{k}" if k in references else k: int(v) if v.isdigit() else v for k, v in one.features.items()}
        if "links" in features:
            features["@links"] = features.pop("links") + 90
        structures.append({"%ID": int(one.id), "%TYPE": one.type, **features})
    structures.append({"%ID": 99, "%TYPE": "webanno.custom.Link[]", "%ELEMENTS": [9]})
    sofa = {
        "%ID": 1,
        "%TYPE": "uima.cas.Sofa",
        "sofaNum": 1,
        "sofaID": "_InitialView",
        "sofaString": cas.sofas["1"].text,
    }
    structures.append(sofa)
    members = sorted(map(int, cas.members["1"]))
    data: dict[str, Any] = {"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {"_InitialView": {}}}
    data["%VIEWS"]["_InitialView"] = {"%SOFA": 1, "%MEMBERS": members}
    if form == "object":
        data["%FEATURE_STRUCTURES"] = {str(one["%ID"]): one for one in structures}
    path = tmp_path / "one.json"
    path.write_bytes(orjson.dumps(data))
    assert recognised(path).name == "cas-json"
    check_inception(JSON, path)


def test_the_older_json_of_uima_comes_in(tmp_path: Path) -> None:
    text = "🇺🇦 Kyiv helps."
    sofa = {"_type": "Sofa", "sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text", "sofaString": text}
    entities = [{"sofa": 1, "begin": 5, "end": 9, "value": "LOC"}]
    data = {
        "_context": {"_types": {"NamedEntity": {"_id": NER, "_feature_types": {"sofa": "_ref"}}}},
        "_views": {"_InitialView": {"NamedEntity": entities}},
        "_referenced_fss": {"1": sofa},
    }
    path = tmp_path / "old.json"
    path.write_bytes(orjson.dumps(data))
    assert recognised(path).name == "cas-json"
    (found,) = line_of(JSON, path)["spans"]
    assert (found["quote"], found["label"]) == ("Kyiv", "LOC")


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_project_has_a_layer_for_each_person_and_gold(tmp_path: Path) -> None:
    one = xmi('<ner:NamedEntity xmi:id="5" sofa="1" begin="3" end="7" value="LOC"/>')
    two = xmi('<ner:NamedEntity xmi:id="5" sofa="1" begin="3" end="7" value="ORG"/>')
    beside = {"TypeSystem.xml": b"<x/>"}
    path = tmp_path / "project.zip"
    files = {
        "exportedproject.json": b"{}",
        "source/a.txt": b"x",
        "annotation/a.txt/INITIAL_CAS.zip": zipped({"INITIAL_CAS.xmi": one, **beside}),
        "annotation/a.txt/anna.zip": zipped({"anna.xmi": one, **beside}),
        "annotation/a.txt/Борис.xmi": two,
        "annotation_ser/a.txt/anna.ser": b"\xac\xed",
        "curation/a.txt/CURATION_USER.zip": zipped({"CURATION_USER.xmi": two, **beside}),
        "annotation/b.txt/INITIAL_CAS.zip": zipped({"INITIAL_CAS.xmi": one, **beside}),
    }
    path.write_bytes(zipped(files))
    assert recognised(path).name == "cas-xmi"
    first, second = [line for _, line in reading(XMI, path).lines()]
    assert (first["id"], second["id"]) == ("a.txt", "b.txt")
    assert {(one["label"], one["layer"], one["annotator"]) for one in first["spans"]} == {
        ("LOC", "anna", "anna"),
        ("ORG", "Борис", "Борис"),
        ("ORG", "gold", ""),
    }
    assert [(one["label"], one["layer"]) for one in second["spans"]] == [("LOC", "")]


def test_people_with_another_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "p" / "annotation" / "a.txt").mkdir(parents=True)
    for name, text in (("anna", "One."), ("boris", "Two.")):
        (tmp_path / "p" / "annotation" / "a.txt" / f"{name}.xmi").write_bytes(xmi("", text))
    with pytest.raises(DatasetError, match=r"a\.txt: boris has another text"):
        list(reading(XMI, tmp_path / "p").lines())


def test_other_views_are_told_and_the_initial_one_counts(tmp_path: Path) -> None:
    more = (
        '<ner:NamedEntity xmi:id="5" sofa="2" begin="0" end="3" value="LOC"/>'
        '<cas:Sofa xmi:id="2" sofaNum="2" sofaID="German" mimeType="text" sofaString="Ein Text"/>'
    )
    path = tmp_path / "two.xmi"
    path.write_bytes(xmi(more, "A text"))
    found = reading(XMI, path)
    ((_, line),) = found.lines()
    assert (line["text"], line["spans"]) == ("A text", [])
    assert losses(found) == {"annotations of further texts (views)": 1}


def test_control_characters_of_xml_1_1_and_gzip_come_in(tmp_path: Path) -> None:
    data = xmi('<ner:NamedEntity xmi:id="5" sofa="1" begin="2" end="4" value="LOC"/>', "a?bc")
    data = b'<?xml version="1.1" encoding="UTF-8"?>' + data.replace(b"a?bc", b"a&#1;bc")
    path = tmp_path / "a.xmi.gz"
    path.write_bytes(gzip.compress(data))
    line = line_of(XMI, path)
    assert (line["text"], line["spans"][0]["quote"], line["id"]) == ("a\ufffdbc", "bc", "a")


def test_utf_16_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.xmi"
    head = '<?xml version="1.0" encoding="UTF-16"?>'
    path.write_bytes(xmi("", "Київ", head=head).decode().encode("utf-16"))
    assert line_of(XMI, path)["text"] == "Київ"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "its XML is broken"),
        (b"{}", "its XML is broken"),
        (b"<a/>", "its first element is “a”"),
        (xmi(INCEPTION)[:900], "its XML is broken"),
        (xmi("", head="<!DOCTYPE x>"), "declares a document type"),
        (xmi("", head='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "declares a document type"),
        (xmi("", "&l9;", head=f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'), "declares a document type"),
        (xmi('<a xmi:id="7"><b><c/></b></a>'), "nested more deeply"),
        (xmi('<a xmi:id="7"/><a xmi:id="7"/>'), "two elements have the id 7"),
        (xmi("").replace(b"sofaString=", b"sofaURI="), "holds no text in “_InitialView”"),
        (xmi("", head='<?xml version="1.0" encoding="klingon"?>'), "cannot be decoded|broken"),
        (xmi('<ner:NamedEntity xmi:id="5" sofa="1" begin="-3" end="7"/>'), "before the beginning of the text"),
        (xmi('<custom:LabelledSpan xmi:id="5" sofa="1" begin="0" end="2" record="{"/>'), "record of LabelledSpan 5"),
        (xmi('<custom:LabelledSpan xmi:id="5" sofa="1" begin="0" end="2" record="[]"/>'), "not an object"),
    ],
)
def test_what_is_wrong_with_an_xmi_is_said(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xmi"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=message) as error:
        list(reading(XMI, path).lines())
    assert str(error.value).startswith("a.xmi: ")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no JSON of one CAS"),
        (b"[]", "not an object"),
        (b'{"%TYPES": {}}', "no “%FEATURE_STRUCTURES”"),
        (b'{"%FEATURE_STRUCTURES": [1]}', "structure 1"),
        (b'{"%FEATURE_STRUCTURES": [{"%ID": 1}, {"%ID": 1}]}', "two structures have the id 1"),
        (b'{"%FEATURE_STRUCTURES": [{"x": NaN}]}', "NaN"),
        (b'{"%FEATURE_STRUCTURES": [{"x": "\\ud800"}]}', "lone surrogate"),
        (b'{"%FEATURE_STRUCTURES": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deeply|structure 1"),
        (b'{"%FEATURE_STRUCTURES": [], "%VIEWS": 3}', "%VIEWS"),
    ],
)
def test_what_is_wrong_with_a_json_is_said(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=message):
        list(reading(JSON, path).lines())


def test_one_broken_file_of_a_folder_does_not_keep_the_others_out(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "1.xmi").write_bytes(b"<broken")
    (tmp_path / "d" / "2.xmi").write_bytes(xmi(INCEPTION))
    found = reading(XMI, tmp_path / "d", skip=True)
    assert len(list(found.lines())) == 1
    assert [(one.place, one.reason.split(":")[0]) for one in found.problems] == [(1, "1")]


def test_a_folder_without_any_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"has no files that end in \.xmi"):
        list(reading(XMI, tmp_path).lines())


def test_a_folder_of_ours_is_recognised(tmp_path: Path) -> None:
    for case in (XMI, JSON):
        export(case, tmp_path / case.format, [document()])
        assert recognised(tmp_path / case.format).name == case.format


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_file_brings_a_reader_down(data: st.DataObject) -> None:
    for make, good in ((cas_of_xmi, xmi(INCEPTION)), (cas_of_json, b'{"%FEATURE_STRUCTURES":[{"%ID":1,"a":[2]}]}')):
        place = data.draw(st.integers(0, len(good)))
        other = data.draw(st.binary(max_size=6) | st.sampled_from([b"<", b'"', b"&#0;", b"null", b"1e999", b"\xff"]))
        try:
            make(good[:place] + other + good[place + data.draw(st.integers(0, 9)) :])
        except EntryError as error:
            assert str(error)


@settings(max_examples=150, deadline=None)
@given(key=st.sampled_from(["begin", "end", "sofa", "record", "label", "Governor", "value"]), value=st.text(max_size=9))
def test_no_value_brings_a_reader_down(key: str, value: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("cas") / "a.json"
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "A text."}
    for kind in (SPAN, NER, RELATION, "webanno.custom.DocumentRecord"):
        for one in (value, 10**30, -1, 0.5, None, [value], {"a": value}):
            structure = {"%ID": 2, "%TYPE": kind, "@sofa": 1, "begin": 0, "end": 3, key: one}
            path.write_text(json.dumps({"%FEATURE_STRUCTURES": [sofa, structure]}))
            try:
                list(reading(JSON, path, skip=True).lines())
            except DatasetError as error:
                assert str(error)


@pytest.mark.skipif(corpus() is None, reason="The corpus is not there: set ANNOTATOR_CORPUS to its folder.")
def test_the_files_of_the_corpus_come_in_whole() -> None:
    folder = corpus()
    assert folder is not None
    names = sorted(path.name for path in (folder / "cas" / "xmi").glob("*.xmi"))
    types = cassis.load_typesystem(folder / "cas" / "typesystems" / "small_typesystem.xml")
    assert len(names) == 5
    small = folder / "cas" / "xmi" / "small_cas.xmi"
    cas: Any = cassis.load_cas_from_xmi(small, typesystem=types)
    line = line_of(XMI, small)
    assert (line["text"], line["spans"]) == (cas.sofa_string, [])
    assert line["sentences"] == [[one.begin, one.end] for one in cas.select("cassis.Sentence")]
    inherited = line_of(XMI, folder / "cas" / "xmi" / "cas_with_inheritance.xmi")
    assert [(one["quote"], one["start"]) for one in inherited["spans"]][:2] == [("parent", 0), ("child", 7)]
    found = reading(XMI, folder / "cas" / "xmi")
    assert (found.check().documents, found.problems, found.moved) == (5, [], 0)
