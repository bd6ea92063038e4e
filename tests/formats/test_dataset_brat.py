"""brat: folders that its server reads, and the standoff files of brat, of BioNLP tasks and of corpora like them."""

from __future__ import annotations

import json
import re
import stat
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import DatasetError
from annotator.formats.datasets.brat.names import word
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext
from annotator.formats.datasets.file_names import FileNames
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import CODEBOOK, Case, export, read_back
from tests.support import corpus

CASE = Case("brat")
TEXT = "Міністри 🇺🇦 met.\nWe will help Kyiv\nif it asks."


def folder(path: Path, ann: str | bytes, text: str | bytes = TEXT, name: str = "a") -> Path:
    for ending, content in ((".ann", ann), (".txt", text)):
        file = path / f"{name}{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def found(path: Path, context: FormatContext | None = None) -> list[Any]:
    return [entry for _, entry in CASE.entry.implementation().read(path, context or CASE.context())]


def entry_of(path: Path, context: FormatContext | None = None) -> Any:
    (entry,) = found(path, context)
    assert not isinstance(entry, BadEntry), str(entry.reason)
    return entry


def covered(entry: Entry) -> list[tuple[str, str]]:
    return [
        (span["label"], "|".join(entry["text"][start:end] for start, end in span["fragments"]))
        for span in entry["spans"]
    ]


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [line for _, line in Reading(CASE.entry, path, CASE.context()).lines()]


WE = TEXT.index("We")


@pytest.mark.parametrize(
    "ann",
    [
        f"T1\tpledge {WE} {WE + 12}\tWe will help\n",
        f"T1\tpledge\t{WE}\t{WE + 12}\tWe will help\r\n",
        f"T1 pledge {WE} {WE + 12} We will help",
        f"\ufeffT1\tpledge {WE} {WE + 12}\tWe will help\n\n",
        f"T1\tpledge {WE} {WE + 12}\n",
        f"T1\tpledge {WE} {WE + 12}\t\n",
    ],
    ids=["brat", "tab stops alone", "spaces alone", "a BOM", "no text", "an empty text"],
)
def test_every_form_of_a_line_is_read(tmp_path: Path, ann: str) -> None:
    assert covered(entry_of(folder(tmp_path, ann))) == [("pledge", "We will help")]


def test_everything_that_brat_has_comes_in(tmp_path: Path) -> None:
    ann = (
        f"T1\tpledge {WE} {WE + 12}\tWe will help\n"
        f"T2\tcondition {WE + 8} {WE + 12};{WE + 18} {WE + 28}\thelp if it asks\n"
        f"T3\tActor 0 8\tМіністри\n"
        "R1\tconditions Arg1:T2 Arg2:T1\t\n"
        "*\tEquiv T1 T3\n"
        "E1\tpledge:T1 Agent:T3 Agent2:T2\n"
        "A1\tNegation E1\n"
        "M1\tSpeculation T2\n"
        "A2\tspecificity T1 2\n"
        "N1\tReference T3 Wikidata:Q42\tMinisters\n"
        "#1\tAnnotatorNotes T1\tsure?  yes\n"
        "#2\tAnnotatorNotes R1\tand this\n"
        "#3\tUnconfirmed E1\tby a tool\n"
        "X9\tsomething else\n"
    )
    context = CASE.context()
    entry = entry_of(folder(tmp_path, ann), context)
    assert covered(entry) == [("pledge", "We will help"), ("condition", "help|if it asks"), ("Actor", "Міністри")]
    first, second, third = entry["spans"]
    assert (
        first["attributes"] == {"Negation": True, "specificity": 2}
        and first["note"] == "sure?  yes\nUnconfirmed: by a tool"
    )
    assert second["attributes"] == {"Speculation": True} and third["attributes"] == {"Reference": "Wikidata:Q42"}
    assert [(one["type"], one["from"], one["to"]) for one in entry["relations"]] == [
        ("conditions", "T2", "T1"),
        ("Equiv", "T1", "T3"),
        ("Agent", "T1", "T3"),
        ("Agent", "T1", "T2"),
    ]
    assert entry["relations"][0]["note"] == "and this"
    assert [(loss.kind, loss.examples) for loss in context.losses.losses()] == [
        ("lines that are in no form of brat's", ("X9 something else",))
    ]
    assert "id" not in entry and entry["source"] == {"file": "a.txt", "title": "a"}
    assert len(lines_of(tmp_path)) == 1


