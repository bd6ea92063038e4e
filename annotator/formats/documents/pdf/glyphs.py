"""The glyphs, rules and links of one PDF page, as pdfminer's interpreter draws them.

pdfplumber makes a dictionary of each glyph, which takes longer than interpreting the page. This device keeps what the
reader needs and nothing else; its boxes are those that pdfplumber gives for the same glyphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Any, NamedTuple

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import list_value, resolve1, stream_value
from pdfminer.psparser import PSLiteral

from annotator.formats.documents.pdf.actual_text import actual_text, replacement
from annotator.formats.documents.pdf.frame import (
    DOWNWARD,
    UPRIGHT,
    UPSIDE_DOWN,
    UPWARD,
    Edges,
    PageFrame,
    displayed,
    frame_of,
    to_reading,
)
from annotator.formats.documents.pdf.letters import UNMAPPED, style_of, text_of, with_letters
from annotator.formats.documents.pdf.limits import (
    MAXIMUM_CONTENT,
    MAXIMUM_GLYPHS,
    MAXIMUM_REPEATED,
    PdfLimitError,
)
from annotator.formats.documents.pdf.open import resolved
from annotator.formats.documents.pdf.structure_tags import StructureTree

STRETCH = "\ufdd0"
"""A glyph that only lengthens an Arabic word; a code point that no text holds."""

_MAXIMUM_RULES = 20_000
_SHORTEST_RULE = 4.0
_STRAIGHT = 0.5
_CALL = 100
_SMALLEST = 0.1
_STEP = 10_000
_SKEW = 0.35
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_FEWEST_ARABIC = 8
_MOST_STRETCHES = 2
_NO_WIDTH = 0.02
_WHITES = (1, 1.0, (1, 1, 1), (0, 0, 0, 0))


class Glyph(NamedTuple):
    """A drawn character, or ligature of several, in reading coordinates and PDF points.

    `mark` is the number of the paragraph that the file's tags put it in, or 0.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    style: int
    is_furniture: bool
    mark: int = 0


@dataclass(slots=True, eq=False)
class PageContent:
    """What one page shows. `glyphs` are in drawing order by direction; `rules` and `links` in displayed coordinates."""

    frame: PageFrame
    glyphs: dict[int, list[Glyph]] = field(default_factory=dict)
    slanted: list[str] = field(default_factory=list)
    rules: list[Edges] = field(default_factory=list)
    links: list[tuple[Edges, str]] = field(default_factory=list)
    unmapped: int = 0
    has_picture: bool = False
    is_cut: bool = False


def read_page(
    page: Any, manager: PDFResourceManager, progress: Callable[[], None], tags: StructureTree | None = None
) -> PageContent:
    """Carry out a page of pdfminer; `progress` is called each time that much has been drawn.

    Raises:
        PdfLimitError: The page draws more than any honest page.
        Exception: One of `pdf_open.BROKEN`, where the page is damaged.
    """
    content = PageContent(frame_of(page))
    device = _GlyphDevice(manager, content, progress)
    if tags:
        device.follow(tags, page)
    _Interpreter(manager, device).process_page(page)
    device.mark_stretches()
    content.links = _links(page, content.frame)
    return content


class _Tag(NamedTuple):
    """A marked stretch that is open.

    `starts` are the numbers of glyphs by direction that were drawn before it, `mark` is that of the stretch around it.
    """

    is_furniture: bool
    text: str | None
    starts: dict[int, int]
    mark: int


class _Interpreter(PDFPageInterpreter):
    """Stops where a page has no end: the same drawn again and again, or more than fits the time for a page."""

    def __init__(self, rsrcmgr: PDFResourceManager, device: _GlyphDevice) -> None:
        super().__init__(rsrcmgr, device)
        self._glyph_device = device

    def dup(self) -> _Interpreter:
        return _Interpreter(self.rsrcmgr, self._glyph_device)

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802
        """Begin a marked stretch; its properties may stand among the page's resources."""
        if isinstance(props, PSLiteral):
            named = resolved(self.resources.get("Properties"))
            props = resolved(named.get(props.name)) if isinstance(named, dict) else None
        super().do_BDC(tag, props)

    def execute(self, streams: Sequence[object]) -> None:
        super().execute([stream for stream in map(stream_value, streams) if self._glyph_device.admit(stream)])


