"""REFI-QDA projects: as other programs write them, as pyrefiqda reads ours, and what is refused."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pyrefiqda import RefiProject

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets import exporting
from annotator.formats.datasets.exporting import ExportTask
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.refi_qda import archive as archive_module
from annotator.formats.datasets.refi_qda import project as project_module
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export

CASE = Case("refi-qda")
TEXT = "First line.\nThe allies will help Київ 🇺🇦 soon.\nThey doubt it."
PLEDGE = "The allies will help Київ 🇺🇦 soon"
DOUBT = "They doubt it"
CODES = """<CodeBook><Codes>
<Code guid="{AAAAAAAA-0000-4000-8000-000000000001}" name="Stance" isCodable="false">
  <Code guid="aaaaaaaa-0000-4000-8000-000000000002" name="Pledge" isCodable="true" color="#00ff00"/>
  <Code guid="aaaaaaaa-0000-4000-8000-000000000003" name="Other" isCodable="true"/></Code>
<Code guid="aaaaaaaa-0000-4000-8000-000000000004" name="Topic" isCodable="true">
  <Code guid="aaaaaaaa-0000-4000-8000-000000000005" name="Other" isCodable="true"/></Code>
</Codes></CodeBook>"""
USERS = '<Users><User guid="bbbbbbbb-0000-4000-8000-000000000001" name="Analyst A" id="AA"/></Users>'
USER = 'creatingUser="bbbbbbbb-0000-4000-8000-000000000001"'
PLEDGE_CODE, OTHER_STANCE, OTHER_TOPIC = (f"aaaaaaaa-0000-4000-8000-00000000000{n}" for n in (2, 3, 5))


def selection(start: int, end: int, code: str = PLEDGE_CODE, name: str = "", number: int = 1, inside: str = "") -> str:
    return (
        f'<PlainTextSelection guid="cccccccc-0000-4000-8000-{number:012}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}" {USER} creationDateTime="2024-05-01T10:00:00Z">{inside}'
        f'<Coding guid="dddddddd-0000-4000-8000-{number:012}"><CodeRef targetGUID="{code}"/></Coding>'
        "</PlainTextSelection>"
    )


def project(sources: str, more: str = "", origin: str = "NVivo", head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<Project xmlns="urn:QDA-XML:project:1.0" name="p" '
        f'origin="{origin}">{USERS}{CODES}<Variables><Variable guid="eeeeeeee-0000-4000-8000-000000000001" '
        f'name="Date" typeOfVariable="Date"/><Variable guid="eeeeeeee-0000-4000-8000-000000000002" name="Mood" '
        f'typeOfVariable="Text"/></Variables><Sources>{sources}</Sources>{more}</Project>'
    )


def text_source(inside: str, path: str = "internal://t.txt", name: str = "Talks") -> str:
    return (
        f'<TextSource guid="ffffffff-0000-4000-8000-000000000001" name="{name}" plainTextPath="{path}">'
        f"{inside}</TextSource>"
    )


def packed(folder: Path, xml: str | bytes, parts: dict[str, bytes | str], name: str = "p.qdpx") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", xml)
        for part, content in parts.items():
            file.writestr(part, content)
    return path


def read(path: Path, *, skip: bool = False) -> tuple[list[dict[str, Any]], Reading]:
    reading = Reading(CASE.entry, path, CASE.context(), skip)
    return [line for _, line in reading.lines()], reading


def quotes(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["label"], one["quote"]) for one in line["spans"]]


def found(text: str, quote: str, utf16: bool = False) -> tuple[int, int]:
    start = text.index(quote)
    ends = (start, start + len(quote))
    return tuple(len(text[:end].encode("utf-16-le")) // 2 for end in ends) if utf16 else ends  # type: ignore[return-value]


WINDOWS = TEXT.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("content", "counted", "origin", "options"),
    [
        (TEXT.encode(), TEXT, "QualCoder", {}),
        (WINDOWS.encode(), WINDOWS, "NVivo 12", {}),
        (WINDOWS.encode(), TEXT, "ATLAS.ti 23", {}),
        (WINDOWS.encode("utf-8-sig"), WINDOWS, "MAXQDA 2022", {}),
        (TEXT.encode("utf-8-sig"), "\ufeff" + TEXT, "QualCoder", {}),
        (WINDOWS.encode("utf-16"), WINDOWS, "Other", {"utf16": True}),
        (TEXT.encode(), TEXT, "Potato", {"inclusive": True}),
        (WINDOWS.encode(), TEXT, "NVivo 14", {}),
        (TEXT.replace("Київ 🇺🇦", "Zürich").encode("cp1252"), TEXT.replace("Київ 🇺🇦", "Zürich"), "Old", {}),
    ],
)
@pytest.mark.parametrize("named", ["whole", "cut"])
def test_every_way_to_count_is_told_by_the_names_of_selections(
    content: bytes, counted: str, origin: str, options: dict[str, bool], named: str, tmp_path: Path
) -> None:
    if options.get("inclusive") and named == "cut":
        pytest.skip("beginnings do not say where something ends")
    pledge = PLEDGE if PLEDGE in counted else PLEDGE.replace("Київ 🇺🇦", "Zürich")
    parts = []
    for number, quote in enumerate((pledge, DOUBT), 1):
        start, end = found(counted, quote, options.get("utf16", False))
        name = quote if named == "whole" else f"{quote[:-4]}..."
        parts.append(selection(start, end - options.get("inclusive", False), name=name, number=number))
    (line,), reading = read(
        packed(tmp_path, project(text_source("".join(parts)), origin=origin), {"Sources/T.txt": content})
    )
    assert quotes(line) == [("Pledge", pledge), ("Pledge", DOUBT)]
    assert "\r" not in line["text"] and not line["text"].startswith("\ufeff")
    assert reading.moved == 0


def test_passages_that_somebody_named_stay_and_those_beside_their_text_are_moved(tmp_path: Path) -> None:
    (first, last), (start, end) = found(TEXT, PLEDGE), found(TEXT, DOUBT)
    parts = [
        selection(0, 10, name="First line"),
        selection(first, last, name=PLEDGE, number=2),
        selection(0, 5, name="What struck me", number=3),
        selection(start - 4, end - 4, name=DOUBT, number=4),
    ]
    (line,), reading = read(packed(tmp_path, project(text_source("".join(parts))), {"sources/t.txt": TEXT}))
    assert [quote for _, quote in quotes(line)] == ["First line", "First", PLEDGE, DOUBT]
    assert reading.moved == 1


def test_without_names_a_way_to_count_has_to_be_clearly_better(tmp_path: Path) -> None:
    text = "\r\n".join(f"Paragraph {n} says something of weight." for n in range(40))
    plain = text.replace("\r\n", "\n")
    parts = []
    for number in range(40):
        start, end = found(plain, f"Paragraph {number} says")
        parts.append(selection(start, end, number=number))
    (line,), _ = read(packed(tmp_path, project(text_source("".join(parts))), {"sources/t.txt": text.encode()}))
    assert quotes(line)[-1] == ("Pledge", "Paragraph 39 says")


@pytest.mark.parametrize("address", ["t.txt", "sources\\t.txt", "internal:///t.txt", "relative:///Sources/T.TXT"])
def test_sources_are_found_however_they_are_named(address: str, tmp_path: Path) -> None:
    source = text_source(selection(0, 10), path=address)
    (line,), _ = read(packed(tmp_path, project(source), {"Sources\\t.txt": TEXT}))
    assert quotes(line) == [("Pledge", "First line")]


def test_a_source_outside_of_the_file_is_told_and_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT)
    path = packed(tmp_path, project(text_source(selection(0, 5), path=f"absolute://{secret}")), {})
    with pytest.raises(DatasetError, match=r"p\.qdpx, 1: source “Talks”: its text absolute.* is not in the file"):
        read(path)
    assert read(path, skip=True)[0] == []


def test_comments_people_times_facts_and_links_come_in(tmp_path: Path) -> None:
    inside = selection(0, 10, inside="<Description>first thought</Description>")
    inside += selection(12, 22, OTHER_STANCE, number=2) + selection(12, 22, OTHER_TOPIC, number=3)
    inside += '<PlainTextSelection guid="cccccccc-0000-4000-8000-000000000009" startPosition="0" endPosition="3"/>'
    inside += (
        '<VariableValue><VariableRef targetGUID="eeeeeeee-0000-4000-8000-000000000001"/>'
        "<DateValue>2024-02-03</DateValue></VariableValue>"
        '<VariableValue><VariableRef targetGUID="eeeeeeee-0000-4000-8000-000000000002"/>'
        "<TextValue>grave</TextValue></VariableValue>"
    )
    more = (
        '<Notes><Note guid="99999999-0000-4000-8000-000000000001" plainTextPath="internal://n.txt"/></Notes><Links>'
        '<Link guid="88888888-0000-4000-8000-000000000001" originGUID="99999999-0000-4000-8000-000000000001" '
        'targetGUID="cccccccc-0000-4000-8000-000000000001"/>'
        '<Link guid="88888888-0000-4000-8000-000000000002" name="supports" direction="OneWay" '
        'originGUID="cccccccc-0000-4000-8000-000000000001" targetGUID="{CCCCCCCC-0000-4000-8000-000000000002}"/>'
        '<Link guid="88888888-0000-4000-8000-000000000003" name="contradicts" '
        'originGUID="cccccccc-0000-4000-8000-000000000001" targetGUID="aaaaaaaa-0000-4000-8000-000000000002"/>'
        '</Links><Sets><Set guid="77777777-0000-4000-8000-000000000001" name="s"/></Sets>'
    )
    (line,), reading = read(
        packed(
            tmp_path, project(text_source(inside), more), {"sources/t.txt": TEXT, "sources/n.txt": "\ufeffsecond\r\n"}
        )
    )
    first = line["spans"][0]
    assert first["note"] == "first thought\n\nsecond"
    assert first["annotator"] == first["layer"] == "bbbbbbbb-0000-4000-8000-000000000001"
    assert reading.context.names == {"bbbbbbbb-0000-4000-8000-000000000001": "Analyst A"}
    assert first["created"] == "2024-05-01T10:00:00Z"
    assert [one["label"] for one in line["spans"]] == ["Pledge", "Stance: Other", "Topic: Other"]
    assert line["source"] | {"title": "Talks", "date": "2024-02-03"} == line["source"]
    (link,) = line["relations"]
    assert (link["type"], link["from"], link["to"]) == ("supports", first["id"], "cccccccc-0000-4000-8000-000000000002")
    assert {one.kind for one in reading.context.losses.losses()} == {
        "comments on passages that have no code",
        "links of other things than two passages of a text",
        "sets of sources and codes",
        "variables of sources",
    }


def test_links_between_passages_of_two_users_are_told(tmp_path: Path) -> None:
    inside = selection(0, 5) + selection(6, 10, number=2).replace("bbbbbbbb-0000", "bbbbbbbb-9999")
    link = (
        '<Links><Link guid="88888888-0000-4000-8000-000000000002" name="supports" '
        'originGUID="cccccccc-0000-4000-8000-000000000001" targetGUID="cccccccc-0000-4000-8000-000000000002"/></Links>'
    )
    (line,), reading = read(packed(tmp_path, project(text_source(inside), link), {"sources/t.txt": TEXT}))
    assert line["relations"] == []
    assert [one.kind for one in reading.context.losses.losses()] == ["links between passages of two users"]


def test_texts_of_pdfs_and_transcripts_are_read_and_the_rest_is_told(tmp_path: Path) -> None:
    start, end = found(TEXT, DOUBT)
    sources = (
        '<PDFSource guid="ffffffff-0000-4000-8000-000000000002" name="Paper" path="internal://x.pdf">'
        '<PDFSelection guid="cccccccc-0000-4000-8000-000000000031" page="1" firstX="0" firstY="0" secondX="1" '
        'secondY="1">'
        f'<Coding guid="d"><CodeRef targetGUID="{PLEDGE_CODE}"/></Coding></PDFSelection>'
        f'<Representation guid="ffffffff-0000-4000-8000-000000000003" plainTextPath="internal://t.txt">'
        f"{selection(start, end)}</Representation></PDFSource>"
        '<PictureSource guid="ffffffff-0000-4000-8000-000000000004" name="Photo" path="internal://x.png"/>'
        '<AudioSource guid="ffffffff-0000-4000-8000-000000000005" name="Talk"><Transcript '
        'guid="ffffffff-0000-4000-8000-000000000006"><PlainTextContent>We will help.</PlainTextContent>'
        '<SyncPoint guid="66666666-0000-4000-8000-000000000001" position="3" timeStamp="0"/>'
        '<SyncPoint guid="66666666-0000-4000-8000-000000000002" position="12" timeStamp="9"/>'
        '<TranscriptSelection guid="cccccccc-0000-4000-8000-000000000032" '
        'fromSyncPoint="66666666-0000-4000-8000-000000000001" toSyncPoint="66666666-0000-4000-8000-000000000002">'
        f'<Coding guid="d2"><CodeRef targetGUID="{PLEDGE_CODE}"/></Coding></TranscriptSelection>'
        "</Transcript></AudioSource>"
    )
    (paper, talk), reading = read(packed(tmp_path, project(sources), {"sources/t.txt": TEXT, "sources/x.pdf": b"%PDF"}))
    assert quotes(paper) == [("Pledge", DOUBT)]
    assert quotes(talk) == [("Pledge", "will help")]
    assert {one.kind for one in reading.context.losses.losses()} == {"places on pages of PDFs", "pictures"}


def test_codes_of_a_whole_source_cover_its_text(tmp_path: Path) -> None:
    coding = f'<Coding guid="d"><CodeRef targetGUID="{PLEDGE_CODE}"/></Coding>'
    (line,), _ = read(packed(tmp_path, project(text_source(coding)), {"sources/t.txt": TEXT}))
    assert quotes(line) == [("Pledge", TEXT)]


def test_pyrefiqda_reads_what_is_written_and_finds_every_span(tmp_path: Path) -> None:
    text = "We will help 🇺🇦 if the council agrees.\nAnd more & <more>."
    other = "A text that is called like the first one."
    first = document(
        text,
        1,
        spans=[
            span(text, 3, 12, note="a <note> &\rmore", annotator="a1"),
            span(text, 3, 38, 2, fragments=[[3, 7], [19, 38]], label="condition"),
        ],
        relations=[relation("s2", "s1")],
    )
    second = document(other, 2, spans=[span(other, 0, 6, 3, created="yesterday", note="\x01")], relations=[])
    context = CASE.context()
    context.names["a1"] = "Analyst A"
    target = tmp_path / "out.qdpx"
    export(CASE, target, [first, second], context)
    opened = RefiProject.load(target, str(tmp_path / "unpacked"))
    assert opened.users is not None and [(one.name, one.id) for one in opened.users.user] == [("Analyst A", "a1")]
    assert opened.code_book is not None and opened.sources is not None and opened.links is not None
    codes = {code.guid: code.name for code in opened.code_book.codes.code}
    covered = []
    for source in opened.sources.text_source:
        path = RefiProject.resolve_source_path(source.plain_text_path or "", tmp_path / "unpacked")
        content = path.read_bytes().decode()
        covered += [
            (codes[one.coding[0].code_ref.target_guid], content[one.start_position : one.end_position])
            for one in source.plain_text_selection
        ]
    assert covered == [
        ("Condition", "will"),
        ("Condition", text[19:38]),
        ("Pledge", "will help"),
        ("Pledge", "A text"),
    ]
    assert [one.name for one in opened.sources.text_source] == ["A", "A (2)"]
    assert [one.description for one in opened.sources.text_source[0].plain_text_selection][-1] == "a <note> &\rmore"
    assert [one.name for one in opened.links.link] == ["Conditions"]
    selections = [one for source in opened.sources.text_source for one in source.plain_text_selection]
    assert all(one.creation_date_time for one in selections)  # QualCoder stops at one without


def test_a_project_that_another_program_saved_anew_still_comes_in(tmp_path: Path) -> None:
    """Without what this program added: labels by their names, people and places as they are."""
    target = tmp_path / "out.qdpx"
    text = "We will help Київ 🇺🇦 if they agree."
    export(CASE, target, [document(text, spans=[span(text, 3, 18)], relations=[])])
    opened = RefiProject.load(target, str(tmp_path / "unpacked"))
    again = tmp_path / "again.qdpx"
    RefiProject.save(opened, again, tmp_path / "unpacked" / "sources")
    (line,), _ = read(again)
    assert line["text"] == text
    assert quotes(line) == [("Pledge", text[3:18])]


def test_nothing_of_a_span_is_lost_and_names_go_out_only_where_they_may(tmp_path: Path) -> None:
    target = tmp_path / "out.qdpx"
    export(CASE, target, [document()])
    (line,), reading = read(target)
    assert line["spans"][0]["attributes"] == {"speaker": "the allies", "hedged": False, "specificity": 2}
    assert reading.context.names == {}
    assert not reading.context.losses.losses()


HOSTILE_XML = '<!DOCTYPE p [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


def test_document_types_and_entities_are_refused(tmp_path: Path) -> None:
    xml = project(text_source("<Description>&b;&c;</Description>"), head=HOSTILE_XML)
    with pytest.raises(DatasetError, match="declares a document type"):
        read(packed(tmp_path, xml, {"sources/t.txt": TEXT}))


@pytest.mark.parametrize("part", ["../evil.txt", "/etc/evil", "sources/../../evil", "C:\\evil"])
def test_paths_that_lead_out_are_refused(part: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="leads out of it"):
        read(packed(tmp_path, project(text_source("")), {part: b"x"}))


def test_links_doubles_and_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path, project(text_source("")), {})
    with zipfile.ZipFile(path, "a") as file:
        link = zipfile.ZipInfo("sources/t.txt")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(DatasetError, match="is a link"):
        read(path)
    with pytest.raises(DatasetError, match="stands in it twice"):
        read(packed(tmp_path, project(text_source("")), {"sources/t.txt": b"a", "Sources/T.txt": b"b"}))
    bomb = packed(tmp_path, project(text_source(selection(0, 4))), {"sources/t.txt": b"a" * 40_000_000})
    with pytest.raises(DatasetError, match="unpacks to far more"):
        read(bomb)
    monkeypatch.setattr(archive_module, "MOST_PARTS", 1)
    with pytest.raises(DatasetError, match="has 2 parts"):
        read(packed(tmp_path, project(text_source("")), {"sources/t.txt": TEXT}))


def test_one_note_named_a_thousand_times_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = "".join(f'<Note guid="{number}" plainTextPath="internal://n.txt"/>' for number in range(1000))
    path = packed(tmp_path, project(text_source(""), f"<Notes>{notes}</Notes>"), {"sources/n.txt": "much " * 200})
    monkeypatch.setattr(project_module, "LARGEST_NOTES", 900_000)
    with pytest.raises(DatasetError, match=r"p\.qdpx.* far more notes"):
        read(path)


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<Project", "the XML is broken"),
        (
            project(text_source('<PlainTextSelection guid="x" startPosition="-1" endPosition="2"/>')),
            "start of a selection",
        ),
        (
            project(text_source('<PlainTextSelection guid="x" startPosition="1" endPosition="NaN"/>')),
            "end of a selection",
        ),
        (project(text_source(selection(0, 4), path="internal://gone.txt")), "gone.txt is not in the file"),
        (project(text_source(selection(5, 4000))), "no stretch of a text"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_place(xml: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=rf"p\.qdpx.*{message}"):
        read(packed(tmp_path, xml, {"sources/t.txt": TEXT}))


def test_files_that_are_no_projects(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    path.write_bytes(b"no zip at all")
    with pytest.raises(DatasetError, match=r"p\.qdpx.* is no REFI-QDA project"):
        read(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("letter.txt", "mine")
    with pytest.raises(DatasetError, match=r"holds no project\.qde"):
        read(path)
    with pytest.raises(UserError):
        read(tmp_path / "none.qdpx")


def test_any_damage_is_a_message(tmp_path: Path) -> None:
    target = tmp_path / "out.qdpx"
    export(CASE, target, [document("We will help them. " * 40, spans=document("We will help them. " * 40)["spans"])])
    whole = target.read_bytes()
    unpacked = {name: zipfile.ZipFile(io.BytesIO(whole)).read(name) for name in zipfile.ZipFile(target).namelist()}
    chance = random.Random(5)
    for turn in range(150):
        name = chance.choice(["annotator.jsonl", "project.qde"])
        if turn % 3 == 0:
            target.write_bytes(whole[: chance.randrange(len(whole))])
        else:
            parts = {one: bytearray(content) for one, content in unpacked.items()}
            for _ in range(chance.randrange(1, 4)):
                parts[name][chance.randrange(len(parts[name]))] = chance.choice(b'\x00\xff"<>{}[]1-&')
            with zipfile.ZipFile(target, "w") as file:
                for one, content in parts.items():
                    file.writestr(one, bytes(content))
        try:
            read(target, skip=True)
        except UserError as error:
            assert "out.qdpx" in str(error)


def test_a_large_project_is_written_and_read_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    text = "The allies will help. " * 200

    def lines() -> Any:
        for number in range(40):
            spans = [span(text, i * 22, i * 22 + 21, i, id=f"{number}-{i}", pages=[]) for i in range(80)]
            yield document(text, number, spans=spans, relations=[])

    def peak(count: int) -> int:
        tracemalloc.start()
        some = (line for number, line in enumerate(lines()) if number < count)
        target = tmp_path / f"{count}.qdpx"
        exporting.export(some, ExportTask(CASE.entry, CASE.context(), target))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    few = peak(8)
    assert peak(40) < 1.5 * few + 1_000_000
