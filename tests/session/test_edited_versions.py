"""An edited version of a document: what is sure moves, what is not waits, and nothing else is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.errors import DocumentReadError, NotFoundError, RefusedError, UserError
from annotator.core.ids import derived_id
from annotator.core.records import Annotation, Status
from annotator.core.text_edits import TextEdit
from annotator.session.lineage import older_versions
from annotator.session.people import Person
from annotator.session.progress import Cancel, Cancelled
from annotator.session.session import Session
from annotator.session.unplaced import unplaced_count, unplaced_spans
from tests.support import PERSON, add_document, add_lead, version_report

OLD = """Statement of the harbour towns

The mayors met on Monday and heard four reports about bridges, schools and roads of the northern coast.

We will send ten engineers to the coast before the winter begins. The council blames the ministry for its silence.

If the road stays open, the towns will deliver forty tonnes of steel by the end of March, as agreed last year.

Nobody signed for the islands, whose boats left the quay on Sunday evening in heavy rain."""

MOVED = "The council blames the ministry for its silence"
REWORDED = "We will send ten engineers to the coast"
OTHER = "Another text altogether, with enough words in it."
GONE = "Nobody signed for the islands"
CONDITION = "If the road stays open"
PLEDGE = "the towns will deliver forty tonnes of steel by the end of March"

NEW = OLD.replace("We will send ten engineers", "We intend to send engineers").replace(
    "Nobody signed for the islands, whose boats left the quay on Sunday evening in heavy rain.",
    "A dinner with music followed; photographs are on the web page.",
)
NEW = NEW.replace("Statement of", "Second statement of").replace("heard four reports", "heard five long reports")


class Stage:
    """A document with five annotations on it, a relation, notes, values and a status."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.document = add_document(session, OLD, "Harbour towns").id
        self.labels = {label.key: label.id for label in session.queries.codebook().labels}
        self.moved = self.tag("criticism", MOVED)
        self.reworded = self.tag("pledge", REWORDED, {"speaker": "The mayors"}, "vague")
        self.gone = self.tag("criticism", GONE)
        self.condition = self.tag("condition", CONDITION)
        self.pledge = self.tag("pledge", PLEDGE, {"strength": "firm"}, "steel")
        session.relations.relate(self.condition, "conditions", self.pledge)
        session.relations.relate(self.condition, "conditions", self.reworded)

    def tag(self, label: str, words: str, values: dict[str, str] | None = None, note: str = "") -> str:
        span = (OLD.index(words), OLD.index(words) + len(words))
        return self.session.annotations.tag(self.document, self.labels[label], [span], values, note).id

    def replace(self, text: str = NEW, **decisions: list[tuple[int, int]]) -> str:
        chosen = {getattr(self, name): fragments for name, fragments in decisions.items()}
        report = version_report(self.session, self.document, text)
        return self.session.documents.replace_by(report, chosen).document.id

    def quotes(self, document: str) -> list[str]:
        content = self.session.queries.content(document)
        return [content.quote(annotation) for annotation in sorted(content.annotations, key=lambda a: a.start)]

    def waiting(self, document: str) -> dict[str, list[str]]:
        text = self.session.queries.content(document).text
        return {
            span.anchor.quote: [text[p.fragments[0][0] : p.fragments[-1][1]] for p in span.candidates]
            for span in unplaced_spans(self.session, document)
        }


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def test_a_report_says_what_would_become_of_each_span_and_stores_nothing(stage: Stage) -> None:
    before = stage.session.reading.dump()
    report = version_report(stage.session, stage.document, NEW)
    assert (report.sure, report.unsure, report.lost) == (3, 1, 1)
    assert not report.is_unlike and 0.6 < report.similarity < 1
    assert stage.session.reading.dump() == before


def test_what_is_sure_moves_with_all_that_hangs_on_it(stage: Stage) -> None:
    before = stage.session.queries.content(stage.document)
    new = stage.replace()
    after = stage.session.queries.content(new)
    assert stage.quotes(new) == [MOVED, CONDITION, PLEDGE]
    pledge = derived_id(new, "of", stage.pledge)
    assert after.values[pledge] == before.values[stage.pledge] and after.notes == {pledge: "steel"}
    assert [(r.source, r.target) for r in after.relations] == [(derived_id(new, "of", stage.condition), pledge)]
    assert after.document.supersedes == stage.document and after.document.title == "Harbour towns"
    assert (after.document.file, stage.session.queries.source(new)) == ("edited.txt", NEW.encode())
    assert stage.session.queries.content(stage.document).annotations == before.annotations


def test_it_is_one_step(stage: Stage) -> None:
    before = stage.session.reading.dump()
    stage.replace()
    assert stage.session.history.entries()[0].title == "New version of “Harbour towns”"
    stage.session.history.undo()
    assert stage.session.reading.dump() == before


def test_what_is_not_sure_waits(stage: Stage) -> None:
    new = stage.replace()
    assert unplaced_count(stage.session, new) == 2
    assert stage.waiting(new) == {REWORDED: ["We intend to send engineers to the coast"], GONE: []}
    [span, _] = unplaced_spans(stage.session, new)
    assert span.note == "vague" and span.anchor.suffix.startswith(" before the winter")


