"""CoNLL: columns of other programs come in as they are meant; what is written reads back, here and elsewhere."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.codebooks import default_codebook
from annotator.formats.datasets.conll import conllu
from annotator.formats.datasets.conll import reading as column_reading
from annotator.formats.datasets.entries import FormatContext
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from annotator.formats.datasets.registry import format_named
from tests.formats.dataset_examples import document, span
from tests.formats.round_trips import Case, export, kept, read_back

FORMAT = format_named("conll")
TEXT = "“NATO will help Kyiv”,\r\nsaid\u00a0 the minister.\n\nNothing more.\u2028"


def reading(path: Path, *, skip: bool = False, **options: str) -> Reading:
    return Reading(FORMAT, path, FormatContext(default_codebook(), FORMAT.chosen(options)), skip)


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(path: Path, content: str | bytes, **options: str) -> list[dict[str, Any]]:
    return [line for _, line in reading(written(path, content), skip=False, **options).lines()]


def quotes(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["label"], one["quote"]) for one in line["spans"]]


def losses(found: Reading | FormatContext) -> dict[str, int]:
    context = found.context if isinstance(found, Reading) else found
    return {loss.kind: loss.count for loss in context.losses.losses()}


def over(quote: str, number: int, label: str = "pledge") -> dict[str, Any]:
    start = TEXT.index(quote)
    return span(TEXT, start, start + len(quote), number, label=label)


def example(*spans: Any) -> dict[str, Any]:
    given = spans or (over("will help Kyiv", 1), over("Kyiv”", 2, "criticism"), over("minis", 3))
    sentence = TEXT.index("Nothing")
    return document(TEXT, spans=list(given), relations=[], sentences=[[0, sentence - 2], [sentence, len(TEXT)]])


def case(**options: str) -> Case:
    return Case("conll", tuple(options.items()))


def content(folder: Path, **options: str) -> str:
    export(case(**options), folder / "data.conll", [example()])
    return (folder / "data.conll").read_text(encoding="utf-8")


def test_columns_are_those_of_2003(tmp_path: Path) -> None:
    assert content(tmp_path).split("\n") == [
        "-DOCSTART- -X- O O",
        "",
        "“ -X- O O",
        "NATO -X- O O",
        "will -X- O B-pledge",
        "help -X- O I-pledge",
        "Kyiv -X- O I-pledge",
        "” -X- O O",
        ", -X- O O",
        "said -X- O O",
        "the -X- O O",
        "minis -X- O B-pledge",
        "ter -X- O O",
        ". -X- O O",
        "",
        "Nothing -X- O O",
        "more -X- O O",
        ". -X- O O",
        "",
        "",
    ]


def test_two_columns_have_a_tab_and_the_scheme_that_was_chosen(tmp_path: Path) -> None:
    found = content(tmp_path, columns="two", scheme="bilou").split("\n")
    assert found[0] == "-DOCSTART-\tO"
    assert [one for one in found if one.endswith("pledge")] == [
        "will\tB-pledge",
        "help\tI-pledge",
        "Kyiv\tL-pledge",
        "minis\tU-pledge",
    ]


def test_each_label_may_have_a_column(tmp_path: Path) -> None:
    found = content(tmp_path, columns="two", overlaps="columns").split("\n")
    labels = [label.key for label in default_codebook().labels]
    kyiv = next(one for one in found if one.startswith("Kyiv")).split("\t")[1:]
    assert dict(zip(labels, kyiv, strict=True)) == {
        **dict.fromkeys(labels, "O"),
        "pledge": "I-pledge",
        "criticism": "B-criticism",
    }


def test_conllu_says_white_space(tmp_path: Path) -> None:
    found = content(tmp_path, columns="conllu").split("\n")
    assert found[0] == "# newdoc id = d1"
    assert found[2:4] == ["# sent_id = 1-1", "# text = “NATO will help Kyiv”, said the minister."]
    rows = {one.split("\t")[1]: one.split("\t") for one in found if one[:1].isdigit()}
    assert {len(row) for row in rows.values()} == {10}
    assert rows["Kyiv"][9] == "NER=I-pledge|SpaceAfter=No"
    assert rows[","][9] == "SpacesAfter=\\r\\n"
    assert rows["said"][9] == "SpacesAfter=\\u00A0\\s"
    assert rows["more"][9] == "SpaceAfter=No"
    assert found[-1] == found[-2] == ""


@pytest.mark.parametrize(
    ("overlaps", "labels", "lost"),
    [("longest", ["pledge", "pledge"], 1), ("codebook", ["pledge", "pledge"], 1), ("columns", 3 * ["x"], 0)],
)
def test_what_overlaps_is_counted(overlaps: str, labels: list[str], lost: int) -> None:
    context = case(overlaps=overlaps).context()
    entry = kept(case(overlaps=overlaps), example(), context)
    assert len(entry["spans"]) == len(labels)
    assert losses(context).get("spans that share a word with one that stays", 0) == lost


def test_the_first_label_of_the_codebook_stays_though_another_is_longer() -> None:
    spans = [over("NATO will help Kyiv", 1, "criticism"), over("help", 2, "pledge"), over("said", 3, "criticism")]
    found = {how: kept(case(overlaps=how), example(*spans))["spans"] for how in ("codebook", "longest")}
    assert [one["label"] for one in found["codebook"]] == ["pledge", "criticism"]
    assert [one["label"] for one in found["longest"]] == ["criticism", "criticism"]


def test_white_space_at_edges_is_counted_and_no_other_edge_moves() -> None:
    context = case().context()
    entry = kept(case(), example(over(" help ", 1), over("aid\u00a0 th", 2)), context)
    assert [TEXT[slice(*one["fragments"][0])] for one in entry["spans"]] == ["help", "aid\u00a0 th"]
    assert losses(context)["white space and invisible characters at the edges of spans"] == 1


@pytest.mark.parametrize("columns", ["2003", "two", "conllu"])
def test_no_sentence_ends_inside_of_a_span(tmp_path: Path, columns: str) -> None:
    line = example(over("minister.\n\nNothing", 1))
    export(case(columns=columns), tmp_path / "data.conll", [line])
    (entry,) = read_back(case(columns=columns), tmp_path / "data.conll")
    assert entry["spans"][0]["fragments"] == line["spans"][0]["fragments"]
    assert entry.get("sentences") == line["sentences"]


@pytest.mark.parametrize("scheme", ["iob2", "iob1", "bilou"])
def test_spacy_converts_what_is_written(tmp_path: Path, scheme: str) -> None:
    pytest.importorskip("spacy")
    from spacy.training.converters.conll_ner_to_docs import conll_ner_to_docs

    if scheme == "bilou":
        from spacy.training import biluo_to_iob

        rows = [one.split(" ") for one in content(tmp_path, scheme=scheme).split("\n")[2:] if one]
        assert biluo_to_iob([row[3] for row in rows])[2:5] == ["B-pledge", "I-pledge", "I-pledge"]
        return
    (found,) = conll_ner_to_docs(content(tmp_path, scheme=scheme), no_print=True)
    assert [(one.label_, one.text) for one in found.ents] == [("pledge", "will help Kyiv"), ("pledge", "minis")]
    assert len(list(found.sents)) == 2


def test_spacy_converts_conllu(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    from spacy.training.converters.conllu_to_docs import conllu_to_docs

    line = document("\u200b", 2, spans=[], relations=[], sentences=[], read=[])
    export(case(columns="conllu"), tmp_path / "data.conllu", [example(), line])
    text = (tmp_path / "data.conllu").read_text(encoding="utf-8")
    (found,) = conllu_to_docs(text, no_print=True)
    assert found.text.startswith("“NATO will help Kyiv”")
    assert [entry["text"] for entry in read_back(case(columns="conllu"), tmp_path / "data.conllu")] == [TEXT, "\u200b"]


def test_without_its_texts_a_file_still_comes_in(tmp_path: Path) -> None:
    content(tmp_path)
    (tmp_path / "data.texts.jsonl").unlink()
    made = reading(tmp_path / "data.conll")
    ((_, line),) = made.lines()
    assert line["text"] == "“ NATO will help Kyiv ” , said the minis ter .\nNothing more ."
    assert quotes(line) == [("pledge", "will help Kyiv"), ("pledge", "minis")]
    assert losses(made) == {"texts that were joined from words with spaces": 1}


def test_words_that_somebody_changed_are_not_forced_into_the_text(tmp_path: Path) -> None:
    found = content(tmp_path).replace("NATO", "Nato")
    (line,) = lines(tmp_path / "data.conll", found)
    assert line["text"].startswith("“ Nato will help")
    assert quotes(line)[0] == ("pledge", "will help Kyiv")


def test_words_that_a_search_would_misplace_say_their_places(tmp_path: Path) -> None:
    text = "\u200d \u200dab"
    line = document(text, spans=[span(text, 2, 3)], relations=[], sentences=[], read=[])
    export(case(), tmp_path / "data.conll", [line])
    (beside,) = (json.loads(one) for one in (tmp_path / "data.texts.jsonl").read_text().splitlines())
    assert beside["words"] == [[2, 3], [3, 5]]
    assert read_back(case(), tmp_path / "data.conll")[0]["spans"][0]["fragments"] == [[2, 3]]


CONLL_2003 = """-DOCSTART- -X- -X- O

