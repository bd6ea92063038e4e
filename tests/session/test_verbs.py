"""Every verb: do, undo, equal dump, redo, equal dump; in one session and across a reopening."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from annotator.core.codebook import Codebook
from annotator.core.codebook_edits import new_label, with_entry, without_entry
from annotator.core.recipes import ExportRecipe
from annotator.core.search_query import SearchQuery
from annotator.core.text_edits import TextEdit
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.session.verb import Verbs
from tests.session.merging_cases import brought_back, conflicting
from tests.session.review_cases import REVIEW_CASES, REVIEW_STEPS
from tests.support import TEXT, add_document, version_report

Dump = dict[str, list[str]]


@dataclass
class Stage:
    """A project with one document and a few annotations, and the ids that the cases need."""

    session: Session
    document: str
    pledge: str
    condition: str
    criticism: str
    relation: str
    labels: dict[str, str]
    speaker: str
    alias: str
    port: str


def build(session: Session) -> Stage:
    document = add_document(session)
    alliance = session.entities.create("The alliance", ["the bloc"])
    alias, port = session.queries.entities()[0].aliases[0], session.entities.create("The port")
    labels = {label.key: label.id for label in session.queries.codebook().labels}
    tag = session.annotations.tag
    pledge = tag(document.id, labels["pledge"], [(18, 45)], {"speaker": "The alliance", "strength": "firm"}, "why")
    condition = tag(document.id, labels["condition"], [(46, 67)])
    criticism = tag(document.id, labels["criticism"], [(69, 114)])
    relation = session.relations.relate(condition.id, "conditions", pledge.id)
    session.searches.save("The port", SearchQuery("port"))
    session.diary.write("The pilot begins.")
    session.recipes.save("for training", ExportRecipe("jsonl"))
    ids = pledge.id, condition.id, criticism.id, relation.id
    return Stage(session, document.id, *ids, labels, alliance.id, alias.id, port.id)


CASES: dict[str, Callable[[Stage], object]] = {
    "documents.paste": lambda s: add_document(s.session, "Another text.", "Another"),
    "documents.describe": lambda s: s.session.documents.describe(s.document, title="New title", date="2031-02-03"),
    "documents.set_value": lambda s: s.session.documents.set_value(s.document, "speaker", "Somebody who reports"),
    "documents.correct": lambda s: s.session.documents.correct(
        s.document, [TextEdit(0, 6, "Meeting"), TextEdit(50, 50, "x")]
    ),
    "documents.replace_by": lambda s: replaced(s),
    "documents.set_status": lambda s: s.session.documents.set_status(s.document, "done"),
    "documents.remove": lambda s: s.session.documents.remove(s.document),
    "annotations.tag": lambda s: s.session.annotations.tag(
        s.document, s.labels["signal_to_russia"], [(120, 130), (135, 140)], {"target": "Russia"}, "a note"
    ),
    "annotations.relabel": lambda s: s.session.annotations.relabel(s.criticism, s.labels["pledge"]),
    "annotations.resize": lambda s: s.session.annotations.resize(s.pledge, [(18, 30), (34, 45)]),
    "annotations.tag_all": lambda s: s.session.annotations.tag_all(
        s.labels["pledge"], [(s.document, 18, 45), (s.document, 46, 67), (s.document, 0, 6)], "relabel"
    ),
    "annotations.relabel_all": lambda s: s.session.annotations.relabel_all(
        [s.pledge, s.condition], s.labels["criticism"]
    ),
    "annotations.split": lambda s: s.session.annotations.split(s.pledge, 30),
    "annotations.merge": lambda s: merged_pledges(s),
    "annotations.delete": lambda s: s.session.annotations.delete([s.pledge, s.criticism]),
    "annotations.set_attribute": lambda s: s.session.annotations.set_attribute(s.pledge, "target", "Somebody new"),
    "annotations.set_attributes": lambda s: s.session.annotations.set_attributes(
        [s.pledge, s.condition, s.criticism], "target", "Somebody new"
    ),
    "annotations.place": lambda s: placed(s),
    "annotations.dismiss_moved": lambda s: dismissed(s),
    "annotations.set_note": lambda s: s.session.annotations.set_note(s.pledge, "another note"),
    "notes.write": lambda s: s.session.notes.write("document", s.document, "Ask *@Analyst A*"),
    "notes.write_all": lambda s: s.session.notes.write_all([s.pledge, s.condition], "Ask"),
    "notes.delete": lambda s: s.session.notes.delete(s.session.queries.notes_on(s.pledge)[0].id),
    "coverage.mark_read": lambda s: s.session.coverage.mark_read(s.document, 20, 120),
    "coverage.unmark": lambda s: unmarked_heading(s),
    "relations.relate": lambda s: s.session.relations.relate(s.pledge, "restates", second_pledge(s)),
    "relations.unrelate": lambda s: s.session.relations.unrelate(s.relation),
    "entities.create": lambda s: s.session.entities.create("The council", ["the ministers"]),
    "entities.rename": lambda s: s.session.entities.rename(s.speaker, "the bloc"),
    "entities.add_alias": lambda s: s.session.entities.add_alias(s.speaker, "the pact"),
    "entities.remove_alias": lambda s: s.session.entities.remove_alias(s.alias),
    "entities.merge": lambda s: s.session.entities.merge(s.speaker, s.port),
    "entities.delete": lambda s: s.session.entities.delete([s.port]),
    "annotators.add": lambda s: s.session.annotators.add("Analyst B"),
    "annotators.rename": lambda s: s.session.annotators.rename(s.session.person.id, "Lead"),
    "annotators.set_role": lambda s: s.session.annotators.set_role(with_colleague(s), "lead"),
    "annotators.set_color": lambda s: s.session.annotators.set_color(s.session.person.id, "#2F5FB3"),
    "annotators.join": lambda s: s.session.annotators.join(with_colleague(s), s.session.person.id),
    "annotators.separate": lambda s: separated(s),
    "annotators.remove": lambda s: removed(s),
    "rounds.begin": lambda s: s.session.rounds.begin("Pilot", practice=True),
    "rounds.switch": lambda s: s.session.rounds.switch(with_pilot(s)),
    "rounds.rename": lambda s: s.session.rounds.rename(s.session.queries.project().round, "Main"),
    "rounds.set_practice": lambda s: s.session.rounds.set_practice(s.session.queries.project().round, True),
    "rounds.release": lambda s: s.session.rounds.release(s.session.queries.project().round),
    "rounds.close": lambda s: closed(s),
    "rounds.remove": lambda s: pilot_removed(s),
    "assignments.assign": lambda s: s.session.assignments.assign(None, [s.session.person.id]),
    "assignments.assign_one": lambda s: s.session.assignments.assign_one(s.document, s.session.person.id),
    "assignments.assign_pairs": lambda s: s.session.assignments.assign_pairs(
        [(s.document, s.session.person.id), (s.document, with_colleague(s))]
    ),
    "assignments.unassign": lambda s: unassigned(s),
    "assignments.hand_over": lambda s: handed_over(s),
    "work.set_status": lambda s: s.session.work.set_status([s.document], with_colleague(s), "approved"),
    "options.set": lambda s: s.session.options.set("lint_off", ["unlinked", "no_speaker"]),
    "consistency.fix": lambda s: mended(s),
    "searches.save": lambda s: s.session.searches.save(
        "Promises", SearchQuery("will -attack", label=s.labels["pledge"])
    ),
    "searches.rename": lambda s: s.session.searches.rename(s.session.queries.saved_searches()[0].id, "Another name"),
    "searches.delete": lambda s: s.session.searches.delete(s.session.queries.saved_searches()[0].id),
    "codebooks.save": lambda s: s.session.codebooks.save(
        changed_codebook(s), {s.labels["condition"]: s.labels["pledge"]}
    ),
    "diary.write": lambda s: s.session.diary.write("The pilot is **done**."),
    "diary.edit": lambda s: s.session.diary.edit(s.session.diary.entries()[0].id, "Not yet."),
    "diary.delete": lambda s: s.session.diary.delete(s.session.diary.entries()[0].id),
    "about.set_purpose": lambda s: s.session.about.set_purpose("Find out who promised what."),
    "recipes.save": lambda s: s.session.recipes.save("for training", ExportRecipe("doccano", licence="CC0-1.0")),
    "recipes.delete": lambda s: s.session.recipes.delete(s.session.recipes.all()[0].id),
    "codebooks.confirm": lambda s: [define_pledge_anew(s), s.session.codebooks.confirm([s.pledge])],
}

TWO_STEPS = {"codebooks.confirm", "relations.relate", "annotations.merge", "coverage.unmark"}
TWO_STEPS |= {"annotations.place", "annotations.dismiss_moved"}
TWO_STEPS |= {"consistency.fix"}
TWO_STEPS |= {"annotators.set_role", "annotators.join", "work.set_status"}
TWO_STEPS |= {"assignments.assign_pairs"}
MORE_STEPS = {"annotators.separate": 3, "annotators.remove": 3, "assignments.unassign": 4, "assignments.hand_over": 3}
MORE_STEPS |= {"merging.resolve": 3, "merging.bring_back": 3}
CASES |= REVIEW_CASES
CASES |= {"merging.resolve": conflicting, "merging.bring_back": brought_back}
MORE_STEPS |= REVIEW_STEPS
MORE_STEPS |= {"rounds.switch": 3, "rounds.remove": 3, "rounds.close": 3}
NOT_UNDONE = {"releases.record", "recipes.freeze"}  # what has left the house stays in the record: see test_releases
NO_VERBS = {"import_files", "examine", "examine_version", "add"}
READING_VERBS = {"undo", "redo", "revert"}


def mended(stage: Stage) -> None:
    stage.session.annotations.tag(stage.document, stage.labels["criticism"], [(120, 129)])
    stage.session.consistency.fix(list(stage.session.consistency.findings()))


def changed_codebook(stage: Stage) -> Codebook:
    codebook = stage.session.queries.codebook()
    gone = codebook.attribute_by_key("timeframe")
    criticism = replace(codebook.label_by_key("criticism"), key="blame", name="Blame", parent=stage.labels["pledge"])
    return with_entry(with_entry(without_entry(codebook, gone.id), criticism), new_label(codebook, "Reassurance"))


def define_pledge_anew(stage: Stage) -> None:
    codebook = stage.session.queries.codebook()
    stage.session.codebooks.save(with_entry(codebook, replace(codebook.label_by_key("pledge"), definition="Other.")))


def second_pledge(stage: Stage) -> str:
    return stage.session.annotations.tag(stage.document, stage.labels["pledge"], [(120, 140)]).id


def merged_pledges(stage: Stage) -> None:
    other = second_pledge(stage)
    stage.session.annotations.merge([other, stage.pledge])


EDITED = TEXT.replace("We will provide", "We intend to provide").replace("attack on", "raid on")


def replaced(stage: Stage) -> None:
    stage.session.documents.replace_by(version_report(stage.session, stage.document, EDITED))


def placed(stage: Stage) -> None:
    replaced(stage)
    stage.session.annotations.place(stage.pledge, [(18, 50)])


def dismissed(stage: Stage) -> None:
    replaced(stage)
    stage.session.annotations.dismiss_moved([stage.pledge, stage.criticism])


def with_colleague(stage: Stage) -> str:
    return stage.session.annotators.add("Analyst B").id


def separated(stage: Stage) -> None:
    colleague = with_colleague(stage)
    stage.session.annotators.join(colleague, stage.session.person.id)
    stage.session.annotators.separate(colleague)


def with_pilot(stage: Stage) -> str:
    """Make another round and go back to the one before."""
    before = stage.session.queries.project().round
    pilot = stage.session.rounds.begin("Pilot")
    stage.session.rounds.switch(before)
    return pilot.id


def closed(stage: Stage) -> None:
    pilot = stage.session.rounds.begin("Pilot")
    stage.session.rounds.release(pilot.id)
    stage.session.rounds.close(pilot.id)


def pilot_removed(stage: Stage) -> None:
    pilot = stage.session.rounds.begin("Pilot")
    stage.session.rounds.begin("Main")
    stage.session.rounds.remove(pilot.id)


def removed(stage: Stage) -> None:
    with_colleague(stage)
    stage.session.annotators.remove(stage.session.annotators.add("Analyst C").id)


def assigned(stage: Stage, person: str) -> str:
    return stage.session.assignments.assign_one(stage.document, person).id


def unassigned(stage: Stage) -> None:
    colleague = assigned(stage, with_colleague(stage))
    assigned(stage, stage.session.person.id)
    stage.session.assignments.unassign([colleague])


def handed_over(stage: Stage) -> None:
    colleague = with_colleague(stage)
    assigned(stage, colleague)
    stage.session.assignments.hand_over(colleague, stage.session.person.id)


def unmarked_heading(stage: Stage) -> None:
    stage.session.coverage.mark_read(stage.document, 0, len(TEXT))
    stage.session.coverage.unmark(stage.document, 0, 1)


def steps_of(name: str) -> int:
    return MORE_STEPS.get(name, 2 if name in TWO_STEPS else 1)


def dump(session: Session) -> Dump:
    return session.reading.dump()


@pytest.mark.parametrize("name", CASES)
def test_do_undo_redo(session: Session, name: str) -> None:
    stage = build(session)
    before = dump(session)
    CASES[name](stage)
    after = dump(session)
    assert after != before
    steps = steps_of(name)
    for _ in range(2):
        for _ in range(steps):
            session.history.undo()
        assert dump(session) == before
        for _ in range(steps):
            session.history.redo()
        assert dump(session) == after


@pytest.mark.parametrize("name", CASES)
def test_do_reopen_undo_reopen_redo(project_path: Path, person: Person, name: str) -> None:
    with Session(project_path, person) as session:
        stage = build(session)
        before = dump(session)
        CASES[name](stage)
        after = dump(session)
    steps = steps_of(name)
    with Session(project_path, person) as session:
        for _ in range(steps):
            session.history.undo()
        assert dump(session) == before
    with Session(project_path, person) as session:
        for _ in range(steps):
            session.history.redo()
        assert dump(session) == after


def test_every_verb_has_a_case(session: Session) -> None:
    nouns = {
        name: holder
        for name, holder in vars(session).items()
        if isinstance(holder, Verbs) and name not in ("history", "datasets")
    }
    verbs = {
        f"{noun}.{name}"
        for noun, holder in nouns.items()
        for name, function in inspect.getmembers(type(holder), inspect.isfunction)
        if not name.startswith("_") and (hasattr(function, "__wrapped__") or f"{noun}.{name}" in CASES)
    }
    assert verbs - {f"documents.{name}" for name in NO_VERBS} - NOT_UNDONE == set(CASES)


def test_an_import_is_one_step(session: Session, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Text number {number}. It says something.", "utf-8")
    build(session)
    before = dump(session)
    result = session.documents.import_files(sorted(tmp_path.glob("*.txt")))
    assert [imported.file[-5:] for imported in result.imported] == ["0.txt", "1.txt", "2.txt"]
    after = dump(session)
    session.history.undo()
    assert dump(session) == before
    session.history.redo()
    assert dump(session) == after


def test_a_group_is_one_step_and_an_error_takes_all_of_it_back(session: Session) -> None:
    stage = build(session)
    before = dump(session)
    with session.group("Two things"):
        added = session.annotations.tag(stage.document, stage.labels["pledge"], [(0, 6)])
        session.annotations.resize(added.id, [(0, 16)])
        session.annotations.delete([stage.criticism])
    after = dump(session)
    assert session.history.entries(1)[0].title == "Two things"
    session.history.undo()
    assert dump(session) == before
    session.history.redo()
    assert dump(session) == after
    with pytest.raises(ValueError, match="on purpose"), session.group("Fails"):
        session.annotations.delete([stage.pledge])
        raise ValueError("on purpose")
    assert dump(session) == after


def test_undo_ends_with_a_sentence(session: Session) -> None:
    document = add_document(session)
    session.history.undo()
    with pytest.raises(Exception, match="nothing to undo"):
        session.history.undo()
    session.history.redo()
    assert session.queries.document(document.id).title == "Summit statement"
    with pytest.raises(Exception, match="nothing to redo"):
        session.history.redo()


def test_undo_is_one_persons_own(project_path: Path, person: Person) -> None:
    other = Person("22222222-2222-4222-8222-222222222222", "Analyst B")
    with Session(project_path, person) as session:
        stage = build(session)
    with Session(project_path, other) as session:
        session.annotations.tag(stage.document, stage.labels["pledge"], [(0, 6)])
        session.history.undo()
        with pytest.raises(Exception, match="nothing to undo"):
            session.history.undo()


def test_an_older_step_is_refused_where_a_later_one_depends_on_it(session: Session) -> None:
    stage = build(session)
    session.annotations.resize(stage.criticism, [(69, 100)])
    by_title = {entry.title: entry for entry in session.history.entries()}
    tagged = next(entry for title, entry in by_title.items() if title.startswith("Tag “The alliance condemns"))
    with pytest.raises(Exception, match="came after it"):
        session.history.revert(tagged.step)
    pasted = next(entry for title, entry in by_title.items() if title.startswith("Paste"))
    before = dump(session)
    with pytest.raises(Exception, match="builds on it"):
        session.history.revert(pasted.step)
    assert dump(session) == before
    related = next(entry for title, entry in by_title.items() if title.startswith("Relate"))
    session.history.revert(related.step)
    assert not session.queries.content(stage.document).relations


def test_listeners_hear_what_was_committed(session: Session) -> None:
    heard = []
    document = add_document(session)
    session.events.subscribe(heard.append)
    label = session.queries.codebook().labels[0]
    made = session.annotations.tag(document.id, label.id, [(0, 6)])
    session.history.undo()
    assert [change.table for change in heard[0].changes] == ["annotation", "status"]
    assert heard[0].documents() == {document.id}
    assert next(heard[1].of("annotation")).before == made
    assert TEXT.startswith("Summit")
