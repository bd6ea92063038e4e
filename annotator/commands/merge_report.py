"""What `annotator merge` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.session.merging import FileMerge, MergeReport


def merge_data(report: MergeReport, refused: Sequence[FileMerge], *, dry_run: bool) -> dict[str, Any]:
    """Return a merge for a machine. In each file and in all, `changes` = `new` + `known` + `left_out`."""
    merged = [file for file in report.files if not file.refused]
    totals = {
        "changes": sum(file.changes for file in merged),
        "new": sum(file.new for file in merged),
        "known": sum(file.known for file in merged),
        "left_out": sum(sum(file.left_out.values()) for file in merged),
    }
    return {
        "files": [_file(file) for file in (*merged, *refused)],
        "documents": [
            {
                "document": one.document,
                "title": one.title,
                "new": one.new,
                "changed": one.changed,
                "removed": one.removed,
                "others": one.others,
                "conflicts": one.conflicts,
                "decided": one.decided,
            }
            for one in report.documents
        ],
        "totals": totals,
        "conflicts": report.conflicts,
        "step": report.step,
        "dry_run": dry_run,
    }


def _file(file: FileMerge) -> dict[str, Any]:
    return {
        "file": str(file.file),
        "kind": None if file.facts is None else file.facts.kind,
        "annotator": None if file.facts is None else file.facts.annotator,
        "changes": file.changes,
        "new": file.new,
        "known": file.known,
        "left_out": dict(file.left_out),
        "refused": file.refused or None,
    }


def merge_lines(report: MergeReport) -> Iterator[str]:
    """Yield a merge for a person: a line for each file and document, and the conflicts."""
    for file in report.files:
        if not file.refused:
            left_out = sum(file.left_out.values())
            what = "" if file.facts is not None else "a copy of the project, everything in it comes in: "
            yield f"{file.file}: {what}{file.new} new changes, {file.known} known already, {left_out} left out"
    for one in report.documents:
        decided = f", {one.decided} decided by a lead" if one.decided else ""
        yield (
            f"  {one.document}  {one.new} new, {one.changed} changed, {one.removed} gone{decided}, "
            f"{one.conflicts} in conflict  {one.title}"
        )
    if report.conflicts:
        yield f"{report.conflicts} conflicts wait for somebody to decide."
