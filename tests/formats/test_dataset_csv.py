"""CSV tables of spans: ours for spreadsheets and for programs, and such as people and other programs make."""

from __future__ import annotations

import csv
import random
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.attribute_values import ATTRIBUTE_TYPES
from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets.entries import FormatContext, compared
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.tables.cells import armed, as_it_is, attribute_cell, attribute_value, disarmed
from tests.formats.dataset_examples import TEXT, document, relation, span
from tests.formats.round_trips import CODEBOOK, Case, export, kept, read_back

PROGRAMS = Case("csv", (("use", "programs"),))
SPREADSHEETS = Case("csv")
SPEECH = "We will help Kyiv.\nWe condemn the attack – “all of it” – on the port.\nWe will help Kyiv."


def rows_of(path: Path, separator: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle, delimiter=separator))


def reading(path: Path, *, skip: bool = False) -> Reading:
    return Reading(SPREADSHEETS.entry, path, SPREADSHEETS.context(), skip=skip)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [line for _, line in reading(path).lines()]


def spans_of(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["label"], one["quote"]) for one in line["spans"]]


def table(folder: Path, content: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def test_what_is_written_reads_as_plain_tables_that_join_by_document_and_span(tmp_path: Path) -> None:
    export(PROGRAMS, tmp_path / "out.csv", [document(), document("Other text", 2, spans=[], relations=[])])
    header, *spans = rows_of(tmp_path / "out.csv")
    found = [dict(zip(header, row, strict=True)) for row in spans]
    documents = {row[0]: row[-1] for row in rows_of(tmp_path / "out.documents.csv")}
    assert list(documents) == ["document", "d1", "d2"]
    assert [one["span"] for one in found] == ["s2", "s1"]
    assert all(documents[one["document"]][int(one["start"]) : int(one["end"])] == one["quote"] for one in found)
    assert found[0]["fragments"] == "[[3,7],[15,20]]" and found[1]["fragments"] == ""
    assert (found[0]["attribute.speaker"], found[0]["attribute.hedged"]) == ("the allies", "false")
    relations = rows_of(tmp_path / "out.relations.csv")
    assert relations[1][:9] == [
        "d1",
        "r1",
        "conditions",
        "s2",
        "s1",
        "condition",
        TEXT[3:20],
        "pledge",
        "will help",
    ]


def test_a_nul_becomes_a_replacement_character_and_is_counted(tmp_path: Path) -> None:
    context = SPREADSHEETS.context()
    export(SPREADSHEETS, tmp_path / "out.csv", [document()], context)
    assert {loss.kind: loss.count for loss in context.losses.losses()} == {
        "NUL characters in texts (each becomes U+FFFD)": 1
    }
    assert read_back(SPREADSHEETS, tmp_path / "out.csv")[0]["text"] == TEXT.replace("\0", "\ufffd")
    assert not any(b"\0" in path.read_bytes() for path in tmp_path.iterdir())


DANGEROUS = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", " =1", "'=1", "''-x", "＝1", "'", "'a", "-"]


def test_no_cell_for_spreadsheets_runs_and_every_text_comes_back(tmp_path: Path) -> None:
    lines = []
    for number, text in enumerate(DANGEROUS):
        changes = {"note": text, "attributes": {"speaker": text}, "annotator": text, "layer": text, "round": text}
        spans = [span(text + " x", 0, len(text), number, **changes)]
        source = {"file": text, "format": text, "title": text, "date": text, "url": text, "language": text}
        lines.append(document(text + " x", number, spans=spans, relations=[], source=source, sentences=[], read=[]))
    for case in (SPREADSHEETS, PROGRAMS):
        export(case, tmp_path / "out.csv", lines)
        assert read_back(case, tmp_path / "out.csv") == [kept(case, line) for line in lines]
        cells = [cell for path in tmp_path.glob("*.csv") for row in rows_of(path) for cell in row]
        assert any(cell.lstrip().startswith("=") for cell in cells) == (case is PROGRAMS)
        assert any(cell.lstrip()[:1] in "=+-@＝" for cell in cells if cell.strip()) == (case is PROGRAMS)


@given(st.text(alphabet=st.sampled_from("'=+-@＝ \t\r\nax"), max_size=6))
def test_an_apostrophe_goes_on_and_off_again(text: str) -> None:
    assert armed(disarmed(text)) == text
    assert armed(as_it_is(text)) == text


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(["json:1", "[1]", "a; b", "true", "1", "1,5", "31.5.2024", " a ", "null", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=300)
@given(kind=st.sampled_from([*ATTRIBUTE_TYPES, ""]), value=VALUES)
def test_whatever_an_attribute_holds_a_cell_says_it(kind: str, value: Any) -> None:
    cell = attribute_cell(kind, value)
    printed = str(cell).lower() if isinstance(cell, bool) else "" if cell is None else str(cell)
    for found in (attribute_value(kind, cell), attribute_value(kind, printed)):
        assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("texts", "may; might", ["may", "might"]),
        ("choices", '["a;b"]', ["a;b"]),
        ("boolean", "WAHR", True),
        ("boolean", 0, False),
        ("number", "2,5", 2.5),
        ("date", "31.5.2024", "2024-05-31"),
        ("entity", 7, "7"),
        ("text", "2,5", "2,5"),
    ],
)
def test_cells_that_people_fill_are_of_their_attribute_s_type(kind: str, cell: Any, value: Any) -> None:
    assert attribute_value(kind, cell) == value


