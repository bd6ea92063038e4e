"""Reports and the page about the project, gathered from a real one."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.basis import hull_of
from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.codebook_edits import with_entry
from annotator.core.errors import NotFoundError, RefusedError, UserError
from annotator.core.records import Annotator, Decision, Release, Round
from annotator.core.report import PageBlock
from annotator.core.structure import FormatRange, Structure
from annotator.formats.documents.source import SourceFile
from annotator.formats.registry import read_documents
from annotator.session.people import Person
from annotator.session.progress import Cancel, Cancelled
from annotator.session.report_documents import blocks_of
from annotator.session.session import Session
from annotator.session.verb import Outcome
from tests.formats.pdf_samples import lines, pages_pdf
from tests.support import PERSON, TEXT, add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def tagged(session: Session) -> str:
    document = add_document(session).id
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    values = {"speaker": "The alliance", "strength": "firm"}
    pledge = session.annotations.tag(document, labels["pledge"], [(18, 45)], values, "Why *this*")
    condition = session.annotations.tag(document, labels["condition"], [(46, 54), (59, 67)])
    session.relations.relate(condition.id, "conditions", pledge.id)
    session.notes.write("document", document, "Read **twice**")
    return document


def texts(blocks: list[PageBlock]) -> str:
    return "\n".join("\n".join((block.text, *map(" | ".join, block.rows))) for block in blocks)


def test_a_report_holds_what_is_tagged_in_words(session: Session) -> None:
    tagged(session)
    report = session.reports.collect(created="2031-02-03")
    (document,) = report.documents
    pledge, condition = document.spans
    assert (pledge.number, pledge.quote, pledge.place, pledge.note) == (1, TEXT[18:45], "¶ 2", "Why *this*")
    assert ("Speaker", "The alliance") in pledge.attributes
    assert ("Strength", "Firm") in pledge.attributes
    assert condition.quote == f"{TEXT[46:54]} … {TEXT[59:67]}"
    assert [(link.name, link.other, link.outgoing) for link in condition.links] == [("Conditions", 1, True)]
    assert [(link.name, link.other, link.outgoing) for link in pledge.links] == [("Conditions", 2, False)]
    assert document.notes == (("Analyst A", "Read **twice**"),)
    assert {label.name: label.count for label in report.labels}["Pledge"] == 1
    assert dict(report.facts)["Spans"] == "2"
    assert report.title == "Summit statement"


def test_layers_are_chosen_as_for_an_export(session: Session, project_path: Path) -> None:
    document = tagged(session)
    session.close()
    with Session(project_path, OTHER) as other:
        label = other.queries.codebook().labels[0].id
        other.annotations.tag(document, label, [(0, 6)])
    with Session(project_path, PERSON) as again:
        with pytest.raises(UserError, match="Several layers"):
            again.reports.collect()
        both = again.reports.collect(layer="all")
        assert {span.layer for span in both.documents[0].spans} == {"Analyst A", "Analyst B"}
        one = again.reports.collect(layer="Analyst B")
        assert [(span.quote, span.layer) for span in one.documents[0].spans] == [("Summit", "")]


def test_an_analyst_gets_no_report_on_the_work_of_others(session: Session, project_path: Path) -> None:
    tagged(session)
    join_as_analyst(session)
    session.close()
    with Session(project_path, OTHER, write=False) as other:
        with pytest.raises(RefusedError, match="not released"):
            other.reports.collect(layer="Analyst A")
        assert other.reports.collect().documents[0].spans == ()


def test_documents_are_chosen_by_id_status_and_search(session: Session) -> None:
    first = tagged(session)
    second = add_document(session, "Another text about a harbour.", "Another").id
    session.documents.set_status(second, "done")
    collect = session.reports.collect
    assert [d.id for d in collect(documents=[second, second]).documents] == [second]
    assert [d.id for d in collect(statuses=["done"]).documents] == [second]
    assert [d.id for d in collect(statuses=["in_progress", "new"]).documents] == [first]
    assert [d.id for d in collect(words="harbour").documents] == [second]
    with pytest.raises(RefusedError, match="no document to report on"):
        collect(words="nowhere")
    with pytest.raises(NotFoundError):
        collect(documents=["00000000-0000-4000-8000-000000000000"])


def test_gathering_tells_how_far_it_is_and_stops(session: Session) -> None:
    tagged(session)
    add_document(session, "Another text.", "Another")
    cancel = Cancel()

    def stop(done: int, total: int, title: str) -> None:
        assert total == 2
        cancel.request()

    with pytest.raises(Cancelled):
        session.reports.collect(progress=stop, cancel=cancel)


def test_a_decision_stands_beside_its_span_and_among_the_precedents(session: Session) -> None:
    with_gold(session)
    decision = next(one for one in session.reading.rows.all(Decision) if one.kind != "relation")
    session.review.explain(decision.id, "The modal belongs to it")
    session.review.keep_precedent(decision.id, session.queries.label_named("pledge").id)
    report = session.reports.collect()
    said = [one.decision for one in report.documents[0].spans]
    assert "only one version: The modal belongs to it" in said
    page = texts(session.reports.about())
    assert f"Pledge: “{TEXT[decision_hull(decision)]}” (Summit statement) – only one version: The modal" in page


def test_a_decision_that_left_nothing_is_told(session: Session, project_path: Path) -> None:
    document = tagged(session)
    session.documents.set_status(document, "done")
    session.close()
    with Session(project_path, OTHER) as other:
        other.documents.set_status(document, "done")
    with Session(project_path, PERSON) as again:
        case = next(one for one in again.queries.review().cases if one.case.start == 18)
        again.review.decide(document, case.case.id, "neither", reason="Too vague")
        report = again.reports.collect(layer="gold")
    assert report.documents[0].untagged == ((TEXT[18:45], "nothing was tagged: Too vague"),)
    assert report.documents[0].spans == ()


def decision_hull(decision: Decision) -> slice:
    return slice(*hull_of(decision.basis))


@pytest.mark.parametrize("name", ["html", "docx", "md"])
def test_every_format_is_made_of_a_read_only_project(
    session: Session, project_path: Path, name: str, tmp_path: Path
) -> None:
    tagged(session)
    session.close()
    with Session(project_path, PERSON, write=False) as reading:
        content = reading.reports.render(reading.reports.collect(created="2031-02-03"), name)
        assert content == reading.reports.render(reading.reports.collect(created="2031-02-03"), name)
        reading.reports.save(content, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == content


def test_a_report_never_takes_the_place_of_the_project(session: Session) -> None:
    before = session.path.read_bytes()
    with pytest.raises(RefusedError, match="project itself"):
        session.reports.save(b"x", session.path)
    assert session.path.read_bytes() == before
    with pytest.raises(NotFoundError, match="no kind of report"):
        session.reports.render(session.reports.collect(documents=[tagged(session)]), "rtf")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the owner may always write")
def test_a_folder_that_cannot_be_written_is_named(session: Session, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    with pytest.raises(UserError, match="may not write"):
        session.reports.save(b"x", tmp_path / "shut" / "out.html")


def test_lines_become_paragraphs_with_what_the_structure_says() -> None:
    text = "Title\n\nOne\n• Two\nThree"
    ranges = (FormatRange("heading", 0, 5, 2), FormatRange("list_item", 11, 16, 1, {"marker": "•"}))
    found = [(b.kind, text[b.start : b.end], b.number, b.level, b.marker) for b in blocks_of(text, Structure(ranges))]
    assert found == [
        ("heading", "Title", 1, 2, ""),
        ("paragraph", "One", 2, 0, ""),
        ("list_item", "• Two", 3, 1, "•"),
        ("paragraph", "Three", 4, 0, ""),
    ]


def test_agreement_is_in_the_report_where_it_may_be_seen(session: Session, project_path: Path) -> None:
    document = tagged(session)
    join_as_analyst(session)
    session.documents.set_status(document, "done")
    assert session.reports.collect().summary == ()
    session.close()
    with Session(project_path, OTHER) as other:
        pledge = other.queries.label_named("pledge").id
        other.annotations.tag(document, pledge, [(18, 45)])
        other.documents.set_status(document, "done")
        assert other.reports.collect().summary == ()
    with Session(project_path, PERSON) as again:
        summary = again.reports.collect(layer="all").summary
        page = again.reports.render(again.reports.collect(layer="all"), "html").decode()
    rows = next(block.rows for block in summary if block.header[:1] == ("Figure",))
    figures = {row[0]: row[1] for row in rows}
    assert figures["F1 of spans, strict: the same edges and label"].startswith("0.67")
    assert "nan" not in texts(list(summary)).casefold()
    assert "2 annotators in the round “production”" in texts(list(summary))
    assert "Analyst B" not in texts(list(summary))
    assert "F1 of spans, strict" in page


def test_a_span_of_a_pdf_stands_on_a_page(session: Session) -> None:
    data = pages_pdf([lines(700, ["We will provide air defence."]), lines(700, ["They condemned the attack."])])
    read = next(iter(read_documents(SourceFile("statement.pdf", data))))
    document = session.documents._add_pasted(read, data)
    label = session.queries.codebook().labels[0].id
    start = read.text.index("condemned")
    for fragments in ([(0, 7)], [(start, start + 9)], [(3, start + 9)]):
        session.annotations.tag(document.id, label, fragments)
    spans = session.reports.collect().documents[0].spans
    assert sorted((span.start, span.place) for span in spans) == [(0, "p. 1"), (3, "pp. 1–2"), (start, "p. 2")]


# -- about the project


def test_the_page_tells_what_whoever_takes_over_needs(session: Session) -> None:
    document = tagged(session)
    session.about.set_purpose("Find out *who* promised what.")
    session.diary.write("The pilot is done.")
    codebook = session.queries.codebook()
    session.codebooks.save(with_entry(codebook, replace(codebook.label_by_key("pledge"), definition="Another.")))
    session.releases.record("gold.jsonl", "jsonl", "ab" * 32, {"documents": 1, "spans": 2})
    blocks = session.reports.about()
    text = texts(blocks)
    assert [b.text for b in blocks if b.kind == "note"] == ["Find out *who* promised what.", "The pilot is done."]
    assert "production | in use | 0 of 1" in text
    assert "Version 2" in text
    assert "Pledge changed (definition)" in text
    assert f"{PERSON.id} | Analyst A | lead" in text
    assert f"gold.jsonl (jsonl, codebook version 2, 1 document, 2 spans) by Analyst A. SHA-256 {'ab' * 32}" in text
    assert "1 document that nobody has done" in text
    assert "1 span of “Pledge” tagged under another meaning" in text
    assert "1 note on a document" in text
    session.documents.set_status(document, "done")
    assert "nobody has done" not in texts(session.reports.about())


def test_names_are_for_leads(session: Session, project_path: Path) -> None:
    tagged(session)
    join_as_analyst(session)
    session.diary.write("The pilot is done.")
    session.close()
    with Session(project_path, OTHER) as other:
        other.coverage.mark_read(other.queries.documents()[0].document.id, 0, 5)
        text = texts(other.reports.about())
    assert "Analyst A" not in text
    assert PERSON.id in text
    with Session(project_path, PERSON) as again:
        assert "Analyst B" in texts(again.reports.about())
        assert "Analyst B" not in texts(again.reports.about(names=False))


def test_only_leads_write_purpose_and_diary(session: Session, project_path: Path) -> None:
    join_as_analyst(session)
    entry = session.diary.write("The pilot is done.")
    session.close()
    with Session(project_path, OTHER) as other:
        for write in (
            lambda: other.diary.write("x"),
            lambda: other.diary.edit(entry.id, "x"),
            lambda: other.diary.delete(entry.id),
            lambda: other.about.set_purpose("x"),
            lambda: other.releases.record("a", "jsonl", "0", {}),
        ):
            with pytest.raises(RefusedError, match="Only leads"):
                write()
    with Session(project_path, PERSON) as again:
        assert [one.body for one in again.diary.entries()] == ["The pilot is done."]


def test_an_entry_is_never_empty(session: Session) -> None:
    with pytest.raises(RefusedError, match="empty"):
        session.diary.write("  \n")
    entry = session.diary.write("x")
    with pytest.raises(RefusedError, match="empty"):
        session.diary.edit(entry.id, "")
    with pytest.raises(RefusedError, match="NUL"):
        session.diary.edit(entry.id, "a\0b")
    assert session.diary.edit(entry.id, "x") == entry


# -- releases


def with_gold(session: Session) -> str:
    document = tagged(session)
    session.documents.set_status(document, "done")
    session.review.approve(document)
    return document


def join_as_analyst(session: Session) -> None:
    change = ChangeSet("An analyst joins", made(Annotator(OTHER.id, OTHER.name, role="analyst")))
    session.perform(lambda: Outcome(change, None))


def releases(session: Session) -> list[Release]:
    return session.reading.rows.all(Release)


def test_an_export_is_a_release_once(session: Session, tmp_path: Path) -> None:
    with_gold(session)
    result = session.datasets.export(tmp_path / "gold.jsonl")
    (release,) = releases(session)
    assert (release.file, release.format, release.sha256) == ("gold.jsonl", "jsonl", result.sha256)
    assert {key: release.details[key] for key in ("documents", "spans", "relations", "gold")} == {
        "documents": 1,
        "spans": 2,
        "relations": 1,
        "gold": True,
    }
    assert release.codebook == session.queries.project().codebook
    session.datasets.export(tmp_path / "gold.jsonl")
    assert releases(session) == [release]
    session.datasets.export(tmp_path / "all.jsonl", layer="all")
    assert [one.details["gold"] for one in session.releases.all()] == [False, True]


def test_undo_passes_over_a_release(session: Session, tmp_path: Path) -> None:
    document = with_gold(session)
    label = session.queries.codebook().labels[0].id
    session.annotations.tag(document, label, [(0, 6)])
    count = len(session.queries.content(document).annotations)
    session.datasets.export(tmp_path / "gold.jsonl")
    session.history.undo()
    assert len(session.queries.content(document).annotations) == count - 1
    assert len(releases(session)) == 1


def test_a_project_that_can_only_be_read_exports_without_a_record(
    session: Session, project_path: Path, tmp_path: Path
) -> None:
    with_gold(session)
    session.close()
    with Session(project_path, PERSON, write=False) as reading:
        assert reading.datasets.export(tmp_path / "gold.jsonl").verified
        assert releases(reading) == []


def test_an_analyst_who_sees_gold_exports_without_a_record(
    session: Session, project_path: Path, tmp_path: Path
) -> None:
    with_gold(session)
    join_as_analyst(session)
    (first,) = session.reading.rows.all(Round)
    change = ChangeSet("Release the round", (RowChange(first, replace(first, released=True)),))
    session.perform(lambda: Outcome(change, None))
    session.close()
    with Session(project_path, OTHER) as other:
        assert other.datasets.export(tmp_path / "gold.jsonl", layer="gold").spans == 2
        assert releases(other) == []


def test_the_page_comes_with_every_export_and_no_loading_minds_it(session: Session, tmp_path: Path) -> None:
    tagged(session)
    session.about.set_purpose("Find out who promised what.")
    result = session.datasets.export(tmp_path / "own.jsonl")
    page = tmp_path / "own.about.md"
    assert page in result.files
    text = page.read_text("utf-8")
    assert "Find out who promised what." in text
    assert "Analyst A" not in text
    assert json.loads((tmp_path / "own.manifest.json").read_text("utf-8"))["counts"]["spans"] == 2
    assert session.datasets.load(tmp_path / "own.jsonl", dry_run=True).spans == 0
    session.datasets.export(tmp_path / "own.jsonl", names=True)
    assert "Analyst A" in page.read_text("utf-8")
