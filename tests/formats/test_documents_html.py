import re

import pytest

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.html.reader import read_html
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents
from annotator.workers.pool import ParserPool

PARAGRAPH = "The ministers agreed that the strait stays open, and that no fee rises before the spring of next year."
FACTS = {
    "amp_uk": ("Міністр: порт відновить роботу до кінця місяця", "2024-02-14", "uk"),
    "arabic": ("بيان وزارة الموانئ بشأن الملاحة", "2021-10-05", "ar"),
    "chinese": ("港务局发言人就海峡通航答记者问", "2020-07-21", "zh"),
    "council_release": ("Ministers agree on a new package of winter support", "2024-11-18", "en"),
    "encyclopedia": ("Treaty of Havn", "2021-03-02", "en"),
    "headlines": ("News", "", "en"),
    "liveblog": ("Summit in Havn – live updates", "2022-06-29", "en"),
    "news_article": ("Harbour talks end without deal as mayor warns of strike", "2023-05-09", "en"),
    "table_2003": ("Заявление пресс-службы по итогам переговоров", "", "ru"),
    "transcript": ("Press conference by the chair of the Assembly", "2019-04-02", "en"),
}


def read(data, name="page.html"):
    return read_html(SourceFile(name, data if isinstance(data, bytes) else data.encode()))


def read_file(path):
    return next(iter(read_documents(SourceFile(path.name, path.read_bytes()))))


def ranges(document, kind):
    found = [r for r in document.structure.ranges if r.kind == kind]
    return [(document.text[r.start : r.end], r.level, dict(r.data)) for r in found]


def page(body, head="<title>Council agrees on the strait</title>"):
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("name", FACTS)
def test_a_page_becomes_its_article(files, name):
    document = read_file(files / "html" / f"{name}.html")
    assert document.text + "\n" == (files / "html" / f"{name}.txt").read_text(encoding="utf-8")
    assert (document.title, document.date, document.language) == FACTS[name]
    assert document.format == "html"


def test_a_release_keeps_its_structure(files):
    document = read_file(files / "html" / "council_release.html")
    assert [(text, level) for text, level, _data in ranges(document, "heading")] == [
        ("Ministers agree on a new package of winter support", 1),
        ("What was decided", 2),
        ("Next steps", 2),
    ]
    items = [(text.split("\n")[0], level, data["marker"]) for text, level, data in ranges(document, "list_item")]
    assert items[2:] == [("a monthly report on:", 1, "•"), ("deliveries", 2, "1."), ("repairs", 2, "2.")]
    assert ranges(document, "quote")[0][0].endswith("Ines Marwick, chair of the Assembly")
    assert ("Havn", 0, {"url": "https://www.assembly.example/en/ports/havn"}) in ranges(document, "link")
    assert [text for text, _level, _data in ranges(document, "table_row")][1] == "Havn\t180"


def test_a_page_says_who_and_where(files):
    document = read_file(files / "html" / "news_article.html")
    assert document.metadata["author"] == "Lena Ostrow"
    assert document.metadata["site"] == "The Coast Courier"
    release = read_file(files / "html" / "council_release.html")
    assert release.url == "https://www.assembly.example/en/press/2024/11/18/winter-support/"


def test_the_address_that_a_browser_notes_is_taken():
    note = "<!-- saved from url=(0027)https://ports.example/a/b -->"
    assert read(f"<!DOCTYPE html>\n{note}\n<html><body><p>{PARAGRAPH}</p></body></html>").url == (
        "https://ports.example/a/b"
    )


def test_a_page_saved_by_a_browser_is_the_same_article(files):
    document = read_file(files / "html" / "saved_by_browser.mhtml")
    assert document.text + "\n" == (files / "html" / "news_article.txt").read_text(encoding="utf-8")
    assert (document.format, document.url) == ("mhtml", "https://courier.example/2023/05/09/harbour-talks")
    assert document.date == "2023-05-09"


def test_a_saved_page_begins_at_the_part_that_it_names():
    parts = "".join(
        f"--b\r\nContent-Type: text/html; charset=koi8-r\r\nContent-ID: <{number}@x>\r\n"
        f"Content-Location: https://ports.example/{number}\r\n\r\n<html><p>Порт {number}</p></html>\r\n"
        for number in (1, 2)
    )
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"; start="<2@x>"\r\n\r\n'
    data = f"{head}{parts}--b--\r\n".encode("koi8-r")
    document = next(iter(read_documents(SourceFile("page.mht", data))))
    assert (document.text, document.url) == ("Порт 2", "https://ports.example/2")


