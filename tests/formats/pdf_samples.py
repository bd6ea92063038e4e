"""Small PDFs made by hand: honest ones, broken ones, locked ones, and such as no reader should carry out."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_BOLD = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"
_ITALIC = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Oblique/Encoding/WinAnsiEncoding>>"
_RESOURCES = "/Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R>>>>"


def assemble(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a file of these objects, numbered from 1; the first one is the catalog."""
    data = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(data)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object's content."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def pages_pdf(
    contents: Sequence[str | bytes], page: str = "", trailer: bytes = b"", extra: Sequence[bytes] = ()
) -> bytes:
    """Return a file with a page for each stream of drawing orders; `page` goes into every page's dictionary.

    The fonts are F1 (Helvetica), F2 (bold) and F3 (italic); `extra` objects are numbered from 6.
    """
    first = 6 + len(extra)
    kids = " ".join(f"{first + 2 * place} 0 R" for place in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(contents)}/Kids[{kids}]>>".encode(),
        _FONT,
        _BOLD,
        _ITALIC,
        *extra,
    ]
    entries = page if "/Resources" in page else _RESOURCES + page
    for place, content in enumerate(contents):
        box = "" if "/MediaBox" in entries else "/MediaBox[0 0 612 792]"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}{entries}/Contents {first + 2 * place + 1} 0 R>>".encode())
        objects.append(stream(content.encode("cp1252") if isinstance(content, str) else content))
    return assemble(objects, trailer)


def text(x: float, y: float, words: str, font: str = "F1", size: float = 11) -> str:
    """Return the orders that draw words with their baseline at (x, y), counted from the lower left corner."""
    escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n"


def lines(
    first: float, words: Sequence[str], x: float = 72, font: str = "F1", size: float = 11, pitch: float = 13
) -> str:
    """Return the orders that draw lines below each other, the first one at the height `first`."""
    return "".join(text(x, first - place * pitch, line, font, size) for place, line in enumerate(words))


def text_pdf(words: str = "The ministers condemned the attack on the port.") -> bytes:
    """Return a page with one line."""
    return pages_pdf([text(72, 700, words)])


def scanned_pdf(pages: int = 1) -> bytes:
    """Return pages that each show one picture and no text."""
    picture = stream(b"\x80", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
    return pages_pdf(["q 612 0 0 792 0 0 cm /I Do Q"] * pages, "/Resources<</XObject<</I 6 0 R>>>>", extra=[picture])


def locked_pdf(password: str = "sesame") -> bytes:
    """Return a page that opens with the password alone (RC4 with a key of 40 bits)."""
    identity = b"0123456789abcdef"
    user = (password.encode("latin-1") + _PADDING)[:32]
    owner = _rc4(hashlib.md5(user).digest()[:5], user)
    key = hashlib.md5(user + owner + (0xFFFFFFFC).to_bytes(4, "little") + identity).digest()[:5]
    content = text(72, 700, "The protocol is confidential.").encode()
    secret = _rc4(hashlib.md5(key + b"\x06\0\0\0\0").digest()[:10], content)
    encryption = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (
        owner.hex().encode(),
        _rc4(key, _PADDING).hex().encode(),
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[5 0 R]>>",
        _FONT,
        encryption,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents 6 0 R>>",
        stream(secret),
    ]
    return assemble(objects, b"/Encrypt 4 0 R/ID[<%s><%s>]" % (identity.hex().encode(), identity.hex().encode()))


def unknown_lock_pdf() -> bytes:
    """Return a file that is locked by a handler that nobody knows."""
    return assemble(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>", b"<</Filter/Secret/V 9>>"],
        b"/Encrypt 3 0 R/ID[<00><00>]",
    )


def half_broken_pdf() -> bytes:
    """Return three pages of which the second one's font is damaged."""
    broken = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts 7>>"
    good = text(72, 500, "A sentence on a sound page.")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 3/Kids[5 0 R 6 0 R 7 0 R]>>",
        _FONT,
        broken,
        *(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 %d 0 R>>>>/Contents 8 0 R>>" % font
            for font in (3, 4, 3)
        ),
        stream(good.encode()),
    ]
    return assemble(objects)


def without_page_pdf() -> bytes:
    """Return a sound file that has no page."""
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"])


def wrong_table_pdf() -> bytes:
    """Return a readable file whose table of objects points nowhere."""
    data = text_pdf()
    head, _, tail = data.rpartition(b"startxref")
    return head + b"startxref\n999999999999\n" + tail[-6:]


