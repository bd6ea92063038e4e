"""The style sheet of reports in HTML: on screen in light and dark, and on paper of any size."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.palette import tint
from annotator.core.report import ReportLabel, colour_of
from annotator.core.report_marks import MOST_LANES

_PATTERNS = {"solid": "solid", "dash": "dashed", "dot": "dotted"}
_TINT = 0.15
_PAPER, _NIGHT = "#ffffff", "#15181d"

_BASE = """
:root{--paper:#fff;--ink:#1c2330;--soft:#5b6472;--line:#e3e6eb;--shade:#f6f7f9;--link:#1d54bd}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:3.5rem 1.5rem 6rem;max-width:62rem;
 font:400 15px/1.55 Inter,"Segoe UI","SF Pro Text","Noto Sans","DejaVu Sans",system-ui,sans-serif}
h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:2.1rem;letter-spacing:-.015em}
h2{font-size:1.45rem;margin:3.5rem 0 .8rem;letter-spacing:-.01em}
h3{font-size:1.05rem;margin:2rem 0 .5rem}
h4{font-size:.95rem;margin:1.2rem 0 .3rem}
p{margin:.5rem 0}
a{color:var(--link);text-decoration:none}a:hover,a:focus{text-decoration:underline}
.kicker{font-size:.75rem;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin:0 0 .6rem}
.soft{color:var(--soft)}
dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1.2rem;margin:1rem 0;font-size:.9rem}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
ol.contents{list-style:none;padding:0;margin:.5rem 0;columns:1}
ol.contents a{display:flex;gap:1rem;justify-content:space-between;align-items:baseline;
 padding:.35rem 0;border-bottom:1px solid var(--line);color:inherit}
ol.contents span:last-child{color:var(--soft);font-size:.85rem;white-space:nowrap}
ul.legend{list-style:none;padding:0;margin:1rem 0;display:grid;
 grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.4rem 1.5rem}
ul.legend li{display:flex;gap:.6rem;align-items:center}
ul.legend .count{margin-inline-start:auto;color:var(--soft);font-variant-numeric:tabular-nums}
.sample{display:inline-block;min-width:2.6em;padding:0 .25em .12em;text-align:center;font-weight:650;font-size:.9em}
table{border-collapse:collapse;width:100%;font-size:.88rem;margin:.6rem 0 1rem}
th,td{text-align:start;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line);
 overflow-wrap:anywhere}
th{color:var(--soft);font-weight:500}
article{border-top:1px solid var(--line);margin-top:4rem;padding-top:2rem}
article>h2{margin-top:0}
.text{font-family:"Source Serif 4",Charter,Georgia,"Noto Serif","Noto Naskh Arabic","DejaVu Serif",serif;
 font-size:1.08rem;line-height:1.75;margin-top:1.5rem}
.row{display:grid;grid-template-columns:2.4rem minmax(0,38rem) minmax(0,1fr);column-gap:.9rem}
.row>.no{font:.68rem/1 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--soft);
 text-align:end;padding-top:.78rem;user-select:none}
.row>p,.row>h3,.row>h4{margin:.28rem 0;overflow-wrap:anywhere;unicode-bidi:isolate;
 text-align:start;grid-column:2}
.row>h3{font-size:1.15rem;margin:1.1rem 0 .3rem}.row>h4{font-size:1.05rem;margin:.9rem 0 .25rem}
.row>.quote{border-inline-start:3px solid var(--line);padding-inline-start:.9rem;color:var(--soft)}
.row>.item{padding-inline-start:1.6rem}.row>.item>.bullet{margin-inline-start:-1.4rem;padding-inline-end:.5rem}
.row>.small{font-size:.9em}.row>.spaced{white-space:pre-wrap}
.notes{grid-column:3;font:.8rem/1.45 Inter,"Segoe UI","Noto Sans","DejaVu Sans",system-ui,sans-serif;
 padding-inline-start:.4rem}
.notes>div{border-inline-start:2px solid var(--line);padding-inline-start:.7rem;margin:.35rem 0 .8rem;
 overflow-wrap:anywhere}
