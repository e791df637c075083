"""Replaying gestures on a data set: what is kept, what is refused, and who learns from what."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.training_stage.edits import MOST_POINTS, Add, Clear, Erase, Message, Move
from softmax_core.datasets import DataSpec, held_back, make
from ui.training.edits import Replay, after, edited
from ui.training.points import Source
from ui.training.session import History


def source(n: int = 30, test: float = 0.2, **settings: object) -> Source:
    data = make(DataSpec(n=n, **settings))  # type: ignore[arg-type]
    return Source("base", data, held_back(data.y, test))


def test_without_gestures_the_split_is_that_of_softmax_core() -> None:
    base = source()
    points = edited(base, [])
    np.testing.assert_array_equal(points.train.X, base.data.X[~base.is_test])
    np.testing.assert_array_equal(points.test.X, base.data.X[base.is_test])
    assert points.name == "base"
    assert points.shared


def test_added_points_learn_and_nobody_changes_sides() -> None:
    base = source()
    points = edited(base, [Add(2, ((0.5, 0.25), (0.0, 1.0)))])
    np.testing.assert_array_equal(points.test.X, base.data.X[base.is_test])
    np.testing.assert_array_equal(points.train.X[-2:], [[0.5, 0.25], [0.0, 1.0]])
    assert points.train.y[-2:].tolist() == [2, 2]
    assert points.ids[: points.train.y.size][-2:].tolist() == [30, 31]
    assert points.next_id == 32
    assert not points.shared
    assert points.name != "base"


def test_a_moved_point_keeps_side_and_place_in_the_order() -> None:
    base = source()
    tester = int(np.flatnonzero(base.is_test)[1])
    points = edited(base, [Move(tester, (0.125, 0.5))])
    np.testing.assert_array_equal(points.train.X, base.data.X[~base.is_test])
    assert points.test.X[1].tolist() == [0.125, 0.5]


def test_numbers_stay_with_their_points() -> None:
    base = source()
    gone = int(np.flatnonzero(~base.is_test)[0])
    points = edited(base, [Add(0, ((0.0, 0.0),)), Erase((gone, 30)), Add(1, ((0.25, 0.0),))])
    assert points.ids[: points.train.y.size][-1] == 31
    assert gone not in points.ids
    assert 30 not in points.ids
    assert points.next_id == 32


def test_clear_brings_the_data_set_back() -> None:
    base = source()
    points = edited(base, [Erase((1, 2)), Add(0, ((0.0, 0.0),)), Clear()])
    np.testing.assert_array_equal(points.train.X, base.data.X[~base.is_test])
    assert points.next_id == 30


@pytest.mark.parametrize(
    "gestures",
    [
        [Add(3, ((0.0, 0.0),))],
        [Add(0, ((1e6, 0.0),))],
        [Move(30, (0.0, 0.0))],
        [Erase((0,)), Erase((0,))],
        [Erase((0,)), Move(0, (0.0, 0.0))],
        [Add(0, ((0.0, 0.0),)), Clear(), Erase((30,))],
        [Erase(tuple(range(30)))],
        [Add(0, ((0.0, 0.0),) * (MOST_POINTS - 29))],
        [Move(0, (0.0, 0.0))] * 20_001,
    ],
    ids=["class", "outside", "unknown", "twice", "gone", "cleared", "all", "too many", "too often"],
)
def test_what_does_not_fit_is_refused(gestures: list[object]) -> None:
    with pytest.raises(ValueError):
        edited(source(), gestures)  # type: ignore[arg-type]


def test_a_refused_gesture_changes_nothing() -> None:
    replay = Replay(source())
    replay.do(Erase((0,)))
    with pytest.raises(ValueError):
        replay.do(Erase((1, 0)))
    assert len(replay.points("x").ids) == 29


def test_as_many_points_as_a_table_holds() -> None:
    points = edited(source(), [Add(0, ((0.0, 0.0),) * (MOST_POINTS - 30))])
    assert len(points.ids) == MOST_POINTS


def test_undo_redo_and_drags() -> None:
    base = source()
    history = History()
    for message in (
        Message(1, 5, Add(0, ((0.0, 0.0),))), Message(2, 5, Add(0, ((0.25, 0.0),))), Message(3, 6, Move(3, (0.0, 0.5))),
        Message(4, 6, Move(3, (0.0, 0.75))), Message(5, 7, Move(3, (0.0, 1.0))),
    ):  # fmt: skip
        history = after(history, message, base)
    assert history.done == (Add(0, ((0.0, 0.0), (0.25, 0.0))), Move(3, (0.0, 0.75)), Move(3, (0.0, 1.0)))
    history = after(after(history, Message(6, 0, "undo"), base), Message(7, 0, "undo"), base)
    assert len(history.done) == 1
    # A drag that was taken back is over: the same number does not join it again.
    assert len(after(history, Message(8, 5, Add(0, ((0.5, 0.0),))), base).done) == 2
    history = after(history, Message(8, 0, "redo"), base)
    assert history.done[-1] == Move(3, (0.0, 0.75))
    assert after(history, Message(9, 8, Erase((1,))), base).undone == ()


@given(st.lists(st.sampled_from(["undo", "redo", "erase", "clear", "add"]), max_size=20))
def test_undo_goes_back_to_the_start_and_redo_to_the_end(wishes: list[str]) -> None:
    base, history = source(), History()
    for number, wish in enumerate(wishes):
        gesture = {"erase": Erase((number,)), "clear": Clear(), "add": Add(0, ((0.0, 0.0),))}.get(wish, wish)
        try:
            history = after(history, Message(number, 0, gesture), base)
        except ValueError:
            continue
    end = edited(base, history.done)
    for _ in range(len(history.done)):
        history = after(history, Message(0, 0, "undo"), base)
    assert history.done == ()
    redone = history
    while redone.undone:
        redone = after(redone, Message(0, 0, "redo"), base)
    assert after(history, Message(0, 0, "undo"), base) == history
    assert set(end.ids.tolist()) <= set(range(30 + len(wishes)))
