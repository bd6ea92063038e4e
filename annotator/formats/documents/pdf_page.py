"""One page of a PDF as lines, in the compact form that is kept until the whole file is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.core.pages import Box
from annotator.formats.documents.pdf_frame import Edges, to_reading
from annotator.formats.documents.pdf_glyphs import PageContent
from annotator.formats.documents.pdf_lines import Line, lines_of
from annotator.formats.documents.pdf_tables import Grid, cell_finder, grids_of


@dataclass(slots=True, eq=False)
class PageLines:
    """The lines of one page that run the way most of its text does, from top to bottom.

    `direction` says which way that is; all lines and `edges` (the shown part of the page) are in its reading
    coordinates. `aside` are lines that run another way, each with its direction. `rules` are lying rules.
    """

    number: int
    shown: Box
    direction: int
    edges: Edges
    lines: list[Line]
    aside: list[tuple[int, Line]] = field(default_factory=list)
    rules: list[Edges] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    links: list[tuple[Edges, str]] = field(default_factory=list)
    slanted: str = ""
    has_picture: bool = False


def page_lines(number: int, content: PageContent) -> PageLines:
    """Return the lines of a page."""
    shown = content.frame.shown
    direction = max(content.glyphs, key=lambda way: len(content.glyphs[way]), default=0)
    edges = to_reading(shown, direction)
    rules = [to_reading(rule, direction) for rule in content.rules]
    grids = grids_of(rules, edges[2] - edges[0], edges[3] - edges[1])
    aside = [
        (way, line) for way, glyphs in sorted(content.glyphs.items()) if way != direction for line in lines_of(glyphs)
    ]
    return PageLines(
        number,
        shown,
        direction,
        edges,
        lines_of(content.glyphs.get(direction, ()), cell_finder(grids) if grids else None),
        aside,
        [rule for rule in rules if rule[2] - rule[0] > rule[3] - rule[1]][:200],
        grids,
        content.links,
        "".join(content.slanted),
        content.has_picture,
    )
