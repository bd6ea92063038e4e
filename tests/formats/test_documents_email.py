import pytest

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.mail.email import read_email
from annotator.formats.documents.mail.email_lines import plain_text
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents
from annotator.workers.pool import ParserPool

HEAD = "From: a@ports.example\r\nSubject: Fees\r\nDate: Tue, 12 Mar 2024 09:15:00 +0100\r\nMIME-Version: 1.0\r\n"
TEXT = "The fees rise in April."


def message(kind, body, more=""):
    return f"{HEAD}{more}Content-Type: {kind}\r\n\r\n{body}".encode()


def parts(*each, kind="mixed"):
    return message(f"multipart/{kind}; boundary=b", "".join(f"--b\r\n{part}\r\n" for part in each) + "--b--\r\n")


def part(kind, body, more=""):
    return f"Content-Type: {kind}\r\n{more}\r\n{body}"


def read(data):
    return read_email(SourceFile("letter.eml", data))


def read_file(path):
    return next(iter(read_documents(SourceFile(path.name, path.read_bytes()))))


def quotes(document):
    return [(document.text[r.start : r.end], r.level) for r in document.structure.ranges if r.kind == "quote"]


def test_lines_that_were_broken_to_be_sent_are_whole_again(files):
    document = read_file(files / "email" / "wrapped.eml")
    assert document.text.split("\n\n") == [
        "Dear Jon,",
        "thank you for your letter. If the pilots agree to the new rules by Friday, we will withdraw the increase of "
        "the fees and publish the figures that your office asked for in January. If they do not, the increase stands.",
        "Three points remain open:",
        "- the night shifts\n- the second crew, on which the committee has not yet been able to come to an agreement\n"
        "- the date",
        "On Mon, 11 Mar 2024, Jon Abels wrote:",
        "We cannot accept the fees as they are. The members of our association have made that clear at their last "
        "meeting.",
        "The fees will rise in April, whatever the association of the pilots may say about it.",
        "That is not an answer.",
        "It is one now.",
        "Ines Marwick\nChair",
        "--\nAssembly of Northern Ports\nOld Customs House, Havn",
    ]
    inner = "The fees will rise in April, whatever the association of the pilots may say about it."
    assert quotes(document)[1] == (inner, 2)
    assert quotes(document)[0][0].startswith("We cannot") and quotes(document)[0][0].endswith("not an answer.")


def test_the_headers_are_the_facts(files):
    document = read_file(files / "email" / "wrapped.eml")
    assert (document.title, document.date, document.format) == ("Re: Fees – answer by Friday", "2024-03-12", "email")
    assert document.metadata == {
        "from": "Ines Marwick · Chair <chair@assembly.example>",
        "to": '"Abels, Jon" <jon@ports.example>, press@ports.example',
        "cc": "pilots@ports.example",
    }


def test_lines_that_flow(files):
    document = read_file(files / "email" / "flowed.eml")
    assert document.text.split("\n\n") == [
        "We cannot accept the fees as they are. The members of our association have made that clear at their last "
        "meeting.",
        "The fees will rise in April, whatever the association of the pilots may say.",
        "An older line.",
        "From now on we keep our ships in port.",
        "--\nJon",
    ]
    assert quotes(document)[1] == ("An older line.", 2)


def test_a_space_that_is_no_part_of_flowing_text():
    assert plain_text("海峡 \n开放", flowed=True, delete_space=True)[0] == "海峡开放"


def test_html_is_read_where_the_plain_text_only_points_to_it(files):
    document = read_file(files / "email" / "html_attached.eml")
    assert document.title == "Лист з порту"
    assert document.text.startswith("Letter from the harbour\n\nПорт відновить роботу")
    assert "Preheader" not in document.text and "view this message" not in document.text
    assert quotes(document) == [("Ми готові.", 1)]
    assert document.warnings == ("What is attached was not read: “schedule.pdf”, “An older letter”.",)


def test_substantial_plain_text_is_preferred():
    document = read(
        parts(part("text/plain", TEXT), part("text/html", f"<p>{TEXT} <b>Now.</b></p>"), kind="alternative")
    )
    assert document.text == TEXT