def test_rows_in_another_order_still_find_their_documents(tmp_path: Path) -> None:
    lines = [document(number=number, sentences=[]) for number in range(1, 5)]
    for line in lines:
        for one in (*line["spans"], *line["relations"]):
            for key in {"id", "from", "to"} & one.keys():
                one[key] = f"{line['id']}-{one[key]}"
    export(SPREADSHEETS, tmp_path / "out.csv", lines)
    header, *rows = rows_of(tmp_path / "out.csv")
    random.Random(1).shuffle(rows)
    with (tmp_path / "out.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows([header, *rows])
    assert read_back(SPREADSHEETS, tmp_path / "out.csv") == [kept(SPREADSHEETS, line) for line in lines]


def test_names_of_annotators_go_out_where_they_may_and_come_back(tmp_path: Path) -> None:
    context = FormatContext(CODEBOOK, SPREADSHEETS.context().options, names={"a1": "Analyst A"})
    export(SPREADSHEETS, tmp_path / "out.csv", [document()], context)
    found = SPREADSHEETS.context()
    list(SPREADSHEETS.entry.implementation().read(tmp_path / "out.csv", found))
    assert found.names == {"a1": "Analyst A"}


# Tables that others made.


def test_a_german_table_with_quotes_alone_in_an_old_encoding(tmp_path: Path) -> None:
    content = (
        "Dokument;Text;Kategorie;Zitat;Kodierer;Kommentar\r\n"
        f'Rede;"{SPEECH}";criticism;"condemn the attack – “all of it” –\non the port";Analyst A;schön\r\n'
        "Rede;;pledge;We condemn;Analyst B;\r\n"
    )
    (line,) = lines_of(table(tmp_path, content, encoding="cp1252"))
    assert (line["id"], line["text"]) == ("Rede", SPEECH)
    assert spans_of(line) == [
        ("pledge", "We condemn"),
        ("criticism", "condemn the attack – “all of it” – on the port"),
    ]
    assert [(one["annotator"], one["layer"], one["note"]) for one in line["spans"]] == [
        ("Analyst B", "Analyst B", ""),
        ("Analyst A", "Analyst A", "schön"),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "cp1251"])
@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_encodings_and_separators_are_found_out(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "Мы осуждаем нападение на порт и будем помогать соседям, если совет согласится."
    cells = [["текст", "метка", "начало", "конец"], [text, "criticism", "3", "11"]]
    content = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in cells)
    (line,) = lines_of(table(tmp_path, content, encoding=encoding))
    assert spans_of(line) == [("criticism", "осуждаем")]


def test_a_first_line_that_names_the_separator(tmp_path: Path) -> None:
    (line,) = lines_of(table(tmp_path, 'sep=;\ntext;label\n"a, b, c";pledge\n'))
    assert spans_of(line) == [("pledge", "a, b, c")]


def test_labels_of_whole_texts_and_several_in_one_cell(tmp_path: Path) -> None:
    path = table(tmp_path, "id,text,labels\n7,We will help.,pledge; criticism\n8,No.,\n9,Never.,pledge\n")
    lines = lines_of(path)
    assert [line["id"] for line in lines] == ["7", "8", "9"]
    assert [spans_of(line) for line in lines] == [
        [("criticism", "We will help."), ("pledge", "We will help.")],
        [],
        [("pledge", "Never.")],
    ]


