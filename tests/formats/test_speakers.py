"""Speaker turns: transcripts in several languages, texts that are none, and sentences that stop at a name."""

from __future__ import annotations

import re

import pytest

from annotator.core.structure import FormatRange, Structure
from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.formats.documents.speakers import speaker_turns
from annotator.formats.registry import read_documents
from annotator.workers.jobs import with_sentences, with_speakers
from tests.support import corpus

ENGLISH = """Remarks at a Joint Press Conference

4:15 P.M.

PRESIDENT DOE:  Good evening, everyone.

We agreed on three points today.

PRESIDENT ROE (in Ukrainian):  Thank you.  We will remember this day.

Q\u00a0\u00a0 Thank you, Mr. President.  Will you send more?

PRESIDENT DOE:  Yes.

MR. SMITH: One more question.

Q  And when?

END 4:40 P.M."""

UKRAINIAN = """Зустріч із журналістами

МОДЕРАТОР: Починаємо. Перше питання.

Журналіст: Коли будуть нові перемовини?

КОВАЛЕНКО: Вони почнуться наступного тижня в Києві.

МОДЕРАТОР: Дякую.

КОВАЛЕНКО: Я хочу додати, що ми готові.
"""

RUSSIAN = """Вопрос: Когда начнутся переговоры?

И.Петров: Они начнутся на следующей неделе.

Вопрос: Где?

СЕКРЕТАРЬ СОВЕТА: Об этом сообщат позже.
"""

FRENCH = """Le Président\u00a0: Bonjour à toutes et à tous.

Question\u00a0: Quand partirez-vous ?

Le Président\u00a0: Demain matin.

Mme Durand\u202f: Je vous remercie."""

INTERVIEW = """Tapper: What did the two sides agree on in the end?

Novak: They agreed on a ceasefire, and on little else.

Tapper: That is less than people had hoped for.

Novak: It is more than they had last week."""


def turns_of(text: str, structure: Structure | None = None) -> list[tuple[str, str]]:
    turns = speaker_turns(text, structure or Structure())
    return [(turn.data["speaker"], text[turn.start : turn.end]) for turn in turns]


def speakers_of(text: str) -> list[str]:
    return [speaker for speaker, _ in turns_of(text)]


def test_a_press_conference_falls_into_turns():
    turns = turns_of(ENGLISH)
    assert [speaker for speaker, _ in turns] == [
        "PRESIDENT DOE",
        "PRESIDENT ROE",
        "Q",
        "PRESIDENT DOE",
        "MR. SMITH",
        "Q",
    ]
    assert turns[0][1].startswith("PRESIDENT DOE:  Good") and turns[0][1].endswith("three points today.")
    assert turns[-1][1] == "Q  And when?\n\nEND 4:40 P.M."