def test_parts_of_a_span_that_a_line_break_alone_keeps_apart_are_one(tmp_path: Path) -> None:
    end = len(TEXT)
    ann = f"T1\tpledge {WE} {WE + 17};{WE + 18} {end}\tWe will help Kyiv if it asks.\n"
    assert covered(entry_of(folder(tmp_path, ann))) == [("pledge", "We will help Kyiv\nif it asks.")]


@pytest.mark.parametrize(
    "ann", ["{0} {1}\tWe will help Kyiv if it asks.\n", "{0} {1}\tWe will help Kyiv\nif it asks.\n"]
)
def test_a_text_with_spaces_or_line_breaks_for_line_breaks_is_the_same(tmp_path: Path, ann: str) -> None:
    ann = "T1\tpledge " + ann.format(WE, len(TEXT)) + "T2\tpledge 0 8\tМіністри\n"
    line = lines_of(folder(tmp_path, ann))[0]
    assert [one["quote"] for one in line["spans"]] == ["Міністри", "We will help Kyiv\nif it asks."]


@pytest.mark.parametrize("unit", ["utf-16-le", "utf-8"])
@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")], ids=["LF", "CRLF"])
def test_places_in_other_units_are_told_by_the_text(tmp_path: Path, unit: str, text: str) -> None:
    def place(at: int) -> int:
        return len(text[:at].encode(unit)) // (2 if unit == "utf-16-le" else 1)

    rows = []
    for number, quote in enumerate(("met", "We will help", "asks"), 1):
        at = text.index(quote)
        rows.append(f"T{number}\tpledge {place(at)} {place(at + len(quote))}\t{quote}\n")
    met, asks = (f"{place(text.index(one))} {place(text.index(one) + len(one))}" for one in ("met", "asks"))
    rows.append(f"T9\tpledge {met};{asks}\tmet asks\n")
    entry = entry_of(folder(tmp_path, "".join(rows), text))
    assert entry["text"] == text
    assert [quote for _, quote in covered(entry)] == ["met", "We will help", "asks", "met|asks"]


def test_line_ends_of_two_signs_may_count_as_one(tmp_path: Path) -> None:
    text = TEXT.replace("\n", "\r\n")
    at = TEXT.index("asks")
    entry = entry_of(folder(tmp_path, f"T1\tpledge {at} {at + 4}\tasks\n", text))
    assert entry["text"] == text and covered(entry) == [("pledge", "asks")]


@pytest.mark.parametrize("counts", [0, 1])
def test_a_mark_before_the_text_is_no_text_whether_it_counts_or_not(tmp_path: Path, counts: int) -> None:
    ann = f"T1\tpledge {WE + counts} {WE + counts + 12}\tWe will help\n"
    entry = entry_of(folder(tmp_path, ann, "\ufeff" + TEXT))
    assert entry["text"] == TEXT and covered(entry) == [("pledge", "We will help")]


def test_a_span_beside_its_text_is_put_where_it_stands(tmp_path: Path) -> None:
    path = folder(tmp_path, f"T1\tpledge {WE + 5} {WE + 22}\tWe will help Kyiv\nT2\tpledge 0 8\tМіністри\n")
    reading = Reading(CASE.entry, path, CASE.context())
    ((_, line),) = reading.lines()
    assert [one["quote"] for one in line["spans"]] == ["Міністри", "We will help Kyiv"] and reading.moved == 1


