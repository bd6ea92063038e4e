"""How far the analysts agree, as tables of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from annotator.core.errors import RefusedError
from annotator.core.report import PageBlock
from annotator.session.progress import Cancel, Progress

if TYPE_CHECKING:
    from annotator.session.agreement import Agreement
    from annotator.session.session import Session

_PER_LABEL = ("alpha_unitising", "f1_strict", "f1_partial", "alpha_labels", "cohen")


def agreement_blocks(
    session: Session, documents: Sequence[str], progress: Progress, cancel: Cancel
) -> Iterator[PageBlock]:
    """Yield the figures over these documents in the round in use; nothing where they may not be seen or are none."""
    from annotator.session.agreement import AgreementScope

    try:
        found = session.queries.agreement(
            AgreementScope(documents=tuple(documents)), progress=progress, check=cancel.check
        )
    except RefusedError:  # analysts see no figures before the round is released
        return
    if found.measured.documents and len(found.layers) > 1:
        yield from _tables(found)


def _tables(found: Agreement) -> Iterator[PageBlock]:
    from annotator.analysis.agreement.figures import Figure
    from annotator.session.agreement_data import ROWS, as_text

    measured = found.measured
    yield PageBlock("heading", "Agreement", 2)
    yield PageBlock(
        "muted",
        f"{len(found.layers)} annotators in the round “{found.round.name}”, over {measured.documents} documents that "
        "at least two of them have done; 95 % intervals over documents.",
    )
    rows = tuple((words, as_text(measured.overall[name])) for name, _, words in ROWS)
    yield PageBlock("table", header=("Figure", "Value"), rows=rows)
    by_label = [(label.name, measured.by_label[label.id]) for label in found.labels if label.id in measured.by_label]
    cells = tuple((name, *(as_text(figures.get(one, Figure())) for one in _PER_LABEL)) for name, figures in by_label)
    header = ("Label", "Where: α", "F1 strict", "F1 partial", "Which: α", "Which: κ")
    yield PageBlock("table", header=header, rows=cells)
