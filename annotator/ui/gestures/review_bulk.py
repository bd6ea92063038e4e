"""What a lead does with many cases or a whole document: accept what is agreed on, approve, return, reopen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from annotator.core.choices import agreeing
from annotator.session.progress import Cancel, Progress
from annotator.ui.messages import Confirmation
from annotator.ui.tasks import Job
from annotator.ui.words import grouped

if TYPE_CHECKING:
    from annotator.session.review_queue import DocumentReview, ReviewQueue
    from annotator.session.session import Session
    from annotator.ui.review_page import ReviewPage

AGREED = 0
"""The rule under which only that counts on which all layers agree."""


class ReviewBulk(QObject):
    """Each act is one step, and acts at once or beside the window."""

    def __init__(self, page: ReviewPage) -> None:
        super().__init__(page)
        self._page = page
        self._answer = ""
        page.text.acted.connect(self.act)
        page.text.answered.connect(self._answer_empty)

    @Slot(str)
    def act(self, name: str) -> None:
        """Do what a button of the bar stands for."""
        acts = {
            "previous": self._previous,
            "next": self._next,
            "accept": self.accept_agreed,
            "approve": self.approve,
            "return": self.return_document,
            "reopen": self.reopen,
        }
        acts[name]()
        if name in ("previous", "next"):
            self._page.take_focus()

    def can(self, name: str) -> bool:
        """Say whether an act applies now."""
        page = self._page
        if not page.writable or page.desk.queue is None:
            return False
        one, review = page.current, page.review
        if name == "reopen":
            return one is not None and one.decision is not None
        if name == "accept":
            return page.desk.queue.open_count > 0
        return one is not None and review is not None

    def _previous(self) -> None:
        self._page.step(-1)

    def _next(self) -> None:
        self._page.step(1)

    # -- what is agreed on

    @Slot()
    def accept_agreed(self) -> None:
        """Ask how many layers have to agree, and count the cases meanwhile."""
        from annotator.ui.dialogs.accept_agreed import AcceptAgreedDialog

        page, queue = self._page, self._page.desk.queue
        if not page.writable or queue is None:
            page.tools.messages.inform(self.tr("Only leads decide, in a project that they can change."))
            return
        most = max((len(review.layers) for review in queue.documents.values()), default=0)
        dialog = AcceptAgreedDialog(most, page.window())
        dialog.accepted_rule.connect(self._accept)
        task = page.tools.tasks.start("", _counting(queue, most))
        task.finished.connect(dialog.show_counts)
        dialog.finished.connect(task.cancel_request.request)
        dialog.open()

    @Slot(int)
    def _accept(self, least: int) -> None:
        session = self._page.session
        if session is None:
            return

        def job(progress: Progress, cancel: Cancel) -> int:
            rule = None if least == AGREED else least
            return session.review.accept_agreed(least=rule, progress=progress, check=cancel.check)

        task = self._page.tools.tasks.start(self.tr("Accepting what is agreed on"), job)
        task.finished.connect(self._tell_accepted)

    @Slot(object)
    def _tell_accepted(self, count: int) -> None:
        one, several = self.tr("1 case accepted."), self.tr("{count} cases accepted. Ctrl+Z takes all of it back.")
        nothing = self.tr("There was nothing left to accept.")
        words = nothing if not count else one if count == 1 else several.format(count=grouped(count))
        self._page.tools.messages.inform(words)
        self._page.leave_decided()

    # -- documents

    @Slot()
    def approve(self) -> None:
        """Approve the document that is shown; where cases are open, ask first."""
        review = self._page.review
        if review is None or not self._page.writable:
            return
        if not review.open_count:
            self._approve(review, forced=False)
            return
        one, several = self.tr("A case is not decided yet."), self.tr("{count} cases are not decided yet.")
        open_words = one if review.open_count == 1 else several.format(count=grouped(review.open_count))
        question = Confirmation(
            self._page.window(),
            self.tr("Approve “{title}” all the same?").format(title=review.title),
            self.tr("{open} Gold has nothing of them.").format(open=open_words),
            self.tr("Approve"),
        )
        question.confirmed.connect(self._approve_forced)
        question.open()

    @Slot()
    def _approve_forced(self) -> None:
        review = self._page.review
        if review is not None:
            self._approve(review, forced=True)

    def _approve(self, review: DocumentReview, *, forced: bool) -> None:
        session = self._page.session
        if session is None:
            return
        with self._page.tools.messages.showing_errors():
            approval = session.review.approve(review.document, forced=forced)
            words = self.tr("“{title}” is approved: {count} spans in gold.")
            if approval.single:
                words = self.tr("“{title}” is approved: {count} spans of its only layer are gold now.")
            self._page.tools.messages.inform(words.format(title=review.title, count=grouped(approval.spans)))

    @Slot()
    def return_document(self) -> None:
        """Ask to whom the document goes back, and with which words."""
        from annotator.ui.dialogs.return_document import ReturnDocumentDialog

        page, review, facts = self._page, self._page.review, self._page.desk.facts
        if review is None or facts is None or not page.writable:
            return
        people = [(face.annotator, facts.name(layer)) for layer in review.layers if (face := facts.face(layer))]
        dialog = ReturnDocumentDialog(review.title, people, page.window())
        dialog.chosen.connect(self._return)
        dialog.open()

    @Slot(str, str)
    def _return(self, annotator: str, note: str) -> None:
        session, review = self._page.session, self._page.review
        if session is None or review is None:
            return
        with self._page.tools.messages.showing_errors():
            session.review.return_document(review.document, annotator, note)
            words = self.tr("“{title}” goes back with the next package.")
            self._page.tools.messages.inform(words.format(title=review.title))

    @Slot()
    def reopen(self) -> None:
        """Take back the decision on the case that is shown."""
        page, one = self._page, self._page.current
        if page.session is None or one is None or one.decision is None or not page.writable:
            return
        place = one.case.document, one.case.id
        with page.tools.messages.showing_errors():
            page.session.review.reopen(one.decision.id)
            page.go_to(*place)

    # -- where there is no case to show

    def empty_state(self) -> tuple[str, str]:
        """Return why no case is shown, and what a button would do about it."""
        page, queue = self._page, self._page.desk.queue
        words, self._answer = self._empty_words(queue)
        buttons = {
            "widen": self.tr("Show every case that is to be decided"),
            "approve": self._approve_words(queue),
            "compare": self.tr("Compare them"),
        }
        button = buttons.get(self._answer, "")
        return words, button if page.writable or self._answer != "approve" else ""

    def _approve_words(self, queue: ReviewQueue | None) -> str:
        count = len(_approvable(queue)) if queue is not None else 0
        return self.tr("Approve 1 document") if count == 1 else self.tr("Approve {count} documents").format(count=count)

    def _empty_words(self, queue: ReviewQueue | None) -> tuple[str, str]:
        page, session = self._page, self._page.session
        if session is not None and not page.desk.is_lead and not any(one.released for one in session.queries.rounds()):
            return self.tr("What the others tagged is shown here when the lead releases the round."), ""
        if queue is None and page.desk.is_building:
            return self.tr("Comparing the layers…"), ""
        if queue is None:
            return self.tr("The layers are not compared yet."), "compare"
        to_approve = "approve" if _approvable(queue) else ""
        if not queue.documents:
            words = self.tr(
                "Nothing to review yet. When analysts have handed in what they tagged, or when somebody here marks a"
                " document as done, what differs comes up in this place."
            )
            return words, ""
        if not queue.total:
            words = self.tr(
                "No document has a second layer yet, so there is nothing to compare. Documents with one layer can be"
                " approved as they are; what their annotator tagged becomes gold."
            )
            return words, to_approve
        if not queue.open_count and page.desk.cases.filter.state in ("to_decide", "reopened"):
            words = self.tr(
                "Everything is decided: {count} cases, {agreed} of them agreed by all. “Decided” under Filter shows"
                " them again."
            )
            return words.format(count=grouped(queue.total), agreed=grouped(queue.agreed_by_all)), to_approve
        return self.tr("No case is left here."), "widen"

    @Slot()
    def _answer_empty(self) -> None:
        if self._answer == "widen":
            self._page.queue_panel.widen()
        elif self._answer == "compare":
            self._page.desk.wake()
        elif self._answer == "approve":
            self._approve_all()

    def _approve_all(self) -> None:
        session, queue = self._page.session, self._page.desk.queue
        if session is None or queue is None:
            return
        documents = _approvable(queue)
        title = self.tr("Approving {count} documents").format(count=grouped(len(documents)))
        task = self._page.tools.tasks.start(title, _approving(session, documents))
        task.finished.connect(self._tell_approved)

    @Slot(object)
    def _tell_approved(self, count: int) -> None:
        words = self.tr("1 document approved.") if count == 1 else self.tr("{count} documents approved.")
        self._page.tools.messages.inform(words.format(count=grouped(count)))


def _approvable(queue: ReviewQueue) -> list[str]:
    """Return the documents in which nothing is open and that are not approved yet."""
    reviews = queue.documents.values()
    return [one.document for one in reviews if not one.open_count and one.status != "approved"]


def _approving(session: Session, documents: list[str]) -> Job:
    def job(progress: Progress, cancel: Cancel) -> int:
        with session.group(f"Approve {len(documents)} documents"):
            for done, document in enumerate(documents):
                cancel.check()
                progress(done, len(documents), "")
                session.review.approve(document)
        return len(documents)

    return job


def _counting(queue: ReviewQueue, most: int) -> Job:
    """Return a job that counts the open cases on which all layers agree, and at least 2, 3, … of them."""

    def job(_progress: Progress, cancel: Cancel) -> dict[int, int]:
        counts = dict.fromkeys((AGREED, *range(2, most)), 0)
        for review in queue.documents.values():
            cancel.check()
            case_of = {a.id: one.case.id for one in review.cases for a in one.case.annotations}
            for one in review.cases:
                if one.is_open and len(review.layers) > 1:
                    for rule in counts:
                        counts[rule] += bool(agreeing(one.case, rule or None, case_of))
        return counts

    return job