def test_a_waiting_span_is_placed_with_what_hangs_on_it(stage: Stage) -> None:
    new = stage.replace()
    start = NEW.index("We intend to send engineers")
    placed = stage.session.annotations.place(stage.reworded, [(start, start + 27)])
    after = stage.session.queries.content(new)
    assert placed.id == derived_id(new, "of", stage.reworded) and stage.quotes(new)[0] == "We intend to send engineers"
    assert after.values[placed.id] == {"speaker": "The mayors"} and after.notes[placed.id] == "vague"
    assert {(r.source, r.target) for r in after.relations} == {
        (derived_id(new, "of", stage.condition), placed.id),
        (derived_id(new, "of", stage.condition), derived_id(new, "of", stage.pledge)),
    }
    assert unplaced_count(stage.session, new) == 1
    with pytest.raises(RefusedError, match="has its place already"):
        stage.session.annotations.place(stage.reworded, [(start, start + 27)])
    stage.session.annotations.delete([placed.id])
    assert unplaced_count(stage.session, new) == 1


def test_what_is_dismissed_does_not_come_back(stage: Stage) -> None:
    new = stage.replace()
    assert stage.session.annotations.dismiss_moved([stage.gone, stage.reworded]) == 2
    assert unplaced_count(stage.session, new) == 0
    stage.session.history.undo()
    assert unplaced_count(stage.session, new) == 2
    stage.session.history.redo()
    later = stage.session.documents.replace_by(version_report(stage.session, new, NEW + " The end.")).document.id
    assert stage.waiting(later) == {}
    with pytest.raises(RefusedError, match="was dismissed"):
        stage.session.annotations.dismiss_moved([stage.gone])


def test_what_waits_goes_on_waiting_in_the_next_version(stage: Stage) -> None:
    second = stage.replace()
    back = OLD.replace("Statement of", "Third statement of")
    third = stage.session.documents.replace_by(version_report(stage.session, second, back)).document.id
    assert stage.waiting(third) == {REWORDED: [REWORDED], GONE: [GONE]}
    [place] = unplaced_spans(stage.session, third)[0].candidates
    placed = stage.session.annotations.place(stage.reworded, place.fragments)
    relations = stage.session.queries.content(third).relations
    condition = derived_id(third, "of", derived_id(second, "of", stage.condition))
    assert (condition, placed.id) in {(r.source, r.target) for r in relations}
    assert len(older_versions(stage.session.reading, stage.session.queries.document(third))) == 2


def test_decisions_place_or_leave_out(stage: Stage) -> None:
    start = NEW.index("We intend")
    new = stage.replace(reworded=[(start, start + 9)], gone=[])
    assert stage.quotes(new) == ["We intend", MOVED, CONDITION, PLEDGE]
    assert unplaced_count(stage.session, new) == 0


def test_a_decision_outside_the_text_changes_nothing(stage: Stage) -> None:
    before = stage.session.reading.dump()
    with pytest.raises(UserError, match="outside the text"):
        stage.replace(gone=[(0, len(NEW) + 1)])
    assert stage.session.reading.dump() == before


def test_every_layer_moves_and_keeps_its_annotator(stage: Stage, project_path: Path) -> None:
    person = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
    add_lead(stage.session, person)
    stage.session.close()
    with Session(project_path, person) as other:
        report = version_report(other, stage.document, NEW)
        new = other.documents.replace_by(report).document.id
        assert {a.annotator for a in other.queries.content(new).annotations} == {PERSON.id}


@pytest.mark.parametrize(
    ("before", "after"), [("done", "in_progress"), ("returned", "returned"), ("approved", "in_progress")]
)
def test_what_was_done_is_in_progress_again(stage: Stage, before: str, after: str) -> None:
    stage.session.documents.set_status(stage.document, before)
    new = stage.replace()
    assert [s.status for s in stage.session.reading.rows.where(Status, "document", new)] == [after]


def test_what_was_read_stays_read_where_it_is_unchanged(stage: Stage) -> None:
    coverage = stage.session.coverage
    coverage.mark_read(stage.document, OLD.index("The mayors"), OLD.index("Nobody"))
    new = stage.replace()
    ranges = stage.session.reading.statements.rows(
        'SELECT "start", "end" FROM "read_range" WHERE "document" = ? ORDER BY "start"', (new,)
    )
    assert [NEW[start:end] for start, end in ranges] == [OLD.split("\n\n")[3]]


def test_values_of_the_document_come_along(stage: Stage) -> None:
    stage.session.documents.set_value(stage.document, "speaker", "The mayors")
    new = stage.replace()
    assert stage.session.queries.content(new).document_values == {"speaker": "The mayors"}


def test_removing_the_document_takes_what_waits(stage: Stage) -> None:
    before = stage.session.reading.dump()
    new = stage.replace()
    stage.session.documents.remove(new)
    assert stage.session.queries.document_count() == 0
    stage.session.history.undo()
    assert unplaced_count(stage.session, new) == 2
    stage.session.history.undo()
    assert stage.session.reading.dump() == before


