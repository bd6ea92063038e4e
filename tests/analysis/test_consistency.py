"""Each rule of the consistency check: what it finds, and what it leaves alone though it comes near."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from annotator.analysis.consistency.check import CHECKS, check_layer
from annotator.analysis.consistency.edges import inside_word, whole_words
from annotator.analysis.consistency.facts import Book, Finding, LayerFacts
from annotator.analysis.consistency.repeats import SentenceIndex, tagged_sentences
from annotator.analysis.consistency.rules import ACROSS_DOCUMENTS, FIXES, RULES, SEVERITIES
from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inheritance
from annotator.core.records import Annotation, Document, Fragment, Relation
from annotator.formats.codebooks import default_codebook

TEXT = "The council will deliver bridges if the donors agree. It can't wait: “…” costs 1,500 euros."
CODEBOOK = default_codebook()
OLD, NEW = "old version", "new version"


def label(key: str) -> str:
    return CODEBOOK.label_by_key(key).id


def attribute(key: str) -> str:
    return CODEBOOK.attribute_by_key(key).id


def span(key: str, words: str, identity: str = "", text: str = TEXT, **more: Any) -> Annotation:
    start = text.index(words)
    return at(key, (start, start + len(words)), identity=identity or words, **more)


def at(key: str, *fragments: Fragment, identity: str, **more: Any) -> Annotation:
    record = Annotation(identity, "document", "layer", label(key), "person", NEW, identity, fragments)
    return replace(record, **more)


def document(identity: str = "document") -> Document:
    return Document(identity, identity.title(), "", 1, "", "", "", "text", "en", "", "", "")


def facts(
    *annotations: Annotation,
    text: str = TEXT,
    values: dict[str, dict[str, Any]] | None = None,
    identity: str = "document",
    layer: str = "layer",
    **more: Any,
) -> LayerFacts:
    stored = {a: {attribute(k): json.dumps(v) for k, v in own.items()} for a, own in (values or {}).items()}
    return LayerFacts(document(identity), layer, text, annotations, values=stored, **more)


def found(rule: str, layer: LayerFacts, book: Book | None = None) -> list[Finding]:
    return list(check_layer(layer, book or Book(CODEBOOK, {}), {rule}))


def fix_of(findings: list[Finding]) -> tuple[str, str | None]:
    (finding,) = findings
    return finding.fix, finding.argument


def changed(section: str, key: str, **fields: Any) -> Codebook:
    entries = getattr(CODEBOOK, section)
    return replace(CODEBOOK, **{section: tuple(replace(e, **fields) if e.key == key else e for e in entries)})


class TestTable:
    def test_every_rule_has_a_check_and_words(self) -> None:
        assert set(RULES) == set(CHECKS) | ACROSS_DOCUMENTS
        for rule in RULES.values():
            assert rule.name and rule.meaning.endswith(".") and rule.severity in SEVERITIES
            assert set(rule.fixes) <= set(FIXES)

    def test_every_fix_belongs_to_a_rule(self) -> None:
        assert {fix for rule in RULES.values() for fix in rule.fixes} == set(FIXES)


class TestEdges:
    @pytest.mark.parametrize("words", ["ouncil will", "The council wi", "t wait: “…” costs 1,5"])
    def test_cut_words_are_found(self, words: str) -> None:
        (finding,) = found("inside_word", facts(span("pledge", words)))
        assert finding.fix == "words"
        assert finding.quote == words

    @pytest.mark.parametrize("words", ["The council", "wait", "agree.", "1,500 euros.", "It can", " deliver "])
    def test_whole_words_and_parts_at_an_apostrophe_are_none(self, words: str) -> None:
        assert not found("inside_word", facts(span("pledge", words)))

    def test_an_inner_fragment_is_looked_at(self) -> None:
        assert found("inside_word", facts(at("pledge", (0, 11), (13, 24), identity="a")))
        assert not found("inside_word", facts(at("pledge", (0, 11), (12, 24), identity="a")))

    def test_a_mark_on_a_letter_belongs_to_it(self) -> None:
        text = "Cafe\u0301 noir"
        assert inside_word(text, 4)
        assert not inside_word(text, 5)

    @pytest.mark.parametrize("text", ["我们将会提供", "x" * 1000, "เราจะช่วย"])
    def test_text_without_words_to_cut(self, text: str) -> None:
        assert not inside_word(text, len(text) // 2)

    def test_whole_words_grow_only_the_edges_that_cut(self) -> None:
        assert whole_words(TEXT, ((5, 11), (13, 20))) == ((4, 11), (12, 24))
        assert whole_words(TEXT, ((4, 13), (15, 20))) == ((4, 24),)

    def test_white_space_at_an_edge(self) -> None:
        assert fix_of(found("edge_spaces", facts(span("pledge", " deliver")))) == ("trim", None)
        assert found("edge_spaces", facts(at("pledge", (0, 11), (11, 24), identity="a")))
        assert not found("edge_spaces", facts(span("pledge", "will deliver")))

    @pytest.mark.parametrize("words", ["“…”", " ", ": “", "."])
    def test_nothing_but_marks(self, words: str) -> None:
        assert fix_of(found("only_marks", facts(span("pledge", words)))) == ("delete", None)
        assert not found("edge_spaces", facts(span("pledge", words)))

    @pytest.mark.parametrize("words", ["“…” costs", "1", "t"])
    def test_a_letter_or_a_digit_is_something(self, words: str) -> None:
        assert not found("only_marks", facts(span("pledge", words)))

    def test_an_emoji_says_something(self) -> None:
        assert not found("only_marks", facts(at("pledge", (0, 1), identity="a"), text="👍 ."))


class TestLabels:
    def test_duplicates_lead_to_the_one_that_stays(self) -> None:
        twins = [span("pledge", "The council", identity) for identity in ("b", "a", "c")]
        findings = found("duplicate", facts(*twins))
        assert [(f.annotation, f.fix, f.argument) for f in findings] == [("b", "merge", "a"), ("c", "merge", "a")]

    def test_other_label_or_characters_are_no_duplicate(self) -> None:
        one, other = span("pledge", "The council", "a"), span("criticism", "The council", "b")
        assert not found("duplicate", facts(one, other, span("pledge", "The council will", "c")))

    def test_duplicates_that_say_different_things_have_no_quick_fix(self) -> None:
        twins = [span("pledge", "The council", identity) for identity in ("a", "b")]
        values: dict[str, dict[str, Any]] = {"a": {"strength": "firm"}, "b": {"strength": "intent"}}
        assert fix_of(found("duplicate", facts(*twins, values=values))) == ("", None)
        values["b"] = {"strength": "firm", "explicit": True}
        assert fix_of(found("duplicate", facts(*twins, values=values))) == ("merge", "a")

    def test_retired_label(self) -> None:
        one = facts(span("pledge", "The council"))
        retired = changed("labels", "pledge", retired=True)
        assert fix_of(found("retired_label", one, Book(retired, {}))) == ("", None)
        child = changed("labels", "pledge", retired=True, parent=label("criticism"))
        assert fix_of(found("retired_label", one, Book(child, {}))) == ("parent", label("criticism"))
        assert not found("retired_label", one)
        labels = tuple(replace(one, retired=True) if one.key == "criticism" else one for one in child.labels)
        assert fix_of(found("retired_label", one, Book(replace(child, labels=labels), {}))) == ("", None)

    def test_definition_changed(self) -> None:
        book = Book(CODEBOOK, {label("pledge"): {OLD}})
        assert fix_of(found("definition_changed", facts(span("pledge", "It", codebook=OLD)), book)) == ("confirm", None)
        assert not found("definition_changed", facts(span("pledge", "It", codebook=NEW)), book)
        assert not found("definition_changed", facts(span("criticism", "It", codebook=OLD)), book)
        retired = Book(changed("labels", "pledge", retired=True), book.changed)
        assert not found("definition_changed", facts(span("pledge", "It", codebook=OLD)), retired)

    @pytest.mark.parametrize(("status", "count", "expected"), [("done", 2, 1), ("in_progress", 2, 0), ("done", 0, 0)])
    def test_done_while_spans_wait(self, status: str, count: int, expected: int) -> None:
        findings = found("done_unplaced", facts(status=status, unplaced=count))
        assert len(findings) == expected
        assert all(f.annotation is None and "2 spans" in f.message for f in findings)


class TestValues:
    def test_no_speaker(self) -> None:
        (finding,) = found("no_speaker", facts(span("pledge", "The council")))
        assert (finding.message, finding.fix) == ("This Pledge has no speaker.", "")

    def test_a_speaker_of_its_own_or_an_inherited_one_counts(self) -> None:
        one = span("pledge", "The council")
        assert not found("no_speaker", facts(one, values={one.id: {"speaker": "id"}}))
        of_document = Inheritance(CODEBOOK, {"speaker": "The council"})
        assert not found("no_speaker", facts(one, inheritance=of_document))
        of_turn = Inheritance(CODEBOOK, {}, [(0, 50, "The council")])
        assert not found("no_speaker", facts(one, inheritance=of_turn))
        assert found("no_speaker", facts(span("pledge", "It can"), inheritance=of_turn))

    def test_a_condition_has_the_speaker_of_what_it_conditions(self) -> None:
        assert not found("no_speaker", facts(span("condition", "if the donors agree")))

    def test_the_speaker_beside_it_is_the_quick_fix(self) -> None:
        book = Book(CODEBOOK, {}, {"x": "The council", "y": "The donors"})
        one, beside = span("pledge", "The council", "a"), span("criticism", "the donors", "b")
        far = span("criticism", "It can't wait", "c")
        values = {"b": {"speaker": "x"}, "c": {"speaker": "y"}}
        assert fix_of(found("no_speaker", facts(one, beside, far, values=values), book)) == ("speaker", "x")
        two = span("criticism", "donors", "d")
        values["d"] = {"speaker": "y"}
        assert fix_of(found("no_speaker", facts(one, beside, two, values=values), book)) == ("", None)

    def test_required(self) -> None:
        one = span("pledge", "The council")
        book = Book(changed("attributes", "strength", required=True, default="firm"), {})
        assert fix_of(found("required_missing", facts(one), book)) == ("default", attribute("strength"))
        assert not found("required_missing", facts(one, values={one.id: {"strength": "intent"}}), book)
        assert not found("required_missing", facts(span("criticism", "It")), book)
        assert not found("required_missing", facts(one))

    def test_a_required_value_may_be_inherited(self) -> None:
        codebook = changed("attributes", "target", required=True, inherits="document")
        book, one = Book(codebook, {}), span("pledge", "The council")
        assert fix_of(found("required_missing", facts(one), book)) == ("", None)
        inheritance = Inheritance(codebook, {"target": "Ukraine"})
        assert not found("required_missing", facts(one, inheritance=inheritance), book)

    def test_a_missing_speaker_that_is_required_is_found_once(self) -> None:
        book = Book(changed("attributes", "speaker", required=True), {})
        one = facts(span("pledge", "The council"))
        assert found("no_speaker", one, book)
        assert not found("required_missing", one, book)

    def test_unknown_value(self) -> None:
        one = span("pledge", "The council")
        findings = found("unknown_value", facts(one, values={one.id: {"strength": "steely", "specificity": 9}}))
        assert {f.fields["value"] for f in findings} == {"steely", "9"}
        assert {f.fix for f in findings} == {"clear"}
        assert not found("unknown_value", facts(one, values={one.id: {"strength": "firm", "specificity": 3}}))

    def test_attribute_of_another_label(self) -> None:
        one, values = span("criticism", "It"), {"It": {"strength": "firm", "intensity": "strong"}}
        (finding,) = found("foreign_attribute", facts(one, values=values))
        assert (finding.fix, finding.argument) == ("clear", attribute("strength"))
        assert not found("unknown_value", facts(one, values={"It": {"strength": "firm"}}))
        assert not found("foreign_attribute", facts(span("pledge", "It"), values={"It": {"strength": "firm"}}))

    def test_attribute_out_of_use(self) -> None:
        book = Book(changed("attributes", "strength", retired=True), {})
        (finding,) = found("foreign_attribute", facts(span("pledge", "It"), values={"It": {"strength": "firm"}}), book)
        assert "out of use" in finding.message


class TestLinks:
    def relation(self, source: Annotation, target: Annotation, key: str = "conditions") -> Relation:
        kind = CODEBOOK.relation_by_key(key).id
        return Relation("relation", "document", "layer", kind, source.id, target.id, "person", "")

    def test_only_conditions_of_the_codebook_that_ships_need_a_link(self) -> None:
        needing = [one.key for one in CODEBOOK.labels if Book(CODEBOOK, {}).dependent[one.id]]
        assert needing == ["condition"]

    def test_a_label_below_one_that_needs_a_link_needs_it_too(self) -> None:
        codebook = changed("labels", "criticism", parent=label("condition"))
        assert [one.key for one in Book(codebook, {}).dependent[label("criticism")]] == []
        codebook = replace(codebook, relations=tuple(r for r in codebook.relations if r.key == "conditions"))
        assert [one.key for one in Book(codebook, {}).dependent[label("criticism")]] == ["conditions"]

    def test_unlinked_condition(self) -> None:
        one, pledge = span("condition", "if the donors agree"), span("pledge", "The council will deliver bridges")
        assert fix_of(found("unlinked", facts(one))) == ("", None)
        assert fix_of(found("unlinked", facts(one, pledge))) == ("link", pledge.id)
        assert not found("unlinked", facts(one, pledge, relations=[self.relation(one, pledge)]))

    def test_another_relation_does_not_link_it(self) -> None:
        one, other = span("condition", "if the donors"), span("condition", "donors agree")
        findings = found("unlinked", facts(one, other, relations=[self.relation(one, other, "restates")]))
        assert len(findings) == 2

    def test_two_that_could_be_meant_are_no_quick_fix(self) -> None:
        one, first, second = (
            span("condition", "if the donors agree"),
            span("pledge", "The council"),
            span("signal_to_russia", "will deliver"),
        )
        assert fix_of(found("unlinked", facts(one, first, second))) == ("", None)
        assert fix_of(found("unlinked", facts(one, first, span("pledge", "It can")))) == ("link", first.id)

    def test_relation_that_is_not_allowed(self) -> None:
        one, other = span("criticism", "The council"), span("pledge", "will deliver")
        (finding,) = found("relation_ends", facts(one, other, relations=[self.relation(one, other)]))
        assert (finding.fix, finding.relation, finding.annotation) == ("unrelate", "relation", one.id)
        condition = span("condition", "if the donors agree")
        assert not found("relation_ends", facts(condition, other, relations=[self.relation(condition, other)]))

    def test_a_relation_the_wrong_way_is_turned(self) -> None:
        pledge, condition = span("pledge", "The council"), span("condition", "if the donors agree")
        (finding,) = found("relation_ends", facts(pledge, condition, relations=[self.relation(pledge, condition)]))
        assert finding.fix == "turn"
        there = replace(self.relation(condition, pledge), id="there")
        relations = [self.relation(pledge, condition), there]
        (finding,) = found("relation_ends", facts(pledge, condition, relations=relations))
        assert finding.fix == "unrelate"

    def test_a_relation_out_of_use(self) -> None:
        book = Book(changed("relations", "conditions", retired=True), {})
        pledge, condition = span("pledge", "The council"), span("condition", "if the donors agree")
        layer = facts(pledge, condition, relations=[self.relation(condition, pledge)])
        (finding,) = found("relation_ends", layer, book)
        assert (finding.fix, "out of use" in finding.message) == ("unrelate", True)
        assert not found("unlinked", layer, book)


SENTENCE = "We will stand with Ukraine."


class TestRepeats:
    def run(self, *layers: LayerFacts) -> list[tuple[str, str]]:
        index, book = SentenceIndex(), Book(CODEBOOK, {})
        by_document: dict[str, list[LayerFacts]] = {}
        for one in layers:
            by_document.setdefault(one.document.id, []).append(one)
        for identity, own in by_document.items():
            index.put(identity, [tagged for one in own for tagged in tagged_sentences(one, index)])
        findings = [f for one in layers for f in index.findings(one, book, str.title)]
        assert {f.document for f in findings} <= index.documents()
        return [(f.document, f.rule) for f in findings]

    def place(self, identity: str, key: str, text: str = SENTENCE, words: str = "", layer: str = "layer") -> LayerFacts:
        one = span(key, words or text, identity, text=text)
        return facts(one, text=text, identity=identity, layer=layer)

    def test_other_labels_are_found_in_the_odd_place(self) -> None:
        layers = [self.place("one", "pledge"), self.place("two", "pledge"), self.place("three", "signal_to_russia")]
        assert self.run(*layers) == [("three", "same_sentence")]

    def test_where_no_way_is_the_usual_one_all_are_found(self) -> None:
        layers = [self.place("one", "pledge"), self.place("two", "signal_to_russia")]
        assert self.run(*layers) == [("one", "same_sentence"), ("two", "same_sentence")]

    def test_near_sameness(self) -> None:
        other = "we will  stand,\nwith UKRAINE!"
        layers = [self.place("one", "pledge"), self.place("two", "criticism", text=other.replace("\n", " "))]
        assert len(self.run(*layers)) == 2
        layers = [self.place("one", "pledge"), self.place("two", "criticism", text="We will not stand with Ukraine.")]
        assert self.run(*layers) == []

    def test_other_edges_are_a_rule_of_their_own(self) -> None:
        layers = [self.place("one", "pledge"), self.place("two", "pledge", words="We will stand")]
        assert self.run(*layers) == [("one", "same_sentence_edges"), ("two", "same_sentence_edges")]
        assert (
            self.run(self.place("one", "pledge"), self.place("two", "pledge", words="We will stand with Ukraine")) == []
        )

    def test_layers_and_short_sentences_are_not_compared(self) -> None:
        assert self.run(self.place("one", "pledge"), self.place("two", "criticism", layer="other")) == []
        short = "Thank you all."
        assert self.run(self.place("one", "pledge", text=short), self.place("two", "criticism", text=short)) == []

    def test_twins_and_spans_without_words_do_not_count(self) -> None:
        one = self.place("one", "pledge")
        twins = [span("pledge", SENTENCE, identity, text=SENTENCE) for identity in ("a", "b")]
        dot = at("criticism", (26, 27), identity="c")
        assert self.run(one, facts(*twins, dot, text=SENTENCE, identity="two")) == []

    def test_twice_in_one_document(self) -> None:
        text = f"{SENTENCE} {SENTENCE}"
        first, second = at("pledge", (0, 26), identity="a"), at("criticism", (28, 54), identity="b")
        assert len(self.run(facts(first, second, text=text))) == 2

    def test_an_index_brought_up_to_date_is_like_a_new_one(self) -> None:
        index, book = SentenceIndex(), Book(CODEBOOK, {})
        one, two, changed_two = self.place("one", "pledge"), self.place("two", "criticism"), self.place("two", "pledge")

        def put(layer: LayerFacts) -> set[str]:
            return index.put(layer.document.id, list(tagged_sentences(layer, index)))

        assert put(one) == set()
        assert put(two) == {"one"}
        assert [f.fields["there"] for f in index.findings(one, book, str.title)] == ["Criticism"]
        assert put(two) == set()
        assert put(changed_two) == {"one"}
        assert not index.documents()
        assert index.put("one", ()) == {"two"}
        assert put(self.place("three", "criticism")) == {"two"}
        assert index.documents() == {"two", "three"}


def test_a_finding_shows_its_place_on_one_line() -> None:
    text = "word " * 40 + "here\nand  there" + " more" * 40
    start = text.index("here")
    (finding,) = found("no_speaker", facts(at("pledge", (start, start + 15), identity="a"), text=text))
    assert (finding.before[-5:], finding.quote, finding.after[:5]) == ("word ", "here and there", " more")
    assert len(finding.before) <= 60