def test_the_name_ends_behind_its_colon():
    names = [ENGLISH[turn.start : turn.data["name_end"]] for turn in speaker_turns(ENGLISH, Structure())]
    assert names == ["PRESIDENT DOE:", "PRESIDENT ROE (in Ukrainian):", "Q", "PRESIDENT DOE:", "MR. SMITH:", "Q"]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (UKRAINIAN, ["МОДЕРАТОР", "Журналіст", "КОВАЛЕНКО", "МОДЕРАТОР", "КОВАЛЕНКО"]),
        (RUSSIAN, ["Вопрос", "И.Петров", "Вопрос", "СЕКРЕТАРЬ СОВЕТА"]),
        (FRENCH, ["Le Président", "Question", "Le Président", "Mme Durand"]),
        (INTERVIEW, ["Tapper", "Novak", "Tapper", "Novak"]),
        (
            "PRIME MINISTER DOE: Welcome.\nPRESIDENT ROE: Thank you.\nMS. POE: Indeed.",
            ["PRIME MINISTER DOE", "PRESIDENT ROE", "MS. POE"],
        ),
        ("Q: Who?\nA: We.\nQ: When?\nA: Now.", ["Q", "A", "Q", "A"]),
        (
            "Justice Doe: Why?\nMr. Roe: Because.\nJustice Doe: I see.",
            ["Justice Doe", "Mr. Roe", "Justice Doe"],
        ),
        ("SPEAKER 1: Hello.\nSPEAKER 2: Hello.\nSPEAKER 1: Goodbye.", ["SPEAKER 1", "SPEAKER 2", "SPEAKER 1"]),
        (
            "JANE DOE, NEWS HOST: Welcome.\nSENATOR ROE: Thanks.\nDOE: So what happened in there today?\n"
            "SENATOR ROE: A lot.\nDOE: Tell us more about it, please.",
            ["JANE DOE, NEWS HOST", "SENATOR ROE", "DOE", "SENATOR ROE", "DOE"],
        ),
        (
            "记者：您什么时候会公布这份新的协议？请您给我们介绍一下。\n发言人：我们明天会在北京公布这份协议的全部文本和附件。\n"
            * 2,
            ["记者", "发言人", "记者", "发言人"],
        ),
    ],
)
def test_speakers_in_many_forms(text, speakers):
    assert speakers_of(text) == speakers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRESIDENT DOE: A speech of one person.\n\nIt goes on without another name.",
        "Note: This is a long remark.\nSource: The ministry of finance.\nNote: Another long remark here.\n" * 3,
        "MYTH: The budget grew by half in a year.\nFACT: It shrank in that very year.\n" * 4,
        "Washington, D.C.: The talks went on all day long.\n" * 4,
        "Key Outcomes:\nStronger Partnerships:\nA New Concept:\nDeeper Ties:\nNew Members:",
        "Make no mistake: this is hard.\n" * 5,
        "Article 1: All are free.\nArticle 2: All are equal.\nArticle 3: All may live.",
        "Director: Jane Doe\nChair: John Roe\nMember: Ann Poe",
        "Sen. Doe: “A good day.”\nSen. Roe: “A great day.”\nRep. Poe: “A day.”",
        "Height: 20\nWidth: 30\nHeight: 21\nWidth: 31\nHeight: 22\nWidth: 32",
        "He met Mr. Doe: twice.\nShe saw Mr. Doe: once.\nThey saw Mr. Doe: never.",
        "Q fever is rare.\nQ fever is bad.\nQ fever spreads.",
        "12:30 Mr Doe\nhttp://example.org\nhttps://example.org",
    ],
)
def test_other_texts_have_no_speakers(text):
    assert turns_of(text) == []


def test_a_list_of_headings_is_no_transcript():
    text = "PRESIDENT DOE: Yes.\n\nPUTTING PEOPLE FIRST: \n\nPRESIDENT DOE: No.\n\nMR. ROE: Perhaps."
    start = text.index("PUTTING")
    structure = Structure((FormatRange("heading", start, start + 22, 2),))
    assert [speaker for speaker, _ in turns_of(text, structure)] == ["PRESIDENT DOE", "PRESIDENT DOE", "MR. ROE"]


def test_turns_that_a_reader_found_stay_alone():
    structure = Structure((FormatRange("speaker", 0, 5, 0, {"speaker": "X", "name_end": 2}),))
    assert speaker_turns(ENGLISH, structure) == ()


def test_turns_join_the_structure_in_order_and_end_sentences():
    text = "MR. DOE: Yes, we will. Soon.\n\nMS. ROE: Will you?\n\nMR. DOE: We will."
    paragraphs = tuple(FormatRange("paragraph", match.start(), match.end()) for match in re.finditer(".+", text))
    document = with_sentences(with_speakers(ReadDocument(text, Structure(paragraphs), "A talk", language="en")))
    ranges = document.structure.ranges
    assert [r.kind for r in ranges].count("speaker") == 3
    assert list(ranges) == sorted(ranges, key=lambda r: (r.start, -r.end))
    sentences = [text[start:end] for start, end in document.structure.sentences]
    assert sentences == ["MR. DOE:", "Yes, we will.", "Soon.", "MS. ROE:", "Will you?", "MR. DOE:", "We will."]


def test_a_text_without_turns_stays_as_it_is():
    document = ReadDocument("Nobody speaks here.", Structure(), "Nothing")
    assert with_speakers(document) is document


@pytest.mark.skipif(corpus() is None, reason="The corpus is not there: set ANNOTATOR_CORPUS to its folder.")
def test_press_conferences_of_the_corpus_have_speakers():
    folder = corpus()
    assert folder is not None
    found: dict[str, list[str]] = {}
    for path in sorted((folder / "communiques").glob("*.md")):
        document = next(iter(read_documents(SourceFile(path.name, path.read_bytes()))))
        speakers = [turn.data["speaker"] for turn in speaker_turns(document.text, document.structure)]
        if speakers:
            found[path.name] = speakers
    conferences = [name for name in found if "press-conference" in name]
    assert len(conferences) >= 4
    assert len(found) >= 30
    assert all("remarks" in name or "press" in name for name in found)
    assert all(name.isupper() for speakers in found.values() for name in speakers)