def test_parts_of_the_bionlp_tasks_make_one_document(tmp_path: Path) -> None:
    for ending, content in {
        ".txt": "BRCA1 binds p53.",
        ".a1": "T1\tProtein 0 5\tBRCA1\nT2\tProtein 12 15\tp53\n",
        ".a2": "T3\tBinding 6 11\tbinds\nE1\tBinding:T3 Theme:T1 Theme2:T2\n",
        ".rel": "N1\tReference Annotation:T1 Referent:HGNC:1100\n",
    }.items():
        (tmp_path / f"PMC-1{ending}").write_text(content)
    entry = entry_of(tmp_path)
    assert [one["type"] for one in entry["relations"]] == ["Theme", "Theme"]
    assert entry["spans"][0]["attributes"] == {"Reference": "HGNC:1100"}


def test_folders_in_folders_and_one_file_alone_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("x/10", "x/9", "b"):
        folder(tmp_path, "T1\tpledge 0 2\tab\n", "abc", name)
    folder(tmp_path, "", "abc", "__MACOSX/b")
    assert [entry["source"]["file"] for entry in found(tmp_path)] == ["b.txt", "x/9.txt", "x/10.txt"]
    for ending in (".ann", ".txt"):
        assert entry_of(tmp_path / f"b{ending}")["source"]["title"] == "b"


def test_a_folder_in_an_archive_is_read(tmp_path: Path) -> None:
    export(CASE, tmp_path / "data", [document(TEXT, spans=[span(TEXT, WE, WE + 12)], relations=[])])
    with zipfile.ZipFile(tmp_path / "d.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((tmp_path / "data").iterdir()):
            archive.write(file, f"data/{file.name}")
    entry = entry_of(tmp_path / "d.zip")
    assert covered(entry) == [("pledge", "We will help")] and entry["id"] == "d1"


def archive(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path / "d.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return path / "d.zip"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([("../a.ann", b"")], "leads out of it"),
        ([("/a.ann", b"")], "leads out of it"),
        ([("a.ann", b""), ("a.ann", b"")], "stands in it twice"),
        ([("a.ann", b""), ("a.txt", b"\0" * 50_000_000)], "far larger"),
        ([("a.txt", b"")], "no annotations of brat"),
    ],
)
def test_an_archive_that_cannot_be_trusted_is_refused(tmp_path: Path, members: list[Any], reason: str) -> None:
    with pytest.raises(DatasetError, match=reason):
        found(archive(tmp_path, *members))


