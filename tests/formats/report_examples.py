"""A report with everything in it that could go wrong on paper."""

from __future__ import annotations

from annotator.core.report import PageBlock, Report, ReportBlock, ReportDocument, ReportLabel, ReportLink, ReportSpan

HOSTILE = "<script>alert('x')</script> & \"quotes\" \0 | \x1b[31m \u202egnp.exe\u202c\n# no heading\n=1+1\n- no item"

LABELS = (
    ReportLabel("p", "Pledge", "#0b7a5c", "#3ecf9f", "solid", "P", 2, "An undertaking.", ("hedged ones",)),
    ReportLabel("c", "<b>Condition</b>", "red;}*{display:none", "#e2a93b", "dash-dot", "C", 2, boundary="Cut *here*."),
    ReportLabel("u", "Unused", "#b93a0e", "#ff8a5c", "dot", "U"),
)


def document(text: str, spans: tuple[ReportSpan, ...], title: str = "A text", language: str = "en") -> ReportDocument:
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(ReportBlock("paragraph", start, start + len(line), len(blocks) + 1))
        start += len(line) + 1
    facts = (("Date", "2031-02-03"), ("Source", "https://example.org/?a=1&b=2"))
    notes, untagged = (("Analyst A", "A **note**"),), (("a <quote>", "nothing was tagged: too vague"),)
    return ReportDocument("d", title, language, facts, text, tuple(blocks), spans, notes, untagged)


def marked(text: str, number: int, label: str, words: str, **more: object) -> ReportSpan:
    start = text.index(words)
    return ReportSpan(number, label, ((start, start + len(words)),), words, "p. 3", **more)  # type: ignore[arg-type]


def example() -> Report:
    english = "We will provide air defence if the council agrees.\nThe second paragraph ends here."
    persian = "ما از اوکراین حمایت خواهیم کرد."
    ukrainian = "Ми надамо допомогу, якщо рада погодиться."
    link = ReportLink("conditions", 1, True, "<i>why</i>")
    documents = (
        document(
            english,
            (
                marked(
                    english, 1, "p", "We will provide air defence if the council agrees", note="See *why* <img src=x>"
                ),
                marked(
                    english,
                    2,
                    "c",
                    "if the council agrees",
                    links=(link,),
                    attributes=(("Speaker", "A | <b>B</b>"), ("Target", "Київ")),
                ),
            ),
        ),
        document(ukrainian, (marked(ukrainian, 1, "p", "Ми надамо допомогу"),), "Заява", "uk"),
        document(persian, (marked(persian, 1, "c", "حمایت خواهیم کرد", decision="changed: چرا"),), "بیانیه", "fa"),
        document(HOSTILE, (), "<img src=x onerror=alert(1)>"),
    )
    page = (
        PageBlock("heading", "About <this>", 1),
        PageBlock("note", "Purpose *and* <script>x</script>\n\n- one\n- two"),
        PageBlock("table", header=("Id", "Name"), rows=(("1", "=SUM(A1) | <b>"),)),
        PageBlock("item", "An item"),
        PageBlock("facts", rows=(("Codebook", "version 1"),)),
    )
    facts = (("Project", "A & B"), ("Spans", "4"))
    return Report("Report <1>", "2031-02-03", facts, LABELS, documents, page[2:3], page)