def test_attached_text_is_not_the_message():
    attached = part("text/plain", "Other text", "Content-Disposition: attachment; filename=notes.txt\r\n")
    document = read(parts(part("text/plain", TEXT), attached))
    assert (document.text, document.warnings) == (TEXT, ("What is attached was not read: “notes.txt”.",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short lines\nof a poem\nstay as they are", "short lines\nof a poem\nstay as they are"),
        (f"{'word ' * 14}well-\nknown end of the line", f"{'word ' * 14}well-known end of the line"),
        (f"{'字' * 60}\n{'字' * 30}", "字" * 90),
        (f"{'word ' * 40}\n{'word ' * 40}end", f"{('word ' * 40).strip()}\n{'word ' * 40}end"),
        (f"{'word ' * 15}\n1. An item\n2. Another", f"{('word ' * 15).strip()}\n1. An item\n2. Another"),
        (f"{'word ' * 15}\nDate: a header", f"{('word ' * 15).strip()}\nDate: a header"),
        (">From the harbour", "From the harbour"),
    ],
)
def test_only_lines_broken_at_the_margin_are_joined(text, expected):
    assert plain_text(text)[0] == expected


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("text/plain; charset=koi8-r", "Порт открыт сегодня".encode("koi8-r")),
        ("text/plain; charset=no-such-thing", "Порт открыт сегодня".encode()),
        ("text/plain; charset=us-ascii", "Порт открыт сегодня".encode()),
        ("text/plain; charset=punycode", "Порт открыт сегодня".encode()),
        ("text/plain", "Порт открыт сегодня".encode()),
    ],
)
def test_letters_are_right_whatever_the_part_declares(kind, data):
    assert read(message(kind, "", "Content-Transfer-Encoding: 8bit\r\n") + data).text == "Порт открыт сегодня"


@pytest.mark.parametrize(
    "data",
    [
        message("application/pkcs7-mime; smime-type=enveloped-data", "AAAA"),
        parts(part("application/pgp-encrypted", "Version: 1"), kind="encrypted"),
        message("text/plain", "-----BEGIN PGP MESSAGE-----\r\n\r\nabc"),
    ],
)
def test_encrypted_messages_say_so(data):
    with pytest.raises(DocumentReadError, match="is encrypted or sealed"):
        read(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "holds no message"),
        (b"\x00\xff" * 1000, "holds no message"),
        (message("text/plain; " + "(" * 19_000, TEXT), "holds no message"),
        (message("text/plain", " \r\n"), "has no text of its own"),
        (parts(part("application/pdf", "x")), "has no text of its own"),
        (message("text/html", "<img src=x>"), "has no text of its own"),
    ],
)
def test_what_has_no_text_is_refused(data, reason):
    with pytest.raises(DocumentReadError, match=reason):
        read(data)


BROKEN_HEADERS = [
    "Subject: =?utf-8?Q?=FF=FE?= =?nonsense?X?abc?=\r\n",
    "Subject: =?utf-8?B?A?=\r\n",
    "Date: never\r\n",
    "Date: Tue, 99 Mar 2024 99:15:00 +9999\r\n",
    'To: <<>>, @@, =?x?y?z?=, "\r\n',
    "Cc: " + "a@b.example, " * 20_000 + "\r\n",
    'Content-Disposition: ;;;="\r\n',
    "Content-Type: text/plain; charset=\"=?utf-8?Q?x?=\"; x*0*=a'b'%ZZ\r\n",
    "Content-Transfer-Encoding: base65\r\n",
    "Content-Language: \x01\r\n",
    "Message-ID: <[]>\r\n",
    "To: " + "(" * 19_000 + "\r\n",
    "Content-Type: text/plain; " + "a=b; " * 50_000 + "\r\n",
    "Subject: \udcff\udcfe\r\n",
]


@pytest.mark.parametrize("header", BROKEN_HEADERS)
def test_broken_headers_do_no_harm(header):
    data = f"From: a@ports.example\r\n{header}\r\n{TEXT}".encode("utf-8", "surrogateescape")
    document = read(data)
    assert document.text == TEXT
    assert document.title.encode() and str(document.metadata).encode()


def test_characters_that_cannot_be_stored_are_dropped():
    assert read(message("text/plain", TEXT.replace(" ", "\0 "))).text == TEXT


def test_a_header_without_end_is_dropped():
    document = read(message("text/plain", TEXT, "Cc: " + "a@b.example, " * 20_000 + "\r\n"))
    assert document.metadata == {"from": "a@ports.example"}


def test_hostile_messages_end_in_a_child_that_lives():
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(3000))
    files = {
        "nested.eml": f"{HEAD}{nested}Content-Type: text/plain\r\n\r\n{TEXT}".encode(),
        "quotes.eml": message("text/plain", ">" * 100_000 + f"\r\n{TEXT}"),
        "wide.eml": message("text/plain", f"{TEXT}\r\n" * 100_000),
        "parts.eml": parts(part("text/plain", TEXT), *[part("text/plain", "x")] * 5000),
        "base64.eml": message("text/plain", "A" * 1_000_000, "Content-Transfer-Encoding: base64\r\n"),
    }
    with ParserPool(1) as pool:
        for name, data in files.items():
            try:
                [document] = pool.read(name, data).result()
                assert TEXT in document.text, name
            except DocumentReadError as error:
                assert type(error) is DocumentReadError, name
        [document] = pool.read("good.eml", message("text/plain", TEXT)).result()
    assert document.text == TEXT