def test_links_lead_nowhere(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.ann")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DatasetError, match="is a link"):
        found(archive(tmp_path, (link, b"/etc/passwd")))
    folder(tmp_path / "in", "", "abc")
    folder(tmp_path / "out", "", "secret", "b")
    for ending in (".ann", ".txt"):
        (tmp_path / "in" / f"b{ending}").symlink_to(tmp_path / "out" / f"b{ending}")
    assert [entry["text"] for entry in found(tmp_path / "in")] == ["abc"]


@pytest.mark.parametrize(
    ("ann", "text", "reason"),
    [
        ("T1\tpledge 0 2\tab\nT1\tpledge 1 2\tb\n", "abc", "two lines have the id T1"),
        ("T1\tpledge 0 9\n", "abc", "no stretch of a text"),
        ("T1\tpledge 0 2;1 3\n", "abc", "no stretch of a text"),
        ("T1\tpledge 0 2\tzz\n", "abc", "is not the text"),
        ("T1\tpledge 0 2\tab\n", b"a\xff\xfe", "not UTF-8"),
        (b"T1\tpledge 0 2\t\xff\n", "abc", "not UTF-8"),
    ],
)
def test_what_is_wrong_with_a_document_is_told_with_its_name(
    tmp_path: Path, ann: str | bytes, text: str | bytes, reason: str
) -> None:
    folder(tmp_path, ann, text)
    folder(tmp_path, "T1\tpledge 0 1\ta\n", "abc", "b")
    with pytest.raises(DatasetError, match=reason):
        lines_of(tmp_path)
    reading = Reading(CASE.entry, tmp_path, CASE.context(), skip=True)
    assert [line["source"]["title"] for _, line in reading.lines()][-1] == "b"
    (problem,) = reading.problems
    assert re.search(reason, problem.reason) and (reason.startswith(("no ", "is ")) or "a.ann" in problem.reason)


def test_a_text_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("T1\tpledge 0 1\ta\n")
    (bad,) = found(tmp_path)
    assert isinstance(bad, BadEntry) and "no “a.txt”" in str(bad.reason)
    with pytest.raises(DatasetError, match=r"no “b\.ann”"):
        folder(tmp_path, "", "x", "b")
        (tmp_path / "b.ann").unlink()
        found(tmp_path / "b.txt")


def test_relations_and_notes_that_hang_loose_are_counted(tmp_path: Path) -> None:
    context = CASE.context()
    ann = "T1\tpledge 0 1\ta\nR1\tx Arg1:T1 Arg2:T9\nA1\tNegation T8\n#1\tAnnotatorNotes T7\ty\nE1\tp:T1 Q:E1\n"
    entry = entry_of(folder(tmp_path, ann, "abc"), context)
    assert [(one["from"], one["to"]) for one in entry["relations"]] == [("T1", "T1")]
    (loss,) = context.losses.losses()
    assert loss.count == 3


def brat_accepts(path: Path) -> None:
    """Hold a folder against what brat's server (annotation.py, projectconfig.py) takes and checks of its files."""
    for file in sorted(path.glob("*.ann")):
        text = file.with_suffix(".txt").read_bytes().decode()
        ids: set[str] = set()
        content = file.read_bytes().decode()
        assert content.splitlines() == content.removesuffix("\n").split("\n") if content else True
        for row in content.splitlines():
            identity, data, *tail = row.split("\t")
            assert re.fullmatch(r"[TRA#][0-9]+", identity) and identity not in ids
            ids.add(identity)
            if identity[0] == "T":
                label, places = data.split(" ", 1)
                pieces = [tuple(map(int, pair.split(" "))) for pair in places.split(";")]
                assert re.fullmatch("[a-zA-Z0-9_-]+", label)
                assert all(end <= start for (_, end), (start, _) in pairwise(pieces))
                assert tail == [" ".join(text[start:end] for start, end in pieces)]
            elif identity[0] == "R":
                assert re.fullmatch(r"[a-zA-Z0-9_-]+ Arg1:(T\d+) Arg2:(T\d+)", data)
                assert set(re.findall(r":(\w+)", data)) <= ids
            else:
                assert data.split(" ")[1] in ids
    for name in ("annotation.conf", "visual.conf"):
        depth = 0
        for row in (path / name).read_text("utf-8").splitlines():
            if row.strip() and not row.startswith("["):
                indent = len(row) - len(row.lstrip())
                assert indent <= depth + 1
                depth = indent
                terms = row.strip().split("\t")[0]
                assert re.fullmatch(r"[a-zA-Z0-9_-]+|<OVERLAP>", terms.split("|")[0].strip())


def test_what_is_written_is_what_brat_takes(tmp_path: Path) -> None:
    text = "We will\thelp\u2028Kyiv.\nIf it\r\nasks.\x85 \xa0"
    spans = [
        span(text, 0, len(text), 1, note="one\ntwo\tthree", label="My label!"),
        span(text, 18, 19, 2, label="condition"),
        span(text, 0, 7, 3, attributes={"specificity": 2, "hedged": True, "speaker": "the allies", "x": ["a", "b"]}),
        span(text, 3, 12, 4, fragments=[[3, 7], [8, 12]]),
    ]
    assert text[18:19] == "\n"
    relations = [relation("s1", "s3", 1), relation("s3", "s2", 2)]
    lines = [document(text, 1, spans=spans, relations=relations), document(text, 2, spans=[], relations=[])]
    export(CASE, tmp_path / "data", lines)
    brat_accepts(tmp_path / "data")
    ann = (tmp_path / "data" / "A.ann").read_text("utf-8").split("\n")
    assert "A1\tspecificity T2 2" in ann or any(row.endswith(" 2") and "specificity" in row for row in ann)
    assert any(re.fullmatch(r"A\d\thedged T\d", row) for row in ann)
    assert sum(row.startswith("R") for row in ann) == 1  # a span of a line break alone has no place in brat
    conf = (tmp_path / "data" / "annotation.conf").read_text("utf-8")
    assert "My_label" in conf and "hedged\tArg:" in conf
    colour = next(label.light for label in CODEBOOK.labels if label.key == "pledge")
    assert f"bgColor:{colour}" in (tmp_path / "data" / "visual.conf").read_text("utf-8")
    assert len(read_back(CASE, tmp_path / "data")) == 2


def edited(tmp_path: Path, *changes: tuple[str, str]) -> Any:
    line = document(
        TEXT,
        spans=[
            span(TEXT, WE, WE + 12, 1, note="sure", attributes={"specificity": 2, "speaker": "the allies"}),
            span(TEXT, WE + 18, WE + 28, 2, label="condition"),
        ],
        relations=[relation("s2", "s1")],
    )
    export(CASE, tmp_path / "data", [line])
    file = tmp_path / "data" / "A.ann"
    content = file.read_text("utf-8")
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    file.write_text(content, "utf-8")
    return entry_of(tmp_path / "data")


def test_what_was_changed_in_brat_has_changed_and_the_rest_is_as_it_was(tmp_path: Path) -> None:
    entry = edited(
        tmp_path,
        (f"pledge {WE} {WE + 12}\tWe will help", f"criticism {WE} {WE + 17}\tWe will help Kyiv"),
        ("specificity T1 2", "specificity T1 1"),
        ("\tsure", "\tnot sure"),
    )
    first = entry["spans"][0]
    assert covered(entry)[0] == ("criticism", "We will help Kyiv")
    assert first["id"] == "s1" and first["annotator"] == "a1" and first["pages"] == []
    assert first["attributes"] == {"specificity": 1, "speaker": "the allies"} and first["note"] == "not sure"
    assert entry["relations"][0]["id"] == "r1" and entry["id"] == "d1"


def test_what_was_deleted_in_brat_is_gone_and_its_id_may_mean_another_span(tmp_path: Path) -> None:
    entry = edited(
        tmp_path,
        (f"T1\tpledge {WE} {WE + 12}\tWe will help\n", "T1\tpledge 0 8\tМіністри\n"),
        ("A1\tspecificity T1 2\n", ""),
        ("#1\tAnnotatorNotes T1\tsure\n", ""),
        ("R1\tconditions Arg1:T2 Arg2:T1\t\n", ""),
    )
    assert entry["relations"] == []
    first = next(one for one in entry["spans"] if one["id"] == "T1")
    assert "annotator" not in first and "attributes" not in first


def test_where_the_text_was_changed_the_lines_alone_count(tmp_path: Path) -> None:
    line = document(TEXT, spans=[span(TEXT, WE, WE + 12), span(TEXT, WE - 1, WE, 2)], relations=[])
    export(CASE, tmp_path / "data", [line])
    text = tmp_path / "data" / "A.txt"
    text.write_bytes(text.read_bytes() + b" More.")
    entry = entry_of(tmp_path / "data")
    assert covered(entry) == [("pledge", "We will help")] and entry["spans"][0]["id"] == "T1"
    assert entry["id"] == "d1" and entry["source"]["file"] == "a.md"


def test_a_text_may_be_called_as_its_annotations_without_their_ending(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    (tmp_path / "a.txt.ann").write_text("T1\tpledge 0 1\ta\n")
    for path in (tmp_path, tmp_path / "a.txt.ann"):
        assert covered(entry_of(path)) == [("pledge", "a")]


def test_a_broken_record_is_told_with_its_line(tmp_path: Path) -> None:
    folder(tmp_path, "T1\tpledge 0 1\ta\n", "abc")
    (tmp_path / "documents.jsonl").write_text('{"file": "a.txt"}\n{"file"')
    with pytest.raises(DatasetError, match=r"documents\.jsonl, line 2: .*Take the file away"):
        found(tmp_path)
    (tmp_path / "documents.jsonl").write_text(json.dumps({"file": "a.txt", "spans": [7]}))
    (bad,) = found(tmp_path)
    assert isinstance(bad, BadEntry)


def test_names_of_files_are_plain_and_never_the_same() -> None:
    names = FileNames()
    titles = ["A b/c", "a B c", "CON", "", "Міністри", "é" * 300, "..", "a-b-c-2"]
    made = [names.name({"text": "", "spans": [], "source": {"title": title}}) for title in titles]
    assert made[:5] == ["A-b-c", "a-B-c-2", "document-CON", "document", "document-2"]
    assert len({name.lower() for name in made}) == len(titles)
    assert all(re.fullmatch("[a-zA-Z0-9_-]{1,90}", name) for name in made)


@pytest.mark.parametrize(("name", "expected"), [("pledge", "pledge"), ("My label!", "My_label"), ("é t", "e_t")])
def test_types_are_what_brat_stores(name: str, expected: str) -> None:
    assert word(name) == expected
    assert re.fullmatch("[a-zA-Z0-9_-]+", word("Обіцянка"))


PARTS = [
    "T1",
    "T2",
    "\t",
    " ",
    "pledge",
    "0 2",
    "0 5;6 9",
    "99999999999999999999",
    "\n",
    "\r\n",
    "R1",
    "Arg1:T1",
    "Arg2:T2",
]
PARTS += ["*", "E1", "x:T1", "A1", "M2", "N1", "#1", "AnnotatorNotes", ";", "-1", "\x00", "\u2028", "NaN", "Arg1:"]


@settings(max_examples=150, deadline=None)
@given(
    ann=st.lists(st.sampled_from(PARTS), max_size=40).map("".join),
    text=st.text(st.sampled_from("a\r\n😀Ж \ufeff"), max_size=12),
)
def test_nothing_in_a_file_makes_it_crash(tmp_path_factory: pytest.TempPathFactory, ann: str, text: str) -> None:
    path = folder(tmp_path_factory.mktemp("brat"), ann, text)
    for line in (line for _, line in Reading(CASE.entry, path, CASE.context(), skip=True).lines()):
        assert all(line["text"][one["start"] : one["end"]] == one["quote"] for one in line["spans"])


def test_the_real_file_comes_in_with_every_span_at_its_quote() -> None:
    where = corpus()
    if where is None:
        pytest.skip("the corpus of real documents is not on this machine")
    (line,) = lines_of(where / "seed" / "derived" / "seed.ann")
    assert len(line["spans"]) == 17 and len(line["relations"]) == 11
    assert all(line["text"][one["start"] : one["end"]] == one["quote"] for one in line["spans"])
    assert line["spans"][0]["attributes"]["certainty"] == "high"


def test_what_has_annotations_of_brat_is_recognised(tmp_path: Path) -> None:
    path = folder(tmp_path / "in", "T1\tpledge 0 1\ta\n", "abc", "x/a")
    packed = archive(tmp_path, ("x/a.ann", b""), ("x/a.txt", b"abc"))
    assert [recognised(one).name for one in (path, path / "x" / "a.ann", packed)] == ["brat"] * 3
