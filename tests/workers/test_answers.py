"""A child that answers nonsense fails its own file: it is not believed, and no other file sees the rest."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.core.structure import FormatRange, Structure
from annotator.formats.documents.source import ReadDocument, encode_document
from annotator.workers.answers import document_in, refusal_in
from annotator.workers.frames import FrameError
from annotator.workers.pictures import PagePictures, PictureFailedError
from annotator.workers.process import ChildCrashedError, ParserProcess

GOOD = ReadDocument("We will help.", Structure((FormatRange("heading", 0, 13, 1),), ((0, 13),)), "t", sketch=(7,))
PAGES = {"pages": [{"shown": [0, 0, 100, 100], "words": [0, 2, 1, 1, 5, 5]}], "left_out": [[1, "header", "x"]]}


def payload(**values: Any) -> bytes:
    return orjson.dumps(orjson.loads(encode_document(GOOD)) | values)


def pages(**values: Any) -> dict[str, Any]:
    return {"pages": [PAGES["pages"][0] | values], "left_out": []}


def test_an_honest_answer_is_taken_whole() -> None:
    assert document_in(payload()) == GOOD
    assert document_in(payload(pages=PAGES)).pages is not None


@pytest.mark.parametrize(
    "values",
    [
        {"text": 5},
        {"title": None},
        {"text": "short"},
        {"more": 1},
        {"metadata": [1]},
        {"warnings": [5]},
        {"warnings": None},
        {"sketch": [2**63]},
        {"sketch": ["7"]},
        {"sketch": [-1]},
        {"structure": {"ranges": [], "sentences": [[-1, 4]]}},
        {"structure": {"ranges": [], "sentences": [[4, 2]]}},
        {"structure": {"ranges": [["heading", 0, 14, 1, {}]], "sentences": []}},
        {"structure": {"ranges": [["heading", 0, 2.5, 1, {}]], "sentences": []}},
        {"structure": {"ranges": [["heading", 0, 2, 1, None]], "sentences": []}},
        {"structure": []},
        {"pages": 5},
        {"pages": pages(words=[0, 2, 1])},
        {"pages": pages(words=[0, 14, 1, 1, 5, 5])},
        {"pages": pages(words=[-1, 2, 1, 1, 5, 5])},
        {"pages": pages(words=[2, 2, 1, 1, 5, 5])},
        {"pages": pages(words=[0, 2, 1, 1, 5, 2**31])},
        {"pages": pages(shown=["0", 0, 1, 1])},
        {"pages": {"pages": [], "left_out": [[1, "header", 5]]}},
    ],
    ids=str,
)
def test_a_document_that_points_outside_itself_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(FrameError):
        document_in(payload(**values))


@pytest.mark.parametrize("data", [b"", b"no json", b"[]", b"{}", b'{"text": "\\ud800"}'])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        document_in(data)


def refused(template: Any, fields: Any, error: str = "refused") -> dict[str, Any]:
    return {"answer": "refused", "error": error, "template": template, "fields": fields}


def test_a_refusal_is_the_error_that_it_tells_of() -> None:
    error = refusal_in(refused("“{file}” is empty.", {"file": "a.txt"}))
    assert isinstance(error, DocumentReadError) and str(error) == "“a.txt” is empty."
    assert isinstance(refusal_in(refused("Locked.", {}, "password")), PasswordNeededError)
    assert refusal_in({"answer": "end"}) is None


@pytest.mark.parametrize(
    ("template", "fields"),
    [
        (None, {}),
        ("{file}", [1]),
        ("{other}", {"file": "a"}),
        ("{file.__class__}", {"file": "a"}),
        ("{file:>99999999}", {"file": "a"}),
        ("{file!r}", {"file": "a"}),
        ("{file", {"file": "a"}),
        ("{template}", {"template": "a"}),
        ("{file}", {"file": ["a"]}),
    ],
)
def test_a_refusal_without_sense_is_refused(template: Any, fields: Any) -> None:
    with pytest.raises(FrameError):
        refusal_in(refused(template, fields))


CHILD = """
import json, struct, sys
def receive():
    length = sys.stdin.buffer.read(4)
    if not length:
        sys.exit()
    header = json.loads(sys.stdin.buffer.read(struct.unpack(">I", length)[0]))
    sys.stdin.buffer.read(header["payload"])
    return header
receive()
for answer, text in json.loads(sys.argv[1]):
    data = text.encode()
    encoded = json.dumps({**answer, "payload": len(data)}).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(encoded)) + encoded + data)
sys.stdout.buffer.flush()
while True:
    receive()
"""
"""Gives the answers of its argument to its first job, whatever that was, and none to the next ones."""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "child.py"
    path.write_text(CHILD, "utf-8")
    yield path


def answering(child: Path, *answers: tuple[dict[str, Any], str]) -> list[str]:
    return [sys.executable, str(child), json.dumps(answers)]


DOCUMENT = ({"answer": "document"}, payload().decode())


def test_a_child_that_answers_sense_is_believed(child: Path) -> None:
    process = ParserProcess(answering(child, DOCUMENT, ({"answer": "end"}, "")), 20)
    assert process.read("a.txt", b"x") == [GOOD]
    process.close()


@pytest.mark.parametrize(
    "answer",
    [({"answer": "document"}, "{}"), ({"answer": "picture"}, ""), ({}, ""), ({"answer": "refused"}, "")],
    ids=str,
)
def test_a_child_that_answers_nonsense_is_ended_and_fails_its_file(child: Path, answer: tuple[Any, str]) -> None:
    process = ParserProcess(answering(child, answer, DOCUMENT, ({"answer": "end"}, "")), 20)
    with pytest.raises(ChildCrashedError):
        process.read("a.txt", b"x")
    assert process.process_id is None
    process.close()


def test_a_listener_that_fails_ends_the_child(child: Path) -> None:
    """The rest of its answers would else be taken for those about the next file."""

    def fail(_stage: str) -> None:
        raise ZeroDivisionError

    process = ParserProcess(answering(child, ({"answer": "progress"}, ""), DOCUMENT, ({"answer": "end"}, "")), 20)
    with pytest.raises(ZeroDivisionError):
        process.read("a.txt", b"x", staged=fail)
    assert process.process_id is None
    process.close()


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"width": "1", "height": 1, "stride": 4},
        {"width": 1.0, "height": 1, "stride": 4},
        {"width": True, "height": 1, "stride": 4},
        {"width": 1, "height": -1, "stride": -4},
        {"width": 2**40, "height": 2**40, "stride": 2**42},
        {"width": 2, "height": 1, "stride": 4},
    ],
    ids=str,
)
@pytest.mark.parametrize("shared", [True, False])
def test_a_picture_of_impossible_size_is_refused(
    child: Path, monkeypatch: pytest.MonkeyPatch, numbers: dict[str, Any], shared: bool
) -> None:
    command = answering(child, ({"answer": "picture", "shared": shared, **numbers}, "1234"))
    monkeypatch.setattr("annotator.workers.pictures.child_command", lambda: command)
    pictures = PagePictures(time_limit=20)
    with pytest.raises(PictureFailedError):
        pictures.render("x", lambda: b"", 1, 1.0).result(30)
    pictures.close()
