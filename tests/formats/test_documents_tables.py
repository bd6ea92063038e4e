from datetime import date, datetime
from io import BytesIO

import pytest

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.formats.documents.source import ReadDocument, SourceFile
from annotator.formats.documents.tables import rows as table_rows
from annotator.formats.registry import read_documents
from annotator.workers.pool import ParserPool
from tests.formats.office_examples import packed

LONG = "We will open the northern corridor, and nobody else will do it for us."


def rows_of(name: str, data: bytes, password: str = "") -> list[ReadDocument]:
    return list(read_documents(SourceFile(name, data, password)))


def from_csv(text: str, encoding: str = "utf-8", name: str = "a.csv") -> list[ReadDocument]:
    return rows_of(name, text.encode(encoding))


def workbook(*sheets):
    """Return an Excel file of sheets, each a list of rows."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("name", ["texts.csv", "texts.xlsx"])
def test_the_same_table_reads_alike_from_both_formats(files, name):
    documents = rows_of(name, (files / "office" / name).read_bytes())
    assert [(d.title, d.language, d.date, dict(d.metadata)) for d in documents] == [
        ("On the corridor", "en", "2026-03-14", {"id": "1", "Party": "Harbour list", "row": 2}),
        ("Учасники засуджують напад на зерновий термінал.", "uk", "2026-03-15", {"id": "2", "row": 3}),
        ("Про кораблі", "uk", "", {"id": "4", "Party": "Список \"Порт\"", "row": 5}),
    ]  # fmt: skip
    assert documents[0].text == "We will open the corridor; nobody else will.\n\nThe council must agree by May."
    assert [d.warnings for d in documents] == [("Rows without text were left out (1): 4.",), (), ()]
    assert {d.format for d in documents} == {name.rpartition(".")[2]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter):
    rows = [["title", "text", "n"], ["A", LONG, "1"], ["B", "Second; text, with | all\tof them", "2"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert [d.title for d in from_csv(text)] == ["A", "B"]
    assert from_csv(text)[1].text == "Second; text, with | all\tof them"


def test_a_declared_delimiter_a_mark_and_windows_newlines():
    documents = from_csv('\ufeffsep=;\r\ntitle;text\r\nA;"one\r\ntwo"\r\n')
    assert [(d.title, d.text) for d in documents] == [("A", "one\ntwo")]


def test_tabs_win_in_a_tsv():
    assert [d.text for d in from_csv("text\tx\na, b, c\t1\nd, e, f\t2\n", name="a.tsv")] == ["a, b, c", "d, e, f"]


def test_lines_of_prose_are_one_column():
    prose = "First, we act.\nThen, we wait.\nLast, we go."
    assert [d.text for d in from_csv(prose)] == prose.split("\n")
    documents = from_csv("title, text\nOne, we act\nTwo, we wait")
    assert [(d.title, d.text) for d in documents] == [("One", "we act"), ("Two", "we wait")]


def test_encodings_are_those_of_text_files():
    text = (
        "назва;текст\nПерше;Ми відкриємо північний коридор, якщо рада погодиться.\nДруге;Ніхто цього не зробить за нас."
    )
    documents = from_csv(text, "cp1251")
    assert [d.title for d in documents] == ["Перше", "Друге"]
    assert "CP1251" in documents[0].warnings[0] and not documents[1].warnings


@pytest.mark.parametrize(
    ("header", "title", "text"),
    [
        ("Заголовок;Текст", "A", LONG),
        ("titre;contenu", "A", LONG),
        ("عنوان;متن", "A", LONG),
        ("name;remark", "A", LONG),
        ("foo;bar", LONG, LONG),
        ("text;comment", "A", "A"),
    ],
)
def test_columns_are_known_by_their_headers_or_by_their_length(header, title, text):
    document = from_csv(f'{header}\nA;"{LONG}"\nB;"{LONG}"')[0]
    assert (document.title, document.text) == (title, text)


def test_an_empty_text_column_gives_way_to_the_longest():
    assert from_csv(f"text;long\n;{LONG}\n;{LONG}")[0].text == LONG


def test_without_a_header_columns_are_numbered():
    documents = from_csv(f"1;{LONG};x\n2;{LONG};\n")
    assert [dict(d.metadata) for d in documents] == [
        {"column 1": "1", "column 3": "x", "row": 1},
        {"column 1": "2", "row": 2},
    ]


def test_roles_that_a_cell_does_not_fulfil_stay_metadata():
    header = "text;date;url;language;author;id;date\n"
    good = from_csv(header + "a b;9.3.2026;https://example.org/x;uk-UA;N. N.;7;2020-01-01")[0]
    assert (good.date, good.url, good.language) == ("2026-03-09", "https://example.org/x", "uk")
    assert good.metadata == {"author": "N. N.", "id": "7", "date (column 7)": "2020-01-01", "row": 2}
    poor = from_csv(header + "a b;spring;javascript:alert(1);Ukrainian;;;")[0]
    assert (poor.date, poor.url, poor.language) == ("", "", "")
    assert poor.metadata == {"date": "spring", "url": "javascript:alert(1)", "language": "Ukrainian", "row": 2}


def test_a_title_is_the_first_words_where_there_is_none():
    title = from_csv("text\n" + "word " * 60)[0].title
    assert title == "word " * 15 + "word…"
    assert from_csv("text\n" + "x" * 300)[0].title == "x" * 80 + "…"


def test_quotes_that_break_the_rules_are_told_of():
    documents = from_csv('title;text\nA;"one" and two\nB;three')
    assert [d.text for d in documents] == ["one and two", "three"]
    assert documents[0].warnings == ("Quotes in this table are irregular: look whether its rows are whole.",)
    assert from_csv('title;text\nA;"never closed\nB;x')[0].warnings


def test_progress_is_told_every_two_hundred_rows():
    stages: list[str] = []
    data = ("text\n" + f"{LONG}\n" * 450).encode()
    assert len(list(read_documents(SourceFile("a.csv", data, progress=stages.append)))) == 450
    assert [stage for stage in stages if stage.startswith("row")] == ["row 200", "row 400"]


@pytest.mark.parametrize("data", ["text;title\n;A\n;B\n", "text\n", "text;title", ";;\n;;"])
def test_a_table_without_text_is_refused(data):
    with pytest.raises(DocumentReadError, match=r"“a\.csv” has no row with text|is empty"):
        from_csv(data)


def test_tables_beyond_the_limits_are_refused(monkeypatch):
    monkeypatch.setattr(table_rows, "MAXIMUM_ROWS", 3)
    assert len(from_csv("text\na b\nc d")) == 2
    with pytest.raises(DocumentReadError, match="more than 3 rows: split it"):
        from_csv("text\na b\nc d\ne f")
    with pytest.raises(DocumentReadError, match="more than 3 rows: split it"):
        rows_of("a.xlsx", workbook([["text"], ["a"], ["b"], ["c"]]))
    monkeypatch.setattr(table_rows, "MAXIMUM_CELL", 100)
    with pytest.raises(DocumentReadError, match=r"Row 2 of “a\.csv” has a cell with more than 100 characters"):
        from_csv("text\n" + "x" * 101)


def test_cells_of_a_spreadsheet_become_text():
    rows = [
        ["text", "day", "moment", "whole", "share", "yes", "sum", "none"],
        [LONG, date(2026, 3, 9), datetime(2026, 3, 9, 8, 30), 7.0, 0.5, True, "=1+1", None],
        ["a_x000D_\nb_xD800_c", None, None, None, None, None, None, None],
    ]
    documents = rows_of("a.xlsx", workbook(rows))
    assert documents[0].metadata == {
        "day": "2026-03-09", "moment": "2026-03-09 08:30:00", "whole": "7", "share": "0.5", "yes": "true", "row": 2,
    }  # fmt: skip
    assert documents[1].text == "a\nbc"


def test_the_first_sheet_with_text_is_read_and_the_others_are_named():
    documents = rows_of("a.xlsx", workbook([], [[], ["text"], [], [LONG]], [["x"]], [["y"]]))
    assert [(d.text, d.metadata) for d in documents] == [(LONG, {"row": 4})]
    assert documents[0].warnings == ("Only the first sheet with text was read; left out: Sheet 3, Sheet 4.",)


def test_a_locked_spreadsheet_opens_with_its_password_only(files):
    from msoffcrypto.format.ooxml import OOXMLFile

    target = BytesIO()
    OOXMLFile(BytesIO((files / "office" / "texts.xlsx").read_bytes())).encrypt("right", target)
    assert len(rows_of("a.xlsx", target.getvalue(), "right")) == 3
    with pytest.raises(PasswordNeededError, match=r"“a\.xlsx” is locked"):
        rows_of("a.xlsx", target.getvalue())


def sheet_part(rows: str, prolog: str = "") -> bytes:
    """Return an Excel file whose one sheet holds these rows of XML."""
    from zipfile import ZipFile

    with ZipFile(BytesIO(workbook([["text"]]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'{prolog}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return packed(members | {"xl/worksheets/sheet1.xml": sheet.encode()})


def test_hostile_tables_end_with_a_sentence_in_a_child():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
    good = workbook([["text"], [LONG]])
    claimed = cell.replace("1", "999999999").format("x")
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    cases = [
        ("a.xlsx", good[: len(good) // 2], "is damaged or was cut off"),
        ("a.xlsx", sheet_part(cell.format("&a9;"), bomb), "is damaged or no Excel file"),
        ("a.xlsx", sheet_part(cell.format(" " * 50_000_000)), "unpacks to far more"),
        ("a.xlsx", sheet_part(cell.format("x")[:-20]), "is damaged or no Excel file"),
        (
            "a.xlsx",
            sheet_part(claimed),
            "has no row with text|more than 100000 rows",
        ),
        ("a.xlsx", sheet_part(""), "has no row with text"),
        ("a.xlsx", sheet_part(far), "has no row with text|more than 100000 rows"),
        ("a.xlsx", packed({"xl/workbook.xml": "<a/>"}), "is damaged or no Excel file|lacks"),
        ("a.csv", b"text\n" + b"x" * 1_000_001, "more than 1000000 characters"),
        ("a.csv", b'text;t\n"' + b"x;y\n" * 3_000_000, "quotes are closed|more than 1000000 characters"),
        ("a.csv", b"a\n" * 100_001, "more than 100000 rows"),
        ("a.csv", b"\x00\x01\x02" * 100, "is not a text file"),
    ]
    with ParserPool(1) as pool:
        for name, data, message in cases:
            with pytest.raises(DocumentReadError, match=message) as refusal:
                pool.read(name, data).result()
            assert type(refusal.value) is DocumentReadError
        assert len(pool.read("a.xlsx", good).result()) == 1
        assert len(pool.read("a.csv", b"text\n" + b"x" * 1_000_000).result()[0].text) == 1_000_000
        assert len(pool.read("a.csv", ("text\n" + f"{LONG}\n" * 2000).encode()).result()) == 2000