EU NNP B-NP I-ORG
ministers NNS I-NP O
met VBD B-VP O
Ukraine NNP B-NP I-LOC
Moldova NNP I-NP B-LOC
. . O O

Kyiv NNP B-NP I-LOC
rejects VBZ B-VP O

-DOCSTART- (2 second) O O

Brussels NNP B-NP I-LOC
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_files_of_2003_come_in(tmp_path: Path, end: str) -> None:
    made = reading(written(tmp_path / "eng.train", "\ufeff" + CONLL_2003.replace("\n", end)))
    (place, first), (other, second) = made.lines()
    assert (place, other) == (1, 13)
    assert first["text"] == "EU ministers met Ukraine Moldova .\nKyiv rejects"
    assert quotes(first) == [("ORG", "EU"), ("LOC", "Ukraine"), ("LOC", "Moldova"), ("LOC", "Kyiv")]
    assert first["sentences"] == [[0, 34], [35, 47]]
    assert (second["text"], second["source"]["title"]) == ("Brussels", "2 second")
    assert losses(made) == {
        "columns without tags (parts of speech, chunks and so on)": 2,
        "texts that were joined from words with spaces": 2,
    }


OTHERS = {
    "two columns, spaces": ("We O\nhelp B-pledge\nKyiv I-pledge\n", [("pledge", "help Kyiv")]),
    "tabs, words with spaces": ("New York\tB-LOC\n,\tO\n", [("LOC", "New York")]),
    "BIOES": ("a S-x\nb B-x\nc E-x\nd S-x\n", [("x", "a"), ("x", "b c"), ("x", "d")]),
    "BILOU": ("a U-x\nb B-x\nc I-x\nd L-x\ne O\n", [("x", "a"), ("x", "b c d")]),
    "IOB1": ("a I-x\nb I-x\nc B-x\nd I-y\ne O\n", [("x", "a b"), ("x", "c"), ("y", "d")]),
    "I after O, and of another label": ("a O\nb I-x\nc B-y\nd I-x\n", [("x", "b"), ("y", "c"), ("x", "d")]),
    "an end of a sentence ends a span": ("a B-x\n\nb I-x\n", [("x", "a"), ("x", "b")]),
    "labels alone": ("a O\nb LOC\nc LOC\nd PER\ne O\n", [("LOC", "b c"), ("PER", "d")]),
    "labels with hyphens": ("a B-signal-to\nb I-signal-to\nc O\n", [("signal-to", "a b")]),
    "GermEval": (
        "#\thttp://example.org [2009]\n1\tDas\tO\tO\n2\tRote\tB-ORG\tO\n3\tKreuz\tI-ORG\tB-LOC\n\n1\tJa\tO\tO\n",
        [("ORG", "Rote Kreuz"), ("LOC", "Kreuz")],
    ),
    "MultiCoNER": ("# id 12 domain=en\nsaid _ _ O\nkyiv _ _ B-LOC\n", [("LOC", "kyiv")]),
    "comments that end like a tag": ("# text = a B-52\nsaid _ _ O\nkyiv _ _ B-LOC\n", [("LOC", "kyiv")]),
    "a hash is a word": ("# O\nKyiv B-LOC\n", [("LOC", "Kyiv")]),
    "nested columns": ("a B-x\tO\nb I-x\tB-y\n".replace(" ", "\t"), [("x", "a b"), ("y", "b")]),
    "the same twice": ("a\tB-x\tB-x\nb\tO\tO\n", [("x", "a")]),
    "a number as a word": ("5 O\n6 B-x\n", [("x", "6")]),
    "a line without a tag": ("a O\nb\nc B-x\n", [("x", "c")]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_dialects_of_others_come_in(tmp_path: Path, name: str) -> None:
    text, expected = OTHERS[name]
    (line,) = lines(tmp_path / "a.txt", text)
    assert sorted(quotes(line)) == sorted(expected)


def test_a_file_without_marks_is_one_document_or_one_for_each_sentence(tmp_path: Path) -> None:
    text = "a B-x\nb O\n\n\nc O\n"
    assert [one["text"] for one in lines(tmp_path / "a.txt", text)] == ["a b\nc"]
    assert [one["text"] for one in lines(tmp_path / "a.txt", text, documents="sentence")] == ["a b", "c"]


@pytest.mark.parametrize("row", ["a B-x", "1\ta" + "\t_" * 7 + "\tNER=B-x"])
def test_a_long_file_without_marks_becomes_several_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    for module in (column_reading, conllu):
        monkeypatch.setattr(module, "MOST_WORDS", 3)
        monkeypatch.setattr(module, "MOST_SENTENCES", 2)
    assert [len(one["spans"]) for one in lines(tmp_path / "a.txt", (row + "\n") * 4)] == [3, 1]
    assert [len(one["spans"]) for one in lines(tmp_path / "b.txt", (row + "\n\n") * 3)] == [2, 1]


def test_other_encodings_come_in(tmp_path: Path) -> None:
    rows = "Київ B-LOC\nвідхиляє O\nцю O\nпропозицію O\nміністрів O\n" * 20
    first = lines(tmp_path / "a.txt", rows.encode("cp1251"))[0]
    assert quotes(first)[0] == ("LOC", "Київ")
    assert quotes(lines(tmp_path / "b.txt", rows.encode("utf-16"))[0])[0] == ("LOC", "Київ")


CONLLU = """# newdoc id = n1
# sent_id = 1
# text = Vámonos al mar.
1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_
1\tVamos\tir\tVERB\t_\t_\t0\troot\t_\tNER=B-act
2\tnos\tnosotros\tPRON\t_\t_\t1\tobj\t_\tNER=I-act
3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_
3\ta\ta\tADP\t_\t_\t5\tcase\t_\t_
4\tel\tel\tDET\t_\t_\t5\tdet\t_\t_
5\tmar\tmar\tNOUN\t_\t_\t1\tobl\t_\tSpaceAfter=No|name=B-PLACE
5.1\tx\t_\t_\t_\t_\t_\t_\t_\t_
6\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\tSpacesAfter=\\n\\n

# sent_id = 2
1\tSí\tsí\tINTJ\t_\t_\t0\troot\t_\tI-ok

# newdoc id = n2
1\tNo\tno\tINTJ\t_\t_\t0\troot\t_\tO
"""


def test_conllu_of_others_comes_in(tmp_path: Path) -> None:
    made = reading(written(tmp_path / "a.conllu", CONLLU))
    (_, first), (_, second) = made.lines()
    assert (first["id"], first["text"]) == ("n1", "Vámonos al mar.\n\nSí")
    assert quotes(first) == [("act", "Vámonos"), ("PLACE", "mar"), ("ok", "Sí")]
    assert first["sentences"] == [[0, 15], [17, 19]]
    assert (second["id"], second["text"]) == ("n2", "No")
    assert losses(made) == {"parts of speech, lemmas and syntax": 2}


@pytest.mark.parametrize(("name", "content"), [("eng.train", CONLL_2003), ("a.tsv", "a\tO\nb\tB-x\n"), ("a", CONLLU)])
def test_words_with_tags_are_recognised_by_what_they_are(tmp_path: Path, name: str, content: str) -> None:
    assert recognised(written(tmp_path / name, content)).name == "conll"


def test_other_tables_are_not_taken_for_words_with_tags(tmp_path: Path) -> None:
    table = "document\tlabel\tquote\nd1\tpledge\twill help\n"
    assert recognised(written(tmp_path / "a.tsv", table)).name == "csv"
    with pytest.raises(DatasetError, match="no word with a tag"):
        list(reading(written(tmp_path / "a.tsv", "#FORMAT=WebAnno TSV 3.3\n\n1-1\t0-5\tWords\t_\t\n")).lines())


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa O\n\xff B-x\n", b"\xff\xfea\x00 \x00O\x00\n\x00\x00\xd8\n\x00"])
def test_what_is_not_in_the_encoding_of_the_file_is_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DatasetError, match="save it as UTF-8"):
        lines(tmp_path / "a.txt", content)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no words"),
        ("\n\n", "has no words"),
        ("This is prose and no table.\nIt goes on with more words.\n", "no word with a tag on each line"),
        ("one\ntwo\n", "no word with a tag on each line"),
        ("a O\n" + "b" * 1_000_001, "line 2: it is longer"),
    ],
)
def test_what_is_no_conll_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        lines(tmp_path / "a.txt", text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CONLLU.replace("\\n\\n", "\\uD800"), "is no character"),
        (CONLLU.replace("id = n1\n", "id = n1\n# annotator-jsonl = {\n"), "its comment .* is broken"),
        (
            CONLLU.replace("id = n1\n", 'id = n1\n# annotator-jsonl = {"document": {"read": 3}}\n'),
            "not what this program",
        ),
    ],
)
def test_a_document_of_conllu_that_makes_no_sense_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path / "a.conllu", text)
    with pytest.raises(DatasetError, match=message):
        list(reading(path).lines())
    assert [line["id"] for _, line in reading(path, skip=True).lines()] == ["n2"]