def test_highlights_of_taguette_beside_a_table_of_the_texts(tmp_path: Path) -> None:
    table(tmp_path, f'name,text\nx,"{SPEECH}"\n'.replace("name", "document"), "all_tags.documents.csv")
    content = "id,document,tag,content\n1,x,criticism,the attack\n1,x,criticism.strong,the attack\n2,x,,the port\n"
    path = table(tmp_path, content, "all_tags.csv")
    found = reading(path)
    ((_, line),) = found.lines()
    assert spans_of(line) == [("criticism", "the attack"), ("criticism.strong", "the attack")]
    assert [(loss.kind, loss.count) for loss in found.context.losses.losses()] == [("rows without a label", 1)]


def test_coded_segments_of_maxqda_lie_where_their_words_stand(tmp_path: Path) -> None:
    table(tmp_path, f'Title,Text\nSpeech,"{SPEECH}"\n', "segments.documents.csv")
    content = (
        "Color,Document group,Document name,Code,Beginning,End,Weight score,Segment,Modified by\n"
        "●,Leaders,Speech,criticism,2,2,0,We condemn the attack,Analyst A\n"
    )
    (line,) = lines_of(table(tmp_path, content, "segments.csv"))
    assert spans_of(line) == [("criticism", "We condemn the attack")]


def test_csv_of_label_studio_has_the_spans_of_a_text_in_one_cell(tmp_path: Path) -> None:
    regions = (
        '[{"start":3,"end":12,"text":"will help","labels":["pledge","signal"]},{"start":0,"end":2,"labels":["who"]},'
        '{"choices":["polite"]}]'
    )
    cells = ["7", SPEECH, regions], ["8", SPEECH + "!", '{"choices":["pledge","condition"]}'], ["9", "No.", ""]
    with (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["id", "text", "label"], *cells, ["10", "Bad.", '[{"start":3,"end":2}]']])
    found = reading(tmp_path / "x.csv", skip=True)
    lines = [line for _, line in found.lines()]
    assert [spans_of(line) for line in lines] == [
        [("polite", SPEECH), ("who", "We"), ("pledge", "will help"), ("signal", "will help")],
        [("condition", SPEECH + "!"), ("pledge", SPEECH + "!")],
        [],
        [],
    ]
    assert [problem.reason for problem in found.problems] == ["“x.csv”, row 5: from 3 to 2 is no stretch of a text."]


def test_a_second_column_for_the_same_is_named_as_not_read(tmp_path: Path) -> None:
    found = reading(table(tmp_path, "text,type,label\nWe will.,speech,pledge\n"))
    assert [spans_of(line) for _, line in found.lines()] == [[("pledge", "We will.")]]
    assert [(loss.kind, loss.examples) for loss in found.context.losses.losses()] == [
        ("columns that were not understood", ("type",))
    ]


def test_start_with_length_and_positions_that_begin_at_one(tmp_path: Path) -> None:
    content = f'document,text,label,from,length,quote\nx,"{SPEECH}",pledge,4.0,9,will help\n'
    found = reading(table(tmp_path, content))
    ((_, line),) = found.lines()
    assert spans_of(line) == [("pledge", "will help")] and line["spans"][0]["start"] == 3
    assert found.moved == 1


def test_attributes_by_their_names_and_columns_that_nobody_knows(tmp_path: Path) -> None:
    content = 'text,label,Speaker,attribute.hedged,mood\n"We will.",pledge,the allies,yes,good\n'
    found = reading(table(tmp_path, content))
    ((_, line),) = found.lines()
    assert line["spans"][0]["attributes"] == {"speaker": "the allies", "hedged": True}
    assert [(loss.kind, loss.examples) for loss in found.context.losses.losses()] == [
        ("columns that were not understood", ("mood",))
    ]


def test_relations_of_a_table_made_by_hand(tmp_path: Path) -> None:
    table(tmp_path, "source,target,type\n1,2,conditions\n", "table.relations.csv")
    table(tmp_path, 'text\n"We will if you do."\n', "table.documents.csv")
    (line,) = lines_of(table(tmp_path, "span,label,quote\n1,condition,if you do\n2,pledge,We will\n"))
    labels = {span["id"]: span["label"] for span in line["spans"]}
    found = [(labels[one["from"]], one["type"], labels[one["to"]]) for one in line["relations"]]
    assert found == [("condition", "conditions", "pledge")]