class _GlyphDevice(PDFTextDevice):
    def __init__(self, manager: PDFResourceManager, content: PageContent, progress: Callable[[], None]) -> None:
        super().__init__(manager)
        self._content = content
        self._frame = content.frame
        self._fonts: dict[Any, tuple[int, float, dict[int, tuple[str, float]]]] = {}
        self._progress = progress
        self._count = 0
        self._paths = 0
        self._left = MAXIMUM_CONTENT
        self._repeated = 0
        self._carried_out: set[int] = set()
        self._unmapped: dict[Any, list[tuple[int, int, int]]] = {}
        self._tags: list[_Tag] = []
        self._furniture_depth = 0
        self._replaced_depth = 0
        self._structure: StructureTree | None = None
        self._elements: Sequence[Any] = ()
        self._mark = 0
        self._form_depth = 0

    def follow(self, tags: StructureTree, page: Any) -> None:
        """Take the paragraphs of glyphs from the tags of the file."""
        self._structure, self._elements = tags, tags.elements(page)

    def admit(self, stream: Any) -> bool:
        """Say whether a stream of drawing orders may be carried out; its data are cut where the page's share ends."""
        data = stream.get_data()
        if stream.objid in self._carried_out:
            self._repeated += len(data) + _CALL
            if self._repeated > MAXIMUM_REPEATED:
                raise PdfLimitError
            return True
        self._carried_out.add(stream.objid)
        if len(data) > self._left:
            stream.data = data[: self._left]
            self._content.is_cut = True
        self._left -= len(stream.data)
        return bool(stream.data)

    def begin_tag(self, tag: PSLiteral, props: Any = None) -> None:
        is_furniture = tag.name == "Artifact" and isinstance(props, dict) and _is_pagination(props)
        text = None if self._replaced_depth else actual_text(props)
        starts = {} if text is None else {way: len(glyphs) for way, glyphs in self._content.glyphs.items()}
        self._tags.append(_Tag(is_furniture, text, starts, self._mark))
        number = props.get("MCID") if isinstance(props, dict) else None
        if self._structure and isinstance(number, int) and 0 <= number < len(self._elements) and not self._form_depth:
            self._mark = self._structure.mark(self._elements[number])
        self._furniture_depth += is_furniture
        self._replaced_depth += text is not None

    def end_tag(self) -> None:
        if not self._tags:
            return
        tag = self._tags.pop()
        self._furniture_depth -= tag.is_furniture
        self._mark = tag.mark
        if tag.text is not None:
            self._replaced_depth -= 1
            self._replace(tag.text, tag.starts)

    def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
        self._form_depth += 1

    def end_figure(self, name: str) -> None:
        self._form_depth -= 1

    def _replace(self, text: str, starts: dict[int, int]) -> None:
        """Put one glyph with this text in the place of those that were drawn since, if they stand in one direction."""
        drawn = [way for way, glyphs in self._content.glyphs.items() if len(glyphs) > starts.get(way, 0)]
        if len(drawn) != 1:
            return
        glyphs, start = self._content.glyphs[drawn[0]], starts.get(drawn[0], 0)
        group = glyphs[start:]
        letters = replacement(text, [(g.text, (g.left, g.top, g.right, g.bottom), g.baseline, g.size) for g in group])
        del glyphs[start:]
        if letters is None:
            glyphs.extend(glyph for glyph in group if glyph.text)
            return
        for found in self._unmapped.values():
            found[:] = [(cid, way, place) for cid, way, place in found if way != drawn[0] or place < start]
        if letters:
            # A mark stands on no baseline, and its own place, which has no width, may lie beside its letter.
            largest = max(group, key=lambda glyph: glyph.right - glyph.left)
            group = [glyph for glyph in group if glyph.right - glyph.left > _NO_WIDTH * glyph.size] or group
            edges = {
                "left": min(glyph.left for glyph in group),
                "top": min(glyph.top for glyph in group),
                "right": max(glyph.right for glyph in group),
                "bottom": max(glyph.bottom for glyph in group),
            }
            glyphs.append(largest._replace(text=with_letters(letters), **edges))

    def render_image(self, name: str, stream: Any) -> None:
        self._content.has_picture = True

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        self._count += 1
        if not self._count % _STEP:
            self._progress()
        if self._count > MAXIMUM_GLYPHS:
            raise PdfLimitError
        known = self._fonts.get(font)
        if known is None:
            known = self._fonts[font] = (style_of(font), font.get_descent(), {})
        style, descent, characters = known
        found = characters.get(cid)
        if found is None:
            found = characters[cid] = (text_of(font, cid), font.char_width(cid))
        text, width = found
        advance = width * fontsize * scaling
        if text or self._replaced_depth:
            if font.is_vertical():
                edges = _vertical_edges(font.char_disp(cid), fontsize, rise, advance)
            else:
                edges = (0, descent * fontsize + rise, advance, (descent + 1) * fontsize + rise)
            direction = self._add(text, matrix, edges, fontsize, style, font.is_vertical())
            if text == UNMAPPED and direction is not None:
                place = len(self._content.glyphs[direction]) - 1
                self._unmapped.setdefault(font, []).append((cid, direction, place))
        return advance

    def mark_stretches(self) -> None:
        """Mark the glyphs that stretch Arabic words to the full line: they stand for no letter of the text.

        Such a glyph is the only one of its font that the file does not explain, among Arabic letters that it does.
        """
        for font, found in self._unmapped.items():
            texts = [text for text, _ in self._fonts[font][2].values()]
            is_arabic = sum(bool(_ARABIC.match(text)) for text in texts) >= _FEWEST_ARABIC
            if is_arabic and len({cid for cid, _, _ in found}) <= _MOST_STRETCHES:
                for _, direction, place in found:
                    glyphs = self._content.glyphs[direction]
                    glyphs[place] = glyphs[place]._replace(text=STRETCH)
        for glyphs in self._content.glyphs.values():
            self._content.unmapped += sum(glyph.text == UNMAPPED for glyph in glyphs)

    def _add(self, text: str, matrix: Any, edges: Any, fontsize: float, style: int, is_vertical: bool) -> int | None:
        """Keep a glyph and return its direction, or None where it is outside the page or set askew."""
        a, b, c, d, e, f = matrix
        x0, y0, x1, y1 = edges
        xs = (a * x0 + c * y0 + e, a * x1 + c * y0 + e, a * x0 + c * y1 + e, a * x1 + c * y1 + e)
        ys = (b * x0 + d * y0 + f, b * x1 + d * y0 + f, b * x0 + d * y1 + f, b * x1 + d * y1 + f)
        frame = self._frame
        left, right = min(xs) + frame.shift_x, max(xs) + frame.shift_x
        base = frame.height + frame.shift_y
        top, bottom = base - max(ys), base - min(ys)
        shown = frame.shown
        size = hypot(c, d) * abs(fontsize)
        if size < _SMALLEST or not (
            shown.left < (left + right) / 2 < shown.right and shown.top < (top + bottom) / 2 < shown.bottom
        ):
            return None
        direction = DOWNWARD if is_vertical else _direction(a, b, d, fontsize)
        if direction is None:
            self._content.slanted.append(text)
            return None
        baseline = base - f
        if direction != UPRIGHT:
            across = e + frame.shift_x
            baseline = (baseline, across, -baseline, -across)[direction]
            left, top, right, bottom = to_reading((left, top, right, bottom), direction)
        glyph = Glyph(text, left, top, right, bottom, baseline, size, style, self._furniture_depth > 0, self._mark)
        self._content.glyphs.setdefault(direction, []).append(glyph)
        return direction

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
        self._paths += 1
        if not self._paths % _STEP:
            self._progress()
        if len(self._content.rules) > _MAXIMUM_RULES or not (stroke or _is_visible(graphicstate.ncolor)):
            return
        begin = previous = None
        for operator, *numbers in path:
            if operator == "h":
                point = begin
            else:
                x, y = numbers[-2:]
                point = self._point(x, y)
            if operator == "m":
                begin = point
            elif operator in "lh" and previous is not None and point is not None:
                self._add_rule(previous, point)
            previous = point

    def _point(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.ctm  # type: ignore[misc]
        frame = self._frame
        return a * x + c * y + e + frame.shift_x, frame.height + frame.shift_y - (b * x + d * y + f)

    def _add_rule(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        left, right = sorted((one[0], other[0]))
        top, bottom = sorted((one[1], other[1]))
        width, height = right - left, bottom - top
        if min(width, height) <= _STRAIGHT and max(width, height) >= _SHORTEST_RULE:
            self._content.rules.append((left, top, right, bottom))


def _direction(a: float, b: float, d: float, fontsize: float) -> int | None:
    """Return where the text runs to, or None for text that is set askew, as a watermark is."""
    if fontsize < 0:
        a, b, d = -a, -b, -d
    along, across = abs(a), abs(b)
    if across <= _SKEW * along:
        # A page that is mirrored twice has negative factors in both; mirrored letters keep their order.
        return UPSIDE_DOWN if a < 0 and d < 0 else UPRIGHT
    if along <= _SKEW * across:
        return UPWARD if b > 0 else DOWNWARD
    return None


def _vertical_edges(displacement: Any, fontsize: float, rise: float, advance: float) -> Edges:
    shift_x, shift_y = displacement
    x = fontsize * 0.5 if shift_x is None else shift_x * fontsize * 0.001
    y = (1000 - shift_y) * fontsize * 0.001
    return -x, y + rise + advance, -x + fontsize, y + rise


def _is_pagination(properties: dict[str, Any]) -> bool:
    kind = resolve1(properties.get("Type"))
    return isinstance(kind, PSLiteral) and kind.name == "Pagination"


def _is_visible(color: Any) -> bool:
    return color not in _WHITES


def _links(page: Any, frame: PageFrame) -> list[tuple[Edges, str]]:
    """Return the areas of the page that lead to an address. A damaged one is passed over."""
    links = []
    for reference in list_value(page.annots):
        annotation = resolve1(reference)
        if not isinstance(annotation, dict):
            continue
        action = resolve1(annotation.get("A"))
        address = resolve1(action.get("URI")) if isinstance(action, dict) else None
        corners = [resolve1(number) for number in list_value(annotation.get("Rect"))]
        if (
            isinstance(address, bytes)
            and len(corners) == 4
            and all(isinstance(number, int | float) for number in corners)
        ):
            links.append((displayed(frame, corners), address.decode("utf-8", "replace").strip("\x00 ")))
    return links