def _nested(levels: int, repeats: int, innermost: bytes) -> bytes:
    """Return a page of forms within forms: each draws the next one `repeats` times."""
    first = 6
    forms = []
    for level in range(levels):
        resources = b"/Resources<</Font<</F1 3 0 R>>/XObject<</X %d 0 R>>>>" % (first + level + 1)
        content = b"/X Do " * repeats if level < levels - 1 else innermost
        forms.append(stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]" + resources))
    return pages_pdf(["/X Do"], "/Resources<</Font<</F1 3 0 R>>/XObject<</X 6 0 R>>>>", extra=forms)


def glyph_bomb() -> bytes:
    """Return a small file whose only page draws two million glyphs."""
    return _nested(4, 10, text(72, 700, "x" * 2000).encode())


def empty_bomb() -> bytes:
    """Return a small file that carries out some million forms that draw nothing."""
    return _nested(9, 10, b"q Q")


def path_bomb() -> bytes:
    """Return a small file whose page draws a million lines."""
    return _nested(4, 10, b"0 0 m 9 9 l S " * 1000)


def detailed_drawing() -> bytes:
    """Return a small file whose page holds six megabytes of lines behind one sentence."""
    content = text(72, 700, "The map shows the border.").encode() + b"0 0 m 9 9 l S " * 430_000
    return _packed(zlib.compress(content, 9), b"/Filter/FlateDecode")


def scattered_bomb() -> bytes:
    """Return a small file whose page holds some hundred thousand lone signs, among them accents and large letters."""
    signs = ["5", "x", "\\264", "T"]
    rows = []
    for row in range(250):
        size = 20 if row % 5 == 0 else 1
        gaps = "".join(f"({signs[(place + row) % 4]})-4000" for place in range(70 if size == 1 else 6))
        rows.append(f"BT /F1 {size} Tf 1 0 0 1 20 {780 - 3 * row} Tm [{gaps}] TJ ET\n")
    return _packed(zlib.compress("".join(rows).encode() * 4, 9), b"/Filter/FlateDecode")


def graph_paper() -> bytes:
    """Return a page of three thousand rules that cross each other."""
    rules = "".join(f"{n / 3} 0 m {n / 3} 700 l S 0 {n / 3} m 600 {n / 3} l S " for n in range(1490))
    return pages_pdf([rules + text(72, 300, "The border is closed.")])


def deep_forms() -> bytes:
    """Return forms that are nested a thousand levels deep."""
    return _nested(1000, 1, text(72, 700, "deep").encode())


def self_drawing_form() -> bytes:
    """Return a form that draws itself."""
    form = stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return pages_pdf(["/X Do"], "/Resources<</XObject<</X 6 0 R>>>>", extra=[form])


def flate_bomb() -> bytes:
    """Return a file of some kilobytes with a stream that unpacks twice, to half a gigabyte."""
    packer = zlib.compressobj(9)
    chunk = bytes(16 * 1024 * 1024)
    inner = b"".join(packer.compress(chunk) for _ in range(32)) + packer.flush()
    return _packed(zlib.compress(inner, 9), b"/Filter[/FlateDecode/FlateDecode]")


def run_length_bomb() -> bytes:
    """Return a stream that a byte-wise filter would unpack for minutes."""
    return _packed(zlib.compress(b"\x81a" * 20_000_000, 9), b"/Filter[/FlateDecode/RunLengthDecode]")


def damaged_stream_pdf() -> bytes:
    """Return a page whose packed content breaks off behind its first sentence."""
    content = (text(72, 700, "The beginning is sound.") + "% " + "padding " * 3000).encode()
    packed = bytearray(zlib.compress(content, 0))
    packed[-40:] = b"\xff" * 40
    return _packed(bytes(packed[:-2]), b"/Filter/FlateDecode")


def _packed(content: bytes, entries: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R>>"
    kids = b"<</Type/Pages/Count 1/Kids[4 0 R]>>"
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", kids, _FONT, page, stream(content, entries)])


def endless_table_pdf() -> bytes:
    """Return a file whose table of objects names itself as the one before."""
    data = text_pdf()
    place = data.rindex(b"xref\n0 ")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % place)


def page_loop_pdf() -> bytes:
    """Return a tree of pages that contains itself."""
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"])


def deep_array_pdf() -> bytes:
    """Return a page with an array of a hundred thousand levels."""
    return pages_pdf([b"[" * 100_000 + b"]" * 100_000 + b" TJ"])


