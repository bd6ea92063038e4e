"""Saving a codebook: versions, merges, what is refused, and the spans to look at again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.changes import ChangeSet, made
from annotator.core.codebook import Codebook
from annotator.core.codebook_edits import merged, moved, new_attribute, new_label, retired, with_entry, without_entry
from annotator.core.errors import CodebookError, RefusedError
from annotator.core.records import Annotation, CodebookVersion, Label, Note
from annotator.core.search_query import SearchQuery
from annotator.core.text_edits import TextEdit
from annotator.session.session import Session
from annotator.session.verb import Outcome
from tests.session.test_verbs import Stage, build
from tests.support import TEXT, version_report


@pytest.fixture
def stage(session: Session) -> Stage:
    return build(session)


def in_use(stage: Stage) -> Codebook:
    return stage.session.queries.codebook()


def label(stage: Stage, key: str) -> Label:
    return in_use(stage).label_by_key(key)


def defined(stage: Stage, key: str, definition: str) -> Codebook:
    return stage.session.codebooks.save(with_entry(in_use(stage), replace(label(stage, key), definition=definition)))


def annotation(stage: Stage, identity: str) -> Annotation:
    return stage.session.queries.annotation(identity)


def version(stage: Stage) -> str:
    return stage.session.queries.project().codebook


def test_a_change_is_a_version_and_spans_keep_theirs(stage: Stage) -> None:
    first = version(stage)
    saved = defined(stage, "pledge", "Something else.")
    assert saved == in_use(stage)
    assert (saved.version, saved.label_by_key("pledge").definition) == (2, "Something else.")
    assert version(stage) != first
    assert annotation(stage, stage.pledge).codebook == first
    later = stage.session.annotations.tag(stage.document, stage.labels["pledge"], [(120, 130)])
    assert later.codebook == version(stage)
    old = stage.session.queries.codebook_versions()[-1][0]
    assert old.version == 1
    assert old.label_by_key("pledge").definition.startswith("A provider's")


def test_an_unchanged_draft_is_no_step(stage: Stage) -> None:
    steps = len(stage.session.history.entries())
    assert stage.session.codebooks.save(in_use(stage)).version == 1
    assert len(stage.session.history.entries()) == steps
    assert len(stage.session.reading.rows.all(CodebookVersion)) == 1


def test_a_renamed_key_is_followed_and_its_spans_stay(stage: Stage) -> None:
    draft = with_entry(in_use(stage), replace(label(stage, "condition"), key="proviso", name="Proviso"))
    saved = stage.session.codebooks.save(draft)
    assert saved.relation_by_key("conditions").sources == ("proviso",)
    assert annotation(stage, stage.condition).label == stage.labels["condition"]
    stage.session.annotations.set_attribute(stage.condition, "condition_type", None)


def test_merged_spans_are_relabelled_and_the_label_retires(stage: Stage) -> None:
    saved = stage.session.codebooks.save(in_use(stage), {stage.labels["condition"]: stage.labels["criticism"]})
    moved_span = annotation(stage, stage.condition)
    assert moved_span.label == stage.labels["criticism"]
    assert moved_span.codebook == version(stage)
    assert saved.label_by_key("condition").retired
    assert saved.relation_by_key("conditions").sources == ("criticism",)
    assert annotation(stage, stage.criticism).codebook != version(stage)
    assert stage.session.history.entries(1)[0].title == "Change the codebook: Condition merged"


def test_a_merged_label_can_go_for_good(stage: Stage) -> None:
    merges = {stage.labels["condition"]: stage.labels["criticism"]}
    draft = without_entry(stage_merged(stage, "condition", "criticism"), stage.labels["condition"])
    saved = stage.session.codebooks.save(draft, merges)
    assert stage.labels["condition"] not in {one.id for one in saved.labels}
    stage.session.history.undo()
    assert annotation(stage, stage.condition).label == stage.labels["condition"]


def test_a_merged_label_that_an_older_text_has_stays_retired(stage: Stage) -> None:
    stage.session.documents.correct(stage.document, [TextEdit(0, 6, "Meeting")])
    draft = without_entry(stage_merged(stage, "condition", "criticism"), stage.labels["condition"])
    saved = stage.session.codebooks.save(draft, {stage.labels["condition"]: stage.labels["criticism"]})
    assert saved.label_by_key("condition").retired
    assert annotation(stage, stage.condition).label == stage.labels["condition"]
    assert stage.session.queries.label_spans()[stage.labels["criticism"]] == 2


def stage_merged(stage: Stage, source: str, target: str) -> Codebook:
    return merged(in_use(stage), stage.labels[source], stage.labels[target])


def test_merges_follow_each_other(stage: Stage) -> None:
    labels = stage.labels
    stage.session.codebooks.save(
        in_use(stage),
        {labels["condition"]: labels["criticism"], labels["criticism"]: labels["signal_to_russia"]},
    )
    assert annotation(stage, stage.condition).label == labels["signal_to_russia"]
    assert annotation(stage, stage.criticism).label == labels["signal_to_russia"]


def test_merges_that_lead_back_are_refused(stage: Stage) -> None:
    one, other = stage.labels["condition"], stage.labels["criticism"]
    with pytest.raises(RefusedError, match="cannot be merged into itself"):
        stage.session.codebooks.save(in_use(stage), {one: other, other: one})


def test_what_is_in_use_cannot_be_removed(stage: Stage) -> None:
    before = stage.session.reading.dump()
    with pytest.raises(CodebookError, match="is for “Pledge” alone"):
        without_entry(in_use(stage), stage.labels["pledge"])
    draft = in_use(stage)
    alone = replace(
        draft, labels=tuple(one for one in draft.labels if one.key != "pledge"), attributes=(), relations=()
    )
    for gone, says in (
        (alone, r"“Pledge” is in use \(1 spans or notes\). Merge it into another label or retire it"),
        (without_entry(draft, draft.attribute_by_key("strength").id), r"“Strength” is in use \(1 values\)"),
        (without_entry(draft, draft.relation_by_key("conditions").id), r"“Conditions” is in use \(1 relations\)"),
    ):
        with pytest.raises(RefusedError, match=says):
            stage.session.codebooks.save(gone)
    assert stage.session.reading.dump() == before


def test_choices_and_types_in_use_stay(stage: Stage) -> None:
    strength = in_use(stage).attribute_by_key("strength")
    fewer = replace(strength, choices=tuple(c for c in strength.choices if c[0] != "firm"))
    with pytest.raises(RefusedError, match="“firm” is a value of “Strength” 1 times"):
        stage.session.codebooks.save(with_entry(in_use(stage), fewer))
    other = replace(strength, choices=tuple(c for c in strength.choices if c[0] != "intent"))
    assert stage.session.codebooks.save(with_entry(in_use(stage), other)).version == 2
    speaker = in_use(stage).attribute_by_key("speaker")
    with pytest.raises(RefusedError, match="“entity” is a value of “Speaker”"):
        stage.session.codebooks.save(with_entry(in_use(stage), replace(speaker, type="text")))
    as_text = replace(in_use(stage).attribute_by_key("strength"), type="text", choices=())
    assert stage.session.codebooks.save(with_entry(in_use(stage), as_text)).version == 3


def test_a_contradiction_is_refused_and_nothing_changes(stage: Stage) -> None:
    before = stage.session.reading.dump()
    with pytest.raises(CodebookError, match="two labels have the digit “2”"):
        stage.session.codebooks.save(with_entry(in_use(stage), replace(label(stage, "pledge"), digit=2)))
    assert stage.session.reading.dump() == before


def test_a_codebook_changed_meanwhile_is_refused(stage: Stage) -> None:
    base = in_use(stage)
    draft = with_entry(base, replace(label(stage, "pledge"), name="Promise"))
    defined(stage, "criticism", "Other.")
    with pytest.raises(RefusedError, match="was changed in the meantime"):
        stage.session.codebooks.save(draft)
    stage.session.history.undo()
    defined(stage, "condition", "Something.")
    later = replace(draft, version=in_use(stage).version)
    with pytest.raises(RefusedError, match="was changed in the meantime"):
        stage.session.codebooks.save(later, based_on=replace(base, version=later.version))


def test_new_moved_and_retired_entries_are_saved(stage: Stage) -> None:
    draft = in_use(stage)
    fresh = new_label(draft, "Reassurance", stage.labels["pledge"])
    draft = with_entry(draft, fresh)
    draft = with_entry(draft, new_attribute(draft, "Audience", (fresh.key,)))
    draft = retired(moved(draft, stage.labels["criticism"], 0), stage.labels["condition"])
    saved = stage.session.codebooks.save(draft)
    assert saved == in_use(stage)
    assert [one.key for one in saved.labels][:2] == ["criticism", "pledge"]
    assert saved.label_by_key("reassurance").parent == stage.labels["pledge"]
    with pytest.raises(RefusedError, match="is retired"):
        stage.session.annotations.tag(stage.document, stage.labels["condition"], [(0, 6)])


def test_spans_tagged_under_another_meaning_wait_for_another_look(stage: Stage) -> None:
    queries = stage.session.queries
    assert queries.recheck() == []
    stage.session.codebooks.save(with_entry(in_use(stage), replace(label(stage, "pledge"), name="Promise", digit=9)))
    assert queries.recheck() == []
    defined(stage, "pledge", "Narrower.")
    fresh = stage.session.annotations.tag(stage.document, stage.labels["pledge"], [(120, 130)])
    (group,) = queries.recheck()
    assert queries.recheck_counts() == {stage.labels["pledge"]: 1}
    assert (group.label.name, group.count) == ("Promise", 1)
    (item,) = group.items
    assert (item.annotation.id, item.quote, item.version) == (stage.pledge, "We will provide air defence", 1)
    assert str(item.before["definition"]).startswith("A provider's")
    assert stage.session.codebooks.confirm([stage.pledge, fresh.id]) == 1
    assert queries.recheck() == []
    assert annotation(stage, stage.pledge).codebook == version(stage)
    stage.session.history.undo()
    assert queries.recheck_counts() == {stage.labels["pledge"]: 1}


def test_a_definition_that_comes_back_needs_no_look(stage: Stage) -> None:
    first = label(stage, "pledge").definition
    defined(stage, "pledge", "Other.")
    defined(stage, "pledge", first)
    assert stage.session.queries.recheck_counts() == {}


def test_a_list_of_spans_to_look_at_has_an_end(stage: Stage) -> None:
    for place in range(5):
        stage.session.annotations.tag(stage.document, stage.labels["pledge"], [(place, place + 5)])
    defined(stage, "pledge", "Other.")
    (group,) = stage.session.queries.recheck(2)
    assert (group.count, len(group.items)) == (6, 2)


def test_a_note_on_a_label_is_a_use(stage: Stage) -> None:
    draft = with_entry(in_use(stage), new_label(in_use(stage), "Spare"))
    saved = stage.session.codebooks.save(draft)
    spare = saved.label_by_key("spare")
    note = Note("33333333-3333-4333-8333-333333333333", "label", spare.id, None, None, stage.session.person.id, "", "x")
    stage.session.perform(lambda: Outcome(ChangeSet("Note", made(note)), None))
    with pytest.raises(RefusedError, match=r"“Spare” is in use \(1 spans or notes\)"):
        stage.session.codebooks.save(without_entry(in_use(stage), spare.id))


def test_a_saved_search_for_a_merged_label_looks_for_the_other(stage: Stage) -> None:
    gone, kept = label(stage, "condition").id, label(stage, "pledge").id
    saved = stage.session.searches.save("Conditions", SearchQuery("port", label=gone))
    stage.session.codebooks.save(in_use(stage), {gone: kept})
    found = {search.id: search.query.get("label") for search in stage.session.queries.saved_searches()}
    assert found[saved.id] == kept
    stage.session.history.undo()
    found = {search.id: search.query.get("label") for search in stage.session.queries.saved_searches()}
    assert found[saved.id] == gone


def test_what_is_retired_takes_nothing_new(stage: Stage) -> None:
    codebook = in_use(stage)
    target = replace(codebook.attribute_by_key("target"), inherits="document")
    codebook = retired(with_entry(codebook, target), target.id)
    codebook = retired(codebook, codebook.relation_by_key("restates").id)
    stage.session.codebooks.save(codebook)
    other = stage.session.annotations.tag(stage.document, stage.labels["pledge"], [(120, 140)]).id
    before = stage.session.reading.dump()
    with pytest.raises(RefusedError, match="“Restates” is retired"):
        stage.session.relations.relate(stage.pledge, "restates", other)
    with pytest.raises(RefusedError, match="“Target” is not taken over"):
        stage.session.documents.set_value(stage.document, "target", "Somebody")
    assert stage.session.reading.dump() == before


def test_a_span_that_waits_for_a_place_gets_the_label_that_its_own_was_merged_into(stage: Stage) -> None:
    session = stage.session
    edited = version_report(session, stage.document, TEXT.replace("if the council agrees", "once everybody signs"))
    session.documents.replace_by(edited)
    before = session.reading.dump()
    session.codebooks.save(in_use(stage), {stage.labels["condition"]: stage.labels["pledge"]})
    after = session.reading.dump()
    session.history.undo()
    assert session.reading.dump() == before
    session.history.redo()
    assert session.reading.dump() == after
    assert session.annotations.place(stage.condition, [(46, 50)]).label == stage.labels["pledge"]
