"""Every export has a data card beside it: what it holds, what the labels mean, how far people agreed, what is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.recipes import ExportRecipe, Selection
from annotator.core.splits import SplitPlan
from annotator.session.people import Person
from annotator.session.session import Session
from tests.support import add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def test_the_card_says_what_the_dataset_is(session: Session, tmp_path: Path) -> None:
    document = add_document(session)
    pledge = session.queries.codebook().label_by_key("pledge")
    session.annotations.tag(document.id, pledge.id, [(0, 7)])
    session.about.set_purpose("Find out <b>who</b> promised | what.")
    recipe = ExportRecipe("jsonl", Selection(labels=("pledge",)), licence="CC-BY-4.0", split=SplitPlan((100, 0, 0)))
    result = session.datasets.export_recipe(tmp_path / "out.jsonl", recipe)
    assert tmp_path / "out.card.md" in result.files
    card = (tmp_path / "out.card.md").read_text("utf-8")
    assert card.startswith(f"# {session.queries.project().title}\n")
    assert "Documents: 1. Labelled spans: 1." in card
    assert "| `pledge` | Pledge | 1 |" in card
    assert pledge.definition.split(".")[0] in card.replace("\\", "")
    assert "CC\\-BY\\-4.0" in card or "CC-BY-4.0" in card
    assert "100/0/0 by labels, seed 1" in card and "Labels: pledge" in card
    assert "<b>" not in card
    assert session.person.name not in card, "names go out only where they are asked for"


def test_the_card_of_another_format_counts_what_was_left_out(session: Session, tmp_path: Path) -> None:
    document = add_document(session)
    span = session.annotations.tag(document.id, session.queries.codebook().labels[0].id, [(0, 7)])
    session.notes.write("annotation", span.id, "Is it one?")
    result = session.datasets.export(tmp_path / "out.jsonl", "doccano")
    assert "notes on spans" in {loss.kind for loss in result.losses}
    assert "| notes on spans | 1 |" in (tmp_path / "out.card.md").read_text("utf-8")


def test_gold_says_how_far_people_agreed_and_a_dry_run_does_not_measure_it(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add_document(session)
    label = session.queries.codebook().labels[0].id
    session.annotations.tag(document.id, label, [(0, 7)])
    session.documents.set_status(document.id, "done")
    session.close()
    with Session(session.path, OTHER) as other:
        other.annotations.tag(document.id, label, [(0, 7)])
        other.documents.set_status(document.id, "done")
    with Session(session.path, session.person) as lead:
        lead.review.accept_agreed(2)
        asked: list[object] = []
        with monkeypatch.context() as patched:
            patched.setattr(lead.queries, "agreement", lambda *scope, **_: asked.append(scope))
            lead.datasets.export(tmp_path / "gold.jsonl", layer="gold", dry_run=True)
        assert not asked, "the dialog counts losses at every change of an option"
        lead.datasets.export(tmp_path / "gold.jsonl", layer="gold")
    card = (tmp_path / "gold.card.md").read_text("utf-8")
    assert "2 annotators, 1 documents" in card
    assert "Krippendorff" in card
