"""What became of the pledges between two versions: the same, changed, dropped, added; as Markdown and as a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from annotator.analysis.version_comparison import SpanOutcome
from annotator.analysis.version_report import ReportRow, as_csv, as_markdown, label_counts
from annotator.core.errors import UserError
from annotator.session.session import Session
from annotator.session.version_comparison import VersionComparison, compare_versions, earlier_versions, save_report
from tests.session.test_edited_versions import CONDITION, GONE, MOVED, NEW, PLEDGE, REWORDED, Stage
from tests.support import version_report

NAMES = {outcome: outcome.value.capitalize() for outcome in SpanOutcome}
ADDED = "photographs are on the web page"


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def outcomes(found: VersionComparison) -> list[tuple[str, str, str]]:
    return [(change.outcome.value, change.old_quote, change.new_quote) for change in found.changes]


def tag_new(stage: Stage, document: str, label: str, words: str) -> str:
    start = NEW.index(words)
    return stage.session.annotations.tag(document, stage.labels[label], [(start, start + len(words))]).id


def test_every_span_has_one_outcome(stage: Stage) -> None:
    new = stage.replace()
    tag_new(stage, new, "pledge", "We intend to send engineers")
    tag_new(stage, new, "criticism", ADDED)
    found = compare_versions(stage.session, new, stage.document)
    assert outcomes(found) == [
        ("changed", REWORDED, "We intend to send engineers"),
        ("same", MOVED, MOVED),
        ("same", CONDITION, CONDITION),
        ("same", PLEDGE, PLEDGE),
        ("waiting", GONE, ""),
        ("added", "", ADDED),
    ]
    stage.session.annotations.dismiss_moved([stage.gone])
    assert ("dropped", GONE, "") in outcomes(compare_versions(stage.session, new, stage.document))
    assert [label.key for label in found.labels] == ["pledge", "condition", "criticism"]
    assert list(found.layers.values()) == ["Analyst A"]


def test_a_new_span_elsewhere_is_not_the_old_one(stage: Stage) -> None:
    new = stage.replace()
    tag_new(stage, new, "pledge", ADDED)
    found = outcomes(compare_versions(stage.session, new, stage.document))
    assert ("waiting", REWORDED, "") in found and ("added", "", ADDED) in found


def test_a_span_that_was_placed_by_hand_is_the_same_one(stage: Stage) -> None:
    new = stage.replace()
    start = NEW.index(ADDED)
    stage.session.annotations.place(stage.gone, [(start, start + len(ADDED))])
    found = compare_versions(stage.session, new, stage.document)
    assert ("changed", GONE, ADDED) in outcomes(found)


def test_another_label_is_a_change(stage: Stage) -> None:
    new = stage.replace()
    moved = next(a for a in stage.session.queries.content(new).annotations if a.label == stage.labels["criticism"])
    stage.session.annotations.relabel(moved.id, stage.labels["pledge"])
    change = next(c for c in compare_versions(stage.session, new, stage.document).changes if c.old_quote == MOVED)
    assert change.outcome is SpanOutcome.CHANGED
    assert change.has_label(stage.labels["pledge"]) and change.has_label(stage.labels["criticism"])


def test_versions_far_apart_are_compared_too(stage: Stage) -> None:
    assert earlier_versions(stage.session, stage.document) == []
    new = stage.replace()
    report_text = NEW.replace("forty tonnes", "sixty tonnes")
    third = stage.session.documents.replace_by(version_report(stage.session, new, report_text)).document.id
    assert [version.id for version in earlier_versions(stage.session, third)] == [new, stage.document]
    found = compare_versions(stage.session, third, stage.document)
    assert ("same", MOVED, MOVED) in outcomes(found) and ("waiting", PLEDGE, "") in outcomes(found)
    assert ("waiting", REWORDED, "") in outcomes(found)


ROWS = [
    ReportRow(SpanOutcome.CHANGED, "Pledge", "Analyst A", "We *will* |send|", "We may\nsend", 3, 9),
    ReportRow(SpanOutcome.ADDED, "Pledge", "Analyst A", "", "=1+1", None, 40),
    ReportRow(SpanOutcome.SAME, "Signal <b>", "Gold", "Київ", "Київ", 50, 60),
]


def test_markdown_counts_by_label_and_shows_both_wordings() -> None:
    text = as_markdown("Statement, versions", ROWS, NAMES)
    assert "| Pledge | 1 | 1 | 0 | 0 | 0 |" in text
    assert "- **Pledge** (Analyst A): “We \\*will\\* \\|send\\|” → “We may send”" in text
    assert "- **Signal \\<b\\>** (Gold): “Київ”" in text and "Dropped\n" not in text
    assert label_counts(ROWS)["Pledge"][SpanOutcome.ADDED] == 1


def test_a_table_runs_nothing() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(ROWS))))
    assert rows[0] == ["what", "label", "annotator", "earlier", "later", "earlier_start", "later_start"]
    assert rows[1] == ["changed", "Pledge", "Analyst A", "We *will* |send|", "We may\nsend", "3", "9"]
    assert rows[2][4:] == ["'=1+1", "", "40"]


def test_a_report_is_saved_or_the_reason_told(tmp_path: Path) -> None:
    save_report(tmp_path / "report.csv", as_csv(ROWS))
    assert (tmp_path / "report.csv").read_text("utf-8-sig").startswith("what,label")
    with pytest.raises(UserError, match="cannot be written"):
        save_report(tmp_path / "nowhere" / "report.csv", "")