def test_spans_that_a_correction_leaves_without_text_wait_too(stage: Stage) -> None:
    start = OLD.index(GONE)
    version = stage.session.documents.correct(stage.document, [TextEdit(start, len(OLD), "")])
    assert version.lost == 1 and stage.waiting(version.document.id) == {GONE: []}


# -- files


def examined(stage: Stage, path: Path) -> object:
    return stage.session.documents.examine_version(stage.document, path)


def test_a_file_is_read_in_a_child(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "second.html"
    body = "".join(f"<p>{block}</p>" for block in NEW.split("\n\n")[1:])
    path.write_text(f"<html><head><title>T</title></head><body><article>{body}</article></body></html>", "utf-8")
    told: list[tuple[int, int, str]] = []
    report = stage.session.documents.examine_version(
        stage.document, path, progress=lambda *progress: told.append(progress)
    )
    assert (report.sure, report.unsure, report.lost) == (3, 1, 1)
    assert told[0] == (0, 2, "second.html") and told[-1] == (2, 2, "")
    new = stage.session.documents.replace_by(report).document
    assert (new.format, new.file) == ("html", "second.html")


def test_bad_files_are_refused_with_a_sentence(stage: Stage, tmp_path: Path) -> None:
    add_document(stage.session, OTHER, "Other")
    before = stage.session.reading.dump()
    same = tmp_path / "same.txt"
    same.write_bytes(b"\r\n".join(OLD.encode().split(b"\n")))
    with pytest.raises(RefusedError, match="to the letter"):
        examined(stage, same)
    same.write_text(OLD, "utf-8")
    with pytest.raises(RefusedError, match="is the file that “Harbour towns” was made of"):
        examined(stage, same)
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    with pytest.raises(DocumentReadError, match=r"empty\.txt"):
        examined(stage, empty)
    damaged = tmp_path / "damaged.docx"
    damaged.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(DocumentReadError, match=r"damaged\.docx"):
        examined(stage, damaged)
    with pytest.raises(DocumentReadError, match="missing"):
        examined(stage, tmp_path / "missing.txt")
    table = tmp_path / "texts.csv"
    table.write_text("title,text\nOne,The first text is here.\nTwo,The second text is here.\n", "utf-8")
    with pytest.raises(RefusedError, match="holds 2 documents"):
        examined(stage, table)
    known = tmp_path / "known.txt"
    known.write_text(OTHER, "utf-8")
    with pytest.raises(RefusedError, match="already here as “Other”"):
        examined(stage, known)
    assert stage.session.reading.dump() == before


def test_another_document_altogether_is_unlike(stage: Stage) -> None:
    report = version_report(stage.session, stage.document, "Rules for the use of the reading room. " * 3)
    assert report.is_unlike and report.sure == 0


def test_a_file_that_changed_meanwhile_is_refused(stage: Stage) -> None:
    report = version_report(stage.session, stage.document, NEW)
    report.candidate.file.write_bytes(b"something else")
    with pytest.raises(DocumentReadError, match="has changed since it was read"):
        stage.session.documents.replace_by(report)


def test_a_document_that_changed_meanwhile_is_refused(stage: Stage) -> None:
    report = version_report(stage.session, stage.document, NEW)
    stage.session.documents.correct(stage.document, [TextEdit(0, 9, "Report")])
    with pytest.raises(RefusedError, match="has a newer version already"):
        stage.session.documents.replace_by(report)


def test_spans_tagged_after_the_examination_move_as_well(stage: Stage) -> None:
    report = version_report(stage.session, stage.document, NEW)
    stage.tag("pledge", "as agreed last year")
    new = stage.session.documents.replace_by(report).document.id
    assert "as agreed last year" in stage.quotes(new)


def test_it_can_be_cancelled(stage: Stage, tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.request()
    path = tmp_path / "new.txt"
    path.write_text(NEW, "utf-8")
    with pytest.raises(Cancelled):
        stage.session.documents.examine_version(stage.document, path, cancel=cancel)
    with pytest.raises(NotFoundError):
        stage.session.documents.examine_version("nowhere", path)


def test_what_was_decided_from_others_follows_them(stage: Stage) -> None:
    rows = stage.session.reading.rows
    decided = rows.get(Annotation, stage.moved)
    assert decided is not None
    new = stage.replace()
    moved = rows.get(Annotation, derived_id(new, "of", stage.moved))
    assert moved is not None
    assert replace(moved, id=decided.id, document=decided.document, fragments=decided.fragments) == decided


def test_what_was_found_in_the_examination_is_not_looked_for_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = version_report(stage.session, stage.document, NEW)
    asked: list[object] = []
    find = report.placing.place
    monkeypatch.setattr(report.placing, "place", lambda fragments: [asked.append(tuple(fragments)), find(fragments)][1])
    stage.session.annotations.resize(stage.pledge, [(OLD.index(PLEDGE), OLD.index(PLEDGE) + 10)])
    new = stage.session.documents.replace_by(report).document.id
    assert asked == [((OLD.index(PLEDGE), OLD.index(PLEDGE) + 10),)]
    assert stage.quotes(new) == [MOVED, CONDITION, PLEDGE[:10]]
