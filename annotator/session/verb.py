"""What a verb is: a function of the project as it stands that says what shall change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from annotator.core.changes import ChangeSet

if TYPE_CHECKING:
    from annotator.session.session import Session

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a verb decided: the changes, what its caller gets, and bytes that the changed rows point to.

    `reverts` names the step that an undo takes back; a step that is not `undoable` is one that undo passes over.
    """

    changes: ChangeSet
    result: T
    blobs: tuple[bytes, ...] = ()
    reverts: str | None = None
    undoable: bool = True


class Verbs:
    """The verbs of one noun, on one session."""

    def __init__(self, session: Session) -> None:
        self.session = session


class _HasSession(Protocol):
    session: Session


V = TypeVar("V", bound=_HasSession)


def verb(function: Callable[Concatenate[V, P], Outcome[T]]) -> Callable[Concatenate[V, P], T]:
    """Make a method a verb: its body runs where the project is written, and its changes become one step.

    The body reads through `session.repository`, decides, and returns an Outcome; it writes nothing itself. The
    caller gets the outcome's result when everything is on disk, or an error and nothing has changed.
    """

    @wraps(function)
    def perform(self: V, *args: P.args, **kwargs: P.kwargs) -> T:
        body: Callable[[], Outcome[Any]] = lambda: function(self, *args, **kwargs)  # noqa: E731
        return self.session.perform(body)

    return perform
