"""spaCy: it opens what is written, span for span, and trains on it; its own files come in."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.codebooks import default_codebook
from annotator.formats.datasets.entries import FormatContext
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.recognition import recognised
from annotator.formats.datasets.registry import format_named
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export, kept, read_back

FORMAT = format_named("spacy")
TEXT = "NATO will help Kyiv 🇺🇦  if\nasked.\u2028Ні\u0301!\x00 "
spacy = pytest.importorskip("spacy")


def reading(path: Path, skip: bool = False) -> Reading:
    return Reading(FORMAT, path, FormatContext(default_codebook(), FORMAT.chosen({})), skip)


def lines(path: Path) -> list[dict[str, Any]]:
    return [line for _, line in reading(path).lines()]


def losses(found: Reading) -> dict[str, int]:
    return {loss.kind: loss.count for loss in found.context.losses.losses()}


def quotes(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["label"], one["quote"]) for one in line["spans"]]


def over(quote: str, number: int, label: str = "pledge", text: str = TEXT, **changes: Any) -> dict[str, Any]:
    start = text.index(quote)
    return span(text, start, start + len(quote), number, label=label, **changes)


def example(**changes: Any) -> dict[str, Any]:
    spans = [
        over("will help Kyiv", 1),
        over("will help Kyiv 🇺🇦  if\nasked", 2, "condition"),
        over("elp Ky", 3, "criticism"),
        over("  if\n", 4, "condition"),
        over("Ні\u0301", 5, "pledge"),
    ]
    spans[1] |= {"fragments": [spans[0]["fragments"][0], over("asked", 9)["fragments"][0]]}
    given = {
        "spans": spans,
        "relations": [relation("s2", "s1")],
        "sentences": [[0, TEXT.index("Н") - 1], [TEXT.index("Н"), len(TEXT)]],
    }
    return document(TEXT, **(given | changes))


def docs(path: Path) -> list[Any]:
    from spacy.tokens import DocBin

    return list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))


def saved(path: Path, *given: Any, user_data: bool = True) -> Path:
    from spacy.tokens import DocBin

    DocBin(store_user_data=user_data, docs=given).to_disk(path)
    return path


def doc(words: list[str], spaces: list[bool] | None = None, **changes: Any) -> Any:
    from spacy.tokens import Doc

    return Doc(spacy.blank("en").vocab, words=words, spaces=spaces, **changes)


def test_spacy_finds_every_span_at_its_place_and_the_text_to_the_letter(tmp_path: Path) -> None:
    export(Case("spacy"), tmp_path / "data", [example()])
    (found,) = docs(tmp_path / "data" / "train.spacy")
    assert found.text == TEXT
    written = [(one.label_, one.start_char, one.end_char, one.text) for one in found.spans["sc"]]
    assert sorted(written) == sorted((s["label"], s["start"], s["end"], s["quote"]) for s in example()["spans"])


def test_entities_are_the_longest_spans_that_share_nothing_without_blank_edges(tmp_path: Path) -> None:
    export(Case("spacy"), tmp_path / "data", [example()])
    (found,) = docs(tmp_path / "data" / "train.spacy")
    entities = [(one.label_, one.text) for one in found.ents]
    assert entities == [("condition", "will help Kyiv 🇺🇦  if\nasked"), ("pledge", "Ні\u0301")]


def test_an_entity_has_no_blank_edges_and_its_span_keeps_them(tmp_path: Path) -> None:
    given = example(spans=[over("🇺🇦  if\n", 1), over("\u2028", 2)], relations=[])
    export(Case("spacy"), tmp_path / "data", [given])
    (found,) = docs(tmp_path / "data" / "train.spacy")
    assert [one.text for one in found.ents] == ["🇺🇦  if"]
    assert [one.text for one in found.spans["sc"]] == ["🇺🇦  if\n", "\u2028"]


def test_files_and_folders_are_recognised(tmp_path: Path) -> None:
    export(Case("spacy"), tmp_path / "data", [example()])
    assert recognised(tmp_path / "data").name == recognised(tmp_path / "data" / "train.spacy").name == "spacy"


def test_sentences_are_spacys(tmp_path: Path) -> None:
    export(Case("spacy"), tmp_path / "data", [example(), document(TEXT, 2, spans=[], relations=[], sentences=[])])
    first, second = docs(tmp_path / "data" / "train.spacy")
    assert [one.text.strip() for one in first.sents] == ["NATO will help Kyiv 🇺🇦  if\nasked.", "Ні\u0301!\x00"]
    assert not second.has_annotation("SENT_START")


def test_there_is_a_file_for_each_split(tmp_path: Path) -> None:
    splits = ["train", "validation", "test", None]
    given = [{**example(), "id": f"d{number}", "split": split} for number, split in enumerate(splits)]
    export(Case("spacy"), tmp_path / "data", given)
    counts = {path.name: len(docs(path)) for path in (tmp_path / "data").glob("*.spacy")}
    assert counts == {"train.spacy": 2, "dev.spacy": 1, "test.spacy": 1}


@pytest.mark.parametrize(
    ("key", "groups"), [("label", {"pledge", "condition", "criticism"}), ("layer", {"gold"}), ("sc", {"sc"})]
)
def test_spans_stand_under_the_key_that_was_chosen(tmp_path: Path, key: str, groups: set[str]) -> None:
    case = Case("spacy", (("spans_key", key),))
    export(case, tmp_path / "data", [example()])
    (found,) = docs(tmp_path / "data" / "train.spacy")
    assert set(found.spans) == groups
    assert read_back(case, tmp_path / "data") == [kept(case, example())]


@pytest.mark.parametrize("user_data", [True, False])
def test_what_spacy_saves_again_still_has_its_spans(tmp_path: Path, user_data: bool) -> None:
    export(Case("spacy"), tmp_path / "data", [example()])
    (found,) = docs(tmp_path / "data" / "train.spacy")
    found.spans["sc"] = [one for one in found.spans["sc"] if one.label_ != "criticism"]
    (line,) = lines(saved(tmp_path / "again.spacy", found, user_data=user_data))
    wanted = [one for one in example()["spans"] if one["label"] != "criticism"]
    assert [(one["start"], one["end"], one["label"]) for one in line["spans"]] == sorted(
        ((one["start"], one["end"], one["label"]) for one in wanted), key=lambda one: (one[0], -one[1])
    )
    assert len(line["relations"]) == user_data
    assert {one["attributes"].get("speaker") for one in line["spans"]} == {"the allies" if user_data else None}
    assert (line["id"] == "d1") == user_data


def test_relations_of_spans_that_are_gone_are_counted(tmp_path: Path) -> None:
    export(Case("spacy"), tmp_path / "data", [example()])
    (found,) = docs(tmp_path / "data" / "train.spacy")
    found.spans["sc"] = []
    found.ents = []
    made = reading(saved(tmp_path / "again.spacy", found))
    ((_, line),) = made.lines()
    assert line["spans"] == line["relations"] == []
    assert losses(made) == {"relations of spans that are gone": 1}


@pytest.mark.parametrize("pipe", ["ner", "spancat"])
def test_spacy_trains_on_what_is_written(tmp_path: Path, pipe: str) -> None:
    from spacy.training.corpus import Corpus

    export(Case("spacy"), tmp_path / "data", [example(), document(number=2)])
    nlp = spacy.blank("xx")
    nlp.add_pipe(pipe)
    examples = list(Corpus(tmp_path / "data" / "train.spacy")(nlp))
    nlp.initialize(lambda: examples)
    found: dict[str, float] = {}
    for _ in range(2):
        nlp.update(examples, losses=found)
    assert set(found) == {pipe}
    assert {"pledge", "condition"} <= set(nlp.get_pipe(pipe).labels)


def test_entities_groups_and_categories_of_others_come_in(tmp_path: Path) -> None:
    from spacy.tokens import Span

    words = doc(["Paris", "wants", "peace", ".", "Now"], [True, True, False, True, False])
    words.ents = [Span(words, 0, 1, label="GPE", kb_id="Q90")]
    words.spans["sc"] = [Span(words, 0, 1, label="GPE"), Span(words, 0, 3, label="CLAIM")]
    words.spans["other"] = [Span(words, 1, 3, label="CLAIM")]
    words.cats = {"POLITICS": 1.0, "SPORT": 0.1, "WAR": 0.75}
    words.user_data |= {"title": "A title", "id": 7, ("._.", "url", None, None): "https://example.org", "x": [1]}
    made = reading(saved(tmp_path / "dev.spacy", words))
    ((_, line),) = made.lines()
    assert quotes(line) == [
        ("POLITICS", words.text),
        ("WAR", words.text),
        ("CLAIM", "Paris wants peace"),
        ("GPE", "Paris"),
        ("CLAIM", "wants peace"),
    ]
    assert [one["score"] for one in line["spans"]] == [None, 0.75, None, None, None]
    assert (line["id"], line["source"]["title"], line["source"]["url"]) == ("7", "A title", "https://example.org")
    assert line["split"] == "validation"
    assert losses(made) == {"other user data": 1}


def test_an_entity_alone_keeps_its_link(tmp_path: Path) -> None:
    from spacy.tokens import Span

    words = doc(["New", "York", "Paris", "Paris"], sent_starts=[True, False, True, False])
    words.ents = [Span(words, 0, 2, "GPE", kb_id="Q60", span_id="ny"), *(Span(words, i, i + 1, "GPE") for i in (2, 3))]
    made = reading(saved(tmp_path / "a.spacy", words))
    ((_, line),) = made.lines()
    assert quotes(line) == [("GPE", "New York"), ("GPE", "Paris"), ("GPE", "Paris")]
    assert line["spans"][0]["attributes"] == {"kb_id": "Q60", "ent_id": "ny"}
    assert line["sentences"] == [[0, 8], [9, 20]]
    assert losses(made) == {"texts that were joined from words with spaces": 1}


def test_grammar_is_counted_as_lost(tmp_path: Path) -> None:
    made = reading(saved(tmp_path / "a.spacy", doc(["Hi"], [False], pos=["INTJ"])))
    assert [line["text"] for _, line in made.lines()] == ["Hi"]
    assert losses(made) == {"parts of speech, lemmas and syntax": 1}


def older_bin(path: Path, **changes: Any) -> Path:
    """Save a document as earlier versions of spaCy did: some sections are missing or laid out otherwise."""
    import srsly
    from spacy.tokens import DocBin, Span

    words = doc(["We", "help", "."], [True, False, False])
    words.ents = [Span(words, 1, 2, "pledge")]
    words.spans["sc"] = [Span(words, 0, 2, "pledge")]
    data: Any = srsly.msgpack_loads(zlib.decompress(DocBin(docs=[words]).to_bytes()))
    for key, value in changes.items():
        data[key] = value(data) if callable(value) else value
        if data[key] is None:
            del data[key]
    path.write_bytes(zlib.compress(srsly.msgpack_dumps(data)))
    return path


def test_files_of_spacy_2_have_no_groups_and_no_flags(tmp_path: Path) -> None:
    (line,) = lines(older_bin(tmp_path / "a.spacy", span_groups=None, flags=None))
    assert quotes(line) == [("pledge", "help")]


def test_files_of_spacy_3_0_have_groups_as_a_list(tmp_path: Path) -> None:
    import srsly

    def as_list(data: Any) -> Any:
        groups: Any = srsly.msgpack_loads(data["span_groups"][0])
        return [srsly.msgpack_dumps(list(groups))]

    (line,) = lines(older_bin(tmp_path / "a.spacy", span_groups=as_list))
    assert quotes(line) == [("pledge", "We help"), ("pledge", "help")]


def test_a_label_that_the_file_does_not_name_is_counted(tmp_path: Path) -> None:
    made = reading(older_bin(tmp_path / "a.spacy", strings=["We", "help", "."]))
    ((_, line),) = made.lines()
    assert line["spans"] == []
    assert losses(made) == {"spans whose label the file does not name": 2}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tokens": b"123"}, "more or fewer tokens"),
        ({"lengths": b"\xff\xff\xff\xff"}, "more or fewer tokens"),
        ({"attrs": []}, "which attributes"),
        ({"attrs": ["ORTH"]}, "which attributes"),
        ({"strings": None}, "no list of strings"),
        ({"strings": [1]}, "no list of strings"),
        ({"tokens": 3}, "tokens are no bytes"),
        ({"spaces": None}, "has no spaces"),
        ({"cats": [{}, {}]}, "2 cats for 1 documents"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        lines(older_bin(tmp_path / "a.spacy", **changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"span_groups": [b"\xc1"]}, "span groups cannot be read"),
        ({"span_groups": [b"\x91\xc4\x01\x90"]}, "one of its span groups is none"),
        ({"strings": ["We"]}, "no word for the number"),
    ],
)
def test_a_document_that_makes_no_sense_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    path = older_bin(tmp_path / "a.spacy", **changes)
    with pytest.raises(DatasetError, match=f"a.spacy, 1: .*{message}"):
        lines(path)
    made = reading(path, skip=True)
    assert list(made.lines()) == []
    assert len(made.problems) == 1


def test_no_file_that_was_cut_or_changed_makes_the_reader_fall_over(tmp_path: Path) -> None:
    export(Case("spacy"), tmp_path / "data", [example()])
    content = zlib.decompress((tmp_path / "data" / "train.spacy").read_bytes())
    broken = tmp_path / "broken.spacy"
    refused = 0
    for place in range(0, len(content), 23):
        for changed in (content[:place], content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]):
            broken.write_bytes(zlib.compress(changed))
            try:
                list(reading(broken, skip=True).lines())
            except DatasetError as error:
                refused += "broken.spacy" in str(error)
    assert refused > 50


@pytest.mark.parametrize("content", [b"", b"nonsense", zlib.compress(b""), zlib.compress(b"\xff")])
def test_what_is_no_docbin_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.spacy").write_bytes(content)
    with pytest.raises(DatasetError, match=r"“a\.spacy” is no DocBin"):
        lines(tmp_path / "a.spacy")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    packer = zlib.compressobj()
    with (tmp_path / "a.spacy").open("wb") as file:
        for _ in range(300):
            file.write(packer.compress(bytes(1024 * 1024)))
        file.write(packer.flush())
    with pytest.raises(DatasetError, match="400 times as large"):
        lines(tmp_path / "a.spacy")


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no file that ends in \.spacy"):
        lines(tmp_path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    saved(tmp_path / "other.spacy", doc(["secret"]))
    (tmp_path / "data" / "train.spacy").symlink_to(tmp_path / "other.spacy")
    with pytest.raises(DatasetError, match="no file"):
        lines(tmp_path / "data")


OLDER = {
    "pairs": [["We help Kyiv.", {"entities": [[3, 7, "pledge"]]}], ["No.", {"entities": []}]],
    "annotator": {"classes": ["pledge"], "annotations": [["We help Kyiv.", {"entities": [[3, 7, "pledge"]]}], None]},
    "version 2": [
        {
            "id": 0,
            "paragraphs": [
                {
                    "raw": "We help Kyiv.",
                    "sentences": [{"tokens": [{"orth": w, "ner": t} for w, t in (("We", "O"), ("help", "U-pledge"))]}],
                }
            ],
        }
    ],
    "to_json": {"text": "We help Kyiv.", "spans": {"sc": [{"start": 3, "end": 7, "label": "pledge", "kb_id": ""}]}},
}


@pytest.mark.parametrize("name", OLDER)
def test_json_of_spacy_comes_in(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(OLDER[name], indent=1))
    first, *_ = lines(tmp_path / "a.json")
    assert name in ("annotator", "to_json") or recognised(tmp_path / "a.json").name == "spacy"
    assert first["text"] == "We help Kyiv."
    assert quotes(first) == [("pledge", "help")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([["a", {"entities": [[0, 1]]}]], "2 parts"),
        ([["a", {"entities": [[0, "b", "x"]]}]], "the end of an entity is 'b'"),
        ([["a", 3]], "what is said of the text is 3"),
        ([3], "a document is 3"),
        ([["a", {"entities": [[0, 9, "x"]]}]], "no stretch of a text"),
        ([{"sentences": [{"tokens": [{}]}]}], "a token has no “orth”"),
    ],
)
def test_json_that_is_not_so_is_named(tmp_path: Path, data: Any, message: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(data))
    with pytest.raises(DatasetError, match=message):
        lines(tmp_path / "a.json")
