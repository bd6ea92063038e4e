"""The menu Review: the review of a round, and agreement."""

from __future__ import annotations

from annotator.ui.actions.row import ActionRow
from annotator.ui.words import QT_TRANSLATE_NOOP

ROWS = (
    ActionRow("review_next", QT_TRANSLATE_NOOP("actions", "Next case"), "review.next_case", needs="review"),
    ActionRow(
        "review_previous",
        QT_TRANSLATE_NOOP("actions", "Case before"),
        "review.previous_case",
        needs="review",
        group_end=True,
    ),
    ActionRow(
        "review_reason", QT_TRANSLATE_NOOP("actions", "Reason for the decision…"), "review.ask_reason", "Ctrl+R", "lead"
    ),
    ActionRow(
        "review_reopen", QT_TRANSLATE_NOOP("actions", "Reopen the case"), "review.reopen", needs="lead", group_end=True
    ),
    ActionRow(
        "review_accept", QT_TRANSLATE_NOOP("actions", "Accept what is agreed on…"), "review.accept_agreed", needs="lead"
    ),
    ActionRow(
        "review_approve",
        QT_TRANSLATE_NOOP("actions", "Approve the document under review"),
        "review.approve",
        needs="lead",
    ),
    ActionRow(
        "review_return",
        QT_TRANSLATE_NOOP("actions", "Return the document under review…"),
        "review.return_document",
        needs="lead",
        group_end=True,
    ),
    ActionRow("digest", QT_TRANSLATE_NOOP("actions", "Decisions on my work…"), "review.show_digest", needs="project"),
)