def test_a_saved_page_that_names_no_part_begins_at_the_first():
    parts = "".join(
        f"--b\r\nContent-Type: text/html\r\n{more}\r\n<p>{n}</p>\r\n"
        for n, more in ((1, "Content-ID: <1>\r\n"), (2, ""))
    )
    data = f"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n{parts}--b--\r\n".encode()
    assert next(iter(read_documents(SourceFile("page.mht", data)))).text == "1"


def test_a_saved_page_without_a_page_is_refused():
    data = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n"
    with pytest.raises(DocumentReadError, match="holds no web page"):
        list(read_documents(SourceFile("page.mht", data)))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8_r"),
        ("utf-8", "cp1251"),
        ("windows-1251", "utf-8"),
        ("utf-16", "utf-8"),
        ("no-such-thing", "utf-8"),
        ("iso-8859-5", "iso8859_5"),
        ("utf-8", "utf-8-sig"),
        ("utf-8", "utf-16"),
    ],
)
def test_the_letters_are_right_whatever_the_page_declares(declared, encoding):
    text = "Порт возобновит работу до конца февраля, если не будет новых обстрелов, сообщил министр на брифинге."
    source = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head><p>{text}</p>'
    assert read(source.encode(encoding)).text == text


def test_the_declaration_of_xml_names_the_encoding():
    source = '<?xml version="1.0" encoding="windows-1252"?><html><body><p>Déclaration – “paix”</p></body></html>'
    assert read(source.encode("cp1252")).text == "Déclaration – “paix”"


def test_western_pages_are_read_as_browsers_read_them():
    source = '<html><meta charset="iso-8859-1"><p>“Peace” – now</p>'
    assert read(source.encode("cp1252")).text == "“Peace” – now"


def test_a_page_without_an_article_warns_and_has_no_menus():
    menu = "".join(f"<li><a href={n}>Entry {n}</a></li>" for n in range(20))
    document = read(page(f"<nav><ul>{menu}</ul></nav><p>We condemn the attack.</p><footer>x</footer>"))
    assert document.text == "We condemn the attack."
    assert document.warnings == (
        "No article was found on this page: all its text was taken but menus, headers and footers.",
    )


def test_a_page_of_text_alone_needs_no_warning():
    document = read(page(f"<h1>Council agrees on the strait</h1><p>{PARAGRAPH}</p>"))
    assert (document.text.count("\n\n"), document.warnings) == (1, ())


def test_little_of_a_page_found_is_said():
    others = "".join(f'<div class="related"><p>{PARAGRAPH} {n}</p></div>' for n in range(9))
    article = f"<main><h1>Council agrees on the strait</h1>{f'<p>{PARAGRAPH}</p>' * 3}</main>"
    document = read(page(article + others))
    assert document.text.count(PARAGRAPH) == 3
    assert re.fullmatch(r"Of this page’s text 2\d % were taken for its article: .*", document.warnings[0])


def test_short_answers_between_paragraphs_stay():
    turns = "".join(f"<div class=turn><p>{PARAGRAPH} {n}</p></div><div class=turn><p>No.</p></div>" for n in range(5))
    advert = "<div class=ad><p>Advertisement</p></div>"
    document = read(page(f"<main>{turns}{advert}<div class=turn><p>{PARAGRAPH}</p></div></main>"))
    assert document.text.count("No.") == 5
    assert "Advertisement" not in document.text


@pytest.mark.parametrize("words", ["Print", "Share this page", "Реклама", "Поділитися", "E-mail"])
def test_the_words_of_buttons_are_no_part_of_the_text(words):
    body = f"<div><h1>Council agrees on the strait</h1><p>{words}</p>{f'<p>{PARAGRAPH}</p>' * 3}<p>{words}</p></div>"
    assert words not in read(page(body)).text


def test_the_line_about_rights_is_no_part_of_the_text():
    body = (
        f"<div><h1>Council agrees on the strait</h1>{f'<p>{PARAGRAPH}</p>' * 3}<p>© 2024 Ports of the North</p></div>"
    )
    assert read(page(body)).text.endswith(PARAGRAPH)


def test_a_form_around_the_whole_page_is_no_frame():
    body = f"<form><input name=state><h1>Council agrees on the strait</h1>{f'<p>{PARAGRAPH}</p>' * 3}</form>"
    assert read(page(body)).text.count(PARAGRAPH) == 3