@pytest.mark.parametrize("columns", ["2003", "two", "conllu"])
def test_no_change_to_a_file_makes_the_reader_fall_over(tmp_path: Path, columns: str) -> None:
    good = content(tmp_path, columns=columns)
    chance = random.Random(7)
    for _ in range(60):
        place = chance.randrange(len(good))
        junk = chance.choice(
            ["", "\t", "\n", "\x00", "\ufeff", "#", "|", "\\", "-DOCSTART- ", "B-", "\u2028", "9" * 30]
        )
        path = written(tmp_path / "data.conll", good[:place] + junk + good[place + chance.randrange(4) :])
        try:
            for _, line in reading(path, skip=True).lines():
                assert all(one["quote"] == line["text"][one["start"] : one["end"]] for one in line["spans"])
        except DatasetError as error:
            assert "data" in str(error)


@pytest.mark.parametrize("bad", ["[]", "{", '{"schema": "annotator-conll/1", "text": 3}', '{"text": "other"}', ""])
def test_broken_texts_beside_are_said_or_passed_over(tmp_path: Path, bad: str) -> None:
    content(tmp_path)
    (tmp_path / "data.texts.jsonl").write_text(bad)
    try:
        (line,) = [line for _, line in reading(tmp_path / "data.conll").lines()]
    except DatasetError as error:
        assert "data.texts.jsonl" in str(error)
    else:
        assert quotes(line)[0] == ("pledge", "will help Kyiv")
