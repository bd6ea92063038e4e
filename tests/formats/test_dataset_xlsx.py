"""Workbooks with sheets of spans, documents and relations: ours, and such as people and other programs make."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from annotator.core.errors import DatasetError, UserError
from annotator.formats.datasets.reading import Reading
from annotator.formats.datasets.tables import workbook_reading, workbook_writing
from annotator.formats.datasets.tables.workbook_reading import WorkbookReader
from tests.formats.dataset_examples import document, relation, span
from tests.formats.round_trips import Case, export, kept, read_back

PROGRAMS = Case("xlsx", (("use", "programs"),))
SPREADSHEETS = Case("xlsx")
LONG = "Wir werden \U0001f600 helfen. " * 4000


def made(path: Path, **sheets: list[list[Any]]) -> Path:
    """Make a workbook with another library than ours."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def changed(path: Path, member: str, old: str, new: str) -> None:
    """Replace text in a member of an archive."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in contents[member]
    contents[member] = contents[member].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def saved_by_excel(path: Path, strings: list[str], rows: str) -> Path:
    """Make a workbook as Excel writes it: texts are shared; `rows` is the XML of the only sheet's rows."""
    shared = "".join(one if one.startswith("<si>") else f"<si><t>{one}</t></si>" for one in strings)
    kinds = (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(kinds, 1)
    )
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{BOOK}"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", f"<Relationships>{root}</Relationships>")
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        sheets = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
        archive.writestr(BOOK, f'<workbook {MAIN} xmlns:r="{OFFICE}">{sheets}</workbook>')
        archive.writestr(STRINGS, f"<sst {MAIN}>{shared}</sst>")
        archive.writestr(SHEET, f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")
    return path


def shared_row(number: int, *indexes: int) -> str:
    cells = zip("ABCDE", indexes, strict=False)
    return f'<row r="{number}">{"".join(f"""<c r="{a}{number}" t="s"><v>{i}</v></c>""" for a, i in cells)}</row>'


def reading(path: Path, *, skip: bool = False) -> Reading:
    return Reading(SPREADSHEETS.entry, path, SPREADSHEETS.context(), skip=skip)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [line for _, line in reading(path).lines()]


def spans_of(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["label"], one["quote"]) for one in line["spans"]]


def test_another_library_reads_every_cell_with_its_type(tmp_path: Path) -> None:
    text = "=1+1 We will, -2 we will not."
    spans = [span(text, 0, 12, score=0.1, attributes={"hedged": False, "specificity": 2, "speaker": "=cmd"})]
    export(PROGRAMS, tmp_path / "out.xlsx", [document(text, spans=spans, relations=[], sentences=[])])
    book = load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["spans", "documents", "relations"]
    assert book["spans"].freeze_panes == "A2"
    header, row = book["spans"].iter_rows()
    assert book["spans"].auto_filter.ref == f"A1:{get_column_letter(len(header))}2"
    cells = {name.value: cell for name, cell in zip(header, row, strict=True)}
    assert (cells["quote"].value, cells["quote"].data_type) == ("=1+1 We will", "s")
    assert (cells["attribute.speaker"].value, cells["attribute.speaker"].data_type) == ("=cmd", "s")
    assert [cells[name].value for name in ("start", "end", "score")] == [0, 12, 0.1]
    assert (cells["attribute.hedged"].value, cells["attribute.specificity"].value) == (False, 2)
    assert book["documents"].cell(2, 16).value == text


def test_no_cell_for_spreadsheets_could_become_a_formula(tmp_path: Path) -> None:
    text = "=1+1 We will.\n-2"
    line = document(text, spans=[span(text, 0, 4, note="@x")], relations=[], sentences=[])
    export(SPREADSHEETS, tmp_path / "out.xlsx", [line])
    book = load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "'=1+1" in [cell[:5] for cell in cells if isinstance(cell, str)]
    assert not any(isinstance(cell, str) and cell[:1] in "=+-@" for cell in cells)
    assert read_back(SPREADSHEETS, tmp_path / "out.xlsx") == [kept(SPREADSHEETS, line)]