def character_map_bomb() -> bytes:
    """Return a font whose map from codes to letters has four billion entries."""
    mapping = stream(
        b"/CMapName/X def begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange "
        b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    return pages_pdf([text(72, 700, "abc")], "/Resources<</Font<</F1 7 0 R>>>>", extra=[mapping, font])


def width_bomb() -> bytes:
    """Return a font that states the width of four billion glyphs."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/Odd/Encoding/Identity-H/DescendantFonts[7 0 R]>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Odd/W[0 4000000000 500]>>"
    content = "BT /F9 11 Tf 72 700 Td <00010002> Tj ET"
    return pages_pdf([content], "/Resources<</Font<</F9 6 0 R>>>>", extra=[font, descendant])


def unmapped_pdf() -> bytes:
    """Return a line of which five glyphs stand for letters that the file does not tell."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/Odd/Encoding/Identity-H/DescendantFonts[7 0 R]>>"
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Odd/DW 500/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/Odd/Flags 4/FontBBox[0 0 500 700]>>>>"
    )
    content = text(72, 700, "Signed by") + "BT /F9 11 Tf 1 0 0 1 130 700 Tm <00010002000300040005> Tj ET"
    return pages_pdf([content], "/Resources<</Font<</F1 3 0 R/F9 6 0 R>>>>", extra=[font, descendant])


def marked(number: int, content: str, tag: str = "P") -> str:
    """Return drawing orders as the marked stretch of this number of its page."""
    return f"/{tag} <</MCID {number}>> BDC\n{content}EMC\n"


def replaced(content: str, letters: str) -> str:
    """Return drawing orders that say which letters they stand for."""
    return f"/Span <</ActualText <FEFF{letters.encode('utf-16-be').hex()}>>> BDC\n{content}EMC\n"


def tagged_pdf(contents: Sequence[str], elements: Sequence[str], stretches: Sequence[Sequence[int]]) -> bytes:
    """Return a tagged file: `elements` are their kinds, `stretches` name for each page the element of each stretch.

    An element that is called “Span” is within the one before it.
    """
    first = 9
    pages = first + len(elements)
    kids = " ".join(f"{pages + 2 * place} 0 R" for place in range(len(contents)))
    numbers = " ".join(
        f"{page} [{' '.join(f'{first + element} 0 R' for element in found)}]" for page, found in enumerate(stretches)
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>>>",
        f"<</Type/Pages/Count {len(contents)}/Kids[{kids}]>>".encode(),
        _FONT,
        _BOLD,
        _ITALIC,
        b"<</Type/StructTreeRoot/K 7 0 R/ParentTree 8 0 R/RoleMap<</Standard/P>>>>",
        b"<</Type/StructElem/S/Document/P 6 0 R>>",
        f"<</Kids[<</Nums[{numbers}]>>]>>".encode(),
    ]
    for place, kind in enumerate(elements):
        parent = first + place - 1 if kind == "Span" else 7
        objects.append(f"<</Type/StructElem/S/{kind}/P {parent} 0 R>>".encode())
    for place, content in enumerate(contents):
        entries = f"/MediaBox[0 0 612 792]/StructParents {place}{_RESOURCES}/Contents {pages + 2 * place + 1} 0 R"
        objects.append(f"<</Type/Page/Parent 2 0 R{entries}>>".encode())
        objects.append(stream(content.encode("cp1252")))
    return assemble(objects)


def mapped_font(letters: Sequence[tuple[str, int]], to_unicode: int) -> tuple[bytes, bytes]:
    """Return a font and its map: code 65 and those after it stand for these letters, which are so wide.

    `to_unicode` is the number of the map's object; widths are in thousandths of the size.
    """
    widths = " ".join(str(width) for _, width in letters)
    font = (
        f"<</Type/Font/Subtype/TrueType/BaseFont/Own/FirstChar 65/LastChar {64 + len(letters)}/Widths[{widths}]"
        f"/ToUnicode {to_unicode} 0 R/FontDescriptor<</Type/FontDescriptor/FontName/Own/Flags 4/Ascent 800"
        "/Descent -200/FontBBox[0 -200 1000 800]>>>>"
    )
    lines = "".join(
        f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>\n" for code, (letter, _) in enumerate(letters, 65)
    )
    mapping = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(letters)} beginbfchar\n{lines}endbfchar\n"
        "endcmap end end"
    )
    return font.encode(), stream(mapping.encode())


def bitmap_font(codes: Sequence[int]) -> tuple[bytes, bytes]:
    """Return a font of bitmaps as TeX makes them, whose glyphs have numbers for names, and the drawing of a glyph."""
    names = " ".join(f"{code} /a{code}" for code in codes)
    procedures = " ".join(f"/a{code} 7 0 R" for code in codes)
    widths = " ".join("50" for _ in range(256))
    font = (
        f"<</Type/Font/Subtype/Type3/FirstChar 0/LastChar 255/Widths[{widths}]/FontBBox[0 -20 60 70]"
        f"/FontMatrix[0.01 0 0 0.01 0 0]/Encoding<</Type/Encoding/Differences[{names}]>>/CharProcs<<{procedures}>>"
        "/Resources<<>>>>"
    )
    return font.encode(), stream(b"50 0 0 0 50 70 d1 0 0 40 60 re f")


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    output = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        output.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(output)