# What is wrong.

BEFORE = 'document,text,label,start,end,quote\nx,"We will help.",pledge,3,7,will\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\r\n", "is empty"),
        (b"document,text\nx,y\n", "no column of labels. Call it “label”; the columns are: document, text"),
        (b"document,label,quote\nx,pledge,y\n", "comes without the texts. Put them into “table.documents.csv”"),
        (b'text,label\n"We will,pledge\n', "breaks off or its quotes are irregular"),
        (b"text,label\n" + "Мы будем помогать соседям".encode() + b"\xd0,pledge\n", "UTF-8 up to byte 59"),
        (b"\x00\x01\x02\xff" * 100, r"encoding of “table.csv” cannot be made out|no column of labels"),
        (b"\xff\xfe\x00\xd8", "breaks off"),
    ],
)
def test_a_file_that_is_no_table_of_spans_says_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=message):
        reading(tmp_path / "table.csv").check()


def test_tables_beside_it_that_lack_a_column_say_so(tmp_path: Path) -> None:
    path = table(tmp_path, "document,label,quote\nx,pledge,y\n")
    beside = table(tmp_path, "document,words\nx,y\n", "table.documents.csv")
    with pytest.raises(DatasetError, match=r"“table.documents.csv” has no column of texts.* are: document, words"):
        reading(path).check()
    beside.write_text("document,text\nx,y\n")
    table(tmp_path, "document,type,from\nx,conditions,a\n", "table.relations.csv")
    with pytest.raises(DatasetError, match=r"“table.relations.csv” has no column “to”"):
        reading(path).check()


def test_the_wrong_one_of_three_tables_leads_to_the_right_one(tmp_path: Path) -> None:
    export(SPREADSHEETS, tmp_path / "out.csv", [document()])
    with pytest.raises(DatasetError, match=r"is the table of documents that belongs to “out.csv”. Choose that one"):
        reading(tmp_path / "out.documents.csv").check()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,,pledge,,,help Kyiv", "row 3: it has no start, and its quote does not stand in the text: “help Kyiv”"),
        ("x,,pledge,,,e", "row 3: it has no start, and its quote stands 2 times in the text: “e”"),
        ("x,,pledge,,,", "row 3: it has neither a start nor a quote"),
        ("x,,pledge,five,7,", "row 3: “start” is 'five', not a whole number"),
        ("x,,pledge,7,7,", "row 3: from 7 to 7 is no stretch of a text"),
        ("x,,pledge,-1,7,", "row 3: from -1 to 7 is no stretch of a text"),
        ("x,,pledge,7,99999999999999999999,", "row 3: “end” is .*, not a whole number"),
        ("x,,pledge,nan,7,", "row 3: “start” is 'nan', not a whole number"),
        ("x,,pledge,3,99,", "is 3 to 99, which is no stretch of a text of 13 characters"),
        ("x,,pledge,3,7,must", "the quote of span row3 is not the text from 3 to 7: “must”, not “will”"),
        ("y,,pledge,3,7,", "row 3: there is no text"),
        ("x,Other text,pledge,3,7,", "the document “x” has another text in row 3"),
    ],
)
def test_a_wrong_row_is_named_and_the_rest_comes_in_if_wanted(tmp_path: Path, row: str, message: str) -> None:
    path = table(tmp_path, f"{BEFORE}{row}\nz,Good.,pledge,0,4,Good\n")
    with pytest.raises(DatasetError, match=message):
        reading(path).check()
    skipping = reading(path, skip=True)
    lines = [line for _, line in skipping.lines()]
    assert len(skipping.problems) == 1
    assert spans_of(lines[-1]) == [("pledge", "Good")]
    assert "another text" in message or spans_of(lines[0]) == [("pledge", "will")]


