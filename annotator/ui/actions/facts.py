"""What there is for actions to work on just now (see `row.NEEDS`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.session.session import Session
    from annotator.ui.annotate_page import AnnotatePage


def facts_of(session: Session | None, page: AnnotatePage | None) -> set[str]:
    """Return what holds of a project, and of the page where texts are annotated if that is on screen."""
    if session is None:
        return set()
    facts = {"project"} | ({"writable"} if _is_writable(session) else set()) | _facts_of_role(session)
    return facts if page is None else facts | _facts_of_text(session, page)


def _is_writable(session: Session) -> bool:
    return not session.read_only_reason


def _facts_of_role(session: Session) -> set[str]:
    """Return what the person may do as a lead, or as somebody who has a package to hand in."""
    writable = _is_writable(session)
    if session.package is not None:
        return {"package"} if writable else set()
    is_lead = session.role == "lead"
    facts = {"free documents"} if writable else set()
    facts |= {"lead"} if writable and is_lead else set()
    return facts | ({"review"} if is_lead or any(one.released for one in session.queries.rounds()) else set())


def _facts_of_text(session: Session, page: AnnotatePage) -> set[str]:
    """Return what can be done with the text that is annotated."""
    facts, writable = set(), _is_writable(session)
    if page.document.document is not None:
        facts |= {"document"} | ({"editable"} if writable else set())
        facts |= {"free document"} if writable and session.package is None else set()
    facts |= ({"pages"} if page.faces.has_pages else set()) | ({"shown pages"} if page.faces.shows_pages else set())
    if page.document.selected_span is not None:
        facts |= {"span"} | ({"editable span"} if writable else set())
    return facts