@pytest.mark.parametrize("case", [SPREADSHEETS, PROGRAMS], ids=["spreadsheet", "programs"])
def test_texts_longer_than_a_cell_go_on_below(tmp_path: Path, case: Case) -> None:
    text = LONG[:40_000] + "=" + LONG
    spans = [span(text, 0, len(text)), span(text, 4, 9, 2)]
    sentences = [[i, i + 20] for i in range(0, len(text) - 30, 22)]
    lines = [document(text, 1, spans=spans, relations=[relation("s1", "s2")], sentences=sentences)]
    lines.append(document("Short.", 2, spans=[], relations=[], sentences=[]))
    export(case, tmp_path / "out.xlsx", lines)
    assert read_back(case, tmp_path / "out.xlsx") == [kept(case, line) for line in lines]
    book = load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert max(len(cell.encode("utf-16-le")) // 2 for cell in cells if isinstance(cell, str)) <= 32_767
    header, *rows = book["documents"].iter_rows(values_only=True)
    assert [row[-1] for row in rows] == [f"{part} of 5" for part in range(1, 6)] + [None]
    assert [row[0] for row in rows] == ["d1"] * 5 + ["d2"]
    assert header[-1] == "part"


def test_parts_of_a_row_that_were_sorted_apart_are_not_put_together(tmp_path: Path) -> None:
    export(PROGRAMS, tmp_path / "out.xlsx", [document(LONG, spans=[], relations=[], sentences=[])])
    rows = [list(row) for row in load_workbook(tmp_path / "out.xlsx")["documents"].iter_rows(values_only=True)]
    spans: list[list[Any]] = [["document", "label", "quote"], ["d1", "pledge", "x"]]
    for wrong in ([rows[0], rows[2], rows[1], rows[3]], [*rows[:3]], [rows[0], rows[1], ["d9", *rows[2][1:]], rows[3]]):
        path = made(tmp_path / "hand.xlsx", documents=wrong, spans=spans)
        with pytest.raises(DatasetError, match=r"sheet “documents”, row .: the parts of a long row do not follow"):
            reading(path).check()


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=8) | st.sampled_from(["_x0041_", "_x_x0041_"])
)
@settings(max_examples=60, deadline=None)
def test_every_character_comes_back(text: str) -> None:
    target = BytesIO()
    with workbook_writing.WorkbookWriter(target, lambda cell: cell) as book:
        book.sheet("spans", ("text",), ())([[text]])
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
    path = BytesIO(target.getvalue())
    path.name = "x"  # type: ignore[attr-defined]
    with WorkbookReader(path) as found:  # type: ignore[arg-type]
        assert [row for _, row in found.rows("spans")][1:] == ([[text]] if text else [])


def test_a_sheet_with_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_writing, "MOST_ROWS", 2)
    with pytest.raises(DatasetError, match="The sheet “spans” can hold 2 rows, and there are more"):
        export(SPREADSHEETS, tmp_path / "out.xlsx", [document()])
    assert list(tmp_path.iterdir()) == []


# Workbooks that others made.


def test_a_workbook_made_by_hand(tmp_path: Path) -> None:
    texte = [["Titel", "Datum", "Volltext"], ["Rede", datetime(2024, 5, 31), "Wir werden helfen."]]
    codes = [
        ["Dokument", "Kategorie", "Zitat", "specificity", "hedged", "Kommentar", "created"],
        ["Rede", "pledge", "werden helfen", 2, True, 7, date(2024, 6, 1)],
        [None] * 7,
    ]
    path = made(tmp_path / "hand.xlsx", Notizen=[["Dies"], ["und das"]], Texte=texte, Leer=[], Kodierungen=codes)
    found = reading(path)
    ((_, line),) = found.lines()
    assert (line["id"], line["source"]["date"]) == ("Rede", "2024-05-31")
    assert spans_of(line) == [("pledge", "werden helfen")]
    assert line["spans"][0]["attributes"] == {"specificity": 2, "hedged": True}
    assert (line["spans"][0]["note"], line["spans"][0]["created"]) == ("7", "2024-06-01")


def test_one_sheet_with_texts_and_whole_numbers_as_labels(tmp_path: Path) -> None:
    rows = [["id", "text", "label", "start", "end"], [1, "We will help.", 2022, 3.0, 7], [2, "No.", None, None, None]]
    first, second = lines_of(made(tmp_path / "hand.xlsx", Sheet1=rows))
    assert (first["id"], spans_of(first), spans_of(second)) == ("1", [("2022", "will")], [])


def test_strings_with_formatted_runs_readings_and_escapes(tmp_path: Path) -> None:
    runs = '<si><r><rPr><b/></rPr><t>東京</t></r><r><t xml:space="preserve"> x</t></r>'
    runs += '<rPh sb="0" eb="2"><t>トウ</t></rPh></si>'
    strings = ["text", "label", "pledge", runs, "a_x000D_b_x005F_x0041__xD83D__xDE00_"]
    rows = shared_row(1, 0, 1) + shared_row(2, 3, 2) + shared_row(3, 4, 2)
    path = saved_by_excel(tmp_path / "x.xlsx", strings, rows)
    assert [line["text"] for line in lines_of(path)] == ["東京 x", "a\rb_x0041_\U0001f600"]


