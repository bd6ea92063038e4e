"""One page of a PDF as lines, in the compact form that is kept until the whole file is read."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.core.pages import Box
from annotator.formats.documents.pdf.frame import Edges, from_reading, to_reading
from annotator.formats.documents.pdf.glyphs import PageContent
from annotator.formats.documents.pdf.lines import FIELDS, Line, lines_of
from annotator.formats.documents.pdf.tables import Grid, cell_finder, grids_of

_MOST_RULES = 200


@dataclass(slots=True, eq=False)
class PageLines:
    """The lines of one page that run the way most of its text does, from top to bottom.

    `direction` says which way that is; all lines and `edges` (the shown part of the page) are in its reading
    coordinates, also those `aside`, which run another way. `rules` are lying rules. `kinds` names those of the file's
    tags that lines have as `mark`, such as P or H1.
    """

    number: int
    shown: Box
    direction: int
    edges: Edges
    lines: list[Line]
    words: array[int] = field(default_factory=lambda: array("i"))
    aside: list[Line] = field(default_factory=list)
    rules: list[Edges] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    links: list[tuple[Edges, str]] = field(default_factory=list)
    slanted: str = ""
    has_picture: bool = False
    kinds: Mapping[int, str] = field(default_factory=dict)


def page_lines(number: int, content: PageContent) -> PageLines:
    """Return the lines of a page."""
    shown = content.frame.shown
    direction = max(content.glyphs, key=lambda way: len(content.glyphs[way]), default=0)
    edges = to_reading(shown, direction)
    rules = [to_reading(rule, direction) for rule in content.rules]
    grids = grids_of(rules, edges[2] - edges[0], edges[3] - edges[1])
    words = array("i")
    lines = lines_of(content.glyphs.get(direction, ()), words, cell_finder(grids) if grids else None)
    aside = []
    for way, glyphs in sorted(content.glyphs.items()):
        if way != direction:
            aside.extend(_turned(line, words, way, direction) for line in lines_of(glyphs, words))
    return PageLines(
        number,
        shown,
        direction,
        edges,
        lines,
        words,
        aside,
        [rule for rule in rules if rule[2] - rule[0] > rule[3] - rule[1]][:_MOST_RULES],
        grids,
        content.links,
        "".join(content.slanted),
        content.has_picture,
    )


def empty_page(number: int) -> PageLines:
    """Return a page that could not be read; A4, for want of better knowledge."""
    shown = Box(0, 0, 595, 842)
    return PageLines(number, shown, 0, (shown.left, shown.top, shown.right, shown.bottom), [])


def _turned(line: Line, words: array[int], direction: int, to: int) -> Line:
    """Return a line with its edges and boxes in the reading coordinates of another direction."""
    edges = (line.left, line.top, line.right, line.bottom)
    line.left, line.top, line.right, line.bottom = to_reading(from_reading(edges, direction), to)
    for place in range(line.first, line.last, FIELDS):
        turned = to_reading(from_reading(words[place + 2 : place + FIELDS], direction), to)
        words[place + 2 : place + FIELDS] = array("i", [round(edge) for edge in turned])
    return line
