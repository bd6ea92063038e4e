"""The consistency check on a project: whose layers, which documents, quick fixes as one step, changes followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet, RowChange, made
from annotator.core.codebook_edits import with_entry
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.records import Annotation, Annotator, AttributeValue, Document, Relation
from annotator.session.consistency import Fixed, handin_problems
from annotator.session.people import Person
from annotator.session.progress import Cancel, Cancelled
from annotator.session.session import Session
from annotator.session.verb import Outcome
from tests.support import TEXT, add_document, add_lead, version_report

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def add_analyst(session: Session) -> None:
    changes = ChangeSet("An analyst joins", made(Annotator(OTHER.id, OTHER.name, role="analyst")))
    session.perform(lambda: Outcome(changes, None))


def label(session: Session, key: str) -> str:
    return session.queries.codebook().label_by_key(key).id


def tag(session: Session, document: str, key: str, words: str, note: str = "", **attributes: object) -> Annotation:
    text = session.queries.content(document).text
    start = text.index(words)
    return session.annotations.tag(document, label(session, key), [(start, start + len(words))], attributes, note)


def rules(session: Session, *wanted: str, documents: list[str] | None = None) -> list[str]:
    return [finding.rule for finding in session.consistency.findings(documents, rules=wanted or None)]


def fix(session: Session, *wanted: str) -> Fixed:
    """Mend what rules find, and see that undo takes all of it back and redo brings it again."""
    before = session.reading.dump()
    result = session.consistency.fix(list(session.consistency.findings(rules=wanted or None)))
    after = session.reading.dump()
    session.history.undo()
    assert session.reading.dump() == before
    session.history.redo()
    assert session.reading.dump() == after != before
    return result


def only(session: Session, document: Document) -> Annotation:
    (annotation,) = session.queries.content(document.id).annotations
    return annotation


class TestFindings:
    def test_nothing_is_found_where_all_is_well(self, session: Session, document: Document) -> None:
        pledge = tag(session, document.id, "pledge", "We will provide air defence", speaker="The alliance")
        condition = tag(session, document.id, "condition", "if the council agrees")
        session.relations.relate(condition.id, "conditions", pledge.id)
        assert rules(session) == []

    def test_findings_name_document_place_and_words(self, session: Session, document: Document) -> None:
        tagged = tag(session, document.id, "pledge", "We will provide air defenc", speaker="The alliance")
        (finding,) = session.consistency.findings()
        assert (finding.rule, finding.document, finding.annotation) == ("inside_word", document.id, tagged.id)
        assert (finding.start, finding.end, finding.title) == (tagged.start, tagged.end, "Summit statement")
        assert finding.message == "An edge of the span cuts the word “defence”."

    def test_rules_that_are_off_in_the_project_are_not_asked(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defenc")
        assert rules(session) == ["no_speaker", "inside_word"]
        session.options.set("lint_off", ["no_speaker"])
        assert rules(session) == ["inside_word"]
        assert rules(session, "no_speaker") == ["no_speaker"]

    def test_an_unknown_rule_is_refused(self, session: Session) -> None:
        with pytest.raises(NotFoundError, match="inside_word"):
            list(session.consistency.findings(rules=["nonsense"]))

    def test_only_some_documents_are_looked_at_but_compared_with_all(
        self, session: Session, document: Document
    ) -> None:
        other = add_document(session, TEXT + " Other.", "Other")
        tag(session, document.id, "pledge", "We will never recognise the annexation", speaker="A")
        tag(session, other.id, "criticism", "We will never recognise the annexation", speaker="A")
        assert rules(session) == ["same_sentence", "same_sentence"]
        (finding,) = session.consistency.findings([other.id])
        assert (finding.document, finding.other, "in “Summit statement”" in finding.message) == (
            *(other.id, document.id),
            True,
        )

    def test_an_older_version_is_out_of_sight(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
        session.documents.replace_by(version_report(session, document.id, TEXT.replace("defence", "support")))
        assert "inside_word" not in rules(session)

    def test_done_although_a_span_waits(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defence", speaker="A")
        edited = TEXT.replace("We will provide air defence if the council agrees.", "Nothing was agreed.")
        newest = session.documents.replace_by(version_report(session, document.id, edited)).document
        assert rules(session) == []
        session.documents.set_status(newest.id, "done")
        assert rules(session) == ["done_unplaced"]

    def test_inherited_speakers_count(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defence")
        assert rules(session) == ["no_speaker"]
        session.documents.set_value(document.id, "speaker", "The alliance")
        assert rules(session) == []

    def test_it_tells_how_far_it_is_and_stops_when_asked(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defenc")
        told: list[tuple[int, int, str]] = []
        list(session.consistency.findings(progress=lambda *told_now: told.append(told_now)))
        assert told == [(0, 1, "Summit statement"), (1, 1, "")]
        cancel = Cancel()
        cancel.request()
        with pytest.raises(Cancelled):
            list(session.consistency.findings(cancel=cancel))


class TestWhoSeesWhat:
    @pytest.fixture
    def stored(self, session: Session, document: Document, project_path: Path) -> Document:
        tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
        add_analyst(session)
        session.close()
        with Session(project_path, OTHER) as analyst:
            tag(analyst, document.id, "criticism", "The alliance condemn", speaker="A")
        return document

    def test_an_analyst_checks_the_own_layer(self, stored: Document, project_path: Path) -> None:
        with Session(project_path, OTHER) as analyst:
            (finding,) = analyst.consistency.findings()
            assert finding.quote == "The alliance condemn"
            other = next(one.id for one in analyst.queries.layers() if one.id != finding.layer)
            with pytest.raises(RefusedError, match="Only leads"):
                analyst.consistency.check([other])
            assert len(handin_problems(analyst)) == 1

    def test_a_lead_checks_all_and_hands_in_the_own(self, stored: Document, project_path: Path, person: Person) -> None:
        with Session(project_path, person) as lead:
            assert len(rules(lead)) == 2
            (own,) = handin_problems(lead)
            assert own.quote == "We will provide air defenc"

    def test_an_analyst_mends_nothing_of_somebody_else(
        self, stored: Document, project_path: Path, person: Person
    ) -> None:
        with Session(project_path, person) as lead:
            findings = list(lead.consistency.findings())
        with Session(project_path, OTHER) as analyst, pytest.raises(RefusedError, match="somebody else"):
            analyst.consistency.fix(findings)
        with Session(project_path, person) as lead:
            assert lead.consistency.fix(findings) == Fixed(2, 0)
            assert rules(lead) == []


def test_handing_in_is_not_held_up_by_hints(session: Session, document: Document) -> None:
    other = add_document(session, TEXT + " Other.", "Other")
    tag(session, document.id, "pledge", "We will never recognise the annexation", speaker="A")
    tag(session, other.id, "pledge", "never recognise the annexation", speaker="A")
    assert rules(session) == ["same_sentence_edges", "same_sentence_edges"]
    assert handin_problems(session) == []


class TestFixes:
    def test_words_and_spaces(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
        tag(session, document.id, "criticism", " The alliance condemns ", speaker="A")
        assert fix(session) == Fixed(2, 0)
        content = session.queries.content(document.id)
        quotes = [content.quote(one) for one in content.annotations]
        assert quotes == ["We will provide air defence", "The alliance condemns"]
        assert session.history.entries(1)[0].title == "Redo: Mend 2 findings of the consistency check"

    def test_an_empty_span_is_deleted(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", ". ", "a note", speaker="A")
        assert fix(session) == Fixed(1, 0)
        assert session.queries.content(document.id).annotations == []
        assert session.history.entries(1)[0].title == "Redo: Delete the span (No words in it)"

    def test_duplicates_are_merged_with_what_hangs_on_them(self, session: Session, document: Document) -> None:
        first = tag(session, document.id, "pledge", "We will provide air defence", "one", speaker="A")
        second = tag(session, document.id, "pledge", "We will provide air defence", "two", strength="firm")
        condition = tag(session, document.id, "condition", "if the council agrees")
        for pledge in (first, second):
            session.relations.relate(condition.id, "conditions", pledge.id)
        assert fix(session, "duplicate") == Fixed(1, 0)
        content = session.queries.content(document.id)
        (kept,) = [one for one in content.annotations if one.label == first.label]
        assert content.values[kept.id] == {"speaker": "A", "strength": "firm"}
        assert sorted(content.notes[kept.id].split("\n\n")) == ["one", "two"]
        assert [relation.target for relation in content.relations] == [kept.id]

    def test_a_default_is_set_where_it_is_required(self, session: Session, document: Document) -> None:
        codebook = session.queries.codebook()
        tagged = tag(session, document.id, "pledge", "We will provide air defence", speaker="A")
        strength = replace(codebook.attribute_by_key("strength"), required=True, default="firm")
        session.codebooks.save(with_entry(codebook, strength))
        assert fix(session) == Fixed(1, 0)
        assert session.queries.values([tagged.id])[tagged.id]["strength"] == "firm"

    def test_a_stale_finding_overwrites_nothing(self, session: Session, document: Document) -> None:
        codebook = session.queries.codebook()
        tagged = tag(session, document.id, "pledge", "We will provide air defence", speaker="A")
        strength = replace(codebook.attribute_by_key("strength"), required=True, default="firm")
        session.codebooks.save(with_entry(codebook, strength))
        findings = list(session.consistency.findings())
        session.annotations.set_attribute(tagged.id, "strength", "intent")
        assert session.consistency.fix(findings) == Fixed(0, 1)
        assert session.queries.values([tagged.id])[tagged.id]["strength"] == "intent"
        session.annotations.delete([tagged.id])
        steps = len(session.history.entries())
        assert session.consistency.fix(findings) == Fixed(0, 1)
        assert len(session.history.entries()) == steps

    def test_the_speaker_of_the_sentence_is_taken(self, session: Session, document: Document) -> None:
        tag(session, document.id, "criticism", "The alliance condemns", speaker="The alliance")
        tagged = tag(session, document.id, "signal_to_russia", "the attack on the port")
        assert fix(session) == Fixed(1, 0)
        assert session.queries.values([tagged.id])[tagged.id] == {"speaker": "The alliance"}
        assert len(session.queries.entities()) == 1

    def test_a_value_of_another_label_is_cleared(self, session: Session, document: Document) -> None:
        tagged = tag(session, document.id, "pledge", "We will provide air defence", speaker="A", strength="firm")
        session.annotations.relabel(tagged.id, label(session, "criticism"))
        assert rules(session) == ["foreign_attribute"]
        assert fix(session) == Fixed(1, 0)
        assert session.queries.values([tagged.id])[tagged.id] == {"speaker": "A"}

    def test_an_unknown_value_is_cleared(self, session: Session, document: Document) -> None:
        tagged = tag(session, document.id, "pledge", "We will provide air defence", speaker="A", strength="firm")
        strength = session.queries.codebook().attribute_by_key("strength").id
        (before,) = [
            one
            for one in session.reading.rows.where(AttributeValue, "annotation", tagged.id)
            if one.attribute == strength
        ]
        change = RowChange(before, replace(before, value="steely"))
        session.perform(lambda: Outcome(ChangeSet("From elsewhere", (change,)), None))
        assert rules(session) == ["unknown_value"]
        assert fix(session) == Fixed(1, 0)
        assert session.queries.values([tagged.id])[tagged.id] == {"speaker": "A"}

    def test_a_condition_is_linked_to_the_span_beside_it(self, session: Session, document: Document) -> None:
        pledge = tag(session, document.id, "pledge", "We will provide air defence", speaker="A")
        condition = tag(session, document.id, "condition", "if the council agrees")
        assert fix(session) == Fixed(1, 0)
        (relation,) = session.queries.content(document.id).relations
        assert (relation.source, relation.target) == (condition.id, pledge.id)
        assert rules(session) == []

    @pytest.mark.parametrize(("key", "left"), [("condition", 1), ("criticism", 0)])
    def test_a_wrong_relation_is_turned_or_deleted(
        self, session: Session, document: Document, key: str, left: int
    ) -> None:
        pledge = tag(session, document.id, "pledge", "We will provide air defence", speaker="A")
        other = tag(session, document.id, "condition", "if the council agrees")
        related = session.relations.relate(other.id, "conditions", pledge.id)
        turned = replace(related, source=pledge.id, target=other.id)
        session.perform(lambda: Outcome(ChangeSet("From elsewhere", (RowChange(related, turned),)), None))
        session.annotations.relabel(other.id, label(session, key))
        assert fix(session, "relation_ends") == Fixed(1, 0)
        assert len(session.reading.rows.all(Relation)) == left
        assert rules(session, "relation_ends", "unlinked") == []

    def test_a_changed_definition_is_confirmed(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defence", speaker="A")
        codebook = session.queries.codebook()
        session.codebooks.save(with_entry(codebook, replace(codebook.label_by_key("pledge"), definition="Other.")))
        assert rules(session) == ["definition_changed"]
        assert fix(session) == Fixed(1, 0)
        assert only(session, document).codebook == session.queries.project().codebook
        assert rules(session) == []

    def test_a_retired_label_gives_way_to_the_one_above(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defence", speaker="A")
        codebook = session.queries.codebook()
        above = label(session, "signal_to_russia")
        pledge = replace(codebook.label_by_key("pledge"), retired=True, parent=above, digit=None)
        session.codebooks.save(with_entry(codebook, pledge))
        assert rules(session) == ["retired_label"]
        assert fix(session) == Fixed(1, 0)
        assert only(session, document).label == above

    def test_many_kinds_at_once_are_one_step(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
        tag(session, document.id, "pledge", "We will provide air defenc", "a note", speaker="A")
        tag(session, document.id, "condition", " if the council agrees")
        tag(session, document.id, "criticism", ". ", speaker="A")
        steps = len(session.history.entries())
        fix(session)
        assert len(session.history.entries()) == steps + 3  # with undo and redo
        assert rules(session) == ["unlinked"]
        fix(session)
        assert rules(session) == []
        content = session.queries.content(document.id)
        assert [content.quote(one) for one in content.annotations] == [
            "We will provide air defence",
            "if the council agrees",
        ]

    def test_what_hangs_on_a_span_that_goes_waits(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
        tag(session, document.id, "pledge", "We will provide air defenc")
        findings = list(session.consistency.findings())
        assert [finding.fix for finding in findings] == ["speaker", "words", "words", "merge"]
        assert fix(session) == Fixed(2, 2)
        content = session.queries.content(document.id)
        (kept,) = content.annotations
        assert (content.quote(kept), content.values[kept.id]) == ("We will provide air defence", {"speaker": "A"})
        assert rules(session) == []

    def test_nothing_to_mend_is_no_step(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defence")
        steps = len(session.history.entries())
        assert session.consistency.fix(list(session.consistency.findings())) == Fixed(0, 1)
        assert session.consistency.fix([]) == Fixed(0, 0)
        assert len(session.history.entries()) == steps


SENTENCE = "We will never recognise the annexation"


class TestAgain:
    def test_only_what_changed_and_what_is_compared_with_it_is_read_again(
        self, session: Session, document: Document
    ) -> None:
        other, third = (
            add_document(session, TEXT + " Other.", "Other"),
            add_document(session, TEXT + " Third.", "Third"),
        )
        tag(session, document.id, "pledge", SENTENCE, speaker="A")
        tag(session, third.id, "pledge", "We will provide air defenc", speaker="A")
        check = session.consistency.check()
        assert [finding.document for finding in check.run()] == [third.id]
        tagged = tag(session, other.id, "criticism", SENTENCE, speaker="A")
        found = check.again([other.id])
        assert {one: [f.rule for f in here] for one, here in found.items()} == {
            document.id: ["same_sentence"],
            other.id: ["same_sentence"],
        }
        session.annotations.relabel(tagged.id, label(session, "pledge"))
        assert check.again([other.id]) == {document.id: [], other.id: []}

    def test_the_other_place_of_a_sentence(self, session: Session, document: Document) -> None:
        other = add_document(session, f"Something before it all. {TEXT}", "Other")
        first = tag(session, document.id, "pledge", SENTENCE, speaker="A")
        second = tag(session, other.id, "criticism", SENTENCE, speaker="A")
        check = session.consistency.check()
        places = {finding.annotation: check.other_place(finding) for finding in check.run()}
        ids = {annotation: place.id for annotation, place in places.items() if place is not None}
        assert ids == {first.id: second.id, second.id: first.id}
        tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
        (finding,) = session.consistency.findings(rules=["inside_word"])
        assert check.other_place(finding) is None
        found = session.consistency.findings(rules=["same_sentence"])
        finding = next(one for one in found if one.annotation == first.id)
        session.annotations.delete([second.id])
        assert check.other_place(finding) is None

    def test_a_document_that_is_gone_has_no_findings(self, session: Session, document: Document) -> None:
        other = add_document(session, TEXT + " Other.", "Other")
        tag(session, document.id, "pledge", SENTENCE, speaker="A")
        tag(session, other.id, "criticism", SENTENCE, speaker="A")
        check = session.consistency.check()
        assert len(list(check.run())) == 2
        session.documents.remove(other.id)
        assert check.again([other.id]) == {document.id: [], other.id: []}

    def test_a_version_that_is_replaced_loses_its_findings(self, session: Session, document: Document) -> None:
        tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
        heard: list[ChangeSet] = []
        session.events.subscribe(heard.append)
        check = session.consistency.check()
        assert len(list(check.run())) == 1
        edited = TEXT.replace("The alliance", "The allies")
        newest = session.documents.replace_by(version_report(session, document.id, edited)).document
        touched = session.consistency.touched(heard[-1])
        assert touched is not None and touched == {document.id, newest.id}
        assert {one: len(here) for one, here in check.again(touched).items()} == {document.id: 0, newest.id: 1}

    def test_changes_that_may_concern_all_documents(self, session: Session, document: Document) -> None:
        heard: list[ChangeSet] = []
        session.events.subscribe(heard.append)
        session.options.set("lint_off", ["unlinked"])
        assert session.consistency.touched(heard[-1]) is None
        tagged = tag(session, document.id, "pledge", "We will provide air defence")
        session.annotations.set_attribute(tagged.id, "strength", "firm")
        assert session.consistency.touched(heard[-1]) == {document.id}

    def test_random_changes_followed_are_like_a_new_check(self, session: Session) -> None:
        import random

        chance = random.Random(7)
        documents = [add_document(session, f"{TEXT} {number}", f"Document {number}").id for number in range(4)]
        words = [SENTENCE, "We will provide air defence", "The alliance condemns", "any", "if the council agrees"]
        keys = ["pledge", "criticism", "condition"]
        check = session.consistency.check()
        held = {one: [] for one in documents}
        list(check.run())
        for _ in range(40):
            document = chance.choice(documents)
            there = session.queries.content(document).annotations
            if there and chance.random() < 0.4:
                session.annotations.delete([chance.choice(there).id])
            else:
                tag(session, document, chance.choice(keys), chance.choice(words).replace("any", "Any further"))
            held |= check.again([document])
        anew = list(session.consistency.findings())
        signs: Callable[[object], str] = lambda finding: f"{finding.rule}{finding.annotation}"  # type: ignore[attr-defined]  # noqa: E731
        for document in documents:
            assert sorted(map(signs, held[document])) == sorted(signs(f) for f in anew if f.document == document)
        assert "same_sentence" in {finding.rule for finding in anew}


def test_leads_check_gold_and_everybody(session: Session, project_path: Path) -> None:
    document = add_document(session)
    add_lead(session, OTHER)
    tag(session, document.id, "pledge", "We will provide air defenc", speaker="A")
    session.close()
    with Session(project_path, OTHER) as lead:
        assert rules(lead) == ["inside_word"]
        assert handin_problems(lead) == []