def test_formulas_count_by_their_last_result_and_errors_are_empty(tmp_path: Path) -> None:
    label = '<c r="B{0}" t="s"><v>2</v></c></row>'
    rows = shared_row(1, 0, 1)
    rows += '<row r="2"><c r="A2" t="str"><f>1+1</f><v>We will.</v></c>' + label.format(2)
    rows += '<row r="3"><c r="A3" t="e"><v>#REF!</v></c>' + label.format(3)
    path = saved_by_excel(tmp_path / "hand.xlsx", ["text", "label", "pledge"], rows)
    found = reading(path, skip=True)
    assert [line["text"] for _, line in found.lines()] == ["We will."]
    assert [problem.reason for problem in found.problems] == ["“hand.xlsx”, sheet “Sheet1”, row 3: there is no text."]


def test_sheets_that_are_not_needed_are_counted(tmp_path: Path) -> None:
    rows = [["text", "label"], ["We will.", "pledge"]]
    found = reading(made(tmp_path / "hand.xlsx", One=rows, Two=rows))
    assert len(list(found.lines())) == 1
    assert [(loss.kind, loss.examples) for loss in found.context.losses.losses()] == [
        ("sheets that were not read", ("Two",))
    ]


# What is wrong.


def test_what_is_no_workbook_or_has_no_spans(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    for content in (b"", b"text,label\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600):
        path.write_bytes(content)
        with pytest.raises(DatasetError, match=r"“x.xlsx” is no XLSX file, is locked with a password, or is damaged"):
            reading(path).check()
    with pytest.raises(DatasetError, match=r"“x.xlsx” has no row in any sheet"):
        reading(made(path, Sheet1=[])).check()
    with pytest.raises(DatasetError, match=r"sheet “Sheet1” has no column of labels.* are: text, words"):
        reading(made(path, Sheet1=[["text", "words"], ["a", "b"]])).check()
    with pytest.raises(DatasetError, match=r"comes without the texts. Put them into a sheet called “documents”"):
        reading(made(path, Sheet1=[["document", "label"], ["a", "b"]])).check()


def test_document_types_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for member, root in ((STRINGS, "<sst"), (SHEET, "<worksheet"), (BOOK, "<workbook")):
        path = saved_by_excel(tmp_path / "x.xlsx", ["text", "label"], shared_row(1, 0, 1))
        changed(path, member, root, bomb + root)
        with pytest.raises(DatasetError, match=r"damaged or no XLSX file \(it declares a document type\)"):
            reading(path).check()


def test_archives_that_unpack_to_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved_by_excel(tmp_path / "x.xlsx", ["text", "label", "a" * 30_000], shared_row(1, 0, 1))
    monkeypatch.setattr(workbook_reading, "_LARGEST_STRINGS", 20_000)
    with pytest.raises(DatasetError, match="more text than can be read from one workbook"):
        reading(path).check()
    monkeypatch.setattr(workbook_reading, "_LARGEST_DENSE", 20_000)
    monkeypatch.setattr(workbook_reading, "_DENSEST", 10)
    with pytest.raises(DatasetError, match="unpacks to far more than it should"):
        reading(path).check()
    monkeypatch.setattr(workbook_reading, "_MOST_MEMBERS", 2)
    with pytest.raises(DatasetError, match="unpacks to far more than it should"):
        reading(path).check()


def test_a_row_without_end_is_not_taken_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = shared_row(1, 0, 1) + shared_row(2, 0, 1).replace("</row>", '<c r="A2"/>' * 40_000 + "</row>")
    path = saved_by_excel(tmp_path / "x.xlsx", ["text", "label"], rows)
    assert len(lines_of(path)) == 1
    monkeypatch.setattr(workbook_reading, "_LONGEST_ROW", 200_000)
    with pytest.raises(DatasetError, match="a row of it is too long"):
        reading(path).check()


def test_a_sheet_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = made(tmp_path / "x.xlsx", Sheet1=[["text", "label"], ["a", "b"]])
    changed(path, SHEET, "</sheetData>", "<row")
    with pytest.raises(DatasetError, match=r"“x.xlsx”, sheet “Sheet1”, is damaged or no XLSX file"):
        reading(path).check()


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_no_workbook_crashes_the_reader(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    rows = [["text", "label", "start", "end", "date"], ["We will", "pledge", 0, 2, date(2024, 1, 1)]]
    path = made(folder / "x.xlsx", Sheet1=rows)
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    member = data.draw(st.sampled_from(sorted(contents)))
    content = contents[member]
    place = data.draw(st.integers(0, len(content)))
    pieces = [b"9" * 30, b"<", b"&", b'"', b"\x00", b"nan", b"-1", b'r="ZZZ9"', b"<row/>", b"inf"]
    piece = data.draw(st.binary(max_size=3) | st.sampled_from(pieces))
    contents[member] = content[:place] + piece + content[place + data.draw(st.integers(0, 6)) :]
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in contents.items():
            archive.writestr(name, value)
    whole = path.read_bytes()
    if data.draw(st.booleans()):
        cut = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:cut] + data.draw(st.binary(max_size=2)) + whole[cut + data.draw(st.integers(0, 3)) :])
    with suppress(UserError):
        reading(path, skip=True).check()
