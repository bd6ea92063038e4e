"""Options of a project: what can be set, by whom, and what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet, made
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.records import Annotator
from annotator.session.people import Person
from annotator.session.session import Session
from annotator.session.verb import Outcome
from tests.support import add_document

OTHER = Person("22222222-2222-4222-8222-222222222222", "Analyst B")


def test_options_have_defaults_and_keep_what_is_set(session: Session, project_path: Path, person: Person) -> None:
    assert session.options.get("lint_off") == ()
    assert session.options.get("person_figures") is False
    assert session.options.set("lint_off", ["unlinked", "duplicate"]) == ("unlinked", "duplicate")
    session.options.set("person_figures", True)
    assert session.options.get("lint_off") == ("unlinked", "duplicate")
    with Session(project_path, person, write=False) as again:
        assert again.options.get("lint_off") == ("unlinked", "duplicate")
        assert again.options.get("person_figures") is True


def test_a_default_is_not_kept_and_nothing_new_is_no_step(session: Session) -> None:
    add_document(session)
    steps = len(session.history.entries())
    session.options.set("person_figures", False)
    assert len(session.history.entries()) == steps
    session.options.set("person_figures", True)
    session.options.set("person_figures", False)
    assert session.queries.project().options == {}
    assert len(session.history.entries()) == steps + 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("lint_off", ["unlinked", "nonsense"]), ("lint_off", 3), ("lint_off", [None]), ("person_figures", "yes")],
)
def test_values_that_do_not_fit(session: Session, name: str, value: object) -> None:
    with pytest.raises(RefusedError):
        session.options.set(name, value)
    assert session.queries.project().options == {}


def test_an_unknown_option(session: Session) -> None:
    with pytest.raises(NotFoundError, match="lint_off"):
        session.options.set("colour", "red")
    with pytest.raises(NotFoundError, match="lint_off"):
        session.options.get("colour")


def test_analysts_read_and_do_not_set(session: Session, project_path: Path) -> None:
    session.options.set("lint_off", ["unlinked"])
    changes = ChangeSet("An analyst joins", made(Annotator(OTHER.id, OTHER.name, role="analyst")))
    session.perform(lambda: Outcome(changes, None))
    session.close()
    with Session(project_path, OTHER) as analyst:
        assert analyst.options.get("lint_off") == ("unlinked",)
        with pytest.raises(RefusedError, match="Only leads"):
            analyst.options.set("lint_off", [])
