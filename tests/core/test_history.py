"""Undo and redo stacks as a function of the steps."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.history import stacks


@dataclass(frozen=True)
class Step:
    id: str
    reverts: str | None = None
    undoable: bool = True


def test_undo_and_redo_walk_back_and_forth() -> None:
    steps = [Step("1"), Step("2")]
    assert stacks(steps).undo == ("1", "2")
    steps.append(Step("3", reverts="2"))
    assert (stacks(steps).undo, stacks(steps).redo, stacks(steps).undone) == (("1",), ("3",), {"2"})
    steps.append(Step("4", reverts="3"))
    assert (stacks(steps).undo, stacks(steps).redo, stacks(steps).undone) == (("1", "4"), (), set())
    steps.append(Step("5", reverts="4"))
    assert stacks(steps).undone == {"2"}


def test_a_new_step_empties_redo() -> None:
    assert stacks([Step("1"), Step("2", reverts="1"), Step("3")]).redo == ()


def test_an_older_step_leaves_the_middle() -> None:
    found = stacks([Step("1"), Step("2"), Step("3", reverts="1")])
    assert (found.undo, found.redo, found.undone) == (("2",), ("3",), {"1"})


def test_steps_that_undo_leaves_alone_are_not_on_a_stack() -> None:
    assert stacks([Step("1", undoable=False)]).undo == ()


def test_a_step_that_reverts_one_out_of_reach_is_on_no_stack() -> None:
    steps = [Step("3"), Step("4", reverts="3"), Step("5", reverts="2"), Step("6", reverts="5")]
    assert (stacks(steps).undo, stacks(steps).redo) == ((), ("4",))


def test_many_steps_take_time_in_proportion() -> None:
    steps = [Step(str(n)) for n in range(20_000)] + [Step(f"u{n}", str(n)) for n in range(20_000)]
    assert stacks(steps).redo[-1] == "u19999"