def test_empty_lines_of_old_pages_make_paragraphs():
    text = "<br>&nbsp;<br>".join(f"{PARAGRAPH} {n}" for n in range(4))
    document = read(page(f"<table width=780><tr><td width=100><a href=1>Home</a></td><td width=680><font>{text}"))
    assert [text for text, _level, _data in ranges(document, "paragraph")] == [f"{PARAGRAPH} {n}" for n in range(4)]


def test_the_main_heading_is_the_title_and_the_site_is_not():
    body = f"<h1>Council agrees on the strait</h1>{f'<p>{PARAGRAPH}</p>' * 3}"
    document = read(page(body, "<title>Council agrees on the strait | Ports of the North</title>"))
    assert document.title == "Council agrees on the strait"
    assert document.text.startswith("Council agrees on the strait\n\n")


def junk():
    yield "empty.html", b"", "is empty"
    yield "scripts.html", page("<script>1</script><div id=root></div>").encode(), "shows no text without its scripts"
    yield "junk.html", bytes(range(256)) * 500, "is not a text file"
    yield "declared.html", b"<meta charset=windows-1251>" + bytes(range(1, 256)) * 500, "is not a web page"
    yield "attribute.html", b'<html><a href="' * 20_000, "shows no text"
    yield "comment.html", b"<html><!--" + b"-" * 1_000_000, "shows no text"


def hostile():
    text = f"<p>{PARAGRAPH}</p>" * 3
    yield "tables.html", "<table><tr><td>" * 40 + text + "</td></tr></table>" * 40
    yield "divisions.html", "<html>" + "<div>" * 100_000 + text
    yield "bold.html", "<html>" + "<b><i>" * 50_000 + text
    yield "attributes.html", "<html><p " + " ".join(f"a{n}=1" for n in range(200_000)) + f">x</p>{text}"
    yield "script.html", "<html><script>" + "x" * 11_000_000 + f"</script>{text}"
    yield "line.html", f"<html>{text}<p>{'word ' * 1_000_000}</p>"
    yield "cut.html", f"<html><body>{text}<p>The las"
    yield "nul.html", "<html>" + text.replace(" ", "\0 ")
    yield "surrogate.html", f"<html><p>a&#xD800;b</p>{text}"
    yield "controls.html", f"<html><p>a\x01\x0c&#2;&#xb;&#xfffe;b</p>{text}"
    yield "cells.html", f"<html>{'<table><tr><td>a<td>b</table>' * 10_000}{text}"
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    yield "bomb.xhtml", f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "ha">{entities}]><html><p>&e9;</p>{text}'
    yield "file.xhtml", f'<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/hostname">]><html><p>&e;</p>{text}'


def test_hostile_pages_are_read_or_refused_in_a_child_that_lives():
    with ParserPool(1) as pool:
        for name, data, message in junk():
            with pytest.raises(DocumentReadError, match=message) as refusal:
                pool.read(name, data).result()
            assert type(refusal.value) is DocumentReadError, name
        for name, source in hostile():
            [document] = pool.read(name, source.encode("utf-8", "surrogatepass")).result()
            assert PARAGRAPH in document.text, name
            assert len(document.text) < len(source), name
        [less] = pool.read("less.html", b"<html>" + b"<" * 100_000).result()
        assert len(less.text) == 100_000


def test_an_article_is_found_in_a_child_that_may_write_no_file(files):
    with ParserPool(1) as pool:
        path = files / "html" / "news_article.html"
        [document] = pool.read(path.name, path.read_bytes()).result()
    assert document.text + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert document.structure.sentences


UKRAINIAN = (
    "<p>" + "Міністри домовилися, що протока лишається відкритою, і жоден збір не зросте до весни. " * 6 + "</p>"
)


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("en", UKRAINIAN, "uk"),
        ("uk", UKRAINIAN, "uk"),
        ("yi", UKRAINIAN, "yi"),
        ("en", "<p>Так, міністри домовилися про протоку ще вчора.</p>", "en"),
        ("", UKRAINIAN, "uk"),
    ],
)
def test_the_language_of_a_long_text_is_what_it_shows(declared, text, expected):
    source = f"<html lang='{declared}'><body>{text}</body></html>"
    assert next(iter(read_documents(SourceFile("page.html", source.encode())))).language == expected


def test_a_style_sheet_gives_no_date():
    assert (
        read(page(f"<p>{PARAGRAPH}</p>" * 3, "<style>/* Id: plain.css 10018 2025-03-06 16:19:15Z */</style>")).date
        == ""
    )
