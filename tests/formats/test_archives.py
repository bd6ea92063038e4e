import random
import stat
import struct
import zipfile
from io import BytesIO

import pytest

from annotator.core.errors import DocumentReadError
from annotator.formats.documents import archives
from annotator.formats.documents.archives import Archive

MEBIBYTE = 1024 * 1024


def packed(members, method=zipfile.ZIP_DEFLATED):
    """Return a ZIP of (name or ZipInfo, bytes) pairs."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for member, content in members:
            made.writestr(member, content)
    return target.getvalue()


def noise(size):
    return random.Random(4).randbytes(size)


def test_members_are_listed_in_order_without_folders_and_read():
    archive = Archive("a.docx", packed([("b.xml", b"<b/>"), ("folder/", b""), ("folder/a.xml", "ї".encode())]))
    assert archive.names() == ("b.xml", "folder/a.xml")
    assert archive.read("folder/a.xml").decode() == "ї"
    with pytest.raises(DocumentReadError, match=r"“a\.docx” lacks its part “c\.xml”"):
        archive.read("c.xml")


@pytest.mark.parametrize(
    "path",
    ["../a.xml", "a/../../b.xml", "/etc/hosts", "C:/a.xml", "c:a.xml", "word\\document.xml", "a\0.xml", "\\\\host\\a"],
)
def test_paths_that_lead_elsewhere_are_refused(path):
    placeholder = "x" * len(path)
    data = packed([(placeholder, b"<a/>")]).replace(placeholder.encode(), path.encode())
    with pytest.raises(DocumentReadError, match="has a path that leads out of it"):
        Archive("a.docx", data)


def test_two_dots_inside_a_name_are_no_path():
    assert Archive("a.epub", packed([("chapter..1.xml", b"<a/>")])).names() == ("chapter..1.xml",)


def test_links_are_refused():
    link = zipfile.ZipInfo("word/document.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DocumentReadError, match=r"“word/document\.xml” is a link"):
        Archive("a.docx", packed([(link, b"/etc/hosts")]))


def test_encrypted_members_are_refused():
    data = bytearray(packed([("a.xml", b"<a/>")], zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DocumentReadError, match="is locked with a password"):
        Archive("a.docx", bytes(data))


def test_unusual_compression_is_refused():
    with pytest.raises(DocumentReadError, match="is packed in an unusual way"):
        Archive("a.docx", packed([("a.xml", b"<a/>" * 1000)], zipfile.ZIP_LZMA))


def test_a_name_that_stands_there_twice_is_refused():
    data = packed([("a.xml", b"<a/>"), ("b.xml", b"<b/>")]).replace(b"b.xml", b"a.xml")
    with pytest.raises(DocumentReadError, match=r"“a\.xml” stands in it twice"):
        Archive("a.docx", data)


def test_too_many_entries_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAXIMUM_ENTRIES", 3)
    assert len(Archive("a.epub", packed([(f"{n}.xml", b"") for n in range(3)])).names()) == 3
    with pytest.raises(DocumentReadError, match="holds 4 parts and the limit is 3"):
        Archive("a.epub", packed([(f"{n}.xml", b"") for n in range(4)]))


def test_a_bomb_is_refused_by_its_ratio():
    archive = Archive("a.docx", packed([("small.xml", b" " * MEBIBYTE), ("bomb.xml", b" " * (8 * MEBIBYTE))]))
    assert len(archive.read("small.xml")) == MEBIBYTE
    with pytest.raises(DocumentReadError, match=r"unpacks to far more than it should \(its part “bomb\.xml”\)"):
        archive.read("bomb.xml")


def test_a_bomb_that_lies_about_its_size_is_refused():
    data = packed([("bomb.xml", b" " * (8 * MEBIBYTE))])
    lying = data.replace(struct.pack("<I", 8 * MEBIBYTE), struct.pack("<I", 100))
    assert lying != data
    with pytest.raises(DocumentReadError, match=r"unpacks to far more|is damaged or was cut off"):
        Archive("a.docx", lying).read("bomb.xml")


def test_the_size_of_one_entry_is_limited(monkeypatch):
    monkeypatch.setattr(archives, "MAXIMUM_ENTRY_BYTES", MEBIBYTE)
    archive = Archive("a.docx", packed([("a.xml", noise(MEBIBYTE)), ("b.xml", noise(MEBIBYTE + 1))]))
    assert len(archive.read("a.xml")) == MEBIBYTE
    with pytest.raises(DocumentReadError, match=r"its part “b\.xml”"):
        archive.read("b.xml")


def test_the_size_of_all_entries_is_limited_and_a_second_reading_is_free(monkeypatch):
    monkeypatch.setattr(archives, "MAXIMUM_BYTES", 2 * MEBIBYTE)
    archive = Archive("a.docx", packed([(f"{n}.xml", noise(MEBIBYTE)) for n in range(3)]))
    for member in ("0.xml", "0.xml", "1.xml", "1.xml", "0.xml"):
        archive.read(member)
    with pytest.raises(DocumentReadError, match=r"its part “2\.xml”"):
        archive.read("2.xml")


def test_a_truncated_archive_is_refused_wherever_it_ends():
    data = packed([("a.xml", noise(500)), ("b.xml", noise(500))])
    for length in range(0, len(data), 7):
        with pytest.raises(DocumentReadError, match="is damaged or was cut off"):
            Archive("a.docx", data[:length])


def test_damage_inside_a_member_is_found():
    data = packed([("a.xml", noise(500))], zipfile.ZIP_STORED)
    with pytest.raises(DocumentReadError, match="is damaged or was cut off"):
        Archive("a.docx", data.replace(noise(500)[:9], bytes(9))).read("a.xml")


def test_any_flipped_byte_ends_in_a_refusal_or_in_the_same_content():
    data = packed([("a.xml", b"<a>text</a>" * 20), ("b.xml", noise(200))])
    good = {b"<a>text</a>" * 20, noise(200)}
    for place in range(len(data)):
        damaged = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        try:
            archive = Archive("a.docx", damaged)
            contents = [archive.read(member) for member in archive.names()]
        except DocumentReadError:
            continue
        assert set(contents) <= good, place


def test_checked_returns_a_clean_archive_of_what_is_wanted():
    data = b"prefix" + packed([("word/document.xml", b"<a/>"), ("word/media/image1.png", noise(100)), ("x/", b"")])
    clean = Archive("a.docx", data).checked(lambda member: member.endswith(".xml"))
    assert clean.startswith(b"PK\x03\x04")
    with zipfile.ZipFile(BytesIO(clean)) as opened:
        assert opened.namelist() == ["word/document.xml"]
        assert opened.read("word/document.xml") == b"<a/>"


def test_checked_refuses_a_bomb_among_what_is_wanted_only():
    data = packed([("a.xml", b"<a/>"), ("bomb.bin", b" " * (8 * MEBIBYTE))])
    assert Archive("a.docx", data).checked(lambda member: member != "bomb.bin")
    with pytest.raises(DocumentReadError, match="unpacks to far more"):
        Archive("a.docx", data).checked()


def test_a_hostile_name_is_shown_tame():
    name = "../" + "a\u202eb" * 100
    with pytest.raises(DocumentReadError) as refusal:
        Archive("a.docx", packed([(name, b"")]))
    shown = str(refusal.value.fields["member"])
    assert "\u202e" not in shown and len(shown) <= 81