.notes p{margin:.15rem 0}
.m{border-bottom:2px solid transparent;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.d1{line-height:1.95}.d2{line-height:2.2}.d3{line-height:2.45}.d4{line-height:2.7}.d5{line-height:3}.d6{line-height:3.2}
a.n{font:650 .62em/1 Inter,"Segoe UI","Noto Sans","DejaVu Sans",system-ui,sans-serif;vertical-align:.55em;
 padding-inline:.1em .25em;user-select:none;unicode-bidi:isolate;white-space:nowrap}
ol.spans{list-style:none;padding:0;margin:.5rem 0}
ol.spans>li{display:grid;grid-template-columns:3.2rem minmax(0,1fr);column-gap:.9rem;padding:.8rem 0;
 border-bottom:1px solid var(--line)}
ol.spans .badge{font-weight:650;white-space:nowrap}

ul.untagged{list-style:none;padding:0;margin:.5rem 0}ul.untagged li{padding:.6rem 0;border-bottom:1px solid var(--line)}
blockquote{margin:0 0 .3rem;font-family:"Source Serif 4",Charter,Georgia,"Noto Serif","Noto Naskh Arabic",
 "DejaVu Serif",serif;font-size:1.02rem;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere;
 unicode-bidi:isolate;text-align:start}
.cite{font-size:.82rem;color:var(--soft);margin:.1rem 0}
.attributes{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:.25rem 0;font-size:.85rem;padding:0;list-style:none}
.attributes span{color:var(--soft)}
.note{margin:.4rem 0;padding:.45rem .8rem;background:var(--shade);border-radius:6px;font-size:.9rem}
.note p,.note pre{margin:.2rem 0}.note blockquote{font:inherit;border-inline-start:2px solid var(--line);
 padding-inline-start:.6rem}.note pre{white-space:pre-wrap}
code,pre{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em}
.page{max-width:46rem}.page ul{padding-inline-start:1.3rem;margin:.4rem 0}
.page li{margin:.25rem 0;overflow-wrap:anywhere}
@media (max-width:56rem){.row{grid-template-columns:1.8rem minmax(0,1fr)}.notes{grid-column:2}}
@page{margin:18mm 16mm 20mm;@bottom-center{content:counter(page);font:8pt sans-serif;color:#5b6472}}
@media print{
 body{padding:0;max-width:none;font-size:9.5pt}
 h1{font-size:20pt}h2{font-size:14pt;margin-top:1.6rem}
 a{color:inherit}
 .front{break-after:page}article{break-before:page;border:0;margin:0;padding:0}
 .text{font-size:10.5pt}.row{grid-template-columns:7mm minmax(0,1fr) 42mm}.notes{grid-column:3;font-size:7.5pt}
 .bare .row{grid-template-columns:7mm minmax(0,1fr)}
 h1,h2,h3,h4{break-after:avoid}ol.spans>li,.note,tr,ul.legend li{break-inside:avoid}
 p{orphans:2;widows:2}
 .m,.sample,.note{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
"""

_DARK = "--paper:#15181d;--ink:#e6e9ee;--soft:#a3acb9;--line:#2d333d;--shade:#1d2229;--link:#8ab4ff"


def style_sheet(labels: Sequence[ReportLabel]) -> str:
    """Return the whole style sheet. The labels' colours are written as #rrggbb whatever the project holds."""
    light = [_label_rules(number, label) for number, label in enumerate(labels)]
    dark = [_colours(number, colour_of(label.dark), _NIGHT) for number, label in enumerate(labels)]
    lanes = [f".k{lane}{{padding-bottom:{0.02 + 0.24 * lane:.2f}em}}" for lane in range(MOST_LANES)]
    night = f"@media screen and (prefers-color-scheme:dark){{:root{{{_DARK}}}{''.join(dark)}}}"
    return "\n".join([_BASE.strip(), *lanes, *light, night])


def _label_rules(number: int, label: ReportLabel) -> str:
    style = _PATTERNS.get(label.pattern)
    rules = _colours(number, colour_of(label.colour), _PAPER)
    if style:
        return f"{rules}.l{number}{{border-bottom-style:{style}}}"
    stops = "var(--c) 0 7px,transparent 7px 10px,var(--c) 10px 12px,transparent 12px 15px"
    return f"{rules}.l{number}{{border-image:repeating-linear-gradient(90deg,{stops}) 0 0 2}}"


def _colours(number: int, colour: str, ground: str) -> str:
    name = f".l{number}"
    return (
        f"{name}{{--c:{colour};border-bottom-color:{colour}}}{name}.in{{background:{tint(colour, ground, _TINT)}}}"
        f".c{number}{{color:{colour}}}"
    )
