"""WebAnno TSV 3: rows of tokens with stacked, joined and linked annotations, in the form that INCEpTION exports."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import DatasetError
from annotator.formats.datasets.cas.tsv import cas_of_tsv
from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from tests.formats.round_trips import Case

CASE = Case("webanno-tsv")
NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
COREFERENCE = "de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink"


def reading(path: Path) -> Reading:
    return Reading(CASE.entry, path, CASE.context())


def line_of(path: Path, content: str) -> dict[str, Any]:
    file = path / "a.tsv"
    file.write_bytes(content.encode())
    ((_, line),) = reading(file).lines()
    return line


def file(header: str, *rows: str, version: str = "3.3") -> str:
    return f"#FORMAT=WebAnno TSV {version}\n{header}\n\n\n" + "\n".join(rows) + "\n"


def quotes(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["label"], one["quote"]) for one in line["spans"]]


def links(line: dict[str, Any]) -> set[tuple[str, str, str]]:
    at = {one["id"]: one["quote"] for one in line["spans"]}
    return {(one["type"], at[one["from"]], at[one["to"]]) for one in line["relations"]}


def test_joined_stacked_and_nested_spans_come_in(tmp_path: Path) -> None:
    content = file(
        f"#T_SP={NER}|identifier|value\n#T_SP=webanno.custom.Quote|",
        "#Text=Bell 🇺🇦 of Los Angeles",
        "1-1\t0-4\tBell\t*|*[2]\tORG|PER[2]\t*[3]\t",
        "1-2\t5-9\t🇺🇦\t*[2]\tPER[2]\t*[3]\t",
        "1-3\t10-12\tof\t_\t_\t*[3]\t",
        "1-4\t13-16\tLos\tQ65[4]\tLOC[4]\t_\t",
        "1-5\t17-24\tAngeles\tQ65[4]|*\tLOC[4]|FEM\t_\t",
        "1-5.1\t17-19\tAn\t*\tPART\t_\t",
        "",
        "#Text=It rains.",
        "2-1\t26-28\tIt\t_\t_\t_\t",
        "2-2\t29-34\trains\t_\t_\t_\t",
        "2-3\t34-35\t.\t_\t_\t_\t",
    )
    line = line_of(tmp_path, content)
    assert line["text"] == "Bell 🇺🇦 of Los Angeles\n It rains."
    assert quotes(line) == [
        ("Quote", "Bell 🇺🇦 of"),
        ("PER", "Bell 🇺🇦"),
        ("ORG", "Bell"),
        ("LOC", "Los Angeles"),
        ("FEM", "Angeles"),
        ("PART", "An"),
    ]
    assert [one["attributes"] for one in line["spans"] if one["label"] == "LOC"] == [{"identifier": "Q65"}]
    assert [line["text"][start:end] for start, end in line["sentences"]] == ["Bell 🇺🇦 of Los Angeles", "It rains."]
    assert recognised(tmp_path / "a.tsv").name == "webanno-tsv"


def test_relations_slots_and_chains_come_in(tmp_path: Path) -> None:
    content = file(
        "#T_SP=webanno.custom.Claim|kind|ROLE_webanno.custom.Claim:who_webanno.custom.ClaimWhoLink|uima.tcas.Annotation\n"
        f"#T_RL=webanno.custom.If|label|BT_webanno.custom.Claim\n#T_CH={COREFERENCE}|referenceRelation|referenceType",
        "#Text=We help if asked you",
        "1-1\t0-2\tWe\tparty\t_\t*\t_\t_\tsame->1-1\tname[1]\t",
        "1-2\t3-7\thelp\tpledge[1]|threat[2]\tgiver;taker[1]|_[2]\t1-1;1-5|*[2]\tconditions|echoes\t1-4[0_1]|1-1[0_2]\t_\t_\t",
        "1-3\t8-10\tif\t_\t_\t_\t_\t_\t_\t_\t",
        "1-4\t11-16\tasked\tcondition\t_\t*\t_\t_\t_\t_\t",
        "1-5\t17-20\tyou\tparty\t_\t*\t_\t_\t*->1-2\tpronoun[1]\t",
    )
    line = line_of(tmp_path, content)
    assert links(line) == {
        ("conditions", "asked", "help"),
        ("echoes", "We", "help"),
        ("giver", "help", "We"),
        ("taker", "help", "you"),
        ("same", "We", "you"),
    }
    labels = {one["id"]: one["label"] for one in line["spans"]}
    targets = {one["type"]: labels[one["to"]] for one in line["relations"]}
    assert (targets["conditions"], targets["echoes"], targets["same"]) == ("pledge", "threat", "pronoun")


def test_escapes_of_values_and_texts_come_in(tmp_path: Path) -> None:
    content = file(
        "#T_SP=webanno.custom.Note|label",
        "#Text=tab\\there back\\\\slash",
        "#Text=second line\\r",
        "1-1\t0-3\ttab\ta\\_b\\|c\\[1\\]\\*\\->d\\;\\\\n\t",
        "1-2\t4-8\there\t\\_\t",
        "1-3\t9-19\tback\\slash\t*\t",
    )
    line = line_of(tmp_path, content)
    assert line["text"] == "tab\there back\\slash\nsecond line\r"
    assert quotes(line) == [("a_b|c[1]*->d;\\n", "tab"), ("_", "here"), ("Note", "back\\slash")]


def test_the_first_versions_escape_as_java_does(tmp_path: Path) -> None:
    rows = ("#Text=\\u041A\\uD83D\\uDE00 z", "1-1\t0-3\tК😀\tx\t", "1-2\t4-5\tz\ty\t")
    line = line_of(tmp_path, file("#T_SP=webanno.custom.N|label", *rows, version="3.1"))
    assert quotes(line) == [("x", "К😀"), ("y", "z")]


def test_a_file_that_counts_code_points_comes_in(tmp_path: Path) -> None:
    rows = ("#Text=😀😀 a", "1-1\t0-2\t😀😀\tx\t", "1-2\t3-4\ta\ty\t", "", "#Text=b", "2-1\t5-6\tb\tz\t")
    line = line_of(tmp_path, file("#T_SP=webanno.custom.N|label", *rows))
    assert (line["text"], quotes(line)) == ("😀😀 a\nb", [("x", "😀😀"), ("y", "a"), ("z", "b")])
    assert line["sentences"] == [[0, 4], [5, 6]]


def test_sentences_without_a_gap_and_line_ends_of_windows_come_in(tmp_path: Path) -> None:
    rows = ("#Text=Yes.", "1-1\t2-6\tYes.\tx\t", "", "#Sentence.id=s2", "#Text=No.", "2-1\t6-9\tNo.\t_\t")
    content = file("#T_SP=webanno.custom.N|label", *rows).replace("\n", "\r\n")
    line = line_of(tmp_path, content)
    assert (line["text"], quotes(line)) == ("  Yes.No.", [("x", "Yes.")])


def test_dependencies_of_words_are_no_relations(tmp_path: Path) -> None:
    pos = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"
    header = f"#T_SP={pos}|PosValue\n#T_RL=de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.Dependency"
    rows = ("#Text=We go", "1-1\t0-2\tWe\tPRP\tnsubj\t1-2\t", "1-2\t3-5\tgo\tVB\t_\t_\t")
    line = line_of(tmp_path, file(f"{header}|DependencyType|BT_{pos}", *rows))
    assert (line["spans"], line["relations"]) == ([], [])


def test_a_project_in_tsv_has_a_layer_for_each_person(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    one = file("#T_SP=webanno.custom.N|label", "#Text=a", "1-1\t0-1\ta\tx\t")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("annotation/d.txt/anna.tsv", one)
        archive.writestr("curation/d.txt/CURATION_USER.tsv", one.replace("\tx", "\ty"))
    assert recognised(path).name == "webanno-tsv"
    ((_, line),) = reading(path).lines()
    assert {(one["label"], one["layer"]) for one in line["spans"]} == {("x", "anna"), ("y", "gold")}


HEADER = "#T_SP=webanno.custom.N|label"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no WebAnno TSV 3"),
        ("#FORMAT=WebAnno TSV 2.0\n", "begins with “#FORMAT=WebAnno TSV 2.0”"),
        (file(HEADER, "#Text=a", "1-1\t0-1\ta"), "line 6 is no row of a token with 1 columns"),
        (file(HEADER, "#Text=a", "hello"), "line 6 is no row"),
        (file(HEADER, "#Text=a b", "1-1\t0-1\ta\t_", "1-2\t3-4\tb\t_"), "line 7: “b” does not stand from 3 to 4"),
        (
            file(HEADER, "#Text=ab", "1-1\t0-2\tab\t_", "", "#Text=c", "2-1\t0-1\tc\t_"),
            "begins before the last one ends",
        ),
        (file(HEADER, "#Text=a", "1-1\t99999999999-99999999999\ta\t_"), "far too far"),
    ],
)
def test_what_is_wrong_is_said(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=message) as error:
        line_of(tmp_path, content)
    assert str(error.value).startswith("a.tsv: ")


def test_other_encodings_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(b"#FORMAT=WebAnno TSV 3.3\n\xff")
    with pytest.raises(DatasetError, match="not UTF-8"):
        list(reading(tmp_path / "a.tsv").lines())


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_file_brings_the_reader_down(data: st.DataObject) -> None:
    good = file(
        f"{HEADER}\n#T_RL=webanno.custom.R|label|BT_webanno.custom.N\n#T_CH=webanno.custom.C|referenceRelation|referenceType",
        "#Text=a b",
        "1-1\t0-1\ta\tx[1]|y\tr\t1-2[0_1]\tq->1-1\tp[1]\t",
        "1-2\t2-3\tb\tx[1]\t_\t_\t*->1-2\tp[1]\t",
    )
    place = data.draw(st.integers(0, len(good)))
    other = data.draw(st.text(max_size=4) | st.sampled_from(["\t", "\n", "[", "]", "|", "_", "->", "\\", "9" * 20]))
    try:
        cas_of_tsv((good[:place] + other + good[place + data.draw(st.integers(0, 5)) :]).encode())
    except EntryError as error:
        assert str(error)