@pytest.mark.parametrize(
    ("spans", "relations", "message"),
    [
        ("document,label,quote\nq,pledge,y\n", "", "“table.csv”, row 2: its document “q” is not in “table.documents"),
        ("label,quote\npledge,y\n", "", "row 2: it names no document, and there are several"),
        ("document,label,quote,fragments\nx,pledge,y,[1\n", "", r"“fragments” is '\[1', which is no JSON"),
        ("document,label,quote,fragments\nx,pledge,y,[[1]]\n", "", r"a part of “fragments” is \[1\]"),
        ("document,label,quote,score\nx,pledge,y,high\n", "", "“score” is 'high', not a number"),
        ("document,label,quote\nSame,pledge,y\n", "", "several documents are called “Same”"),
        (
            "document,span,label,quote\nx,1,pledge,y\n",
            "x,conditions,1,2\n",
            "row 2: the relation ends at span 2, which",
        ),
        ("document,span,label,quote\nx,1,pledge,y\n", "x,,1,1\n", "row 2: the relation has no type"),
        ("document,span,label,quote\nx,1,pledge,y\n", "q,conditions,1,1\n", "row 2: its document “q” is not there"),
        ("document,span,label,quote\nx,1,pledge,y\nx,1,pledge,y\n", "", "the id 1 is used twice"),
    ],
)
def test_what_does_not_fit_together_is_named(tmp_path: Path, spans: str, relations: str, message: str) -> None:
    path = table(tmp_path, spans)
    table(tmp_path, "document,title,text\nx,Same,y\nz,Same,y\n", "table.documents.csv")
    if relations:
        table(tmp_path, "document,type,from,to\n" + relations, "table.relations.csv")
    with pytest.raises(DatasetError, match=message):
        reading(path).check()


def test_two_documents_of_one_id_and_one_without_a_text(tmp_path: Path) -> None:
    path = table(tmp_path, "document,label,quote\nx,pledge,y\n")
    table(tmp_path, "document,text\nx,y\nx,y\nz,\n", "table.documents.csv")
    skipping = reading(path, skip=True)
    assert len(list(skipping.lines())) == 1
    assert [problem.reason for problem in skipping.problems] == [
        "document x was in place 2 already.",
        "“table.documents.csv”, row 4: there is no text.",
    ]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_file_crashes_the_reader(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    good = (
        b"document,text,label,labels,start,end,length,quote,fragments,score,codebook,decided_from,pages,part,attribute.x\n"
        b'x,"We will",pledge,,0,2,,We,"[[0,2]]",0.5,1,[],[],1 of 2,json:[1]\nx,,,,,,,,,,,,,2 of 2,\n'
    )
    place = data.draw(st.integers(0, len(good)))
    piece = data.draw(
        st.binary(max_size=4) | st.sampled_from([b'"', b"\x00", b"\r", "\u2028".encode(), b"9" * 30, b"["])
    )
    content = good[:place] + piece + good[place + data.draw(st.integers(0, 8)) :]
    (folder / "t.csv").write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(UserError):
        reading(folder / "t.csv", skip=True).check()


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        lines = (document("We will help. " * 200, number, relations=[]) for number in range(count))
        tracemalloc.reset_peak()
        export(SPREADSHEETS, tmp_path / "out.csv", lines)
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        peak(5)
        few, many = peak(20), peak(400)
    finally:
        tracemalloc.stop()
    assert many < few + 1_000_000


def test_quotes_with_other_line_ends_are_the_same_quotes(tmp_path: Path) -> None:
    table(tmp_path, f'document,text\nx,"{SPEECH}"\n', "table.documents.csv")
    path = table(tmp_path, 'document,label,start,end,quote\nx,pledge,13,21,"Kyiv.\r\nWe"\n')
    assert compared(read_back(SPREADSHEETS, path)[0])["spans"][0]["fragments"] == [[13, 21]]
    assert spans_of(lines_of(path)[0]) == [("pledge", "Kyiv.\nWe")]


def test_relations_name_what_they_link_for_people(tmp_path: Path) -> None:
    text = "We will if you do."
    spans = [span(text, 0, 7), span(text, 8, 17, 2, label="condition")]
    export(SPREADSHEETS, tmp_path / "out.csv", [document(text, spans=spans, relations=[relation("s2", "s1")], read=[])])
    header, row = rows_of(tmp_path / "out.relations.csv")
    found = dict(zip(header, row, strict=True))
    assert (found["from_label"], found["from_quote"]) == ("condition", "if you do")
    assert (found["to_label"], found["to_quote"]) == ("pledge", "We will")
